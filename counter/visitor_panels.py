"""Another errand of the visitor at the counter, and a number for who stands there without one."""

from typing import get_args

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout

from counter.actions import Visitor
from counter.choice_buttons import ChoiceButtons
from counter.key_button import KeyButton
from counter.panels import Panel
from counter.serving_model import ServingModel
from counter.wording import Wording
from protocol.messages import Priority
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

PERSONS_MOST = 50
PRIORITIES: tuple[Priority, ...] = get_args(Priority)


class ContinuePanel(Panel):
    """One digit: this errand ends as said, and the same visitor goes on with another service."""

    chosen = Signal(str)
    needs = "continue"

    def __init__(self, model: ServingModel, wording: Wording, theme: Theme) -> None:
        super().__init__(wording, theme, name="continue-panel", keys=wording("choose.keys"))
        self._model = model
        self.services = ChoiceButtons(wording, theme, prefix="next-service", columns=2, digits=True)
        self.told = FittedLabel("", theme, role=Role.BODY, tone="ink_soft", name="continue-told")
        self.services.chosen.connect(self.chosen)
        self.column.addWidget(self.services)
        self.column.addSpacing(theme.sizes.gap)
        self.column.addWidget(self.told)
        self.close_column()

    def begin(self) -> None:
        """Nothing has been chosen."""

    def refresh(self) -> None:
        """Show the services but the running one, and how that will end."""
        model, say = self._model, self._say
        ticket = model.ticket
        number, running = (ticket.number, ticket.service) if ticket is not None else ("", "")
        self.heading.setText(say("continue.heading", number=number))
        services = model.welcome.services if model.welcome is not None else []
        self.services.set_choices(
            [(one.code, say.service(model, one.code)) for one in services if one.code != running]
        )
        self.watch(self.services.buttons.values())
        draft = model.draft
        outcome = say(f"finish.{draft.outcome}")
        category = say.choice(model, "category", draft.category) if draft.category else ""
        ends = f"{outcome}, {category}" if category else outcome
        self.told.setText(say("continue.told", service=say.service(model, running), ends=ends))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        next(iter(self.services.buttons.values()), self.back_button).setFocus()

    def take_key(self, event: QKeyEvent) -> bool:
        code = self.services.code_of_key(event)
        if code:
            self.chosen.emit(code)
        return bool(code)


class IssuePanel(Panel):
    """A number without paper: a digit for the service, arrows for priority, + and - for persons."""

    issue = Signal(object)
    """For whom, as a Visitor."""

    needs = "issue"

    def __init__(self, model: ServingModel, wording: Wording, theme: Theme) -> None:
        super().__init__(wording, theme, name="issue-panel", keys=wording("issue.keys"))
        self._model = model
        self._service, self._priority, self._persons = "", PRIORITIES[0], 1
        self.heading.setText(wording("issue.heading"))
        self.services = ChoiceButtons(
            wording, theme, prefix="issue-service", columns=3, digits=True
        )
        self.priorities = ChoiceButtons(
            wording, theme, prefix="issue-priority", columns=3, digits=False
        )
        self.fewer = self._step_button("issue-fewer", "−", "issue.fewer")
        self.more = self._step_button("issue-more", "+", "issue.more")
        self.persons = FittedLabel(
            "",
            theme,
            role=Role.TILE,
            weight=Weight.SEMIBOLD,
            wrap=False,
            align=Qt.AlignmentFlag.AlignCenter,
            name="issue-persons",
        )
        self.confirm = self.foot_button("issue-confirm", "issue.button", "Enter", Look.PRIMARY)
        row = QHBoxLayout()
        row.setSpacing(theme.sizes.gap)
        row.addWidget(self.label(wording("issue.persons")))
        for part in (self.fewer, self.persons, self.more):
            row.addWidget(part)
        row.addStretch(1)
        self.persons.setMinimumWidth(theme.sizes.target * 3)
        self.column.addWidget(self.services)
        self.column.addWidget(self.priorities)
        self.column.addLayout(row)
        self.foot.addWidget(self.confirm)
        self.close_column()
        self.services.chosen.connect(self._choose)
        self.priorities.chosen.connect(self._prefer)
        self.fewer.tapped.connect(lambda: self._count(-1))
        self.more.tapped.connect(lambda: self._count(1))
        self.confirm.tapped.connect(self._go)
        self.watch((self.fewer, self.more))

    def _step_button(self, name: str, sign: str, key: str) -> KeyButton:
        button = KeyButton(sign, self._theme, name=name, look=Look.PANEL, role=Role.TILE)
        button.setFixedWidth(self._theme.sizes.target * 2)
        button.setAccessibleName(self._say(key))
        return button

    def begin(self) -> None:
        """Nothing of the visitor before is left."""
        self._service, self._priority, self._persons = "", PRIORITIES[0], 1

    def refresh(self) -> None:
        """Show what was chosen."""
        model, say = self._model, self._say
        services = model.welcome.services if model.welcome is not None else []
        self.services.set_choices([(one.code, say.service(model, one.code)) for one in services])
        known = [choice.code for choice in model.choices_of("priority")]
        classes = [kind for kind in PRIORITIES if kind == "none" or kind in known]
        self.priorities.set_choices(
            [
                (
                    kind,
                    say("issue.regular") if kind == "none" else say.choice(model, "priority", kind),
                )
                for kind in classes
            ]
        )
        self.watch((*self.services.buttons.values(), *self.priorities.buttons.values()))
        self._show_choice()

    def _show_choice(self) -> None:
        self.services.show_chosen([self._service])
        self.priorities.show_chosen([self._priority])
        self.persons.setText(self._say("state.weight", count=self._persons))
        self.fewer.setEnabled(self._persons > 1)
        self.more.setEnabled(self._persons < PERSONS_MOST)
        self.confirm.setEnabled(bool(self._service) and not self._model.hindrance("issue"))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        next(iter(self.services.buttons.values()), self.back_button).setFocus()

    def take_key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self._go()
            return True
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._count(-1 if key == Qt.Key.Key_Minus else 1)
            return True
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(key), 0)
        if step:
            classes = list(self.priorities.buttons)
            self._prefer(classes[(classes.index(self._priority) + step) % len(classes)])
            return True
        code = self.services.code_of_key(event)
        if code:
            self._choose(code)
        return bool(code)

    def _choose(self, service: str) -> None:
        self._service = service
        self._show_choice()

    def _prefer(self, priority: str) -> None:
        self._priority = next(kind for kind in PRIORITIES if kind == priority)
        self._show_choice()

    def _count(self, step: int) -> None:
        self._persons = min(max(1, self._persons + step), PERSONS_MOST)
        self._show_choice()

    def _go(self) -> None:
        if self._service:
            self.issue.emit(Visitor(self._service, self._priority, self._persons))
