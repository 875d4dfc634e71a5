"""The TV in every state, with sample data and no server: for tests and pictures.

for name, tv in pages_for_screenshots():
    window = window_of(tv, 1920, 1080)
    window.grab().save(f"display-{name}.png")
    window.close()
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from assets.texts import Texts
from display.board_window import BoardWindow
from display.media_files import MediaFile
from display.media_show import MediaShow, OnOpened
from display.resting import CALL_S
from protocol.messages import (
    Estimate,
    MissedNumber,
    ServiceInfo,
    ServiceStandard,
    WaitingCount,
)
from protocol.session import LinkState
from tests.display.board_story import Tv
from tests.display.media_story import HandStage, picture
from voice.port import VoiceHealth, VoiceResult

SIZES = {
    "landscape": (1920, 1080),
    "portrait": (1080, 1920),
    "720p": (1280, 720),
    "4k": (3840, 2160),
    "demo": (640, 360),
    "4x3": (1024, 768),
    "5x4": (1280, 1024),
    "wxga": (1366, 768),
    "3x4": (768, 1024),
    "4k-portrait": (2160, 3840),
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
    window.take(
        tv.model,
        media=tv.media,
        reduce_motion=reduce_motion,
        elapsed_s=lambda: tv.clock.elapsed_s,
    )
    window.setFixedSize(QSize(width, height))
    window.show()
    QApplication.processEvents()
    if tv.media is not None:
        settle(tv, window)
    return window


def settle(tv: Tv, window: BoardWindow) -> None:
    """Let a call grow old, so that what stands between the calls is seen."""
    window.board.tick()
    if not tv.keeps_whole:
        tv.wait(CALL_S + 1)
        window.board.tick()
    QApplication.processEvents()


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


LONG_SERVICES = tuple(
    ServiceInfo(
        code=code,
        name={"id": name, "en": name_en},
        open=True,
        letter=code,
        standard=ServiceStandard(
            requirements=[{"id": "KTP elektronik", "en": "Electronic ID card"}] * 3
            + [{"id": "Surat keterangan dari kelurahan yang diketahui camat setempat"}],
            procedure={
                "id": "Ambil nomor, tunggu panggilan, serahkan berkas di loket, periksa data "
                "bersama petugas, terima hasilnya, lalu isi penilaian.",
                "en": "Take a number, wait for the call, hand in the papers, check the data.",
            },
            time={"id": "Sekitar 8 menit", "en": "About 8 minutes"},
            cost={"id": "Gratis", "en": "Free"},
            product={"id": "Data kepesertaan yang diperbarui", "en": "Corrected data"},
            complaints={"id": "Care Center 165, LAPOR! di lapor.go.id", "en": "Care Center 165"},
        ),
    )
    for code, name, name_en in (
        ("A", "Pendaftaran", "Registration"),
        ("B", "Perubahan data", "Change of data"),
        ("C", "Informasi dan pengaduan", "Information and complaints"),
        ("D", "Iuran dan tunggakan", "Contributions and arrears"),
        ("E", "Badan usaha (PPU)", "Employers (PPU)"),
        ("F", "Pengaktifan kembali penerima bantuan iuran", "Reactivation of those assisted"),
        ("G", "Kerja sama fasilitas kesehatan", "Agreements with health facilities"),
        ("H", "Mobile JKN dan PANDAWA", "Mobile JKN and PANDAWA"),
    )
)
"""Eight services, some with long names, each with its standard."""


class PaintedStage(HandStage):
    """Opens every picture as a bright one."""

    def open(self, file: MediaFile, on_opened: OnOpened) -> None:
        picture = QImage(1600, 900, QImage.Format.Format_RGB32)
        picture.fill(QColor("#0B62B0"))
        painter = QPainter(picture)
        painter.fillRect(200, 200, 1200, 500, QColor("#F4D35E"))
        painter.end()
        on_opened(picture, "")


def media_of(tv: Tv, *files: MediaFile) -> MediaShow:
    """A place for these pictures, and for the standards of the story's services."""
    stage = PaintedStage()
    stage.folder = files
    return MediaShow(stage, Path("/pictures"), elapsed_s=lambda: tv.clock.elapsed_s)


def _many(tv: Tv) -> None:
    """Twelve counters, eight services, eight missed numbers."""
    tv.text, tv.services = TEXT, LONG_SERVICES
    tv.waiting = [
        WaitingCount(service=one.code, count=12 + place, estimate=Estimate(from_s=900, to_s=2700))
        for place, one in enumerate(LONG_SERVICES)
    ]
    tv.reconnect()
    for counter in range(1, 13):
        tv.call(f"{'ABCDEFGH'[counter % 8]}{100 + counter}", counter)
        tv.wait_for_silence()
    until = tv.clock.now() + timedelta(minutes=9)
    tv.missed = [MissedNumber(number=f"{one}{90}", valid_until=until) for one in "ABCDEFGH"]
    tv.show()
    tv.wait(0.4)


def _zone(tv: Tv) -> None:
    _many(tv)
    tv.for_services = ["A", "B"]
    tv.waiting = tv.waiting[:2]
    tv.show()


def _long_zone(tv: Tv) -> None:
    _many(tv)
    tv.for_services = ["C", "D", "F", "G"]
    tv.show()


def _standard(tv: Tv) -> None:
    """Nobody is called: a page of a standard."""
    tv.services = LONG_SERVICES
    _served(tv)
    tv.media = media_of(tv)


def _picture(tv: Tv) -> None:
    tv.services = LONG_SERVICES
    _served(tv)
    tv.media = media_of(tv, picture("1.png"))


def _picture_while_one_is_late(tv: Tv) -> None:
    """Somebody has been called, and does not come."""
    tv.services = LONG_SERVICES
    busy(tv).call("P1004", 12)
    tv.media = media_of(tv, picture("1.png"))


def _called_with_media(tv: Tv) -> None:
    tv.services = LONG_SERVICES
    tv.media = media_of(tv, picture("1.png"))
    tv.keeps_whole = True
    _called(tv)


def _no_calls_with_media(tv: Tv) -> None:
    tv.services = LONG_SERVICES
    tv.media = media_of(tv)
    _empty(tv)


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
    "many": _many,
    "zone": _zone,
    "long-zone": _long_zone,
    "standard": _standard,
    "picture": _picture,
    "picture-late": _picture_while_one_is_late,
    "called-media": _called_with_media,
    "no-calls-media": _no_calls_with_media,
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
