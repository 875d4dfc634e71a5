"""Hours, holidays and number ranges as a person writes them into a setting, and back.

Each reader takes a text, gives it back in one form, and raises ValueError if it makes no sense.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from server.domain.branch import NumberRange
from server.domain.opening import DayHours, Interval, OpeningHours, parse_hours

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FRIDAY = WEEKDAYS.index("friday")
HOURS_TAKES = "intervals such as 08:00-12:00,13:00-15:00, or closed, or empty for every hour"
BREAKS_TAKES = "intervals such as 12:00-13:00, or empty for none"
FRIDAY_BREAKS_TAKES = "intervals such as 11:30-13:00, or none, or empty for those of hours.breaks"
HOLIDAYS_TAKES = (
    "dates with names, such as 2026-12-25 Natal | Christmas; 2027-01-01 Tahun Baru, or empty"
)
RANGE_TAKES = "a range such as 1-499, 500-, or 1-499/2 for every second number, or empty"
_RANGE = re.compile(r"(\d{1,6})-(\d{1,6})?(?:/(\d{1,3}))?")
_HOLIDAY = re.compile(r"(\d{4}-\d\d-\d\d)\s+(\S[^|\n]{0,79})(?:\|\s*([^|\n]{1,80}))?")


def hours_text(text: str) -> str:
    """The hours of a weekday."""
    return _written(parse_hours(text))


def breaks_text(text: str) -> str:
    """The breaks of a day; there is no day that is all break."""
    return ",".join(_intervals(_breaks(text)))


def friday_breaks_text(text: str) -> str:
    """The same for Friday, where ``none`` takes away the breaks of the other days."""
    return "none" if text.strip().lower() == "none" else breaks_text(text)


def holidays_text(text: str) -> str:
    """Holidays, one form for all of them."""
    return "; ".join(
        f"{day.isoformat()} {' | '.join(names.values())}"
        for day, names in holidays_of(text).items()
    )


def holidays_of(text: str) -> dict[date, Mapping[str, str]]:
    """The holidays of a setting: the name, and after a bar its English."""
    found: dict[date, Mapping[str, str]] = {}
    for entry in filter(None, (part.strip() for part in re.split(r"[;\n]", text))):
        parts = _HOLIDAY.fullmatch(entry)
        if parts is None:
            raise ValueError(f"{entry!r} is no date with a name")
        day = date.fromisoformat(parts[1])
        if day in found:
            raise ValueError(f"{day} stands there twice")
        names = {"id": parts[2].strip()}
        found[day] = names | ({"en": parts[3].strip()} if parts[3] else {})
    return found


def range_text(text: str) -> str:
    """A range of numbers."""
    numbers = range_of(text)
    if numbers is None:
        return ""
    last = "" if numbers.last is None else numbers.last
    step = "" if numbers.step == 1 else f"/{numbers.step}"
    return f"{numbers.first}-{last}{step}"


def range_of(text: str) -> NumberRange | None:
    """The range behind a setting; None where it is empty."""
    if not text.strip():
        return None
    parts = _RANGE.fullmatch(text.strip())
    if parts is None:
        raise ValueError(f"{text!r} is not like 1-499")
    first, step = int(parts[1]), int(parts[3] or 1)
    last = int(parts[2]) if parts[2] else None
    if first < 1 or step < 1 or (last is not None and last < first):
        raise ValueError(f"{text!r} has no number in it")
    return NumberRange(first, last, step)


def opening_hours_of(value_of: Callable[[str], str | int]) -> OpeningHours | None:
    """The branch's hours from its settings; None where nothing was set."""
    breaks = _breaks(str(value_of("hours.breaks")))
    of_friday = str(value_of("hours.breaks_friday"))
    rests = [breaks] * 7
    if of_friday:
        rests[FRIDAY] = () if of_friday == "none" else _breaks(of_friday)
    hours = OpeningHours(
        days=tuple(parse_hours(str(value_of(f"hours.{weekday}"))) for weekday in WEEKDAYS),
        breaks=tuple(rests),
        holidays=holidays_of(str(value_of("hours.holidays"))),
        tickets_before_s=int(value_of("hours.tickets_before_min")) * 60,
        last_ticket_s=int(value_of("hours.last_ticket_min")) * 60,
    )
    return None if hours.always_open and not any(hours.breaks) else hours


def own_hours(days: Mapping[str, str], branch: OpeningHours | None) -> OpeningHours | None:
    """A service's hours: its own on the weekdays that it names, the branch's for all the rest."""
    if not days:
        return None
    base = branch or OpeningHours()
    return OpeningHours(
        days=tuple(
            parse_hours(days[weekday]) if weekday in days else base.days[place]
            for place, weekday in enumerate(WEEKDAYS)
        ),
        breaks=base.breaks,
        holidays=base.holidays,
        tickets_before_s=base.tickets_before_s,
        last_ticket_s=base.last_ticket_s,
    )


def _breaks(text: str) -> tuple[Interval, ...]:
    if text.strip().lower() == "closed":
        raise ValueError("a break has a beginning and an end")
    return parse_hours(text) or ()


def _written(hours: DayHours) -> str:
    if hours is None:
        return ""
    return ",".join(_intervals(hours)) or "closed"


def _intervals(hours: tuple[Interval, ...]) -> Iterator[str]:
    for start, end in hours:
        yield f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"
