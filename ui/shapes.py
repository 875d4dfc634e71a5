"""The few shapes that all painted widgets share."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from ui.theme import Theme


def paint_card(
    painter: QPainter,
    box: QRectF,
    radius: float,
    *,
    fill: str | None,
    edge: str | None = None,
    edge_px: float = 1,
    style: Qt.PenStyle = Qt.PenStyle.SolidLine,
) -> None:
    """A rounded rectangle whose edge lies wholly inside the box."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    if edge is None:
        painter.setPen(Qt.PenStyle.NoPen)
        inset = 0.0
    else:
        painter.setPen(QPen(QColor(edge), edge_px, style))
        inset = edge_px / 2
    rounding = max(0.0, min(radius, box.height() / 2) - inset)
    painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), rounding, rounding)


def paint_focus(painter: QPainter, box: QRectF, theme: Theme) -> None:
    """The focus ring, parted from what it surrounds by a line in the colour of panels.

    Without the line the ring would be blue on green, which many people cannot see.
    """
    width = theme.sizes.focus
    paint_card(painter, box, theme.sizes.radius, fill=None, edge=theme.colours.focus, edge_px=width)
    between = max(1.0, width / 2)
    paint_card(
        painter,
        box.adjusted(width, width, -width, -width),
        theme.sizes.radius - width,
        fill=None,
        edge=theme.colours.panel,
        edge_px=between,
    )
