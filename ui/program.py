"""How every screen program starts, runs and ends; each ``__main__.py`` describes its own.

Qt, the windows and the link are imported after the settings are known to be right, so that
``--help``, ``--version`` and a wrong setting answer at once.
"""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from protocol.roles import DeviceRole
from ui.settings import (
    COUNT,
    GEOMETRY,
    PATH,
    POSITIVE,
    TEXT,
    YES_NO,
    AnyOption,
    Option,
    Settings,
    SettingsError,
    add_flags,
    load_settings,
    one_of,
    optional,
)

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.running import Run

log = logging.getLogger(__name__)

APP = "antrean"


class ExitCode(IntEnum):
    """What the end of a program tells whoever started it."""

    OK = 0
    USAGE = 2
    SETTINGS = 3
    REFUSED = 4
    CRASHED = 70


EXIT_WORDS = {
    ExitCode.OK: "ended as asked (also by SIGTERM or SIGINT)",
    ExitCode.USAGE: "wrong use of the command line",
    ExitCode.SETTINGS: "a setting, certificate or asset cannot be used",
    ExitCode.REFUSED: "at its end the server refused this device",
    ExitCode.CRASHED: "a fault of the program; see the log and the crash note",
}

SERVER = Option(
    "server",
    TEXT,
    "ws://127.0.0.1:8765/",
    "address of the branch's server, ws:// or wss://",
    metavar="URL",
)
DEVICE = Option(
    "device", TEXT, "", "name of this device at the server", metavar="NAME", required=True
)
TOKEN = Option(
    "token",
    TEXT,
    "",
    "the device's token; others on this machine can see a flag, so prefer a file",
    secret=True,
)
TOKEN_FILE = Option(
    "token-file", PATH, None, "file that holds the token and nothing else", metavar="FILE"
)
CA = Option("ca", PATH, None, "the branch's CA certificate (PEM), for wss://", metavar="FILE")
ALLOW_PLAIN = Option(
    "allow-plain", YES_NO, False, "allow ws:// without encryption to another machine"
)
LANGUAGE = Option(
    "language",
    one_of("id", "en", "jv", "su", "qps"),
    "id",
    "id or en; drafts: jv (Javanese), su (Sundanese); qps: made-up words, for tests",
    metavar="CODE",
)
SCREEN = Option(
    "screen", optional(COUNT), None, "number of the screen to fill, from 1", metavar="N"
)
SCREEN_INCHES = Option(
    "screen-inches",
    optional(POSITIVE),
    None,
    "measured diagonal, if the screen lies about its size",
    metavar="INCHES",
)
LOG_LEVEL = Option(
    "log-level",
    one_of("debug", "info", "warning", "error"),
    "info",
    "debug, info, warning or error: the least to be logged",
    metavar="LEVEL",
)
LOG_JSON = Option("log-json", YES_NO, False, "log JSON, one object in a line")
LOG_FILE = Option(
    "log-file", PATH, None, "log into this file too; turned over at 5 MB", metavar="FILE"
)
KIOSK_MODE = Option("kiosk", YES_NO, False, "full screen without a way out", flag_only=True)
WINDOWED = Option(
    "windowed",
    optional(GEOMETRY),
    None,
    "a window of this size and place",
    metavar="WxH+X+Y",
    flag_only=True,
)
CLOCK_SPEED = Option(
    "clock-speed",
    POSITIVE,
    1.0,
    "how fast the server's clock runs, for simulated days",
    metavar="X",
    flag_only=True,
)
DRIVEN = Option(
    "driven",
    YES_NO,
    False,
    "obey JSON lines on standard input, for demos and tests",
    flag_only=True,
)

SHARED: tuple[AnyOption, ...] = (
    SERVER,
    DEVICE,
    TOKEN,
    TOKEN_FILE,
    CA,
    ALLOW_PLAIN,
    LANGUAGE,
    SCREEN,
    SCREEN_INCHES,
    LOG_LEVEL,
    LOG_JSON,
    LOG_FILE,
    WINDOWED,
    CLOCK_SPEED,
    DRIVEN,
)


@dataclass(frozen=True)
class ScreenProgram:
    """What a composition root says of its program.

    ``build`` makes the window when Qt runs and the settings are right; it imports its windows
    itself, so that nothing heavy is loaded before, gives its model ``run.ask``, and lets it hear
    the server by ``run.listen``. ``rooms`` name the translation files.
    """

    name: str
    role: DeviceRole
    about: str
    build: "Callable[[Run], QWidget]"
    rooms: Sequence[str] = ()
    options: Sequence[AnyOption] = ()
    examples: Sequence[str] = ()
    fills_screen: bool = False
    """Whether it takes the whole screen unless --windowed says otherwise."""
    size: tuple[int, int] = (900, 560)
    """Size of its window at the first start, if it does not fill the screen."""
    answers: "Mapping[str, Callable[[Settings], int]]" = field(default_factory=dict)
    """Names of options that only answer something and end, and who does: they need no device."""
    settings_of: str = ""
    """The program whose settings file it shares, if not one of its own."""
    role_of: "Callable[[Settings], DeviceRole] | None" = None
    """For a program of several seats: which role the settings ask for, in place of ``role``."""

    @cached_property
    def every_option(self) -> tuple[AnyOption, ...]:
        """Shared options, then its own."""
        return (*SHARED, *self.options)

    @property
    def settings_name(self) -> str:
        """Whose settings file it reads."""
        return self.settings_of or self.name

    def role_for(self, settings: Settings) -> DeviceRole:
        """The role as which it says hello."""
        return self.role if self.role_of is None else self.role_of(settings)


@dataclass(frozen=True)
class Folders:
    """Where a program keeps what it writes, by the custom of the system it runs on."""

    config: Path
    site_config: Path
    state: Path
    crashes: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "crashes", self.state / "crashes")

    @classmethod
    def of_system(cls) -> "Folders":
        """The platform's own folders for this user."""
        import platformdirs

        return cls(
            platformdirs.user_config_path(APP, appauthor=False),
            platformdirs.site_config_path(APP, appauthor=False),
            platformdirs.user_state_path(APP, appauthor=False),
        )

    def settings_file(self, program: str) -> Path:
        """The program's settings file: the user's, else the machine's, else where it would be."""
        name = f"{program.removeprefix(f'{APP}-')}.toml"
        machine = self.site_config / name
        own = self.config / name
        return machine if machine.is_file() and not own.is_file() else own


def program_version() -> str:
    """The version of the installed product."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(APP)
    except PackageNotFoundError:
        return "0"


def run_screen(program: ScreenProgram, argv: Sequence[str] | None = None) -> int:
    """Run a screen program from its arguments to its exit code."""
    folders = Folders.of_system()
    flags = vars(_parser(program, folders).parse_args(argv))
    asked = next((answer for name, answer in program.answers.items() if flags.get(name)), None)
    try:
        if asked is not None:
            return asked(_settings_of_anybody(program, flags, folders))
        settings = read_settings(program, flags, folders)
        _start_log(program, settings)
    except SettingsError as error:
        sys.stderr.write(f"{program.name}: {error}\n")
        return ExitCode.SETTINGS
    for line in settings.explained(program.every_option):
        log.debug("setting %s", line)
    from ui.running import run

    return run(program, settings, folders)


def read_settings(program: ScreenProgram, flags: dict[str, object], folders: Folders) -> Settings:
    """The program's settings out of flags, environment and file; raises SettingsError."""
    given = flags.pop("settings", None)
    file = Path(str(given)) if given else folders.settings_file(program.settings_name)
    settings = load_settings(
        program.every_option, flags, os.environ, file, file_must_exist=given is not None
    )
    if not settings[TOKEN] and settings[TOKEN_FILE] is None:
        raise SettingsError(
            f'token is not set: give --token-file FILE, or {TOKEN.variable}, or token = "…" '
            f'in {file}; "antrean-server device add" prints it.'
        )
    token_of(settings)
    return settings


def _settings_of_anybody(
    program: ScreenProgram, flags: dict[str, object], folders: Folders
) -> Settings:
    """The settings as far as they are given: without a device or a token."""
    given = flags.pop("settings", None)
    file = Path(str(given)) if given else folders.settings_file(program.settings_name)
    options = [replace(option, required=False) for option in program.every_option]
    return load_settings(options, flags, os.environ, file, file_must_exist=given is not None)


def read_settings_alone(program: ScreenProgram, argv: Sequence[str]) -> Settings:
    """The settings for a tool of a program that needs no server: no device, no token."""
    folders = Folders.of_system()
    flags = vars(_parser(program, folders).parse_args(argv))
    given = flags.pop("settings", None)
    file = Path(str(given)) if given else folders.settings_file(program.settings_name)
    options = [replace(option, required=False) for option in program.every_option]
    return load_settings(options, flags, os.environ, file, file_must_exist=given is not None)


def token_of(settings: Settings) -> str:
    """The device's token, from wherever it stands; raises SettingsError."""
    file = settings[TOKEN_FILE]
    if settings[TOKEN] or file is None:
        return settings[TOKEN]
    try:
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"token-file {file} cannot be read: {error}.") from error
    if not token:
        raise SettingsError(f"token-file {file} is empty; write the device's token into it.")
    return token


def _start_log(program: ScreenProgram, settings: Settings) -> None:
    from ui.journal import start_log

    try:
        start_log(
            program.name,
            level=settings[LOG_LEVEL],
            as_json=settings[LOG_JSON],
            file=settings[LOG_FILE],
        )
    except OSError as error:
        raise SettingsError(f"log-file {settings[LOG_FILE]} cannot be written: {error}.") from error


class _Version(argparse.Action):
    """Looks the version up only when it is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object, **__: object) -> None:
        sys.stdout.write(f"{parser.prog} {program_version()}\n")
        parser.exit()


def _parser(program: ScreenProgram, folders: Folders) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=program.name,
        description=program.about,
        epilog=_epilog(program, folders),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="print the version and end")
    parser.add_argument(
        "--settings", metavar="FILE", default=argparse.SUPPRESS, help="settings file (TOML)"
    )
    add_flags(parser, program.every_option)
    return parser


def _epilog(program: ScreenProgram, folders: Folders) -> str:
    examples = program.examples or (
        f"{program.name} --server ws://127.0.0.1:8765/ --device {program.role}-1 --token-file t",
        f"{program.name} --windowed 900x560+50+50",
    )
    shown = "\n".join(f"  {example}" for example in examples)
    codes = "\n".join(f"  {code:<3} {words}" for code, words in EXIT_WORDS.items())
    return f"""\
A flag wins over the environment (ANTREAN_DEVICE for --device), that over the settings
file, that over the default. Settings file: {folders.settings_file(program.settings_name)}

examples:
{shown}

exit codes:
{codes}
"""
