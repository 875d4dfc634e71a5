"""LeaseNumbers, MergeOffline."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from protocol.messages import (
    LeasedRange,
    LeasedService,
    LeaseNumbers,
    MergeOffline,
    NumberLease,
    OfflineTicket,
    OpenSpan,
    Ticket,
)
from server.commands.handler import Occasion
from server.domain.branch import Branch, Service
from server.domain.events import AnyEvent
from server.domain.leasing import (
    PRIORITY,
    LeaseWish,
    day_begins_ms,
    decide_lease,
    free_range,
    giving_hours,
)
from server.domain.merging import MADE_WAY, OfflineIssue, decide_merge
from server.domain.numbering import series_of
from server.domain.ticket import TicketState
from server.instants import instant


def lease_numbers(command: LeaseNumbers, occasion: Occasion) -> list[AnyEvent]:
    """Lend the asking kiosk its numbers, or the same ones again."""
    wish = LeaseWish(
        occasion.ids.new_id(),
        occasion.asker.device,
        command.used,
        anew=command.anew,
        letter=command.letter,
    )
    return decide_lease(occasion.day, wish, occasion.now_ms)


def with_lease(
    command: LeaseNumbers, events: Sequence[AnyEvent], occasion: Occasion
) -> dict[str, Any]:
    """Everything that a kiosk needs to go on alone."""
    day, branch = occasion.day, occasion.day.branch
    lease = day.leases[occasion.asker.device]
    free = {series: free_range(day, lease, series, command.used) for series in lease.ranges}
    from_ms = day_begins_ms(branch, day.business_date)
    return {
        "lease": NumberLease(
            lease=lease.lease,
            letter=lease.letter,
            business_date=date.fromisoformat(day.business_date),
            valid_until=instant(lease.valid_until_ms),
            day_starts_at=f"{branch.day_starts_minute // 60:02}:{branch.day_starts_minute % 60:02}",
            number_width=branch.rules.number_width,
            ranges=[
                LeasedRange(series=series, first=first, last=last)
                for series, (first, last) in free.items()
            ],
            services=[
                _leased(branch, service, lease.letter, from_ms, lease.valid_until_ms)
                for service in branch.services.values()
            ],
            footer=[dict(line) for line in branch.paper_footer],
        )
    }


def _leased(
    branch: Branch, service: Service, letter: str, from_ms: int, to_ms: int
) -> LeasedService:
    return LeasedService(
        code=service.code,
        series=series_of(branch, service) + letter,
        priority_series=series_of(branch, service, PRIORITY) + letter,
        hours=[
            OpenSpan(begins_at=instant(start), ends_at=None if end is None else instant(end))
            for start, end in giving_hours(branch, service, from_ms, to_ms)
        ],
        papers=[dict(paper) for paper in service.papers],
    )


def merge_offline(command: MergeOffline, occasion: Occasion) -> list[AnyEvent]:
    """Take in what the asking kiosk gave alone, all of it or nothing."""
    offline = [_issue_of(one, occasion) for one in command.tickets]
    today = occasion.day.business_date
    places = [one.place for one in offline if one.business_date < today]
    on_disk = occasion.records.offline_on_disk([one.ticket for one in offline], places)
    known = set(on_disk.places) | occasion.day.tickets.keys() | occasion.day.merged_earlier.keys()
    events = decide_merge(occasion.day, occasion.asker.device, offline, on_disk, occasion.now_ms)
    for one in command.tickets:
        wish = one.instead_of
        if wish is None or one.ticket in known or occasion.answered(wish) is not None:
            continue
        # One id stands once in the memory, whatever a kiosk names.
        if wish != command.id and wish not in occasion.withdrawn:
            occasion.withdrawn.append(wish)
    return events


def _issue_of(one: OfflineTicket, occasion: Occasion) -> OfflineIssue:
    return OfflineIssue(
        ticket=one.ticket,
        number=one.number,
        series=one.series,
        serial=one.serial,
        service=one.service,
        business_date=one.business_date.isoformat(),
        issued_at_ms=round(one.issued_at.timestamp() * 1000),
        link=occasion.ids.new_secret(),
        priority=one.priority,
        needs=one.needs,
        language=one.language,
        print=one.print,
        copies=one.copies,
        instead_of=_made_instead(one, occasion),
    )


def _made_instead(one: OfflineTicket, occasion: Occasion) -> str | None:
    """The ticket that the command made whose answer was lost; none of another device's."""
    answered = None if one.instead_of is None else occasion.answered(one.instead_of)
    is_mine = answered is not None and answered.device == occasion.asker.device
    return answered.ticket if answered is not None and is_mine else None


def what_was_merged(
    command: MergeOffline, events: Sequence[AnyEvent], occasion: Occasion
) -> dict[str, Any]:
    """The tickets of today as they stand now, and the ids of those that made way, also before."""
    tickets = occasion.day.tickets
    instead = (_made_instead(one, occasion) for one in command.tickets)
    gone = [tickets[one] for one in instead if one is not None and one in tickets]
    return {
        "merged": [_view(one, occasion) for one in command.tickets],
        "replaced": [
            ticket.id
            for ticket in gone
            if ticket.state is TicketState.CANCELLED and ticket.reason == MADE_WAY
        ],
    }


def _view(one: OfflineTicket, occasion: Occasion) -> Ticket:
    """A ticket of today as it stands; one of a day that is over waits for nobody."""
    if one.ticket in occasion.day.tickets:
        return occasion.view(one.ticket)
    return Ticket(
        id=one.ticket,
        number=one.number,
        service=one.service,
        state=TicketState.EXPIRED.value,
        priority=one.priority,
        needs=one.needs,
        issued_at=one.issued_at,
        counter=None,
        call_count=0,
        people_ahead=0,
        estimate=None,
        print=one.print,
        link=None,
        language=one.language,
        offline=True,
    )
