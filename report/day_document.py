"""A day's figures as a document: what stands on the one page that the manager signs."""

import hashlib
from collections.abc import Iterator
from datetime import date

import msgspec

from report.day import DayReport, Typical
from report.day_parts import (
    announcement_section,
    complaint_section,
    door_section,
    estimate_section,
    flow_section,
    missing_section,
    offline_section,
    online_section,
    paper_section,
    priority_section,
    rating_section,
    record_section,
)
from report.day_tables import class_table, counter_section, hour_table, service_table
from report.document import (
    Cell,
    Definition,
    Document,
    Fact,
    Kind,
    Mark,
    Section,
    count,
    percent,
    seconds,
    words,
)
from report.wording import Wording

# Each has its words in report.definition and its name in report.term; those with words in
# report.brief stand on the paper, too.
DEFINITIONS = (
    *("arrived", "screened", "unscreened", "sent-home", "guests", "solved", "persons"),
    *("companions", "repeat-visits", "screening-time", "issued", "finished", "no-show"),
    *("cancelled", "expired", "open", "adds-up", "waiting-time", "way-time", "service-time"),
    *("measured", "above-target", "estimate", "hour", "called-in-hour", "finished-in-hour"),
    *("open-counters", "counter", "received", "handed-on", "counter-open", "counter-serving"),
    *("counter-idle-with-line", "counter-idle", "counter-break", "counter-times", "printed"),
    *("reprints", "print-failed", "print-unknown", "slips-failed", "announcements", "unspoken"),
    *("categories", "education", "online", "corrections", "missing-papers", "ratings"),
    *("surveys", "complaints-filed", "complaints-open", "complaints-due", "complaints-overdue"),
    *("bookings", "offline", "lent", "comparison", "overtakes", "seal"),
)


def day_document(report: DayReport, language: str, time_zone: str) -> Document:
    """The report of a day in a language, for the paper, the page and every file."""
    wording = Wording.of(language, time_zone)
    texts = wording.texts
    day = date.fromisoformat(report.business_date)
    return Document(
        name=texts("report.day.file", branch=report.branch, date=report.business_date),
        language=language,
        title=texts("report.day.title"),
        subtitle=texts.day(day, year=True),
        branch=report.branch_name,
        time_zone=time_zone,
        head=tuple(_head(report, wording)),
        headline=tuple(_headline(report, wording)),
        marks=tuple(_marks(report, wording)),
        sections=tuple(_sections(report, wording)),
        notes=tuple(_notes(report, wording)),
        definitions=tuple(_definitions(wording)),
        proof=report.seal.head_hash if report.seal else "",
        author=report.signed.name if report.signed else report.branch_name,
        at_ms=report.closed_at_ms or report.made_at_ms,
        digest=figures_digest(report),
        one_page=True,
    )


def figures_digest(report: DayReport) -> str:
    """The sha256 of all figures: another one says that something was put right since."""
    # When it was made says nothing about the day, and the seal moves with events that change
    # no figure.
    told = msgspec.to_builtins(report, str_keys=True)
    for moving in ("made_at_ms", "seal"):
        told.pop(moving)
    return hashlib.sha256(msgspec.json.encode(told, order="deterministic")).hexdigest()


def _head(report: DayReport, wording: Wording) -> Iterator[Fact]:
    texts = wording.texts
    day = date.fromisoformat(report.business_date)
    yield _moment("opened", report.opened_at_ms, day, wording)
    yield _moment("closed", report.closed_at_ms, day, wording)
    signed = report.signed
    name = words(signed.name if signed else texts("report.day.nobody"))
    at = f"({wording.clock(signed.signature.at_ms)})" if signed else ""
    yield Fact("signed", texts("report.day.signed_by"), name, at)


def _moment(which: str, at_ms: int | None, day: date, wording: Wording) -> Fact:
    """A moment of the day; of another day also its date."""
    other = at_ms is not None and wording.at(at_ms).date() != day
    note = wording.texts.day(wording.at(at_ms).date(), short=True) if other and at_ms else ""
    return Fact(which, wording.texts(f"report.day.{which}"), Cell(at_ms, Kind.INSTANT), note)


def _marks(report: DayReport, wording: Wording) -> Iterator[Mark]:
    texts = wording.texts
    yield Mark(texts(f"report.day.{'adds_up' if report.adds_up else 'wrong'}"), report.adds_up)
    if not report.is_closed:
        at = wording.clock(report.made_at_ms)
        yield Mark(texts("report.day.running", at=at), good=False)
    elif report.signed is None:
        yield Mark(texts("report.day.unsigned"), good=False)
    else:
        yield Mark(texts("report.day.is_signed"), good=True)


def _headline(report: DayReport, wording: Wording) -> Iterator[Fact]:
    texts, total, usual = wording.texts, report.total, report.comparison

    def usually(typical: Typical, kind: Kind) -> str:
        usual = wording(Cell(typical.mean, kind))
        return "" if typical.mean is None else texts("report.day.usually", usual=usual)

    came, tickets, times = report.arrivals, total.tickets, total.waiting
    yield _fact("arrived", count(came.arrived), wording, usually(usual.arrived, Kind.COUNT))
    solved = texts("report.day.of_arrived", share=wording(percent(came.share_solved)))
    yield _fact("solved", count(came.solved), wording, solved if came.arrived else "")
    yield _fact(
        "issued", count(tickets.issued, "issued"), wording, usually(usual.issued, Kind.COUNT)
    )
    part = tickets.finished / tickets.issued if tickets.issued else None
    served = texts("report.day.of_issued", share=wording(percent(part)))
    yield _fact(
        "finished", count(tickets.finished, "finished"), wording, served if part is not None else ""
    )
    median, p90 = usual.waiting_median_s, usual.waiting_p90_s
    note = usually(median, Kind.SECONDS)
    yield _fact("waiting-median", seconds(times.median_s, "waiting-time"), wording, note)
    note = usually(p90, Kind.SECONDS)
    yield _fact("waiting-p90", seconds(times.p90_s, "waiting-time"), wording, note)
    above = texts("report.day.above", many=wording(count(times.above)))
    within = percent(times.share_within, behind="waiting-above")
    yield _fact("within", within, wording, above)
    ratings = report.ratings
    given = texts("report.day.n_of", n=wording(count(ratings.count)), all=ratings.finished)
    yield _fact("rating", Cell(ratings.average, Kind.NUMBER, 2, "rated"), wording, given)


def _fact(which: str, cell: Cell, wording: Wording, note: str = "") -> Fact:
    return Fact(which, wording.texts(f"report.day.headline.{which}"), cell, note)


def _sections(report: DayReport, wording: Wording) -> Iterator[Section]:
    texts = wording.texts
    tables = (
        service_table(report, wording),
        class_table(report, wording),
        hour_table(report, wording),
    )
    yield Section("services", texts("report.day.services"), tables=tables)
    yield counter_section(report, wording)
    yield flow_section(report, wording)
    yield door_section(report, wording)
    yield priority_section(report, wording)
    yield record_section(report, wording)
    yield online_section(report, wording)
    yield missing_section(report, wording)
    yield rating_section(report, wording)
    yield complaint_section(report, wording)
    yield estimate_section(report, wording)
    yield paper_section(report, wording)
    yield announcement_section(report, wording)
    if report.offline.given or report.offline.lent:
        yield offline_section(report, wording)


def _notes(report: DayReport, wording: Wording) -> Iterator[str]:
    texts = wording.texts
    for one in report.wrong:
        yield texts("report.day.wrong_part", part=one)
    if report.signed and report.signed.signature.note:
        yield texts("report.day.signed_note", note=report.signed.signature.note)


def _definitions(wording: Wording) -> Iterator[Definition]:
    texts = wording.texts
    for one in DEFINITIONS:
        brief = f"report.brief.{one}"
        yield Definition(
            texts(f"report.term.{one}"),
            texts(f"report.definition.{one}"),
            texts(brief) if texts.has(brief) else "",
        )
