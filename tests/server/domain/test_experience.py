"""What the estimate learns, and what it must not: an undone move teaches nothing."""

from server.domain.serving import Result, decide_finish
from server.domain.undoing import decide_undo
from tests.server.branch_example import HandTurnedDay


def test_what_is_taken_back_teaches_nothing() -> None:
    """Ten finishes that were undone are one visitor at most."""
    hall = HandTurnedDay()
    desk = hall.seat(1)
    hall.issue("A")
    ticket = hall.call_next(desk)
    before = hall.day.experience.times.of("A", 8)
    for _ in range(10):
        hall.pass_s(1)
        hall.do(decide_finish(hall.day, desk, ticket.id, Result("solved")))
        hall.pass_s(1)
        hall.do(decide_undo(hall.day, desk, hall.now_ms))
    hall.pass_s(60)
    hall.issue("A")
    assert hall.day.experience.times.of("A", 8) == before
    hall.do(decide_finish(hall.day, desk, ticket.id, Result("solved")))
    hall.pass_s(6)
    hall.issue("A")
    assert hall.day.experience.times.of("A", 8) != before
