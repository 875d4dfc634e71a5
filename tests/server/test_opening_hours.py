"""Hours, quota, ranges and capacity as people meet them: settings, refusals, kiosk and door."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from protocol.messages import (
    CallNext,
    FinishService,
    IssueTicket,
    PauseService,
    ResumeService,
    StartService,
)
from server import snapshots
from server.administration.catalogue import read_catalogue
from server.administration.loading import load_catalogue
from server.administration.settings import list_settings, set_setting
from server.closed_words import office_names, sentence_of, short_names
from server.commands.handler import Asker
from server.config import SettingError
from server.connections import Connection, Connections
from server.dispatch import Dispatch
from server.domain.opening import Closed
from server.notices import Notices
from server.texts import table
from tests.server.lane_story import BUDI, DESK, DEWI, DOOR, KIOSK, OFFICE, LaneStory
from tests.server.test_greeting import Wire

ENGLISH_KIOSK = Asker("kiosk-2", KIOSK.role, language="en")
WEEK = {
    "hours.monday": "08:00-12:00,13:00-15:00",
    "hours.friday": "08:00-11:00",
    "hours.saturday": "closed",
    "hours.sunday": "closed",
    "hours.holidays": "2026-11-24 Hari Guru | Teachers' Day",
    "hours.tickets_before_min": "30",
    "hours.last_ticket_min": "15",
}


class Office(LaneStory):
    """A lane whose branch was given settings before it opened."""

    def set(self, **settings: str) -> "Office":
        self.set_all({name.replace("__", "."): text for name, text in settings.items()})
        return self

    def set_all(self, settings: dict[str, str]) -> None:
        for name, text in settings.items():
            set_setting(self.store, name, text)
        self.restart()

    def issue(self, asker: Asker = KIOSK, service: str = "B", **fields: Any) -> dict[str, Any]:
        return self.ask(IssueTicket(id=uuid4(), service=service, **fields), asker)

    def number(self, asker: Asker = KIOSK, service: str = "B", **fields: Any) -> str:
        answer = self.issue(asker, service, **fields)
        assert answer["type"] == "Accepted", answer
        number: str = answer["ticket"]["number"]
        return number

    def refused(self, asker: Asker = KIOSK, service: str = "B") -> tuple[str, str]:
        answer = self.issue(asker, service)
        assert answer["type"] == "Rejected", answer
        return answer["reason"], answer["message"]

    def tile(self, service: str = "B") -> Any:
        shown = snapshots.kiosk_snapshot(self.lane.day, self.clock.ms)
        return next(one for one in shown.services if one.code == service)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Monday, 2026-11-23, with the hours of a week."""
    story = Office(tmp_path)
    story.set_all(WEEK)
    story.clock.set("2026-11-23T09:00:00")
    yield story
    story.store.close()


# What a visitor is told.


@pytest.mark.parametrize(
    ("local", "indonesian", "english"),
    [
        (
            "2026-11-23T07:00",
            "Nomor untuk Perubahan data diberikan mulai pukul 07.30.",
            "The first numbers for Change of data are given at 07:30.",
        ),
        (
            "2026-11-23T12:05",
            "Layanan Perubahan data sedang beristirahat. Nomor diberikan lagi mulai pukul 12.30.",
            "Change of data is having a break. Numbers are given again at 12:30.",
        ),
        (
            "2026-11-23T14:50",
            "Nomor untuk Perubahan data hari ini tidak diberikan lagi karena layanan tutup "
            "pukul 15.00. Silakan datang hari Rabu pukul 00.00.",
            "No more numbers for Change of data today, because it closes at 15:00. "
            "Please come on Wednesday at 00:00.",
        ),
        (
            "2026-11-27T16:00",
            "Layanan Perubahan data tutup pukul 11.00. "
            "Nomor diberikan lagi hari Senin pukul 07.30.",
            "Change of data closed at 11:00. Numbers are given again on Monday at 07:30.",
        ),
        (
            "2026-11-24T10:00",
            "Hari ini libur: Hari Guru. Nomor diberikan lagi besok pukul 00.00.",
            "Today is a holiday: Teachers' Day. Numbers are given again tomorrow at 00:00.",
        ),
        (
            "2026-11-28T10:00",
            "Layanan Perubahan data tidak buka hari ini. "
            "Nomor diberikan lagi hari Senin pukul 07.30.",
            "Change of data is not open today. Numbers are given again on Monday at 07:30.",
        ),
    ],
)
def test_a_refusal_says_why_and_when_to_come_in_the_visitors_language(
    office: Office, local: str, indonesian: str, english: str
) -> None:
    """Tuesday to Thursday have no hours of their own here: they begin at midnight."""
    office.clock.set(local)
    assert office.refused() == ("service-closed", indonesian)
    assert office.refused(ENGLISH_KIOSK) == ("service-closed", english)


@pytest.mark.parametrize("zone", ["Asia/Makassar", "Asia/Jayapura"])
def test_the_hours_are_those_of_the_branchs_own_zone(office: Office, zone: str) -> None:
    office.set_all({"branch.time_zone": zone})
    at = datetime.fromisoformat("2026-11-23T07:29:59").replace(tzinfo=ZoneInfo(zone))
    office.clock.ms = round(at.timestamp() * 1000)
    assert "pukul 07.30" in office.refused()[1]
    office.clock.ms += 1000
    assert office.number() == "B001"


def test_a_day_far_away_is_named_by_its_date() -> None:
    now = datetime.fromisoformat("2026-12-20T10:00:00+07:00")
    opens = datetime.fromisoformat("2027-01-04T07:30:00+07:00")
    closed = Closed("closed-day", now, opens)
    name = {"id": "Pendaftaran", "en": "Registration"}
    assert sentence_of(closed, name, "id").endswith("lagi hari Senin, 4 Januari, pukul 07.30.")
    assert sentence_of(closed, name, "en").endswith("again on Monday, 4 January, at 07:30.")


CODES = (
    "day-closed",
    "switched-off",
    "paused",
    "before-opening",
    "between-hours",
    "after-hours",
    "last-ticket",
    "holiday",
    "closed-day",
    "numbers-used-up",
    "quota-used-up",
    "not-enough-time",
)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("knows", [False, True])
def test_every_reason_has_words_for_refusal_tile_and_office(
    language: str, code: str, knows: bool
) -> None:
    now = datetime.fromisoformat("2026-12-20T10:00:00+07:00")
    opens = now.replace(hour=12) if knows else None
    names = {"id": "Natal", "en": "Christmas"} if knows else None
    closed = Closed(code, now, opens, now.replace(hour=15), names)
    said = [
        sentence_of(closed, {"id": "Pendaftaran", "en": "Registration"}, language),
        short_names(closed, [language])[language],
        office_names([closed], [language])[language],
    ]
    for words in said:
        assert words.endswith(".")
        assert "{" not in words
        assert ".." not in words
        assert "  " not in words


@pytest.mark.parametrize("name", ["closed", "closed_short", "closed_all", "calendar"])
def test_both_languages_have_the_same_sentences(name: str) -> None:
    assert table(name, "id").keys() == table(name, "en").keys()
    assert table(name, "jv") == table(name, "id"), "a language without a file hears the first"


# Who may still give a number.


def test_the_door_and_a_counter_give_a_number_past_the_last_ticket(office: Office) -> None:
    office.sign_in(DOOR, BUDI)
    office.sit_down()
    office.clock.set("2026-11-23T14:50")
    assert office.refused()[0] == "service-closed"
    assert office.number(DOOR) == "B001"
    assert office.number(DESK) == "B002"
    office.clock.set("2026-11-23T15:00")
    assert "tutup pukul 15.00" in office.refused(DOOR)[1]
    assert "tutup pukul 15.00" in office.refused(DESK)[1]


def test_the_door_sees_the_warning_where_it_may_still_give_a_number(office: Office) -> None:
    office.sign_in(DOOR, BUDI)
    office.clock.set("2026-11-23T14:50")

    def at_the_door() -> Any:
        hall = snapshots.Hall(office.lane.day, office.clock.ms)
        shown = snapshots.screening_snapshot(hall, "door-1", [], office.clock.ms)
        return shown.services[1]

    assert not office.tile().open
    assert at_the_door().open
    assert at_the_door().why["id"] == "Nomor hari ini sudah selesai."
    office.clock.set("2026-11-23T15:00")
    assert not at_the_door().open


def test_a_manager_pauses_a_service_and_the_kiosk_says_why(office: Office) -> None:
    office.sign_in(OFFICE, DEWI)
    office.ask(PauseService(id=uuid4(), service="B", reason="Gangguan Dukcapil."), OFFICE)
    assert office.refused()[1] == (
        "Layanan Perubahan data sedang dihentikan sementara: Gangguan Dukcapil."
    )
    assert office.tile().why["id"] == "Gangguan Dukcapil."
    office.ask(ResumeService(id=uuid4(), service="B"), OFFICE)
    assert office.number() == "B001"


# Quota, ranges, capacity.


def test_a_quota_closes_the_kiosk_and_counts_down_before(office: Office) -> None:
    office.set(quota__daily="3", capacity__warn_at="2")
    assert (office.tile().numbers_left, office.tile().closing) == (3, False)
    office.number()
    assert (office.tile().numbers_left, office.tile().closing) == (2, True)
    office.number()
    office.number()
    assert office.refused()[1].startswith("Kuota Perubahan data hari ini sudah habis.")
    shown = office.tile()
    assert (shown.open, shown.numbers_left, shown.why["id"]) == (False, 0, "Kuota hari ini habis.")
    office.sign_in(DOOR, BUDI)
    assert office.number(DOOR) == "B004"
    assert office.number(service="A") == "A001", "each service has a quota of its own"
    office.restart()
    assert office.refused()[0] == "service-closed", "the quota is counted anew from the events"


def test_ranges_and_steps_are_settings(office: Office) -> None:
    office.set_all({"numbering.range.B": "101-103/2", "numbering.first": "5"})
    assert [office.number(), office.number()] == ["B101", "B103"]
    assert office.refused()[0] == "numbers-exhausted"
    assert office.number(service="A") == "A005"
    assert office.tile().why["id"] == "Nomor hari ini habis."


def test_numbers_begin_anew_on_the_next_business_day(office: Office) -> None:
    office.set_all({"numbering.range.B": "101-102"})
    assert [office.number(), office.number()] == ["B101", "B102"]
    office.clock.set("2026-11-27T08:00")
    assert office.number() == "B101"


def test_one_series_for_all_services_is_a_setting(office: Office) -> None:
    office.set(numbering__shared_letter="N", kiosk__priority_claim="true")
    assert [office.number(service=code) for code in "ABC"] == ["N001", "N002", "N003"]
    assert office.number(priority="elderly") == "P001"


def test_the_counters_stop_the_kiosk_when_no_time_is_left(office: Office) -> None:
    """One counter of B, some eight minutes a visitor: from 14:20 about five can be called."""
    office.set(capacity__closing="true", hours__last_ticket_min="0")
    office.clock.set("2026-11-23T14:20")
    assert office.tile().numbers_left is None, "no counter is open: nobody can say"
    office.sit_down()
    assert office.tile().closing
    left = [office.tile().numbers_left]
    while office.tile().open:
        office.number()
        left.append(office.tile().numbers_left)
    assert 4 <= left[0] <= 6
    assert left == sorted(left, reverse=True), "never more with a longer line"
    assert left[-1] == 0
    reason, words = office.refused()
    assert reason == "service-closed"
    assert words.startswith("Waktu layanan hari ini tidak cukup lagi untuk Perubahan data.")
    assert words.endswith("atau pakai Mobile JKN.")
    office.sign_in(DOOR, BUDI)
    assert office.number(DOOR) == f"B{len(left):03d}"


def test_time_comes_back_when_visitors_are_quicker_than_expected(office: Office) -> None:
    office.set(capacity__closing="true", hours__last_ticket_min="0")
    office.clock.set("2026-11-23T14:20")
    office.sit_down()
    while office.tile().open:
        office.number()
    called = office.ask(CallNext(id=uuid4()), DESK)["ticket"]["id"]
    office.ask(StartService(id=uuid4(), ticket=called), DESK)
    office.clock.ms += 30_000
    office.ask(FinishService(id=uuid4(), ticket=called, outcome="solved"), DESK)
    # It is learned from once it cannot be undone any more.
    office.clock.ms += 6_000
    office.ask(CallNext(id=uuid4()), DESK)
    assert office.tile().open
    assert office.tile().numbers_left >= 1


@pytest.mark.parametrize(
    ("before", "name", "text"),
    [
        ({}, "numbering.shared_letter", "P"),
        ({"numbering.shared_letter": "N"}, "numbering.priority_letter", "N"),
        ({"numbering.last": "499"}, "numbering.first", "500"),
        ({"numbering.first": "500"}, "numbering.last", "499"),
    ],
)
def test_settings_that_cannot_stand_together_are_refused(
    office: Office, before: dict[str, str], name: str, text: str
) -> None:
    office.set_all(before)
    with pytest.raises(SettingError, match=r"^numbering\."):
        set_setting(office.store, name, text)
    assert name not in office.store.settings().stored


def test_the_settings_list_the_range_of_each_series(office: Office) -> None:
    def ranges() -> list[str]:
        lines = list_settings(office.store, "en")
        return [line for line in lines if line.startswith("numbering.range")]

    assert ranges() == [f"numbering.range.{letter} = " for letter in "ABCDEFP"]
    office.set_all({"numbering.shared_letter": "N", "numbering.range.N": "1-99"})
    assert ranges() == ["numbering.range.N = 1-99", "numbering.range.P = "]


# A service's own hours and quota, from the catalogue.


def test_a_service_brings_hours_and_quota_from_the_catalogue(
    office: Office, tmp_path: Path
) -> None:
    file = tmp_path / "services.toml"
    file.write_text(
        """
[[service]]
code = "A"
name = { id = "Pendaftaran", en = "Registration" }
quota = 1

[[service]]
code = "B"
name = { id = "Perubahan data", en = "Change of data" }
hours = { monday = "10:00-11:00", thursday = "closed" }
""",
        "utf-8",
    )
    load_catalogue(office.store, read_catalogue(file))
    office.restart()
    assert "mulai pukul 09.30" in office.refused()[1], "the rest is as in the whole branch"
    office.clock.set("2026-11-23T09:30")
    assert office.number() == "B001"
    assert office.number(service="A") == "A001"
    assert office.refused(service="A")[1].startswith("Kuota Pendaftaran")
    office.clock.set("2026-11-26T10:00")
    assert "tidak buka hari ini" in office.refused()[1]
    office.clock.set("2026-11-27T10:00")
    assert office.number() == "B001", "Friday is the branch's Friday"


# The whole office.


def test_a_closed_office_says_when_it_gives_numbers_again(office: Office) -> None:
    def why() -> dict[str, str] | None:
        return snapshots.kiosk_snapshot(office.lane.day, office.clock.ms).why

    assert why() is None
    office.clock.set("2026-11-27T16:00")
    assert why() == {
        "id": "Layanan hari ini sudah selesai.\nNomor diberikan hari Senin pukul 07.30.",
        "en": "Today's service has ended.\nNumbers are given on Monday at 07:30.",
    }


def test_services_that_are_closed_for_different_reasons_are_told_together() -> None:
    now = datetime.fromisoformat("2026-12-20T10:00:00+07:00")
    closed = [Closed("paused", now), Closed("before-opening", now, now.replace(hour=12))]
    assert office_names(closed, ["id"]) == {
        "id": "Semua layanan sedang tutup.\nNomor diberikan pukul 12.00."
    }


# The clock alone.


def test_the_clock_alone_marks_the_snapshots_as_due_once(office: Office) -> None:
    office.lane.write(office.lane.decide([]))
    notices = Notices(Connections(), lambda: office.lane.day, lambda: office.clock.ms)
    assert not notices.follow_clock()
    office.clock.set("2026-11-23T11:59:59")
    assert not notices.follow_clock()
    office.clock.set("2026-11-23T12:00:00")
    assert notices.follow_clock()
    assert notices.snapshots_due
    assert not notices.follow_clock(), "until the next change"
    office.clock.set("2026-11-23T12:30:00")
    assert notices.follow_clock()


async def test_a_kiosk_sees_the_closing_without_any_event(office: Office) -> None:
    """The running dispatch looks at the clock by itself; the revision stays the same."""
    connections = Connections()
    office.lane.write(office.lane.decide([]))
    notices = Notices(connections, lambda: office.lane.day, lambda: office.clock.ms)
    dispatch = Dispatch(office.lane, notices, list)
    wire = Wire()
    connection = Connection(wire, KIOSK)
    connections.add(connection, office.clock.ms)
    dispatch.join(connection)
    running = asyncio.create_task(dispatch.run())

    async def seen(is_open: bool) -> dict[str, Any]:
        async with asyncio.timeout(10):
            while True:
                frames: list[dict[str, Any]] = wire.frames
                shown = [words for words in frames if words["type"] == "KioskSnapshot"]
                if shown and shown[-1]["services"][1]["open"] is is_open:
                    return shown[-1]
                await asyncio.sleep(0.01)

    try:
        before = await seen(is_open=True)
        office.clock.set("2026-11-23T15:00:00")
        after = await seen(is_open=False)
    finally:
        dispatch.stop()
        await running
    assert after["revision"] == before["revision"]
    assert after["services"][1]["why"]["id"] == "Layanan sampai pukul 15.00."
    assert after["why"]["id"].startswith("Layanan hari ini sudah selesai.")
