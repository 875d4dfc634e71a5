"""What ``doctor`` says of the membership directory: whether it can be asked, and the cure."""

import socket
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from db.members import imported_at_ms
from server.administration.refusal import RefusedError
from server.administration.toml_file import FileProblemError
from server.administration.vclaim_account import read_account
from server.config import Settings
from server.store import Store

LIST_AGE_DAYS_MAX = 31
_DAY_MS = 24 * 3600 * 1000


class Looked(NamedTuple):
    """``ok``, ``warning`` or ``error``; what was found, and what to do."""

    level: str
    what: str
    cure: str = ""


def look_at_directory(store: Store, vclaim_file: Path, now_ms: int) -> Looked:
    """Whether the directory of the settings would answer; nobody is looked up."""
    settings = store.settings()
    kind = settings.get("directory.kind")
    if kind == "file":
        return _list(store, now_ms)
    if kind == "vclaim":
        return _vclaim(settings, vclaim_file)
    return Looked("ok", "none: the officer looks membership up")


def _list(store: Store, now_ms: int) -> Looked:
    cure = "antrean-server members import FILE"
    with store.database.reading() as connection:
        at_ms = imported_at_ms(connection, store.branch_code)
    if at_ms is None:
        return Looked("error", "no list of members was imported yet", cure)
    days = max(0, now_ms - at_ms) // _DAY_MS
    level = "warning" if days > LIST_AGE_DAYS_MAX else "ok"
    return Looked(level, f"the list of members is {days} days old", cure if level != "ok" else "")


def _vclaim(settings: Settings, vclaim_file: Path) -> Looked:
    try:
        account = read_account(settings, vclaim_file)
    except (RefusedError, FileProblemError) as error:
        return Looked("error", str(error), "Until then the officer looks membership up by hand.")
    address = urlsplit(account.url)
    port = address.port or (443 if address.scheme == "https" else 80)
    try:
        with socket.create_connection(
            (address.hostname or "", port), timeout=settings.get("directory.deadline_s")
        ):
            return Looked("ok", f"{address.hostname}:{port} can be reached")
    except OSError as error:
        why = error.strerror or type(error).__name__
        return Looked(
            "warning",
            f"{address.hostname}:{port} cannot be reached ({why})",
            "Check directory.vclaim_url, the internet and the firewall; tickets do not need it.",
        )
