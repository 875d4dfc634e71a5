"""The frontliner's window: signing in or serving, the strip beside it, keys from anywhere."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from counter.actions import ACTIONS, VIEWS
from counter.global_keys import GlobalKeys
from counter.memory import SeatMemory
from counter.seat_model import SeatModel
from counter.seat_shell import SeatShell
from counter.serving_window import ServingPage, shortcuts_of
from counter.sign_in_window import SignInPage
from counter.strip_window import StripWindow
from counter.wording import Wording
from protocol.session import LinkState, LinkStatus
from ui.signs import LinkBanner
from ui.theme import Theme
from ui.tokens import Role

TICK_MS = 250


class WorkingBanner(LinkBanner):
    """Says that the link is lost and what still works (L5)."""

    def __init__(self, theme: Theme, wording: Wording) -> None:
        super().__init__(theme, wording.texts, role=Role.BODY)
        self._say = wording

    def show_link(self, status: LinkStatus, *, data_at: datetime | None = None) -> None:
        super().show_link(status, data_at=data_at)
        if status.state is LinkState.LOST:
            self.setText(self._say("link.banner_lost"))
            self.setAccessibleName(self.text())


class SeatWindow(SeatShell):
    """The main window; it owns the strip and holds the global keys while somebody sits here."""

    def __init__(
        self,
        seat: SeatModel,
        texts: Texts,
        *,
        theme: Theme,
        strip_theme: Theme,
        keys: GlobalKeys,
        memory: SeatMemory,
        branch_time: Callable[[], datetime],
        retry_link: Callable[[], None] = lambda: None,
        as_strip: bool = False,
    ) -> None:
        """``branch_time`` gives the branch's wall clock; ``as_strip`` begins with the strip."""
        self.seat, self._keys, self._memory = seat, keys, memory
        self._say = say = Wording(texts, branch_time)
        self.as_strip = as_strip
        self._holding_keys = False
        self._leaving = False
        self.sign_in = SignInPage(seat.sign_in, say, theme)
        self.serving = ServingPage(seat.serving, say, theme, branch_time)
        super().__init__(
            "counter-window",
            say("window.title"),
            say,
            theme,
            WorkingBanner(theme, say),
            (self.sign_in, self.serving),
            theme.sizes.margin,
            retry_link,
        )
        self.strip = StripWindow(seat.serving, say, strip_theme, memory)
        self._connect()

    def _connect(self) -> None:
        self.serving.strip_wanted.connect(self.show_strip)
        self.serving.leave_wanted.connect(self._leave)
        self.strip.console_wanted.connect(self.show_console)
        self.strip.panel_wanted.connect(self._show_panel)
        for keys, wanted in shortcuts_of(self.serving).items():
            shortcut = QShortcut(QKeySequence(keys), self)
            # A key held down repeats: nobody wants a visitor called for each repeat.
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(lambda wanted=wanted: self._if_serving(wanted))
        self.seat.changed = self.refresh
        self.seat.serving.changed = self._refresh_serving
        self.seat.sign_in.changed = self._refresh_sign_in
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.seat.tick)
        self._timer.start()
        self.refresh()

    @property
    def page_name(self) -> str:
        """``sign-in``, ``serving``, or ``serving-`` and the open panel."""
        if not self.seat.occupied:
            return "sign-in"
        return f"serving-{self.serving.panel}" if self.serving.panel else "serving"

    def show_strip(self) -> None:
        """Make room for other programs: only the strip stays."""
        if self.seat.occupied:
            self.as_strip = True
            self._memory.keep_strip_shown(True)
            self._show_right_window()

    def show_console(self) -> None:
        """Back to the whole console."""
        self.as_strip = False
        self._memory.keep_strip_shown(False)
        self._show_right_window()
        self.raise_()
        self.activateWindow()

    def refresh(self) -> None:
        """Show who sits here, which page, and how the link is."""
        status = self.seat.serving.link
        self.banner.show_link(status)
        # A Welcome without its snapshot yet is a moment only: no banner for it.
        self._top.setVisible(status.state is not LinkState.ONLINE)
        self.retry.setVisible(status.state is LinkState.REFUSED)
        page: QWidget = self.serving if self.seat.occupied else self.sign_in
        if self._pages.currentWidget() is not page:
            self._pages.setCurrentWidget(page)
            if page is self.serving:
                self.serving.show_cards()
        self._hold_keys()
        self._show_right_window()
        self._refresh_sign_in()
        self._refresh_serving()

    def closeEvent(self, event: QCloseEvent) -> None:
        ticket = self.seat.serving.ticket
        if ticket is not None and self.seat.occupied and not self._leaving:
            event.ignore()
            self.show_console()
            self.serving.ask_to_leave()
            return
        self._keys.release()
        self._holding_keys = False
        self._timer.stop()
        self.strip.hide()
        super().closeEvent(event)

    def _leave(self) -> None:
        self._leaving = True
        self.close()

    def _if_serving(self, wanted: Callable[[], None]) -> None:
        if self.seat.occupied:
            wanted()

    def _show_panel(self, name: str) -> None:
        self.show_console()
        if name in VIEWS:
            self.serving.look(name)
        else:
            self.serving.act(name)

    def _refresh_sign_in(self) -> None:
        if not self.seat.occupied:
            welcome = self.seat.serving.welcome
            self.sign_in.refresh(welcome.branch.name if welcome is not None else "")

    def _refresh_serving(self) -> None:
        if self.seat.occupied:
            self.serving.refresh()
            self.strip.refresh()

    def _hold_keys(self) -> None:
        """Other programs get the keys back as soon as nobody sits here."""
        if self.seat.occupied == self._holding_keys:
            return
        self._holding_keys = self.seat.occupied
        if self.seat.occupied:
            letters = {
                name: action.global_letter
                for name, action in ACTIONS.items()
                if action.global_letter
            }
            grabbed = self._keys.grab(letters, self.serving.act_at_once)
            self.serving.set_grabbed(grabbed)
            self.strip.set_grabbed(grabbed)
        else:
            self._keys.release()

    def _show_right_window(self) -> None:
        """Console or strip; without a person only the sign-in, which needs the keyboard."""
        strip = self.as_strip and self.seat.occupied
        if strip == self.strip.isVisible():
            return
        if strip:
            self.strip.show_at_its_place()
            self.hide()
        else:
            self.show()
            self.strip.hide()
