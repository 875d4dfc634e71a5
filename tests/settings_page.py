"""Writes docs/settings.md from the code: the branch's settings and those of every program.

Behind script/write-settings-docs; tests/test_docs.py holds the page to what this makes.
"""

import sys
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from counter.__main__ import PROGRAM as COUNTER
from display.__main__ import PROGRAM as DISPLAY
from kiosk.__main__ import PROGRAM as KIOSK
from server.administration.arguments import parser
from server.administration.startup import PREFIX, Startup
from server.config import KEYS, written
from server.setting_kinds import Key
from ui.program import SHARED
from ui.settings import AnyOption

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "settings.md"

HEAD = """\
# Settings

*This page is written by `script/write-settings-docs` from the code; a test holds it to that.*

There are two kinds. What belongs to the **branch** (its name, its hours, its rules) lies in the
database and is the same for everybody. What belongs to a **machine** (where the server is, which
printer hangs on it) lies in that machine's settings file.

## Of the branch

`antrean-server config get` lists them, `antrean-server config set KEY VALUE` changes one, with the
server stopped. A catalogue file may hold them too, under `[settings]`. A wrong value is refused
with a sentence that says what the setting takes.
"""

MACHINE = """
## Of a machine

A flag wins over the environment, that over the settings file, that over the default. Each name is
the same on all ways: `token-file` is the flag `--token-file`, the variable `ANTREAN_TOKEN_FILE` and
`token_file` in the file. Settings marked "flag only" are meant for one run. A mistake in a file is
named with its line.

The files are `kiosk.toml`, `counter.toml`, `display.toml` and `server.toml` in the folder
`~/.config/antrean/` of the user who runs the program, or for the three screens in
`/etc/xdg/antrean/`.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD, _branch(), MACHINE]
    parts += ["### Every screen: kiosk, counter, display", _options(SHARED)]
    for program in (KIOSK, COUNTER, DISPLAY):
        parts += [f"### {program.name}", program.about, _options(program.options)]
    parts += ["### antrean-server", _server()]
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def _branch() -> str:
    heading = ("setting", "default", "takes", "what it does")
    return _table(heading, map(_branch_row, KEYS.values()))


def _branch_row(key: Key) -> tuple[str, ...]:
    suffix = ".LANGUAGE" if key.by_language else ".LETTER" if key.by_letter else ""
    suffix = ".DISPLAY" if key.by_device else suffix
    name = f"{key.name}{suffix}"
    default = written(key.default)
    sentences = f"{key.sentence['en']}<br>*{key.sentence['id']}*"
    return f"`{name}`", f"`{default}`" if default else "empty", key.accepts, sentences


def _options(options: Iterable[AnyOption]) -> str:
    return _table(("setting", "default", "takes", "what it is for"), map(_option_row, options))


def _option_row(option: AnyOption) -> tuple[str, ...]:
    given = option.default not in ("", None)
    shown = str(option.default).lower() if isinstance(option.default, bool) else option.default
    name = f"`{option.name}`{' (flag only)' if option.flag_only else ''}"
    return name, f"`{shown}`" if given else "–", option.kind.words, option.help


def _server() -> str:
    known = {field.name for field in fields(Startup)}
    rows = []
    for action in parser()._actions:
        field = action.dest.removesuffix("_file")
        if field in known or field == "settings":
            in_file = f"`{field}`" if field in known else "–"
            words = action.help or " or ".join(action.choices or ())
            variable = f"`{PREFIX}{field.upper()}`"
            rows.append((f"`{action.option_strings[-1]}`", variable, in_file, words))
    return _table(("flag", "variable", "in the file", "what it is for"), rows)


def _table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heading, tuple("---" for _ in heading), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)


def main() -> int:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")
    print(f"wrote {PAGE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
