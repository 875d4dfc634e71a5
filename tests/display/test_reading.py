"""From how far the board is read, in real inches, and how that is told (U7, ux.md 4)."""

from typing import cast

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QFontMetricsF, QScreen
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from display.__main__ import PROGRAM
from display.reading import CAPITAL, FAR_SEAT_M, Reading, inches_for, reading, whole
from display.sizes_told import ToldSizes, told_sizes
from tests.display.board_pictures import texts_of
from ui.program import ExitCode, run_screen
from ui.theme import Weight, font_of, tv_theme
from ui.tokens import TV, mm_per_px_of


def at(inches: float, width: int = 1920, height: int = 1080) -> Reading:
    sizes = tv_theme(QSize(width, height)).sizes
    return reading(sizes, mm_per_px_of(inches, width, height), width, height)


def test_an_ordinary_tv_reads_as_the_design_says() -> None:
    read = at(55)
    figures = (read.number_m, read.counter_m, read.history_m, read.line_m)
    assert [whole(figure) for figure in figures] == [13, 9, 6, 6]
    assert read.inches == pytest.approx(55)
    assert at(65).number_m == pytest.approx(16.2, abs=0.5)
    assert at(43).counter_m == pytest.approx(7.2, abs=0.2)


def test_four_times_the_pixels_read_from_the_same_distance() -> None:
    assert at(55, 3840, 2160).number_m == pytest.approx(at(55).number_m, abs=0.05)
    assert at(55, 1280, 720).number_m == pytest.approx(at(55).number_m, abs=0.1)


def test_the_table_of_the_ada_is_kept_in_inches_and_feet() -> None:
    one_inch_px = 25.4 / CAPITAL
    sizes = TV.scaled(1)
    for inches, feet in ((2, 15), (3, 23), (4, 31)):
        pitch_mm = inches * one_inch_px / sizes.number
        assert reading(sizes, pitch_mm, 10, 10).number_m == pytest.approx(feet * 0.3048, abs=0.01)


def test_capitals_are_as_high_as_the_shipped_font_has_them(qtbot: QtBot) -> None:
    for weight in (Weight.BOLD, Weight.EXTRABOLD):
        assert QFontMetricsF(font_of(1000, weight)).capHeight() / 1000 == pytest.approx(
            CAPITAL, abs=0.002
        )


def test_a_larger_tv_is_named_that_is_large_enough_and_no_larger() -> None:
    sizes = tv_theme(QSize(1920, 1080)).sizes
    for far_m in (8.0, 10.0, 15.0):
        inches = inches_for(sizes, far_m, 1920, 1080)
        assert at(inches).call_m >= far_m > at(inches - 1).call_m


class Screen:
    """A TV as Qt tells of it."""

    def __init__(self, width: int, height: int, width_mm: float, height_mm: float) -> None:
        self._px, self._mm = QRect(0, 0, width, height), QSize(int(width_mm), int(height_mm))

    def geometry(self) -> QRect:
        return self._px

    def physicalSize(self) -> QSize:
        return self._mm


def told(
    screen: Screen, language: str = "id", far_m: float = FAR_SEAT_M, inches: float | None = None
) -> ToldSizes:
    real = cast(QScreen, screen)
    size = screen.geometry().size()
    return told_sizes(texts_of(language), real, size, inches=inches, far_seat_m=far_m)


def test_the_line_says_metres_and_inches() -> None:
    tv = Screen(1920, 1080, 1218, 685)
    sentence = told(tv).sentences[0]
    assert sentence == (
        "Nomor terbaca sampai 13 m, loket 9 m, riwayat 6 m, baris teks 6 m pada TV 55 inci."
    )
    assert "Number readable to 13 m" in told(tv, "en").sentences[0]
    assert "55 inci" in told(Screen(3840, 2160, 1218, 685)).sentences[0]


def test_a_far_seat_beyond_it_is_warned_of_with_a_cure() -> None:
    tv = Screen(1920, 1080, 1218, 685)
    assert told(tv).warning == ""
    warning = told(tv, far_m=12).warning
    assert "12 m" in warning
    assert "9 m" in warning
    assert "TV 70 inci" in warning


def test_a_screen_that_lies_is_overruled_and_one_that_is_silent_is_told() -> None:
    silent = Screen(1920, 1080, 0, 0)
    assert "55 inci" in told(silent).sentences[1]
    assert "screen-inches" in told(silent).sentences[1]
    assert "32 inci" in told(silent, inches=32).sentences[0]
    assert "pengaturan" in told(silent, inches=32).sentences[1]


def test_show_sizes_answers_without_a_device_and_ends(
    qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    area = QApplication.primaryScreen().geometry()
    words = ["--show-sizes", "--screen-inches", "55", "--far-seat-m", "30", "--language", "en"]
    assert run_screen(PROGRAM, words) == ExitCode.OK
    said = capsys.readouterr().out
    assert "Number readable to" in said
    assert "55-inch TV" in said
    assert f"{area.width()}×{area.height()}" in said
    assert "30 m" in said
