"""Who comes on a demo's day: the generator's people, with one of each fate for certain."""

from dataclasses import replace
from random import Random

from simulation.arrivals import Crowd, Visit, day_of_visits
from simulation.demo_branch import CALLS_H, TAKES_NUMBERS_H

LEAST_VISITS = 10


def plan_day(random: Random, visits: int, *, busy: float = 1.0) -> list[Visit]:
    """A day's visits in the order of arrival; ``busy`` lengthens every service.

    Somebody never comes to the counter, somebody goes home early, and somebody comes after the
    last call: so a day shows every end that a ticket can have, whatever the seed.
    """
    if visits < LEAST_VISITS:
        raise ValueError(f"a day needs at least {LEAST_VISITS} visits")
    crowd = Crowd(visits=visits, service_target_s=480.0 * busy)
    people = [_within_hours(visit) for visit in day_of_visits(random, crowd)]
    people[-1] = replace(people[-1], arrives_s=max(people[-1].arrives_s, _after_last_call()))
    _give(people, 2, shows_up=False, gives_up_after_s=None)
    # This one leaves at once, so even the shortest line is too long.
    _give(people, 6, shows_up=True, gives_up_after_s=0.0)
    return sorted(people, key=lambda visit: visit.arrives_s)


def went_home(visit: Visit, waited_s: float) -> bool:
    """Whether this person gave up before the call, and somebody beside them says so."""
    return visit.gives_up_after_s is not None and waited_s > visit.gives_up_after_s


def _within_hours(visit: Visit) -> Visit:
    return replace(visit, arrives_s=min(visit.arrives_s, TAKES_NUMBERS_H * 3600 - 60))


def _after_last_call() -> float:
    return (CALLS_H + TAKES_NUMBERS_H) / 2 * 3600


def _give(
    people: list[Visit], place: int, *, shows_up: bool, gives_up_after_s: float | None
) -> None:
    people[place] = replace(people[place], shows_up=shows_up, gives_up_after_s=gives_up_after_s)


def hour_words(hour: int, taken: int, served: int, waiting: int) -> str:
    """One line of progress."""
    return (
        f"{hour:02}.00   nomor/issued {taken:4}   selesai/finished {served:4}"
        f"   menunggu/waiting {waiting:4}"
    )
