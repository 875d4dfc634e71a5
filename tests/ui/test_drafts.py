"""Javanese and Sundanese: drafts, listed in docs/translations.md, that fall back to Indonesian."""

from pathlib import Path

import pytest

from assets import asset_path
from assets.texts import Texts, placeholders, plural_base, read_words

DRAFT = "# DRAFT: wants review by a native speaker"
DRAFTS = [
    f"{room}.{language}"
    for language in ("jv", "su")
    for room in ("display", "kiosk", "paper", "phone", "ui")
]
"""Files that no native speaker has reviewed. Who has, takes them off this list."""

FULL_LANGUAGES = {"id", "en"}
FOR_STAFF = (
    "kiosk.leaving.",
    "printer.",
    "form.",
    "voice.",
    "display.sizes.",
    "display.media.",
    "display.setup.",
    "display.voice-test.",
    "display.waiting.details",
    "survey.setup.",
)
TRANSLATIONS = asset_path("translations")
DOCS = Path(__file__).resolve().parents[2] / "docs" / "translations.md"


def test_every_language_has_every_word_or_is_a_listed_draft() -> None:
    files = {path.name.removesuffix(".toml") for path in TRANSLATIONS.glob("*.toml")}
    partial = {name for name in files if name.rpartition(".")[2] not in FULL_LANGUAGES}
    assert partial == set(DRAFTS), "a new language is a draft until somebody has reviewed it"


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_draft_says_that_it_is_one_where_it_is_read(draft: str) -> None:
    text = (TRANSLATIONS / f"{draft}.toml").read_text(encoding="utf-8")
    assert text.startswith(DRAFT)
    assert f"`{draft}.toml`" in DOCS.read_text(encoding="utf-8")


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_draft_has_every_word_that_visitors_read_and_none_of_its_own(draft: str) -> None:
    room, language = draft.split(".")
    mother, words = read_words("id", [room]), read_words(language, [room])
    assert {plural_base(key) for key in words} <= {plural_base(key) for key in mother}
    missing = {
        key
        for key in {plural_base(key) for key in mother} - {plural_base(key) for key in words}
        if not key.startswith(FOR_STAFF) and not _is_for_admins(mother.get(key, ""))
    }
    assert missing == set()


def _is_for_admins(words: str) -> bool:
    return words.startswith("Untuk admin")


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_draft_fills_the_same_places(draft: str) -> None:
    room, language = draft.split(".")
    mother = read_words("id", [room])
    for key, words in read_words(language, [room]).items():
        same = mother.get(key) or mother.get(f"{plural_base(key)}.other") or words
        assert placeholders(words) == placeholders(same), key


@pytest.mark.parametrize("language", ["jv", "su"])
def test_what_a_draft_lacks_is_said_in_indonesian(language: str) -> None:
    texts = Texts.load(language, ["kiosk", "counter"], strict=True)
    mother = Texts.load("id", ["kiosk", "counter"], strict=True)
    assert texts("kiosk.idle.welcome") != mother("kiosk.idle.welcome")
    assert texts("kiosk.leaving.title") == mother("kiosk.leaving.title"), "a word"
    assert texts("counter.window.title") == mother("counter.window.title"), "a room without a file"
    assert texts.pick({"id": "Pendaftaran", "en": "Registration"}) == "Pendaftaran", "a name"


def test_a_language_that_nobody_wrote_is_a_mistake_in_a_setting() -> None:
    with pytest.raises(FileNotFoundError):
        Texts.load("ban", ["kiosk"])
