"""What a visitor's phone shows of a visit, in words: the same for the page and its live stream."""

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from assets.texts import Texts
from protocol.messages import Estimate, VisitView
from web.visits import Seen

Shown = dict[str, str | int | bool | list[str]]

RANGE_STEP_S = 300
"""Ranges are widened outwards to whole five minutes, as on the paper."""
PROGRESS_STEP = 5
"""In percent; a finer one would send every phone a change every second."""
PROGRESS_LEAST, PROGRESS_MOST = 5, 95


def shown_visit(seen: Seen, texts: Texts, zone: ZoneInfo) -> Shown:
    """The page's changing parts. ``view`` is its look, ``soft`` and ``loud`` what a screen reader
    is told, politely or at once; an empty text is not shown."""
    visit = seen.visit
    view = _view_of(visit)
    head, line, loud = _WORDS[view](visit, texts, zone)
    waits = view in ("waiting", "near")
    return {
        "view": view,
        "number": visit.number,
        "service": texts.pick(visit.service_name),
        "title": _title(visit, view, texts),
        "head": head,
        "line": line,
        "soft": "" if loud else head,
        "loud": loud,
        "again": _again(visit, view, texts),
        "range": call_range(visit.estimate, seen.at, texts, zone) if waits else "",
        "progress": _progress(seen) if waits else 0,
        "last": _last_called(visit, texts) if waits else "",
        "others": _others(visit, texts) if waits else "",
        "papers": [texts.pick(paper) for paper in visit.papers] if view in _BEFORE else [],
        "cancel": visit.may_cancel and view != "called",
        "rate": visit.may_rate,
        "survey": visit.may_answer_survey,
        "review": visit.review_link if visit.review_link.startswith("https://") else "",
    }


def updated_words(at: datetime, texts: Texts, zone: ZoneInfo) -> str:
    """When it was so, by the branch's clock."""
    return texts("phone.updated", time=texts.clock(at.astimezone(zone), seconds=True))


def away_words(at: datetime | None, texts: Texts, zone: ZoneInfo) -> str:
    """That the server is out of reach, and of when the shown state is."""
    if at is None:
        return texts("phone.away_now")
    return texts("phone.away", time=texts.clock(at.astimezone(zone), seconds=True))


def call_range(estimate: Estimate | None, at: datetime, texts: Texts, zone: ZoneInfo) -> str:
    """From when to when the call is expected, in the branch's zone."""
    if estimate is None:
        return texts("phone.range_none")
    local = at.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    step = timedelta(seconds=RANGE_STEP_S)
    first = local + timedelta(seconds=estimate.from_s) - midnight
    last = local + timedelta(seconds=max(estimate.from_s, estimate.to_s)) - midnight
    return texts(
        "phone.range",
        first=texts.clock(midnight + first // step * step),
        last=texts.clock(midnight - (-last // step) * step),
    )


_BEFORE = frozenset({"waiting", "near", "called", "parked", "missed"})
"""While the papers are still to be shown to somebody."""


def _view_of(visit: VisitView) -> str:
    match visit.state:
        case "waiting":
            return "near" if visit.two_left else "waiting"
        case "called" | "serving" | "parked" | "cancelled":
            return visit.state
        case "no-show":
            return "missed" if visit.valid_until is not None else "over"
        case "finished":
            return "rate" if visit.may_rate else "done"
        case _:
            return "expired"


_Words = tuple[str, str, str]


def _waiting(visit: VisitView, texts: Texts, _: ZoneInfo) -> _Words:
    ahead = visit.people_ahead
    head = texts("ui.state.waiting") if ahead is None else texts("phone.ahead", count=ahead)
    return head, "", ""


def _near(visit: VisitView, texts: Texts, zone: ZoneInfo) -> _Words:
    head, _, _ = _waiting(visit, texts, zone)
    line = texts("phone.near.line")
    return head, line, f"{head}. {line}"


def _called(visit: VisitView, texts: Texts, zone: ZoneInfo) -> _Words:
    counter = visit.counter or 0
    at = (visit.called_at or visit.issued_at).astimezone(zone)
    return (
        texts("phone.called.counter", counter=counter),
        texts("phone.called.line", number=visit.number, time=texts.clock(at)),
        texts("phone.called.loud", number=visit.number, counter=counter),
    )


def _serving(visit: VisitView, texts: Texts, _: ZoneInfo) -> _Words:
    line = "" if visit.counter is None else texts("phone.serving.line", counter=visit.counter)
    return texts("phone.serving.head"), line, ""


def _missed(visit: VisitView, texts: Texts, zone: ZoneInfo) -> _Words:
    behind = visit.comes_back_behind
    time = texts.clock((visit.valid_until or visit.issued_at).astimezone(zone))
    key = "phone.missed.line" if behind else "phone.missed.line_next"
    head = texts("phone.missed.head")
    line = texts(key, time=time, count=behind) if behind else texts(key, time=time)
    return head, line, f"{head}. {line}"


def _over(_: VisitView, texts: Texts, _zone: ZoneInfo) -> _Words:
    return texts("phone.missed.head"), texts("phone.missed.over"), ""


def _rate(_: VisitView, texts: Texts, _zone: ZoneInfo) -> _Words:
    return texts("phone.done.head"), "", ""


def _done(visit: VisitView, texts: Texts, _: ZoneInfo) -> _Words:
    line = "phone.done.line" if visit.rated is None else "phone.done.rated"
    return texts("phone.done.head"), texts(line), ""


def _plain(view: str) -> Callable[[VisitView, Texts, ZoneInfo], _Words]:
    def words(_: VisitView, texts: Texts, _zone: ZoneInfo) -> _Words:
        return texts(f"phone.{view}.head"), texts(f"phone.{view}.line"), ""

    return words


_WORDS: dict[str, Callable[[VisitView, Texts, ZoneInfo], _Words]] = {
    "waiting": _waiting,
    "near": _near,
    "called": _called,
    "serving": _serving,
    "parked": _plain("parked"),
    "missed": _missed,
    "over": _over,
    "rate": _rate,
    "done": _done,
    "cancelled": _plain("cancelled"),
    "expired": _plain("expired"),
}


def _title(visit: VisitView, view: str, texts: Texts) -> str:
    if view == "called":
        return texts("phone.title_called", counter=visit.counter or 0, number=visit.number)
    return texts("phone.title", number=visit.number)


def _again(visit: VisitView, view: str, texts: Texts) -> str:
    if view != "called" or visit.call_count < 2:
        return ""
    return texts("phone.called.again", count=visit.call_count)


def _progress(seen: Seen) -> int:
    """How much of the way lies behind, in percent: time waited against time still expected."""
    estimate = seen.visit.estimate
    waited_s = max(0.0, (seen.at - seen.visit.issued_at).total_seconds())
    left_s = 0.0 if estimate is None else (estimate.from_s + estimate.to_s) / 2
    if waited_s + left_s <= 0:
        return PROGRESS_LEAST
    share = waited_s / (waited_s + left_s)
    percent = round(100 * share / PROGRESS_STEP) * PROGRESS_STEP
    return min(PROGRESS_MOST, max(PROGRESS_LEAST, percent))


def _last_called(visit: VisitView, texts: Texts) -> str:
    if visit.last_called is None:
        return texts("phone.last_called_none")
    return texts("phone.last_called", number=visit.last_called)


def _others(visit: VisitView, texts: Texts) -> str:
    waiting = texts("phone.waiting_now", count=visit.waiting)
    return f"{waiting}, {texts('phone.counters_open', count=visit.counters_open)}"
