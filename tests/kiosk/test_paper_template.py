"""Tickets by the branch's own form: what it changes, and what it cannot take away."""

import base64
import io
import itertools
import sys
import unicodedata

import pytest
from PIL import Image

from kiosk.escpos_printer import EscposPrinter
from kiosk.logo_picture import (
    HEIGHT_MAX,
    PNG_BYTES_MAX,
    WIDTH_MAX,
    LogoError,
    logo_picture,
    made_logo,
)
from kiosk.paper_layout import PAPER_58, PAPER_80, Cut, Logo, PaperLayout, QrCode, Rule, TextLine
from kiosk.paper_template import TicketForm, form_of
from kiosk.printer_url import parse_printer_url
from kiosk.ticket_layout import lay_out
from protocol.messages import PaperTemplate, TicketToPrint
from protocol.paper_form import BLOCKS, DEFAULT_FORM_TEXT, read_form
from tests.kiosk.ticket_examples import LATER, LINK, lay_out_now, paper_texts, ticket_to_print
from tests.paper import Picture, PrintedPaper, decode, decode_all

PAPERS = pytest.mark.parametrize("paper", [PAPER_80, PAPER_58], ids=["80mm", "58mm"])


def drawing(width: int = 300, height: int = 100, mode: str = "L") -> bytes:
    picture = Image.new("L", (width, height), 255)
    picture.paste(0, (width // 4, 0, width // 2, height))
    out = io.BytesIO()
    picture.convert(mode).save(out, "PNG")
    return out.getvalue()


def laid_out(text: str, ticket: TicketToPrint | None = None, **more: object) -> PaperLayout:
    form = TicketForm(read_form(text), **more)  # type: ignore[arg-type]
    return lay_out(ticket or ticket_to_print(), paper_texts(), PAPER_80, LATER, form)


def words(layout: PaperLayout) -> list[str]:
    return [element.text for element in layout.elements if isinstance(element, TextLine)]


def printed(address: str, layout: PaperLayout) -> list[PrintedPaper]:
    return decode_all(EscposPrinter(parse_printer_url(address)).render(layout))


@pytest.mark.parametrize("template", [None, PaperTemplate(), PaperTemplate(text=DEFAULT_FORM_TEXT)])
@PAPERS
def test_the_shipped_form_is_todays_ticket(template: PaperTemplate | None, paper: object) -> None:
    for copy, language, link in itertools.product((1, 2), ("id", "en"), (LINK, None)):
        ticket = ticket_to_print(copy=copy, language=language, link=link)
        usual = lay_out_now(ticket, paper)  # type: ignore[arg-type]
        by_form = lay_out(ticket, paper_texts(), paper, LATER, form_of(template))  # type: ignore[arg-type]
        assert by_form == usual


def test_blocks_stand_in_the_order_of_the_form_and_others_are_left_out() -> None:
    assert words(laid_out("number\nservice\nbranch left")) == [
        "B012",
        "Perubahan data",
        "Kantor Cabang Contoh",
    ]


@pytest.mark.parametrize("left_out", sorted(BLOCKS.keys() - {"space", "text", "rule"}))
def test_whatever_is_left_out_branch_number_and_mark_stay(left_out: str) -> None:
    """I9: a reprint is known as one, whoever wrote the form."""
    kinds = [kind for kind in BLOCKS if kind not in (left_out, "space", "text", "rule")]
    for text in ("\n".join(kinds), "", "text: x"):
        found = words(laid_out(text, ticket_to_print(copy=2)))
        assert {"Kantor Cabang Contoh", "B012", "CETAK ULANG"} <= set(found)
        assert "CETAK ULANG" not in words(laid_out(text))


@pytest.mark.parametrize("looks", ["", "left", "right"])
@PAPERS
def test_the_number_stays_20_mm_high_in_every_form(looks: str, paper: object) -> None:
    """V2."""
    form = TicketForm(read_form(f"number {looks}"))
    layout = lay_out(ticket_to_print("AK012"), paper_texts(), paper, LATER, form)  # type: ignore[arg-type]
    number = next(e for e in layout.elements if isinstance(e, TextLine) and e.text == "AK012")
    assert number.height * 24 / 8 >= 20
    assert number.align == (looks or "center")


def test_looks_are_on_the_paper() -> None:
    text = "branch huge right plain\ntext large left bold: Halo\npeople-ahead normal plain left"
    lines = {e.text: e for e in laid_out(text).elements if isinstance(e, TextLine)}
    assert lines["Halo"] == TextLine("Halo", 2, 2, True, "left")
    assert lines["6 orang di depan Anda"] == TextLine("6 orang di depan Anda", 1, 1, False, "left")
    branch = [line for line in lines.values() if "Cabang" in line.text]
    assert {(line.width, line.height, line.bold, line.align) for line in branch} == {
        (3, 3, False, "right")
    }


@PAPERS
@pytest.mark.parametrize("size", ["normal", "tall", "large", "huge"])
def test_no_line_of_any_size_is_wider_than_the_paper_nor_breaks_a_word(
    size: str, paper: object
) -> None:
    form = TicketForm(
        read_form(f"text {size}: Ketidakhadiran dipertanggungjawabkan sekali\nnumber")
    )
    layout = lay_out(ticket_to_print(), paper_texts(), paper, LATER, form)  # type: ignore[arg-type]
    lines = [e for e in layout.elements if isinstance(e, TextLine)]
    assert all(len(line.text) * line.width <= layout.columns for line in lines)
    assert any("dipertanggungjawabkan" in line.text for line in lines)


def test_the_branchs_words_are_said_in_the_visitors_language_with_their_facts() -> None:
    text = "text: Nomor {number} untuk {service}, {date} {time}, {{ya}}\n en: {number}: {branch}"
    assert "Nomor B012 untuk Perubahan data, Jumat 20 November 2026 08.12, {ya}" in " ".join(
        words(laid_out(text))
    )
    assert "B012: Kantor Cabang Contoh" in words(laid_out(text, ticket_to_print(language="en")))


def test_a_sentence_with_an_unknown_fact_is_not_said() -> None:
    text = "text: kira-kira {estimate}\ntext: {people_ahead} lagi"
    assert "kira-kira 08.25-08.40" in words(laid_out(text))
    assert not [w for w in words(laid_out(text, ticket_to_print(estimate=None))) if "kira" in w]
    offline = words(laid_out(text, ticket_to_print(offline=True)))
    assert not [line for line in offline if "kira" in line or "lagi" in line]


def test_rules_with_nothing_between_them_are_one_and_none_stands_at_an_end() -> None:
    ticket = ticket_to_print(papers=[], link=None, footer=[])
    elements = laid_out("rule\nbranch\nrule\npapers\nrule\nqr\nrule\nnumber\nrule\nfooter", ticket)
    assert [type(element) for element in elements.elements] == [TextLine, Rule, TextLine, Cut]


def test_a_kiosk_alone_says_so_and_guesses_nothing() -> None:
    """The offline ticket: no people ahead and no estimate, even if somebody filled them in."""
    for language, mark in (("id", "mode mandiri"), ("en", "stand-alone mode")):
        found = words(
            lay_out_now(ticket_to_print("AK012", offline=True, language=language), PAPER_80)
        )
        assert found.count(mark) == 1
        assert found[found.index(mark) - 1] == "AK012"
        joined = " ".join(found)
        assert "depan Anda" not in joined
        assert "ahead" not in joined
        assert "Perkiraan" not in joined
        assert "Perubahan data" in joined
    assert "mode mandiri" not in words(lay_out_now(ticket_to_print(), PAPER_80))


# Two papers.


def test_the_second_of_two_papers_is_marked_and_each_is_whole() -> None:
    layout = laid_out(DEFAULT_FORM_TEXT, copies=2)
    first, second = printed("network://printer", layout)
    assert first.is_cut
    assert second.is_cut
    assert first.qr == second.qr == LINK
    assert first.biggest.text == second.biggest.text == "B012"
    assert "SALINAN" not in first.text
    assert second.line("SALINAN").height == 2
    assert "CETAK ULANG" not in first.text + second.text


def test_both_papers_of_a_reprint_are_marked_as_one() -> None:
    for paper in printed("network://p", laid_out("number", ticket_to_print(copy=2), copies=2)):
        assert paper.line("CETAK ULANG").bold


# The logo.


@pytest.mark.parametrize(("width", "dots"), [(80, 576), (58, 384)])
@pytest.mark.parametrize("align", ["left", "center", "right"])
def test_the_logo_is_printed_in_the_papers_own_dots(width: int, dots: int, align: str) -> None:
    logo = made_logo(drawing(576, 100))
    layout = laid_out(f"logo {align}\nnumber", logo=logo)
    paper = printed(f"network://printer?width={width}", layout)[0]
    picture = next(item.image for item in paper.items if isinstance(item, Picture))
    assert picture.width <= dots
    left, _, right, _ = picture.convert("L").point(lambda dot: 255 - dot).getbbox() or (0, 0, 0, 0)
    assert abs((right - left) - 144 * dots // 576) <= 2
    middle = {"left": (right - left) / 2, "center": dots / 2, "right": dots - (right - left) / 2}
    assert abs((left + right) / 2 - middle[align]) <= 4


def test_without_a_logo_its_block_is_nothing() -> None:
    assert not [e for e in laid_out("logo\nnumber").elements if isinstance(e, Logo)]


def test_any_picture_becomes_small_black_and_white() -> None:
    """F56: with its white border gone, within the paper, within the frame."""
    for mode in ("1", "L", "RGB", "RGBA", "P"):
        logo = Image.open(io.BytesIO(made_logo(drawing(2400, 1600, mode))))
        assert logo.mode == "1"
        assert logo.width <= WIDTH_MAX
        assert logo.height <= HEIGHT_MAX
    noise = Image.effect_noise((1600, 1600), 90)
    out = io.BytesIO()
    noise.save(out, "PNG")
    assert len(made_logo(out.getvalue())) <= PNG_BYTES_MAX


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"", "not_png"),
        (b"GIF89a" + bytes(100), "not_png"),
        (drawing()[:50], "not_png"),
        (bytes(5_000_000), "too_large"),
        (drawing(4000, 3000, "1"), "too_large"),
    ],
)
def test_a_picture_that_is_none_is_refused(data: bytes, key: str) -> None:
    """F56."""
    with pytest.raises(LogoError) as refused:
        made_logo(data)
    assert refused.value.key == key


def test_an_empty_picture_is_refused() -> None:
    out = io.BytesIO()
    Image.new("L", (50, 50), 255).save(out, "PNG")
    with pytest.raises(LogoError, match="empty"):
        made_logo(out.getvalue())


def test_an_unsound_logo_costs_the_logo_and_not_the_ticket() -> None:
    large = drawing(3000, 2000, "1")
    for png in (b"x", large, drawing()[:40]):
        assert logo_picture(Logo(png), 576) is None
        paper = printed("network://printer", laid_out("logo\nnumber", logo=png))[0]
        assert paper.biggest.text == "B012"


@pytest.mark.parametrize("template", [PaperTemplate(text="numbr"), PaperTemplate(logo="***")])
def test_a_form_that_this_kiosk_cannot_read_is_the_shipped_one(template: PaperTemplate) -> None:
    assert form_of(template) == TicketForm()


def test_copies_out_of_range_are_the_nearest() -> None:
    assert [form_of(PaperTemplate(copies=n)).copies for n in (-1, 0, 1, 2, 9)] == [1, 1, 1, 2, 2]


# Control bytes (F50).


def hostile_signs() -> list[str]:
    controls = [chr(code) for code in range(0xA0) if not 0x20 <= code < 0x7F]
    return controls + [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Cf", "Zl", "Zp")
    ]


@pytest.mark.parametrize("address", ["network://printer?profile=TM-T20II", "network://printer"])
def test_no_sign_of_a_form_becomes_a_command(address: str) -> None:
    """F50: each C0, C1 and Cf at each place of the branch's words and of the footer."""
    printer = EscposPrinter(parse_printer_url(address))
    for sign in hostile_signs():
        if sign == "\n":
            continue  # ends a line of a form, as it shall
        for place in range(5):
            typed = "dVJ@"[:place] + sign + "dVJ@"[place:]
            template = PaperTemplate(text=f"number\ntext: {typed}\n en: {typed}\nfooter")
            form = form_of(template)
            ticket = ticket_to_print(footer=[{"id": typed}], branch=typed, link=None)
            layout = lay_out(ticket, paper_texts(), printer.paper, LATER, form)
            paper = decode(printer.render(layout))
            expected = [e.text for e in layout.elements if isinstance(e, TextLine)]
            assert [line.text for line in paper.lines] == expected, hex(ord(sign))
            assert paper.is_cut
            assert paper.text.replace("\n", "").isprintable()


def test_a_qr_code_and_base64_of_a_template_hold_nothing_else() -> None:
    code = next(e for e in laid_out("qr\nnumber").elements if isinstance(e, QrCode))
    assert code.content == LINK
    assert form_of(PaperTemplate(logo=base64.b64encode(b"\x1b@").decode())).logo == b"\x1b@"
