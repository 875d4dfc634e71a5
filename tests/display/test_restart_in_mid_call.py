"""A display that dies in mid-call: the next one is told what is due, and says it once."""

import asyncio
import json
import time
from collections.abc import Callable
from pathlib import Path

from tests.display.test_program import open_hall
from tests.running_branch import RunningBranch
from tests.sound_room import SoundRoom
from tests.ui.driven import DrivenScreen

SPOKEN = "SELECT body FROM event WHERE type = 'AnnouncementConfirmed' ORDER BY seq"


async def _until(thing: Callable[[], bool], what: str, deadline_s: float = 40) -> None:
    end_s = time.monotonic() + deadline_s
    while not thing():
        assert time.monotonic() < end_s, f"waited in vain for {what}"
        await asyncio.sleep(0.02)


async def test_what_a_killed_display_was_saying_is_said_by_the_next_one(tmp_path: Path) -> None:
    """Announcements are durable at the server (I10): not lost, and confirmed exactly once."""
    made = RunningBranch(tmp_path / "data")
    made.add_devices("kiosk", "kiosk-1").add_devices("counter", "counter-1", "counter-3")
    made.add_devices("display", "display-1").add_staff("rina", "budi")
    made.configure(limits__commands_per_s=0)
    with SoundRoom() as room, made:
        sound = {
            name: room.environment[name]
            for name in ("PULSE_SERVER", "PULSE_COOKIE", "XDG_RUNTIME_DIR")
        }

        def confirmed() -> list[str]:
            return [json.loads(body)["outcome"] for (body,) in made.rows(SPOKEN)]

        first = _display(made, tmp_path / "one", sound)
        with first:
            await asyncio.to_thread(_hear_voice, first)
            async with open_hall(made) as hall:
                await hall.call(1)
                await _until(lambda: room.streams() == 1, "the call to sound")
                first.process.kill()
                await _until(lambda: room.streams() == 0, "silence after the kill", 5)
                assert confirmed() == [], "what was cut off is not confirmed"
                with room.record() as heard:
                    second = _display(made, tmp_path / "two", sound)
                    with second:
                        await _until(lambda: confirmed() != [], "the second display's word", 60)
        assert confirmed() == ["spoken"]
        assert sum(end - start for start, end in heard.stretches()) > 5, "and it was in the room"


def _display(branch: RunningBranch, folder: Path, sound: dict[str, str]) -> DrivenScreen:
    folder.mkdir()
    words = ["-m", "display", "--server", branch.url, "--device", "display-1"]
    words += ["--token", branch.tokens["display-1"], "--windowed", "960x540", "--no-self-test"]
    environment = {**sound, "XDG_CACHE_HOME": str(folder / "cache")}
    return DrivenScreen(words, folder=folder, environment=environment)


def _hear_voice(screen: DrivenScreen) -> None:
    told = screen.ask("wait", name="sound", text="Suara hidup", deadline_s=30, answer_s=40)
    assert "error" not in told, told
