"""antrean-server complaints: lists at a terminal, and a CSV for whoever types them into SIPP."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from protocol import messages as m
from server.administration.arguments import parser
from server.administration.complaint_list import (
    COLUMNS,
    complaint_lines,
    export_complaints,
    safe_cells,
)
from server.administration.console import COMMANDS, Console
from server.administration.refusal import RefusedError
from server.administration.startup import Startup
from tests.server.lane_story import BUDI, DOOR, LaneStory

PAYLOADS = ("=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\0=1", "\r=1", "=cmd|' /C calc'!A0")


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[LaneStory]:
    story = LaneStory(tmp_path)
    story.sign_in(DOOR, BUDI)
    yield story
    story.store.close()


def filed(branch: LaneStory, level: str = "red", **fields: Any) -> str:
    word = m.FileComplaint(
        id=uuid4(), level=level, description="Canary teks.", name="Canary Nama", **fields
    )
    complaint: str = branch.ask(word, DOOR)["complaint"]["id"]
    branch.clock.ms += 60_000
    return complaint


def test_a_terminal_shows_the_most_urgent_first_and_no_word_of_what_was_said(
    branch: LaneStory,
) -> None:
    filed(branch, "green", sipp="S-1")
    filed(branch, "red", lapor="L-2")
    lines = complaint_lines(branch.store, "open", branch.clock.ms + 3_600_000, "id")
    said = "\n".join(lines)
    assert lines[2].index("2026-11-20 08:00") < len(lines[2])
    assert ["S-1" in lines[2], "L-2" in lines[3]] == [True, True]
    assert "tanggapan lewat" in lines[2]
    assert lines[-1] == "2 pengaduan."
    assert "anary" not in said
    english = complaint_lines(branch.store, "overdue", branch.clock.ms + 3_600_000, "en")
    assert english[-1] == "Complaints: 2."


@pytest.mark.parametrize("which", ["open", "overdue", "all"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_where_there_is_none_a_sentence_says_so(
    branch: LaneStory, which: str, language: str
) -> None:
    (line,) = complaint_lines(branch.store, which, branch.clock.ms, language)
    assert line.endswith(".")


def test_the_csv_has_every_complaint_and_nothing_personal(
    branch: LaneStory, tmp_path: Path
) -> None:
    complaint = filed(branch, "yellow", sipp="S-1")
    branch.ask(m.UpdateComplaint(id=uuid4(), complaint=complaint, step="solved"), DOOR)
    filed(branch)
    path = tmp_path / "complaints.csv"
    assert export_complaints(branch.store, "all", branch.clock.ms, path) == 2
    text = path.read_text("utf-8-sig")
    assert "anary" not in text
    rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
    assert tuple(rows[0]) == COLUMNS
    assert [row["state"] for row in rows] == ["open", "solved"]
    assert (rows[1]["sipp"], rows[1]["filed_at"]) == ("S-1", "2026-11-20 08:00")


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_cell_begins_as_a_formula(payload: str) -> None:
    """F49."""
    (cell,) = safe_cells([payload])
    assert cell[0] == "'"
    assert safe_cells(["A001", "", "2026-11-20 08:00"]) == ["A001", "", "2026-11-20 08:00"]


def test_a_file_that_is_there_is_not_written_over(branch: LaneStory, tmp_path: Path) -> None:
    path = tmp_path / "kept.csv"
    path.write_text("mine", "utf-8")
    with pytest.raises(RefusedError, match="is there already"):
        export_complaints(branch.store, "all", branch.clock.ms, path)
    assert path.read_text("utf-8") == "mine"
    with pytest.raises(RefusedError, match="cannot be written"):
        export_complaints(branch.store, "all", branch.clock.ms, tmp_path / "no" / "where.csv")


def test_both_are_said_at_a_terminal_beside_a_running_server(
    branch: LaneStory, tmp_path: Path
) -> None:
    filed(branch)
    console = Console(Startup(tmp_path, "127.0.0.1", 0, None, None, None, "info", False))
    asked = parser().parse_args(["complaints", "list", "--which", "all"])
    said = COMMANDS["complaints list"](asked, console)
    assert list(said.lines)[-1] == "1 pengaduan."
    path = tmp_path / "all.csv"
    asked = parser().parse_args(["complaints", "export", str(path)])
    said = COMMANDS["complaints export"](asked, console)
    assert list(said.notes) == [f"wrote 1 complaints to {path}"]
    assert path.exists()
