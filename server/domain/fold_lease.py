"""The fold of what is lent to kiosks, and of tickets that were merged for an earlier day."""

from server.domain import events as e
from server.domain.day_state import DayState
from server.domain.hall_lease import KioskLease, LeasedSeries, MergedEarlier


def lease_numbers(day: DayState, event: e.NumbersLeased, at_ms: int) -> None:
    before = day.leases.get(event.device)
    day.leases[event.device] = KioskLease(
        lease=event.lease,
        device=event.device,
        letter=event.letter,
        ranges=dict(event.ranges),
        valid_until_ms=event.valid_until_ms,
        leased_at_ms=at_ms if before is None else before.leased_at_ms,
    )
    for series, (_, last) in event.ranges.items():
        known = day.leased.pop(series, None)
        assert known is None or known.device == event.device, "a series is of one kiosk"
        # Put at the end: the newest letter of a kiosk is its last.
        day.leased[series] = LeasedSeries(
            series,
            event.device,
            event.letter,
            last if known is None else max(last, known.last),
            day.business_date if known is None else known.business_date,
            at_ms if known is None else known.since_ms,
        )


def end_lease(day: DayState, event: e.LeaseEnded, at_ms: int) -> None:
    """Told for people: what was given stands in the tickets."""


def merge_earlier(day: DayState, event: e.EarlierTicketMerged, at_ms: int) -> None:
    day.merged_earlier[event.ticket] = MergedEarlier(
        event.ticket, event.of_date, event.number, event.series, event.serial
    )
