"""K1: the idle page. One thing to do, large enough that nobody must look for it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.pages.areas import (
    Area,
    balanced_slot,
    place,
    stack,
    text_slot,
    two_line_height,
    what_fits,
)
from kiosk.pages.band import Band
from kiosk.pages.closed_card import ClosedCard
from kiosk.pages.page import KioskPage, on_tap, relabel, say
from kiosk.pages.remarks import band_slot, disturbance_words, show_band
from kiosk.pages.service_button import StartButton
from kiosk.service_tiles import minutes_of
from protocol.messages import Estimate
from ui.buttons import BigButton
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

_CENTRED = Qt.AlignmentFlag.AlignCenter


class IdlePage(KioskPage):
    """Welcome, the start button, and how many wait; why there is no number, where there is none."""

    def __init__(self, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__("idle", theme, texts, parent)
        self.welcome = FittedLabel(
            "",
            theme,
            role=Role.HEADING,
            weight=Weight.BOLD,
            align=_CENTRED,
            name="welcome",
            parent=self,
        )
        self.invitation = FittedLabel(
            "",
            theme,
            role=Role.TILE,
            tone="ink_soft",
            align=_CENTRED,
            name="invitation",
            parent=self,
        )
        self.start = StartButton(theme, self)
        on_tap(self.start, model.start)
        self.booking = on_tap(
            BigButton("", theme, name="booking", icon="phone", parent=self), model.open_booking
        )
        # Where there is no room for it the line below its name goes.
        self._has_line = True
        self.closed = ClosedCard(theme, self)
        self.waiting = FittedLabel(
            "",
            theme,
            role=Role.TILE,
            weight=Weight.MEDIUM,
            align=_CENTRED,
            name="waiting",
            parent=self,
        )
        self.estimate = FittedLabel(
            "", theme, role=Role.TILE, align=_CENTRED, name="estimate-total", parent=self
        )
        self.disturbance = Band(theme, name="disturbance", kind="info", icon="warning", parent=self)

    def first_control(self) -> QWidget | None:
        shown = (each for each in (self.start, self.booking) if not each.isHidden())
        return next(shown, None)

    def last_control(self) -> QWidget | None:
        return self.first_control() if self.booking.isHidden() else self.booking

    def show_model(self, model: ChoosingModel) -> None:
        texts = self.texts
        say(self.welcome, texts("kiosk.idle.welcome"))
        way = "code" if model.screened else "start"
        invitation = texts("kiosk.idle.screened" if model.screened else "kiosk.idle.invitation")
        changed = say(self.invitation, "" if model.all_closed else invitation)
        changed |= show_band(self.disturbance, disturbance_words(model, texts))
        self.start.setVisible(not model.all_closed)
        why = texts.pick(model.why_all_closed) if model.why_all_closed else ""
        changed |= self.closed.isHidden() == model.all_closed
        self.closed.setVisible(model.all_closed)
        words = why or texts("kiosk.idle.closed_plain")
        changed |= self.closed.show_words(texts("kiosk.idle.closed"), words)
        relabel(
            self.start,
            texts(f"kiosk.idle.{way}"),
            description=texts(f"kiosk.idle.{way}_hint"),
        )
        changed |= self.booking.isHidden() == model.takes_bookings
        self.booking.setVisible(model.takes_bookings)
        changed |= relabel(
            self.booking,
            texts("kiosk.idle.booking"),
            line=self._line_of_booking(),
            description=texts("kiosk.idle.booking_hint"),
        )
        changed |= say(self.waiting, self._waiting_words(model))
        if say(self.estimate, self._estimate_words(model)) or changed:
            self.lay_out()

    def arrange(self, area: QRectF, upright: bool) -> None:
        sizes = self.theme.sizes
        whole = Area(area)
        if upright:
            least = self.start if self.closed.isHidden() else self.closed
            most = area.height() - least.least_height(area.width()) - self._beside(area.width())
            told = band_slot(self.disturbance, self.theme, area.width()).least + sizes.gap
            words = whole.top(min(max(self.reach_top - area.top(), told), most))
            labels = [self.welcome, self.invitation]
            facts = self._facts()
            if self.low_menu or self._is_tight(whole.rest, facts):
                # All room at the foot is for what is touched.
                labels += facts
            else:
                self._arrange_facts(whole, facts)
            self._place_middle(whole.rest)
        else:
            side = Area(whole.left(area.width() * 0.42, gap=sizes.margin))
            self._place_middle(whole.rest)
            words = side.rest
            labels = [self.welcome, self.invitation, *self._facts()]
        slots = [balanced_slot(label, self.theme, words.width()) for label in labels]
        slots.append(band_slot(self.disturbance, self.theme, words.width()))
        gap = float(sizes.gap)
        first_out = (self.welcome, self.estimate, self.waiting, self.invitation)
        stack(words, what_fits(slots, words.height(), gap, first_out=first_out), gap)

    def _facts(self) -> list[FittedLabel]:
        """How many wait and how long that takes, as far as it is known."""
        return [self.waiting, self.estimate]

    def _is_tight(self, rest: QRectF, facts: list[FittedLabel]) -> bool:
        """Whether the words below would leave the button too little."""
        width, gap = rest.width(), self.theme.sizes.gap
        below = sum(text_slot(label, self.theme, width).wanted for label in facts) + gap * 2
        below += self._beside(width)
        if not self.closed.isHidden():
            return rest.height() - below < self.closed.least_height(width)
        return rest.height() - below < self.start.least_height(width) + self.theme.sizes.number

    def _arrange_facts(self, whole: Area, facts: list[FittedLabel]) -> None:
        """Below the start button."""
        gap = self.theme.sizes.gap
        slots = [text_slot(label, self.theme, whole.rest.width()) for label in facts]
        height = sum(slot.wanted for slot in slots) + gap * 0.5
        stack(whole.bottom(height, gap=gap), slots, gap * 0.25, together=True)

    def _place_middle(self, area: QRectF) -> None:
        middle = Area(area)
        if not self.booking.isHidden():
            least = self.start if self.closed.isHidden() else self.closed
            room, gap = area.height() - least.least_height(area.width()), self.theme.sizes.gap
            self._has_line = room >= self._beside(area.width(), with_line=True)
            self.booking.set_content(line=self._line_of_booking())
            high = self._beside(area.width(), with_line=self._has_line)
            place(self.booking, middle.bottom(high - gap, gap=gap))
        for widget in (self.start, self.closed):
            place(widget, middle.rest)

    def _line_of_booking(self) -> str:
        return self.texts("kiosk.idle.booking_line") if self._has_line else ""

    def _beside(self, width: float, *, with_line: bool = False) -> float:
        """How much of the height the way in for who has booked takes, with the gap above it."""
        if self.booking.isHidden():
            return 0.0
        gap, target = self.theme.sizes.gap, float(self.theme.sizes.target)
        if not with_line:
            return max(target, self.booking.height_at(width, line="")) + gap
        line = self.texts("kiosk.idle.booking_line")
        high = self.booking.height_at(width, line=line)
        return max(two_line_height(self.theme), high) + gap

    def _waiting_words(self, model: ChoosingModel) -> str:
        count = model.waiting_total
        # That nobody waits is an invitation, and no news while there are no numbers.
        if count is None or (model.all_closed and not count):
            return ""
        return self.texts("kiosk.idle.waiting", count=count)

    def _estimate_words(self, model: ChoosingModel) -> str:
        """From the shortest to the longest wait of what is open: whatever one comes for."""
        if model.all_closed or not model.waiting_total:
            return ""
        known = [tile.estimate for tile in model.tiles() if tile.open and tile.estimate is not None]
        if not known:
            return ""
        whole = Estimate(
            from_s=min(each.from_s for each in known), to_s=max(each.to_s for each in known)
        )
        first, last = minutes_of(whole)
        return self.texts("kiosk.idle.estimate", first=first, last=last)


def language_height(theme: Theme) -> float:
    """How high a row of buttons is at least."""
    return float(theme.sizes.target)
