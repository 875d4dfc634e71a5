"""The voice-check's window: parts on the left, their labels with play and approve on the right."""

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from assets.texts import Texts
from display.voice_check_model import Row, VoiceCheckModel
from ui.buttons import BigButton, Look
from ui.labels import FittedLabel
from ui.theme import Theme, Weight, apply_theme
from ui.tokens import Role
from voice.labels import Kind
from voice.languages import LANGUAGES

TICK_MS = 60
_TONES = {
    "approved": "on_ok_soft",
    "new": "ink_soft",
    "stale-text": "on_warning_soft",
    "stale-voice": "on_warning_soft",
    "unspoken": "error",
}


class LabelRow(QWidget):
    """One label: how it stands, what is said, and the two buttons."""

    def __init__(self, key: str, model: VoiceCheckModel, say: Texts, theme: Theme) -> None:
        super().__init__()
        self.setObjectName(f"row-{key}")
        self._key, self._model, self._say = key, model, say
        self._approved = False
        self.state = FittedLabel("", theme, role=Role.SMALLEST, name=f"state-{key}")
        self.words = FittedLabel("", theme, weight=Weight.SEMIBOLD, name=f"words-{key}")
        self.facts = FittedLabel(
            "", theme, role=Role.SMALLEST, tone="ink_soft", name=f"facts-{key}"
        )
        self.play = BigButton("", theme, name=f"play-{key}", role=Role.BODY)
        self.approve = BigButton("", theme, name=f"approve-{key}", role=Role.BODY)
        self.play.tapped.connect(lambda: model.play(key))
        self.approve.tapped.connect(lambda: model.approve(key, approved=not self._approved))
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.words)
        middle.addWidget(self.facts)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, theme.sizes.gap // 2, 0, theme.sizes.gap // 2)
        line.setSpacing(theme.sizes.gap)
        self.state.setFixedWidth(theme.sizes.tile_height * 2)
        for button in (self.play, self.approve):
            button.setFixedSize(
                theme.sizes.tile_height * 2 + theme.sizes.gap, theme.sizes.target + 8
            )
        line.addWidget(self.state)
        line.addLayout(middle, 1)
        line.addWidget(self.play)
        line.addWidget(self.approve)

    def show_row(self, row: Row) -> None:
        """Show how the label stands now."""
        say, state, made = self._say, row.state, row.made
        self._approved = state == "approved"
        self.state.setText(say(f"voice-check.state.{state or 'making'}"))
        self.state.set_tone(_TONES.get(state or "", "ink_soft"))
        self.words.setText(row.label.text)
        facts = []
        if made is not None and made.origin is not None:
            facts.append(say(f"voice-check.origin.{made.origin}"))
            seconds = f"{made.length_s:.1f}"
            seconds = seconds if say.language == "en" else seconds.replace(".", ",")
            facts.append(say("voice-check.length", seconds=seconds))
        if made is not None and made.fault:
            facts.append(made.fault)
        if row.approval is not None:
            approved_at = row.approval.at.astimezone()
            at = f"{say.day(approved_at.date(), short=True, year=True)} {say.clock(approved_at)}"
            facts.append(say("voice-check.by", by=row.approval.by, at=at))
        self.facts.setText(" · ".join(facts))
        sounding = self._model.is_sounding(row)
        self.play.set_content(say("voice-check.stop" if sounding else "voice-check.play"))
        self.play.set_look(Look.CHOSEN if sounding else Look.PANEL)
        self.play.setEnabled(made is not None and bool(made.path))
        self.approve.set_content(
            say("voice-check.approved" if self._approved else "voice-check.approve")
        )
        self.approve.set_look(Look.CHOSEN if self._approved else Look.PRIMARY)
        self.approve.setEnabled(made is not None and bool(made.identity))


class VoiceCheckWindow(QWidget):
    """Everything that is called, to be heard and approved by a person."""

    def __init__(
        self, model: VoiceCheckModel, texts: Texts, theme: Theme, *, server: str, device: str
    ) -> None:
        super().__init__()
        self.setObjectName("voice-check")
        self.setWindowTitle(texts("voice-check.title"))
        self.setAccessibleName(texts("voice-check.title"))
        self._model, self._say, self._theme = model, texts, theme
        self._server, self._device = server, device
        self._chosen: tuple[str, Kind] | None = None
        self._parts: dict[tuple[str, Kind], BigButton] = {}
        self._rows: dict[str, LabelRow] = {}
        self._build()
        apply_theme(self, theme)
        model.changed = self.refresh
        self._ticker = QTimer(self, interval=TICK_MS)
        self._ticker.timeout.connect(model.tick)
        self._ticker.start()
        self.refresh()

    def _build(self) -> None:
        say, theme = self._say, self._theme
        gap, margin = theme.sizes.gap, theme.sizes.margin
        self.heading = FittedLabel(
            say("voice-check.title"), theme, role=Role.HEADING, weight=Weight.BOLD, name="heading"
        )
        self.tally = FittedLabel("", theme, name="tally")
        self.fault = FittedLabel("", theme, tone="error", name="fault")
        self.draft = FittedLabel("", theme, tone="on_warning_soft", name="draft")
        caption = FittedLabel(say("voice-check.checker"), theme, wrap=False)
        self.checker = QLineEdit(self._model.checker)
        self.checker.setObjectName("checker")
        self.checker.setAccessibleName(say("voice-check.checker"))
        self.checker.setMaxLength(60)
        self.checker.setFixedWidth(theme.sizes.tile_height * 4)
        self.checker.textChanged.connect(self._name)
        top = QHBoxLayout()
        top.setSpacing(gap)
        top.addWidget(self.heading, 1)
        top.addWidget(caption)
        top.addWidget(self.checker)
        self._part_column, parts = _scrolled("parts", gap)
        self._row_column, rows = _scrolled("rows", 0)
        parts.setFixedWidth(theme.sizes.tile_height * 5)
        parts.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QHBoxLayout()
        body.setSpacing(margin)
        body.addWidget(parts)
        body.addWidget(rows, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(gap)
        column.addLayout(top)
        for line in (self.tally, self.draft, self.fault):
            column.addWidget(line)
        column.addLayout(body, 1)

    @property
    def page_name(self) -> str:
        """``waiting``, ``making`` or ``list``, for whoever drives this window."""
        if not self._model.rows:
            return "waiting"
        return "list" if self._model.over else "making"

    def refresh(self) -> None:
        """Show what the model has."""
        say, model = self._say, self._model
        tally = model.tally
        facts = {
            "total": tally.total,
            "made": tally.made,
            "approved": tally.approved,
            "new": tally.new,
            "stale": tally.stale,
            "unspoken": tally.unspoken,
        }
        match self.page_name:
            case "waiting":
                text = say("voice-check.waiting", server=self._server, device=self._device)
            case "making":
                text = say("voice-check.making", **facts)
            case _:
                key = "all_well" if model.all_well else "tally"
                text = say(f"voice-check.{key}", **facts)
        self.tally.setText(text)
        self.fault.setText(model.fault)
        self.fault.setVisible(bool(model.fault))
        self._show_parts()
        self._show_rows()

    def choose(self, part: tuple[str, Kind]) -> None:
        """Show another part of the list."""
        self._chosen = part
        self.refresh()

    def sizeHint(self) -> QSize:
        return QSize(1100, 720)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nothing goes on behind a closed window."""
        self._ticker.stop()
        self._model.close()
        super().closeEvent(event)

    def _name(self, text: str) -> None:
        self._model.checker = text

    def _show_parts(self) -> None:
        groups = self._model.groups()
        if list(self._parts) != groups:
            for button in self._parts.values():
                button.hide()
                button.deleteLater()
            self._parts = {part: self._part_button(part) for part in groups}
            self._chosen = groups[0] if groups else None
        for part, button in self._parts.items():
            left = sum(row.is_open for row in self._model.rows_of(*part))
            say = self._say
            line = say("voice-check.open", count=left) if left else say("voice-check.done")
            button.set_content(line=f"{say(f'voice-check.language.{part[0]}')} · {line}")
            button.set_look(Look.CHOSEN if part == self._chosen else Look.PANEL)

    def _part_button(self, part: tuple[str, Kind]) -> BigButton:
        language, kind = part
        title = self._say(f"voice-check.kind.{kind}")
        button = BigButton(title, self._theme, name=f"part-{language}-{kind}", role=Role.BODY)
        button.setFixedHeight(self._theme.sizes.tile_height)
        button.tapped.connect(lambda: self.choose(part))
        self._part_column.insertWidget(self._part_column.count() - 1, button)
        return button

    def _show_rows(self) -> None:
        rows = self._model.rows_of(*self._chosen) if self._chosen else []
        if list(self._rows) != [row.label.key for row in rows]:
            for widget in self._rows.values():
                widget.hide()
                widget.deleteLater()
            self._rows = {
                row.label.key: LabelRow(row.label.key, self._model, self._say, self._theme)
                for row in rows
            }
            for place, widget in enumerate(self._rows.values()):
                self._row_column.insertWidget(place, widget)
                apply_theme(widget, self._theme)
        for row in rows:
            self._rows[row.label.key].show_row(row)
        draft = bool(self._chosen and LANGUAGES[self._chosen[0]].draft)
        self.draft.setText(self._say("voice-check.draft") if draft else "")
        self.draft.setVisible(draft)


def _scrolled(name: str, gap: int) -> tuple[QVBoxLayout, QScrollArea]:
    inside = QWidget()
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, gap, 0)
    column.setSpacing(gap)
    column.addStretch()
    area = QScrollArea()
    area.setObjectName(name)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setWidget(inside)
    for ground in (area.viewport(), inside):
        ground.setAutoFillBackground(False)
    return column, area
