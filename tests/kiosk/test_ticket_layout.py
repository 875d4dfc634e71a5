"""What stands on the paper, for both widths and both languages."""

from datetime import UTC, datetime

import pytest

from kiosk.paper_layout import (
    PAPER_58,
    PAPER_80,
    Cut,
    PaperLayout,
    PaperSize,
    QrCode,
    TextLine,
    wrap,
)
from kiosk.ticket_layout import call_window, lay_out
from protocol.messages import Estimate, TicketToPrint
from tests.kiosk.ticket_examples import LATER, LINK, lay_out_now, paper_texts, ticket_to_print

PAPERS = pytest.mark.parametrize("paper", [PAPER_80, PAPER_58], ids=["80mm", "58mm"])


def lines(layout: PaperLayout) -> list[TextLine]:
    return [element for element in layout.elements if isinstance(element, TextLine)]


def text(ticket: TicketToPrint, paper: PaperSize = PAPER_80) -> str:
    return "\n".join(line.text for line in lines(lay_out_now(ticket, paper)))


def one_line(ticket: TicketToPrint, paper: PaperSize = PAPER_80) -> str:
    return " ".join(text(ticket, paper).split())


@PAPERS
@pytest.mark.parametrize("number", ["A012", "A1000", "AK012", "P001", "AK1234"])
def test_the_number_is_at_least_20_mm_high_and_fits(number: str, paper: PaperSize) -> None:
    found = [
        line for line in lines(lay_out_now(ticket_to_print(number), paper)) if line.text == number
    ]
    assert len(found) == 1
    assert found[0].height * 24 / 8 >= 20
    assert len(number) * found[0].width * 12 <= paper.dots
    assert found[0].bold


@PAPERS
@pytest.mark.parametrize("language", ["id", "en", "jv"])
@pytest.mark.parametrize("copy", [1, 2])
def test_no_line_is_wider_than_the_paper(paper: PaperSize, language: str, copy: int) -> None:
    ticket = ticket_to_print(
        copy=copy,
        language=language,
        service_name={
            "id": "Perubahan segmen kepesertaan dari Pekerja Penerima Upah nonaktif ke mandiri",
            "en": "Change of membership segment from inactive wage earner to self-employed",
        },
        branch="Kantor Cabang Utama Kabupaten Kepulauan Siau Tagulandang Biaro " * 2,
    )
    for line in lines(lay_out_now(ticket, paper)):
        assert 0 < len(line.text) * line.width <= paper.columns, line


@PAPERS
def test_a_long_service_name_wraps_by_words_and_loses_none(paper: PaperSize) -> None:
    name = "Perubahan segmen kepesertaan dari Pekerja Penerima Upah nonaktif ke mandiri"
    assert name in one_line(ticket_to_print(service_name={"id": name}), paper)


def test_indonesian_paper_holds_every_fact() -> None:
    assert text(ticket_to_print()).splitlines() == [
        "Kantor Cabang Contoh",
        "NOMOR ANTREAN ANDA",
        "B012",
        "Perubahan data",
        "Jumat 20 November 2026, 08.12 WIB",
        "6 orang di depan Anda",
        "Perkiraan dipanggil 08.25-08.40",
        "Siapkan:",
        "- KTP elektronik",
        "- Kartu Keluarga (KK)",
        "Pantau dari ponsel: pindai kode ini",
        "Mobile JKN: unduh di ponsel Anda",
        "PANDAWA (WhatsApp) 0811-8165-165",
        "Care Center 165, 24 jam",
    ]


def test_english_paper_says_the_key_words_in_indonesian_below() -> None:
    assert text(ticket_to_print(language="en")).splitlines() == [
        "Kantor Cabang Contoh",
        "YOUR QUEUE NUMBER",
        "NOMOR ANTREAN ANDA",
        "B012",
        "Change of data",
        "Perubahan data",
        "Friday 20 November 2026, 08:12 WIB",
        "6 people ahead of you",
        "6 orang di depan Anda",
        "Expected call 08:25-08:40",
        "Perkiraan dipanggil 08.25-08.40",
        "Have ready / Siapkan:",
        "- Identity card / KTP elektronik",
        "- Family card / Kartu Keluarga (KK)",
        "Follow on your phone: scan this code",
        "Pantau dari ponsel: pindai kode ini",
        "Mobile JKN: get it on your phone",
        "PANDAWA (WhatsApp) 0811-8165-165",
        "Care Center 165, 24 hours",
    ]


def test_a_language_without_texts_gets_the_indonesian_paper() -> None:
    assert text(ticket_to_print(language="jv")) == text(ticket_to_print())


def test_the_first_copy_is_not_marked() -> None:
    assert "CETAK ULANG" not in text(ticket_to_print())


@PAPERS
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_further_copy_is_marked_cetak_ulang_with_its_number(
    paper: PaperSize, language: str
) -> None:
    layout = lay_out_now(ticket_to_print(copy=3, language=language), paper)
    mark = next(line for line in lines(layout) if line.text == "CETAK ULANG")
    assert mark.bold
    assert (mark.width, mark.height) == (2, 2)
    assert "Lembar ke-3" in one_line(ticket_to_print(copy=3, language=language), paper)


def test_a_reprint_counts_the_estimate_from_now() -> None:
    # Printed at 08.30: 15 to 25 minutes from then.
    assert "Perkiraan dipanggil 08.45-08.55" in text(ticket_to_print(copy=2))


def test_without_an_honest_estimate_nothing_is_said_about_the_call() -> None:
    assert "Perkiraan" not in text(ticket_to_print(estimate=None))


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (0, "Tidak ada orang di depan Anda"),
        (1, "1 orang di depan Anda"),
        (37, "37 orang di depan Anda"),
    ],
)
def test_people_ahead_in_words(ahead: int, words: str) -> None:
    assert words in text(ticket_to_print(people_ahead=ahead)).splitlines()


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Asia/Jakarta", "Jumat 20 November 2026, 08.12 WIB"),
        ("Asia/Pontianak", "Jumat 20 November 2026, 08.12 WIB"),
        ("Asia/Makassar", "Jumat 20 November 2026, 09.12 WITA"),
        ("Asia/Jayapura", "Jumat 20 November 2026, 10.12 WIT"),
        ("Asia/Dhaka", "Jumat 20 November 2026, 07.12 UTC+06"),
        ("America/New_York", "Kamis 19 November 2026, 20.12 EST"),
        ("Mars/Olympus", "Jumat 20 November 2026, 01.12 UTC"),
        ("../../etc/passwd", "Jumat 20 November 2026, 01.12 UTC"),
    ],
)
def test_the_time_is_the_branchs_and_says_which(zone: str, words: str) -> None:
    assert words in text(ticket_to_print(time_zone=zone)).splitlines()


def test_the_window_is_widened_to_five_minutes_and_crosses_midnight() -> None:
    start = datetime(2026, 11, 20, 23, 50, 1, tzinfo=UTC)
    first, last = call_window(start, Estimate(from_s=0, to_s=600))
    assert (first, last) == (
        datetime(2026, 11, 20, 23, 50, tzinfo=UTC),
        datetime(2026, 11, 21, 0, 5, tzinfo=UTC),
    )
    exact = call_window(start.replace(second=0), Estimate(from_s=600, to_s=600))
    assert exact == (datetime(2026, 11, 21, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC))


def test_the_qr_code_holds_the_link_and_fits() -> None:
    for paper in (PAPER_80, PAPER_58):
        codes = [e for e in lay_out_now(ticket_to_print(), paper).elements if isinstance(e, QrCode)]
        assert [code.content for code in codes] == [LINK]


@pytest.mark.parametrize("link", [None, "", "http://x/\x1b@", "http://x/é", "h" * 301])
def test_without_a_sound_link_there_is_no_code_and_no_word_of_one(link: str | None) -> None:
    ticket = ticket_to_print(link=link)
    assert not [e for e in lay_out_now(ticket, PAPER_80).elements if isinstance(e, QrCode)]
    assert "pindai" not in text(ticket)


def test_without_papers_and_footer_their_blocks_are_left_out() -> None:
    words = text(ticket_to_print(papers=[], footer=[], link=None))
    assert "Siapkan" not in words
    assert words.splitlines()[-1] == "Perkiraan dipanggil 08.25-08.40"


def test_neither_priority_nor_needs_are_printed() -> None:
    """I12: a paper lies about, and they speak of its holder's health."""
    for language in ("id", "en"):
        words = text(ticket_to_print(number="P001", language=language)).casefold()
        for secret in ("elderly", "lansia", "wheelchair", "kursi roda", "prioritas", "priority"):
            assert secret not in words


def test_the_paper_ends_with_one_cut() -> None:
    elements = lay_out_now(ticket_to_print(), PAPER_80).elements
    assert elements[-1] == Cut()
    assert elements.count(Cut()) == 1


def test_a_printer_with_more_signs_prints_them_and_another_spells_them() -> None:
    ticket = ticket_to_print(service_name={"id": "Layanan Kéluarga – ½ hari"})
    rich = PaperSize(48, 576, frozenset("é–½"))
    shown = [line.text for line in lines(lay_out(ticket, paper_texts(), rich, LATER))]
    assert "Layanan Kéluarga – ½" in " ".join(shown)
    assert "Layanan Keluarga - 1/2 hari" in one_line(ticket)


def test_a_new_service_needs_no_code() -> None:
    ticket = ticket_to_print("Z001", service_name={"id": "Layanan Baru", "en": "New service"})
    assert "Layanan Baru" in text(ticket)


@pytest.mark.parametrize(
    ("words", "columns", "expected"),
    [
        ("satu dua tiga", 8, ["satu dua", "tiga"]),
        ("satu dua tiga", 3, ["sat", "u", "dua", "tig", "a"]),
        ("", 8, []),
        ("satu-kata-panjang sekali", 6, ["satu-k", "ata-pa", "njang", "sekali"]),
    ],
)
def test_wrapping_breaks_between_words_and_cuts_none_off(
    words: str, columns: int, expected: list[str]
) -> None:
    assert wrap(words, columns) == expected
