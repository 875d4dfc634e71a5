"""Who somebody is: numbers of people as they are typed, pasted or scanned, checked and masked.

Screens and server share these rules, so that a number that one takes is not refused by the other.
Nothing here is kept, and no error repeats a digit of what was typed.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from protocol.plain_text import is_silent

IdentifierKind = Literal["nik", "card", "passport"]
SoftWarning = Literal["no-such-date", "born-later", "unknown-region"]

NIK_DIGITS = 16
CARD_DIGITS = 13
TEXT_MAX = 500
"""Characters; a longer text is no number and no code of a card."""
WOMEN_DAY = 40
"""Added to the day of birth in a woman's NIK."""
PROVINCES = frozenset(
    str(code)
    for first, last in ((11, 19), (21, 21), (31, 36), (51, 53), (61, 65), (71, 76), (81, 82))
    for code in range(first, last + 1)
) | frozenset(str(code) for code in range(91, 97))
"""First two digits of a NIK: the 38 provinces. Older cards may carry others, hence a warning."""

_SCANNER_MARK = re.compile(r"^\s*\][A-Za-z][0-9]")  # AIM: which kind of code was read
_RUN = re.compile(r"(?<![0-9])(?:[0-9]{16}|[0-9]{13})(?![0-9])")
_GROUPED_RUN = re.compile(r"(?<![0-9])[0-9]+(?:[^0-9A-Za-z]{1,3}[0-9]+)+")
_PASSPORT_WORD = re.compile(
    r"(?:PASSPORT|PASPOR|KITAS|KITAP)(?![A-Z])[^A-Z0-9]*(?:(?:NUMBER|NOMOR|NO)[^A-Z0-9]+)?"
)
_PASSPORT = re.compile(r"[A-Z0-9]{6,12}")
_PASSPORT_DIGITS_LEAST = 3
_PHONE = re.compile(r"(?:0062|62|0)0?(8[0-9]{8,11})")
# Groups as people write them; a clock (08.00-15.00) has no digit right after its 08.
_PHONE_IN_TEXT = re.compile(
    r"(?<!\d)(?:(?:\+|00)?62[\s.\-]{0,2}0?|0)8\d{1,3}(?:[\s.)\-]{0,2}\d{2,5}){2,4}(?!\d)"
)


class IdentifierError(ValueError):
    """A number is refused; ``code`` says which rule, the facts fill its sentence.

    Codes: empty, too-long, letters, length (``digits``: how many there were), ambiguous,
    one-digit, month, day, serial, passport, phone. No fact repeats what was typed.
    """

    def __init__(self, code: str, **facts: int) -> None:
        super().__init__(code)
        self.code = code
        self.facts: Mapping[str, int] = facts


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number in its one form: digits alone, or a passport's capitals and digits."""

    kind: IdentifierKind
    value: str

    def __repr__(self) -> str:  # a person's number must not reach a log or a crash note
        return f"Identifier({self.kind!r}, {masked(self)!r})"


def read_identifier(text: str) -> Identifier:
    """The one number in a text that was typed, pasted or scanned; raises IdentifierError.

    A passport that is digits alone needs the word PASPOR (or KITAS) before it, since it looks
    like a NIK with digits missing.
    """
    plain = _plain(text)
    passport = _PASSPORT_WORD.match(plain)
    if passport is not None:
        return _passport(plain[passport.end() :])
    numbers = _numbers(plain)
    if len(numbers) > 1:
        raise IdentifierError("ambiguous")
    if numbers:
        return _checked(numbers.pop())
    compact = _compact(plain)
    if compact.isdigit():
        raise IdentifierError("length", digits=len(compact))
    digits = sum(char.isdigit() for char in compact)
    if _PASSPORT.fullmatch(compact) and digits >= _PASSPORT_DIGITS_LEAST:
        return Identifier("passport", compact)
    raise IdentifierError("letters")


def warnings_of(identifier: Identifier, today: date) -> list[SoftWarning]:
    """What looks wrong in a NIK, though it may be right: a NIK never changes, errors stay in it."""
    if identifier.kind != "nik":
        return []
    born = birth_date(identifier, today)
    found: list[SoftWarning] = []
    if born is None:
        found.append("no-such-date")
    elif born > today:
        found.append("born-later")
    if identifier.value[:2] not in PROVINCES or identifier.value[2:4] in ("00", "70"):
        found.append("unknown-region")
    return found


def birth_date(identifier: Identifier, today: date) -> date | None:
    """The day of birth in a NIK; None where the calendar has no such day, or it is no NIK.

    Two digits stand for the year: those above this year's are of the last century. So somebody
    of a hundred years and more is taken for a child.
    """
    if identifier.kind != "nik":
        return None
    day, month, short_year = (int(identifier.value[at : at + 2]) for at in (6, 8, 10))
    century = today.year - today.year % 100
    year = century + short_year - (100 if short_year > today.year % 100 else 0)
    try:
        return date(year, month, day - WOMEN_DAY if day > WOMEN_DAY else day)
    except ValueError:
        return None


def masked(identifier: Identifier) -> str:
    """The number with its last four characters alone; of a short passport the last two."""
    return _masked(identifier.value, 4 if len(identifier.value) >= 8 else 2)


def read_phone(text: str) -> str:
    """A mobile number of Indonesia as ``+628…`` (E.164); raises IdentifierError."""
    plain = _plain(text)
    found = _PHONE.fullmatch(_compact(plain))
    if found is None:
        raise IdentifierError("phone")
    return f"+62{found[1]}"


def masked_phone(phone: str) -> str:
    """A number of ``read_phone`` as people know it, its middle hidden: ``0811****165``."""
    national = f"0{phone.removeprefix('+62')}"
    return f"{national[:4]}{'*' * (len(national) - 7)}{national[-3:]}"


def without_identifiers(note: str) -> str:
    """A note in which the numbers of people are masked: runs of 13 or 16 digits and mobile
    numbers, also in groups.

    A longer run is masked too: it is most likely such a number with a digit too many.
    """
    kept = "".join(char for char in note if char in "\n\t" or not is_silent(char))
    in_groups = re.sub(r"(?<!\d)\d+(?:[\s./_\-\u2010-\u2015]{1,3}\d+)+", _groups_masked, kept)
    return _without_phones(re.sub(r"\d{13,}", lambda run: _masked(run[0], 4), in_groups))


def _without_phones(note: str) -> str:
    # One plain digit for each digit of any script, so that places are the same in both.
    plain = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in note)
    parts, end = [], 0
    for found in _PHONE_IN_TEXT.finditer(plain):
        if (number := _PHONE.fullmatch(_compact(found[0]))) is not None:
            parts += [note[end : found.start()], masked_phone(f"+62{number[1]}")]
            end = found.end()
    return "".join([*parts, note[end:]])


def _plain(text: str) -> str:
    """Capitals, plain digits and signs, without what a scanner or a copy adds unseen."""
    if len(text) > TEXT_MAX:
        raise IdentifierError("too-long")
    shown = "".join(" " if unicodedata.category(char) == "Cc" else char for char in text)
    shown = "".join(char for char in shown if not is_silent(char))
    wide = unicodedata.normalize("NFKC", _SCANNER_MARK.sub("", shown))
    plain = "".join(
        str(unicodedata.decimal(char)) if char.isdecimal() else char for char in wide.upper()
    ).strip()
    if not plain:
        raise IdentifierError("empty")
    return plain


def _compact(plain: str) -> str:
    return "".join(char for char in plain if char.isalnum())


def _numbers(plain: str) -> set[str]:
    """Every number of the right length that the text may mean."""
    found = set(_RUN.findall(plain))
    whole = _compact(plain)
    groups = [_compact(run) for run in _GROUPED_RUN.findall(plain)] if not found else []
    return found | {one for one in (whole, *groups) if _RUN.fullmatch(one)}


def _checked(number: str) -> Identifier:
    if len(set(number)) == 1:
        raise IdentifierError("one-digit")
    if len(number) == CARD_DIGITS:
        return Identifier("card", number)
    if not 1 <= int(number[8:10]) <= 12:
        raise IdentifierError("month")
    day = int(number[6:8])
    if not (1 <= day <= 31 or WOMEN_DAY + 1 <= day <= WOMEN_DAY + 31):
        raise IdentifierError("day")
    if number[12:] == "0000":
        raise IdentifierError("serial")
    return Identifier("nik", number)


def _passport(rest: str) -> Identifier:
    compact = _compact(rest)
    if _PASSPORT.fullmatch(compact) is None or not any(char.isdigit() for char in compact):
        raise IdentifierError("passport")
    return Identifier("passport", compact)


def _masked(value: str, shown: int) -> str:
    return "*" * (len(value) - shown) + value[-shown:]


def _groups_masked(run: re.Match[str]) -> str:
    """Groups of digits in which neighbours that make up a number together are one mask."""
    parts = re.split(r"(\D+)", run[0])  # digits, gap, digits, gap, … digits
    done: list[str] = []
    at = 0
    while at < len(parts):
        end = _number_end(parts, at)
        if end is None:
            done.append(parts[at])
            at += 1
        else:
            done.append(_masked("".join(parts[at : end + 1 : 2]), 4))
            at = end + 1
    return "".join(done)


def _number_end(parts: list[str], start: int) -> int | None:
    """Where the groups from one on make up 16 or 13 digits; the longer one first."""
    if start % 2:
        return None
    digits = 0
    ends: dict[int, int] = {}
    for at in range(start, len(parts), 2):
        digits += len(parts[at])
        ends[digits] = at
        if digits >= NIK_DIGITS:
            break
    return ends.get(NIK_DIGITS, ends.get(CARD_DIGITS))
