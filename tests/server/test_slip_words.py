"""Slips as a kiosk gets them: words in every language, at once, again, and nothing personal."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db import tables as t
from protocol import messages as m
from server.domain.branch import Branch, Choice
from server.domain.door import (
    Channel,
    ComplaintLevel,
    DoorCatalogue,
    Matter,
    Office,
    Paper,
)
from server.domain.events import (
    ComplaintFiled,
    DisturbanceDeclared,
    SlipRequested,
    VisitorScreened,
)
from server.domain.opening import OpeningHours, instant_ms, parse_hours
from server.hours_words import hours_lines, hours_names
from server.notices import Notices
from server.slip_content import slip_to_print
from server.texts import table
from tests.server.branch_example import BRANCH, HandTurnedDay
from tests.server.lane_story import BUDI, DOOR, KIOSK, OTHER_KIOSK
from tests.server.test_words import Hall, last

WORK = tuple(parse_hours("08:00-16:30") for _ in range(4))
DINSOS_HOURS = OpeningHours(days=(*WORK, parse_hours("08:00-11:00"), (), ()))
OFFICE_HOURS = OpeningHours(
    days=(*(parse_hours("08:00-15:00") for _ in range(5)), (), ()),
    holidays={date(2026, 9, 24): {"id": "Libur Contoh", "en": "Example Day"}},
    last_ticket_s=3600,
)


def named(code: str) -> dict[str, str]:
    return {"id": f"{code} (id)", "en": f"{code} (en)"}


CATALOGUE = DoorCatalogue(
    papers={code: Paper(code, named(code)) for code in ("ktp", "kk", "kis", "letter")},
    matters={
        "pbi": Matter(
            "pbi",
            named("pbi"),
            service="A",
            papers=("ktp", "kk"),
            papers_by_segment={"PBI-APBN": ("letter",)},
            offices=("dinsos",),
            steps={"id": "1. Minta surat.\n2. Bawa surat.", "en": "1. Ask for it.\n2. Bring it."},
        )
    },
    channels={
        "pandawa": Channel(
            "pandawa",
            named("PANDAWA"),
            "chat",
            about=named("administrasi"),
            link="https://wa.me/628118165165",
            hours=OpeningHours(days=(*(parse_hours("08:00-15:00") for _ in range(5)), (), ())),
            needs_app="pandawa",
        ),
        "care-center": Channel("care-center", named("165"), "phone", link="tel:165"),
    },
    offices={
        "dinsos": Office(
            "dinsos",
            named("Dinsos"),
            address={"id": "Jalan Contoh 1\nLantai 2", "en": "Jalan Contoh 1\n2nd floor"},
            phone="021 555",
            hours=DINSOS_HOURS,
            papers=("kis", "ktp"),
        ),
        "village": Office("village", named("Village")),
    },
    complaint_levels={"red": ComplaintLevel("red", named("Merah"), 30, 1)},
)
DOOR_BRANCH: Branch = replace(
    BRANCH,
    door=CATALOGUE,
    hours=OFFICE_HOURS,
    choices={
        **BRANCH.choices,
        "disturbance": (Choice("pandawa", named("PANDAWA")),),
    },
    paper_footer=({"id": "Care Center 165", "en": "Care Center 165"},),
)


class Paperwork(HandTurnedDay):
    """A day at the door, on Monday 21 September 2026 unless told otherwise."""

    def __init__(self, branch: Branch = DOOR_BRANCH) -> None:
        super().__init__(branch)
        self.at("2026-09-21", 9)

    def at(self, day: str, hour: int, minute: int = 0) -> None:
        zone = self.branch.time_zone
        self.now_ms = instant_ms(date.fromisoformat(day), hour * 60 + minute, zone)

    def slip(self, kind: str, **facts: Any) -> m.SlipToPrint:
        screening = self.new_id()
        told = {"device": "door-1", "staff": "budi", "started_at_ms": self.now_ms, **facts}
        self.do([VisitorScreened(screening=screening, outcome=kind, **told)])
        return self.printed(screening, kind)

    def printed(self, subject: str, kind: str) -> m.SlipToPrint:
        job = self.new_id()
        self.do([SlipRequested(job=job, kind=kind, subject=subject, print_at="kiosk-1")])
        return slip_to_print(self.day, self.day.slips[job], 0, self.now_ms)


@pytest.fixture
def door() -> Paperwork:
    return Paperwork()


def lines_of(slip: m.SlipToPrint, heading: str, language: str = "id") -> list[str]:
    """The lines under a heading of [slip]; no such block: none."""
    words = table("slip", language)[heading]
    return [
        line[language]
        for block in slip.blocks
        if block.heading[language] == words
        for line in block.lines
    ]


def ticked(slip: m.SlipToPrint) -> set[str]:
    return {block.heading["id"] for block in slip.blocks if block.ticked}


def test_a_code_is_on_its_slip_in_large_as_a_qr_with_its_end_and_the_papers(
    door: Paperwork,
) -> None:
    until_ms = door.now_ms + 3_600_000
    slip = door.slip(
        "code",
        code="042517",
        code_until_ms=until_ms,
        service="A",
        matter="pbi",
        papers=["ktp"],
        missing=["kk"],
    )
    assert (slip.code, slip.qr, slip.kind, slip.copy) == ("042517", "042517", "code", 1)
    assert slip.valid_until is not None
    assert slip.valid_until.timestamp() * 1000 == until_ms
    assert lines_of(slip, "service") == ["Layanan A"]
    assert lines_of(slip, "ready") == ["ktp (id)"]
    assert lines_of(slip, "not-there", "en") == ["kk (en)"]
    assert ticked(slip) == {"Siapkan", "Masih kurang"}


def test_who_was_not_asked_for_papers_reads_which_ones_the_matter_needs(door: Paperwork) -> None:
    slip = door.slip(
        "code",
        code="042517",
        code_until_ms=door.now_ms + 1000,
        matter="pbi",
        segment="PBI-APBN",
        missing=["kk"],
    )
    assert lines_of(slip, "ready") == ["ktp (id)", "letter (id)"]


def test_a_channel_has_its_link_as_a_qr_and_for_typing_and_its_hours(door: Paperwork) -> None:
    slip = door.slip("channel", channel="pandawa")
    assert slip.qr == "https://wa.me/628118165165"
    assert slip.title == {
        "id": "Tanpa antre: PANDAWA (id)",
        "en": "Without queueing: PANDAWA (en)",
    }
    assert lines_of(slip, "contact") == ["wa.me/628118165165"]
    assert lines_of(slip, "about", "en") == ["administrasi (en)"]
    assert lines_of(slip, "hours") == ["Senin–Jumat 08.00–15.00", "Sabtu–Minggu tutup"]
    always = door.slip("channel", channel="care-center")
    assert (always.qr, lines_of(always, "contact")) == ("tel:165", ["165"])
    assert lines_of(always, "hours") == []


def test_a_channel_that_is_closed_or_disturbed_says_so_before_its_hours(door: Paperwork) -> None:
    door.at("2026-09-25", 15)
    door.do([DisturbanceDeclared(system="pandawa")])
    slip = door.slip("channel", channel="pandawa")
    assert lines_of(slip, "hours")[:2] == [
        "PANDAWA (id) sedang terganggu. Coba lagi nanti.",
        "Hari ini sudah tutup, buka lagi hari Senin pukul 08.00.",
    ]
    assert "disturbed" in lines_of(slip, "hours", "en")[0]
    other = door.slip("channel", channel="care-center")
    assert not any("terganggu" in line["id"] for block in other.blocks for line in block.lines)


def test_an_office_has_address_hours_papers_with_boxes_and_the_steps(door: Paperwork) -> None:
    """domain.md 2.4: what to do before PBI can be active again, and with what to come back."""
    slip = door.slip("office", office="dinsos", matter="pbi", missing=["letter"])
    assert slip.title["id"] == "Silakan ke Dinsos (id)"
    assert lines_of(slip, "where") == ["Jalan Contoh 1", "Lantai 2", "Telepon 021 555"]
    assert lines_of(slip, "hours") == [
        "Senin–Kamis 08.00–16.30",
        "Jumat 08.00–11.00",
        "Sabtu–Minggu tutup",
    ]
    assert lines_of(slip, "bring") == ["kis (id)", "ktp (id)"]
    assert lines_of(slip, "steps", "en") == ["1. Ask for it.", "2. Bring it."]
    assert lines_of(slip, "bring-back") == ["letter (id)"]
    assert ticked(slip) == {"Bawa", "Lalu kembali ke sini dengan"}


def test_an_office_whose_address_nobody_wrote_down_says_whom_to_ask(door: Paperwork) -> None:
    slip = door.slip("office", office="village")
    assert lines_of(slip, "where") == ["Alamat: tanyakan kepada petugas."]
    assert lines_of(slip, "where", "en") == ["Address: please ask the officer."]
    assert lines_of(slip, "hours") == []


@pytest.mark.parametrize(
    ("day", "hour", "minute", "warning"),
    [
        ("2026-09-25", 10, 59, None),
        ("2026-09-25", 11, 0, "Hari ini sudah tutup, buka lagi hari Senin pukul 08.00."),
        ("2026-09-21", 16, 30, "Hari ini sudah tutup, buka lagi besok pukul 08.00."),
        ("2026-09-21", 7, 59, "Sekarang belum buka, buka pukul 08.00."),
        ("2026-09-26", 9, 0, "Hari ini tutup, buka lagi hari Senin pukul 08.00."),
    ],
)
def test_whoever_is_sent_to_an_office_after_its_hours_reads_when_it_opens_again(
    door: Paperwork, day: str, hour: int, minute: int, warning: str | None
) -> None:
    """domain.md 1.1 row 54: Friday ends at 11, by the branch's own clock."""
    door.at(day, hour, minute)
    lines = lines_of(door.slip("office", office="dinsos"), "hours")
    assert lines[:-3] == ([] if warning is None else [warning])


def test_who_comes_back_reads_what_is_missing_what_is_fine_and_when(door: Paperwork) -> None:
    slip = door.slip("return", service="A", papers=["ktp"], missing=["kk", "letter"])
    assert lines_of(slip, "not-there") == ["kk (id)", "letter (id)"]
    assert lines_of(slip, "have") == ["ktp (id)"]
    assert ticked(slip) == {"Masih kurang"}
    assert lines_of(slip, "open-again")[0] == "Hari ini buka sampai 15.00."
    door.at("2026-09-21", 14, 30)
    (late, *_) = lines_of(door.slip("return", missing=["kk"], service="A"), "open-again")
    assert late == "Nomor hari ini tidak diberikan lagi, silakan datang besok pukul 08.00."
    door.at("2026-09-24", 9)
    (holiday, *_) = lines_of(door.slip("return", missing=["kk"]), "open-again", "en")
    assert holiday == "Today is a holiday, open again tomorrow at 08:00."


def test_who_comes_back_with_a_paper_of_another_office_reads_where_to_get_it(
    door: Paperwork,
) -> None:
    door.at("2026-09-25", 12)
    slip = door.slip("return", missing=["letter"], office="dinsos")
    assert lines_of(slip, "get-it")[:5] == [
        "Dinsos (id)",
        "Jalan Contoh 1",
        "Lantai 2",
        "Telepon 021 555",
        "Hari ini sudah tutup, buka lagi hari Senin pukul 08.00.",
    ]
    assert lines_of(door.slip("return", missing=["kk"]), "get-it") == []


def test_a_complaint_has_a_receipt_with_level_due_times_numbers_and_the_last_step(
    door: Paperwork,
) -> None:
    """UU 25/2009 Art. 44 and 46."""
    ticket = door.issue(language="en")
    door.do(
        [
            ComplaintFiled(
                complaint="01990000-0000-7000-8000-00001234abcd",
                level="red",
                answer_due_at_ms=door.now_ms + 30 * 60_000,
                due_at_ms=door.now_ms + 24 * 3_600_000,
                device="counter-1",
                staff="rina",
                ticket=ticket.id,
                sipp="SIPP-77",
            )
        ]
    )
    slip = door.printed("01990000-0000-7000-8000-00001234abcd", "complaint")
    assert lines_of(slip, "complaint-facts") == [
        "Nomor: 1234ABCD",
        "Diterima: 21 September 2026 pukul 09.00",
        "Tingkat: Merah (id)",
        "Tanggapan pertama paling lambat 21 September 2026 pukul 09.30",
        "Penyelesaian paling lambat 22 September 2026 pukul 09.00",
    ]
    assert lines_of(slip, "elsewhere") == ["SIPP: SIPP-77"]
    last_step, law = lines_of(slip, "not-solved", "en")
    assert "Ombudsman" in last_step
    assert "25/2009, Article 44" in law
    assert slip.language == "en"


def test_what_the_catalogue_has_lost_since_is_printed_by_its_code(door: Paperwork) -> None:
    """A catalogue that was loaded anew must not keep a slip from being printed."""
    assert "gone" in door.slip("office", office="gone").title["id"]
    assert "gone" in door.slip("channel", channel="gone").title["id"]
    slip = door.slip("return", service="Z", matter="gone", missing=["gone"])
    assert lines_of(slip, "not-there") == ["gone"]


def test_every_slip_is_whole_in_every_language_of_the_branch(door: Paperwork) -> None:
    facts = {"service": "A", "matter": "pbi", "missing": ["kk"], "papers": ["ktp"]}
    code = {"code": "111111", "code_until_ms": door.now_ms + 1000}
    slips = [
        door.slip("code", **facts, **code),
        door.slip("channel", channel="pandawa"),
        door.slip("office", office="dinsos", **facts),
        door.slip("return", **facts),
    ]
    for slip in slips:
        assert slip.blocks
        names = [slip.title, *(block.heading for block in slip.blocks)]
        names += [line for block in slip.blocks for line in block.lines]
        assert all(set(one) == {"id", "en"} and all(one.values()) for one in names), slip.kind
        assert slip.footer == [{"id": "Care Center 165", "en": "Care Center 165"}]


def test_a_slip_speaks_the_language_of_its_visitor(door: Paperwork) -> None:
    assert door.slip("return", missing=["kk"], language="en").language == "en"


def test_both_languages_have_the_same_sentences() -> None:
    for name in ("slip", "hours", "closed_place"):
        assert set(table(name, "id")) == set(table(name, "en"))


def test_hours_of_a_week_are_said_in_runs_of_days() -> None:
    week = tuple(map(parse_hours, ("08:00-12:00,13:00-15:00", "closed", "", "", "", "", "")))
    assert [line["id"] for line in hours_lines(OpeningHours(days=week), ["id"])] == [
        "Senin 08.00–12.00 dan 13.00–15.00",
        "Selasa tutup",
        "Rabu–Minggu 24 jam",
    ]
    assert hours_names(OpeningHours(days=week), ["en"]) == {
        "en": "Monday 08:00–12:00 and 13:00–15:00, Wednesday to Sunday 24 hours"
    }
    assert hours_names(OpeningHours(), ["id"]) == {"id": "Setiap hari 24 jam"}
    assert hours_names(OpeningHours(days=((),) * 7), ["en"]) == {"en": "Every day closed"}
    night = tuple(map(parse_hours, ("22:00-24:00", *["closed"] * 6)))
    assert hours_names(OpeningHours(days=night), ["id"]) == {"id": "Senin 22.00–24.00"}
    assert hours_names(None, ["id"]) == {}


# Over the wire.


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    told = Hall(tmp_path)
    told.lane.write(told.lane.decide([]))
    told.sign_in(DOOR, BUDI)
    yield told
    told.store.close()


def screened(hall: Hall, **fields: Any) -> str:
    """Somebody is sent away with a list of what is missing."""
    words = {"outcome": "return", "service": "A", "missing": ["kk"], **fields}
    answered = hall.ask(m.RecordScreening(id=uuid4(), **words), DOOR)
    assert answered["type"] == "Accepted", answered
    screening: str = answered["screening"]
    return screening


def test_a_slip_goes_to_the_named_kiosk_at_once_and_is_no_copy(hall: Hall) -> None:
    kiosk, other = hall.connect(KIOSK), hall.connect(OTHER_KIOSK)
    screened(hall, print_at="kiosk-1")
    slip = last(kiosk, "SlipToPrint")
    assert (slip["kind"], slip["copy"]) == ("return", 1)
    assert "SlipToPrint" not in other.heard


def test_a_slip_that_is_sent_again_is_a_further_copy_until_a_word_is_said(hall: Hall) -> None:
    """Law I9: never twice on paper without CETAK ULANG."""
    kiosk = hall.connect(KIOSK)
    screened(hall, print_at="kiosk-1")
    job = last(kiosk, "SlipToPrint")["job"]
    copies = [last(hall.connect(KIOSK), "SlipToPrint")["copy"] for _ in range(2)]
    assert copies == [2, 3]
    hall.ask(m.ConfirmPrint(id=uuid4(), job=job, outcome="printed"))
    assert "SlipToPrint" not in hall.connect(KIOSK).heard
    assert hall.lane.day.slips[job].outcome == "printed"


def test_a_slip_of_before_a_restart_counts_as_sent(hall: Hall) -> None:
    """Law I9: nobody knows whether it was printed."""
    screened(hall, print_at="kiosk-1")
    hall.restart()
    hall.notices = Notices(hall.connections, lambda: hall.lane.day, lambda: hall.clock.ms)
    assert last(hall.connect(KIOSK), "SlipToPrint")["copy"] == 2


def test_the_officer_has_a_slip_printed_once_more_elsewhere(hall: Hall) -> None:
    """F33: the paper was lost; the second one says CETAK ULANG."""
    hall.connect(KIOSK)
    other = hall.connect(OTHER_KIOSK)
    screening = screened(hall, print_at="kiosk-1")
    again = m.PrintSlip(id=uuid4(), subject=screening, print_at="kiosk-2")
    answered = hall.ask(again, DOOR)
    slip = last(other, "SlipToPrint")
    assert (slip["copy"], slip["job"]) == (2, answered["slip"])
    nowhere = m.PrintSlip(id=uuid4(), subject=screening, print_at="door-1")
    assert hall.ask(nowhere, DOOR)["reason"] == "bad-value"
    of_nobody = m.PrintSlip(id=uuid4(), subject="of-yesterday", print_at="kiosk-2")
    refused = hall.ask(of_nobody, DOOR)
    assert refused["reason"] == "unknown-screening"
    assert refused["message"] == "Tidak ada catatan pintu untuk pengunjung ini.", "no word of codes"


def test_nothing_personal_reaches_a_slip(hall: Hall) -> None:
    """Law I12: what the officer typed stays under seal."""
    kiosk = hall.connect(KIOSK)
    screened(hall, print_at="kiosk-1", identifier="3578080102030001", note="anak Bu Kenari")
    slip = str(last(kiosk, "SlipToPrint"))
    assert "3578080102030001" not in slip
    assert "Kenari" not in slip


def test_a_guest_is_told_with_a_purpose_and_the_name_stays_under_seal(hall: Hall) -> None:
    """domain.md 1.1 row 63; nothing personal in an event or an answer."""
    words = m.RecordGuest(
        id=uuid4(), name="  Ke\u202enari\tPutih ", purpose="meeting", consent=True, note="jam 10"
    )
    answered = hall.ask(words, DOOR)
    assert answered["type"] == "Accepted"
    assert hall.lane.day.guests == 1
    sealed = hall.store.sealed(answered["guest"])
    assert sealed is not None
    fields = hall.sealer.open("guest", sealed.id, sealed.sealed)
    assert fields == {"name": "Kenari Putih", "note": "jam 10"}
    days = hall.lane.day.branch.rules.keep_guests_days
    assert sealed.erase_at_ms == hall.clock.ms + days * 24 * 3_600_000
    with hall.store.database.reading() as connection:
        told = "".join(str(event.recorded) for event in hall.store.history(connection))
    assert "GuestRecorded" in told
    assert "Kenari" not in told + str(answered)


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"consent": False}, "persetujuan"),
        ({"name": "\u202e\x00 12"}, "nama"),
        ({"purpose": "no-such-purpose"}, "purpose"),
    ],
)
def test_a_guest_without_consent_name_or_purpose_is_refused_and_nothing_is_kept(
    hall: Hall, fields: dict[str, Any], word: str
) -> None:
    """UU PDP Art. 20: no consent, no record."""
    asked: dict[str, Any] = {"name": "Kenari", "purpose": "meeting", "consent": True, **fields}
    answered = hall.ask(m.RecordGuest(id=uuid4(), **asked), DOOR)
    assert answered["reason"] == "bad-value"
    assert word in answered["message"].lower()
    assert hall.lane.day.guests == 0
    assert sealed_rows(hall) == 0


def sealed_rows(hall: Hall) -> int:
    return len(hall.store.rows(t.sealed_record))
