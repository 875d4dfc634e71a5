"""The published standards of the services, from the rows of ``catalogue_entry``."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from server.domain.standard import Standard

SECTION = "standard"
"""The rows' section; their code is that of the service."""

_standard_of = msgspec.json.Decoder(Standard).decode


def standards_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, Standard]:
    """By the code of the service."""
    return {row["code"]: _standard_of(row["body"]) for row in rows if row["section"] == SECTION}
