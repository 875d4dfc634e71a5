"""The bar at the foot of every page: languages, how the screen looks, and a person to call.

One touch from wherever somebody stands (ux.md, V4). Where the screen is wide enough the buttons
stand in one row with the icon above the words, else in as few rows as their words need.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.officer_call import Calling
from kiosk.pages.areas import place
from kiosk.pages.page import on_tap, relabel
from kiosk.visit import Page
from ui.buttons import BigButton, Look
from ui.fitting import FittedText, fit_text, needed_height, text_size
from ui.icons import paint_icon
from ui.theme import Theme, Weight
from ui.tokens import Role

_ANY_WIDTH = 1 << 20
_ICONS = {
    "large-text": "large-text",
    "high-contrast": "contrast",
    "speech": "speaker-on",
    "low-menu": "low-menu",
    "call-officer": "call-person",
}
_ButtonRow = list[tuple[BigButton, float]]
"""Buttons with the least width of each."""


class Form(Enum):
    """How a button of the bar is set."""

    TALL = "tall"
    """The icon above the words, on two lines at most."""
    BRIEF = "brief"
    """The icon above a short word."""
    FLAT = "flat"
    """The icon beside a short word."""


class FootButton(BigButton):
    """Icon and word; while it is on, a check mark says so as well as edge and fill."""

    def __init__(self, theme: Theme, *, name: str, icon: str, parent: QWidget) -> None:
        super().__init__("", theme, name=name, icon=icon, role=Role.SMALLEST, parent=parent)
        self._short = ""
        self.form = Form.FLAT
        # Whether its word says all by itself, where there is no room for the icon.
        self.may_be_bare = False

    def say_both(self, title: str, short: str, description: str) -> bool:
        """Show the word, or a shorter one where the bar is narrow; whether it is another one."""
        changed = relabel(self, title, description=description) or short != self._short
        self._short = short
        return changed

    def set_on(self, on: bool) -> None:
        """Show whether it holds now, also to who does not see."""
        self.setCheckable(True)
        if on != self.isChecked():
            self.setChecked(on)
        self.set_look(Look.CHOSEN if on else Look.QUIET)

    @property
    def words(self) -> str:
        """The words that are painted now."""
        return self.words_in(self.form)

    def words_in(self, form: Form) -> str:
        """The words of a form."""
        return self.title if form is Form.TALL else self._short or self.title

    def least_width(self, form: Form = Form.FLAT) -> float:
        """The width at which it is still read in this form."""
        padding = 2 * self._padding() + 2
        if form is Form.TALL:
            return self._two_lines_width() + padding
        px = self._theme.sizes.smallest
        words = text_size(self.words_in(form), px, Weight.SEMIBOLD, False, 0, _ANY_WIDTH)[0]
        has_icon = form is Form.FLAT and not self.may_be_bare
        beside = self._icon_side() + self._icon_gap() if has_icon else 0.0
        return max(float(self._theme.sizes.target), words + beside + padding)

    def least_height(self, width: float, form: Form) -> float:
        """The height that it needs at this width in this form."""
        words = self._words_height(self.words_in(form), width)
        above = 0.0 if form is Form.FLAT else self._icon_side()
        return above + words + 2 * self._padding() + 2

    def fitted(self) -> FittedText:
        """The words as they are painted now."""
        box, sizes = self._words_box(), self._theme.sizes
        is_flat = self.form is Form.FLAT
        side = Qt.AlignmentFlag.AlignLeft if is_flat else Qt.AlignmentFlag.AlignHCenter
        return fit_text(
            self.words,
            box,
            sizes.smallest,
            sizes.smallest,
            weight=Weight.SEMIBOLD,
            align=side | Qt.AlignmentFlag.AlignVCenter,
        )

    def _paint_content(
        self, painter: QPainter, box: QRectF, ink: str, soft: str, accent: str
    ) -> None:
        on, words = self.isChecked(), self._words_box()
        is_flat = self.form is Form.FLAT
        icon = "check" if on and is_flat else self._icon or ""
        if not self._is_bare:
            paint_icon(painter, icon, self._icon_box(words), ink)
        if on and not is_flat:
            side = self._icon_side() * 0.8
            corner = QRectF(box.right() - side, box.top(), side, side)
            paint_icon(painter, "check", corner, accent)
        painter.setPen(QColor(ink))
        self.fitted().paint(painter, words)

    def _icon_box(self, words: QRectF) -> QRectF:
        side, box = self._icon_side(), QRectF(self.rect())
        if self.form is not Form.FLAT:
            return QRectF(box.center().x() - side / 2, words.top() - side, side, side)
        top = box.center().y() - side / 2
        return QRectF(words.left() - self._icon_gap() - side, top, side, side)

    def _words_box(self) -> QRectF:
        """Where the words stand: below the icon, or beside it, together in the middle."""
        padding = self._padding()
        box = QRectF(self.rect()).adjusted(padding, padding, -padding, -padding)
        if self.form is not Form.FLAT:
            words = self._words_height(self.words, self.width())
            height = min(words, box.height() - self._icon_side())
            top = box.center().y() - (height + self._icon_side()) / 2 + self._icon_side()
            return QRectF(box.left(), top, box.width(), height)
        lead = 0.0 if self._is_bare else self._icon_side() + self._icon_gap()
        px = self._theme.sizes.smallest
        width = text_size(self.words, px, Weight.SEMIBOLD, False, 0, _ANY_WIDTH)[0] + 2
        spare = max(0.0, box.width() - lead - width)
        return box.adjusted(lead + spare / 2, 0, -spare / 2, 0)

    @property
    def _is_bare(self) -> bool:
        """Whether the icon gives way to the word."""
        if not self.may_be_bare or self.form is not Form.FLAT:
            return False
        beside = self._icon_side() + self._icon_gap()
        return self.least_width(Form.FLAT) + beside > self.width()

    def _words_height(self, words: str, width: float) -> float:
        room = width - 2 * self._padding()
        return needed_height(words, self._theme.sizes.smallest, Weight.SEMIBOLD, room) + 1

    def _two_lines_width(self) -> float:
        """The width at which the title takes two lines at most, with no word broken."""
        px, words = self._theme.sizes.smallest, self.title.split()

        def width(part: Sequence[str]) -> float:
            return text_size(" ".join(part), px, Weight.SEMIBOLD, False, 0, _ANY_WIDTH)[0]

        cuts = range(1, max(2, len(words)))
        return min((max(width(words[:cut]), width(words[cut:])) for cut in cuts), default=0.0)

    def _icon_side(self) -> float:
        return self._theme.sizes.smallest * 1.15

    def _icon_gap(self) -> float:
        return self._theme.sizes.smallest * 0.22

    def _padding(self) -> float:
        return self._theme.sizes.focus * 1.2


@dataclass(frozen=True, slots=True)
class FootPlan:
    """Where the buttons stand: rows of buttons with their least width, and the rows' heights."""

    form: Form
    rows: list[_ButtonRow]
    heights: list[float]

    def height(self, gap: float) -> float:
        """Of the whole bar."""
        return sum(self.heights) + gap * max(0, len(self.heights) - 1)


class FootBar:
    """The bar's buttons, all children of the window, so that they lie over every page."""

    def __init__(self, model: ChoosingModel, theme: Theme, parent: QWidget) -> None:
        self._model, self._theme, self._parent = model, theme, parent
        acts: dict[str, Callable[[], None]] = {
            "large-text": model.toggle_large_text,
            "high-contrast": model.toggle_high_contrast,
            "speech": model.toggle_speech,
            "low-menu": model.toggle_low_menu,
            "call-officer": model.call_officer,
        }
        self.looks = {
            name: self._made(name, _ICONS[name], act, parent) for name, act in acts.items()
        }
        self.languages: dict[str, FootButton] = {}

    @property
    def gap(self) -> float:
        """Between two of the bar's buttons."""
        return self._theme.sizes.gap * 0.75

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        if theme == self._theme:
            return
        self._theme = theme
        for button in self.every_button():
            button.set_theme(theme)

    def show_model(self, texts: Texts, texts_of: Callable[[str], Texts]) -> bool:
        """Show what holds now; whether the bar must be laid out again."""
        changed = self._show_languages(texts, texts_of)
        rules = self._model.welcome.kiosk if self._model.welcome is not None else None
        offered = {
            "large-text": rules is None or rules.large_text,
            "speech": self._model.may_speak,
        }
        for name, button in self.looks.items():
            key = f"kiosk.look.{name}"
            changed |= button.say_both(
                texts(key), texts(f"{key}_short"), description=texts(f"{key}_hint")
            )
            changed |= button.isHidden() == offered.get(name, True)
            button.setVisible(offered.get(name, True))
        self._show_what_is_on()
        return changed

    def _show_what_is_on(self) -> None:
        visit, looks = self._model.visit, self.looks
        looks["large-text"].set_on(visit.large_text)
        looks["high-contrast"].set_on(visit.high_contrast)
        looks["speech"].set_on(visit.speech)
        looks["low-menu"].set_on(visit.low_menu)
        called = self._model.calling in (Calling.RINGING, Calling.CALLED, Calling.COMING)
        looks["call-officer"].set_on(called)

    def plan(
        self, width: float, leads: Sequence[BigButton], *, is_scarce: bool = False
    ) -> FootPlan:
        """The lowest of the ways to set all buttons; ``leads`` are those of the page itself.

        ``is_scarce``: the screen is so low that a line more costs the page what it has to say.
        """
        gap, plans = self.gap, list[FootPlan]()
        flat_first = self._row([*leads, *self._spoken()], Form.FLAT)
        for form in Form:
            first = self._row([*leads, *self._spoken()], form)
            looks = self._row(self._looks(), form)
            ways = [[[*first, *looks]], [flat_first, looks]]
            if form is Form.FLAT:
                ways = [
                    [*_flow(first, width, gap), *_flow(looks, width, gap)],
                    _flow([*first, *looks], width, gap),
                ]
            for rows in ways:
                if form is Form.FLAT or all(_row_width(row, gap) <= width for row in rows):
                    plans.append(self._planned([row for row in rows if row], width, form))
        # The first of the lowest ones; but words in full are worth a line.
        full = [plan for plan in plans if plan.form is Form.TALL]
        if full and not (is_scarce or self._model.visit.low_menu):
            plans = full
        return min(plans, key=lambda each: each.height(gap))

    def lay_out(self, area: QRectF, plan: FootPlan) -> list[tuple[BigButton, QRectF]]:
        """Put the bar's own buttons into the area; gives the places of the page's own."""
        gap, top = self.gap, area.top()
        looks = list(self.looks.values())
        others: list[tuple[BigButton, QRectF]] = []
        for row, height in zip(plan.rows, plan.heights, strict=True):
            spare = max(0.0, area.width() - _row_width(row, gap)) / max(1, len(row))
            left = area.left()
            for button, least in row:
                cell = QRectF(left, top, least + spare, height)
                left = cell.right() + gap
                if isinstance(button, FootButton):
                    # In a row of languages alone there is no room above the word.
                    flat = button not in looks and not any(each in looks for each, _ in row)
                    button.form = Form.FLAT if flat else plan.form
                    place(button, cell)
                    button.update()
                else:
                    others.append((button, cell))
            top += height + gap
        return others

    def buttons(self) -> list[BigButton]:
        """All that are seen, in the order of Tab."""
        return [*self._spoken(), *self._looks()]

    def every_button(self) -> list[FootButton]:
        """All that there are, seen or not."""
        return [*self.languages.values(), *self.looks.values()]

    # Parts.

    @staticmethod
    def _row(buttons: Sequence[BigButton], form: Form) -> _ButtonRow:
        return [(button, _least(button, form)) for button in buttons]

    def _planned(self, rows: list[_ButtonRow], width: float, form: Form) -> FootPlan:
        gap, heights = self.gap, list[float]()
        for row in rows:
            spare = max(0.0, width - _row_width(row, gap)) / max(1, len(row))
            # A row of languages alone stays flat.
            flat = not any(button in self.looks.values() for button, _ in row)
            high = [
                button.least_height(least + spare, Form.FLAT if flat else form)
                for button, least in row
                if isinstance(button, FootButton)
            ]
            heights.append(max([float(self._theme.sizes.target), *high]))
        return FootPlan(form, rows, heights)

    def _show_languages(self, texts: Texts, texts_of: Callable[[str], Texts]) -> bool:
        """A button for each language; where it is spoken already, only on the first page."""
        wanted = self._model.languages
        changed = list(self.languages) != wanted
        if changed:
            for button in self.languages.values():
                button.hide()
                button.deleteLater()
            self.languages = {code: self._language(code, texts_of(code)) for code in wanted}
        is_first, alone = self._model.page is Page.IDLE, len(wanted) < 2
        for code, button in self.languages.items():
            spoken = code == texts.language
            button.set_on(spoken)
            is_seen = not alone and (is_first or not spoken)
            changed |= button.isHidden() == is_seen
            button.setVisible(is_seen)
        return changed

    def _language(self, code: str, own: Texts) -> FootButton:
        def speak() -> None:
            self._model.choose_language(code)

        button = self._made(f"language-{code}", "language", speak, self._parent)
        name = own("kiosk.language_name")
        button.say_both(name, name, own("kiosk.language_hint"))
        button.may_be_bare = True
        return button

    def _made(self, name: str, icon: str, act: Callable[[], None], parent: QWidget) -> FootButton:
        button = FootButton(self._theme, name=name, icon=icon, parent=parent)
        on_tap(button, act)
        return button

    def _spoken(self) -> list[FootButton]:
        return [each for each in self.languages.values() if not each.isHidden()]

    def _looks(self) -> list[FootButton]:
        return [each for each in self.looks.values() if not each.isHidden()]


def _least(button: BigButton, form: Form) -> float:
    return button.least_width(form) if isinstance(button, FootButton) else button.least_width()


def _row_width(row: _ButtonRow, gap: float) -> float:
    return sum(least for _, least in row) + gap * max(0, len(row) - 1)


def _flow(buttons: _ButtonRow, width: float, gap: float) -> list[_ButtonRow]:
    """As many in a row as fit, in as few rows as there must be, the rows about equally full."""
    if not buttons:
        return []
    rows = _broken(buttons, width, gap)
    narrow, step = width, max(1.0, width / 50)
    while narrow > step:
        tried = _broken(buttons, narrow - step, gap)
        if len(tried) > len(rows):
            break
        rows, narrow = tried, narrow - step
    return rows


def _broken(buttons: _ButtonRow, width: float, gap: float) -> list[_ButtonRow]:
    rows: list[_ButtonRow] = [[]]
    for each in buttons:
        if rows[-1] and _row_width([*rows[-1], each], gap) > width:
            rows.append([])
        rows[-1].append(each)
    return rows
