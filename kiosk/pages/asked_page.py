"""What the questions between service and number share: which step it is, what is asked, back."""

from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.pages.areas import Area, Slot, stack, text_slot, what_fits
from kiosk.pages.page import KioskPage, heading_and_line, on_tap, relabel, say
from kiosk.visit import Page
from ui.buttons import BigButton, Look
from ui.fitting import needed_height
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

LANDSCAPE_SIDE = 0.38
"""The share of a landscape screen on which it stands what is asked."""


class AskedPage(KioskPage):
    """One question; a subclass adds its answers and places them below or beside it."""

    def __init__(
        self, page: Page, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget
    ) -> None:
        name = page.value
        super().__init__(name, theme, texts, parent)
        self._asks, self._model = page, model
        self.step = step_label(self, f"{name}-step")
        self.question, self.line = heading_and_line(self, f"{name}-question", f"{name}-line")
        self.back = on_tap(
            BigButton(
                "",
                theme,
                name=f"{name}-back",
                look=Look.QUIET,
                icon="back",
                role=Role.BODY,
                parent=self,
            ),
            model.back,
        )

    def last_control(self) -> QWidget | None:
        return self.back

    def foot_buttons(self) -> list[BigButton]:
        return [self.back]

    def show_question(self, model: ChoosingModel, question: str, line: str) -> bool:
        """Show the step, what is asked and why; whether something is other than before."""
        texts = self.texts
        changed = show_step(self.step, model, self._asks, texts)
        changed |= say(self.question, question)
        changed |= say(self.line, line)
        relabel(
            self.back,
            texts("kiosk.steps.back"),
            description=texts("kiosk.steps.back_hint"),
        )
        return changed

    def frame(
        self, area: QRectF, upright: bool, least: float, words: float = 0.0
    ) -> tuple[QRectF, QRectF]:
        """The place of the question, and that of what is touched, which needs ``least`` pixels.

        What is touched stays within reach and makes way for the question and ``words`` more
        pixels, but has what it needs.
        """
        whole, gap = Area(area), float(self.theme.sizes.gap)
        if not upright:
            head = whole.left(area.width() * LANDSCAPE_SIDE, gap=self.theme.sizes.margin)
            return head, whole.rest
        head_least = self.question_height(area.width()) + words
        below = min(self.reachable(area), area.height() - head_least - gap)
        rest = whole.bottom(min(area.height() - gap, max(below, least)), gap=gap)
        return whole.rest, rest

    def reachable(self, area: QRectF) -> float:
        """How much of an upright page's area is within reach."""
        return area.bottom() - max(area.top(), self.reach_top) - self.theme.sizes.gap

    def question_height(self, width: float) -> float:
        """What the question needs at its smallest."""
        px = self.theme.sizes.smallest
        return needed_height(self.question.text(), px, Weight.BOLD, width) + 1.0

    def arrange_head(self, head: QRectF, *more: Slot) -> None:
        """If it gets narrow, the step goes, then the line, and the question for what is more."""
        width, gap = head.width(), float(self.theme.sizes.gap)
        slots = [
            text_slot(self.step, self.theme, width),
            text_slot(self.question, self.theme, width),
            text_slot(self.line, self.theme, width),
            *more,
        ]
        first_out = (self.step, self.line, *((self.question,) if more else ()))
        stack(head, what_fits(slots, head.height(), gap, first_out=first_out), gap, together=True)


def step_label(page: KioskPage, name: str) -> FittedLabel:
    """Where "2 dari 3" stands."""
    return FittedLabel(
        "",
        page.theme,
        role=Role.SMALLEST,
        weight=Weight.SEMIBOLD,
        tone="primary",
        tabular=True,
        name=name,
        parent=page,
    )


def show_step(label: FittedLabel, model: ChoosingModel, page: Page, texts: Texts) -> bool:
    """Say which step this is, where there are several; whether that is other than before."""
    step = model.step_of(page)
    words = "" if step is None else texts("kiosk.steps.of", step=step[0], steps=step[1])
    return say(label, words)
