"""What a visitor says at a kiosk beside taking a number: who they are, or that home will do."""

from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, ChannelChosen, IdentityRecorded
from server.domain.ticket import OPEN_STATES


def decide_identity(day: BranchDay, ticket_id: str, record: str, device: str) -> list[AnyEvent]:
    """The number is kept under seal as this record; typed again, it takes the first one's place."""
    if not day.branch.rules.kiosk_identity:
        raise QueueRuleError("not-allowed", words="kiosk-identity")
    day.ticket(ticket_id).demand(*OPEN_STATES)
    return [IdentityRecorded(ticket=ticket_id, record=record, device=device)]


def decide_channel(day: BranchDay, service: str, channel: str, device: str) -> list[AnyEvent]:
    """Somebody goes home with a channel that does something of this service."""
    if service not in day.branch.services:
        raise QueueRuleError("unknown-service", service=service)
    matters = day.branch.door.matters.values()
    if not any(one.service == service and channel in one.channels for one in matters):
        raise QueueRuleError("bad-value", field="channel")
    return [ChannelChosen(service=service, channel=channel, device=device)]
