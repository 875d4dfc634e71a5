"""K5: the number, at once; the paper follows."""

from datetime import datetime

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.pages.areas import (
    Area,
    Slot,
    place,
    stack,
    text_slot,
    two_line_height,
    what_fits,
)
from kiosk.pages.band import Band
from kiosk.pages.page import KioskPage, on_tap, relabel, say
from kiosk.paper_layout import branch_zone
from kiosk.shown_ticket import ShownTicket
from kiosk.ticket_layout import call_window
from ui.buttons import BigButton, Look
from ui.labels import FittedLabel, NumberPlate
from ui.qr import QrPicture
from ui.signs import ProgressLine
from ui.theme import Theme, Weight
from ui.tokens import Role

_CENTRED = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class TicketPage(KioskPage):
    """What K5 and K6 share: whose number it is, for what, and its code."""

    def __init__(self, name: str, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__(name, theme, texts, parent)
        self.your_number = FittedLabel(
            "",
            theme,
            role=Role.TILE,
            weight=Weight.SEMIBOLD,
            tone="ink_soft",
            align=_CENTRED,
            name="your-number",
            parent=self,
        )
        self.number = NumberPlate("", theme, role=None, tone="primary", name="number", parent=self)
        self.service = FittedLabel(
            "", theme, role=Role.TILE, align=_CENTRED, name="service", parent=self
        )
        self.qr = QrPicture(texts, name="qr", parent=self)

    def show_ticket(self, model: ChoosingModel, shown: ShownTicket) -> bool:
        """Show number, service and code; whether something is other than before."""
        texts, ticket = self.texts, shown.ticket
        info = model.service(ticket.service)
        name = texts.pick(info.name) if info is not None else ticket.service
        clock = texts.clock(self.branch_time(model, ticket.issued_at))
        changed = say(self.your_number, texts("kiosk.ticket.your_number"))
        changed |= say(self.service, texts("kiosk.ticket.service", service=name, clock=clock))
        if self.number.text() != ticket.number:
            self.number.set_number(ticket.number)
            changed = True
        self.qr.setAccessibleName(texts("ui.qr"))
        if self.qr.content != (ticket.link or ""):
            self.qr.set_content(ticket.link or "")
            changed = True
        return changed

    @staticmethod
    def branch_time(model: ChoosingModel, at: datetime) -> datetime:
        """An instant as the branch's clock shows it."""
        zone = model.welcome.branch.time_zone if model.welcome is not None else "UTC"
        return at.astimezone(branch_zone(zone))


class IssuedPage(TicketPage):
    """The number was given: how long it may take, what to have ready, and the paper."""

    def __init__(self, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__("issued", theme, texts, parent)
        self.ahead = FittedLabel(
            "",
            theme,
            role=Role.TILE,
            weight=Weight.BOLD,
            align=_CENTRED,
            name="people-ahead",
            parent=self,
        )
        self.estimate = FittedLabel(
            "", theme, role=Role.TILE, align=_CENTRED, name="estimate", parent=self
        )
        self.ready = Band(theme, name="have-ready", kind="info", icon="document", parent=self)
        self.follow = FittedLabel(
            "",
            theme,
            role=Role.BODY,
            weight=Weight.MEDIUM,
            align=_LEFT,
            name="follow",
            parent=self,
        )
        self.follow_line = FittedLabel(
            "",
            theme,
            role=Role.BODY,
            tone="ink_soft",
            align=_LEFT,
            name="follow-line",
            parent=self,
        )
        self.paper = Band(theme, name="paper", kind="info", role=Role.TILE, parent=self)
        self.progress = ProgressLine(theme, texts, name="paper-progress", parent=self)
        self.finish = on_tap(
            BigButton("", theme, name="finish", look=Look.PRIMARY, role=Role.TILE, parent=self),
            model.finish,
        )

    def first_control(self) -> QWidget | None:
        return self.finish

    def show_model(self, model: ChoosingModel) -> None:
        shown = model.visit.shown
        if shown is None:
            return
        texts, ticket = self.texts, shown.ticket
        changed = self.show_ticket(model, shown)
        # Of a number that the kiosk gave by itself nobody knows how many are before it.
        ahead = texts("kiosk.ticket.people_ahead", count=max(0, ticket.people_ahead))
        changed |= say(self.ahead, "" if ticket.offline else ahead)
        changed |= say(self.estimate, self._estimate_words(model, shown))
        changed |= say(self.follow, texts("kiosk.ticket.follow") if ticket.link else "")
        changed |= say(self.follow_line, texts("kiosk.ticket.follow_line") if ticket.link else "")
        papers = ", ".join(filter(None, map(texts.pick, shown.have_ready)))
        ready = texts("kiosk.ticket.have_ready", papers=papers) if papers else ""
        changed |= self.ready.text() != ready
        self.ready.say(ready)
        self._show_paper(shown)
        self._show_finish(model, shown)
        if changed:
            self.lay_out()

    def arrange(self, area: QRectF, upright: bool) -> None:
        sizes = self.theme.sizes
        gap = sizes.gap * 1.25
        whole = Area(area)
        # With the menu at the foot of a wide screen both columns still have their height.
        if upright and area.width() < area.height() * 1.6:
            place(self.finish, whole.bottom(two_line_height(self.theme), gap=gap))
            self._arrange_paper(whole, gap)
            upper = Area(whole.rest)
            self._arrange_ready(upper, gap, self._facts_least(area.width(), gap))
            code = self._code_area(upper, gap)
            self._arrange_facts(upper.rest, gap, number=sizes.number * 1.25)
            self._arrange_code(code, gap)
        else:
            facts = Area(whole.left(area.width() * 0.55, gap=sizes.margin))
            place(self.finish, whole.bottom(two_line_height(self.theme), gap=gap))
            self._arrange_paper(whole, gap)
            self._arrange_facts(facts.rest, gap, number=sizes.number * 1.6)
            self._arrange_ready(whole, gap, 0.0)
            self._arrange_code(whole.rest, gap)

    def _arrange_ready(self, whole: Area, gap: float, others: float) -> None:
        """The papers to have ready, if ``others`` keeps its height; the paper names them, too."""
        width, room = whole.rest.width(), whole.rest.height() - others
        least = self.ready.height_for(width, self.theme.sizes.smallest)
        is_there = bool(self.ready.text()) and least <= room
        self.ready.setVisible(is_there)
        if is_there:
            wanted = self.ready.height_for(width)
            place(self.ready, whole.bottom(max(least, min(wanted, room * 0.5)), gap=gap))

    def _code_area(self, upper: Area, gap: float) -> QRectF:
        """Portrait: the code below the facts, where it is large enough to be scanned."""
        if not self.follow.text():
            return QRectF()
        number, rest = self.theme.sizes.number, upper.rest
        side = min(rest.height() * 0.3, number * 1.5)
        side = min(side, rest.height() - self._facts_least(rest.width(), gap) - gap)
        least = max(number * 0.6, self._follow_least(rest.width() - number * 1.2))
        return upper.bottom(side, gap=gap) if side >= least else QRectF()

    def _follow_least(self, width: float) -> float:
        return text_slot(self.follow, self.theme, width).least

    def _facts_least(self, width: float, gap: float) -> float:
        """What the facts that matter need: the number, how many, when."""
        labels = (self.ahead, self.estimate)
        words = sum(text_slot(label, self.theme, width).least + gap * 0.6 for label in labels)
        return words + self.theme.sizes.number * 0.75

    def _arrange_facts(self, area: QRectF, gap: float, *, number: float) -> None:
        width = area.width()
        slots = [
            text_slot(self.your_number, self.theme, width),
            Slot(self.number, self.theme.sizes.number * 0.55, number, number * 1.4),
            text_slot(self.service, self.theme, width),
            text_slot(self.ahead, self.theme, width),
            text_slot(self.estimate, self.theme, width),
        ]
        first_out = (self.your_number, self.service)
        fitting = what_fits(slots, area.height(), gap * 0.6, first_out=first_out)
        stack(area, fitting, gap * 0.6)

    def _arrange_code(self, area: QRectF, gap: float) -> None:
        is_there = bool(self.follow.text()) and area.height() > 0
        for widget in (self.qr, self.follow, self.follow_line):
            widget.setVisible(is_there)
        if not is_there:
            return
        side = min(area.height(), area.width() * 0.45, self.theme.sizes.number * 1.6)
        # Too small for a telephone, or for the words beside it: the paper has both.
        least = self._follow_least(area.width() - side - gap)
        if side < self.theme.sizes.number * 0.5 or least > area.height():
            for widget in (self.qr, self.follow, self.follow_line):
                widget.hide()
            return
        code = QRectF(area.left(), area.center().y() - side / 2, side, side)
        place(self.qr, code)
        words = QRectF(area)
        words.setLeft(code.right() + gap)
        slots = [
            text_slot(label, self.theme, words.width()) for label in (self.follow, self.follow_line)
        ]
        if sum(slot.least for slot in slots) + gap * 0.4 > words.height():
            self.follow_line.hide()
            slots.pop()
        stack(words, slots, gap * 0.4, together=True)

    def _arrange_paper(self, whole: Area, gap: float) -> None:
        """Band and bar; as high as the longest of their sentences, so that nothing moves."""
        width, px = whole.rest.width(), self.theme.sizes.smallest
        place(self.progress, whole.bottom(self.theme.sizes.gap * 1.5, gap=gap * 0.5))
        longest = self.paper.height_for(width, px, self.texts("kiosk.ticket.take"))
        place(self.paper, whole.bottom(max(longest, self.theme.sizes.tile * 1.9), gap=gap))

    def _show_paper(self, shown: ShownTicket) -> None:
        if shown.paper_is_out:
            self.paper.say(self.texts("kiosk.ticket.take"), kind="ok", icon="printer")
        else:
            self.paper.say(self.texts("kiosk.ticket.printing"), kind="info", icon="printer")
        # A full bar beside "take your paper" would be one thing more to understand.
        self.progress.setVisible(not shown.paper_is_out)
        share = shown.progress()
        self.progress.set_share(share)
        self.progress.setAccessibleName(self.texts("ui.progress", percent=round(share * 100)))

    def _show_finish(self, model: ChoosingModel, shown: ShownTicket) -> None:
        texts, left_s = self.texts, model.time_left_s()
        line = ""
        if left_s is not None:
            line = texts("kiosk.ticket.finish_line", seconds=max(0, round(left_s)))
        relabel(
            self.finish,
            texts("kiosk.ticket.finish"),
            line=line,
            description=texts("kiosk.ticket.finish_hint"),
        )

    def _estimate_words(self, model: ChoosingModel, shown: ShownTicket) -> str:
        ticket = shown.ticket
        if ticket.estimate is None:
            return ""
        window = call_window(self.branch_time(model, ticket.issued_at), ticket.estimate)
        first, last = map(self.texts.clock, window)
        return self.texts("kiosk.ticket.estimate", first=first, last=last)
