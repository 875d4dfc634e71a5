"""Who waits for my services, who is next and why, and what the other counters do."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from counter.chips import Card, ChipRows, FactChip, elided
from counter.serving_model import NEXT_SHOWN, ServingModel
from counter.wording import Wording
from protocol.messages import WaitingCount
from ui.fitting import fit_text, text_size
from ui.icons import paint_icon
from ui.labels import FittedLabel
from ui.signs import paint_progress
from ui.theme import Theme, Weight
from ui.tokens import Role

SERVICES_SHOWN = 7
_ANY_WIDTH = 1 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: what stands bold, in the middle, at the right; a share for a bar."""

    head: str
    text: str
    tail: str = ""
    icon: str = ""
    share: float | None = None
    hint: str = ""


class Rows(QWidget):
    """Lines of text under one another; what does not fit is elided and told in a tooltip."""

    def __init__(self, theme: Theme, *, name: str, most: int, least: int | None = None) -> None:
        """``least`` rows stay when there is little room; None keeps all."""
        super().__init__()
        self.setObjectName(name)
        self._theme, self._most, self._least = theme, most, least
        self._rows: list[Row] = []
        self._heads = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def set_rows(self, rows: list[Row]) -> None:
        """Show these lines, at most as many as there is room for."""
        rows = rows[: self._most]
        if rows == self._rows:
            return
        grown = len(rows) != len(self._rows)
        self._rows = rows
        self._heads = max((row.head for row in rows), key=len, default="")
        self.setAccessibleName(
            "; ".join(" ".join(filter(None, (row.head, row.text, row.tail))) for row in rows)
        )
        if grown:
            self.updateGeometry()
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * 6, self._row_height() * len(self._rows))

    def minimumSizeHint(self) -> QSize:
        rows = len(self._rows) if self._least is None else min(self._least, len(self._rows))
        return QSize(self._theme.sizes.target * 4, self._row_height() * rows)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = event.pos().y() // max(1, self._row_height())
            if place < len(self._rows):
                row = self._rows[place]
                QToolTip.showText(event.globalPos(), row.hint, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        sizes = self._theme.sizes
        head = text_size(f"{self._heads}W", sizes.body, Weight.BOLD, True, 0, _ANY_WIDTH)[0]
        height = self._row_height()
        # A row that would be cut is left out: half a number reads as another number.
        for place, row in enumerate(self._rows[: self.height() // height]):
            self._paint_row(painter, QRectF(0, place * height, self.width(), height), row, head)

    def _paint_row(self, painter: QPainter, box: QRectF, row: Row, head_px: float) -> None:
        colours, sizes = self._theme.colours, self._theme.sizes
        quiet = row.share == 0
        ink = colours.ink_soft if quiet else colours.ink
        left = self._paint(painter, box, row.head, sizes.body, Weight.BOLD, ink)
        left = max(left, box.left() + head_px)
        if row.icon:
            side = sizes.smallest * 0.95
            at = QRectF(left, box.center().y() - side / 2, side, side)
            paint_icon(painter, row.icon, at, colours.priority)
            left = at.right() + sizes.gap / 2
        right = box.right()
        if row.tail:
            width = text_size(row.tail, sizes.smallest, Weight.MEDIUM, True, 0, _ANY_WIDTH)[0]
            right -= width + 1
            tail = QRectF(right, box.top(), width + 1, box.height())
            self._paint(painter, tail, row.tail, sizes.smallest, Weight.MEDIUM, colours.ink_soft)
        rest = QRectF(left, box.top(), max(0.0, right - left - sizes.gap), box.height())
        if row.share is None:
            words = elided(row.text, sizes.smallest, rest.width())
            self._paint(painter, rest, words, sizes.smallest, Weight.REGULAR, colours.ink_soft)
            return
        count = text_size("000", sizes.body, Weight.SEMIBOLD, True, 0, _ANY_WIDTH)[0]
        number = QRectF(rest.left(), rest.top(), count, rest.height())
        self._paint(painter, number, row.text, sizes.body, Weight.SEMIBOLD, ink)
        thick = max(3.0, sizes.body * 0.45)
        track = QRectF(
            number.right(), box.center().y() - thick / 2, rest.right() - number.right(), thick
        )
        paint_progress(painter, track, row.share, colours.primary, colours.hairline)

    def _paint(
        self, painter: QPainter, box: QRectF, text: str, px: int, weight: Weight, ink: str
    ) -> float:
        """Paint a text in one line; gives where it ends."""
        fitted = fit_text(text, box, px, 1, weight=weight, wrap=False, tabular=True)
        painter.setPen(QColor(ink))
        fitted.paint(painter, box)
        return box.left() + fitted.width

    def _row_height(self) -> int:
        return round(self._theme.sizes.body * 1.45)


class LineCard(Card):
    """The line of my services beside my ticket."""

    def __init__(self, model: ServingModel, wording: Wording, theme: Theme) -> None:
        super().__init__(theme)
        self._model, self._say = model, wording
        self._seen: object = None
        self.setObjectName("my-line")
        sizes = theme.sizes
        self.heading = FittedLabel(
            wording("line.heading"), theme, role=Role.TILE, weight=Weight.SEMIBOLD, wrap=False
        )
        self.total = FittedLabel(
            "",
            theme,
            role=Role.TILE,
            weight=Weight.SEMIBOLD,
            tone="primary",
            wrap=False,
            align=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            name="waiting-total",
        )
        self.counts = Rows(theme, name="waiting-counts", most=SERVICES_SHOWN, least=4)
        self.next_heading = FittedLabel(
            wording("line.next"), theme, role=Role.BODY, weight=Weight.SEMIBOLD, wrap=False
        )
        self.next_ones = Rows(theme, name="next-ones", most=NEXT_SHOWN, least=2)
        self.others_heading = FittedLabel(
            wording("line.others"), theme, role=Role.BODY, weight=Weight.SEMIBOLD, wrap=False
        )
        self.others = ChipRows(theme, rows=2)
        self.others.setObjectName("other-counters")
        top = QHBoxLayout()
        top.addWidget(self.heading)
        top.addWidget(self.total, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(
            sizes.margin, sizes.gap * 3 // 2, sizes.margin, sizes.gap * 3 // 2
        )
        column.setSpacing(sizes.gap // 2)
        column.addLayout(top)
        column.addWidget(self.counts)
        column.addSpacing(sizes.gap // 2)
        column.addWidget(self.next_heading)
        column.addWidget(self.next_ones)
        column.addStretch()
        column.addWidget(self.others_heading)
        column.addWidget(self.others)

    def refresh(self) -> None:
        """Show what the model holds; waiting times are minutes, so most ticks change nothing."""
        model = self._model
        counts = [(count, model.oldest_s(count)) for count in self._counts()]
        minutes = [(count, None if oldest is None else oldest // 60) for count, oldest in counts]
        seen = (minutes, model.line, model.other_counters(), model.waiting_total)
        if seen == self._seen:
            return
        self._seen = seen
        say = self._say
        self.total.setText(say("line.total", count=model.waiting_total))
        most = max((count.count for count, _ in counts), default=0)
        self.counts.set_rows(
            [
                Row(
                    say.sign(model, count.service),
                    str(count.count),
                    say("line.oldest", time=say.texts.minutes(oldest))
                    if count.count and oldest is not None
                    else "",
                    share=count.count / most if most else 0.0,
                    hint=f"{count.service}: {say.service(model, count.service)}",
                )
                for count, oldest in counts
            ]
        )
        self._show_next()
        self._show_others()

    def _counts(self) -> list[WaitingCount]:
        """The services for which somebody waits; all of them when nobody does."""
        counts = self._model.my_counts()
        return [count for count in counts if count.count] or counts

    def _show_next(self) -> None:
        line = self._model.line
        self.next_heading.setVisible(bool(line))
        self.next_ones.setVisible(bool(line))
        self.next_ones.set_rows(
            [
                Row(
                    entry.number,
                    self._say.texts.pick(entry.why),
                    icon="star" if entry.priority != "none" else "",
                    hint=f"{entry.number}: {self._say.texts.pick(entry.why)}",
                )
                for entry in line[: self._next_shown()]
            ]
        )

    def _next_shown(self) -> int:
        """Fewer where many services stand above: the card has room for eight lines in all."""
        return max(2, min(NEXT_SHOWN, 8 - min(SERVICES_SHOWN, len(self._counts()))))

    def _show_others(self) -> None:
        busy = {"open": 0, "paused": 1}
        everyone = self._model.other_counters()
        views = sorted(
            (view for view in everyone if view.state != "closed"),
            key=lambda view: (busy.get(view.state, 2), view.number),
        )
        closed = [view.number for view in everyone if view.state == "closed"]
        icons = {"open": "person", "paused": "pause"}
        self.others_heading.setVisible(bool(everyone))
        self.others.setVisible(bool(everyone))
        chips: list[QWidget] = [
            FactChip(
                icons.get(view.state, "dash"),
                f"{view.number} {self._say.other(view)}",
                self._theme,
                tone="info" if view.state == "open" else "plain",
            )
            for view in views
        ]
        if closed:
            chips.append(FactChip("dash", self._say.closed(closed), self._theme))
        self.others.set_chips(chips)
        self.others.setAccessibleName(
            "; ".join(f"{view.number} {self._say.other(view)}" for view in everyone)
        )
