"""Every label that a branch's calls are made of: each can be listened to and approved. Pure.

Letters are all 26: a kiosk without a link gives numbers with a letter of its own behind the
series' (AK012), and priority numbers have one, too.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct

from voice.languages import LANGUAGES
from voice.phrases import (
    Group,
    Phrase,
    Reading,
    call_phrases,
    spoken_name,
    trial_phrase,
    wants_service_word,
)

Kind = Literal["sentence", "number", "service", "counter", "letter", "digit"]
KINDS: tuple[Kind, ...] = ("sentence", "number", "service", "counter", "letter", "digit")

SAMPLE_NUMBERS = ("001", "012", "120")
"""Of each series: with noughts, with a teen, with a hundred."""

_SAMPLE = "A012"


class Label(Struct, frozen=True):
    """One thing that is said. ``key`` names it for ever, whatever its words become.

    ``chime``: it is heard with its chime, as in the hall.
    """

    key: str
    kind: Kind
    language: str
    phrase: Phrase
    chime: bool = False

    @property
    def text(self) -> str:
        """What is said."""
        return self.phrase.text


class LabelledService(Struct, frozen=True):
    """A service as far as calls name it."""

    code: str
    letter: str
    names: Mapping[str, str]


def labels_of(
    services: Sequence[LabelledService],
    counters: Sequence[int],
    languages: Sequence[str],
    reading: Reading,
) -> list[Label]:
    """List all labels of a configuration, language by language."""
    labels: list[Label] = []
    for language in dict.fromkeys(code for code in languages if code in LANGUAGES):
        labels += _sentences(language, min(counters, default=1), reading)
        labels += _numbers(language, services, min(counters, default=1), reading)
        labels += _services(language, services, reading)
        labels += _counters(language, counters)
        labels += _letters_and_digits(language)
    return labels


def _sentences(language: str, counter: int, reading: Reading) -> Iterator[Label]:
    last = reading.last_call
    calls: dict[str, Mapping[str, int | bool]] = {
        "call": {"call_count": 1},
        "second": {"call_count": 2},
        "short": {"short": True},
    }
    if last is not None and last > 1:
        calls["last"] = {"call_count": last}
    never = Reading(reading.as_number, last, "never")
    for name, facts in calls.items():
        (phrase,) = call_phrases(
            _SAMPLE,
            counter,
            [language],
            call_count=int(facts.get("call_count", 1)),
            short=bool(facts.get("short")),
            reading=never,
        )
        yield _label("sentence", language, name, phrase, chime=True)
    yield _label("sentence", language, "test", trial_phrase(language), chime=True)


def _numbers(
    language: str, services: Sequence[LabelledService], counter: int, reading: Reading
) -> Iterator[Label]:
    for service in services:
        for digits in SAMPLE_NUMBERS:
            number = f"{service.letter}{digits}"
            (phrase,) = call_phrases(
                number, counter, [language], reading=reading, service=service.names
            )
            yield _label("number", language, f"{service.code}-{number}", phrase, chime=True)


def _services(
    language: str, services: Sequence[LabelledService], reading: Reading
) -> Iterator[Label]:
    for service in services:
        words = spoken_name(service.names, language)
        if words and wants_service_word(service.letter, reading):
            phrase = Phrase(language, (Group(words, ("-".join(words.lower().split()),)),))
            yield _label("service", language, service.code, phrase)


def _counters(language: str, counters: Sequence[int]) -> Iterator[Label]:
    for counter in sorted(set(counters)):
        (phrase,) = call_phrases(_SAMPLE, counter, [language], short=True)
        yield _label("counter", language, str(counter), Phrase(language, phrase.groups[-1:]))


def _letters_and_digits(language: str) -> Iterator[Label]:
    spoken = LANGUAGES[language]
    for letter in spoken.letters:
        (phrase,) = call_phrases(f"{letter}1", 1, [language], short=True)
        yield _label("letter", language, letter, Phrase(language, phrase.groups[:1]))
    for digit in range(10):
        (phrase,) = call_phrases(str(digit), 1, [language], short=True)
        groups = tuple(Group(group.text.strip(","), group.clips) for group in phrase.groups[:1])
        yield _label("digit", language, str(digit), Phrase(language, groups))


def _label(kind: Kind, language: str, name: str, phrase: Phrase, *, chime: bool = False) -> Label:
    return Label(f"{language}/{kind}/{name}", kind, language, phrase, chime)
