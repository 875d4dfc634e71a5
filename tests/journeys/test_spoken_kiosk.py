"""A visitor who does not see and calls for a person: the real kiosk, its voice, and the door."""

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.journeys.listening import sounds_in
from tests.journeys.screens import Screens
from tests.journeys.test_front_door import events, stand_at_the_door, with_officer
from tests.running_branch import RunningBranch
from tests.sound_room import Recording, SoundRoom, SoundRoomMissingError
from tests.tcp_printer import TcpPrinter

RINGS_S = 2.0
BEGINS_S = 20.0
"""The voice process starts with the first who wants it, on a machine that others use, too."""
LISTENED_S = 6.0


@pytest.fixture
def room() -> Iterator[SoundRoom]:
    try:
        opened = SoundRoom()
    except SoundRoomMissingError as missing:
        pytest.fail(str(missing), pytrace=False)
    with opened:
        yield opened


def voice_share(heard: Recording) -> float:
    """How much of what was heard lies where a voice has its strength, 80 to 4,000 Hz."""
    power = np.abs(np.fft.rfft(heard.samples)) ** 2
    pitches = np.fft.rfftfreq(len(heard.samples), 1 / heard.rate)
    return float(power[(pitches > 80) & (pitches < 4000)].sum() / power.sum())


def spoken_s(heard: Recording) -> float:
    return sum(end_s - start_s for start_s, end_s in heard.stretches(gap_s=0.1))


async def test_an_arrow_begins_the_voice_and_a_press_on_the_kiosk_rings_the_door(
    branch: RunningBranch, tmp_path: Path, room: SoundRoom
) -> None:
    """V12 and the issue's "rings the screening desk within 2 s", with nothing in place of anything
    but the loudspeaker."""
    with with_officer(branch), TcpPrinter() as printer, Screens(branch, tmp_path) as screens:
        door = stand_at_the_door(screens)
        kiosk = screens.kiosk(printer.url, environment=sounds_in(room))
        kiosk.wait(page="idle")
        kiosk.wait(name="start", enabled=True)
        with room.record() as silence:
            await asyncio.sleep(1)
        assert spoken_s(silence) == 0, "nobody has asked for speech"
        with room.record() as page:
            kiosk.key("Down")
            began_s = time.monotonic()
            while not room.streams() and time.monotonic() < began_s + BEGINS_S:
                await asyncio.sleep(0.05)
            await asyncio.sleep(LISTENED_S)
        assert spoken_s(page) > 2, "the first page is read out"
        assert voice_share(page) > 0.8
        began_s = time.monotonic()
        kiosk.press("call-officer")
        await asyncio.to_thread(door.wait, name="help-go", enabled=True)
        rang_s = time.monotonic() - began_s
        assert rang_s < RINGS_S, f"the door rang after {rang_s:.2f} s"
        assert "Kiosk 1" in door.shown()["help-words"]
        kiosk.wait(name="officer-title", text="Petugas dipanggil")
        door.press("help-go")
        kiosk.wait(name="officer-title", text="Petugas sedang datang")
        (asked,) = events(branch, "OfficerCalled")
        assert asked["device"] == "kiosk-1"
        # Who turns it off hears no more.
        kiosk.press("speech")
        await asyncio.sleep(1)
        with room.record() as after:
            await asyncio.sleep(1.5)
        assert spoken_s(after) == 0
