"""K1: the idle page. One thing to do, large enough that nobody must look for it."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QWidget

from kiosk.choosing_model import ChoosingModel
from kiosk.pages.areas import Area, balanced_slot, place, stack, what_fits
from kiosk.pages.band import Band
from kiosk.pages.closed_card import ClosedCard
from kiosk.pages.page import KioskPage, on_tap, relabel, say
from kiosk.pages.remarks import band_slot, disturbance_words, show_band
from kiosk.pages.service_button import StartButton
from ui.labels import FittedLabel
from ui.texts import Texts
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
        self.disturbance = Band(theme, name="disturbance", kind="info", icon="warning", parent=self)

    def first_control(self) -> QWidget | None:
        return None if self.start.isHidden() else self.start

    def show_model(self, model: ChoosingModel) -> None:
        texts = self.texts
        say(self.welcome, texts("kiosk.idle.welcome"))
        way = "code" if model.screened else "start"
        invitation = texts("kiosk.idle.screened" if model.screened else "kiosk.idle.invitation")
        changed = say(self.invitation, "" if model.all_closed else invitation)
        changed |= show_band(self.disturbance, disturbance_words(model, texts))
        self.start.setVisible(not model.all_closed)
        self.closed.setVisible(model.all_closed)
        why = texts.pick(model.why_all_closed) if model.why_all_closed else ""
        self.closed.show_words(texts("kiosk.idle.closed"), why or texts("kiosk.idle.closed_plain"))
        relabel(
            self.start,
            texts(f"kiosk.idle.{way}"),
            description=texts(f"kiosk.idle.{way}_hint"),
        )
        if say(self.waiting, self._waiting_words(model)) or changed:
            self.lay_out()

    def arrange(self, area: QRectF, upright: bool) -> None:
        sizes = self.theme.sizes
        whole = Area(area)
        # Last stand the languages, whose buttons the window places.
        if upright:
            words = whole.top(self.reach_top - area.top())
            self.language_area = whole.bottom(language_height(self.theme), gap=sizes.gap * 2)
            place(self.waiting, whole.bottom(sizes.target, gap=sizes.gap))
            self._place_middle(whole.rest)
            labels = [self.welcome, self.invitation]
        else:
            side = Area(whole.left(area.width() * 0.42, gap=sizes.margin))
            self.language_area = side.bottom(language_height(self.theme), gap=sizes.gap * 2)
            self._place_middle(whole.rest)
            words = side.rest
            labels = [self.welcome, self.invitation, self.waiting]
        slots = [balanced_slot(label, self.theme, words.width()) for label in labels]
        slots.append(band_slot(self.disturbance, self.theme, words.width()))
        gap = float(sizes.gap)
        first_out = (self.waiting, self.welcome) if not upright else (self.welcome,)
        stack(words, what_fits(slots, words.height(), gap, first_out=first_out), gap)

    def _place_middle(self, area: QRectF) -> None:
        for widget in (self.start, self.closed):
            place(widget, area)

    def _waiting_words(self, model: ChoosingModel) -> str:
        count = model.waiting_total
        # That nobody waits is an invitation, and no news while there are no numbers.
        if count is None or (model.all_closed and not count):
            return ""
        return self.texts("kiosk.idle.waiting", count=count)


def language_height(theme: Theme) -> float:
    """How high the row of languages is on the pages that have one."""
    return float(theme.sizes.target)
