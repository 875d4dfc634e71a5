"""A whole day of made-up people at the door and the counters, and then nobody sings (G29, I12).

Everything goes through the shipped server over real sockets: each person's NIK, card, phone, name,
address, note and complaint is a canary. Afterwards every frame, paper, spoken word, log and file is
searched. What the staff asked for by name (a reveal, a visitor's note) is the only place allowed.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from kiosk.escpos_printer import EscposPrinter
from kiosk.printer_url import parse_printer_url
from protocol import messages as m
from tests.journeys.canaries import Allowed, Ears, Person, frames, people
from tests.journeys.screens import eventually
from tests.journeys.turned_branch import TurnedBranch
from tests.journeys.wiretap import Wiretap
from tests.kiosk.ticket_examples import lay_out_now
from tests.paper import decode_all
from tests.running_branch import PIN, RunningBranch
from tests.wire_client import WireClient
from voice.phrases import call_phrases

PUBLIC = ("kiosk-1", "display-1", "rating-1")
STAFF = ("screening-1", "counter-1", "counter-2", "manager-1")
SEATS = {"screening-1": "omar", "counter-1": "sari", "counter-2": "budi", "manager-1": "wati"}
CROWD = 240
MORNING = "2026-11-20T07:30"


@dataclass
class Day:
    """One branch day as it is lived, and all that came out of it."""

    branch: TurnedBranch
    wires: dict[str, Wiretap]
    clients: dict[str, WireClient] = field(default_factory=dict)
    papers: list[m.TicketToPrint | m.SlipToPrint] = field(default_factory=list)
    spoken: list[str] = field(default_factory=list)
    refused: int = 0

    async def say(self, device: str, word: Any) -> m.Accepted:
        """A word that must be taken."""
        answer = await self.clients[device].ask(word)
        assert isinstance(answer, m.Accepted), (type(word).__name__, answer)
        return answer

    async def refuse(self, device: str, word: Any) -> None:
        """A word that must not be."""
        assert isinstance(await self.clients[device].ask(word), m.Rejected)
        self.refused += 1

    async def ask(self, device: str, query: m.Query) -> m.Answer:
        answer = await self.clients[device].inquire(query)
        assert isinstance(answer, m.Answer), (type(query).__name__, answer)
        return answer

    async def all_show(self, revision: int) -> None:
        """Until every screen has been told of this; a rating pad is only ever told moments."""
        for device, client in self.clients.items():
            if not device.startswith("rating"):
                await client.until(partial(_shows, client, revision))

    async def print_paper(self, kind: Any) -> None:
        """The kiosk is asked for a paper, and says that it printed it."""
        paper = await self.clients["kiosk-1"].notice(kind)
        self.papers.append(paper)
        await self.say("kiosk-1", m.ConfirmPrint(id=new_id(), job=paper.job, outcome="printed"))


def _shows(client: WireClient, revision: int) -> bool:
    """Whether a screen was told of a revision or a newer one."""
    return any(getattr(notice, "revision", 0) >= revision for notice in client.notices)


def new_id() -> Any:
    return WireClient.new_id()


@asynccontextmanager
async def everybody(day: Day) -> AsyncIterator[None]:
    """Every device over a wire of its own, and the staff in their seats."""
    async with AsyncExitStack() as stack:
        for device, wire in day.wires.items():
            client = WireClient(
                f"ws://127.0.0.1:{wire.port}/",
                role=day.branch.roles[device],
                device=device,
                token=day.branch.tokens[device],
            )
            day.clients[device] = await stack.enter_async_context(client)
        day.clients["display-1"].on_notice = lambda notice: _listen(day, notice)
        for device, staff in SEATS.items():
            counter = int(device[-1]) if device.startswith("counter") else None
            await day.say(device, m.SignIn(id=new_id(), staff=staff, pin=PIN, counter=counter))
            if counter is not None:
                await day.say(device, m.OpenCounter(id=new_id()))
        yield


def _listen(day: Day, notice: Any) -> None:
    if isinstance(notice, m.Announcement):
        phrases = call_phrases(notice.number, notice.counter, notice.languages)
        day.spoken += [phrase.text for phrase in phrases]


# What people live through at the branch.


async def with_a_number(day: Day, person: Person, number: int) -> None:
    """From the door to a counter, where the note is read and the number revealed now and then."""
    screened = await day.say(
        "screening-1",
        m.RecordScreening(
            id=new_id(),
            outcome="ticket",
            service="A",
            identifier=person.nik,
            note=f"{person.note}, NIK {person.nik}",
            print_at="kiosk-1",
            language="en" if number % 3 else "id",
        ),
    )
    await day.print_paper(m.TicketToPrint)
    ticket = await call(day, "counter-1")
    seen = await day.ask("counter-1", m.GetScreening(id=new_id(), ticket=ticket))
    assert isinstance(seen.screening, m.ScreeningView)
    assert person.note in seen.screening.note
    assert seen.screening.masked == "*" * 12 + person.nik[-4:]
    other = await day.ask("counter-2", m.GetScreening(id=new_id(), ticket=ticket))
    assert isinstance(other.screening, m.ScreeningView)
    assert other.screening.note == ""
    if number % 32 == 0:
        reveal = m.RevealRecord(id=new_id(), record=str(screened.screening), reason=person.nik)
        shown = await day.say("counter-1", reveal)
        assert isinstance(shown.revealed, dict)
        assert shown.revealed["identifier"] == person.nik
    finish = m.FinishService(
        id=new_id(),
        ticket=ticket,
        outcome="solved",
        note=f"NIK {person.nik} / {person.card[:4]} {person.card[4:8]} {person.card[8:]}",
        cause="administrative",
    )
    await day.say("counter-1", finish)


async def with_a_code(day: Day, person: Person, number: int) -> None:
    """A code for the kiosk on a slip, then two counters, with numbers of people in the notes."""
    screened = await day.say(
        "screening-1",
        m.RecordScreening(
            id=new_id(),
            outcome="code",
            service="B",
            identifier=f"{person.card[:4]}-{person.card[4:]}",
            note=person.note,
            print_at="kiosk-1",
        ),
    )
    await day.print_paper(m.SlipToPrint)
    take = m.IssueTicket(id=new_id(), service="B", screening=str(screened.code))
    given = await day.say("kiosk-1", take)
    assert isinstance(given.ticket, m.Ticket)
    await day.print_paper(m.TicketToPrint)
    typed = m.RecordIdentity(id=new_id(), ticket=given.ticket.id, identifier=person.nik)
    await day.say("kiosk-1", typed)
    wrong = m.RecordIdentity(id=new_id(), ticket=given.ticket.id, identifier=person.nik[:-1])
    await day.refuse("kiosk-1", wrong)
    posted = m.PostText(id=new_id(), text={"id": f"Dicari pemilik NIK {person.nik}"})
    await day.say("screening-1", posted)
    ticket = await call(day, "counter-1")
    move = m.TransferTicket(
        id=new_id(), ticket=ticket, counter=2, position="first", note=f"lanjutkan {person.nik}"
    )
    await day.say("counter-1", move)
    assert await call(day, "counter-2") == ticket
    await day.say(
        "counter-2", m.FinishService(id=new_id(), ticket=ticket, outcome="pending", note="selesai")
    )
    correct = m.CorrectRecord(
        id=new_id(), ticket=ticket, field="note", value=f"lihat {person.nik}", reason=person.card
    )
    await day.say("manager-1", correct)


async def elsewhere(day: Day, person: Person, number: int) -> None:
    """Sent to a channel, an office, or home for what is missing, with a slip of paper."""
    ways: list[dict[str, Any]] = [
        {"outcome": "channel", "channel": "pandawa"},
        {"outcome": "office", "office": "dinsos"},
        {"outcome": "return", "matter": "identity-change", "missing": ["ktp"]},
    ]
    where = ways[number % 3]
    await day.say(
        "screening-1",
        m.RecordScreening(
            id=new_id(), identifier=person.nik, note=person.note, print_at="kiosk-1", **where
        ),
    )
    await day.print_paper(m.SlipToPrint)


async def solved(day: Day, person: Person, number: int) -> None:
    """Answered at the door, after a look-up and some slips of the finger."""
    found = await day.ask("screening-1", m.FindMember(id=new_id(), identifier=person.nik))
    assert found.directory == "found"
    for typed in (f"{person.nik}{person.card}", person.nik[:-1], person.name):
        bad = m.RecordScreening(id=new_id(), outcome="solved", reason="otp", identifier=typed)
        await day.refuse("screening-1", bad)
    word = m.RecordScreening(
        id=new_id(), outcome="solved", reason="otp", identifier=person.nik, note=person.note
    )
    answer = await day.say("screening-1", word)
    assert await day.say("screening-1", word) == answer, "a retry is answered the same"
    if number % 40 == 0:
        reveal = m.RevealRecord(id=new_id(), record=str(answer.screening), reason="KTP lain")
        await day.say("screening-1", reveal)


async def guest(day: Day, person: Person, number: int) -> None:
    """Into the guest book."""
    word = m.RecordGuest(
        id=new_id(), name=person.name, purpose="meeting", consent=True, note=person.note
    )
    await day.say("screening-1", word)


async def complainer(day: Day, person: Person, number: int) -> None:
    """A complaint with everything that the law asks for, its receipt, and a step of it."""
    filed = await day.say(
        "screening-1",
        m.FileComplaint(
            id=new_id(),
            level="yellow",
            description=f"{person.text}. NIK saya {person.nik}",
            name=person.name,
            address=person.address,
            phone=f"{person.phone[:4]}-{person.phone[4:8]}-{person.phone[8:]}",
            wish=person.wish,
            print_at="kiosk-1",
        ),
    )
    await day.print_paper(m.SlipToPrint)
    assert isinstance(filed.complaint, m.ComplaintView)
    complaint = filed.complaint.id
    await day.refuse(
        "screening-1", m.UpdateComplaint(id=new_id(), complaint=complaint, sipp=person.nik)
    )
    step = m.UpdateComplaint(
        id=new_id(), complaint=complaint, step="answered", note=f"{person.note} {person.phone}"
    )
    await day.say("manager-1", step)
    if number % 40 == 0:
        reveal = m.RevealRecord(id=new_id(), record=complaint, reason="tindak lanjut")
        shown = await day.say("manager-1", reveal)
        assert isinstance(shown.revealed, dict)
        assert shown.revealed["address"] == person.address


LIVES = (with_a_number, solved, guest, elsewhere, complainer, with_a_code)


async def call(day: Day, device: str) -> str:
    answer = await day.say(device, m.CallNext(id=new_id()))
    assert isinstance(answer.ticket, m.Ticket)
    await day.say(device, m.StartService(id=new_id(), ticket=answer.ticket.id))
    return answer.ticket.id


async def live(day: Day, crowd: list[Person]) -> None:
    """From the morning to the close, with a crash at noon."""
    async with everybody(day):
        await day.clients["rating-1"].until(lambda: day.clients["rating-1"].welcome is not None)
        for number, person in enumerate(crowd):
            await asyncio.to_thread(day.branch.turn_to, day.branch.now + timedelta(seconds=100))
            await LIVES[number % len(LIVES)](day, person, number // len(LIVES))
            if number == len(crowd) // 2:
                await _crash_and_ask_again(day, person)
        one, other = crowd[0], crowd[1]
        pause = m.PauseService(id=new_id(), service="C", reason=f"menunggu {one.nik}")
        paused = await day.say("manager-1", pause)
        await day.ask("manager-1", m.ListComplaints(id=new_id(), which="all"))
        await day.ask("manager-1", m.GetDoorReport(id=new_id()))
        await day.all_show(paused.revision)
        close = m.CloseBranchDay(id=new_id(), note=f"tertunda: {other.card}")
        await day.all_show((await day.say("manager-1", close)).revision)


async def _crash_and_ask_again(day: Day, person: Person) -> None:
    """kill -9 after an answer that nobody heard: the memory knows the word again (I6)."""
    word = m.RecordScreening(
        id=new_id(), outcome="self-service", identifier=person.nik, note="sekali lagi"
    )
    before = await day.say("screening-1", word)
    await asyncio.to_thread(day.branch.kill)
    await asyncio.to_thread(day.branch.start)
    for client in day.clients.values():
        client.retry_now()
    assert await day.say("screening-1", word) == before


# Listening.


@dataclass(slots=True)
class Evidence:
    """What came out of a day, by where it came out; ``inside`` is what the staff may see."""

    outside: dict[str, bytes] = field(default_factory=dict)
    allowed: Allowed = field(default_factory=Allowed)

    def singing(self, ears: Ears) -> dict[str, set[str]]:
        """Where canaries sing."""
        heard = ((name, ears.hear(data)) for name, data in self.outside.items())
        return {name: found for name, found in heard if found}


def told_frames(wire: Wiretap) -> list[bytes]:
    return [
        frame
        for connection in wire.connections
        if b"\r\n\r\n" in connection.told
        for frame in frames(bytes(connection.told))
    ]


def gather(day: Day, said: dict[str, str]) -> Evidence:
    """Frames, papers, words that were spoken, what commands printed, and every file."""
    evidence = Evidence()
    for device in PUBLIC:
        evidence.outside[f"frames to {device}"] = b"\n".join(told_frames(day.wires[device]))
    for device in STAFF:
        left = [evidence.allowed.rest(frame) for frame in told_frames(day.wires[device])]
        evidence.outside[f"frames to {device}"] = b"\n".join(left)
    printer = EscposPrinter(parse_printer_url("network://printer?profile=TM-T88V"))
    paper = b"".join(printer.render(lay_out_now(one, printer.paper)) for one in day.papers)
    evidence.outside["printed bytes"] = paper
    evidence.outside["printed words"] = "\n".join(one.text for one in decode_all(paper)).encode()
    evidence.outside["spoken words"] = "\n".join(day.spoken).encode()
    evidence.outside |= {f"said by {name}": text.encode() for name, text in said.items()}
    evidence.outside["the server's log"] = day.branch.log.read_bytes()
    for path in sorted(day.branch.data.rglob("*")):
        if path.is_file():
            evidence.outside[f"file {path.name}"] = path.read_bytes()
    return evidence


@pytest.fixture
def turned(branch: RunningBranch, tmp_path: Path) -> TurnedBranch:
    """The founded branch with an officer, under a clock that the test turns."""
    branch.command("staff", "add", "omar", "--role", "officer", ANTREAN_PIN=PIN)
    branch.configure(limits__commands_per_s=0, directory__kind="file", kiosk__identity="true")
    clocked = TurnedBranch(branch.data, MORNING, options=("--log-level", "debug"))
    clocked.tokens, clocked.roles = branch.tokens, branch.roles
    return clocked


def import_members(branch: RunningBranch, crowd: list[Person], file: Path) -> None:
    """Everybody's name and numbers come from the insurance's own list, too."""
    lines = [f"{one.nik},{one.card},{one.name},PBPU,AKTIF" for one in crowd]
    file.write_text("\n".join(["nik,card,name,segment,status", *lines]) + "\n")
    branch.command("members", "import", str(file))


def test_a_whole_day_of_people_leaves_no_canary_anywhere(
    turned: TurnedBranch, tmp_path: Path, long_run: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """G29, F54, I12: over frames, papers, voice, logs, a crash, the database and its backup."""
    crowd = people(5 * CROWD if long_run else CROWD)
    ears = Ears(crowd)
    import_members(turned, crowd, tmp_path / "members.csv")
    said: dict[str, str] = {}
    with ExitStack() as stack:
        stack.enter_context(turned)
        wires = {name: stack.enter_context(Wiretap(turned.port)) for name in (*PUBLIC, *STAFF)}
        day = Day(turned, wires)
        asyncio.run(live(day, crowd))
        # The copy is searched with the other files, while the newest rows stand in the log.
        said["backup"] = turned.command("backup", str(turned.data / "copies" / "branch.db"))
        _really_went_in(turned, day, crowd)
        for words in (("summary",), ("replay",), ("privacy", "report", "--json"), ("verify",)):
            said[" ".join(words)] = _printed(turned, *words)
        os.kill(turned.process.pid, signal.SIGABRT)
        turned.process.wait(10)
        evidence = gather(day, said)
    assert b"Fatal Python error" in evidence.outside["the server's log"]
    assert evidence.singing(ears) == {}
    assert {"branch.db", "branch.db-wal"} <= {path.name for path in turned.data.iterdir()}
    assert b"CETAK" in evidence.outside["printed bytes"] or len(day.papers) > CROWD // 2
    assert evidence.allowed.revealed >= 4
    assert evidence.allowed.notes == len(crowd) // len(LIVES)
    assert day.spoken
    with capsys.disabled():
        print(
            f"\n{len(crowd)} people, {len(ears.canaries)} canaries; {ears.bytes_heard:,} bytes "
            f"searched in {len(evidence.outside)} places, {len(day.papers)} papers, "
            f"{len(day.spoken)} spoken sentences; {evidence.allowed.revealed} reveals and "
            f"{evidence.allowed.notes} notes where they belong"
        )


def _printed(branch: RunningBranch, *words: str) -> str:
    return branch.command(*words)


def _really_went_in(branch: TurnedBranch, day: Day, crowd: list[Person]) -> None:
    """Else nothing could have come out."""
    said = b"".join(bytes(one.said) for wire in day.wires.values() for one in wire.connections)
    assert len(said) > len(crowd) * 300
    kinds = dict(branch.rows("SELECT kind, count(*) FROM sealed_record GROUP BY kind"))
    lives = len(crowd) // len(LIVES)
    # One more came back after the crash.
    assert kinds == {
        "complaint": lives,
        "guest": lives,
        "identity": lives,
        "screening": 4 * lives + 1,
    }
    assert branch.rows("SELECT count(*) FROM member") == [(2 * len(crowd),)]
    assert day.refused == 5 * lives


def test_after_a_month_nothing_of_them_is_left_in_any_file(
    turned: TurnedBranch, tmp_path: Path
) -> None:
    """UU PDP Art. 43: the server itself erases by its clock, tells it, and clears its files."""
    crowd = people(len(LIVES) * 5)
    import_members(turned, crowd, tmp_path / "members.csv")
    with ExitStack() as stack:
        stack.enter_context(turned)
        wires = {name: stack.enter_context(Wiretap(turned.port)) for name in (*PUBLIC, *STAFF)}
        asyncio.run(live(Day(turned, wires), crowd))
        sealed = dict(turned.rows("SELECT id, sealed FROM sealed_record WHERE kind <> 'complaint'"))
        assert len(sealed) == 31
        turned.turn_to(turned.now + timedelta(days=8))
        eventually(lambda: kinds_left(turned), lambda left: "guest" not in left, "the guests' end")
        assert "screening" in kinds_left(turned)
        turned.turn_to(turned.now + timedelta(days=23))
        eventually(lambda: kinds_left(turned), lambda left: left == {"complaint"}, "the end")
        files = eventually(
            lambda: b"".join(path.read_bytes() for path in turned.data.glob("branch.db*")),
            lambda data: not any(one in data for one in sealed.values()),
            "clean files",
        )
        assert not any(one[:24] in files or one[-24:] in files for one in sealed.values())
        assert turned.stop() == 0
    erased = turned.rows("SELECT body FROM event WHERE type = 'PersonalDataErased' ORDER BY seq")
    assert ['"guest":5' in erased[0][0], '"screening":21' in erased[-1][0]] == [True, True]
    assert "verified" in turned.command("verify")


def kinds_left(branch: RunningBranch) -> set[str]:
    return {kind for (kind,) in branch.rows("SELECT DISTINCT kind FROM sealed_record")}


# Ears that hear.


PLANTS = [
    "NIK {nik}", "{nik} di tengah {card}", "0{card}9", "hp 62{phone}", "{shouted}",
    '{{"type":"Accepted","note":"{name}"}}', "{card_in_groups}", "place {nik:.12}****",
]  # fmt: skip


@pytest.mark.parametrize("plant", PLANTS)
def test_ears_hear_one_canary_in_a_crowd_of_bytes(plant: str) -> None:
    crowd = people(CROWD)
    ears, one = Ears(crowd), crowd[77]
    planted = plant.format(
        nik=one.nik,
        card=one.card,
        phone=one.phone[1:],
        name=one.name,
        shouted=one.address.upper(),
        card_in_groups=" ".join(one.card[at : at + 4] for at in range(0, 13, 4)),
    )
    noise = os.urandom(100_000)
    assert ears.hear(noise + planted.encode() + noise) <= one.canaries
    assert ears.hear(noise + planted.encode() + noise)
    assert ears.hear(noise) == set()


def test_ears_do_not_hear_what_is_masked() -> None:
    crowd = people(CROWD)
    masked = " ".join(f"{'*' * 12}{one.nik[-4:]} {'*' * 9}{one.card[-4:]}" for one in crowd)
    assert Ears(crowd).hear(masked) == set()


UNMASKED = """
import sys
import server.free_text
server.free_text.FREE_TEXT = {}
from server.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def test_a_server_that_leaks_is_heard(turned: TurnedBranch) -> None:
    """The same search on a server whose notes are not masked: it sings at every screen."""
    crowd = people(len(LIVES))
    leaky = TurnedBranch(turned.data, MORNING, program=UNMASKED)
    leaky.tokens, leaky.roles = turned.tokens, turned.roles
    with ExitStack() as stack:
        stack.enter_context(leaky)
        wires = {name: stack.enter_context(Wiretap(leaky.port)) for name in (*PUBLIC, *STAFF)}
        day = Day(leaky, wires)
        asyncio.run(_leak(day, crowd[0]))
        leaky.kill()
        singing = gather(day, {}).singing(Ears(crowd))
    assert singing["frames to kiosk-1"] == {crowd[0].nik, crowd[0].nik[:12]}
    assert "file branch.db-wal" in singing or "file branch.db" in singing


async def _leak(day: Day, person: Person) -> None:
    async with everybody(day):
        pause = m.PauseService(id=new_id(), service="C", reason=f"menunggu {person.nik}")
        await day.say("manager-1", pause)
        kiosk = day.clients["kiosk-1"]
        await kiosk.notice(m.KioskSnapshot, where=lambda seen: person.nik in str(seen))
