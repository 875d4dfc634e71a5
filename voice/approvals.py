"""Who approved how a label sounds, and when: a small file that survives everything.

An approval holds for one sound: if words, voice or recording change, it is stale (field.md 4.10).
"""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

State = Literal["new", "approved", "stale-text", "stale-voice", "unspoken"]
"""Never approved; approved as it is; its words or its voice changed since; there is no sound."""


class Approval(msgspec.Struct, frozen=True):
    """One person's word on one sound."""

    text: str
    identity: str
    by: str
    at: datetime


class ApprovalsError(Exception):
    """The file cannot be read or written; the text says which and why."""


class Approvals:
    """All approvals of one display, by the label's key."""

    def __init__(self, file: Path) -> None:
        """Raises ApprovalsError if the file is there and is not ours: it is never overwritten."""
        self._file = file
        self._kept: dict[str, Approval] = {}
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise ApprovalsError(f"{file} cannot be read: {error}") from error
        try:
            self._kept = msgspec.json.decode(content, type=dict[str, Approval])
        except ValueError as error:  # of msgspec, or bytes that are no text
            raise ApprovalsError(f"{file} is not a list of approvals: {error}") from error

    def of(self, key: str) -> Approval | None:
        """The approval of a label, be it stale."""
        return self._kept.get(key)

    def state(self, key: str, text: str, identity: str) -> State:
        """How a label stands that is said with these words and this sound."""
        if not identity:
            return "unspoken"
        kept = self._kept.get(key)
        if kept is None:
            return "new"
        if kept.text != text:
            return "stale-text"
        return "approved" if kept.identity == identity else "stale-voice"

    def unused(self, keys: Mapping[str, object]) -> tuple[str, ...]:
        """Approvals of labels that the configuration no longer has."""
        return tuple(sorted(set(self._kept) - set(keys)))

    def approve(self, key: str, approval: Approval) -> None:
        """Write an approval down; raises ApprovalsError if that is not possible."""
        self._write(self._kept | {key: approval})

    def withdraw(self, key: str) -> None:
        """Take an approval back."""
        self._write({other: kept for other, kept in self._kept.items() if other != key})

    def _write(self, kept: dict[str, Approval]) -> None:
        part = self._file.with_suffix(f".{os.getpid()}.part")
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as out:
                out.write(msgspec.json.format(msgspec.json.encode(kept, order="sorted")) + b"\n")
                out.flush()
                os.fsync(out.fileno())
            part.replace(self._file)
        except OSError as error:
            raise ApprovalsError(f"{self._file} cannot be written: {error}") from error
        finally:
            part.unlink(missing_ok=True)
        self._kept = kept
