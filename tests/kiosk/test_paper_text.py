"""F50: what was typed never reaches a printer as a control byte."""

import sys
import unicodedata

import pytest

from kiosk.paper_text import clean, spell

CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))]
FORMATS = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) == "Cf"]


def test_every_control_and_format_sign_falls_at_each_position() -> None:
    assert len(FORMATS) > 150
    for sign in CONTROLS + FORMATS:
        for place in range(5):
            typed = "KTP1"[:place] + sign + "KTP1"[place:]
            assert clean(typed, 40).replace(" ", "") == "KTP1", hex(ord(sign))


def test_white_space_parts_words_instead_of_joining_them() -> None:
    assert clean(" Kartu\tKeluarga\n\r\u2028asli\u00a0 ", 40) == "Kartu Keluarga asli"


def test_text_is_composed() -> None:
    assert clean("Ke\u0301luarga", 40) == "K\u00e9luarga"
    assert clean("Ke\u200b\u0301luarga", 40) == "K\u00e9luarga"


def test_text_has_an_end() -> None:
    assert clean("a" * 1_000_000, 120) == "a" * 120
    assert clean("abc def", 4) == "abc"


def test_lone_surrogates_and_unassigned_signs_fall() -> None:
    assert clean("A\ud800B\U000e0fffC\ue000D", 40) == "ABCD"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("Kéluarga", "Keluarga"),
        ("08.30–08.45", "08.30-08.45"),
        ("“kutipan”", '"kutipan"'),
        ("½ hari", "1/2 hari"),
        ("10 € × 2…", "10 EUR x 2..."),
        ("A → B", "A -> B"),
        ("Łódź", "Lodz"),
        ("健康", "??"),
        ("kartu 😀 baru", "kartu  baru"),
        ("①②", "12"),
        ("ﬁle", "file"),
    ],
)
def test_what_a_printer_cannot_show_becomes_its_closest_ascii(typed: str, plain: str) -> None:
    assert spell(typed, frozenset()) == plain


def test_nothing_but_ascii_and_the_printers_own_signs_comes_out() -> None:
    own = frozenset("éü")
    everything = "".join(chr(c) for c in range(0x20, 0x3000) if chr(c).isprintable())
    for sign in spell(everything, own):
        assert 0x20 <= ord(sign) < 0x7F or sign in own
