"""A player is heard, not believed: against a real sound device, with players that lie (F34)."""

import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sound_room import SoundRoom
from tests.voice.test_sound import tone
from voice.ear import MonitorEar, wait_for_sound
from voice.heard_player import HeardPlayer
from voice.players import CommandPlayer, Player, PlayerError
from voice.port import VoiceHealth
from voice.sound import silence, write_wav

LENGTH_S = 2.0


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundRoom]:
    with SoundRoom() as opened:
        for name in ("PULSE_SERVER", "PULSE_COOKIE", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, opened.environment[name])
        yield opened


def lying(folder: Path, *lies: str) -> Player:
    """A player that does each of these in turn, and then plays."""
    script = folder / "lies"
    script.write_text("\n".join(lies))
    path = folder / "player"
    path.write_text(
        f"#!/bin/sh\nlie=$(head -n 1 {script})\nsed -i 1d {script}\n"
        'eval "${lie:-exec paplay \\$1}"\n'
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return HeardPlayer(CommandPlayer([str(path)]), MonitorEar())


def play(player: Player, folder: Path) -> None:
    write_wav(folder / "clip.wav", tone(440, LENGTH_S))
    player.play(folder / "clip.wav", LENGTH_S, threading.Event())


@pytest.mark.parametrize("lie", ["exec sleep 60", "exec sleep 2", "exit 0", "exit 1"])
def test_who_makes_no_sound_is_found_out_and_the_sound_is_played_all_the_same(
    room: SoundRoom, tmp_path: Path, lie: str
) -> None:
    """It hangs in silence, takes its time in silence, returns at once, or fails."""
    player = lying(tmp_path, lie)
    with room.record() as heard:
        began_s = time.monotonic()
        play(player, tmp_path)
        took_s = time.monotonic() - began_s
    ((start_s, end_s),) = heard.stretches()
    assert end_s - start_s == pytest.approx(LENGTH_S, abs=0.3), "once, and whole"
    print(f"{lie}: {took_s - LENGTH_S:.2f} s late")
    assert took_s - LENGTH_S < 3.0


def test_who_stays_silent_twice_has_failed_and_was_not_heard(
    room: SoundRoom, tmp_path: Path
) -> None:
    with pytest.raises(PlayerError) as fault:
        play(lying(tmp_path, "exec sleep 60", "exec sleep 60"), tmp_path)
    assert (fault.value.health, fault.value.heard) == (VoiceHealth.BROKEN, False)


def test_what_was_half_heard_is_not_played_again(room: SoundRoom, tmp_path: Path) -> None:
    player = lying(tmp_path, "timeout 1 paplay $1; exit 1")
    with room.record() as heard, pytest.raises(PlayerError) as fault:
        play(player, tmp_path)
    assert fault.value.heard
    ((start_s, end_s),) = heard.stretches()
    assert end_s - start_s < 1.5


def test_a_sound_of_which_most_was_missing_was_not_played(room: SoundRoom, tmp_path: Path) -> None:
    """It takes its time and says that all is well."""
    player = lying(tmp_path, "timeout 0.6 paplay $1; sleep 1.4; exit 0")
    with pytest.raises(PlayerError, match="were heard") as fault:
        play(player, tmp_path)
    assert fault.value.heard


def test_an_honest_player_is_believed_and_can_be_silenced(room: SoundRoom, tmp_path: Path) -> None:
    player = lying(tmp_path)
    play(player, tmp_path)
    stopped = threading.Event()
    timer = threading.Timer(0.8, stopped.set)
    timer.start()
    write_wav(tmp_path / "long.wav", tone(440, 9))
    began_s = time.monotonic()
    player.play(tmp_path / "long.wav", 9.0, stopped)
    assert time.monotonic() - began_s < 3
    timer.join()


def test_without_an_ear_a_player_is_believed_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ALSA alone has no monitor."""
    monkeypatch.setenv("PATH", f"{tmp_path}")
    assert MonitorEar().listen() is None
    path = tmp_path / "player"
    path.write_text("#!/bin/sh\nexec /bin/sleep 2\n")
    path.chmod(0o755)
    play(HeardPlayer(CommandPlayer([str(path)]), MonitorEar()), tmp_path)


def test_a_monitor_that_is_muted_hears_nothing_and_proves_nothing(
    room: SoundRoom, tmp_path: Path
) -> None:
    room.mute_monitor()
    assert MonitorEar().listen() is None
    play(lying(tmp_path), tmp_path)


def test_an_ear_hears_how_long_something_sounds(room: SoundRoom, tmp_path: Path) -> None:
    hearing = MonitorEar(22_050).listen(keep=True)
    assert hearing is not None
    assert wait_for_sound(hearing, 10)
    player: Callable[..., None] = CommandPlayer(["paplay"]).play
    write_wav(tmp_path / "clip.wav", tone(440, 1.0))
    player(tmp_path / "clip.wav", 1.0, threading.Event())
    end_s = time.monotonic() + 10
    while hearing.sounding_s < 0.9:
        assert time.monotonic() < end_s
        time.sleep(0.02)
    assert hearing.sounding_s == pytest.approx(1.0, abs=0.15)
    hearing.close()
    kept = hearing.samples()
    assert sum(abs(value) > 300 for value in kept) / 22_050 == pytest.approx(1.0, abs=0.15)
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]


def test_no_ear_is_left_behind(room: SoundRoom, tmp_path: Path) -> None:
    """I14: neither process nor file handle, however often something is played."""
    player = lying(tmp_path)
    write_wav(tmp_path / "clip.wav", silence(0.1))
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        write_wav(tmp_path / "clip.wav", tone(440, 0.3))
        player.play(tmp_path / "clip.wav", 0.3, threading.Event())
    time.sleep(0.2)  # the ears' threads read to the end of their pipes
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1
