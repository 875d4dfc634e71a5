"""The branch's account at the VClaim service: what is public from the settings, the rest from a
file that only the server's user may read (``DIR/vclaim.toml`` with ``secret`` and ``user_key``).
"""

import os
from pathlib import Path
from typing import NamedTuple

from server.administration.refusal import RefusedError
from server.administration.toml_file import FileProblemError, TomlFile, read_toml
from server.config import Settings

EXAMPLE = 'secret = "…" and user_key = "…"'
_KEYS = ("secret", "user_key")


class Account(NamedTuple):
    """What the adapter needs; never shown."""

    url: str
    cons_id: str
    secret: str
    user_key: str

    def __repr__(self) -> str:
        return f"Account({self.url!r})"


def read_account(settings: Settings, path: Path) -> Account:
    """Put settings and secrets together; raises RefusedError or FileProblemError with a cure."""
    url = str(settings.get("directory.vclaim_url"))
    cons_id = str(settings.get("directory.vclaim_cons_id"))
    if not url or not cons_id:
        key = "directory.vclaim_cons_id" if url else "directory.vclaim_url"
        raise RefusedError(f"{key} is not set: antrean-server config set {key} …")
    if not path.is_file():
        raise RefusedError(
            f"{path}: there is no such file. Write it with {EXAMPLE}, and chmod 600 it."
        )
    _demand_private(path)
    try:
        file = read_toml(path)
    except FileProblemError:
        # Without its words: they may repeat the line, and the line the secret.
        raise RefusedError(f"{path}: is no proper TOML in UTF-8. Write {EXAMPLE}.") from None
    for key in file.data:
        if key not in _KEYS:
            raise file.problem((key,), "is not known here", f"Write {EXAMPLE} alone.")
    return Account(url, cons_id, *(_secret(file, key) for key in _KEYS))


def _demand_private(path: Path) -> None:
    # What systemd hands over (LoadCredential=) is private by a list that the mode does not show.
    handed_over = os.environ.get("CREDENTIALS_DIRECTORY")
    if handed_over and path.parent == Path(handed_over):
        return
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise RefusedError(f"{path}: other users of this machine may read it. chmod 600 {path}")


def _secret(file: TomlFile, key: str) -> str:
    value = file.data.get(key)
    # Headers carry it: nothing but printable ASCII can be right. It is not repeated here.
    if not isinstance(value, str) or not value or not (value.isascii() and value.isprintable()):
        raise file.problem((key,), "has no usable text", f"Write {EXAMPLE}.")
    return value
