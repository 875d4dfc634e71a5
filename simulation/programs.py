"""The real programs in processes of their own: started, driven by JSON lines, ended cleanly."""

import asyncio
import ctypes
import itertools
import json
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

READY_WITHIN_S = 30.0
ANSWER_WITHIN_S = 15.0
END_WITHIN_S = 8.0
LINE_BYTES_MAX = 1 << 20

Told = dict[str, Any]

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: between fork and exec nothing may be loaded.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class ProgramFailedError(Exception):
    """A program did not start, ended by itself, or did not do what it was asked."""


class Program:
    """One real program; what it says on standard error goes into a log file."""

    def __init__(self, name: str, words: Sequence[str], log: Path, more: Mapping[str, str]) -> None:
        """``words`` follow the name of the Python; ``more`` is added to the environment."""
        self.name = name
        self.log = log
        self._words = list(words)
        self._more = dict(more)
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start the process; what it says is not waited for."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self._words,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                env=_environment() | self._more,
                limit=LINE_BYTES_MAX,
                # Ctrl+C in the terminal is for us; the programs are ended in their order.
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )

    @property
    def pid(self) -> int:
        """The number of its process."""
        return self.process.pid

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The process that was started."""
        assert self._process is not None, f"{self.name} was not started"
        return self._process

    async def line(self, within_s: float = READY_WITHIN_S) -> str:
        """The next line that it says; raises ProgramFailedError if none comes."""
        assert self.process.stdout is not None
        try:
            async with asyncio.timeout(within_s):
                said = await self.process.stdout.readline()
        except TimeoutError:
            raise ProgramFailedError(f"{self.name} said nothing for {within_s:g} s") from None
        if not said:
            code = await self.process.wait()
            raise ProgramFailedError(f"{self.name} ended with code {code}: {self.last_words()}")
        return said.decode("utf-8", "replace").strip()

    def send(self, words: Told) -> None:
        """Write one JSON line to its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(words).encode() + b"\n")

    async def ended(self) -> int:
        """Wait until it has ended; its exit code."""
        return await self.process.wait()

    async def end(self) -> None:
        """Ask it to end, and make it end if it does not."""
        if self._process is None or self._process.returncode is not None:
            return
        self._process.terminate()
        try:
            async with asyncio.timeout(END_WITHIN_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    def last_words(self) -> str:
        """The end of its log."""
        try:
            return self.log.read_text("utf-8", "replace").strip()[-2000:]
        except OSError:
            return f"(no log in {self.log})"


class ServerProgram(Program):
    """The branch's server; ``url`` is known once it started."""

    def __init__(self, data: Path, options: Sequence[str], log: Path) -> None:
        words = ["-m", "server", "--data", str(data), "--host", "127.0.0.1", "--port", "0"]
        super().__init__("server", [*words, *options], log, {})
        self.url = ""

    async def start(self) -> None:
        await super().start()
        said = await self.line()
        # One line: a sentence for people, or with --simulated-clock an object for programs.
        self.url = json.loads(said)["ready"] if said.startswith("{") else said.split()[-1]

    async def step_to(self, now_ms: int) -> None:
        """Move the simulated clock; returns when the server has the new time."""
        self.send({"now_ms": now_ms})
        told = json.loads(await self.line(ANSWER_WITHIN_S))
        if "error" in told:
            raise ProgramFailedError(f"server: {told['error']}")


class PagesProgram(Program):
    """The branch's pages; ``url`` is known once it started."""

    def __init__(self, words: Sequence[str], log: Path) -> None:
        super().__init__("web", ["-m", "web", *words], log, {})
        self.url = ""

    async def start(self) -> None:
        await super().start()
        self.url = (await self.line()).split()[-1]


class DrivenProgram(Program):
    """A screen program with ``--driven``: presses, keys, and what is seen (see ui/driving.py)."""

    def __init__(self, name: str, words: Sequence[str], log: Path, more: Mapping[str, str]) -> None:
        super().__init__(name, words, log, more)
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[Told]] = {}
        self._reader: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await super().start()
        while json.loads(await self.line()).get("done") != "start":
            pass
        self._reader = asyncio.create_task(self._read(), name=f"answers of {self.name}")

    async def ask(self, do: str, **question: object) -> Told:
        """Have one thing done; raises ProgramFailedError saying why it was not."""
        number = next(self._ids)
        answer: asyncio.Future[Told] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        if self._reader is None or self._reader.done():
            raise ProgramFailedError(f"{self.name} has ended: {self.last_words()}")
        self.send({"do": do, "id": number, **question})
        try:
            async with asyncio.timeout(ANSWER_WITHIN_S):
                told = await answer
        except TimeoutError:
            raise ProgramFailedError(f"{self.name} did not answer {do!r} {question}") from None
        if "error" in told:
            raise ProgramFailedError(f"{self.name}: {told['error']} (page {told.get('page')!r})")
        return told

    async def wait(self, **what: object) -> Told:
        """Wait until a widget or page is so."""
        return await self.ask("wait", deadline_s=ANSWER_WITHIN_S - 2, **what)

    async def end(self) -> None:
        await super().end()
        if self._reader is not None:
            await asyncio.wait([self._reader])

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while said := await self.process.stdout.readline():
            told = json.loads(said)
            waiting = self._answers.pop(told.get("id", 0), None)
            if waiting is not None and not waiting.done():
                waiting.set_result(told)
        code = await self.process.wait()
        gone = ProgramFailedError(f"{self.name} ended with code {code}: {self.last_words()}")
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(gone)
                waiting.exception()  # somebody may have stopped waiting for it
        self._answers.clear()


def _end_with_parent() -> None:
    """In the child: end too if the demo is killed and can end nobody any more (Linux)."""
    assert _LIBC is not None
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _environment() -> dict[str, str]:
    """Ours without ANTREAN_*: what this machine's own programs are told is not for a demo."""
    return {key: value for key, value in os.environ.items() if not key.startswith("ANTREAN_")}
