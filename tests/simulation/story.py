"""One run of a simulated branch under the laws, from a seed or from a recorded script."""

import gc
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from simulation.branch import SimulatedBranch
from simulation.deeds import FAULTS, Deed, write_script
from simulation.lane_alone import LaneAlone
from simulation.server_process import ServerProcess
from simulation.watching import Watcher
from tests.simulation.broken_law import BrokenLaw
from tests.simulation.laws import Laws

_MEMORY = Path("/dev/shm")
Say = Callable[[str], None]
LINES_TOLD, LINE_CHARACTERS = 80, 200


@dataclass(frozen=True)
class Outcome:
    """How a run went. ``deeds`` are those that were done."""

    seed: int
    deeds: list[Deed]
    broken: BrokenLaw | None
    operations: int
    events: int
    frames: int
    crashes: int
    days: int
    checks: int
    answers: Counter[tuple[str, str]]
    digest: str
    cpu_s: float

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.operations} operations, {self.events} events, "
            f"{self.frames} frames, {self.crashes} crashes, {self.days} midnights, "
            f"{self.checks} checks in "
            f"{self.cpu_s:.1f} s of one core ({self.operations / self.cpu_s:.0f} a second), "
            f"digest {self.digest}"
        )


def run_story(
    seed: int,
    script: Iterable[Deed] | None = None,
    operations: int | None = None,
    *,
    faults: Mapping[str, float] = FAULTS,
    server_of: type[ServerProcess] = ServerProcess,
    say: Say | None = None,
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """Run until a law is broken, the script ends or so many commands were answered."""
    laws, began = Laws(), time.process_time()
    done: list[Deed] = []
    with _branch(seed, laws, server_of) as branch:
        laws.watch(branch)
        if say is not None:
            branch.narrate(say)
        try:
            script = write_script(seed, faults) if script is None else script
            _go(branch, script, operations, done, progress)
            laws.demand_history()
        except BrokenLaw:
            pass  # kept in laws.broken, also where the shipped code met it first
        finally:
            laws.close()
    return _outcome(branch, laws, done, time.process_time() - began)


def run_unwatched(seed: int, operations: int, *, faults: Mapping[str, float] = FAULTS) -> Outcome:
    """The same without any law, to know what the laws cost."""
    began = time.process_time()
    with _branch(seed, Watcher(), ServerProcess) as branch:
        done: list[Deed] = []
        _go(branch, write_script(seed, faults), operations, done, None)
    return _outcome(branch, Laws(), done, time.process_time() - began)


def run_lane(
    seed: int, operations: int, *, faults: Mapping[str, float] = FAULTS, watched: bool = True
) -> Outcome:
    """The lane and the store alone, with the laws that can be held without screens."""
    laws, began = Laws(), time.process_time()
    done: list[Deed] = []
    with _folder() as folder, closing(laws):
        lane = LaneAlone(seed, folder, laws if watched else None)
        laws.watch(lane)
        try:
            for deed in write_script(seed, faults):
                done.append(deed)
                lane.step(deed)
                if lane.operations >= operations:
                    break
            lane.step(Deed(0.0, "rest", 0, 0))
            laws.demand_history()
        except BrokenLaw:
            pass  # kept in laws.broken
        finally:
            lane.close()
    return _outcome(lane, laws, done, time.process_time() - began)


@contextmanager
def _branch(
    seed: int, watcher: Watcher, server_of: type[ServerProcess]
) -> Iterator[SimulatedBranch]:
    with _folder() as folder:
        branch = SimulatedBranch(seed, folder, watcher, server_of)
        try:
            yield branch
        finally:
            branch.close()


@contextmanager
def _folder() -> Iterator[Path]:
    where = _MEMORY if _MEMORY.is_dir() else None
    with (
        tempfile.TemporaryDirectory(prefix="antrean-simulation-", dir=where) as folder,
        _quiet(),
        _lazy_collector(),
    ):
        yield Path(folder)


def _outcome(
    branch: SimulatedBranch | LaneAlone, laws: Laws, deeds: list[Deed], cpu_s: float
) -> Outcome:
    return Outcome(
        seed=branch.seed,
        deeds=deeds,
        broken=laws.broken,
        operations=branch.operations,
        events=branch.server.lane.day.revision,
        frames=branch.frames,
        crashes=branch.server.crashes,
        days=laws.days,
        checks=laws.checks,
        answers=laws.answers,
        digest=branch.digest,
        cpu_s=cpu_s,
    )


def _go(
    branch: SimulatedBranch,
    script: Iterable[Deed],
    operations: int | None,
    done: list[Deed],
    progress: Callable[[int], None] | None,
) -> None:
    for deed in script:
        done.append(deed)
        branch.step(deed)
        if progress is not None:
            progress(branch.operations)
        if operations is not None and branch.operations >= operations:
            break
    branch.step(Deed(0.0, "rest", 0, 0))


@contextmanager
def _quiet() -> Iterator[None]:
    """The server writes down each planted fault; what is no planted one breaks a law."""
    logs = [logging.getLogger(name) for name in ("server", "kiosk")]
    before = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for log, level in zip(logs, before, strict=True):
            log.setLevel(level)


@contextmanager
def _lazy_collector() -> Iterator[None]:
    """A branch is millions of small objects; looking them through all the time costs a tenth."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def shorten(
    seed: int,
    deeds: list[Deed],
    broken: BrokenLaw,
    *,
    server_of: type[ServerProcess] = ServerProcess,
    limit_s: float = 30.0,
) -> tuple[list[Deed], BrokenLaw]:
    """The shortest script found within a time that breaks the same law (delta debugging)."""
    until_s = time.perf_counter() + limit_s
    deeds = list(deeds)

    def fails(script: list[Deed]) -> BrokenLaw | None:
        found = run_story(seed, script, server_of=server_of)
        same = found.broken is not None and found.broken.law == broken.law
        if same:
            # What came after the break has no part in it.
            del script[len(found.deeds) :]
        return found.broken if same else None

    length = 4
    while length < len(deeds) and time.perf_counter() < until_s:
        tail = deeds[-length:]
        if (again := fails(tail)) is not None:
            deeds, broken = tail, again
            break
        length *= 4
    for what in sorted({deed.what for deed in deeds}):
        fewer = [deed for deed in deeds if deed.what != what]
        if time.perf_counter() < until_s and (again := fails(fewer)) is not None:
            deeds, broken = fewer, again
    parts = 2
    while parts <= len(deeds) and time.perf_counter() < until_s:
        size = -(-len(deeds) // parts)
        for start in range(0, len(deeds), size):
            rest = deeds[:start] + deeds[start + size :]
            if (again := fails(rest)) is not None:
                deeds, broken, parts = rest, again, max(2, parts - 1)
                break
            if time.perf_counter() > until_s:
                break
        else:
            if size == 1:
                break
            parts = min(len(deeds), 2 * parts)
    return deeds, broken


def tell(outcome: Outcome, *, server_of: type[ServerProcess] = ServerProcess) -> str:
    """A failure for a person: the seed, and the shortest story that was found."""
    assert outcome.broken is not None
    deeds, broken = shorten(outcome.seed, outcome.deeds, outcome.broken, server_of=server_of)
    lines: list[str] = []
    run_story(outcome.seed, deeds, server_of=server_of, say=lines.append)
    return "\n".join(
        [
            f"{outcome.broken}",
            f"seed {outcome.seed}, after {outcome.operations} operations and "
            f"{len(outcome.deeds)} deeds; again: script/simulate --seed {outcome.seed}",
            f"the shortest story found ({len(deeds)} deeds), which ends with: {broken}",
            *(line[:LINE_CHARACTERS] for line in lines[-LINES_TOLD:]),
        ]
    )
