"""antrean-demo: a whole branch with a simulated day, on one screen or without any.

The composition root of the demo.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from uuid import UUID

from db.refusals import DatabaseLockedError, DatabaseRefusedError
from server.adapters.clock import SteadyClock, wall_ms
from server.adapters.ids import UuidIds
from simulation import demo_headless, demo_on_screen
from simulation.day import LEAST_VISITS, plan_day
from simulation.demo_account import complaints, day_with_tickets, papers_and_calls, sentence
from simulation.demo_branch import RefusedError, figures, figures_table, prepare
from simulation.demo_headless import play_headless
from simulation.demo_on_screen import MINE, NoScreenError, play_on_screen
from simulation.programs import ProgramFailedError

WELL, WRONG, UNUSABLE, NO_SCREEN, FAILED, INTERRUPTED = 0, 1, 3, 4, 5, 130

TICKETS_HEADLESS = 160
TICKETS_ON_SCREEN = 210
BUSY_ON_SCREEN = 1.15
"""On a screen services take longer, so that there is always somebody in the line to call."""

EXAMPLES = """\
examples:
  antrean-demo                        the branch on this screen, its day in eight minutes
  antrean-demo --speed 10             the same at a calmer pace
  antrean-demo --headless             the same day without windows, as fast as it can
  antrean-demo --headless --data DIR  keep the branch's folder, to look into it afterwards
  antrean-demo --account DIR          count the day of such a folder once more

exit codes: 0 well, also when a window was closed; 1 the day does not add up; 2 the command line is
wrong; 3 the folder cannot be used; 4 there is no screen; 5 a program failed; 130 Ctrl+C
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run what the command line says; returns the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        if arguments.account is not None:
            return _report(arguments.account, day_with_tickets(arguments.account).business_date)
        with ExitStack() as stack:
            data = arguments.data or Path(
                stack.enter_context(tempfile.TemporaryDirectory(prefix="antrean-demo-"))
            )
            return asyncio.run(_until_signal(arguments, data.absolute()))
    except (DatabaseRefusedError, DatabaseLockedError, RefusedError, OSError) as error:
        return _say_no(error, UNUSABLE)
    except NoScreenError as error:
        return _say_no(error, NO_SCREEN)
    except ProgramFailedError as error:
        return _say_no(error, FAILED)


async def _until_signal(arguments: argparse.Namespace, data: Path) -> int:
    """Run the demo; a signal ends it with everything that it started."""
    loop = asyncio.get_running_loop()
    demo = asyncio.create_task(_play(arguments, data), name="demo")
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and os.name != "nt":
            loop.add_signal_handler(getattr(signal, name), demo.cancel)
    try:
        return await demo
    except asyncio.CancelledError:
        _say("\nDihentikan; semua program sudah ditutup. / Stopped; every program has ended.")
        return INTERRUPTED


async def _play(arguments: argparse.Namespace, data: Path) -> int:
    today = arguments.date or datetime.fromtimestamp(wall_ms() / 1000, UTC).astimezone().date()
    random = Random(arguments.seed)
    if arguments.headless:
        visits = plan_day(random, arguments.tickets or TICKETS_HEADLESS)
        branch = prepare(data, demo_headless.DEVICES, demo_headless.COUNTERS, today)
        _say(
            f"Hari / day {branch.business_date}, {len(visits)} peserta / visitors, "
            f"benih / seed {arguments.seed}"
        )
        began_s = time.monotonic()
        await play_headless(branch, visits, random, _say)
        _say(f"Selesai dalam / done in {time.monotonic() - began_s:.1f} s")
    else:
        visits = plan_day(random, arguments.tickets or TICKETS_ON_SCREEN, busy=BUSY_ON_SCREEN)
        people = (MINE, *demo_on_screen.COLLEAGUES)
        branch = prepare(data, demo_on_screen.DEVICES, people, today)
        ids = UuidIds(SteadyClock())
        if not await play_on_screen(
            branch, visits, random, arguments.speed, lambda: UUID(ids.new_id()), _say
        ):
            _say("Jendela ditutup: demo selesai. / A window was closed: the demo has ended.")
            return WELL
    return _report(data, branch.business_date)


def _report(data: Path, business_date: str) -> int:
    """Tell the day's figures, and as the last line of all whether every ticket had an end."""
    day = figures(data, business_date)
    language = "id" if os.environ.get("LANG", "").startswith("id") else "en"
    proof = papers_and_calls(data, business_date)
    for line in ("", *figures_table(data, day, language), proof, ""):
        _say(line)
    wrong = complaints(day)
    for complaint in wrong:
        print(f"antrean-demo: {complaint}", file=sys.stderr)
    _say(sentence(day))
    return WRONG if wrong else WELL


def _say(line: str) -> None:
    print(line, flush=True)


def _say_no(reason: object, code: int) -> int:
    print(f"antrean-demo: {reason}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="antrean-demo",
        description="A whole branch with a simulated day, on one screen or without any.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--headless", action="store_true", help="without windows, as fast as the programs answer"
    )
    parser.add_argument(
        "--speed", type=_speed, default=60.0, metavar="X", help="pace on a screen (60)"
    )
    parser.add_argument("--tickets", type=_tickets, metavar="N", help="how many visitors come")
    parser.add_argument("--seed", type=int, default=1, help="tells the same day again (1)")
    parser.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help="play this day")
    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="keep the branch's folder here (else temporary)"
    )
    parser.add_argument(
        "--account", type=Path, metavar="DIR", help="only count the day of a kept folder"
    )
    return parser


def _speed(text: str) -> float:
    speed = float(text)
    if not 1 <= speed <= 600:
        raise argparse.ArgumentTypeError("write a number from 1 to 600")
    return speed


def _tickets(text: str) -> int:
    tickets = int(text)
    if not LEAST_VISITS <= tickets <= 5000:
        raise argparse.ArgumentTypeError(f"write a number from {LEAST_VISITS} to 5000")
    return tickets


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("write a date like 2026-11-20") from error


if __name__ == "__main__":
    sys.exit(main())
