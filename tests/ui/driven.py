"""Starts a real screen program and drives it through --driven, as the demo does."""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

CHECKOUT = Path(__file__).resolve().parents[2]
START_S = 20.0


class DrivenScreen:
    """One program in a process of its own. Leaving the ``with`` ends it.

    ``folder`` takes all that the program writes for itself.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """``command`` follows the Python interpreter, for example ``["-m", "kiosk", …]``."""
        self.process = subprocess.Popen(
            [sys.executable, *command, "--driven"],
            cwd=CHECKOUT,
            env=private_environment(folder) | dict(environment or {}),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._errors: list[str] = []
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self._readers = [
            threading.Thread(target=self._read_answers, args=(self.process.stdout,), daemon=True),
            threading.Thread(target=self._read_errors, args=(self.process.stderr,), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> "DrivenScreen":
        self.started = self.answer(START_S)
        assert self.started["done"] == "start", self.started
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        for reader in self._readers:
            reader.join(10)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    def ask(self, do: str, *, answer_s: float = 15.0, **more: object) -> dict[str, Any]:
        """Ask one thing and give the answer to it."""
        self.tell(json.dumps({"do": do, **more}))
        return self.answer(answer_s)

    def tell(self, line: str) -> None:
        """Write one line to the program."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def answer(self, within_s: float = 15.0) -> dict[str, Any]:
        """The next answer; fails with what the program said on standard error."""
        try:
            return self._answers.get(timeout=within_s)
        except queue.Empty:
            raise AssertionError(f"no answer in {within_s} s:\n{self.errors}") from None

    @property
    def errors(self) -> str:
        """What the program has said on standard error so far."""
        return "".join(self._errors)

    def end(self) -> int:
        """Ask it to quit; its exit code."""
        assert self.ask("quit") == {"done": "quit"}
        return self.process.wait(10)

    def _read_answers(self, lines: IO[str]) -> None:
        for line in lines:
            self._answers.put(json.loads(line))

    def _read_errors(self, lines: IO[str]) -> None:
        self._errors.extend(lines)


def private_environment(folder: Path) -> dict[str, str]:
    """The environment without this machine's own settings, writing into a folder of the test."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ANTREAN_")}
    return kept | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(CHECKOUT),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "XDG_CONFIG_DIRS": str(folder / "site-config"),
        "XDG_STATE_HOME": str(folder / "state"),
    }
