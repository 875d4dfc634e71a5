"""Why no number is given now, in words: for a refusal, a tile of the kiosk, the whole office."""

from collections.abc import Iterable
from datetime import datetime

from server.domain.branch import Names
from server.domain.opening import Closed
from server.texts import in_language, table

WEEK_DAYS = 7


def sentence_of(closed: Closed, service_name: Names, language: str) -> str:
    """The whole sentence, with the service's name and when to come again."""
    return _said("closed", closed, language, service_name)


def short_names(closed: Closed, languages: Iterable[str]) -> dict[str, str]:
    """A few words in every language, for a place that shows the service's name already."""
    return {language: _said("closed_short", closed, language) for language in languages}


def place_names(closed: Closed, languages: Iterable[str]) -> dict[str, str]:
    """The same of another place, on paper that sends somebody there."""
    return {language: _said("closed_place", closed, language) for language in languages}


def office_names(reasons: Iterable[Closed], languages: Iterable[str]) -> dict[str, str]:
    """Why no service at all gives numbers; on a second line when the first one does again."""
    closed = list(reasons)
    earliest = min((one.opens for one in closed if one.opens is not None), default=None)
    is_one_reason = len({(one.code, str(one.names)) for one in closed}) == 1
    names = {}
    for language in languages:
        words = table("closed_all", language)
        why = _said("closed_all", closed[0], language) if is_one_reason else words["several"]
        if earliest is not None:
            opens = words["opens"].format(opens=_when(earliest, closed[0].at, language))
            why = f"{why}\n{opens}"
        names[language] = why
    return names


def _said(name: str, closed: Closed, language: str, service_name: Names | None = None) -> str:
    words = table(name, language)
    keys = [closed.code]
    if closed.opens is not None:
        keys.insert(0, f"{closed.code}-opens")
    if closed.names is not None:
        keys.insert(0, f"{closed.code}-why")
    template = next(words[key] for key in keys if key in words)
    return template.format(
        service_name=in_language(service_name or {}, language),
        names=str(in_language(closed.names or {}, language)).rstrip(" ."),
        opens=_when(closed.opens, closed.at, language),
        closes=_when(closed.closes, closed.at, language),
    )


def _when(moment: datetime | None, now: datetime, language: str) -> str:
    """An instant of the branch's clock as people say it, by how far away it is."""
    if moment is None:
        return ""
    words = table("calendar", language)
    ahead = (moment.date() - now.date()).days
    far = "date" if ahead >= WEEK_DAYS else "weekday" if ahead > 1 else "tomorrow"
    return words["today" if ahead <= 0 else far].format(
        clock=words["clock"].format(hour=moment.hour, minute=moment.minute),
        weekday=words[f"weekday-{moment.isoweekday()}"],
        day=moment.day,
        month=words[f"month-{moment.month}"],
    )
