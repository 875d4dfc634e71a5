"""What a setting is, and the kinds of values that it may take.

A kind is a reader of text, which raises ValueError, and words for what it takes.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

Value = str | int | float | bool | tuple[str, ...] | None
LANGUAGE = re.compile(r"^[a-z]{2,3}$")
LETTER = re.compile(r"^[A-Z]{1,3}$")
DEVICE = re.compile(r"^[A-Za-z0-9_-]{1,64}$")


@dataclass(frozen=True, slots=True)
class Key:
    """One setting. ``rule`` and ``limit`` name the field that it fills in ``Rules`` or
    ``ServerSettings``; ``by_language`` means one value per language (``board.text.id``),
    ``by_letter`` one per series of numbers (``numbering.range.A``), ``by_device`` one per
    display (``display.zone.tv-1``)."""

    name: str
    read: Callable[[str], Value]
    default: Value
    accepts: str
    sentence: Mapping[str, str]
    rule: str | None = None
    limit: str | None = None
    by_language: bool = False
    by_letter: bool = False
    by_device: bool = False
    # The command that fills it from a file: a list of settings has no room for it.
    loaded_by: str | None = None

    @property
    def suffix(self) -> re.Pattern[str] | None:
        """What stands after the last dot of a key that has several values."""
        if self.by_language:
            return LANGUAGE
        if self.by_device:
            return DEVICE
        return LETTER if self.by_letter else None


def whole(least: int, greatest: int) -> tuple[Callable[[str], Value], str]:
    def read(text: str) -> Value:
        number = int(text)
        if not least <= number <= greatest:
            raise ValueError
        return number

    return read, f"a whole number from {least} to {greatest}"


def number(least: float, greatest: float) -> tuple[Callable[[str], Value], str]:
    def read(text: str) -> Value:
        number = float(text)
        if not least <= number <= greatest:
            raise ValueError
        return number

    return read, f"a number from {least:g} to {greatest:g}"


def whole_or_empty(least: int, greatest: int) -> tuple[Callable[[str], Value], str]:
    read_whole, accepts = whole(least, greatest)
    return (lambda text: read_whole(text) if text else None), f"{accepts}, or empty for none"


def one_of(*names: str) -> tuple[Callable[[str], Value], str]:
    def read(text: str) -> Value:
        if text not in names:
            raise ValueError
        return text

    return read, " or ".join(names)


def text(pattern: str, accepts: str) -> tuple[Callable[[str], Value], str]:
    form = re.compile(pattern, re.DOTALL)

    def read(text: str) -> Value:
        if form.fullmatch(text) is None:
            raise ValueError
        return text

    return read, accepts


def yes_no() -> tuple[Callable[[str], Value], str]:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

    def read(text: str) -> Value:
        if text.lower() not in words:
            raise ValueError
        return words[text.lower()]

    return read, "true or false"


def languages() -> tuple[Callable[[str], Value], str]:
    def read(text: str) -> Value:
        codes = tuple(code.strip() for code in text.split(","))
        if not all(LANGUAGE.match(code) for code in codes) or len(set(codes)) != len(codes):
            raise ValueError
        return codes

    return read, "language codes with commas between, the first one first, such as id,en"


def zone() -> tuple[Callable[[str], Value], str]:
    def read(text: str) -> Value:
        try:
            ZoneInfo(text)
        except Exception as error:
            # zoneinfo has its own kinds for unknown, malformed and forbidden names
            raise ValueError from error
        return text

    return read, "a zone such as Asia/Jakarta (WIB), Asia/Makassar (WITA) or Asia/Jayapura (WIT)"


CLOCK = (r"([01]\d|2[0-3]):[0-5]\d", "a time of day such as 00:00 or 03:30")


def key(
    name: str,
    kind: tuple[Callable[[str], Value], str],
    default: Value,
    indonesian: str,
    english: str,
    **fills: Any,
) -> Key:
    return Key(name, kind[0], default, kind[1], {"id": indonesian, "en": english}, **fills)
