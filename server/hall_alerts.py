"""What wants the manager's eye, in words: people, counters, calls, papers and devices."""

from collections.abc import Callable, Iterator, Sequence

from protocol import messages as m
from protocol.roles import DeviceRole
from server.complaint_words import complaint_alerts
from server.device_words import device_alerts
from server.disturbance_words import disturbance_alerts
from server.domain.branch import Branch, Names
from server.domain.branch_day import BranchDay
from server.domain.ticket import Ticket
from server.domain.watching import LongAtCounter, LongWait, watched
from server.seat_lists import park_alarms
from server.texts import in_each

VoiceOf = Callable[[Ticket | None], str | None]
"""What became of the last call of a ticket, with the displays that are there."""

# What the displays said of a call that nobody heard (``server.domain.call_voice``).
UNHEARD = frozenset({"failed", "late"})


def hall_alerts(
    day: BranchDay,
    now_ms: int,
    complaints: m.ComplaintCounts,
    devices: Sequence[m.DeviceHealth],
    voice_of: VoiceOf,
) -> Iterator[m.Alert]:
    """All alerts, people first; none in the branch's quiet hours."""
    found = watched(day, now_ms)
    if found.quiet:
        return
    for wait in found.waits:
        yield _long_wait(day.branch, wait)
    # Where there is no display at all nobody expects a call to be spoken.
    if any(one.role == DeviceRole.DISPLAY for one in devices):
        yield from _unheard_calls(day, voice_of)
    for one in found.counters:
        yield _long_at_counter(day.branch, one)
    yield from park_alarms(day, now_ms)
    yield from disturbance_alerts(day)
    yield from complaint_alerts(day, complaints)
    yield from device_alerts(day.branch.languages, devices)


def _long_wait(branch: Branch, wait: LongWait) -> m.Alert:
    facts = {
        "number": wait.number,
        "service": _service_name(branch, wait.service),
        "minutes": wait.minutes,
        "others": wait.others,
    }
    words = "long-wait-others" if wait.others else "long-wait"
    return m.Alert(
        code="long-wait",
        subject=wait.number,
        message=in_each(branch.languages, "alert", words, facts),
        ticket=wait.ticket,
        service=wait.service,
    )


def _service_name(branch: Branch, code: str) -> Names | str:
    service = branch.services.get(code)
    return code if service is None else service.name


def _long_at_counter(branch: Branch, one: LongAtCounter) -> m.Alert:
    facts = {"counter": one.counter, "minutes": one.minutes}
    return m.Alert(
        code=one.code,
        subject=str(one.counter),
        message=in_each(branch.languages, "alert", one.code, facts),
        counter=one.counter,
    )


def _unheard_calls(day: BranchDay, voice_of: VoiceOf) -> Iterator[m.Alert]:
    """Numbers that stand called and that no display has spoken or shown (I10)."""
    for desk in day.desks.values():
        ticket = None if desk.ticket is None else day.tickets[desk.ticket]
        if ticket is None or voice_of(ticket) not in UNHEARD:
            continue
        facts = {"number": ticket.number, "counter": desk.number}
        yield m.Alert(
            code="call-unheard",
            subject=ticket.number,
            message=in_each(day.branch.languages, "alert", "call-unheard", facts),
            ticket=ticket.id,
            counter=desk.number,
        )
