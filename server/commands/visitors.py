"""RecordIdentity and ChooseChannel: what a visitor says at the kiosk beside taking a number; and
whose ticket it is that a visitor's own page speaks of."""

from protocol.messages import ChooseChannel, RecordIdentity
from protocol.roles import DeviceRole
from server.commands.handler import Occasion
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent
from server.domain.issuing import demand_own_fresh_ticket
from server.domain.visiting import demand_own_ticket
from server.domain.visitor_choices import decide_channel, decide_identity
from server.identifying import identifier_of

KIND = "identity"


def record_identity(command: RecordIdentity, occasion: Occasion) -> list[AnyEvent]:
    """The number goes under seal; that there is one goes into the event, in the same commit."""
    day, device = occasion.day, occasion.asker.device
    ticket = day.ticket(command.ticket)
    demand_own_fresh_ticket(day, ticket, device, occasion.now_ms)
    who = identifier_of(command.identifier)
    record = day.identities.get(ticket.id) or occasion.ids.new_id()
    events = decide_identity(day, ticket.id, record, device)
    occasion.seal(
        KIND,
        record,
        {"identifier": who.value, "identifier_kind": who.kind},
        keep_days=day.branch.rules.keep_identities_days,
        fingerprint=occasion.sealer.fingerprint(who.kind, who.value),
    )
    return events


def demand_visitors_own(ticket: str, link: str | None, occasion: Occasion) -> None:
    """A visitor's page proves with the link whose ticket it is, before anything is told of it."""
    if occasion.asker.role is not DeviceRole.WEB:
        raise QueueRuleError("not-allowed")
    if link is None:
        raise QueueRuleError("missing-field", field="link")
    demand_own_ticket(occasion.day, ticket, link, occasion.now_ms)


def choose_channel(command: ChooseChannel, occasion: Occasion) -> list[AnyEvent]:
    """Home will do."""
    return decide_channel(occasion.day, command.service, command.channel, occasion.asker.device)
