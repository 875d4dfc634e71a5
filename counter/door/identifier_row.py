"""Who it is, if the visitor gives a number: typed, pasted or scanned; masked once it was taken."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QWidget

from counter.door.door_wording import DoorWording
from counter.door.screening_draft import VisitorDraft
from counter.door.screening_model import ScreeningModel
from counter.pick_grid import PickButton
from protocol.identifiers import TEXT_MAX
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

NOBODY = VisitorDraft()


class IdentifierField(QLineEdit):
    """Takes what a scanner types, and nothing of it stays when it was taken."""

    taken = Signal(str)

    def __init__(self, label: str, hint: str) -> None:
        super().__init__()
        self.setObjectName("identifier")
        self.setAccessibleName(label)
        self.setPlaceholderText(hint)
        # One more than a number may have, so that a pasted book is said to be too long.
        self.setMaxLength(TEXT_MAX + 1)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )
        self.editingFinished.connect(lambda: self.taken.emit(self.text()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.forget()
        else:
            super().keyPressEvent(event)

    def forget(self) -> None:
        """Empty it, with all that could be brought back by Ctrl+Z: ``clear`` would keep it."""
        self.setText("")
        self.setModified(False)


class IdentifierRow(QWidget):
    """The field or the masked number, what there is to say of it, and a way to take it back."""

    start_over = Signal()

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__()
        self._model, self._say = model, say
        sizes = theme.sizes
        self.field = IdentifierField(
            say("screening.identifier"), say("screening.identifier_placeholder")
        )
        self.masked = FittedLabel(
            "", theme, role=Role.TILE, weight=Weight.BOLD, wrap=False, tabular=True, name="masked"
        )
        self._place = QStackedWidget()
        self._place.addWidget(self.field)
        self._place.addWidget(self.masked)
        self._place.setFixedWidth(sizes.body * 19)
        self.clear = PickButton(
            say("screening.clear"),
            theme,
            name="identifier-clear",
            look=Look.QUIET,
            icon="close",
            role=Role.BODY,
        )
        self.clear.setFixedWidth(max(sizes.target * 2, sizes.body * 8))
        self.told = FittedLabel(
            "", theme, role=Role.BODY, floor=Role.SMALLEST, tone="ink_soft", name="identifier-told"
        )
        self.over = PickButton(
            say("screening.start_over"),
            theme,
            name="start-over",
            look=Look.QUIET,
            icon="undo",
            role=Role.BODY,
        )
        self.over.setToolTip(say("door-tell.start-over"))
        self.over.setFixedWidth(max(sizes.target * 2, sizes.body * 9))
        self.over.tapped.connect(self.start_over)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(sizes.gap)
        row.addWidget(self._place)
        row.addWidget(self.told, 1)
        row.addWidget(self.clear)
        row.addWidget(self.over)
        self.setFixedHeight(max(sizes.target, round(sizes.body * 2.6)))
        self.field.taken.connect(self._take)
        self.field.textEdited.connect(self._edited)
        self.clear.tapped.connect(self._clear)

    def begin(self) -> None:
        """Be ready for the next number."""
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Show what the model holds now."""
        visitor = self._model.visitor
        masked = visitor.draft.masked
        if masked:
            kind = visitor.draft.identifier.kind if visitor.draft.identifier else "nik"
            words = f"{self._say(f'screening.kind_{kind}')} {masked}"
            if words != self.masked.text():
                self.masked.setText(words)
        elif self.masked.text():
            self.masked.setText("")
        place = self.masked if masked else self.field
        if self._place.currentWidget() is not place:
            self._place.setCurrentWidget(place)
        wrong = visitor.wrong_number is not None
        self.clear.setVisible(bool(masked or wrong or self.field.text()))
        more = replace(visitor.draft, started_at=None, identifier=None, warnings=())
        self.over.setVisible(more != NOBODY and not wrong)
        told = self._say.identifier(visitor)
        if told != self.told.text():
            self.told.setText(told)
            self.told.setAccessibleName(told)
        state = visitor.look_up.state
        doubtful = bool(visitor.draft.warnings) or state in ("not-found", "slow", "unreachable")
        tone = "error" if wrong else "on_warning_soft" if doubtful else "ink_soft"
        self.told.set_tone("primary" if state == "found" and not wrong else tone)

    def _take(self, text: str) -> None:
        if self._model.visitor.take_identifier(text):
            self.field.forget()
        self.refresh()

    def _edited(self, _text: str) -> None:
        self._model.visitor.wrong_number = None
        self.refresh()

    def _clear(self) -> None:
        self.field.forget()
        self._model.visitor.clear_identifier()
        self.begin()
