"""The lists of a day's report: the door, records, papers, ratings and what else was counted."""

from datetime import date

from report.day import Category, DayReport, Typical
from report.day_lists import facts_of, list_of, narrow_section, table_of
from report.day_tables import hour_bars, name_of
from report.document import (
    Cell,
    Column,
    Fact,
    Kind,
    Section,
    Table,
    behind,
    count,
    percent,
    seconds,
    words,
)
from report.wording import Wording

_SCORES = (4, 3, 2, 1)


def door_section(report: DayReport, wording: Wording) -> Section:
    """Who came, and what the door could settle itself."""
    came = report.arrivals
    facts = facts_of(
        wording,
        arrived=count(came.arrived),
        screened=count(came.screened),
        unscreened=count(came.unscreened, "unscreened"),
        sent_home=count(came.sent_home),
        guests=count(came.guests),
        persons=count(came.persons),
        companions=count(came.companions),
        repeat_visits=count(came.repeat_visits),
    )
    median, p90 = seconds(came.screening_median_s), seconds(came.screening_p90_s)
    both = words(f"{wording(median)} / {wording(p90)}")
    facts += (Fact("screening-time", wording.texts("report.day.screening_time"), both),)
    tables = (
        *list_of("outcomes", wording, "outcomes", came.outcomes),
        *list_of("solved", wording, "solved", came.solved_reasons),
        *list_of("channels", wording, "channels", came.channels),
        *list_of("home-channels", wording, "home-channels", came.home_channels),
        *list_of("offices", wording, "offices", came.offices),
    )
    return narrow_section("door", wording, facts, tables)


def priority_section(report: DayReport, wording: Wording) -> Section:
    """Why numbers had priority, and places that were booked from home."""
    booked, facts = report.bookings, tuple[Fact, ...]()
    if booked.booked:
        parts = (booked.booked, booked.checked_in, booked.cancelled, booked.lapsed, booked.open)
        numbers = dict(
            zip(("booked", "came", "cancelled", "lapsed", "open"), map(str, parts), strict=True)
        )
        told = words(wording.texts("report.day.booked", **numbers))
        facts = facts_of(wording, bookings=told)
    tables = list_of("priorities", wording, "priorities", report.priorities, "priority")
    return narrow_section("priorities", wording, facts, tables)


def record_section(report: DayReport, wording: Wording) -> Section:
    """What it was about, and why."""
    records = report.records
    rows = tuple(
        (
            words(name_of(one.code, one.names, wording)),
            count(one.many, behind("category", code=one.code)),
            words(_causes(one, wording)),
        )
        for one in records.categories
    )
    tables = (
        *table_of("categories", wording, "category", ("causes",), rows),
        *list_of("record-outcomes", wording, "record-outcomes", records.outcomes, "outcome"),
    )
    facts = facts_of(wording, corrections=count(records.corrections)) if records.corrections else ()
    return narrow_section("records", wording, facts, tables)


def _causes(category: Category, wording: Wording) -> str:
    """How often each cause was said; nothing where none ever was."""
    if not any(cause.code for cause in category.causes):
        return ""
    nothing = wording.texts("report.list.no-cause")
    return ", ".join(
        f"{name_of(cause.code, cause.names, wording) or nothing} {cause.many}"
        for cause in category.causes
    )


def online_section(report: DayReport, wording: Wording) -> Section:
    """What was explained, and what need not have been a visit."""
    records = report.records
    facts = facts_of(
        wording,
        education=count(records.educated, "educated"),
        online=count(records.could_be_online, "online"),
    )
    rows = tuple(
        (
            words(name_of(one.service, one.names, wording)),
            count(one.many, behind("online", service=one.service)),
            words(
                ", ".join(
                    f"{name_of(way.code, way.names, wording)} {way.many}" for way in one.channels
                )
            ),
        )
        for one in records.online
    )
    tables = (
        *list_of("education", wording, "education", records.education, "education"),
        *table_of("online", wording, "online", ("by-channel",), rows),
    )
    return narrow_section("online", wording, facts, tables)


def missing_section(report: DayReport, wording: Wording) -> Section:
    """Papers that people did not have with them."""
    found = [
        (one.service, paper, name_of(paper.code, paper.names, wording))
        for one in report.missing
        for paper in one.papers
    ]
    found.sort(key=lambda one: (-one[1].many, one[0], one[2]))
    rows = tuple(
        (words(f"{service} · {name}" if service else name), count(paper.many))
        for service, paper, name in found
    )
    return narrow_section("missing", wording, (), table_of("missing", wording, "missing", (), rows))


def rating_section(report: DayReport, wording: Wording) -> Section:
    """One-tap ratings, always with their number, and apart from the survey."""
    ratings, texts = report.ratings, wording.texts
    n_of = texts("report.day.n_of", n=ratings.count, all=ratings.finished)
    facts = (
        Fact(
            "rating",
            texts("report.day.rating"),
            Cell(ratings.average, Kind.NUMBER, 2, "rated"),
            n_of,
        ),
        *(
            Fact(
                f"score-{score}",
                texts(f"report.day.score-{score}"),
                count(ratings.scores[score - 1], behind("rated", code=score)),
            )
            for score in _SCORES
        ),
        *facts_of(wording, surveys=count(report.surveys)),
    )
    return narrow_section(
        "ratings",
        wording,
        facts,
        list_of("reasons", wording, "reasons", ratings.reasons, "rating-reason"),
    )


def complaint_section(report: DayReport, wording: Wording) -> Section:
    """How many complaints wait for an answer."""
    complaints = report.complaints
    facts = facts_of(
        wording,
        complaints_filed=count(complaints.filed),
        complaints_open=count(complaints.open),
        complaints_due=count(complaints.due),
        complaints_overdue=count(complaints.overdue),
    )
    return narrow_section("complaints", wording, facts)


def estimate_section(report: DayReport, wording: Wording) -> Section:
    """Whether the waits that visitors were told came true."""
    kept, texts = report.total.promises, wording.texts
    facts = tuple(
        Fact(
            f"estimate-{which}",
            texts(f"report.day.estimate-{which}"),
            percent(kept.share(many), behind=f"estimate-{which}"),
            texts("report.day.many_of", many=many, all=kept.called) if kept.called else "",
        )
        for which, many in (("inside", kept.inside), ("early", kept.early), ("late", kept.late))
    )
    if report.overtakes_most is not None:
        number, times = report.overtakes_most
        told = words(texts("report.day.overtakes", number=number, times=times))
        facts += facts_of(wording, overtakes=told)
    return narrow_section("estimates", wording, facts)


def paper_section(report: DayReport, wording: Wording) -> Section:
    """Whether paper came out."""
    papers = report.papers
    facts = facts_of(
        wording,
        printed=count(papers.printed, "printed"),
        reprints=count(papers.reprints),
        print_failed=count(papers.failed, "print-failed"),
        print_unknown=count(papers.unknown, "print-unknown"),
        slips_failed=count(papers.slips_failed),
    )
    return narrow_section("papers", wording, facts)


def announcement_section(report: DayReport, wording: Wording) -> Section:
    """Whether calls were spoken."""
    calls = report.announcements
    told = wording.texts("report.day.spoken", called=calls.called, spoken=calls.spoken)
    facts = (
        *facts_of(wording, announcements=words(told), unspoken=count(calls.unspoken)),
        Fact(
            "unspoken-tickets",
            wording.texts("report.day.unspoken"),
            count(calls.tickets, "unspoken"),
        ),
    )
    return narrow_section("announcements", wording, facts)


def offline_section(report: DayReport, wording: Wording) -> Section:
    """Numbers that kiosks gave without a link."""
    offline = report.offline
    facts = (
        *facts_of(wording, offline=count(offline.given, "offline"), lent=count(offline.lent)),
        Fact(
            "merged-late",
            wording.texts("report.day.merged_late"),
            count(offline.merged_late, "merged-late"),
        ),
        Fact("unused", wording.texts("report.day.unused"), count(offline.unused)),
    )
    return narrow_section("offline", wording, facts)


def comparison_table(report: DayReport, wording: Wording) -> Table | None:
    """Today beside the same weekday's last eight; None where there was none."""
    texts, usual, total = wording.texts, report.comparison, report.total
    if not usual.days:
        return None

    def row(key: str, today: Cell, typical: Typical) -> tuple[Cell, ...]:
        kept = [Cell(one, today.kind, today.digits) for one in (typical.mean, typical.median)]
        return words(texts(f"report.day.headline.{key}")), today, *kept

    rows = (
        row("arrived", count(report.arrivals.arrived), usual.arrived),
        row("issued", count(total.tickets.issued), usual.issued),
        row("waiting-median", seconds(total.waiting.median_s), usual.waiting_median_s),
        row("waiting-p90", seconds(total.waiting.p90_s), usual.waiting_p90_s),
        row("within", percent(total.waiting.share_within), usual.share_within),
        row("rating", Cell(report.ratings.average, Kind.NUMBER, 2), usual.rating),
    )
    columns = (
        Column(texts("report.day.figure")),
        *(
            Column(texts(f"report.day.{one}"), Kind.NUMBER)
            for one in ("this_day", "mean", "median")
        ),
    )
    return Table("comparison", _comparison_title(report, wording), columns, rows)


def _comparison_title(report: DayReport, wording: Wording) -> str:
    weekday = wording.texts.day(date.fromisoformat(report.business_date)).split()[0]
    many = len(report.comparison.days)
    return wording.texts("report.day.comparison", count=many, weekday=weekday)


def flow_section(report: DayReport, wording: Wording) -> Section:
    """The day's course, and how it compares."""
    texts = wording.texts
    table = comparison_table(report, wording)
    weekday = texts.day(date.fromisoformat(report.business_date)).split()[0]
    notes = () if table else (texts("report.day.no_comparison", weekday=weekday),)
    tables = (table,) if table else ()
    return Section(
        "flow", texts("report.day.flow"), (), tables, (hour_bars(report, wording),), notes
    )
