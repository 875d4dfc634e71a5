"""The pages can fail: what README and docs/ name exists, and what they tell to type is understood.

Everything is read from the pages themselves, so that a new page or table is held at once.
"""

import argparse
import ast
import configparser
import re
import shlex
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize

from bench.__main__ import FIGURES
from counter.__main__ import PROGRAM as COUNTER
from display import voice_check, voice_record
from display.__main__ import PROGRAM as DISPLAY
from display.reading import reading, whole
from kiosk.__main__ import PROGRAM as KIOSK
from kiosk.printer_url import parse_printer_url
from protocol.paper_form import read_form
from server.administration.arguments import parser as server_parser
from server.administration.catalogue import read_catalogue
from server.administration.console import COMMANDS
from server.config import SettingError, parse
from simulation import demo
from tests import settings_page
from ui.program import Folders, ScreenProgram
from ui.settings import add_flags, load_settings
from ui.theme import tv_theme
from ui.tokens import mm_per_px_of
from web.__main__ import _parser as web_parser

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PAGES = sorted([README, *ROOT.glob("docs/*.md")])
SCREENS = {program.name: program for program in (KIOSK, COUNTER, DISPLAY)}
SERVER_NAMES = {"antrean-server", "antrean-admin"}
"""docs/install.md makes antrean-admin: the server's commands as the server's own user."""

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


def text_of(page: Path) -> str:
    return page.read_text("utf-8")


def tracked(*patterns: str) -> list[str]:
    """The files that git knows, as they are in the working tree."""
    command = ["git", "ls-files", "-z", *patterns]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text_of(page), re.MULTILINE | re.DOTALL)


def inline_codes(page: Path) -> list[str]:
    prose = re.sub(r"^```.*?^```", "", text_of(page), flags=re.MULTILINE | re.DOTALL)
    prose = re.sub(r"^    .*$", "", prose, flags=re.MULTILINE)
    return [" ".join(code.split()) for code in re.findall(r"`([^`]+)`", prose)]


# Paths.


TOP = (
    "protocol",
    "ui",
    "kiosk",
    "counter",
    "display",
    "server",
    "db",
    "simulation",
    "assets",
    "voice",
    "report",
    "web",
)
REPOSITORY_PATH = re.compile(
    rf"(?:{'|'.join(TOP)}|tests|bench|docs|script|\.ci)/[\w./<>-]*(?:::\w+)*"
)


def paths_in(code: str) -> list[str]:
    return REPOSITORY_PATH.findall(code) if REPOSITORY_PATH.match(code) else []


def exists(path: str) -> bool:
    """Whether a path is there; ``<name>`` stands for any name, ``::test`` for a test in a file."""
    file, *within = path.split("::")
    test = within[-1] if within else ""
    found = list(ROOT.glob(re.sub(r"<\w+>", "*", file).rstrip("/")))
    return bool(found) and (not test or f"def {test}(" in found[0].read_text("utf-8"))


@pytest.mark.parametrize(
    "wrong",
    ["web/nowhere/", "kiosk/no_such_file.py", "docs/<name>.txt", "tests/test_docs.py::test_none"],
)
def test_a_path_that_is_not_there_would_be_seen(wrong: str) -> None:
    assert not exists(wrong)


@pages
def test_every_path_that_a_page_names_exists(page: Path) -> None:
    named = [path for code in inline_codes(page) for path in paths_in(code)]
    assert [path for path in named if not exists(path)] == []


@pages
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)\s]+)\)", text_of(page))
    assert [target for target in targets if not leads_somewhere(page, target)] == []


def leads_somewhere(page: Path, target: str) -> bool:
    file, _, heading = target.partition("#")
    there = (page.parent / file).resolve() if file else page
    if not there.is_file() or ROOT not in there.parents:
        return False
    return not heading or heading in {anchor(line) for line in headings(there)}


def headings(page: Path) -> list[str]:
    return re.findall(r"^#+ (.+)$", text_of(page), re.MULTILINE)


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


# Tables of the README.


def section(page: Path, heading: str) -> str:
    found = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text_of(page), re.MULTILINE | re.DOTALL)
    assert found, f"{page.name} has no section {heading!r}"
    return found[1]


def rows(page: Path, heading: str) -> list[list[str]]:
    table = [line for line in section(page, heading).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def test_the_map_of_the_house_is_the_house() -> None:
    drawn = {row[0].strip("`/") for row in rows(README, "The map of the house")}
    assert drawn == {name.split("/")[0] for name in tracked() if "/" in name}


def test_where_a_new_thing_goes_names_only_rooms_that_exist() -> None:
    table = rows(README, "Where a new thing goes")
    assert len(table) > 8
    for new, touch in table:
        codes = re.findall(r"`([^`]+)`", touch)
        assert codes, f"{new}: no room is named"
        places = [code for code in codes if "/" in code]
        assert [place for place in places if not exists(re.sub(r"<folder>", "kiosk", place))] == []


def test_every_program_stands_in_the_table_of_programs() -> None:
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    lines = settings["options.entry_points"]["console_scripts"].split("\n")
    programs = {line.split("=")[0].strip() for line in lines if line}
    assert {row[0].strip("`") for row in rows(README, "The programs")} == programs


def test_every_script_stands_in_the_table_of_scripts_and_can_be_run() -> None:
    told = {
        path for row in rows(README, "Scripts") for path in re.findall(r"`(script/[\w-]+)", row[0])
    }
    assert told == {f"script/{path.name}" for path in (ROOT / "script").iterdir()}
    assert [name for name in told if not (ROOT / name).stat().st_mode & 0o100] == []


# Commands.


def commands(page: Path) -> Iterator[list[str]]:
    """Every command line on a page, from its program on; ``sudo`` and the like are left out."""
    lines = [line for line in text_of(page).splitlines() if line.startswith("    ")]
    lines += [
        line.partition("=+")[2] or line.partition("=")[2]
        for block in blocks(page, "ini")
        for line in block.splitlines()
        if line.startswith("ExecStart")
    ]
    for line in [*lines, *inline_codes(page)]:
        words = typed(line)
        while words and (words[0] in ("sudo", "exec") or words[0].startswith("ANTREAN_")):
            words = words[1:]
        if words and is_ours(words[0]):
            yield [Path(words[0]).name if "/bin/" in words[0] else words[0], *words[1:]]


def typed(line: str) -> list[str]:
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        return []  # prose with an apostrophe, or a picture
    for index, word in enumerate(words):
        if word in (">", "<", "|", "&&"):
            return words[:index]
    return words


def is_ours(word: str) -> bool:
    return re.fullmatch(r"(/opt/antrean/bin/)?antrean-[a-z]+|script/[\w-]+", word) is not None


@pages
def test_every_command_of_a_page_is_understood(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    misunderstood = [shlex.join(command) for command in commands(page) if not understood(command)]
    assert misunderstood == [], capsys.readouterr().err


def understood(command: list[str]) -> bool:
    program, *arguments = command
    if program.startswith("script/"):
        return (ROOT / program).is_file() and understands_script(program, arguments)
    if not arguments:
        return program in (*SERVER_NAMES, *SCREENS, "antrean-demo", "antrean-web")
    if program in SERVER_NAMES:
        return understands_server(arguments)
    if program == DISPLAY.name and arguments[0] == "voice-record":
        return arguments[1:] == [] or parses(voice_record._parser(), arguments[1:])
    if program == DISPLAY.name and arguments[0] == "voice-check":
        return parses(screen_parser(voice_check.program(DISPLAY.options)), arguments[1:])
    if program in SCREENS:
        return parses(screen_parser(SCREENS[program]), arguments)
    if program == "antrean-web":
        return parses(web_parser(Folders.of_system()), arguments)
    return program == "antrean-demo" and parses(demo._parser(), arguments)


def understands_script(program: str, arguments: list[str]) -> bool:
    if program == "script/demo":
        return parses(demo._parser(), arguments)
    if program == "script/bench":
        return set(arguments) <= {*FIGURES, "memory"}
    if program == "script/setup":
        return arguments in ([], ["demo"], ["test"])
    files = [word for word in arguments if "/" in word]
    return all(exists(file) for file in files)


def understands_server(arguments: list[str]) -> bool:
    named = " ".join(arguments)
    if any(name == named or name.startswith(f"{named} ") for name in COMMANDS):
        return True  # named, not typed: "device add" in a sentence
    if not parses(server_parser(), arguments):
        return False
    given = server_parser().parse_args(arguments)
    if given.command == "config" and given.verb == "set" and given.key != "KEY":
        try:
            parse(given.key, given.value)
        except SettingError:
            return False
    return True


def parses(parser: argparse.ArgumentParser, arguments: list[str]) -> bool:
    try:
        parser.parse_args(arguments)
    except SystemExit as end:
        return not end.code
    return True


def screen_parser(program: ScreenProgram) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=program.name, allow_abbrev=False)
    parser.add_argument("--settings")
    parser.add_argument("--version", action="store_true")
    add_flags(parser, program.every_option)
    return parser


@pytest.mark.parametrize(
    "wrong",
    [
        "antrean-server device add kiosk-1",
        "antrean-server device remove kiosk-1",
        "antrean-admin config set branch.time_zone Jakarta/Asia",
        "antrean-kiosk --kioks",
        "antrean-kiosk voice-check --list",
        "antrean-display voice-check --lits",
        "antrean-display voice-record --language id",
        "antrean-demo --fast",
        "antrean-web --prot 8080",
        "script/no-such-script",
        "script/bench no-such-figure",
        "script/test tests/no_such_file.py",
    ],
)
def test_a_wrong_command_would_be_seen(wrong: str) -> None:
    assert not understood(typed(wrong))


def test_the_pages_tell_how_to_run_every_command_of_an_administrator() -> None:
    told = {" ".join(command[1:3]) for page in PAGES for command in commands(page)}
    missing = {name for name in COMMANDS if not any(f"{line} ".startswith(name) for line in told)}
    assert missing == set()


def test_every_argument_of_the_scripts_in_the_readme_is_known() -> None:
    known = {"script/test": {"--long"}, "script/screenshots": {"--all"}}
    for command in commands(README):
        flags = {word for word in command[1:] if word.startswith("--")}
        for script, accepted in known.items():
            assert command[0] != script or flags <= accepted


# Files that a person is told to write.


def settings_blocks() -> Iterator[tuple[str, str, str]]:
    for page in PAGES:
        found = re.finditer(
            r"`~/\.config/antrean/(\w+)\.toml`[^\n]*\n\n```toml\n(.*?)^```",
            text_of(page),
            re.MULTILINE | re.DOTALL,
        )
        for block in found:
            yield page.name, f"antrean-{block[1]}", block[2]


def test_every_settings_file_on_the_pages_is_taken_by_its_program(tmp_path: Path) -> None:
    shown = list(settings_blocks())
    assert {program for _, program, _ in shown} == set(SCREENS)
    for page, program, text in shown:
        file = tmp_path / f"{program}.toml"
        file.write_text(text, "utf-8")
        options = SCREENS[program].every_option
        load_settings(options, {}, {}, file)
        written = set(tomllib.loads(text))
        assert written >= {"server", "device", "token_file"}, page


def test_every_catalogue_on_the_pages_can_be_loaded(tmp_path: Path) -> None:
    shown = [text for page in PAGES for text in blocks(page, "toml") if "[[" in text]
    assert shown
    for number, text in enumerate(shown):
        file = tmp_path / f"{number}.toml"
        file.write_text(text, "utf-8")
        assert read_catalogue(file).counters


def test_every_form_of_a_ticket_on_the_pages_can_be_used() -> None:
    shown = [text for page in PAGES for text in blocks(page, "text")]
    assert shown
    for text in shown:
        read_form(text)


def test_every_printer_address_on_the_pages_is_one() -> None:
    addresses = [
        address
        for page in PAGES
        for address in re.findall(r'"((?:network|usb|serial|file)://[^"]*)"', text_of(page))
    ]
    assert len(addresses) > 4
    for address in addresses:
        parse_printer_url(address)


def test_the_packages_to_install_are_those_of_the_set_up() -> None:
    known = set(re.findall(r"[a-z0-9][a-z0-9.+-]+", text_of(ROOT / "script" / "setup"))) | {"git"}
    for page in PAGES:
        for line in re.findall(r"apt-get install (.+)", text_of(page)):
            packages = [word for word in line.split() if not word.startswith("-")]
            assert [package for package in packages if package not in known] == [], page.name


def test_every_unit_that_is_copied_or_started_is_there() -> None:
    units = {path.name for path in (ROOT / "assets" / "systemd").iterdir()}
    for page in PAGES:
        copied = set(re.findall(r"assets/systemd/([\w.-]+)", text_of(page)))
        assert copied <= units
        started = set(re.findall(r"systemctl .*?(antrean-\w+(?:\.\w+)?)", text_of(page)))
        own = set(re.findall(r"`/etc/systemd/system/([\w.-]+)`", text_of(page)))
        assert {name if "." in name else f"{name}.service" for name in started} <= units | own | {
            "antrean-backup.timer"
        }


# Figures.


def constant(file: str, name: str) -> int:
    """The value of a constant in a source file, or how many things it holds."""
    for node in ast.parse(text_of(ROOT / file)).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            for index, one in enumerate(target.elts if isinstance(target, ast.Tuple) else [target]):
                if isinstance(one, ast.Name) and one.id == name:
                    value = node.value  # type: ignore[attr-defined]
                    return size(value.elts[index] if isinstance(target, ast.Tuple) else value)
    raise AssertionError(f"{file} has no constant {name}")


def size(value: ast.expr) -> int:
    if isinstance(value, ast.Dict):
        return len(value.keys)
    written = ast.literal_eval(value)
    return written if isinstance(written, int) else len(written)


TESTING = ROOT / "docs" / "testing.md"


def test_every_figure_is_that_of_its_test() -> None:
    figures = rows(TESTING, "Figures")
    assert len(figures) > 8
    for what, told, where in figures:
        file, name = re.findall(r"`([^`]+)`", where)
        assert int(told.replace(",", "")) == constant(file, name), what


def test_the_readme_tells_the_same_figures() -> None:
    told = section(README, "How it is tested")
    figure = {name: constant(f"tests/journeys/test_{file}.py", name) for file, name in _QUOTED}
    assert f"{figure['CYCLES']} times in the middle of a burst from {figure['KIOSKS']} kio" in told
    assert f"{figure['COUNTERS']} counters press" in told
    assert f"{figure['CLIENTS']:,} clients listen; {figure['FROZEN']} frozen displays" in told
    days = ("under_faults", "of_fresh_seeds")
    files = [f"tests/simulation/test_branch_day_{name}.py" for name in days]
    operations = sum(constant(file, "OPERATIONS") * constant(file, "STORIES") for file in files)
    assert operations >= 100_000
    assert f"at least {operations:,}\n  operations" in told


_QUOTED = (
    ("kill_nine", "CYCLES"),
    ("kill_nine", "KIOSKS"),
    ("crowd", "COUNTERS"),
    ("crowd", "CLIENTS"),
    ("crowd", "FROZEN"),
)


@pytest.mark.parametrize("page", [README, TESTING], ids=lambda page: page.name)
def test_the_count_of_tests_is_not_stale(page: Path) -> None:
    found = re.search(r"More than ([\d,]+) test functions in more than (\d+) files", text_of(page))
    assert found
    files = list((ROOT / "tests").rglob("test_*.py"))
    functions = sum(
        len(re.findall(r"^\s*(?:async )?def test_", text_of(file), re.M)) for file in files
    )
    # Rounded down, so that a new test need not touch the page; but never far behind.
    for told, counted in ((found[1], functions), (found[2], len(files))):
        assert int(told.replace(",", "")) < counted < 1.5 * int(told.replace(",", ""))


def test_every_law_has_its_tests() -> None:
    laws = [row[0].split()[0] for row in rows(TESTING, "The laws, and what holds them")]
    assert laws == [f"I{number}" for number in range(1, 15)]


def test_the_page_of_settings_is_the_one_that_the_code_makes() -> None:
    assert text_of(settings_page.PAGE) == settings_page.page(), "run script/write-settings-docs"


# The page of the visitor's side, in both languages.

VISITORS = [ROOT / "docs" / name for name in ("visitors-side.md", "sisi-pengunjung.md")]
visitors = pytest.mark.parametrize("page", VISITORS, ids=lambda page: page.name)


@visitors
def test_what_is_shipped_is_told_as_it_is(page: Path) -> None:
    row = re.compile(r"^\| `([a-z_.]+)` \| `?([^|`]+)`? \|", re.MULTILINE)
    shipped = dict(row.findall(text_of(settings_page.PAGE)))
    told = dict(row.findall(text_of(page)))
    assert len(told) > 12
    assert {key: value.replace("kosong", "empty") for key, value in told.items()} == {
        key: shipped[key] for key in told
    }


@visitors
def test_a_tv_is_read_from_as_far_as_the_page_says(page: Path) -> None:
    """U7: a TV that lies, by its inches."""
    told = re.findall(r"^\| (\d+)″ \| (\d+) m \| (\d+) m \| (\d+) m \|", text_of(page), re.M)
    assert len(told) > 3
    for inches, *metres in told:
        for width, height in ((1920, 1080), (3840, 2160)):
            sizes = tv_theme(QSize(width, height)).sizes
            read = reading(sizes, mm_per_px_of(int(inches), width, height), width, height)
            parts = (read.number_m, read.counter_m, read.history_m)
            assert [whole(part) for part in parts] == [int(metre) for metre in metres]


@visitors
def test_the_page_lists_every_draft(page: Path) -> None:
    drafts = {
        name
        for name in tracked("assets/translations")
        if text_of(ROOT / name).startswith("# DRAFT")
    }
    assert drafts
    assert set(re.findall(r"`(assets/translations/[\w.]+)`", text_of(page))) == drafts


# What must never stand in the repository.

DEVELOPERS_PATH = re.compile(
    r"(?<![\w.~-])(?:/[w]ork/|/home/\w|/Users/\w|[A-Z]:\\Users\\)[\w./\\-]*"
)
PACKAGE_HOST = re.compile(
    r"(?i)\b(?:pypi\.(?:org|python\.org)|(?:files\.)?pythonhosted\.org|deb\.debian\.org"
    r"|(?:security|ftp)\.debian\.org|archive\.ubuntu\.com|registry\.npmjs\.org"
    r"|[\w.-]+\.(?:jfrog\.io|pkg\.dev)|(?:index-url|find-links|trusted-host) *= *https?://\S+)"
)
BINARY = {".jpg", ".png", ".ttf", ".wav"}


def text_files() -> list[str]:
    return [name for name in tracked() if Path(name).suffix not in BINARY]


@pytest.mark.parametrize("fault", ["/home" + "/ani/antrean", "cd " + "/work" + "/main"])
def test_a_developers_path_would_be_seen(fault: str) -> None:
    assert DEVELOPERS_PATH.search(fault)


@pytest.mark.parametrize("fault", ["https://py" + "pi.org/simple", "mirror.jf" + "rog.io/py"])
def test_a_package_host_would_be_seen(fault: str) -> None:
    assert PACKAGE_HOST.search(fault)


@pytest.mark.parametrize("unwanted", [DEVELOPERS_PATH, PACKAGE_HOST], ids=["path", "host"])
def test_no_developers_path_and_no_package_host_stands_anywhere(unwanted: re.Pattern[str]) -> None:
    found = [
        f"{name}:{number}: {hit[0]}"
        for name in text_files()
        for number, line in enumerate(text_of(ROOT / name).splitlines(), 1)
        for hit in unwanted.finditer(line)
    ]
    assert found == []
