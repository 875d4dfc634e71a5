"""The laws of the house (docs/architecture.md), held against the source itself.

What an import alone can break stands in setup.cfg as contracts of import-linter. Here stands
what needs a closer look. Each look is tried on a planted fault first: one that sees nothing
would be worse than none.
"""

import ast
import configparser
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QTimer, Signal

CHECKOUT = Path(__file__).resolve().parent.parent
SHIPPED = (
    "assets",
    "counter",
    "db",
    "display",
    "kiosk",
    "protocol",
    "report",
    "server",
    "simulation",
    "ui",
    "voice",
    "web",
)
SCREEN_FOLDERS = ("counter", "display", "kiosk")
PURE_ROOMS = ("protocol", "server/domain")

Finding = tuple[int, str]


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (CHECKOUT / folder).rglob("*.py"))


def place(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


def findings(look: Callable[[ast.Module], Iterator[Finding]], *folders: str) -> list[str]:
    return [
        f"{place(path)}:{line}: {text}"
        for path in sources(*folders)
        for line, text in look(ast.parse(path.read_text()))
    ]


def seen(look: Callable[[ast.Module], Iterator[Finding]], planted: str) -> bool:
    return any(look(ast.parse(planted)))


# Laws 1 to 3 and 6: imports.


def test_every_contract_about_imports_is_kept() -> None:
    linted = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_the_contracts_know_every_shipped_package() -> None:
    settings = configparser.ConfigParser()
    settings.read(CHECKOUT / "setup.cfg")
    known = settings["importlinter"]["root_packages"].split()
    there = [
        init.parent.name
        for init in sorted(CHECKOUT.glob("*/__init__.py"))
        if init.parent.name not in ("tests", "bench")
    ]
    assert there == known == list(SHIPPED)


def test_a_screen_program_loads_no_database_no_printer_and_no_voice() -> None:
    # They cost more start-up time than Qt itself, and a driver that hangs must not hang a screen.
    for folder in SCREEN_FOLDERS:
        loaded = modules_after_importing(f"{folder}.__main__")
        assert loaded & {"sqlalchemy", "alembic", "escpos", "pyttsx3", "server", "db"} == set()


def test_the_pages_load_no_qt_no_server_and_none_of_another_programs_parts() -> None:
    loaded = modules_after_importing("web.__main__", "web.site", "web.app")
    assert loaded & {"PySide6", "server", "kiosk", "counter", "display", "voice", "escpos"} == set()


def test_the_server_loads_no_library_of_reports_or_pages_before_it_needs_one() -> None:
    # They would cost a third of its start, and memory in the branch's one process that decides.
    loaded = modules_after_importing("server.__main__", "server.branch_server")
    assert loaded & {"reportlab", "xlsxwriter", "jinja2", "starlette", "uvicorn"} == set()


def modules_after_importing(*names: str) -> set[str]:
    program = f"import sys, {', '.join(names)}; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, check=True, capture_output=True, text=True
    )
    return set(done.stdout.split())


# Law 1: words and rules are pure.

_CLOCKS_AND_CHANCE = {"now", "utcnow", "today", "urandom", "uuid1", "uuid4"}
_INPUT_AND_OUTPUT = {"open", "print", "input", "read_text", "write_text", "read_bytes"}


def impure_calls(module: ast.Module) -> Iterator[Finding]:
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        name = called_name(node)
        if name in _CLOCKS_AND_CHANCE | _INPUT_AND_OUTPUT:
            yield node.lineno, f"calls {name}"


def called_name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


@pytest.mark.parametrize("fault", ["datetime.now(UTC)", "date.today()", "uuid4()", "open('x')"])
def test_a_clock_or_a_file_in_a_pure_room_would_be_seen(fault: str) -> None:
    assert seen(impure_calls, fault)


def test_words_and_rules_read_no_clock_and_touch_no_file() -> None:
    assert findings(impure_calls, *PURE_ROOMS) == []


# Law 1: what a pure room may import. (import-linter forbids by name; this allows by name.)

_PURE_IMPORTS = {
    "protocol": {"msgspec", "protocol"},
    "server/domain": {"msgspec", "server.domain", "sortedcontainers"},
}
_PURE_STANDARD_LIBRARY = {
    "__future__", "abc", "base64", "bisect", "collections", "collections.abc", "copy",
    "dataclasses", "datetime", "decimal", "enum", "functools", "hashlib", "heapq", "itertools",
    "json", "math", "operator", "re", "string", "types", "typing", "unicodedata", "uuid",
    "zoneinfo",
}  # fmt: skip


def imported_modules(module: ast.Module) -> Iterator[Finding]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


@pytest.mark.parametrize("room", PURE_ROOMS)
def test_a_pure_room_imports_only_what_is_pure(room: str) -> None:
    ours = _PURE_IMPORTS[room]
    strangers = [
        f"{place(path)}:{line}: imports {name}"
        for path in sources(room)
        for line, name in imported_modules(ast.parse(path.read_text()))
        if name not in _PURE_STANDARD_LIBRARY
        and not any(name == own or name.startswith(f"{own}.") for own in ours)
    ]
    assert strangers == []


# Law 4: screens are two files.


def test_every_window_has_its_model_and_every_model_its_window() -> None:
    names = {
        kind: {
            place(path).removesuffix(f"_{kind}.py")
            for path in sources(*SCREEN_FOLDERS)
            if path.name.endswith(f"_{kind}.py")
        }
        for kind in ("model", "window")
    }
    assert names["window"]
    # The compact strip is a second view of the serving model.
    assert names["window"] - {"counter/strip"} == names["model"]


def test_models_know_no_qt_not_even_through_others() -> None:
    models = [
        place(path).removesuffix(".py").replace("/", ".")
        for path in sources(*SCREEN_FOLDERS)
        if path.name.endswith("_model.py")
    ]
    assert models
    loaded = modules_after_importing(*models)
    assert {name for name in loaded if name.startswith(("PySide6", "shiboken6"))} == set()


# Law 5: only a composition root names the real thing.

# class or function -> the files, beside its own, that may construct it
_REAL_THINGS: dict[str, tuple[str, ...]] = {
    # python-escpos lives in a child process, which has a root of its own
    "EscposPrinter": ("kiosk/printer_process.py",),
    "SupervisedPrinter": ("kiosk/__main__.py",),
    # so do the voice and the sound device
    "ClipVoice": ("voice/process.py",),
    "EngineVoice": ("voice/process.py",),
    # the engine may hang: it has a process of its own
    "SpeechVoice": ("voice/engine_process.py",),
    # a person listens to one file
    "system_player": ("voice/process.py", "voice/play_file.py"),
    "SupervisedVoice": ("display/__main__.py", "kiosk/__main__.py"),
    # what the three screens' roots share
    "Link": ("ui/running.py",),
    "open_database": ("server/administration/backup.py", "server/store.py", "web/__main__.py"),
    # the server's clock and ids
    # a simulated branch has the shipped clock over its own time
    # and the demo's visitors make up ids of their own
    "SteadyClock": ("server/__main__.py", "simulation/clock.py", "simulation/demo.py"),
    "ScaledClock": ("server/__main__.py",),
    "SteppedClock": ("server/__main__.py",),
    # whom people's numbers are sent to
    "VClaimDirectory": ("server/__main__.py",),
    "UuidIds": ("server/__main__.py", "simulation/demo.py"),
}

# the files that may ask what time it is, or make up an id
_CLOCKS = (
    "server/adapters/",
    "ui/link.py",
    # the administrator's commands run outside any business day
    "server/administration/",
    # when a program started, and when it fell
    "ui/running.py",
    "ui/journal.py",
    # the branch's own time, as far ahead of ours as its server said
    "web/branch.py",
    # how old a file is that a voice left behind
    "voice/process.py",
)


def constructions(module: ast.Module) -> Iterator[Finding]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and called_name(node) in _REAL_THINGS:
            yield node.lineno, called_name(node)


def test_real_printers_voices_databases_and_clocks_are_named_in_composition_roots_only() -> None:
    strangers = []
    for path in sources(*SHIPPED):
        module = ast.parse(path.read_text())
        own = {
            node.name for node in module.body if isinstance(node, ast.ClassDef | ast.FunctionDef)
        }
        strangers += [
            f"{place(path)}:{line}: constructs {name}"
            for line, name in constructions(module)
            if name not in own and place(path) not in _REAL_THINGS[name]
        ]
    assert strangers == []


def test_the_real_things_exist_under_the_names_that_are_guarded() -> None:
    defined = {
        node.name
        for path in sources(*SHIPPED)
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef)
    }
    assert set(_REAL_THINGS) - defined == set()


def wall_clock_calls(module: ast.Module) -> Iterator[Finding]:
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        asked = ast.unparse(node.func)
        if asked in (
            *("datetime.now", "datetime.utcnow", "datetime.datetime.now", "date.today"),
            *("datetime.date.today", "time.time", "time.time_ns", "uuid.uuid4", "uuid4", "uuid1"),
        ):
            yield node.lineno, f"asks {asked}"


@pytest.mark.parametrize("fault", ["datetime.now(UTC)", "time.time()", "x = uuid4()"])
def test_a_clock_in_a_room_that_has_none_would_be_seen(fault: str) -> None:
    assert seen(wall_clock_calls, fault)


def test_time_and_ids_come_in_through_few_doors() -> None:
    strangers = [
        finding
        for finding in findings(wall_clock_calls, *SHIPPED)
        if not finding.startswith(_CLOCKS)
    ]
    assert strangers == []


# Law 6: no drawer for "other".

_DRAWERS = {"utils", "util", "misc", "common", "helpers", "helper"}


def test_no_folder_and_no_module_is_a_drawer_for_other_things() -> None:
    drawers = [
        place(path)
        for path in sources(*SHIPPED, "tests", "bench")
        if _DRAWERS & {part.removesuffix(".py") for part in path.relative_to(CHECKOUT).parts}
    ]
    assert drawers == []


# SQL is written, never glued together.


def glued_sql(module: ast.Module) -> Iterator[Finding]:
    for node in ast.walk(module):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = called_name(node)
        if name in ("text", "execute", "executemany", "exec_driver_sql", "executescript") and glued(
            node.args[0]
        ):
            yield node.lineno, f"{name}() of a text that was put together"


def glued(words: ast.expr) -> bool:
    if isinstance(words, ast.JoinedStr):
        # SQLite's settings take no parameters; nothing that a person wrote goes into them.
        start = words.values[0]
        if isinstance(start, ast.Constant) and str(start.value).startswith("PRAGMA "):
            return False
        parts = [part.value for part in words.values if isinstance(part, ast.FormattedValue)]
        return not all(fixed(part) for part in parts)
    if isinstance(words, ast.BinOp):
        return not (fixed(words.left) and fixed(words.right))
    if isinstance(words, ast.Call) and isinstance(words.func, ast.Attribute):
        inserted = [*words.args, *(keyword.value for keyword in words.keywords)]
        return words.func.attr == "format" and not all(fixed(part) for part in inserted)
    return False


def fixed(words: ast.expr) -> bool:
    """Whether a text stands in the source: written out, or as a constant by its name."""
    if isinstance(words, ast.BinOp):
        return fixed(words.left) and fixed(words.right)
    return isinstance(words, ast.Constant) or (isinstance(words, ast.Name) and words.id.isupper())


@pytest.mark.parametrize(
    "fault",
    [
        'text(f"DELETE FROM {name}")',
        'cursor.execute(f"SELECT {x}")',
        'connection.execute("SELECT " + x)',
        'connection.exec_driver_sql("SELECT %s" % x)',
        'connection.execute(text("SELECT {}".format(x)))',
    ],
)
def test_glued_sql_would_be_seen(fault: str) -> None:
    assert seen(glued_sql, fault)


@pytest.mark.parametrize(
    "fine",
    [
        'execute("SELECT " "1")',
        'text(f"SELECT count(*) FROM ({_OPEN_DAY})")',
        """text(_TIMES.format(group="''"))""",
        'connection.execute(f"PRAGMA {name}={wanted}")',
        "connection.execute(statement.bindparams(date=day))",
    ],
)
def test_sql_that_stands_in_the_source_is_let_through(fine: str) -> None:
    assert not seen(glued_sql, fine)


def test_no_sql_is_glued_together() -> None:
    assert findings(glued_sql, *SHIPPED, "bench") == []


# PySide6 6.12.0 drops a reference to True, False or None at each call; Python 3.11 then aborts.


class Emitter(QObject):
    said = Signal(str)


def test_qt_calls_drop_no_reference_to_the_singletons() -> None:
    emitter, timer, calls = Emitter(), QTimer(), 1000
    emitter.said.connect(str)
    before = [sys.getrefcount(single) for single in (True, False, None)]
    for _ in range(calls):
        emitter.said.emit("A012")
        emitter.setObjectName("emitter")
        timer.setInterval(1)
        timer.setSingleShot(True)
    after = [sys.getrefcount(single) for single in (True, False, None)]
    # Other code may hold some more or less meanwhile; the fault costs one for each call.
    assert all(now > then - calls / 2 for then, now in zip(before, after, strict=True))
