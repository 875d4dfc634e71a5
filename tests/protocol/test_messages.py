"""The words themselves: names, roles, defaults and what they must never carry."""

from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from msgspec import inspect

from protocol.codec import COMMAND_TYPES, field_names
from protocol.messages import (
    Announcement,
    BoardSnapshot,
    IssueTicket,
    KioskSnapshot,
    Query,
    RatingInvitation,
    ServiceInfo,
    SignIn,
    TicketToPrint,
)
from protocol.roles import DeviceRole
from tests.protocol.made_up_words import ALL_KINDS, SERVER_KINDS, words

# The words that other people's programs rely on (protocol.md, Asking): never renamed or lost.
PROMISED_COMMANDS = {
    "SignIn": "counter screening manager",
    "SignOut": "counter screening manager",
    "IssueTicket": "kiosk screening counter",
    "ConfirmPrint": "kiosk",
    "ReprintTicket": "kiosk screening counter manager web",
    "OpenCounter": "counter manager web",
    "CloseCounter": "counter manager web",
    "PauseCounter": "counter manager web",
    "CallNext": "counter",
    "CallTicket": "counter",
    "RecallTicket": "counter",
    "StartService": "counter",
    "FinishService": "counter",
    "TransferTicket": "counter manager web",
    "ParkTicket": "counter",
    "ResumeTicket": "counter",
    "RecordNoShow": "counter",
    "RequeueTicket": "counter screening manager web",
    "CancelTicket": "kiosk screening counter manager web",
    "UndoLast": "counter",
    "ConfirmAnnouncement": "display",
    "RateService": "rating counter web",
}
PROMISED_NOTICES = {
    "KioskSnapshot",
    "BoardSnapshot",
    "QueueSnapshot",
    "ScreeningSnapshot",
    "HallSnapshot",
    "Announcement",
    "TicketToPrint",
    "RatingInvitation",
    "SignedOut",
}


@pytest.mark.parametrize(("name", "roles"), PROMISED_COMMANDS.items())
def test_a_promised_command_exists_and_may_be_said_by_its_devices(name: str, roles: str) -> None:
    assert COMMAND_TYPES[name].roles == {DeviceRole(role) for role in roles.split()}


def test_every_command_names_the_devices_that_may_say_it() -> None:
    assert [kind.__name__ for kind in COMMAND_TYPES.values() if not kind.roles] == []


def test_every_promised_notice_and_answer_exists() -> None:
    names = {kind.__name__ for kind in SERVER_KINDS}
    assert names >= PROMISED_NOTICES | {"Welcome", "Accepted", "Rejected", "Answer"}


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.__name__)
def test_every_word_carries_its_name_as_type(kind: type[msgspec.Struct]) -> None:
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    assert (info.tag_field, info.tag) == ("type", kind.__name__)


def test_what_stands_outside_the_command_memory_is_named_here() -> None:
    outside = {name for name, kind in COMMAND_TYPES.items() if not kind.remembered}
    queries = {name for name, kind in COMMAND_TYPES.items() if issubclass(kind, Query)}
    assert queries == {
        *("PreviewLine", "ExplainTicket", "GetTicketHistory"),
        *("AdviseVisitor", "FindMember", "GetScreening", "ListComplaints", "GetDoorReport"),
        *("GetVisits", "GetBookingWindows", "FindBooking", "AdviseStaffing", "GetEarlierTicket"),
        "ListSessions",
    }
    # What was under seal must not be remembered in clear; how a device is, is no deed; a lease is
    # the same however often it is asked for, and long.
    others = {"SignIn", "SignOut", "RevealRecord", "ReportHealth", "LeaseNumbers"}
    # A session's secret is told once; to end it again is to be told that it is over.
    sessions = {"OpenSession", "SetSecondStep", "EndSession"}
    assert outside == others | sessions | queries


@given(words(SignIn))
def test_a_pin_does_not_reach_logs(sign_in: SignIn) -> None:
    """I12: what is printed about a SignIn is the same for every PIN."""
    other = msgspec.structs.replace(sign_in, pin="another PIN")
    assert repr(sign_in) == repr(other)


# Welcome, TicketToPrint and the rest name services, branches and papers: things, not people.
PERSONAL = {"nik", "card", "phone", "staff", "officer", "person", "visitor", "birth_date", "note"}


@pytest.mark.parametrize(
    "kind", [KioskSnapshot, BoardSnapshot, Announcement, TicketToPrint, RatingInvitation]
)
def test_what_everyone_sees_has_no_field_for_a_person(kind: type[msgspec.Struct]) -> None:
    """I12, protocol.md: no notice to kiosk, display or rating carries name, NIK, card or phone."""
    assert _fields_below(inspect.type_info(kind)) & PERSONAL == set()


def test_a_board_has_no_field_for_a_ticket_link() -> None:
    """The link is a secret: kiosk, screening and counter only."""
    seen = _fields_below(inspect.type_info(BoardSnapshot))
    assert "link" not in seen | _fields_below(inspect.type_info(Announcement))


def test_lists_of_defaults_are_not_shared() -> None:
    first = IssueTicket(id=UUID(int=1), service="A")
    first.needs.append("wheelchair")
    assert IssueTicket(id=UUID(int=2), service="A").needs == []


def test_field_names_are_those_on_the_wire() -> None:
    assert field_names(COMMAND_TYPES["SignIn"]) == ("id", "staff", "pin", "counter")


def test_every_managers_word_of_the_pages_says_on_whose_behalf() -> None:
    """F47: what a seat of a manager or a session says; the rest are visitors' words."""
    words = {name: set(field_names(kind)) for name, kind in COMMAND_TYPES.items()}
    of_pages = {name for name, kind in COMMAND_TYPES.items() if DeviceRole.WEB in kind.roles}
    queries = {name for name, kind in COMMAND_TYPES.items() if issubclass(kind, Query)}
    nobodys = {name for name in of_pages - queries if "on_behalf_of" not in words[name]}
    assert nobodys == {
        *("OpenSession", "SetSecondStep"),
        *("RateService", "BookTicket", "CancelBooking", "AnswerSurvey"),
    }
    of_manager = {name for name, kind in COMMAND_TYPES.items() if DeviceRole.MANAGER in kind.roles}
    assert {name for name in words if "on_behalf_of" in words[name]} == (
        (of_manager & of_pages) - queries | {"EndSession", "ListSessions"}
    )


def test_a_service_is_signed_by_its_letter_or_else_its_code() -> None:
    names = {"id": "Pendaftaran", "en": "Registration"}
    assert ServiceInfo(code="REG", name=names, open=True, letter="A").sign == "A"
    assert ServiceInfo(code="REG", name=names, open=True).sign == "REG"


def _fields_below(info: inspect.Type) -> set[str]:
    match info:
        case inspect.StructType():
            below = (_fields_below(field.type) for field in info.fields)
            return {field.name for field in info.fields}.union(*below)
        case inspect.ListType():
            return _fields_below(info.item_type)
        case inspect.UnionType():
            return set().union(*(_fields_below(kind) for kind in info.types))
    return set()
