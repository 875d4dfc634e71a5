"""What the display says of its voice at the door: whether the hall hears the calls."""

from protocol.messages import VoiceState
from ui.health_report import Health
from voice.port import VoiceHealth, VoiceStatus

_STATES: dict[VoiceHealth, VoiceState] = {
    VoiceHealth.OK: "ok",
    VoiceHealth.STARTING: "unknown",
    # Silent because somebody wants it so; everything else that is silent should not be.
    VoiceHealth.OFF: "muted",
}


def voice_health(status: VoiceStatus) -> Health:
    """The voice in one word: ``muted`` has no voice by its settings, ``failed`` should speak."""
    return {"voice": _STATES.get(status.health, "failed")}
