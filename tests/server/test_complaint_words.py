"""Complaints on the wire: what is kept where, over days and restarts, lists and reminders."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db import tables as t
from protocol import messages as m
from server.administration.verify import verify
from server.commands.handler import Asker
from server.connections import Connections
from server.domain.complaints import LAW_DAYS
from server.domain.events import ComplaintFiled
from server.lane import Ask
from server.notices import Notices
from server.query_desk import QueryDesk
from server.snapshots import Hall, hall_snapshot, queue_snapshot, screening_snapshot
from tests.server.domain.played_day import facts
from tests.server.lane_story import BUDI, DESK, DEWI, DOOR, KIOSK, OFFICE, WEB, LaneStory, decoded

NAME, ADDRESS, PHONE = "Canary Pengadu", "Jalan Canary 12", "081234500077"
TEXT, WISH = "Petugas canary membentak saya.", "Canary minta maaf."
CANARIES = ("anary", PHONE)
MINUTE_MS = 60_000


class Branch(LaneStory):
    """A branch with the shipped catalogue and office hours."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        hours = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), "08:00-16:00")
        for day, text in (hours | {"friday": "08:00-16:00", "saturday": "closed"}).items():
            self.set(f"hours.{day}", text)
        self.set("hours.sunday", "closed")
        self.restart()
        self.sit()
        self.desk = QueryDesk(self.lane)

    def set(self, key: str, value: str) -> None:
        row = {"branch": self.store.branch_code, "key": key, "value": value}
        with self.store.database.writing() as connection:
            connection.execute(t.setting.insert(), row)

    def sit(self) -> None:
        self.sit_down(1)
        self.sign_in(DOOR, BUDI)
        self.sign_in(OFFICE, DEWI)

    def next_day(self, local: str) -> None:
        """The clock goes on, and people sit down again."""
        self.clock.set(local)
        self.lane.write(self.lane.decide([]))
        self.sit()

    def file(self, asker: Asker = DOOR, **fields: Any) -> dict[str, Any]:
        """Somebody complains, with a name unless ``anonymous``."""
        who = {} if fields.get("anonymous") else {"name": NAME, "address": ADDRESS, "phone": PHONE}
        given: dict[str, Any] = {"level": "red", "description": TEXT, "wish": WISH, **who}
        return self.ask(m.FileComplaint(id=uuid4(), **given | fields), asker)

    def filed(self, **fields: Any) -> str:
        answer = self.file(**fields)
        assert answer["type"] == "Accepted", answer
        complaint: str = answer["complaint"]["id"]
        return complaint

    def say(self, complaint: str, asker: Asker = DOOR, **said: Any) -> dict[str, Any]:
        return self.ask(m.UpdateComplaint(id=uuid4(), complaint=complaint, **said), asker)

    def under_seal(self, complaint: str) -> dict[str, str]:
        record = self.store.sealed(complaint)
        assert record is not None
        return self.sealer.open("complaint", complaint, record.sealed)

    async def inquire(self, query: m.AnyCommand, asker: Asker = DOOR) -> dict[str, Any]:
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self.desk.submit(Ask(query, asker, answer.set_result))
        self.desk.answer_some()
        async with asyncio.timeout(5):
            (words,) = decoded([await answer])
        return words

    async def listed(self, which: Any = "open", asker: Asker = DOOR) -> dict[str, Any]:
        return await self.inquire(m.ListComplaints(id=uuid4(), which=which), asker)

    def row(self, complaint: str) -> dict[str, Any]:
        (row,) = (one for one in self.store.rows(t.complaint) if one["id"] == complaint)
        return row


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Branch]:
    story = Branch(tmp_path)
    yield story
    story.desk.close()
    story.store.close()


# Filing.


@pytest.mark.parametrize("asker", [DOOR, DESK], ids=lambda one: one.role.value)
def test_a_complaint_has_its_times_and_its_texts_stand_under_seal(
    branch: Branch, asker: Asker
) -> None:
    """UU 25/2009 Art. 40, 44: name, address, what, wish; a number to ask by."""
    answer = branch.file(asker, sipp="SIPP-2026-00123", lapor="7788123")
    complaint = answer["complaint"]
    assert complaint["state"] == "open"
    assert complaint["answer_due_at"] == "2026-11-20T01:30:00.000Z"
    assert complaint["due_at"] == "2026-11-23T09:00:00.000Z"
    assert (complaint["sipp"], complaint["lapor"]) == ("SIPP-2026-00123", "7788123")
    assert branch.under_seal(complaint["id"]) == {
        "description": TEXT,
        "wish": WISH,
        "name": NAME,
        "address": ADDRESS,
        "phone": PHONE,
    }
    record = branch.store.sealed(complaint["id"])
    assert record is not None
    assert record.erase_at_ms - branch.clock.ms == 400 * 86_400_000


def test_nothing_of_it_is_anywhere_else(branch: Branch) -> None:
    """I12: canaries in every text; only sealed bytes may follow from them."""
    answer = branch.file()
    complaint = answer["complaint"]["id"]
    branch.say(complaint, note="Catatan canary.", step="answered")
    said = repr(answer)
    for table in t.metadata.sorted_tables:
        if table is not t.device:
            said += repr(branch.store.rows(table))
    for canary in CANARIES:
        assert canary not in said
    with branch.store.database.reading() as connection:
        for event in branch.store.history(connection):
            assert not any(canary.encode() in event.link for canary in CANARIES)


def test_texts_are_cleaned_before_they_are_kept(branch: Branch) -> None:
    """F50: what acts instead of being read is gone, lines are kept."""
    rubbish = "Baris satu\u202e\x1b@\r\nbaris dua\x00" + "\n" * 9 + "akhir"
    complaint = branch.filed(description=rubbish, name="Ani\u202e\x07\nBudi", wish="\u200b")
    assert branch.under_seal(complaint) == {
        "description": "Baris satu@\nbaris dua\n\nakhir",
        "name": "Ani Budi",
        "address": ADDRESS,
        "phone": PHONE,
    }


def test_an_anonymous_complaint_has_no_name_and_any_other_has_one(branch: Branch) -> None:
    for field in ("name", "address", "phone"):
        answer = branch.file(DOOR, anonymous=True, **{field: "Ani"})
        assert (answer["reason"], "nonim" in answer["message"]) == ("bad-value", True)
    answer = branch.file(name=" \u202e12 ")
    assert answer["message"].startswith("Nama pengadu belum diisi.")
    complaint = branch.filed(anonymous=True)
    assert branch.under_seal(complaint) == {"description": TEXT, "wish": WISH}
    assert branch.lane.day.complaints[complaint].anonymous
    assert len(branch.lane.day.complaints) == 1


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"level": "purple"}, "bad-value"),
        ({"description": "\u202e \x00"}, "bad-value"),
        ({"ticket": "nothing"}, "unknown-ticket"),
        ({"screening": "nothing"}, "unknown-record"),
        ({"print_at": "door-1"}, "bad-value"),
        ({"sipp": "3578080102030001"}, "bad-value"),  # a NIK must not enter the history
        ({"lapor": "0001234567890"}, "bad-value"),  # nor a card's number
        ({"sipp": "nomor satu"}, "bad-value"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    branch: Branch, fields: dict[str, Any], reason: str
) -> None:
    answer = branch.file(**fields)
    assert (answer["type"], answer["reason"]) == ("Rejected", reason)
    assert (branch.store.rows(t.complaint), branch.store.rows(t.sealed_record)) == ([], [])


def test_a_retry_has_one_effect(branch: Branch) -> None:
    """Law I6, and the answer that is remembered says nothing personal."""
    given: dict[str, Any] = {"level": "red", "description": TEXT, "name": NAME}
    word = m.FileComplaint(id=uuid4(), **given)
    first = branch.ask(word, DOOR)
    branch.restart()
    assert branch.ask(word, DOOR) == first
    assert len(branch.store.rows(t.complaint)) == 1
    other = m.FileComplaint(id=word.id, **given | {"description": "Lain."})
    assert branch.ask(other, DOOR)["reason"] == "id-reused"


async def test_the_complaint_of_a_ticket_names_it_and_stands_in_its_history(
    branch: Branch,
) -> None:
    issued = branch.ask(m.IssueTicket(id=uuid4(), service="A"))["ticket"]
    view = branch.file(DESK, ticket=issued["id"])["complaint"]
    assert (view["ticket"], view["number"]) == (issued["id"], issued["number"])
    told = await branch.inquire(m.GetTicketHistory(id=uuid4(), ticket=issued["id"]))
    assert told["history"][-1]["event"] == "ComplaintFiled"
    assert told["history"][-1]["text"]["id"] == "Pengaduan dicatat (Merah (mendesak))."


def test_who_complains_late_is_heard_all_the_same_and_it_is_noted(branch: Branch) -> None:
    ticket = branch.ask(m.IssueTicket(id=uuid4(), service="A"))["ticket"]["id"]
    branch.next_day("2026-12-21T09:00:00")
    branch.filed(ticket=ticket)
    (event,) = (one for one in _events(branch) if isinstance(one, ComplaintFiled))
    assert (event.ticket, event.days_after) == (ticket, LAW_DAYS + 1)


def _events(branch: Branch) -> list[Any]:
    with branch.store.database.reading() as connection:
        return [
            one.recorded.event
            for one in branch.store.history(connection)
            if one.recorded is not None
        ]


def test_the_receipt_is_asked_for_at_the_kiosk_that_was_named(branch: Branch) -> None:
    answer = branch.file(print_at="kiosk-1")
    job = branch.lane.day.slips[answer["slip"]]
    assert (job.kind, job.kiosk, job.subject) == (
        "complaint",
        "kiosk-1",
        answer["complaint"]["id"],
    )
    assert "slip" not in branch.file()


# Following it.


def test_notes_are_put_beside_the_text_under_the_same_seal(branch: Branch) -> None:
    complaint = branch.filed()
    branch.say(complaint, note="Sudah ditelepon.", step="answered")
    branch.say(complaint, OFFICE, note="Selesai.", step="solved")
    kept = branch.under_seal(complaint)
    assert (kept["description"], kept["name"]) == (TEXT, NAME)
    assert [kept["note-1"], kept["note-2"]] == ["Sudah ditelepon.", "Selesai."]


def test_two_notes_of_one_batch_are_both_kept(branch: Branch) -> None:
    """The second is decided before the first is on the disk."""
    complaint = branch.filed()
    words = [
        (m.UpdateComplaint(id=uuid4(), complaint=complaint, note=f"Catatan {number}."), asker)
        for number, asker in ((1, DOOR), (2, DESK), (3, OFFICE))
    ]
    branch.together(*words)
    kept = branch.under_seal(complaint)
    assert [kept[f"note-{n}"] for n in (1, 2, 3)] == ["Catatan 1.", "Catatan 2.", "Catatan 3."]
    assert kept["description"] == TEXT


def test_a_note_does_not_make_an_old_complaint_one_of_today(branch: Branch) -> None:
    """Else a note would open it to the door, which may look at those of today alone."""
    complaint = branch.filed()
    first = branch.store.sealed(complaint)
    branch.next_day("2026-11-23T09:00:00")
    assert branch.say(complaint, note="Sudah ditelepon.")["type"] == "Accepted"
    then = branch.store.sealed(complaint)
    assert first is not None
    assert then is not None
    assert (then.business_date, then.at_ms) == ("2026-11-20", first.at_ms)
    assert then.erase_at_ms == branch.clock.ms + 400 * 86_400_000
    assert branch.under_seal(complaint)["note-1"] == "Sudah ditelepon."
    look = m.RevealRecord(id=uuid4(), record=complaint, reason="cek")
    assert branch.ask(look, DOOR)["reason"] == "not-yours"


def test_a_phone_is_no_number_of_a_complaint_elsewhere(branch: Branch) -> None:
    """Such a number enters the history, which can never be erased again (law I12)."""
    for number in (PHONE, f"{PHONE[:4]}-{PHONE[4:8]}-{PHONE[8:]}"):
        answer = branch.file(sipp=number)
        assert (answer["reason"], number in answer["message"]) == ("bad-value", False)


def test_a_note_does_not_save_what_is_due(branch: Branch) -> None:
    """Law I12: between the end of its time and the hourly sweep it is as good as erased."""
    complaint = branch.filed()
    first = branch.store.sealed(complaint)
    assert first is not None
    due = replace(first, erase_at_ms=branch.clock.ms)
    branch.store.commit([], [], [], [due])
    assert branch.say(complaint, note="Sudah ditelepon.")["type"] == "Accepted"
    then = branch.store.sealed(complaint)
    assert then is not None
    assert then.erase_at_ms == due.erase_at_ms


def test_a_damaged_seal_takes_no_note_but_every_step(branch: Branch) -> None:
    """Law I12: a row that was moved to another record opens nowhere, and stops nobody's work."""
    complaint, other = branch.filed(), branch.filed()
    moved = branch.store.sealed(other)
    assert moved is not None
    with branch.store.database.writing() as connection:
        c = t.sealed_record.c
        connection.execute(
            t.sealed_record.update().where(c.id == complaint).values(sealed=moved.sealed)
        )
    day = branch.lane.day
    assert branch.say(complaint, note="Sudah ditelepon.")["reason"] == "record-unreadable"
    look = m.RevealRecord(id=uuid4(), record=complaint, reason="cek")
    assert branch.ask(look, OFFICE)["reason"] == "record-unreadable"
    assert branch.lane.day is day, "no bug: the day is not told again"
    assert branch.say(complaint, step="answered")["complaint"]["state"] == "answered"
    assert verify(branch.store) == []


def test_a_step_that_is_refused_says_how_it_stands_and_keeps_no_note(branch: Branch) -> None:
    complaint = branch.filed()
    branch.say(complaint, step="solved")
    answer = branch.say(complaint, step="answered", note="Terlambat.")
    assert (answer["reason"], answer["state"]) == ("wrong-state", "solved")
    assert answer["message"] == "Pengaduan ini sekarang selesai; hal itu tidak dapat dilakukan."
    assert "note-1" not in branch.under_seal(complaint)
    assert branch.say("nothing", step="solved")["reason"] == "unknown-record"


def test_a_manager_follows_complaints_when_the_day_is_closed(branch: Branch) -> None:
    complaint = branch.filed()
    branch.ask(m.CloseBranchDay(id=uuid4()), OFFICE)
    answer = branch.say(complaint, OFFICE, step="answered")
    assert answer["complaint"]["state"] == "answered"


# Over days.


def test_open_complaints_of_earlier_days_are_at_hand_and_followed(branch: Branch) -> None:
    complaint = branch.filed()
    branch.next_day("2026-11-23T09:00:00")
    assert branch.lane.day.business_date == "2026-11-23"
    answer = branch.say(complaint, DESK, step="answered", sipp="S-7")
    assert (answer["complaint"]["urgency"], answer["complaint"]["number"]) == ("", None)
    row = branch.row(complaint)
    assert (row["business_date"], row["state"], row["sipp"]) == ("2026-11-20", "answered", "S-7")
    assert row["answered_at_ms"] == branch.clock.ms


@pytest.mark.parametrize("story", [("answered",), ("solved",), ("solved", "reopened"), ()])
def test_a_restart_in_the_middle_of_a_day_brings_everything_back(
    branch: Branch, story: tuple[str, ...]
) -> None:
    """F01, I3: yesterday's that were closed today are known after a restart as well."""
    old = [branch.filed(), branch.filed(level="green", anonymous=True)]
    branch.say(old[1], step="withdrawn")
    branch.next_day("2026-11-23T09:00:00")
    todays = branch.filed(level="yellow")
    for step in story:
        branch.clock.ms += MINUTE_MS
        for complaint in (old[0], todays):
            branch.say(complaint, step=step)
    live = facts(branch.lane.day)
    assert list(branch.lane.day.complaints) == [*old, todays]
    branch.restart()
    assert facts(branch.lane.day) == live


def test_one_that_was_closed_may_be_opened_again_for_a_month(branch: Branch) -> None:
    complaint = branch.filed()
    branch.say(complaint, step="solved")
    assert branch.row(complaint)["closed_at_ms"] == branch.clock.ms
    branch.next_day("2026-12-18T09:00:00")
    answer = branch.say(complaint, step="reopened")
    assert answer["complaint"]["state"] == "open"
    assert branch.row(complaint)["closed_at_ms"] is None
    branch.restart()
    assert branch.lane.day.complaints[complaint].state == "open"
    branch.say(complaint, step="solved")
    branch.next_day("2027-01-25T09:00:00")
    assert branch.say(complaint, step="reopened")["reason"] == "unknown-record"


def test_a_batch_that_the_disk_refused_leaves_no_complaint(branch: Branch) -> None:
    word = m.FileComplaint(id=uuid4(), level="red", description=TEXT, name=NAME)
    batch = branch.decide((word, DOOR))
    branch.lane.fail(batch)
    assert branch.lane.day.complaints == {}
    assert branch.ask(word, DOOR)["type"] == "Accepted"
    assert len(branch.lane.day.complaints) == 1


def test_the_rows_are_what_the_history_tells_over_all_days(branch: Branch) -> None:
    """I13, F57: a complaint that was closed a week later by somebody with a database tool."""
    complaint = branch.filed()
    branch.next_day("2026-11-23T09:00:00")
    branch.say(complaint, step="answered", sipp="S-7")
    branch.next_day("2026-11-24T09:00:00")
    branch.say(complaint, step="solved")
    branch.say(complaint, step="reopened")
    assert verify(branch.store) == []
    with branch.store.database.writing() as connection:
        connection.execute(t.complaint.update().values(state="solved"))
    (problem,) = verify(branch.store)
    assert "complaint" in problem
    assert "has state 'solved', but by the events it is 'open'" in problem


# Reminders.


def test_what_is_due_is_shown_and_told_by_the_clock_alone(branch: Branch) -> None:
    """``complaints.due_soon_s`` is four hours; the first answer is due after half an hour."""
    notices = Notices(Connections(), lambda: branch.lane.day, branch.clock.now_ms)
    complaint = branch.filed()
    notices.flush()
    assert _counts(branch) == [(1, 1, 0)] * 3
    branch.clock.ms += 30 * MINUTE_MS - 1
    assert not notices.follow_clock()
    branch.clock.ms += 1
    assert notices.follow_clock()
    assert notices.snapshots_due
    notices.flush()
    assert _counts(branch) == [(1, 0, 1)] * 3
    assert not notices.follow_clock()
    alerts = {one.code: one.message for one in _office(branch).alerts}
    assert alerts["complaints-overdue"]["id"] == "1 pengaduan lewat tenggat."
    branch.say(complaint, step="answered")
    assert _counts(branch) == [(1, 0, 0)] * 3
    branch.say(complaint, step="solved")
    assert _counts(branch) == [(0, 0, 0)] * 3
    assert _office(branch).alerts == []


def _office(branch: Branch) -> m.HallSnapshot:
    return hall_snapshot(Hall(branch.lane.day, branch.clock.ms), "office-1", [])


def _counts(branch: Branch) -> list[tuple[int, int, int]]:
    hall = Hall(branch.lane.day, branch.clock.ms)
    shown: list[Any] = [
        queue_snapshot(hall, "counter-1"),
        screening_snapshot(hall, "door-1", [], branch.clock.ms),
        _office(branch),
    ]
    counts = [one.complaints for one in shown]
    return [(one.open, one.due_soon, one.overdue) for one in counts]


async def test_the_lists_are_of_the_table_and_the_most_urgent_stands_first(
    branch: Branch,
) -> None:
    green, red = branch.filed(level="green"), branch.filed(level="red")
    branch.say(green, step="answered")
    branch.next_day("2026-11-23T16:00:00")
    late = branch.filed(level="yellow")
    listed = await branch.listed()
    assert [one["id"] for one in listed["complaints"]] == [red, late, green]
    assert [one["urgency"] for one in listed["complaints"]] == ["overdue", "", ""]
    assert listed["complaints_total"] == 3
    overdue = await branch.listed("overdue", WEB)
    assert [one["id"] for one in overdue["complaints"]] == [red]
    branch.say(red, OFFICE, step="solved")
    assert (await branch.listed("overdue"))["complaints"] == []
    every = await branch.listed("all", OFFICE)
    assert [one["id"] for one in every["complaints"]] == [late, red, green]
    assert [one["state"] for one in every["complaints"]] == ["open", "solved", "answered"]


async def test_a_list_has_the_first_fifty_and_says_how_many_there_are(branch: Branch) -> None:
    ticket = branch.ask(m.IssueTicket(id=uuid4(), service="A"), KIOSK)["ticket"]
    for number in range(52):
        branch.clock.ms += 1000
        branch.filed(anonymous=True, **({"ticket": ticket["id"]} if number == 0 else {}))
    listed = await branch.listed()
    assert (len(listed["complaints"]), listed["complaints_total"]) == (50, 52)
    assert listed["complaints"][0]["number"] == ticket["number"]


def test_a_ticket_of_somebody_who_comes_to_complain_has_a_level_and_its_times_from_its_issue(
    branch: Branch,
) -> None:
    """Waiting in the hall is part of the time in which a complaint must be answered."""
    screened = branch.ask(m.RecordScreening(id=uuid4(), outcome="ticket", matter="complaint"), DOOR)
    ticket, issued_ms = screened["ticket"]["id"], branch.clock.now_ms()
    branch.clock.ms += 10 * MINUTE_MS
    branch.ask(m.CallNext(id=uuid4()), DESK)
    shown = queue_snapshot(Hall(branch.lane.day, branch.lane.now_ms()), DESK.device).screening
    assert shown is not None
    assert (shown.matter, shown.level) == ("complaint", "green")
    assert shown.answer_due_at is not None
    assert shown.answer_due_at.timestamp() * 1000 == issued_ms + 30 * MINUTE_MS
    assert shown.due_at is not None
    assert shown.due_at > shown.answer_due_at
    filed = branch.file(DESK, ticket=ticket, level="red")["complaint"]
    assert filed["answer_due_at"] == shown.answer_due_at.isoformat(timespec="milliseconds").replace(
        "+00:00", "Z"
    )
    again = queue_snapshot(Hall(branch.lane.day, branch.lane.now_ms()), DESK.device).screening
    assert again is not None
    assert again.level is None
