"""Where the branch's server is, and how its certificate is checked; without Qt, for the pages."""

import ipaddress
import ssl
from pathlib import Path
from urllib.parse import urlsplit


class LinkSettingsError(ValueError):
    """The address or certificate of the server cannot be used; the text says what to change."""


def tls_for(url: str, ca_file: Path | None, plain_allowed: bool) -> ssl.SSLContext | None:
    """How to check the server's certificate, None for plain ``ws``. Never a way back to plain."""
    parts = urlsplit(url)
    if parts.scheme not in ("ws", "wss") or not parts.hostname:
        raise LinkSettingsError(f"{url!r} is no server address; write ws://HOST:8765/ or wss://…")
    if parts.scheme == "wss":
        try:
            return ssl.create_default_context(cafile=ca_file)
        except OSError as error:  # ssl.SSLError is one
            raise LinkSettingsError(
                f"The certificate file {ca_file} cannot be used ({error}); "
                "give the branch's CA certificate in PEM form."
            ) from error
    if ca_file is not None:
        raise LinkSettingsError(
            f"A CA file is given but {url} is not encrypted; write wss:// or leave the file out."
        )
    if not plain_allowed and not _is_loopback(parts.hostname):
        raise LinkSettingsError(
            f"{url} is not encrypted and leads to another machine; "
            "use wss:// with the branch's certificate, or allow plain connections in the settings."
        )
    return None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
