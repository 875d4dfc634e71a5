"""``antrean-server replay``: a past day under another rule or staffing, and why not."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.engine import sqlite_url
from server.administration.arguments import parser
from server.administration.console import Console, replay
from server.administration.refusal import RefusedError
from server.administration.replay import as_table, replay_day
from server.administration.startup import Startup, read_startup
from server.domain.rerun import Plan
from server.store import Store
from tests.server.stored_day import DAY_MS, MORNING_MS, StoredDay, a_whole_day


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A day on which priority went first, and one that is open."""
    path = tmp_path / "branch.db"
    with Store.open(sqlite_url(path)) as store:
        story = StoredDay(store)
        for priority in ("none", "none", "elderly"):
            story.issue("A", priority=priority)
            story.pass_s(1)
        story.open_counter(1)
        for _ in range(3):
            story.serve(1, 600)
        story.close()
        story.write()
        story = StoredDay(store, "2026-11-21", MORNING_MS + DAY_MS)
        story.issue("A")
        story.write()
    return path


@pytest.fixture
def store(file: Path) -> Iterator[Store]:
    with Store.open(sqlite_url(file), read_only=True) as opened:
        yield opened


def test_both_runs_stand_beside_the_day_as_it_was(store: Store) -> None:
    replayed = replay_day(store, "2026-11-20", Plan("first-come", 2))
    assert replayed.planned is not None
    assert (replayed.really.overtakes_most, replayed.planned.overtakes_most) == (1, 0)
    assert replayed.model == replayed.really
    assert replayed.planned.total is not None
    assert replayed.really.total is not None
    assert replayed.planned.total.mean_ms < replayed.really.total.mean_ms
    lines = as_table(store, replayed, "en")
    assert lines[0].startswith("2026-11-20 run again")
    head, issued = lines[2], lines[4]
    assert head.split("  ")[-1] == "first-come, 2 counters"
    assert issued.split() == ["Issued", "3", "3", "3"]
    (most,) = [line for line in lines if line.startswith("Overtaken most")]
    assert most.split()[-3:] == ["1", "1", "0"]
    told = "\n".join(as_table(store, replayed, "id"))
    assert "A biasa: tunggu terlama" in told
    assert "A prioritas: sesuai target %" in told


def test_without_a_plan_the_model_stands_beside_the_day(store: Store) -> None:
    """So that its own error is seen."""
    replayed = replay_day(store, None, Plan())
    assert replayed.business_date == "2026-11-20", "the newest closed day"
    assert replayed.planned is None
    assert as_table(store, replayed, "id")[2].endswith("Model, seperti hari itu")


def console_of(data: Path) -> Console:
    startup: Startup = read_startup({"data": str(data)}, {})
    return Console(startup, {})


def test_it_is_told_to_programs_and_people_beside_a_running_server(file: Path) -> None:
    words = ["replay", "--date", "2026-11-20", "--discipline", "ratio"]
    with Store.open(sqlite_url(file)):
        console = console_of(file.parent)
        (line,) = replay(parser().parse_args([*words, "--json"]), console).lines
        people = list(replay(parser().parse_args([*words, "--lang", "en"]), console).lines)
    told = json.loads(line)
    assert told["plan"] == {"discipline": "ratio", "counters": None}
    assert told["planned"]["issued"] == told["really"]["total"]["count"] == 3
    assert [part["class"] for part in told["model"]["parts"]] == ["priority", "regular"]
    assert people[2].endswith("ratio")
    just_the_model = replay(parser().parse_args(["replay", "--json"]), console)
    assert json.loads(next(iter(just_the_model.lines)))["planned"] is None


def test_nothing_is_changed(file: Path, store: Store) -> None:
    before = file.read_bytes()
    replay_day(store, None, Plan("first-come", 3))
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("day", "plan", "words"),
    [
        ("2026-11-19", Plan(), "no business day 2026-11-19; known days: 2026-11-20 to 2026-11-21"),
        ("2026-11-21", Plan(), "not closed yet"),
        ("soon", Plan(), "is no date"),
        (None, Plan("by-beauty"), "known are first-come, ratio, due-time"),
        (None, Plan(counters=0), "0 counters are no staffing"),
        (None, Plan(counters=100), "say 1 to 99"),
    ],
)
def test_what_cannot_be_run_again_is_said(
    store: Store, day: str | None, plan: Plan, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        replay_day(store, day, plan)


def test_a_branch_without_a_closed_day_says_so(tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path / "new.db")) as store:
        with pytest.raises(RefusedError, match="has been closed"):
            replay_day(store, None, Plan())
        with pytest.raises(RefusedError, match="known days: none"):
            replay_day(store, "2026-11-20", Plan())


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        ("UPDATE event SET body = '{' WHERE type = 'TicketCalled'", "cannot be read"),
        ("DELETE FROM event WHERE type = 'TicketCalled'", "was changed"),
        ("DELETE FROM service WHERE code = 'A'", "came for A, which the catalogue does not have"),
    ],
)
def test_a_history_or_catalogue_that_does_not_fit_is_named(
    file: Path, edit: str, words: str
) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(edit)
    connection.close()
    with (
        Store.open(sqlite_url(file), read_only=True) as store,
        pytest.raises(RefusedError, match=words),
    ):
        replay_day(store, "2026-11-20", Plan())


def test_a_counter_that_the_branch_lost_since_is_there_again(file: Path) -> None:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("DELETE FROM counter WHERE number = 1")
    connection.close()
    with Store.open(sqlite_url(file), read_only=True) as store:
        replayed = replay_day(store, "2026-11-20", Plan(counters=1))
    assert replayed.planned is not None
    assert replayed.planned.finished == 3


def test_a_day_on_which_nobody_came_has_no_waits(tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path / "branch.db")) as store:
        story = StoredDay(store)
        story.close()
        story.write()
        lines = as_table(store, replay_day(store, None, Plan(counters=2)), "en")
    (mean,) = [line for line in lines if line.startswith("All: mean")]
    assert mean.split()[-3:] == ["–", "–", "–"]


def test_a_small_day_with_one_of_everything_is_run_too(tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path / "branch.db")) as store:
        story = a_whole_day(store)
        replayed = replay_day(store, story.day.business_date, Plan())
    assert (replayed.really.issued, replayed.model.no_show) == (4, 1)
