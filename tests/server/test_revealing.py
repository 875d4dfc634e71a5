"""RevealRecord: what stands under seal opens for who needs it, with a trail (UU PDP Art. 31)."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from protocol import messages as m
from server.administration.verify import verify
from server.commands.handler import DAY_MS, Asker
from server.domain.events import RecordRevealed
from server.domain.revealing import HELD_MS
from tests.server.front_door import FrontDoor
from tests.server.lane_story import (
    ADI,
    BUDI,
    DESK,
    DEWI,
    DOOR,
    OFFICE,
    OTHER_DESK,
)

NIK, NOTE = "3578080102030001", "ibu dari bayi Canary"


class DoorStory(FrontDoor):
    """A lane with an officer, two frontliners and a manager."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.sit_down(2, OTHER_DESK, ADI)

    def receive(self, outcome: str = "self-service", **more: Any) -> Any:
        """A visitor at the door; the answer has the id of the screening, and of the ticket."""
        told = {"identifier": NIK, "note": NOTE, **more}
        word = m.RecordScreening(id=uuid4(), outcome=outcome, **told)  # type: ignore[arg-type]
        answer = self.ask(word, DOOR)
        assert answer["type"] == "Accepted", answer
        return answer

    def reveal(self, record: str, asker: Asker, reason: str = "Dicocokkan dengan KTP") -> Any:
        return self.ask(m.RevealRecord(id=uuid4(), record=record, reason=reason), asker)

    def trail(self) -> list[RecordRevealed]:
        return [
            one.event
            for one in self.store.load_day().entries
            if isinstance(one.event, RecordRevealed)
        ]


@pytest.fixture
def story(tmp_path: Path) -> Iterator[DoorStory]:
    told = DoorStory(tmp_path)
    yield told
    told.store.close()


def opened(answer: Any) -> dict[str, str]:
    fields: dict[str, str] = answer["revealed"]
    return fields


def refused(answer: Any) -> str:
    assert "revealed" not in answer
    reason: str = answer["reason"]
    return reason


def call(story: DoorStory, asker: Asker) -> str:
    ticket: str = story.ask(m.CallNext(id=uuid4()), asker)["ticket"]["id"]
    return ticket


def test_the_door_opens_what_it_captured_and_the_history_says_who_and_why(
    story: DoorStory,
) -> None:
    screening = story.receive()["screening"]
    assert opened(story.reveal(screening, DOOR)) == {
        "identifier": NIK,
        "identifier_kind": "nik",
        "note": NOTE,
    }
    (told,) = story.trail()
    assert (told.record, told.kind, told.staff, told.device) == (
        screening,
        "screening",
        "budi",
        "door-1",
    )
    assert told.reason == "Dicocokkan dengan KTP"
    assert verify(story.store) == []


def test_nothing_is_shown_before_the_disk_has_it_that_somebody_looked(story: DoorStory) -> None:
    """Law I1: a disk that says no leaves nobody with a secret that no trail tells of."""
    screening = story.receive()["screening"]
    reveal = m.RevealRecord(id=uuid4(), record=screening, reason="-")
    batch = story.decide((reveal, DOOR))
    assert [type(one.event) for one in batch.entries] == [RecordRevealed]
    ((_, frame),) = story.lane.fail(batch)
    assert b"try-again" in frame
    assert NIK.encode() not in frame
    assert story.trail() == []


def test_a_reveal_is_never_remembered_and_asked_twice_it_is_told_twice(story: DoorStory) -> None:
    screening = story.receive()["screening"]
    reveal = m.RevealRecord(id=uuid4(), record=screening, reason="-")
    before = story.store.known_command_ids()
    assert opened(story.ask(reveal, DOOR)) == opened(story.ask(reveal, DOOR))
    assert len(story.trail()) == 2
    assert story.store.known_command_ids() == before


def test_a_counter_opens_what_is_about_its_own_visitor_alone(story: DoorStory) -> None:
    """F47: whoever holds the ticket, and for a short while after it."""
    first = story.receive("ticket", service="A")
    other = story.receive("ticket", service="A")
    alone = story.receive()
    assert refused(story.reveal(first["screening"], DESK)) == "not-yours"
    ticket = call(story, DESK)
    assert ticket == first["ticket"]["id"]
    assert opened(story.reveal(first["screening"], DESK))["identifier"] == NIK
    for screening in (other["screening"], alone["screening"]):
        assert refused(story.reveal(screening, DESK)) == "not-yours"
    assert refused(story.reveal(first["screening"], OTHER_DESK)) == "not-yours"
    story.ask(m.StartService(id=uuid4(), ticket=ticket), DESK)
    story.ask(m.FinishService(id=uuid4(), ticket=ticket, outcome="solved"), DESK)
    story.clock.ms += HELD_MS
    assert opened(story.reveal(first["screening"], DESK))["note"] == NOTE
    story.clock.ms += 1
    assert refused(story.reveal(first["screening"], DESK)) == "not-yours"
    assert len(story.trail()) == 2, "who may not look has not looked"


def test_the_door_opens_today_alone_and_a_manager_every_day(story: DoorStory) -> None:
    screening = story.receive()["screening"]
    story.clock.set("2026-11-21T08:00:00")
    story.sign_in(DOOR, BUDI)
    story.sign_in(OFFICE, DEWI)
    assert refused(story.reveal(screening, DOOR)) == "not-yours"
    assert opened(story.reveal(screening, OFFICE))["identifier"] == NIK


def test_a_guest_of_today_is_opened_at_the_door(story: DoorStory) -> None:
    word = m.RecordGuest(id=uuid4(), name="Canary Tamu", purpose="meeting", consent=True)
    guest = story.ask(word, DOOR)["guest"]
    assert opened(story.reveal(guest, DOOR))["name"] == "Canary Tamu"
    assert refused(story.reveal(guest, DESK)) == "not-yours"
    assert story.trail()[0].kind == "guest"


def test_what_is_due_is_as_good_as_erased(story: DoorStory) -> None:
    """The hourly sweep may not have come by yet; its time is over all the same."""
    screening = story.receive()["screening"]
    story.clock.ms += 30 * DAY_MS - 1
    story.sign_in(OFFICE, DEWI)
    assert opened(story.reveal(screening, OFFICE))
    story.clock.ms += 1
    assert refused(story.reveal(screening, OFFICE)) == "record-erased"
    story.lane.write(story.lane.erase_what_is_due())
    assert refused(story.reveal(screening, OFFICE)) == "record-erased"
    assert len(story.trail()) == 1


def test_what_never_was_and_what_had_nothing_under_seal_is_unknown(story: DoorStory) -> None:
    plain = story.receive(identifier=None, note="")["screening"]
    for record in (plain, "never-heard-of", "' OR 1=1 --"):
        assert refused(story.reveal(record, OFFICE)) == "unknown-record"
    assert story.trail() == []


def test_nobody_reads_through_everything(story: DoorStory) -> None:
    """So many an hour and person, wherever they sit, and also over a restart."""
    most = story.lane.day.rules.reveals_per_hour
    screening = story.receive()["screening"]
    for _ in range(most):
        assert opened(story.reveal(screening, DOOR))
        story.clock.ms += 1000
    story.restart()
    answer = story.reveal(screening, DOOR)
    assert refused(answer) == "rate-limited"
    assert "data pribadi" in answer["message"]
    assert answer["retry_after_s"] == 3600 - most
    assert opened(story.reveal(screening, OFFICE)), "another person has a pace of their own"
    story.clock.ms += answer["retry_after_s"] * 1000
    assert opened(story.reveal(screening, DOOR))
    assert refused(story.reveal(screening, DOOR)) == "rate-limited"


def test_the_reason_is_plain_text_without_numbers_of_people(story: DoorStory) -> None:
    """F50, law I12: the reason goes into the history, which nobody can erase."""
    screening = story.receive()["screening"]
    reason = f"cocokkan\n{NIK}\x1b[2J\u202e dgn KTP"
    story.reveal(screening, DOOR, reason)
    assert story.trail()[0].reason == "cocokkan ************0001[2J dgn KTP"
    assert refused(story.reveal(screening, DOOR, " \u200b ")) == "bad-value"


def test_a_seal_that_does_not_open_says_nothing_and_tells_no_lie(
    story: DoorStory, caplog: pytest.LogCaptureFixture
) -> None:
    """Another key, or changed bytes: nobody has looked, so no trail says so."""
    screening = story.receive()["screening"]
    record = story.store.sealed(screening)
    assert record is not None
    broken = replace(record, sealed=record.sealed[:-1] + bytes([record.sealed[-1] ^ 1]))
    story.store.commit([], [], [], [broken])
    assert refused(story.reveal(screening, DOOR)) == "record-unreadable"
    assert story.trail() == []
    assert f"the seal of record {screening} does not open" in caplog.text
    assert NIK not in caplog.text


def test_a_note_is_read_by_whoever_may_open_it_and_the_mask_by_all_of_the_staff(
    story: DoorStory,
) -> None:
    """GetScreening leaves no trail, so it must not be the way around it (F47)."""
    received = story.receive("ticket", service="A")
    query = m.GetScreening(id=uuid4(), screening=received["screening"])

    def note(asker: Asker) -> str:
        view = story.inquire(query, asker)["screening"]
        assert view["masked"] == "************0001"
        read: str = view["note"]
        return read

    assert [note(asker) for asker in (DOOR, OFFICE, DESK, OTHER_DESK)] == [NOTE, NOTE, "", ""]
    call(story, DESK)
    assert [note(asker) for asker in (DESK, OTHER_DESK)] == [NOTE, ""]
    story.clock.set("2026-11-21T08:00:00")
    story.sign_in(DOOR, BUDI)
    story.sign_in(OFFICE, DEWI)
    assert [note(asker) for asker in (DOOR, OFFICE)] == ["", NOTE]
