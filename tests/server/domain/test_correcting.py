"""A record is put right afterwards, and what stood there first is kept (law I13)."""

import pytest

from server.domain.correcting import Correction, TicketRecord, decide_correction, record_of
from server.domain.errors import QueueRuleError
from server.domain.events import RecordCorrected
from server.domain.serving import Result, decide_finish
from server.domain.ticket import Ticket, TicketState
from server.domain.undoing import decide_undo
from tests.server.branch_example import DATE, HandTurnedDay


def served() -> tuple[HandTurnedDay, Ticket]:
    hall = HandTurnedDay()
    desk = hall.seat(1)
    hall.issue()
    ticket = hall.call_next(desk)
    hall.do(decide_finish(hall.day, desk, ticket.id, Result("pending", None, [], "")))
    return hall, ticket


def put_right(hall: HandTurnedDay, ticket: Ticket, field: str, value: str) -> RecordCorrected:
    asked = Correction(field, value, "Salah pilih", "dewi")
    (event,) = hall.do(decide_correction(hall.day, record_of(hall.day, ticket), asked))
    assert isinstance(event, RecordCorrected)
    return event


@pytest.mark.parametrize(
    ("field", "value", "before", "after"),
    [
        ("category", "activation", "", "activation"),
        ("outcome", "solved", "pending", "solved"),
        ("education", " mobile-jkn ,", "", "mobile-jkn"),
        ("note", "Menyusul berkas", "", "Menyusul berkas"),
    ],
)
def test_both_versions_are_written_down(field: str, value: str, before: str, after: str) -> None:
    hall, ticket = served()
    event = put_right(hall, ticket, field, value)
    assert event == RecordCorrected(
        ticket=ticket.id,
        of_date=DATE,
        field=field,
        before=before,
        after=after,
        reason="Salah pilih",
        staff="dewi",
    )
    assert record_of(hall.day, ticket).fields[field] == before
    assert hall.retold().corrections == {(ticket.id, field): after}


def test_a_second_correction_begins_where_the_first_one_ended() -> None:
    hall, ticket = served()
    put_right(hall, ticket, "category", "activation")
    again = put_right(hall, ticket, "category", "")
    assert (again.before, again.after) == ("activation", "")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("category", "no-such"),
        ("outcome", "done"),
        ("outcome", ""),
        ("education", "mobile-jkn,no-such"),
        ("outcome", "pending"),
        ("note", ""),
    ],
)
def test_what_is_not_right_or_not_new_is_refused(field: str, value: str) -> None:
    hall, ticket = served()
    with pytest.raises(QueueRuleError) as no:
        put_right(hall, ticket, field, value)
    assert (no.value.reason, no.value.facts) == ("bad-value", {"field": "value"})


def test_what_a_manager_put_right_is_not_undone() -> None:
    hall, ticket = served()
    desk = hall.day.desks[1]
    assert decide_undo(hall.day, desk, hall.now_ms)
    put_right(hall, ticket, "outcome", "solved")
    with pytest.raises(QueueRuleError) as no:
        decide_undo(hall.day, desk, hall.now_ms)
    assert no.value.reason == "too-late"


def test_a_ticket_that_is_still_open_is_not_put_right() -> None:
    hall = HandTurnedDay()
    waiting = hall.issue()
    with pytest.raises(QueueRuleError) as no:
        put_right(hall, waiting, "note", "x")
    assert no.value.reason == "wrong-state"
    assert no.value.facts == {"state": "waiting", "number": "A001"}


def test_who_was_never_served_has_a_note_and_no_outcome() -> None:
    hall = HandTurnedDay()
    record = TicketRecord("t", "A001", "2026-09-20", TicketState.NO_SHOW, {"note": ""})
    for field in ("outcome", "category", "education"):
        with pytest.raises(QueueRuleError) as no:
            decide_correction(hall.day, record, Correction(field, "", "-", "dewi"))
        assert no.value.reason == "wrong-state"
    noted = decide_correction(hall.day, record, Correction("note", "Sakit", "-", "dewi"))
    assert [event.of_date for event in noted if isinstance(event, RecordCorrected)] == [
        "2026-09-20"
    ]


def test_an_unknown_ticket_is_not_put_right() -> None:
    with pytest.raises(QueueRuleError) as no:
        decide_correction(HandTurnedDay().day, None, Correction("note", "x", "-", "dewi"))
    assert no.value.reason == "unknown-ticket"


def test_a_record_of_an_earlier_day_is_put_right_today() -> None:
    """No ticket of today is touched by it."""
    hall = HandTurnedDay()
    record = TicketRecord("old", "A001", "2026-09-20", TicketState.FINISHED, {"note": "x"})
    asked = Correction("note", "y", "Salah tulis", "dewi")
    hall.do(decide_correction(hall.day, record, asked))
    assert hall.day.corrections == {("old", "note"): "y"}
    assert hall.day.tickets == {}
