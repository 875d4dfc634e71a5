"""One writing program per branch database: the lock that a second one runs into (F09)."""

import os
import sys
from pathlib import Path
from typing import IO

from db.refusals import DatabaseLockedError


class FileLock:
    """Holds a lock file for as long as this process lives; the system frees it after a kill."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def acquire(self) -> None:
        """Take the lock, or raise DatabaseLockedError naming who has it."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        file = os.fdopen(descriptor, "r+")
        if not _try_lock(file):
            holder = file.read().strip() or "unknown"
            file.close()
            raise DatabaseLockedError(
                f"Another antrean-server (process {holder}) is using {self._path.parent}. "
                "Stop it first, or choose another --data folder."
            )
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Give the lock back; the file stays, because removing it would race with a waiter."""
        if self._file is not None:
            self._file.close()
            self._file = None


def lock_is_held(path: Path) -> bool:
    """Whether a program holds this lock now."""
    if not path.exists():
        return False
    with path.open("r+") as file:
        return not _try_lock(file)


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    # The byte that is locked lies far behind the text, which others must be able to read.
    _LOCKED_BYTE = 1 << 20

    def _try_lock(file: IO[str]) -> bool:
        file.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            file.seek(0)
        return True

else:
    import fcntl

    def _try_lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
