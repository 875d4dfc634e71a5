"""The window of the program at the door: signing in, or the desk; its keys and the scanner."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from counter.door.alarm import Alarm, Bell
from counter.door.door_model import DoorModel
from counter.door.door_wording import DoorWording
from counter.door.scanner_watch import ScannerWatch
from counter.door.screening_window import ScreeningPage, shortcuts_of
from counter.seat_shell import SeatShell
from counter.sign_in_window import SignInPage
from protocol.session import LinkState
from ui.signs import LinkBanner
from ui.theme import Theme
from ui.tokens import Role

TICK_MS = 250


class DoorWindow(SeatShell):
    """The main window of ``antrean-counter --seat door``."""

    def __init__(
        self,
        door: DoorModel,
        texts: Texts,
        *,
        theme: Theme,
        branch_time: Callable[[], datetime],
        retry_link: Callable[[], None] = lambda: None,
        alarm: Alarm | None = None,
    ) -> None:
        """``branch_time`` gives the branch's wall clock."""
        self.door = door
        self._say = say = DoorWording(texts, branch_time)
        self.sign_in = SignInPage(door.sign_in, say, theme)
        self.screening = ScreeningPage(door.screening, say, theme, branch_time, alarm or Bell())
        super().__init__(
            "door-window",
            say("door-top.desk"),
            say,
            theme,
            LinkBanner(theme, texts, role=Role.BODY),
            (self.sign_in, self.screening),
            theme.sizes.gap,
            retry_link,
        )
        self.scanner = ScannerWatch(self, self._scanned)
        for keys, wanted in shortcuts_of(self.screening).items():
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(lambda wanted=wanted: self._if_occupied(wanted))
        door.changed = self.refresh
        door.screening.changed = self._refresh_screening
        door.sign_in.changed = self._refresh_sign_in
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(door.tick)
        self._timer.start()
        self.refresh()

    @property
    def page_name(self) -> str:
        """``sign-in``, ``screening``, ``screening-result``, or ``screening-`` and the panel."""
        if not self.door.occupied:
            return "sign-in"
        if self.screening.panel:
            return f"screening-{self.screening.panel}"
        return "screening" if self.door.screening.outcome is None else "screening-result"

    def refresh(self) -> None:
        """Show who stands here, which page, and how the link is."""
        status = self.door.screening.link
        self.banner.show_link(status)
        # The desk has no room to give away: it says so in its own first line.
        refused = status.state is LinkState.REFUSED
        online = status.state is LinkState.ONLINE
        self._top.setVisible(refused or not (online or self.door.occupied))
        self.retry.setVisible(refused)
        page: QWidget = self.screening if self.door.occupied else self.sign_in
        if self._pages.currentWidget() is not page:
            self._pages.setCurrentWidget(page)
            self.screening.identifier.field.forget()
            self.screening.show_desk()
        self._refresh_sign_in()
        self._refresh_screening()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.scanner.attach()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        escape = event.key() == Qt.Key.Key_Escape
        if escape and self.door.occupied and self.screening.panel:
            # A button that vanished under the finger gave the focus away, out of the panel.
            self.screening.show_desk()
        else:
            super().keyPressEvent(event)

    def _scanned(self, text: str) -> None:
        if self.door.occupied:
            self.screening.scanned(text)

    def _if_occupied(self, wanted: Callable[[], None]) -> None:
        if self.door.occupied:
            wanted()

    def _refresh_sign_in(self) -> None:
        if not self.door.occupied:
            welcome = self.door.screening.hall.welcome
            self.sign_in.refresh(welcome.branch.name if welcome is not None else "")

    def _refresh_screening(self) -> None:
        if self.door.occupied:
            self.screening.refresh()
