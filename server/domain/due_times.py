"""When a complaint must be answered and solved (``domain.md`` 2.6), by the branch's own clock.

The first answer is counted in minutes of opening hours of one day: from the filing, or from the
next opening where it is filed outside them. What the day has no room for is due at its close,
because the answer is owed on the same day. It is solved by the close of the n-th working day
after the day of the filing, which does not count itself.
"""

from datetime import date, timedelta

from server.domain.branch import Branch
from server.domain.door import ComplaintLevel
from server.domain.opening import DAY_MINUTES, Stretch, instant_ms, local_of

MINUTE_MS = 60 * 1000
SATURDAY = 5


def answer_due_ms(branch: Branch, level: ComplaintLevel, from_ms: int) -> int:
    """Until when the first answer is owed for what is filed (or reopened) at an instant."""
    left_ms = level.first_response_min * MINUTE_MS
    if branch.hours is None or branch.hours.always_open:
        return from_ms + left_ms
    stretches = _work_after(branch, from_ms)
    if not stretches:  # a branch that never opens: nobody could say when it does
        return from_ms + left_ms
    for start, end in stretches:
        begins_ms = max(start, from_ms)
        if begins_ms + left_ms <= end:
            return begins_ms + left_ms
        left_ms -= end - begins_ms
    return stretches[-1][1]


def _work_after(branch: Branch, from_ms: int) -> list[Stretch]:
    """What is left of this local day's work, else the whole work of the next day that has any."""
    assert branch.hours is not None
    today = local_of(from_ms, branch.time_zone).date()
    for ahead in range(_days_to_look(branch)):
        work = branch.hours.work_of(today + timedelta(ahead), branch.time_zone)
        left = [stretch for stretch in work if stretch[1] > from_ms]
        if left:
            return left
    return []


def solved_due_ms(branch: Branch, level: ComplaintLevel, from_ms: int) -> int:
    """The end of the working day by which what is filed (or reopened) at an instant is solved."""
    day, left = local_of(from_ms, branch.time_zone).date(), level.working_days
    if left == 0 and _works(branch, day) and from_ms < _end_of_work_ms(branch, day):
        return _end_of_work_ms(branch, day)
    left = max(1, left)
    while left:
        day += timedelta(1)
        left -= _works(branch, day)
    return _end_of_work_ms(branch, day)


def _works(branch: Branch, day: date) -> bool:
    """Whether a local day is a working day; without hours of the week Monday to Friday are."""
    hours = branch.hours
    if hours is None:
        return day.weekday() < SATURDAY
    if _has_no_week(branch):
        return day.weekday() < SATURDAY and day not in hours.holidays
    return bool(hours.work_of(day, branch.time_zone))


def _has_no_week(branch: Branch) -> bool:
    """No weekday was given hours, or every one was closed: neither says when people work."""
    assert branch.hours is not None
    days = branch.hours.days
    return all(hours is None for hours in days) or not any(hours is None or hours for hours in days)


def _end_of_work_ms(branch: Branch, day: date) -> int:
    if branch.hours is not None and not _has_no_week(branch):
        work = branch.hours.work_of(day, branch.time_zone)
        if work:
            return work[-1][1]
    return instant_ms(day, DAY_MINUTES, branch.time_zone)


def _days_to_look(branch: Branch) -> int:
    # In so many days each weekday comes once more often than there are holidays.
    assert branch.hours is not None
    return 7 * (len(branch.hours.holidays) + 1) + 1
