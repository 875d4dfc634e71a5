"""From a call, or any text, to the words that are spoken. Pure.

Sentences and number words of each language stand in `voice.languages`.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from voice.languages import LANGUAGES as LANGUAGES
from voice.languages import SOUND_ALIKE, SpokenLanguage

PAUSE_S = 0.25
"""Silence between two groups of a phrase (ux.md 1.3)."""

PAUSE = "pause"
"""Stands between the clips of two groups in `Phrase.clips`."""

DEFAULT_LANGUAGE = "id"
"""Spoken when a call names no language that we can read."""

SERVICE_WORDS_MAX = 4
"""So many words of a service's name are spoken at most: a call must stay short."""

_GROUP_LETTERS_MAX = 120  # of a free text; longer ones are parted at a space


class Group(Struct, frozen=True):
    """Words that are spoken in one breath, and the recorded clips that say the same.

    ``optional``: a voice made of clips leaves it out where it has none of these clips. A group
    without ``clips`` is free text, for which there are no recordings.
    """

    text: str
    clips: tuple[str, ...]
    optional: bool = False


class Phrase(Struct, frozen=True):
    """What to say in one language; the groups have a pause of `PAUSE_S` between them."""

    language: str
    groups: tuple[Group, ...]

    @property
    def text(self) -> str:
        """The whole sentence, as it would be printed."""
        return " ".join(group.text for group in self.groups)

    @property
    def clips(self) -> tuple[str, ...]:
        """The names of all clips in their order, with `PAUSE` between groups."""
        names: list[str] = []
        for group in self.groups:
            names += [PAUSE, *group.clips] if names else group.clips
        return tuple(names)

    @property
    def syllables(self) -> int:
        """About how many syllables this is: one for each vowel, at least one a word."""
        return sum(syllables(group.text) for group in self.groups)


@dataclass(frozen=True, slots=True)
class Reading:
    """How this branch wants its calls read.

    ``as_number``: "A dua belas" instead of "A nol satu dua". ``last_call``: from this call of a
    ticket on, the recall says "terakhir"; None while the branch has no last call.
    ``service_word``: whether the service's name follows the letter; ``alike`` does so for letters
    that sound alike.
    """

    as_number: bool = False
    last_call: int | None = None
    service_word: Literal["alike", "always", "never"] = "alike"


DIGIT_BY_DIGIT = Reading()


def number_words(number: int, language: str) -> str:
    """Read a whole number, for example 2026 as "dua ribu dua puluh enam".

    Raises ValueError below zero and KeyError for a language that we cannot read.
    """
    if number < 0:
        raise ValueError(f"A number to be spoken is never below zero: {number}.")
    return LANGUAGES[language].number_words(number)


def syllables(text: str) -> int:
    """Estimate how many syllables a text has when spoken; good for Indonesian, rough for others."""
    return sum(max(1, len(re.findall("[aeiou]", word.lower()))) for word in text.split())


def call_phrases(
    number: str,
    counter: int,
    languages: Sequence[str],
    *,
    call_count: int = 1,
    short: bool = False,
    reading: Reading = DIGIT_BY_DIGIT,
    service: Mapping[str, str] | None = None,
) -> tuple[Phrase, ...]:
    """Say a call in each of the languages that we can read (Indonesian if there is none).

    ``short`` is for a backlog: the number and the counter alone. ``service``: the names of the
    ticket's service by language, of which a word may follow the letter (`Reading`).
    """
    known = list(dict.fromkeys(code for code in languages if code in LANGUAGES))
    return tuple(
        _call_phrase(code, number, counter, call_count, short, reading, service or {})
        for code in known or [DEFAULT_LANGUAGE]
    )


def wants_service_word(number: str, reading: Reading) -> bool:
    """Whether the service's name follows the letters of this number."""
    if reading.service_word == "alike":
        return not SOUND_ALIKE.isdisjoint(_letters_and_digits(number)[0])
    return reading.service_word == "always"


def spoken_name(names: Mapping[str, str], language: str) -> str:
    """Shorten a name to what is said of it: "Badan usaha (PPU)" is called "Badan usaha".

    Of the ``names`` by language the Indonesian one helps out; empty if there is nothing to say.
    """
    name = names.get(language) or names.get(DEFAULT_LANGUAGE) or ""
    name = re.split(r"[(/,;:–—]", name)[0].replace("&", f" {LANGUAGES[language].conjunction} ")
    words = "".join(
        sign if "a" <= sign.lower() <= "z" else " "
        for sign in unicodedata.normalize("NFKD", name)
        if not unicodedata.combining(sign)
    ).split()
    return " ".join(words[:SERVICE_WORDS_MAX])


def trial_phrase(language: str) -> Phrase:
    """Say by what the voice is tested, in one language: "Uji suara, satu dua tiga."."""
    spoken = LANGUAGES[language]
    digits = spoken.digits[1:4]
    return Phrase(
        language,
        (
            Group(f"{spoken.test},", (_clip(spoken.test),), optional=True),
            Group(" ".join(digits) + ".", tuple(_clip(digit) for digit in digits)),
        ),
    )


def free_text(text: str, language: str) -> Phrase:
    """Say any text of a page: sentences become groups, numbers become words.

    Numbers like "A012" are read letter by letter and digit by digit, "15.00" as an hour. Only
    letters reach the engine (F50). A text with nothing to say gives a phrase without groups.
    Raises KeyError for a language that we cannot read.
    """
    spoken = LANGUAGES[language]
    text = unicodedata.normalize("NFKC", text).replace("&", f" {spoken.conjunction} ")
    text = re.sub(r"\b(\d{1,2})[.:](\d\d)\b", lambda at: _hour(spoken, at[1], at[2]), text)
    # "1.200" is one number in Indonesian; elsewhere a point ends a sentence.
    text = re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", text)
    text = re.sub(r"\b[A-Z]{1,3}\d+\b", lambda at: _spelt(spoken, at[0]), text)
    text = re.sub(r"\d+", lambda at: f" {_counted(spoken, at[0])} ", text)
    groups: list[Group] = []
    for part in re.split(r"[.,;:!?\n]+", text):
        words = "".join(sign if sign.isalpha() or sign in "'-" else " " for sign in part).split()
        groups += (Group(line, ()) for line in _lines(words))
    return Phrase(language, tuple(groups))


def clip_script(language: str, more: Iterable[str] = ()) -> dict[str, str]:
    """List every clip that a whole recorded voice has, with the words to be read aloud for it.

    ``more``: words of this branch, for example its services' spoken names.
    """
    spoken = LANGUAGES[language]
    script = {_clip(word): word for word in (*spoken.digits, *spoken.more_number_words)}
    script |= {_letter_clip(letter): name for letter, name in spoken.letters.items()}
    script |= {_clip(word): word for word in spoken.ordinals}
    sentences = (spoken.call, spoken.recall, spoken.last, spoken.again, spoken.short)
    for sentence in sentences:
        for part in re.split(r"\{\w+\}|[|,.]", sentence):
            if part.strip():
                script[_clip(part.strip())] = part.strip().lower()
    return script | {_clip(words): words for words in more if words}


def _call_phrase(
    language: str,
    number: str,
    counter: int,
    call_count: int,
    short: bool,
    reading: Reading,
    service: Mapping[str, str],
) -> Phrase:
    spoken = LANGUAGES[language]
    letters, digits = _letters_and_digits(number)
    name = spoken_name(service, language) if wants_service_word(number, reading) else ""
    slots: dict[str, list[tuple[str, str]]] = {
        "letters": [(letter, _letter_clip(letter)) for letter in letters],
        "service": [(name, _clip(name))] if name else [],
        "number": _words(_read_digits(spoken, digits, reading)),
        "counter": _words(spoken.number_words(counter)),
        "ordinal": _words(_ordinal(spoken, call_count)),
    }
    sentence = spoken.short if short else _sentence(spoken, call_count, reading)
    groups = tuple(_groups(sentence, slots))
    first = groups[0].text
    opening = Group(first[:1].upper() + first[1:], groups[0].clips)
    return Phrase(language, (opening, *groups[1:]))


def _sentence(spoken: SpokenLanguage, call_count: int, reading: Reading) -> str:
    if call_count <= 1:
        return spoken.call
    if reading.last_call is not None and call_count >= reading.last_call:
        return spoken.last
    return spoken.recall if _ordinal(spoken, call_count) else spoken.again


def _ordinal(spoken: SpokenLanguage, call_count: int) -> str:
    place = call_count - 2
    return spoken.ordinals[place] if 0 <= place < len(spoken.ordinals) else ""


def _groups(sentence: str, slots: Mapping[str, list[tuple[str, str]]]) -> Iterator[Group]:
    for part in sentence.split("|"):
        end = part.strip()[-1] if part.strip()[-1] in ",." else ""
        pieces: list[tuple[str, str]] = []
        for slot, words in re.findall(r"\{(\w+)\}|([^{}]+)", part.strip(" ,.")):
            pieces += (
                slots[slot] if slot else [(words.strip(), _clip(words))] if words.strip() else []
            )
        if pieces:  # a number may have no letters: then there is nothing to breathe for
            yield Group(
                " ".join(text for text, _ in pieces) + end,
                tuple(clip for _, clip in pieces),
                optional="{service}" in part,
            )


def _letters_and_digits(number: str) -> tuple[str, str]:
    # The voice gets words only: whatever is neither letter nor digit is not spoken (F50).
    return (
        "".join(sign for sign in number.upper() if "A" <= sign <= "Z"),
        "".join(sign for sign in number if "0" <= sign <= "9"),
    )


def _read_digits(spoken: SpokenLanguage, digits: str, reading: Reading) -> str:
    if reading.as_number and digits and not spoken.digits_only:
        return spoken.number_words(int(digits))
    return _digit_by_digit(spoken, digits)


def _digit_by_digit(spoken: SpokenLanguage, digits: str) -> str:
    return " ".join(spoken.digits[int(digit)] for digit in digits)


def _hour(spoken: SpokenLanguage, hours: str, minutes: str) -> str:
    words = spoken.number_words(int(hours))
    return f" {words} {spoken.number_words(int(minutes))} " if int(minutes) else f" {words} "


def _spelt(spoken: SpokenLanguage, number: str) -> str:
    letters, digits = _letters_and_digits(number)
    return f" {' '.join(letters)} {_digit_by_digit(spoken, digits)} "


def _counted(spoken: SpokenLanguage, digits: str) -> str:
    # Telephone numbers and NIK are no quantities. "²" and the like are digits to isdigit alone.
    digits = "".join(str(unicodedata.digit(digit)) for digit in digits)
    if digits.startswith("0") or len(digits) > 6 or spoken.digits_only:
        return _digit_by_digit(spoken, digits)
    return spoken.number_words(int(digits))


def _lines(words: Sequence[str]) -> Iterator[str]:
    line = ""
    for word in words:
        if line and len(line) + len(word) >= _GROUP_LETTERS_MAX:
            yield line
            line = ""
        line = f"{line} {word}".strip()
    if line:
        yield line


def _words(text: str) -> list[tuple[str, str]]:
    return [(word, _clip(word)) for word in text.split()]


def _clip(words: str) -> str:
    return "-".join(words.lower().split())


def _letter_clip(letter: str) -> str:
    return f"letter-{letter.lower()}"
