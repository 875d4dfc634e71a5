"""Text of people without anything that acts instead of being read (F50).

What was typed, pasted or scanned goes through here before it is kept, shown or printed.
"""

import re
import unicodedata

MARKS_MAX = 2
"""Marks on one letter; more of them would paint over the lines above and below."""
_SILENT = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))
_BREAKS = "\n\r\v\f\x85\u2028\u2029"


def plain_line(text: str, limit: int) -> str:
    """A text as one line of at most so many characters: NFC, one space between words.

    Control characters, marks of direction and what has no width are gone, and so is half of a
    character that cannot be written.
    """
    spaced = "".join(" " if char.isspace() else char for char in text)
    return _cut(" ".join(_readable(spaced).split()), limit)


def plain_text(text: str, limit: int) -> str:
    """The same with its lines kept; of several empty lines one is left."""
    broken = re.sub(f"\r\n|[{_BREAKS}]", "\n", text)
    lines = "\n".join(plain_line(line, limit) for line in broken.split("\n"))
    return _cut(re.sub(r"\n{3,}", "\n\n", lines).strip(), limit)


def is_silent(char: str) -> bool:
    """Whether a character is not for reading: controls, direction, no width, no meaning."""
    return unicodedata.category(char) in _SILENT


def _readable(text: str) -> str:
    shown = unicodedata.normalize("NFC", "".join(char for char in text if not is_silent(char)))
    kept: list[str] = []
    marks = 0
    for char in shown:
        marks = marks + 1 if unicodedata.combining(char) else 0
        if marks <= MARKS_MAX:
            kept.append(char)
    return "".join(kept)


def _cut(text: str, limit: int) -> str:
    return text[:limit].rstrip()
