"""The front door as the domain knows it, from the rows of ``catalogue_entry``."""

import dataclasses
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import msgspec

from server.domain.advice import KINDS
from server.domain.door import (
    AdviceRule,
    Channel,
    ComplaintLevel,
    Decree,
    DoorCatalogue,
    Matter,
    Office,
    Paper,
    Procedure,
)
from server.domain.opening import DayHours, OpeningHours, parse_hours
from server.opening_settings import WEEKDAYS

CatalogueRow = Mapping[str, Any]

# Section, the field of ``DoorCatalogue``, what its tables are, the key that tells them apart.
_SECTIONS: Mapping[str, tuple[str, Callable[..., Any], str]] = {
    "paper": ("papers", Paper, "code"),
    "matter": ("matters", Matter, "code"),
    "channel": ("channels", Channel, "code"),
    "office": ("offices", Office, "code"),
    "procedure": ("procedures", Procedure, "category"),
    "complaint_level": ("complaint_levels", ComplaintLevel, "code"),
    "advice": ("advice", AdviceRule, "code"),
    "decree": ("decrees", Decree, "code"),
}
_body_of = msgspec.json.Decoder(dict[str, Any]).decode


def door_of(
    rows: Iterable[CatalogueRow],
    services: Collection[str],
    categories: Collection[str],
    of_branch: OpeningHours | None,
) -> DoorCatalogue:
    """Put the door together from rows in their positions.

    A matter whose service the branch does not have is not offered: nobody could do it.
    """
    found: dict[str, dict[str, Any]] = {name: {} for name, _, _ in _SECTIONS.values()}
    for row in rows:
        if row["section"] in _SECTIONS:
            name, kind, key = _SECTIONS[row["section"]]
            found[name][row["code"]] = _thing(kind, key, row, of_branch)
    found["matters"] = {
        code: matter if matter.category in categories else _without_category(matter)
        for code, matter in found["matters"].items()
        if matter.service in services
    }
    found["advice"] = {code: one for code, one in found["advice"].items() if one.kind in KINDS}
    return DoorCatalogue(**found)


def door_hours(days: Mapping[str, str], of_branch: OpeningHours | None) -> OpeningHours | None:
    """The hours of a channel or an office: on a weekday that is not named it is closed.

    It rests on the branch's holidays too. None: it has none, so it is open at every hour.
    """
    if not days:
        return None
    of_days: tuple[DayHours, ...] = tuple(
        parse_hours(days[weekday]) if weekday in days else () for weekday in WEEKDAYS
    )
    return OpeningHours(days=of_days, holidays={} if of_branch is None else of_branch.holidays)


def _thing(
    kind: Callable[..., Any], key: str, row: CatalogueRow, of_branch: OpeningHours | None
) -> Any:
    body = _body_of(row["body"])
    hours = body.pop("hours", None)
    made = msgspec.convert(body | {key: row["code"]}, kind)
    return dataclasses.replace(made, hours=door_hours(hours, of_branch)) if hours else made


def _without_category(matter: Matter) -> Matter:
    return dataclasses.replace(matter, category=None)
