"""What a manager steers while the hall runs: services, the order of the calls, the TV's text."""

import re
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from protocol.messages import (
    Answer,
    HallSnapshot,
    PauseService,
    PostText,
    PreviewEntry,
    PreviewLine,
    ResumeService,
    SetDiscipline,
)
from web.branch import new_id
from web.guarding import Manager, for_managers
from web.ticket_pages import service_name

DISCIPLINES = ("first-come", "ratio", "due-time")
PREVIEWED = 15
_CLOCK = re.compile(r"([01]\d|2[0-3])[:.]([0-5]\d)")


def hall_of(manager: Manager) -> HallSnapshot:
    """The hall; without one there is nothing to steer."""
    hall = manager.house.branch.hall
    if hall is None:
        raise HTTPException(503)
    return hall


# Services.


async def service(manager: Manager) -> Response:
    """A service: pause it, let it go on, see its line."""
    code = _service(manager)
    hall = hall_of(manager)
    waiting = next((one for one in hall.waiting if one.service == code), None)
    return manager.page(
        "service.html",
        {
            "code": code,
            "name": service_name(manager, code),
            "paused": code in hall.paused_services,
            "waiting": waiting.count if waiting else 0,
        },
    )


async def pause_service(manager: Manager) -> Response:
    """No numbers for a while."""
    code = _service(manager)
    return await manager.do(
        PauseService(
            id=new_id(),
            service=code,
            reason=manager.form.get("reason", "").strip()[:200],
            on_behalf_of=manager.key,
        ),
        f"/services/{code}",
        manager.texts("web.service.was-paused", service=service_name(manager, code)),
    )


async def resume_service(manager: Manager) -> Response:
    """Numbers again."""
    code = _service(manager)
    return await manager.do(
        ResumeService(id=new_id(), service=code, on_behalf_of=manager.key),
        f"/services/{code}",
        manager.texts("web.service.was-resumed", service=service_name(manager, code)),
    )


def _service(manager: Manager) -> str:
    code = str(manager.request.path_params["code"])
    if all(info.code != code for info in manager.house.branch.welcome.services):
        raise HTTPException(404)
    return code


# The order of the calls.


async def discipline(manager: Manager) -> Response:
    """The order now; with a choice in the address, who would be called then."""
    hall, asked = hall_of(manager), manager.request.query_params
    chosen = asked.get("discipline", "")
    shown: dict[str, Any] = {
        "hall": hall,
        "now": _discipline_words(
            manager, hall.discipline, hall.priority_in_a_row, hall.regular_in_a_row
        ),
        "choices": [(one, manager.texts(f"web.rule.{one}")) for one in DISCIPLINES],
        "chosen": chosen if chosen in DISCIPLINES else "",
        "priority": hall.priority_in_a_row,
        "regular": hall.regular_in_a_row,
        "line": [],
    }
    if shown["chosen"]:
        priority, regular = _rows(asked.get("priority", ""), asked.get("regular", ""))
        shown |= {
            "priority": priority,
            "regular": regular,
            "then": _discipline_words(manager, chosen, priority, regular),
        }
        answer = await manager.house.branch.inquire(
            PreviewLine(
                id=new_id(),
                discipline=_rule(chosen),
                priority_in_a_row=priority,
                regular_in_a_row=regular,
                count=PREVIEWED,
            )
        )
        if isinstance(answer, Answer) and isinstance(answer.line, list):
            shown["line"] = [preview_row(manager, entry) for entry in answer.line]
    return manager.page("discipline.html", shown)


async def set_discipline(manager: Manager) -> Response:
    """After the preview: from the next call on."""
    chosen = manager.form.get("discipline", "")
    if chosen not in DISCIPLINES:
        return manager.go("/discipline", manager.texts("web.refused.form"), good=False)
    priority, regular = _rows(manager.form.get("priority", ""), manager.form.get("regular", ""))
    return await manager.do(
        SetDiscipline(
            id=new_id(),
            discipline=_rule(chosen),
            priority_in_a_row=priority,
            regular_in_a_row=regular,
            on_behalf_of=manager.key,
        ),
        "/hall",
        manager.texts(
            "web.discipline.was-set", rule=_discipline_words(manager, chosen, priority, regular)
        ),
    )


def _rule(chosen: str) -> Literal["first-come", "ratio", "due-time"]:
    return cast(Literal["first-come", "ratio", "due-time"], chosen)


def _rows(priority: str, regular: str) -> tuple[int, int]:
    def row(given: str, otherwise: int) -> int:
        is_number = given.isascii() and given.isdigit() and len(given) <= 3
        return min(100, max(1, int(given))) if is_number else otherwise

    return row(priority, 1), row(regular, 2)


def _discipline_words(manager: Manager, rule: str, priority: int, regular: int) -> str:
    key = f"web.discipline.{rule}"
    if not manager.texts.has(key):
        return rule
    return manager.texts(key, priority=priority, regular=regular)


def preview_row(manager: Manager, entry: PreviewEntry) -> dict[str, Any]:
    moved = 0 if entry.place_now is None else entry.place_now - entry.place
    return {
        "ticket": entry.ticket,
        "number": entry.number,
        "service": service_name(manager, entry.service),
        "place": entry.place,
        "place_now": entry.place_now,
        "moved": moved,
        "counter": entry.counter or "",
        "why": manager.texts.pick(entry.why),
    }


# The TV's text.


async def tv(manager: Manager) -> Response:
    """What the TV says at its foot."""
    hall = hall_of(manager)
    posted = hall.posted_text or {}
    return manager.page(
        "tv.html",
        {
            "posted": [posted.get("id", ""), posted.get("en", "")],
            "until": manager.texts.clock(hall.posted_until.astimezone(manager.house.zone))
            if hall.posted_until
            else "",
            "is_posted": bool(posted),
        },
    )


async def post_text(manager: Manager) -> Response:
    """A line for the TV; empty takes it away."""
    form, texts = manager.form, manager.texts
    words = {
        language: line
        for language in ("id", "en")
        if (line := " ".join(form.get(language, "").split())[:300])
    }
    if "take-away" in form:
        words = {}
    elif not words:
        return manager.go("/tv", texts("web.tv.empty"), good=False)
    until = None
    if words and (given := form.get("until", "").strip()):
        until = _until(manager, given)
        if until is None:
            return manager.go("/tv", texts("web.tv.no-clock"), good=False)
    said = texts("web.tv.was-posted" if words else "web.tv.was-taken-away")
    command = PostText(id=new_id(), text=words, until=until, on_behalf_of=manager.key)
    return await manager.do(command, "/tv", said)


def _until(manager: Manager, given: str) -> datetime | None:
    """A time of day that is still to come."""
    found = _CLOCK.fullmatch(given)
    if found is None:
        return None
    now = manager.house.branch.now().astimezone(manager.house.zone)
    until = now.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    return until if until > now else until + timedelta(days=1)


PAGES: list[BaseRoute] = [
    for_managers("/services/{code}", service),
    for_managers("/services/{code}/pause", pause_service, posts=True),
    for_managers("/services/{code}/resume", resume_service, posts=True),
    for_managers("/discipline", discipline),
    for_managers("/discipline/set", set_discipline, posts=True),
    for_managers("/tv", tv),
    for_managers("/tv/post", post_text, posts=True),
]
