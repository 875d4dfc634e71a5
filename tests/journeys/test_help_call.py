"""A visitor asks for a person: the real server and the staff's real programs."""

import asyncio
import time
from pathlib import Path
from uuid import uuid4

from protocol.messages import Accepted, CallOfficer, KioskSnapshot
from tests.journeys.screens import Screens, sit_down
from tests.journeys.test_front_door import events, stand_at_the_door, with_officer
from tests.running_branch import RunningBranch

RINGS_S = 2.0


def says_who_comes(snapshot: KioskSnapshot) -> bool:
    return any(call.answered_by for call in snapshot.help)


async def test_the_desk_rings_within_two_seconds_and_the_kiosk_hears_who_comes(
    branch: RunningBranch, tmp_path: Path
) -> None:
    """Issue: "call an officer" rings the screening desk within 2 s; no name reaches a kiosk."""
    with with_officer(branch), Screens(branch, tmp_path) as screens:
        door, seat = stand_at_the_door(screens), screens.counter()
        sit_down(seat, "sari")
        async with branch.client("kiosk-1") as kiosk:
            began_s = time.monotonic()
            assert isinstance(await kiosk.ask(CallOfficer(id=uuid4())), Accepted)
            await asyncio.to_thread(door.wait, name="help-go", enabled=True)
            rang_s = time.monotonic() - began_s
            assert rang_s < RINGS_S, f"the band stood after {rang_s:.2f} s"
            assert "Kiosk 1: pengunjung memanggil petugas" in door.shown()["help-words"]
            await asyncio.to_thread(seat.wait, name="help-call", text="Kiosk 1")
            await asyncio.to_thread(door.press, "help-go")
            seen = await kiosk.notice(KioskSnapshot, where=says_who_comes)
        assert [call.answered_by for call in seen.help] == ["Petugas"]
        door.wait(name="remark", text="Kiosk 1")
        assert "help-go" not in door.shown()
        (answered,) = events(branch, "CallAnswered")
        assert (answered["staff"], answered["device"]) == ("omar", "screening-1")
