"""What became of the last visitor, until the next one begins: the number huge, or what was said."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from counter.chips import Card
from counter.door.door_wording import DoorWording
from counter.door.screening_model import Outcome, ScreeningModel
from counter.pick_grid import PickButton
from ui.buttons import Look
from ui.labels import FittedLabel, NumberPlate
from ui.qr import QrPicture
from ui.theme import Theme, Weight
from ui.tokens import Role

MOVES = ("reprint", "correct", "cancel")


class ResultCard(Card):
    """Number or words, the paper's state, and what can still be put right."""

    move_wanted = Signal(str)
    next_wanted = Signal()

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(theme)
        self.setObjectName("result")
        self._model, self._say = model, say
        sizes = theme.sizes
        centre = Qt.AlignmentFlag.AlignCenter
        self.heading = FittedLabel(
            "", theme, role=Role.TILE, weight=Weight.SEMIBOLD, align=centre, name="result-heading"
        )
        self.number = NumberPlate("", theme, role=None, name="result-number", tone="primary")
        self.words = FittedLabel(
            "", theme, role=Role.HEADING, weight=Weight.BOLD, align=centre, name="result-words"
        )
        self.facts = FittedLabel("", theme, role=Role.BODY, align=centre, name="result-facts")
        self.paper = FittedLabel(
            "", theme, role=Role.BODY, weight=Weight.SEMIBOLD, align=centre, name="result-paper"
        )
        self.qr = QrPicture(say.texts, side=sizes.body * 11, name="result-qr")
        self.moves: dict[str, PickButton] = {}
        row = QHBoxLayout()
        row.setSpacing(max(2, sizes.gap // 2))
        icons = {"reprint": "printer", "correct": "data-change", "cancel": "close"}
        for name in MOVES:
            look = Look.DANGER if name == "cancel" else Look.PANEL
            button = PickButton(
                say(f"result.{name}"), theme, name=name, icon=icons[name], role=Role.BODY, look=look
            )
            button.tapped.connect(lambda name=name: self.move_wanted.emit(name))
            self.moves[name] = button
            row.addWidget(button)
        self.next = PickButton(
            say("result.next"),
            theme,
            name="next-visitor",
            icon="forward",
            look=Look.CHOSEN,
            role=Role.BODY,
        )
        self.next.tapped.connect(self.next_wanted)
        row.addWidget(self.next)
        for button in (*self.moves.values(), self.next):
            button.setFixedHeight(max(sizes.target, round(sizes.body * 2.6)))
        self._arrange(row)

    def _arrange(self, row: QHBoxLayout) -> None:
        sizes = self._theme.sizes
        words = QVBoxLayout()
        words.setSpacing(sizes.gap // 2)
        words.addWidget(self.heading)
        words.addWidget(self.number, 1)
        words.addWidget(self.words, 1)
        words.addWidget(self.facts)
        words.addWidget(self.paper)
        both = QHBoxLayout()
        both.setSpacing(sizes.gap)
        both.addLayout(words, 1)
        both.addWidget(self.qr)
        column = QVBoxLayout(self)
        column.setContentsMargins(sizes.margin, sizes.gap, sizes.margin, sizes.gap)
        column.setSpacing(sizes.gap)
        column.addLayout(both, 1)
        column.addLayout(row)

    def refresh(self) -> None:
        """Show what became of them."""
        outcome = self._model.outcome
        if outcome is None:
            return
        say, model = self._say, self._model
        number = outcome.ticket.number if outcome.ticket is not None else outcome.code
        if number != self.number.text():
            self.number.set_number(number)
        self.number.setVisible(bool(number))
        facts = say.outcome_facts(model, outcome)
        _say_in(self.heading, say.outcome_heading(outcome))
        _say_in(self.words, "" if number else facts)
        self.words.setVisible(not number)
        more = facts if number else say.where_words(model, outcome)
        _say_in(self.facts, more)
        self.facts.setVisible(bool(more))
        paper, tone = say.paper_state(model, outcome)
        _say_in(self.paper, paper)
        self.paper.setVisible(bool(paper))
        self.paper.set_tone(tone or "ink_soft")
        code = qr_of(model, outcome)
        self.qr.set_content(code)
        self.qr.setVisible(bool(code))
        self._show_moves(outcome)

    def _show_moves(self, outcome: Outcome) -> None:
        of_ticket = outcome.ticket is not None
        self.moves["correct"].setVisible(of_ticket)
        self.moves["cancel"].setVisible(of_ticket)
        printed = of_ticket or outcome.kind in ("code", "channel", "office", "return")
        self.moves["reprint"].setVisible(printed)
        for button in self.moves.values():
            button.setEnabled(self._model.online)


def qr_of(model: ScreeningModel, outcome: Outcome) -> str:
    """What the visitor may photograph: the ticket's page, the channel, or the kiosk's code."""
    if outcome.ticket is not None:
        return outcome.ticket.link or ""
    if outcome.kind == "code":
        return outcome.code
    channel = model.hall.channel(outcome.channel)
    office = model.hall.office(outcome.office)
    return (channel.link if channel is not None else "") or (office.link if office else "")


def _say_in(label: FittedLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
