"""The paper that kiosks are asked for: tickets, and slips that are none."""

from protocol.codec import encode
from server.domain.branch_day import BranchDay
from server.domain.hall import PrintJob
from server.domain.hall_door import SlipJob
from server.domain.issuing import paper_is_due
from server.domain.slips import slip_is_due
from server.slip_content import slip_to_print
from server.ticket_views import ticket_to_print


class Papers:
    """Makes the frame of a paper, and counts how often each was sent.

    Whether a paper of before a restart was sent nobody knows, so it counts as sent: twice on
    paper must say CETAK ULANG (law I9).
    """

    def __init__(self, day: BranchDay) -> None:
        self._sent: dict[str, int] = dict.fromkeys([*day.jobs, *day.slips], 1)

    def __len__(self) -> int:
        """How many papers of today were sent."""
        return len(self._sent)

    def forget(self) -> None:
        """A new day asks for papers of its own."""
        self._sent.clear()

    def frame(self, day: BranchDay, job: PrintJob | SlipJob, now_ms: int) -> bytes | None:
        """What the kiosk gets, counted as sent; None where the paper is not wanted any more."""
        resent = self._sent.get(job.job, 0)
        if isinstance(job, SlipJob):
            if not slip_is_due(day, job, now_ms):
                return None
            made = encode(slip_to_print(day, job, resent, now_ms))
        else:
            if not paper_is_due(day, job, now_ms):
                return None
            made = encode(ticket_to_print(day, job, resent))
        self._sent[job.job] = resent + 1
        return made


def job_of(day: BranchDay, job_id: str) -> PrintJob | SlipJob | None:
    """A paper of today, whatever its kind."""
    return day.jobs.get(job_id) or day.slips.get(job_id)


def pending_at(day: BranchDay, kiosk: str) -> list[str]:
    """The papers on which a kiosk has yet to say a word, tickets before slips."""
    jobs: list[PrintJob | SlipJob] = [*day.jobs.values(), *day.slips.values()]
    return [job.job for job in jobs if job.kiosk == kiosk and job.outcome == "pending"]
