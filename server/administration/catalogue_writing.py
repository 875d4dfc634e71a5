"""A branch's catalogue as a TOML file again, so that a branch can change its own copy."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from db import tables as t
from server.administration.catalogue_door import KEY_OF_SECTION
from server.administration.loading import door_entries
from server.administration.refusal import RefusedError
from server.domain.branch import ALL_SERVICES
from server.store import Store
from server.stored_standard import SECTION as STANDARD_SECTION

_HEAD = """\
# The catalogue of {branch}, as it was loaded. Change it, and load it again with the server stopped:
#
#   antrean-server catalogue load FILE --data DIR
#
# A section that you take away stays as it is in the branch. Settings: antrean-server config get.
"""
_STANDARD = "service.standard"
_DATES = ("effective_on", "valid_from", "valid_until")


def catalogue_text(store: Store) -> str:
    """All sections of the branch, in its order; ``read_catalogue`` reads them back.

    What points at something that is gone stands there too: loading it again says what to mend.
    """
    tables = [
        *_services(store),
        *(("counter", _counter(row)) for row in store.rows(t.counter)),
        *_choices(store),
        *_door(store),
    ]
    head = _HEAD.format(branch=store.settings().get("branch.name"))
    return "\n".join([head, *(_table(section, keys) for section, keys in tables)])


def save_catalogue(store: Store, path: Path) -> None:
    """Write the catalogue to a new file; raises RefusedError if there is one."""
    text = catalogue_text(store)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise RefusedError(f"{path} is there already. Choose another name.") from error
    except OSError as error:
        raise RefusedError(f"{path} cannot be written ({error}). Choose another place.") from error


Table = tuple[str, Mapping[str, Any]]


def _services(store: Store) -> Iterator[Table]:
    standards = {
        row["code"]: row["body"]
        for row in store.rows(t.catalogue_entry)
        if row["section"] == STANDARD_SECTION
    }
    for row in _in_position(store.rows(t.service)):
        yield (
            "service",
            {
                "code": row["code"],
                "letter": row["letter"],
                "name": _json(row["name"]),
                "description": _json(row["description"]),
                "icon": row["icon"],
                "target_wait_s": row["target_wait_s"],
                "target_service_s": row["target_service_s"],
                "papers": _json(row["papers"]),
                # Only what is out of the ordinary is worth a line.
                "open": None if row["is_open"] else False,
                "hours": _json(row["hours"]) if row["hours"] else None,
                "quota": row["quota"],
            },
        )
        if row["code"] in standards:
            yield _STANDARD, _json(standards[row["code"]])


def _counter(row: Mapping[str, Any]) -> Mapping[str, Any]:
    services = _json(row["services"])
    return {
        "number": row["number"],
        "services": "all" if services == [ALL_SERVICES] else services,
        "preference": _json(row["preference"]),
    }


def _choices(store: Store) -> Iterator[Table]:
    for row in _in_position(store.rows(t.choice)):
        yield f"choice.{row['field']}", {"code": row["code"], "name": _json(row["name"])}


def _door(store: Store) -> Iterator[Table]:
    for section, entries in door_entries(store).items():
        for entry in entries:
            yield section, {KEY_OF_SECTION[section]: entry.code, **entry.body}


def _in_position(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: int(row["position"]))


def _json(text: str) -> Any:
    return msgspec.json.decode(text)


def _table(section: str, keys: Mapping[str, Any]) -> str:
    lines = [
        f"{key} = {value if key in _DATES else _value(value)}"
        for key, value in keys.items()
        if value is not None and value not in ("", {}) and (value != [] or key == "services")
    ]
    # A standard belongs to the service above it; everything else is one of several.
    head = f"[{section}]" if section == _STANDARD else f"[[{section}]]"
    return "\n".join([head, *lines, ""])


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, dict):
        inside = ", ".join(f"{_text(key)} = {_value(one)}" for key, one in value.items())
        return f"{{ {inside} }}"
    return _text(value)


def _text(text: str) -> str:
    # What JSON writes in quotes TOML reads, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
