"""Why it took so long (GetTicketHistory, GetEarlierTicket): stretches, who, by which rule."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from protocol import messages as m
from tests.server.lane_story import BUDI, DESK, DEWI, DOOR, KIOSK, OFFICE, WEB
from tests.server.test_offline_words import Branch
from tests.server.test_queries import Inquiring

TODAY, TOMORROW = date(2026, 11, 20), "2026-11-21T08:00:00"


class Story(Inquiring, Branch):
    """A desk that asks, and a day that goes over into the next."""

    def say(self, kind: Any, asker: Any = DESK, **fields: Any) -> dict[str, Any]:
        answer = self.ask(kind(id=uuid4(), **fields), asker)
        assert answer["type"] == "Accepted", answer
        return answer

    def pass_min(self, minutes: int) -> None:
        self.clock.ms += minutes * 60_000

    async def earlier(self, ticket: str, day: date = TODAY, asker: Any = OFFICE) -> dict[str, Any]:
        query = m.GetEarlierTicket(id=uuid4(), ticket=ticket, business_date=day)
        return await self.inquire(query, asker)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    made = Story(tmp_path)
    made.sit_down(1)
    made.sign_in(DOOR, BUDI)
    made.sign_in(OFFICE, DEWI)
    yield made
    made.close()


def spans_of(words: dict[str, Any]) -> list[tuple[Any, ...]]:
    """State, from and until by the clock of Jakarta, counter, person."""
    return [
        (one["state"], _clock(one["since"]), _clock(one["until"]), one["counter"], one["staff"])
        for one in words["spans"]
    ]


def _clock(at: str | None) -> str | None:
    return None if at is None else f"{(int(at[11:13]) + 7) % 24:02}:{at[14:16]}"


async def test_a_history_has_the_stretches_of_the_visit_and_who_went_before(story: Story) -> None:
    first = story.issue()
    story.pass_min(5)
    elderly = story.issue(priority="elderly")
    assert story.say(m.CallNext)["ticket"]["id"] == elderly
    story.say(m.RecordNoShow, ticket=elderly)
    story.pass_min(20)
    assert story.say(m.CallNext)["ticket"]["id"] == first
    story.pass_min(1)
    story.say(m.StartService, ticket=first)
    story.pass_min(4)
    words = await story.inquire(m.GetTicketHistory(id=uuid4(), ticket=first), OFFICE)
    assert spans_of(words) == [
        ("waiting", "08:00", "08:25", None, None),
        ("called", "08:25", "08:26", 1, "rina"),
        ("serving", "08:26", None, 1, "rina"),
    ]
    assert {one["service"] for one in words["spans"]} == {"A"}
    (before,) = words["overtakers"]
    assert (before["number"], before["rule"], words["overtakers_total"]) == ("P001", "due-time", 1)
    assert before["why"]["id"] == "Batas waktunya lebih awal."


async def test_each_call_says_by_which_rule_and_nothing_else_does(story: Story) -> None:
    ticket = story.issue()
    story.say(m.CallNext)
    story.say(m.ParkTicket, ticket=ticket, reason="documents")
    story.say(m.ResumeTicket, ticket=ticket)
    chosen = story.issue()
    story.say(m.FinishService, ticket=ticket, outcome="solved")
    story.say(m.CallTicket, ticket=chosen)
    words = await story.inquire(m.GetTicketHistory(id=uuid4(), ticket=ticket), OFFICE)
    why = {one["event"]: one.get("why") for one in words["history"]}
    assert why.pop("TicketCalled") == {
        "id": "Batas waktunya lebih awal.",
        "en": "It was due earlier.",
    }
    assert why.pop("TicketResumed")["id"] == "Kembali setelah ditunda."
    assert set(why.values()) == {None}
    words = await story.inquire(m.GetTicketHistory(id=uuid4(), ticket=chosen), OFFICE)
    assert words["history"][-1]["why"]["id"] == "Dipilih langsung oleh petugas."


async def test_a_ticket_of_an_earlier_day_is_told_as_it_was_on_its_day(story: Story) -> None:
    """From the disk alone: the day of the lane is another one by then. No note is in it."""
    first = story.issue()
    story.pass_min(12)
    story.say(m.CallNext)
    story.say(m.StartService, ticket=first)
    story.pass_min(8)
    story.say(m.FinishService, ticket=first, outcome="solved", note="a secret")
    today = await story.inquire(m.GetTicketHistory(id=uuid4(), ticket=first), OFFICE)
    story.clock.set(TOMORROW)
    other = story.issue()
    story.sign_in(OFFICE, DEWI)
    assert story.lane.day.business_date == "2026-11-21"
    told = await story.earlier(first)
    assert told["history"] == today["history"]
    assert told["spans"] == today["spans"]
    assert spans_of(told) == [
        ("waiting", "08:00", "08:12", None, None),
        ("called", "08:12", "08:12", 1, "rina"),
        ("serving", "08:12", "08:20", 1, "rina"),
    ]
    assert "a secret" not in str(told)
    assert (await story.earlier(first, asker=WEB))["type"] == "Answer"
    for ticket, day in ((first, date(2026, 11, 21)), (other, TODAY), ("nobody's", TODAY)):
        assert (await story.earlier(ticket, day))["reason"] == "unknown-ticket"
    assert (await story.earlier(first, asker=KIOSK))["reason"] == "not-allowed"


async def test_what_was_told_when_the_day_was_over_belongs_to_its_history(story: Story) -> None:
    """A kiosk that came back late told of a number; and somebody put a category right."""
    served = story.issue()
    story.lease()
    given = story.given(1)
    story.say(m.CallNext)
    story.say(m.StartService, ticket=served)
    story.say(m.FinishService, ticket=served, outcome="solved", note="a secret")
    story.clock.set(TOMORROW)
    story.merge(given)
    story.sign_in(OFFICE, DEWI)
    right = {"field": "note", "value": "another secret", "reason": "Keliru"}
    story.say(m.CorrectRecord, OFFICE, ticket=served, **right)
    told = await story.earlier(given.ticket)
    assert [one["event"] for one in told["history"]] == ["EarlierTicketMerged"]
    assert [one["state"] for one in told["spans"]] == ["waiting"]
    told = await story.earlier(served)
    assert told["history"][-1]["text"]["id"] == "Catatan diperbaiki oleh dewi."
    assert "secret" not in str(told)
