"""The display's word on its voice: whether the hall hears the calls (F36)."""

import pytest

from display.voice_health import voice_health
from voice.port import VoiceHealth, VoiceStatus

WORDS = {
    VoiceHealth.OK: "ok",
    VoiceHealth.STARTING: "unknown",
    VoiceHealth.OFF: "muted",
    VoiceHealth.NO_VOICE: "failed",
    VoiceHealth.NO_PLAYER: "failed",
    VoiceHealth.NO_DEVICE: "failed",
    VoiceHealth.MUTED: "failed",
    VoiceHealth.BROKEN: "failed",
}


@pytest.mark.parametrize("health", VoiceHealth, ids=lambda one: one.value)
def test_the_voice_in_one_word(health: VoiceHealth) -> None:
    """Every silence that nobody asked for is a failure."""
    status = VoiceStatus(health)
    assert voice_health(status) == {"voice": WORDS[health]}
    assert (voice_health(status)["voice"] == "failed") == status.silent
