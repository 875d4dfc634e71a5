"""A number out of its turn: waiting, put aside or missed, found by typing or in the list."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit

from counter.panels import Panel
from counter.picking import Pick, matching
from counter.rows import Row, RowList, steps_of
from counter.serving_model import ServingModel
from counter.wording import Wording
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.theme import Theme
from ui.tokens import Role

_ICONS = {"parked": "pause", "missed": "clock"}


class NumbersPanel(Panel):
    """Type a number, or walk the list; Enter takes it."""

    taken = Signal(str, str)
    """The move by its name in ACTIONS, and the ticket."""

    def __init__(self, model: ServingModel, wording: Wording, theme: Theme) -> None:
        super().__init__(wording, theme, name="numbers-panel")
        self._model = model
        self._shown: list[Pick] = []
        self.heading.setText(wording("numbers.heading"))
        self.typed = QLineEdit()
        self.typed.setObjectName("typed-number")
        self.typed.setMaxLength(12)
        self.typed.setPlaceholderText(wording("numbers.hint"))
        self.typed.setAccessibleName(wording("numbers.heading"))
        self.list = RowList(theme, name="numbers", label=wording("numbers.list"))
        self.told = FittedLabel("", theme, role=Role.BODY, name="numbers-told")
        self.told.setMinimumHeight(round(theme.sizes.body * 1.5))
        self.confirm = self.foot_button("numbers-confirm", "numbers.call", "Enter", Look.PRIMARY)
        self.keys.setText(wording("numbers.keys"))
        head = QHBoxLayout()
        head.setSpacing(theme.sizes.gap * 2)
        self.column.removeWidget(self.heading)
        head.addWidget(self.heading)
        head.addWidget(self.typed, 1)
        self.column.addLayout(head)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.told)
        self.foot.addWidget(self.confirm)
        self.column.addLayout(self.foot)
        self.typed.installEventFilter(self)
        self.typed.textEdited.connect(lambda _text: self.refresh())
        self.list.looked_at.connect(lambda _ticket: self._show_choice())
        self.list.taken.connect(lambda _ticket: self._go())
        self.confirm.tapped.connect(self._go)

    def begin(self) -> None:
        """Whatever was typed before is gone."""
        self.typed.clear()

    def refresh(self) -> None:
        """Show what can be taken now."""
        model = self._model
        self._shown = matching(model.picks(), self.typed.text())
        self.list.set_rows([(pick.ticket, self._row(pick)) for pick in self._shown])
        self._show_choice()

    def _row(self, pick: Pick) -> Row:
        say = self._say
        words = say.pick(self._model, pick)
        icon = "star" if pick.priority else "bell" if pick.due else _ICONS.get(pick.kind, "")
        tone = "on_warning_soft" if pick.due else "priority" if pick.priority else "ink_soft"
        tail = say(f"numbers.{pick.kind}" if not pick.due else "numbers.due")
        hint = f"{pick.number}: {words}"
        return Row(pick.number, words, tail, icon=icon, tone=tone, hint=hint)

    @property
    def chosen(self) -> Pick | None:
        """The number on which the choice stands."""
        return next((pick for pick in self._shown if pick.ticket == self.list.current), None)

    def _show_choice(self) -> None:
        say, pick = self._say, self.chosen
        if pick is None:
            self.told.setText(say("numbers.none", number=self.typed.text().strip().upper()))
            self.told.set_tone("ink_soft")
            self.confirm.setEnabled(False)
            return
        why = say.why_not(self._model, pick.move)
        self.told.setText(why or say(f"numbers.tell_{pick.kind}", number=pick.number))
        self.told.set_tone("error" if why else "ink")
        title = say(f"numbers.{pick.move}")
        if title != self.confirm.title:
            self.confirm.set_content(title)
        self.confirm.setEnabled(not why)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.typed.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        step = steps_of(event)
        if step:
            self.list.step(step)
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self.take_key(event)
        return False

    def take_key(self, event: QKeyEvent) -> bool:
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        if not event.isAutoRepeat():
            self._go()
        return True

    def _go(self) -> None:
        pick = self.chosen
        if pick is not None:
            self.taken.emit(pick.move, pick.ticket)
