"""What opens in place of the cards: how a service ends, a reason to choose, all keys, leaving.

None of them is a box of its own: the number and the next key stay where the hand knows them.
"""

from collections.abc import Iterable, Sequence
from typing import get_args

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from counter.actions import ACTIONS, VIEWS
from counter.chips import Card, elided
from counter.choice_buttons import ChoiceButtons, named
from counter.key_button import KeyButton
from counter.serving_model import ServingModel
from counter.wording import Wording
from protocol.messages import Choice, ServiceOutcome
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

OUTCOMES: tuple[ServiceOutcome, ...] = get_args(ServiceOutcome)
CATEGORIES_IN_ROW = 3


class Panel(Card):
    """A panel with a heading, a way back (Esc), and a line that says its keys.

    ``needs`` names the move without which it has no ground; empty where it always has.
    """

    back = Signal()
    needs = ""

    def __init__(self, wording: Wording, theme: Theme, *, name: str, keys: str = "") -> None:
        super().__init__(theme)
        self.setObjectName(name)
        self._say = wording
        sizes = theme.sizes
        self.heading = FittedLabel(
            "", theme, role=Role.HEADING, weight=Weight.SEMIBOLD, wrap=False, floor=Role.BODY
        )
        self.keys = FittedLabel(keys, theme, role=Role.SMALLEST, tone="ink_soft", wrap=False)
        self.back_button = KeyButton(
            wording("action.back"), theme, name="back", look=Look.QUIET, badge="Esc", role=Role.BODY
        )
        self.back_button.tapped.connect(self.back)
        self.column = QVBoxLayout(self)
        margin = sizes.margin
        self.column.setContentsMargins(margin, sizes.gap * 3 // 2, margin, sizes.gap * 3 // 2)
        self.column.setSpacing(sizes.gap)
        self.column.addWidget(self.heading)
        self.foot = QHBoxLayout()
        self.foot.setSpacing(sizes.gap)
        self.foot.addWidget(self.keys, 1)
        self.foot.addWidget(self.back_button)

    def close_column(self) -> None:
        """Put the foot below everything; called once when the panel is built."""
        self.column.addStretch()
        self.column.addLayout(self.foot)

    def begin(self) -> None:
        """The panel is opened: what was chosen in it before is gone."""

    def refresh(self) -> None:
        """Show what holds now."""

    def label(self, text: str) -> FittedLabel:
        """What stands before or above a group of choices."""
        return FittedLabel(
            text, self._theme, role=Role.BODY, weight=Weight.MEDIUM, tone="ink_soft", wrap=False
        )

    def foot_button(self, name: str, key: str, badge: str, look: Look) -> KeyButton:
        """A button that ends the panel."""
        return KeyButton(
            self._say(key), self._theme, name=name, look=look, badge=badge, role=Role.BODY
        )

    def watch(self, widgets: Iterable[QWidget]) -> None:
        """Let this panel's own keys mean the same wherever inside the focus is."""
        for widget in widgets:
            widget.installEventFilter(self)  # once, however often it is said

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.back.emit()
        elif not self.take_key(event):
            super().keyPressEvent(event)

    def take_key(self, event: QKeyEvent) -> bool:
        """Use a key that no field inside wanted; False if it is not for this panel."""
        return False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Qt lets arrows walk from button to button, and on some desktops Enter press one; in a
        # panel these keys have their own meaning wherever the focus is.
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self.take_key(event)
        return False


class FinishPanel(Panel):
    """How the service ended: outcome, category, education, note; Enter finishes."""

    finish = Signal()
    finish_and_next = Signal()
    needs = "finish"

    def __init__(self, model: ServingModel, wording: Wording, theme: Theme) -> None:
        super().__init__(wording, theme, name="finish-panel")
        self._model = model
        self.outcomes = ChoiceButtons(wording, theme, prefix="outcome", columns=3, digits=False)
        self.outcomes.set_choices([(code, wording(f"finish.{code}")) for code in OUTCOMES])
        self.categories = ChoiceButtons(
            wording, theme, prefix="category", columns=CATEGORIES_IN_ROW, digits=True
        )
        self.education = ChoiceButtons(wording, theme, prefix="education", columns=4, digits=False)
        self.causes = ChoiceButtons(wording, theme, prefix="cause", columns=2, digits=False)
        self.note = note_field(wording, "note")
        self.confirm = self.foot_button("finish-confirm", "finish.button", "Enter", Look.PANEL)
        self.confirm_next = self.foot_button(
            "finish-next", "finish.button_next", "F2", Look.PRIMARY
        )
        self._arrange()
        self.watch(self.outcomes.buttons.values())
        self.outcomes.chosen.connect(self._set_outcome)
        self.categories.chosen.connect(self._set_category)
        self.education.chosen.connect(self._turn_education)
        self.causes.chosen.connect(self._set_cause)
        self.note.textEdited.connect(lambda text: model.set_draft(note=text))
        self.confirm.tapped.connect(self.finish)
        self.confirm_next.tapped.connect(self.finish_and_next)

    def _arrange(self) -> None:
        """Outcome beside the heading: a branch with twenty categories still sees all of them."""
        theme, say = self._theme, self._say
        self.column.setSpacing(theme.sizes.gap * 3 // 4)
        self.column.removeWidget(self.heading)
        top = QHBoxLayout()
        top.addWidget(self.heading, 2)
        top.addWidget(self.outcomes, 3)
        self.column.addLayout(top)
        hint = QHBoxLayout()
        self.foot.removeWidget(self.keys)
        self.keys.setText(say("finish.keys"))
        hint.addWidget(self.keys, 1)
        hint.addWidget(self.label(say("finish.cause")))
        hint.addWidget(self.causes)
        self.column.addLayout(hint)
        self.column.addWidget(self.categories)
        taught = QHBoxLayout()
        taught.setSpacing(theme.sizes.gap)
        taught.addWidget(self.label(say("finish.education")))
        taught.addWidget(self.education, 1)
        self.column.addLayout(taught)
        self.foot.insertWidget(0, self.note, 1)
        self.foot.addWidget(self.confirm)
        self.foot.addWidget(self.confirm_next)
        self.close_column()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.outcomes.buttons[self._model.draft.outcome].setFocus()

    def refresh(self) -> None:
        """Show the draft."""
        model, texts = self._model, self._say.texts
        number = model.ticket.number if model.ticket is not None else ""
        self.heading.setText(self._say("finish.heading", number=number))
        for buttons, field_name in (
            (self.categories, "category"),
            (self.education, "education"),
            (self.causes, "cause"),
        ):
            buttons.set_choices(named(model.choices_of(field_name), texts.pick))
            self.watch(buttons.buttons.values())
        draft = model.draft
        self.outcomes.show_chosen([draft.outcome])
        self.categories.show_chosen([draft.category] if draft.category else [])
        self.education.show_chosen(draft.education)
        self.causes.show_chosen([draft.cause] if draft.cause else [])
        procedure = model.visit.procedure(draft.category)
        words = texts.pick(procedure.text) if procedure is not None else self._say("finish.keys")
        px, room = self._theme.sizes.smallest, self.keys.width()
        self.keys.setText(elided(words, px, room) if room > px else words)
        self.keys.setToolTip(words)
        if self.note.text() != draft.note:
            self.note.setText(draft.note)
        for button, name in ((self.confirm, "finish"), (self.confirm_next, "next")):
            why = self._say.why_not(model, name)
            button.setEnabled(not why)
            button.setToolTip(why)

    def take_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.finish.emit()
            return True
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key), 0)
        if step:
            place = (OUTCOMES.index(self._model.draft.outcome) + step) % len(OUTCOMES)
            self._set_outcome(OUTCOMES[place])
            self.outcomes.buttons[OUTCOMES[place]].setFocus()
            return True
        code = self.categories.code_of_key(event)
        if code:
            self._set_category(code)
        return bool(code)

    def _set_outcome(self, code: str) -> None:
        for outcome in OUTCOMES:
            if outcome == code:
                self._model.set_draft(outcome=outcome)

    def _set_category(self, code: str) -> None:
        # The same category again takes it back.
        self._model.set_draft(category="" if self._model.draft.category == code else code)

    def _set_cause(self, code: str) -> None:
        # The same cause again takes it back.
        self._model.set_draft(cause="" if self._model.draft.cause == code else code)

    def _turn_education(self, code: str) -> None:
        ticked = self._model.draft.education
        left = tuple(each for each in ticked if each != code)
        self._model.set_draft(education=left if code in ticked else (*ticked, code))


class ReasonPanel(Panel):
    """A reason for a break or for cancelling, chosen by one digit or one click."""

    chosen = Signal(str)

    def __init__(self, wording: Wording, theme: Theme, *, name: str) -> None:
        super().__init__(wording, theme, name=name, keys=wording("choose.keys"))
        self.buttons = ChoiceButtons(wording, theme, prefix="reason", columns=2, digits=True)
        self.buttons.chosen.connect(self.chosen)
        self.column.addWidget(self.buttons)
        self.close_column()

    def offer(self, needs: str, heading: str, choices: Sequence[Choice]) -> None:
        """Ask for one of these reasons for a move."""
        self.needs = needs
        self.heading.setText(heading)
        self.buttons.set_choices(named(choices, self._say.texts.pick))
        self.watch(self.buttons.buttons.values())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        first = next(iter(self.buttons.buttons.values()), self.back_button)
        first.setFocus()

    def take_key(self, event: QKeyEvent) -> bool:
        code = self.buttons.code_of_key(event)
        if code:
            self.chosen.emit(code)
        return bool(code)


class KeysPanel(Panel):
    """All keys of this seat on one page (F1)."""

    def __init__(self, wording: Wording, theme: Theme) -> None:
        super().__init__(wording, theme, name="keys-panel")
        self.heading.setText(wording("help.heading"))
        keys = [
            (name, action.key, action.global_letter)
            for name, action in ACTIONS.items()
            if action.key
        ]
        keys += [(name, key, "") for name, key in VIEWS.items()]
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.sizes.gap * 2)
        grid.setVerticalSpacing(theme.sizes.gap // 4)
        half = (len(keys) + 1) // 2
        for place, (name, key, letter) in enumerate(keys):
            row, column = place % half, place // half * 2
            shown = f"{key} · Ctrl+Alt+{letter}" if letter else key
            cap = FittedLabel(
                shown, theme, role=Role.SMALLEST, weight=Weight.SEMIBOLD, wrap=False, tone="primary"
            )
            told = FittedLabel(wording(f"tell.{name}"), theme, role=Role.SMALLEST)
            grid.addWidget(cap, row, column)
            grid.addWidget(told, row, column + 1)
            grid.setColumnStretch(column + 1, 1)
        self.column.addLayout(grid)
        self.close_column()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.back_button.setFocus()


class LeavePanel(Panel):
    """Closing the window while a visitor is here asks once."""

    leave = Signal()

    def __init__(self, wording: Wording, theme: Theme) -> None:
        super().__init__(wording, theme, name="leave-panel")
        self.heading.setText(wording("leave.heading"))
        self.text = FittedLabel("", theme, role=Role.BODY)
        self.leave_button = KeyButton(
            wording("leave.leave"), theme, name="leave", look=Look.DANGER, role=Role.BODY
        )
        self.leave_button.tapped.connect(self.leave)
        self.back_button.setObjectName("stay")
        self.back_button.set_content(wording("leave.stay"))
        self.column.addWidget(self.text)
        self.foot.insertWidget(1, self.leave_button)
        self.close_column()

    def ask(self, number: str, counter: int) -> None:
        """Say what stays when the window goes."""
        self.text.setText(self._say("leave.text", number=number, counter=counter))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.back_button.setFocus()


def note_field(wording: Wording, name: str) -> QLineEdit:
    """A field for a note that only staff see."""
    note = QLineEdit()
    note.setObjectName(name)
    note.setMaxLength(1000)
    note.setPlaceholderText(f"{wording('finish.note')}: {wording('finish.note_hint')}")
    note.setAccessibleName(wording("finish.note"))
    return note
