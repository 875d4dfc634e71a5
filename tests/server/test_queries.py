"""Queries: beside the lane, changing nothing, and only of what the disk has."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, get_args
from uuid import uuid4

import msgspec
import pytest

from assets import asset_path
from protocol import messages as m
from protocol.roles import DeviceRole
from server.commands import COMMANDS
from server.commands.handler import Asker
from server.domain import events as e
from server.domain.selection import CHOSEN, RESUMED
from server.domain.web_sessions import mark_of
from server.lane import Ask
from server.queries import QUERIES
from server.queries.history import told
from server.query_desk import SLICE_S, QueryDesk
from server.texts import table
from tests.running_branch import PIN, RunningBranch
from tests.server.branch_example import BRANCH
from tests.server.lane_story import (
    BUDI,
    DESK,
    DEWI,
    DOOR,
    HADI,
    KIOSK,
    OFFICE,
    PAD,
    TV,
    WATI,
    WEB,
    LaneStory,
    decoded,
)
from tests.wire_client import WireClient

ASKERS = {asker.role: asker for asker in (KIOSK, DESK, DOOR, TV, PAD, OFFICE, WEB)}
# protocol.md and the words themselves, written out once more.
ROLES = {
    "PreviewLine": "counter screening manager web",
    "ExplainTicket": "counter screening manager web",
    "GetTicketHistory": "counter screening manager web",
    "GetEarlierTicket": "manager web",
    "AdviseStaffing": "manager web",
    "ListSessions": "web",
    "GetVisits": "web",
    "GetBookingWindows": "web",
    "FindBooking": "web",
    "AdviseVisitor": "counter screening",
    "FindMember": "counter screening",
    "GetScreening": "counter screening manager",
    "GetDoorReport": "screening manager web",
    "ListComplaints": "screening counter manager web",
}


# The visitor of the example took a number without passing the door.
FOUND_NOTHING = {"GetScreening": "unknown-screening", "GetEarlierTicket": "unknown-ticket"}
# Nor is there a place booked from home, nor a manager with a browser.
FOUND_NOTHING |= {"FindBooking": "unknown-booking", "ListSessions": "not-signed-in"}


class Inquiring(LaneStory):
    """A lane with a desk for queries beside it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.let_kiosks_claim()
        self.desk = QueryDesk(self.lane)

    async def inquire(self, query: m.AnyCommand, asker: Asker = DESK) -> dict[str, Any]:
        """Ask, and wait for what the archive's thread may have to read first."""
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.desk.submit(Ask(query, asker, answer.set_result))
        self.desk.answer_some()
        async with asyncio.timeout(5):
            (words,) = decoded([await answer])
        return words

    def issue(self, **fields: Any) -> str:
        ticket_id: str = self.ask(m.IssueTicket(id=uuid4(), service="A", **fields))["ticket"]["id"]
        return ticket_id

    def close(self) -> None:
        self.desk.close()
        self.store.close()


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Inquiring]:
    made = Inquiring(tmp_path)
    yield made
    made.close()


@pytest.fixture
def hall(story: Inquiring) -> Inquiring:
    """The same with everybody in their seats."""
    story.sit_down(1)
    story.sign_in(DOOR, BUDI)
    story.sign_in(OFFICE, DEWI)
    return story


def query_of(word: str, ticket: str = "t") -> m.AnyCommand:
    kind: Any = next(kind for kind in QUERIES if kind.__name__ == word)
    known: dict[str, dict[str, Any]] = {
        "PreviewLine": {},
        "AdviseStaffing": {},
        "AdviseVisitor": {},
        "GetBookingWindows": {},
        "GetVisits": {"links": ["l" * 22]},
        "FindBooking": {"link": "l" * 22},
        "ListSessions": {"on_behalf_of": "x" * 22},
        "ListComplaints": {},
        "GetDoorReport": {},
        "FindMember": {"identifier": "3578080102030001"},
        "GetEarlierTicket": {"ticket": ticket, "business_date": "2026-11-19"},
    }
    fields = known.get(word, {"ticket": ticket})
    query: m.AnyCommand = msgspec.convert({"id": str(uuid4()), **fields}, kind)
    return query


# Who may ask (F47).


def test_every_query_of_the_protocol_has_a_handler() -> None:
    words = {kind.__name__ for kind in get_args(m.AnyCommand) if issubclass(kind, m.Query)}
    assert {kind.__name__ for kind in QUERIES} == words == set(ROLES)
    assert not set(QUERIES) & set(COMMANDS)


@pytest.mark.parametrize("word", ROLES)
async def test_a_role_that_may_not_ask_is_told_so(hall: Inquiring, word: str) -> None:
    ticket = hall.issue()
    for role, asker in ASKERS.items():
        found = (await hall.inquire(query_of(word, ticket), asker)).get("reason")
        heard = FOUND_NOTHING.get(word) if role.value in ROLES[word].split() else "not-allowed"
        assert found == heard, role


@pytest.mark.parametrize("word", ROLES)
async def test_a_seat_where_nobody_sits_asks_for_a_person_first(
    story: Inquiring, word: str
) -> None:
    story.issue()
    for role in (DeviceRole.COUNTER, DeviceRole.SCREENING, DeviceRole.MANAGER):
        if role.value in ROLES[word].split():
            words = await story.inquire(query_of(word), ASKERS[role])
            assert words["reason"] == "not-signed-in", role


@pytest.mark.parametrize("word", ["ExplainTicket", "GetTicketHistory"])
async def test_a_ticket_that_is_not_of_today_is_refused_in_the_askers_language(
    hall: Inquiring, word: str
) -> None:
    english = Asker(DESK.device, DESK.role, "en", DESK.counter)
    words = await hall.inquire(query_of(word), english)
    assert (words["type"], words["reason"]) == ("Rejected", "unknown-ticket")
    assert words["message"] == table("refusal", "en")["unknown-ticket"]


async def test_a_manager_sees_the_browsers_that_are_theirs_and_an_admin_all(
    story: Inquiring,
) -> None:
    """Row 23 of the security checklist; F47: asked with a session, of its own device alone."""

    async def listed(session: str, asker: Asker = WEB) -> Any:
        words = await story.inquire(m.ListSessions(id=uuid4(), on_behalf_of=session), asker)
        return words.get("sessions", words.get("reason"))

    first = story.open_browser(DEWI, where="Firefox")
    second, hadis = story.open_browser(DEWI, where="Android"), story.open_browser(HADI)
    mine = await listed(second)
    assert [(one["staff"], one["where"], one["mine"]) for one in mine] == [
        ("dewi", "Android", True),
        ("dewi", "Firefox", False),
    ]
    assert mine[1]["opened_at"] == "2026-11-20T01:00:00.000Z"
    admin = await listed(story.open_browser(WATI))
    assert [one["staff"] for one in admin] == ["wati", "hadi", "dewi", "dewi"]
    assert [one["mine"] for one in admin] == [True, False, False, False]
    for secret in (first, second, hadis):
        assert secret not in str(admin), "a list opens nothing"
        assert mark_of(secret) not in str(admin)
    assert await listed(first, Asker("web-2", DeviceRole.WEB)) == "not-signed-in"
    story.clock.ms += 12 * 3600 * 1000
    assert await listed(first) == "not-signed-in"


def test_a_person_is_told_only_words_that_this_seat_may_say_and_the_server_knows(
    story: Inquiring,
) -> None:
    words = story.sign_in(DESK, counter=1)["permissions"]
    known = [*COMMANDS, *QUERIES]
    assert set(words) == {kind.__name__ for kind in known if DeviceRole.COUNTER in kind.roles}
    assert "PreviewLine" in words
    assert "SetDiscipline" not in words


# What they see.


async def test_a_history_tells_what_happened_in_order_and_in_both_languages(
    hall: Inquiring,
) -> None:
    hall.issue()
    first, second = hall.issue(), hall.issue(priority="elderly")
    called = hall.ask(m.CallTicket(id=uuid4(), ticket=first), DESK)["ticket"]
    announcement = hall.lane.day.tickets[first].announcement
    assert announcement is not None
    spoken = m.ConfirmAnnouncement(id=uuid4(), announcement=announcement, outcome="spoken")
    hall.ask(spoken, TV)
    done = m.FinishService(id=uuid4(), ticket=first, outcome="referred", note="a secret")
    hall.ask(done, DESK)
    words = await hall.inquire(m.GetTicketHistory(id=uuid4(), ticket=first))
    assert [entry["event"] for entry in words["history"]] == [
        "TicketIssued",
        "TicketCalled",
        "AnnouncementConfirmed",
        "ServiceStarted",
        "ServiceFinished",
    ]
    texts = [entry["text"] for entry in words["history"]]
    assert texts[0]["id"].startswith(f"Nomor {called['number']} diambil untuk ")
    assert texts[1] == {
        "id": "Dipilih petugas dan dipanggil ke loket 1.",
        "en": "Chosen by the officer and called to counter 1.",
    }
    assert texts[2]["id"] == "Panggilan terdengar di TV 1."
    assert texts[4]["en"] == "Finished at counter 1: referred."
    assert [entry.get("staff") for entry in words["history"]] == [
        None,
        "rina",
        None,
        "rina",
        "rina",
    ]
    assert "a secret" not in str(words), "a note is for the desk that serves"
    assert words["revision"] == hall.lane.day.revision
    other = await hall.inquire(m.GetTicketHistory(id=uuid4(), ticket=second))
    assert [entry["event"] for entry in other["history"]] == ["TicketIssued"]


async def test_nothing_that_is_not_on_the_disk_yet_is_told(hall: Inquiring) -> None:
    """A batch under way may still be taken back: its events are nobody's history (I1)."""
    ticket = hall.issue()
    hall.decide((m.CallNext(id=uuid4()), DESK))  # decided, not written
    words = await hall.inquire(m.GetTicketHistory(id=uuid4(), ticket=ticket))
    assert [entry["event"] for entry in words["history"]] == ["TicketIssued"]


async def test_what_was_read_is_of_the_revision_at_which_it_was_asked_for(hall: Inquiring) -> None:
    """I1: what is decided while it is read may be taken back; no answer claims to know of it."""
    hall.issue()
    of_the_disk = hall.lane.day.revision
    answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    hall.desk.submit(Ask(m.GetDoorReport(id=uuid4()), DOOR, answer.set_result))
    hall.desk.answer_some()
    hall.decide((m.CallNext(id=uuid4()), DESK))  # decided, not written
    assert hall.lane.day.revision > of_the_disk
    async with asyncio.timeout(5):
        (words,) = decoded([await answer])
    assert (words["type"], words["revision"]) == ("Answer", of_the_disk)


async def test_a_query_changes_nothing_and_is_not_remembered(hall: Inquiring) -> None:
    ticket = hall.issue()
    before = hall.store.load_day()
    query = m.GetTicketHistory(id=uuid4(), ticket=ticket)
    once = await hall.inquire(query)
    assert await hall.inquire(query) == once
    assert not hall.lane.knows(query.id.bytes)
    assert hall.store.load_day() == before


async def test_a_bug_in_a_query_is_a_reference_for_the_person_and_no_end(
    hall: Inquiring, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """F12: also where the fault is in the archive's thread."""
    ticket = hall.issue()

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(hall.store, "ticket_events", broken)
    query = m.GetTicketHistory(id=uuid4(), ticket=ticket)
    words = await hall.inquire(query)
    assert words["reason"] == "internal"
    handlers: dict[Any, Any] = QUERIES
    monkeypatch.setitem(handlers, m.GetTicketHistory, broken)
    assert (await hall.inquire(query))["reason"] == "internal"
    assert caplog.text.count("query GetTicketHistory failed") == 2


async def test_queries_wait_for_the_next_pause_when_one_took_the_time_of_this_one(
    hall: Inquiring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands wait for one slice of queries at most; a slow query is alone in its slice."""

    def slow(query: Any, inquiry: Any) -> dict[str, Any]:
        time.sleep(2 * SLICE_S)
        return {}

    handlers: dict[Any, Any] = QUERIES
    monkeypatch.setitem(handlers, m.PreviewLine, slow)
    answered: list[bytes] = []
    for _ in range(3):
        hall.desk.submit(Ask(m.PreviewLine(id=uuid4()), DESK, answered.append))
    for count in (1, 2, 3):
        assert hall.desk.somebody_waits
        hall.desk.answer_some()
        assert len(answered) == count
    assert not hall.desk.somebody_waits


def test_every_event_about_a_ticket_has_its_sentence_in_both_languages() -> None:
    """A new kind of event must say what it is before it can be asked for."""
    about_tickets = [
        kind for kind in get_args(e.AnyEvent) if {"ticket", "announcement"} & set(fields_of(kind))
    ]
    assert len(about_tickets) > 15
    for kind in about_tickets:
        for event in variants(kind):
            code, facts = told(BRANCH, "t", event)
            for language in ("id", "en"):
                sentence = table("history", language)[code]
                assert sentence.format_map(facts), code


def test_both_languages_tell_the_same_history() -> None:
    assert asset_path("translations", "server.en.toml").is_file()
    assert table("history", "id").keys() == table("history", "en").keys()


# Who is next, and why.


async def preview(hall: Inquiring, **asked: Any) -> dict[str, Any]:
    words = await hall.inquire(m.PreviewLine(id=uuid4(), **asked))
    assert words["type"] == "Answer", words
    return words


def numbers_of(words: dict[str, Any]) -> list[str]:
    return [entry["number"] for entry in words["line"]]


async def test_the_preview_is_the_order_in_which_a_counter_calls(hall: Inquiring) -> None:
    """The next ten, each with its sentence; then they are called, in that order."""
    hall.issue()
    hall.issue(priority="elderly")
    hall.issue()
    words = await preview(hall, counter=1)
    assert words["discipline"] == "due-time"
    assert [entry["place"] for entry in words["line"]] == [1, 2, 3]
    assert words["line"][0]["why"] == {
        "id": "Lansia (60 tahun ke atas): target 10 menit, paling lambat 08.10.",
        "en": "Elderly (60 and over): target 10 minutes, by 08:10.",
    }
    assert words["line"][1]["why"]["id"] == (
        "Dipanggil paling lambat 08.30 menurut target 30 menit."
    )
    called = []
    for _ in range(3):
        answer = hall.ask(m.CallNext(id=uuid4()), DESK)
        called.append(answer["ticket"]["number"])
        hall.ask(m.RecordNoShow(id=uuid4(), ticket=answer["ticket"]["id"]), DESK)
    assert called == numbers_of(words)


async def test_what_if_shows_each_place_now_and_then_and_changes_nothing(
    hall: Inquiring,
) -> None:
    hall.issue()
    hall.issue(priority="elderly")
    now = numbers_of(await preview(hall, counter=1))
    then = await preview(hall, counter=1, discipline="first-come")
    assert (now, numbers_of(then)) == (["P001", "A001"], ["A001", "P001"])
    assert [entry["place_now"] for entry in then["line"]] == [2, 1]
    assert then["line"][0]["why"]["id"] == "Menurut urutan kedatangan, datang pukul 08.00."
    turns = await preview(hall, discipline="ratio", priority_in_a_row=2, regular_in_a_row=3)
    assert turns["line"][0]["why"]["en"] == "Priority's turn (2 priority, then 3 regular)."
    assert numbers_of(await preview(hall, counter=1)) == now
    assert hall.lane.day.rules.discipline == "due-time"


@pytest.mark.parametrize(
    "asked",
    [
        {"counter": 99},
        {"priority_in_a_row": 2},
        {"discipline": "first-come", "regular_in_a_row": 2},
    ],
)
async def test_a_preview_of_what_there_is_not_is_refused(
    hall: Inquiring, asked: dict[str, Any]
) -> None:
    words = await hall.inquire(m.PreviewLine(id=uuid4(), **asked))
    assert words["reason"] == "bad-value"


async def test_a_ticket_is_explained_with_who_was_called_before_it_and_by_which_rule(
    hall: Inquiring,
) -> None:
    """Only calls by rule count in the promise; a chosen one is listed all the same."""
    first = hall.issue()
    hall.issue(priority="elderly")
    chosen = hall.issue()
    for command in (m.CallNext(id=uuid4()), m.CallTicket(id=uuid4(), ticket=chosen)):
        called = hall.ask(command, DESK)["ticket"]["id"]
        hall.ask(m.RecordNoShow(id=uuid4(), ticket=called), DESK)
    words = await hall.inquire(m.ExplainTicket(id=uuid4(), ticket=first))
    assert words["place"] == 1
    assert words["ticket"]["number"] == "A001"
    assert [
        (one["number"], one["rule"], one["counted"], one["counter"]) for one in words["overtakers"]
    ] == [("P001", "due-time", True, 1), ("A002", "chosen", False, 1)]
    assert words["overtakers"][1]["why"]["id"] == "Dipilih langsung oleh petugas."
    gone = await hall.inquire(m.ExplainTicket(id=uuid4(), ticket=chosen))
    assert (gone["reason"], gone["state"]) == ("wrong-state", "no-show")


def test_every_reason_has_its_sentence_in_both_languages() -> None:
    told_codes = {
        *("arrival", "due", "due-priority", "due-urgent", "priority-turn", "regular-turn"),
        *("overtaken", "overdue", "handed-on-counter", "handed-on-staff", "came-back"),
        *("placed-first", "placed-last", "call"),
        *(f"call-{rule}" for rule in ("first-come", "due-time", "priority-turn", "regular-turn")),
        *(f"call-{rule}" for rule in ("overtaken", "overdue", "placed-first", CHOSEN, RESUMED)),
    }
    for language in ("id", "en"):
        assert set(table("why", language)) == told_codes, language


def fields_of(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    return kind.__struct_fields__


_SAMPLES: dict[str, Any] = {
    "ticket": "t",
    "counter": 3,
    "staff": "rina",
    "rank": (1, 1, 0),
    "service": "A",
    "before": "B",
    "outcome": "solved",
    "position": "arrival",
    "reason": "papers",
    "field": "note",
}
_VARIANTS: dict[str, list[dict[str, Any]]] = {
    "TicketIssued": [
        {} | staff | screened
        for staff in ({}, {"staff": None})
        for screened in ({}, {"screening": "s"})
    ]
    + [{"offline": True}],
    "TicketCancelled": [{}, {"reason": "offline"}],
    "TicketCorrected": [{"priority": word} for word in get_args(m.Priority)],
    "PrintRecorded": [{"outcome": word} for word in get_args(m.PrintOutcome)],
    "AnnouncementConfirmed": [{"outcome": word} for word in get_args(m.AnnouncementOutcome)],
    "TicketCalled": [{}, {"chosen": True}, {"helping": True}],
    "ServiceStarted": [{}, {"implied": True}],
    "ServiceFinished": [{"outcome": w} for w in get_args(m.ServiceOutcome)]
    + [{"counter": None}, {"category": "activation"}],
    "NoShowRecorded": [{}, {"counter": None}],
    "TicketTransferred": [{"position": w} for w in get_args(m.Position)]
    + [{"counter": None}, {"counter": None, "to_staff": "adi"}],
    "ServiceContinued": [{}, {"rank": None}],
    "TicketParked": [{}, {"alarm_at_ms": 1_790_000_000_000}],
    "LastUndone": [{}, {"called": "t", "ticket": "u"}],
    "RecordCorrected": [{"field": word} for word in get_args(m.CorrectedField)],
}


def variants(kind: type[msgspec.Struct]) -> list[Any]:
    """The event in each form in which it may come."""
    base: dict[str, Any] = {}
    for info in msgspec.structs.fields(kind):
        if info.name in _SAMPLES:
            base[info.name] = _SAMPLES[info.name]
        elif info.required:
            base[info.name] = 1 if info.type is int else "x"
    return [kind(**(base | changes)) for changes in _VARIANTS.get(kind.__name__, [{}])]


# Over the wire, beside commands.


@asynccontextmanager
async def seated(
    branch: RunningBranch, device: str, staff: str, counter: int
) -> AsyncIterator[WireClient]:
    async with branch.client(device) as desk:
        sign_in = m.SignIn(id=uuid4(), staff=staff, pin=PIN, counter=counter)
        assert isinstance(await desk.ask(sign_in), m.Accepted)
        yield desk


async def test_a_history_over_the_wire(branch: RunningBranch) -> None:
    async with branch.client("kiosk-1") as kiosk, seated(branch, "counter-1", "rina", 1) as desk:
        issued = await kiosk.ask(m.IssueTicket(id=uuid4(), service="A"))
        assert isinstance(issued, m.Accepted)
        assert isinstance(issued.ticket, m.Ticket)
        found = await desk.inquire(m.GetTicketHistory(id=uuid4(), ticket=issued.ticket.id))
        assert isinstance(found, m.Answer)
        assert isinstance(found.history, list)
        assert [entry.event for entry in found.history] == ["TicketIssued"]
        refused = await kiosk.inquire(m.GetTicketHistory(id=uuid4(), ticket=issued.ticket.id))
        assert isinstance(refused, m.Rejected)
        assert refused.reason == "not-allowed"


async def test_queries_are_answered_among_a_flood_of_commands_and_hold_none_up(
    branch: RunningBranch,
) -> None:
    """Neither starves: both kinds are asked at once, and all are answered within their time."""
    async with branch.client("kiosk-2") as kiosk, seated(branch, "counter-1", "rina", 1) as desk:
        first = await kiosk.ask(m.IssueTicket(id=uuid4(), service="A"))
        assert isinstance(first, m.Accepted)
        assert isinstance(first.ticket, m.Ticket)
        ticket = first.ticket.id
        commands = [kiosk.ask(m.IssueTicket(id=uuid4(), service="A")) for _ in range(20)]
        queries = [desk.inquire(m.GetTicketHistory(id=uuid4(), ticket=ticket)) for _ in range(10)]
        async with asyncio.timeout(10):
            answers = await asyncio.gather(*commands, *queries)
    kinds = [type(answer).__name__ for answer in answers]
    assert kinds[20:] == ["Answer"] * 10
    assert "Accepted" in kinds[:20]
