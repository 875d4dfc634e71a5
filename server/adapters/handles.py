"""File handles: as many as the system gives, and few words when there are none left (F11)."""

import asyncio
import errno
import logging
import time
from typing import Any

log = logging.getLogger(__name__)

SAY_EVERY_S = 60.0


def take_all_handles() -> None:
    """Raise this process's soft limit to the hard one; Windows has none worth the name."""
    try:
        import resource
    except ImportError:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class LoopErrors:
    """Keeps asyncio's own errors out of the way of the log.

    When no handle is left, asyncio 3.11 tells of it, with a traceback, once for every place in
    the backlog and again every second: megabytes of log that would fill the branch's disk.
    """

    def __init__(self) -> None:
        self._said_at_s = -SAY_EVERY_S

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """The loop's exception handler."""
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            if time.monotonic() - self._said_at_s >= SAY_EVERY_S:
                self._said_at_s = time.monotonic()
                log.error("no file handle is left: nobody new can connect (see LimitNOFILE)")
            return
        loop.default_exception_handler(context)
