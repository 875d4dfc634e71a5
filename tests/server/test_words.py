"""protocol.md sentence by sentence: asking, remembering, telling."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from websockets.asyncio.client import connect

from protocol.messages import (
    CallNext,
    CancelTicket,
    ConfirmAnnouncement,
    ConfirmPrint,
    Finish,
    FinishService,
    IssueTicket,
    ParkTicket,
    RateService,
    RecallTicket,
    RecordNoShow,
    ReprintTicket,
    RequeueTicket,
    ResumeTicket,
    SignOut,
    StartService,
)
from protocol.roles import DeviceRole
from server.commands.handler import Asker
from server.connections import Connection, Connections
from server.notices import Notices
from tests.running_branch import PIN, RunningBranch
from tests.server.lane_story import (
    ADI,
    DESK,
    DEWI,
    KIOSK,
    OFFICE,
    OTHER_DESK,
    OTHER_KIOSK,
    PAD,
    RINA,
    TV,
    LaneStory,
)
from tests.server.test_attacks import TEXT, frame
from tests.server.test_gateway import answer, close_code, hello, open_raw
from tests.server.test_greeting import Wire


class Hall(LaneStory):
    """A lane whose batches are told to the devices that are there."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.connections = Connections()
        self.notices = Notices(self.connections, lambda: self.lane.day, lambda: self.clock.ms)

    def connect(self, asker: Asker) -> Wire:
        """A device comes (again), and is greeted."""
        wire = Wire()
        connection = Connection(wire, asker)
        self.connections.add(connection, self.clock.ms)
        self.notices.greet(connection)
        return wire

    def together(self, *asked: Any) -> list[dict[str, Any]]:
        batch = self.decide(*asked)
        if batch.must_be_written:
            self.lane.write(batch)
        self.notices.tell(batch.entries)
        return self.answers(batch)

    def sign_in(self, *who: Any, **where: Any) -> dict[str, Any]:
        before = self.lane.day.revision
        answered = super().sign_in(*who, **where)
        with self.store.database.reading() as connection:
            entries = [one.recorded for one in self.store.history(connection, before + 1)]
        self.notices.tell([recorded for recorded in entries if recorded is not None])
        return answered

    def issue(self, asker: Asker = KIOSK, **fields: Any) -> str:
        answered = self.ask(IssueTicket(id=uuid4(), service="A", **fields), asker)
        ticket: str = answered["ticket"]["id"]
        return ticket

    def call(self) -> str:
        ticket: str = self.ask(CallNext(id=uuid4()), DESK)["ticket"]["id"]
        return ticket


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    told = Hall(tmp_path)
    told.lane.write(told.lane.decide([]))  # opens the day
    yield told
    told.store.close()


def last(wire: Wire, kind: str) -> dict[str, Any]:
    return next(words for words in reversed(wire.frames) if words["type"] == kind)


# Opening.


async def test_nothing_comes_before_the_welcome_even_when_everything_was_said_at_once(
    branch: RunningBranch,
) -> None:
    async with connect(branch.url, compression=None) as socket:
        dance = json.dumps({"type": "Dance", "id": str(uuid4())})
        issue = json.dumps({"type": "IssueTicket", "id": str(uuid4()), "service": "A"})
        # In one piece, so that the server reads all of it before it can answer.
        said = [frame(TEXT, words.encode()) for words in (hello(branch, "kiosk-1"), dance, issue)]
        socket.transport.write(b"".join(said))
        heard = [json.loads(await socket.recv())["type"] for _ in range(4)]
    assert heard[:2] == ["Welcome", "KioskSnapshot"]
    assert set(heard[2:]) <= {"Accepted", "Rejected", "TicketToPrint", "KioskSnapshot"}


async def test_a_protocol_that_the_server_does_not_speak_is_refused_with_a_reason(
    branch: RunningBranch,
) -> None:
    async with connect(branch.url, compression=None) as socket:
        await socket.send(hello(branch, "kiosk-1", protocol=2))
        refused = await answer(socket)
        assert (refused["id"], refused["reason"]) == (None, "bad-value")
        assert await close_code(socket) == 4400


async def test_a_sign_in_survives_a_lost_connection_and_ends_with_sign_out(
    branch: RunningBranch,
) -> None:
    words = {"type": "SignIn", "staff": "rina", "pin": PIN, "counter": 1}
    async with open_raw(branch, "counter-1") as socket:
        await socket.send(json.dumps(words | {"id": str(uuid4())}))
        accepted = await answer(socket, "Accepted")
        assert accepted["staff"] == "rina"
        assert "CallNext" in accepted["permissions"]
        socket.transport.abort()
    async with connect(branch.url, compression=None) as socket:
        await socket.send(hello(branch, "counter-1"))
        seated = (await answer(socket, "Welcome"))["signed_in"]
        assert (seated["staff"], seated["counter"]) == ("rina", 1)
        await socket.send(json.dumps({"type": "SignOut", "id": str(uuid4())}))
        await answer(socket, "Accepted")
    async with connect(branch.url, compression=None) as socket:
        await socket.send(hello(branch, "counter-1"))
        assert (await answer(socket, "Welcome"))["signed_in"] is None


# Asking.


def test_the_memory_comes_before_roles_sign_in_and_state(hall: Hall) -> None:
    """Law I6: a retry is answered again, also when the same would be refused by now."""
    hall.sit_down()
    hall.issue()
    call = CallNext(id=uuid4())
    first = hall.ask(call, DESK)
    hall.ask(FinishService(id=uuid4(), ticket=first["ticket"]["id"], outcome="solved"), DESK)
    hall.ask(SignOut(id=uuid4()), DESK)
    assert hall.ask(call, DESK) == first
    hall.restart()
    assert hall.ask(call, DESK) == first
    hall.clock.set("2026-11-21T07:00:00")
    assert hall.ask(call, DESK) == first


def test_a_known_id_of_another_device_is_refused_before_its_role_is_looked_at(
    hall: Hall,
) -> None:
    issue = IssueTicket(id=uuid4(), service="A")
    hall.ask(issue)
    assert hall.ask(issue, TV)["reason"] == "id-reused"
    assert hall.ask(issue, OTHER_KIOSK)["reason"] == "id-reused"


def test_the_order_of_keys_and_what_is_left_out_make_no_other_body(hall: Hall) -> None:
    short: dict[str, Any] = {"id": str(uuid4()), "service": "A"}
    absent: dict[str, Any] = {"print_at": None, "needs": [], "language": "id", "weight": None}
    long = absent | {"service": "A", "priority": "none", "screening": None, "id": short["id"]}
    first = hall.ask(msgspec.convert(short, IssueTicket))
    assert hall.ask(msgspec.convert(long, IssueTicket)) == first


def test_two_of_the_same_finish_with_next_finish_one_visitor(hall: Hall) -> None:
    """Two presses that are two intentions: the second finds the next visitor called, no other."""
    hall.sit_down()
    for _ in range(3):
        hall.issue()
    hall.call()
    both = CallNext(id=uuid4(), finish=Finish(outcome="solved"))
    first, again = hall.together((both, DESK), (both, DESK))
    assert first == again
    assert [t.state.value for t in hall.lane.day.tickets.values()] == [
        *("finished", "called", "waiting")
    ]


def test_an_empty_queue_is_a_refusal_only_without_a_finish(hall: Hall) -> None:
    hall.sit_down()
    assert hall.ask(CallNext(id=uuid4()), DESK)["reason"] == "queue-empty"
    hall.issue()
    hall.call()
    done = hall.ask(CallNext(id=uuid4(), finish=Finish(outcome="pending")), DESK)
    assert (done["ticket"], done["empty"], done["finished"]["state"]) == (None, True, "finished")


def test_a_kiosk_touches_only_its_own_tickets_and_only_for_ten_minutes(hall: Hall) -> None:
    ticket = hall.issue()
    cancel = {"ticket": ticket, "reason": "mistake"}
    assert hall.ask(CancelTicket(id=uuid4(), **cancel), OTHER_KIOSK)["reason"] == "not-yours"
    assert hall.ask(ReprintTicket(id=uuid4(), ticket=ticket), OTHER_KIOSK)["reason"] == "not-yours"
    hall.clock.ms += 600_000
    assert hall.ask(ReprintTicket(id=uuid4(), ticket=ticket))["type"] == "Accepted"
    hall.clock.ms += 1
    assert hall.ask(ReprintTicket(id=uuid4(), ticket=ticket))["reason"] == "too-late"
    assert hall.ask(CancelTicket(id=uuid4(), **cancel))["reason"] == "too-late"


def test_a_used_up_range_refuses_and_does_not_start_again(hall: Hall) -> None:
    """Law I2."""
    with hall.store.database.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO setting (branch, key, value) VALUES ('1301', 'numbering.last', '2')"
        )
    hall.restart()
    hall.issue()
    hall.issue()
    refused = hall.ask(IssueTicket(id=uuid4(), service="A"))
    assert refused["reason"] == "numbers-exhausted"
    hall.let_kiosks_claim()
    assert hall.ask(IssueTicket(id=uuid4(), service="A", priority="elderly"))["ticket"]


def test_an_unknown_service_counter_choice_or_kiosk_is_refused(hall: Hall) -> None:
    for fields, reason in (
        ({"service": "Z"}, "unknown-service"),
        ({"service": "A", "needs": ["a ladder"]}, "bad-value"),
        ({"service": "A", "print_at": "counter-1"}, "bad-value"),
        ({"service": "A", "screening": "none"}, "unknown-screening"),
    ):
        assert hall.ask(IssueTicket(id=uuid4(), **fields))["reason"] == reason
    assert hall.sign_in(DESK, RINA, 77)["reason"] == "bad-value"
    assert hall.sign_in(DESK, RINA)["reason"] == "missing-field"


def test_a_counters_device_may_know_where_it_stands(hall: Hall) -> None:
    """``device add --counter 3``: SignIn without a number means that counter."""
    desk = Asker("counter-9", DeviceRole.COUNTER, counter=3)
    assert hall.sign_in(desk, RINA)["type"] == "Accepted"
    assert hall.lane.day.seats["counter-9"].counter == 3


# Sitting down.


def test_who_signs_in_elsewhere_takes_counter_and_visitor_along(hall: Hall) -> None:
    """F25: the old device is told, and nobody else."""
    old, new = hall.connect(DESK), hall.connect(OTHER_DESK)
    hall.sit_down()
    hall.issue()
    ticket = hall.call()
    assert hall.sign_in(OTHER_DESK, RINA)["type"] == "Accepted"
    assert last(old, "SignedOut")["reason"] == "elsewhere"
    assert "masuk di tempat lain" in last(old, "SignedOut")["message"]
    assert "SignedOut" not in new.heard
    assert hall.ask(StartService(id=uuid4(), ticket=ticket), OTHER_DESK)["ticket"]["counter"] == 1
    assert hall.ask(CallNext(id=uuid4()), DESK)["reason"] == "not-signed-in"


def test_a_sign_in_never_tells_its_own_device_that_it_is_signed_out(hall: Hall) -> None:
    """To another counter, or another person at the same device."""
    wire = hall.connect(DESK)
    hall.sit_down()
    assert hall.sign_in(DESK, RINA, 2)["type"] == "Accepted"
    assert hall.sign_in(DESK, ADI, 2)["type"] == "Accepted"
    assert "SignedOut" not in wire.heard
    assert hall.lane.day.seats["counter-1"].staff == "adi"


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_sign_out_has_its_own_words(language: str) -> None:
    from server.refusals import sentence

    reasons = ("elsewhere", "replaced", "idle", "day-closed", "disabled")
    words = {sentence(f"signed-out-{reason}", language) for reason in reasons}
    assert len(words) == len(reasons)
    assert sentence("internal", language) not in words


# Telling.


def test_an_announcement_is_due_again_until_confirmed_expired_or_no_longer_called(
    hall: Hall,
) -> None:
    """Law I10."""
    hall.sit_down()
    hall.issue()
    ticket = hall.call()
    first = last(hall.connect(TV), "Announcement")
    assert last(hall.connect(TV), "Announcement") == first
    confirm = ConfirmAnnouncement(id=uuid4(), announcement=first["announcement"], outcome="spoken")
    hall.ask(confirm, TV)
    assert "Announcement" not in hall.connect(TV).heard
    other_tv = Asker("tv-2", DeviceRole.DISPLAY)
    assert "Announcement" in hall.connect(other_tv).heard, "each display confirms for itself"
    hall.clock.ms += 91_000
    assert "Announcement" not in hall.connect(other_tv).heard
    hall.ask(RecallTicket(id=uuid4(), ticket=ticket), DESK)
    recalled = last(hall.connect(other_tv), "Announcement")
    assert recalled["announcement"] != first["announcement"]
    assert recalled["call_count"] == 2
    hall.ask(StartService(id=uuid4(), ticket=ticket), DESK)
    assert "Announcement" not in hall.connect(other_tv).heard


def test_an_announcement_names_the_counter_that_the_visitor_was_taken_along_to(
    hall: Hall,
) -> None:
    hall.sit_down()
    hall.issue()
    hall.call()
    hall.sign_in(OTHER_DESK, RINA, 2)
    assert last(hall.connect(TV), "Announcement")["counter"] == 2


def test_an_announcement_is_in_the_branchs_languages_only(hall: Hall) -> None:
    hall.sit_down()
    tv = hall.connect(TV)
    for spoken, languages in (("xx", ["id"]), ("en", ["id", "en"]), ("id", ["id"])):
        hall.issue(language=spoken)
        ticket = hall.call()
        assert last(tv, "Announcement")["languages"] == languages
        hall.ask(RecordNoShow(id=uuid4(), ticket=ticket), DESK)


def test_a_paper_that_is_sent_again_is_a_further_copy(hall: Hall) -> None:
    """Law I9."""
    kiosk = hall.connect(KIOSK)
    hall.issue()
    job = last(kiosk, "TicketToPrint")["job"]
    copies = [last(hall.connect(KIOSK), "TicketToPrint")["copy"] for _ in range(2)]
    assert copies == [2, 3]
    hall.ask(ConfirmPrint(id=uuid4(), job=job, outcome="unknown"))
    assert "TicketToPrint" not in hall.connect(KIOSK).heard


def test_a_paper_that_is_asked_for_late_is_still_printed(hall: Hall) -> None:
    """F33: a visitor lost the ticket an hour ago; the officer has it printed once more."""
    hall.sign_in(OFFICE, DEWI)
    kiosk = hall.connect(KIOSK)
    ticket = hall.issue()
    hall.clock.ms += 3_600_000
    hall.ask(ReprintTicket(id=uuid4(), ticket=ticket, print_at="kiosk-1"), OFFICE)
    paper = last(kiosk, "TicketToPrint")
    assert (paper["copy"], paper["ticket"]["id"]) == (2, ticket)


def test_what_a_kiosk_never_heard_of_for_ten_minutes_is_not_printed_any_more(hall: Hall) -> None:
    """A paper out of time would come out in front of another visitor."""
    hall.issue()
    hall.clock.ms += 600_000
    assert "TicketToPrint" not in hall.connect(KIOSK).heard


def test_how_often_papers_were_sent_is_forgotten_with_the_day(hall: Hall) -> None:
    """Law I14."""
    hall.connect(KIOSK)
    hall.issue()
    assert len(hall.notices._papers) == 1
    hall.clock.set("2026-11-21T08:00:00")
    hall.ask(CallNext(id=uuid4()), DESK)
    assert len(hall.notices._papers) == 0


def test_a_rating_pad_is_asked_again_after_a_lost_link_while_the_visitor_may_stand_there(
    hall: Hall,
) -> None:
    hall.sit_down()
    hall.issue()
    ticket = hall.call()
    hall.ask(FinishService(id=uuid4(), ticket=ticket, outcome="solved"), DESK)
    assert last(hall.connect(PAD), "RatingInvitation")["ticket"] == ticket
    elsewhere = Asker("pad-2", DeviceRole.RATING, counter=2)
    assert "RatingInvitation" not in hall.connect(elsewhere).heard
    hall.clock.ms += 121_000
    assert "RatingInvitation" not in hall.connect(PAD).heard
    hall.clock.ms -= 121_000
    hall.ask(RateService(id=uuid4(), ticket=ticket, score=4), PAD)
    assert "RatingInvitation" not in hall.connect(PAD).heard


def test_lists_hold_the_first_fifty_and_say_how_many_there_are(hall: Hall) -> None:
    hall.sit_down()
    hall.together(*[(IssueTicket(id=uuid4(), service="A"), KIOSK) for _ in range(60)])
    queue = last(hall.connect(DESK), "QueueSnapshot")
    assert (len(queue["line"]), queue["total"]) == (50, 60)
    assert [entry["place"] for entry in queue["line"]] == list(range(1, 51))


def test_no_secret_and_no_id_of_a_ticket_ever_reaches_a_board(hall: Hall) -> None:
    """Law I12: whatever happens, a TV hears numbers and counters only."""
    hall.let_kiosks_claim()
    tv, pad = hall.connect(TV), hall.connect(PAD)
    hall.sit_down()
    for _ in range(4):
        hall.issue(priority="elderly")
    finish = FinishService(id=uuid4(), ticket=hall.call(), outcome="solved", note="CANARY")
    hall.ask(finish, DESK)
    hall.ask(RecordNoShow(id=uuid4(), ticket=hall.call()), DESK)
    parked = hall.call()
    hall.ask(ParkTicket(id=uuid4(), ticket=parked, reason="documents"), DESK)
    hall.ask(ResumeTicket(id=uuid4(), ticket=parked), DESK)
    hall.notices.flush()
    told = json.dumps(tv.frames)
    day = hall.lane.day
    for one in day.tickets.values():
        assert one.id not in told
        assert one.link not in told + json.dumps(pad.frames)
    for word in ("CANARY", "rina", "Rina", "http"):
        assert word not in told


def test_the_link_is_for_kiosk_door_and_counter_only(hall: Hall) -> None:
    hall.sit_down()
    hall.sign_in(OFFICE, DEWI)
    ticket = hall.issue()
    cancelled = hall.ask(CancelTicket(id=uuid4(), ticket=ticket, reason="mistake"), OFFICE)
    assert cancelled["ticket"]["link"] is None
    hall.issue()
    assert hall.ask(CallNext(id=uuid4()), DESK)["ticket"]["link"].startswith("http")


def test_who_missed_the_call_comes_back_once_and_within_the_grace_time(hall: Hall) -> None:
    hall.sit_down()
    for _ in range(2):
        hall.issue()
    ticket = hall.call()
    hall.ask(RecordNoShow(id=uuid4(), ticket=ticket), DESK)
    assert last(hall.connect(TV), "BoardSnapshot")["missed"][0]["number"] == "A001"
    assert hall.ask(RequeueTicket(id=uuid4(), ticket=ticket), DESK)["type"] == "Accepted"
    other = hall.call()
    hall.ask(RecordNoShow(id=uuid4(), ticket=other), DESK)
    hall.clock.ms += 600_001
    assert last(hall.connect(TV), "BoardSnapshot")["missed"] == []
    assert hall.ask(RequeueTicket(id=uuid4(), ticket=other), DESK)["reason"] == "too-late"


async def test_snapshots_are_merged_over_100_ms_and_answers_are_not(
    branch: RunningBranch,
) -> None:
    async with open_raw(branch, "tv-2") as screen, open_raw(branch, "kiosk-1") as kiosk:
        began_s = asyncio.get_running_loop().time()
        for _ in range(20):
            await kiosk.send(
                json.dumps({"type": "IssueTicket", "id": str(uuid4()), "service": "F"})
            )
        revisions = [(await answer(kiosk, "Accepted"))["revision"] for _ in range(20)]
        board = await answer(screen, "BoardSnapshot")
        told = 1
        while board["revision"] < revisions[-1]:
            board = await answer(screen, "BoardSnapshot")
            told += 1
        took_s = asyncio.get_running_loop().time() - began_s
    assert told <= took_s / 0.1 + 2
    assert told < 20
