"""What is personal in a word is not in its ``repr``: so no log and no crash note says it (I12)."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec import inspect

from protocol import messages as m
from protocol.door_shown import MemberView, ScreeningView
from tests.protocol.made_up_words import ALL_KINDS

CANARY = "kenari"
HIDING = [kind for kind in ALL_KINDS if getattr(kind, "personal", False)]
HIDING += [m.Accepted, m.Answer, MemberView, ScreeningView, m.SignIn]
# Which word it is, of what, and how it ended: nobody typed that.
TOLD = {"RecordGuest": {"purpose"}, "FileComplaint": {"level"}, "UpdateComplaint": {"complaint"}}
TOLD |= {"SignIn": {"staff"}, "ScreeningView": {"facts"}, "MemberView": {"source"}}
TOLD |= {"RevealRecord": {"record"}, "RecordIdentity": {"ticket"}}
TOLD |= {"OpenSession": {"staff"}, "SetSecondStep": {"staff"}}


def singing(kind: type[msgspec.Struct], but: set[str]) -> Any:
    """A word in which every text is a canary."""
    fields = inspect.type_info(kind).fields  # type: ignore[attr-defined]
    return kind(**{one.name: _filled(one.type, one.name not in but) for one in fields})


def _filled(info: inspect.Type, sings: bool = True) -> Any:
    text = CANARY if sings else "x"
    match info:
        case inspect.StructType():
            return info.cls(**{one.name: _filled(one.type, sings) for one in info.fields})
        case inspect.StrType():
            return text
        case inspect.ListType():
            return [_filled(info.item_type, sings)]
        case inspect.DictType():
            return {_filled(info.key_type, sings): _filled(info.value_type, sings)}
        case inspect.UnionType():
            parts = [
                one for one in info.types if type(one).__name__ not in ("UnsetType", "NoneType")
            ]
            return _filled(parts[0], sings)
        case inspect.LiteralType():
            return info.values[0]
        case inspect.UUIDType():
            return UUID(int=7)
        case inspect.DateTimeType():
            return datetime(2026, 11, 20, tzinfo=UTC)
        case inspect.DateType():
            return date(2026, 11, 20)
        case inspect.BoolType():
            return True
        case inspect.IntType() | inspect.FloatType():
            return 1
    raise NotImplementedError(info)


@pytest.mark.parametrize("kind", HIDING, ids=lambda kind: kind.__name__)
def test_a_word_about_a_person_hides_it(kind: type[msgspec.Struct]) -> None:
    word = singing(kind, TOLD.get(kind.__name__, set()))
    assert CANARY in msgspec.json.encode(word).decode(), "it was really in there"
    for said in (repr(word), str(word), f"{[word]}"):
        assert CANARY not in said


def test_the_look_sees_a_word_that_hides_nothing() -> None:
    assert CANARY in repr(singing(m.TransferTicket, set()))
