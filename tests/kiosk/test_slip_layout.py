"""What stands on a slip, for every kind, both widths and both languages; F50 to the last byte."""

import unicodedata

import msgspec
import pytest

from kiosk.escpos_printer import EscposPrinter
from kiosk.paper_layout import PAPER_58, PAPER_80, Cut, PaperSize, QrCode, Rule, TextLine
from kiosk.printer_url import parse_printer_url
from protocol.messages import Names, SlipBlock, SlipToPrint
from tests.kiosk.slip_examples import CHAT, CODE, KINDS, slip_to_print
from tests.kiosk.ticket_examples import lay_out_now
from tests.paper import CutMark, PrintedPaper, decode

PAPERS = pytest.mark.parametrize("paper", [PAPER_80, PAPER_58], ids=["80mm", "58mm"])
EVERY_KIND = pytest.mark.parametrize("kind", KINDS)
ADDRESSES = [
    "network://printer?profile=TM-T88V",
    "network://printer?profile=POS-5890",
    "network://printer",
    "network://printer?width=58",
]
SILENT = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf")]
"""Every C0, C1, DEL, bidi mark and zero-width sign that Unicode knows."""


def lines(slip: SlipToPrint, paper: PaperSize = PAPER_80) -> list[TextLine]:
    return [one for one in lay_out_now(slip, paper).elements if isinstance(one, TextLine)]


def text(slip: SlipToPrint, paper: PaperSize = PAPER_80) -> list[str]:
    return [line.text for line in lines(slip, paper)]


def printed(slip: SlipToPrint, address: str = ADDRESSES[0]) -> PrintedPaper:
    printer = EscposPrinter(parse_printer_url(address))
    return decode(printer.render(lay_out_now(slip, printer.paper)))


def test_the_indonesian_code_slip_holds_every_fact() -> None:
    assert text(slip_to_print("code")) == [
        "Kantor Cabang Contoh",
        "Kode untuk",
        "mengambil nomor",
        "Jumat 20 November 2026, 08.12 WIB",
        "KODE UNTUK KIOS",
        CODE,
        "Ketik atau pindai kode ini di kios",
        "Berlaku sampai 09.12",
        "Layanan:",
        "- Pendaftaran",
        "Siapkan:",
        "[ ] KTP elektronik",
        "[ ] Kartu Keluarga (KK)",
        "PANDAWA (WhatsApp) 0811-8165-165",
        "Care Center 165",
    ]


def test_the_english_return_slip_says_the_papers_in_indonesian_too() -> None:
    said = text(slip_to_print("return", language="en"), PAPER_80)
    assert said[:4] == [
        "Kantor Cabang Contoh",
        "Please come back",
        "with all papers",
        "Silakan kembali dengan berkas lengkap",
    ]
    start = said.index("Still missing / Masih kurang:")
    assert said[start + 1 : start + 7] == [
        "[ ] Birth certificate of the health facility",
        "    where the child was born",
        "    (Surat keterangan lahir dari fasilitas",
        "    kesehatan yang menolong persalinan)",
        "[ ] Family card",
        "    (Kartu Keluarga (KK))",
    ]
    assert said[said.index("Already there / Sudah ada:") + 1] == "- Identity card"


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_code_is_the_largest_thing_and_its_qr_can_be_scanned(address: str) -> None:
    paper = printed(slip_to_print("code"), address)
    assert paper.biggest.text == CODE
    assert paper.biggest.height_mm >= 15
    assert paper.biggest.bold
    assert paper.qr == CODE, "the scanner at the kiosk types what it reads"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_channels_link_is_a_qr_and_other_slips_have_none(address: str) -> None:
    assert printed(slip_to_print("channel"), address).qr == CHAT
    for kind in ("office", "return", "complaint"):
        paper = printed(slip_to_print(kind), address)
        assert paper.qrs == []
        assert "pindai" not in paper.text


@PAPERS
@EVERY_KIND
@pytest.mark.parametrize("language", ["id", "en", "jv"])
@pytest.mark.parametrize("copy", [1, 2])
def test_no_line_is_wider_than_the_paper_and_it_ends_with_one_cut(
    paper: PaperSize, kind: str, language: str, copy: int
) -> None:
    long: Names = {"id": "Perubahansegmenkepesertaan " * 30, "en": "Membership " * 60}
    block = SlipBlock(heading=long, lines=[long] * 40, ticked=True)
    slip = slip_to_print(kind, copy=copy, language=language)
    slip = msgspec.structs.replace(slip, blocks=[*slip.blocks, block], title=long)
    layout = lay_out_now(slip, paper)
    for element in layout.elements:
        if isinstance(element, TextLine):
            assert 0 < len(element.text) * element.width <= paper.columns, element
    assert layout.elements[-1] == Cut()
    assert layout.elements.count(Cut()) == 1


@EVERY_KIND
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_further_copy_is_marked_cetak_ulang(kind: str, language: str, address: str) -> None:
    """F33 and I9: two papers that look alike must not exist."""
    first = printed(slip_to_print(kind, language=language), address)
    assert "CETAK ULANG" not in first.text
    again = printed(slip_to_print(kind, copy=3, language=language), address)
    mark = again.line("CETAK ULANG")
    assert (mark.width, mark.height, mark.bold) == (2, 2, True)
    assert "Lembar ke-3" in again.text


def test_a_box_to_tick_stands_before_each_paper_to_bring_and_before_nothing_else() -> None:
    said = text(slip_to_print("office"))
    bring = said.index("Bawa:")
    assert [line[:4] for line in said[bring + 1 : bring + 3]] == ["[ ] ", "[ ] "]
    hours = said.index("Jam layanan:")
    assert said[hours + 1].startswith("- Sekarang tutup")
    assert "[ ]" not in " ".join(said[:bring])


@pytest.mark.parametrize("code", [None, "", "48 0915", "4809\x1b@", "٤٨٠٩١٥", "9" * 13])
def test_without_a_code_that_can_be_typed_none_is_asked_for(code: str | None) -> None:
    said = text(slip_to_print("code", code=code, qr=None))
    assert "KODE UNTUK KIOS" not in said
    assert not any("Berlaku" in line for line in said)


@pytest.mark.parametrize("qr", [None, "", "http://x/\x1b@", "http://x/é", "h" * 301])
def test_without_a_sound_link_there_is_no_code_and_no_word_of_one(qr: str | None) -> None:
    slip = slip_to_print("channel", qr=qr)
    assert not [one for one in lay_out_now(slip, PAPER_80).elements if isinstance(one, QrCode)]
    assert not any("pindai" in line for line in text(slip))


def test_an_empty_slip_is_a_head_and_a_foot() -> None:
    slip = slip_to_print("return", blocks=[], footer=[])
    assert not [one for one in lay_out_now(slip, PAPER_80).elements if isinstance(one, Rule)]
    blank = SlipBlock(heading={}, lines=[{}, {"id": "\u200b"}])
    assert text(slip_to_print("return", blocks=[blank], footer=[])) == text(slip)


def test_a_word_that_ends_by_itself_gets_no_colon() -> None:
    block = SlipBlock(heading={"id": "Belum lengkap?"}, lines=[{"id": "KTP"}])
    assert "Belum lengkap?" in text(slip_to_print("return", blocks=[block]))


def test_a_slip_has_no_place_for_a_person() -> None:
    """I12: neither the word nor its blocks know a name, a number or a reason of health."""
    fields = set(SlipToPrint.__struct_fields__) | set(SlipBlock.__struct_fields__)
    assert fields == {
        *("job", "copy", "kind", "branch", "time_zone", "title", "made_at", "blocks", "code"),
        *("valid_until", "qr", "footer", "language", "heading", "lines", "ticked"),
    }


# Nothing that acts instead of being read (F50).


def poisoned(poison: str) -> SlipToPrint:
    """A slip with this in every place that a person or a catalogue may have typed."""

    def bad(word: str) -> Names:
        spoilt = f"{poison}{word[:2]}{poison}{word[2:]}{poison}"
        return {"id": spoilt, "en": spoilt}

    block = SlipBlock(heading=bad("Bawa"), lines=[bad("KTP")], ticked=True)
    return slip_to_print(
        "code",
        branch=bad("Kantor")["id"],
        title=bad("Kode"),
        blocks=[block],
        footer=[bad("Care")],
    )


def others(paper: PrintedPaper) -> list[object]:
    """What a printer does beside text and feeding: codes and cuts."""
    cuts = [item for item in paper.items if isinstance(item, CutMark)]
    return [*paper.qrs, *cuts]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_sign_that_acts_reaches_the_printer(address: str) -> None:
    """F50: all of them at once; the decoder refuses any byte that is no text and no command."""
    assert {chr(code) for code in (*range(0x20), *range(0x7F, 0xA0), 0x202E, 0x200B)} <= {*SILENT}
    harmless = printed(poisoned(""), address)
    for start in range(0, len(SILENT), 12):
        poison = "".join(SILENT[start : start + 12])
        paper = printed(poisoned(poison), address)
        # White space among the control signs parts words; nothing else is left of any of them.
        unspaced = paper.text.replace(" ", "").replace("\n", "")
        assert unspaced == harmless.text.replace(" ", "").replace("\n", "")
        assert others(paper) == others(harmless)


def test_not_even_a_printer_that_claims_to_show_them_gets_them() -> None:
    """F50: the layout is the first gate, and does not rely on the others."""
    boastful = PaperSize(48, 576, frozenset(SILENT))
    for start in range(0, len(SILENT), 12):
        slip = poisoned("".join(SILENT[start : start + 12]))
        for line in lines(slip, boastful):
            assert not set(SILENT) & set(line.text), line


@pytest.mark.parametrize(
    "attack",
    [
        "\x1b@\x1dV\x00KTP",
        "\x1bp\x00\x19\xfaKTP",
        "\x10\x14\x01\x00\x01KTP",
        "\x1d(k\x03\x001Q0KTP",
        "\x9b1mKTP",
        "KTP\r\n\x0c\x0b",
    ],
)
def test_a_command_in_a_paper_s_name_is_letters_at_most(attack: str) -> None:
    """F50: no cut, no drawer, no code of somebody else's making."""
    block = SlipBlock(heading={"id": "Bawa"}, lines=[{"id": attack}], ticked=True)
    for address in ADDRESSES:
        paper = printed(slip_to_print("return", blocks=[block]), address)
        assert others(paper) == others(printed(slip_to_print("return", blocks=[]), address))
        assert any(line.text.startswith("[ ]") and "KTP" in line.text for line in paper.lines)


def test_an_endless_line_costs_no_roll_of_paper() -> None:
    endless = SlipBlock(
        heading={"id": "B" * 10_000},
        lines=[{"id": "x" * 100_000, "en": "y" * 100_000}] * 1_000,
    )
    slip = slip_to_print("return", blocks=[endless] * 100, language="en")
    assert sum(line.height for line in lines(slip, PAPER_58)) < 12_000
