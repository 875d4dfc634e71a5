"""The place for pictures, videos and standards of service: it paints what the show says."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from display.media_show import Shown
from display.playlist import Slide
from display.standard_slides import badge_px, between_px, heading_px, line_px, padding_px, title_px
from ui.fitting import fit_text, text_size
from ui.shapes import paint_card
from ui.theme import Theme, Weight

_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class MediaArea(QLabel):
    """A panel; what stands in it keeps its proportions."""

    def __init__(self, theme: Theme, *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("media")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._theme = theme
        self._shown: Shown | None = None

    def show_item(self, shown: Shown | None) -> None:
        """Show something else; a new picture of the same video is only painted."""
        self._shown = shown
        words = ""
        if shown is not None:
            words = shown.item.words if isinstance(shown.item, Slide) else shown.item.path.stem
        if words != self.text():
            self.setText(words)
            self.setAccessibleName(words)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.update()

    @property
    def ground(self) -> str:
        """The colour behind a picture that has holes."""
        return self._theme.colours.panel

    def picture_size(self) -> QSize:
        """How large a picture may be, in pixels of the screen."""
        return self.size() * self.devicePixelRatioF()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box, radius = QRectF(self.rect()), self._theme.sizes.radius
        paint_card(painter, box, radius, fill=self._theme.colours.panel)
        if self._shown is None:
            return
        if isinstance(self._shown.item, Slide):
            self._paint_slide(painter, self._shown.item)
        elif isinstance(self._shown.picture, QImage):
            self._paint_picture(painter, self._shown.picture)

    def _paint_picture(self, painter: QPainter, picture: QImage) -> None:
        size = picture.size().scaled(self.picture_size(), Qt.AspectRatioMode.KeepAspectRatio)
        ratio = self.devicePixelRatioF()
        place = QRectF(QPointF(0, 0), size.toSizeF() / ratio)
        place.moveCenter(QRectF(self.rect()).center())
        shape = QPainterPath()
        radius = self._theme.sizes.radius
        shape.addRoundedRect(QRectF(self.rect()), radius, radius)
        painter.setClipPath(shape)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, size != picture.size())
        painter.drawImage(place, picture)

    def _paint_slide(self, painter: QPainter, slide: Slide) -> None:
        colours, sizes = self._theme.colours, self._theme.sizes
        pad, lines = padding_px(sizes), len(slide.title)
        box = QRectF(self.rect()).adjusted(pad, 0, -pad, 0)
        head = QRectF(box.left(), box.top(), box.width(), heading_px(sizes, lines))
        head.adjust(0, pad * 0.2, 0, pad * 0.2)
        side = badge_px(sizes)
        badge = QRectF(head.left(), head.center().y() - side / 2, side, side)
        paint_card(painter, badge, sizes.radius / 2, fill=colours.ok_soft)
        painter.setPen(QColor(colours.on_ok_soft))
        inside = badge.adjusted(side * 0.08, 0, -side * 0.08, 0)
        _paint(painter, slide.sign, inside, sizes.body, Weight.BOLD, _CENTRE)
        words = head.adjusted(side + sizes.gap * 0.75, 0, 0, 0)
        painter.setPen(QColor(colours.ink_soft))
        if slide.pages > 1:
            count = f"{slide.page}/{slide.pages}"
            width = _paint(painter, count, words, sizes.smallest, Weight.MEDIUM, _RIGHT)
            words.setRight(words.right() - width - sizes.gap)
        painter.setPen(QColor(colours.ink))
        step = words.height() / lines
        for place, line in enumerate(slide.title):
            row = QRectF(words.left(), words.top() + place * step, words.width(), step)
            _paint(painter, line, row, title_px(sizes, lines), Weight.BOLD, _LEFT)
        self._paint_entries(painter, slide, box.adjusted(0, head.bottom(), 0, 0))

    def _paint_entries(self, painter: QPainter, slide: Slide, box: QRectF) -> None:
        colours, sizes = self._theme.colours, self._theme.sizes
        row = QRectF(box.left(), box.top(), box.width(), line_px(sizes))
        self._paint_caption(painter, slide, row)
        for place, entry in enumerate(slide.entries):
            if place and entry.is_heading:
                row.translate(0, between_px(sizes))
            painter.setPen(QColor(colours.primary if entry.is_heading else colours.ink))
            weight = Weight.SEMIBOLD if entry.is_heading else Weight.MEDIUM
            # Lines stand closer than the font asks for: what it keeps free is empty here.
            air = sizes.smallest * 0.1
            box = row.adjusted(0, -air, 0, air)
            _paint(painter, entry.words, box, sizes.smallest, weight, _LEFT)
            row.translate(0, row.height())

    def _paint_caption(self, painter: QPainter, slide: Slide, row: QRectF) -> None:
        """What the page is, beside its first heading, where there is room for it."""
        px = self._theme.sizes.smallest
        taken, _ = text_size(slide.entries[0].words, px, Weight.SEMIBOLD, False, 0, 1 << 20)
        needed, _ = text_size(slide.caption, px, Weight.MEDIUM, False, 0, 1 << 20)
        if taken + needed + 2 * px < row.width():
            painter.setPen(QColor(self._theme.colours.ink_soft))
            box = row.adjusted(0, -px * 0.1, 0, px * 0.1)
            _paint(painter, slide.caption, box, px, Weight.MEDIUM, _RIGHT)


def _paint(
    painter: QPainter, words: str, box: QRectF, px: int, weight: Weight, align: Qt.AlignmentFlag
) -> float:
    """One line, smaller rather than cut; its width."""
    fitted = fit_text(words, box, px, px // 2, weight=weight, align=align, wrap=False)
    fitted.paint(painter, box)
    return fitted.width
