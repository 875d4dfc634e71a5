"""A kiosk's memory of the numbers that it gave alone (F02, F03, F16; laws I1 and I9)."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from kiosk import offline_journal
from kiosk.offline_journal import JournalInUseError, OfflineJournal, Told
from tests.kiosk.kiosk_story import MORNING, snapshot, welcome
from tests.kiosk.offline_examples import TODAY, given, lease

_opened: list[OfflineJournal] = []


def opened(path: Path) -> OfflineJournal:
    """A program's journal, given back when the test ends."""
    _opened.append(OfflineJournal(path))
    return _opened[-1]


def again(journal: OfflineJournal, path: Path) -> OfflineJournal:
    """As the next program finds it."""
    journal.close()
    return opened(path)


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "state" / "kiosk.jsonl"
    while _opened:
        _opened.pop().close()


def numbers(journal: OfflineJournal) -> list[str]:
    return [one.ticket.number for one in journal.unmerged]


def test_what_was_given_is_there_after_a_restart_in_its_order(path: Path) -> None:
    journal = opened(path)
    for serial in (1, 2, 3):
        journal.give(given(serial))
    journal.paper("ticket-2", "printed", 1)
    after = again(journal, path)
    assert numbers(after) == ["AK001", "AK002", "AK003"]
    assert after.used == {(TODAY, "AK"): 3}
    assert after.papered["ticket-2"].outcome == "printed"


def test_a_number_is_on_the_disk_before_anybody_can_see_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I1: written, synced, and the folder that names the file, too."""
    journal = opened(path)
    synced: list[tuple[bool, bytes]] = []
    really = os.fsync

    def fsync(handle: int) -> None:
        really(handle)
        synced.append((Path(f"/proc/self/fd/{handle}").is_dir(), path.read_bytes()))

    monkeypatch.setattr(os, "fsync", fsync)
    journal.give(given(1))
    assert [is_folder for is_folder, _ in synced] == [False, True]
    assert all(b"AK001" in data for _, data in synced)
    journal.give(given(2))
    assert len(synced) == 3, "the folder knows the file already"


def test_a_torn_last_line_is_a_number_that_nobody_saw(path: Path) -> None:
    """F02: the power goes at every byte of the last line."""
    journal = opened(path)
    journal.give(given(1))
    first = path.read_bytes()
    journal.give(given(2))
    whole = path.read_bytes()
    journal.close()
    for length in range(len(first), len(whole)):
        path.write_bytes(whole[:length])
        torn = opened(path)
        assert numbers(torn) == ["AK001"], length
        assert torn.used == {(TODAY, "AK"): 1}
        torn.give(given(2))
        after = again(torn, path)
        assert numbers(after) == ["AK001", "AK002"], length
        after.close()


def test_a_line_in_the_middle_that_cannot_be_read_costs_a_number_and_never_gives_one_twice(
    path: Path,
) -> None:
    """Bit rot may have been AK003: it is left out, and the file is kept for whoever looks."""
    journal = opened(path)
    for serial in (1, 2, 3):
        journal.give(given(serial))
    journal.close()
    lines = path.read_bytes().splitlines(keepends=True)
    broken = b"".join([*lines[:2], lines[2].replace(b"serial", b"s\x00rial")])
    path.write_bytes(broken)
    after = opened(path)
    assert numbers(after) == ["AK001", "AK002"]
    assert after.used[TODAY, "AK"] == 3
    assert path.with_name(path.name + ".unreadable").read_bytes() == broken


def test_no_bit_that_turns_gives_a_number_twice_or_stops_the_program(path: Path) -> None:
    """F06, I9: bits of every byte of a journal of three, also where that is no text any more."""
    journal = opened(path)
    for serial in (1, 2, 3):
        journal.give(given(serial))
    whole = path.read_bytes()
    for place in range(len(whole)):
        for bit in (0, 4, 7):
            turned = bytearray(whole)
            turned[place] ^= 1 << bit
            journal.close()
            path.write_bytes(turned)
            journal = OfflineJournal(path)
            assert journal.used[TODAY, "AK"] >= 3, (place, bit)
            assert len(journal.unmerged) >= 1
            assert set(numbers(journal)) <= {"AK001", "AK002", "AK003"}
    journal.close()


def test_a_line_whose_end_is_gone_does_not_swallow_the_next_one(path: Path) -> None:
    journal = opened(path)
    journal.give(given(1))
    journal.close()
    path.write_bytes(path.read_bytes()[:-1] + b"\x8a")
    journal = opened(path)
    journal.give(given(2))
    assert numbers(again(journal, path)) == ["AK002"]


def test_where_all_lines_are_unreadable_no_series_begins_at_its_first_number(path: Path) -> None:
    """Nobody knows then of which series they were, and of which day."""
    journal = opened(path)
    journal.keep_told(told())
    journal.give(given(1))
    journal.close()
    path.write_bytes(path.read_bytes().replace(b"AK001", b"AK\xff01"))
    after = opened(path)
    assert numbers(after) == []
    for day in (TODAY, TODAY + timedelta(days=6)):
        assert [after.used[day, series] for series in ("AK", "BK", "PK")] == [1, 1, 1]


def test_a_journal_of_an_earlier_program_is_read(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(msgspec.json.encode(given(4)) + b"\n")
    assert numbers(opened(path)) == ["AK004"]


@pytest.mark.parametrize("fails_at", ["file", "folder"])
def test_a_number_that_was_refused_is_not_given_after_a_restart_either(
    path: Path, monkeypatch: pytest.MonkeyPatch, fails_at: str
) -> None:
    """F04: the line was written, but the disk would not promise to keep it. No ghost."""
    journal = opened(path)
    really = os.fsync

    def fails(handle: int) -> None:
        if Path(f"/proc/self/fd/{handle}").is_dir() == (fails_at == "folder"):
            raise OSError(5, "Input/output error")
        really(handle)

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(OSError, match="Input/output"):
        journal.give(given(1))
    monkeypatch.undo()
    assert numbers(again(journal, path)) == []


def test_where_the_disk_says_no_nothing_was_given(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F03: a line that broke off halfway does not swallow the next one."""
    journal = opened(path)
    journal.give(given(1))
    really = os.write

    def full(handle: int, data: bytes) -> int:
        if len(data) <= 20:
            raise OSError(28, "No space left on device")
        return really(handle, data[:20])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(OSError, match="No space"):
        journal.give(given(2))
    assert numbers(journal) == ["AK001"]
    assert not journal.can_write() or path.read_bytes().endswith(b"\n")
    monkeypatch.undo()
    assert journal.can_write()
    journal.give(given(2))
    assert numbers(again(journal, path)) == ["AK001", "AK002"]


def test_what_the_server_has_is_left_out_only_when_nothing_is_open(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never a ticket lost because the journal was made shorter too early."""
    monkeypatch.setattr(offline_journal, "KEPT_MAX", 2)
    journal = opened(path)
    for serial in range(1, 9):
        journal.give(given(serial))
    journal.merge([f"ticket-{serial}" for serial in range(1, 8)])
    assert len(path.read_bytes().splitlines()) == 9, "ticket 8 is open"
    journal = again(journal, path)
    assert numbers(journal) == ["AK008"]
    journal.merge(["ticket-8"])
    assert len(path.read_bytes().splitlines()) < 9
    journal = again(journal, path)
    assert numbers(journal) == []
    assert journal.used == {(TODAY, "AK"): 8}, "the count goes on"
    assert list(journal.given) == ["ticket-7", "ticket-8"], "what may still be printed once more"


def test_the_counts_of_a_day_outlive_a_clock_that_was_wrong_for_a_while(path: Path) -> None:
    """F15: a jump of weeks and back must not begin a day's count again."""
    journal = opened(path)
    journal.give(given(7))
    journal.give(given(1, ticket="late", business_date=TODAY + timedelta(days=400)))
    journal.merge(["ticket-7", "late"])
    assert again(journal, path).used[TODAY, "AK"] == 7


def test_two_programs_cannot_have_one_journal(path: Path) -> None:
    """F09: they would give every number twice. A program that was killed holds nothing."""
    first = opened(path)
    with pytest.raises(JournalInUseError):
        opened(path)
    code = (
        "import sys, pathlib\n"
        "from kiosk.offline_journal import JournalInUseError, OfflineJournal\n"
        "try:\n    OfflineJournal(pathlib.Path(sys.argv[1]))\n"
        "except JournalInUseError:\n    sys.exit(7)\n"
    )
    other = [sys.executable, "-c", code, str(path)]
    assert subprocess.run(other, timeout=60, check=False).returncode == 7
    first.close()
    assert subprocess.run(other, timeout=60, check=False).returncode == 0
    opened(path).close()


def told() -> Told:
    return Told(welcome("AB"), snapshot(3, "AB"), lease(), 12.5, MORNING)


def test_what_the_server_told_last_is_kept_whole_or_not_at_all(path: Path) -> None:
    journal = opened(path)
    journal.keep_told(told())
    journal.keep_told(told())
    journal = again(journal, path)
    assert journal.told == told()
    journal.give(given(1))
    for broken in (b'{"welcome":', b'{"welcome":"\xff"}', b"\x00" * 4096):
        path.with_suffix(".told.json").write_bytes(broken)
        journal = again(journal, path)
        assert journal.told is None
        assert numbers(journal) == ["AK001"], "what is to be merged does not hang on it"


def test_no_personal_data_is_kept(path: Path) -> None:
    """I12: a number, a service, an instant; the fields are these and no others."""
    journal = opened(path)
    journal.give(given(1, needs=["wheelchair"], priority="elderly"))
    fields = set(json.loads(path.read_bytes())["ticket"])
    assert fields == {
        *("ticket", "number", "series", "serial", "service", "business_date", "issued_at"),
        *("priority", "needs", "language", "print", "copies", "instead_of"),
    }


def test_without_a_file_it_is_kept_in_memory() -> None:
    journal = OfflineJournal(None)
    journal.give(given(1))
    journal.keep_told(told())
    assert numbers(journal) == ["AK001"]
    assert journal.can_write()
