"""The branch's key in an administrator's hands: which one it is, copies kept apart, a lost one.

Nothing here ever prints a key.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from db import tables as t
from server.adapters.branch_key import (
    COPY_CURE,
    FILE_NAME,
    BranchKeyError,
    branch_key,
    key_of,
    read_key,
    write_key,
)
from server.adapters.sealing import KeySealer
from server.administration.erasing import tell_erased
from server.administration.refusal import RefusedError
from server.ports import Erasure, SealBrokenError
from server.store import Store

# One damaged row says nothing of the key, so a few are tried.
TRIED = 5


def sealer_of(store: Store, folder: Path) -> KeySealer:
    """The sealer of a branch. A new key is made only where nothing stands under seal yet.

    Raises BranchKeyError with the cure: a branch with two keys could read half of what it has.
    """
    sealed = store.some_sealed(TRIED)
    sealer = KeySealer(branch_key(folder, make=not sealed))
    if not opens(sealer, sealed):
        raise BranchKeyError(
            f"{folder / FILE_NAME} ({sealer.name}) is not the key with which this branch sealed "
            f"what it has. {COPY_CURE} If there is none: 'antrean-server key replace'."
        )
    return sealer


def opens(sealer: KeySealer, sealed: Sequence[tuple[str, str, bytes]]) -> bool:
    """Whether a key opens any of these; none at all prove nothing against it."""
    for kind, record_id, seal in sealed:
        try:
            sealer.open(kind, record_id, seal)
        except SealBrokenError:
            continue
        return True
    return not sealed


def key_name(folder: Path) -> str:
    """What copies of the key are compared by."""
    return KeySealer(branch_key(folder, make=False)).name


def export_key(folder: Path, target: Path) -> str:
    """Write a copy of the key to a new file, away from the database; gives its name."""
    key = branch_key(folder, make=False)
    if target.resolve().is_relative_to(folder.resolve()):
        raise RefusedError(
            f"{target} lies in the branch's own folder: keep the copy apart from the database "
            "and from its backups, such as in the safe."
        )
    try:
        write_key(target, key)
    except FileExistsError:
        raise RefusedError(f"{target} is there already: name a new file.") from None
    return KeySealer(key).name


def key_text(folder: Path) -> str:
    """The key as it stands in its file."""
    return branch_key(folder, make=False).hex()


def copy_in(source: Path) -> str:
    """What a file says that should be a key."""
    if not source.is_file():
        raise RefusedError(f"{source}: there is no such file.")
    return read_key(source).hex()


def import_key(store: Store, folder: Path, text: str) -> list[str]:
    """Put a copy in the key's place, if it opens what stands under seal."""
    key = key_of(text, "This")
    sealer, sealed = KeySealer(key), store.some_sealed(TRIED)
    if not opens(sealer, sealed):
        raise RefusedError(
            f"The key {sealer.name} does not open what this branch sealed: it is another "
            "branch's key, or an older one. Nothing was changed."
        )
    path = folder / FILE_NAME
    said = []
    if path.exists():
        if path.read_text("ascii", "replace").strip() == key.hex():
            return [f"{path} is this key ({sealer.name}) already"]
        said = [_put_aside(path)]
    write_key(path, key)
    return [f"{path} is now the key {sealer.name}", *said]


def replace_key(store: Store, folder: Path, now_ms: int) -> list[str]:
    """Give up what stands under seal, and begin with a new key: the last way out."""
    counts = _counts(store)
    records = [str(row["id"]) for row in store.rows(t.sealed_record)]
    members = [bytes(row["fingerprint"]) for row in store.rows(t.member)]
    if counts:
        tell_erased(store, counts, "key-lost", Erasure(None, records, members), now_ms)
    path = folder / FILE_NAME
    said = [_put_aside(path)] if path.exists() else []
    sealer = KeySealer(branch_key(folder))
    gone = ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "nothing"
    return [f"given up: {gone}", *said, f"{path} is the new key {sealer.name}"]


def _counts(store: Store) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in store.rows(t.sealed_record):
        counts[str(row["kind"])] = counts.get(str(row["kind"]), 0) + 1
    if members := len(store.rows(t.member)):
        counts["member"] = members
    return counts


def _put_aside(path: Path) -> str:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.name}.replaced-{stamp}")
    path.replace(aside)
    return f"the replaced key is kept as {aside}"
