"""What the door captured of this visitor, so that nothing is asked twice (paper 003, stage 2)."""

from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counter.chips import Card
from counter.choice_buttons import ChoiceButtons
from counter.panels import Panel
from counter.rows import Row, Rows
from counter.serving_model import ServingModel
from counter.visit import REVEAL_REASONS
from counter.wording import Wording
from protocol.messages import ScreeningFacts
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

PAPERS_SHOWN = 7


class VisitPanel(Panel):
    """At the left what was captured and the papers, at the right the note, the number, the SOP."""

    def __init__(self, model: ServingModel, wording: Wording, theme: Theme) -> None:
        super().__init__(wording, theme, name="visit-panel", keys=wording("visit.keys"))
        self._model, self._visit = model, model.visit
        body, strong = Role.BODY, Weight.SEMIBOLD
        self.matter = FittedLabel("", theme, role=Role.TILE, weight=strong, name="visit-matter")
        self.member = FittedLabel("", theme, role=body, tone="ink_soft", name="visit-member")
        self.papers = Rows(theme, name="visit-papers", most=PAPERS_SHOWN, least=0)
        self.note = FittedLabel("", theme, role=body, name="visit-note")
        self.number = FittedLabel(
            "", theme, role=Role.TILE, weight=strong, tabular=True, name="visit-number"
        )
        self.told = FittedLabel("", theme, role=Role.SMALLEST, tone="ink_soft", name="visit-told")
        self.reasons = ChoiceButtons(wording, theme, prefix="reveal", columns=3, digits=True)
        self.procedure = FittedLabel("", theme, role=body, name="visit-procedure")
        self._arrange()
        self.reasons.chosen.connect(self._reveal)
        self._visit.changed = model.refresh

    def _arrange(self) -> None:
        sizes = self._theme.sizes
        both = QHBoxLayout()
        both.setSpacing(sizes.gap * 2)
        both.addWidget(
            self._side(
                self.matter, self.member, self.label(self._say("visit.papers")), self.papers
            ),
            9,
        )
        self._procedure_head = self.label(self._say("visit.procedure"))
        both.addWidget(
            self._side(
                self.label(self._say("visit.note")),
                self.note,
                self.label(self._say("visit.number")),
                self.number,
                self.reasons,
                self.told,
                self._procedure_head,
                self.procedure,
            ),
            11,
        )
        self.column.addLayout(both, 1)
        self.column.addLayout(self.foot)

    def _side(self, *parts: QWidget) -> Card:
        card, sizes = Card(self._theme), self._theme.sizes
        column = QVBoxLayout(card)
        column.setContentsMargins(sizes.margin, sizes.gap, sizes.margin, sizes.gap)
        column.setSpacing(sizes.gap // 2)
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        return card

    def begin(self) -> None:
        """A number that was shown before is not shown again by itself."""
        self._visit.hide()

    def refresh(self) -> None:
        """Show what is known by now."""
        say, visit = self._say, self._visit
        ticket = self._model.ticket
        self.heading.setText(
            say(
                "visit.heading_kiosk" if visit.from_kiosk else "visit.heading", number=ticket.number
            )
            if ticket is not None
            else say("visit.nobody")
        )
        facts = visit.facts
        self._show_captured(facts)
        self._show_number(facts)
        category = self._model.draft.category or visit.category
        procedure = visit.procedure(category)
        words = ""
        if procedure is not None:
            pick = say.texts.pick
            words = " ".join(filter(None, (pick(procedure.text), pick(procedure.next_step))))
        self.procedure.setText(words)
        self._procedure_head.setVisible(bool(words))

    def _show_captured(self, facts: ScreeningFacts | None) -> None:
        say, visit, pick = self._say, self._visit, self._say.texts.pick
        if facts is None or visit.from_kiosk:
            here = self._model.ticket is not None
            self.matter.setText(say("visit.not_screened" if here else "state.none"))
            self.member.setText("")
            self.papers.set_rows([])
            self.note.setText(say("visit.no_note"))
            return
        self.matter.setText(say.matter(self._model) or say("visit.no_matter"))
        self.member.setText(say.visit_member(self._model, facts))
        papers = [(code, "missing", "warning", "error") for code in facts.missing]
        papers += [(code, "there", "check", "ink") for code in facts.papers]
        self.papers.set_rows(
            [
                Row(
                    "",
                    say(f"visit.{state}", paper=pick(visit.paper(code))),
                    icon=icon,
                    tone=tone,
                    hint=pick(visit.paper(code)),
                )
                for code, state, icon, tone in papers
            ]
        )
        view = visit.view
        note = view.note if view is not None else ""
        if not note:
            waits = facts.noted and view is None
            erased = view is not None and view.erased
            key = "visit.asking" if waits else "visit.erased" if erased else "visit.no_note"
            note = say(key)
        self.note.setText(note)

    def _show_number(self, facts: ScreeningFacts | None) -> None:
        say, visit = self._say, self._visit
        whole = visit.revealed.get("identifier", "")
        masked = visit.view.masked if visit.view is not None else ""
        self.number.setText(whole or masked or say("visit.no_number"))
        offered = facts is not None and facts.identified and not whole and bool(masked)
        self.reasons.set_choices(
            [(code, say(f"reveal.{code}")) for code in REVEAL_REASONS] if offered else []
        )
        self.watch(self.reasons.buttons.values())
        if visit.refused:
            told = visit.refused
        elif visit.revealing:
            told = say("visit.asking")
        else:
            told = say("visit.recorded") if offered or whole else ""
        self.told.setText(told)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.back_button.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._visit.hide()

    def take_key(self, event: QKeyEvent) -> bool:
        code = self.reasons.code_of_key(event)
        if code:
            self._reveal(code)
        return bool(code)

    def _reveal(self, code: str) -> None:
        self._visit.reveal(self._say(f"reveal.{code}"))
