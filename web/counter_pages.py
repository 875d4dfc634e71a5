"""A counter: what it does and serves; a manager opens, pauses, closes and re-skills it."""

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from protocol.messages import (
    Answer,
    CloseCounter,
    CounterView,
    OpenCounter,
    PauseCounter,
    PreviewLine,
    SetCounterServices,
)
from web.branch import new_id
from web.guarding import Manager, for_managers
from web.steering_pages import hall_of, preview_row
from web.ticket_pages import service_name

LEVELS = range(1, 10)


async def counter(manager: Manager) -> Response:
    """A counter: what it does, who would be called there, what it serves."""
    view = _counter(manager)
    answer = await manager.house.branch.inquire(
        PreviewLine(id=new_id(), counter=view.number, count=5)
    )
    line = answer.line if isinstance(answer, Answer) and isinstance(answer.line, list) else []
    welcome = manager.house.branch.welcome
    return manager.page(
        "counter.html",
        {
            "one": view,
            "state": manager.texts(f"web.counter.{view.state}"),
            "line": [preview_row(manager, entry) for entry in line],
            "services": [
                {
                    "code": info.code,
                    "name": service_name(manager, info.code),
                    "served": info.code in view.services,
                    "level": view.preference.get(info.code, 1),
                }
                for info in welcome.services
            ],
            "levels": LEVELS,
            "reasons": [
                (one.code, manager.texts.pick(one.name)) for one in welcome.choices.pause_reason
            ],
        },
    )


async def open_counter(manager: Manager) -> Response:
    """Somebody sits there, and it serves from now on."""
    number = manager.path_number("number")
    return await manager.do(
        OpenCounter(id=new_id(), counter=number, on_behalf_of=manager.key),
        f"/counters/{number}",
        manager.texts("web.counter.was-opened", number=number),
    )


async def pause_counter(manager: Manager) -> Response:
    """A break, with a reason."""
    number = manager.path_number("number")
    return await manager.do(
        PauseCounter(
            id=new_id(),
            reason=manager.form.get("reason", "")[:40] or "-",
            counter=number,
            on_behalf_of=manager.key,
        ),
        f"/counters/{number}",
        manager.texts("web.counter.was-paused", number=number),
    )


async def close_counter(manager: Manager) -> Response:
    """It serves no more."""
    number = manager.path_number("number")
    return await manager.do(
        CloseCounter(id=new_id(), counter=number, on_behalf_of=manager.key),
        f"/counters/{number}",
        manager.texts("web.counter.was-closed", number=number),
    )


async def set_services(manager: Manager) -> Response:
    """What it serves from its next call on."""
    number, form = manager.path_number("number"), manager.form
    known = [info.code for info in manager.house.branch.welcome.services]
    chosen = [code for code in known if f"serve-{code}" in form]
    levels = {
        code: int(level)
        for code in chosen
        if (level := form.get(f"level-{code}", "1")) in {str(one) for one in LEVELS}
    }
    return await manager.do(
        SetCounterServices(
            id=new_id(),
            counter=number,
            services=chosen,
            preference={code: level for code, level in levels.items() if level != 1},
            on_behalf_of=manager.key,
        ),
        f"/counters/{number}",
        manager.texts("web.counter.was-skilled", number=number),
    )


def _counter(manager: Manager) -> CounterView:
    number = manager.path_number("number")
    for one in hall_of(manager).counters:
        if one.number == number:
            return one
    raise HTTPException(404)


PAGES: list[BaseRoute] = [
    for_managers("/counters/{number:int}", counter),
    for_managers("/counters/{number:int}/open", open_counter, posts=True),
    for_managers("/counters/{number:int}/pause", pause_counter, posts=True),
    for_managers("/counters/{number:int}/close", close_counter, posts=True),
    for_managers("/counters/{number:int}/services", set_services, posts=True),
]
