"""What each role sees: letters for services, and who waits without paper."""

from dataclasses import replace

from server import snapshots
from server.domain.issuing import decide_print_outcome
from server.greeting import welcome
from tests.server.branch_example import BRANCH, HandTurnedDay


def without_paper(hall: HandTurnedDay) -> list[tuple[str, str]]:
    seen = snapshots.Hall(hall.day, hall.now_ms)
    snapshot = snapshots.screening_snapshot(seen, "door-1", [], hall.now_ms)
    return [(entry.number, entry.print) for entry in snapshot.without_paper]


def test_a_service_is_signed_by_its_letter_whatever_its_code_is() -> None:
    smart = replace(BRANCH.services["A"], code="smart-clinic", letter="G")
    hall = HandTurnedDay(replace(BRANCH, services={"smart-clinic": smart}))
    (service,) = welcome(hall.day, "kiosk-1", hall.now_ms).services
    assert (service.code, service.letter, service.sign) == ("smart-clinic", "G", "G")


def test_who_waits_without_paper_is_seen_at_the_door() -> None:
    """Law I9: failed, unknown and none; printed is no news."""
    hall = HandTurnedDay()
    hall.issue("A")
    for job, outcome in (("job-1", "failed"), ("job-2", "unknown"), ("job-3", "printed")):
        hall.issue("A", job=job, print_at="kiosk-1")
        hall.do(decide_print_outcome(hall.day, "kiosk-1", job, outcome))
    assert without_paper(hall) == [("A001", "none"), ("A002", "failed"), ("A003", "unknown")]


def test_a_paper_on_which_its_kiosk_stays_silent_is_seen_there_too() -> None:
    hall = HandTurnedDay()
    hall.issue("A", job="job-1", print_at="kiosk-1")
    hall.pass_s(599)
    assert without_paper(hall) == []
    hall.pass_s(2)
    assert without_paper(hall) == [("A001", "pending")]
