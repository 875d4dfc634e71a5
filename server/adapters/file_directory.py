"""The imported list of members (``antrean-server members import``) as a directory.

A number is looked up by its keyed hash, and who was found is opened for that moment: the list
itself says nothing to anyone who has only the database.
"""

from datetime import date

from db.engine import Database
from db.members import MemberRow, has_members, member_row
from db.refusals import DatabaseRefusedError
from protocol.identifiers import Identifier, IdentifierKind
from server.membership import KIND, DirectoryUnreachableError, Member, NotFound, Source
from server.ports import SealBrokenError, Sealer


class FileDirectory:
    """Finds people in the list by NIK or card number; as old as its last import."""

    source: Source = "file"
    kinds: frozenset[IdentifierKind] = frozenset({"nik", "card"})

    def __init__(self, database: Database, branch: str, sealer: Sealer) -> None:
        self._database = database
        self._branch = branch
        self._sealer = sealer

    async def find(self, identifier: Identifier, on: date) -> Member | NotFound:
        """Who it is, by the list alone."""
        fingerprint = self._sealer.fingerprint(identifier.kind, identifier.value)
        try:
            row = self._row(fingerprint)
            if row is None:
                return NotFound()
            fields = self._sealer.open(KIND, fingerprint.hex(), row.sealed)
        except DatabaseRefusedError:
            raise DirectoryUnreachableError("the database cannot be read now") from None
        except SealBrokenError:
            raise DirectoryUnreachableError(
                "the list of members was sealed with another key; import it again"
            ) from None
        return member_of(fields, row.imported_at_ms)

    def _row(self, fingerprint: bytes) -> MemberRow | None:
        with self._database.reading() as connection:
            row = member_row(connection, self._branch, fingerprint)
            if row is None and not has_members(connection, self._branch):
                # "Nobody with this number" would be wrong of a list that never came.
                raise DirectoryUnreachableError("no list of members was imported yet")
            return row

    async def close(self) -> None:
        """The database belongs to the store."""


def fields_of(member: Member) -> dict[str, str]:
    """What is sealed of a member; ``member_of`` reads it back."""
    fields = {
        "initials": member.initials,
        "segment": member.segment or "",
        "segment_text": member.segment_text,
        "membership": member.membership or "",
        "status_text": member.status_text,
        "ward_class": member.ward_class,
        "facility": member.facility,
        "facility_changed_on": _written(member.facility_changed_on),
        "decree_on": _written(member.decree_on),
    }
    return {key: text for key, text in fields.items() if text}


def member_of(fields: dict[str, str], imported_at_ms: int) -> Member:
    """A member as ``fields_of`` wrote it."""
    return Member(
        initials=fields.get("initials", ""),
        segment=fields.get("segment"),
        segment_text=fields.get("segment_text", ""),
        membership=fields.get("membership"),
        status_text=fields.get("status_text", ""),
        source="file",
        as_of_ms=imported_at_ms,
        ward_class=fields.get("ward_class", ""),
        facility=fields.get("facility", ""),
        facility_changed_on=_read(fields.get("facility_changed_on")),
        decree_on=_read(fields.get("decree_on")),
    )


def _written(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def _read(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
