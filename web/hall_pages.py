"""The live hall, and its stream."""

from collections.abc import AsyncIterator

from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute

from web.guarding import Manager, for_managers
from web.hall_shown import HallShown

RELOADS_S = 5
"""How often a browser without scripts loads the page again."""


async def hall(manager: Manager) -> Response:
    """Today, live."""
    now = await manager.house.feed.hall()
    if now is None:
        return manager.page("hall_waiting.html", {"reloads_s": RELOADS_S}, 503)
    shown = HallShown(now, manager.texts, manager.house.zone)
    return manager.page("hall.html", {**shown.context(), "reloads_s": RELOADS_S})


async def hall_stream(manager: Manager) -> Response:
    """What changed, as server-sent events; the sign-in is looked at again and again."""
    return StreamingResponse(
        _while_signed_in(manager),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def still_here(manager: Manager) -> Response:
    """The person moved: the session does not idle out under their eyes."""
    return Response(status_code=204)


async def _while_signed_in(manager: Manager) -> AsyncIterator[str]:
    house, request = manager.house, manager.request
    async for event in house.feed.events(manager.texts.language):
        if await request.is_disconnected():
            return
        found = await house.sessions.find(manager.key, house.monotonic_s(), is_deed=False)
        if found is None:
            yield "event: over\ndata: {}\n\n"
            return
        yield event


PAGES: list[BaseRoute] = [
    for_managers("/hall", hall),
    for_managers("/hall/stream", hall_stream, is_deed=False),
    for_managers("/hall/here", still_here, posts=True),
]
