"""The ways to a printer: python-escpos' connectors, with what they lack put right.

Lives in the printing process only, as `escpos_printer` does, which alone uses it.
"""

import contextlib
import errno
import os
import socket
from pathlib import Path
from typing import Any

from escpos.escpos import Escpos
from escpos.exceptions import DeviceNotFoundError
from escpos.exceptions import Error as EscposError
from escpos.printer import File, Network, Serial, Usb

from kiosk.printer import PrinterReason
from kiosk.printer_finding import found_device
from kiosk.printer_url import PrinterUrl
from kiosk.printer_wire import ANSWER_WAIT_S, FileWire, NetworkWire, SerialWire, UsbWire, Wire


class WireError(Exception):
    """The way to the printer did not open."""

    def __init__(self, reason: PrinterReason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def open_wire(url: PrinterUrl, timeout_s: float) -> Wire:
    """The open way to the printer at `url`; raises `WireError`."""
    connector: Escpos | None = None
    try:
        connector = _connector(url, timeout_s)
        connector.open()
        return _wire(connector)
    except (EscposError, OSError, AssertionError, RuntimeError, ValueError) as error:
        if connector is not None:
            with contextlib.suppress(Exception):  # it never opened; nothing is lost
                connector.close()
        raise WireError(_reason(error)) from error


class _TidyNetwork(Network):  # type: ignore[misc]
    """The library leaves its socket open when a connection fails, once for each try."""

    def open(self, raise_not_found: bool = True) -> None:
        self.device = socket.create_connection((self.host, self.port), self.timeout)


class _AppendingFile(File):  # type: ignore[misc]
    """The library empties a plain file at each opening; a roll of paper keeps what is on it."""

    def open(self, raise_not_found: bool = True) -> None:
        # Without this an unplugged /dev/usb/lp0 would be made anew as a plain file, and every
        # ticket "printed" into it.
        path = Path(self.devfile)
        if path.is_relative_to("/dev") and not path.is_char_device():
            raise FileNotFoundError(errno.ENOENT, "not a device", self.devfile)
        if path.is_char_device():
            # Both ways, for printers answer there; a device that only takes is opened for that.
            try:
                handle = os.open(path, os.O_RDWR | os.O_NOCTTY)
            except PermissionError:
                handle = os.open(path, os.O_WRONLY | os.O_NOCTTY)
            self.device = os.fdopen(handle, "wb", buffering=0)
        else:
            self.device = path.open("ab", buffering=0)


class _GentleUsb(Usb):  # type: ignore[misc]
    """A USB printer that is not reset at each opening: a reset drops what it still prints."""

    def _configure_usb(self) -> None:
        import usb.core

        try:
            self.device.get_active_configuration()
        except usb.core.USBError:
            self.device.set_configuration()


def _connector(url: PrinterUrl, timeout_s: float) -> Escpos:
    if url.kind == "network":
        return _TidyNetwork(url.host, url.port, timeout=timeout_s)
    if url.kind == "serial":
        return Serial(found_device(url), baudrate=url.baud, timeout=ANSWER_WAIT_S)
    if url.kind == "file":
        return _AppendingFile(found_device(url), auto_flush=False)
    if url.vendor is not None:
        return _GentleUsb(url.vendor, url.product, timeout=timeout_s)
    return _GentleUsb(usb_args={"custom_match": _is_usb_printer}, timeout=timeout_s)


def _wire(connector: Any) -> Wire:
    if isinstance(connector, Network):
        return NetworkWire(connector)
    if isinstance(connector, Serial):
        return SerialWire(connector)
    if isinstance(connector, Usb):
        return UsbWire(connector, *_endpoints(connector.device))
    return FileWire(connector)


_USB_PRINTER_CLASS = 7
_USB_BULK = 2


def _is_usb_printer(device: Any) -> bool:
    return any(
        interface.bInterfaceClass == _USB_PRINTER_CLASS
        for configuration in device
        for interface in configuration
    )


def _endpoints(device: Any) -> tuple[int, int | None]:
    """The bulk endpoints out and in: they differ by maker, and some printers have no way in."""
    interfaces = sorted(
        device.get_active_configuration(),
        key=lambda interface: interface.bInterfaceClass != _USB_PRINTER_CLASS,
    )
    for interface in interfaces:
        bulk = [end.bEndpointAddress for end in interface if end.bmAttributes & 3 == _USB_BULK]
        outs = [address for address in bulk if not address & 0x80]
        ins = [address for address in bulk if address & 0x80]
        if outs:
            return outs[0], ins[0] if ins else None
    raise DeviceNotFoundError("this USB device has no way for print data")


_UNREACHABLE = {errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN, errno.ETIMEDOUT}
_FORBIDDEN = {errno.EACCES, errno.EPERM}


def _reason(error: BaseException) -> PrinterReason:
    """Why a printer did not open. The library wraps the system's own error, which says more."""
    cause = error
    if isinstance(error, EscposError) and error.__context__ is not None:
        cause = error.__context__
    number = getattr(cause, "errno", None)
    if isinstance(cause, ConnectionRefusedError) or number == errno.EBUSY:
        return PrinterReason.REFUSED
    if isinstance(cause, TimeoutError) or number in _UNREACHABLE:
        return PrinterReason.NO_ANSWER
    if number in _FORBIDDEN:
        return PrinterReason.NOT_ALLOWED
    # A missing libusb or serial driver is a matter of the installation, not of the printer.
    if isinstance(cause, (RuntimeError, ValueError)):
        return PrinterReason.PROGRAM
    return PrinterReason.NOT_FOUND
