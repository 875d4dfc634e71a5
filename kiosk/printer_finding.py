"""Where a printer's device is now: plugged in again it often has another name (fault F30).

``serial://067b:2303`` is found by the ids of its USB plug (``serial://067b:2303:A10K`` by its
serial number, too), ``serial:///dev/ttyUSB*`` and ``file:///dev/usb/lp*`` by the first name that is
there. Looked up anew at each opening.
"""

import errno
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kiosk.printer_url import PrinterUrl

_PLUG = re.compile(r"([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::([^/]+))?")
_PATTERN = re.compile(r"[*\[]")


def found_device(url: PrinterUrl) -> str:
    """The device of a serial or file printer; raises FileNotFoundError where it is not there."""
    plug = _PLUG.fullmatch(url.device)
    if plug is not None and url.kind == "serial":
        from serial.tools.list_ports import comports

        found = device_of_plug(comports(), int(plug[1], 16), int(plug[2], 16), plug[3])
    elif _PATTERN.search(url.device):
        found = _first_of_pattern(url.device)
    else:
        found = url.device
    if found is None:
        raise FileNotFoundError(errno.ENOENT, "no such device", url.device)
    return found


def device_of_plug(
    ports: Iterable[Any], vendor: int, product: int, serial: str | None
) -> str | None:
    """The port with these USB ids, as pyserial lists them; None if there is none."""
    names = [
        str(port.device)
        for port in ports
        if (port.vid, port.pid) == (vendor, product) and serial in (None, port.serial_number)
    ]
    return min(names, key=_in_order, default=None)


def _first_of_pattern(pattern: str) -> str | None:
    path = Path(pattern)
    names = [name.as_posix() for name in path.parent.glob(path.name)]
    return min(names, key=_in_order, default=None)


def _in_order(name: str) -> tuple[int, str]:
    """ttyUSB2 before ttyUSB10."""
    return len(name), name
