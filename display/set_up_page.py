"""The page for whoever hangs the TV up: from how far it is read, what it shows, what it skips.

It lies over the board only while nobody is called: a new call closes it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QWidget

from assets.texts import Texts
from display.media_show import MediaShow
from display.sizes_told import ToldSizes
from ui.fitting import fit_text, needed_height
from ui.icons import paint_icon
from ui.shapes import paint_card
from ui.theme import Theme, Weight

RENEW_MS = 1000
SKIPPED_NAMED_MOST = 4

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True)
class SetUpWords:
    """What the page says; warnings come first and are amber."""

    heading: str
    warnings: tuple[str, ...]
    sentences: tuple[str, ...]


def set_up_words(
    texts: Texts,
    *,
    device: str,
    zone: str,
    voice: str,
    sizes: ToldSizes,
    media: MediaShow | None,
    test: tuple[str, bool] = ("", False),
) -> SetUpWords:
    """Put the page together; ``zone`` and ``voice`` are sentences of their own.

    ``test`` is what the voice's self-test says, and whether that is a warning.
    """
    skipped = _skipped(texts, media)
    tested, is_bad = test
    warnings = (sizes.warning, tested if is_bad else "", *skipped)
    return SetUpWords(
        heading=texts("display.setup.heading", device=device),
        warnings=tuple(words for words in warnings if words),
        sentences=(
            *sizes.sentences,
            texts("display.setup.zone", zone=zone or texts("display.setup.everything")),
            _media(texts, media),
            # A voice that was tested and not heard is not well, whatever it says of itself.
            *(() if is_bad else filter(None, (voice, tested))),
            texts("display.setup.edge"),
            texts("display.setup.end"),
        ),
    )


def _media(texts: Texts, media: MediaShow | None) -> str:
    if media is None or media.folder is None:
        return texts("display.media.none")
    return texts("display.media.folder", folder=media.folder, files=len(media.files))


def _skipped(texts: Texts, media: MediaShow | None) -> list[str]:
    """The folder's own trouble, and which files are not shown and why."""
    if media is None or media.folder is None:
        return []
    said = []
    if media.problem:
        said.append(texts("display.media.problem", folder=media.folder, reason=media.problem))
    skipped = [one for one in media.skipped if one.reason != "no-video"]
    if len(skipped) < len(media.skipped) and not media.plays_videos:
        said.append(texts("display.media.no-videos"))
    if skipped:
        named = [
            f"{one.name} ({texts(f'display.media.{one.reason}')})"
            for one in skipped[:SKIPPED_NAMED_MOST]
        ]
        more = len(skipped) - len(named)
        names = ", ".join(named) + (f" +{more}" if more else "")
        said.append(texts("display.media.skipped", names=names))
    return said


class SetUpPage(QLabel):
    """The page; `open_with` shows it and asks for its words once a second."""

    def __init__(self, theme: Theme, *, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("set-up")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._theme = theme
        self._words = SetUpWords("", (), ())
        self._say: Callable[[], SetUpWords] = lambda: self._words
        self._timer = QTimer(self, interval=RENEW_MS)
        self._timer.timeout.connect(self.renew)
        self.hide()

    def open_with(self, say: Callable[[], SetUpWords]) -> None:
        """Show it."""
        self._say = say
        self.renew()
        self.show()
        self.raise_()

    def renew(self) -> None:
        """Ask again."""
        words = self._say()
        if words != self._words:
            self._words = words
            said = "\n".join((words.heading, *words.warnings, *words.sentences))
            self.setText(said)
            self.setAccessibleName(said)
            self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours, sizes = self._theme.colours, self._theme.sizes
        painter.fillRect(self.rect(), QColor(colours.window))
        edge = max(2, sizes.border * 2)
        paint_card(painter, QRectF(self.rect()), 0, fill=None, edge=colours.primary, edge_px=edge)
        self._paint_corners(painter, edge)
        box = self.rect().adjusted(*[sizes.margin] * 2, *[-sizes.margin] * 2)
        head = QRectF(QRect(box.left(), box.top(), box.width(), round(sizes.body * 1.6)))
        painter.setPen(QColor(colours.ink))
        heading = self._words.heading
        fit_text(
            heading, head, sizes.body, sizes.smallest // 2, weight=Weight.BOLD, align=_LEFT
        ).paint(painter, head)
        rest = QRectF(box).adjusted(0, head.height() + sizes.gap, 0, 0)
        self._paint_sentences(painter, rest, self._text_px(rest))

    def _paint_corners(self, painter: QPainter, edge: int) -> None:
        """Thick corners, so that a line that is cut off at one side is noticed."""
        side, thick = self._theme.sizes.margin, edge * 3
        colour, right, bottom = QColor(self._theme.colours.primary), self.width(), self.height()
        for x in (0, right - side):
            for y in (0, bottom - thick):
                painter.fillRect(x, y, side, thick, colour)
        for x in (0, right - thick):
            for y in (0, bottom - side):
                painter.fillRect(x, y, thick, side, colour)

    def _paint_sentences(self, painter: QPainter, box: QRectF, px: int) -> None:
        colours, top = self._theme.colours, box.top()
        for place, sentence in enumerate((*self._words.warnings, *self._words.sentences)):
            is_warning = place < len(self._words.warnings)
            ink = colours.on_warning_soft if is_warning else colours.ink
            words = box.adjusted(px * 1.6, 0, 0, 0)
            height = needed_height(sentence, px, Weight.MEDIUM, words.width())
            words.setTop(top)
            words.setHeight(height)
            if is_warning:
                mark = QRectF(box.left(), top + px * 0.1, px, px)
                paint_icon(painter, "warning", mark, ink)
            painter.setPen(QColor(ink))
            fit_text(sentence, words, px, px, weight=Weight.MEDIUM, align=_LEFT).paint(
                painter, words
            )
            top += height + px * 0.45

    def _text_px(self, box: QRectF) -> int:
        """The largest type in which everything has room: whoever sets up stands near."""
        sizes = self._theme.sizes
        everything = (*self._words.warnings, *self._words.sentences)
        for px in range(sizes.smallest, sizes.smallest // 3, -1):
            width = box.width() - px * 1.6
            heights = (needed_height(one, px, Weight.MEDIUM, width) for one in everything)
            if sum(heights) + len(everything) * px * 0.45 <= box.height():
                return px
        return sizes.smallest // 3
