"""The demo: a day that adds up by the database's own count, and windows that a person may use."""

import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest

from db.engine import sqlite_url
from server.administration.summary import read_summary
from server.administration.verify import verify
from server.store import Store
from simulation.day import LEAST_VISITS, plan_day
from simulation.demo_branch import CALLS_H
from simulation.door_officer import NAMES
from simulation.paper_roll import PaperRoll
from simulation.tiling import Area, tile
from tests.counter.x_screen import XScreen, wait_for

LAST_LINE = re.compile(
    r"issued (\d+) = finished (\d+) \+ no-show (\d+) \+ cancelled (\d+) \+ expired (\d+)"
)
A_FINISHED_ONE = "SELECT id FROM ticket WHERE state = 'finished' ORDER BY id LIMIT 1"
DEMO = (sys.executable, "-m", "simulation.demo")


def run_demo(*words: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [*DEMO, *words],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )


@contextmanager
def database(data: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(data / "branch.db", timeout=5)
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


def count(data: Path, sql: str) -> int:
    with database(data) as connection:
        found: int = connection.execute(sql).fetchone()[0]
        return found


# Without a screen.


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A short day through the real programs: its folder, and what was said."""
    data = tmp_path_factory.mktemp("demo") / "branch"
    done = run_demo("--headless", "--tickets", "24", "--seed", "7", "--data", str(data))
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return data, done.stdout


def test_the_last_line_is_what_the_database_says(played: tuple[Path, str]) -> None:
    data, said = played
    figures = LAST_LINE.fullmatch(said.splitlines()[-1])
    assert figures is not None, said
    issued, finished, no_show, cancelled, expired = map(int, figures.groups())
    with database(data) as connection:
        states = dict(
            connection.execute("SELECT state, count(*) FROM ticket GROUP BY state").fetchall()
        )
    assert states == {
        "finished": finished,
        "no-show": no_show,
        "cancelled": cancelled,
        "expired": expired,
    }
    assert issued == sum(states.values()) == 24
    assert issued == count(data, "SELECT count(*) FROM event WHERE type = 'TicketIssued'")


def test_every_number_came_from_kiosk_or_door_and_every_paper_out_of_the_printer(
    played: tuple[Path, str],
) -> None:
    data, _ = played
    of_kiosk = count(data, "SELECT count(*) FROM ticket WHERE device = 'kiosk-1'")
    of_door = count(data, "SELECT count(*) FROM ticket WHERE device = 'door-1'")
    assert of_kiosk + of_door == 24
    assert min(of_kiosk, of_door) > 0
    assert count(data, "SELECT count(*) FROM ticket WHERE print = 'printed'") == 24
    papers: list[str] = []
    PaperRoll(data / "paper.escpos", papers.append).look()
    with database(data) as connection:
        numbers = [row[0] for row in connection.execute("SELECT number FROM ticket")]
    assert [any(number in paper for paper in papers) for number in numbers] == [True] * 24


def test_an_officer_at_the_door_receives_visitors_of_every_kind_and_the_day_adds_up(
    played: tuple[Path, str],
) -> None:
    """Laws I9, I11 and I13 over a day of the real programs."""
    data, said = played
    with Store.open(sqlite_url(data / "branch.db"), read_only=True) as store:
        summary = read_summary(store, None)
        if not summary.door.screened:  # the midnight has opened the next day already
            day = str(count(data, "SELECT min(business_date) FROM screening"))
            summary = read_summary(store, day)
        assert verify(store) == []
    door = summary.door
    assert summary.adds_up
    assert set(door.outcomes) == {
        *("ticket", "code", "solved", "channel", "self-service", "office", "return"),
    }
    assert min(door.guests, door.repeat_visits, door.persons) > 0
    # Whoever got a code typed it at the kiosk, and got the number there.
    assert door.codes_used == door.outcomes["code"]
    assert count(data, "SELECT count(*) FROM complaint") == 1
    # Whoever was sent somewhere has it on paper, and the paper says so only once.
    slips = count(data, "SELECT count(*) FROM event WHERE type = 'SlipRequested'")
    papers: list[str] = []
    PaperRoll(data / "paper.escpos", papers.append).look()
    copies = sum("CETAK ULANG" in paper for paper in papers)
    assert slips == count(
        data,
        "SELECT count(*) FROM event WHERE type = 'SlipRecorded' AND body LIKE '%\"printed\"%'",
    )
    assert len(papers) == 24 + slips
    assert copies == count(
        data,
        "SELECT count(*) FROM event WHERE type = 'SlipRequested' AND body LIKE '%\"copy\":2%'",
    )
    assert "Di pintu" in said or "At the door" in said


def test_nothing_personal_of_the_door_lies_open_in_the_demos_folder(
    played: tuple[Path, str],
) -> None:
    """Law I12: made-up numbers of people begin with 357808, guests have a name."""
    data, said = played
    sealed = count(data, "SELECT count(*) FROM sealed_record")
    assert sealed > 0
    kept = [file for file in data.rglob("*") if file.is_file() and file.name != "branch.key"]
    for file in kept:
        found = re.findall(rb"357808[0-9]{10}", file.read_bytes())
        assert found == [], f"{file.name} tells of {len(found)} people"
        for name in NAMES:
            assert name.encode() not in file.read_bytes(), file.name
    assert "357808" not in said


def test_every_call_was_seen_on_the_tv(played: tuple[Path, str]) -> None:
    data, _ = played
    called = count(
        data, "SELECT count(*) FROM event WHERE type IN ('TicketCalled', 'TicketRecalled')"
    )
    confirmed = count(
        data,
        "SELECT count(*) FROM event WHERE type = 'AnnouncementConfirmed' AND actor = 'display-1'",
    )
    assert called > 0
    assert confirmed == called


def test_a_kept_folder_can_be_counted_again_and_tampering_is_told(
    played: tuple[Path, str], tmp_path: Path
) -> None:
    data, said = played
    again = run_demo("--account", str(data))
    assert again.returncode == 0
    assert again.stdout.splitlines()[-1] == said.splitlines()[-1]
    for tamper in (put_back_into_the_line, take_out):
        copy = tmp_path / tamper.__name__
        shutil.copytree(data, copy)
        with database(copy) as connection:
            tamper(connection)
        wrong = run_demo("--account", str(copy))
        assert wrong.returncode == 1
        assert "24 tickets were issued, but 23 came to an end" in wrong.stderr


def put_back_into_the_line(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE ticket SET state = 'waiting' WHERE id = (" + A_FINISHED_ONE + ")")


def take_out(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM ticket WHERE id = (" + A_FINISHED_ONE + ")")


def test_a_demo_without_a_screen_says_what_to_do(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if "DISPLAY" not in key}
    done = subprocess.run(
        [*DEMO, "--data", str(tmp_path / "branch")],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 4
    assert "script/demo --headless" in done.stderr


# The plan.


def test_a_seed_tells_the_same_day_again_and_another_seed_another_one() -> None:
    assert plan_day(Random(3), 50) == plan_day(Random(3), 50)
    assert plan_day(Random(3), 50) != plan_day(Random(4), 50)


@pytest.mark.parametrize("seed", range(20))
def test_every_day_has_somebody_for_each_end_of_a_ticket(seed: int) -> None:
    people = plan_day(Random(seed), LEAST_VISITS)
    assert len(people) == LEAST_VISITS
    assert any(not person.shows_up for person in people)
    assert any(person.gives_up_after_s is not None for person in people)
    assert people[-1].arrives_s > CALLS_H * 3600


# On a screen.


@pytest.mark.parametrize(
    "size", [(1920, 1080), (1366, 768), (1280, 800), (2560, 1440), (3840, 2160), (1024, 768)]
)
def test_the_windows_stand_beside_one_another_inside_the_screen(size: tuple[int, int]) -> None:
    free = Area(0, 0, *size)
    tiles = tile(free)
    windows = [tiles.kiosk, tiles.display, tiles.counter]
    for window in windows:
        assert window.x >= 0
        assert window.y > 0
        assert window.x + window.width <= free.width
        assert window.y + window.height <= free.height
    assert not tiles.kiosk.overlaps(tiles.display)
    assert not tiles.kiosk.overlaps(tiles.counter)
    assert not tiles.display.overlaps(tiles.counter)
    assert tiles.kiosk.height > tiles.kiosk.width


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[XScreen]:
    with XScreen(tmp_path, "1920x1080x24") as x:
        yield x


def area_of(screen: XScreen, window: str) -> Area:
    told = dict(
        line.split("=")
        for line in screen.xdotool("getwindowgeometry", "--shell", window).splitlines()
    )
    return Area(*(int(told[key]) for key in ("X", "Y", "WIDTH", "HEIGHT")))


def touch(screen: XScreen, window: str, across: float, down: float) -> None:
    """Press a window at these shares of its width and height."""
    area = area_of(screen, window)
    x, y = round(area.width * across), round(area.height * down)
    screen.xdotool("mousemove", "--window", window, str(x), str(y), "click", "1")


def processes_of(data: Path) -> list[str]:
    """The command lines of living processes that name this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue  # it has just ended
        if str(data) in words:
            found.append(words)
    return found


def test_a_person_takes_a_number_and_calls_it_and_ctrl_c_ends_everything(
    screen: XScreen, tmp_path: Path
) -> None:
    data = tmp_path / "branch"
    told = tmp_path / "told.txt"
    with told.open("wb") as out:
        demo = screen.start([*DEMO, "--data", str(data), "--speed", "20"], stdout=out.fileno())
    wait_for("the guide", lambda: "Ctrl+C" in told.read_text("utf-8"), 40)
    kiosk, tv, counter = (
        screen.xdotool("search", "--onlyvisible", "--name", name).splitlines()[0]
        for name in ("^Ambil nomor antrean", "^Layar antrean", "^Loket")
    )
    areas = [area_of(screen, window) for window in (kiosk, tv, counter)]
    for place, area in enumerate(areas):
        assert not any(area.overlaps(other) for other in areas[place + 1 :])
        assert area.x + area.width <= 1920
        assert area.y + area.height <= 1080

    mine = "SELECT count(*) FROM ticket WHERE device = 'kiosk-1'"

    def takes_a_number() -> bool:
        """As a person does it: touch, look, touch; and again if the screen was not ready yet."""
        touch(screen, kiosk, 0.5, 0.57)
        time.sleep(1)  # touches on a page that has just appeared do not count
        touch(screen, kiosk, 0.27, 0.46)
        time.sleep(1)
        # What could be done from home is told first: "take a number" all the same.
        touch(screen, kiosk, 0.27, 0.78)
        time.sleep(1)
        return count(data, mine) == 1

    wait_for("a ticket of the touched kiosk", takes_a_number, 30)
    wait_for("its paper", lambda: "NOMOR ANTREAN ANDA" in told.read_text("utf-8"), 20)

    called = "SELECT count(*) FROM ticket WHERE counter = 1"

    def calls_somebody() -> bool:
        """As a person does it: press, and press again while the colleagues leave nobody over."""
        screen.xdotool("key", "F2")
        time.sleep(0.5)
        return count(data, called) > 0

    screen.focus(counter)
    wait_for("a call from counter 1", calls_somebody, 30)

    started = processes_of(data)
    assert len(started) >= 5  # the demo, the server and three windows
    demo.send_signal(signal.SIGINT)
    assert demo.wait(20) == 130
    assert processes_of(data) == []
