"""The full console of a frontliner (C1): one page, every move a key, the next one unmistakable."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from counter.actions import ACTIONS
from counter.global_keys import Grabbed
from counter.key_button import KeyButton
from counter.line_card import LineCard
from counter.panels import FinishPanel, KeysPanel, LeavePanel, ReasonPanel
from counter.serving_model import ServingModel
from counter.ticket_card import TicketCard
from counter.wording import Wording
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.signs import StateChip
from ui.theme import Theme, Weight
from ui.tokens import Role

TICKET_MOVES = ("recall", "start", "finish", "no-show", "cancel")
SEAT_MOVES = ("pause", "close", "sign-out")


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
        self._grabbed: Grabbed | None = None
        # The big button takes the focus as soon as it can have it.
        self._focus_is_due = True
        self._asking_reason_for = ""
        self._build_header()
        self._build_cards()
        self._build_moves()
        sizes = theme.sizes
        column = QVBoxLayout(self)
        column.setContentsMargins(sizes.margin, sizes.gap, sizes.margin, sizes.gap)
        column.setSpacing(sizes.gap)
        column.addLayout(self._header)
        column.addWidget(self.cards, 1)
        column.addWidget(self.buttons["next"])
        column.addWidget(self.buttons["open"])
        column.addLayout(self._ticket_moves)
        column.addLayout(self._seat_moves)
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
        self._header = QHBoxLayout()
        self._header.setSpacing(theme.sizes.gap * 2)
        self._header.addWidget(self.title)
        self._header.addWidget(self.counter_state)
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
        self.keys_panel = KeysPanel(say, theme)
        self.leave_panel = LeavePanel(say, theme)
        self.cards = QStackedWidget()
        for page in (
            both,
            self.finish_panel,
            self.reason_panel,
            self.keys_panel,
            self.leave_panel,
        ):
            self.cards.addWidget(page)
        for panel in (self.finish_panel, self.reason_panel, self.keys_panel, self.leave_panel):
            panel.back.connect(self.show_cards)
        self.finish_panel.finish.connect(lambda: self._do("finish"))
        self.finish_panel.finish_and_next.connect(lambda: self._do("next"))
        self.reason_panel.chosen.connect(self._reason_chosen)
        self.leave_panel.leave.connect(self.leave_wanted)

    def _build_moves(self) -> None:
        theme, sizes = self._theme, self._theme.sizes
        self._add_button("next", Look.PRIMARY, Role.HEADING)
        self._add_button("open", Look.PRIMARY, Role.HEADING)
        self.buttons["next"].set_content(icon="bell")
        self.buttons["open"].set_content(icon="door")
        for name in ("next", "open"):
            self.buttons[name].setFixedHeight(round(sizes.target * 2.1))
        self.buttons["open"].hide()  # it takes the place of the other, never one beside it
        self._ticket_moves = self._row(TICKET_MOVES, Look.PANEL, round(sizes.target * 1.3))
        self._seat_moves = self._row(SEAT_MOVES, Look.QUIET, sizes.target)
        for name, key, wanted in (
            ("strip", "Ctrl+Shift+C", self.strip_wanted.emit),
            ("help", "F1", self.show_keys),
        ):
            button = self._plain_button(name, key, Look.QUIET)
            button.setFixedHeight(sizes.target)
            button.tapped.connect(wanted)
            self._seat_moves.addWidget(button)
        self.remark = FittedLabel(
            "", theme, role=Role.BODY, weight=Weight.SEMIBOLD, name="remark", floor=Role.SMALLEST
        )
        self.remark.setMinimumHeight(round(sizes.body * 1.5))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self.today = FittedLabel(
            "", theme, role=Role.BODY, tone="ink_soft", wrap=False, align=right, name="today"
        )
        self._footer = QHBoxLayout()
        self._footer.addWidget(self.remark, 1)
        self._footer.addWidget(self.today)

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
        if model.hindrance(name):
            model.do(name)  # says why, and asks nothing
            return
        if name == "finish" and self.panel != "finish":
            self._open_panel(self.finish_panel)
        elif ACTIONS[name].asks:
            self._ask_reason(name)
        else:
            self._do(name)

    def act_at_once(self, name: str) -> None:
        """The same without any question, for keys pressed in another program."""
        self._do(name)

    def show_cards(self) -> None:
        """Close whatever panel is open."""
        self.cards.setCurrentIndex(0)
        self._focus_is_due = True
        self.refresh()

    def show_keys(self) -> None:
        """Show all keys, or hide them again."""
        if self.panel == "keys":
            self.show_cards()
        else:
            self._open_panel(self.keys_panel)

    def ask_to_leave(self) -> None:
        """The window is being closed while a visitor is here."""
        ticket, snapshot = self._model.ticket, self._model.snapshot
        number = ticket.number if ticket is not None else ""
        counter = snapshot.counter.number if snapshot and snapshot.counter else 0
        self.leave_panel.ask(number, counter)
        self._open_panel(self.leave_panel)

    @property
    def panel(self) -> str:
        """The open panel: ``finish``, ``pause``, ``cancel``, ``keys``, ``leave``, or empty."""
        current = self.cards.currentWidget()
        if current is self.reason_panel:
            return self._asking_reason_for
        for panel, name in (
            (self.finish_panel, "finish"),
            (self.keys_panel, "keys"),
            (self.leave_panel, "leave"),
        ):
            if current is panel:
                return name
        return ""

    def _do(self, name: str) -> None:
        asked = self._model.do(name)
        if asked and self.panel in ("finish", "cancel", "pause", "keys"):
            self.show_cards()

    def _ask_reason(self, name: str) -> None:
        ticket = self._model.ticket
        number = ticket.number if ticket is not None else ""
        self._asking_reason_for = name
        self.reason_panel.offer(
            self._say(f"choose.{name}", number=number),
            self._model.choices_of(ACTIONS[name].asks),
        )
        self._open_panel(self.reason_panel)

    def _reason_chosen(self, code: str) -> None:
        self._model.do(self._asking_reason_for, code)
        self.show_cards()

    def _open_panel(self, panel: QWidget) -> None:
        self.refresh()
        self.cards.setCurrentWidget(panel)
        self.refresh()

    # What is seen.

    def set_grabbed(self, grabbed: Grabbed | None) -> None:
        """Say whether the global keys work."""
        self._grabbed = grabbed
        self.refresh()

    def refresh(self) -> None:
        """Show what the model holds now; cheap enough for four times a second."""
        model = self._model
        self._close_panels_without_ground()
        self._show_header()
        self.ticket_card.refresh()
        self.line_card.refresh()
        if self.panel == "finish":
            self.finish_panel.refresh()
        self._show_moves()
        words = self._say.remark(model.remark)
        if words != self.remark.text():
            self.remark.setText(words)
        tone = model.remark.tone if model.remark is not None else ""
        self.remark.set_tone({"no": "error", "good": "primary"}.get(tone, "ink"))
        self._show_today()

    def _close_panels_without_ground(self) -> None:
        """What a panel is about may have gone: finished elsewhere, taken along, closed."""
        needs = {"finish": "finish", "cancel": "cancel", "pause": "pause", "leave": ""}
        panel = self.panel
        if panel not in needs:
            return
        gone = self._model.ticket is None if panel != "pause" else False
        lawful = self._model.hindrance(needs[panel]) if needs[panel] else ""
        if gone or lawful.startswith(("no-ticket", "ticket-", "visitor-", "counter-")):
            self.cards.setCurrentIndex(0)

    def _show_header(self) -> None:
        model, say = self._model, self._say
        snapshot = model.snapshot
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

    def _show_moves(self) -> None:
        model, say = self._model, self._say
        resting = model.counter_state in ("closed", "paused")
        # The panel has this key of its own and needs the room.
        self.buttons["next"].setVisible(not resting and self.panel != "finish")
        self.buttons["open"].setVisible(resting)
        _set_line(self.buttons["next"], say("action.next"), say.prospect(model))
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
        recall = say("action.recall")
        wait_s = model.recall_wait_s()
        _set_line(self.buttons["recall"], f"{recall} ({wait_s})" if wait_s else recall, "")
        for name, button in self.buttons.items():
            # A move on its way keeps its button alive for the eye: it flashes no grey for 20 ms.
            why = model.hindrance(name)
            enabled = not why or (why == "on-the-way" and not model.waits_long())
            if button.hasFocus() and not enabled:
                self._focus_is_due = True  # Qt would hand the focus to whatever comes next
            button.setEnabled(enabled)
            tip = say.tip(model, name)
            if tip != button.toolTip():
                button.setToolTip(tip)
                button.setAccessibleDescription(tip)

        starts = model.ticket is not None and model.ticket.state == "called"
        self.buttons["start"].set_look(Look.CHOSEN if starts else Look.PANEL)
        self._focus_home(self.buttons["open" if resting else "next"])

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
    }
    return keys | {"F1": page.show_keys, "Ctrl+Shift+C": page.strip_wanted.emit}


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
