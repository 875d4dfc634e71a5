"""The documents for integrators say what the code does, and the committed files are those."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from protocol.asyncapi import NOTICE_ROLES, as_text, asyncapi, schema
from protocol.codec import COMMAND_TYPES
from protocol.roles import DeviceRole
from tests.protocol.made_up_words import ALL_KINDS

FOLDER = Path(__file__).parents[2] / "docs" / "protocol"


@pytest.mark.parametrize(("name", "made"), [("asyncapi.json", asyncapi), ("schema.json", schema)])
def test_the_committed_documents_are_those_of_the_code(
    name: str, made: Callable[[], dict[str, Any]]
) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == as_text(made()), "run script/write-protocol-docs and commit what it writes"


@pytest.mark.parametrize("document", [asyncapi(), schema()], ids=["asyncapi", "schema"])
def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = list(_values(document, "$ref"))
    assert references
    for reference in references:
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def test_every_word_has_a_schema_and_a_message() -> None:
    names = {kind.__name__ for kind in ALL_KINDS}
    assert names <= schema()["$defs"].keys()
    assert names == asyncapi()["components"]["messages"].keys()


def test_every_command_and_notice_is_an_operation_with_its_devices() -> None:
    operations = asyncapi()["operations"]
    assert operations.keys() == {"Hello"} | COMMAND_TYPES.keys() | NOTICE_ROLES.keys()
    assert operations["CallNext"]["x-device-roles"] == ["counter"]
    known = {role.value for role in DeviceRole}
    assert {role for roles in NOTICE_ROLES.values() for role in roles} <= known


def test_commands_forbid_unknown_fields_and_notices_allow_them() -> None:
    definitions = schema()["$defs"]
    assert definitions["CallNext"]["additionalProperties"] is False
    assert "additionalProperties" not in definitions["BoardSnapshot"]


def test_patterns_are_written_for_every_language() -> None:
    r"""ECMA-262, which JSON Schema follows, has no \Z: there it asks for the letter Z."""
    patterns = list(_values(schema(), "pattern"))
    assert "^[a-z]{2,3}$" in patterns
    assert [pattern for pattern in patterns if "\\Z" in pattern] == []


def test_the_documents_are_json() -> None:
    assert json.loads(as_text(asyncapi())) == asyncapi()


def _values(document: Any, key: str) -> Iterator[str]:
    if isinstance(document, dict):
        if isinstance(document.get(key), str):
            yield document[key]
        for each in document.values():
            yield from _values(each, key)
    elif isinstance(document, list):
        for each in document:
            yield from _values(each, key)
