"""From which lines a counter may call: what it serves, what its person serves, whom it helps."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.domain.branch import Skills


@dataclass(frozen=True, slots=True)
class CallLines:
    """Names of lines. ``levels``: the most preferred first; ``every``: all of them."""

    levels: tuple[tuple[str, ...], ...]
    every: tuple[str, ...]


def service_line(service: str) -> str:
    """The line of a service."""
    return f"service:{service}"


def lines_of(counter: int, staff: str | None, desk: Skills, person: Skills | None) -> CallLines:
    """The lines of a counter with a person, by preference.

    The person's own preference weighs more than the counter's. Visitors who were handed on to
    this counter or person stand among the most preferred.
    """
    by_level: dict[tuple[int, int], list[str]] = {}
    for service in desk.services:
        mine, theirs = desk.level(service), 1 if person is None else person.level(service)
        if mine is not None and theirs is not None:
            by_level.setdefault((theirs, mine), []).append(service_line(service))
    own = [f"counter:{counter}"] if staff is None else [f"counter:{counter}", f"staff:{staff}"]
    levels = [by_level[level] for level in sorted(by_level)] or [[]]
    levels[0] = levels[0] + own
    return CallLines(
        tuple(tuple(level) for level in levels), tuple(name for level in levels for name in level)
    )


def help_lines(services: Iterable[str], desk: Skills, person: Skills | None) -> CallLines:
    """The lines that an idle counter may help: other services, if the person may serve them."""
    names = tuple(
        service_line(service)
        for service in services
        if service not in desk.services and (person is None or service in person.services)
    )
    return CallLines((names,), names)
