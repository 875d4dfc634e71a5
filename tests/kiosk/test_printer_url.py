"""Printer addresses: what is meant, and a sentence for each mistake."""

import subprocess
import sys

import pytest

from kiosk.printer_url import PrinterUrl, PrinterUrlError, parse_printer_url


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("network://10.0.0.5", {"kind": "network", "host": "10.0.0.5", "port": 9100}),
        ("network://printer-1.kc.lan:9101", {"host": "printer-1.kc.lan", "port": 9101}),
        (
            "network://10.0.0.5:9100?profile=TM-T88V&width=80",
            {"profile": "TM-T88V", "width_mm": 80, "asks_status": True},
        ),
        ("network://h?status=no&settle=0", {"asks_status": False, "settle_s": 0.0}),
        ("network://h?settle=1.5&columns=42", {"settle_s": 1.5, "columns": 42}),
        ("usb://04b8:0202", {"kind": "usb", "vendor": 0x04B8, "product": 0x0202}),
        ("usb://auto", {"kind": "usb", "vendor": None}),
        ("serial:///dev/ttyUSB0?baud=19200", {"device": "/dev/ttyUSB0", "bytes_per_s": 1920}),
        ("serial:///dev/ttyS0", {"kind": "serial", "baud": 9600}),
        ("serial://COM3", {"device": "COM3"}),
        ("file:///dev/usb/lp0", {"kind": "file", "asks_status": True, "bytes_per_s": None}),
        ("file:///tmp/a%20roll.bin", {"device": "/tmp/a roll.bin"}),
        ("none:", {"kind": "none"}),
        ("", {"kind": "none"}),
        ("  NETWORK://h ", {"kind": "network", "host": "h"}),
    ],
)
def test_an_address_says_what_it_means(text: str, facts: dict[str, object]) -> None:
    url = parse_printer_url(text)
    assert {name: getattr(url, name) for name in facts} == facts


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("10.0.0.5:9100", "is not one of: network://"),
        ("bluetooth://aa", "is not one of: network://"),
        ("network:10.0.0.5", "is not one of: network://"),
        ("network://", "needs a host"),
        ("network://host/queue", "needs a host and nothing behind it"),
        ("network://ho st", "needs a host"),
        ("network://user@host", "needs a host"),
        ("network://h:99999", "not from 1 to 65535"),
        ("network://h:abc", "not from 1 to 65535"),
        ("network://[::1]:9100", "IPv6"),
        ("network://[::1", "cannot be read"),
        ("network://h?profil=TM-T88V", "'profil' in 'network://h?profil=TM-T88V' is unknown"),
        ("network://h?profile=TM-T88", "python-escpos has:"),
        ("network://h?width=70", "width=70 must be one of 58, 80"),
        ("network://h?width=", "width= must be one of 58, 80"),
        ("network://h?columns=9", "columns=9 must be from 24 to 72"),
        ("network://h?columns=99999999999999", "must be from 24 to 72"),
        ("network://h?status=maybe", "must be yes or no"),
        ("network://h?settle=9", "seconds from 0 to 3"),
        ("network://h?settle=-1", "seconds from 0 to 3"),
        ("network://h?width=58&width=80", "stands twice"),
        ("network://h?baud=9600", "a network printer has: answer, columns"),
        ("usb://04b8", "as in usb://04b8:0202"),
        ("usb://04b8:zzzz", "as in usb://04b8:0202"),
        ("serial://", "names no device"),
        ("serial:///dev/ttyS0?baud=9601", "baud=9601 must be one of 1200"),
        ("file://relative", "names no device"),
        ("file:///dev/usb/lp0?baud=9600", "a file printer has: answer, columns"),
    ],
)
def test_each_mistake_has_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(PrinterUrlError) as caught:
        parse_printer_url(text)
    assert sentence in str(caught.value)
    assert str(caught.value).endswith(".")


def test_an_address_can_be_read_again_from_its_own_text() -> None:
    url = parse_printer_url("serial:///dev/ttyUSB0?baud=115200&profile=POS-5890")
    assert parse_printer_url(url.text) == url
    assert isinstance(url, PrinterUrl)


def test_the_kiosk_itself_never_loads_the_printing_library() -> None:
    """Law 3, and 0.3 s of the first frame."""
    code = (
        "import sys, kiosk.supervised_printer, kiosk.printer_url\n"
        "kiosk.printer_url.parse_printer_url('network://h?profile=TM-T88V')\n"
        "assert not {'escpos', 'serial', 'usb', 'PIL', 'PySide6'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
