"""The window for the form of a ticket: its text at the left, the paper at the right."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QImage,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from assets.texts import Texts
from kiosk.paper_layout import PaperLayout, TextLine
from kiosk.paper_picture import paper_pictures
from kiosk.template_examples import Example
from kiosk.template_model import WIDTHS, TemplateModel
from protocol.paper_form import BLOCKS, PLACEHOLDERS
from ui.buttons import BigButton, Look
from ui.labels import FittedLabel
from ui.theme import Theme, Weight, apply_theme
from ui.tokens import Role

_LOGO_BYTES_MAX = 5_000_000
_MARGIN_DOTS, _GAP_DOTS = 24, 20
_SHADOW = 6


class PaperView(QWidget):
    """Papers one below the other, one dot a pixel."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("paper")
        self._papers: list[QImage] = []

    def set_papers(self, papers: list[QImage], words: str) -> None:
        """Show these; `words` is what a reader of the screen says of them."""
        self._papers = papers
        self.setAccessibleName(words)
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        width = max((paper.width() for paper in self._papers), default=100)
        height = sum(paper.height() + _GAP_DOTS for paper in self._papers)
        return QSize(width + 2 * _MARGIN_DOTS + 2 * _SHADOW, height + 2 * _SHADOW)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        top = _SHADOW
        for paper in self._papers:
            width = paper.width() + 2 * _MARGIN_DOTS
            painter.fillRect(_SHADOW + 3, top + 4, width, paper.height(), QColor(0, 0, 0, 50))
            painter.fillRect(_SHADOW, top, width, paper.height(), QColor("white"))
            painter.drawImage(_SHADOW + _MARGIN_DOTS, top, paper)
            top += paper.height() + _GAP_DOTS


class TemplateWindow(QWidget):
    """Everything in one window; each keystroke is on the paper at once."""

    printer_news = Signal()

    def __init__(self, model: TemplateModel, texts: Texts, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("template-window")
        self.model = model
        self._say, self._theme = texts, theme
        self._closing = False
        self._options: dict[str, list[tuple[BigButton, object]]] = {}
        self.setWindowTitle(f"{texts('template.title')} - {model.file.path.name}")
        whole = QHBoxLayout(self)
        whole.setContentsMargins(*[theme.sizes.margin] * 4)
        whole.setSpacing(theme.sizes.margin)
        whole.addLayout(self._left(), 5)
        whole.addLayout(self._right(), 6)
        apply_theme(self, theme)
        model.changed = self._show
        self.printer_news.connect(model.collect)
        QShortcut(QKeySequence.StandardKey.Save, self, model.save)
        self._show()

    def sizeHint(self) -> QSize:
        return QSize(1240, 860)

    def closeEvent(self, event: QCloseEvent) -> None:
        # Once warned, it is the person's own wish.
        if self.model.is_changed and not self._closing:
            self._closing = True
            self.model.warn_unsaved()
            event.ignore()
            return
        super().closeEvent(event)

    def _left(self) -> QVBoxLayout:
        say, theme = self._say, self._theme
        column = QVBoxLayout()
        column.setSpacing(theme.sizes.gap)
        column.addWidget(FittedLabel(say("template.title"), theme, role=Role.HEADING, wrap=False))
        column.addWidget(FittedLabel(say("template.text_hint"), theme, tone="ink_soft"))
        self.editor = QPlainTextEdit(self.model.text)
        self.editor.setObjectName("form-text")
        self.editor.setAccessibleName(say("template.text"))
        self.editor.setFont(theme.font(Role.BODY))
        self.editor.setTabChangesFocus(True)
        self.editor.textChanged.connect(self._written)
        column.addWidget(self.editor, 1)
        self.verdict = FittedLabel("", theme, name="verdict", weight=Weight.MEDIUM)
        column.addWidget(self.verdict)
        known, inside = ", ".join(BLOCKS), ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        words = say("template.blocks", known=known, placeholders=inside)
        column.addWidget(FittedLabel(words, theme, tone="ink_soft", role=Role.SMALLEST))
        self.message = FittedLabel("", theme, name="message")
        column.addWidget(self.message)
        column.addLayout(self._actions())
        return column

    def _actions(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._theme.sizes.gap)
        self.logo_choose = self._button("logo_choose", row, self._choose_logo)
        self.logo_drop = self._button("logo_drop", row, self.model.drop_logo)
        self.print_button = self._button("print", row, self.model.print_example)
        self.save_button = self._button("save", row, self.model.save, Look.PRIMARY)
        return row

    def _button(
        self, key: str, row: QHBoxLayout, act: Callable[[], object], look: Look = Look.PANEL
    ) -> BigButton:
        button = BigButton(
            self._say(f"template.{key}"), self._theme, name=key, look=look, role=Role.BODY
        )
        button.tapped.connect(act)
        row.addWidget(button)
        return button

    def _right(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(self._theme.sizes.gap)
        model = self.model
        rows: tuple[dict[str, list[tuple[str, object]]], ...] = (
            {
                "width": [(f"width_{mm}", mm) for mm in WIDTHS],
                "copies": [("one_copy", 1), ("two_copies", 2)],
                "language": [(f"language_{code}", code) for code in model.languages],
            },
            {"example": [(f"example_{example}", example) for example in Example]},
        )
        for groups in rows:
            row = QHBoxLayout()
            row.setSpacing(self._theme.sizes.gap)
            for place, (group, options) in enumerate(groups.items()):
                if place:
                    row.addSpacing(self._theme.sizes.margin)
                self._options[group] = [
                    (self._button(key, row, self._chooser(group, value), Look.QUIET), value)
                    for key, value in options
                ]
            column.addLayout(row)
        self.paper = PaperView()
        scroll = QScrollArea()
        scroll.setObjectName("paper-scroll")
        scroll.setWidget(self.paper)
        scroll.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        column.addWidget(scroll, 1)
        return column

    def _chooser(self, group: str, value: object) -> Callable[[], None]:
        model = self.model

        def choose() -> None:
            match group, value:
                case "width", int():
                    model.look_at(width_mm=value)
                case "copies", int():
                    model.copies = value
                    model.look_at()
                case "language", str():
                    model.look_at(language=value)
                case "example", Example():
                    model.look_at(example=value)

        return choose

    def _written(self) -> None:
        self._closing = False
        self.model.write(self.editor.toPlainText())

    def _choose_logo(self) -> None:
        say = self._say
        name, _ = QFileDialog.getOpenFileName(
            self, say("template.logo_choose"), "", say("template.logo_files")
        )
        if name:
            try:
                with Path(name).open("rb") as file:
                    data = file.read(_LOGO_BYTES_MAX)
            except OSError:
                data = b""
            self.model.choose_logo(data)

    def _show(self) -> None:
        model, say = self.model, self._say
        if self.editor.toPlainText() != model.text:
            with QSignalBlocker(self.editor):
                self.editor.setPlainText(model.text)
        mistakes = model.mistakes
        self.verdict.setText("\n".join(mistakes[:4]) or say("template.good"))
        self.verdict.set_tone("error" if mistakes else "primary")
        self.message.setText(model.message)
        self.message.set_tone("error" if model.message_is_bad else "ink")
        self.message.setVisible(bool(model.message))
        now = {
            "width": model.width_mm,
            "copies": model.copies,
            "language": model.paper_language,
            "example": model.example,
        }
        for group, options in self._options.items():
            for button, value in options:
                button.set_look(Look.CHOSEN if value == now[group] else Look.QUIET)
        self.logo_drop.setEnabled(bool(model.logo))
        self.print_button.setEnabled(model.can_print)
        self.save_button.setEnabled(not mistakes)
        layout = model.layout()
        papers = paper_pictures(layout, WIDTHS[model.width_mm].dots)
        self.paper.set_papers(papers, _spoken(layout))


def _spoken(layout: PaperLayout) -> str:
    return ". ".join(line.text for line in layout.elements if isinstance(line, TextLine))
