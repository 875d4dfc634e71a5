"""What every seat's window is made of: the link's banner above, signing in or the desk below."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from counter.wording import Wording
from ui.buttons import BigButton, Look
from ui.signs import LinkBanner
from ui.theme import Theme, apply_theme
from ui.tokens import Role


class SeatShell(QWidget):
    """Two pages under a banner that says how the link is; Enter presses what has the focus."""

    def __init__(
        self,
        name: str,
        title: str,
        say: Wording,
        theme: Theme,
        banner: LinkBanner,
        pages: tuple[QWidget, QWidget],
        margin: int,
        retry_link: Callable[[], None],
    ) -> None:
        """``pages`` are signing in and the desk, ``margin`` what stands beside the banner."""
        super().__init__()
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.banner = banner
        self.retry = BigButton(
            say("link.retry"), theme, name="retry-link", look=Look.PRIMARY, role=Role.BODY
        )
        self.retry.tapped.connect(retry_link)
        self._pages = QStackedWidget()
        for page in pages:
            self._pages.addWidget(page)
        top = QHBoxLayout()
        top.setContentsMargins(margin, theme.sizes.gap // 2, margin, 0)
        top.addWidget(banner, 1)
        top.addWidget(self.retry)
        self._top = QWidget()
        self._top.setLayout(top)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top)
        column.addWidget(self._pages, 1)
        apply_theme(self, theme)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focus = self.focusWidget()
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.isAutoRepeat() and isinstance(focus, BigButton):
            focus.click()  # Qt presses a button with Enter on some desktops only
        else:
            super().keyPressEvent(event)
