"""What the page for setting up says of the voice's newest self-test. Pure."""

from assets.texts import Texts
from display.voice_proof import Proof, ProofOutcome

_FAULTS = ("silent", "too-soft", "no-chime", "too-short", "too-long")
"""The most telling first; one is said."""


def told_test(
    texts: Texts, *, waits: bool, outcome: ProofOutcome | None, last: Proof | None
) -> tuple[str, bool]:
    """The sentence, and whether it is a warning; ``outcome`` None: not tested today."""
    if waits:
        return texts("display.voice-test.running"), False
    if outcome is None or last is None:
        return texts("display.voice-test.none"), False
    why = texts(f"display.voice-test.{_fault(last)}")
    at = last.at[11:16].replace(":", ".")
    return texts(f"display.voice-test.{outcome}", at=at, why=why), outcome == "failed"


def _fault(proof: Proof) -> str:
    found = proof.measures.faults if proof.measures is not None else ()
    return next((fault for fault in _FAULTS if fault in found), "not-played")
