"""From the words on a page to words that a voice can say. Pure.

A synthetic voice reads "A012" as a word and "08.30" as a fraction; here a ticket number becomes
its letters and digits, a time of day its hour and minutes, a range "until", a telephone number
its digits. Whatever no voice can say, arrows and bullets, is left out (fault F50).
"""

import re
import unicodedata

from voice.phrases import DEFAULT_LANGUAGE, LANGUAGES, number_words

_TICKET = re.compile(r"\b([A-Z]{1,6})(\d{3,6})\b")
_TIME = re.compile(r"\b([01]?\d|2[0-3])[.:]([0-5]\d)(?!\d)")
_SPACED_NUMBER = re.compile(r"\b([A-Z](?: [A-Z0-9]){2,9})\b")
_UNTIL = {"id": "sampai", "en": "to", "jv": "dumugi", "su": "dugi ka"}
_WORDS_UNTIL = re.compile(r"(?<=[^\W\d])\s*–\s*(?=[^\W\d])")
_TELEPHONE = re.compile(r"(?<!\d)[+0]\d{1,5}(?:-\d{3,5}){1,4}(?!\d)")
_STARS = re.compile(r"[*•·]+")


def speakable(text: str, language: str) -> str:
    """Say a text of a page in words; empty if there is nothing to say.

    A language that we cannot count in is counted in Indonesian.
    """
    code = language if language in LANGUAGES else DEFAULT_LANGUAGE
    joined = _SPACED_NUMBER.sub(lambda found: found[1].replace(" ", ""), text)
    words = _TICKET.sub(lambda found: ticket_words(found[0], code), joined)
    words = _TELEPHONE.sub(lambda found: _telephone_words(found[0], code), words)
    words = _WORDS_UNTIL.sub(f" {_UNTIL.get(code, _UNTIL['id'])} ", words)
    words = re.sub(
        rf"({_TIME.pattern})\s*[–—-]\s*(?={_TIME.pattern})",
        lambda found: f"{found[1]} {_UNTIL.get(code, _UNTIL['id'])} ",
        words,
    )
    words = _TIME.sub(lambda found: _clock_words(int(found[1]), int(found[2]), code), words)
    words = re.sub(
        r"(?<=\d)\s*[–—-]\s*(?=\d)", f" {_UNTIL.get(code, _UNTIL['id'])} ", _STARS.sub(" ", words)
    )
    kept = "".join(sign if _is_sayable(sign) else " " for sign in words)
    return " ".join(kept.split())


def ticket_words(number: str, language: str) -> str:
    """Read a ticket number letter by letter and digit by digit: "a nol satu dua"."""
    spoken = LANGUAGES[language if language in LANGUAGES else DEFAULT_LANGUAGE]
    words = [
        spoken.letters.get(sign, "") if sign.isalpha() else spoken.digits[int(sign)]
        for sign in number
        if sign.isalpha() or sign in "0123456789"
    ]
    return ", ".join(word for word in words if word)


def _telephone_words(number: str, language: str) -> str:
    """Read a telephone number digit by digit, with a pause between its groups."""
    groups = number.lstrip("+").split("-")
    return ", ".join(" ".join(digit_word(each, language) for each in group) for group in groups)


def digit_word(digit: str, language: str) -> str:
    """Read one typed key, a digit or a letter; empty if it is neither."""
    spoken = LANGUAGES[language if language in LANGUAGES else DEFAULT_LANGUAGE]
    if digit in tuple("0123456789"):
        return spoken.digits[int(digit)]
    return spoken.letters.get(digit, "")


def without_figures(text: str) -> str:
    """The same text with no figures: a countdown stays the same as it runs."""
    return re.sub(r"\d+", "", text)


def _clock_words(hour: int, minute: int, language: str) -> str:
    head = number_words(hour, language)
    return f"{head} {number_words(minute, language)}" if minute else head


def _is_sayable(sign: str) -> bool:
    if sign in ".,?!:;'()%/&+-":
        return True
    return unicodedata.category(sign)[0] in "LNMZ"
