"""The end of a day: it adds up, a manager signs it, and it may go on after all (I2, I11)."""

import pytest

from server.domain.calling import decide_no_show
from server.domain.closing import (
    PastDay,
    decide_close,
    decide_day_end,
    decide_day_over,
    decide_reopen,
    decide_sign,
    final_totals,
)
from server.domain.errors import QueueRuleError
from server.domain.events import DayClosed, DayReopened, DaySigned, StaffSignedOut
from server.domain.seating import Person, decide_sign_in
from server.domain.serving import Result, decide_cancel, decide_finish, decide_start
from server.domain.ticket import TicketState
from tests.server.branch_example import DATE, HandTurnedDay

DEWI = Person("dewi", "Dewi", "manager")


def a_full_hall() -> HandTurnedDay:
    """One ticket in every state that a day can end with, and a manager in the office."""
    hall = HandTurnedDay()
    hall.do(decide_sign_in(hall.day, "office-1", DEWI, None, needs_counter=False))
    finishing, missing, calling, serving = (hall.seat(number) for number in (1, 2, 1, 2))
    for _ in range(5):
        hall.issue("A")
    first = hall.call_next(finishing)
    hall.do(decide_finish(hall.day, finishing, first.id, Result("solved")))
    second = hall.call_next(missing)
    hall.do(decide_no_show(hall.day, missing, second.id, hall.now_ms))
    hall.call_next(calling)
    served = hall.call_next(serving)
    hall.do(decide_start(hall.day, serving, served.id))
    cancelled = hall.issue("B")
    hall.do(decide_cancel(hall.day, cancelled.id, "visitor-left", "kiosk-1", None, None))
    return hall


def states(hall: HandTurnedDay) -> list[str]:
    return [ticket.state.value for ticket in hall.day.tickets.values()]


def test_the_close_of_a_manager_ends_what_is_open_and_signs_the_totals() -> None:
    """Law I11: issued = finished + no-show + cancelled + expired, as it was signed."""
    hall = a_full_hall()
    assert states(hall) == ["finished", "no-show", "called", "serving", "waiting", "cancelled"]
    *_, closed = hall.do(decide_close(hall.day, hall.now_ms, "dewi", "Listrik padam"))
    assert closed == DayClosed(
        business_date=DATE,
        staff="dewi",
        note="Listrik padam",
        totals={"issued": 6, "finished": 2, "no-show": 2, "cancelled": 1, "expired": 1},
    )
    assert states(hall) == ["finished", "no-show", "no-show", "finished", "expired", "cancelled"]
    assert hall.day.closed
    assert hall.day.signed_by == "dewi"
    assert {desk.state for desk in hall.day.desks.values()} == {"closed"}


def test_a_parked_ticket_expires_too() -> None:
    hall = HandTurnedDay()
    ticket = hall.issue()
    hall.day.totals["A"][TicketState.WAITING] -= 1
    hall.day.totals["A"][TicketState.PARKED] += 1
    ticket.state = TicketState.PARKED
    assert final_totals(hall.day)["expired"] == 1


def test_the_manager_who_closes_stays_signed_in_and_everybody_else_goes() -> None:
    hall = a_full_hall()
    events = hall.do(decide_close(hall.day, hall.now_ms, "dewi", ""))
    gone = {event.staff for event in events if isinstance(event, StaffSignedOut)}
    assert gone == {"staff-1", "staff-2"}
    assert [seat.staff for seat in hall.day.seats.values()] == ["dewi"]


def test_the_clock_signs_nothing_and_lets_nobody_stay() -> None:
    """F14: the change of day closes what nobody closed."""
    hall = a_full_hall()
    *_, closed = hall.do(decide_day_end(hall.day, hall.now_ms))
    assert isinstance(closed, DayClosed)
    assert closed.staff is None
    assert sum(closed.totals.values()) == 2 * closed.totals["issued"]
    assert hall.day.seats == {}
    assert hall.day.signed_by is None


def test_the_change_of_day_closes_an_open_day_and_sends_home_who_closed_it_before() -> None:
    hall = a_full_hall()
    assert isinstance(decide_day_over(hall.day, hall.now_ms)[-1], DayClosed)
    hall.do(decide_close(hall.day, hall.now_ms, "dewi", ""))
    assert decide_day_over(hall.day, hall.now_ms) == [
        StaffSignedOut(device="office-1", staff="dewi", reason="day-closed")
    ]


def test_a_day_is_closed_once() -> None:
    hall = a_full_hall()
    hall.do(decide_close(hall.day, hall.now_ms, "dewi", ""))
    with pytest.raises(QueueRuleError) as no:
        decide_close(hall.day, hall.now_ms, "dewi", "")
    assert no.value.reason == "too-late"


def test_a_day_that_is_opened_again_goes_on_with_its_numbers() -> None:
    """Law I2: never the same number twice on a business date."""
    hall = a_full_hall()
    assert decide_reopen(hall.day, "dewi", "Salah tekan") == []
    hall.do(decide_close(hall.day, hall.now_ms, "dewi", ""))
    ended = states(hall)
    assert hall.do(decide_reopen(hall.day, "dewi", "Salah tekan")) == [
        DayReopened(business_date=DATE, staff="dewi", reason="Salah tekan")
    ]
    assert (hall.day.closed, hall.day.signed_by) == (False, None)
    assert states(hall) == ended
    assert hall.issue("A").number == "A006"
    assert hall.issue("B").number == "B002"
    *_, closed = hall.do(decide_close(hall.day, hall.now_ms, "dewi", ""))
    assert isinstance(closed, DayClosed)
    assert closed.totals == {
        "issued": 8, "finished": 2, "no-show": 2, "cancelled": 1, "expired": 3,
    }  # fmt: skip


def test_an_earlier_day_is_signed_once_and_only_if_there_was_one() -> None:
    hall = HandTurnedDay()
    yesterday = PastDay("2026-09-20")
    with pytest.raises(QueueRuleError) as no:
        decide_sign(hall.day, None, "dewi", "")
    assert no.value.reason == "bad-value"
    assert hall.do(decide_sign(hall.day, yesterday, "dewi", "Sudah dicek")) == [
        DaySigned(signed_date="2026-09-20", staff="dewi", note="Sudah dicek")
    ]
    for signed in (yesterday, PastDay("2026-09-19", signed_by="rina")):
        with pytest.raises(QueueRuleError) as no:
            decide_sign(hall.day, signed, "dewi", "")
        assert no.value.reason == "too-late"
    assert decide_sign(hall.day, PastDay("2026-09-18"), "dewi", "")


def test_a_closed_day_told_again_is_the_same() -> None:
    """Law I3."""
    hall = a_full_hall()
    hall.do(decide_close(hall.day, hall.now_ms, "dewi", ""))
    hall.do(decide_sign(hall.day, PastDay("2026-09-20"), "dewi", ""))
    again = hall.retold()
    for name in ("closed", "signed_by", "signed_dates", "totals", "seats"):
        assert getattr(again, name) == getattr(hall.day, name)
