"""One run of a simulated branch under the laws, from a seed or from a recorded script."""

import itertools
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simulation.branch import SimulatedBranch
from simulation.deeds import FAULTS, Deed, write_script
from simulation.server_process import ServerProcess
from tests.simulation.broken_law import BrokenLaw
from tests.simulation.laws import Laws

_MEMORY = Path("/dev/shm")  # noqa: S108 (a folder of its own is made in it)
Say = Callable[[str], None]


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
    checks: int
    digest: str
    took_s: float

    def __str__(self) -> str:
        return (
            f"seed {self.seed}: {self.operations} operations, {self.events} events, "
            f"{self.frames} frames, {self.crashes} crashes, {self.checks} checks in "
            f"{self.took_s:.1f} s ({self.operations / self.took_s:.0f} a second), "
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
    laws, began = Laws(), time.perf_counter()
    with _folder() as folder:
        branch = SimulatedBranch(seed, folder, laws, server_of)
        laws.watch(branch)
        if say is not None:
            branch.narrate(say)
        done: list[Deed] = []
        try:
            _go(branch, script or write_script(seed, faults), operations, done, progress)
        except BrokenLaw:
            pass  # kept in laws.broken, also where the shipped code met it first
        finally:
            events = branch.server.lane.day.revision
            try:
                branch.close()
            finally:
                laws.close()
    return Outcome(
        seed=seed,
        deeds=done,
        broken=laws.broken,
        operations=branch.operations,
        events=events,
        frames=branch.ears.frames,
        crashes=branch.server.crashes,
        checks=laws.checks,
        digest=branch.digest,
        took_s=time.perf_counter() - began,
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
def _folder() -> Iterator[Path]:
    where = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="antrean-simulation-", dir=where) as folder:
        yield Path(folder)


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

    def fails(script: list[Deed]) -> BrokenLaw | None:
        found = run_story(seed, script, server_of=server_of)
        same = found.broken is not None and found.broken.law == broken.law
        if same:
            # What came after the break has no part in it.
            del script[len(found.deeds) :]
        return found.broken if same else None

    for length in itertools.takewhile(lambda n: n < len(deeds), (4**n for n in range(1, 12))):
        tail = deeds[-length:]
        if (again := fails(tail)) is not None:
            deeds, broken = tail, again
            break
        if time.perf_counter() > until_s:
            return deeds, broken
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
            *lines[-200:],
        ]
    )
