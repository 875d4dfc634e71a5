"""A branch whose clock a test turns by hand: whole days in seconds, on the shipped server."""

import json
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from tests.running_branch import READY_WITHIN_S, BranchDidNotStartError, RunningBranch

JAKARTA = ZoneInfo("Asia/Jakarta")


class TurnedBranch(RunningBranch):
    """Starts at ``now``, a local instant such as 2026-11-20T07:00, and stands still there."""

    def __init__(self, data: Path, now: str, *, program: str = "", options: tuple[str, ...] = ()):
        super().__init__(data, options=options)
        self.now = datetime.fromisoformat(now).replace(tzinfo=JAKARTA)
        self._program = program

    def start(self) -> Self:
        """Start the server; its output is the clock's answers, its errors are the log."""
        program = ("-c", self._program) if self._program else ("-m", "server")
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, *program, "--data", str(self.data)),
                    *("--host", "127.0.0.1", "--port", str(self.port)),
                    *("--simulated-clock", "--clock-start", self.now.isoformat()),
                    *self._options,
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        started_s = time.monotonic()
        if "ready" not in self._heard() or time.monotonic() - started_s > READY_WITHIN_S:
            raise BranchDidNotStartError(self.log.read_text("utf-8", "replace")[-4000:])
        return self

    def kill(self) -> None:
        super().kill()
        self._let_go()

    def stop(self) -> int:
        code = super().stop()
        self._let_go()
        return code

    def __exit__(self, *_: object) -> None:
        super().__exit__()
        self._let_go()

    def _let_go(self) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            assert pipe is not None
            with suppress(BrokenPipeError):
                pipe.close()

    def turn_to(self, now: datetime) -> None:
        """The clock goes on to this instant, and stands still again."""
        self.now = max(self.now, now)
        assert self.process.stdin is not None
        order = {"now_ms": int(self.now.timestamp() * 1000)}
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        self.process.stdin.flush()
        assert self._heard() == order

    def _heard(self) -> dict[str, object]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        told: dict[str, object] = json.loads(line) if line else {}
        return told
