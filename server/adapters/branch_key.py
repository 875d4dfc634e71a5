"""The branch's secret key: one small file beside the database, made once and never shown.

It is not in any backup: who has a copy of the database reads nothing of what stands under seal.
"""

import logging
import os
import secrets
from pathlib import Path

from server.adapters.sealing import KEY_BYTES

log = logging.getLogger(__name__)

FILE_NAME = "branch.key"
COPY_CURE = (
    "Put the copy that was kept apart from the backups in its place: "
    "'antrean-server key import FILE'."
)


class BranchKeyError(Exception):
    """The key cannot be used; the text names file and cure."""


def branch_key(folder: Path, *, make: bool = True) -> bytes:
    """The key of the branch in ``folder``; a new one is made, readable by its owner only.

    A key that others could read is made private again, and told of. Raises BranchKeyError.
    """
    path = folder / FILE_NAME
    try:
        key = read_key(path)
    except FileNotFoundError:
        if not make:
            raise BranchKeyError(
                f"{path} is missing: without it nothing under seal can be read. {COPY_CURE}"
            ) from None
        return _make(path)
    _make_private(path)
    return key


def read_key(path: Path) -> bytes:
    """The key in a file; raises BranchKeyError, and OSError where the file cannot be read."""
    return key_of(path.read_text(encoding="ascii", errors="replace"), str(path))


def key_of(text: str, where: str) -> bytes:
    """The key that a text spells; raises BranchKeyError without a letter of it."""
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise BranchKeyError(
            f"{where} is no key of a branch: it has {KEY_BYTES * 2} hex digits. {COPY_CURE}"
        )
    return key


def write_key(path: Path, key: bytes) -> None:
    """Write a key to a new file that its owner alone may read; raises FileExistsError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key.hex() + "\n")
        file.flush()
        os.fsync(file.fileno())


def is_private(path: Path) -> bool:
    """Whether nobody but its owner may read a file; Windows keeps that elsewhere."""
    return os.name != "posix" or not path.stat().st_mode & 0o077


def _make(path: Path) -> bytes:
    key = secrets.token_bytes(KEY_BYTES)
    try:
        write_key(path, key)
    except FileExistsError:  # somebody else made it a moment ago
        return read_key(path)
    return key


def _make_private(path: Path) -> None:
    """A branch must open in the morning: what can be mended is mended, and said."""
    if is_private(path):
        return
    try:
        path.chmod(0o600)
    except PermissionError:
        raise BranchKeyError(
            f"{path} can be read by other users of this machine, and belongs to another one: "
            f"chown it to the server's user, and chmod 600 {path}"
        ) from None
    log.warning("other users could read %s; it is private again (docs/privacy.md, breach)", path)
