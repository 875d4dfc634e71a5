"""A QR code on a screen."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from assets.texts import Texts

QUIET_ZONE = 4
"""Empty modules around a code that readers need (ISO/IEC 18004)."""


class QrPicture(QWidget):
    """A QR code of some content, black on white in every theme, in whole pixels per module."""

    def __init__(
        self, texts: Texts, *, side: int = 200, name: str = "", parent: QWidget | None = None
    ) -> None:
        """``side`` is the wanted width and height in pixels."""
        super().__init__(parent)
        self._side = side
        self._modules: list[bytes] = []
        self._content = ""
        if name:
            self.setObjectName(name)
        self.setAccessibleName(texts("ui.qr"))
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setSizePolicy(policy)

    @property
    def content(self) -> str:
        """What the code says."""
        return self._content

    def set_content(self, content: str) -> None:
        """Show another content; an empty one shows nothing."""
        if content == self._content:
            return
        self._content = content
        self._modules = qr_modules(content) if content else []
        self.update()

    def set_side(self, side: int) -> None:
        """Want another width and height."""
        self._side = side
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._side, 80), min(self._side, 80))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._modules:
            return
        painter = QPainter(self)
        modules = len(self._modules) + 2 * QUIET_ZONE
        # Physical pixels: a module of 2.5 logical pixels may be whole on a dense screen.
        ratio = self.devicePixelRatioF()
        step = max(1, int(min(self.width(), self.height()) * ratio) // modules) / ratio
        side = round(step * modules)
        left, top = (self.width() - side) // 2, (self.height() - side) // 2
        painter.fillRect(QRect(left, top, side, side), QColor(Qt.GlobalColor.white))
        painter.translate(left + QUIET_ZONE * step, top + QUIET_ZONE * step)
        painter.scale(step, step)
        for y, row in enumerate(self._modules):
            for x, module in enumerate(row):
                if module:
                    painter.fillRect(x, y, 1, 1, QColor(Qt.GlobalColor.black))


def qr_modules(content: str) -> list[bytes]:
    """The modules of a code row by row, 1 for black, without quiet zone; error level M."""
    # Here, not above: it costs 60 ms, which belongs after the first picture of a screen.
    import segno

    return [bytes(row) for row in segno.make_qr(content, error="m", boost_error=False).matrix]


def warm_up() -> None:
    """Pay the cost of the first code ahead of time, when nobody waits for the screen."""
    qr_modules("A")
