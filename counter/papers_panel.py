"""Who waits without paper (never a ghost): print it again, or take the number away."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QShowEvent

from counter.choice_buttons import ChoiceButtons, named
from counter.panels import Panel
from counter.rows import Row, RowList
from counter.serving_model import ServingModel
from counter.wording import Wording
from protocol.messages import PaperlessTicket
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.theme import Theme
from ui.tokens import Role

_TONES = {"failed": "error", "unknown": "on_warning_soft", "pending": "on_warning_soft"}


class PapersPanel(Panel):
    """Arrows choose a number, Enter prints it, K names another kiosk, Delete takes it away."""

    def __init__(self, model: ServingModel, wording: Wording, theme: Theme) -> None:
        super().__init__(wording, theme, name="papers-panel", keys=wording("without-paper.keys"))
        self._model, self._desk = model, model.papers
        self._asks_reason = False
        self.list = RowList(theme, name="papers", label=wording("without-paper.list"))
        self.told = FittedLabel("", theme, role=Role.BODY, name="papers-told")
        self.told.setMinimumHeight(round(theme.sizes.body * 1.5))
        self.reasons = ChoiceButtons(wording, theme, prefix="void", columns=2, digits=True)
        self.reasons.hide()
        self.kiosk = self.foot_button("papers-kiosk", "without-paper.where_it_was", "K", Look.PANEL)
        self.void = self.foot_button("papers-void", "without-paper.void", "Del", Look.DANGER)
        self.confirm = self.foot_button(
            "papers-confirm", "without-paper.reprint", "Enter", Look.PRIMARY
        )
        for button in (self.kiosk, self.void, self.confirm):
            button.yields = True
            self.foot.addWidget(button)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.told)
        self.column.addWidget(self.reasons)
        self.column.addLayout(self.foot)
        self.keys.setMinimumWidth(0)
        self.list.looked_at.connect(lambda _ticket: self._look_anew())
        self.list.taken.connect(lambda _ticket: self._reprint())
        self.kiosk.tapped.connect(self._desk.next_kiosk)
        self.void.tapped.connect(self._ask_reason)
        self.confirm.tapped.connect(self._reprint)
        self.reasons.chosen.connect(self._void)
        self.watch([self.list, self.kiosk, self.void, self.confirm])

    def begin(self) -> None:
        """Nothing is being taken away."""
        self._asks_reason = False

    def refresh(self) -> None:
        """Show who waits so now, and where it would be printed."""
        say, desk = self._say, self._desk
        self.heading.setText(say("without-paper.heading", count=desk.total))
        self.list.set_rows([(one.ticket, self._row(one)) for one in desk.waiting])
        chosen = desk.one(self.list.current)
        self._asks_reason = self._asks_reason and chosen is not None
        number = chosen.number if chosen is not None else ""
        told = (
            say("without-paper.nobody")
            if chosen is None
            else say("without-paper.told", number=number)
        )
        self.told.setText(say("without-paper.why", number=number) if self._asks_reason else told)
        at = (
            say("without-paper.at", device=say.device(desk.kiosk))
            if desk.kiosk
            else say("without-paper.where_it_was")
        )
        if at != self.kiosk.title:
            self.kiosk.set_content(at)
        busy = bool(desk.asker.hindrance())
        for button in (self.void, self.confirm):
            button.setEnabled(chosen is not None and not busy)
        self.kiosk.setEnabled(bool(desk.kiosks))
        reasons = self._model.choices_of("cancel_reason") if self._asks_reason else []
        self.reasons.set_choices(named(reasons, say.texts.pick))
        self.watch(self.reasons.buttons.values())
        self.reasons.setVisible(self._asks_reason)

    def _row(self, one: PaperlessTicket) -> Row:
        say = self._say
        at = say("without-paper.since", at=say.clock(one.issued_at))
        service = say.service(self._model, one.service) if one.service else ""
        words = " · ".join(filter(None, (say(f"without-paper.{one.print}"), service)))
        hint = f"{one.number}: {words}, {at}"
        tone = _TONES.get(one.print, "ink_soft")
        return Row(one.number, words, at, icon="printer", tone=tone, hint=hint)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.list.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if escape and self._asks_reason and event.type() == QEvent.Type.KeyPress:
            self._look_anew()
            return True
        return super().eventFilter(watched, event)

    def take_key(self, event: QKeyEvent) -> bool:
        if self._asks_reason:
            code = self.reasons.code_of_key(event)
            if code:
                self._void(code)
                return True
        match Qt.Key(event.key()):
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                if not event.isAutoRepeat() and not self._asks_reason:
                    self._reprint()
            case Qt.Key.Key_K:
                self._desk.next_kiosk()
            case Qt.Key.Key_Delete:
                self._ask_reason()
            case _:
                return False
        return True

    def _look_anew(self) -> None:
        self._asks_reason = False
        self.refresh()

    def _reprint(self) -> None:
        self._desk.reprint(self.list.current)

    def _ask_reason(self) -> None:
        """A number that is taken away does not come back, so its reason is asked first."""
        self._asks_reason = not self._asks_reason
        self.refresh()

    def _void(self, code: str) -> None:
        self._asks_reason = False
        self._desk.void(self.list.current, code)
        self.refresh()
