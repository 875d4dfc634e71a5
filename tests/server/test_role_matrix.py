"""Every device role times every command (F47): who may not say a word is told so."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from protocol.messages import AnyCommand
from protocol.roles import DeviceRole
from server.commands import COMMANDS
from server.commands.handler import Asker
from server.lane import Ask
from tests.server.lane_story import (
    ADI,
    BUDI,
    DESK,
    DEWI,
    DOOR,
    KIOSK,
    OFFICE,
    OTHER_DESK,
    PAD,
    RINA,
    TV,
    WEB,
    LaneStory,
)

ASKERS = {asker.role: asker for asker in (KIOSK, DESK, DOOR, TV, PAD, OFFICE, WEB)}
SEATED = ("counter", "screening", "manager")

# protocol.md, the table of commands, written out once more; with fields that are in order.
MATRIX: dict[str, tuple[str, dict[str, Any]]] = {
    "SignIn": ("counter screening manager", {"staff": "rina", "pin": "-"}),
    "SignOut": ("counter screening manager", {}),
    "IssueTicket": ("kiosk screening counter", {"service": "A"}),
    "ConfirmPrint": ("kiosk", {"job": "j", "outcome": "printed"}),
    "ReprintTicket": ("kiosk screening counter manager", {"ticket": "t"}),
    "OpenCounter": ("counter", {}),
    "CloseCounter": ("counter", {}),
    "PauseCounter": ("counter", {"reason": "break"}),
    "CallNext": ("counter", {}),
    "CallTicket": ("counter", {"ticket": "t"}),
    "RecallTicket": ("counter", {"ticket": "t"}),
    "StartService": ("counter", {"ticket": "t"}),
    "FinishService": ("counter", {"ticket": "t", "outcome": "solved"}),
    "ContinueService": ("counter", {"ticket": "t", "service": "B", "outcome": "solved"}),
    "TransferTicket": ("counter manager", {"ticket": "t", "service": "B", "position": "first"}),
    "ParkTicket": ("counter", {"ticket": "t", "reason": "documents"}),
    "ResumeTicket": ("counter", {"ticket": "t"}),
    "RecordNoShow": ("counter", {"ticket": "t"}),
    "RequeueTicket": ("counter screening", {"ticket": "t"}),
    "CancelTicket": ("kiosk screening counter manager", {"ticket": "t", "reason": "visitor-left"}),
    "UndoLast": ("counter", {}),
    "SetDiscipline": ("manager", {"discipline": "ratio"}),
    "SetCounterServices": ("manager", {"counter": 1, "services": ["A"]}),
    "SetStaffServices": ("manager", {"staff": "rina", "services": ["A"]}),
    "PauseService": ("manager", {"service": "A"}),
    "ResumeService": ("manager", {"service": "A"}),
    "CloseBranchDay": ("manager", {}),
    "ReopenBranchDay": ("manager", {"reason": "-"}),
    "CorrectRecord": (
        "manager",
        {"ticket": "t", "field": "note", "value": "-", "reason": "-"},
    ),
    "RevealRecord": ("screening counter manager", {"record": "r", "reason": "-"}),
    "ConfirmAnnouncement": ("display", {"announcement": "a", "outcome": "spoken"}),
    "DeclareDisturbance": ("screening manager", {"system": "mobile-jkn"}),
    "EndDisturbance": ("screening manager", {"system": "mobile-jkn"}),
    "FileComplaint": (
        "screening counter",
        {"level": "red", "description": "-", "anonymous": True},
    ),
    "UpdateComplaint": ("screening counter manager", {"complaint": "c", "step": "solved"}),
    "RateService": ("rating counter web", {"ticket": "t", "score": 4}),
    "RecordScreening": ("screening", {"outcome": "solved", "reason": "information"}),
    "CorrectTicket": ("screening manager", {"ticket": "t", "priority": "elderly"}),
    "PrintSlip": ("screening counter manager", {"subject": "s", "print_at": "kiosk-1"}),
    "RecordGuest": (
        "screening",
        {"name": "Tamu", "purpose": "meeting", "consent": True},
    ),
    "CallOfficer": ("kiosk rating", {}),
    "AnswerCall": ("screening counter manager", {"call": "c"}),
    "RecordIdentity": ("kiosk", {"ticket": "t", "identifier": "3515144508680002"}),
    "ChooseChannel": ("kiosk", {"service": "A", "channel": "pandawa"}),
    "PostText": ("screening manager", {"text": {"id": "Selamat datang"}}),
    "LeaseNumbers": ("kiosk", {}),
    "MergeOffline": (
        "kiosk",
        {
            "lease": "l",
            "tickets": [
                {
                    "ticket": "t",
                    "number": "AK001",
                    "series": "AK",
                    "serial": 1,
                    "service": "A",
                    "business_date": "2026-11-20",
                    "issued_at": "2026-11-20T01:00:00.000Z",
                }
            ],
        },
    ),
}
WORDS = {kind.__name__: kind for kind in COMMANDS}


@pytest.fixture(scope="module")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaneStory]:
    """A branch in which nobody has signed in."""
    story = LaneStory(tmp_path_factory.mktemp("nobody"))
    yield story
    story.store.close()


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaneStory]:
    """A branch in which every seat is taken."""
    story = LaneStory(tmp_path_factory.mktemp("everybody"))
    story.sit_down(1)
    story.sign_in(DOOR, BUDI)
    story.sign_in(OFFICE, DEWI)
    yield story
    story.store.close()


def command_of(word: str) -> AnyCommand:
    return msgspec.convert({"id": str(uuid4()), **MATRIX[word][1]}, WORDS[word])


def reason(story: LaneStory, word: str, asker: Asker) -> str | None:
    """Decided and thrown away, so that no cell changes the next one."""
    batch = story.lane.decide([Ask(command_of(word), asker, lambda frame: None, RINA)])
    (answer,) = story.answers(batch)
    story.lane.fail(batch)
    found: str | None = answer.get("reason")
    return found


def test_the_matrix_has_every_command_that_the_server_knows() -> None:
    assert set(MATRIX) == set(WORDS)


@pytest.mark.parametrize("word", MATRIX)
def test_a_role_that_may_not_say_a_word_is_told_so(everybody: LaneStory, word: str) -> None:
    """F47: also where somebody with every right sits at the device."""
    allowed = MATRIX[word][0].split()
    for role, asker in ASKERS.items():
        if role.value not in allowed:
            assert reason(everybody, word, asker) == "not-allowed", role


@pytest.mark.parametrize("word", MATRIX)
def test_a_role_that_may_say_a_word_is_never_told_that_it_may_not(
    everybody: LaneStory, word: str
) -> None:
    for role, asker in ASKERS.items():
        if role.value in MATRIX[word][0].split():
            assert reason(everybody, word, asker) not in ("not-allowed", "not-signed-in"), role


@pytest.mark.parametrize("word", [word for word in MATRIX if word != "SignIn"])
def test_a_seat_where_nobody_sits_asks_for_a_person_first(nobody: LaneStory, word: str) -> None:
    for role in SEATED:
        if role in MATRIX[word][0].split():
            assert reason(nobody, word, ASKERS[DeviceRole(role)]) == "not-signed-in", role


def test_a_counter_number_is_only_for_a_counters_device(everybody: LaneStory) -> None:
    """F47: from the door, an officer would push away the frontliner who serves there."""
    for asker, person in ((DOOR, BUDI), (OFFICE, DEWI)):
        assert everybody.sign_in(asker, person, 1)["reason"] == "bad-value"
    assert everybody.lane.day.desks[1].staff == "rina"


def test_nobody_is_handed_on_to_a_person_who_cannot_come(tmp_path: Path) -> None:
    """A visitor in the line of a misspelt name would wait until the day is over."""
    story = LaneStory(tmp_path)
    story.sit_down(1)
    ticket = story.ask(command_of("IssueTicket"))["ticket"]["id"]
    story.ask(command_of("CallNext"), DESK)
    words = {"id": str(uuid4()), "ticket": ticket, "position": "first"}
    to_ghost = msgspec.convert({**words, "staff": "ghost"}, WORDS["TransferTicket"])
    assert story.ask(to_ghost, DESK)["reason"] == "bad-value"
    to_adi = msgspec.convert({**words, "staff": "adi"}, WORDS["TransferTicket"])
    assert story.ask(to_adi, DESK)["ticket"]["state"] == "waiting"
    story.store.close()


def test_who_is_disabled_is_signed_out_and_the_next_person_goes_on_with_the_visitor(
    tmp_path: Path,
) -> None:
    """Row 23 of the security checklist: a sign-in survives a restart, but not being disabled."""
    story = LaneStory(tmp_path)
    story.sit_down(1)
    story.sit_down(2, OTHER_DESK, ADI)
    ticket = story.ask(command_of("IssueTicket"))["ticket"]["id"]
    story.ask(command_of("CallNext"), DESK)
    story.staff -= {"rina", "adi"}
    story.restart()
    assert story.lane.somebody_must_go()
    batch = story.lane.decide([])
    story.lane.write(batch)
    assert story.lane.day.seats == {}
    assert story.lane.day.desks[2].state == "closed"
    assert story.ask(command_of("CallNext"), DESK)["reason"] == "not-signed-in"
    story.staff |= {"adi"}
    story.restart()
    story.sit_down(1, OTHER_DESK, ADI)
    start = msgspec.convert({"id": str(uuid4()), "ticket": ticket}, WORDS["StartService"])
    assert story.ask(start, OTHER_DESK)["ticket"]["state"] == "serving"
    story.store.close()
