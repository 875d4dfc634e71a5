"""RecordGuest."""

from collections.abc import Sequence
from typing import Any

from protocol.messages import RecordGuest
from protocol.plain_text import plain_line
from server.commands.handler import Occasion
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, GuestRecorded

NAME_MAX = 120
NOTE_MAX = 200


def record_guest(command: RecordGuest, occasion: Occasion) -> list[AnyEvent]:
    """A line of the guest book: the purpose is told, the name is kept under seal for a while.

    Without consent, or a name that can be read, nothing at all is kept.
    """
    if not command.consent:
        raise QueueRuleError("bad-value", field="consent", words="guest-consent")
    name = plain_line(command.name, NAME_MAX)
    if not any(char.isalpha() for char in name):
        raise QueueRuleError("bad-value", field="name", words="guest-name")
    branch = occasion.day.branch
    if not branch.knows("guest_purpose", command.purpose):
        raise QueueRuleError("bad-value", field="purpose")
    guest, staff = occasion.ids.new_id(), occasion.staff
    assert staff is not None, "the lane has seen that somebody sits there"
    fields = {"name": name, "note": plain_line(command.note, NOTE_MAX)}
    occasion.seal("guest", guest, fields, keep_days=branch.rules.keep_guests_days)
    device = occasion.asker.device
    return [GuestRecorded(guest=guest, purpose=command.purpose, staff=staff, device=device)]


def with_guest(command: Any, events: Sequence[AnyEvent], occasion: Occasion) -> dict[str, Any]:
    """Under which id the line is kept."""
    (recorded,) = events
    assert isinstance(recorded, GuestRecorded)
    return {"guest": recorded.guest}
