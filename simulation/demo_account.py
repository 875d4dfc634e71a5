"""The day's account: whether every number that was given came to an end, by SQL alone."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from db.engine import sqlite_url
from db.reports import DaySummary
from server.domain.events import (
    AnnouncementConfirmed,
    PrintRecorded,
    SlipRecorded,
    SlipRequested,
    TicketCalled,
    TicketIssued,
    TicketRecalled,
)
from server.store import Store
from simulation.demo_branch import figures

DAYS_BACK = 14


def day_with_tickets(data: Path) -> DaySummary:
    """The newest day on which somebody took a number; the newest day at all if nobody did."""
    newest = found = figures(data)
    for _ in range(DAYS_BACK):
        if found.total.issued:
            return found
        found = figures(data, _day_before(found.business_date))
    return newest


def sentence(day: DaySummary) -> str:
    """The account in one line."""
    total = day.total
    closed = total.finished + total.no_show + total.cancelled + total.expired
    sign = "=" if total.issued == closed else "≠"
    return (
        f"issued {total.issued} {sign} finished {total.finished} + no-show {total.no_show}"
        f" + cancelled {total.cancelled} + expired {total.expired}"
    )


def complaints(day: DaySummary) -> Sequence[str]:
    """What is wrong with the account; nothing if it adds up and has a ticket of every fate."""
    total = day.total
    found = []
    closed = total.finished + total.no_show + total.cancelled + total.expired
    if total.issued != closed:
        found.append(f"{total.issued} tickets were issued, but {closed} came to an end")
    if total.open:
        found.append(f"{total.open} tickets are still open")
    if not day.adds_up:
        found.append("the tickets of the services, or the events, do not come to the same sum")
    if day.closed_at_ms is None:
        found.append("the day was not closed")
    for name, count in (
        ("issued", total.issued),
        ("finished", total.finished),
        ("no-show", total.no_show),
        ("cancelled", total.cancelled),
        ("expired", total.expired),
    ):
        if not count:
            found.append(f"no ticket was {name}")
    return found


def papers_and_calls(data: Path, business_date: str) -> str:
    """How many papers came out and how many calls a TV confirmed, from the day's history."""
    told: Counter[type] = Counter()
    with (
        Store.open(sqlite_url(data / "branch.db"), read_only=True) as store,
        store.database.reading() as connection,
    ):
        for event in store.history(connection):
            if event.recorded is not None and event.business_date == business_date:
                told[type(event.recorded.event)] += 1
    calls = told[TicketCalled] + told[TicketRecalled]
    return (
        f"kertas / papers: {told[PrintRecorded]} dari / of {told[TicketIssued]}"
        f" · lembar pintu / door slips: {told[SlipRecorded]} dari / of {told[SlipRequested]}"
        f" · panggilan di TV / calls on the TV: {told[AnnouncementConfirmed]} dari / of {calls}"
    )


def _day_before(business_date: str) -> str:
    return (date.fromisoformat(business_date) - timedelta(days=1)).isoformat()
