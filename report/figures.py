"""The figures of a day, put together from what ``db`` reads: one source for all who show them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from db.afterwards import signature_of
from db.catalogue_names import CatalogueNames
from db.day_details import bookings_of, complaints_of, staff_name, stretches_of, surveys_of
from db.day_events import DayEvents
from db.day_facts import DayFacts, Reading, paper_said, read_facts, unspoken_calls
from db.day_visits import Visit
from db.earlier_days import earlier_days
from db.leases import lent_on
from report.comparing import comparison_of
from report.day import (
    Announcements,
    Bookings,
    Comparison,
    Complaints,
    DayReport,
    Offline,
    Papers,
    Seal,
    Signed,
)
from report.figures_door import arrival_instants, arrivals_of, door_adds_up, missing_of
from report.figures_hall import counter_days, hours_of
from report.figures_records import ratings_of, records_of
from report.figures_tickets import ticket_groups


def day_report(
    connection: Reading,
    branch: str,
    business_date: str,
    *,
    now_ms: int,
    zone: tzinfo,
    catalogue: CatalogueNames,
    comparison: Comparison | None = None,
) -> DayReport:
    """The figures of a day, of one that is open up to now; hours are those of ``zone``.

    ``comparison``: that of an earlier report of the same day, for who asks again and again.
    """
    facts = read_facts(
        connection, branch, business_date, now_ms=now_ms, zone=zone, catalogue=catalogue
    )
    if facts is None:
        return DayReport(branch, catalogue.branch_name, business_date, now_ms)
    asked = {"branch": branch, "date": business_date}
    row, events, visits = facts.row, facts.events, facts.visits
    groups = ticket_groups(facts.told, visits, facts.clock, facts.aims, catalogue)
    stretches = stretches_of(connection, asked, now_ms if facts.is_open else None)
    report = DayReport(
        branch=branch,
        branch_name=catalogue.branch_name,
        business_date=business_date,
        made_at_ms=now_ms,
        opened_at_ms=row.opened_at_ms,
        closed_at_ms=row.closed_at_ms,
        signed=_signed(connection, branch, business_date),
        seal=Seal(row.first_seq, row.head_seq, bytes(row.head_hash).hex()),
        arrivals=arrivals_of(events, facts.screenings, visits, catalogue),
        total=groups.total,
        services=groups.services,
        hours=hours_of(
            groups.hours,
            arrival_instants(events, visits),
            visits,
            stretches,
            facts.clock,
            now_ms if facts.is_open else None,
        ),
        classes=groups.classes,
        priorities=groups.priorities,
        counters=counter_days(visits, stretches, facts.aims, catalogue),
        papers=_papers(events, visits),
        announcements=_announcements(facts),
        records=records_of(facts.records, facts.corrections, catalogue),
        missing=missing_of(facts.screenings, catalogue),
        ratings=ratings_of(facts.ratings, len(facts.records), catalogue),
        surveys=surveys_of(connection, asked),
        complaints=_complaints(connection, branch, business_date, zone, facts.until_ms),
        bookings=_bookings(connection, branch, business_date, events.booked),
        offline=_offline(connection, branch, business_date, facts),
        comparison=comparison
        or comparison_of(earlier_days(connection, branch, business_date), catalogue),
        overtakes_most=_overtaken(visits),
    )
    return _with_mistakes(report, facts)


def _signed(connection: Reading, branch: str, business_date: str) -> Signed | None:
    signature = signature_of(connection, {"branch": branch, "date": business_date})
    if signature is None:
        return None
    return Signed(signature, staff_name(connection, branch, signature.staff))


def _papers(events: DayEvents, visits: Sequence[Visit]) -> Papers:
    return Papers(
        printed=sum(one.print == "printed" for one in visits),
        reprints=len(events.reprints),
        reprinted=len(set(events.reprints)),
        failed=sum(paper_said("failed", one, events) for one in visits),
        unknown=sum(paper_said("unknown", one, events) for one in visits),
        slips_failed=len(events.slips_failed),
    )


def _announcements(facts: DayFacts) -> Announcements:
    calls, unspoken = facts.events.calls, list(unspoken_calls(facts))
    return Announcements(
        called=len(calls),
        spoken=sum(one in facts.events.spoken for one in calls),
        unspoken=len(unspoken),
        tickets=len(set(unspoken)),
    )


def _complaints(
    connection: Reading, branch: str, business_date: str, zone: tzinfo, at_ms: int
) -> Complaints:
    midnight = datetime.combine(date.fromisoformat(business_date) + timedelta(1), time(), zone)
    day_ends_ms = int(midnight.astimezone(UTC).timestamp() * 1000)
    asked = {"branch": branch, "date": business_date}
    counts = complaints_of(connection, asked, at_ms, day_ends_ms)
    return Complaints(counts.filed, counts.open, counts.due, counts.overdue)


def _bookings(connection: Reading, branch: str, business_date: str, booked: int) -> Bookings:
    states = bookings_of(connection, {"branch": branch, "date": business_date})
    return Bookings(
        booked=booked,
        checked_in=states.get("checked-in", 0),
        cancelled=states.get("cancelled", 0),
        lapsed=states.get("lapsed", 0),
        open=states.get("booked", 0),
    )


def _offline(connection: Reading, branch: str, business_date: str, facts: DayFacts) -> Offline:
    kiosks = tuple(lent_on(connection, branch, business_date))
    return Offline(
        given=sum(bool(one.offline) for one in facts.visits),
        merged_late=len(facts.late),
        lent=sum(one.lent for one in kiosks),
        unused=sum(one.unused for one in kiosks),
        kiosks=kiosks,
    )


def _overtaken(visits: Sequence[Visit]) -> tuple[str, int] | None:
    most = max(visits, key=lambda one: one.overtakes, default=None)
    return None if most is None or not most.overtakes else (most.number, most.overtakes)


def _with_mistakes(report: DayReport, facts: DayFacts) -> DayReport:
    """The same, with what does not add up named."""
    return replace(report, wrong=tuple(_mistakes(report, facts)))


def _mistakes(report: DayReport, facts: DayFacts) -> Iterator[str]:
    if not report.total.tickets.adds_up:
        yield "total"
    for kind, groups in (
        ("service", report.services),
        ("hour", [one.group for one in report.hours]),
        ("class", report.classes),
    ):
        yield from (f"{kind}:{one.code}" for one in groups if not one.tickets.adds_up)
        if sum(one.tickets.issued for one in groups) != report.total.tickets.issued:
            yield kind
    yield from (f"counter:{one.number}" for one in report.counters if not one.adds_up)
    if not door_adds_up(facts.events, facts.screenings, facts.visits):
        yield "door"
    if not report.bookings.adds_up:
        yield "bookings"
