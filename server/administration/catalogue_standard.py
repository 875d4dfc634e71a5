"""The section ``[service.standard]`` of a catalogue file: what the hall reads of a service.

It is kept beside the entries of the front door, under the code of its service.
"""

from typing import Any

import msgspec

from server.administration.catalogue_door import CatalogueEntry
from server.administration.catalogue_file import CatalogueFile, Given
from server.administration.toml_file import Place
from server.domain.standard import Standard

TEXT_MAX = 300
"""More than three pages of a TV for one field is read by nobody."""
REQUIREMENTS_MAX = 12

_TEXTS = ("procedure", "time", "cost", "product", "complaints")
KEYS = ("requirements", *_TEXTS)


def read_standard(file: CatalogueFile, place: Place, given: Given) -> Standard | None:
    """The standard of a service's table, None where it has none; raises FileProblemError."""
    if "standard" not in given:
        return None
    place, standard = (*place, "standard"), given["standard"]
    if not isinstance(standard, dict):
        raise file.problem(
            place, "is no table", "Write [service.standard] below its [[service]], and keys."
        )
    file.demand_known(place, standard, KEYS)
    texts = {key: file.names(place, standard, key) for key in _TEXTS}
    for key, names in texts.items():
        _demand_short(file, (*place, key), names)
    return Standard(requirements=_requirements(file, place, standard), **texts)


def standard_entry(service: str, standard: Standard) -> CatalogueEntry:
    """The row that keeps it."""
    body: dict[str, Any] = msgspec.to_builtins(standard)
    return CatalogueEntry(service, {key: value for key, value in body.items() if value})


def _requirements(file: CatalogueFile, place: Place, standard: Given) -> tuple[Any, ...]:
    place, several = (*place, "requirements"), standard.get("requirements", [])
    if not isinstance(several, list) or len(several) > REQUIREMENTS_MAX:
        raise file.problem(
            place,
            "is no list" if not isinstance(several, list) else f"has {len(several)} entries",
            f"Write up to {REQUIREMENTS_MAX}, as in requirements = [ … ].",
        )
    found = []
    for one in several:
        names = file.names(place[:-1], {"requirements": one}, "requirements")
        _demand_short(file, place, names)
        found.append(names)
    return tuple(found)


def _demand_short(file: CatalogueFile, place: Place, names: dict[str, str]) -> None:
    for language, text in names.items():
        if len(text) > TEXT_MAX:
            raise file.problem(
                place,
                f"has {len(text)} characters in {language!r}",
                f"Write at most {TEXT_MAX}: it is read from afar.",
            )
