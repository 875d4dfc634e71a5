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
    PEOPLE,
    STEP_SECRET,
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
    "ReprintTicket": ("kiosk screening counter manager web", {"ticket": "t"}),
    "OpenCounter": ("counter manager web", {}),
    "CloseCounter": ("counter manager web", {}),
    "PauseCounter": ("counter manager web", {"reason": "break"}),
    "CallNext": ("counter", {}),
    "CallTicket": ("counter", {"ticket": "t"}),
    "RecallTicket": ("counter", {"ticket": "t"}),
    "StartService": ("counter", {"ticket": "t"}),
    "FinishService": ("counter", {"ticket": "t", "outcome": "solved"}),
    "ContinueService": ("counter", {"ticket": "t", "service": "B", "outcome": "solved"}),
    "TransferTicket": ("counter manager web", {"ticket": "t", "service": "B", "position": "first"}),
    "ParkTicket": ("counter", {"ticket": "t", "reason": "documents"}),
    "ResumeTicket": ("counter", {"ticket": "t"}),
    "RecordNoShow": ("counter", {"ticket": "t"}),
    "RequeueTicket": ("counter screening manager web", {"ticket": "t"}),
    "CancelTicket": (
        "kiosk screening counter manager web",
        {"ticket": "t", "reason": "visitor-left"},
    ),
    "UndoLast": ("counter", {}),
    "SetDiscipline": ("manager web", {"discipline": "ratio"}),
    "SetCounterServices": ("manager web", {"counter": 1, "services": ["A"]}),
    "SetStaffServices": ("manager web", {"staff": "rina", "services": ["A"]}),
    "PauseService": ("manager web", {"service": "A"}),
    "ResumeService": ("manager web", {"service": "A"}),
    "CloseBranchDay": ("manager web", {}),
    "ReopenBranchDay": ("manager web", {"reason": "-"}),
    "CorrectRecord": (
        "manager web",
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
    "PostText": ("screening manager web", {"text": {"id": "Selamat datang"}}),
    "OpenSession": ("web", {"staff": "dewi", "pin": "-"}),
    "SetSecondStep": (
        "web",
        {"staff": "hadi", "pin": "-", "secret": STEP_SECRET, "code": "123456"},
    ),
    "EndSession": ("web", {}),
    "BookTicket": (
        "web",
        {"service": "A", "window_from": "2026-11-20T02:00:00Z", "booker": "b" * 16},
    ),
    "CancelBooking": ("web", {"link": "l" * 16}),
    "CheckIn": ("kiosk screening", {"code": "XXXXXX"}),
    "AnswerSurvey": ("web", {"instrument": "skm-2017", "answers": {"u1": 4}}),
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
# What the pages say for a manager.
ON_BEHALF = [word for word, kind in WORDS.items() if "on_behalf_of" in kind.__struct_fields__]

NO_SESSION = "x" * 22


@pytest.fixture(scope="module")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaneStory]:
    """A branch in which nobody has signed in."""
    story = LaneStory(tmp_path_factory.mktemp("nobody"))
    yield story
    story.store.close()


class Staffed(LaneStory):
    """A branch in which every seat is taken, and a manager has a browser."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.set_one("booking.open", "true")
        self.sit_down(1)
        self.sign_in(DOOR, BUDI)
        self.sign_in(OFFICE, DEWI)
        self.session = self.open_browser(DEWI)


@pytest.fixture(scope="module")
def everybody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staffed]:
    story = Staffed(tmp_path_factory.mktemp("everybody"))
    yield story
    story.store.close()


def command_of(word: str, session: str | None = None) -> AnyCommand:
    """A word in order; where it must name a session, it names one."""
    fields = dict(MATRIX[word][1])
    if session is not None or word == "EndSession":
        fields["on_behalf_of"] = session or NO_SESSION
    return msgspec.convert({"id": str(uuid4()), **fields}, WORDS[word])


def reason(story: LaneStory, word: str, asker: Asker, session: str | None = None) -> str | None:
    """Decided and thrown away, so that no cell changes the next one."""
    person = PEOPLE[MATRIX[word][1].get("staff", "rina")]
    batch = story.lane.decide([Ask(command_of(word, session), asker, lambda frame: None, person)])
    (answer,) = story.answers(batch)
    story.lane.fail(batch)
    found: str | None = answer.get("reason")
    return found


def test_the_matrix_has_every_command_that_the_server_knows() -> None:
    assert set(MATRIX) == set(WORDS)


@pytest.mark.parametrize("word", MATRIX)
def test_a_role_that_may_not_say_a_word_is_told_so(everybody: Staffed, word: str) -> None:
    """F47: also where somebody with every right sits at the device."""
    allowed = MATRIX[word][0].split()
    for role, asker in ASKERS.items():
        if role.value not in allowed:
            assert reason(everybody, word, asker) == "not-allowed", role


@pytest.mark.parametrize("word", MATRIX)
def test_a_role_that_may_say_a_word_is_never_told_that_it_may_not(
    everybody: Staffed, word: str
) -> None:
    for role, asker in ASKERS.items():
        if role.value in MATRIX[word][0].split():
            is_theirs = asker is WEB and word in ON_BEHALF
            said = reason(everybody, word, asker, everybody.session if is_theirs else None)
            assert said not in ("not-allowed", "not-signed-in"), role


@pytest.mark.parametrize("word", ON_BEHALF)
def test_the_pages_need_a_session_for_every_managers_word(everybody: Staffed, word: str) -> None:
    """F47, F53: none, a made-up one, and another device's are all the same to them."""
    other = Asker("web-2", DeviceRole.WEB)
    assert reason(everybody, word, WEB) == "not-signed-in"
    assert reason(everybody, word, WEB, NO_SESSION) == "not-signed-in"
    assert reason(everybody, word, other, everybody.session) == "not-signed-in"


@pytest.mark.parametrize("word", ON_BEHALF)
def test_no_seat_says_a_word_on_somebodys_behalf(everybody: Staffed, word: str) -> None:
    """F47: also a seat that may say it for who sits there, and not even with a good session."""
    for asker in ASKERS.values():
        if asker is not WEB:
            assert reason(everybody, word, asker, everybody.session) == "not-allowed"


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
