"""CorrectTicket: another service or priority, the number and the arrival stay."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from db import tables as t
from protocol import messages as m
from tests.server.front_door import FrontDoor
from tests.server.lane_story import (
    DESK,
    DOOR,
    OFFICE,
)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[FrontDoor]:
    story = FrontDoor(tmp_path)
    yield story
    story.store.close()


# Putting a ticket right.


def test_a_ticket_put_right_keeps_its_number_and_its_arrival(door: FrontDoor) -> None:
    """I2, I5: the wrong tile costs nobody the place of their coming."""
    wrong = door.ask(m.IssueTicket(id=uuid4(), service="A"))["ticket"]
    door.clock.ms += 60_000
    later = door.ask(m.IssueTicket(id=uuid4(), service="B"))["ticket"]
    door.clock.ms += 60_000
    right = door.ask(m.CorrectTicket(id=uuid4(), ticket=wrong["id"], service="B"), DOOR)["ticket"]
    assert (right["number"], right["service"], right["issued_at"]) == (
        wrong["number"],
        "B",
        wrong["issued_at"],
    )
    assert door.lane.day.lines.tickets("service:B") == [wrong["id"], later["id"]]
    assert not door.lane.day.lines.tickets("service:A")
    (row,) = [one for one in door.rows(t.ticket) if one["id"] == wrong["id"]]
    assert row["service"] == "B"


def test_a_priority_that_was_not_seen_is_given_and_taken_back(door: FrontDoor) -> None:
    ticket = door.ask(m.IssueTicket(id=uuid4(), service="A"))["ticket"]["id"]
    elderly = m.CorrectTicket(id=uuid4(), ticket=ticket, priority="elderly")
    assert door.ask(elderly, OFFICE)["ticket"]["priority"] == "elderly"
    assert len(door.lane.day.lines.priority) == 1
    before = door.lane.day.revision
    again = msgspec.structs.replace(elderly, id=uuid4())
    assert door.ask(again, DOOR)["type"] == "Accepted"
    assert door.lane.day.revision == before, "what is so already changes nothing"
    none = m.CorrectTicket(id=uuid4(), ticket=ticket, priority="none")
    assert door.ask(none, DOOR)["ticket"]["number"] == "A001"
    assert not len(door.lane.day.lines.priority)


def test_what_cannot_be_put_right_is_refused_with_its_reason(door: FrontDoor) -> None:
    ticket = door.ask(m.IssueTicket(id=uuid4(), service="A"))["ticket"]["id"]

    def reason(**fields: Any) -> str:
        words = {"ticket": ticket, **fields}
        found: str = door.ask(m.CorrectTicket(id=uuid4(), **words), DOOR)["reason"]
        return found

    assert reason() == "missing-field"
    assert reason(service="Z") == "unknown-service"
    assert reason(ticket="nobody", service="B") == "unknown-ticket"
    door.ask(m.PauseService(id=uuid4(), service="B"), OFFICE)
    assert reason(service="B") == "service-closed"
    door.ask(m.CallNext(id=uuid4()), DESK)
    assert reason(priority="elderly") == "wrong-state"


def test_a_ticket_may_go_to_a_service_whose_own_numbers_are_used_up(door: FrontDoor) -> None:
    """I2: it keeps its own number, so the range of the other is none of its business."""
    door.set(numbering__last="1")
    ticket = door.ask(m.IssueTicket(id=uuid4(), service="A"))["ticket"]["id"]
    door.ask(m.IssueTicket(id=uuid4(), service="B"))
    assert door.ask(m.IssueTicket(id=uuid4(), service="B"))["reason"] == "numbers-exhausted"
    moved = door.ask(m.CorrectTicket(id=uuid4(), ticket=ticket, service="B"), DOOR)
    assert (moved["ticket"]["number"], moved["ticket"]["service"]) == ("A001", "B")


def test_the_history_of_a_number_tells_of_the_door(door: FrontDoor) -> None:
    code = door.screen("code", service="A")["code"]
    ticket = door.take(code)["ticket"]["id"]
    door.ask(m.CorrectTicket(id=UUID(int=7), ticket=ticket, priority="elderly"), DOOR)

    history = door.inquire(m.GetTicketHistory(id=uuid4(), ticket=ticket))["history"]
    told = [entry["text"]["en"] for entry in history]
    assert told[0].endswith("with the officer's code.")
    assert told[1].startswith("Put right by budi: ")
    assert "Elderly" in told[1]
