"""The recorder's window: the words large, the level below, and one row of buttons."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QColor, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assets.texts import Texts
from display.recorder_model import RecorderModel
from ui.buttons import BigButton, Look
from ui.labels import FittedLabel
from ui.theme import Theme, Weight, apply_theme
from ui.tokens import Role

TICK_MS = 40
_QUIET, _LOUD = 0.05, 0.9


class LevelMeter(QWidget):
    """A bar as long as the sound at the microphone is strong; red where it is cut off."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(name)
        self._theme = theme
        self._level = 0.0
        self.setFixedHeight(theme.sizes.target)

    def set_level(self, level: float) -> None:
        """Show a strength between 0 and 1."""
        if level != self._level:
            self._level = level
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        colours, radius = self._theme.colours, self._theme.sizes.radius
        box = QRectF(self.rect())
        painter.setBrush(QColor(colours.hairline))
        painter.drawRoundedRect(box, radius, radius)
        if self._level <= 0:
            return
        loud = self._level >= _LOUD
        fill = colours.error if loud else colours.primary
        painter.setBrush(QColor(fill if self._level >= _QUIET else colours.ink_soft))
        # Ears and voices count in ratios: the square root shows a soft voice, too.
        box.setWidth(box.width() * min(1.0, self._level) ** 0.5)
        painter.drawRoundedRect(box, radius, radius)


class RecorderWindow(QWidget):
    """One word after another: record, listen, keep."""

    def __init__(self, model: RecorderModel, texts: Texts, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("voice-record")
        self.setWindowTitle(texts("voice-record.title"))
        self.setAccessibleName(texts("voice-record.title"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._model, self._say, self._theme = model, texts, theme
        self._build()
        apply_theme(self, theme)
        model.changed = self.refresh
        self._ticker = QTimer(self, interval=TICK_MS)
        self._ticker.timeout.connect(model.tick)
        self._ticker.start()
        self.setFocus()
        self.refresh()

    def _build(self) -> None:
        theme, middle = self._theme, Qt.AlignmentFlag.AlignCenter
        self.heading = FittedLabel(
            self._say("voice-record.title"),
            theme,
            role=Role.HEADING,
            weight=Weight.BOLD,
            name="heading",
        )
        self.place = FittedLabel("", theme, tone="ink_soft", name="place")
        self.words = FittedLabel(
            "", theme, role=Role.NUMBER, weight=Weight.BOLD, align=middle, name="words"
        )
        self.hint = FittedLabel("", theme, role=Role.TILE, align=middle, name="hint")
        self.meter = LevelMeter(theme, "level")
        self.meter.setAccessibleName(self._say("voice-record.level"))
        self.state = FittedLabel("", theme, tone="ink_soft", align=middle, name="kept")
        self.missing = FittedLabel("", theme, name="missing")
        model = self._model
        self.previous = self._button("previous", lambda: model.go(-1))
        self.record = self._button("record", model.record)
        self.listen = self._button("listen", model.listen)
        self.keep = self._button("keep", model.keep)
        self.next = self._button("next", lambda: model.go(1))
        self.next_missing = self._button("next_missing", model.go_to_missing)
        row = QHBoxLayout()
        row.setSpacing(theme.sizes.gap)
        for button in (self.previous, self.record, self.listen, self.keep, self.next):
            row.addWidget(button)
        below = QHBoxLayout()
        below.setSpacing(theme.sizes.gap)
        below.addWidget(self.missing, 1)
        self.next_missing.setFixedWidth(theme.sizes.tile_height * 5)
        below.addWidget(self.next_missing)
        margin = theme.sizes.margin
        column = QVBoxLayout(self)
        column.setContentsMargins(margin, margin, margin, margin)
        column.setSpacing(theme.sizes.gap)
        column.addWidget(self.heading)
        column.addWidget(self.place)
        column.addStretch(1)
        column.addWidget(self.words, 2)
        column.addWidget(self.state)
        column.addStretch(1)
        column.addWidget(self.hint)
        column.addWidget(self.meter)
        column.addLayout(row)
        column.addLayout(below)

    def _button(self, name: str, tapped: object) -> BigButton:
        button = BigButton(self._say(f"voice-record.{name}"), self._theme, name=name)
        button.setFixedHeight(self._theme.sizes.tile_height)
        # Space records, whichever button was pressed last.
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.tapped.connect(tapped)
        return button

    @property
    def page_name(self) -> str:
        """``ready``, ``recording`` or ``judged``, for whoever drives this window."""
        return self._model.step

    def refresh(self) -> None:
        """Show what the model has."""
        say, model = self._say, self._model
        recording, judged = model.step == "recording", model.step == "judged"
        self.place.setText(say("voice-record.clip", place=model.place, total=model.total))
        self.words.setText(model.words)
        hint, tone = say("voice-record.ready"), "ink"
        if not model.has_microphone:
            hint, tone = say("voice-record.no_microphone"), "error"
        elif recording:
            hint, tone = say("voice-record.recording"), "primary"
        elif model.is_sounding:
            hint, tone = say("voice-record.playing"), "primary"
        elif judged and model.judgement is not None:
            hint = say(f"voice-record.judgement.{model.judgement}")
            tone = "on_ok_soft" if model.judgement == "good" else "error"
        if model.fault:
            hint, tone = model.fault, "error"
        self.hint.setText(hint)
        self.hint.set_tone(tone)
        self.meter.set_level(model.level)
        kept = say("voice-record.kept" if model.is_kept else "voice-record.not_kept")
        self.state.setText(f"{say('voice-record.saved')} · {kept}" if model.just_saved else kept)
        left = len(model.missing)
        text = say("voice-record.missing", count=left) if left else say("voice-record.complete")
        self.missing.setText(text)
        good = judged and model.judgement == "good"
        title = "stop" if recording else "again" if judged else "record"
        self.record.set_content(say(f"voice-record.{title}"))
        self.record.set_look(Look.PANEL if good else Look.PRIMARY)
        self.record.setEnabled(model.has_microphone)
        self.keep.set_look(Look.PRIMARY if good else Look.PANEL)
        self.keep.setEnabled(judged and model.judgement != "silent")
        self.listen.setEnabled(not recording and (judged or model.is_kept))
        self.next_missing.setEnabled(bool(left))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space records, P plays, Enter keeps, the arrows go back and on."""
        match event.key():
            case Qt.Key.Key_Space:
                self._model.record()
            case Qt.Key.Key_P:
                self._model.listen()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._model.keep()
            case Qt.Key.Key_Left:
                self._model.go(-1)
            case Qt.Key.Key_Right:
                self._model.go(1)
            case _:
                super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(960, 620)

    def closeEvent(self, event: QCloseEvent) -> None:
        """The microphone is off when the window is gone."""
        self._ticker.stop()
        self._model.close()
        super().closeEvent(event)
