"""The counter program: composition root of the frontliner's seat."""

import os
import sys
from typing import TYPE_CHECKING

from protocol.roles import DeviceRole
from ui.program import ExitCode, ScreenProgram, run_screen
from ui.settings import COUNT, YES_NO, Option, optional

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from counter.global_keys import GlobalKeys
    from ui.running import Run

COUNTER = Option(
    "counter", optional(COUNT), None, "counter number that sign-in offers first", metavar="N"
)
STRIP = Option("strip", YES_NO, False, "begin as the compact strip above other programs")
DARK = Option("dark", YES_NO, False, "colours for a dark room")
TOUCH = Option("touch", YES_NO, False, "larger buttons, for a touch screen")


def build(run: "Run") -> "QWidget":
    """Make the seat's window out of its model, the link and this machine's keys."""
    import time

    from counter.memory import SeatMemory
    from counter.seat_model import SeatModel
    from counter.seat_window import SeatWindow
    from counter.single_instance import SingleInstance
    from ui.running import program_label
    from ui.theme import console_theme

    label = program_label(run.program, run.settings)
    instance = SingleInstance(f"antrean-{label}", run)
    if not instance.is_first:
        raise SystemExit(ExitCode.OK)
    settings = run.settings
    memory = SeatMemory(run.folders.state / "seats" / f"{label}.json")
    link = run.link
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
    instance.on_second_start = window.show_console
    link.start()
    return window


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


PROGRAM = ScreenProgram(
    name="antrean-counter",
    role=DeviceRole.COUNTER,
    about="The frontliner's seat: call, serve and finish visitors, all by keyboard.",
    build=build,
    rooms=("counter",),
    options=(COUNTER, STRIP, DARK, TOUCH),
    examples=(
        "antrean-counter --device counter-3 --token-file counter-3.token --counter 3",
        "antrean-counter --server wss://antrean.local:8765/ --ca branch.pem --strip",
        "antrean-counter --windowed 900x560+100+50 --language en",
    ),
)


def main() -> int:
    """Run the program; its exit code."""
    return run_screen(PROGRAM)


if __name__ == "__main__":
    sys.exit(main())
