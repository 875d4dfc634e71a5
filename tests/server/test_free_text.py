"""No number of a person stays in what people type freely (law I12, UU PDP): one place masks it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from msgspec import inspect

from protocol import messages as m
from protocol.codec import COMMAND_TYPES
from server.adapters.sealing import KeySealer
from server.command_memory import digest_of
from server.free_text import FREE_TEXT, SEALED_TEXT, without_numbers_of_people
from tests.server.lane_story import DESK, DEWI, KIOSK, OFFICE, LaneStory

NIK, CARD = "3578080102030001", "0001234567890"
TYPED = f"anak,\nNIK {NIK}, kartu {CARD[:4]} {CARD[4:8]} {CARD[8:]}"
MASKED = "anak,\nNIK ************0001, kartu *********7890"
# What may be no longer than this is a code, an id or a reference.
CODE_MOST = 64
NEVER_KEPT = {("SignIn", "pin")} | {
    (word, proof) for word in ("OpenSession", "SetSecondStep") for proof in ("pin", "password")
}
# The whole address of a QR may stand there: it is looked up, and nothing more.
NEVER_KEPT |= {("CheckIn", "code")}
FIELDS = [(kind, name) for kind, names in FREE_TEXT.items() for name in names]


@pytest.fixture
def story(tmp_path: Path) -> Iterator[LaneStory]:
    told = LaneStory(tmp_path)
    yield told
    told.store.close()


def long_texts(info: inspect.Type, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Where a word has a text that is longer than any code."""
    match info:
        case inspect.StructType():
            for field in info.fields:
                yield from long_texts(field.type, (*path, field.name))
        case inspect.UnionType():
            for part in info.types:
                yield from long_texts(part, path)
        case inspect.ListType():
            yield from long_texts(info.item_type, path)
        case inspect.DictType():
            yield from long_texts(info.key_type, path)
            yield from long_texts(info.value_type, path)
        case inspect.StrType(pattern=None) if (info.max_length or 9999) > CODE_MOST:
            yield path


def test_every_text_of_every_command_is_either_masked_or_kept_under_seal_alone() -> None:
    known = (
        {(kind.__name__, name) for kind, name in FIELDS}
        | NEVER_KEPT
        | {("CallNext", "finish", "note")}
    )
    for kind, names in SEALED_TEXT.items():
        assert kind.personal, f"{kind.__name__} may carry personal data, and does not say so"
        known |= {(kind.__name__, name) for name in names}
    found = {
        (name, *path)
        for name, kind in COMMAND_TYPES.items()
        if not issubclass(kind, m.Query)
        for path in long_texts(inspect.type_info(kind))
    }
    assert found - known == set()


def anything(kind: type[msgspec.Struct], **fields: Any) -> Any:
    """A word with just enough in it."""
    given = {"id": UUID(int=1), **fields}
    for field in msgspec.structs.fields(kind):
        if field.required and field.name not in given:
            given[field.name] = _plain(inspect.type_info(field.type))
    return kind(**given)


def _plain(info: inspect.Type) -> Any:
    match info:
        case inspect.LiteralType():
            return info.values[0]
        case inspect.BoolType():
            return False
    return "x"


@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=str)
def test_a_number_typed_into_any_of_them_is_masked(kind: type[m.AnyCommand], field: str) -> None:
    clean = without_numbers_of_people(anything(kind, **{field: TYPED}))
    assert getattr(clean, field) == MASKED
    untouched = anything(kind, **{field: "tiga belas, 2026"})
    assert without_numbers_of_people(untouched) is untouched


@pytest.mark.parametrize(
    ("kind", "field"), [(kind, name) for kind, names in SEALED_TEXT.items() for name in names]
)
def test_what_is_kept_under_seal_alone_stays_as_it_was_said(
    kind: type[m.AnyCommand], field: str
) -> None:
    assert getattr(without_numbers_of_people(anything(kind, **{field: TYPED})), field) == TYPED


def test_a_note_reaches_event_row_and_memory_without_the_number(story: LaneStory) -> None:
    """The lane itself masks: whatever handler a word has, and a retry is still the same word."""
    story.sit_down()
    story.sign_in(OFFICE, DEWI)
    for _ in range(2):
        story.ask(m.IssueTicket(id=uuid4(), service="A"), KIOSK)
    first = story.ask(m.CallNext(id=uuid4()), DESK)["ticket"]["id"]
    finish = m.CallNext(id=uuid4(), finish=m.Finish(outcome="solved", note=TYPED))
    story.ask(m.StartService(id=uuid4(), ticket=first), DESK)
    assert story.ask(finish, DESK) == story.ask(finish, DESK)
    correct = m.CorrectRecord(
        id=uuid4(), ticket=first, field="note", value=f"{TYPED}!", reason=TYPED
    )
    assert story.ask(correct, OFFICE)["type"] == "Accepted"
    assert story.lane.day.tickets[first].note == MASKED
    said = str(story.store.load_day().entries) + str(story.store.past_ticket(first))
    assert said.count("************0001") >= 4
    assert NIK not in said
    assert CARD[8:] + "," not in said


# The memory of commands.


@pytest.mark.parametrize("kind", [m.RecordScreening, m.RecordGuest, m.FileComplaint])
def test_words_about_people_say_that_they_are_personal(kind: type[m.AnyCommand]) -> None:
    assert kind.personal


def test_the_digest_of_a_personal_word_cannot_be_guessed_without_the_key(
    story: LaneStory,
) -> None:
    """Who has the database and tries all NIKs of a town finds none of them in the memory (I6,
    I12); the same word is still the same, and another one another."""
    word = m.RecordScreening(id=uuid4(), outcome="solved", identifier=NIK)
    other = m.RecordScreening(id=word.id, outcome="solved", identifier="3578080102030002")
    ours, theirs = story.sealer, KeySealer(b"another key of 32 bytes, guessed")
    assert digest_of(word, ours) == digest_of(word, ours)
    assert len({digest_of(word, ours), digest_of(word, theirs), digest_of(other, ours)}) == 3
    plain = m.IssueTicket(id=uuid4(), service="A")
    assert digest_of(plain, ours) == digest_of(plain, theirs)
