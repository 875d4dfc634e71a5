"""RevealRecord."""

from collections.abc import Sequence
from typing import Any

from protocol.messages import RevealRecord
from protocol.plain_text import plain_line
from protocol.roles import DeviceRole
from server.commands.handler import Occasion
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent
from server.domain.revealing import Kept, Looker, decide_reveal, refuse_absent
from server.ports import SealedRecord
from server.second_step_records import KIND as SECOND_STEP

REASON_MOST = 200


def reveal_record(command: RevealRecord, occasion: Occasion) -> list[AnyEvent]:
    """Somebody looks at what stands under seal; that they did is on the disk before they see it."""
    record, asker = _sealed(command, occasion), occasion.asker
    assert occasion.staff is not None, "the lane has seen that somebody sits there"
    desk = occasion.desk_if_counter
    looker = Looker(
        occasion.staff,
        asker.device,
        desk.number if desk is not None else None,
        everywhere=asker.role is DeviceRole.MANAGER,
    )
    kept = Kept(record.id, record.kind, record.business_date)
    reason = plain_line(command.reason, REASON_MOST)
    events = decide_reveal(occasion.day, kept, looker, reason, occasion.now_ms)
    # The history must not say that somebody saw what nobody can open.
    occasion.opened(record)
    return events


def what_was_under_seal(
    command: RevealRecord, events: Sequence[AnyEvent], occasion: Occasion
) -> dict[str, Any]:
    """The fields themselves; this answer is never remembered."""
    return {"revealed": occasion.opened(_sealed(command, occasion))}


def _sealed(command: RevealRecord, occasion: Occasion) -> SealedRecord:
    record = occasion.records.sealed(command.record)
    if record is not None and record.kind == SECOND_STEP:
        # No visitor's: whoever saw it could sign in as that manager (F53).
        raise QueueRuleError("unknown-record")
    # What is due is as good as erased, though the hourly sweep has not come by yet.
    if record is None or record.erase_at_ms <= occasion.now_ms:
        told = record is not None or occasion.records.told_of(command.record)
        raise refuse_absent(occasion.day, command.record, told=told)
    return record
