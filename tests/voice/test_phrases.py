"""From a call to its words: numbers, letters, sentences, and the clips that say them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.languages import LANGUAGES, SOUND_ALIKE
from voice.phrases import (
    PAUSE,
    Reading,
    call_phrases,
    clip_script,
    free_text,
    number_words,
    spoken_name,
    trial_phrase,
)

# domain.md 6
INDONESIAN = {
    0: "nol",
    1: "satu",
    2: "dua",
    3: "tiga",
    4: "empat",
    5: "lima",
    6: "enam",
    7: "tujuh",
    8: "delapan",
    9: "sembilan",
    10: "sepuluh",
    11: "sebelas",
    12: "dua belas",
    20: "dua puluh",
    21: "dua puluh satu",
    100: "seratus",
    101: "seratus satu",
    111: "seratus sebelas",
    119: "seratus sembilan belas",
    215: "dua ratus lima belas",
    999: "sembilan ratus sembilan puluh sembilan",
    1000: "seribu",
    1011: "seribu sebelas",
    1100: "seribu seratus",
    1945: "seribu sembilan ratus empat puluh lima",
    2026: "dua ribu dua puluh enam",
    5050: "lima ribu lima puluh",
    9999: "sembilan ribu sembilan ratus sembilan puluh sembilan",
    10_000: "sepuluh ribu",
    11_001: "sebelas ribu satu",
    100_000: "seratus ribu",
    1_000_000: "satu juta",
    2_000_000_000: "dua miliar",
}
ENGLISH = {
    0: "zero",
    12: "twelve",
    19: "nineteen",
    20: "twenty",
    21: "twenty one",
    99: "ninety nine",
    100: "one hundred",
    215: "two hundred fifteen",
    1945: "one thousand nine hundred forty five",
    9999: "nine thousand nine hundred ninety nine",
    1_000_000: "one million",
}


@pytest.mark.parametrize(("number", "words"), INDONESIAN.items())
def test_a_number_is_read_in_indonesian(number: int, words: str) -> None:
    assert number_words(number, "id") == words


@pytest.mark.parametrize(("number", "words"), ENGLISH.items())
def test_a_number_is_read_in_english(number: int, words: str) -> None:
    assert number_words(number, "en") == words


def _value(words: str) -> int:
    """Read Indonesian number words back, by another way than they were made."""
    units = {word: value for value, word in INDONESIAN.items() if value < 10}
    total = part = held = 0
    for word in words.split():
        match word:
            case "sepuluh":
                part += 10
            case "sebelas":
                part += 11
            case "belas":
                part, held = part + 10 + held, 0
            case "puluh":
                part, held = part + 10 * held, 0
            case "seratus":
                part += 100
            case "ratus":
                part, held = part + 100 * held, 0
            case "seribu":
                total += 1000
            case "ribu":
                total, part, held = total + 1000 * (part + held), 0, 0
            case _:
                held += units[word]
    return total + part + held


def test_every_number_up_to_9999_is_read_so_that_it_can_be_understood_again() -> None:
    for number in range(10_000):
        words = number_words(number, "id")
        assert _value(words) == number
        assert words == " ".join(words.split()), "no double spaces"
        assert number == 0 or "nol" not in words.split(), "no trailing nol"


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        number_words(-1, "id")


def _text(number: str, counter: int, language: str = "id", **facts: object) -> str:
    (phrase,) = call_phrases(number, counter, [language], **facts)  # type: ignore[arg-type]
    return phrase.text


@pytest.mark.parametrize(
    ("number", "counter", "sentence"),
    [
        ("A012", 3, "Nomor antrean A nol satu dua, silakan menuju loket tiga."),
        ("A012", 12, "Nomor antrean A nol satu dua, silakan menuju loket dua belas."),
        ("P004", 1, "Nomor antrean P nol nol empat, silakan menuju loket satu."),
        ("A1000", 20, "Nomor antrean A satu nol nol nol, silakan menuju loket dua puluh."),
        ("AK012", 3, "Nomor antrean A K nol satu dua, silakan menuju loket tiga."),
        ("012", 3, "Nomor antrean nol satu dua, silakan menuju loket tiga."),
    ],
)
def test_a_call_is_read_as_it_is_printed(number: str, counter: int, sentence: str) -> None:
    assert _text(number, counter) == sentence


def test_a_call_in_english() -> None:
    assert _text("A012", 3, "en") == (
        "Ticket number A zero one two, please proceed to counter three."
    )
    assert _text("A012", 3, "en", call_count=2) == (
        "Second call, ticket number A zero one two, please proceed to counter three."
    )


@pytest.mark.parametrize(
    ("call_count", "last_call", "opening"),
    [
        (1, None, "Nomor antrean A"),
        (2, None, "Panggilan kedua, nomor antrean A"),
        (3, None, "Panggilan ketiga, nomor antrean A"),
        (2, 3, "Panggilan kedua, nomor antrean A"),
        (3, 3, "Panggilan terakhir, nomor antrean A"),
        (4, 3, "Panggilan terakhir, nomor antrean A"),
        (1, 1, "Nomor antrean A"),
        (40, None, "Panggilan ulang, nomor antrean A"),
    ],
)
def test_a_recall_says_which_call_it_is(
    call_count: int, last_call: int | None, opening: str
) -> None:
    reading = Reading(last_call=last_call)
    assert _text("A012", 3, call_count=call_count, reading=reading).startswith(opening + " nol")


def test_in_a_backlog_only_number_and_counter_are_said() -> None:
    assert _text("A012", 3, short=True) == "A nol satu dua, loket tiga."
    assert _text("A012", 3, "en", short=True) == "A zero one two, counter three."


def test_a_branch_may_have_the_number_read_as_a_number() -> None:
    reading = Reading(as_number=True)
    assert _text("A012", 3, reading=reading) == (
        "Nomor antrean A dua belas, silakan menuju loket tiga."
    )


def test_each_language_is_spoken_once_and_an_unknown_one_not_at_all() -> None:
    phrases = call_phrases("A012", 3, ["id", "xx", "en", "id"])
    assert [phrase.language for phrase in phrases] == ["id", "en"]


def test_a_call_without_a_known_language_is_spoken_in_indonesian() -> None:
    assert [phrase.language for phrase in call_phrases("A012", 3, ["xx"])] == ["id"]
    assert [phrase.language for phrase in call_phrases("A012", 3, [])] == ["id"]


def test_a_phrase_names_its_clips_and_its_pauses() -> None:
    (phrase,) = call_phrases("A012", 12, ["id"])
    assert phrase.clips == (
        *("nomor-antrean", PAUSE, "letter-a", PAUSE, "nol", "satu", "dua", PAUSE),
        *("silakan-menuju", PAUSE, "loket", "dua", "belas"),
    )


def test_the_whole_sentence_has_21_syllables_and_the_short_one_10() -> None:
    (whole,) = call_phrases("A012", 3, ["id"])
    (short,) = call_phrases("A012", 3, ["id"], short=True)
    assert (whole.syllables, short.syllables) == (21, 10)


def test_the_clips_of_domain_6_are_in_the_script() -> None:
    script = clip_script("id")
    digits = [number_words(digit, "id") for digit in range(10)]
    others = ["sepuluh", "sebelas", "belas", "puluh", "seratus", "ratus", "seribu", "ribu", "loket"]
    letters = [f"letter-{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    assert {*digits, *others, *letters, "nomor-antrean", "silakan-menuju"} <= set(script)
    assert [script[f"letter-{letter}"] for letter in "aqvwxz"] == [
        "a",
        "ki",
        "ve",
        "we",
        "eks",
        "zet",
    ]


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_recorded_voice_lacks_no_clip_for_any_call(language: str) -> None:
    script = {*clip_script(language), PAUSE}
    for call_count in range(1, 12):
        for short in (False, True):
            for as_number in (False, True):
                reading = Reading(as_number=as_number, last_call=None if call_count % 2 else 9)
                for number, counter in (("A0123456789", 1), ("Q987", 999), ("ZX1999", 112)):
                    (phrase,) = call_phrases(
                        number if not as_number else number[:5],
                        counter,
                        [language],
                        call_count=call_count,
                        short=short,
                        reading=reading,
                    )
                    assert set(phrase.clips) <= script


@given(number=st.text(max_size=20), counter=st.integers(1, 999), as_number=st.booleans())
def test_whatever_a_number_holds_the_voice_gets_words_only(
    number: str, counter: int, as_number: bool
) -> None:
    """F50: no markup, control sign or foreign script reaches an engine."""
    reading = Reading(as_number=as_number)
    digits = re.sub("[^0-9]", "", number)
    if as_number and len(digits) > 9:
        return  # no branch issues so many
    for phrase in call_phrases(number, counter, ["id", "en"], reading=reading):
        assert re.fullmatch("[A-Za-z ,.]+", phrase.text)
        assert "  " not in phrase.text


# Javanese and Sundanese, both drafts.


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("jv", "Nomer antrian A nol setunggal kalih, sumangga tumuju loket tiga."),
        ("su", "Nomer antrian A enol hiji dua, mangga ka loket tilu."),
    ],
)
def test_a_call_in_the_languages_of_java_is_that_of_the_books(language: str, sentence: str) -> None:
    """domain.md 6; krama and lemes."""
    assert _text("A012", 3, language) == sentence
    assert LANGUAGES[language].draft, "no native speaker has read it yet"


@pytest.mark.parametrize("language", ["jv", "su"])
def test_the_languages_of_java_are_always_read_digit_by_digit(language: str) -> None:
    """Javanese has tens of its own (selikur, seket): digits avoid them, for counters too."""
    by_number = _text("A025", 12, language, reading=Reading(as_number=True))
    assert by_number == _text("A025", 12, language)
    digits = LANGUAGES[language].digits
    assert f"{digits[0]} {digits[2]} {digits[5]}" in by_number
    assert by_number.endswith(f"loket {digits[1]} {digits[2]}.")


def test_the_drafts_are_these_two_and_no_others() -> None:
    assert {code for code, spoken in LANGUAGES.items() if spoken.draft} == {"jv", "su"}


def test_every_language_has_ten_digits_26_letters_and_a_word_for_each_recall() -> None:
    for spoken in LANGUAGES.values():
        assert len(set(spoken.digits)) == 10
        assert len(spoken.letters) == 26
        assert len(set(spoken.ordinals)) == 7
        sentences = (spoken.call, spoken.recall, spoken.last, spoken.again)
        assert all("{number}" in sentence and "{counter}" in sentence for sentence in sentences)
        assert len(set(sentences)) == 4


# The service's word after a letter that sounds alike.

NAMES = {"id": "Perubahan data", "en": "Change of data"}


@pytest.mark.parametrize("letter", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
def test_the_services_word_follows_letters_that_sound_alike(letter: str) -> None:
    text = _text(f"{letter}001", 3, service=NAMES)
    assert ("Perubahan data" in text) == (letter in "BCDEGPTV") == (letter in SOUND_ALIKE)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("always", "Nomor antrean A Perubahan data nol satu dua, silakan menuju loket tiga."),
        ("never", "Nomor antrean A nol satu dua, silakan menuju loket tiga."),
    ],
)
def test_a_branch_has_the_services_word_always_or_never(word: str, sentence: str) -> None:
    reading = Reading(service_word=word)  # type: ignore[arg-type]
    assert _text("A012", 3, reading=reading, service=NAMES) == sentence
    loud = _text("B012", 3, reading=reading, service=NAMES)
    assert ("Perubahan data" in loud) == (word == "always")


def test_an_offline_number_says_both_letters_and_the_kiosks_letter_may_sound_alike_too() -> None:
    assert _text("AK012", 3, service=NAMES).startswith("Nomor antrean A K nol satu dua")
    assert _text("AT012", 3, service=NAMES).startswith("Nomor antrean A T Perubahan data nol")


def test_the_services_word_is_in_each_language_and_never_in_the_short_form() -> None:
    id_phrase, en_phrase = call_phrases("B001", 3, ["id", "en"], service=NAMES)
    assert "B Perubahan data nol" in id_phrase.text
    assert "B Change of data zero" in en_phrase.text
    assert _text("B001", 3, short=True, service=NAMES) == "B nol nol satu, loket tiga."


@pytest.mark.parametrize(
    ("names", "language", "spoken"),
    [
        ({"id": "Badan usaha (PPU)"}, "id", "Badan usaha"),
        ({"id": "Informasi & pengaduan"}, "id", "Informasi dan pengaduan"),
        (
            {"id": "Informasi & pengaduan", "en": "Information & complaints"},
            "en",
            "Information and complaints",
        ),
        ({"id": "Pendaftaran"}, "jv", "Pendaftaran"),
        (
            {"id": "Pelayanan terpadu satu pintu dan lain-lain"},
            "id",
            "Pelayanan terpadu satu pintu",
        ),
        ({"id": "<b>165</b> rm -rf"}, "id", "b"),
        ({"id": "Café"}, "id", "Cafe"),
        ({}, "id", ""),
    ],
)
def test_a_services_name_is_said_short_and_in_words(
    names: dict[str, str], language: str, spoken: str
) -> None:
    """F50: what a catalogue holds reaches the engine as words only."""
    assert spoken_name(names, language) == spoken


# Any text of a page.


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("Pilih layanan.", ["Pilih layanan"]),
        ("Nomor Anda A012.", ["Nomor Anda A nol satu dua"]),
        (
            "Buka pukul 15.00, tutup 16.30!",
            ["Buka pukul lima belas", "tutup enam belas tiga puluh"],
        ),
        ("Ada 21 orang & 1.200 kursi", ["Ada dua puluh satu orang dan seribu dua ratus kursi"]),
        ("Hubungi 0811", ["Hubungi nol delapan satu satu"]),
        ("<speak>\x1b[2J</speak>", ["speak", "J", "speak"]),
        ("→ • ✓", []),
        ("", []),
    ],
)
def test_any_text_becomes_groups_of_words(text: str, groups: list[str]) -> None:
    said = [group.text for group in free_text(text, "id").groups]
    if "speak" in text:
        assert all(re.fullmatch("[A-Za-z ]+", group) for group in said)
    else:
        assert said == groups


@given(text=st.text(max_size=300), language=st.sampled_from(sorted(LANGUAGES)))
def test_of_any_text_only_letters_reach_the_engine(text: str, language: str) -> None:
    """F50."""
    for group in free_text(text, language).groups:
        assert group.clips == ()
        assert len(group.text) <= 400
        assert all(sign.isalpha() or sign in " '-" for sign in group.text)
        assert group.text == " ".join(group.text.split())


def test_a_long_sentence_is_parted_at_a_space() -> None:
    lines = [group.text for group in free_text("kata " * 100, "id").groups]
    assert len(lines) > 1
    assert " ".join(lines) == " ".join(["kata"] * 100)


def test_the_sentence_of_the_self_test_needs_no_recording_of_its_own() -> None:
    for language in LANGUAGES:
        title, digits = trial_phrase(language).groups
        assert title.optional
        assert set(digits.clips) <= set(clip_script(language))
