"""A ticket's events as the archive finds them, on both databases."""

from pathlib import Path

import pytest

from db.engine import sqlite_url
from server.domain.events import AnnouncementConfirmed
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
