"""The tickets behind a figure, and a ticket with its history: why it took so long."""

import asyncio
import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from db.ticket_lists import FIGURES, ListedTicket, Part
from protocol.messages import (
    Answer,
    ExplainTicket,
    GetEarlierTicket,
    GetTicketHistory,
    Rejected,
    TicketSpan,
)
from report.document import Cell, Kind
from report.wording import Wording
from web.branch import new_id
from web.guarding import Manager, for_managers

LISTED_MOST = 1000
LIFE_WIDTH = 1000
CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_TICKET = re.compile(r"[A-Za-z0-9_-]{1,64}")
CORRECTED = ("category", "outcome", "education", "cause", "note")
OUTCOMES = ("solved", "pending", "referred")
ENDED = frozenset({"finished", "no-show", "cancelled", "expired"})
MOVABLE = frozenset({"waiting", "called", "serving", "parked"})


async def tickets(manager: Manager) -> Response:
    """``/hall/tickets?figure=waiting-above&service=A&date=…``."""
    figure = manager.request.query_params.get("figure", "")
    if figure not in FIGURES:
        raise HTTPException(404)
    day, part = day_of(manager), _part(manager)
    if figure == "handed-on" and part.counter is None:
        raise HTTPException(404)
    found = await asyncio.to_thread(manager.house.figures.tickets, day.isoformat(), figure, part)
    return manager.page(
        "tickets.html",
        {
            "title": manager.texts(f"web.figure.{figure}"),
            "narrowed": await asyncio.to_thread(_narrowed, manager, figure, part),
            "day": day,
            "is_today": day == today(manager),
            "total": len(found),
            "rows": [ticket_row(manager, one, day) for one in found[:LISTED_MOST]],
            "left_out": max(0, len(found) - LISTED_MOST),
        },
    )


async def ticket(manager: Manager) -> Response:
    """Everything that is known of a ticket, and what may be done with it."""
    ticket_id, day = ticket_id_of(manager), day_of(manager)
    row = await asyncio.to_thread(manager.house.figures.ticket, day.isoformat(), ticket_id)
    if row is None:
        raise HTTPException(404)
    is_today = day == today(manager)
    query = (
        GetTicketHistory(id=new_id(), ticket=ticket_id)
        if is_today
        else GetEarlierTicket(id=new_id(), ticket=ticket_id, business_date=day)
    )
    told = await manager.house.branch.inquire(query)
    place = None
    if is_today and row.state == "waiting":
        place = await manager.house.branch.inquire(ExplainTicket(id=new_id(), ticket=ticket_id))
    return manager.page("ticket.html", _shown(manager, row, day, told, place))


# Shown.


def ticket_row(manager: Manager, one: ListedTicket, day: date) -> dict[str, Any]:
    """A row of a list of tickets."""
    texts, say = manager.texts, Wording(manager.texts, str(manager.house.zone))
    query = "" if day == today(manager) else f"?date={day.isoformat()}"
    return {
        "to": f"/tickets/{one.id}{query}",
        "number": one.number,
        "service": service_name(manager, one.service),
        "priority": "" if one.priority == "none" else texts(f"web.priority.{one.priority}"),
        "state": texts(f"web.state.{one.state}"),
        "counter": one.counter or "",
        "issued": say.clock(one.issued_at_ms),
        "called": say.clock(one.called_at_ms) if one.called_at_ms else "–",
        "ended": say.clock(one.ended_at_ms) if one.ended_at_ms else "–",
        "waiting": say(Cell(one.waiting_s, Kind.SECONDS)),
        "way": say(Cell(one.way_s, Kind.SECONDS)),
        "service_time": say(Cell(one.service_s, Kind.SECONDS)),
    }


def _shown(
    manager: Manager,
    row: ListedTicket,
    day: date,
    told: Answer | Rejected,
    place: Answer | Rejected | None,
) -> dict[str, Any]:
    texts, zone, welcome = manager.texts, manager.house.zone, manager.house.branch.welcome
    history = told.history if isinstance(told, Answer) and isinstance(told.history, list) else []
    spans = told.spans if isinstance(told, Answer) and isinstance(told.spans, list) else []
    overtakers = place.overtakers if isinstance(place, Answer) else []
    is_today = day == today(manager)
    return {
        "row": ticket_row(manager, row, day),
        "id": row.id,
        "state": row.state,
        "day": day,
        "is_today": is_today,
        "no_history": isinstance(told, Rejected),
        "history": [
            {
                "at": texts.clock(one.at.astimezone(zone), seconds=True),
                "text": texts.pick(one.text),
                "who": _who(manager, one.staff),
                "why": texts.pick(one.why) if one.why else "",
            }
            for one in history
        ],
        "spans": _spans(manager, spans),
        "place": place.place if isinstance(place, Answer) else None,
        "why": texts.pick(place.why)
        if isinstance(place, Answer) and isinstance(place.why, dict)
        else "",
        "overtakers": [
            {
                "number": one.number,
                "counter": one.counter,
                "at": texts.clock(one.called_at.astimezone(zone)),
                "why": texts.pick(one.why),
            }
            for one in (overtakers if isinstance(overtakers, list) else [])
        ],
        "services": [(one.code, one.sign, texts.pick(one.name)) for one in welcome.services],
        "counters": [one.number for one in welcome.counters],
        "reasons": [(one.code, texts.pick(one.name)) for one in welcome.choices.cancel_reason],
        "categories": [(one.code, texts.pick(one.name)) for one in welcome.choices.category],
        "causes": [(one.code, texts.pick(one.name)) for one in welcome.choices.cause],
        "educations": [(one.code, texts.pick(one.name)) for one in welcome.choices.education],
        "outcomes": [(one, texts(f"web.outcome.{one}")) for one in OUTCOMES],
        "fields": [(one, texts(f"web.field.{one}")) for one in CORRECTED],
        "may_move": is_today and row.state in MOVABLE,
        "may_return": is_today and row.state == "no-show",
        "may_correct": row.state in ENDED,
    }


def _spans(manager: Manager, spans: Sequence[TicketSpan]) -> list[dict[str, Any]]:
    """The stretches as parts of one bar, and in words."""
    now = manager.house.branch.now()
    texts, say = manager.texts, Wording(manager.texts, str(manager.house.zone))
    if not spans:
        return []
    begin = spans[0].since
    lived = [span for span in spans if span.state not in ENDED]
    end = (lived[-1].until or now) if lived else begin
    whole_s = max(0.001, (end - begin).total_seconds())
    shown = []
    for span in lived:
        until = span.until or now
        length_s = (until - span.since).total_seconds()
        shown.append(
            {
                "state": span.state,
                "name": texts(f"web.state.{span.state}"),
                "x": round((span.since - begin).total_seconds() / whole_s * LIFE_WIDTH, 1),
                "width": round(length_s / whole_s * LIFE_WIDTH, 1),
                "since": _clock(manager, span.since),
                "until": _clock(manager, span.until) if span.until else texts("web.ticket.now"),
                "length": say(Cell(length_s, Kind.SECONDS)),
                "counter": span.counter or "",
                "who": _who(manager, span.staff),
            }
        )
    return shown


def _clock(manager: Manager, at: datetime) -> str:
    return manager.texts.clock(at.astimezone(manager.house.zone), seconds=True)


def _who(manager: Manager, staff: str | None) -> str:
    """Whoever is at a counter now is named; others by their code."""
    hall = manager.house.branch.hall
    names = {one.staff: one.staff_name for one in hall.counters if one.staff} if hall else {}
    return names.get(staff, "") or staff if staff else ""


def service_name(manager: Manager, code: str) -> str:
    """A – Pendaftaran."""
    known = {one.code: one for one in manager.house.branch.welcome.services}
    info = known.get(code)
    return f"{info.sign} – {manager.texts.pick(info.name)}" if info else code


def today(manager: Manager) -> date:
    """The business day that is open, or was last."""
    hall = manager.house.branch.hall
    return hall.business_date if hall else manager.house.branch.welcome.business_date


def day_of(manager: Manager) -> date:
    """The day that is asked for."""
    given = manager.request.query_params.get("date", "")
    return date_of(given) if given else today(manager)


def ticket_id_of(manager: Manager) -> str:
    """The ticket of the address."""
    given = str(manager.request.path_params["ticket"])
    if not _TICKET.fullmatch(given):
        raise HTTPException(404)
    return given


def date_of(given: str) -> date:
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise HTTPException(404) from None


def _part(manager: Manager) -> Part:
    asked = manager.request.query_params
    for name in ("service", "of_class", "code"):
        if asked.get(name) and not CODE.fullmatch(asked[name]):
            raise HTTPException(404)
    numbers = {}
    for name in ("hour", "counter"):
        if asked.get(name):
            if not (asked[name].isascii() and asked[name].isdigit() and len(asked[name]) <= 3):
                raise HTTPException(404)
            numbers[name] = int(asked[name])
    return Part(
        service=asked.get("service") or None,
        of_class=asked.get("of_class") or None,
        code=asked.get("code") or None,
        hour=numbers.get("hour"),
        counter=numbers.get("counter"),
    )


def _narrowed(manager: Manager, figure: str, part: Part) -> list[str]:
    texts, words = manager.texts, []
    if part.service:
        words.append(service_name(manager, part.service))
    if part.hour is not None:
        words.append(texts("web.tickets.hour", hour=f"{part.hour:02}"))
    if part.counter is not None:
        words.append(texts("web.tickets.counter", number=part.counter))
    if part.of_class:
        key = f"web.class.{part.of_class}"
        words.append(texts(key) if texts.has(key) else part.of_class)
    if part.code:
        words.append(_code_words(manager, figure, part.code))
    return words


def _code_words(manager: Manager, figure: str, code: str) -> str:
    """What the branch or the page calls a code; one that nobody knows any more stays as it is."""
    texts = manager.texts
    if figure in ("called-in-hour", "finished-in-hour"):
        return texts("web.tickets.hour", hour=code)
    key = f"web.{figure}.{code}"
    if texts.has(key):
        return texts(key)
    known = manager.house.figures.names().names_of(f"choice.{figure.replace('-', '_')}", code)
    return texts.pick(dict(known)) or code


PAGES: list[BaseRoute] = [
    for_managers("/hall/tickets", tickets),
    for_managers("/tickets/{ticket}", ticket),
]
