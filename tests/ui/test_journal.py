"""The log and the crash note tell what happened, and nothing about a person (I12)."""

import json
import logging
import sys
import threading
from pathlib import Path

import pytest

from ui.journal import (
    CRASH_NOTES_KEPT,
    FAULTS_MAX,
    CrashKeeper,
    HumanFormat,
    JsonFormat,
    blanked,
    start_log,
)

NIK = "3171234567890123"


class Ending:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


def fault(text: str) -> BaseException:
    try:
        raise RuntimeError(text)
    except RuntimeError as error:
        return error


def noted(keeper: CrashKeeper, error: BaseException) -> None:
    keeper.note(type(error), error, error.__traceback__)


def record(message: str, **more: object) -> logging.LogRecord:
    entry = logging.LogRecord("kiosk.window", logging.INFO, "x.py", 1, message, (), None)
    entry.__dict__.update(more)
    return entry


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"nik {NIK} found", "nik ######### found"),
        ("call 081234567890", "call #########"),
        ("A012 at counter 3, 12345678 ms", "A012 at counter 3, 12345678 ms"),
        ("2024-11-21T01:12:03.456Z", "2024-11-21T01:12:03.456Z"),
    ],
)
def test_long_numbers_are_blanked(text: str, left: str) -> None:
    assert blanked(text) == left


def test_a_json_line_is_one_object_without_personal_data() -> None:
    error = fault(NIK)
    entry = record(f"bad card {NIK}", exc_info=(type(error), error, error.__traceback__))
    line = JsonFormat("antrean-kiosk").format(entry)
    assert "\n" not in line
    told = json.loads(line)
    assert told["program"] == "antrean-kiosk"
    assert told["level"] == "info"
    assert told["where"] == "kiosk.window"
    assert told["at"].endswith("Z")
    assert "RuntimeError" in told["exception"]
    assert NIK not in line


def test_a_line_for_people_holds_the_same() -> None:
    line = HumanFormat().format(record("opened"))
    assert line.endswith("INFO    kiosk.window: opened")


def test_the_log_file_is_made_where_it_is_wanted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, level = logging.root.handlers[:], logging.root.level
    file = tmp_path / "logs" / "kiosk.log"
    try:
        start_log("antrean-kiosk", level="info", as_json=True, file=file)
        logging.getLogger("x").info("hello %s", "there")
        logging.getLogger("x").debug("not this")
    finally:
        for handler in logging.root.handlers:
            handler.close()
        logging.root.handlers[:], logging.root.level = kept, level
    lines = file.read_text().splitlines()
    assert [json.loads(line)["message"] for line in lines] == ["hello there"]


def test_a_crash_note_names_places_and_no_values(tmp_path: Path) -> None:
    keeper = CrashKeeper(tmp_path, "antrean-kiosk-kiosk_1", lambda: "0.1.0", Ending())
    noted(keeper, fault(f"no member {NIK}"))
    (note,) = tmp_path.glob("*.txt")
    text = note.read_text()
    assert "antrean-kiosk-kiosk_1 0.1.0" in text
    assert "builtins.RuntimeError" in text
    assert "test_journal.py" in text
    assert "no member" not in text
    assert NIK not in text


def test_one_fault_ends_nothing_many_at_once_do(tmp_path: Path) -> None:
    ending, told = Ending(), Ending()
    keeper = CrashKeeper(tmp_path, "p", lambda: "1", ending)
    keeper.on_fault = told
    for _ in range(FAULTS_MAX - 1):
        noted(keeper, fault("x"))
    assert ending.times == 0
    noted(keeper, fault("x"))
    assert ending.times == 1
    assert told.times == FAULTS_MAX


def test_notes_do_not_fill_the_disk(tmp_path: Path) -> None:
    keeper = CrashKeeper(tmp_path, "p", lambda: "1", Ending())
    for _ in range(CRASH_NOTES_KEPT + 5):
        noted(keeper, fault("x"))
    assert len(list(tmp_path.glob("p-2*.txt"))) == CRASH_NOTES_KEPT


def test_a_folder_that_cannot_be_written_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    noted(CrashKeeper(blocked / "crashes", "p", lambda: "1", Ending()), fault("x"))
    assert "crash note cannot be written" in caplog.text


def test_control_c_is_a_wish_and_no_fault(tmp_path: Path) -> None:
    ending = Ending()
    keeper = CrashKeeper(tmp_path, "p", lambda: "1", ending)
    keeper.note(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert ending.times == 1
    assert list(tmp_path.iterdir()) == []


def test_faults_of_every_thread_are_noted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    keeper = CrashKeeper(tmp_path, "p", lambda: "1", Ending())
    # Not watch(): it would turn the test runner's own faulthandler to another file.
    monkeypatch.setattr(threading, "excepthook", keeper._note_in_thread)
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    (note,) = tmp_path.glob("p-2*.txt")
    assert "ZeroDivisionError" in note.read_text()
