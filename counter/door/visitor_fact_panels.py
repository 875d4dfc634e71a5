"""What is said of the visitor beyond a touch: status and days, advice, needs and a note."""

from functools import partial
from textwrap import shorten

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout

from counter.door.door_dates import DayError, read_day, written_day
from counter.door.door_wording import DoorWording
from counter.door.outcome_panels import DoorPanel
from counter.door.screening_draft import DATES, NOTE_MOST
from counter.door.screening_model import ScreeningModel
from counter.pick_grid import Pick, PickButton, PickGrid, with_keys
from protocol.messages import AdviceView
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

RULE_WORDS_MOST = 72
"""Characters of a rule in the list; all of it stands beside the list."""


class StatusPanel(DoorPanel):
    """Segment and membership as Mobile JKN Pegawai shows them, and the days a rule needs."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="status")
        self.heading.setText(say("status.heading"))
        height = max(theme.sizes.target, round(theme.sizes.body * 2.9))
        visitor = model.visitor
        self.grids: dict[str, PickGrid] = {}
        for field, choose in (
            ("segment", visitor.set_segment),
            ("membership", visitor.set_membership),
        ):
            grid = PickGrid(say, theme, prefix=field, columns=4, rows=2, height=height)
            grid.chosen.connect(choose)
            self.grids[field] = grid
            self.column.addWidget(self.label(say(f"screening.{field}")))
            self.column.addWidget(grid)
        self.mismatch = PickButton(
            say("screening.nik_differs_long"), theme, name="nik-mismatch", role=Role.BODY
        )
        self.mismatch.setMinimumHeight(height)
        self.mismatch.tapped.connect(
            lambda: visitor.set_nik_mismatch(not visitor.draft.nik_mismatch)
        )
        self.decrees = PickGrid(say, theme, prefix="decree", columns=3, rows=1, height=height)
        self.decrees.chosen.connect(self._choose_decree)
        self.fields: dict[str, QLineEdit] = {}
        self.labels: dict[str, FittedLabel] = {}
        days = QHBoxLayout()
        days.setSpacing(theme.sizes.gap)
        for name in DATES:
            days.addWidget(self._label_of(name))
            days.addWidget(self._field_of(name))
        days.addWidget(self.mismatch, 1)
        days.addStretch()  # where nothing follows, a field stays beside its words
        self.wrong = self.told_in("day-wrong", weight=Weight.MEDIUM, tone="error")
        self.column.addWidget(self.decrees)
        self.column.addLayout(days)
        self.column.addWidget(self.wrong)
        self.add_confirm("status.confirm", icon="check").tapped.connect(self._close)
        self.close_column()

    def begin(self) -> None:
        """The days of this visitor, as they were typed."""
        for name, field in self.fields.items():
            field.setText(written_day(getattr(self.model.visitor.draft, name)))
        self.wrong.setText("")

    def refresh(self) -> None:
        """Show what is known."""
        model, say = self.model, self.say
        draft, asked = model.visitor.draft, model.visitor.asked()
        for name, grid in self.grids.items():
            choices = model.hall.choices_of(name)
            pick = say.texts.pick
            grid.set_picks([Pick(one.code, pick(one.name) or one.code) for one in choices])
            held = getattr(draft, name)
            grid.show_chosen([held] if held else [])
        for name in DATES:
            self.fields[name].setVisible(name in asked)
            self.labels[name].setVisible(name in asked)
            written = written_day(getattr(draft, name))
            if not self.fields[name].hasFocus() and written and self.fields[name].text() != written:
                self.fields[name].setText(written)
        decrees = model.hall.door.decrees if "decree_on" in asked else []
        self.decrees.setVisible(bool(decrees))
        self.decrees.set_picks(
            [
                Pick(
                    one.code,
                    f"{say.texts.pick(one.name) or one.code} {written_day(one.effective_on)}",
                )
                for one in decrees
            ]
        )
        self.decrees.show_chosen(
            [one.code for one in decrees if one.effective_on == draft.decree_on][:1]
        )
        self.mismatch.setVisible("nik_mismatch" in asked)
        look = Look.CHOSEN if draft.nik_mismatch else Look.PANEL
        self.mismatch.set_look(look)
        self.mismatch.set_content(icon="check" if draft.nik_mismatch else "question")
        self.wrong.setVisible(bool(self.wrong.text()))

    def _label_of(self, name: str) -> FittedLabel:
        self.labels[name] = self.label(self.say(f"screening.{name}"))
        return self.labels[name]

    def _field_of(self, name: str) -> QLineEdit:
        field = self.fields[name] = QLineEdit()
        field.setObjectName(name.replace("_", "-"))
        field.setAccessibleName(self.say(f"screening.{name}"))
        field.setPlaceholderText(self.say("screening.day_hint"))
        field.setMaxLength(20)
        field.setFixedWidth(self._theme.sizes.body * 9)
        field.editingFinished.connect(partial(self._read, name))
        return field

    def _read(self, name: str) -> bool:
        try:
            day = read_day(self.fields[name].text(), self.model.hall.today)
        except DayError as wrong:
            self.wrong.setText(self.say(f"day.{wrong.code}"))
            self.model.visitor.set_date(name, None)
            self.refresh()
            return False
        self.wrong.setText("")
        self.model.visitor.set_date(name, day)
        return True

    def _choose_decree(self, code: str) -> None:
        for decree in self.model.hall.door.decrees:
            if decree.code == code:
                self.fields["decree_on"].setText(written_day(decree.effective_on))
                self.model.visitor.set_date("decree_on", decree.effective_on)

    def _close(self) -> None:
        asked = self.model.visitor.asked()
        if all(self._read(name) for name in DATES if name in asked):
            self.back.emit()


class AdvicePanel(DoorPanel):
    """Each rule with its source; one that says no is gone over with a reason only."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="advice", keys=say("choose.keys"))
        self.heading.setText(say("advice.heading"))
        self._rule = ""
        height = max(theme.sizes.target, round(theme.sizes.body * 2.9))
        self.rules = PickGrid(say, theme, prefix="rule", columns=1, rows=4, height=height)
        self.rules.chosen.connect(self._look)
        self.words = self.told_in("advice-words", role=Role.TILE, weight=Weight.MEDIUM)
        self.source = self.told_in("advice-source", tone="ink_soft")
        self.ask = self.told_in("advice-ask", weight=Weight.SEMIBOLD, tone="error")
        self.reasons = self.digits = PickGrid(
            say, theme, prefix="override", columns=2, rows=3, height=height
        )
        self.reasons.chosen.connect(self._override)
        right = QVBoxLayout()
        right.setSpacing(theme.sizes.gap)
        for part in (self.words, self.source, self.ask, self.reasons):
            right.addWidget(part)
        right.addStretch(1)
        left = QVBoxLayout()
        left.addWidget(self.rules)
        left.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(theme.sizes.gap * 2)
        row.addLayout(left, 2)
        row.addLayout(right, 3)
        self.column.addLayout(row, 1)
        self.add_confirm("advice.confirm", icon="check").tapped.connect(self.back)
        self.column.addLayout(self.foot)

    def begin(self) -> None:
        """The one that stands in the way comes first."""
        visitor = self.model.visitor
        first = [*visitor.standing_advice(), *visitor.advising.advice]
        self._rule = first[0].rule if first else ""

    def refresh(self) -> None:
        """Show what the rules say now."""
        visitor, say = self.model.visitor, self.say
        advice = visitor.advising.advice
        self.rules.set_picks([self._pick(one) for one in advice])
        chosen_rule = next((one for one in advice if one.rule == self._rule), None)
        shown = chosen_rule or (advice[0] if advice else None)
        if shown is None:
            self.words.setText(say("advice.none"))
            for part in (self.source, self.ask):
                part.setText("")
            self.reasons.hide()
            return
        self.rules.show_chosen([shown.rule])
        self.words.setText(say.texts.pick(shown.text))
        since = written_day(shown.valid_from)
        source = say("advice.source", source=shown.source, since=since)
        until = say("advice.until", day=written_day(shown.until)) if shown.until else ""
        self.source.setText(" ".join(filter(None, (source, until))))
        blocks = shown.weight == "blocks"
        chosen = visitor.draft.overrides.get(shown.rule, "")
        self.ask.setText(say("advice.ask") if blocks else "")
        self.reasons.setVisible(blocks)
        choices = self.model.hall.choices_of("override_reason")
        pick = say.texts.pick
        self.reasons.set_picks(
            with_keys([Pick(one.code, pick(one.name) or one.code) for one in choices])
        )
        self.reasons.show_chosen([chosen] if chosen else [])

    def _pick(self, advice: AdviceView) -> Pick:
        icon = {"blocks": "warning", "warns": "warning"}.get(advice.weight, "information")
        passed = advice.rule in self.model.visitor.draft.overrides
        tone = "error" if advice.weight == "blocks" and not passed else ""
        title = self.say(f"advice.{advice.weight}")
        words = self.say.texts.pick(advice.text)
        shown = shorten(f"{title}: {words}", RULE_WORDS_MOST, placeholder=" …")
        return Pick(advice.rule, shown, icon="check" if passed else icon, tone=tone)

    def _look(self, rule: str) -> None:
        self._rule = rule
        self.refresh()

    def _override(self, reason: str) -> None:
        visitor = self.model.visitor
        again = visitor.draft.overrides.get(self._rule) == reason
        visitor.override(self._rule, "" if again else reason)
        if not again and not visitor.standing_advice():
            self.back.emit()


class DetailsPanel(DoorPanel):
    """What the visitor needs at the counter, how many they are, for whom, and a note."""

    done = Signal()

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="details", keys=say("details.keys"))
        self.heading.setText(say("details.heading"))
        height = max(theme.sizes.target, round(theme.sizes.body * 2.9))
        visitor = model.visitor
        self.need_grid = self.digits = PickGrid(
            say, theme, prefix="need", columns=3, rows=2, height=height
        )
        self.need_grid.chosen.connect(visitor.toggle_need)
        self.fewer = self._step("persons-fewer", "−", "issue.fewer", -1, height)
        self.more = self._step("persons-more", "+", "issue.more", 1, height)
        self.persons = FittedLabel(
            "", theme, role=Role.TILE, weight=Weight.SEMIBOLD, wrap=False, name="persons"
        )
        self.companion = PickButton(
            say("screening.companion"), theme, name="companion", role=Role.BODY
        )
        self.companion.setMinimumHeight(height)
        self.companion.tapped.connect(lambda: visitor.set_companion(not visitor.draft.companion))
        self.note = QLineEdit()
        self.note.setObjectName("note")
        self.note.setMaxLength(NOTE_MOST)
        self.note.setAccessibleName(say("screening.note"))
        self.note.setPlaceholderText(say("screening.note_hint"))
        self.note.textEdited.connect(visitor.set_note)
        group = QHBoxLayout()
        group.setSpacing(theme.sizes.gap)
        group.addWidget(self.label(say("issue.persons")))
        for part in (self.fewer, self.persons, self.more):
            group.addWidget(part)
        group.addWidget(self.companion, 1)
        self.column.addWidget(self.need_grid)
        self.column.addLayout(group)
        self.column.addWidget(self.label(say("screening.note")))
        self.column.addWidget(self.note)
        self.add_confirm("status.confirm", icon="check").tapped.connect(self.back)
        self.close_column()

    def _step(self, name: str, sign: str, key: str, by: int, height: int) -> PickButton:
        button = PickButton(sign, self._theme, name=name, role=Role.TILE)
        button.setFixedSize(height * 3 // 2, height)
        button.setAccessibleName(self.say(key))
        visitor = self.model.visitor
        button.tapped.connect(lambda: visitor.set_persons(visitor.draft.persons + by))
        return button

    def begin(self) -> None:
        """The note of this visitor."""
        self.note.setText(self.model.visitor.draft.note)

    def refresh(self) -> None:
        """Show what was said."""
        model, say = self.model, self.say
        draft = model.visitor.draft
        pick = say.texts.pick
        needs = model.hall.choices_of("needs")
        self.need_grid.set_picks(
            with_keys([Pick(one.code, pick(one.name) or one.code) for one in needs])
        )
        self.need_grid.show_chosen(draft.needs)
        self.persons.setText(say("state.weight", count=draft.persons))
        self.companion.set_look(Look.CHOSEN if draft.companion else Look.PANEL)
        self.companion.set_content(icon="check" if draft.companion else "people")
        if not draft.note and not self.note.hasFocus() and self.note.text():
            self.note.setText("")  # of a visitor who has gone

    def take_key(self, event: QKeyEvent) -> bool:
        if event.text() in ("+", "-"):
            visitor = self.model.visitor
            visitor.set_persons(visitor.draft.persons + (1 if event.text() == "+" else -1))
            return True
        return super().take_key(event)
