"""A counter that loses its link while it serves: what has happened is kept, nobody is called (F17).

The model stands over the shipped session, so that "kept" means on the wire, once, in its order.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from counter.actions import ACTIONS
from counter.seat_model import SeatModel
from protocol.codec import decode_command, encode
from protocol.messages import (
    Accepted,
    AnyCommand,
    CallNext,
    FinishService,
    Hello,
    Query,
    RecordNoShow,
    Rejected,
    Ticket,
)
from protocol.roles import DeviceRole
from protocol.session import LinkState, Session
from tests.counter.words import MORNING, RINA, snapshot, ticket, welcome

CALLED, SERVING = ticket("A012", "called"), ticket("A012", "serving", served_s=100)
HELLO = Hello(protocol=1, role=DeviceRole.COUNTER, device="counter-3", token="secret")


class Wire:
    """A seat, its session, and a server that answers when the story says so."""

    def __init__(self, mine: Ticket) -> None:
        self.now_s = 1000.0
        self._ids = 0
        self.session = Session(HELLO, random=lambda: 0.0, now_s=self.now_s)
        self.seat = SeatModel(
            self._ask,
            lambda query, found: self.session.inquire(query, found, self.now_s),
            new_id=self._new_id,
            now_s=lambda: self.now_s,
            server_now=lambda: MORNING + timedelta(seconds=self.now_s - 1000.0),
        )
        self.session.on_welcome = self.seat.on_welcome
        self.session.on_notice = self.seat.on_notice
        self.session.on_state = self.seat.on_link
        self.sent: list[AnyCommand] = []
        self.connect()
        self.tell(snapshot(5, mine, "A013"))

    def _new_id(self) -> UUID:
        self._ids += 1
        return UUID(int=self._ids)

    def _ask(self, command: AnyCommand, on_answer: Callable[[Accepted | Rejected], None]) -> None:
        self.session.ask(command, on_answer, self.now_s)

    @property
    def serving(self) -> Any:
        return self.seat.serving

    def connect(self) -> None:
        self.session.opening(self.now_s)
        self.session.opened(self.now_s)
        self.session.take_frames()
        self.tell(welcome(RINA))

    def tell(self, message: msgspec.Struct) -> None:
        self.session.received(encode(message), self.now_s)
        self._deliver()

    def _deliver(self) -> None:
        asked = (decode_command(frame) for frame in self.session.take_frames())
        self.sent += [each for each in asked if not isinstance(each, Query)]

    def cut(self) -> None:
        self.session.closed(None, self.now_s)

    def pass_s(self, seconds: float) -> None:
        for _ in range(round(seconds * 10)):
            self.now_s += 0.1
            self.session.tick(self.now_s)
            self.seat.serving.tick()
        self._deliver()


def away(mine: Ticket) -> Wire:
    """Serving, and the cable is out."""
    wire = Wire(mine)
    wire.cut()
    return wire


def test_the_running_ticket_and_its_timer_stay() -> None:
    wire = away(SERVING)
    before = wire.serving.timer()
    wire.pass_s(90)
    after = wire.serving.timer()
    assert wire.serving.ticket == SERVING
    assert after.elapsed_s - before.elapsed_s == pytest.approx(90, abs=1)


def test_only_what_ends_the_running_service_can_be_said() -> None:
    for mine, lawful in ((SERVING, {"finish"}), (CALLED, {"finish", "no-show"})):
        serving = away(mine).serving
        assert {name for name in ACTIONS if not serving.hindrance(name)} == lawful
    assert away(SERVING).serving.hindrance("next") == "link-lost"


def test_next_is_refused_with_words_that_say_what_can_be_done() -> None:
    wire = away(SERVING)
    assert not wire.serving.do("next")
    assert wire.serving.remark.code == "why.link-lost"
    wire.connect()
    assert not wire.sent, "it is not kept for later: nobody is called ten minutes late"


def test_a_finish_is_kept_for_as_long_as_it_takes_and_then_delivered_once() -> None:
    """With the note of the visit, which can be written meanwhile."""
    wire = away(SERVING)
    wire.serving.set_draft(outcome="pending", note="Berkas menyusul")
    assert wire.serving.do("finish")
    assert wire.serving.remark.code == "kept.finish"
    wire.pass_s(600)
    assert wire.serving.remark.code == "kept.finish", "it stands there until it is delivered"
    assert not wire.sent
    wire.connect()
    wire.pass_s(0.2)
    (finish,) = wire.sent
    assert isinstance(finish, FinishService)
    assert (finish.ticket, finish.outcome, finish.note) == (
        SERVING.id,
        "pending",
        "Berkas menyusul",
    )
    wire.tell(snapshot(6, SERVING, "A013"))
    assert not wire.serving.do("finish"), "the answer is still owed"
    done = ticket(SERVING.number, "finished")
    wire.tell(Accepted(id=finish.id, revision=7, ticket=done))
    assert wire.serving.ticket is None
    assert wire.serving.remark.code == "done.finish"
    wire.tell(snapshot(8, None, "A013"))
    assert wire.serving.hindrance("next") == ""


def test_somebody_who_did_not_come_is_kept_too() -> None:
    wire = away(CALLED)
    assert wire.serving.do("no-show")
    wire.pass_s(30)
    wire.connect()
    wire.pass_s(0.2)
    (told,) = wire.sent
    assert isinstance(told, RecordNoShow)


def test_one_thing_at_a_time_is_kept() -> None:
    wire = away(CALLED)
    assert wire.serving.do("finish")
    assert not wire.serving.do("no-show")
    assert not wire.serving.do("finish")
    wire.connect()
    wire.pass_s(0.2)
    assert len(wire.sent) == 1


def test_a_finish_whose_answer_was_lost_is_delivered_again_with_its_id() -> None:
    """I6: asked with the link, answered without."""
    wire = Wire(SERVING)
    assert wire.serving.do("finish")
    wire.pass_s(0.1)
    wire.cut()
    wire.pass_s(60)
    wire.connect()
    wire.pass_s(0.2)
    first, again = wire.sent
    assert first == again


def test_what_the_server_does_not_take_any_more_is_explained() -> None:
    """F25: somebody else has taken the ticket over meanwhile."""
    wire = away(SERVING)
    wire.serving.do("finish")
    wire.pass_s(60)
    wire.connect()
    wire.pass_s(0.2)
    words = "A012 sudah selesai di loket 5."
    wire.tell(Rejected(id=str(wire.sent[0].id), reason="wrong-state", message=words))
    assert wire.serving.remark.words == words
    wire.tell(snapshot(9, None, "A013"))
    assert wire.serving.ticket is None


def test_a_wish_is_not_kept() -> None:
    """What somebody wanted a minute ago serves nobody."""
    wire = Wire(CALLED)
    wire.serving.do("start")
    wire.pass_s(0.1)
    wire.cut()
    wire.pass_s(15)
    assert wire.session.status.state is LinkState.LOST
    wire.connect()
    wire.pass_s(0.2)
    assert not [each for each in wire.sent[1:] if not isinstance(each, CallNext)]
