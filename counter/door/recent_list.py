"""The last visitors at the door, and who waits without paper; a touch opens what can be done."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from counter.chips import elided
from counter.door.door_wording import DoorWording
from counter.door.screening_model import ScreeningModel
from counter.pick_grid import PickButton
from ui.buttons import Look
from ui.fitting import fit_text, text_size
from ui.theme import Theme, Weight
from ui.tokens import Role

_ANY_WIDTH = 1 << 20


@dataclass(frozen=True, slots=True)
class Came:
    """Somebody who was here: whatever is known to reprint, correct or cancel."""

    key: str
    head: str
    line: str
    ticket: str = ""
    number: str = ""
    screening: str = ""
    service: str = ""
    priority: str = "none"
    paperless: bool = False
    waiting: bool = False


def came(model: ScreeningModel, say: DoorWording) -> list[Came]:
    """First who waits without paper, then the last visitors, the newest first."""
    snapshot = model.hall.snapshot
    paperless = snapshot.without_paper if snapshot is not None else []
    found = [
        Came(
            f"paperless-{one.number}",
            one.number,
            f"{say.clock(one.issued_at)} · {say('state.without_paper')}",
            ticket=one.ticket,
            number=one.number,
            paperless=True,
            waiting=True,
        )
        for one in paperless
    ]
    known = {one.ticket for one in found}
    for recent in model.hall.recent():
        if recent.ticket in known:
            continue
        found.append(
            Came(
                recent.number or recent.screening,
                say.recent_head(recent),
                say.recent_line(model, recent),
                ticket=recent.ticket or "",
                number=recent.number or "",
                screening=recent.screening,
                service=recent.service or "",
                priority=recent.priority,
                waiting=recent.state in ("waiting", "parked"),
            )
        )
    return found


class CameButton(PickButton):
    """The number bold, the rest beside it, as much as there is room for."""

    def show_one(self, one: Came) -> None:
        """Show somebody."""
        if (self.title, self.line) != (one.head, one.line):
            self.set_content(one.head, line=one.line)
            self.setToolTip(one.line)
        self.setObjectName(f"recent-{one.key}")
        self.set_look(Look.PANEL)
        self.sign_tone = "error" if one.paperless else ""
        self.set_content(icon="printer" if one.paperless else "")

    def _paint_words(
        self, painter: QPainter, box: QRectF, ink: str, soft: str, *, centred: bool
    ) -> None:
        sizes = self._theme.sizes
        head = fit_text(
            self.title,
            box,
            sizes.body,
            sizes.smallest,
            weight=Weight.BOLD,
            wrap=False,
            tabular=True,
        )
        painter.setPen(QColor(ink))
        head.paint(painter, box)
        least = text_size("A000 ", sizes.body, Weight.BOLD, True, 0, _ANY_WIDTH)[0]
        rest = box.adjusted(max(head.width, least) + sizes.gap, 0, 0, 0)
        words = elided(self.line, sizes.smallest, rest.width())
        painter.setPen(QColor(soft))
        fit_text(words, rest, sizes.smallest, 1, wrap=False).paint(painter, rest)


class RecentList(QWidget):
    """As many as the height holds; the last place leads to all of them."""

    opened = Signal(object)
    """One of them, as Came."""
    all_wanted = Signal()

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("recent")
        self._model, self._say, self._theme = model, say, theme
        self._row = max(theme.sizes.target, round(theme.sizes.body * 2.4))
        self._gap = max(2, theme.sizes.gap // 2)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(self._gap)
        self._rows: list[CameButton] = []
        self._shown: list[Came] = []
        self.all = PickButton(
            "", theme, name="recent-all", look=Look.QUIET, icon="people", role=Role.BODY
        )
        self.all.setFixedHeight(self._row)
        self.all.tapped.connect(self.all_wanted)
        self._column.addWidget(self.all)
        self._column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * 5, self._row * 3 + self._gap * 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * 4, self._row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shown = []
        self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Nothing but its buttons."""

    def refresh(self) -> None:
        """Show what the model holds now."""
        everyone = came(self._model, self._say)
        paperless = sum(one.paperless for one in everyone)
        room = max(0, (self.height() + self._gap) // (self._row + self._gap) - 1)
        title = self._say("recent.all", count=len(everyone))
        if paperless:
            title = self._say("recent.paperless", count=paperless)
        if self.all.title != title:
            self.all.set_content(title, icon="warning" if paperless else "people")
            self.all.sign_tone = "error" if paperless else ""
        shown = everyone[:room]
        if shown == self._shown and len(self._rows) >= len(shown):
            return
        self._shown = shown
        while len(self._rows) < len(shown):
            self._add(len(self._rows))
        for place, button in enumerate(self._rows):
            button.setVisible(place < len(shown))
            if place < len(shown):
                button.show_one(shown[place])

    def _add(self, place: int) -> None:
        button = CameButton("", self._theme, name=f"recent-{place}", role=Role.BODY)
        button.setFixedHeight(self._row)
        button.tapped.connect(lambda: self.opened.emit(self._shown[place]))
        self._rows.append(button)
        self._column.insertWidget(place, button)


__all__ = ["Came", "RecentList", "came"]
