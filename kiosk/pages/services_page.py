"""K2: which service? Tiles that never move, and a way for who does not know."""

from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.pages.areas import (
    Area,
    columns,
    grid,
    place,
    stack,
    text_slot,
    two_line_height,
    what_fits,
)
from kiosk.pages.asked_page import show_step, step_label
from kiosk.pages.band import Band
from kiosk.pages.page import KioskPage, heading_and_line, on_tap, relabel, say
from kiosk.pages.remarks import band_slot, disturbance_words, remark_words, show_band
from kiosk.pages.service_button import ServiceButton, icon_for, row_height, sheet_shape
from kiosk.service_tiles import ServiceTile, minutes_of
from kiosk.visit import Page
from ui.buttons import BigButton, Look
from ui.theme import Theme
from ui.tokens import Role

SETTLED_AFTER = 4
"""Looks at a page until its tiles and its other buttons agree."""


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """Rows and columns of tiles, and how high the buttons below them are.

    ``has_lines``: whether those buttons have a second line; ``shows_waiting``: whether tiles do.
    """

    shape: tuple[int, int]
    asides: float
    has_lines: bool = True
    shows_waiting: bool = True

    @property
    def tiles(self) -> int:
        """How many fit."""
        return self.shape[0] * self.shape[1]


def _asides_of(plan: SheetPlan) -> float:
    return plan.asides


class ServicesPage(KioskPage):
    """The question, the tiles of a sheet, "I do not know", and back."""

    def __init__(self, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__("services", theme, texts, parent)
        self._model = model
        self.step = step_label(self, "services-step")
        self.question, self.advice = heading_and_line(self, "question", "advice")
        self.remark = Band(theme, name="remark", parent=self)
        self.disturbance = Band(theme, name="disturbance", kind="info", icon="warning", parent=self)
        self.tiles: dict[str, ServiceButton] = {}
        self.unknown = on_tap(
            BigButton("", theme, name="unknown", icon="question", parent=self),
            model.choose_unknown,
        )
        self.more = on_tap(
            BigButton("", theme, name="more", icon="forward", parent=self), model.turn_sheet
        )
        self.code = on_tap(BigButton("", theme, name="code", parent=self), model.open_code)
        self.back = on_tap(
            BigButton(
                "", theme, name="back", look=Look.QUIET, icon="back", role=Role.BODY, parent=self
            ),
            model.back,
        )
        self._shown: list[ServiceButton] = []
        self._arranged: tuple[object, ...] = ()
        self._plan = SheetPlan((3, 2), 0.0)
        self._cut_line = self._settles = False

    def first_control(self) -> QWidget | None:
        return next((button for button in self._shown if button.isEnabled()), self.back)

    def last_control(self) -> QWidget | None:
        return self.back

    def foot_buttons(self) -> list[BigButton]:
        return [self.back, *self._in_bar()]

    def lay_out(self) -> None:
        super().lay_out()
        if self._settles:
            return
        # How many tiles a sheet has room for follows from letters, names and screen; and which
        # other buttons there are follows from that. Once more tiles, from then on only fewer.
        self._settles, model = True, self._model
        for turn in range(SETTLED_AFTER):
            tiles = self._plan.tiles
            if turn:
                tiles = min(tiles, model.tiles_on_a_sheet)
            if tiles == model.tiles_on_a_sheet and self._plan.has_lines != self._cut_line:
                break
            model.fit_tiles(tiles)
            self.show_model(model)
            super().lay_out()
        self._settles = False

    def show_model(self, model: ChoosingModel) -> None:
        texts = self.texts
        tiles = model.sheet_tiles()
        show_step(self.step, model, Page.SERVICES, texts)
        say(self.question, texts("kiosk.services.question"))
        say(
            self.advice,
            texts("kiosk.services.advice" if tiles else "kiosk.services.none"),
        )
        show_band(self.remark, remark_words(model.visit.remark, texts))
        show_band(self.disturbance, disturbance_words(model, texts))
        self._show_tiles(tiles)
        sheets = model.sheets
        self._cut_line = not self._plan.has_lines
        self._show_unknown(model.unknown_tile(), alone=sheets < 2 and not model.gives_codes)
        self.more.setVisible(sheets > 1)
        relabel(
            self.more,
            texts("kiosk.services.more"),
            line=self._line_of_more(model.visit.sheet + 1, sheets),
            description=texts("kiosk.services.more_hint"),
        )
        self._show_code(model)
        relabel(
            self.back,
            texts("kiosk.services.back"),
            description=texts("kiosk.services.back_hint"),
        )
        # Ten looks a second must not move a hundred widgets.
        bands = (self.remark.text(), self.disturbance.text(), self.step.text())
        now = (texts.language, tuple(tiles), bands, sheets, model.gives_codes, self.unknown.line)
        if now != self._arranged:
            self._arranged = now
            self.lay_out()

    def arrange(self, area: QRectF, upright: bool) -> None:
        gap = float(self.theme.sizes.gap)
        whole = Area(area)
        asides = [button for button in self._asides() if button not in self._in_bar()]
        if upright:
            within = max(self.reach_top - area.top(), self._head_least(area.width()))
            head = whole.top(min(within, area.height() - self._needed(area)))
            self._plan = self._planned(whole.rest)
            rows = [whole.bottom(self._plan.asides, gap=gap)] if asides else []
        else:
            share = self._side_share(area, len(asides))
            side = Area(whole.left(area.width() * share, gap=self.theme.sizes.margin))
            high, has_lines = self._beside_height(side.rest, len(asides))
            rows = [side.bottom(high, gap=gap) for _ in asides]
            line = self._longest_line()
            shape = sheet_shape(whole.rest, self._names(), self.theme, line=line)
            self._plan = SheetPlan(shape if shape[0] else (1, 1), high, has_lines)
            head = side.rest
        self._arrange_head(head)
        self._arrange_tiles(whole.rest, gap)
        self._arrange_asides(asides, rows, gap)

    def _side_share(self, area: QRectF, count: int) -> float:
        """Landscape: how much of the width the words have; more where a band needs it."""
        ways = [(0.38, True), (0.48, True)]
        if self.remark.text():  # what is disturbed makes way for it, and then the tiles do
            ways += [(0.48, False), (0.56, False)]
        for share, with_all in ways:
            side = QRectF(0, 0, area.width() * share, area.height())
            high, _ = self._beside_height(side, count)
            left = side.height() - count * (high + self.theme.sizes.gap)
            if left >= self._head_least(side.width(), with_all=with_all):
                break
        return share

    def _beside_height(self, side: QRectF, count: int) -> tuple[float, bool]:
        """Landscape: the height of each of the other buttons, and whether they have a line."""
        gap, shown = self.theme.sizes.gap, (self.unknown, self.more, self.code)
        line = self.texts("kiosk.services.unknown_line")
        high = max(two_line_height(self.theme), self.unknown.height_at(side.width(), line=line))
        if side.height() - count * (high + gap) >= self._head_least(side.width()):
            return high, True
        return max(each.height_at(side.width(), line="", bare=True) for each in shown), False

    def _head_least(self, width: float, *, with_all: bool = True) -> float:
        """What the question and the bands below it need; the advice may go."""
        gap = self.theme.sizes.gap
        question = text_slot(self.question, self.theme, width)
        told = (self.remark, self.disturbance) if with_all else (self.remark,)
        bands = [band_slot(band, self.theme, width) for band in told]
        return sum(slot.least + gap for slot in (question, *bands) if slot.least)

    def _needed(self, area: QRectF) -> float:
        """The least height of one row of tiles and what stands below it: the words make way."""
        asides = self._asides_height(area.width(), with_more=True, has_lines=False)
        line = "" if self.low_menu else self._longest_line()
        row = row_height(area.width(), self._names(), self.theme, line)
        return asides + self.theme.sizes.gap + row

    def _planned(self, rest: QRectF) -> SheetPlan:
        """As many tiles as fit above the other buttons; lines go before tiles do."""
        tiles = self._model.tiles()
        all_open = all(tile.open for tile in tiles)
        ways = [(True, True), (False, True)]
        if self.low_menu and all_open:
            ways.append((False, False))
        plans: list[SheetPlan] = []
        for with_more in (False, True):
            plans = []
            for has_lines, shows_waiting in ways:
                height = self._asides_height(rest.width(), with_more, has_lines)
                room = Area(rest)
                if height:
                    room.bottom(height, gap=self.theme.sizes.gap)
                line = self._longest_line() if shows_waiting else ""
                shape = sheet_shape(room.rest, self._names(), self.theme, line=line)
                plans.append(SheetPlan(shape, height, has_lines, shows_waiting))
            plans.sort(key=lambda plan: -plan.tiles)  # stable: of equal ones the richest
            if plans[0].tiles >= len(tiles):
                break
        # Where nothing fits, one tile and the least below it.
        return plans[0] if plans[0].tiles else replace(min(plans, key=_asides_of), shape=(1, 1))

    def _asides_height(self, width: float, with_more: bool, has_lines: bool) -> float:
        """What "I do not know" and its neighbours need beside each other, 0 without any."""
        shown = [button for button in (self.unknown, self.code) if not button.isHidden()]
        shown += [self.more] if with_more else []
        if len(shown) > 2:
            shown.remove(self.code)
        if not shown:
            return 0.0
        room = (width - self.theme.sizes.gap * (len(shown) - 1)) / len(shown)
        if not has_lines:
            return max(button.height_at(room, line="", bare=True) for button in shown)
        line = self.texts("kiosk.services.unknown_line")
        high = max(button.height_at(room, line=line, bare=True) for button in shown)
        return max(two_line_height(self.theme), high)

    def _in_bar(self) -> list[BigButton]:
        """Three beside each other would be too narrow to read: one goes into the bar."""
        return [self.code] if len(self._asides()) > 2 else []

    def _arrange_head(self, head: QRectF) -> None:
        """If it gets narrow, first the step and the advice go."""
        width, gap = head.width(), self.theme.sizes.gap
        slots = [
            text_slot(self.step, self.theme, width),
            text_slot(self.question, self.theme, width),
            text_slot(self.advice, self.theme, width),
            band_slot(self.remark, self.theme, width),
            band_slot(self.disturbance, self.theme, width),
        ]
        # Last of all the question: a refusal says itself what to do, and goes after a while.
        first_out: list[QWidget] = [self.step, self.advice, self.disturbance]
        if self.remark.text():
            first_out.append(self.question)
        stack(head, what_fits(slots, head.height(), gap, first_out=first_out), gap, together=True)

    def _arrange_tiles(self, cells: QRectF, gap: float) -> None:
        buttons = self._shown
        rows, count = self._plan.shape
        while rows * count < len(buttons):  # until the sheet has been made to fit
            rows += 1
        if len(buttons) == 1:
            count = 1
        # Two or three tiles must not become towers: they keep the height of a fuller sheet.
        rows = min(rows, max(2, -(-len(buttons) // count)))
        for button, cell in zip(buttons, grid(cells, rows, count, gap), strict=False):
            place(button, cell)
        # All tiles look alike, or an eye that compares them would look for a reason.
        is_open = [button for button in buttons if button.isEnabled()]
        for button in buttons:
            button.shows_line = self._plan.shows_waiting
        beside = all(button.name_fits_beside_icon() for button in is_open)
        for button in buttons:
            button.icon_beside_name = beside
        letters = all(button.letter_fits() for button in is_open)
        for button in buttons:
            button.shows_letter = letters
            button.update()

    def _arrange_asides(self, asides: list[BigButton], rows: list[QRectF], gap: float) -> None:
        places = columns(rows[0], max(1, len(asides)), gap) if len(rows) == 1 else rows
        icons = {self.unknown: "question", self.more: "forward"}
        for button, where in zip(asides, places, strict=False):
            button.set_content(icon=icons.get(button, ""))
            # A word is not broken for the sake of a picture.
            tight = button.height_at(where.width()) > where.height() + 1
            if tight or button.word_width() > where.width():
                button.set_content(icon="")
            place(button, where)

    def _line_of_more(self, sheet: int, sheets: int) -> str:
        if self._cut_line:
            return ""
        return self.texts("kiosk.services.more_line", sheet=sheet, sheets=sheets)

    def _longest_line(self) -> str:
        """Of the shortest forms of what stands under the names."""
        lines = [self._lines_of(tile)[-1] for tile in self._model.tiles() if tile.open]
        return max(lines, key=len, default=self.texts("kiosk.services.closed"))

    def _names(self) -> list[str]:
        return [self.texts.pick(tile.name) for tile in self._model.tiles()]

    def _asides(self) -> list[BigButton]:
        every = (self.unknown, self.more, self.code)
        return [button for button in every if not button.isHidden()]

    def _show_code(self, model: ChoosingModel) -> None:
        """The way in for who has been to the officer, where there is one."""
        self.code.setVisible(model.gives_codes)
        hint = self.texts("kiosk.services.code_hint")
        key = "kiosk.services.code_tight" if model.sheets > 1 else "kiosk.services.code"
        relabel(self.code, self.texts(key), description=hint)

    def _show_tiles(self, tiles: list[ServiceTile]) -> None:
        codes = {tile.code for tile in tiles}
        for code, button in self.tiles.items():
            button.setVisible(code in codes)
        self._shown = [self._button_of(tile) for tile in tiles]
        for tile, button in zip(tiles, self._shown, strict=True):
            button.show_service(
                self.texts.pick(tile.name),
                self._lines_of(tile),
                icon=icon_for(tile.code, tile.icon),
                letter=tile.sign,
                is_open=tile.open,
                hint=self.texts("kiosk.services.choose_hint") if tile.open else "",
                ends_soon=tile.open and tile.numbers_left is not None,
            )

    def _button_of(self, tile: ServiceTile) -> ServiceButton:
        button = self.tiles.get(tile.code)
        if button is None:
            button = ServiceButton(tile.code, self.theme, self)
            on_tap(button, partial(self._model.choose, tile.code))
            self.tiles[tile.code] = button
            button.show()
            self._order_tabs()
        return button

    def _order_tabs(self) -> None:
        order = [*self.tiles.values(), self.unknown, self.more, self.code, self.back]
        for one, next_one in pairwise(order):
            QWidget.setTabOrder(one, next_one)

    def _show_unknown(self, tile: ServiceTile | None, *, alone: bool) -> None:
        texts = self.texts
        self.unknown.setVisible(tile is not None)
        if tile is None:
            return
        self.unknown.setEnabled(tile.open)
        line = ""
        if not tile.open:
            line = texts("kiosk.services.closed")
        elif alone and not self._cut_line:  # beside another button there is room for its name only
            line = texts("kiosk.services.unknown_line")
        relabel(
            self.unknown,
            texts("kiosk.services.unknown"),
            line=line,
            description=texts("kiosk.services.unknown_hint"),
        )

    def _lines_of(self, tile: ServiceTile) -> list[str]:
        """What stands under the name, from long to short."""
        texts = self.texts
        if not tile.open:
            return self._why_closed(tile)
        if tile.waiting is None:
            return [texts("kiosk.services.open")]
        count = tile.waiting
        long = texts("kiosk.services.waiting_long", count=count)
        short = texts("kiosk.services.waiting", count=count)
        if tile.numbers_left is not None:
            left = texts("kiosk.services.left", count=tile.numbers_left)
            both = (
                texts("kiosk.services.left_line", left=left, waiting=words)
                for words in (long, short)
            )
            return [*both, left, texts("kiosk.services.left_tight", count=tile.numbers_left)]
        if tile.estimate is None:
            return [long, short]
        first, last = minutes_of(tile.estimate)
        minutes = texts("kiosk.minutes", first=first, last=last)
        tight = texts("kiosk.minutes_tight", first=first, last=last)
        return [
            *(
                texts("kiosk.services.line", waiting=waiting, minutes=range_)
                for waiting, range_ in ((long, minutes), (short, minutes), (short, tight))
            ),
            long,
            short,
        ]

    def _why_closed(self, tile: ServiceTile) -> list[str]:
        texts = self.texts
        plain, shortest = texts("kiosk.services.closed_plain"), texts("kiosk.services.closed")
        why = texts.pick(tile.why) if tile.why else ""
        if why:
            return [texts("kiosk.services.closed_why", why=why), why, shortest]
        if tile.numbers_used_up:
            return [texts("kiosk.services.used_up"), texts("kiosk.services.used_up_tight")]
        return [plain, shortest]
