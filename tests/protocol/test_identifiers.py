"""Numbers of people: read from whatever was typed or scanned, checked, masked, and never repeated.

The vectors are those of domain.md 3.
"""

import string
import time
import tomllib
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assets import asset_path
from protocol.identifiers import (
    Identifier,
    IdentifierError,
    birth_date,
    masked,
    masked_phone,
    read_identifier,
    read_phone,
    warnings_of,
    without_identifiers,
)

TODAY = date(2026, 3, 2)
SURABAYA = "3578080102030001"
SIDOARJO = "3515144508680002"
CARD = "0001234567890"
CODES = (
    "empty",
    "too-long",
    "letters",
    "length",
    "ambiguous",
    "one-digit",
    "month",
    "day",
    "serial",
    "passport",
    "phone",
)


def nik(value: str) -> Identifier:
    return Identifier("nik", value)


def refused(text: str) -> IdentifierError:
    with pytest.raises(IdentifierError) as no:
        read_identifier(text)
    return no.value


@pytest.mark.parametrize(
    ("number", "born"),
    [
        (SURABAYA, date(2003, 2, 1)),
        (SIDOARJO, date(1968, 8, 5)),  # a woman: day 45 is the fifth
        ("3273000101010001", date(2001, 1, 1)),
        ("3273007101010001", date(2001, 1, 31)),
    ],
)
def test_a_nik_is_read_and_tells_the_day_of_birth(number: str, born: date) -> None:
    read = read_identifier(number)
    assert read == nik(number)
    assert birth_date(read, TODAY) == born
    assert warnings_of(read, TODAY) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("3515143208680001", "day"),  # day 32
        ("3515147208680001", "day"),  # day 72
        ("3515140008680001", "day"),  # day 00
        ("3515144008680001", "day"),  # day 40: of nobody
        ("3515144513680002", "month"),
        ("3515144500680002", "month"),
        ("3515144508680000", "serial"),
        # Real data of a newborn comes back for this one, so it is refused here.
        ("0000000000000000", "one-digit"),
        ("1111111111111111", "one-digit"),
        ("", "empty"),
        (" \t\u200b\u202e\n", "empty"),
        ("351514450868000", "length"),
        ("35151445086800021", "length"),
        ("35780801O2030001", "letters"),
        ("Budi Santoso", "letters"),
        ("***", "letters"),
        ("PASPOR 12", "passport"),
        ("0000000000000", "one-digit"),
        (f"{SURABAYA} {SIDOARJO}", "ambiguous"),
        (f"NIK {SURABAYA} KK 3578080102030009", "ambiguous"),
        (f"{CARD} 123", "ambiguous"),  # a card, or a NIK in two parts?
        ("9" * 501, "too-long"),
    ],
)
def test_a_refused_number_says_which_rule(number: str, code: str) -> None:
    assert refused(number).code == code


def test_a_length_says_how_many_digits_there_were() -> None:
    assert refused("3515-1445-0868-000").facts == {"digits": 15}


@pytest.mark.parametrize(
    "pasted",
    [
        " 3578 0801 0203 0001 ",
        "3578-0801-0203-0001",
        "3578.0801.0203.0001",
        "357808.010203.0001",
        "'3578080102030001",
        "\u202a3578080102030001\u202c",  # copied out of a message
        "3578\u200b0801\u200d02030001\ufeff",
        "\u00a03578\u20090801\u00a00203\u00a00001",
        "\x023578080102030001\x03\r\n",
        "]Q13578080102030001",  # the scanner says that it read a QR code
        "]C13578080102030001\r",
        "A3578080102030001B",
        "３５７８０８０１０２０３０００１",
        "٣٥٧٨٠٨٠١٠٢٠٣٠٠٠١",
        "NIK: 3578080102030001; Nama: BUDI SANTOSO; RT 003/004",
        "nik 3578 0801 0203 0001 a.n. Budi",
        "https://example.id/ktp?nik=3578080102030001&v=2",
        f"{SURABAYA}\r\n{SURABAYA}\r\n",  # scanned twice
    ],
)
def test_what_people_paste_or_scan_is_understood(pasted: str) -> None:
    assert read_identifier(pasted) == nik(SURABAYA)


def test_a_card_keeps_its_leading_zeros() -> None:
    assert read_identifier(" 0001 2345 67890") == Identifier("card", CARD)
    assert birth_date(read_identifier(CARD), TODAY) is None
    assert warnings_of(read_identifier(CARD), TODAY) == []


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("x1234567", "X1234567"),
        ("A 123-4567", "A1234567"),
        ("2C21JE0123-AB", "2C21JE0123AB"),
        ("Paspor 123456789", "123456789"),
        ("PASSPORT NO. 123456789", "123456789"),
        ("kitas: 2C21JE0123AB", "2C21JE0123AB"),
    ],
)
def test_a_foreigner_has_a_passport_or_a_kitas(typed: str, value: str) -> None:
    assert read_identifier(typed) == Identifier("passport", value)
    assert warnings_of(Identifier("passport", value), TODAY) == []


@pytest.mark.parametrize(
    ("number", "today", "warnings"),
    [
        ("3578083002030001", TODAY, ["no-such-date"]),  # 30 February
        ("3578083104030001", TODAY, ["no-such-date"]),  # 31 April
        ("3578087102030001", TODAY, ["no-such-date"]),  # a woman's 31 February
        ("3578082902000001", TODAY, []),  # 2000 was a leap year
        ("3578082902010001", TODAY, ["no-such-date"]),
        ("3578082902000001", date(1999, 1, 1), ["no-such-date"]),  # and 1900 was none
        ("3578080203260001", TODAY, []),  # born today
        ("3578080303260001", TODAY, ["born-later"]),
        ("3578080303270001", TODAY, []),  # 1927
        ("9978080102030001", TODAY, ["unknown-region"]),
        ("2078080102030001", TODAY, ["unknown-region"]),
        ("3500080102030001", TODAY, ["unknown-region"]),
        ("3570080102030001", TODAY, ["unknown-region"]),
        ("0078083002030001", TODAY, ["no-such-date", "unknown-region"]),
    ],
)
def test_what_may_still_be_right_is_a_warning_alone(
    number: str, today: date, warnings: list[str]
) -> None:
    assert warnings_of(read_identifier(number), today) == warnings


def test_years_above_this_year_are_of_the_last_century() -> None:
    assert birth_date(nik("3578080101260001"), TODAY) == date(2026, 1, 1)
    assert birth_date(nik("3578080101270001"), TODAY) == date(1927, 1, 1)
    assert birth_date(nik("3578082902000001"), TODAY) == date(2000, 2, 29)
    assert birth_date(nik("3578083002000001"), TODAY) is None


@pytest.mark.parametrize("number", [SURABAYA, CARD, "X1234567"])
def test_a_number_does_not_reach_a_log_by_being_printed(number: str) -> None:
    read = read_identifier(number)
    for printed in (repr(read), str(read), f"{read}", repr([read])):
        assert number not in printed
        assert masked(read) in printed


def test_a_mask_leaves_the_last_four() -> None:
    assert masked(nik(SIDOARJO)) == "************0002"
    assert masked(Identifier("card", CARD)) == "*********7890"
    assert masked(Identifier("passport", "X1234567")) == "****4567"
    assert masked(Identifier("passport", "X12345")) == "****45"


@pytest.mark.parametrize(
    "text",
    ["08118165165", "+62 811-8165-165", "62811 8165165", "0062 811 8165 165", "+62 (0)8118165165"],
)
def test_a_phone_number_has_one_form(text: str) -> None:
    assert read_phone(text) == "+628118165165"


@pytest.mark.parametrize(
    "text", ["", "165", "0711234567", "08123456", "081234567890123", "x" * 900]
)
def test_a_phone_number_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError):
        read_phone(text)


def test_a_phone_number_is_masked_in_its_middle() -> None:
    assert masked_phone("+628118165165") == "0811****165"
    assert masked_phone("+6281234567890") == "0812*****890"


@pytest.mark.parametrize(
    ("note", "kept"),
    [
        (f"NIK {SURABAYA} belum padan", "NIK ************0001 belum padan"),
        ("kartu 0001234567890.", "kartu *********7890."),
        ("3578 0801 0203 0001 dan 2 anak", "************0001 dan 2 anak"),
        ("2 3578080102030001 3", "2 ************0001 3"),
        ("3578-0801-0203-0001/0001234567890", "************0001/*********7890"),
        ("3578\u200b080102030001", "************0001"),
        ("salah ketik 35780801020300012", "salah ketik *************0012"),
        ("telepon 0811 8165 165, datang 08.30", "telepon 0811****165, datang 08.30"),
        ("hubungi 081234567890", "hubungi 0812*****890"),
        ("WA +62 811-8165-165!", "WA 0811****165!"),
        ("٠٨١٢٣٤٥٦٧٨٩٠", "0812*****890"),
        ("(0812) 3456 7890", "(0812*****890"),
        ("buka 08.00-12.00, 13.00-15.00", "buka 08.00-12.00, 13.00-15.00"),
        ("nomor B081 dan 0812, loket 8", "nomor B081 dan 0812, loket 8"),
        ("Rp 1.200.000, tunggakan 24 bulan", "Rp 1.200.000, tunggakan 24 bulan"),
        ("", ""),
    ],
)
def test_a_note_keeps_everything_but_the_numbers_of_people(note: str, kept: str) -> None:
    assert without_identifiers(note) == kept


# Rubbish.


# Rubbish alone is hardly ever a number, so half of it is something like one.
LIKE_NUMBERS = st.one_of(
    st.text("0123456789 -.", max_size=24),
    st.from_regex(r"(NIK|PASPOR )?[0-9]{6}(0[1-9]|4[1-9])(0[1-9])[0-9]{6}[ ;]?", fullmatch=True),
    st.from_regex(r"[0-9]{13}", fullmatch=True),
    st.from_regex(r"[A-Za-z]{1,3}[0-9]{3,9}", fullmatch=True),
)


@given(st.one_of(st.text(max_size=600), LIKE_NUMBERS))
def test_whatever_comes_is_an_identifier_or_a_reason(text: str) -> None:
    """F50: nothing that can be typed, pasted or scanned does harm."""
    try:
        read = read_identifier(text)
    except IdentifierError as no:
        told = no
    else:
        demand_one_form(read)
        return
    assert told.code in CODES
    assert str(told) == told.code


def demand_one_form(read: Identifier) -> None:
    allowed = string.digits + (string.ascii_uppercase if read.kind == "passport" else "")
    assert set(read.value) <= set(allowed)
    assert len(read.value) in {"nik": {16}, "card": {13}}.get(read.kind, range(6, 13))
    assert (
        read_identifier(f"PASPOR {read.value}" if read.kind == "passport" else read.value) == read
    )
    assert read.value not in repr(read)
    assert read.value not in masked(read)


@given(st.text(alphabet=st.characters(categories=["Cf", "Zs"]), max_size=3), st.integers(0, 16))
def test_marks_and_spaces_anywhere_change_nothing(marks: str, at: int) -> None:
    # Three digits and thirteen might be a card number with something beside it.
    assume(at not in (3, 13))
    assert read_identifier(SURABAYA[:at] + marks + SURABAYA[at:]) == nik(SURABAYA)


@given(st.dates(date(1930, 1, 1), TODAY), st.booleans(), st.integers(1, 9999))
def test_every_birthday_comes_back(born: date, woman: bool, serial: int) -> None:
    day = born.day + (40 if woman else 0)
    number = f"357808{day:02}{born:%m%y}{serial:04}"
    assert birth_date(read_identifier(number), TODAY) == born


@given(st.text(max_size=60), st.sampled_from([SURABAYA, CARD]), st.text(max_size=60))
def test_no_number_of_a_person_stays_in_a_note(before: str, number: str, after: str) -> None:
    assume(not any(char.isdecimal() for char in before[-4:] + after[:4]))
    assert number not in without_identifiers(f"{before} {number} {after}")


@pytest.mark.parametrize("rubbish", ["9" * 10_000, "1 " * 5_000, "\u202e" * 10_000, "a1" * 5_000])
def test_ten_thousand_characters_are_refused_at_once(rubbish: str) -> None:
    began = time.perf_counter()
    assert refused(rubbish).code == "too-long"
    without_identifiers(rubbish)
    assert time.perf_counter() - began < 0.5


# Words.


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_refusal_has_a_sentence_with_a_cure(language: str) -> None:
    """Each says which rule and how to mend it, at the desk and from the server."""
    desk = tomllib.loads(asset_path("translations", f"counter.{language}.toml").read_text("utf-8"))
    server = tomllib.loads(asset_path("translations", f"server.{language}.toml").read_text("utf-8"))
    said = desk["counter"]["identifier"]
    for code in CODES:
        assert said[code] == server["refusal"][f"bad-identifier-{code}"]
        assert said[code].count(". ") >= 1, "the rule, and then the cure"
    for warning in ("no-such-date", "born-later", "unknown-region"):
        assert said[f"warning_{warning}"]
