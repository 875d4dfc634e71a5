"""antrean-server as an administrator types it: what it prints, and its exit codes."""

import io
import json
import logging
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest

from db.engine import sqlite_url
from server.__main__ import main
from server.adapters.passwords import verify_pin
from server.administration.arguments import parser
from server.administration.console import COMMANDS, Console, staff_add
from server.administration.devices import new_token
from server.administration.refusal import RefusedError
from server.administration.startup import read_startup
from server.store import Store
from tests.server.stored_day import a_whole_day


@dataclass(frozen=True, slots=True)
class Done:
    """What a command printed."""

    stdout: str
    stderr: str


class Run(Protocol):
    """``run("verify", "--data", …, code=1, ANTREAN_PIN="…")``."""

    def __call__(self, *words: str, code: int = 0, **environment: str) -> Done: ...


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "branch"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The program's main in this process, for a process of its own takes most of a second."""
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    for name in [name for name in os.environ if name.startswith("ANTREAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setenv("LANG", "C.UTF-8")

    def run(*words: str, code: int = 0, **environment: str) -> Done:
        capsys.readouterr()
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            try:
                found = main(list(words))
            except SystemExit as way_out:  # argparse's own way out
                found = int(way_out.code or 0)
        printed = capsys.readouterr()
        assert found == code, f"{found}\n{printed.out}\n{printed.err}"
        assert "Traceback" not in printed.err
        return Done(printed.out, printed.err)

    yield run
    root.setLevel(before[0])
    root.handlers[:] = before[1]


def test_devices_are_added_with_one_line_each_and_nothing_else(run: Run, data: Path) -> None:
    done = run("device", "add", "kiosk-1", "kiosk-2", "--role", "kiosk", "--data", str(data))
    assert re.fullmatch(r"kiosk-1 [\w-]{43}\nkiosk-2 [\w-]{43}\n", done.stdout)
    token = done.stdout.split()[1]
    with Store.open(sqlite_url(data / "branch.db")) as store:
        assert [device.name for device in store.devices()] == ["kiosk-1", "kiosk-2"]
    assert token.encode() not in (data / "branch.db").read_bytes(), "only the hash is kept"
    assert run("--data", str(data), "device", "list").stdout == "kiosk-1 kiosk\nkiosk-2 kiosk\n"
    run("device", "revoke", "kiosk-2", "--data", str(data))
    assert "kiosk-2 kiosk revoked" in run("device", "list", "--data", str(data)).stdout


def test_a_desk_belongs_to_a_counter_of_the_branch(run: Run, data: Path) -> None:
    words = ("device", "add", "desk-1", "--role", "counter", "--data", str(data), "--counter")
    run(*words, "3")
    assert run("device", "list", "--data", str(data)).stdout == "desk-1 counter counter 3\n"
    assert "There is no counter 99" in run(*words, "99", code=3).stderr


def test_staff_are_added_by_the_pin_in_the_environment(run: Run, data: Path) -> None:
    words = ("staff", "add", "sari", "--role", "frontliner", "--name", "Sari", "--data", str(data))
    assert run(*words, ANTREAN_PIN="839201").stdout == ""
    assert "easy to guess" in run(*words, ANTREAN_PIN="1234").stderr
    assert run("staff", "list", "--data", str(data)).stdout == "sari frontliner Sari\n"
    run("staff", "disable", "sari", "--data", str(data))
    assert run("staff", "list", "--data", str(data)).stdout == "sari frontliner Sari (disabled)\n"
    assert "No PIN" in run(*words, code=3).stderr


def test_the_skills_of_a_person_are_set_and_shown(run: Run, data: Path) -> None:
    at = ("--data", str(data))
    add = ("staff", "add", "sari", "--role", "frontliner", "--name", "Sari", *at)
    run(*add, ANTREAN_PIN="839201")
    for typed, shown in (
        ("A,B:2", " [A,B:2]"),
        ("B:1, A", " [B:1,A]"),
        ("*,B:2", " [*,B:2]"),
        ("A,A", " [A]"),
        ("*", ""),
        ("C", " [C]"),
    ):
        assert "from the next start" in run("staff", "skills", "sari", typed, *at).stderr
        assert run("staff", "list", *at).stdout == f"sari frontliner Sari{shown}\n"
    run(*add, ANTREAN_PIN="839202")
    assert run("staff", "list", *at).stdout.endswith("[C]\n"), "a new PIN changes no skills"
    for typed, words in (
        ("A,Z", "no service 'Z'"),
        ("", "no service ''"),
        ("A:0", "from 1 to 9"),
        ("A:x", "from 1 to 9"),
        ("*:2", "needs no level"),
    ):
        assert words in run("staff", "skills", "sari", typed, *at, code=3).stderr
    assert "nobody with the code" in run("staff", "skills", "adi", "A", *at, code=3).stderr
    with Store.open(sqlite_url(data / "branch.db"), read_only=True) as store:
        assert store.load_branch().staff_skills["sari"].services == ("C",)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("839201", "839202"), "differ"),
        (("12", "12"), "6 digits or more"),
        (("83920", "83920"), "shorter than 6"),
        (("123456", "123456"), "counts up"),
        (("987654", "987654"), "counts up or down"),
        (("111211", "111211"), "repeats"),
        (("839839", "839839"), "twice"),
        (("sari92", "sari92"), "own code"),
    ],
)
def test_a_pin_that_is_easy_to_guess_is_refused_with_a_reason(
    data: Path, typed: tuple[str, str], words: str
) -> None:
    answers = iter(typed)
    startup = read_startup({"data": str(data)}, {})
    console = Console(startup, environment={}, ask_secret=lambda prompt: next(answers))
    arguments = parser().parse_args(["staff", "add", "sari", "--role", "officer"])
    with pytest.raises(RefusedError, match=words):
        staff_add(arguments, console)


def test_a_good_pin_is_asked_for_twice_and_kept_as_a_hash(run: Run, data: Path) -> None:
    console = Console(
        read_startup({"data": str(data)}, {}), environment={}, ask_secret=lambda prompt: "839201"
    )
    staff_add(parser().parse_args(["staff", "add", "budi", "--role", "officer"]), console)
    with console.reading() as store:
        (budi,) = store.staff()
    assert (budi.role, budi.name) == ("officer", "budi")
    assert verify_pin(budi.pin_hash, "839201")


def test_settings_are_read_and_written(run: Run, data: Path) -> None:
    run("config", "set", "branch.name", "Kantor Cabang Bogor", "--data", str(data))
    assert run("config", "get", "branch.name", "--data", str(data)).stdout == (
        "Kantor Cabang Bogor\n"
    )
    everything = run("config", "get", "--data", str(data)).stdout
    assert "branch.name = Kantor Cabang Bogor\n" in everything
    assert "# The branch's name, as printed on tickets.\n" in everything
    indonesian = run("config", "get", "--data", str(data), LANG="id_ID.UTF-8").stdout
    assert "# Nama kantor cabang, seperti tercetak di karcis.\n" in indonesian
    assert (
        "numbering.width: 'x'"
        in run("config", "set", "numbering.width", "x", "--data", str(data), code=3).stderr
    )
    assert "Did you mean" in run("config", "get", "brnch.name", "--data", str(data), code=3).stderr
    warned = run("config", "set", "limits.commands_per_s", "0", "--data", str(data))
    assert "lifted" in warned.stderr


def test_lines_are_written_the_way_they_are_shown(run: Run, data: Path) -> None:
    run("config", "set", "paper.footer.id", r"satu\ndua", "--data", str(data))
    shown = run("config", "get", "paper.footer.id", "--data", str(data)).stdout
    assert shown == "satu\\ndua\n"
    with Store.open(sqlite_url(data / "branch.db")) as store:
        lines = [line.get("id") for line in store.load_branch().paper_footer]
    assert lines[:2] == ["satu", "dua"]


def test_the_code_of_a_branch_changes_only_before_its_first_day(run: Run, data: Path) -> None:
    run("config", "set", "branch.code", "1302", "--data", str(data))
    run("config", "set", "branch.code", "1302", "--data", str(data))  # as it is already
    with Store.open(sqlite_url(data / "branch.db")) as store:
        assert (store.branch_code, store.load_branch().code) == ("1302", "1302")
        assert len(store.load_branch().services) == 6
        a_whole_day(store)
    refused = run("config", "set", "branch.code", "1303", "--data", str(data), code=3)
    assert "cannot change any more" in refused.stderr
    run("verify", "--data", str(data))


def test_a_catalogue_is_loaded_or_named_with_its_mistake(
    run: Run, data: Path, tmp_path: Path
) -> None:
    file = tmp_path / "new.toml"
    file.write_text('[[service]]\ncode = "G"\nname = { id = "Umum" }\n')
    done = run("catalogue", "load", str(file), "--data", str(data))
    assert done.stdout == "loaded 1 services\n"
    file.write_text("[[service]]\ncode = 7\n")
    assert (
        f"{file}, line 2, service.code"
        in run("catalogue", "load", str(file), "--data", str(data), code=3).stderr
    )


def test_backup_restore_verify_summary_and_doctor(run: Run, data: Path, tmp_path: Path) -> None:
    with Store.open(sqlite_url(data / "branch.db")) as store:
        a_whole_day(store)
    copy = tmp_path / "copy.db"
    assert str(copy) in run("backup", str(copy), "--data", str(data)).stdout
    connection = sqlite3.connect(data / "branch.db", isolation_level=None)
    connection.execute("UPDATE event SET body = replace(body, 'A001', 'A002') WHERE seq = 4")
    connection.close()
    broken = run("verify", "--data", str(data), code=1)
    assert broken.stdout.startswith("event 4 was changed")
    run("restore", str(copy), "--data", str(data))
    assert "events verified" in run("verify", "--data", str(data)).stdout
    table = run("summary", "--data", str(data)).stdout
    assert re.search(r"B Perubahan data +1 +1 +0 +0 +0 +0", table)
    assert re.search(r"Jumlah +4 +1 +1 +1 +1 +0", table)
    figures = json.loads(run("summary", "--json", "--data", str(data)).stdout)
    assert figures["adds_up"] is True
    assert figures["total"]["issued"] == 4
    assert "Finished" in run("summary", "--language", "en", "--data", str(data)).stdout
    assert "is no date" in run("summary", "--date", "soon", "--data", str(data), code=3).stderr
    assert "ok       pages" in run("doctor", "--data", str(data), "--port", "0").stdout


def test_reading_commands_work_beside_a_server_and_writing_ones_are_refused(
    run: Run, data: Path, tmp_path: Path
) -> None:
    """F09."""
    with Store.open(sqlite_url(data / "branch.db")) as server:
        a_whole_day(server)
        for words in (
            ["verify"],
            ["summary"],
            ["config", "get"],
            ["device", "list"],
            ["backup", str(tmp_path / "copy.db")],
            ["doctor", "--port", "0"],
        ):
            run(*words, "--data", str(data))
        for words in (
            ["device", "add", "x", "--role", "kiosk"],
            ["config", "set", "branch.name", "x"],
            ["restore", str(tmp_path / "copy.db")],
            ["--port", "0"],
        ):
            assert "Another antrean-server" in run(*words, "--data", str(data), code=4).stderr


def test_the_server_says_when_it_is_ready_and_stops_when_told(run: Run, data: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "server", "--data", str(data), "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        ready = server.stdout.readline()
        assert re.fullmatch(r"antrean-server \S+ is ready: ws://127\.0\.0\.1:\d+/\n", ready)
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
    run("verify", "--data", str(data))


def test_the_server_stands_at_the_instant_that_it_is_told(run: Run, data: Path) -> None:
    """The way of the headless demonstration: a clock that only moves by orders."""
    with subprocess.Popen(
        [
            sys.executable, "-m", "server", "--data", str(data), "--port", "0",
            "--simulated-clock", "--clock-start", "2026-11-20T07:30",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:  # fmt: skip
        assert server.stdin is not None
        assert server.stdout is not None
        assert json.loads(server.stdout.readline())["ready"].startswith("ws://127.0.0.1:")
        server.stdin.write('{"now_ms": 1795138200000}\n')
        server.stdin.flush()
        assert json.loads(server.stdout.readline()) == {"now_ms": 1795138200000}
        server.send_signal(signal.SIGTERM)
        assert server.wait(20) == 0
    with Store.open(sqlite_url(data / "branch.db")) as store:
        day = store.load_day()
    assert day.business_date == "2026-11-20"
    # 07:30 in Jakarta, or an hour later if the order overtook the opening of the day.
    assert day.entries[0].at_ms in (1795134600000, 1795138200000)


def test_plain_connections_from_elsewhere_need_a_setting(run: Run, data: Path) -> None:
    refused = run("--data", str(data), "--host", "0.0.0.0", "--port", "0", code=3)
    assert "without encryption" in refused.stderr


def test_help_shows_examples_and_every_command(run: Run) -> None:
    words = run("--help").stdout
    for name in COMMANDS:
        assert name.split()[0] in words
    assert "exit codes: 0" in words
    assert run("--version").stdout.startswith("antrean-server ")


@pytest.mark.parametrize("words", [("device",), ("device", "add", "x"), ("nonsense",)])
def test_a_wrong_command_line_is_answered_with_usage(run: Run, words: tuple[str, ...]) -> None:
    assert "usage" in run(*words, code=2).stderr


def test_settings_that_cannot_be_used_name_themselves(run: Run, data: Path, tmp_path: Path) -> None:
    file = tmp_path / "server.toml"
    file.write_text(f'data = "{data}"\nport = "many"\n')
    assert f"{file}, line 2, port" in run("--settings", str(file), code=3).stderr
    missing = run("verify", "--data", str(tmp_path / "none"), code=3)
    assert "There is no database" in missing.stderr


def test_no_token_looks_like_an_option() -> None:
    """``--token -x…`` is refused by the programs: one branch in sixty-four could not start."""
    assert not any(new_token().startswith("-") for _ in range(2000))
