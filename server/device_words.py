"""What the manager is told of the branch's devices: gone, without paper, without a voice."""

import re
from collections.abc import Iterable, Iterator

from protocol import messages as m
from protocol.asking import Names
from server.texts import in_each

PAPER_ALERTS = frozenset({"out", "low", "cover", "fault"})
# A display whose voice is off by its settings wants nobody.
VOICE_ALERTS = frozenset({"failed"})

_USUAL = re.compile(r"(kiosk|counter|screening|door|display|tv|rating|manager|web)-(\d{1,4})")


def spoken_device(languages: Iterable[str], device: str) -> Names | str:
    """What people call a device: ``kiosk-2`` is Kios 2; a name of the branch's own stays."""
    usual = _USUAL.fullmatch(device)
    if usual is None:
        return device
    return in_each(languages, "device", usual[1], {"number": int(usual[2])})


def device_alerts(languages: Iterable[str], devices: Iterable[m.DeviceHealth]) -> Iterator[m.Alert]:
    """One alert for each thing that wants somebody; what is not known wants nobody (F32)."""
    spoken = tuple(languages)
    for health in devices:
        if not health.connected:
            yield _alert(spoken, "device-lost", health)
        if health.paper in PAPER_ALERTS:
            counted = health.paper == "low" and health.tickets_left is not None
            yield _alert(spoken, f"paper-{health.paper}", health, words="-left" if counted else "")
        if health.voice in VOICE_ALERTS:
            yield _alert(spoken, f"voice-{health.voice}", health)


def _alert(
    languages: tuple[str, ...], code: str, health: m.DeviceHealth, *, words: str = ""
) -> m.Alert:
    named = spoken_device(languages, health.device)
    facts = {"device": named, "left": health.tickets_left}
    message = in_each(languages, "alert", f"{code}{words}", facts)
    return m.Alert(code=code, subject=health.device, message=message, device=health.device)
