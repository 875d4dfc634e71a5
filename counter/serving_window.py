"""The full console of a frontliner (C1): one page, every move a key, the next one unmistakable."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from counter.actions import ACTIONS, NOTHING_CHOSEN, VIEWS, Destination, Visitor, Wish
from counter.chips import ChipButton, elided
from counter.complaint_panel import ComplaintAtCounterPanel
from counter.disturbance_band import DisturbanceBand
from counter.global_keys import Grabbed
from counter.key_button import KeyButton, SmallKey, small_height
from counter.line_card import LineCard
from counter.numbers_panel import NumbersPanel
from counter.panel_deck import PanelDeck
from counter.panels import FinishPanel, KeysPanel, LeavePanel, Panel, ReasonPanel
from counter.papers_panel import PapersPanel
from counter.park_panel import ParkPanel
from counter.rating_panel import RatingPanel
from counter.remarks import Remark
from counter.serving_model import ServingModel
from counter.ticket_card import TicketCard
from counter.transfer_panel import TransferPanel
from counter.visit_panel import VisitPanel
from counter.visitor_panels import ContinuePanel, IssuePanel
from counter.why_panel import WhyPanel
from counter.wording import Wording
from protocol.messages import ParkedEntry
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.signs import StateChip
from ui.theme import Theme, Weight
from ui.tokens import Role

TICKET_MOVES = ("recall", "start", "finish", "park", "no-show")
MORE_MOVES = ("transfer", "continue", "cancel", "issue")
SEAT_MOVES = ("pause", "close", "sign-out")
REASONS = ("pause", "cancel")
"""Moves whose reason is chosen in the one panel for reasons."""
REMARK_TONES = {"no": "error", "good": "primary", "due": "on_warning_soft"}


class ServingPage(QWidget):
    """My ticket, the line, the moves; panels open in place of the two cards."""

    strip_wanted = Signal()
    leave_wanted = Signal()

    def __init__(
        self,
        model: ServingModel,
        wording: Wording,
        theme: Theme,
        branch_time: Callable[[], datetime],
    ) -> None:
        """``branch_time`` gives the branch's wall clock."""
        super().__init__()
        self.setObjectName("serving")
        self._model, self._say, self._theme = model, wording, theme
        self._branch_time = branch_time
        self.buttons: dict[str, KeyButton] = {}
        self.views: dict[str, KeyButton] = {}
        self._grabbed: Grabbed | None = None
        # The big button takes the focus as soon as it can have it.
        self._focus_is_due = True
        model.rings = self._ring
        self._build_header()
        self._build_cards()
        self._build_moves()
        sizes = theme.sizes
        column = QVBoxLayout(self)
        column.setContentsMargins(sizes.margin, sizes.gap, sizes.margin, sizes.gap)
        column.setSpacing(sizes.gap)
        column.addLayout(self._header)
        column.addWidget(self.deck, 1)
        column.addWidget(self.buttons["next"])
        column.addWidget(self.buttons["open"])
        column.addLayout(self._ticket_moves)
        column.addWidget(self._more_moves)
        column.addWidget(self._seat_moves)
        column.addLayout(self._footer)

    # Building.

    def _build_header(self) -> None:
        theme, texts = self._theme, self._say.texts
        self.title = FittedLabel(
            "",
            theme,
            role=Role.HEADING,
            weight=Weight.BOLD,
            wrap=False,
            floor=Role.BODY,
            name="counter-title",
        )
        self.title.setMinimumHeight(round(theme.sizes.heading * 1.3))
        self.counter_state = StateChip("serving", theme, texts, word="", name="counter-state")
        self.link = StateChip("finished", theme, texts, word="", name="link")
        self.clock = FittedLabel(
            "", theme, role=Role.TILE, weight=Weight.MEDIUM, wrap=False, tabular=True, name="clock"
        )
        self.disturbance = DisturbanceBand(self._say, theme)
        self.help = ChipButton("call-person", "", theme, tone="due", name="help-call")
        self.help.clicked.connect(lambda: self.look("answer"))
        self.help.hide()
        self._header = QHBoxLayout()
        self._header.setSpacing(theme.sizes.gap * 2)
        self._header.addWidget(self.title)
        self._header.addWidget(self.counter_state)
        self._header.addWidget(self.help)
        self._header.addWidget(self.disturbance, 1)
        self._header.addStretch()
        self._header.addWidget(self.link)
        self._header.addWidget(self.clock)

    def _build_cards(self) -> None:
        model, say, theme = self._model, self._say, self._theme
        self.ticket_card = TicketCard(model, say, theme)
        self.line_card = LineCard(model, say, theme)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.sizes.gap)
        row.addWidget(self.ticket_card, 11)
        row.addWidget(self.line_card, 9)
        self.finish_panel = FinishPanel(model, say, theme)
        self.reason_panel = ReasonPanel(say, theme, name="reason-panel")
        self.park_panel = ParkPanel(model, say, theme)
        self.transfer_panel = TransferPanel(model, say, theme)
        self.numbers_panel = NumbersPanel(model, say, theme)
        self.continue_panel = ContinuePanel(model, say, theme)
        self.issue_panel = IssuePanel(model, say, theme)
        self.why_panel = WhyPanel(model, say, theme)
        self.visit_panel = VisitPanel(model, say, theme)
        self.complaint_panel = ComplaintAtCounterPanel(model, say, theme)
        self.papers_panel = PapersPanel(model, say, theme)
        self.rating_panel = RatingPanel(model, say, theme)
        model.rating.over = self.show_cards
        self.keys_panel = KeysPanel(say, theme)
        self.leave_panel = LeavePanel(say, theme)
        panels: dict[str, Panel] = {
            "finish": self.finish_panel,
            "park": self.park_panel,
            "transfer": self.transfer_panel,
            "numbers": self.numbers_panel,
            "continue": self.continue_panel,
            "issue": self.issue_panel,
            "why": self.why_panel,
            "visit": self.visit_panel,
            "complaint": self.complaint_panel,
            "papers": self.papers_panel,
            "rating": self.rating_panel,
            "keys": self.keys_panel,
            "leave": self.leave_panel,
            **dict.fromkeys(REASONS, self.reason_panel),
        }
        self.deck = PanelDeck(model, both, panels)
        self.deck.turned = self._make_room
        for panel in dict.fromkeys(panels.values()):
            panel.back.connect(self.show_cards)
        self.ticket_card.visit_wanted.connect(lambda: self.look("visit"))
        self.ticket_card.rating_wanted.connect(lambda: self.look("rating"))
        self.line_card.papers_wanted.connect(lambda: self.look("papers"))
        self.line_card.why_wanted.connect(lambda: self.look("why"))
        self.line_card.numbers_wanted.connect(lambda: self.look("numbers"))
        self.line_card.resume_wanted.connect(lambda ticket: self._do("resume", Wish(ticket=ticket)))
        self.finish_panel.finish.connect(lambda: self._do("finish"))
        self.finish_panel.finish_and_next.connect(lambda: self._do("next"))
        self.reason_panel.chosen.connect(
            lambda code: self._do(self.panel, Wish(reason=code), stays=False)
        )
        self.park_panel.parked.connect(self._park)
        self.transfer_panel.transfer.connect(self._transfer)
        self.numbers_panel.taken.connect(lambda move, ticket: self._do(move, Wish(ticket=ticket)))
        self.continue_panel.chosen.connect(lambda code: self._do("continue", Wish(service=code)))
        self.issue_panel.issue.connect(self._issue)
        self.leave_panel.leave.connect(self.leave_wanted)

    def _build_moves(self) -> None:
        sizes = self._theme.sizes
        self._add_button("next", Look.PRIMARY, Role.HEADING)
        self._add_button("open", Look.PRIMARY, Role.HEADING)
        self.buttons["next"].set_content(icon="bell")
        self.buttons["open"].set_content(icon="door")
        for name in ("next", "open"):
            self.buttons[name].setFixedHeight(round(sizes.target * 2.1))
        self.buttons["open"].hide()  # it takes the place of the other, never one beside it
        self._ticket_moves = self._row(TICKET_MOVES, Look.PANEL, round(sizes.target * 1.2))
        more = self._row(MORE_MOVES, Look.PANEL, sizes.target)
        more.insertWidget(1, self._view("numbers", Look.PANEL))
        seat = self._row(SEAT_MOVES, Look.QUIET, sizes.target)
        for name in ("strip", "help"):
            seat.addWidget(self._view(name, Look.QUIET))
        for name in (*MORE_MOVES, *SEAT_MOVES):
            self.buttons[name].yields = True
        for view in self.views.values():
            view.yields = True
        self._more_moves, self._seat_moves = QWidget(), QWidget()
        for holder, row in ((self._more_moves, more), (self._seat_moves, seat)):
            row.setContentsMargins(0, 0, 0, 0)
            holder.setLayout(row)
        self._build_footer()

    def _build_footer(self) -> None:
        theme, sizes = self._theme, self._theme.sizes
        self.remark = FittedLabel(
            "", theme, role=Role.BODY, weight=Weight.SEMIBOLD, name="remark", floor=Role.SMALLEST
        )
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self.today = FittedLabel(
            "", theme, role=Role.BODY, tone="ink_soft", wrap=False, align=right, name="today"
        )
        self.buttons["undo"] = undo = SmallKey(
            self._say("action.undo"),
            theme,
            name="undo",
            look=Look.CHOSEN,
            icon="undo",
            badge=ACTIONS["undo"].key,
            role=Role.BODY,
        )
        undo.setFixedHeight(small_height(theme))
        undo.tapped.connect(lambda: self.act("undo"))
        undo.hide()
        self._footer = QHBoxLayout()
        self._footer.setSpacing(sizes.gap)
        self._footer.addWidget(self.remark, 1)
        self._footer.addWidget(self.buttons["undo"])
        self._footer.addWidget(self.today)
        self.remark.setFixedHeight(small_height(theme))

    def _row(self, names: tuple[str, ...], look: Look, height: int) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._theme.sizes.gap)
        for name in names:
            self._add_button(name, look, Role.BODY)
            self.buttons[name].setFixedHeight(height)
            row.addWidget(self.buttons[name])
        return row

    def _add_button(self, name: str, look: Look, role: Role) -> None:
        button = self._plain_button(name, ACTIONS[name].key, look, role)
        button.tapped.connect(lambda: self.act(name))
        self.buttons[name] = button

    def _view(self, name: str, look: Look) -> KeyButton:
        button = self.views[name] = self._plain_button(name, VIEWS[name], look)
        button.setFixedHeight(self._theme.sizes.target)
        button.tapped.connect(lambda: self.look(name))
        return button

    def _plain_button(self, name: str, key: str, look: Look, role: Role = Role.BODY) -> KeyButton:
        return KeyButton(
            self._say(f"action.{name}"),
            self._theme,
            name=name,
            look=look,
            badge=key,
            role=role,
            description=f"{self._say(f'tell.{name}')} ({key})",
        )

    # What a person does.

    def act(self, name: str) -> None:
        """Do what a button or key stands for: ask at once, or open what must be said first."""
        model = self._model
        if name == "pause" and model.counter_state == "paused":
            name = "open"
        action = ACTIONS[name]
        if model.hindrance(name):
            model.do(name)  # says why, and asks nothing
        elif name in REASONS:
            self._ask_reason(name)
        elif action.panel and self.panel != action.panel:
            self.deck.open(action.panel)
            self.refresh()
        elif action.panel in ("", "finish"):
            self._do(name)

    def act_at_once(self, name: str) -> None:
        """The same without any question, for keys pressed in another program."""
        reasons = self._model.choices_of(ACTIONS[name].asks) if ACTIONS[name].asks else []
        self._do(name, Wish(reason=reasons[0].code) if reasons else Wish())

    def look(self, name: str) -> None:
        """Show what is only looked at, or hide it again."""
        if name == "strip":
            self.strip_wanted.emit()
        elif name == "answer":
            self._model.help.answer()
        elif name == "rating" and self.panel != "rating" and self._model.rating.rateable is None:
            self._model.say(Remark("calm", "rating.nobody"))
        elif self.panel == (panel := "keys" if name == "help" else name):
            self.show_cards()
        else:
            self.deck.open(panel)
            self.refresh()

    def show_cards(self) -> None:
        """Close whatever panel is open."""
        self.deck.close_panel()
        self._focus_is_due = True
        self.refresh()

    def show_keys(self) -> None:
        """Show all keys, or hide them again."""
        self.look("help")

    def ask_to_leave(self) -> None:
        """The window is being closed while a visitor is here."""
        ticket, snapshot = self._model.ticket, self._model.snapshot
        number = ticket.number if ticket is not None else ""
        counter = snapshot.counter.number if snapshot and snapshot.counter else 0
        self.leave_panel.ask(number, counter)
        self.deck.open("leave")
        self.refresh()

    @property
    def panel(self) -> str:
        """The open panel by its name, or empty."""
        return self.deck.name

    def _do(self, name: str, wish: Wish = NOTHING_CHOSEN, *, stays: bool = True) -> None:
        """Ask; a panel closes with it, unless it stays because nothing could be asked."""
        asked = self._model.do(name, wish)
        if self.panel not in ("", "leave") and (asked or not stays):
            self.show_cards()

    def _park(self, reason: str, alarm_at: datetime | None) -> None:
        self._do("park", Wish(reason=reason, alarm_at=alarm_at))

    def _transfer(self, to: Destination) -> None:
        self._do("transfer", Wish(to=to))

    def _issue(self, visitor: Visitor) -> None:
        self._do("issue", Wish(visitor=visitor))

    def _ask_reason(self, name: str) -> None:
        ticket = self._model.ticket
        number = ticket.number if ticket is not None else ""
        self.reason_panel.offer(
            name,
            self._say(f"choose.{name}", number=number),
            self._model.choices_of(ACTIONS[name].asks),
        )
        self.deck.open(name)
        self.refresh()

    def _make_room(self) -> None:
        """An open panel, or the banner of a lost link, needs the room of the lesser moves."""
        self._seat_moves.setVisible(not self.panel)
        self._more_moves.setVisible(not self.deck.is_roomy and self._model.online)
        # What a visitor touches on a screen that is turned to them moves nobody; and all keys
        # on one page need the room.
        for name in TICKET_MOVES:
            self.buttons[name].setVisible(self.panel not in ("rating", "keys"))
        self._show_next_key()

    def _ring(self, parked: ParkedEntry) -> None:
        QApplication.beep()

    # What is seen.

    def set_grabbed(self, grabbed: Grabbed | None) -> None:
        """Say whether the global keys work."""
        self._grabbed = grabbed
        self.refresh()

    def refresh(self) -> None:
        """Show what the model holds now; cheap enough for four times a second."""
        model = self._model
        self.deck.refresh()
        self._show_header()
        self.ticket_card.refresh()
        self.line_card.refresh()
        self._show_moves()
        words = self._say.remark(model.remark)
        if words != self.remark.text():
            self.remark.setText(words)
        tone = model.remark.tone if model.remark is not None else ""
        self.remark.set_tone(
            {"no": "error", "good": "primary", "due": "on_warning_soft"}.get(tone, "ink")
        )
        self._show_today()

    def _show_header(self) -> None:
        model, say = self._model, self._say
        snapshot = model.snapshot
        self._show_help()
        self.disturbance.show_disturbance(snapshot.disturbance if snapshot is not None else None)
        if snapshot is not None and snapshot.counter is not None:
            who = snapshot.signed_in.name or snapshot.signed_in.staff if snapshot.signed_in else ""
            title = say("window.title_counter", counter=snapshot.counter.number)
            _set_text(self.title, f"{title} – {who}" if who else title)
        state = model.counter_state
        self.counter_state.setVisible(bool(state))
        if state:
            look = {"open": "serving", "paused": "parked"}.get(state, "cancelled")
            _set_chip(self.counter_state, look, say(f"seat.{state}"))
        online = model.online
        key = "online" if online else model.link.state.value
        _set_chip(self.link, "finished" if online else "offline", say(f"link.{key}"))
        _set_text(self.clock, say.texts.clock(self._branch_time(), seconds=True))

    def _show_help(self) -> None:
        """Discreet: the desk at the door rings for it, but a frontliner may be nearer."""
        model, say = self._model, self._say
        waiting = model.help.waiting
        shown = bool(waiting) and model.online
        if shown:
            device = say.device(waiting[0].device)
            disturbed = model.snapshot is not None and model.snapshot.disturbance is not None
            # Two signs share the line: the key stays, the verb goes.
            code = "help-call.chip_short" if disturbed else "help-call.chip"
            words = say(code, device=device, key=VIEWS["answer"])
            if words != self.help.text():
                self.help.setText(words)
                told = say(f"help-call.{waiting[0].reason}", device=device)
                self.help.setToolTip(f"{told}\n{say('tell.answer')} ({VIEWS['answer']})")
                self.help.setAccessibleName(told)
                self.help.updateGeometry()
        if self.help.isHidden() == shown:
            self.help.setVisible(shown)

    def _show_next_key(self) -> None:
        """One big key: the next one, or opening the counter; a panel may have it itself."""
        resting = self._model.counter_state in ("closed", "paused")
        leaving, coming = ("next", "open") if resting else ("open", "next")
        # In this order: both at once for a moment would raise the window's height for good.
        self.buttons[leaving].hide()
        self.buttons[coming].setVisible(not self.deck.is_roomy)

    def _show_moves(self) -> None:
        model, say = self._model, self._say
        resting = model.counter_state in ("closed", "paused")
        self._make_room()
        _set_line(self.buttons["next"], say("action.next"), self._prospect())
        counter = model.snapshot.counter if model.snapshot is not None else None
        number = counter.number if counter is not None else ""
        if model.counter_state == "paused":
            _set_line(self.buttons["open"], say("action.reopen"), say("prospect.resume"))
            key = ACTIONS["pause"].key
        else:
            line = say("prospect.open", counter=number)
            _set_line(self.buttons["open"], say("action.open"), line)
            key = ACTIONS["open"].key
        self.buttons["open"].set_content(badge=key)
        _set_line(self.buttons["recall"], say.recall(model), "")
        self._show_undo()
        for name, view in self.views.items():
            view.setEnabled(name != "numbers" or model.snapshot is not None)
        for name, button in self.buttons.items():
            # A move on its way keeps its button alive for the eye: it flashes no grey for 20 ms.
            why = model.hindrance(name)
            enabled = not why or (why == "on-the-way" and not model.waits_long())
            if button.hasFocus() and not enabled:
                self._focus_is_due = True  # Qt would hand the focus to whatever comes next
            button.setEnabled(enabled)
            if name == "undo":
                continue
            tip = say.tip(model, name)
            if tip != button.toolTip():
                button.setToolTip(tip)
                button.setAccessibleDescription(tip)

        starts = model.ticket is not None and model.ticket.state == "called"
        self.buttons["start"].set_look(Look.CHOSEN if starts else Look.PANEL)
        self._focus_home(self.buttons["open" if resting else "next"])

    def _prospect(self) -> str:
        """What the big key will do, as much of it as its line holds."""
        button = self.buttons["next"]
        px = self._theme.sizes.body
        room = button.width() - button.chrome_width()
        words = self._say.prospect(self._model)
        return elided(words, px, room) if room > 0 else words

    def _show_undo(self) -> None:
        """For five seconds the last move can be taken back, and the seconds are counted down."""
        button, left_s = self.buttons["undo"], self._model.undo_left_s()
        shown = left_s > 0 and self._model.online
        if shown:
            _set_line(button, self._say("action.undo_in", seconds=left_s), "")
            button.setAccessibleDescription(self._say.undo(self._model))
        if button.isHidden() == shown:
            button.setVisible(shown)

    def _focus_home(self, home: KeyButton) -> None:
        if self._focus_is_due and not self.panel and home.isEnabled():
            self._focus_is_due = False
            home.setFocus()

    def _show_today(self) -> None:
        say, snapshot = self._say, self._model.snapshot
        # A remark needs the room more than the keys that everyone knows after a day.
        words = [say.global_keys(self._grabbed) if self._model.remark is None else ""]
        if snapshot is not None:
            words.append(say("line.today", count=snapshot.finished_today))
            if snapshot.average_service_s is not None:
                average = say.texts.timer(snapshot.average_service_s)
                words.append(say("line.average", time=average))
        _set_text(self.today, " · ".join(filter(None, words)))


def shortcuts_of(page: ServingPage) -> dict[str, Callable[[], None]]:
    """Every key of this page with what it does."""
    keys: dict[str, Callable[[], None]] = {
        action.key: lambda name=name: page.act(name)  # type: ignore[misc]
        for name, action in ACTIONS.items()
        if action.key
    }
    views: dict[str, Callable[[], None]] = {
        key: lambda name=name: page.look(name)  # type: ignore[misc]
        for name, key in VIEWS.items()
    }
    return keys | views


def _set_text(label: FittedLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
        label.update()


def _set_chip(chip: StateChip, state: str, word: str) -> None:
    if chip.text() != word or chip.property("shown") != state:
        chip.setProperty("shown", state)
        chip.set_state(state, word=word)


def _set_line(button: KeyButton, title: str, line: str) -> None:
    if (button.title, button.line) != (title, line):
        button.set_content(title, line=line)
