"""AdviseStaffing: what one more counter would do to each line."""

from protocol.messages import AdviseStaffing, StaffingHint
from server.domain import staffing
from server.domain.forecasting import present
from server.queries.handler import Archive, Fields, Inquiry, Reading


def advise(query: AdviseStaffing, inquiry: Inquiry) -> Reading:
    """The hall is taken down here; it is replayed in the thread, for a full hall takes longer
    than the lane may wait."""
    found = present(inquiry.day, inquiry.now_ms)

    def replay(archive: Archive) -> Fields:
        hints = [] if found is None else staffing.advise(found)
        return {"staffing": [_view(hint) for hint in hints]}

    return replay


def _view(hint: staffing.Hint) -> StaffingHint:
    return StaffingHint(
        service=hint.service,
        waiting=hint.waiting,
        longest_now_s=None if hint.now is None else round(hint.now.longest_s),
        longest_then_s=round(hint.then.longest_s),
        average_now_s=None if hint.now is None else round(hint.now.average_s),
        average_then_s=round(hint.then.average_s),
        counter=hint.counter,
    )
