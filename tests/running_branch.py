"""A real branch in processes of its own: the shipped server, its devices and its staff.

with RunningBranch(tmp_path) as branch:
    async with branch.client("kiosk-1") as kiosk: ...
"""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from db.engine import sqlite_url
from protocol.roles import DeviceRole, StaffRole
from server.adapters.clock import wall_ms
from server.administration.devices import add_devices
from server.administration.settings import set_setting
from server.administration.staff import add_staff
from server.store import Store
from tests.conftest import find_free_port
from tests.wire_client import WireClient

PIN = "839201"
READY_WITHIN_S = 20.0


class BranchDidNotStartError(Exception):
    """The server ended or stayed silent; the text is what it said."""


class RunningBranch:
    """One data directory and the server on it, which may be killed and started again."""

    def __init__(self, data: Path, *, database: str | None = None, options: tuple[str, ...] = ()):
        self.data = data
        self.port = find_free_port()
        self.url = f"ws://127.0.0.1:{self.port}/"
        self.tokens: dict[str, str] = {}
        self.roles: dict[str, str] = {}
        self._database = ("--database", database) if database else ()
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        self.log = data.parent / f"{data.name}-server.log"

    # Administration, with the server stopped.

    def command(self, *words: str, **environment: str) -> str:
        """Run ``antrean-server WORDS --data DIR``; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "server", *words, "--data", str(self.data), *self._database],
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    @contextmanager
    def _store(self) -> Iterator[Store]:
        # What the commands do, without the start of a program for each: tests of the command line
        # are elsewhere, and a crowd of 64 would be half of a minute's work.
        self.data.mkdir(parents=True, exist_ok=True)
        url = self._database[1] if self._database else sqlite_url(self.data / "branch.db")
        with Store.open(url) as store:
            yield store

    def add_devices(self, role: str, *names: str) -> Self:
        """Register devices of a role."""
        with self._store() as store:
            self.tokens |= dict(add_devices(store, names, DeviceRole(role), None, wall_ms()))
        self.roles |= dict.fromkeys(names, role)
        return self

    def add_staff(self, *names: str, role: str = "frontliner") -> Self:
        """Register people, all with the same PIN."""
        with self._store() as store:
            for name in names:
                add_staff(store, name, None, StaffRole(role), PIN, wall_ms())
        return self

    def configure(self, **settings: Any) -> Self:
        """Set ``limits__commands_per_s=0`` and the like."""
        with self._store() as store:
            for key, value in settings.items():
                set_setting(store, key.replace("__", "."), str(value))
        return self

    def secure(self, *hosts: str) -> Path:
        """Serve wss from the next start on, with a certificate for these hosts; gives the CA."""
        folder = self.data / "certificates"
        self.command("certificate", *hosts, "--to", str(folder))
        pair = ("--certificate", str(folder / "server.pem"), "--key", str(folder / "server.key"))
        self._options = (*self._options, *pair)
        self.url = self.url.replace("ws://", "wss://")
        return folder / "branch-ca.pem"

    # Running.

    def start(self) -> Self:
        """Start the server and wait until devices may connect."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "server", "--data", str(self.data)),
                    *("--host", "127.0.0.1", "--port", str(self.port)),
                    *self._database,
                    *self._options,
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline_s = time.monotonic() + READY_WITHIN_S
        while not self._listens():
            if self._process.poll() is not None or time.monotonic() > deadline_s:
                raise BranchDidNotStartError(self.log.read_text("utf-8", "replace")[-4000:])
            time.sleep(0.005)
        return self

    def _listens(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=0.2):
                return True
        except OSError:
            return False

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        assert self._process is not None, "the server was not started"
        return self._process

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        """Ask the server to end as systemd does; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()

    # Looking.

    def client(self, device: str, **options: Any) -> WireClient:
        """A connection of a registered device (an asynchronous context manager)."""
        return WireClient(
            self.url,
            role=self.roles[device],
            device=device,
            token=self.tokens[device],
            **options,
        )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Read the branch's SQLite file as anyone may, also while the server runs."""
        address = f"file:{self.data / 'branch.db'}?mode=ro"
        with sqlite3.connect(address, uri=True, timeout=5) as connection:
            return connection.execute(sql).fetchall()
