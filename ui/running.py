"""A screen program while it runs: Qt, the window's place, signals, faults, link and clock.

``ui/program.py`` starts it once the settings are right. A window is painted before the network is
even loaded: the link costs as much as half of Qt, and a person looks at the screen meanwhile.
"""

import logging
import signal
import socket
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QMessageLogContext,
    QObject,
    QSize,
    QSocketNotifier,
    QTimer,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication, QWidget

from assets.texts import Texts
from protocol.roles import PROTOCOL_VERSION
from ui.journal import CrashKeeper
from ui.placing import FullScreen, KioskLock, RememberedPlace, place_at
from ui.program import (
    ALLOW_PLAIN,
    APP,
    CA,
    CLOCK_SPEED,
    DEVICE,
    DRIVEN,
    KIOSK_MODE,
    LANGUAGE,
    SCREEN,
    SCREEN_INCHES,
    SERVER,
    WINDOWED,
    ExitCode,
    Folders,
    ScreenProgram,
    program_version,
    token_of,
)
from ui.settings import Settings, SettingsError
from ui.theme import FontMissingError, Theme, kiosk_theme, load_fonts, tv_theme

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from protocol.messages import AnyCommand, Notice, Welcome
    from protocol.session import LinkStatus, OnAnswer
    from ui.driving import Driver
    from ui.health_report import Health
    from ui.link import Link

log = logging.getLogger(__name__)


class Run(QObject):
    """One run of a program: what its windows may use of the world outside."""

    def __init__(
        self,
        program: ScreenProgram,
        settings: Settings,
        folders: Folders,
        app: QApplication,
        crashes: CrashKeeper,
    ) -> None:
        super().__init__()
        self.program = program
        self.settings = settings
        self.folders = folders
        self.app = app
        self.texts = Texts.load(settings[LANGUAGE], program.rooms)
        self.clock_speed = settings[CLOCK_SPEED]
        self.windowed = settings[WINDOWED]
        self.crashes = crashes
        self._link: Link | None = None
        self._zone: ZoneInfo | None = None
        self._server_time = datetime.now(UTC)
        self._welcomed_s = time.monotonic()
        self._lock: KioskLock | None = None
        self._full_screen: FullScreen | None = None
        self._driver: Driver | None = None
        self._first_frame: FirstFrame | None = None
        self._after_first_frame: list[Callable[[], None]] = []

    def after_first_frame(self, call: Callable[[], None]) -> None:
        """Have something done once the window was painted: take the link, warm things up."""
        self._after_first_frame.append(call)

    @property
    def link(self) -> "Link":
        """The link to the server, made at the first use; ``listen`` does all that is usual.

        Its SettingsError (an address, a certificate) ends the program with a sentence.
        """
        if self._link is None:
            from protocol.messages import Hello
            from ui.link import Link
            from ui.server_address import LinkSettingsError

            settings = self.settings
            hello = Hello(
                protocol=PROTOCOL_VERSION,
                role=self.program.role_for(settings),
                device=settings[DEVICE],
                token=token_of(settings),
                program=f"{self.program.name} {program_version()}",
                language="en" if settings[LANGUAGE] == "en" else "id",
            )
            try:
                self._link = Link(
                    settings[SERVER],
                    hello,
                    ca_file=settings[CA],
                    plain_allowed=settings[ALLOW_PLAIN],
                    parent=self,
                )
            except LinkSettingsError as error:
                raise SettingsError(str(error)) from error
            self._link.welcomed.connect(self._on_welcome)
        return self._link

    def listen(
        self,
        *,
        on_welcome: "Callable[[Welcome], None]",
        on_notice: "Callable[[Notice], None]",
        on_state: "Callable[[LinkStatus], None]",
    ) -> None:
        """After the first picture: make the link, let a model hear it, and start it."""

        def begin() -> None:
            link = self.link
            link.welcomed.connect(on_welcome)
            link.noticed.connect(on_notice)
            link.state_changed.connect(on_state)
            link.start()

        self.after_first_frame(begin)

    def tell_health(self, look: "Callable[[], Health]", parent: QObject) -> None:
        """Tell the server how this device is (paper, voice), as long as ``parent`` lives."""
        from ui.health_report import LOOK_EVERY_S, HealthReport

        def begin() -> None:
            link = self.link
            health = HealthReport(self.ask, look, new_id=link.new_id, now_s=time.monotonic)
            link.welcomed.connect(lambda _welcome: health.on_welcome())
            link.state_changed.connect(lambda status: health.on_link(status))
            looking = QTimer(parent, interval=int(LOOK_EVERY_S * 1000))
            looking.timeout.connect(lambda: health.tick())
            looking.start()

        self.after_first_frame(begin)

    def ask(self, command: "AnyCommand", on_answer: "OnAnswer") -> None:
        """Ask the server: what a model is given as its ``Ask`` before there is a link."""
        self.link.ask(command, on_answer)

    def now(self) -> datetime:
        """The server's clock in UTC, also while a simulated day runs faster."""
        if self.clock_speed == 1 and self._link is not None:
            return self._link.server_now()
        passed_s = (time.monotonic() - self._welcomed_s) * self.clock_speed
        return self._server_time + timedelta(seconds=passed_s)

    @staticmethod
    def machine_now() -> datetime:
        """This machine's own clock in UTC, right or wrong."""
        return datetime.now(UTC)

    def branch_time(self, at: datetime | None = None) -> datetime:
        """An instant, or now, on the branch's wall clock; this machine's before the Welcome."""
        return (at or self.now()).astimezone(self._zone)

    def kiosk_theme(self, window: QWidget, *, scale: float = 1.0) -> Theme:
        """A kiosk's look in millimetres of its screen, or fitted into --windowed."""
        size = None if self.windowed is None else window.size()
        inches = self.settings[SCREEN_INCHES]
        return kiosk_theme(window.screen(), window=size, inches=inches, scale=scale)

    def room(self) -> QSize:
        """How much room a window of this program has: --windowed, or the main screen."""
        if self.windowed is not None:
            return QSize(self.windowed.width, self.windowed.height)
        return self.app.primaryScreen().availableSize()

    def tv_theme(self, window: QWidget) -> Theme:
        """A TV's look for the present size of its window."""
        return tv_theme(window.size())

    def remember_place(self, window: QWidget, name: str, default: QSize) -> RememberedPlace:
        """Open another window of this program where it stood last time (the compact strip)."""
        return RememberedPlace(window, self._place_file(name), default)

    def show(self, window: QWidget) -> None:
        """Put the window where the settings want it and show it."""
        self._first_frame = FirstFrame(window)
        if self._driver is not None:
            self._first_frame.painted.connect(self._driver.tell_start)
        self._first_frame.painted.connect(self._work_after_first_frame)
        kiosk = KIOSK_MODE in self.program.options and self.settings[KIOSK_MODE]
        if self.windowed is not None:
            place_at(window, self.windowed)
            window.show()
        elif kiosk or self.program.fills_screen:
            self._full_screen = FullScreen(window, number=self.settings[SCREEN], on_top=kiosk)
            self._full_screen.fill()
        else:
            self.remember_place(window, "main", QSize(*self.program.size))
            window.show()
        if kiosk:
            self._lock = KioskLock(window)

    def drive(self, window: QWidget) -> None:
        """Obey standard input, if --driven."""
        if self.settings[DRIVEN]:
            from ui.driving import Driver

            self._driver = Driver(window, end=self.end)
            self._driver.listen()

    def end(self) -> None:
        """End the program from inside, also a locked kiosk."""
        if self._lock is not None:
            self._lock.release()
        self.app.exit(ExitCode.OK)

    def close(self, code: int) -> int:
        """Stop the link; gives what the end means, knowing how the link stood at the end."""
        if self._link is None:
            return code
        refused = self._link.status.state == "refused"
        self._link.stop()
        return ExitCode.REFUSED if code == ExitCode.OK and refused else code

    def _work_after_first_frame(self) -> None:
        log.info("first picture painted")
        # Looking the version up takes longer than painting: not before the first picture.
        log.info("%s %s started", self.program.name, program_version())
        try:
            for call in self._after_first_frame:
                call()
        except SettingsError as error:
            _tell(self.program, error)
            self.app.exit(ExitCode.SETTINGS)

    def _place_file(self, name: str) -> Path:
        label = program_label(self.program, self.settings)
        return self.folders.state / "windows" / f"{label}-{name}.json"

    def _on_welcome(self, welcome: "Welcome") -> None:
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        self._server_time, self._welcomed_s = welcome.server_time, time.monotonic()
        try:
            self._zone = ZoneInfo(welcome.branch.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            log.error("the branch's time zone %r is not known here", welcome.branch.time_zone)


class FirstFrame(QObject):
    """Tells once that a window was painted for the first time."""

    painted = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._window.removeEventFilter(self)
            # The filter stands before the painting; a timer comes after it.
            QTimer.singleShot(0, self.painted.emit)
        return False


class SignalWatch(QObject):
    """Turns SIGTERM and SIGINT into a clean end.

    Python runs a handler only between two lines of Python, and Qt's loop runs none for hours;
    the wake-up socket makes the loop turn at once.
    """

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run
        self._reader, self._writer = socket.socketpair()
        for end in (self._reader, self._writer):
            end.setblocking(False)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._drain)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def close(self) -> None:
        """Give the signals back to the system."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def _drain(self) -> None:
        self._reader.recv(64)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        log.info("%s: ending", signal.Signals(number).name)
        self._run.end()


def run(program: ScreenProgram, settings: Settings, folders: Folders) -> int:
    """Build the window and run until the end; the exit code."""
    qInstallMessageHandler(_log_qt)
    app = QApplication([program.name])
    app.setApplicationName(APP)
    app.setApplicationDisplayName(program.name)
    app.setDesktopFileName(program.name)
    label = program_label(program, settings)
    crashes = CrashKeeper(
        folders.crashes, label, program_version, lambda: app.exit(ExitCode.CRASHED)
    )
    crashes.watch()
    try:
        load_fonts()
        this = Run(program, settings, folders, app, crashes)
        watch = SignalWatch(this)
        window = program.build(this)
        this.drive(window)
        this.show(window)
    except (SettingsError, FontMissingError, FileNotFoundError) as error:
        _tell(program, error)
        return ExitCode.SETTINGS
    except Exception as fault:  # noqa: BLE001  the crash note needs whatever it was
        crashes.note(type(fault), fault, fault.__traceback__)
        return ExitCode.CRASHED
    code = app.exec()
    window.close()
    watch.close()
    code = this.close(code)
    log.info("ended with exit code %d", code)
    return code


def _tell(program: ScreenProgram, error: Exception) -> None:
    sys.stderr.write(f"{program.name}: {error}\n")


def program_label(program: ScreenProgram, settings: Settings) -> str:
    """Program and device, for names of files: several may run on one machine."""
    device = "".join(c if c.isalnum() else "_" for c in settings[DEVICE])
    return f"{program.name}-{device}"


_QT_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


# Said by the offscreen platform for every window; it has no size hints to pass on.
_HARMLESS = "This plugin does not support propagateSizeHints()"


def _log_qt(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    if message == _HARMLESS:
        return
    logging.getLogger("qt").log(_QT_LEVELS.get(kind, logging.WARNING), "%s", message)
