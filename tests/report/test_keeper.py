"""Each closed day has its paper, made by itself, durable, and never changed afterwards."""

import errno
import os
from pathlib import Path
from unittest.mock import patch

import pytest

from report.files import FileProblemError, add_durably
from report.keeper import MADE_AT_ONCE, SETTLES_MS, ReportKeeper
from tests.report.kept_days import CLOSED_MS, DAY_MS, HOUR_MS, KeptDays
from tests.report.reading_back import pdf_facts, pdf_texts


@pytest.fixture
def days() -> KeptDays:
    return KeptDays()


@pytest.fixture
def keeper(tmp_path: Path, days: KeptDays) -> ReportKeeper:
    return ReportKeeper(tmp_path, days)


def names(keeper: ReportKeeper) -> list[str]:
    return sorted(path.name for path in keeper.folder.iterdir())


def test_the_paper_of_a_closed_day_makes_itself(keeper: ReportKeeper) -> None:
    looked = keeper.look(CLOSED_MS + 30_000)
    assert [path.name for path in looked.made] == ["2026-11-23.pdf"]
    assert keeper.newest("2026-11-23") == keeper.folder / "2026-11-23.pdf"
    assert len(pdf_texts((keeper.folder / "2026-11-23.pdf").read_bytes())) == 1
    assert names(keeper) == ["2026-11-23.pdf"], "and nothing half written beside it"
    if os.name == "posix":
        assert keeper.folder.stat().st_mode & 0o077 == 0


def test_a_paper_is_made_once_also_over_a_restart(
    keeper: ReportKeeper, days: KeptDays, tmp_path: Path
) -> None:
    keeper.look(CLOSED_MS)
    asked = days.documents
    assert keeper.look(CLOSED_MS + 30_000).made == ()
    assert ReportKeeper(tmp_path, days).look(CLOSED_MS + 9 * HOUR_MS).made == ()
    assert days.documents == asked, "a day of which nothing was told since is not even reckoned"


def test_days_without_a_paper_are_caught_up_a_few_at_a_time(tmp_path: Path) -> None:
    days = KeptDays(*(f"2026-11-{day:02}" for day in range(16, 24)))
    keeper = ReportKeeper(tmp_path, days)
    made = [len(keeper.look(CLOSED_MS + look * 30_000).made) for look in range(4)]
    assert made == [MADE_AT_ONCE, MADE_AT_ONCE, 2, 0]
    assert names(keeper)[0] == "2026-11-16.pdf"


def test_a_correction_makes_a_second_paper_and_leaves_the_first(
    keeper: ReportKeeper, days: KeptDays
) -> None:
    """Never overwritten: what was signed stays as it was signed."""
    keeper.look(CLOSED_MS)
    first = (keeper.folder / "2026-11-23.pdf").read_bytes()
    days.correct()
    looked = keeper.look(CLOSED_MS + DAY_MS)
    assert [path.name for path in looked.made] == ["2026-11-23-2.pdf"]
    assert (keeper.folder / "2026-11-23.pdf").read_bytes() == first
    days.correct()
    assert [path.name for path in keeper.look(CLOSED_MS + 2 * DAY_MS).made] == ["2026-11-23-3.pdf"]
    assert keeper.newest("2026-11-23") == keeper.folder / "2026-11-23-3.pdf"


def test_while_telephones_still_rate_the_day_no_second_paper_is_made(
    keeper: ReportKeeper, days: KeptDays
) -> None:
    keeper.look(CLOSED_MS)
    assert not keeper.is_behind("2026-11-23")
    days.correct()
    assert keeper.look(CLOSED_MS + SETTLES_MS - 1).made == ()
    assert keeper.is_behind("2026-11-23"), "the page says that it knows more"
    assert len(keeper.look(CLOSED_MS + SETTLES_MS).made) == 1
    assert not keeper.is_behind("2026-11-23")


def test_a_day_that_was_closed_again_has_its_paper_at_once(
    keeper: ReportKeeper, days: KeptDays
) -> None:
    keeper.look(CLOSED_MS)
    days.sign_again()
    assert [path.name for path in keeper.look(CLOSED_MS + 90_000).made] == ["2026-11-23-2.pdf"]


def test_what_changes_no_figure_makes_no_paper(keeper: ReportKeeper, days: KeptDays) -> None:
    keeper.look(CLOSED_MS)
    days.laters["2026-11-23"] += 1
    assert keeper.look(CLOSED_MS + DAY_MS).made == ()
    asked = days.documents
    keeper.look(CLOSED_MS + DAY_MS + 30_000)
    assert days.documents == asked, "compared once, not every half minute"


def test_the_paper_itself_says_which_figures_it_has(keeper: ReportKeeper, days: KeptDays) -> None:
    keeper.look(CLOSED_MS)
    facts = pdf_facts((keeper.folder / "2026-11-23.pdf").read_bytes())
    digest = days.document("2026-11-23", "id").digest
    assert facts["Keywords"] == f"antrean figures={digest} closing=1 later=1"


def test_a_strangers_file_in_the_folder_is_left_alone(keeper: ReportKeeper) -> None:
    keeper.folder.mkdir()
    (keeper.folder / "holiday.pdf").write_bytes(b"x")
    (keeper.folder / "2026-11-23.pdf").write_bytes(b"not ours")
    looked = keeper.look(CLOSED_MS + DAY_MS)
    assert [path.name for path in looked.made] == ["2026-11-23-2.pdf"]
    assert (keeper.folder / "2026-11-23.pdf").read_bytes() == b"not ours"


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, "disk penuh"), (errno.EROFS, "hanya dapat dibaca")]
)
def test_a_full_disk_is_told_and_the_paper_made_later(
    keeper: ReportKeeper, number: int, words: str
) -> None:
    with patch("report.files.os.fsync", side_effect=OSError(number, "no")):
        looked = keeper.look(CLOSED_MS)
    assert looked.made == ()
    assert words in looked.problems[0]
    assert names(keeper) == [], "nothing half written is left"
    looked = keeper.look(CLOSED_MS + 30_000)
    assert (len(looked.made), looked.problems) == (1, ())


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, days: KeptDays) -> None:
    (tmp_path / "reports").write_text("a file stands where the folder should be")
    looked = ReportKeeper(tmp_path, days).look(CLOSED_MS)
    assert looked.made == ()
    assert "tidak dapat disimpan" in looked.problems[0]


def test_a_file_is_whole_or_not_there_and_its_name_is_on_the_disk(tmp_path: Path) -> None:
    """F02: the bytes are waited for before they get their name, and the name after it."""
    done: list[str] = []
    fsync, rename = os.fsync, Path.rename

    def noted_fsync(handle: int) -> None:
        done.append("synced")
        fsync(handle)

    def noted_rename(path: Path, to: Path) -> Path:
        done.append("named")
        return rename(path, to)

    with patch("report.files.os.fsync", noted_fsync), patch.object(Path, "rename", noted_rename):
        add_durably(tmp_path / "a", b"bytes")
    assert done == (["synced", "named", "synced"] if os.name == "posix" else ["synced", "named"])


def test_a_name_that_is_taken_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"mine")
    add_durably(path, b"mine")
    with pytest.raises(FileProblemError, match="taken"):
        add_durably(path, b"yours")
    assert path.read_bytes() == b"mine"


def test_a_paper_that_cannot_be_read_keeps_no_other_from_being_made(tmp_path: Path) -> None:
    """A folder of that name stands for all: root's file, a broken disk. It stays as it is."""
    keeper = ReportKeeper(tmp_path, KeptDays("2026-11-20", "2026-11-23"))
    (keeper.folder / "2026-11-20.pdf").mkdir(parents=True)
    looked = keeper.look(CLOSED_MS)
    assert sorted(path.name for path in looked.made) == ["2026-11-20-2.pdf", "2026-11-23.pdf"]
    assert keeper.look(CLOSED_MS + 30_000).made == ()
    assert keeper.newest("2026-11-20") == keeper.folder / "2026-11-20-2.pdf"
    assert (keeper.folder / "2026-11-20.pdf").is_dir()
