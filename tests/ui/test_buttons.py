"""Buttons: seen at once, heard once, named for those who do not see them."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from assets.texts import pseudo_words
from tests.ui.painted import has_colour, pixels
from ui.buttons import BigButton, Look, Tile, button_colours
from ui.theme import Theme, apply_theme
from ui.tokens import CONSOLE, KIOSK, LIGHT, NIGHT, TV_DARK, contrast_ratio

SCALES = pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0, 3.0])
LEFT = Qt.MouseButton.LeftButton


def shown(qtbot: QtBot, button: BigButton, width: int = 460, height: int = 300) -> BigButton:
    qtbot.addWidget(button)
    button.resize(width, height)
    button.show()
    return button


def service_tile(theme: Theme, **more: Any) -> Tile:
    return Tile(
        "Perubahan data", theme, name="service-B", icon="data-change", line="3 orang", **more
    )


def test_a_tap_is_heard(qtbot: QtBot, kiosk: Theme) -> None:
    tile = shown(qtbot, service_tile(kiosk))
    with qtbot.waitSignal(tile.tapped, timeout=1000):
        qtbot.mouseClick(tile, LEFT)


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_key_is_as_good_as_a_finger(qtbot: QtBot, kiosk: Theme, key: Qt.Key) -> None:
    tile = shown(qtbot, service_tile(kiosk))
    tile.setFocus()
    with qtbot.waitSignal(tile.tapped, timeout=1000):
        qtbot.keyClick(tile, key)


def test_a_second_tap_of_a_shaking_hand_is_not_heard(qtbot: QtBot, kiosk: Theme) -> None:
    tile = shown(qtbot, service_tile(kiosk, guard_ms=60_000))
    heard: list[bool] = []
    tile.tapped.connect(lambda: heard.append(True))
    for _ in range(5):
        qtbot.mouseClick(tile, LEFT)
    qtbot.mouseDClick(tile, LEFT)
    assert len(heard) == 1


def test_without_a_guard_every_press_counts(qtbot: QtBot, console: Theme) -> None:
    button = shown(qtbot, BigButton("Ulang", console, name="recall"))
    heard: list[bool] = []
    button.tapped.connect(lambda: heard.append(True))
    for _ in range(3):
        qtbot.mouseClick(button, LEFT)
    assert len(heard) == 3


def test_a_busy_button_says_so_and_hears_nothing(qtbot: QtBot, kiosk: Theme) -> None:
    tile = shown(qtbot, service_tile(kiosk, guard_ms=0))
    calm = pixels(tile)
    tile.set_busy("Sebentar…")
    with qtbot.assertNotEmitted(tile.tapped, wait=20):
        qtbot.mouseClick(tile, LEFT)
    assert (pixels(tile) != calm).any()
    tile.set_busy(None)
    with qtbot.waitSignal(tile.tapped, timeout=1000):
        qtbot.mouseClick(tile, LEFT)


def test_a_press_is_seen_while_the_finger_is_down(qtbot: QtBot, kiosk: Theme) -> None:
    tile = shown(qtbot, service_tile(kiosk))
    calm = pixels(tile)
    qtbot.mousePress(tile, LEFT)
    assert (pixels(tile) != calm).any(axis=2).mean() > 0.5
    qtbot.mouseMove(tile, QPoint(-50, -50))
    qtbot.mouseRelease(tile, LEFT, pos=QPoint(-50, -50))
    assert (pixels(tile) == calm).all()


def test_the_focus_of_the_keyboard_is_seen_and_that_of_the_finger_is_not(
    qtbot: QtBot, kiosk: Theme
) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    tile = Tile("A", kiosk, name="a", icon="money")
    column.addWidget(tile)
    column.addWidget(BigButton("B", kiosk, name="b", look=Look.PRIMARY))
    page.resize(500, 700)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    tile.setFocus(Qt.FocusReason.TabFocusReason)
    assert has_colour(tile, LIGHT.focus, least=500)
    tile.clearFocus()
    tile.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not has_colour(tile, LIGHT.focus)


def test_a_button_has_a_name_and_a_description_for_a_screen_reader(
    qtbot: QtBot, kiosk: Theme
) -> None:
    tile = shown(qtbot, service_tile(kiosk, description="Nama, alamat, faskes"))
    interface = QAccessible.queryAccessibleInterface(tile)
    assert interface.role() == QAccessible.Role.Button
    assert interface.text(QAccessible.Text.Name) == "Perubahan data, 3 orang"
    assert interface.text(QAccessible.Text.Description) == "Nama, alamat, faskes"
    tile.set_content(line="4 orang")
    assert tile.accessibleName() == "Perubahan data, 4 orang"


def test_a_name_out_of_a_catalogue_may_hold_any_sign(qtbot: QtBot, kiosk: Theme) -> None:
    tile = shown(qtbot, Tile("Iuran & <b>denda</b>", kiosk, name="d", icon="money"))
    assert tile.title == "Iuran & <b>denda</b>"
    assert tile.accessibleName() == "Iuran & <b>denda</b>"
    assert tile.shortcut().isEmpty()


@SCALES
@pytest.mark.parametrize("language", ["id", "qps"])
@pytest.mark.parametrize("size", [(460, 300), (460, 180), (944, 180)])
def test_words_on_a_tile_fit_at_every_scale(
    qtbot: QtBot, scale: float, language: str, size: tuple[int, int]
) -> None:
    words = {"title": "Iuran dan tunggakan", "line": "8 orang, 20–30 m"}
    said = words if language == "id" else pseudo_words(words)
    theme = Theme(LIGHT, KIOSK.scaled(scale))
    tile = Tile(said["title"], theme, name="d", icon="money", line=said["line"], badge="D")
    shown(qtbot, tile, round(size[0] * scale), round(size[1] * scale))
    picture = pixels(tile)
    margin = theme.sizes.border + 2
    ground = picture[tile.height() // 2, margin + 1]
    for strip in (picture[:, margin : margin + 2], picture[:, -margin - 2 : -margin]):
        middle = strip[theme.sizes.radius : -theme.sizes.radius]
        assert (middle == ground).all(), "ink reaches the edge of the tile"


def test_targets_are_as_large_as_a_finger_needs(qtbot: QtBot, kiosk: Theme) -> None:
    for button in (BigButton("X", kiosk, name="x"), Tile("X", kiosk, name="x", icon="star")):
        qtbot.addWidget(button)
        assert button.minimumSizeHint().width() >= KIOSK.target
        assert button.minimumSizeHint().height() >= KIOSK.target
    small = BigButton("X", Theme(LIGHT, CONSOLE), name="x")
    qtbot.addWidget(small)
    assert small.sizeHint().height() >= CONSOLE.target


@pytest.mark.parametrize("colours", [LIGHT, TV_DARK, NIGHT], ids=["light", "tv", "night"])
@pytest.mark.parametrize("look", Look)
@pytest.mark.parametrize("down", [False, True])
def test_every_look_is_aaa_in_every_scheme(colours, look: Look, down: bool) -> None:  # type: ignore[no-untyped-def]
    fill, ink, edge = button_colours(look, colours, down=down)
    assert contrast_ratio(ink, fill) >= 7
    assert contrast_ratio(edge or fill, colours.window) >= 3


def test_a_theme_reaches_every_widget_of_a_window(qtbot: QtBot, kiosk: Theme) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    tile = service_tile(kiosk)
    column.addWidget(tile)
    before = tile.sizeHint()
    apply_theme(page, kiosk.scaled(2))
    assert tile.sizeHint().height() == pytest.approx(before.height() * 2, abs=2)
