"""K6: no paper. The number comes first, the fault second, and then what to do."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.pages.areas import (
    Area,
    Slot,
    grid,
    place,
    stack,
    text_slot,
    two_line_height,
    what_fits,
)
from kiosk.pages.band import Band
from kiosk.pages.issued_page import TicketPage
from kiosk.pages.page import on_tap, relabel, say
from kiosk.pages.remarks import band_slot
from kiosk.printer import PrintOutcome
from kiosk.visit import Fault, Remark
from ui.buttons import BigButton, Look
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

WIDE_SHARE = 0.55
"""The part of a wide screen for number and fault, where the buttons stand below."""

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class PaperlessPage(TicketPage):
    """The number stays valid: photograph it, scan it, note it, or wait for the paper."""

    def __init__(self, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__("paperless", theme, texts, parent)
        self.fault = Band(theme, name="fault", role=Role.TILE, parent=self)
        self.remark = Band(
            theme, name="paperless-remark", kind="info", icon="information", parent=self
        )
        self.first = self._step("step-first")
        self.second = self._step("step-second")
        self.told = self._step("told", weight=Weight.REGULAR, tone="ink_soft")
        self.noted = on_tap(
            BigButton("", theme, name="noted", look=Look.PRIMARY, icon="check", parent=self),
            model.noted,
        )
        self.wait_paper = on_tap(
            BigButton("", theme, name="wait-paper", icon="printer", parent=self), model.wait_paper
        )

        self._beside, self._width = False, 0.0
        self._bands = [self.fault]
        self._fault_said = ""

    def _step(self, name: str, *, weight: Weight = Weight.MEDIUM, tone: str = "ink") -> FittedLabel:
        return FittedLabel(
            "",
            self.theme,
            role=Role.BODY,
            weight=weight,
            tone=tone,
            align=_LEFT,
            name=name,
            parent=self,
        )

    def first_control(self) -> QWidget | None:
        return self.noted

    def show_model(self, model: ChoosingModel) -> None:
        shown = model.visit.shown
        if shown is None:
            return
        texts, fault = self.texts, shown.fault
        changed = self.show_ticket(model, shown)
        if fault is not None:
            words = f"{self._fault_words(fault)}\n{texts('kiosk.paperless.valid')}"
            changed |= self._fault_said != words
            self._fault_said = words
            told = "told" if fault.told and not shown.ticket.offline else "untold"
            if model.visit.remark is None:
                changed |= say(self.told, texts(f"kiosk.paperless.{told}"))
        changed |= say(self.first, texts("kiosk.paperless.first") if shown.ticket.link else "")
        changed |= say(self.second, texts("kiosk.paperless.second"))
        changed |= self._show_remark(model.visit.remark)
        if self.remark.text():  # it says what the staff are needed for
            changed |= say(self.told, "")
        relabel(
            self.noted,
            texts("kiosk.paperless.noted"),
            description=texts("kiosk.paperless.noted_hint"),
        )
        changed |= self._show_wait(model)
        if changed:
            self.lay_out()

    def arrange(self, area: QRectF, upright: bool) -> None:
        gap = self.theme.sizes.gap * 1.25
        # With the buttons at the foot of a wide screen number and code stand beside each other.
        is_wide = upright and area.width() > area.height() * 1.6
        self.fault.say(self._fault_said)
        self._bands = self._bands_that_fit(area, upright, is_wide)
        if is_wide:
            facts, steps = self._cut_wide(area, gap)
        elif upright:
            facts, steps = self._cut_tall(area, gap)
        else:
            facts, steps = self._cut_beside(area, gap)
            if self.qr.content and not self._code_side(steps, gap):
                # High buttons beside the number leave no room for the code; a flat row does.
                facts, steps = self._cut_wide(area, gap)
        number = self.theme.sizes.number * (1.25 if upright and not is_wide else 1.6)
        self._arrange_facts(facts, number, gap * 0.6)
        self._arrange_steps(steps, gap)

    def _cut_tall(self, area: QRectF, gap: float) -> tuple[QRectF, QRectF]:
        """Facts, steps and buttons below each other; gives the first two."""
        whole, self._width = Area(area), area.width()
        self._shape_buttons(beside=self._is_tight(area, area.width(), gap))
        self._arrange_buttons(whole.bottom(self._buttons_height(gap), gap=gap), gap)
        steps = whole.bottom(self._steps_height(whole.rest, gap), gap=gap)
        return whole.rest, steps

    def _cut_beside(self, area: QRectF, gap: float) -> tuple[QRectF, QRectF]:
        """The facts on the left, steps and buttons on the right."""
        right = Area(area)
        facts = right.left(area.width() * 0.5, gap=self.theme.sizes.margin)
        self._width = right.rest.width()
        self._shape_buttons(beside=self._is_tight(right.rest, self._width, gap, facts=0))
        self._arrange_buttons(right.bottom(self._buttons_height(gap), gap=gap * 0.4), gap)
        return facts, right.rest

    def _cut_wide(self, area: QRectF, gap: float) -> tuple[QRectF, QRectF]:
        """Facts and steps beside each other, the buttons in a row below both."""
        whole, self._width = Area(area), area.width()
        self._shape_buttons(beside=True)
        self._arrange_buttons(whole.bottom(self._buttons_height(gap), gap=gap), gap)
        facts = whole.left(area.width() * WIDE_SHARE, gap=self.theme.sizes.margin)
        return facts, whole.rest

    def _arrange_facts(self, area: QRectF, number: float, gap: float) -> None:
        width = area.width()
        slots = [
            text_slot(self.your_number, self.theme, width),
            Slot(self.number, self._number_least(), number, number * 1.4),
            text_slot(self.service, self.theme, width),
            *(band_slot(band, self.theme, width) for band in self._bands),
        ]
        first_out = (self.your_number, self.service)
        fitting = what_fits(slots, area.height(), gap, first_out=first_out)
        seen = [slot.least for slot in fitting if slot.wanted > 0]
        if sum(seen) + gap * (len(seen) - 1) > area.height() and "\n" in self.fault.text():
            self.fault.say(self.fault.text().replace("\n", " "))  # one line less, perhaps
            self._arrange_facts(area, number, gap)
            return
        stack(area, fitting, gap)
        for band in (self.fault, self.remark):
            band.setVisible(band in self._bands and bool(band.text()))

    def _number_least(self) -> float:
        """A number that is to be photographed or noted is never smaller than a heading."""
        sizes = self.theme.sizes
        return max(sizes.number * 0.38, sizes.smallest * 1.7)

    def _bands_that_fit(self, area: QRectF, upright: bool, is_wide: bool) -> list[Band]:
        """Fault and remark; where both would crowd out number or code, the newer one alone.

        A remark says what became of the last touch, and goes after a few seconds; both say that
        the number stays valid.
        """
        if not self.remark.text():
            return [self.fault]
        sizes, gap = self.theme.sizes, self.theme.sizes.gap * 1.25
        share = WIDE_SHARE if is_wide else 1.0 if upright else 0.5
        both, width = (self.fault, self.remark), area.width() * share
        bands = sum(band.height_for(width, sizes.smallest) + gap for band in both)
        taken = two_line_height(self.theme) * 1.5 + gap if upright else 0.0
        if upright and not is_wide:
            taken += sizes.target * 2 + gap
        room = area.height() - taken - bands
        return [*both] if room >= self._number_least() * 1.4 else [self.remark]

    def _is_tight(
        self, area: QRectF, width: float, gap: float, *, facts: float | None = None
    ) -> bool:
        """Whether the two buttons, one above the other, take room that sentences need."""
        sizes = self.theme.sizes
        if facts is None:
            told = sum(band.height_for(width, sizes.smallest) + gap for band in self._bands)
            facts = sizes.number * 0.75 + told + sizes.smallest * 3
        room = area.height() - two_line_height(self.theme) * 2 - gap * 3
        words = [text_slot(label, self.theme, width * 0.5) for label in self._steps()]
        return room < facts + sum(slot.least for slot in words)

    def _shape_buttons(self, *, beside: bool) -> None:
        """Beside each other they have no room for their icons."""
        self._beside = beside
        for button, icon in ((self.noted, "check"), (self.wait_paper, "printer")):
            button.set_content(icon="" if beside else icon)

    def _arrange_buttons(self, area: QRectF, gap: float) -> None:
        buttons = self._buttons()
        rows, across = (1, len(buttons)) if self._beside else (len(buttons), 1)
        for button, where in zip(buttons, grid(area, rows, across, gap), strict=True):
            place(button, where)

    def _buttons(self) -> list[BigButton]:
        return [self.noted, *([] if self.wait_paper.isHidden() else [self.wait_paper])]

    def _buttons_height(self, gap: float) -> float:
        count = 1 if self._beside else len(self._buttons())
        return self._button_height(gap) * count + gap * (count - 1)

    def _button_height(self, gap: float) -> float:
        buttons = self._buttons()
        width = self._width
        if self._beside:
            width = (width - gap * (len(buttons) - 1)) / len(buttons)
        needed = max(each.height_at(width) for each in buttons)
        return needed if self._beside else max(two_line_height(self.theme), needed)

    def _steps_height(self, rest: QRectF, gap: float) -> float:
        """A third of the page, or what the sentences need beside a small code."""
        sizes, width = self.theme.sizes, rest.width() * 0.7 - gap
        slots = [text_slot(label, self.theme, width) for label in self._steps()]
        needed = sum(slot.wanted for slot in slots) + gap
        facts = sum(band.height_for(rest.width(), sizes.smallest) + gap for band in self._bands)
        number = max(sizes.number * 0.45, self._number_least())
        most = max(rest.height() * 0.2, rest.height() - facts - number - gap * 2)
        return min(max(needed, rest.height() * 0.34), most)

    def _steps(self) -> list[FittedLabel]:
        return [self.first, self.second, self.told]

    def _arrange_steps(self, area: QRectF, gap: float) -> None:
        """The code, as large as the sentences beside it allow."""
        side = self._code_side(area, gap)
        self.qr.setVisible(side > 0)
        place(self.qr, QRectF(area.left(), area.center().y() - side / 2, side, side))
        words = QRectF(area)
        words.setLeft(area.left() + (side + gap if side else 0.0))
        slots = [text_slot(label, self.theme, words.width()) for label in self._steps()]
        first_out = (self.told, self.second, self.first)
        stack(words, what_fits(slots, words.height(), gap * 0.5, first_out=first_out), gap * 0.5)

    def _code_side(self, area: QRectF, gap: float) -> float:
        """As large as the sentences beside it allow, or none: the number is to be read, too."""
        if not self.qr.content:
            return 0.0
        sides = [
            min(area.height(), area.width() * share, self.theme.sizes.number * 1.6)
            for share in (0.42, 0.36, 0.3, 0.22)
        ]
        # First with the sentences at their own size, then as small as they are still read.
        for labels, least in ((self._steps(), False), ([self.first, self.second], True)):
            for side in sides:
                room = area.width() - side - gap
                if self._steps_room(labels, room, least=least) + gap <= area.height():
                    return side
        room = area.width() - sides[-1] - gap
        return sides[-1] if self._steps_room([self.first], room, least=True) <= area.height() else 0

    def _steps_room(self, labels: list[FittedLabel], width: float, *, least: bool) -> float:
        """How high these sentences are, at their size or at their smallest."""
        slots = [text_slot(label, self.theme, width) for label in labels]
        return sum(slot.least if least else slot.wanted for slot in slots)

    def _show_wait(self, model: ChoosingModel) -> bool:
        shown, texts = model.visit.shown, self.texts
        offered = shown is not None and not shown.hopeless
        changed = offered == self.wait_paper.isHidden()
        self.wait_paper.setVisible(offered)
        if not offered or shown is None:
            return changed
        if shown.reprinting:
            line = texts("kiosk.paperless.reprinting")
        elif not (model.online or model.can_reprint):
            line = texts("kiosk.paperless.offline")
        else:
            line = texts("kiosk.paperless.wait_line")
        relabel(
            self.wait_paper,
            texts("kiosk.paperless.wait"),
            line=line,
            description=texts("kiosk.paperless.wait_hint"),
        )
        self.wait_paper.setEnabled(model.can_reprint)
        return changed

    def _show_remark(self, remark: Remark | None) -> bool:
        words = ""
        if remark is not None:
            key = f"kiosk.refused.{remark.reason}"
            known = key if self.texts.has(key) else "kiosk.refused.try-again"
            words = remark.words or self.texts(known)
        changed = self.remark.text() != words
        self.remark.say(words)
        return changed

    def _fault_words(self, fault: Fault) -> str:
        if fault.reason is not None:
            key = f"kiosk.paperless.fault_{fault.reason.value}"
            if self.texts.has(key):
                return self.texts(key)
        if fault.reason is None and fault.outcome is PrintOutcome.UNKNOWN:
            return self.texts("kiosk.paperless.fault_late")
        if fault.outcome is PrintOutcome.UNKNOWN:
            return self.texts("kiosk.paperless.fault_unknown")
        return self.texts("kiosk.paperless.fault")
