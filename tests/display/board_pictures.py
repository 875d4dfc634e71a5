"""The TV in every state, with sample data and no server: for tests and pictures.

for name, tv in pages_for_screenshots():
    window = window_of(tv, 1920, 1080)
    window.grab().save(f"display-{name}.png")
    window.close()
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from display.board_window import BoardWindow
from protocol.messages import Estimate, MissedNumber, WaitingCount
from protocol.session import LinkState
from tests.display.board_story import Tv
from ui.texts import Texts
from voice.port import VoiceHealth, VoiceResult

SIZES = {
    "landscape": (1920, 1080),
    "portrait": (1080, 1920),
    "720p": (1280, 720),
    "4k": (3840, 2160),
    "demo": (640, 360),
}
TEXT = {
    "id": (
        "Siapkan KTP dan KK Anda. Bayar iuran, ubah data dan faskes lebih cepat lewat Mobile JKN. "
        "PANDAWA WhatsApp 0811 8165 165, Care Center 165."
    ),
    "en": "Please have your ID card ready. Mobile JKN and PANDAWA answer most matters at home.",
}
DISTURBED = {
    "id": "Mobile JKN sedang terganggu. Gunakan PANDAWA (WhatsApp) 0811-8165-165.",
    "en": "Mobile JKN is not working now. Please use PANDAWA (WhatsApp) 0811-8165-165.",
}


@cache
def texts_of(language: str) -> Texts:
    """The shipped words, strict: a key that is missing fails."""
    return Texts.load(language, ["display"], strict=True)


def window_of(
    tv: Tv, width: int, height: int, *, language: str = "id", reduce_motion: bool = True
) -> BoardWindow:
    """The window on a story, shown at a size."""
    window = BoardWindow(texts_of(language), server="ws://192.168.10.2:8765/", device="display-1")
    window.take(tv.model, reduce_motion=reduce_motion, elapsed_s=lambda: tv.clock.elapsed_s)
    window.setFixedSize(QSize(width, height))
    window.show()
    QApplication.processEvents()
    return window


def pages_for_screenshots() -> Iterator[tuple[str, Tv]]:
    """Each state's name and a story that has come to it."""
    for name, play in STATES.items():
        tv = Tv(connected=False)
        play(tv)
        yield name, tv


def busy(tv: Tv) -> Tv:
    """An ordinary forenoon."""
    tv.text = TEXT
    tv.waiting = [
        WaitingCount(service=code, count=count, estimate=None)
        for code, count in zip("ABCDEF", (6, 3, 12, 0, 2, 1), strict=True)
    ]
    tv.reconnect()
    for number, counter in (
        ("D031", 4),
        ("A010", 4),
        ("C015", 5),
        ("P003", 2),
        ("A011", 3),
        ("B007", 1),
    ):
        tv.call(number, counter)
        tv.wait_for_silence()
        tv.move_unseen(number, "serving")
    tv.show()
    return tv


def _called(tv: Tv) -> None:
    busy(tv).call("A012", 3)
    tv.wait(0.4)


def _served(tv: Tv) -> None:
    _called(tv)
    tv.wait(30)
    tv.move("A012", "serving")


def _recalled(tv: Tv) -> None:
    busy(tv).call("A012", 12)
    tv.wait(8)
    tv.call("A012", 12, call_count=2)


def _priority(tv: Tv) -> None:
    busy(tv).call("P004", 2)
    tv.wait(0.4)


def _burst(tv: Tv) -> None:
    busy(tv)
    for number, counter in (("A012", 3), ("B008", 1), ("P004", 2), ("C016", 5)):
        tv.call(number, counter)
    tv.wait(1)


def _long_numbers(tv: Tv) -> None:
    busy(tv).call("A1000", 12)
    tv.wait(20)
    tv.call("AK1012", 999)


def _missed(tv: Tv) -> None:
    _served(tv)
    now = tv.clock.now()
    tv.missed = [
        MissedNumber(number=number, valid_until=now + timedelta(minutes=minutes))
        for number, minutes in (("A009", 3), ("B004", 5), ("C001", 9), ("P002", 10))
    ]
    tv.waiting = []
    tv.show()


def _estimates(tv: Tv) -> None:
    _called(tv)
    tv.waiting = [
        WaitingCount(
            service=code, count=count, estimate=Estimate(from_s=count * 110, to_s=count * 190)
        )
        for code, count in zip("ABCDEF", (6, 3, 12, 1, 2, 4), strict=True)
    ]
    tv.show()


def _long_waits(tv: Tv) -> None:
    _called(tv)
    tv.waiting = [
        WaitingCount(service=code, count=128, estimate=Estimate(from_s=130 * 60, to_s=150 * 60))
        for code in "ABCDEF"
    ]
    tv.show()


def _silent(tv: Tv) -> None:
    busy(tv)
    tv.voice.health = VoiceHealth.NO_DEVICE
    tv.voice.breaks = [VoiceResult("failed", heard=False, health=VoiceHealth.NO_DEVICE)]
    tv.call("A012", 3)
    tv.wait(0.4)


def _disturbed(tv: Tv) -> None:
    _called(tv)
    tv.disturbed = DISTURBED
    tv.show()


def _disturbed_and_silent(tv: Tv) -> None:
    _silent(tv)
    tv.disturbed = DISTURBED
    tv.show()


def _lost(tv: Tv) -> None:
    _called(tv)
    tv.lose()


def _stale(tv: Tv) -> None:
    _lost(tv)
    tv.wait(6)


def _unattended(tv: Tv) -> None:
    _lost(tv)
    tv.wait(61)


def _stale_and_silent(tv: Tv) -> None:
    _silent(tv)
    tv.lose()
    tv.wait(6)


def _empty(tv: Tv) -> None:
    tv.text = TEXT
    tv.reconnect()


def _waiting(tv: Tv) -> None:
    tv.lose("unreachable")


def _refused(tv: Tv) -> None:
    tv.lose("bad-token", LinkState.REFUSED)


STATES: dict[str, Callable[[Tv], None]] = {
    "called": _called,
    "served": _served,
    "recalled": _recalled,
    "priority": _priority,
    "burst": _burst,
    "long-numbers": _long_numbers,
    "missed": _missed,
    "estimates": _estimates,
    "long-waits": _long_waits,
    "silent": _silent,
    "disturbed": _disturbed,
    "disturbed-silent": _disturbed_and_silent,
    "lost": _lost,
    "stale": _stale,
    "unattended": _unattended,
    "stale-silent": _stale_and_silent,
    "no-calls": _empty,
    "waiting": _waiting,
    "refused": _refused,
}
"""Name of a state to the story that leads there."""
