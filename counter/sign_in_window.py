"""Signing in (before C1): three fields, keyboard first, every refusal in words."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QHideEvent, QIcon, QKeyEvent, QShowEvent, QTransform
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from counter.chips import Card
from counter.sign_in_model import SignInModel
from counter.wording import Wording
from ui.buttons import BigButton, Look
from ui.icons import icon
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

# What the number pad sends while NumLock is off; in these fields its keys always mean digits.
_PAD_DIGITS = {
    Qt.Key.Key_Insert: "0",
    Qt.Key.Key_End: "1",
    Qt.Key.Key_Down: "2",
    Qt.Key.Key_PageDown: "3",
    Qt.Key.Key_Left: "4",
    Qt.Key.Key_Clear: "5",
    Qt.Key.Key_Right: "6",
    Qt.Key.Key_Home: "7",
    Qt.Key.Key_Up: "8",
    Qt.Key.Key_PageUp: "9",
}

_QUARTER_TURN = QTransform().rotate(90)


class SignInPage(QWidget):
    """Who sits here, with which PIN, at which counter."""

    def __init__(self, model: SignInModel, wording: Wording, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("sign-in-page")
        self._model, self._say, self._theme = model, wording, theme
        self._shown_counters: list[int] = []
        self._pointed_at: object = None
        self._build_fields()
        card = Card(theme)
        card.setFixedWidth(theme.sizes.tile_height * 8)
        self._fill(card)
        middle = QHBoxLayout()
        middle.addStretch()
        middle.addWidget(card)
        middle.addStretch()
        column = QVBoxLayout(self)
        column.addStretch()
        column.addLayout(middle)
        column.addStretch()

    def _build_fields(self) -> None:
        say, theme = self._say, self._theme
        self.staff, self.pin = QLineEdit(), QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(100)
        self.staff.setMaxLength(40)
        self.staff.setPlaceholderText(say("sign-in.staff_hint"))
        # Typing the number is quicker than a list; the list is there for who does not know it.
        self.counter = QComboBox()
        self.counter.setEditable(True)
        self.counter.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.counter.setObjectName("counter-list")
        self.counter.setStyleSheet("QComboBox::drop-down { border: 0; width: 0; }")
        number = self.counter.lineEdit()
        assert number is not None
        self.number = number
        # The style's own arrow is drawn for another edge than ours.
        arrow = icon("forward", theme.colours.ink).pixmap(64, 64).transformed(_QUARTER_TURN)
        choose = number.addAction(QIcon(arrow), QLineEdit.ActionPosition.TrailingPosition)
        for button in number.findChildren(QToolButton):
            button.setObjectName("counter-choose")
            button.setAccessibleName(say("sign-in.counter_none"))
        choose.triggered.connect(self.counter.showPopup)
        # A style sheet of its own cuts the list off from the window's font.
        for part in (self.counter, number):
            part.setFont(theme.font())
        self.number.setPlaceholderText(say("sign-in.counter_none"))
        for field, name in ((self.staff, "staff"), (self.pin, "pin")):
            field.setObjectName(name)
            field.setAccessibleName(say(f"sign-in.{name}"))
            field.textEdited.connect(self.refresh)
        self.number.setObjectName("counter-number")
        self.counter.setAccessibleName(say("sign-in.counter"))
        self.number.setAccessibleName(say("sign-in.counter"))
        self.counter.currentTextChanged.connect(self._choose)
        for field in (self.staff, self.pin, self.number):
            field.installEventFilter(self)
            field.returnPressed.connect(self.sign_in)
        self.button = BigButton(
            say("sign-in.button"),
            theme,
            name="sign-in",
            look=Look.PRIMARY,
            badge="Enter",
            role=Role.TILE,
        )
        self.button.setMinimumHeight(round(theme.sizes.target * 1.5))
        self.button.tapped.connect(self.sign_in)

    def _fill(self, card: Card) -> None:
        say, theme, sizes = self._say, self._theme, self._theme.sizes
        column = QVBoxLayout(card)
        margin = sizes.margin * 3 // 2
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(sizes.gap)
        heading = FittedLabel(
            say("sign-in.heading" if self._model.at_counter else "sign-in.heading_door"),
            theme,
            role=Role.HEADING,
            weight=Weight.BOLD,
            floor=Role.BODY,
        )
        column.addWidget(heading)
        self.branch = FittedLabel("", theme, role=Role.BODY, tone="ink_soft", name="branch")
        column.addWidget(self.branch)
        fields = [("staff", self.staff), ("pin", self.pin), ("counter", self.counter)]
        if not self._model.at_counter:
            fields.pop()
            self.counter.setParent(card)
            self.counter.hide()
        for key, field in fields:
            label = FittedLabel(
                say(f"sign-in.{key}"), theme, role=Role.BODY, weight=Weight.MEDIUM, wrap=False
            )
            label.setBuddy(field)
            column.addWidget(label)
            column.addWidget(field)
        self.caps = FittedLabel("", theme, role=Role.SMALLEST, tone="on_warning_soft", name="caps")
        column.addWidget(self.caps)
        self.caps.hide()
        self.remark = FittedLabel(
            "", theme, role=Role.BODY, weight=Weight.MEDIUM, tone="error", name="sign-in-remark"
        )
        self.remark.setMinimumHeight(round(sizes.body * 2.8))
        column.addWidget(self.remark)
        column.addWidget(self.button)
        column.addWidget(
            FittedLabel(
                say("sign-in.keys"),
                theme,
                role=Role.SMALLEST,
                tone="ink_soft",
                align=Qt.AlignmentFlag.AlignCenter,
            )
        )

    def sign_in(self) -> None:
        """Ask with what the fields hold."""
        self._model.sign_in(self.staff.text(), self.pin.text())
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.pin.clear()  # a PIN stays on no screen longer than it must

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        (self.pin if self.staff.text() else self.staff).setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        self._watch_caps_lock(event)
        pad = event.modifiers() == Qt.KeyboardModifier.KeypadModifier
        digit = _PAD_DIGITS.get(Qt.Key(event.key())) if pad else None
        if digit is None or not isinstance(watched, QLineEdit):
            return False
        watched.insert(digit)
        return True

    def _watch_caps_lock(self, event: QKeyEvent) -> None:
        """A letter that is large without Shift, or small with it, tells that Caps Lock is on."""
        letter = event.text()
        if len(letter) != 1 or not letter.isalpha():
            return
        shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        caps = letter.isupper() != shifted
        self.caps.setText(self._say("sign-in.caps_lock") if caps else "")
        self.caps.setVisible(caps)

    def _choose(self, text: str) -> None:
        digits = "".join(letter for letter in text if letter.isdigit())
        number = int(digits) if digits and len(digits) < 4 else None
        if number not in self._model.counters:
            number = None
        if number != self._model.counter:
            self._model.choose_counter(number)

    def refresh(self, branch_name: str = "") -> None:
        """Show what the model holds now."""
        model, say = self._model, self._say
        if branch_name and branch_name != self.branch.text():
            self.branch.setText(branch_name)
        self._show_counters()
        why = model.hindrance(self.staff.text(), self.pin.text())
        locked_s = model.locked_s(self.staff.text())
        self.button.setEnabled(why not in ("link-lost", "on-the-way", "locked-out"))
        line = say("sign-in.asking") if model.asking else ""
        if self.button.line != line:
            self.button.set_content(line=line)
        words = say.remark(model.remark)
        if locked_s:
            words = say("sign-in.locked-for", seconds=locked_s)
        if words != self.remark.text():
            self.remark.setText(words)
        calm = model.remark is not None and model.remark.tone == "calm"
        self.remark.set_tone("ink" if calm and not locked_s else "error")
        self._point()

    def _show_counters(self) -> None:
        model = self._model
        if model.counters != self._shown_counters:
            self._shown_counters = list(model.counters)
            self.counter.blockSignals(True)
            self.counter.clear()
            self.counter.addItems([str(number) for number in model.counters])
            self.counter.blockSignals(False)
            self.counter.setCurrentText("" if model.counter is None else str(model.counter))

    def _point(self) -> None:
        """After a refusal the field to look at has the focus, ready to be typed over."""
        model = self._model
        point = (model.wrong_field, model.remark)
        if point == self._pointed_at:
            return
        self._pointed_at = point
        field = {"staff": self.staff, "pin": self.pin, "counter": self.number}.get(
            model.wrong_field
        )
        if field is not None:
            field.setFocus()
            field.selectAll()
