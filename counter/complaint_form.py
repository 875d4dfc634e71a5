"""The form for a complaint, for the door and for a counter.

``ComplaintForm(desk, wording, theme)`` is a plain widget over a ``ComplaintDesk``: put it into a
panel, call ``begin`` when the panel opens (``desk.begin(ticket=…)`` before it ties the complaint
to a visitor), ``refresh`` with everything else, and file with ``desk.file(print_at)``. It has no
buttons of its own for filing or going back, since each seat has its keys for that.
"""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from counter.complaint_desk import LIMITS, PERSONAL, ComplaintDesk
from counter.pick_grid import Pick, PickButton, PickGrid
from counter.wording import Wording
from protocol.messages import ComplaintLevelInfo
from ui.buttons import Look
from ui.theme import Theme
from ui.tokens import Role

LINES = ("name", "phone", "address", "wish", "sipp", "lapor")


class ComplaintForm(QWidget):
    """Level with its due times, what happened, the wish, who, SIPP and LAPOR! numbers."""

    def __init__(self, desk: ComplaintDesk, wording: Wording, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("complaint-form")
        self._desk, self._say = desk, wording
        sizes = theme.sizes
        gap = max(2, sizes.gap * 3 // 4)
        self.levels = PickGrid(
            wording,
            theme,
            prefix="level",
            columns=3,
            rows=1,
            height=max(sizes.target, round(sizes.body * 3.4)),
        )
        self.levels.chosen.connect(desk.choose_level)
        self.description = QPlainTextEdit()
        self.description.setObjectName("complaint-description")
        self.description.setAccessibleName(wording("complaint.description"))
        self.description.setPlaceholderText(wording("complaint.description"))
        self.description.setTabChangesFocus(True)
        self.description.setMinimumHeight(round(sizes.body * 3.6))
        self.description.textChanged.connect(self._described)
        self.lines = {name: self._line(name) for name in LINES}
        self.anonymous = PickButton(
            wording("complaint.anonymous"), theme, name="anonymous", role=Role.BODY
        )
        self.anonymous.setMinimumHeight(max(sizes.target, round(sizes.body * 2.2)))
        self.anonymous.tapped.connect(lambda: desk.set_anonymous(not desk.draft.anonymous))
        grid = QGridLayout()
        grid.setSpacing(gap)
        grid.addWidget(self.lines["wish"], 0, 0, 1, 4)
        grid.addWidget(self.anonymous, 1, 0)
        for column, name in enumerate(PERSONAL, 1):
            grid.addWidget(self.lines[name], 1, column)
        grid.addWidget(self.lines["sipp"], 2, 0, 1, 2)
        grid.addWidget(self.lines["lapor"], 2, 2, 1, 2)
        for column in range(4):
            grid.setColumnStretch(column, 1)
        column_of_all = QVBoxLayout(self)
        column_of_all.setContentsMargins(0, 0, 0, 0)
        column_of_all.setSpacing(gap)
        column_of_all.addWidget(self.levels)
        column_of_all.addWidget(self.description, 1)
        column_of_all.addLayout(grid)

    def begin(self) -> None:
        """Show an empty form; what could be brought back by Ctrl+Z is gone, too."""
        self.description.blockSignals(True)
        self.description.setPlainText(self._desk.draft.description)
        self.description.document().clearUndoRedoStacks()
        self.description.blockSignals(False)
        for name, line in self.lines.items():
            line.setText(getattr(self._desk.draft, name))
        self.refresh()

    def focus_first(self) -> None:
        """Put the keyboard where one begins to write."""
        self.description.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Show level and anonymity as they are now."""
        desk = self._desk
        self.levels.set_picks([self._pick(level) for level in desk.levels])
        self.levels.show_chosen([desk.draft.level] if desk.draft.level else [])
        anonymous = desk.draft.anonymous
        self.anonymous.set_look(Look.CHOSEN if anonymous else Look.PANEL)
        self.anonymous.set_content(icon="check" if anonymous else "person")
        for name in PERSONAL:
            self.lines[name].setEnabled(not anonymous)
            if anonymous and self.lines[name].text():
                self.lines[name].setText("")
        if not desk.draft.description and not self.description.hasFocus():
            left = self.description.toPlainText().strip()
            if left:
                self.begin()

    def _pick(self, level: ComplaintLevelInfo) -> Pick:
        due = self._say(
            "complaint.level_due", minutes=level.first_response_min, days=level.working_days
        )
        return Pick(level.code, self._say.texts.pick(level.name) or level.code, line=due)

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setObjectName(f"complaint-{name}")
        line.setMaxLength(LIMITS[name])
        line.setAccessibleName(self._say(f"complaint.{name}"))
        line.setPlaceholderText(self._say(f"complaint.{name}"))
        line.textEdited.connect(partial(self._desk.set, name))
        return line

    def _described(self) -> None:
        text = self.description.toPlainText()
        most = LIMITS["description"]
        if len(text) > most:
            # A whole book pasted here would be carried along with every key.
            self.description.blockSignals(True)
            self.description.setPlainText(text[:most])
            self.description.moveCursor(self.description.textCursor().MoveOperation.End)
            self.description.blockSignals(False)
        self._desk.set("description", text[:most])
