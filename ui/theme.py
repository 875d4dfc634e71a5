"""The look of a window: tokens turned into Qt fonts, palettes and style sheets.

A window makes one ``Theme`` for its surface and gives it to its widgets; when the screen, the
scale or the scheme changes it calls ``apply_theme`` with another one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette, QScreen
from PySide6.QtWidgets import QWidget

from assets import asset_path
from ui.tokens import (
    COMPACT,
    CONSOLE,
    CONSOLE_TOUCH,
    DOOR_DESIGN_PX,
    DOOR_TOUCH,
    KIOSK,
    KIOSK_DESIGN_PX,
    LIGHT,
    NIGHT,
    TV_DARK,
    Colours,
    Role,
    Sizes,
    fitting_scale,
    kiosk_scale,
    mm_per_px,
    mm_per_px_of,
    tv_sizes,
)

FAMILY = "Inter"


class Weight(IntEnum):
    """The weights of Inter that are shipped."""

    REGULAR = 400
    MEDIUM = 500
    SEMIBOLD = 600
    BOLD = 700
    EXTRABOLD = 800


_FILES = {
    Weight.REGULAR: "Inter-Regular.ttf",
    Weight.MEDIUM: "Inter-Medium.ttf",
    Weight.SEMIBOLD: "Inter-SemiBold.ttf",
    Weight.BOLD: "Inter-Bold.ttf",
    Weight.EXTRABOLD: "Inter-ExtraBold.ttf",
}


class FontMissingError(RuntimeError):
    """The shipped font could not be read; the installation is damaged."""


@cache
def load_fonts(weights: Iterable[Weight] = tuple(Weight)) -> None:
    """Make the shipped Inter known to Qt, once; needs a QGuiApplication. Raises FontMissingError.

    All five weights cost about 5 ms, nearly all of it Qt's first look at any font.
    """
    for weight in weights:
        path = asset_path("fonts", _FILES[weight])
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FontMissingError(f"Qt cannot read the font {path}; install the program again.")


@dataclass(frozen=True)
class Theme:
    """Colours and sizes of one window, already scaled to its screen."""

    colours: Colours
    sizes: Sizes

    def font(
        self, role: Role = Role.BODY, weight: Weight = Weight.REGULAR, *, tabular: bool = False
    ) -> QFont:
        """The font of a role; ``tabular`` makes all figures equally wide."""
        return font_of(self.sizes.text(role), weight, tabular=tabular)

    def scaled(self, factor: float) -> "Theme":
        """The same look, larger or smaller, for example for large text."""
        return replace(self, sizes=self.sizes.scaled(factor))

    def palette(self) -> QPalette:
        """The palette for everything that Qt paints by itself."""
        return _palette_of(self.colours)

    def style_sheet(self) -> str:
        """The style sheet for plain Qt widgets (fields, lists, menus, scroll bars)."""
        return _style_sheet_of(self)


def font_of(px: int, weight: Weight = Weight.REGULAR, *, tabular: bool = False) -> QFont:
    """Inter at a height in pixels."""
    load_fonts()
    font = QFont(FAMILY)
    font.setPixelSize(max(1, px))
    font.setWeight(QFont.Weight(weight))
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font


def kiosk_theme(
    screen: QScreen,
    *,
    window: QSize | None = None,
    inches: float | None = None,
    colours: Colours = LIGHT,
    scale: float = 1.0,
) -> Theme:
    """A kiosk's look in real millimetres; in a ``window`` (a demo) the whole page made smaller.

    ``inches`` is the measured diagonal, because a screen may lie about its size.
    """
    if window is not None:
        factor = fitting_scale(window.width(), window.height(), KIOSK_DESIGN_PX)
    else:
        factor = kiosk_scale(screen_pitch_mm(screen, inches))
    return Theme(colours, KIOSK.scaled(factor * scale))


def tv_theme(size: QSize, *, colours: Colours = TV_DARK) -> Theme:
    """A TV's look for a picture of this size in either orientation."""
    return Theme(colours, tv_sizes(size.width(), size.height()))


def console_theme(
    *, dark: bool = False, touch: bool = False, compact: bool = False, scale: float = 1.0
) -> Theme:
    """A staff screen's look in device-independent pixels."""
    sizes = COMPACT if compact else CONSOLE_TOUCH if touch else CONSOLE
    return Theme(NIGHT if dark else LIGHT, sizes.scaled(scale))


def door_theme(size: QSize, *, dark: bool = False, touch: bool = False) -> Theme:
    """The look of the desk at the door; for touch larger in a larger window, never smaller."""
    colours = NIGHT if dark else LIGHT
    if not touch:
        return Theme(colours, CONSOLE)
    short, long = sorted((size.width(), size.height()))
    scale = min(short / DOOR_DESIGN_PX[0], long / DOOR_DESIGN_PX[1])
    return Theme(colours, DOOR_TOUCH.scaled(max(1.0, scale)))


def screen_pitch_mm(screen: QScreen, inches: float | None = None) -> float | None:
    """Millimetres of one device-independent pixel; None if nothing credible is known."""
    px, mm = screen.geometry().size(), screen.physicalSize()
    if inches is not None:
        return mm_per_px_of(inches, px.width(), px.height())
    return mm_per_px(px.width(), px.height(), mm.width(), mm.height())


@runtime_checkable
class Themed(Protocol):
    """A widget that must be told when the look changes."""

    def set_theme(self, theme: Theme) -> None:
        """Take the new colours and sizes and paint again."""


def apply_theme(window: QWidget, theme: Theme) -> None:
    """Dress a window and all themed widgets in it; at start and after every change.

    The window's own ``set_theme``, if it has one, is the caller's business.
    """
    window.setPalette(theme.palette())
    window.setFont(theme.font())
    window.setStyleSheet(theme.style_sheet())
    for child in window.findChildren(QWidget):
        if isinstance(child, Themed):
            child.set_theme(theme)


def _palette_of(colours: Colours) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.window,
        QPalette.ColorRole.WindowText: colours.ink,
        QPalette.ColorRole.Base: colours.panel,
        QPalette.ColorRole.AlternateBase: colours.window,
        QPalette.ColorRole.Text: colours.ink,
        QPalette.ColorRole.PlaceholderText: colours.ink_soft,
        QPalette.ColorRole.Button: colours.panel,
        QPalette.ColorRole.ButtonText: colours.ink,
        QPalette.ColorRole.BrightText: colours.error,
        QPalette.ColorRole.Highlight: colours.primary,
        QPalette.ColorRole.HighlightedText: colours.on_primary,
        QPalette.ColorRole.Link: colours.info,
        QPalette.ColorRole.ToolTipBase: colours.panel,
        QPalette.ColorRole.ToolTipText: colours.ink,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.on_disabled))
    for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Button):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.disabled))
    return palette


def _style_sheet_of(theme: Theme) -> str:
    colours, sizes = theme.colours, theme.sizes
    # A focused field has a thicker edge; the margin gives way, so that nothing moves.
    shift = sizes.focus - sizes.border
    field = sizes.target - 2 * sizes.focus
    return f"""
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox {{
    color: {colours.ink}; background: {colours.panel};
    border: {sizes.border}px solid {colours.border}; border-radius: {sizes.radius}px;
    padding: 0 {sizes.gap}px; min-height: {field}px; margin: {shift}px;
    placeholder-text-color: {colours.ink_soft};
    selection-background-color: {colours.primary}; selection-color: {colours.on_primary};
}}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus {{
    border: {sizes.focus}px solid {colours.focus}; margin: 0;
}}
QLineEdit:disabled, QComboBox:disabled, QSpinBox:disabled {{
    color: {colours.on_disabled}; background: {colours.disabled};
}}
QListView, QTableView, QTreeView {{
    color: {colours.ink}; background: {colours.panel}; alternate-background-color: {colours.window};
    border: {sizes.border}px solid {colours.border}; border-radius: {sizes.radius}px; outline: 0;
    padding: {sizes.radius // 2}px; margin: {shift}px;
}}
QListView::item, QTableView::item {{ padding: {sizes.gap // 2}px {sizes.gap}px; }}
QListView::item:selected, QTableView::item:selected {{
    color: {colours.on_ok_soft}; background: {colours.ok_soft};
}}
QListView:focus, QTableView:focus, QTreeView:focus {{
    border: {sizes.focus}px solid {colours.focus}; margin: 0;
}}
QHeaderView::section {{
    color: {colours.ink_soft}; background: {colours.window};
    border: 0; padding: {sizes.gap // 2}px {sizes.gap}px;
}}
QMenu {{
    color: {colours.ink}; background: {colours.panel}; border: 1px solid {colours.border};
}}
QMenu::item {{ padding: {sizes.gap}px {sizes.gap * 3}px; }}
QMenu::item:selected {{ color: {colours.on_primary}; background: {colours.primary}; }}
QToolTip {{
    color: {colours.ink}; background: {colours.panel}; border: 1px solid {colours.border};
    padding: {sizes.gap // 2}px;
}}
QScrollBar:vertical {{ background: transparent; width: {sizes.gap + 4}px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {sizes.gap + 4}px; margin: 0; }}
QScrollBar::handle {{
    background: {colours.border}; border-radius: {sizes.gap // 2}px; min-height: {sizes.target}px;
}}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
"""
