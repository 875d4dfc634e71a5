"""A bug in a word about a person is told by its kind and place, never by its words (I12, F54)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import pytest

from protocol import messages as m
from server.commands import COMMANDS
from server.commands.handler import Handler
from server.queries import QUERIES
from tests.server.front_door import FrontDoor
from tests.server.lane_story import DOOR, KIOSK

NAME = "Canary Ibu Sari"


@pytest.fixture
def door(tmp_path: Path) -> Iterator[FrontDoor]:
    story = FrontDoor(tmp_path)
    yield story
    story.store.close()


def breaks(command: Any, *_: Any) -> Any:
    """As bugs do: the words of one repeat what was given, and so do those behind it."""
    try:
        return {}[command.name]
    except KeyError as error:
        raise ValueError(f"no {command.name}") from error


def test_a_bug_in_a_personal_command_leaves_its_place_and_no_name(
    door: FrontDoor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(COMMANDS, m.RecordGuest, Handler(breaks))
    word = m.RecordGuest(id=uuid4(), name=NAME, purpose="meeting", consent=True)
    answer = door.ask(word, DOOR)
    assert answer["reason"] == "internal"
    (told,) = [one.getMessage() for one in caplog.records if "RecordGuest" in one.getMessage()]
    assert "ValueError at tests/server/test_fault_words.py:" in told
    assert "after KeyError at tests/server/test_fault_words.py:" in told
    assert "server/lane.py:" in told
    assert answer["message"].split()[-1] in told, "the reference finds it"
    assert NAME not in caplog.text
    assert NAME not in answer["message"]


def test_a_bug_in_a_personal_query_leaves_its_place_and_no_number(
    door: FrontDoor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(query: Any, inquiry: Any) -> Any:
        raise KeyError(query.identifier)

    monkeypatch.setitem(cast(dict[Any, Any], QUERIES), m.FindMember, broken)
    answer = door.inquire(m.FindMember(id=uuid4(), identifier=NAME), DOOR)
    assert answer["reason"] == "internal"
    assert "KeyError at tests/server/test_fault_words.py:" in caplog.text
    assert NAME not in caplog.text


def test_any_other_bug_is_still_told_in_full(
    door: FrontDoor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(command: Any, occasion: Any) -> Any:
        raise ValueError("these words help")

    monkeypatch.setitem(COMMANDS, m.IssueTicket, Handler(broken, seated=False))
    assert door.ask(m.IssueTicket(id=uuid4(), service="A"), KIOSK)["reason"] == "internal"
    assert "these words help" in caplog.text
