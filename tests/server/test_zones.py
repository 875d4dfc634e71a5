"""Displays of some services or of a floor: each shows and speaks its own calls, and only those."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from protocol import messages as m
from protocol.roles import DeviceRole
from server import snapshots
from server.commands.handler import Asker
from server.config import SettingError, Settings, parse
from server.domain.branch import Zone
from tests.server.lane_story import ADI, DESK, OTHER_DESK
from tests.server.test_greeting import Wire
from tests.server.test_words import last
from tests.server.visitor_side import VisitorSide

HALL_TV = Asker("tv-1", DeviceRole.DISPLAY)
HALL_TV_TOO = Asker("tv-4", DeviceRole.DISPLAY)
TV_OF_B = Asker("tv-2", DeviceRole.DISPLAY)
TV_OF_DESK_1 = Asker("tv-3", DeviceRole.DISPLAY)


@pytest.fixture
def side(tmp_path: Path) -> Iterator[VisitorSide]:
    told = VisitorSide(tmp_path)
    told.set_all({"display.zone.tv-2": "B", "display.zone.tv-3": "1"})
    told.sit_down(2, OTHER_DESK, ADI)
    yield told
    told.store.close()


def issue(side: VisitorSide, service: str) -> str:
    ticket: str = side.ask(m.IssueTicket(id=uuid4(), service=service))["ticket"]["id"]
    return ticket


def call(side: VisitorSide, ticket: str, asker: Asker) -> None:
    assert side.ask(m.CallTicket(id=uuid4(), ticket=ticket), asker)["type"] == "Accepted"


def numbers(board: dict[str, Any]) -> list[str]:
    return [one["number"] for one in board["calls"]]


def test_a_call_is_told_to_the_displays_of_its_service_or_counter_and_to_the_whole_hall(
    side: VisitorSide,
) -> None:
    tvs = {tv.device: side.connect(tv) for tv in (HALL_TV, TV_OF_B, TV_OF_DESK_1)}
    first, second = issue(side, "A"), issue(side, "B")
    call(side, first, DESK)
    assert [name for name, tv in tvs.items() if "Announcement" in tv.heard] == ["tv-1", "tv-3"]
    call(side, second, OTHER_DESK)
    assert last(tvs["tv-2"], "Announcement")["number"] == "B001"
    assert last(tvs["tv-3"], "Announcement")["number"] == "A001"
    side.notices.flush()
    boards = {name: last(tv, "BoardSnapshot") for name, tv in tvs.items()}
    assert [numbers(board) for board in boards.values()] == [["B001", "A001"], ["B001"], ["A001"]]
    assert [board["total"] for board in boards.values()] == [2, 1, 1]


def test_who_comes_back_hears_only_what_is_due_in_its_zone(side: VisitorSide) -> None:
    call(side, issue(side, "A"), DESK)
    assert "Announcement" not in side.connect(TV_OF_B).heard
    assert "Announcement" in side.connect(TV_OF_DESK_1).heard


def test_waits_and_missed_numbers_are_those_of_the_zone(side: VisitorSide) -> None:
    ticket = issue(side, "A")
    call(side, ticket, DESK)
    side.ask(m.RecordNoShow(id=uuid4(), ticket=ticket), DESK)
    issue(side, "B")
    day, now_ms = side.lane.day, side.clock.ms
    of_b = snapshots.board_snapshot(day, now_ms, day.branch.zone_of("tv-2"))
    assert [(one.service, one.count) for one in of_b.waiting] == [("B", 1)]
    assert (of_b.missed, of_b.zone) == ([], ["B"])
    of_desk = snapshots.board_snapshot(day, now_ms, day.branch.zone_of("tv-3"))
    assert [one.number for one in of_desk.missed] == ["A001"]
    assert of_desk.zone == list(day.skills_of_counter(1).services)
    assert snapshots.board_snapshot(day, now_ms).zone == []


def test_displays_of_one_zone_get_the_same_frame_made_once(
    side: VisitorSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many displays without a zone are one frame, as before."""
    for tv in (HALL_TV, HALL_TV_TOO, TV_OF_B):
        side.connect(tv)
    made: list[Zone] = []
    build = snapshots.board_snapshot

    def counted(day: Any, now_ms: int, zone: Zone) -> m.BoardSnapshot:
        made.append(zone)
        return build(day, now_ms, zone)

    monkeypatch.setattr(snapshots, "board_snapshot", counted)
    side.notices.flush()
    assert made == [Zone(), Zone(("B",))]


def test_a_withdrawn_call_and_a_call_without_a_display_of_its_zone(side: VisitorSide) -> None:
    """The counter is told that nobody will speak it."""
    assert side.hall("tv-2").voice_of(None) is None
    call(side, issue(side, "A"), DESK)
    assert side.at_desk("tv-2").call_voice == "late"
    assert side.at_desk("tv-3").call_voice == "waiting"


def test_a_slow_display_catches_up_with_its_own_zone(side: VisitorSide) -> None:
    class SlowWire(Wire):
        waits = 10**6

        def waiting_bytes(self) -> int:
            return self.waits

    call(side, issue(side, "A"), DESK)
    side.connect(TV_OF_B)
    connection = side.connections.of_device("tv-2")
    assert connection is not None
    slow = SlowWire()
    connection.wire = slow
    side.notices.flush()
    assert slow.frames == []
    slow.waits = 0
    side.notices.catch_up()
    assert numbers(last(slow, "BoardSnapshot")) == []


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("A,B", Zone(("A", "B"))),
        (" B , 2 ", Zone(("B",), (2,))),
        ("", Zone()),
        ("Z,99", Zone()),
    ],
)
def test_what_the_branch_does_not_have_is_left_out_of_a_zone(written: str, zone: Zone) -> None:
    """A mistake shows too much, never too little."""
    settings = Settings({"display.zone.tv-1": written})
    found = settings.zones(["A", "B"], [1, 2])
    assert found == ({} if zone.is_everything else {"tv-1": zone})


@pytest.mark.parametrize("written", ["A;B", "A,A", "lantai 2"])
def test_a_zone_that_says_nothing_is_refused(written: str) -> None:
    with pytest.raises(SettingError):
        parse("display.zone.tv-1", written)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("07:00 100, 12:00 70%,17:00 0", ("07:00 100", "12:00 70", "17:00 0")),
        ("", ()),
        ("07:00 101", None),
        ("12:00 70,07:00 100", None),
        ("25:00 70", None),
        ("07:00 10,07:00 20", None),
        ("07:00", None),
    ],
)
def test_parts_of_the_day_are_in_the_order_of_the_clock(
    written: str, kept: tuple[str, ...] | None
) -> None:
    if kept is None:
        with pytest.raises(SettingError):
            parse("voice.day_parts", written)
    else:
        assert parse("voice.day_parts", written) == kept
