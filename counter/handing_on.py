"""To whom a visitor can be handed on, each with a key of its own, and where they will stand."""

from collections.abc import Callable
from dataclasses import dataclass

from counter.actions import Destination
from protocol.messages import QueueSnapshot, ServiceInfo, Ticket

SPARE_KEYS = "QWERTYUIOPASDFGHJKLZXCVBNM1234567890"
"""Given in this order to whoever has no letter or figure of its own."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A service, a counter or a colleague: ``code`` is unique among all of them."""

    kind: str
    code: str
    key: str
    name: str
    to: Destination


def goals_of(
    services: list[ServiceInfo], snapshot: QueueSnapshot | None, name_of: Callable[[str], str]
) -> list[Goal]:
    """All of them, services first; ``name_of`` gives a service's name.

    A service has the key of its letter and a counter that of its number, where they have one
    and it is free; closed counters and this one are left out.
    """
    mine = snapshot.counter.number if snapshot is not None and snapshot.counter is not None else 0
    me = snapshot.signed_in.staff if snapshot is not None and snapshot.signed_in else ""
    found = [
        ("service", one.sign, name_of(one.code), Destination(service=one.code)) for one in services
    ]
    if snapshot is not None:
        seated = {one.counter: one.name or one.staff for one in snapshot.colleagues}
        found += [
            (
                "counter",
                str(one.number),
                f"{one.number} {seated.get(one.number, '')}".strip(),
                Destination(counter=one.number),
            )
            for one in snapshot.counters
            if one.number != mine and one.state != "closed"
        ]
        found += [
            ("staff", "", one.name or one.staff, Destination(staff=one.staff))
            for one in snapshot.colleagues
            if one.staff != me
        ]
    keys = _keys([sign for _, sign, _, _ in found])
    return [
        Goal(kind, f"{kind}-{sign or to.staff}", key, name or sign, to)
        for (kind, sign, name, to), key in zip(found, keys, strict=True)
    ]


def _keys(signs: list[str]) -> list[str]:
    keys: list[str] = []
    for sign in signs:
        own = sign.upper()
        fits = len(own) == 1 and own in SPARE_KEYS and own not in keys
        keys.append(own if fits else "")
    spare = iter(key for key in SPARE_KEYS if key not in keys)
    return [key or next(spare, "") for key in keys]


def people_before(snapshot: QueueSnapshot | None, ticket: Ticket, to: Destination) -> int | None:
    """How many will stand before a visitor after the transfer, as far as this counter can see.

    None where it cannot: in another counter's or a colleague's own line, and by arrival in a
    line that is not mine.
    """
    if to.position == "first":
        return 0
    if snapshot is None or to.service is None:
        return None
    if to.position == "last":
        counts = {count.service: count.count for count in snapshot.waiting}
        return counts.get(to.service)
    mine = snapshot.counter.services if snapshot.counter is not None else []
    if to.service not in mine or snapshot.total > len(snapshot.line):
        return None
    return sum(
        entry.service == to.service and entry.issued_at <= ticket.issued_at
        for entry in snapshot.line
    )
