"""Which services a visitor sees, from the catalogue and the newest counts (pure)."""

from collections.abc import Callable
from dataclasses import dataclass

from protocol.messages import Estimate, KioskSnapshot, Names, ServiceInfo, Welcome

TILES_ON_A_SHEET = 6
"""More tiles than these at once are no longer read but searched (ux.md 5, K2)."""

INFORMATION_ICON = "information"
"""The catalogue marks by this icon the service that helps who does not know what to choose."""


@dataclass(frozen=True, slots=True)
class ServiceTile:
    """One service as a visitor sees it. ``why`` says in words why it is closed, if known.

    ``numbers_left`` is known where the numbers are so few that people should be told.
    """

    code: str
    name: Names
    icon: str = ""
    open: bool = True
    why: Names | None = None
    numbers_used_up: bool = False
    numbers_left: int | None = None
    waiting: int | None = None
    estimate: Estimate | None = None
    sign: str = ""


def tiles_of(welcome: Welcome | None, snapshot: KioskSnapshot | None) -> list[ServiceTile]:
    """Every service in the branch's own order, never by popularity."""
    if welcome is None:
        return []
    shown = {} if snapshot is None else {service.code: service for service in snapshot.services}
    tiles = []
    for service in welcome.services:
        now = shown.get(service.code)
        if now is None:
            tiles.append(
                ServiceTile(
                    service.code, service.name, service.icon, service.open, sign=service.sign
                )
            )
            continue
        used_up = now.numbers_left == 0
        tiles.append(
            ServiceTile(
                service.code,
                service.name,
                service.icon,
                open=now.open and not used_up,
                why=now.why,
                numbers_used_up=used_up,
                numbers_left=now.numbers_left if now.closing else None,
                waiting=now.waiting,
                estimate=now.estimate,
                sign=service.sign,
            )
        )
    return tiles


def information_service(
    services: list[ServiceInfo], named: str, icon_of: Callable[[str], str]
) -> str:
    """The service of "I do not know": the one that a setting names, else the catalogue's.

    ``icon_of`` gives the icon of a service that brings none. Empty if the branch has none.
    """
    wanted = (service.code for service in services if service.code == named)
    marked = (
        service.code
        for service in services
        if (service.icon or icon_of(service.code)) == INFORMATION_ICON
    )
    return next(wanted, "") or next(marked, "")


def minutes_of(estimate: Estimate) -> tuple[int, int]:
    """The range in minutes, widened outwards to whole fives, so that it keeps its word."""
    first = estimate.from_s // 300 * 5
    last = -(-max(estimate.from_s, estimate.to_s) // 300) * 5
    return first, max(last, first + 5)
