"""Reading a TOML file whose mistakes are named by file, line, key and cure (F39)."""

import re
import tomllib
from pathlib import Path
from typing import Any

Place = tuple[str | int, ...]
_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\"'.\-]+)\s*=")


class FileProblemError(Exception):
    """A file cannot be used as it is; the text says where and what to do."""


class TomlFile:
    """A parsed file that still knows on which line each key stands."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self._lines = text.splitlines()
        try:
            self.data: dict[str, Any] = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise FileProblemError(_no_toml(path, self._lines, str(error))) from error
        self._places = _places(self._lines)

    def line(self, place: Place) -> int:
        """The line of a key, or of the nearest table around it; 1 when nothing is found."""
        while place:
            below = (at for one, at in self._places.items() if one[: len(place)] == place)
            if (line := next(below, None)) is not None:
                return line
            place = place[:-1]
        return 1

    def problem(self, place: Place, what: str, cure: str) -> FileProblemError:
        """The error to raise about a key."""
        key = ".".join(str(step) for step in place if isinstance(step, str))
        return FileProblemError(f"{self.path}, line {self.line(place)}, {key}: {what}. {cure}")


def read_toml(path: Path) -> TomlFile:
    """Read a file, or raise FileProblemError."""
    try:
        return TomlFile(path, path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise FileProblemError(
            f"{path}: there is no such file. Check the name and the folder."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise FileProblemError(
            f"{path}: cannot be read ({error}). It must be a UTF-8 text file that this user may "
            "read."
        ) from error


def _no_toml(path: Path, lines: list[str], error: str) -> str:
    at = re.search(r"at line (\d+)", error)
    if "Invalid date" in error and at is not None:
        key = _KEY.match(lines[int(at[1]) - 1])
        return (
            f"{path}, line {at[1]}, {key[1] if key else 'date'}: the calendar has no such day. "
            "Write one that it has, as in 2026-02-28."
        )
    return f"{path}: {error}. The file is no proper TOML: check quotes, brackets and commas there."


def _places(lines: list[str]) -> dict[Place, int]:
    """Where each key stands. Text inside multi-line strings is left out."""
    places: dict[Place, int] = {}
    counts: dict[str, int] = {}
    table: Place = ()
    inside: str | None = None
    for number, line in enumerate(lines, 1):
        if inside is not None:
            if inside in line:
                inside = None
            continue
        if header := _HEADER.match(line):
            table = _table(header.group(1), header.group(2), counts)
            places.setdefault(table, number)
        elif key := _KEY.match(line):
            names = _split(key.group(1))
            for length in range(1, len(names) + 1):
                places.setdefault((*table, *names[:length]), number)
        inside = _still_open(line)
    return places


def _table(brackets: str, name: str, counts: dict[str, int]) -> Place:
    names = _split(name)
    if brackets == "[[":
        counts[name] = counts.get(name, -1) + 1
        return (*names, counts[name])
    first = names[0]
    if first in counts:  # a table inside the newest of several
        return (first, counts[first], *names[1:])
    return names


def _split(name: str) -> tuple[str, ...]:
    return tuple(part.strip(" \"'") for part in re.findall(r"\"[^\"]*\"|'[^']*'|[^.]+", name))


def _still_open(line: str) -> str | None:
    for quotes in ('"""', "'''"):
        if line.count(quotes) % 2:
            return quotes
    return None
