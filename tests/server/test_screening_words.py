"""RecordScreening over a lane and a real disk: one commit, the rules, and what is personal."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import tables as t
from protocol import messages as m
from protocol.codec import MalformedFrame, RefusedCommand, body_of, decode_command, encode
from server.texts import table
from tests.server.front_door import DAY_MS, NIK, OTHER_NIK, FrontDoor
from tests.server.lane_story import (
    BUDI,
    DOOR,
    OFFICE,
)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[FrontDoor]:
    story = FrontDoor(tmp_path)
    yield story
    story.store.close()


# One commit.


def test_a_number_from_the_door_is_printed_linked_and_told_in_one_answer(door: FrontDoor) -> None:
    command = door.screening(
        "ticket", matter="identity-change", priority="elderly", print_at="kiosk-1", weight=2
    )
    batch = door.decide((command, DOOR))
    (answer,) = door.answers(batch)
    kinds = [type(one.event).__name__ for one in batch.entries]
    assert kinds == ["VisitorScreened", "TicketIssued"]
    assert len({one.command_id for one in batch.entries}) == 1
    assert (answer["code"], answer["slip"]) == (None, None)
    ticket = answer["ticket"]
    assert ticket["screening"] == answer["screening"]
    assert (ticket["priority"], ticket["weight"], ticket["print"]) == ("elderly", 2, "pending")
    door.lane.write(batch)
    (row,) = door.rows(t.screening)
    assert (row["id"], row["ticket"]) == (answer["screening"], ticket["id"])


@pytest.mark.parametrize("written", [True, False])
def test_a_crash_leaves_the_ticket_and_its_screening_both_or_none(
    door: FrontDoor, *, written: bool
) -> None:
    """I1, F01: with who it was and the note, in one transaction."""
    batch = door.decide(
        (door.screening("ticket", service="A", identifier=NIK, note="kursi roda"), DOOR)
    )
    if written:
        door.lane.write(batch)
    door.restart()
    found = [len(door.lane.day.screenings), len(door.lane.day.tickets)]
    found += [len(door.rows(table)) for table in (t.screening, t.ticket, t.sealed_record)]
    assert found == ([1] * 5 if written else [0] * 5)


def test_a_screening_that_cannot_have_its_number_is_not_written_at_all(door: FrontDoor) -> None:
    """No visit without its number, no sealed record without its visit."""
    door.ask(m.PauseService(id=uuid4(), service="A"), OFFICE)
    before = door.lane.day.revision
    assert door.refused("ticket", service="A", identifier=NIK)[0] == "service-closed"
    assert door.refused("ticket", service="A", print_at="kiosk-77")[0] == "bad-value"
    assert door.lane.day.revision == before
    assert not door.rows(t.sealed_record)
    assert not door.lane.day.screenings


def test_the_same_intention_twice_is_one_visit(door: FrontDoor) -> None:
    """I6: also after a restart, and with another body it is refused."""
    command = door.screening("code", service="A", identifier=NIK)
    first = door.ask(command, DOOR)
    assert door.ask(command, DOOR) == first
    door.restart()
    assert door.ask(command, DOOR) == first
    assert len(door.lane.day.screenings) == len(door.rows(t.sealed_record)) == 1
    other = msgspec.structs.replace(command, identifier=OTHER_NIK)
    assert door.ask(other, DOOR)["reason"] == "id-reused"


# What the rules say.


def test_a_rule_that_blocks_is_told_in_words_and_overridden_with_a_reason(
    door: FrontDoor,
) -> None:
    """Row 58, with the shipped catalogue."""
    facts = {"matter": "identity-change", "segment": "PBI-APBN", "nik_mismatch": True}
    reason, words = door.refused("ticket", **facts)
    assert reason == "advice-stands"
    assert words.startswith("PBI dengan NIK tidak cocok")
    assert words.endswith("pilih alasannya dahulu.")
    done = door.screen("ticket", **facts, overrides={"identity-first": "in-care"})
    told = door.lane.day.screenings[done["screening"]].told
    assert told.overrides == {"identity-first": "in-care"}
    (row,) = door.rows(t.screening)
    assert json.loads(row["overrides"]) == {"identity-first": "in-care"}


def test_every_reason_of_the_door_has_its_sentence_in_both_languages() -> None:
    reasons = ("needs-screening", "unknown-screening", "unknown-screening-record")
    for language in ("id", "en"):
        known = table("refusal", language)
        for code in (*reasons, "code-used", "code-expired", "advice-stands", "bad-identifier"):
            assert known[code], (language, code)


# What is personal.


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("351514450868000", "bad-identifier-length"),
        ("3515147208680001", "bad-identifier-day"),
        ("3515141368680001", "bad-identifier-month"),
        ("0" * 16, "bad-identifier-one-digit"),
        ("\u202e\u200b \x07", "bad-identifier-empty"),
        ("x" * 200, "bad-identifier-letters"),
    ],
)
def test_a_refused_number_says_which_rule_and_repeats_no_digit(
    door: FrontDoor, typed: str, words: str
) -> None:
    reason, message = door.refused("ticket", service="A", identifier=typed)
    assert reason == "bad-identifier"
    facts = {"digits": sum(char.isdigit() for char in typed)}
    assert message == table("refusal", "id")[words].format_map(facts)
    assert len(typed) < 10 or typed not in message
    assert not door.lane.day.screenings


def test_nothing_personal_stands_in_the_clear_on_the_disk(door: FrontDoor, tmp_path: Path) -> None:
    """UU PDP, I12: events, rows, answers, digests and the log file are searched for canaries."""
    note = "Kanarikuning takut gelap, telepon 0812-5550-1234"
    command = door.screening("ticket", service="A", identifier=NIK, note=note, print_at="kiosk-1")
    answer = door.ask(command, DOOR)
    door.ask(m.CorrectTicket(id=uuid4(), ticket=answer["ticket"]["id"], service="B"), DOOR)
    door.refused("ticket", service="Z", identifier=OTHER_NIK)
    heard = json.dumps(answer)
    door.store.close()
    files = b"".join(file.read_bytes() for file in tmp_path.iterdir() if file.is_file())
    assert answer["screening"].encode() in files, "the search would find what is there"
    for canary in (NIK, NIK[-8:], OTHER_NIK, "Kanarikuning", "5550"):
        assert canary.encode() not in files, canary
        assert canary not in heard, canary
        assert canary not in repr(command), canary


def test_the_memory_of_a_screening_cannot_be_tried_with_every_number(door: FrontDoor) -> None:
    """I12: a plain hash of the body would let anybody with the file guess sixteen digits."""
    command = door.screening("solved", reason="otp", identifier=NIK, language="id")
    door.ask(command, DOOR)
    body = b"RecordScreening" + body_of(command)
    (row,) = [one for one in door.rows(t.command) if one["id"] == command.id.bytes]
    assert len(row["body_digest"]) == 16
    assert row["body_digest"] != hashlib.blake2b(body, digest_size=16).digest()
    assert (
        row["body_digest"]
        == door.sealer.fingerprint("body of RecordScreening", body_of(command).decode())[:16]
    )


def test_who_it_was_is_under_seal_and_found_again_by_a_keyed_mark(door: FrontDoor) -> None:
    first = door.screen("solved", reason="otp", identifier=f"NIK: {NIK[:4]} {NIK[4:]}", note="a")
    again = door.screen("solved", reason="otp", identifier=NIK)
    door.screen("solved", reason="otp", identifier=OTHER_NIK)
    told = [one.told for one in door.lane.day.screenings.values()]
    assert [one.visits_before for one in told] == [0, 1, 0]
    assert [one.noted for one in told] == [True, False, False]
    assert all(one.identified for one in told)
    rows = {row["id"]: row for row in door.rows(t.sealed_record)}
    assert rows[first["screening"]]["fingerprint"] == rows[again["screening"]]["fingerprint"]
    assert rows[first["screening"]]["erase_at_ms"] == door.clock.ms + 30 * DAY_MS
    opened = door.sealer.open("screening", first["screening"], rows[first["screening"]]["sealed"])
    assert opened == {"identifier": NIK, "identifier_kind": "nik", "note": "a"}
    door.clock.ms += 30 * DAY_MS + 1
    door.sign_in(DOOR, BUDI)
    late = door.screen("solved", reason="otp", identifier=NIK)["screening"]
    assert door.lane.day.screenings[late].told.visits_before == 0, "too long ago to count"


def test_a_visit_counts_whether_or_not_the_disk_has_the_one_before(door: FrontDoor) -> None:
    """What is decided must not hang on which words happened to be written together."""
    words = [door.screening("self-service", identifier=one) for one in (NIK, OTHER_NIK, NIK, NIK)]
    door.together(*((word, DOOR) for word in words))
    told = [one.told.visits_before for one in door.lane.day.screenings.values()]
    assert told == [0, 0, 1, 2]
    door.screen("self-service", identifier=NIK)
    assert [one.told.visits_before for one in door.lane.day.screenings.values()][-1] == 3


def test_a_visitor_whom_nobody_asks_leaves_nothing_under_seal(door: FrontDoor) -> None:
    """Row 39: no card, no NIK, no note."""
    door.screen("self-service", note=" \u200b\n ")
    assert not door.rows(t.sealed_record)
    (screening,) = door.lane.day.screenings.values()
    assert (screening.told.identified, screening.told.noted) == (False, False)


HOSTILE = (
    "\u202eevil\u2066",
    "\x1b[2J\x07",
    "a\ud800",
    "z" * 10_000,
    "'; DROP TABLE event;--",
    "\0",
)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["identifier", "note", "matter", "service", "print_at"])
def test_hostile_texts_are_refused_or_kept_without_harm(
    door: FrontDoor, field: str, text: str
) -> None:
    """F50: what a scanner, a paste or a program may send."""
    words = {"type": "RecordScreening", "id": str(uuid4()), "outcome": "solved", "reason": "otp"}
    frame = json.dumps({**words, field: text})
    try:
        command = decode_command(frame)
    except (RefusedCommand, MalformedFrame):
        return
    answer = door.ask(command, DOOR)
    assert answer.get("reason") != "internal", answer
    if answer["type"] == "Accepted":
        note = door.get(screening=answer["screening"])["screening"]["note"]
        assert all(char.isprintable() for char in note)
    door.screen("ticket", service="A")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(typed=st.text(min_size=1, max_size=200), note=st.text(max_size=300))
def test_any_text_is_taken_or_refused_by_a_rule(door: FrontDoor, typed: str, note: str) -> None:
    for fields in ({"identifier": typed}, {"note": note}):
        try:
            encode(command := door.screening("self-service", **fields))
        except UnicodeEncodeError:
            continue  # half a character: the codec lets none in
        assert door.ask(command, DOOR).get("reason") in (None, "bad-identifier")
