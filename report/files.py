"""Files that are whole or not there: written beside, waited for, then named (F02)."""

import errno
import os
from pathlib import Path


class FileProblemError(Exception):
    """A file could not be written; ``code`` names why, for a sentence that people understand."""

    def __init__(self, code: str, path: Path) -> None:
        super().__init__(f"{code}: {path}")
        self.code = code
        self.path = path


_CODES = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EACCES: "refused",
    errno.EPERM: "refused",
    errno.EROFS: "read-only",
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.ESTALE: "missing",
    errno.EEXIST: "taken",
}


def add_durably(path: Path, data: bytes) -> None:
    """Write a new file, on the disk when this returns. Raises FileProblemError.

    A file that is there already is never touched: with the same bytes all is well, with others
    the name is taken.
    """
    fresh = path.with_name(f".{path.name}.new")
    try:
        if path.exists():
            if path.read_bytes() == data:
                return
            raise FileProblemError("taken", path)
        try:
            _write(fresh, data)
            fresh.rename(path)
        finally:
            fresh.unlink(missing_ok=True)
        _sync_folder(path.parent)
    except OSError as error:
        raise FileProblemError(_CODES.get(error.errno or 0, "failed"), path) from error


def replace_durably(path: Path, data: bytes) -> None:
    """Put these bytes in a file's place, all of them or what was there. Raises FileProblemError."""
    fresh = path.with_name(f".{path.name}.new")
    try:
        _write(fresh, data)
        fresh.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise FileProblemError(_CODES.get(error.errno or 0, "failed"), path) from error


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return  # Windows has no handle on a folder to sync
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
