"""One page rendered as on a real screen, and what is wrong with it: nothing, one hopes.

A window is made once for each state and then re-laid for screens, languages and looks. It is
painted at the physical pixels of the screen, and every text tells where it was painted.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QAccessible, QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from assets.texts import MOTHER_LANGUAGE, PSEUDO_LANGUAGE, pseudo_words
from kiosk.choosing_window import LOW_REACH, LOW_REACH_LARGE, REACH, ChoosingWindow
from kiosk.real_size import kiosk_sizes
from protocol.messages import Names, Welcome
from tests.kiosk.kiosk_pictures import STATES, story_of, window_of
from tests.kiosk.kiosk_story import Story
from ui.fitting import FittedText
from ui.labels import NumberPlate
from ui.theme import Theme
from ui.tokens import AAA_TEXT, LIGHT, contrast_ratio, mm_per_px_of

CAP_HEIGHT_EM = 0.727
"""Inter's capitals."""
TEXT_MM = 7.3
"""A capital of 0.7 degrees at 600 mm (EN 301 549 5.1.4)."""
TARGET_MM = 20.0
HALF_A_PX_MM = 0.2

LANGUAGES = ("id", "en", "jv", "su", PSEUDO_LANGUAGE)
SCALES = (1.0, 1.25, 1.5, 2.0, 3.0)
SCREENS = {
    "21.5 portrait": (1080, 1920, 21.5),
    "21.5 landscape": (1920, 1080, 21.5),
    "27 portrait": (1080, 1920, 27.0),
    "15.6 portrait": (1080, 1920, 15.6),
}

Pixels = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Look:
    """What a visitor and a screen make of a page."""

    language: str
    high_contrast: bool
    large_text: bool
    low_menu: bool
    scale: float
    screen: str

    def __str__(self) -> str:
        flags = ("high_contrast", "large_text", "low_menu")
        on = [flag for flag in flags if getattr(self, flag)]
        return " ".join([self.screen, f"x{self.scale:g}", self.language, *on])


@dataclass(frozen=True, slots=True)
class PaintedText:
    """A text as it was painted: whose, where in the window, how large, in which colour."""

    owner: QWidget
    text: str
    px: int
    box: QRectF
    inside: bool
    fits: bool
    broken: bool
    ink: int


class PaintedTexts:
    """Hears of every text that is painted."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.heard: list[PaintedText] = []
        paint = FittedText.paint

        def listen(fitted: FittedText, painter: QPainter, box: QRectF) -> None:
            paint(fitted, painter, box)
            owner = painter.device()
            if isinstance(owner, QWidget) and fitted.text:
                self.heard.append(_painted(fitted, painter, box, owner))

        patch.setattr(FittedText, "paint", listen)


def _painted(fitted: FittedText, painter: QPainter, box: QRectF, owner: QWidget) -> PaintedText:
    where = painter.worldTransform().mapRect(_ink_area(fitted, box))
    # A pixel of rounding is no letter.
    room = QRectF(owner.rect()).adjusted(-1.5, -1.5, 1.5, 1.5)
    corner = owner.mapTo(owner.window(), QPoint(0, 0))
    return PaintedText(
        owner=owner,
        text=fitted.text,
        px=fitted.px,
        box=where.translated(corner.x(), corner.y()),
        inside=room.contains(where),
        fits=fitted.fits,
        broken=bool(fitted.flags & Qt.TextFlag.TextWrapAnywhere.value),
        ink=painter.pen().color().rgb() & 0xFFFFFF,
    )


def _ink_area(fitted: FittedText, box: QRectF) -> QRectF:
    """Where in its box the text stands."""
    area = QRectF(0, 0, fitted.width, fitted.height)
    area.moveTopLeft(box.topLeft())
    if fitted.flags & Qt.AlignmentFlag.AlignVCenter.value:
        area.moveTop(box.center().y() - area.height() / 2)
    elif fitted.flags & Qt.AlignmentFlag.AlignBottom.value:
        area.moveBottom(box.bottom())
    if fitted.flags & Qt.AlignmentFlag.AlignHCenter.value:
        area.moveLeft(box.center().x() - area.width() / 2)
    elif fitted.flags & Qt.AlignmentFlag.AlignRight.value:
        area.moveRight(box.right())
    return area


class Stage:
    """One state's window, re-laid for every look."""

    def __init__(self, state: str, painted: PaintedTexts) -> None:
        self.state = state
        self._painted = painted
        self._story: Story = story_of(state, STATES[state])
        self._speak_all("id")
        self._pitch_mm = 0.248
        self.window: ChoosingWindow = window_of(self._story, 540, 960)
        self.window._theme_of = self._theme_of  # as on the screen of the look
        # The story's clock stands still; the window's own would only look at it.
        self.window._timer.stop()

    def close(self) -> None:
        """Take it away."""
        self.window.close()
        self.window.deleteLater()

    def faults(self, look: Look) -> list[str]:
        """All that is wrong with this page in this look."""
        self._dress(look)
        picture = self._paint(look.scale)
        texts = [each for each in self._painted.heard if not self._is_covered(each.owner)]
        found = [
            *self._text_faults(texts),
            *self._contrast_faults(texts, picture, look.scale),
            *_overlaps(texts),
            *self._control_faults(look),
            *self._key_faults(),
        ]
        return [f"{self.state}, {look}: {fault}" for fault in dict.fromkeys(found)]

    def _speak_all(self, spoken: str) -> None:
        """Every language on every page, and the branch's own names as long as other texts."""
        model = self._story.model
        if model.welcome is not None:
            model.on_welcome(spoken_by_all(model.welcome, spoken))

    def _theme_of(self, window: QWidget) -> Theme:
        return Theme(LIGHT, kiosk_sizes(window.width(), window.height(), self._pitch_mm))

    def _dress(self, look: Look) -> None:
        width, height, inches = SCREENS[look.screen]
        size = round(width / look.scale), round(height / look.scale)
        pitch_mm = mm_per_px_of(inches, *size)
        self._speak_all(look.language)
        visit = self._story.model.visit
        visit.language = look.language
        visit.high_contrast, visit.large_text = look.high_contrast, look.large_text
        visit.low_menu = look.low_menu
        if (self.window.width(), self.window.height(), self._pitch_mm) != (*size, pitch_mm):
            self._pitch_mm = pitch_mm
            # Another screen of as many pixels is another screen, too.
            self.window.resize(size[0], size[1] - 1)
            self.window.resize(*size)
        self.window.refresh()

    def _paint(self, scale: float) -> Pixels:
        window = self.window
        side = round(window.width() * scale), round(window.height() * scale)
        image = QImage(*side, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(scale)
        self._painted.heard.clear()
        window.render(image)
        rows = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)
        return np.bitwise_and(rows[:, : image.width()], np.uint32(0xFFFFFF))

    def _is_covered(self, widget: QWidget) -> bool:
        """Whether something that takes every touch lies over it."""
        return self.window.is_covered(widget)

    def _text_faults(self, texts: list[PaintedText]) -> Iterator[str]:
        for each in texts:
            said = f"{each.owner.objectName()} {each.text!r}"
            if not each.fits:
                yield f"{said} does not fit, {each.px} px"
            if each.broken:
                yield f"{said} is broken inside a word"
            if not each.inside:
                yield f"{said} is cut off by its own widget"
            if not QRectF(self.window.rect()).adjusted(-1, -1, 1, 1).contains(each.box):
                yield f"{said} is cut off by the window"
            if each.px * CAP_HEIGHT_EM * self._pitch_mm < TEXT_MM:
                yield f"{said} is too small: {each.px * CAP_HEIGHT_EM * self._pitch_mm:.1f} mm"
        for plate in self.window.findChildren(NumberPlate):
            if plate.isVisible() and plate.text():
                high_mm = plate.fitted_px() * CAP_HEIGHT_EM * self._pitch_mm
                if high_mm < 2 * TEXT_MM:
                    yield f"the number is only {high_mm:.1f} mm high"

    def _contrast_faults(
        self, texts: list[PaintedText], picture: Pixels, scale: float
    ) -> Iterator[str]:
        for each in texts:
            box = each.box
            rows = slice(max(0, int(box.top() * scale)), max(0, int(box.bottom() * scale) + 1))
            across = slice(max(0, int(box.left() * scale)), max(0, int(box.right() * scale) + 1))
            area = picture[rows, across]
            if not area.size:
                yield f"{each.text!r} is nowhere in the picture"
                continue
            colours, counts = np.unique(area, return_counts=True)
            ground = int(colours[counts.argmax()])
            if not (area == each.ink).any():
                yield f"{each.text!r} has not the colour of its pen"
            ratio = contrast_ratio(_hex(each.ink), _hex(ground))
            if ratio < AAA_TEXT:
                yield f"{each.text!r} has only {ratio:.1f}:1 ({_hex(each.ink)} on {_hex(ground)})"

    def _control_faults(self, look: Look) -> Iterator[str]:
        window = self.window
        whole = QRectF(window.rect())
        for each in self._controls():
            name = each.objectName() or repr(each)
            least_mm = min(each.width(), each.height()) * self._pitch_mm
            if least_mm < TARGET_MM - HALF_A_PX_MM * look.scale:
                yield f"{name} is only {least_mm:.1f} mm"
            corner = each.mapTo(window, QPoint(0, 0))
            if not whole.contains(QRectF(corner.x(), corner.y(), each.width(), each.height())):
                yield f"{name} is outside the window"
            on_top = window.childAt(each.mapTo(window, each.rect().center()))
            if on_top is not each:
                yield f"{name} is covered by {on_top.objectName() if on_top else None}"
            interface = QAccessible.queryAccessibleInterface(each)
            if not interface.text(QAccessible.Text.Name) or not each.objectName():
                yield f"{name} has no name"
            if interface.role() not in (QAccessible.Role.Button, QAccessible.Role.CheckBox):
                yield f"{name} has the role {interface.role()}"
            # The pad for the PIN is for the staff.
            # Made-up words are there for the boxes; on how high they need them nobody counts.
            checked = self.state != "leaving" and look.language != PSEUDO_LANGUAGE
            if checked and corner.y() < self._reach_top(look) - 2:
                yield f"{name} is out of reach: {corner.y()} above {self._reach_top(look):.0f}"

    def _reach_top(self, look: Look) -> float:
        """Where the reach of an arm begins (ux.md 1.1)."""
        height, is_tall = self.window.height(), self.window.height() > self.window.width()
        if not look.low_menu and not look.large_text:
            return height * (1 - REACH) if is_tall else 0.0
        low = LOW_REACH_LARGE if look.large_text else LOW_REACH
        share = low if look.low_menu else REACH
        if not look.low_menu and not is_tall:
            return 0.0
        # The millimetres of the tall 21.5-inch screen, of which others are a larger part.
        reach = SCREENS["21.5 portrait"][1] * 0.248 * share / self._pitch_mm * 1.02
        return height - min(height, max(reach, height * share if is_tall else 0.0))

    def _controls(self) -> list[QAbstractButton]:
        return [
            each
            for each in self.window.findChildren(QAbstractButton)
            if each.isVisible() and each.isEnabled() and not self._is_covered(each)
        ]

    def _focused(self) -> QWidget:
        focused: QWidget | None = self.window.focusWidget()
        return focused or self.window

    def _key_faults(self) -> Iterator[str]:
        """Tab must come by every control, and by nothing else."""
        wanted = {each.objectName() for each in self._controls()}
        self.window.setFocus()
        reached: list[str] = []
        for _ in range(len(wanted) + 1):
            QTest.keyClick(self._focused(), Qt.Key.Key_Tab)
            name = self._focused().objectName()
            if name in reached:
                break
            reached.append(name)
        self.window.setFocus()
        for name in sorted(wanted - set(reached)):
            yield f"Tab does not come by {name}"
        for name in sorted(set(reached) - wanted - {"kiosk"}):
            yield f"Tab comes by {name}, which is not there to be touched"


def spoken_by_all(welcome: Welcome, spoken: str) -> Welcome:
    """The same branch with four languages, and its names in the made-up one, too."""
    languages = ["id", "jv", "su", "en"]
    if spoken == PSEUDO_LANGUAGE:  # it is one of the four
        languages.pop()
    return replace(
        welcome,
        branch=replace(welcome.branch, languages=languages),
        services=[replace(each, name=_longer(each.name)) for each in welcome.services],
    )


def _longer(name: Names) -> Names:
    made_up = pseudo_words({"name": name[MOTHER_LANGUAGE]})["name"]
    return {**name, PSEUDO_LANGUAGE: made_up}


def _overlaps(texts: list[PaintedText]) -> Iterator[str]:
    boxes = [(each, each.box.adjusted(2, 2, -2, -2)) for each in texts]
    for index, (one, box) in enumerate(boxes):
        for other, beside in boxes[index + 1 :]:
            if one.text != other.text and box.intersects(beside):
                yield f"{one.text!r} stands over {other.text!r}"


def _hex(colour: int) -> str:
    return QColor(colour).name()


def forget_windows() -> None:
    """Really delete what was closed: hundreds of windows would wait for the next real loop."""
    from PySide6.QtCore import QEvent

    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
