"""The programs of one demo, from the first start to the last end: nothing stays running."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from simulation.demo_branch import PAGES, DemoBranch
from simulation.programs import DrivenProgram, PagesProgram, Program, ServerProgram


class Stage:
    """One branch's server and screens; leaving the stage ends the screens, then the server."""

    def __init__(self, branch: DemoBranch, environment: Mapping[str, str]) -> None:
        """``environment`` is added to that of every screen."""
        self.branch = branch
        self.server: ServerProgram | None = None
        self.screens: list[Program] = []
        self._environment = {
            # A demo must neither read this person's settings nor leave windows' places behind.
            **{f"XDG_{kind}_HOME": str(branch.data / "screens") for kind in ("CONFIG", "STATE")},
            # The counter's "already running" is asked through a socket there.
            "TMPDIR": str(branch.data),
            **environment,
        }

    async def start_server(self, *options: str) -> ServerProgram:
        """Start the server and wait until devices may connect."""
        log = self.branch.data / "logs" / "server.log"
        self.server = ServerProgram(self.branch.data, options, log)
        await self.server.start()
        return self.server

    async def start_pages(self) -> PagesProgram:
        """Start the pages, at the address that the tickets' QRs lead to."""
        assert self.server is not None, "the server comes first"
        pages = PagesProgram(
            [
                *("--server", self.server.url, "--data", str(self.branch.data)),
                *("--device", PAGES, "--token-file", str(self.branch.token_file(PAGES))),
                *("--port", str(self.branch.pages_port)),
            ],
            self.branch.data / "logs" / "web.log",
        )
        self.screens.append(pages)
        await pages.start()
        return pages

    def screen(
        self, module: str, device: str, geometry: str, *options: str, **more: str
    ) -> Program:
        """A screen program for a person's hands; ``start_screens`` starts it."""
        program = Program(device, *self._told(module, device, geometry, options, more))
        self.screens.append(program)
        return program

    def driven(
        self, module: str, device: str, geometry: str, *options: str, **more: str
    ) -> DrivenProgram:
        """A screen program that is driven from here; ``start_screens`` starts it."""
        options = ("--driven", *options)
        program = DrivenProgram(device, *self._told(module, device, geometry, options, more))
        self.screens.append(program)
        return program

    def _told(
        self,
        module: str,
        device: str,
        geometry: str,
        options: Sequence[str],
        more: Mapping[str, str],
    ) -> tuple[list[str], Path, Mapping[str, str]]:
        assert self.server is not None, "the server comes first"
        words = ["-m", module, "--server", self.server.url, "--device", device]
        words += ["--token-file", str(self.branch.token_file(device)), "--windowed", geometry]
        log = self.branch.data / "logs" / f"{device}.log"
        return [*words, *options], log, self._environment | dict(more)

    async def start_screens(self) -> None:
        """Start all screens together; returns when each that is driven has painted itself."""
        await asyncio.gather(
            *(one.start() for one in self.screens if not isinstance(one, PagesProgram))
        )

    @property
    def paper(self) -> Path:
        """The file that the kiosk's printer writes into, as a roll of paper grows."""
        file = self.branch.data / "paper.escpos"
        file.touch()
        return file

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await _end_together(self.screens)
        if self.server is not None:
            await self.server.end()


async def _end_together(programs: Sequence[Program]) -> None:
    await asyncio.gather(*(program.end() for program in programs))


def has_screen() -> bool:
    """Whether windows can be shown here."""
    if os.name == "nt" or os.uname().sysname == "Darwin":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
