"""Sound as numbers, and the players that bring it out."""

import math
import os
import stat
import threading
import time
from array import array
from pathlib import Path

import numpy as np
import pytest

from tests.sound_room import strongest_hz
from voice.players import CommandPlayer, FirstThatPlays, NoOutputError, Player, PlayerError
from voice.port import VoiceHealth
from voice.sound import (
    ALARM_NOTE_S,
    ALARM_NOTES_HZ,
    CHIME_NOTES_HZ,
    LOUDNESS_LUFS,
    RATE,
    Sound,
    SoundFormatError,
    alarm,
    chime,
    joined,
    levelled,
    read_wav,
    silence,
    trimmed,
    write_wav,
)


def tone(pitch_hz: float, seconds: float, rate: int = RATE, strength: float = 0.3) -> Sound:
    """Make a plain tone."""
    places = np.arange(round(seconds * rate))
    values = strength * 32767 * np.sin(2 * np.pi * pitch_hz * places / rate)
    return Sound(rate, array("h", values.astype(np.int16).tobytes()))


def pitch_hz(sound: Sound, start_s: float = 0.0, end_s: float | None = None) -> float:
    """Measure the strongest frequency of a stretch."""
    values = np.array(sound.samples, dtype=float)
    end = None if end_s is None else round(end_s * sound.rate)
    return strongest_hz(values[round(start_s * sound.rate) : end], sound.rate)


def test_the_chime_is_two_falling_notes_of_eight_tenths_of_a_second() -> None:
    sound = chime()
    assert sound.length_s == pytest.approx(0.8, abs=0.001)
    assert pitch_hz(sound, 0, 0.4) == pytest.approx(CHIME_NOTES_HZ[0], abs=1)
    assert pitch_hz(sound, 0.4) == pytest.approx(CHIME_NOTES_HZ[1], abs=1)


def test_the_alarm_of_the_door_rises_twice_where_the_chime_before_a_number_falls() -> None:
    sound = alarm()
    heard = [
        pitch_hz(sound, ALARM_NOTE_S * at, ALARM_NOTE_S * (at + 1)) for at in (0, 1, 2, 4, 5, 6)
    ]
    assert heard == pytest.approx([*ALARM_NOTES_HZ, *ALARM_NOTES_HZ], abs=3)
    assert heard[:3] == sorted(heard[:3])
    assert sorted(CHIME_NOTES_HZ, reverse=True) == list(CHIME_NOTES_HZ)
    assert sound.lufs == pytest.approx(LOUDNESS_LUFS, abs=0.5)


def test_the_chime_begins_and_ends_in_silence_so_that_it_does_not_click() -> None:
    samples = chime().samples
    assert abs(samples[0]) < 300
    assert abs(samples[-1]) < 300


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
def test_loudness_is_that_of_the_standard(rate: int) -> None:
    """BS.1770: a 997 Hz tone of full scale in one channel has -3.01 LUFS."""
    assert tone(997, 3, rate, strength=0.1).lufs == pytest.approx(-23.01, abs=0.1)


def test_loudness_does_not_count_pauses() -> None:
    speech = tone(500, 3)
    with_pauses = joined([speech, silence(4), speech, silence(4)])
    assert with_pauses.lufs == pytest.approx(speech.lufs, abs=0.5)


def test_silence_has_no_loudness() -> None:
    assert silence(1).lufs == -math.inf
    assert silence(0).lufs == -math.inf
    assert levelled(silence(1)).samples == silence(1).samples


@pytest.mark.parametrize("strength", [0.01, 0.9])
def test_what_is_too_soft_or_too_loud_is_brought_to_one_level(strength: float) -> None:
    sound = levelled(tone(440, 1, strength=strength))
    assert sound.lufs == pytest.approx(LOUDNESS_LUFS, abs=0.3)


def test_single_peaks_are_rounded_off_and_never_wrap_around() -> None:
    loud = tone(440, 1, strength=0.02)
    loud.samples[5_000] = 32_767
    loud.samples[6_000] = -32_768
    assert max(map(abs, levelled(loud).samples)) <= 0.91 * 32_767


def test_half_the_volume_is_half_the_strength() -> None:
    sound = levelled(tone(440, 1), volume_percent=50)
    assert sound.lufs == pytest.approx(LOUDNESS_LUFS - 6.02, abs=0.3)
    assert Sound(sound.rate, sound.samples).lufs == pytest.approx(sound.lufs, abs=0.1)


def test_what_is_joined_of_measured_pieces_has_the_loudness_of_the_whole() -> None:
    """Nothing is measured anew: that would make a call wait."""
    pieces = [levelled(tone(pitch, 0.33)) for pitch in (300, 500, 900)]
    whole = joined([chime(), silence(0.25), *pieces])
    assert whole.powers is not None
    assert whole.lufs == pytest.approx(Sound(whole.rate, whole.samples).lufs, abs=0.2)


def test_pieces_are_joined_without_a_gap() -> None:
    sound = joined([tone(400, 0.5), silence(0.25), tone(800, 0.5)])
    assert sound.length_s == pytest.approx(1.25, abs=0.001)
    assert pitch_hz(sound, 0, 0.5) == pytest.approx(400, abs=2)
    assert pitch_hz(sound, 0.75) == pytest.approx(800, abs=2)


def test_pieces_of_several_rates_keep_their_pitch_and_length() -> None:
    sound = joined([tone(400, 0.5, 22_050), tone(800, 0.5, 48_000)])
    assert sound.rate == 48_000
    assert sound.length_s == pytest.approx(1.0, abs=0.001)
    assert pitch_hz(sound, 0, 0.5) == pytest.approx(400, abs=2)
    assert pitch_hz(sound, 0.5) == pytest.approx(800, abs=2)


def test_silence_at_both_ends_is_cut_but_for_a_breath() -> None:
    sound = trimmed(joined([silence(0.5), tone(400, 0.5), silence(0.7)]))
    assert sound.length_s == pytest.approx(0.53, abs=0.01)
    assert trimmed(silence(1)).length_s == 0


def test_a_wav_is_read_as_it_was_written(tmp_path: Path) -> None:
    sound = tone(400, 0.1)
    write_wav(tmp_path / "tone.wav", sound)
    assert read_wav(tmp_path / "tone.wav") == sound
    assert [path.name for path in tmp_path.iterdir()] == ["tone.wav"]


@pytest.mark.parametrize(
    "content", [b"", b"RIFF", b"not a sound at all", b"RIFF\x00\x00\x00\x00WAVE"]
)
def test_a_broken_wav_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tiga.wav").write_bytes(content)
    with pytest.raises(SoundFormatError, match=r"tiga\.wav"):
        read_wav(tmp_path / "tiga.wav")


# Players.


def _program(folder: Path, script: str) -> CommandPlayer:
    path = folder / f"player-{len(list(folder.iterdir()))}"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return CommandPlayer([str(path)])


def _play(player: Player, folder: Path, length_s: float = 0.2) -> None:
    write_wav(folder / "clip.wav", silence(length_s))
    player.play(folder / "clip.wav", length_s, threading.Event())


def test_a_player_that_takes_its_time_and_ends_well_has_played(tmp_path: Path) -> None:
    _play(_program(tmp_path, "sleep 0.2"), tmp_path)


def test_a_player_is_given_the_file_as_one_argument(tmp_path: Path) -> None:
    folder = tmp_path / "a; touch evil"
    folder.mkdir()
    _play(
        _program(tmp_path, f'sleep 0.2; [ -f "$1" ] && [ $# = 1 ] && touch {tmp_path}/seen'), folder
    )
    assert (tmp_path / "seen").exists()
    assert not Path("evil").exists()


def test_a_player_that_fails_says_why(tmp_path: Path) -> None:
    player = _program(tmp_path, "echo no such card >&2; exit 1")
    with pytest.raises(PlayerError, match="no such card") as fault:
        _play(player, tmp_path)
    assert fault.value.health is VoiceHealth.NO_DEVICE
    assert not fault.value.heard


def test_a_player_that_is_done_too_early_is_not_believed(tmp_path: Path) -> None:
    with pytest.raises(PlayerError, match="said it played"):
        _play(_program(tmp_path, "exit 0"), tmp_path, length_s=2)


def test_a_player_that_hangs_is_ended_a_second_after_its_clip(tmp_path: Path) -> None:
    started_s = time.monotonic()
    with pytest.raises(PlayerError, match="did not end"):
        _play(_program(tmp_path, "exec sleep 60"), tmp_path)
    assert 1.0 < time.monotonic() - started_s < 3.0


def test_a_player_that_is_not_installed_is_named(tmp_path: Path) -> None:
    player = CommandPlayer(["no-such-player"])
    with pytest.raises(PlayerError, match="no-such-player") as fault:
        _play(player, tmp_path)
    assert fault.value.health is VoiceHealth.NO_PLAYER
    with pytest.raises(PlayerError, match="not installed"):
        player.check()


def test_a_player_is_silenced_at_once(tmp_path: Path) -> None:
    stopped = threading.Event()
    write_wav(tmp_path / "clip.wav", silence(5))
    timer = threading.Timer(0.1, stopped.set)
    timer.start()
    started_s = time.monotonic()
    _program(tmp_path, "exec sleep 60").play(tmp_path / "clip.wav", 5, stopped)
    assert time.monotonic() - started_s < 1
    timer.join()


def test_the_next_player_helps_when_nothing_was_heard_yet(tmp_path: Path) -> None:
    broken = CommandPlayer(["no-such-player"])
    _play(FirstThatPlays([broken, _program(tmp_path, "sleep 0.2")]), tmp_path)


def test_what_was_half_heard_is_not_played_again_by_another_player(tmp_path: Path) -> None:
    half = _program(tmp_path, "sleep 0.7; exit 1")
    other = _program(tmp_path, f"touch {tmp_path}/played; sleep 0.2")
    with pytest.raises(PlayerError) as fault:
        _play(FirstThatPlays([half, other]), tmp_path)
    assert fault.value.heard
    assert not (tmp_path / "played").exists()


class _MutedPlayer:
    def play(self, wav: Path, length_s: float, stopped: threading.Event) -> None:
        self.check()

    def check(self) -> None:
        raise NoOutputError(VoiceHealth.MUTED, "muted")


def test_behind_a_muted_device_no_other_player_is_tried(tmp_path: Path) -> None:
    other = _program(tmp_path, f"touch {tmp_path}/played; sleep 0.2")
    players = FirstThatPlays([_MutedPlayer(), other])
    with pytest.raises(PlayerError, match="muted"):
        _play(players, tmp_path)
    with pytest.raises(PlayerError, match="muted"):
        players.check()
    assert not (tmp_path / "played").exists()


def test_a_missing_device_says_more_than_a_missing_program(tmp_path: Path) -> None:
    players = FirstThatPlays([CommandPlayer(["no-such-player"]), _program(tmp_path, "exit 1")])
    with pytest.raises(PlayerError) as fault:
        _play(players, tmp_path)
    assert fault.value.health is VoiceHealth.NO_DEVICE


def test_no_player_leaves_a_process_behind(tmp_path: Path) -> None:
    player = _program(tmp_path, f"echo $$ > {tmp_path}/pid; exec sleep 60")
    with pytest.raises(PlayerError):
        _play(player, tmp_path)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
