"""The alarm of the door is heard, holds nothing up, and says when it cannot be heard."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication

from counter.door.alarm import COMMAND, ChimeAlarm, NoAlarm
from tests.counter.door.door_gallery import DoorStage
from tests.counter.words import calling
from tests.sound_room import SoundRoom
from voice.sound import ALARM_NOTE_S, ALARM_NOTES_HZ

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def beeps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    heard: list[float] = []
    monkeypatch.setattr(QApplication, "beep", lambda: heard.append(0.0))
    return heard


def player(tmp_path: Path, program: str) -> list[str]:
    """A player that notes each time it was started, and then does what it is told."""
    note = f"open({str(tmp_path / 'started')!r}, 'a').write('x')"
    return [sys.executable, "-c", f"import sys, time; {note}; {program}"]


def comes_true(is_so: Callable[[], bool]) -> bool:
    end_s = time.monotonic() + 10
    while not is_so() and time.monotonic() < end_s:
        QApplication.processEvents()
        time.sleep(0.01)
    return is_so()


def times_started(tmp_path: Path) -> int:
    path = tmp_path / "started"
    return len(path.read_text()) if path.exists() else 0


def test_it_rings_in_a_process_of_its_own_and_not_twice_at_once(
    tmp_path: Path, beeps: list[float]
) -> None:
    alarm = ChimeAlarm(player(tmp_path, "time.sleep(0.5)"))
    began_s = time.monotonic()
    alarm.ring()
    assert time.monotonic() - began_s < 0.4, "the desk would stand still as long as it sounds"
    alarm.ring()
    assert comes_true(lambda: times_started(tmp_path) == 1)
    alarm.close()
    alarm.ring()
    assert comes_true(lambda: times_started(tmp_path) == 2)
    alarm.close()
    assert (alarm.is_mute, beeps) == (False, [])


@pytest.mark.parametrize("broken", ["sys.exit('no sound server')", None])
def test_a_desk_without_sound_says_so_in_its_band_and_is_well_again_after_the_next_ring(
    tmp_path: Path, beeps: list[float], broken: str | None
) -> None:
    """Nobody trusts an alarm that is silent: the band stands alone, and says it."""
    command = ["/no/such/player"] if broken is None else player(tmp_path, broken)
    alarm = ChimeAlarm(command)
    stage = DoorStage(size="pc", alarm=alarm).show()
    stage.story.stand(help=[calling()])
    band = stage.window.screening.top.help
    stage.window.refresh()
    assert "tanpa bunyi" not in band.words.text()
    alarm.ring()
    assert comes_true(lambda: alarm.is_mute)
    stage.window.refresh()
    assert band.words.text().endswith("tanpa bunyi")
    assert beeps, "the desktop's own sound is better than none"
    alarm._command = tuple(player(tmp_path, "pass"))
    alarm.ring()
    assert comes_true(lambda: not alarm.is_mute)
    stage.window.refresh()
    assert "tanpa bunyi" not in band.words.text()
    stage.close()


def test_a_desk_that_was_told_to_be_quiet_only_flashes(beeps: list[float]) -> None:
    stage = DoorStage(size="pc", alarm=NoAlarm()).show()
    stage.story.stand(help=[calling()])
    stage.story.pass_s(30)
    stage.window.refresh()
    assert stage.window.screening.top.help.isVisible()
    assert "tanpa bunyi" not in stage.window.screening.top.help.words.text()
    assert beeps == []
    stage.close()


def test_what_it_plays_is_heard_from_the_loudspeaker(monkeypatch: pytest.MonkeyPatch) -> None:
    with SoundRoom() as room:
        for name in ("PULSE_SERVER", "PULSE_COOKIE", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, room.environment[name])
        alarm = ChimeAlarm(COMMAND)
        with room.record() as heard:
            alarm.ring()
            assert comes_true(lambda: alarm._process.state() is QProcess.ProcessState.NotRunning)
        assert not alarm.is_mute
    (first, second) = heard.stretches(gap_s=0.1)
    for start_s, _end_s in (first, second):
        notes = [start_s + ALARM_NOTE_S * at for at in range(3)]
        pitches = [heard.pitch_hz(at_s + 0.03, at_s + ALARM_NOTE_S - 0.03) for at_s in notes]
        assert pitches == pytest.approx(list(ALARM_NOTES_HZ), abs=12)
