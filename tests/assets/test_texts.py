"""Texts: Indonesian first, English in step with it, and no key that nobody wrote."""

import logging
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from assets import asset_path
from assets.texts import (
    PSEUDO_LANGUAGE,
    MissingTextError,
    Texts,
    placeholders,
    plural_base,
    pseudo_words,
    read_words,
)

FOLDER = asset_path("translations")
ROOMS = sorted(path.name.removesuffix(".id.toml") for path in FOLDER.glob("*.id.toml"))


@pytest.fixture
def indonesian() -> Texts:
    return Texts.load("id", strict=True)


@pytest.fixture
def english() -> Texts:
    return Texts.load("en", strict=True)


def test_every_room_speaks_both_languages() -> None:
    english_rooms = {path.name.removesuffix(".en.toml") for path in FOLDER.glob("*.en.toml")}
    assert "ui" in ROOMS
    assert english_rooms == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_both_languages_say_the_same_things(room: str) -> None:
    spoken = {language: keys_and_placeholders(room, language) for language in ("id", "en")}
    assert spoken["id"] == spoken["en"]


def keys_and_placeholders(room: str, language: str) -> dict[str, set[str]]:
    """Placeholders by key, plural forms of a key taken together."""
    together: dict[str, set[str]] = {}
    for key, template in read_words(language, [room]).items():
        together.setdefault(plural_base(key), set()).update(placeholders(template))
    return together


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_two_rooms_use_the_same_key(language: str) -> None:
    assert read_words(language, ROOMS)


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_text_is_empty(language: str) -> None:
    assert [key for key, text in read_words(language, ROOMS).items() if not text.strip()] == []


def test_a_count_takes_its_form(indonesian: Texts, english: Texts) -> None:
    assert indonesian("ui.people", count=1) == "1 orang"
    assert indonesian("ui.people", count=6) == "6 orang"
    assert english("ui.people", count=1) == "1 person"
    assert english("ui.people", count=0) == "0 people"


def test_nothing_may_be_said_in_its_own_words() -> None:
    words = read_words("id", ["ui"]) | {
        "a.zero": "tidak ada",
        "a.one": "satu",
        "a.other": "{count}",
    }
    texts = Texts("id", words, strict=True)
    assert [texts("a", count=count) for count in (0, 1, 2)] == ["tidak ada", "satu", "2"]


def test_a_missing_key_is_a_fault_in_tests(indonesian: Texts) -> None:
    with pytest.raises(MissingTextError, match=r"kiosk\.nothing"):
        indonesian("kiosk.nothing")
    with pytest.raises(MissingTextError, match="count"):
        indonesian("ui.people")


def test_a_missing_key_is_shown_and_logged_in_the_field(caplog: pytest.LogCaptureFixture) -> None:
    texts = Texts.load("id")
    with caplog.at_level(logging.ERROR):
        assert texts("kiosk.nothing") == "kiosk.nothing"
        assert texts("ui.people") == "ui.people"
    assert len(caplog.records) == 2


def test_a_language_that_lacks_a_text_says_it_in_indonesian() -> None:
    mother = read_words("id", ["ui"])
    young = Texts("jv", {"ui.close": "Tutup (jv)"}, fallback=mother, strict=True)
    assert young("ui.close") == "Tutup (jv)"
    assert young("ui.cancel") == "Batal"
    assert young("ui.people", count=2) == "2 orang"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ({"id": "Pendaftaran", "en": "Registration"}, "Registration"),
        ({"id": "Pendaftaran"}, "Pendaftaran"),
        ({"id": "Pendaftaran", "en": ""}, "Pendaftaran"),
        ({"su": "Daptar"}, "Daptar"),
        ({}, ""),
    ],
)
def test_a_name_out_of_data_falls_back_to_indonesian_then_to_any(
    english: Texts, names: dict[str, str], said: str
) -> None:
    assert english.pick(names) == said


def test_days_and_clocks_are_said_as_people_here_say_them(
    indonesian: Texts, english: Texts
) -> None:
    day, at = date(2024, 11, 21), datetime(2024, 11, 21, 8, 31, 20)  # noqa: DTZ001 branch time
    assert indonesian.day(day) == "Kamis 21 November"
    assert indonesian.day(day, short=True) == "Kam 21 Nov"
    assert indonesian.day(day, year=True) == "Kamis 21 November 2024"
    assert indonesian.clock(at) == "08.31"
    assert indonesian.clock(at, seconds=True) == "08.31.20"
    assert english.day(day) == "Thursday 21 November"
    assert english.clock(at) == "08:31"


@pytest.mark.parametrize(
    ("duration_s", "timer", "minutes"),
    [
        (0, "00:00", "0 m"),
        (401, "06:41", "6 m"),
        (1320, "22:00", "22 m"),
        (3599.9, "59:59", "59 m"),
        (3900, "1:05:00", "1 j 05 m"),
        (-5, "00:00", "0 m"),
    ],
)
def test_durations(indonesian: Texts, duration_s: float, timer: str, minutes: str) -> None:
    assert indonesian.timer(timedelta(seconds=duration_s)) == timer
    assert indonesian.minutes(duration_s) == minutes


def test_the_pseudo_language_is_two_fifths_longer_and_keeps_its_placeholders() -> None:
    mother = read_words("id", ["ui"])
    long = pseudo_words(mother)
    assert long.keys() == mother.keys()
    for key, template in mother.items():
        assert placeholders(long[key]) == placeholders(template)
    whole = "Sambungan terputus, mencoba lagi…"
    assert len(long["ui.link.lost"]) >= len(whole) * 1.4
    assert Texts.load(PSEUDO_LANGUAGE, strict=True)("ui.people", count=3).startswith("3 ")


def test_a_file_that_holds_no_texts_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assets.texts.asset_path", tmp_path.joinpath)
    (tmp_path / "translations").mkdir()
    file = tmp_path / "translations" / "x.id.toml"
    file.write_text("[x]\ncount = 5\n")
    with pytest.raises(ValueError, match=r"x\.id\.toml.*x\.count is no text"):
        read_words("id", ["x"])
    file.write_text("[x\n")
    with pytest.raises(ValueError, match=r"x\.id\.toml"):
        read_words("id", ["x"])
