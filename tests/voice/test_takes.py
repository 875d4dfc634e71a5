"""A take at the microphone is judged and cut as a person with ears would."""

import random
from array import array

import pytest

from tests.voice.test_sound import tone
from voice.sound import LOUDNESS_LUFS, Sound, joined, silence
from voice.takes import clip_of, judge, speech_of


def room(seconds: float, strength: float = 0.0008) -> Sound:
    """A room that is never quite still."""
    chance = random.Random(20261121)
    return Sound(
        22_050,
        array(
            "h", [round(32_767 * chance.gauss(0, strength)) for _ in range(int(seconds * 22_050))]
        ),
    )


def said(seconds: float = 0.9, strength: float = 0.2, noise: float = 0.0008) -> Sound:
    """Silence, a word, silence."""
    return joined([room(0.6, noise), tone(300, seconds, strength=strength), room(0.8, noise)])


@pytest.mark.parametrize(
    ("take", "words", "judgement"),
    [
        (said(), "silakan", "good"),
        (silence(2), "silakan", "silent"),
        (room(2), "silakan", "silent"),
        (said(strength=0.011), "silakan", "too-quiet"),
        (said(strength=1.0), "silakan", "too-loud"),
        (said(seconds=0.1), "silakan menuju", "too-short"),
        (said(seconds=4), "satu", "too-long"),
        (said(noise=0.08), "silakan", "noisy"),
        (Sound(22_050, array("h")), "satu", "silent"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_take_is_judged(take: Sound, words: str, judgement: str) -> None:
    assert judge(take, words) == judgement


def test_silence_before_and_behind_is_cut_but_for_a_breath_and_the_level_is_ours() -> None:
    take = said(0.9, strength=0.05)
    assert speech_of(take).length_s == pytest.approx(0.9 + 0.12, abs=0.03)
    assert clip_of(take).lufs == pytest.approx(LOUDNESS_LUFS, abs=0.5)


def test_a_chair_behind_the_word_is_not_part_of_it() -> None:
    take = joined([said(), tone(90, 0.1, strength=0.15), room(0.5)])
    assert speech_of(take).length_s == pytest.approx(1.02, abs=0.05)


def test_a_pause_within_the_words_is_kept() -> None:
    take = joined([room(0.3), tone(300, 0.4), room(0.2), tone(400, 0.4), room(0.5)])
    assert speech_of(take).length_s == pytest.approx(1.12, abs=0.05)
