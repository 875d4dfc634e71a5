"""Words on a page become words that a voice can say (ux.md V12; fault F50)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.spoken_text import digit_word, speakable, ticket_words, without_figures


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("Nomor Anda A012", "id", "Nomor Anda a, nol, satu, dua"),
        ("A 0 1 2", "id", "a, nol, satu, dua"),
        ("AK012", "id", "a, ka, nol, satu, dua"),
        ("Your number B105", "en", "Your number bee, one, zero, five"),
        ("08.30 - 08.45", "id", "delapan tiga puluh sampai delapan empat puluh lima"),
        ("about 08:30–09:00", "en", "about eight thirty to nine"),
        ("15-25 menit", "id", "15 sampai 25 menit"),
        ("KTP • KK → loket", "id", "KTP KK loket"),
        ("************0002", "id", "0002"),
        ("", "id", ""),
        ("→ •", "id", ""),
    ],
)  # fmt: skip
def test_a_text_is_said_in_words(text: str, language: str, said: str) -> None:
    assert speakable(text, language) == said


def test_a_language_that_nobody_can_count_in_counts_in_indonesian() -> None:
    assert ticket_words("A1", "xx") == "a, satu"
    assert speakable("A012", "xx") == "a, nol, satu, dua"


def test_typed_digits_are_named_and_nothing_else() -> None:
    assert [digit_word(sign, "id") for sign in "07x-"] == ["nol", "tujuh", "", ""]
    assert digit_word("", "id") == ""
    assert digit_word("²", "id") == ""


def test_a_countdown_stays_the_same_text() -> None:
    assert without_figures("Kembali dalam 13 detik") == without_figures("Kembali dalam 4 detik")
    assert without_figures("Nomor sah") != without_figures("Kertas habis")


@given(st.text(max_size=60), st.sampled_from(["id", "en", "jv", "su"]))
def test_no_control_sign_reaches_a_voice(text: str, language: str) -> None:
    said = speakable(text, language)
    assert not any(unicodedata.category(sign)[0] == "C" for sign in said)
    assert said == " ".join(said.split())


def test_a_telephone_number_is_no_range() -> None:
    said = speakable("PANDAWA (WhatsApp) 0811-8165-165", "id")
    assert said.endswith("nol delapan satu satu, delapan satu enam lima, satu enam lima")
    assert speakable("15-25 menit", "id") == "15 sampai 25 menit"


def test_days_from_and_until() -> None:
    assert speakable("Senin–Jumat", "id") == "Senin sampai Jumat"
