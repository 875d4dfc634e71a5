"""The counter program: composition root of the frontliner's seat and of the desk at the door."""

import os
import sys
from typing import TYPE_CHECKING

from protocol.roles import DeviceRole
from ui.program import ExitCode, ScreenProgram, run_screen
from ui.settings import COUNT, YES_NO, Option, Settings, one_of, optional

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from counter.global_keys import GlobalKeys
    from counter.memory import SeatMemory
    from ui.running import Run

DOOR = "door"
SEAT = Option(
    "seat",
    one_of("counter", DOOR),
    "counter",
    "counter: a frontliner's desk; door: the officer who receives visitors (a screening device)",
    metavar="SEAT",
)
COUNTER = Option(
    "counter", optional(COUNT), None, "counter number that sign-in offers first", metavar="N"
)
STRIP = Option("strip", YES_NO, False, "begin as the compact strip above other programs")
DARK = Option("dark", YES_NO, False, "colours for a dark room")
ALARM = Option(
    "alarm",
    YES_NO,
    True,
    "at the door: ring through the loudspeaker when a visitor asks for a person or a device wants "
    "one; without it the desk only flashes",
)
TOUCH = Option("touch", YES_NO, False, "larger buttons, for a touch screen")


def build(run: "Run") -> "QWidget":
    """Make the window of the seat that the settings ask for; a second start shows the first."""
    from counter.memory import SeatMemory
    from counter.single_instance import SingleInstance
    from ui.running import program_label

    label = program_label(run.program, run.settings)
    instance = SingleInstance(f"antrean-{label}", run)
    if not instance.is_first:
        raise SystemExit(ExitCode.OK)
    memory = SeatMemory(run.folders.state / "seats" / f"{label}.json")
    seat = _door if run.settings[SEAT] == DOOR else _counter
    window, instance.on_second_start = seat(run, memory)
    run.link.start()
    return window


def _door(run: "Run", memory: "SeatMemory") -> "tuple[QWidget, Callable[[], None]]":
    """The officer's desk, and how to bring it to the front."""
    import time

    from PySide6.QtCore import Qt

    from counter.door.alarm import ChimeAlarm, NoAlarm
    from counter.door.door_model import DoorModel
    from counter.door.door_window import DoorWindow
    from ui.theme import door_theme

    settings, link = run.settings, run.link
    door = DoorModel(
        link.ask,
        link.inquire,
        new_id=link.new_id,
        now_s=time.monotonic,
        server_now=run.now,
        kiosk=memory.kiosk,
        remember_kiosk=memory.keep_kiosk,
    )
    theme = door_theme(run.room(), dark=settings[DARK], touch=settings[TOUCH])
    window = DoorWindow(
        door,
        run.texts,
        theme=theme,
        branch_time=run.branch_time,
        retry_link=link.retry_now,
        alarm=ChimeAlarm() if settings[ALARM] else NoAlarm(),
    )
    if settings[TOUCH] and run.windowed is None:
        window.setWindowState(Qt.WindowState.WindowMaximized)  # a tablet has one program
    link.welcomed.connect(door.on_welcome)
    link.noticed.connect(door.on_notice)
    link.state_changed.connect(door.on_link)

    def show() -> None:
        window.showNormal()
        window.raise_()
        window.activateWindow()

    return window, show


def _counter(run: "Run", memory: "SeatMemory") -> "tuple[QWidget, Callable[[], None]]":
    """The frontliner's console and strip, and how to bring the console to the front."""
    import time

    from counter.seat_model import SeatModel
    from counter.seat_window import SeatWindow
    from ui.theme import console_theme

    settings, link = run.settings, run.link
    seat = SeatModel(
        link.ask,
        link.inquire,
        new_id=link.new_id,
        now_s=time.monotonic,
        server_now=run.now,
        counter=settings[COUNTER] or memory.counter,
        remember_counter=memory.keep_counter,
    )
    window = SeatWindow(
        seat,
        run.texts,
        theme=console_theme(dark=settings[DARK], touch=settings[TOUCH]),
        strip_theme=console_theme(dark=settings[DARK], compact=True),
        keys=_global_keys(run),
        memory=memory,
        branch_time=run.branch_time,
        retry_link=link.retry_now,
        as_strip=settings[STRIP] or memory.strip_shown,
    )
    link.welcomed.connect(seat.on_welcome)
    link.noticed.connect(seat.on_notice)
    link.state_changed.connect(seat.on_link)
    return window, window.show_console


def _global_keys(run: "Run") -> "GlobalKeys":
    """The adapter for this machine, or one that says why there is none."""
    import logging

    from counter.global_keys import NoGlobalKeys, platform_without_keys

    why = platform_without_keys(run.app.platformName(), os.environ)
    if why:
        return NoGlobalKeys(why)
    if sys.platform == "win32":
        from counter.global_keys_windows import WindowsGlobalKeys

        return WindowsGlobalKeys()
    from counter.global_keys_x11 import X11GlobalKeys, X11KeysMissingError

    try:
        return X11GlobalKeys(run)
    except X11KeysMissingError as missing:
        logging.getLogger(__name__).warning("no global keys: %s", missing)
        return NoGlobalKeys("system")


def role_of(settings: Settings) -> DeviceRole:
    """The role of the seat: it belongs to the device's token, and the server holds it to that."""
    return DeviceRole.SCREENING if settings[SEAT] == DOOR else DeviceRole.COUNTER


PROGRAM = ScreenProgram(
    name="antrean-counter",
    role=DeviceRole.COUNTER,
    role_of=role_of,
    about="The frontliner's seat: call, serve and finish visitors, all by keyboard. "
    "With --seat door the officer's desk where visitors are received.",
    build=build,
    rooms=("counter",),
    options=(SEAT, COUNTER, STRIP, DARK, TOUCH, ALARM),
    examples=(
        "antrean-counter --device counter-3 --token-file counter-3.token --counter 3",
        "antrean-counter --server wss://antrean.local:8765/ --ca branch.pem --strip",
        "antrean-counter --seat door --touch --device door-1 --token-file door-1.token",
        "antrean-counter --windowed 900x560+100+50 --language en",
    ),
)


def main() -> int:
    """Run the program; its exit code."""
    return run_screen(PROGRAM)


if __name__ == "__main__":
    sys.exit(main())
