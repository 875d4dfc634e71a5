"""The visitor at my counter: number, service, what to know beforehand, and the running time."""

from datetime import timedelta

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from counter.actions import VIEWS
from counter.chips import Card, ChipButton, ChipRows, FactChip
from counter.serving_model import ServingModel
from counter.wording import Wording
from protocol.messages import Ticket
from ui.icons import paint_icon
from ui.labels import FittedLabel, NumberPlate
from ui.shapes import paint_card
from ui.signs import StateChip, TimerLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

LOW_CARD_EM = 22
"""Below this height in lines of body text there is no room for a second row of facts."""


class Emblem(QWidget):
    """A round sign for a state in which there is no visitor."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._icon = "waiting"

    def set_icon(self, name: str) -> None:
        """Show another sign."""
        if name != self._icon:
            self._icon = name
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.sizes.tile_height, self._theme.sizes.tile_height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), self._theme.colours
        side = float(min(self.width(), self.height()))
        disc = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        paint_card(painter, disc, side / 2, fill=colours.ok_soft)
        inset = side * 0.25
        paint_icon(
            painter, self._icon, disc.adjusted(inset, inset, -inset, -inset), colours.on_ok_soft
        )


class TicketCard(Card):
    """My ticket, or why there is none and what to do."""

    visit_wanted = Signal()
    rating_wanted = Signal()

    def __init__(self, model: ServingModel, wording: Wording, theme: Theme) -> None:
        super().__init__(theme)
        self._model, self._say = model, wording
        self._seen: object = None
        self.setObjectName("my-ticket")
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._visitor_page(theme))
        self._pages.addWidget(self._nobody_page(theme))

    def _visitor_page(self, theme: Theme) -> QWidget:
        page = QWidget()
        sizes, texts = theme.sizes, self._say.texts
        self.state = StateChip("called", theme, texts, role=Role.BODY, name="my-state")
        self.calls = FittedLabel(
            "",
            theme,
            role=Role.BODY,
            tone="ink_soft",
            wrap=False,
            align=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            name="call-count",
        )
        self.number = NumberPlate(
            "", theme, role=None, spacing=0.06, align=Qt.AlignmentFlag.AlignLeft, name="my-number"
        )
        # Room below too: round figures reach a little under the line on which they stand.
        self.number.setContentsMargins(0, sizes.gap // 2, 0, sizes.gap // 2)
        self.number.setFixedHeight(round(sizes.number * 1.5))
        self.timer = TimerLabel(
            theme, texts, self._model.server_now, role=Role.HEADING, name="my-timer"
        )
        self.timer_kind = FittedLabel(
            "", theme, role=Role.BODY, tone="ink_soft", wrap=False, name="timer-kind"
        )
        self.service = FittedLabel(
            "", theme, role=Role.TILE, weight=Weight.SEMIBOLD, wrap=False, name="my-service"
        )
        self.facts = ChipRows(theme, rows=2)
        self.captured = FittedLabel("", theme, role=Role.SMALLEST, name="captured")
        words = f"{self._say('action.visit')} · {VIEWS['visit']}"
        self.visit = ChipButton("door", words, theme, tone="info", name="visit")
        self.visit.setToolTip(f"{self._say('tell.visit')} ({VIEWS['visit']})")
        self.visit.setAccessibleName(self._say("action.visit"))
        self.visit.clicked.connect(self.visit_wanted)
        self.unheard = FactChip("speaker-off", "", theme, tone="due", name="unheard")
        for part in (self.captured, self.visit, self.unheard):
            part.hide()
        self.waited = FittedLabel("", theme, role=Role.BODY, tone="ink_soft", name="waited")
        top = QHBoxLayout()
        top.addWidget(self.state)
        top.addWidget(self.unheard)
        top.addWidget(self.visit)
        top.addWidget(self.calls, 1)
        clock = QHBoxLayout()
        clock.setSpacing(sizes.gap)
        clock.addWidget(self.timer, 1)
        clock.addWidget(self.timer_kind)
        column = QVBoxLayout(page)
        column.setContentsMargins(
            sizes.margin, sizes.gap * 3 // 2, sizes.margin, sizes.gap * 3 // 2
        )
        column.setSpacing(sizes.gap * 3 // 4)
        column.addLayout(top)
        column.addWidget(self.number)
        column.addLayout(clock)
        column.addWidget(self.service)
        column.addWidget(self.facts)
        column.addWidget(self.captured)
        column.addWidget(self.waited)
        column.addStretch()
        return page

    def _nobody_page(self, theme: Theme) -> QWidget:
        page = QWidget()
        self.emblem = Emblem(theme)
        centre = Qt.AlignmentFlag.AlignCenter
        self.headline = FittedLabel(
            "",
            theme,
            role=Role.HEADING,
            weight=Weight.SEMIBOLD,
            align=centre,
            floor=Role.BODY,
            name="headline",
        )
        self.hint = FittedLabel(
            "", theme, role=Role.BODY, tone="ink_soft", align=centre, name="hint"
        )
        self.rate = ChipButton("star", "", theme, tone="info", name="rate")
        self.rate.setToolTip(f"{self._say('tell.rating')} ({VIEWS['rating']})")
        self.rate.clicked.connect(self.rating_wanted)
        self.rate.hide()
        column = QVBoxLayout(page)
        margin = theme.sizes.margin
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.sizes.gap)
        column.addStretch()
        column.addWidget(self.emblem, 0, centre)
        column.addWidget(self.headline)
        column.addWidget(self.hint)
        column.addWidget(self.rate, 0, centre)
        column.addStretch()
        return page

    def refresh(self) -> None:
        """Show what the model holds now."""
        ticket, model = self.model_ticket(), self._model
        visit = model.visit
        seen = (
            *(ticket, model.counter_state, model.waiting_total, model.snapshot is None),
            *(visit.facts, visit.view, model.unheard, model.rating.rateable),
        )
        if seen != self._seen:
            self._seen = seen
            if ticket is None:
                self._show_nobody()
            else:
                self._show(ticket)
        waited = model.waited()
        over = waited is not None and waited.level == "over"
        tone = "on_warning_soft" if model.unheard else "error" if over else "ink_soft"
        self.waited.set_tone(tone)

    def model_ticket(self) -> Ticket | None:
        """The ticket that the card shows."""
        return self._model.ticket

    def _show_nobody(self) -> None:
        model, say = self._model, self._say
        self._pages.setCurrentIndex(1)
        self.timer.stop()
        self.set_edge("")
        if model.snapshot is None:
            icon, headline, hint = "clock", say("state.loading"), ""
        elif model.counter_state == "closed":
            icon, headline, hint = "door", say("state.closed"), say("state.closed_hint")
        elif model.counter_state == "paused":
            counter = model.snapshot.counter
            reason = counter.reason if counter is not None and counter.reason else ""
            named = say.choice(model, "pause_reason", reason)
            icon, headline = "pause", say("state.paused")
            hint = say("state.paused_hint", reason=named) if named else say("state.closed_hint")
        elif model.waiting_total:
            icon, headline, hint = "people", say("state.none"), say("state.none_hint")
        else:
            icon, headline, hint = "check", say("state.none"), say("state.none_waiting")
        rateable = model.rating.rateable
        if rateable is not None:
            words = say("rating.offer", number=rateable.number, key=VIEWS["rating"])
            self.rate.setText(words)
            self.rate.setAccessibleName(words)
            self.rate.updateGeometry()
        self.rate.setVisible(rateable is not None)
        self.emblem.set_icon(icon)
        self.headline.setText(headline)
        self.hint.setText(hint)

    def _show(self, ticket: Ticket) -> None:
        model, say = self._model, self._say
        self._pages.setCurrentIndex(0)
        self.set_edge("primary" if ticket.state == "serving" else "called")
        self.state.set_state(ticket.state)
        self.number.set_number(ticket.number)
        self.service.setText(say.errand(model, ticket))
        unheard = model.unheard
        if unheard:
            self.unheard.setText(say(f"voice.{unheard}"))
            self.unheard.setToolTip(say(f"voice.do-{unheard}"))
            self.unheard.updateGeometry()
        self.unheard.setVisible(bool(unheard))
        captured = say.captured(model)
        # What to do now needs the room of the count of calls and of what the door wrote.
        crowded = bool(unheard and captured)
        self.calls.setText("" if crowded else say("timer.call_count", count=ticket.call_count))
        self.captured.setText(captured)
        words = say("action.visit_kiosk" if model.visit.from_kiosk else "action.visit")
        if words != self.visit.accessibleName():
            self.visit.setText(f"{words} · {VIEWS['visit']}")
            self.visit.setAccessibleName(words)
            self.visit.updateGeometry()
        self.visit.setVisible(bool(captured))
        self.captured.setVisible(bool(captured) and not unheard)
        low = self.height() < self._theme.sizes.body * LOW_CARD_EM
        self.facts.set_rows(1 if captured and low else 2)
        tones = {"star": "priority", "printer": "plain", "document": "due", "warning": "due"}
        self.facts.set_chips(
            [
                FactChip(icon, word, self._theme, tone=tones.get(icon, "info"), name=f"fact-{icon}")
                for icon, word in say.ticket_facts(model, ticket)
            ]
        )
        timer, waited = model.timer(), model.waited()
        if timer is None:
            self.timer.stop()
            self.timer_kind.setText("")
        else:
            self.timer_kind.setText(say(f"timer.{timer.kind}"))
            target = timedelta(seconds=timer.target_s) if timer.target_s else None
            self.timer.run(timer.since, target)
        if unheard:
            # What to do now comes before what cannot be changed any more.
            self.waited.setText(say(f"voice.do-{unheard}"))
        elif waited is not None:
            minutes = say.texts.minutes
            facts = {"time": minutes(waited.elapsed_s), "target": minutes(waited.target_s)}
            key = "waited_target" if waited.target_s else "waited_only"
            if waited.level == "over":
                key = "waited_over"
            self.waited.setText(say(f"timer.{key}", **facts))
