"""A ticket's events as the archive finds them, on both databases."""

from pathlib import Path
from uuid import uuid4

import pytest

from db.engine import sqlite_url
from server.domain.calling import decide_call_next
from server.domain.events import AnnouncementConfirmed, ServicePaused
from server.domain.serving import Result, decide_finish
from server.domain.undoing import decide_undo
from server.store import Store
from tests.server.stored_day import DAY_MS, MORNING_MS, StoredDay


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database of each kind."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "branch.db")
    address: str = request.getfixturevalue("postgres_database")
    return address


def test_only_the_events_of_this_ticket_and_day_are_found_in_their_order(url: str) -> None:
    with Store.open(url) as store:
        story = StoredDay(store)
        story.open_counter()
        first, second = story.issue(), story.issue()
        called = story.call()
        assert called == first
        announcement = story.day.tickets[first].announcement
        assert announcement is not None
        story.record(
            AnnouncementConfirmed(announcement=announcement, device="tv-1", outcome="spoken"),
            AnnouncementConfirmed(announcement=announcement, device="tv-2", outcome="failed"),
        )
        story.write()
        found = store.ticket_events(first, "2026-11-20")
        assert [type(entry.event).__name__ for entry in found] == [
            "TicketIssued",
            "TicketCalled",
            "AnnouncementConfirmed",
            "AnnouncementConfirmed",
        ]
        assert [entry.seq for entry in found] == sorted(entry.seq for entry in found)
        assert [
            type(entry.event).__name__ for entry in store.ticket_events(second, "2026-11-20")
        ] == ["TicketIssued"]
        story.issue()
        assert len(store.ticket_events(first, "2026-11-20")) == 4, (
            "what is not written is not found"
        )
        story.write()
        story.close()
        story.write()
        next_day = StoredDay(store, "2026-11-21", MORNING_MS + DAY_MS)
        next_day.issue()
        next_day.write()
        assert store.ticket_events(first, "2026-11-21") == []
        assert store.ticket_events(first, "2026-12-24") == []
        assert store.ticket_events("%", "2026-11-20") == [], "no pattern, but an id"


def test_what_others_wrote_about_a_ticket_did_not_happen_to_it(url: str) -> None:
    """A note or a reason names a ticket; an undo names the announcement of the next one."""
    with Store.open(url) as store:
        story = StoredDay(store)
        story.open_counter()
        first, second = story.issue(), story.issue()
        story.call()
        day, desk, one_command = story.day, story.day.desks[1], uuid4()
        result = Result("solved", note=f"with {second}")
        story.record(*decide_finish(day, desk, first, result), command=one_command)
        called = decide_call_next(day, desk, "call-of-second", story.now_ms)
        story.record(*called, command=one_command)
        story.record(
            AnnouncementConfirmed(announcement="call-of-second", device="tv-1", outcome="spoken"),
            ServicePaused(service="A", staff="dewi", reason=f"for {first}"),
            *decide_undo(day, desk, story.now_ms),
        )
        story.write()

        def kinds(ticket: str) -> list[str]:
            found = store.ticket_events(ticket, "2026-11-20")
            return [type(entry.event).__name__ for entry in found]

        first_kinds = ["TicketIssued", "TicketCalled", "ServiceStarted", "ServiceFinished"]
        assert kinds(first) == [*first_kinds, "LastUndone"]
        withdrawn = ["TicketCalled", "AnnouncementConfirmed", "LastUndone"]
        assert kinds(second) == ["TicketIssued", *withdrawn]
