"""Settings of a screen program: a flag wins over the environment, that over the file, that over
the default. No Qt here, so that ``--help`` answers at once.

An option is an object, and ``settings[OPTION]`` has the option's type. Its name is the same on
all ways: ``printer.host`` is ``--printer-host``, ``ANTREAN_PRINTER_HOST`` and ``host`` in the
table ``[printer]`` of the TOML file.
"""

import argparse
import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")

ENVIRONMENT_PREFIX = "ANTREAN_"


_GEOMETRY = re.compile(r"(\d+)x(\d+)(?:([+-]\d+)([+-]\d+))?")


class SettingsError(ValueError):
    """A setting cannot be used; the text names where it stands and what to write instead."""


@dataclass(frozen=True)
class Kind(Generic[T]):
    """A type of setting: how to read it, and how to say what is wanted."""

    words: str
    read: Callable[[str], T]
    toml_types: tuple[type, ...]


@dataclass(frozen=True)
class Geometry:
    """Size and, if given, place of a window, written 900x560+100+50."""

    width: int
    height: int
    x: int | None = None
    y: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Geometry":
        """Raises ValueError if the text is not of the form WxH or WxH+X+Y."""
        match = _GEOMETRY.fullmatch(text)
        if match is None or min(int(match[1]), int(match[2])) < 1:
            raise ValueError(text)
        place = (int(match[3]), int(match[4])) if match[3] else (None, None)
        return cls(int(match[1]), int(match[2]), *place)


def _read_text(text: str) -> str:
    return text


def _read_yes_no(text: str) -> bool:
    try:
        return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
            text.strip().lower()
        ]
    except KeyError:
        raise ValueError(text) from None


def _read_positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise ValueError(text)
    return number


def _read_count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


TEXT = Kind("a text", _read_text, (str,))
YES_NO = Kind("true or false", _read_yes_no, (bool,))
WHOLE = Kind("a whole number", int, (int,))
COUNT = Kind("a whole number from 1 on", _read_count, (int,))
POSITIVE = Kind("a number above 0", _read_positive, (int, float))


def _read_path(text: str) -> Path | None:
    return Path(text).expanduser() if text else None


GEOMETRY = Kind("a size, or size and place, like 900x560+100+50", Geometry.parse, (str,))
PATH: Kind[Path | None] = Kind("the name of a file", _read_path, (str,))


def one_of(*words: str) -> Kind[str]:
    """One of a few words."""

    def read(text: str) -> str:
        if text not in words:
            raise ValueError(text)
        return text

    return Kind(f"one of {', '.join(words)}", read, (str,))


def optional(kind: Kind[T]) -> Kind[T | None]:
    """The same kind, with None as default for "not said"."""
    return cast("Kind[T | None]", kind)


@dataclass(frozen=True)
class Option(Generic[T]):
    """One setting of a program."""

    name: str
    kind: Kind[T]
    default: T
    help: str
    metavar: str = ""
    required: bool = False
    """Not empty, from whichever way."""
    flag_only: bool = False
    """Meant for one run: neither in the environment nor in the file."""
    secret: bool = False

    @property
    def flag(self) -> str:
        return "--" + self.name.replace(".", "-").replace("_", "-")

    @property
    def variable(self) -> str:
        return ENVIRONMENT_PREFIX + re.sub(r"[.-]", "_", self.name).upper()

    @property
    def key(self) -> str:
        return self.name.replace("-", "_")


AnyOption = Option[Any]


class Settings:
    """The settings of one run, each with the place it came from."""

    def __init__(
        self, values: Mapping[str, tuple[object, str]], *, file: Path | None = None
    ) -> None:
        self._values = values
        self.file = file

    def __getitem__(self, option: Option[T]) -> T:
        found = self._values.get(option.name)
        return option.default if found is None else cast(T, found[0])

    def origin(self, option: AnyOption) -> str:
        """Where a value came from: a flag, a variable, ``file, line n``, or ``default``."""
        found = self._values.get(option.name)
        return "default" if found is None else found[1]

    def explained(self, options: Iterable[AnyOption]) -> Iterator[str]:
        """One line for each option with its origin, for the log; secrets are not told."""
        for option in options:
            value = "…" if option.secret and self[option] else repr(self[option])
            yield f"{option.name} = {value} ({self.origin(option)})"


def add_flags(parser: argparse.ArgumentParser, options: Iterable[AnyOption]) -> None:
    """Give a parser a flag for each option; a flag that is not given leaves no trace."""
    for option in options:
        text = option.help.replace("%", "%%")
        if option.default not in ("", None, False):
            text += f" (default: {option.default})"
        if option.kind is YES_NO:
            parser.add_argument(
                option.flag,
                dest=option.name,
                help=text,
                default=argparse.SUPPRESS,
                action=argparse.BooleanOptionalAction,
            )
        else:
            parser.add_argument(
                option.flag,
                dest=option.name,
                help=text,
                default=argparse.SUPPRESS,
                metavar=option.metavar or option.key.rpartition(".")[2].upper(),
                type=_flag_type(option),
            )


def load_settings(
    options: Sequence[AnyOption],
    flags: Mapping[str, object],
    environment: Mapping[str, str] = os.environ,
    file: Path | None = None,
    *,
    file_must_exist: bool = True,
) -> Settings:
    """Put the settings together; raises SettingsError with every fault that was found."""
    values: dict[str, tuple[object, str]] = {}
    faults: list[str] = []
    if file is not None and (file_must_exist or file.is_file()):
        values |= _from_file(file, options, faults)
    values |= _from_environment(environment, options, faults)
    values |= {
        option.name: (flags[option.name], f"flag {option.flag}")
        for option in options
        if option.name in flags
    }
    settings = Settings(values, file=file)
    if not faults:  # what is missing may be what was misspelt
        faults += [
            _missing(option, file) for option in options if option.required and not settings[option]
        ]
    if faults:
        raise SettingsError("\n".join(faults))
    return settings


def _flag_type(option: AnyOption) -> Callable[[str], object]:
    def read(text: str) -> object:
        try:
            return option.kind.read(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!r} is not {option.kind.words}") from None

    return read


def _from_environment(
    environment: Mapping[str, str], options: Iterable[AnyOption], faults: list[str]
) -> dict[str, tuple[object, str]]:
    found: dict[str, tuple[object, str]] = {}
    for option in options:
        text = environment.get(option.variable)
        if option.flag_only or text is None:
            continue
        try:
            found[option.name] = (option.kind.read(text), option.variable)
        except ValueError:
            shown = "its value" if option.secret else repr(text)
            faults.append(f"{option.variable}: {shown} is not {option.kind.words}.")
    return found


def _from_file(
    file: Path, options: Iterable[AnyOption], faults: list[str]
) -> dict[str, tuple[object, str]]:
    text, table = _read_toml(file)
    known = {option.key: option for option in options if not option.flag_only}
    found: dict[str, tuple[object, str]] = {}
    for key, value in _flat(table):
        place = f"{file}, line {_line_of(key, text)}"
        option = known.get(key)
        if option is None:
            faults.append(f"{place}: there is no setting {key!r}{_similar(key, known)}.")
            continue
        try:
            found[option.name] = (_from_toml(option, value), place)
        except ValueError:
            shown = "its value" if option.secret else repr(value)
            faults.append(f"{place}: {key} must be {option.kind.words}, not {shown}.")
    return found


def _read_toml(file: Path) -> tuple[str, dict[str, object]]:
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: not UTF-8 text ({error}); save it as UTF-8.") from error
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror or error}).") from error
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        where = str(error).replace("end of document", f"line {len(text.splitlines())}, the last")
        raise SettingsError(f"{file}: no valid TOML: {where}.") from error


def _from_toml(option: AnyOption, value: object) -> object:
    # A bool is an int to Python, not to the person who wrote the file.
    if type(value) not in option.kind.toml_types:
        raise ValueError(value)
    return option.kind.read(str(value))


def _flat(table: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _line_of(key: str, text: str) -> int:
    """The line on which a key of a TOML file is given, for people to find it."""
    table, name = key.rpartition(".")[::2]
    current = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := re.match(r"\s*\[\s*([^\]]+?)\s*\]", line):
            current = header[1]
        elif given := re.match(r"""\s*["']?([\w.-]+)["']?\s*=""", line):
            path = f"{current}.{given[1]}" if current else given[1]
            if path == key or (current == table and given[1] == name):
                return number
    return 1


def _similar(key: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ", remove it or see --help"


def _missing(option: AnyOption, file: Path | None) -> str:
    in_file = f', or {option.key} = "…" in {file}' if file and not option.flag_only else ""
    return (
        f"{option.name} is not set: give {option.flag} "
        f"{option.metavar or 'VALUE'}, or {option.variable}{in_file}."
    )
