"""K3: does somebody go ahead, and what is needed at the counter? The first button is "no"."""

from dataclasses import dataclass
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
    widest_word,
)
from kiosk.pages.asked_page import LANDSCAPE_SIDE, AskedPage
from kiosk.pages.choice_button import ChoiceButton, rows_of, shape_alike
from kiosk.pages.page import on_tap, place_with_icon, relabel, say
from kiosk.visit import Page
from protocol.messages import Choice, Names, Priority
from ui.buttons import BigButton, Look
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

ICONS: dict[str, str] = {
    "elderly": "elderly",
    "disability": "wheelchair",
    "pregnant": "pregnant",
    "infant": "infant",
}
CLAIMS_IN_A_ROW = 2
AIDS_IN_A_ROW = 3
TIGHT_IN_A_ROW = (4, 3, 2, 1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grid of buttons (with no columns: a list), how many of the choices, and its height."""

    rows: int
    across: int
    items: int
    height: float


class PriorityPage(AskedPage):
    """ "No" or "on", the groups that go ahead, and what somebody needs (several may hold)."""

    def __init__(self, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__(Page.PRIORITY, model, theme, texts, parent)
        self.go_on = on_tap(
            BigButton("", theme, name="priority-on", icon="forward", parent=self),
            model.leave_priority,
        )
        self.more = on_tap(
            BigButton("", theme, name="priority-more", icon="forward", parent=self),
            model.turn_choices,
        )
        self.more.hide()
        self.claims: dict[str, ChoiceButton] = {}
        self.aids: dict[str, ChoiceButton] = {}
        self.aids_title = FittedLabel(
            "", theme, role=Role.BODY, weight=Weight.SEMIBOLD, name="priority-needs", parent=self
        )
        self._arranged: tuple[object, ...] = ()
        # Whether the first button has no room for a line below its word.
        self._flat = False
        self._is_roomy = True

    def first_control(self) -> QWidget | None:
        return self.go_on

    def show_model(self, model: ChoosingModel) -> None:
        texts = self.texts
        changed = self.show_question(
            model, texts("kiosk.priority.question"), texts("kiosk.priority.line")
        )
        self._show_claims(model.claims)
        self._show_aids(model.aids)
        changed |= say(self.aids_title, texts("kiosk.priority.needs") if model.aids else "")
        self._show_on(model)
        relabel(
            self.more,
            texts("kiosk.services.more"),
            description=texts("kiosk.priority.more_hint"),
        )
        now = (texts.language, tuple(self.claims), tuple(self.aids), model.visit.choice_sheet)
        if changed or now != self._arranged:
            self._arranged = now
            self.lay_out()

    def arrange(self, area: QRectF, upright: bool) -> None:
        gap = float(self.theme.sizes.gap)
        width = area.width() if upright else area.width() * (1 - LANDSCAPE_SIDE)
        most = area.height() - self.question_height(area.width()) - gap
        room = min(self.reachable(area), most) if upright else area.height()
        if upright and not self._sheet_of(width, room).items:
            room = most
        head, rest = self.frame(area, upright, self._sheet_of(width, room).height)
        self.arrange_head(head)
        self._is_roomy = rest.height() >= self._roomy_height(rest.width()) - 0.5
        self.aids_title.setVisible(bool(self.aids) and self._is_roomy)
        self.more.setVisible(False)
        if not self._is_roomy:
            self._arrange_tight(rest, gap)
            return
        for button in self._choices():
            button.show()
        body = Area(rest)
        self.go_on.set_content(icon="forward")
        place(self.go_on, body.top(self._on_height(rest), gap=gap * 1.5))
        self._arrange_aids(body, gap)
        buttons = list(self.claims.values())
        rows, across, _ = self._rows_of(self.claims, body.rest.width(), CLAIMS_IN_A_ROW)
        for button, cell in zip(buttons, grid(body.rest, rows, across, gap), strict=False):
            place(button, cell)
        shape_alike(buttons)

    def _on_height(self, rest: QRectF) -> float:
        """With a line below the word, where the others leave room for it."""
        target = float(self.theme.sizes.target)
        both = max(two_line_height(self.theme), self.go_on.height_at(rest.width()))
        spare = rest.height() - self._roomy_height(rest.width())
        self._flat = spare < both - target
        return target if self._flat else both

    def _roomy_height(self, width: float) -> float:
        """What groups and needs take apart; at the foot of the screen there is less."""
        gap = self.theme.sizes.gap
        height = self.theme.sizes.target + gap * 1.5
        for buttons, most in ((self.claims, CLAIMS_IN_A_ROW), (self.aids, AIDS_IN_A_ROW)):
            if any(each.height_for(width) is None for each in buttons.values()):
                return float("inf")  # not even a whole row is wide enough for each word
            rows, _, row = self._rows_of(buttons, width, most)
            height += (row + gap) * rows
        title = text_slot(self.aids_title, self.theme, width).wanted if self.aids else 0.0
        return height + title

    def _rows_of(
        self, buttons: dict[str, ChoiceButton], width: float, most: int
    ) -> tuple[int, int, float]:
        sizes = self.theme.sizes
        shown = list(buttons.values())
        return rows_of(shown, width, float(sizes.gap), float(sizes.target), most)

    def _sheet_of(self, width: float, height: float) -> "Sheet":
        """The grid of this size that shows the most of the choices at once."""
        sheets = [self._sheet_with(across, width, height) for across in TIGHT_IN_A_ROW]
        sheets.append(self._list_with(width, height))
        return max(sheets, key=lambda sheet: (sheet.items, -sheet.height))

    def _sheet_with(self, across: int, width: float, height: float) -> "Sheet":
        sizes = self.theme.sizes
        gap, target = float(sizes.gap), float(sizes.target)
        room = (width - gap * (across - 1)) / across
        choices = self._choices()
        heights = [each.height_for(room, with_tick=False) for each in choices]
        named = [self.go_on, self.more]
        for button in named:
            button.set_content(icon="")
        if None in heights or any(
            widest_word(each.title, sizes.smallest) > room - gap * 2 for each in named
        ):
            return Sheet(1, across, 0, float("inf"))
        row = max(
            target,
            *(each or 0.0 for each in heights),
            *(each.height_at(room, line="") for each in named),
        )
        fit = int((height + gap) / (row + gap))
        wanted = -(-(len(choices) + 1) // across)
        rows = min(fit, wanted)
        # One is "on"; where not all have room, one turns to the next ones.
        items = min(len(choices), rows * across - (1 if fit >= wanted else 2))
        return Sheet(rows, across, max(0, items), row * rows + gap * (rows - 1))

    def _list_with(self, width: float, height: float) -> "Sheet":
        """ "On" and "more" in one row, below them a choice in each: the flattest of all."""
        gap, target = float(self.theme.sizes.gap), float(self.theme.sizes.target)
        column = (width - gap) / 2
        heights = [each.height_for(width, with_tick=False) or 0.0 for each in self._choices()]
        named = [each.height_at(column, line="") for each in (self.go_on, self.more)]
        row = max(target, *heights, *named)
        items = min(len(heights), int((height + gap) / (row + gap)) - 1)
        return Sheet(items + 1, 0, max(0, items), (row + gap) * (items + 1) - gap)

    def _arrange_tight(self, rest: QRectF, gap: float) -> None:
        """All in one grid, as flat as a finger allows, sheet by sheet where it must be."""
        sheet, choices = self._sheet_of(rest.width(), rest.height()), self._choices()
        self._flat = True
        items = max(1, sheet.items)
        sheets = -(-len(choices) // items)
        first = self._model.visit.choice_sheet % sheets * items
        shown = choices[first : first + items]
        for each in choices:
            each.setVisible(each in shown)
        self.more.setVisible(sheets > 1)
        turn = [self.more] if sheets > 1 else []
        buttons: list[BigButton] = [self.go_on, *shown, *turn]
        if sheet.across:
            rows = max(1, sheet.rows, -(-len(buttons) // sheet.across))
            cells = grid(rest, rows, sheet.across, gap)
        else:
            buttons = [self.go_on, *turn, *shown]
            above, *below = grid(rest, items + 1, 1, gap)
            cells = [*columns(above, 1 + len(turn), gap), *below]
        for button, cell in zip(buttons, cells, strict=False):
            place(button, cell)
        for button in (self.go_on, self.more):
            where = QRectF(button.geometry())
            place_with_icon(button, "forward", where)
            if button.height_at(where.width(), line="") > where.height() + 0.5:
                button.set_content(icon="")
        shape_alike(shown)

    def _choices(self) -> list[ChoiceButton]:
        return [*self.claims.values(), *self.aids.values()]

    def _arrange_aids(self, body: Area, gap: float) -> None:
        """Below: what is needed, in rows of equal cells."""
        if not self.aids:
            return
        rows, across, row = self._rows_of(self.aids, body.rest.width(), AIDS_IN_A_ROW)
        cells = body.bottom(row * rows + gap * (rows - 1), gap=gap * 0.5)
        for button, cell in zip(self.aids.values(), grid(cells, rows, across, gap), strict=False):
            place(button, cell)
        shape_alike(list(self.aids.values()))
        slot = text_slot(self.aids_title, self.theme, body.rest.width())
        stack(body.bottom(slot.wanted, gap=gap), [slot], 0)

    def _show_on(self, model: ChoosingModel) -> None:
        """ "No, as usual" while nothing is chosen; then "go on with this"."""
        texts, visit = self.texts, model.visit
        chosen = visit.priority != "none" or bool(visit.needs)
        key = "on" if chosen else "none"
        relabel(
            self.go_on,
            texts(f"kiosk.priority.{key}"),
            line="" if self._flat else texts(f"kiosk.priority.{key}_line"),
            description=texts("kiosk.priority.on_hint"),
        )
        self.go_on.set_look(Look.PRIMARY if chosen else Look.PANEL)

    def _show_claims(self, claims: list[tuple[Priority, Names]]) -> None:
        known = {code for code, _ in claims}
        for code in [code for code in self.claims if code not in known]:
            self._drop(self.claims.pop(code))
        for code, name in claims:
            button = self.claims.get(code)
            if button is None:
                button = ChoiceButton(
                    self.theme, name=f"priority-{code}", icon=ICONS[code], parent=self
                )
                on_tap(button, partial(self._model.claim, code))
                self.claims[code] = button
                self._order_tabs(button)
            button.show_choice(
                self.texts.pick(name),
                chosen=self._model.visit.priority == code,
                hint=self.texts("kiosk.priority.claim_hint"),
            )

    def _show_aids(self, aids: list[Choice]) -> None:
        known = {aid.code for aid in aids}
        for code in [code for code in self.aids if code not in known]:
            self._drop(self.aids.pop(code))
        for aid in aids:
            button = self.aids.get(aid.code)
            if button is None:
                button = ChoiceButton(
                    self.theme, name=f"need-{aid.code}", many=True, role=Role.BODY, parent=self
                )
                on_tap(button, partial(self._model.toggle_need, aid.code))
                self.aids[aid.code] = button
                self._order_tabs(button)
            button.show_choice(
                self.texts.pick(aid.name),
                chosen=aid.code in self._model.visit.needs,
                hint=self.texts("kiosk.priority.need_hint"),
            )

    def _order_tabs(self, made: ChoiceButton) -> None:
        order = [self.go_on, *self._choices(), self.more, self.back]
        for one, next_one in pairwise(order):
            QWidget.setTabOrder(one, next_one)

    @staticmethod
    def _drop(button: ChoiceButton) -> None:
        button.hide()
        button.deleteLater()
