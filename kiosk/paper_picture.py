"""A layout as a picture on the screen, dot by dot as the printer sets it: 12 x 24 a letter."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter

from kiosk.paper_layout import Cut, Element, Feed, Logo, PaperLayout, QrCode, Rule, TextLine
from protocol.paper_form import Align
from ui.qr import qr_modules
from ui.theme import Weight, font_of

LETTER_WIDTH, LETTER_HEIGHT, LINE_HEIGHT = 12, 24, 30
_BASELINE, _FONT_PX = 19, 21
_HEAD_DOTS, _CUT_DOTS = 20, 40


def paper_pictures(layout: PaperLayout, dots: int) -> list[QImage]:
    """Each paper of a layout, from its top to its cut; `dots` is the paper's width."""
    papers: list[list[Element]] = [[]]
    for element in layout.elements:
        if isinstance(element, Cut):
            papers.append([])
        else:
            papers[-1].append(element)
    return [_picture(elements, layout.columns, dots) for elements in papers if elements]


def _picture(elements: Sequence[Element], columns: int, dots: int) -> QImage:
    logos = {id(e): _logo(e, dots) for e in elements if isinstance(e, Logo)}
    heights = [_height(element, dots, logos) for element in elements]
    picture = QImage(dots, sum(heights) + _HEAD_DOTS + _CUT_DOTS, QImage.Format.Format_Grayscale8)
    picture.fill(Qt.GlobalColor.white)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(Qt.GlobalColor.black))
    top = _HEAD_DOTS
    for element, height in zip(elements, heights, strict=True):
        match element:
            case TextLine():
                _paint_text(painter, element, dots, top)
            case Rule():
                _paint_text(painter, TextLine("-" * columns), dots, top)
            case QrCode():
                _paint_code(painter, element, dots, top)
            case Logo():
                logo = logos[id(element)]
                if logo is not None:
                    painter.drawImage(0, top, logo)
        top += height
    painter.end()
    return picture


def _height(element: Element, dots: int, logos: dict[int, QImage | None]) -> int:
    match element:
        case TextLine():
            return max(LINE_HEIGHT, LETTER_HEIGHT * element.height)
        case Rule():
            return LINE_HEIGHT
        case Feed():
            return element.dots
        case QrCode():
            return _code_side(element, dots)
        case Logo():
            logo = logos[id(element)]
            return logo.height() if logo is not None else 0
        case _:
            return 0


def _paint_text(painter: QPainter, line: TextLine, dots: int, top: int) -> None:
    width = len(line.text) * LETTER_WIDTH * line.width
    font = font_of(_FONT_PX, Weight.BOLD if line.bold else Weight.REGULAR)
    metrics = QFontMetricsF(font)
    painter.save()
    painter.translate(_left(line.align, dots - width), top)
    painter.scale(line.width, line.height)
    painter.setFont(font)
    for place, sign in enumerate(line.text):
        # A printer's letters are all as wide; ours are set into the middle of that width.
        wide = metrics.horizontalAdvance(sign)
        squeeze = min(1.0, LETTER_WIDTH / wide) if wide else 1.0
        painter.save()
        painter.translate(place * LETTER_WIDTH + (LETTER_WIDTH - wide * squeeze) / 2, _BASELINE)
        painter.scale(squeeze, 1)
        painter.drawText(QPointF(0, 0), sign)
        painter.restore()
    painter.restore()


def _left(align: Align, free: int) -> int:
    return {"left": 0, "center": free // 2, "right": free}[align]


_QUIET_ZONE = 2


def _code_side(code: QrCode, dots: int) -> int:
    modules = len(qr_modules(code.content)) + 2 * _QUIET_ZONE
    return modules * min(code.module_dots, dots // modules)


def _paint_code(painter: QPainter, code: QrCode, dots: int, top: int) -> None:
    modules = qr_modules(code.content)
    edge = min(code.module_dots, dots // (len(modules) + 2 * _QUIET_ZONE))
    side = (len(modules) + 2 * _QUIET_ZONE) * edge
    left = (dots - side) // 2 + _QUIET_ZONE * edge
    for y, row in enumerate(modules):
        for x, is_dark in enumerate(row):
            if is_dark:
                box = QRectF(left + x * edge, top + (y + _QUIET_ZONE) * edge, edge, edge)
                painter.fillRect(box, QColor(Qt.GlobalColor.black))


def _logo(logo: Logo, dots: int) -> QImage | None:
    # Here, not above: the library of pictures is the printing process' and this window's alone.
    from kiosk.logo_picture import logo_picture

    picture = logo_picture(logo, dots)
    if picture is None:
        return None
    grey = picture.convert("L")
    row = grey.width
    data = grey.tobytes()
    return QImage(data, row, grey.height, row, QImage.Format.Format_Grayscale8).copy()
