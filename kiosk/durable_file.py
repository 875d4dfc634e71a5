"""Writing so that a power cut cannot take it back: the bytes, and the name in its folder (F02)."""

import os
from pathlib import Path


def write_durably(file: int, data: bytes) -> None:
    """Write all of it to an open file and wait for the disk. Raises OSError."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]
    os.fsync(file)


def replace_durably(path: Path, data: bytes) -> None:
    """Put these bytes in a file's place: all of them, or what was there before. Raises OSError."""
    fresh = path.with_name(f"{path.name}.new")
    with fresh.open("wb") as file:
        write_durably(file.fileno(), data)
    fresh.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the disk knows the names in a folder. Raises OSError."""
    if os.name != "posix":
        return  # Windows has no handle on a folder to sync
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
