"""Slips that are no ticket: what a visitor takes along from the door or from a complaint."""

from collections.abc import Iterator

from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, SlipRecorded, SlipRequested
from server.domain.hall_door import Screening, SlipJob
from server.domain.issuing import PAPER_DUE_MS

KINDS = ("code", "channel", "office", "return", "complaint")

OUTCOMES_WITH_SLIP = frozenset(KINDS) - {"complaint"}
"""A slip of a screening has the kind of its outcome."""


def slip_is_due(day: BranchDay, slip: SlipJob, now_ms: int) -> bool:
    """Whether a kiosk should still print this: nobody said what became of it, and it is wanted.

    So not once a newer slip of the same screening or complaint was asked for, nor with a code
    that opens nothing any more.
    """
    return (
        slip.outcome == "pending"
        and now_ms - slip.asked_at_ms < PAPER_DUE_MS
        and _newest(day, slip.subject) is slip
        and (slip.kind != "code" or code_is_good(day.screenings[slip.subject], now_ms))
    )


def code_is_good(screening: Screening, now_ms: int) -> bool:
    """Whether the kiosk would still give a number for this screening's code."""
    until_ms = screening.told.code_until_ms
    return screening.ticket is None and until_ms is not None and now_ms < until_ms


def decide_slip_outcome(day: BranchDay, device: str, job: str, outcome: str) -> list[AnyEvent]:
    """Write down what became of a slip (law I9)."""
    slip = day.slips[job]
    if slip.kiosk != device:
        raise QueueRuleError("not-yours")
    if slip.outcome == outcome:
        return []
    return [SlipRecorded(job=job, outcome=outcome)]


def decide_slip_again(
    day: BranchDay, subject: str, job: str, print_at: str, now_ms: int
) -> list[AnyEvent]:
    """Ask for the slip of a screening or a complaint; after the first it is a further copy."""
    kind = _kind_of(day, subject, now_ms)
    copies = [slip.copy for slip in _slips_of(day, subject)]
    # What was printed on an earlier day nobody knows any more, so it counts as printed.
    complaint = day.complaints.get(subject)
    before = 1 if complaint is not None and complaint.business_date != day.business_date else 0
    copy = max(copies, default=before) + 1
    return [SlipRequested(job=job, kind=kind, subject=subject, print_at=print_at, copy=copy)]


def _kind_of(day: BranchDay, subject: str, now_ms: int) -> str:
    if subject in day.complaints:
        return "complaint"
    screening = day.screenings.get(subject)
    if screening is None:
        raise QueueRuleError("unknown-screening", words="unknown-screening-record")
    kind = screening.told.outcome
    if kind not in OUTCOMES_WITH_SLIP:
        raise QueueRuleError("bad-value", field="subject", words="no-slip")
    if kind == "code" and not code_is_good(screening, now_ms):
        raise QueueRuleError("code-expired" if screening.ticket is None else "code-used")
    return kind


def _slips_of(day: BranchDay, subject: str) -> Iterator[SlipJob]:
    return (slip for slip in day.slips.values() if slip.subject == subject)


def _newest(day: BranchDay, subject: str) -> SlipJob | None:
    screening = day.screenings.get(subject)
    if screening is not None:
        return day.slips.get(screening.slip or "")
    return max(_slips_of(day, subject), key=lambda slip: slip.copy, default=None)
