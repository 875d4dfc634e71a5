"""Text of people loses all that acts instead of being read (F50)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.plain_text import plain_line, plain_text

CONTROLS = [chr(code) for code in (*range(0x20), *range(0x7F, 0xA0))]
MARKS = [
    "\u200b",
    "\u200e",
    "\u200f",
    "\u202a",
    "\u202e",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\u00ad",
    "\ud800",
]


@pytest.mark.parametrize("char", CONTROLS + MARKS)
@pytest.mark.parametrize("at", [0, 2, 4])
def test_what_acts_is_gone_at_every_place(char: str, at: int) -> None:
    line = plain_line("Budi"[:at] + char + "Budi"[at:], 40)
    assert line.replace(" ", "") == "Budi"
    assert char == " " or char not in line


def test_spaces_of_every_kind_become_one() -> None:
    assert plain_line("  Siti \t\u00a0\u2003 Aminah\r\n", 40) == "Siti Aminah"


def test_letters_are_composed_and_marks_do_not_pile_up() -> None:
    assert plain_line("Andre\u0301", 40) == "André"
    piled = "z" + "\u0323\u0302\u0335\u0336\u0337" * 9 + "y"
    assert len(plain_line(piled, 40)) <= 4


def test_ten_thousand_characters_become_as_many_as_are_wanted() -> None:
    assert plain_line("B" * 10_000, 80) == "B" * 80
    assert plain_text("baris\n" * 2_000, 100).count("baris") == 16


def test_lines_of_a_text_are_kept_and_gaps_closed() -> None:
    assert (
        plain_text("satu  dua\r\ntiga\u2028empat\n\n\n\nlima \n", 99)
        == "satu dua\ntiga\nempat\n\nlima"
    )


@given(st.text(max_size=300), st.integers(0, 120))
def test_whatever_comes_is_readable_short_and_stays_as_it_is(text: str, limit: int) -> None:
    line = plain_line(text, limit)
    assert len(line) <= limit
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in line)
    assert plain_line(line, limit) == line
    kept = plain_text(text, limit)
    assert len(kept) <= limit
    assert not any(
        unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in kept if char != "\n"
    )
