"""Live pages: server-sent events, which every browser since 2011 understands without a library."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import StreamingResponse

from web.topic import Topic

STILL_HERE_S = 15.0
"""A line at least so often, so that nothing between takes the connection for dead."""
RETRY_MS = 2000


def stream_of(request: Request, topic: Topic, shown: Callable[[], Any | None]) -> StreamingResponse:
    """What ``shown`` says, now and whenever the topic turns and it is different; None ends it."""

    async def events() -> AsyncIterator[str]:
        yield f"retry: {RETRY_MS}\n\n"
        version, before = topic.version, None
        while not await request.is_disconnected():
            seen = shown()
            if seen is None:
                yield "event: over\ndata: {}\n\n"
                return
            line = json.dumps(seen, ensure_ascii=False, separators=(",", ":"))
            # A line that is the same again only says that the link is alive.
            yield f"data: {line}\n\n" if line != before else ": .\n\n"
            before = line
            version = await topic.after(version, STILL_HERE_S)

    return StreamingResponse(
        events(),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
