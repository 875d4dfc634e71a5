"""What the staff sees of the door: its day, a visitor, and where else help is now."""

import json
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from protocol import messages as m
from server.adapters.sealing import KeySealer
from server.domain.openness import next_change_ms
from server.snapshots import Hall, hall_snapshot, queue_snapshot, screening_snapshot
from tests.server.front_door import DAY_MS, NIK, FrontDoor
from tests.server.lane_story import DESK, DEWI, DOOR, OFFICE


@pytest.fixture
def door(tmp_path: Path) -> Iterator[FrontDoor]:
    story = FrontDoor(tmp_path)
    yield story
    story.store.close()


# What is shown.


def test_the_counter_sees_what_the_door_captured_of_the_visitor_that_it_holds(
    door: FrontDoor,
) -> None:
    """Row 5: nothing is asked twice."""
    screened = door.screen(
        "ticket", matter="identity-change", segment="PBPU", papers=["ktp"], missing=["kk"]
    )
    assert queue_snapshot(Hall(door.lane.day, door.clock.ms), "counter-1").screening is None
    door.ask(m.CallTicket(id=uuid4(), ticket=screened["ticket"]["id"]), DESK)
    shown = queue_snapshot(Hall(door.lane.day, door.clock.ms), "counter-1").screening
    assert shown is not None
    assert (shown.id, shown.matter, shown.segment) == (
        screened["screening"],
        "identity-change",
        "PBPU",
    )
    assert (shown.papers, shown.missing, shown.staff) == (["ktp"], ["kk"], "budi")


def test_the_door_sees_its_day_and_its_last_visitors(door: FrontDoor) -> None:
    numbered = door.screen("ticket", service="A", print_at="kiosk-1")
    coded = door.screen("code", service="B", print_at="kiosk-1")
    for _ in range(9):
        door.screen("solved", reason="otp")
    hall = Hall(door.lane.day, door.clock.ms)
    seen = screening_snapshot(hall, "door-1", [], door.clock.ms)
    assert seen.today == hall_snapshot(hall, "office-1", []).today_at_door
    assert seen.today is not None
    assert (seen.today.screened, seen.today.outcomes) == (
        11,
        {"code": 1, "solved": 9, "ticket": 1},
    )
    assert len(seen.recent) == 10
    assert (seen.recent[9].screening, seen.recent[9].code) == (coded["screening"], coded["code"])
    assert (seen.recent[9].slip, seen.recent[0].outcome) == ("pending", "solved")
    door.take(coded["code"])
    (first,) = [
        one
        for one in screening_snapshot(
            Hall(door.lane.day, door.clock.ms), "door-1", [], door.clock.ms
        ).recent
        if one.screening == coded["screening"]
    ]
    assert (first.number, first.state, first.code) == ("B001", "waiting", None)
    assert numbered["screening"] not in [one.screening for one in seen.recent]


def test_channels_and_offices_follow_the_clock_and_wake_the_snapshots(door: FrontDoor) -> None:
    """PANDAWA answers until 15.00; then another way is shown without any event."""

    def seen() -> m.ScreeningSnapshot:
        hall = Hall(door.lane.day, door.clock.ms)
        return screening_snapshot(hall, "door-1", [], door.clock.ms)

    door.clock.set("2026-11-20T14:59:59")
    assert "pandawa" in seen().channels_open
    assert "dinsos" not in seen().offices_open, "Fridays until 11"
    change_ms = next_change_ms(door.lane.day.branch, door.clock.ms)
    assert change_ms == door.clock.ms + 1000
    door.clock.ms = change_ms
    assert "pandawa" not in seen().channels_open
    assert "care-center" in seen().channels_open


def test_a_disturbed_channel_is_not_shown_as_open(door: FrontDoor) -> None:
    hall = Hall(door.lane.day, door.clock.ms)
    assert "mobile-jkn" in screening_snapshot(hall, "door-1", [], door.clock.ms).channels_open
    door.ask(m.DeclareDisturbance(id=uuid4(), system="mobile-jkn"), DOOR)
    hall = Hall(door.lane.day, door.clock.ms)
    assert "mobile-jkn" not in screening_snapshot(hall, "door-1", [], door.clock.ms).channels_open


def test_a_screening_is_read_again_by_its_id_or_its_ticket_masked(door: FrontDoor) -> None:
    done = door.screen("ticket", service="A", identifier=NIK, note="bawa\x1b surat", segment="PBPU")
    for named in ({"screening": done["screening"]}, {"ticket": done["ticket"]["id"]}):
        view = door.get(**named)["screening"]
        assert (view["masked"], view["note"]) == ("************0002", "bawa surat")
        assert view["facts"]["segment"] == "PBPU"
        assert NIK not in json.dumps(view)
    assert door.get(screening="none")["reason"] == "unknown-screening"
    assert door.get()["reason"] == "missing-field"


def test_a_screening_of_an_earlier_day_is_whole_until_its_time_is_over(door: FrontDoor) -> None:
    """Then the coded facts are left, and it says so (UU PDP Art. 43)."""
    done = door.screen(
        "ticket", service="A", identifier=NIK, needs=["wheelchair"], overrides={}, note="a"
    )
    today = door.get(ticket=done["ticket"]["id"])["screening"]
    door.clock.ms += 3 * DAY_MS
    door.sign_in(OFFICE, DEWI)
    assert not door.lane.day.screenings
    for named in ({"screening": done["screening"]}, {"ticket": done["ticket"]["id"]}):
        assert door.get(**named)["screening"] == today
    door.clock.ms += 27 * DAY_MS
    door.sign_in(OFFICE, DEWI)
    over = door.get(screening=done["screening"])["screening"]
    assert (over["masked"], over["note"], over["erased"]) == ("", "", True)
    assert over["facts"] == today["facts"]


def test_another_key_opens_no_seal_and_the_facts_still_help(
    door: FrontDoor, caplog: pytest.LogCaptureFixture
) -> None:
    done = door.screen("solved", reason="otp", identifier=NIK)["screening"]
    door.sealer = KeySealer(b"another key of 32 bytes for this")
    door.restart()
    view = door.get(screening=done)["screening"]
    assert (view["masked"], view["facts"]["id"], view.get("erased")) == ("", done, False)
    assert "does not open" in caplog.text
    assert NIK not in caplog.text
