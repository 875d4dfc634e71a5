"""Fonts come from the product, and plain Qt widgets wear its colours."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from assets import asset_path
from tests.ui.painted import has_colour
from ui.theme import (
    FAMILY,
    Theme,
    Weight,
    apply_theme,
    console_theme,
    font_of,
    kiosk_theme,
    tv_theme,
)
from ui.tokens import KIOSK, LIGHT, NIGHT, TV_DARK, Role


@pytest.mark.parametrize("weight", Weight)
def test_every_weight_is_the_shipped_inter(qtbot: QtBot, weight: Weight) -> None:
    info = QFontInfo(font_of(40, weight))
    assert info.family() == FAMILY
    assert info.weight() == weight
    assert info.pixelSize() == 40


def test_the_font_travels_with_its_licence() -> None:
    assert "SIL Open Font License" in asset_path("fonts", "OFL.txt").read_text()


def test_a_kiosk_in_a_window_is_the_whole_page_made_smaller(qtbot: QtBot) -> None:
    theme = kiosk_theme(QGuiApplication.primaryScreen(), window=QSize(540, 960))
    assert theme.sizes.number == 120
    large = kiosk_theme(QGuiApplication.primaryScreen(), window=QSize(540, 960), scale=1.25)
    assert large.sizes.number == 150


def test_a_measured_diagonal_wins_over_the_word_of_the_screen(qtbot: QtBot) -> None:
    screen = QGuiApplication.primaryScreen()
    size = screen.geometry().size()
    diagonal_px = (size.width() ** 2 + size.height() ** 2) ** 0.5
    inches = diagonal_px * 0.124 / 25.4
    assert kiosk_theme(screen, inches=inches).sizes.number == KIOSK.number * 2


def test_each_surface_has_its_look(qtbot: QtBot) -> None:
    assert tv_theme(QSize(3840, 2160)).sizes.number == 640
    assert tv_theme(QSize(1920, 1080)).colours is TV_DARK
    assert console_theme().colours is LIGHT
    assert console_theme(dark=True).colours is NIGHT
    assert console_theme(touch=True).sizes.target == 44
    assert console_theme(compact=True).sizes.number == 32


@pytest.mark.parametrize("dark", [False, True])
def test_plain_fields_wear_the_theme_and_do_not_move_when_focused(qtbot: QtBot, dark: bool) -> None:
    theme: Theme = console_theme(dark=dark)
    page = QWidget()
    qtbot.addWidget(page)
    field = QLineEdit("A012")
    QVBoxLayout(page).addWidget(field)
    page.resize(400, 200)
    apply_theme(page, theme)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    field.clearFocus()
    calm = (field.geometry(), field.cursorRect().topLeft())
    assert has_colour(field, theme.colours.panel, least=500)
    assert not has_colour(field, theme.colours.focus)
    field.setFocus()
    field.setCursorPosition(4)
    assert has_colour(field, theme.colours.focus, least=100)
    assert (field.geometry(), field.cursorRect().topLeft()) == calm
    assert field.height() >= theme.sizes.target - 1
    assert page.palette().color(QPalette.ColorRole.Window).name().upper() == theme.colours.window
    assert field.font().pixelSize() == theme.sizes.text(Role.BODY)
