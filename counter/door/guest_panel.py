"""The guest book: who came without a number, why, and that they agreed to be written down."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit

from counter.door.door_errands import GUEST_NOTE_MOST, NAME_MOST
from counter.door.door_wording import DoorWording
from counter.door.outcome_panels import DoorPanel
from counter.door.screening_model import ScreeningModel
from counter.pick_grid import Pick, PickButton, PickGrid, with_keys
from ui.buttons import Look
from ui.theme import Theme
from ui.tokens import Role


class GuestPanel(DoorPanel):
    """Name, purpose, consent; nothing is kept without the consent."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="guest")
        self.heading.setText(say("guest.heading"))
        height = max(theme.sizes.target, round(theme.sizes.body * 2.9))
        self._purpose, self._consent = "", False
        self.guest = self._field("guest-name", "guest.name", NAME_MOST)
        self.note = self._field("guest-note", "guest.note", GUEST_NOTE_MOST)
        self.purposes = self.digits = PickGrid(
            say, theme, prefix="purpose", columns=3, rows=3, height=height
        )
        self.notice = self.told_in("guest-notice", tone="ink_soft")
        self.consent = PickButton(say("guest.consent"), theme, name="consent", role=Role.BODY)
        self.consent.setMinimumHeight(height)
        for part in (
            self.guest,
            self.purposes,
            self.note,
            self.notice,
            self.consent,
        ):
            self.column.addWidget(part)
        self.notice.setText(say("guest.notice"))
        self.purposes.chosen.connect(self._choose)
        self.consent.tapped.connect(self._agree)
        self.add_confirm("guest.confirm", icon="check").tapped.connect(self._enter)
        self.close_column()

    def _field(self, name: str, key: str, limit: int) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName(name)
        field.setMaxLength(limit)
        field.setAccessibleName(self.say(key))
        field.setPlaceholderText(self.say(key))
        return field

    def begin(self) -> None:
        """Nothing of the guest before is left, nor what could be brought back by Ctrl+Z."""
        self.guest.setText("")
        self.note.setText("")
        self._purpose, self._consent = "", False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.guest.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Show what was chosen."""
        pick = self.say.texts.pick
        purposes = self.model.hall.choices_of("guest_purpose")
        self.purposes.set_picks(
            with_keys([Pick(one.code, pick(one.name) or one.code) for one in purposes])
        )
        self.purposes.show_chosen([self._purpose] if self._purpose else [])
        self.consent.set_look(Look.CHOSEN if self._consent else Look.PANEL)
        self.consent.set_content(icon="check" if self._consent else "question")
        if self.confirm is not None:
            self.confirm.setEnabled(self.model.online)

    def take_key(self, event: QKeyEvent) -> bool:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.isAutoRepeat() and isinstance(self.focusWidget(), QLineEdit):
            self._enter()
            return True
        return super().take_key(event)

    def _choose(self, code: str) -> None:
        self._purpose = code
        self.refresh()

    def _agree(self) -> None:
        self._consent = not self._consent
        self.refresh()

    def _enter(self) -> None:
        errands = self.model.errands
        if errands.enter_guest(self.guest.text(), self._purpose, self._consent, self.note.text()):
            self.begin()
            self.back.emit()
