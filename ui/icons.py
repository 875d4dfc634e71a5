"""The icons of ``assets/icons``, drawn sharp at any size and tinted by the theme."""

import logging
import tomllib
from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from assets import asset_path

log = logging.getLogger(__name__)

DEFAULT_SERVICE_ICON = "ticket"


def paint_icon(painter: QPainter, name: str, box: QRectF, colour: str) -> None:
    """Paint an icon into a square box in one colour, sharp on screens of any density."""
    side = max(1, round(box.width() * painter.device().devicePixelRatioF()))
    painter.drawImage(box, icon_image(name, side, colour))


@lru_cache(maxsize=256)
def icon_image(name: str, side_px: int, colour: str) -> QImage:
    """An icon as a picture of physical pixels; a name nobody drew gives the ticket.

    Names come from a branch's catalogue, and an exception inside a paint event ends the program.
    """
    try:
        tinted = _tinted(name, colour)
    except FileNotFoundError:
        log.warning("there is no icon %r", name)
        tinted = _tinted(DEFAULT_SERVICE_ICON, colour)
    drawing = QSvgRenderer(QByteArray(tinted))
    image = QImage(side_px, side_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(Qt.GlobalColor.transparent))
    painter = QPainter(image)
    drawing.render(painter)
    painter.end()
    return image


def icon(name: str, colour: str, side_px: int = 64) -> QIcon:
    """An icon for plain Qt buttons, menus and window titles."""
    return QIcon(QPixmap.fromImage(icon_image(name, side_px, colour)))


def service_icon(code: str) -> str:
    """The name of the icon for a service; services nobody drew for get a ticket."""
    return _service_icons().get(code, DEFAULT_SERVICE_ICON)


@cache
def _service_icons() -> dict[str, str]:
    path = asset_path("icons", "services.toml")
    return {code: str(name) for code, name in tomllib.loads(path.read_text("utf-8")).items()}


@lru_cache(maxsize=256)
def _tinted(name: str, colour: str) -> bytes:
    drawing = asset_path("icons", f"{name}.svg").read_text(encoding="utf-8")
    return drawing.replace("currentColor", colour).encode()
