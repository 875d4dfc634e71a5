"""FindMember: answered once, within its deadline, and no ticket ever waits for it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from protocol import messages as m
from protocol.identifiers import Identifier, IdentifierKind, read_identifier
from protocol.session import Deadlines, LinkState
from server.adapters.clock import SteadyClock
from server.adapters.no_directory import NoDirectory
from server.adapters.vclaim_directory import VClaimDirectory
from server.commands.handler import Asker
from server.config import SettingError, parse
from server.connections import Connections
from server.directory_desk import (
    AT_ONCE_MAX,
    FAILURES_MAX,
    PAUSE_LEAST_S,
    PAUSE_MOST_S,
    WAITING_MAX,
    Circuit,
    DirectoryDesk,
)
from server.dispatch import Dispatch
from server.lane import Ask
from server.membership import (
    DirectoryRefusedError,
    DirectoryUnreachableError,
    LookedUp,
    Member,
    NotFound,
    Source,
)
from server.notices import Notices
from tests.running_branch import PIN, RunningBranch
from tests.server.lane_story import BUDI, DESK, DOOR, KIOSK, LaneStory, decoded
from tests.vclaim_server import CONS_ID, SECRET, USER_KEY, VClaimServer, peserta

NIK, CARD, NAME = "3578080102030001", "0001234567890", "KENARI CANARIAWATI"
BY_NIK = read_identifier(NIK)
TODAY = date(2026, 11, 20)
TICKETS = 200
# Longer than any test: what is answered before it did not wait for it.
NEVER_S = 600.0


class HandDirectory:
    """Answers when the test says so, and counts who is asking at once."""

    source: Source = "vclaim"
    kinds: frozenset[IdentifierKind] = frozenset({"nik", "card"})

    def __init__(self, answer: Callable[[], Member | NotFound] = NotFound) -> None:
        self.answer = answer
        self.asked: list[Identifier] = []
        self.at_once = self.at_once_most = self.cancelled = 0
        self.hangs = False
        self.is_closed = False

    async def find(self, identifier: Identifier, on: date) -> Member | NotFound:
        self.asked.append(identifier)
        self.at_once += 1
        self.at_once_most = max(self.at_once, self.at_once_most)
        try:
            while self.hangs:
                await asyncio.sleep(0.001)
            return self.answer()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.at_once -= 1

    async def close(self) -> None:
        self.is_closed = True


def somebody() -> Member:
    return Member("K.C.", "PBPU", "PEKERJA MANDIRI", "active", "AKTIF", "vclaim", 1_795_136_400_000)


def raising(error: Exception) -> Callable[[], Member | NotFound]:
    def answer() -> Member | NotFound:
        raise error

    return answer


class Desk:
    """A desk over a directory, with a clock for its pauses that the test turns."""

    def __init__(self, directory: Any, deadline_s: float = NEVER_S) -> None:
        self.now_s = 1000.0
        self.directory = directory
        self.desk = DirectoryDesk(directory, deadline_s, lambda: self.now_s)

    def ask(self, identifier: Identifier = BY_NIK) -> "asyncio.Future[LookedUp]":
        answer: asyncio.Future[LookedUp] = asyncio.get_running_loop().create_future()
        # set_result raises when somebody is answered twice.
        self.desk.look_up(identifier, TODAY, answer.set_result)
        return answer

    async def outcome(self, identifier: Identifier = BY_NIK) -> str:
        async with asyncio.timeout(20):
            return (await self.ask(identifier)).outcome


@asynccontextmanager
async def desk_over(directory: Any, deadline_s: float = NEVER_S) -> AsyncIterator[Desk]:
    made = Desk(directory, deadline_s)
    try:
        yield made
    finally:
        made.desk.close()


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():
            await asyncio.sleep(0.001)


# The desk.


async def test_each_answer_of_a_directory_has_its_word() -> None:
    answers: list[tuple[Callable[[], Member | NotFound], str]] = [
        (somebody, "found"),
        (NotFound, "not-found"),
        (raising(DirectoryUnreachableError("x")), "unreachable"),
        (raising(DirectoryRefusedError("x")), "refused"),
    ]
    for answer, outcome in answers:
        async with desk_over(HandDirectory(answer)) as desk:
            assert await desk.outcome() == outcome


async def test_no_directory_and_a_number_that_it_does_not_know_are_answered_at_once() -> None:
    async with desk_over(NoDirectory()) as desk:
        assert desk.ask().result() == LookedUp("none")
    async with desk_over(HandDirectory()) as desk:
        assert desk.ask(Identifier("passport", "X1234567")).result() == LookedUp("none")
        assert desk.directory.asked == []


async def test_a_hanging_directory_is_slow_at_the_deadline_and_is_let_go() -> None:
    directory = HandDirectory()
    directory.hangs = True
    async with desk_over(directory, deadline_s=0.05) as desk:
        assert await desk.outcome() == "slow"
        await until(lambda: directory.cancelled == 1)


async def test_an_answer_that_comes_after_the_deadline_is_nobodys() -> None:
    """``Desk.ask`` breaks when it is answered twice."""
    directory = HandDirectory()
    directory.hangs = True
    async with desk_over(directory, deadline_s=0.02) as desk:
        asked = [desk.ask() for _ in range(AT_ONCE_MAX)]
        await until(lambda: any(one.done() for one in asked))
        directory.hangs = False
        await until(lambda: all(one.done() for one in asked) and directory.at_once == 0)
        await asyncio.sleep(0)
        assert {one.result().outcome for one in asked} <= {"slow", "not-found"}


async def test_few_are_asked_at_once_and_who_comes_into_a_crowd_hears_so_at_once() -> None:
    """I14: look-ups are bounded, whatever a screen sends."""
    directory = HandDirectory()
    directory.hangs = True
    async with desk_over(directory) as desk:
        waiting = [desk.ask() for _ in range(WAITING_MAX)]
        await until(lambda: directory.at_once == AT_ONCE_MAX)
        assert desk.ask().result().outcome == "slow"
        directory.hangs = False
        await until(lambda: all(one.done() for one in waiting))
        assert len(directory.asked) == WAITING_MAX
        assert directory.at_once_most == AT_ONCE_MAX


async def test_a_dead_directory_is_left_alone_for_a_while_and_then_tried_once() -> None:
    directory = HandDirectory(raising(DirectoryUnreachableError("x")))
    async with desk_over(directory) as desk:
        for _ in range(FAILURES_MAX):
            assert await desk.outcome() == "unreachable"
        for _ in range(50):
            assert desk.ask().result().outcome == "unreachable"
        assert len(directory.asked) == FAILURES_MAX
        desk.now_s += PAUSE_LEAST_S
        trying = desk.ask()
        assert desk.ask().result().outcome == "unreachable", "one try at a time"
        await until(trying.done)
        assert len(directory.asked) == FAILURES_MAX + 1
        desk.now_s += PAUSE_LEAST_S  # the second pause is twice as long
        assert desk.ask().result().outcome == "unreachable"
        directory.answer = somebody
        desk.now_s += PAUSE_LEAST_S
        assert [await desk.outcome() for _ in range(3)] == ["found"] * 3


async def test_a_bug_of_an_adapter_is_one_unanswered_look_up_and_its_words_reach_no_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """F12, I12: an unexpected error may hold whatever the directory said."""
    caplog.set_level(logging.DEBUG)
    async with desk_over(HandDirectory(raising(ValueError(f"{NIK} {NAME}")))) as desk:
        assert await desk.outcome() == "unreachable"
    (said,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert "ValueError" in said.getMessage()
    assert NIK not in caplog.text
    assert NAME not in caplog.text


async def test_closing_waits_for_nobody_and_closes_the_directory() -> None:
    directory = HandDirectory()
    directory.hangs = True
    desk = Desk(directory)
    asked = desk.ask()
    await until(lambda: directory.at_once == 1)
    desk.desk.close()
    assert directory.is_closed
    assert directory.cancelled == 1
    assert not asked.done()


def test_pauses_double_up_to_their_most_and_begin_anew_after_an_answer() -> None:
    circuit, now_s = Circuit(), 0.0
    assert [circuit.failed("slow", now_s) for _ in range(FAILURES_MAX)] == [
        *[None] * (FAILURES_MAX - 1),
        PAUSE_LEAST_S,
    ]
    pauses: list[float | None] = []
    for _ in range(8):
        now_s += PAUSE_MOST_S
        assert circuit.why_not(now_s) is None
        pauses.append(circuit.failed("slow", now_s))
    assert pauses[:3] == [20.0, 40.0, 80.0]
    assert pauses[-1] == PAUSE_MOST_S
    now_s += PAUSE_MOST_S
    assert circuit.why_not(now_s) is None
    assert circuit.well()
    assert circuit.why_not(now_s) is None
    assert circuit.failed("slow", now_s) is None


def test_no_deadline_is_longer_than_a_screen_keeps_its_question() -> None:
    assert parse("directory.deadline_s", "8") == 8.0
    with pytest.raises(SettingError, match="deadline_s"):
        parse("directory.deadline_s", str(Deadlines().wish_s - 1))


# Beside the lane.


class Branch(LaneStory):
    """A lane in its running dispatch, with a directory beside it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.sign_in(DOOR, BUDI)
        self.order: list[str] = []

    @asynccontextmanager
    async def running(self, desk: DirectoryDesk | None) -> AsyncIterator[None]:
        notices = Notices(Connections(), lambda: self.lane.day, lambda: self.clock.ms)
        self.dispatch = Dispatch(self.lane, notices, list, desk)
        running = asyncio.create_task(self.dispatch.run())
        try:
            yield
        finally:
            self.dispatch.stop()
            await running

    def say(self, word: m.AnyCommand, asker: Asker) -> "asyncio.Future[dict[str, Any]]":
        """Put a word down; the future has its answer, and ``order`` who was answered when."""
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()

        def hear(frame: bytes) -> None:
            self.order.append(type(word).__name__)
            answer.set_result(decoded([frame])[0])

        self.dispatch.submit(Ask(word, asker, hear))
        return answer


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Branch]:
    made = Branch(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def vclaim() -> Iterator[VClaimServer]:
    with VClaimServer([peserta(NIK, CARD, NAME)]) as server:
        yield server


def find(number: str = NIK) -> m.FindMember:
    return m.FindMember(id=uuid4(), identifier=number)


def issue() -> m.IssueTicket:
    return m.IssueTicket(id=uuid4(), service="A")


async def test_200_tickets_are_given_while_a_look_up_hangs(
    branch: Branch, vclaim: VClaimServer
) -> None:
    """Nothing waits for a directory: neither tickets nor what is read from the archive."""
    vclaim.mood = "hangs"
    directory = VClaimDirectory(vclaim.account(), SteadyClock(), NEVER_S)
    async with asyncio.timeout(60), branch.running(DirectoryDesk(directory, NEVER_S)):
        looking = [branch.say(find(), DOOR) for _ in range(AT_ONCE_MAX)]
        await until(lambda: len(vclaim.asked) == AT_ONCE_MAX)
        tickets = [await branch.say(issue(), KIOSK) for _ in range(TICKETS)]
        ticket = tickets[0]["ticket"]["id"]
        history = await branch.say(m.GetTicketHistory(id=uuid4(), ticket=ticket), DOOR)
        assert history["type"] == "Answer"
        assert not any(one.done() for one in looking)
    numbers = [words["ticket"]["number"] for words in tickets]
    assert numbers == [f"A{serial:03}" for serial in range(1, TICKETS + 1)]
    assert branch.order == [*["IssueTicket"] * TICKETS, "GetTicketHistory"]


async def test_the_look_up_ends_as_slow_at_its_deadline_while_tickets_go_on(
    branch: Branch, vclaim: VClaimServer
) -> None:
    vclaim.mood = "hangs"
    directory = VClaimDirectory(vclaim.account(), SteadyClock(), 0.3)
    async with asyncio.timeout(60), branch.running(DirectoryDesk(directory, 0.3)):
        looking, given = branch.say(find(), DOOR), 0
        while not looking.done() or given < TICKETS:
            assert (await branch.say(issue(), KIOSK))["type"] == "Accepted"
            given += 1
    assert looking.result()["directory"] == "slow"
    assert looking.result()["member"] is None
    before = branch.order.index("FindMember")
    assert 0 < before <= given


async def test_a_member_is_shown_by_initials_and_codes_with_the_number_masked(
    branch: Branch, vclaim: VClaimServer
) -> None:
    directory = VClaimDirectory(vclaim.account(), SteadyClock(), 20)
    async with asyncio.timeout(60), branch.running(DirectoryDesk(directory, 20)):
        words = await branch.say(find(f" {NIK[:6]}-{NIK[6:12]} {NIK[12:]}\u200f"), DOOR)
        nobody = await branch.say(find("3273000101010001"), DOOR)
    member = words["member"]
    assert member.pop("as_of").endswith("Z")
    assert (words["type"], words["directory"]) == ("Answer", "found")
    assert member == {
        "initials": "K.C.",
        "masked": "************0001",
        "segment": "PPU-BU",
        "segment_text": "PEGAWAI SWASTA",
        "membership": "active",
        "status_text": "AKTIF",
        "source": "vclaim",
        "ward_class": "KELAS I",
        "facility": "KPRJ PALA MEDIKA",
        "facility_changed_on": None,
        "decree_on": None,
    }
    assert (nobody["directory"], nobody["member"]) == ("not-found", None)


async def test_a_number_that_breaks_a_rule_is_refused_and_never_leaves_the_branch(
    branch: Branch, vclaim: VClaimServer
) -> None:
    """VClaim answers 16 zeros with real data, so that a wrong number must not reach it."""
    directory = VClaimDirectory(vclaim.account(), SteadyClock(), 20)
    async with asyncio.timeout(60), branch.running(DirectoryDesk(directory, 20)):
        for number in ("0000000000000000", "3578081302030001"[:15], "3578084013030001", "\u202e"):
            words = await branch.say(find(number), DOOR)
            assert (words["type"], words["reason"]) == ("Rejected", "bad-identifier")
            assert words["message"]
            assert number not in words["message"]
    assert vclaim.asked == []


async def test_without_a_directory_the_officer_hears_that_there_is_none(branch: Branch) -> None:
    async with asyncio.timeout(60), branch.running(None):
        words = await branch.say(find(), DOOR)
    assert (words["directory"], words["member"]) == ("none", None)


async def test_who_may_not_look_people_up_is_refused(branch: Branch, vclaim: VClaimServer) -> None:
    directory = VClaimDirectory(vclaim.account(), SteadyClock(), 20)
    async with asyncio.timeout(60), branch.running(DirectoryDesk(directory, 20)):
        kiosk = await branch.say(find(), KIOSK)
        empty_seat = await branch.say(find(), DESK)
    assert (kiosk["reason"], empty_seat["reason"]) == ("not-allowed", "not-signed-in")
    assert vclaim.asked == []


# The whole program, over real sockets.


async def test_the_running_server_says_slow_keeps_the_link_and_gives_200_tickets_meanwhile(
    tmp_path: Path, vclaim: VClaimServer
) -> None:
    """The deadline is longer than the 2 s after which a silent link counts as lost (F19)."""
    vclaim.mood = "hangs"
    made = RunningBranch(tmp_path / "branch")
    made.add_devices("kiosk", "kiosk-1").add_devices("screening", "door-1")
    made.add_staff("budi", role="officer")
    made.configure(
        limits__commands_per_s=0,
        directory__deadline_s=6,
        directory__kind="vclaim",
        directory__vclaim_url=vclaim.url,
        directory__vclaim_cons_id=CONS_ID,
    )
    secrets = made.data / "vclaim.toml"
    secrets.write_text(f'secret = "{SECRET}"\nuser_key = "{USER_KEY}"\n')
    secrets.chmod(0o600)
    with made:
        async with made.client("kiosk-1") as kiosk, made.client("door-1") as door:
            await door.ask(m.SignIn(id=uuid4(), staff="budi", pin=PIN))
            looking = asyncio.create_task(door.inquire(find()))
            await until(lambda: len(vclaim.asked) == 1)
            tickets = [await kiosk.ask(issue()) for _ in range(TICKETS)]
            hung = not looking.done()
            slow = await looking
            states = [status.state for status in door.states]
            vclaim.mood = "well"
            found = await door.inquire(find(CARD))
    assert [type(one) for one in tickets] == [m.Accepted] * TICKETS
    assert hung, "200 tickets took longer than the deadline"
    assert isinstance(slow, m.Answer)
    assert isinstance(found, m.Answer)
    assert (slow.directory, found.directory) == ("slow", "found")
    assert LinkState.LOST not in states
    log = made.log.read_text() + "".join(str(row) for row in made.rows("SELECT * FROM event"))
    assert [one for one in (NIK, CARD, NAME, "KENARI", SECRET, USER_KEY) if one in log] == []


async def test_an_imported_list_answers_in_the_running_server(tmp_path: Path) -> None:
    made = RunningBranch(tmp_path / "branch").add_devices("screening", "door-1")
    made.add_staff("budi", role="officer").configure(directory__kind="file")
    table = tmp_path / "members.csv"
    table.write_text(f"nik,kartu,nama,segmen,status\n{NIK},{CARD},{NAME},PBI APBN,nonaktif\n")
    assert made.command("members", "import", str(table)) == "imported 1 people\n"
    table.write_text("nomor,berlaku,nama\n92/HUK/2026,1 Juli 2026,SK Juli\n")
    assert made.command("decrees", "import", str(table)) == "imported 1 decrees\n"
    with made:
        async with made.client("door-1") as door:
            await door.ask(m.SignIn(id=uuid4(), staff="budi", pin=PIN))
            found = await door.inquire(find(CARD))
            nobody = await door.inquire(find("0009999999999"))
    assert isinstance(found, m.Answer)
    assert isinstance(nobody, m.Answer)
    assert (found.directory, nobody.directory) == ("found", "not-found")
    assert isinstance(found.member, m.MemberView)
    assert (found.member.initials, found.member.membership) == ("K.C.", "pbi-inactive")
    assert found.member.masked == "*********7890"


async def test_a_directory_that_is_set_up_wrongly_keeps_no_branch_closed(tmp_path: Path) -> None:
    made = RunningBranch(tmp_path / "branch").add_devices("screening", "door-1")
    made.add_staff("budi", role="officer").configure(directory__kind="vclaim")
    with made:
        async with made.client("door-1") as door:
            await door.ask(m.SignIn(id=uuid4(), staff="budi", pin=PIN))
            answer = await door.inquire(find())
    assert isinstance(answer, m.Answer)
    assert answer.directory == "none"
    assert "directory.vclaim_cons_id is not set" in made.log.read_text()
