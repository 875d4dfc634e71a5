"""Why: who is next by which rule, who was called before whom, what another rule would do."""

from typing import get_args

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from counter.chips import Card
from counter.choice_buttons import ChoiceButtons
from counter.explaining import DISCIPLINES
from counter.panels import Panel
from counter.rows import Row, RowList, Rows
from counter.serving_model import ServingModel
from counter.wording import Wording
from protocol.messages import Discipline, PreviewEntry
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

NOW = "now"
OVERTAKERS_SHOWN = 7


class WhyPanel(Panel):
    """The next ten at the left, the chosen one explained at the right, the rules above."""

    def __init__(self, model: ServingModel, wording: Wording, theme: Theme) -> None:
        super().__init__(wording, theme, name="why-panel", keys=wording("why-next.keys"))
        self._model, self._explaining = model, model.explaining
        self.rules = ChoiceButtons(wording, theme, prefix="rule", columns=4, digits=True)
        self.list = RowList(theme, name="next-ten", label=wording("why-next.list"))
        self.number = FittedLabel("", theme, role=Role.HEADING, weight=Weight.BOLD, wrap=False)
        self.why = FittedLabel("", theme, role=Role.TILE, weight=Weight.MEDIUM, name="why-text")
        self.before = FittedLabel(
            "", theme, role=Role.BODY, weight=Weight.SEMIBOLD, name="why-before"
        )
        self.overtakers = Rows(theme, name="overtakers", most=OVERTAKERS_SHOWN, least=0)
        self._arrange()
        self.heading.setText(wording("why-next.heading"))
        self.rules.chosen.connect(self._suppose)
        self.list.looked_at.connect(self._look_at)
        self._explaining.changed = self.refresh

    def _arrange(self) -> None:
        theme = self._theme
        sizes = theme.sizes
        top = QHBoxLayout()
        top.setSpacing(sizes.gap * 2)
        self.column.removeWidget(self.heading)
        top.addWidget(self.heading)
        top.addWidget(self.label(self._say("why-next.what_if")))
        top.addWidget(self.rules, 1)
        self.column.addLayout(top)
        self._card = Card(theme)
        right = QVBoxLayout(self._card)
        right.setContentsMargins(sizes.margin, sizes.gap, sizes.margin, sizes.gap)
        right.setSpacing(sizes.gap // 2)
        for part in (self.number, self.why):
            right.addWidget(part)
        right.addSpacing(sizes.gap)
        right.addWidget(self.before)
        right.addWidget(self.overtakers)
        right.addStretch(1)
        both = QHBoxLayout()
        both.setSpacing(sizes.gap * 2)
        both.addWidget(self.list, 11)
        both.addWidget(self._card, 9)
        self.column.addLayout(both, 1)
        self.column.addLayout(self.foot)

    def begin(self) -> None:
        """Ask the server anew."""
        snapshot = self._model.snapshot
        counter = snapshot.counter.number if snapshot and snapshot.counter else None
        revision = snapshot.revision if snapshot is not None else 0
        self._explaining.open(counter, revision, self._model.now_s())

    def refresh(self) -> None:
        """Show what the server has said."""
        say, explaining, snapshot = self._say, self._explaining, self._model.snapshot
        if self.isVisible() and snapshot is not None:
            explaining.follow(snapshot.revision, self._model.now_s())
        rules = [(NOW, say("why-next.now"))]
        rules += [(rule, say(f"discipline.{rule}")) for rule in DISCIPLINES]
        self.rules.set_choices(rules)
        self.watch((*self.rules.buttons.values(), self.list))
        self.rules.show_chosen([explaining.asked_rule or NOW])
        self.list.set_rows([(entry.ticket, self._row(entry)) for entry in explaining.line])
        self.list.look_at(explaining.chosen)
        self._show_chosen()

    def _row(self, entry: PreviewEntry) -> Row:
        say = self._say
        tail = ""
        if self._explaining.asked_rule is not None:
            same = entry.place_now == entry.place
            key = "new" if entry.place_now is None else "same" if same else "was"
            tail = say(f"why-next.{key}", place=entry.place_now or 0)
        words = say.texts.pick(entry.why)
        icon = "star" if entry.priority != "none" else ""
        head = f"{entry.place}. {entry.number}"
        return Row(head, words, tail, icon=icon, hint=f"{entry.number}: {words}")

    def _show_chosen(self) -> None:
        say, explaining = self._say, self._explaining
        entry, found = explaining.chosen_entry, explaining.explained
        self.number.setText(entry.number if entry is not None else "")
        if entry is None:
            empty = "why-next.asking" if explaining.asking else "why-next.empty"
            self.why.setText(explaining.refused or say(empty))
            self.before.setText("")
            self.overtakers.set_rows([])
            return
        self.why.setText(say.texts.pick(entry.why))
        overtakers = found.overtakers if found is not None else []
        everyone = overtakers if isinstance(overtakers, list) else []
        counted = sum(one.counted for one in everyone)
        if found is None:
            told = ""
        elif not everyone:
            told = say("why-next.nobody_before")
        else:
            told = say("why-next.before", count=len(everyone), counted=counted)
        self.before.setText(told)
        self.overtakers.set_rows(
            [
                Row(
                    one.number,
                    say("why-next.called", at=say.clock(one.called_at), counter=one.counter)
                    + f" · {say.texts.pick(one.why)}",
                    icon="" if one.counted else "dash",
                    tone="ink_soft",
                    hint=say.texts.pick(one.why),
                )
                for one in reversed(everyone)
            ]
        )

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.list.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._explaining.forget()

    def take_key(self, event: QKeyEvent) -> bool:
        code = self.rules.code_of_key(event)
        if code:
            self._suppose(code)
            return True
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            codes = [NOW, *DISCIPLINES]
            place = codes.index(self._explaining.asked_rule or NOW)
            self._suppose(codes[(place + step) % len(codes)])
        return bool(step)

    def _suppose(self, code: str) -> None:
        rule: Discipline | None = next((one for one in get_args(Discipline) if one == code), None)
        self._explaining.suppose(rule)

    def _look_at(self, ticket: str) -> None:
        if ticket and ticket != self._explaining.chosen:
            self._explaining.choose(ticket)
