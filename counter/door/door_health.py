"""How the hall's devices are, for the officer at the door: one sign for each, the worst first."""

from collections.abc import Sequence
from dataclasses import dataclass

from protocol.messages import CounterView, DeviceHealth

PAPER_FAULTS = ("out", "cover", "fault")
PAPER_LOW = 40
"""Tickets that are left when the officer should fetch a roll; the device's own word wins."""

_RANK = {"bad": 0, "warn": 1, "good": 2}


@dataclass(frozen=True, slots=True)
class Sign:
    """One device: ``tone`` is good, warn or bad; the words are a code with its facts."""

    device: str
    icon: str
    tone: str
    code: str
    count: int = 0


def signs_of(devices: Sequence[DeviceHealth], counters: Sequence[CounterView]) -> list[Sign]:
    """Kiosks with their paper, displays with their voice, and the counters that are open."""
    found = [_kiosk(one) for one in devices if one.role == "kiosk"]
    for one in devices:
        if one.role == "display":
            found += _display(one)
    if counters:
        opened = sum(one.state == "open" for one in counters)
        tone = "good" if opened else "warn"
        found.append(Sign("", "person", tone, "counters" if opened else "counters_none", opened))
    return sorted(found, key=lambda sign: _RANK[sign.tone])


def fallen(before: Sequence[Sign], after: Sequence[Sign]) -> list[Sign]:
    """What was not bad and is bad now."""
    bad = {(sign.device, sign.code) for sign in before if sign.tone == "bad"}
    known = {sign.device for sign in before}
    return [
        sign
        for sign in after
        if sign.tone == "bad" and sign.device in known and (sign.device, sign.code) not in bad
    ]


def _kiosk(one: DeviceHealth) -> Sign:
    name, left = one.device, one.tickets_left
    if not one.connected:
        return Sign(name, "disconnected", "bad", "offline")
    if one.paper in PAPER_FAULTS:
        return Sign(name, "printer", "bad", f"paper_{one.paper}")
    if one.paper == "low" or (left is not None and left <= PAPER_LOW):
        return Sign(
            name, "printer", "warn", "paper_low" if left is None else "paper_left", left or 0
        )
    if one.paper == "unknown":
        return Sign(name, "printer", "warn", "paper_unknown")
    if left is not None:
        return Sign(name, "printer", "good", "paper_left", left)
    return Sign(name, "printer", "good", "ok")


def _display(one: DeviceHealth) -> list[Sign]:
    if not one.connected:
        return [Sign(one.device, "disconnected", "bad", "offline")]
    shown = Sign(one.device, "check", "good", "tv_ok")
    voice = {
        "ok": Sign(one.device, "speaker-on", "good", "voice_ok"),
        "muted": Sign(one.device, "speaker-off", "warn", "voice_muted"),
        "failed": Sign(one.device, "speaker-off", "bad", "voice_failed"),
    }.get(one.voice or "")
    return [shown] if voice is None else [shown, voice]
