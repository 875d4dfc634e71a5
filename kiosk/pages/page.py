"""What every page of the kiosk is: a place for words and buttons that shows the model."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.pages.areas import place
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

if TYPE_CHECKING:
    from ui.buttons import BigButton


class KioskPage(QWidget):
    """One page. A subclass says what it shows (``show_model``) and where (``arrange``)."""

    def __init__(self, name: str, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(f"page-{name}")
        self.theme = theme
        self.texts = texts
        # Where the reach of an arm begins, from this page's top: all controls stand below it.
        self.reach_top = 0.0
        # How much of the foot belongs to the window's bar.
        self.foot_height = 0.0
        # Somebody who sits reaches only the foot of the screen.
        self.low_menu = False

    def show_model(self, model: ChoosingModel) -> None:
        """Take the words of this moment from the model."""
        raise NotImplementedError

    def arrange(self, area: QRectF, upright: bool) -> None:
        """Put everything in its place inside the area; ``upright`` is a portrait screen."""
        raise NotImplementedError

    def first_control(self) -> QWidget | None:
        """Where the keyboard begins, None if there is nothing to press."""
        return None

    def last_control(self) -> QWidget | None:
        """Where the keyboard leaves for the bar at the foot."""
        return self.first_control()

    def foot_buttons(self) -> list["BigButton"]:
        """Buttons of the page, such as "back", that stand first in the bar at the foot."""
        return []

    def set_texts(self, texts: Texts) -> None:
        """Speak another language; ``show_model`` follows."""
        self.texts = texts

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self.theme = theme
        if self.isVisible():
            self.lay_out()

    def lay_out(self) -> None:
        """Put everything in its place again, after the words or the size have changed."""
        margin = self.theme.sizes.margin
        area = QRectF(self.rect()).adjusted(margin, 0, -margin, -margin * 0.6)
        if self.foot_height:
            area.setBottom(area.bottom() - self.foot_height - self.theme.sizes.gap)
        if area.width() > 0 and area.height() > 0:
            # With the controls at the foot a wide screen, too, has its words above them.
            self.arrange(area, self.low_menu or self.window().height() > self.window().width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.lay_out()


def heading_and_line(page: KioskPage, heading: str, line: str) -> tuple[FittedLabel, FittedLabel]:
    """What a page asks, and a softer line right below it; the names are those of the labels."""
    left = Qt.AlignmentFlag.AlignLeft
    return (
        FittedLabel(
            "",
            page.theme,
            role=Role.HEADING,
            weight=Weight.BOLD,
            align=left | Qt.AlignmentFlag.AlignBottom,
            name=heading,
            parent=page,
        ),
        FittedLabel(
            "",
            page.theme,
            role=Role.TILE,
            tone="ink_soft",
            align=left | Qt.AlignmentFlag.AlignTop,
            name=line,
            parent=page,
        ),
    )


def say(label: FittedLabel, text: str) -> bool:
    """Show a text; whether it is another one than before."""
    if label.text() == text:
        return False
    label.setText(text)
    label.update()
    return True


def relabel(
    button: "BigButton",
    title: str,
    *,
    line: str = "",
    description: str = "",
    icon: str | None = None,
) -> bool:
    """Show other words on a button; whether they are others than before."""
    if (button.title, button.line) == (title, line):
        return False
    button.set_content(title, line=line)
    button.setAccessibleDescription(description)
    return True


def place_with_icon(button: "BigButton", icon: str, area: QRectF) -> None:
    """Put a button there, with its icon if its words leave room for one."""
    button.set_content(icon=icon)
    if button.sizeHint().width() > area.width():
        button.set_content(icon="")
    place(button, area)


def on_tap(button: "BigButton", act: Callable[[], None]) -> "BigButton":
    """Let a button act.

    By ``clicked``, not by the button's own pause: the model knows which touches are double, and
    must hear the first one on a new page even if the same button was touched just before.
    """
    button.clicked.connect(lambda _checked=False: act())
    # A touched button must not keep a ring around it for the next visitor.
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
