"""Ticket numbers: a letter and a serial that never wraps inside a day (law I2)."""

from server.domain.branch import Branch, NumberRange, Service


def series_of(branch: Branch, service: Service, priority: str = "none") -> str:
    """The letter before the number: of priority tickets, of all services, or the service's own."""
    if priority != "none" and branch.rules.priority_letter:
        return branch.rules.priority_letter
    return branch.rules.shared_letter or service.letter


def range_of(branch: Branch, series: str) -> NumberRange:
    """The serials that a series may give in a day."""
    own = branch.number_ranges.get(series)
    rules = branch.rules
    return own or NumberRange(rules.number_first, rules.number_last, rules.number_step)


def next_serial(branch: Branch, series: str, last_serial: int) -> int:
    """The serial after ``last_serial`` (0: none yet); it never wraps.

    Whether the range still has one is for ``serials_left`` to say before.
    """
    assert serials_left(branch, series, last_serial) != 0, "a used-up range gives no number"
    return _after(range_of(branch, series), last_serial)


def serials_left(branch: Branch, series: str, last_serial: int) -> int | None:
    """How many numbers a series can still give; None where nothing ends it."""
    numbers = range_of(branch, series)
    if numbers.last is None:
        return None
    return max(0, (numbers.last - _after(numbers, last_serial)) // numbers.step + 1)


def _after(numbers: NumberRange, last_serial: int) -> int:
    """The first serial of a range after a number, which may be one of another range.

    Settings may change between two starts of the server on one day.
    """
    steps = (last_serial - numbers.first) // numbers.step + 1
    return numbers.first + max(0, steps) * numbers.step


def printed_number(branch: Branch, series: str, serial: int) -> str:
    """The number as printed: A012, and after A999 comes A1000."""
    return f"{series}{serial:0{branch.rules.number_width}d}"
