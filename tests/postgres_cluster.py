"""A PostgreSQL server of the tests' own: made, started, stopped and removed by them."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

DEBIAN_PACKAGE = "postgresql"
START_DEADLINE_S = 20.0
STOP_DEADLINE_S = 10.0
_SUPERUSER = "antrean"
# Debian keeps the server's programs of each version in a folder of their own, off the PATH.
_DEBIAN_PROGRAMS = Path("/usr/lib/postgresql")


class PostgresMissingError(RuntimeError):
    """PostgreSQL's programs are not on this machine; the text names the package to install."""


class PostgresCluster:
    """One private server on a Unix socket, with fsync on as in a branch.

    It listens on no TCP port, so clusters side by side never meet. ``initdb`` and ``postgres``
    refuse to run as root; then they run as an unprivileged user who owns the folder.
    """

    def __init__(self, programs: Path | None = None) -> None:
        self._programs = programs or find_programs()
        owner = _unprivileged_user()
        self._user = owner and owner.pw_uid
        self._group = owner and owner.pw_gid
        self._extra_groups: list[int] | None = [] if owner else None
        self.folder = Path()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        # A short path: the socket's whole name must stay below 108 bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="antrean-pg-"))
        try:
            if self._user is not None and self._group is not None:
                os.chown(self.folder, self._user, self._group)
            self._make()
            self._start()
        except BaseException:
            self._remove()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._remove()

    def url(self, database: str = "postgres") -> str:
        """Say how to reach a database, in the words of libpq and of SQLAlchemy 2.1."""
        return f"postgresql://{_SUPERUSER}@/{database}?host={self.folder}"

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """Keep an empty database for as long as the block runs, and give its address."""
        identifier = sql.Identifier(name)
        self._execute(sql.SQL("CREATE DATABASE {}").format(identifier))
        try:
            yield self.url(name)
        finally:
            # FORCE: a test that failed may have left its connection open.
            self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(identifier))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement)

    def _make(self) -> None:
        subprocess.run(
            [
                self._programs / "initdb",
                f"--pgdata={self.folder / 'data'}",
                f"--username={_SUPERUSER}",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
            text=True,
            cwd=self.folder,
            user=self._user,
            group=self._group,
            extra_groups=self._extra_groups,
        )

    def _start(self) -> None:
        with (self.folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [
                    *_dies_with_its_parent(),
                    self._programs / "postgres",
                    "-D",
                    self.folder / "data",
                    "-k",
                    self.folder,
                    "-c",
                    "listen_addresses=",
                    "-c",
                    "fsync=on",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                user=self._user,
                group=self._group,
                extra_groups=self._extra_groups,
            )
        deadline = time.monotonic() + START_DEADLINE_S
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(
                    f"PostgreSQL did not start:\n{(self.folder / 'log').read_text()}"
                )
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url()).close()
        except psycopg.OperationalError:
            return False
        return True

    def _remove(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # "fast": ends sessions, then writes all down
            try:
                self.process.wait(STOP_DEADLINE_S)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(STOP_DEADLINE_S)
        shutil.rmtree(self.folder)


def find_programs() -> Path:
    """Find the folder of ``initdb`` and ``postgres``, the newest version first.

    Raises PostgresMissingError, naming the Debian package, if there is none.
    """
    versions = sorted(
        _DEBIAN_PROGRAMS.glob("*/bin/initdb"),
        key=lambda path: int(path.parent.parent.name) if path.parent.parent.name.isdigit() else 0,
    )
    if versions:
        return versions[-1].parent
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    raise PostgresMissingError(
        "PostgreSQL's initdb was not found: install the Debian package "
        f"'{DEBIAN_PACKAGE}' (script/setup test does it)."
    )


def _unprivileged_user() -> pwd.struct_passwd | None:
    """Choose who runs the server; None means that we may run it ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise PostgresMissingError(
        "PostgreSQL does not run as root, and this machine has neither the user 'postgres' nor "
        f"'nobody': install the Debian package '{DEBIAN_PACKAGE}', which brings its user."
    )


def _dies_with_its_parent() -> list[str]:
    """Let the kernel end the server when the tests are killed outright (Linux)."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "INT", "--"] if setpriv else []
