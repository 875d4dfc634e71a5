"""The figures of a day, put together from what ``db`` reads: one source for all who show them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from sqlalchemy import Connection

from db.afterwards import signature_of
from db.catalogue_names import CatalogueNames
from db.day_details import (
    DayRow,
    ScreeningRow,
    bookings_of,
    complaints_of,
    corrections_of,
    day_row,
    merged_late_of,
    ratings_of,
    screenings_of,
    staff_name,
    stretches_of,
    surveys_of,
)
from db.day_events import DayEvents, Told, events_of
from db.day_visits import Clock, Visit, visits_of
from db.earlier_days import earlier_days
from db.leases import lent_on
from report import figures_records
from report.comparing import comparison_of
from report.day import (
    Announcements,
    Bookings,
    Complaints,
    DayReport,
    Offline,
    Papers,
    Seal,
    Signed,
)
from report.figures_door import arrival_instants, arrivals_of, door_adds_up, missing_of
from report.figures_hall import counter_days, hours_of
from report.figures_tickets import Targets, ticket_groups


@dataclass(frozen=True, slots=True)
class DayFacts:
    """All that is read of a day, once."""

    row: DayRow
    events: DayEvents
    visits: Sequence[Visit]
    screenings: Sequence[ScreeningRow]
    late: frozenset[str]
    clock: Clock
    aims: Targets
    # Until when the day is told: its close, or now.
    until_ms: int


def read_facts(
    connection: Connection,
    branch: str,
    business_date: str,
    *,
    now_ms: int,
    zone: tzinfo,
    catalogue: CatalogueNames,
) -> DayFacts | None:
    """None for a day that never was."""
    asked = {"branch": branch, "date": business_date}
    row = day_row(connection, asked)
    if row is None:
        return None
    events = events_of(connection, branch, business_date, row.first_seq, row.head_seq)
    visits = visits_of(connection, asked)
    has_late = any(one.merged_seq is not None for one in visits)
    return DayFacts(
        row=row,
        events=events,
        visits=visits,
        screenings=screenings_of(connection, asked),
        late=frozenset(merged_late_of(connection, asked) if has_late else ()),
        clock=Clock(zone),
        aims=Targets(catalogue, events.target_waits_s or {}),
        until_ms=now_ms if row.closed_at_ms is None else row.closed_at_ms,
    )


def day_report(
    connection: Connection,
    branch: str,
    business_date: str,
    *,
    now_ms: int,
    zone: tzinfo,
    catalogue: CatalogueNames,
) -> DayReport:
    """The figures of a day, of one that is open up to now; hours are those of ``zone``."""
    facts = read_facts(
        connection, branch, business_date, now_ms=now_ms, zone=zone, catalogue=catalogue
    )
    if facts is None:
        return DayReport(branch, catalogue.branch_name, business_date, now_ms)
    asked = {"branch": branch, "date": business_date}
    row, events, visits = facts.row, facts.events, facts.visits
    is_open = row.closed_at_ms is None
    groups = ticket_groups(_told(facts), visits, facts.clock, facts.aims, catalogue)
    stretches = stretches_of(connection, asked, now_ms if is_open else None)
    corrections = corrections_of(connection, asked)
    records = figures_records.newest_records(visits, corrections, facts.screenings, catalogue)
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
            facts.until_ms,
        ),
        classes=groups.classes,
        priorities=groups.priorities,
        counters=counter_days(visits, stretches, facts.aims, catalogue),
        papers=_papers(events, visits),
        announcements=_announcements(facts, is_open=is_open),
        records=figures_records.records_of(records, corrections, catalogue),
        missing=missing_of(facts.screenings, catalogue),
        ratings=figures_records.ratings_of(ratings_of(connection, asked), len(records), catalogue),
        surveys=surveys_of(connection, asked),
        complaints=_complaints(connection, branch, business_date, zone, facts.until_ms),
        bookings=_bookings(connection, branch, business_date, events.booked),
        offline=_offline(connection, branch, business_date, facts),
        comparison=comparison_of(earlier_days(connection, branch, business_date), catalogue),
        overtakes_most=_overtaken(visits),
    )
    return _with_mistakes(report, facts)


def _told(facts: DayFacts) -> list[Told]:
    """The numbers as events told of them, on the day or afterwards."""
    late = [
        Told(one.issued_at_ms, one.service, one.priority)
        for one in facts.visits
        if one.id in facts.late
    ]
    return [*facts.events.issued.values(), *late]


def _signed(connection: Connection, branch: str, business_date: str) -> Signed | None:
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


def paper_said(outcome: str, visit: Visit, events: DayEvents) -> bool:
    """Whether a paper of this ticket had this outcome: failed or unknown."""
    told = events.failed if outcome == "failed" else events.unknown
    return visit.id in told or visit.print == outcome


def unspoken_calls(facts: DayFacts, *, is_open: bool) -> Iterator[str]:
    """The ticket of every call that no display spoke, once its time is over."""
    for announcement, call in facts.events.calls.items():
        is_over = not is_open or call.expires_at_ms <= facts.until_ms
        if is_over and announcement not in facts.events.spoken:
            yield call.ticket


def _announcements(facts: DayFacts, *, is_open: bool) -> Announcements:
    calls, unspoken = facts.events.calls, list(unspoken_calls(facts, is_open=is_open))
    return Announcements(
        called=len(calls),
        spoken=sum(one in facts.events.spoken for one in calls),
        unspoken=len(unspoken),
        tickets=len(set(unspoken)),
    )


def _complaints(
    connection: Connection, branch: str, business_date: str, zone: tzinfo, at_ms: int
) -> Complaints:
    midnight = datetime.combine(date.fromisoformat(business_date) + timedelta(1), time(), zone)
    day_ends_ms = int(midnight.astimezone(UTC).timestamp() * 1000)
    asked = {"branch": branch, "date": business_date}
    counts = complaints_of(connection, asked, at_ms, day_ends_ms)
    return Complaints(counts.filed, counts.open, counts.due, counts.overdue)


def _bookings(connection: Connection, branch: str, business_date: str, booked: int) -> Bookings:
    states = bookings_of(connection, {"branch": branch, "date": business_date})
    return Bookings(
        booked=booked,
        checked_in=states.get("checked-in", 0),
        cancelled=states.get("cancelled", 0),
        lapsed=states.get("lapsed", 0),
        open=states.get("booked", 0),
    )


def _offline(connection: Connection, branch: str, business_date: str, facts: DayFacts) -> Offline:
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
