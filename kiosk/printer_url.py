"""A printer's address as one line: ``network://10.0.0.5:9100?profile=TM-T88V``.

========  =====================================  ==========================================
kind      address                                for
========  =====================================  ==========================================
network   ``network://HOST[:PORT]``              a printer on the branch's network
usb       ``usb://VENDOR:PRODUCT``, ``usb://auto``  a USB printer (hexadecimal ids, see lsusb)
serial    ``serial:///dev/ttyUSB0?baud=19200``   a serial printer (``serial://COM3`` on Windows)
serial    ``serial://067b:2303``                 the one with these USB ids, whatever its port
file      ``file:///dev/usb/lp0``                a device file, or a plain file that grows
none      ``none:``                              no printer: tickets stay on the screen
========  =====================================  ==========================================

Settings after ``?``: ``profile`` (a name of python-escpos; without it: ASCII, QR code as a
picture), ``width`` (58 or 80), ``columns``, ``status=no`` (a printer that never answers is not
asked), ``settle`` (seconds between the last byte and the last look at the paper), ``answer``
(seconds that a printer may take to say how it is once it has all bytes). A device may be
a pattern, ``serial:///dev/ttyUSB*``: what is unplugged may come back under another name.
"""

import importlib.util
import json
import re
from pathlib import Path
from typing import Literal, cast
from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import Struct, structs

Kind = Literal["network", "usb", "serial", "file", "none"]
_SETTINGS = {
    "network": {"profile", "width", "columns", "status", "settle", "answer"},
    "usb": {"profile", "width", "columns", "status", "settle", "answer"},
    "serial": {"profile", "width", "columns", "status", "settle", "answer", "baud"},
    "file": {"profile", "width", "columns", "status", "settle", "answer"},
    "none": set[str](),
}
_BAUDS = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
_EXAMPLES = "network://10.0.0.5:9100, usb://auto, serial:///dev/ttyUSB0, file:///dev/usb/lp0, none:"


class PrinterUrlError(ValueError):
    """A printer address that cannot be used; the text says what to write instead."""


class PrinterUrl(Struct, frozen=True):
    """A checked printer address."""

    kind: Kind
    text: str
    host: str = ""
    port: int = 9100
    vendor: int | None = None
    product: int | None = None
    device: str = ""
    baud: int = 9600
    profile: str | None = None
    width_mm: Literal[58, 80] | None = None
    columns: int | None = None
    asks_status: bool = True
    settle_s: float = 0.6
    answer_s: float = 1.5

    @property
    def bytes_per_s(self) -> float | None:
        """How fast the wire is where that matters: ten bits a byte on a serial line."""
        return self.baud / 10 if self.kind == "serial" else None


def parse_printer_url(text: str) -> PrinterUrl:
    """The address in `text`; raises `PrinterUrlError` with a sentence that says what to write."""
    given = text.strip()
    kind = given.split(":", 1)[0].lower()
    if given in ("", "none") or kind == "none":
        return PrinterUrl("none", given)
    if kind not in _SETTINGS or "://" not in given:
        raise PrinterUrlError(f"The printer address {text!r} is not one of: {_EXAMPLES}.")
    try:
        parts = urlsplit(given)
    except ValueError as error:
        raise PrinterUrlError(f"The printer address {text!r} cannot be read: {error}.") from error
    settings = _settings(kind, parts.query, text)
    url = _shared(cast(Kind, kind), given, settings)
    if kind == "network":
        return _network(url, parts.netloc, parts.path)
    if kind == "usb":
        return _usb(url, parts.netloc or parts.path)
    device = unquote(parts.netloc + parts.path)
    if not device or (kind == "file" and not device.startswith("/")):
        example = "serial:///dev/ttyUSB0" if kind == "serial" else "file:///dev/usb/lp0"
        raise PrinterUrlError(f"The printer address {text!r} names no device, as in {example}.")
    baud = _number(settings, "baud", _BAUDS)
    return structs.replace(url, device=device, baud=baud or url.baud)


def _shared(kind: Kind, text: str, settings: dict[str, str]) -> PrinterUrl:
    width = _number(settings, "width", (58, 80))
    return PrinterUrl(
        kind,
        text,
        profile=_profile(settings),
        width_mm=cast(Literal[58, 80] | None, width),
        columns=_number(settings, "columns", range(24, 73)),
        asks_status=_yes(settings, "status"),
        settle_s=_seconds(settings, "settle", default=0.6),
        answer_s=_seconds(settings, "answer", default=1.5),
    )


def _network(url: PrinterUrl, netloc: str, path: str) -> PrinterUrl:
    host, _, port = netloc.partition(":")
    if "[" in netloc or ":" in port:
        raise PrinterUrlError(
            f"The printer address {url.text!r} is IPv6; "
            "give the printer's IPv4 address or its name."
        )
    if not re.fullmatch(r"[A-Za-z0-9._-]+", host) or path not in ("", "/"):
        raise PrinterUrlError(
            f"The printer address {url.text!r} needs a host and nothing behind it, "
            "as in network://10.0.0.5:9100."
        )
    if port and not (re.fullmatch(r"[0-9]{1,5}", port) and 1 <= int(port) <= 65535):
        raise PrinterUrlError(f"The port {port!r} in {url.text!r} is not from 1 to 65535.")
    return structs.replace(url, host=host, port=int(port or url.port))


def _usb(url: PrinterUrl, address: str) -> PrinterUrl:
    if address.lower() == "auto":
        return url
    found = re.fullmatch(r"([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})", address)
    if not found:
        raise PrinterUrlError(
            f"The printer address {url.text!r} needs the ids that lsusb shows, "
            "as in usb://04b8:0202, or usb://auto."
        )
    vendor, product = (int(part, 16) for part in found.groups())
    return structs.replace(url, vendor=vendor, product=product)


def _settings(kind: str, query: str, text: str) -> dict[str, str]:
    settings: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in _SETTINGS[kind]:
            known = ", ".join(sorted(_SETTINGS[kind]))
            raise PrinterUrlError(
                f"The setting {name!r} in {text!r} is unknown; a {kind} printer has: {known}."
            )
        if name in settings:
            raise PrinterUrlError(f"The setting {name!r} stands twice in {text!r}.")
        settings[name] = value
    return settings


def _number(settings: dict[str, str], name: str, allowed: tuple[int, ...] | range) -> int | None:
    if name not in settings:
        return None
    value = settings[name]
    if not (re.fullmatch(r"[0-9]{1,7}", value) and int(value) in allowed):
        words = (
            f"from {allowed.start} to {allowed.stop - 1}"
            if isinstance(allowed, range)
            else "one of " + ", ".join(map(str, allowed))
        )
        raise PrinterUrlError(f"The printer setting {name}={value} must be {words}.")
    return int(value)


def _yes(settings: dict[str, str], name: str) -> bool:
    value = settings.get(name, "yes")
    if value not in ("yes", "no"):
        raise PrinterUrlError(f"The printer setting {name}={value} must be yes or no.")
    return value == "yes"


def _seconds(settings: dict[str, str], name: str, default: float) -> float:
    if name not in settings:
        return default
    value = settings[name]
    if not re.fullmatch(r"\d(\.\d{1,3})?", value) or float(value) > 3:
        raise PrinterUrlError(f"The printer setting {name}={value} must be seconds from 0 to 3.")
    return float(value)


def _profile(settings: dict[str, str]) -> str | None:
    name = settings.get("profile")
    if name is None:
        return None
    known = known_profiles()
    if name not in known:
        raise PrinterUrlError(
            f"The printer profile {name!r} is unknown; python-escpos has: {', '.join(known)}."
        )
    return name


def known_profiles() -> list[str]:
    """The printer profiles of python-escpos, read without importing it (that takes 0.3 s)."""
    package = importlib.util.find_spec("escpos")
    if package is None or not package.submodule_search_locations:
        raise PrinterUrlError("The package python-escpos is missing; run script/setup.")
    places = [Path(place) / "capabilities.json" for place in package.submodule_search_locations]
    profiles = json.loads(places[0].read_text(encoding="utf-8"))["profiles"]
    return sorted(profiles, key=str.casefold)
