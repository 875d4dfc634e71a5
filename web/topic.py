"""Something that changes, and that many wait for."""

import asyncio
import contextlib


class Topic:
    """Something that changes, and that many wait for."""

    def __init__(self) -> None:
        self.version = 0
        self._turned = asyncio.Event()

    def turn(self) -> None:
        """It changed: wake everyone who waits."""
        self.version += 1
        self._turned.set()
        self._turned = asyncio.Event()

    async def after(self, version: int, within_s: float) -> int:
        """Wait until it is newer than a version, or for so long; the version then."""
        if self.version == version:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(within_s):
                    await self._turned.wait()
        return self.version
