"""``python -m bench [NAME …]``: measure, and print both sides of every ratio."""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from bench import (
    deciding,
    estimating,
    paging,
    printing,
    reporting,
    serving,
    showing,
    simulating,
    speaking,
    starting,
    touching,
)
from bench.table import HEADING, Figure


async def _kiosk_frame(folder: Path) -> Figure:
    return starting.first_frame(folder, "kiosk")


async def _display_frame(folder: Path) -> Figure:
    return starting.first_frame(folder, "display")


FIGURES: dict[str, Callable[[Path], Awaitable[Figure]]] = {
    "tickets": serving.tickets_per_s,
    "one-kiosk": serving.one_kiosk,
    "call": serving.call_to_the_last_display,
    "past": starting.with_a_past,
    "call-next": deciding.call_next,
    "rebuild": deciding.rebuild,
    "estimate": estimating.refresh,
    "kiosk-frame": _kiosk_frame,
    "display-frame": _display_frame,
    "phones": paging.phones_on_one_core,
    "flood": paging.flooded_counter,
    "live-hall": paging.live_hall,
    "touch": touching.feedback,
    "page": touching.page,
    "paper": printing.first_byte,
    "server-start": starting.server_start,
    "tv": showing.key_to_tv,
    "tv-idle": showing.idle_cpu,
    "chime": speaking.key_to_chime,
    "daily-report": reporting.daily_report,
    "live-report": reporting.live_report,
    "simulator": simulating.with_all_laws,
    "simulator-unwatched": simulating.without_laws,
    "simulator-lane": simulating.lane_alone,
}


def main() -> int:
    """Run the named figures, or all; exit code 1 if one misses its goal."""
    wanted = sys.argv[1:] or [*FIGURES, "memory"]
    if unknown := set(wanted) - {*FIGURES, "memory"}:
        print(f"unknown: {', '.join(sorted(unknown))}; there are: {', '.join(FIGURES)}, memory")
        return 2
    # On this disk, as the goals say, not in memory-backed storage.
    place = Path.cwd() / ".bench"
    place.mkdir(exist_ok=True)
    good = True
    print(HEADING, flush=True)
    for name in wanted:
        with tempfile.TemporaryDirectory(dir=place) as folder:
            if name == "memory":
                print("\n" + "\n".join(asyncio.run(starting.memory(Path(folder)))), flush=True)
                continue
            figure = asyncio.run(_measured(FIGURES[name], Path(folder)))
            print(figure.row(), flush=True)
            good = good and figure.holds
    return 0 if good else 1


async def _measured(measure: Callable[[Path], Awaitable[Figure]], folder: Path) -> Figure:
    return await measure(folder)


if __name__ == "__main__":
    sys.exit(main())
