"""What the display says of its voice at the door: whether the hall hears the calls."""

from display.voice_proof import ProofOutcome
from protocol.messages import VoiceState
from ui.health_report import Health
from voice.port import VoiceHealth, VoiceStatus

_STATES: dict[VoiceHealth, VoiceState] = {
    VoiceHealth.OK: "ok",
    VoiceHealth.STARTING: "unknown",
    # Silent because somebody wants it so; everything else that is silent should not be.
    VoiceHealth.OFF: "muted",
}


def voice_health(status: VoiceStatus, proven: ProofOutcome | None = None) -> Health:
    """The voice in one word: ``muted`` has no voice by its settings, ``failed`` should speak.

    ``proven`` is what its self-test of today says: a voice that says it is well and was not heard
    is not well, and one that nobody could listen to is ``unknown``.
    """
    said = _STATES.get(status.health, "failed")
    if said == "ok" and proven is not None:
        said = proven
    return {"voice": said}
