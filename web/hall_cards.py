"""The figures on top of the live hall."""

from collections.abc import Iterator
from dataclasses import dataclass

from assets.texts import Texts
from report.day import DayReport, Measured
from web.hall import FigureWords, Hall, behind

WITHIN_AIM = 0.9
"""The part of the visitors that should be called within the target of their service."""


@dataclass(frozen=True, slots=True)
class Card:
    """A figure on top of the page; ``mark`` says whether it is as it should be.

    ``to`` is where the figure is told in full, ``note_to`` the same for the figure in the note.
    """

    id: str
    value: str
    to: str
    note: str
    note_to: str = ""
    mark: str = ""
    good: bool = False


def cards_of(hall: Hall, texts: Texts, say: FigureWords) -> list[Card]:
    """Before the first figures were read: who waits, which the server tells by itself."""
    report, snapshot = hall.report, hall.snapshot
    oldest = [one.oldest_issued_at for one in snapshot.waiting if one.oldest_issued_at]
    waiting = Card(
        "waiting",
        say.count(snapshot.totals.waiting),
        behind("waiting"),
        texts("web.hall.longest", minutes=texts.minutes(hall.now - min(oldest)))
        if oldest
        else texts("web.hall.nobody"),
    )
    if report is None:
        return [waiting]
    return [
        _arrived(report, texts, say),
        waiting,
        *_times(report.total.waiting, texts, say),
        *_ended(report, texts, say),
    ]


def _arrived(report: DayReport, texts: Texts, say: FigureWords) -> Card:
    usual = report.comparison.arrived.mean
    # Not everybody who comes takes a number: the report's part says who else came.
    parted = f"/report/{report.business_date}#report-door"
    arrived = say.count(report.arrivals.arrived)
    if usual is not None:
        return Card("arrived", arrived, parted, texts("web.hall.usual", many=say.count(usual)))
    note = texts("web.hall.issued", many=say.count(report.total.tickets.issued))
    return Card("arrived", arrived, parted, note, behind("issued"))


def _times(waiting: Measured, texts: Texts, say: FigureWords) -> Iterator[Card]:
    share = waiting.share_within
    is_good = share is not None and share >= WITHIN_AIM
    mark = "web.hall.aim-met" if is_good else "web.hall.aim-missed"
    yield Card(
        "within",
        say.share(share),
        behind("waiting-above"),
        texts("web.hall.none-called")
        if share is None
        else texts("web.hall.above", many=waiting.above, count=waiting.count),
        mark="" if share is None else texts(mark, aim=say.share(WITHIN_AIM)),
        good=is_good,
    )
    yield Card(
        "p90",
        say.time(waiting.p90_s),
        behind("waiting-time"),
        texts("web.hall.median", time=say.time(waiting.median_s)),
    )


def _ended(report: DayReport, texts: Texts, say: FigureWords) -> Iterator[Card]:
    tickets, rating = report.total.tickets, report.ratings
    yield Card(
        "served",
        say.count(tickets.finished),
        behind("finished"),
        texts("web.hall.others", no_show=tickets.no_show, cancelled=tickets.cancelled),
    )
    yield Card(
        "rating",
        say.number(rating.average, 2),
        behind("rated"),
        texts("web.hall.rated", many=rating.count, finished=rating.finished),
    )
