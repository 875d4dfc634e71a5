"""A screen program from its first argument to its exit code, in a process of its own."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.ui.driven import DrivenScreen, private_environment
from ui.program import ExitCode

TRIAL = str(Path(__file__).with_name("driven_program.py"))
NAMED = ("--device", "kiosk-1", "--token", "geheim")
SMALL = ("--windowed", "500x400+10+10")


def ended(tmp_path: Path, *argv: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, TRIAL, *argv],
        env=private_environment(tmp_path),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def trial(tmp_path: Path, *argv: str, named: Sequence[str] = NAMED) -> DrivenScreen:
    return DrivenScreen([TRIAL, *named, *SMALL, *argv], folder=tmp_path)


@pytest.mark.parametrize("flag", ["--help", "--version"])
def test_help_and_version_answer_at_once_and_without_qt(tmp_path: Path, flag: str) -> None:
    program = (
        "import runpy, sys, time; began = time.perf_counter(); sys.argv = ['x', sys.argv[1]]\n"
        f"try: runpy.run_path({TRIAL!r}, run_name='__main__')\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "heavy = {name.partition('.')[0] for name in sys.modules} & "
        "{'PySide6', 'shiboken6', 'websockets', 'asyncio', 'segno'}\n"
        "print(heavy, time.perf_counter() - began, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, flag],
        env=private_environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    heavy, took_s = done.stderr.rsplit(maxsplit=1)
    assert heavy == "set()"
    assert float(took_s) < 0.5
    assert "antrean-trial" in done.stdout


def test_help_says_what_one_needs(tmp_path: Path) -> None:
    text = ended(tmp_path, "--help").stdout
    for word in ("--server URL", "examples:", "exit codes:", "ANTREAN_DEVICE", "trial.toml"):
        assert word in text
    for code in ExitCode:
        assert f"\n  {code.value:<3} " in text


@pytest.mark.parametrize(
    ("argv", "code", "said"),
    [
        (("--nonsense",), ExitCode.USAGE, "--nonsense"),
        (("--clock-speed", "0"), ExitCode.USAGE, "a number above 0"),
        ((), ExitCode.SETTINGS, "device is not set: give --device NAME, or ANTREAN_DEVICE"),
        (("--device", "x"), ExitCode.SETTINGS, "token is not set"),
        (("--device", "x", "--token-file", "none"), ExitCode.SETTINGS, "cannot be read"),
        ((*NAMED, "--settings", "none.toml"), ExitCode.SETTINGS, "none.toml: cannot be read"),
        ((*NAMED, "--server", "http://x"), ExitCode.SETTINGS, "no server address"),
        ((*NAMED, "--server", "ws://10.0.0.1:8765/"), ExitCode.SETTINGS, "not encrypted"),
        ((*NAMED, "--server", "wss://x/", "--ca", "none.pem"), ExitCode.SETTINGS, "none.pem"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence_and_an_exit_code(
    tmp_path: Path, argv: tuple[str, ...], code: ExitCode, said: str
) -> None:
    done = ended(tmp_path, *argv)
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert "geheim" not in done.stderr


def test_the_settings_file_of_the_system_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "antrean"
    folder.mkdir(parents=True)
    (tmp_path / "token").write_text("geheim\n")
    (folder / "trial.toml").write_text(
        f'device = "kiosk-7"\ntoken_file = "{tmp_path / "token"}"\nlog_json = true\n'
    )
    with trial(tmp_path, named=()) as screen:
        assert screen.end() == ExitCode.OK
    (started,) = [
        line for line in map(json.loads, screen.errors.splitlines()) if "started" in line["message"]
    ]
    assert started["program"] == "antrean-trial"


def test_a_program_is_driven_by_real_presses_and_keys(tmp_path: Path) -> None:
    picture = tmp_path / "x.png"
    with trial(tmp_path) as screen:
        assert screen.started["page"] == "counting"

        assert screen.ask("press", name="count") == {"done": "press", "name": "count"}
        assert "error" not in screen.ask("wait", name="number", text="A001")
        screen.ask("key", keys="F2")
        screen.ask("key", keys="Ctrl+Alt+N")
        assert "error" not in screen.ask("wait", name="number", text="A003", id=7)
        assert "error" not in screen.ask("wait", name="late")
        assert "error" not in screen.ask("wait", page="counting")
        assert screen.ask("wait", name="number", pattern=r"^A\d{3}$")["text"] == "A003"

        screen.ask("type", name="pin", text="1234")
        screen.ask("type", name="pin", text="56")
        seen = screen.ask("look")
        widgets = {widget["name"]: widget for widget in seen["widgets"]}
        assert seen["page"] == "counting"
        assert widgets["number"]["text"] == "A003"
        assert widgets["count"]["enabled"] is True
        assert widgets["off"]["enabled"] is False
        assert widgets["pin"]["text"] == "●●", "a hidden text must stay hidden"
        assert widgets["pin"]["focus"] is True
        assert widgets["window"]["at"] == [10, 10, 500, 400]

        assert screen.ask("picture", path=str(picture))["size"] == [500, 400]
        assert picture.stat().st_size > 1000
        assert screen.end() == ExitCode.OK


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ({"do": "press", "name": "off"}, "disabled"),
        ({"do": "press", "name": "late"}, "not to be seen"),
        ({"do": "press", "name": "under"}, "covered by 'cover'"),
        ({"do": "press", "name": "nothing"}, "there is no 'nothing'"),
        ({"do": "press"}, "needs 'name'"),
        ({"do": "key", "keys": "Hyper+F99"}, "no key"),
        ({"do": "type", "name": "count", "text": "1"}, "no field"),
        ({"do": "wait", "name": "late", "deadline_s": 0.05}, "not so in time"),
        ({"do": "wait", "name": "count", "gone": True, "deadline_s": 0.05}, "not so in time"),
        ({"do": "wait"}, "what to wait for"),
        ({"do": "wait", "name": "x", "pattern": "("}, "cannot be understood"),
        ({"do": "wait", "name": "x", "deadline_s": "soon"}, "number of seconds"),
        ({"do": "picture", "path": "/nowhere/x.png"}, "cannot be written"),
        ({"do": "dance"}, "nothing to do by the name 'dance'"),
        ([], "one JSON object"),
    ],
)
def test_what_cannot_be_done_is_answered_with_the_reason(
    question: object, why: str, one_trial: DrivenScreen
) -> None:
    one_trial.tell(json.dumps(question))
    assert why in one_trial.answer()["error"]


@pytest.fixture(scope="module")
def one_trial(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    with trial(tmp_path_factory.mktemp("trial")) as screen:
        yield screen


def test_lines_that_arrive_together_are_answered_in_their_order(one_trial: DrivenScreen) -> None:
    for number in range(20):
        one_trial.tell(json.dumps({"do": "press", "name": "count", "id": number}))
    assert [one_trial.answer()["id"] for _ in range(20)] == list(range(20))
    one_trial.tell("this is no JSON")
    assert "no JSON" in one_trial.answer()["error"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_program_cleanly_and_at_once(
    tmp_path: Path, number: signal.Signals
) -> None:
    with trial(tmp_path) as screen:
        began = time.monotonic()
        screen.process.send_signal(number)
        assert screen.process.wait(10) == ExitCode.OK
        assert time.monotonic() - began < 2
    assert "Traceback" not in screen.errors


def test_the_end_of_standard_input_ends_a_driven_program(tmp_path: Path) -> None:
    with trial(tmp_path) as screen:
        assert screen.process.stdin is not None
        screen.process.stdin.close()
        assert screen.process.wait(10) == ExitCode.OK


def test_a_kiosk_is_ended_by_its_supervisor_and_by_nobody_else(tmp_path: Path) -> None:
    """F51: keys do not close it; SIGTERM does."""
    with DrivenScreen([TRIAL, *NAMED, "--kiosk"], folder=tmp_path) as screen:
        for keys in ("Alt+F4", "Ctrl+Q", "Ctrl+W", "Escape"):
            screen.ask("key", keys=keys)
        seen = screen.ask("look")
        left, top, width, height = seen["windows"][0]["at"]
        assert (left, top) == (0, 0)
        assert min(width, height) >= 600, "it covers the screen"
        screen.process.terminate()
        assert screen.process.wait(10) == ExitCode.OK


def test_a_fault_leaves_a_note_without_personal_data_and_the_program_goes_on(
    tmp_path: Path,
) -> None:
    with trial(tmp_path) as screen:
        screen.ask("press", name="fail")
        assert "error" not in screen.ask("press", name="count")
        assert screen.end() == ExitCode.OK
    (note,) = (tmp_path / "state/antrean/crashes").glob("*-2*.txt")
    assert "RuntimeError" in note.read_text()
    for text in (note.read_text(), screen.errors):
        assert "3171234567890123" not in text


def test_a_program_that_does_nothing_but_fail_is_ended_for_a_fresh_start(tmp_path: Path) -> None:
    """F40: its supervisor starts it again within seconds."""
    with trial(tmp_path) as screen:
        for _ in range(5):
            screen.tell(json.dumps({"do": "press", "name": "fail"}))
        assert screen.process.wait(10) == ExitCode.CRASHED


def test_a_window_comes_back_to_its_place_after_a_restart(tmp_path: Path) -> None:
    places = []
    for _ in range(3):
        with DrivenScreen([TRIAL, *NAMED], folder=tmp_path) as screen:
            (window,) = screen.ask("look")["windows"]
            places.append(window["at"])
            assert screen.end() == ExitCode.OK
    # The first place is the system's, and Qt may move it once to show the title bar; from then
    # on it stays, and does not creep.
    assert places[1] == places[2]
    assert places[0][2:] == places[1][2:] == [500, 400]


def test_a_kiosk_fills_the_screen_also_without_a_window_manager(tmp_path: Path) -> None:
    # Without one, showFullScreen() alone does nothing.
    with subprocess.Popen(
        ["Xvfb", "-displayfd", "1", "-screen", "0", "720x1280x24"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as xvfb:
        try:
            assert xvfb.stdout is not None
            display = {"QT_QPA_PLATFORM": "xcb", "DISPLAY": f":{xvfb.stdout.readline().strip()}"}
            command = [TRIAL, *NAMED, "--kiosk"]
            with DrivenScreen(command, folder=tmp_path, environment=display) as screen:
                seen = screen.ask("look")
                assert seen["windows"] == [{"name": "window", "at": [0, 0, 720, 1280]}]
                screen.ask("press", name="count")
                screen.ask("key", keys="F2")
                assert "error" not in screen.ask("wait", name="number", text="A002")
        finally:
            xvfb.terminate()


@pytest.mark.parametrize(("argv", "at"), [((), [0, 0, 1280, 720]), (("2",), [1280, 0, 768, 1366])])
def test_a_screen_is_chosen_by_its_number(
    tmp_path: Path, argv: tuple[str, ...], at: list[int]
) -> None:
    screens = [
        {"name": "A", "x": 0, "y": 0, "width": 1280, "height": 720, "logicalDpi": 96, "dpr": 1},
        {"name": "B", "x": 1280, "y": 0, "width": 768, "height": 1366, "logicalDpi": 96, "dpr": 1},
    ]
    file = tmp_path / "screens.json"
    file.write_text(json.dumps({"screens": screens}))
    command = [TRIAL, *NAMED, "--kiosk", *(("--screen", *argv) if argv else ())]
    environment = {"QT_QPA_PLATFORM": f"offscreen:configfile={file}"}
    with DrivenScreen(command, folder=tmp_path, environment=environment) as screen:
        assert screen.ask("look")["windows"] == [{"name": "window", "at": at}]
