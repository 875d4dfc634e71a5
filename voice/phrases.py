"""From a call to the words that are spoken: numbers, letters and sentences of each language.

Pure. A language is one entry of `LANGUAGES`: words and sentences as data, and a function only
where numbers are read by a rule of their own. Sentences and number words: domain.md 6.

In a sentence ``|`` parts groups (between them the voice is silent for `PAUSE_S`), ``{slots}`` are
filled, and every run of fixed words is one clip of a recorded voice.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from msgspec import Struct

PAUSE_S = 0.25
"""Silence between two groups of a phrase (ux.md 1.3)."""

PAUSE = "pause"
"""Stands between the clips of two groups in `Phrase.clips`."""

DEFAULT_LANGUAGE = "id"
"""Spoken when a call names no language that we can read."""


class Group(Struct, frozen=True):
    """Words that are spoken in one breath, and the recorded clips that say the same."""

    text: str
    clips: tuple[str, ...]


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
    """

    as_number: bool = False
    last_call: int | None = None


DIGIT_BY_DIGIT = Reading()


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """One language's words. ``ordinals[0]`` is the word for a second call."""

    digits: tuple[str, ...]
    letters: Mapping[str, str]
    number_words: Callable[[int], str]
    ordinals: tuple[str, ...]
    call: str
    recall: str
    last: str
    again: str
    short: str
    more_number_words: tuple[str, ...]


def _indonesian_number(number: int) -> str:
    if number < 12:
        return _INDONESIAN_UNITS[number]
    if number < 20:
        return f"{_INDONESIAN_UNITS[number - 10]} belas"
    for size, name, one in _INDONESIAN_POWERS:
        if number >= size:
            count, rest = divmod(number, size)
            head = one if count == 1 and one else f"{_indonesian_number(count)} {name}"
            return f"{head} {_indonesian_number(rest)}" if rest else head
    raise AssertionError(number)  # 20 and more always reach the power of ten


_INDONESIAN_UNITS = (
    *("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan"),
    *("sepuluh", "sebelas"),
)
_INDONESIAN_POWERS = (
    (1_000_000_000, "miliar", ""),
    (1_000_000, "juta", ""),
    (1_000, "ribu", "seribu"),
    (100, "ratus", "seratus"),
    (10, "puluh", ""),
)


def _english_number(number: int) -> str:
    if number < 20:
        return _ENGLISH_UNITS[number]
    if number < 100:
        tens, rest = divmod(number, 10)
        return (
            f"{_ENGLISH_TENS[tens - 2]} {_ENGLISH_UNITS[rest]}"
            if rest
            else (_ENGLISH_TENS[tens - 2])
        )
    for size, name in _ENGLISH_POWERS:
        if number >= size:
            count, rest = divmod(number, size)
            head = f"{_english_number(count)} {name}"
            return f"{head} {_english_number(rest)}" if rest else head
    raise AssertionError(number)  # 100 and more always reach a power


_ENGLISH_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_ENGLISH_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ENGLISH_POWERS = (
    (1_000_000_000, "billion"),
    (1_000_000, "million"),
    (1_000, "thousand"),
    (100, "hundred"),
)


def _letters(names: str) -> dict[str, str]:
    return dict(zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", names.split(), strict=True))


LANGUAGES: Mapping[str, SpokenLanguage] = {
    "id": SpokenLanguage(
        digits=_INDONESIAN_UNITS[:10],
        letters=_letters(
            "a be ce de e ef ge ha i je ka el em en o pe ki er es te u ve we eks ye zet"
        ),
        number_words=_indonesian_number,
        ordinals=("kedua", "ketiga", "keempat", "kelima", "keenam", "ketujuh", "kedelapan"),
        call="Nomor antrean | {letters} | {number}, | silakan menuju | loket {counter}.",
        recall=(
            "Panggilan {ordinal}, | nomor antrean | {letters} | {number}, "
            "| silakan menuju | loket {counter}."
        ),
        last=(
            "Panggilan terakhir, | nomor antrean | {letters} | {number}, "
            "| silakan menuju | loket {counter}."
        ),
        again=(
            "Panggilan ulang, | nomor antrean | {letters} | {number}, "
            "| silakan menuju | loket {counter}."
        ),
        short="{letters} | {number}, | loket {counter}.",
        more_number_words=(
            *("sepuluh", "sebelas", "belas", "puluh", "seratus", "ratus", "seribu", "ribu"),
        ),
    ),
    "en": SpokenLanguage(
        digits=_ENGLISH_UNITS[:10],
        letters=_letters(
            "a bee cee dee e ef gee aitch i jay kay el em en o pee cue ar ess tee u vee "
            "double-u ex wye zed"
        ),
        number_words=_english_number,
        ordinals=("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"),
        call="Ticket number | {letters} | {number}, | please proceed to | counter {counter}.",
        recall=(
            "{ordinal} call, | ticket number | {letters} | {number}, "
            "| please proceed to | counter {counter}."
        ),
        last=(
            "Last call, | ticket number | {letters} | {number}, "
            "| please proceed to | counter {counter}."
        ),
        again=(
            "Repeated call, | ticket number | {letters} | {number}, "
            "| please proceed to | counter {counter}."
        ),
        short="{letters} | {number}, | counter {counter}.",
        more_number_words=(*_ENGLISH_UNITS[10:], *_ENGLISH_TENS, "hundred", "thousand"),
    ),
}


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
) -> tuple[Phrase, ...]:
    """Say a call in each of the languages that we can read (Indonesian if there is none).

    ``short`` is for a backlog: the number and the counter alone.
    """
    known = list(dict.fromkeys(code for code in languages if code in LANGUAGES))
    return tuple(
        _call_phrase(code, number, counter, call_count, short, reading)
        for code in known or [DEFAULT_LANGUAGE]
    )


def clip_script(language: str) -> dict[str, str]:
    """List every clip that a whole recorded voice has, with the words to be read aloud for it."""
    spoken = LANGUAGES[language]
    script = {_clip(word): word for word in (*spoken.digits, *spoken.more_number_words)}
    script |= {_letter_clip(letter): name for letter, name in spoken.letters.items()}
    script |= {_clip(word): word for word in spoken.ordinals}
    for sentence in (spoken.call, spoken.recall, spoken.last, spoken.again, spoken.short):
        for part in re.split(r"\{\w+\}|[|,.]", sentence):
            if part.strip():
                script[_clip(part.strip())] = part.strip().lower()
    return script


def _call_phrase(
    language: str, number: str, counter: int, call_count: int, short: bool, reading: Reading
) -> Phrase:
    spoken = LANGUAGES[language]
    letters, digits = _letters_and_digits(number)
    slots: dict[str, list[tuple[str, str]]] = {
        "letters": [(letter, _letter_clip(letter)) for letter in letters],
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
            yield Group(" ".join(text for text, _ in pieces) + end, tuple(c for _, c in pieces))


def _letters_and_digits(number: str) -> tuple[str, str]:
    # The voice gets words only: whatever is neither letter nor digit is not spoken (F50).
    return (
        "".join(sign for sign in number.upper() if "A" <= sign <= "Z"),
        "".join(sign for sign in number if "0" <= sign <= "9"),
    )


def _read_digits(spoken: SpokenLanguage, digits: str, reading: Reading) -> str:
    if reading.as_number and digits:
        return spoken.number_words(int(digits))
    return " ".join(spoken.digits[int(digit)] for digit in digits)


def _words(text: str) -> list[tuple[str, str]]:
    return [(word, _clip(word)) for word in text.split()]


def _clip(words: str) -> str:
    return "-".join(words.lower().split())


def _letter_clip(letter: str) -> str:
    return f"letter-{letter.lower()}"
