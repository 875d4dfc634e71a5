"""Says from how far the board on this machine's screen is read, and where that is too little."""

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QScreen

from assets.texts import Texts
from display.reading import USUAL_INCHES, Reading, inches_for, reading, whole
from ui.theme import screen_pitch_mm, tv_theme
from ui.tokens import mm_per_px_of

if TYPE_CHECKING:
    from ui.settings import Settings


@dataclass(frozen=True)
class ToldSizes:
    """The sentences, and whether the last one is a warning."""

    sentences: tuple[str, ...]
    warning: str
    reading: Reading


def told_sizes(
    texts: Texts, screen: QScreen, size: QSize, *, inches: float | None, far_seat_m: float
) -> ToldSizes:
    """What is to be said of a board of this size (device-independent pixels) on a screen."""
    whole_screen = screen.geometry().size()
    pitch_mm = screen_pitch_mm(screen, inches)
    source = "measured" if inches is not None else "by-itself"
    if pitch_mm is None:
        source = "unknown"
        pitch_mm = mm_per_px_of(USUAL_INCHES, whole_screen.width(), whole_screen.height())
    sizes = tv_theme(size).sizes
    read = reading(sizes, pitch_mm, size.width(), size.height())
    told = texts(
        "display.sizes.readable",
        number=whole(read.number_m),
        counter=whole(read.counter_m),
        history=whole(read.history_m),
        line=whole(read.line_m),
        inches=round(read.inches),
    )
    picture = texts(f"display.sizes.{source}", width=size.width(), height=size.height())
    warning = ""
    if far_seat_m > read.call_m:
        warning = texts(
            "display.sizes.too-far",
            far=f"{far_seat_m:g}",
            call=whole(read.call_m),
            inches=inches_for(sizes, far_seat_m, size.width(), size.height()),
        )
    return ToldSizes((told, picture), warning, read)


def show_sizes(settings: "Settings") -> int:
    """Print it for this machine, for ``--show-sizes``; the exit code."""
    from PySide6.QtWidgets import QApplication

    from display.options import FAR_SEAT_M
    from ui.program import LANGUAGE, SCREEN, SCREEN_INCHES, WINDOWED, ExitCode

    app = QApplication.instance() or QApplication([sys.argv[0]])
    assert isinstance(app, QApplication)
    screens, number = app.screens(), settings[SCREEN]
    screen = screens[number - 1] if number and number <= len(screens) else app.primaryScreen()
    windowed = settings[WINDOWED]
    size = screen.geometry().size()
    if windowed is not None:
        size = QSize(windowed.width, windowed.height)
    told = told_sizes(
        Texts.load(settings[LANGUAGE], ("display",)),
        screen,
        size,
        inches=settings[SCREEN_INCHES],
        far_seat_m=settings[FAR_SEAT_M],
    )
    for sentence in (*told.sentences, told.warning):
        if sentence:
            sys.stdout.write(f"{sentence}\n")
    return ExitCode.OK
