"""Numbers that kiosks gave without a link, for tests of the rules."""

from collections.abc import Mapping
from typing import Any

from server.domain.events import AnyEvent
from server.domain.hall_lease import KioskLease
from server.domain.leasing import LeaseWish, decide_lease
from server.domain.merging import OfflineIssue, OnDisk, decide_merge
from tests.server.branch_example import HandTurnedDay

NOTHING = OnDisk()


def leased(
    hall: HandTurnedDay,
    device: str = "kiosk-1",
    used: Mapping[str, int] | None = None,
    *,
    anew: bool = False,
) -> KioskLease:
    """A kiosk asks for its numbers."""
    wish = LeaseWish(hall.new_id(), device, used or {}, anew=anew)
    hall.do(decide_lease(hall.day, wish, hall.now_ms))
    return hall.day.leases[device]


def given(hall: HandTurnedDay, serial: int, series: str = "AK", **fields: Any) -> OfflineIssue:
    """A number that a kiosk gave right now, of the service of its series."""
    facts: dict[str, Any] = {
        "ticket": f"off-{series}{serial}",
        "number": f"{series}{serial:03d}",
        "service": series[0],
        "business_date": hall.day.business_date,
        "issued_at_ms": hall.now_ms,
        "link": f"link-{series}{serial}",
    }
    return OfflineIssue(series=series, serial=serial, **facts | fields)


def merge(
    hall: HandTurnedDay,
    *offline: OfflineIssue,
    device: str = "kiosk-1",
    on_disk: OnDisk = NOTHING,
) -> list[AnyEvent]:
    """A kiosk tells what it gave."""
    return hall.do(decide_merge(hall.day, device, offline, on_disk, hall.now_ms))
