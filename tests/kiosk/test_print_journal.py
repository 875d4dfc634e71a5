"""I9: what this kiosk printed is known after any crash, and stays a small file."""

from pathlib import Path

import pytest

from kiosk.print_journal import ENTRIES_MAX, Entry, PrintJournal
from kiosk.printer import PrinterReason, PrintOutcome


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "printed.jsonl"


def test_what_was_noted_is_known_after_a_restart(path: Path) -> None:
    journal = PrintJournal(path)
    journal.begin("a", 1)
    journal.finish("a", 1, PrintOutcome.PRINTED, None)
    journal.begin("b", 2)
    journal.finish("b", 2, PrintOutcome.FAILED, PrinterReason.PAPER_OUT)
    journal.begin("c", 1)
    for known in (journal, PrintJournal(path)):
        assert known.entry("a", 1) == Entry("a", 1, PrintOutcome.PRINTED)
        assert known.entry("b", 2) == Entry("b", 2, PrintOutcome.FAILED, PrinterReason.PAPER_OUT)
        assert known.entry("c", 1) == Entry("c", 1, None)
        assert known.entry("a", 2) is None


def test_a_file_torn_at_any_byte_is_read_as_far_as_it_goes(path: Path) -> None:
    journal = PrintJournal(path)
    journal.begin("a", 1)
    journal.finish("a", 1, PrintOutcome.PRINTED, None)
    journal.begin("b", 1)
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    for cut in range(len(whole) + 1):
        path.write_bytes(whole[:cut])
        torn = PrintJournal(path)
        begun = torn.entry("a", 1)
        if cut < len(lines[0]) - 1:
            assert begun is None
        elif cut < len(lines[0] + lines[1]) - 1:
            assert begun == Entry("a", 1, None)
        else:
            assert begun == Entry("a", 1, PrintOutcome.PRINTED)
        # What comes next is not glued to the torn end.
        torn.begin("next", 1)
        assert PrintJournal(path).entry("next", 1) == Entry("next", 1, None)


def test_bytes_that_are_no_journal_do_not_stop_the_kiosk(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(
        b'\x00\xff\n[]\n{"job":1}\n{"job":"\xff","copy":1}\n{"job":"a","copy":1,"outcome":"printed"}\n'
    )
    journal = PrintJournal(path)
    assert journal.entry("a", 1) == Entry("a", 1, PrintOutcome.PRINTED)


def test_the_file_and_the_memory_stay_bounded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """I14."""
    monkeypatch.setattr("kiosk.durable_file.os.fsync", lambda file: None)
    journal = PrintJournal(path)
    for number in range(3 * ENTRIES_MAX):
        journal.begin(f"job-{number}", 1)
        journal.finish(f"job-{number}", 1, PrintOutcome.PRINTED, None)
        assert len(path.read_bytes().splitlines()) <= 2 * ENTRIES_MAX if number % 500 == 0 else True
    assert journal.entry("job-0", 1) is None
    last = f"job-{3 * ENTRIES_MAX - 1}"
    assert PrintJournal(path).entry(last, 1) == Entry(last, 1, PrintOutcome.PRINTED)
    assert len(path.read_bytes().splitlines()) <= ENTRIES_MAX


def test_a_disk_that_cannot_be_written_is_told_and_does_not_stop_the_printing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "state").write_text("not a folder")
    journal = PrintJournal(tmp_path / "state" / "printed.jsonl")
    journal.begin("a", 1)
    journal.finish("a", 1, PrintOutcome.PRINTED, None)
    assert journal.entry("a", 1) == Entry("a", 1, PrintOutcome.PRINTED)
    assert "cannot be written" in caplog.text
