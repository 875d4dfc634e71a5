"""Whole calls have -16 LUFS as they are played: chime and words, recorded and measured."""

from array import array
from pathlib import Path

import numpy as np
import pytest

from tests.sound_room import Recording, SoundRoom
from tests.voice.test_process import Listener
from voice.phrases import call_phrases
from voice.port import Utterance, VoiceHealth
from voice.sound import CHIME_NOTES_HZ, LOUDNESS_LUFS, Sound

TOLERANCE_LU = 0.7
NAMES = {"id": "Perubahan data", "en": "Change of data"}
CALLS = {
    "a call": Utterance(call_phrases("A012", 3, ["id"])),
    "with the service's word": Utterance(call_phrases("B107", 12, ["id"], service=NAMES)),
    "the short form": Utterance(call_phrases("D009", 1, ["id"], short=True), gap_s=0.0),
    "in two languages": Utterance(call_phrases("P004", 2, ["id", "en"], service=NAMES)),
    "in Javanese": Utterance(call_phrases("A012", 3, ["jv"])),
    "in Sundanese": Utterance(call_phrases("A012", 3, ["su"])),
}


def heard_lufs(heard: Recording) -> float:
    """Measure what was heard from its first sound to its last."""
    stretches = heard.stretches(gap_s=1.0)
    samples = heard.between(stretches[0][0], stretches[-1][1])
    return Sound(heard.rate, array("h", (samples * 32_767).astype(np.int16).tobytes())).lufs


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_whole_call_has_our_level_in_the_room(name: str, tmp_path: Path) -> None:
    """The chime is 660 then 554 Hz, and no louder than the words it announces."""
    with SoundRoom() as room:
        listener = Listener(room, tmp_path, languages=("id", "en", "jv", "su"))
        listener.wait_for_health(VoiceHealth.OK)
        with room.record() as heard:
            result = listener.say(CALLS[name])
            if not result.heard:  # a machine that does much else was too slow: as in the hall
                result = listener.say(CALLS[name])
            assert result.outcome == "played"
        listener.voice.close()
    start_s, end_s = heard.stretches(gap_s=1.0)[0]
    lufs = heard_lufs(heard)
    notes = (
        heard.pitch_hz(start_s + 0.05, start_s + 0.35),
        heard.pitch_hz(start_s + 0.45, start_s + 0.75),
    )
    print(f"{name}: {lufs:.2f} LUFS, {end_s - start_s:.1f} s, {notes[0]:.0f} and {notes[1]:.0f} Hz")
    assert lufs == pytest.approx(LOUDNESS_LUFS, abs=TOLERANCE_LU)
    assert notes == pytest.approx(CHIME_NOTES_HZ, abs=2)


def test_half_the_volume_is_six_decibels_less(tmp_path: Path) -> None:
    utterance = Utterance(call_phrases("A012", 3, ["id"]), volume_percent=50)
    with SoundRoom() as room:
        listener = Listener(room, tmp_path)
        listener.wait_for_health(VoiceHealth.OK)
        with room.record() as heard:
            assert listener.say(utterance).outcome == "played"
        listener.voice.close()
    assert heard_lufs(heard) == pytest.approx(LOUDNESS_LUFS - 6, abs=TOLERANCE_LU)
