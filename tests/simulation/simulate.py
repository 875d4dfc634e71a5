"""Runs simulated branch days until so many operations are done or a law is broken.

Behind script/simulate. A long run is a row of stories, seed after seed, so that each failure can be
told again from its own seed in seconds.
"""

import argparse
import secrets
import sys
import time

from simulation.deeds import FAULTS, NO_FAULTS
from tests.simulation.story import run_lane, run_story, run_unwatched, tell

STORY_OPERATIONS = 20_000
PROGRESS_S = 2.0

EXAMPLES = """\
examples:
  script/simulate                                  one story with a fresh seed
  script/simulate --operations 10000000            a night: story after story, seed after seed
  script/simulate --seed 17 --operations 20000     the story of one seed again
  script/simulate --seed 17 --narrate | less       what happens in it, line by line
  script/simulate --quiet-day                      without faults
  script/simulate --unwatched                      without the laws, for the speed
  script/simulate --lane                           lane and store alone: no network, no screens
"""


def main() -> int:
    """Exit code 0 if no law was broken."""
    parser = argparse.ArgumentParser(
        prog="script/simulate",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--operations", type=int, default=STORY_OPERATIONS)
    parser.add_argument("--seed", type=int, default=None, help="the first; default: a fresh one")
    parser.add_argument("--quiet-day", action="store_true", help="no faults")
    parser.add_argument("--narrate", action="store_true", help="tell everything that happens")
    parser.add_argument("--unwatched", action="store_true", help="check no law, for the speed")
    parser.add_argument(
        "--lane", action="store_true", help="the lane and the store alone, thrice as fast"
    )
    given = parser.parse_args()
    seed = secrets.randbelow(10**9) if given.seed is None else given.seed
    faults = NO_FAULTS if given.quiet_day else FAULTS
    done, began = 0, time.perf_counter()
    cpu_s = 0.0
    while done < given.operations:
        operations = min(STORY_OPERATIONS, given.operations - done)
        if given.lane:
            outcome = run_lane(seed, operations, faults=faults, watched=not given.unwatched)
        elif given.unwatched:
            outcome = run_unwatched(seed, operations, faults=faults)
        else:
            outcome = run_story(
                seed,
                operations=operations,
                faults=faults,
                say=print if given.narrate else None,
                progress=Progress(done, given.operations, began),
            )
        if outcome.broken is not None:
            print(f"seed {seed}: {outcome.broken}" if given.lane else tell(outcome))
            return 1
        done, cpu_s, seed = done + outcome.operations, cpu_s + outcome.cpu_s, seed + 1
        print(outcome, flush=True)
    rate = done / cpu_s if cpu_s else 0.0
    laws = "laws not checked" if given.unwatched else "no law broken"
    print(f"{done} operations, {laws}, {rate:.0f} a second of one core")
    return 0


class Progress:
    """A line on the terminal every now and then."""

    def __init__(self, before: int, wanted: int, began: float) -> None:
        self._before, self._wanted, self._began = before, wanted, began
        self._next = time.perf_counter() + PROGRESS_S

    def __call__(self, operations: int) -> None:
        now = time.perf_counter()
        if now < self._next or not sys.stderr.isatty():
            return
        self._next = now + PROGRESS_S
        done = self._before + operations
        rate = done / (now - self._began)
        print(f"  {done} of {self._wanted} operations, {rate:.0f} a second", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
