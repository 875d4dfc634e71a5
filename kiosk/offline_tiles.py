"""What a kiosk without a link shows of its services: open or not, nothing that it cannot know."""

from datetime import datetime, tzinfo

from kiosk.offline_lease import Used, business_date_at, is_open, numbers_left
from protocol.messages import Disturbance, KioskService, KioskSnapshot, NumberLease


def snapshot_alone(
    lease: NumberLease,
    zone: tzinfo,
    used: Used,
    now: datetime,
    *,
    revision: int,
    disturbance: Disturbance | None,
) -> KioskSnapshot:
    """The services of the lease; everybody may choose, since no officer's code can be checked."""
    today = business_date_at(lease, zone, now)
    services = [
        KioskService(
            code=leased.code,
            open=is_open(leased, now),
            why=None,
            waiting=0,
            estimate=None,
            numbers_left=None if numbers_left(lease, used, leased.series, today) else 0,
        )
        for leased in lease.services
    ]
    return KioskSnapshot(
        revision=revision,
        services=services,
        total=len(services),
        mode="open",
        disturbance=disturbance,
    )
