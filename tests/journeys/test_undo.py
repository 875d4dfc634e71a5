"""One key too many, taken back in time: the TV and the voice are put right (L3)."""

import json
from pathlib import Path

from tests.journeys.listening import calls_in, sounds_in
from tests.journeys.screens import Screen, Screens, eventually, sit_down
from tests.running_branch import RunningBranch
from tests.sound_room import SoundRoom

CONFIRMED = "SELECT body FROM event WHERE type = 'AnnouncementConfirmed' ORDER BY seq"
STATES = "SELECT number, state FROM ticket ORDER BY number"


def outcomes(branch: RunningBranch) -> list[str]:
    """What the display said of each announcement, in order."""
    return [json.loads(body)["outcome"] for (body,) in branch.rows(CONFIRMED)]


def give_number(seat: Screen, number: str) -> None:
    """The frontliner gives a number without paper: the second service, Enter."""
    seat.key("Ctrl+N")
    seat.wait(page="serving-issue")
    seat.key("2")
    seat.key("Return")
    seat.wait(name="remark", pattern=f"Nomor {number} dibuat")


def serve_first(seat: Screen, room: SoundRoom) -> None:
    seat.wait(name="waiting-total", text="2")
    seat.key("F2")
    seat.wait(name="my-number", text="B001")
    # Who comes before the voice begins is not called aloud any more.
    eventually(room.streams, bool, "the first call to sound")
    seat.key("F4")
    seat.wait(name="my-state", text="Dilayani")


def test_a_call_that_was_one_key_too_many_is_neither_seen_nor_heard_any_more(
    branch: RunningBranch, tmp_path: Path
) -> None:
    with (
        branch,
        SoundRoom() as room,
        Screens(branch, tmp_path) as screens,
    ):
        seat = screens.counter()
        board = screens.display(environment=sounds_in(room))
        sit_down(seat, "sari")
        board.wait(name="sound", text="Suara hidup")
        for number in ("B001", "B002"):
            give_number(seat, number)
        with room.record() as heard:
            serve_first(seat, room)
            # Finished by mistake, which called the next one: it waits for the voice.
            seat.key("F2")
            seat.wait(name="my-number", text="B002")
            board.wait(name="history-1", pattern="B002")
            seat.wait(name="undo", pattern="Batalkan")
            seat.key("Ctrl+Z")
            seat.wait(name="my-number", text="B001")
            seat.wait(name="my-state", text="Dilayani")
            board.wait(name="history-1", pattern="B002", gone=True)
            board.wait(name="current-number", text="B001")
            eventually(lambda: outcomes(branch), lambda said: len(said) == 2, "both outcomes")
            eventually(room.streams, lambda count: not count, "silence")
        assert sorted(outcomes(branch)) == ["shown", "spoken"]
        assert len(calls_in(heard)) == 1, "the withdrawn call is not spoken"
        assert branch.rows(STATES) == [("B001", "serving"), ("B002", "waiting")]

        # Once more, and now the withdrawn call is already on the card and in the air.
        seat.key("F2")
        board.wait(name="current-number", text="B002")
        eventually(room.streams, bool, "the second call to sound")
        seat.wait(name="undo", pattern="Batalkan")
        seat.key("Ctrl+Z")
        board.wait(name="current-number", text="B001")
        eventually(lambda: outcomes(branch)[2:], bool, "the cut call's outcome", 3)
        assert outcomes(branch)[2] == "shown"
        assert branch.rows(STATES) == [("B001", "serving"), ("B002", "waiting")]
