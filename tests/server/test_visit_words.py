"""A visit over the wire: calls, no-shows, transfers, parking, several errands, and what seats
are shown of them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db import tables as t
from db.rows import put_row
from protocol.messages import (
    AnyCommand,
    CallNext,
    ContinueService,
    FinishService,
    IssueTicket,
    ParkTicket,
    RecallTicket,
    RecordNoShow,
    RequeueTicket,
    ResumeTicket,
    SetCounterServices,
    StartService,
    TransferTicket,
)
from server.commands.handler import Asker
from server.connections import Connections
from server.notices import Notices
from server.snapshots import Hall, board_snapshot, hall_snapshot, queue_snapshot
from tests.server.lane_story import (
    ADI,
    BUDI,
    DESK,
    DEWI,
    DOOR,
    OFFICE,
    OTHER_DESK,
    LaneStory,
)

ENGLISH = Asker(DESK.device, DESK.role, "en")


class Visit(LaneStory):
    """Counter 1 with Rina and counter 2 with Adi; settings as a test needs them."""

    def set(self, **settings: str) -> None:
        with self.store.database.writing() as connection:
            for key, value in settings.items():
                row = {"key": key.replace("__", "."), "value": value}
                put_row(connection, t.setting, self.store.branch_code, row)
        self.restart()

    def seat_all(self) -> None:
        self.sit_down(1)
        self.sit_down(2, OTHER_DESK, ADI)
        self.sign_in(OFFICE, DEWI)

    def issue(self, service: str = "A") -> str:
        ticket: str = self.ask(IssueTicket(id=uuid4(), service=service))["ticket"]["id"]
        return ticket

    def called(self, asker: Asker = DESK) -> str:
        """A new ticket, called to a counter."""
        self.issue()
        ticket: str = self.ask(CallNext(id=uuid4()), asker)["ticket"]["id"]
        return ticket

    def tick(self, seconds: float) -> None:
        self.clock.ms += int(seconds * 1000)

    def hall(self) -> Hall:
        return Hall(self.lane.day, self.clock.ms)

    def seen(self, asker: Asker = DESK) -> Any:
        return queue_snapshot(self.hall(), asker.device)


@pytest.fixture
def visit(tmp_path: Path) -> Iterator[Visit]:
    story = Visit(tmp_path)
    story.seat_all()
    yield story
    story.store.close()


def of(kind: type[Any], ticket: str, **fields: Any) -> AnyCommand:
    made: AnyCommand = kind(id=uuid4(), ticket=ticket, **fields)
    return made


# Refusals in words.


def test_too_many_calls_are_refused_with_what_to_do_instead(visit: Visit) -> None:
    ticket = visit.called()
    for left in (3, 2, 1):
        assert visit.seen().recalls_left == left
        visit.tick(5)
        assert visit.ask(of(RecallTicket, ticket), DESK)["type"] == "Accepted"
    visit.tick(5)
    assert visit.seen().recalls_left == 0
    refused = visit.ask(of(RecallTicket, ticket), DESK)
    assert refused["reason"] == "too-many"
    assert refused["message"] == (
        "Nomor A001 sudah dipanggil 4 kali. Catat sebagai tidak hadir; nomornya masih dapat"
        " kembali."
    )
    english = visit.ask(of(RecallTicket, ticket), ENGLISH)["message"]
    assert english == (
        "Number A001 has been called 4 times. Record that nobody came; the number may still"
        " come back."
    )


def test_a_no_show_that_comes_too_soon_says_what_is_missing(visit: Visit) -> None:
    visit.set(no_show__calls_least="2", no_show__wait_s="30")
    ticket = visit.called()
    visit.tick(1)
    refused = visit.ask(of(RecordNoShow, ticket), DESK)
    assert (refused["reason"], refused["retry_after_s"]) == ("too-soon", 29)
    assert refused["message"] == "Panggil nomor ini sekali lagi sebelum mencatat tidak hadir."
    visit.tick(4)
    visit.ask(of(RecallTicket, ticket), DESK)
    refused = visit.ask(of(RecordNoShow, ticket), DESK)
    assert (refused["reason"], refused["retry_after_s"]) == ("too-soon", 25)
    assert "25 detik" in refused["message"]
    english = visit.ask(of(RecordNoShow, ticket), ENGLISH)["message"]
    assert english.startswith("Wait 25 more seconds before you record that nobody came")
    visit.tick(25)
    assert visit.ask(of(RecordNoShow, ticket), DESK)["ticket"]["state"] == "no-show"


def test_recalls_left_is_told_only_while_the_ticket_is_called_and_limited(visit: Visit) -> None:
    assert visit.seen().recalls_left is None
    ticket = visit.called()
    visit.ask(of(StartService, ticket), DESK)
    assert visit.seen().recalls_left is None
    visit.set(calling__recalls_most="")
    visit.called(OTHER_DESK)
    assert visit.seen(OTHER_DESK).recalls_left is None


# Handing on.


def test_what_one_counter_does_not_take_is_everybodys_after_the_set_time(visit: Visit) -> None:
    ticket = visit.called()
    visit.ask(of(TransferTicket, ticket, counter=3, position="arrival"), DESK)
    assert visit.ask(CallNext(id=uuid4()), OTHER_DESK)["reason"] == "queue-empty"
    assert not visit.lane.something_is_due()
    visit.tick(600)
    assert visit.lane.something_is_due()
    called = visit.ask(CallNext(id=uuid4()), OTHER_DESK)
    assert called["ticket"]["id"] == ticket
    assert not visit.lane.something_is_due()


def test_the_clock_alone_writes_the_fall_back_and_a_restart_knows_it(visit: Visit) -> None:
    ticket = visit.called()
    visit.ask(of(TransferTicket, ticket, staff="adi", position="first"), DESK)
    visit.restart()
    visit.tick(600)
    batch = visit.decide()
    assert [type(one.event).__name__ for one in batch.entries] == ["TransferFellBack"]
    assert batch.entries[0].actor == "server"
    visit.lane.write(batch)
    visit.restart()
    assert visit.lane.day.tickets[ticket].line == "service:A"
    assert not visit.lane.something_is_due()


def test_a_fall_back_that_was_due_overnight_is_not_written_into_the_next_day(
    visit: Visit,
) -> None:
    """F14: the day that is over ends first, and the ticket expires with it."""
    ticket = visit.called()
    visit.ask(of(TransferTicket, ticket, counter=3, position="arrival"), DESK)
    visit.tick(24 * 3600)
    batch = visit.decide()
    visit.lane.write(batch)
    kinds = [type(one.event).__name__ for one in batch.entries]
    assert "TransferFellBack" not in kinds
    assert kinds[-1] == "DayOpened"


# Putting aside.


def test_parked_tickets_of_all_counters_are_listed_mine_first_then_by_alarm(
    visit: Visit,
) -> None:
    soon = datetime.fromtimestamp(visit.clock.ms / 1000 + 60, UTC)
    theirs = visit.called(OTHER_DESK)
    visit.ask(of(ParkTicket, theirs, reason="documents", alarm_at=soon), OTHER_DESK)
    mine = visit.called()
    visit.ask(of(ParkTicket, mine, reason="photocopy"), DESK)
    mine_soon = visit.called()
    visit.ask(of(ParkTicket, mine_soon, reason="documents", alarm_at=soon), DESK)
    assert [one.ticket for one in visit.seen().parked] == [mine_soon, mine, theirs]
    assert [one.ticket for one in visit.seen(OTHER_DESK).parked] == [theirs, mine_soon, mine]
    entry = visit.seen(OTHER_DESK).parked[0]
    facts = (entry.number, entry.service, entry.reason, entry.counter, entry.staff, entry.alarm_at)
    assert facts == ("A001", "A", "documents", 2, "adi", soon)
    in_general = visit.seen().parked[1].alarm_at
    assert in_general.timestamp() * 1000 == visit.clock.ms + 900_000


def test_a_seat_without_a_person_lists_parked_tickets_too(visit: Visit) -> None:
    ticket = visit.called()
    visit.ask(of(ParkTicket, ticket, reason="documents"), DESK)
    nobody = queue_snapshot(visit.hall(), "counter-9")
    assert [one.ticket for one in nobody.parked] == [ticket]


def test_a_parked_ticket_that_was_forgotten_is_an_alert_for_the_manager(visit: Visit) -> None:
    ticket = visit.called()
    visit.ask(of(ParkTicket, ticket, reason="documents"), DESK)
    visit.tick(899)
    assert hall_snapshot(visit.hall(), OFFICE.device, []).alerts == []
    visit.tick(1)
    (alert,) = hall_snapshot(visit.hall(), OFFICE.device, []).alerts
    assert (alert.code, alert.subject) == ("park-alarm", "A001")
    assert alert.message == {
        "id": "Nomor A001 yang ditunda loket 1 perlu ditengok.",
        "en": "Number A001, put aside by counter 1, wants to be looked after.",
    }
    assert visit.ask(of(ResumeTicket, ticket), OTHER_DESK)["ticket"]["counter"] == 2
    assert hall_snapshot(visit.hall(), OFFICE.device, []).alerts == []


def test_the_clock_alone_rings_once_for_a_parked_ticket(visit: Visit) -> None:
    notices = Notices(Connections(), lambda: visit.lane.day, lambda: visit.clock.ms)
    ticket = visit.called()
    visit.ask(of(ParkTicket, ticket, reason="documents"), DESK)
    visit.tick(899)
    assert not notices.follow_clock()
    visit.tick(1)
    assert notices.follow_clock()
    assert notices.snapshots_due
    visit.tick(1)
    assert not notices.follow_clock()


# Missed numbers and colleagues.


def test_missed_numbers_are_listed_for_seats_and_boards_while_they_may_come_back(
    visit: Visit,
) -> None:
    tickets = [visit.called()]
    visit.ask(of(RecordNoShow, tickets[0]), DESK)
    visit.tick(1)
    tickets.append(visit.called())
    visit.ask(of(RecordNoShow, tickets[1]), DESK)
    assert [one.ticket for one in visit.seen().missed] == tickets[::-1]
    board = board_snapshot(visit.lane.day, visit.clock.ms)
    assert [one.number for one in board.missed] == ["A002", "A001"]
    visit.tick(599.5)
    assert [one.ticket for one in visit.seen().missed] == [tickets[1]]
    visit.ask(of(RequeueTicket, tickets[1]), DESK)
    assert visit.seen().missed == []


def test_a_number_that_used_up_its_grace_is_listed_no_more(visit: Visit) -> None:
    ticket = visit.called()
    visit.ask(of(RecordNoShow, ticket), DESK)
    visit.ask(of(RequeueTicket, ticket), DESK)
    visit.ask(CallNext(id=uuid4()), DESK)
    visit.ask(of(RecordNoShow, ticket), DESK)
    assert visit.seen().missed == []
    assert board_snapshot(visit.lane.day, visit.clock.ms).missed == []


def test_colleagues_are_whoever_is_signed_in_with_their_counters(visit: Visit) -> None:
    visit.sign_in(DOOR, BUDI)
    seen = [(one.staff, one.name, one.counter) for one in visit.seen().colleagues]
    assert seen == [
        ("adi", "Adi", 2),
        ("budi", "Budi", None),
        ("dewi", "Dewi", None),
        ("rina", "Rina", 1),
    ]


def test_counters_say_what_they_do(visit: Visit) -> None:
    def activities() -> list[str]:
        return [one.activity for one in visit.seen().counters[:3]]

    assert activities() == ["idle", "idle", ""]
    visit.called()
    assert activities() == ["serving", "idle", ""]
    visit.issue()
    assert activities() == ["serving", "idle-with-line", ""]


# Several errands.


def test_the_next_errand_is_answered_with_the_ticket_as_it_is_then(visit: Visit) -> None:
    ticket = visit.called()
    answer = visit.ask(of(ContinueService, ticket, service="B", outcome="solved"), DESK)
    shown = (answer["ticket"]["state"], answer["ticket"]["service"], answer["ticket"]["number"])
    assert shown == ("serving", "B", "A001")
    again = visit.ask(of(FinishService, ticket, outcome="solved"), DESK)
    assert again["ticket"]["state"] == "finished"


def test_an_errand_that_the_counter_does_not_serve_waits_in_its_line(visit: Visit) -> None:
    narrow = SetCounterServices(id=uuid4(), counter=1, services=["A"])
    assert visit.ask(narrow, OFFICE)["type"] == "Accepted"
    ticket = visit.called()
    answer = visit.ask(of(ContinueService, ticket, service="B", outcome="solved"), DESK)
    assert (answer["ticket"]["state"], answer["ticket"]["service"]) == ("waiting", "B")
    assert visit.ask(CallNext(id=uuid4()), DESK)["reason"] == "queue-empty"
    assert visit.ask(CallNext(id=uuid4()), OTHER_DESK)["ticket"]["id"] == ticket


def test_an_errand_that_ends_asks_for_no_rating_yet(visit: Visit) -> None:
    """The visitor is still being served; the invitation comes with the finish."""
    ticket = visit.called()
    batch = visit.decide((of(ContinueService, ticket, service="B", outcome="solved"), DESK))
    kinds = [type(one.event).__name__ for one in batch.entries]
    assert kinds == ["ServiceStarted", "ServiceContinued"]
    visit.lane.write(batch)


# Groups, and tickets from the staff.


def test_a_group_is_one_ticket_with_a_weight(visit: Visit) -> None:
    answer = visit.ask(IssueTicket(id=uuid4(), service="A", weight=50))
    assert visit.lane.day.tickets[answer["ticket"]["id"]].weight == 50
    assert visit.seen().line[0].weight == 50
    visit.restart()
    assert visit.lane.day.tickets[answer["ticket"]["id"]].weight == 50
    assert visit.ask(IssueTicket(id=uuid4(), service="A"))["ticket"]["weight"] == 1


@pytest.mark.parametrize("asker", [DESK, DOOR], ids=lambda asker: asker.role.value)
def test_the_staff_gives_a_number_without_paper(visit: Visit, asker: Asker) -> None:
    visit.sign_in(DOOR, BUDI)
    answer = visit.ask(IssueTicket(id=uuid4(), service="A"), asker)
    assert (answer["ticket"]["state"], answer["ticket"]["print"]) == ("waiting", "none")
    assert visit.lane.day.jobs == {}
    assert visit.ask(CallNext(id=uuid4()), DESK)["ticket"]["id"] == answer["ticket"]["id"]
