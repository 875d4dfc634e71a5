"""The branch as the domain knows it, from its settings and the rows of its catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from server.config import Settings
from server.domain.branch import ALL_SERVICES, Branch, Choice, Counter, Service, Skills
from server.domain.opening import OpeningHours
from server.domain.standard import Standard
from server.opening_settings import own_hours
from server.stored_door import door_of
from server.stored_standard import standards_of

CatalogueRow = Mapping[str, Any]

_names_of = msgspec.json.Decoder(dict[str, str]).decode
_list_of_names_of = msgspec.json.Decoder(list[dict[str, str]]).decode
codes_of = msgspec.json.Decoder(list[str]).decode
_levels_of = msgspec.json.Decoder(dict[str, int]).decode


@dataclass(frozen=True, slots=True)
class CatalogueRows:
    """Rows of the tables of these names; services and choices in their positions."""

    services: Iterable[CatalogueRow]
    counters: Iterable[CatalogueRow]
    choices: Iterable[CatalogueRow]
    staff: Iterable[CatalogueRow]
    # Of the front door, in their positions.
    entries: Iterable[CatalogueRow] = ()


def branch_of(code: str, settings: Settings, rows: CatalogueRows) -> Branch:
    """Put the branch together."""
    zone, hours = str(settings.get("branch.time_zone")), settings.hours()
    entries = list(rows.entries)
    standards = standards_of(entries)
    services = {
        row["code"]: _service(row, hours, standards.get(row["code"])) for row in rows.services
    }
    choices, counters = _choices(rows.choices), list(rows.counters)
    categories = {choice.code for choice in choices.get("category", ())}
    return Branch(
        code=code,
        name=str(settings.get("branch.name")),
        time_zone=ZoneInfo(zone),
        time_zone_name=zone,
        services=services,
        counters={row["number"]: _counter(row, services) for row in counters},
        staff_skills=_staff_skills(rows.staff, services),
        choices=choices,
        rules=settings.rules(),
        number_ranges=settings.number_ranges(),
        hours=hours,
        languages=settings.languages(),
        day_starts_minute=settings.day_starts_minute(),
        board_text=settings.by_language("board.text"),
        disturbance_text=settings.by_language("disturbance.text"),
        paper_footer=settings.paper_footer(),
        paper_form=str(settings.get("paper.form")),
        paper_logo=str(settings.get("paper.logo")),
        link_base_url=str(settings.get("link.base_url")),
        door=door_of(entries, services, categories, hours),
        booking_places=settings.booking_places(),
        zones=settings.zones(services, (row["number"] for row in counters)),
    )


def _counter(row: CatalogueRow, services: Mapping[str, Service]) -> Counter:
    served = _served(row["services"], services)
    return Counter(row["number"], served, _levels_of(row["preference"]))


def _staff_skills(
    rows: Iterable[CatalogueRow], services: Mapping[str, Service]
) -> dict[str, Skills]:
    """The skills of those who may not serve everything alike."""
    return {
        row["code"]: Skills(_served(row["services"], services), _levels_of(row["preference"]))
        for row in rows
        if ALL_SERVICES not in codes_of(row["services"]) or row["preference"] != "{}"
    }


def _choices(rows: Iterable[CatalogueRow]) -> dict[str, tuple[Choice, ...]]:
    choices: dict[str, tuple[Choice, ...]] = {}
    for row in rows:
        choice = Choice(row["code"], _names_of(row["name"]))
        choices[row["field"]] = (*choices.get(row["field"], ()), choice)
    return choices


def _service(
    row: CatalogueRow, of_branch: OpeningHours | None, standard: Standard | None
) -> Service:
    return Service(
        code=row["code"],
        name=_names_of(row["name"]),
        letter=row["letter"],
        description=_names_of(row["description"]),
        icon=row["icon"],
        target_wait_s=row["target_wait_s"],
        target_service_s=row["target_service_s"],
        papers=tuple(_list_of_names_of(row["papers"])),
        open=row["is_open"],
        hours=own_hours(_names_of(row["hours"]), of_branch) if row["hours"] else None,
        quota=row["quota"],
        standard=standard,
    )


def _served(codes: str, services: Mapping[str, Service]) -> tuple[str, ...]:
    listed = codes_of(codes)
    return tuple(services) if ALL_SERVICES in listed else tuple(listed)
