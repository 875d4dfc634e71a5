"""Ticket numbers: a letter and a serial that never wraps inside a day (law I2)."""

from server.domain.branch import Branch, Service
from server.domain.errors import QueueRuleError


def series_of(branch: Branch, service: Service, priority: str) -> str:
    """The letter before the number: the service's own, or the one of priority tickets."""
    if priority != "none" and branch.rules.priority_letter:
        return branch.rules.priority_letter
    return service.letter


def next_serial(branch: Branch, series: str, last_serial: int) -> int:
    """The serial after ``last_serial``; a used-up range refuses, it never starts again."""
    serial = last_serial + 1
    last = branch.rules.number_last
    if last is not None and serial > last:
        raise QueueRuleError("numbers-exhausted", series=series)
    return serial


def printed_number(branch: Branch, series: str, serial: int) -> str:
    """The number as printed: A012, and after A999 comes A1000."""
    return f"{series}{serial:0{branch.rules.number_width}d}"
