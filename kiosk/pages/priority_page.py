"""K3: does somebody go ahead, and what is needed at the counter? The first button is "no"."""

from dataclasses import dataclass
from functools import partial
from itertools import pairwise

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from kiosk.choosing_model import ChoosingModel
from kiosk.pages.areas import Area, grid, place, stack, text_slot, two_line_height, widest_word
from kiosk.pages.asked_page import AskedPage
from kiosk.pages.choice_button import ChoiceButton, rows_of, shape_alike
from kiosk.pages.page import on_tap, relabel, say
from kiosk.visit import Page
from protocol.messages import Choice, Names, Priority
from ui.buttons import BigButton, Look
from ui.fitting import needed_height
from ui.labels import FittedLabel
from ui.texts import Texts
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
class TightShape:
    """All buttons in one grid, and how high it must be."""

    rows: int
    across: int
    height: float


class PriorityPage(AskedPage):
    """ "No" or "on", the groups that go ahead, and what somebody needs (several may hold)."""

    def __init__(self, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__(Page.PRIORITY, model, theme, texts, parent)
        self.go_on = on_tap(
            BigButton("", theme, name="priority-on", icon="forward", parent=self),
            model.leave_priority,
        )
        self.claims: dict[str, ChoiceButton] = {}
        self.aids: dict[str, ChoiceButton] = {}
        self.aids_title = FittedLabel(
            "", theme, role=Role.BODY, weight=Weight.SEMIBOLD, name="priority-needs", parent=self
        )
        self._arranged: tuple[object, ...] = ()
        # Whether the first button has no room for a line below its word.
        self._flat = False

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
        now = (texts.language, tuple(self.claims), tuple(self.aids))
        if changed or now != self._arranged:
            self._arranged = now
            self.lay_out()

    def arrange(self, area: QRectF, upright: bool) -> None:
        gap = float(self.theme.sizes.gap)
        shape = self._tight_shape(area.width())
        head, rest = self.frame(area, upright, shape.height)
        self.arrange_head(head)
        tight = rest.height() < self._roomy_height(rest.width())
        self.aids_title.setVisible(bool(self.aids) and not tight)
        if tight:
            self._arrange_tight(rest, gap)
            self._flat = True
            return
        body = Area(rest)
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
        both = float(two_line_height(self.theme))
        spare = rest.height() - self._roomy_height(rest.width())
        self._flat = spare < both - target
        return target if self._flat else both

    def _roomy_height(self, width: float) -> float:
        """What groups and needs take apart; at the foot of the screen there is less."""
        gap = self.theme.sizes.gap
        height = self.theme.sizes.target + gap * 1.5
        for buttons, most in ((self.claims, CLAIMS_IN_A_ROW), (self.aids, AIDS_IN_A_ROW)):
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

    def _tight_shape(self, width: float) -> "TightShape":
        """The flattest grid of all buttons in which each is read."""
        shapes = [self._shape_of(across, width) for across in TIGHT_IN_A_ROW]
        return min(shapes, key=lambda shape: shape.height)

    def _shape_of(self, across: int, width: float) -> "TightShape":
        sizes = self.theme.sizes
        buttons = self._in_order()
        room = (width - sizes.gap * (across - 1)) / across - sizes.gap * 2.5
        titles = [button.title for button in buttons]
        broken = any(widest_word(title, sizes.smallest) > room for title in titles)
        words = max(needed_height(each, sizes.smallest, Weight.SEMIBOLD, room) for each in titles)
        row = max(float(sizes.target), words + sizes.gap * 2.5)
        rows = -(-len(buttons) // across)
        # A broken word is the last way out.
        height = row * rows + sizes.gap * (rows - 1)
        return TightShape(rows, across, height * (10 if broken else 1))

    def _arrange_tight(self, rest: QRectF, gap: float) -> None:
        shape = self._tight_shape(rest.width())
        cells = grid(rest, shape.rows, shape.across, gap)
        for button, cell in zip(self._in_order(), cells, strict=False):
            place(button, cell)
        shape_alike([*self.claims.values(), *self.aids.values()])

    def _in_order(self) -> list[BigButton]:
        return [self.go_on, *self.claims.values(), *self.aids.values()]

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
        made.show()
        order = [*self._in_order(), self.back]
        for one, next_one in pairwise(order):
            QWidget.setTabOrder(one, next_one)

    @staticmethod
    def _drop(button: ChoiceButton) -> None:
        button.hide()
        button.deleteLater()
