"""The door's facts of a day counted anew from its events, to hold the tables against (I11, I13)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from math import ceil

from db.door_facts import DoorFacts, nested
from server.domain.events import (
    ChannelChosen,
    GuestRecorded,
    Recorded,
    TicketIssued,
    VisitorScreened,
)


def recount_door(entries: Iterable[Recorded]) -> DoorFacts:
    """What ``db.door_facts`` should say of the day of these events."""
    told: list[VisitorScreened] = []
    times_ms: list[int] = []
    home: list[tuple[str, str, int]] = []
    guests, numbered = 0, set()
    for entry in entries:
        match entry.event:
            case VisitorScreened() as screened:
                told.append(screened)
                times_ms.append(entry.at_ms - screened.started_at_ms)
            case GuestRecorded():
                guests += 1
            case ChannelChosen() as chosen:
                home.append((chosen.service, chosen.channel, 1))
            case TicketIssued(screening=str(screening)):
                numbered.add(screening)
    with_number = [one for one in told if one.screening in numbered]
    return DoorFacts(
        outcomes=Counter(one.outcome for one in told),
        guests=guests,
        solved_reasons=_counted(one.reason for one in told if one.outcome == "solved"),
        channels=_counted(one.channel for one in told),
        offices=_counted(one.office for one in told),
        missing=nested((one.service or "", paper, 1) for one in told for paper in one.missing),
        segments=_counted(one.segment for one in told),
        matters=_counted(one.matter for one in told),
        advised=Counter(rule for one in told for rule in one.advice),
        overrides=nested((rule, why, 1) for one in told for rule, why in one.overrides.items()),
        screened=len(told),
        identified=sum(one.identified for one in told),
        repeat_visits=sum(one.visits_before > 0 for one in told),
        companions=sum(one.companion for one in told),
        persons=sum(one.weight for one in told),
        tickets=len(with_number),
        codes_used=sum(one.outcome == "code" for one in with_number),
        given_later=sum(one.outcome not in ("ticket", "code") for one in with_number),
        tickets_of_door=len(numbered),
        sent_home=nested(home),
        time_median_s=_nearest_rank_s(times_ms, 0.5),
        time_p90_s=_nearest_rank_s(times_ms, 0.9),
    )


def differences(stored: DoorFacts, told: DoorFacts) -> Iterator[str]:
    """Every fact in which the tables and the events do not agree, in words."""
    for one in fields(DoorFacts):
        is_so, should = getattr(stored, one.name), getattr(told, one.name)
        if is_so != should:
            yield f"the door's {one.name} are {is_so!r}, but by the events {should!r}"
    if not told.adds_up:
        yield (
            "the door's visitors do not add up: somebody has no outcome, or a number has no visitor"
        )


def _counted(codes: Iterable[str | None]) -> Counter[str]:
    return Counter(code for code in codes if code is not None)


def _nearest_rank_s(times_ms: Sequence[int], share: float) -> float | None:
    if not times_ms:
        return None
    return sorted(times_ms)[ceil(len(times_ms) * share) - 1] / 1000
