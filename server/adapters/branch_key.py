"""The branch's secret key: one small file beside the database, made once and never shown."""

import os
import secrets
from pathlib import Path

from server.adapters.sealing import KEY_BYTES

FILE_NAME = "branch.key"


class BranchKeyError(Exception):
    """The key cannot be used; the text names file and cure."""


def branch_key(folder: Path, *, make: bool = True) -> bytes:
    """The key of the branch in ``folder``; a new one is made, readable by its owner only.

    Raises BranchKeyError.
    """
    path = folder / FILE_NAME
    try:
        return _read(path)
    except FileNotFoundError:
        if not make:
            raise BranchKeyError(
                f"{path} is missing: without it nothing under seal can be read. Put the copy "
                "that was kept apart from the backups in its place."
            ) from None
    key = secrets.token_bytes(KEY_BYTES)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # somebody else made it a moment ago
        return _read(path)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    return key


def _read(path: Path) -> bytes:
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (UnicodeDecodeError, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise BranchKeyError(
            f"{path} is no key of a branch: it has {KEY_BYTES * 2} hex digits. Put the copy that "
            "was kept apart from the backups in its place."
        )
    return key
