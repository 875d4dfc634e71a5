"""What a manager does to the running hall from a browser, with ``on_behalf_of`` (M1 of ux.md).

The same words from the manager's own seat, and what no counter may say of another.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from protocol import messages as m
from protocol.roles import DeviceRole
from server import snapshots
from server.commands.handler import Asker
from server.domain import events as e
from server.queries.history import told
from server.texts import in_each
from tests.server.branch_example import BRANCH
from tests.server.lane_story import (
    ADI,
    DESK,
    DEWI,
    KIOSK,
    OFFICE,
    OTHER_DESK,
    WEB,
    LaneStory,
)


class Managed(LaneStory):
    """Rina and Adi at their counters; Dewi, who speaks from a browser or from her seat."""

    def __init__(self, folder: Path, asker: Asker) -> None:
        super().__init__(folder)
        self.asker = asker
        self.sit_down(1)
        self.sit_down(2, OTHER_DESK, ADI)
        self.sign_in(OFFICE, DEWI)
        self.session = self.open_browser(DEWI) if asker is WEB else None

    def say(self, kind: type[m.AnyCommand], **fields: Any) -> dict[str, Any]:
        """A manager's word."""
        said = {"id": str(uuid4()), **fields}
        if self.session is not None:
            said["on_behalf_of"] = self.session
        return self.ask(msgspec.convert(said, kind), self.asker)

    def issue(self, **fields: Any) -> str:
        answer = self.ask(m.IssueTicket(id=uuid4(), service="A", **fields))
        ticket: str = answer["ticket"]["id"]
        return ticket

    def call(self, desk: Asker = DESK) -> str:
        answer = self.ask(m.CallNext(id=uuid4()), desk)
        ticket: str = answer["ticket"]["id"]
        return ticket

    def missed(self) -> str:
        """A number that nobody came for."""
        self.set_one("no_show.wait_s", "0")
        self.set_one("no_show.calls_least", "1")
        ticket = self.issue()
        self.call()
        answer = self.ask(m.RecordNoShow(id=uuid4(), ticket=ticket), DESK)
        assert answer["ticket"]["state"] == "no-show", answer
        return ticket

    def last(self, kind: type[e.AnyEvent]) -> Any:
        """The newest event of a kind; the pages' device is its actor, the manager its staff."""
        found = [one for one in self.store.load_day().entries if isinstance(one.event, kind)]
        assert found[-1].actor == self.asker.device
        return found[-1].event


@pytest.fixture(params=[WEB, OFFICE], ids=["web", "manager"])
def hall(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Managed]:
    told = Managed(tmp_path, request.param)
    yield told
    told.store.close()


# Counters.


def test_a_manager_pauses_opens_and_closes_a_counter(hall: Managed) -> None:
    desk = hall.lane.day.desks[1]
    assert hall.say(m.PauseCounter, counter=1, reason="break")["type"] == "Accepted"
    assert (desk.state, desk.reason, desk.staff) == ("paused", "break", "rina")
    paused = hall.last(e.CounterPaused)
    assert (paused.counter, paused.staff) == (1, "dewi")
    assert hall.say(m.OpenCounter, counter=1)["type"] == "Accepted"
    assert desk.state == "open"
    assert hall.last(e.CounterOpened).staff == "dewi"
    assert hall.say(m.CloseCounter, counter=1)["type"] == "Accepted"
    assert (desk.state, desk.staff) == ("closed", "rina"), "whoever sits there stays signed in"
    assert hall.last(e.CounterClosed).staff == "dewi"
    assert hall.lane.day.desks[2].state == "open"
    hall.restart()
    assert hall.lane.day.desks[1].state == "closed"


def test_whoever_sits_there_sees_it_and_goes_on(hall: Managed) -> None:
    hall.say(m.PauseCounter, counter=1, reason="prayer")
    seen = snapshots.queue_snapshot(snapshots.Hall(hall.lane.day, hall.clock.ms), DESK.device)
    assert seen.counter is not None
    assert (seen.counter.number, seen.counter.state) == (1, "paused")
    hall.issue()
    assert hall.ask(m.CallNext(id=uuid4()), DESK)["reason"] == "counter-closed"
    assert hall.ask(m.OpenCounter(id=uuid4()), DESK)["type"] == "Accepted"
    hall.call()


def test_a_counter_that_serves_somebody_is_neither_closed_nor_paused(hall: Managed) -> None:
    """I4: nobody is left standing there."""
    hall.issue()
    ticket = hall.call()
    for said in (
        hall.say(m.CloseCounter, counter=1),
        hall.say(m.PauseCounter, counter=1, reason="break"),
    ):
        assert (said["reason"], said["ticket"]["id"]) == ("counter-busy", ticket)


def test_a_counter_where_nobody_sits_is_not_opened(hall: Managed) -> None:
    answer = hall.say(m.OpenCounter, counter=3)
    assert answer["reason"] == "counter-closed"
    assert "loket 3" in answer["message"]
    assert hall.say(m.CloseCounter, counter=3)["type"] == "Accepted", "as it is already"
    assert hall.say(m.PauseCounter, counter=3, reason="break")["reason"] == "counter-closed"


@pytest.mark.parametrize(
    ("kind", "more"),
    [(m.OpenCounter, {}), (m.CloseCounter, {}), (m.PauseCounter, {"reason": "break"})],
)
def test_a_manager_names_a_counter_that_there_is(
    hall: Managed, kind: type[m.AnyCommand], more: dict[str, str]
) -> None:
    assert hall.say(kind, **more)["reason"] == "missing-field"
    assert hall.say(kind, counter=77, **more)["reason"] == "bad-value"


def test_a_counter_says_these_words_of_itself_alone(hall: Managed) -> None:
    """F47."""
    pause = m.PauseCounter(id=uuid4(), reason="break", counter=2)
    for word in (m.CloseCounter(id=uuid4(), counter=2), pause):
        assert hall.ask(word, DESK)["reason"] == "not-allowed"
    assert hall.lane.day.desks[2].state == "open"
    assert hall.ask(m.CloseCounter(id=uuid4(), counter=1), DESK)["type"] == "Accepted"


def test_skills_are_set_from_there(hall: Managed) -> None:
    said = hall.say(m.SetCounterServices, counter=1, services=["B"], preference={"B": 2})
    assert said["type"] == "Accepted"
    assert hall.say(m.SetStaffServices, staff="adi", services=["A", "C"])["type"] == "Accepted"
    day = hall.lane.day
    assert (day.counter_skills[1].services, day.staff_skills["adi"].services) == (
        ("B",),
        ("A", "C"),
    )
    assert hall.last(e.CounterServicesSet).staff == hall.last(e.StaffServicesSet).staff == "dewi"


# Tickets.


def test_a_missed_number_comes_back_by_a_managers_word_also_after_its_time(hall: Managed) -> None:
    ticket = hall.missed()
    hall.clock.ms += 3 * 3600 * 1000
    word = m.RequeueTicket(id=uuid4(), ticket=ticket)
    assert hall.ask(word, DESK)["reason"] == "too-late", "the published grace rule"
    assert hall.say(m.RequeueTicket, ticket=ticket)["ticket"]["state"] == "waiting"
    assert hall.last(e.TicketRequeued).staff == "dewi"
    assert hall.call() == ticket
    again = m.RecordNoShow(id=uuid4(), ticket=ticket)
    assert hall.ask(again, DESK)["ticket"]["state"] == "no-show"
    assert hall.say(m.RequeueTicket, ticket=ticket)["type"] == "Accepted", "as often as needed"
    hall.restart()
    assert hall.lane.day.tickets[ticket].state.value == "waiting"


def test_who_comes_back_late_stands_behind_the_first_few_like_all_who_come_back(
    hall: Managed,
) -> None:
    """Nobody is overtaken by more than the published rule lets through."""
    ticket = hall.missed()
    waiting = [hall.issue() for _ in range(8)]
    hall.clock.ms += 3600 * 1000
    said = hall.say(m.RequeueTicket, ticket=ticket)["ticket"]
    assert said["people_ahead"] == hall.lane.day.branch.rules.grace_places
    assert hall.call() == waiting[0]


def test_what_was_cancelled_by_mistake_needs_a_new_number_and_the_words_say_so(
    hall: Managed,
) -> None:
    ticket = hall.issue()
    assert hall.say(m.CancelTicket, ticket=ticket, reason="visitor-left")["type"] == "Accepted"
    answer = hall.say(m.RequeueTicket, ticket=ticket)
    assert (answer["reason"], answer["state"]) == ("wrong-state", "cancelled")
    assert "nomor baru" in answer["message"]
    waiting = hall.say(m.RequeueTicket, ticket=hall.issue())
    assert (waiting["state"], "nomor baru" in waiting["message"]) == ("waiting", False)


def test_a_manager_cancels_what_waits_and_what_is_called_anywhere(hall: Managed) -> None:
    waiting, called = hall.issue(), None
    for ticket in (waiting, called):
        if ticket is None:
            hall.issue()
            ticket = hall.call(OTHER_DESK)
        said = hall.say(m.CancelTicket, ticket=ticket, reason="visitor-left")
        assert said["ticket"]["state"] == "cancelled"
        event = hall.last(e.TicketCancelled)
        assert (event.staff, event.device) == ("dewi", hall.asker.device)
    assert hall.lane.day.desks[2].ticket is None


def test_a_manager_hands_a_visitor_on_from_any_counter(hall: Managed) -> None:
    hall.issue()
    ticket = hall.call()
    said = hall.say(m.TransferTicket, ticket=ticket, service="B", position="first", note="Segera")
    assert (said["ticket"]["state"], said["ticket"]["service"]) == ("waiting", "B")
    assert hall.last(e.TicketTransferred).staff == "dewi"
    assert hall.lane.day.desks[1].ticket is None
    undo = hall.ask(m.UndoLast(id=uuid4()), DESK)
    assert undo["type"] == "Rejected", "the counter takes back its own moves alone"


def test_a_manager_has_a_lost_paper_printed_again(hall: Managed) -> None:
    ticket = hall.issue()
    assert hall.say(m.ReprintTicket, ticket=ticket)["type"] == "Accepted"
    event = hall.last(e.TicketReprinted)
    assert (event.print_at, event.copy, event.staff) == (KIOSK.device, 2, "dewi")
    said = hall.say(m.ReprintTicket, ticket=ticket, print_at="kiosk-2")
    assert said["type"] == "Accepted"
    assert hall.last(e.TicketReprinted).print_at == "kiosk-2"
    assert hall.say(m.ReprintTicket, ticket=ticket, print_at="tv-1")["reason"] == "bad-value"


def test_a_record_is_put_right_from_there(hall: Managed) -> None:
    hall.issue()
    ticket = hall.call()
    hall.ask(m.FinishService(id=uuid4(), ticket=ticket, outcome="pending"), DESK)
    fields = {"field": "outcome", "value": "solved", "reason": "Salah tekan"}
    assert hall.say(m.CorrectRecord, ticket=ticket, **fields)["type"] == "Accepted"
    assert hall.last(e.RecordCorrected).staff == "dewi"


# The day and the hall.


def test_discipline_services_and_the_line_of_the_tv_change_from_there(hall: Managed) -> None:
    assert hall.say(m.SetDiscipline, discipline="ratio")["type"] == "Accepted"
    assert hall.say(m.PauseService, service="A", reason="Jaringan putus")["type"] == "Accepted"
    refused = hall.ask(m.IssueTicket(id=uuid4(), service="A"))
    assert refused["reason"] == "service-closed"
    assert hall.say(m.ResumeService, service="A")["type"] == "Accepted"
    hall.issue()
    assert hall.say(m.PostText, text={"id": "Loket 4 di lantai 2"})["type"] == "Accepted"
    day = hall.lane.day
    assert day.rules.discipline == "ratio"
    assert day.posted_text is not None
    kinds: list[type[e.AnyEvent]] = [e.DisciplineSet, e.ServicePaused, e.ServiceResumed]
    for kind in (*kinds, e.TextPosted):
        assert hall.last(kind).staff == "dewi"


def test_the_day_is_closed_signed_and_gone_on_with_from_there(hall: Managed) -> None:
    hall.issue()
    assert hall.say(m.CloseBranchDay, note="Selesai")["type"] == "Accepted"
    assert (hall.lane.day.closed, hall.lane.day.signed_by) == (True, "dewi")
    assert hall.say(m.PauseService, service="A")["reason"] == "day-closed"
    assert hall.say(m.ReopenBranchDay, reason="Masih ada tamu")["type"] == "Accepted"
    assert not hall.lane.day.closed


def test_a_retry_of_a_managers_word_is_done_once_and_answered_the_same(hall: Managed) -> None:
    """I6: also after a restart, and also when the session has ended meanwhile."""
    ticket = hall.issue()
    fields: dict[str, Any] = {"ticket": ticket, "on_behalf_of": hall.session}
    word = m.ReprintTicket(id=uuid4(), **fields)
    once = hall.ask(word, hall.asker)
    assert once["type"] == "Accepted"
    hall.restart()
    if hall.session is not None:
        end = m.EndSession(id=uuid4(), on_behalf_of=hall.session)
        assert hall.ask(end, WEB)["type"] == "Accepted"
    assert hall.ask(word, hall.asker) == once
    other = Asker("web-2", DeviceRole.WEB)
    assert hall.ask(word, other)["reason"] == "id-reused"
    assert hall.lane.day.tickets[ticket].copies == 2


# In words.


def test_the_history_says_who_did_what_also_from_a_browser(hall: Managed) -> None:
    ticket = hall.missed()
    hall.say(m.RequeueTicket, ticket=ticket)
    hall.say(m.TransferTicket, ticket=ticket, service="B", position="last")
    hall.say(m.ReprintTicket, ticket=ticket)
    hall.say(m.CancelTicket, ticket=ticket, reason="visitor-left")
    told_of = []
    for one in hall.store.ticket_events(ticket, hall.lane.day.business_date):
        if one.actor == hall.asker.device:
            code, facts = told(BRANCH, ticket, one.event)
            for sentence in in_each(("id", "en"), "history", code, facts).values():
                assert sentence
                assert "{" not in sentence
            told_of.append((code, getattr(one.event, "staff", None)))
    assert told_of == [
        ("requeued", "dewi"),
        ("transferred-service", "dewi"),
        ("reprinted", "dewi"),
        ("cancelled", "dewi"),
    ]
