"""Importing a list of members: checked row by row, sealed, and put in the place of the old one.

Of a name only the initials are kept. Numbers are kept as keyed hashes, the rest under seal.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from db.members import MemberRow, replace_members
from protocol.identifiers import Identifier, IdentifierError, IdentifierKind, read_identifier
from protocol.plain_text import plain_line
from server.adapters.file_directory import fields_of
from server.administration.bad_rows import BadCellError, BadRows
from server.administration.days import NoSuchDayError, read_day
from server.administration.refusal import RefusedError
from server.administration.sheets import Row, rows_of
from server.membership import (
    KIND,
    MEMBERSHIPS,
    NUMBERS,
    SEGMENTS,
    TEXT_MAX,
    Member,
    initials_of,
    segment_of,
)
from server.ports import Sealer
from server.store import Store

COLUMNS: dict[str, tuple[str, ...]] = {
    "nik": ("nik", "no nik", "nomor nik", "no ktp"),
    "card": ("card", "kartu", "no kartu", "nomor kartu", "noka", "no jkn", "card number"),
    "name": ("name", "nama", "nama peserta"),
    "segment": ("segment", "segmen", "jenis peserta"),
    "status": ("status", "membership", "status peserta", "kepesertaan"),
    "class": ("class", "ward class", "kelas", "kelas rawat", "hak kelas"),
    "facility": ("facility", "fktp", "faskes", "faskes 1"),
    "facility_changed_on": ("facility changed on", "fktp sejak", "tgl ganti fktp"),
    "decree_on": ("decree on", "tgl sk", "sk berlaku", "nonaktif sejak"),
}
_STATUS_WORDS = {
    "AKTIF": "active",
    "MENUNGGAK": "arrears",
    "TUNGGAKAN": "arrears",
    "PBI NONAKTIF": "pbi-inactive",
    "NONAKTIF": "inactive",
    "NON AKTIF": "inactive",
    "TIDAK AKTIF": "inactive",
    "TIDAK TERDAFTAR": "not-registered",
}
_RULES = {
    "empty": "is empty. Put the number there",
    "too-long": "is too long for a number. Leave the number alone in it",
    "letters": "is no number. A spreadsheet may have rounded it (3.57E+15): format the column "
    "as text and put the digits in again",
    "ambiguous": "has more than one number. Leave one",
    "one-digit": "is one digit repeated. Put the number of the card or KTP there",
    "month": "has no month of birth (digits 9 and 10 are 01 to 12). Compare it with the KTP",
    "day": "has no day of birth (digits 7 and 8: 01 to 31, or 41 to 71). Compare it with the KTP",
    "serial": "ends in 0000. A spreadsheet may have rounded it: put it in again as text",
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import: how many people, and the rows that were left out."""

    people: int
    left_out: BadRows


class _ListIsBadError(Exception):
    """Rolls the import back."""


def import_members(
    store: Store, sealer: Sealer, path: Path, now_ms: int, *, accept_good: bool = False
) -> Imported:
    """Replace the list of members by a file's, in one transaction.

    Raises RefusedError with the bad rows and changes nothing, unless ``accept_good``;
    FileProblemError where the file is no such table at all.
    """
    reading = _Reading(sealer, now_ms)
    try:
        with rows_of(path, COLUMNS) as rows, store.database.writing() as connection:
            replace_members(connection, store.branch_code, reading.stored(rows))
            if reading.bad.count and not accept_good:
                raise _ListIsBadError
            if not reading.people:
                raise _ListIsBadError
    except _ListIsBadError:
        raise RefusedError(_why(path, reading)) from None
    return Imported(reading.people, reading.bad)


def forget_members(store: Store) -> None:
    """Erase the whole list."""
    with store.database.writing() as connection:
        replace_members(connection, store.branch_code, [])


def _why(path: Path, reading: "_Reading") -> str:
    if not reading.bad.count:
        return f"{path}: has no rows. Nothing was changed."
    if not reading.people:
        cure = "Nothing was changed."
    else:
        cure = (
            f"Nothing was changed. Mend these rows, or take the {reading.people} good ones with "
            "--accept-good."
        )
    head = f"{path}: {reading.bad.count} rows cannot be used."
    return "\n".join([head, *(f"  {line}" for line in reading.bad.lines()), cure])


class _Reading:
    """One pass over a file's rows."""

    def __init__(self, sealer: Sealer, now_ms: int) -> None:
        self._sealer = sealer
        self._now_ms = now_ms
        # Where each number stood first: half of its keyed hash tells them apart, and is small.
        self._seen: dict[bytes, int] = {}
        self.people = 0
        self.bad = BadRows()

    def stored(self, rows: Iterator[Row]) -> Iterator[MemberRow]:
        """The rows as they are kept: one for each number of a person."""
        for row in rows:
            problems: list[BadCellError] = []
            identifiers = _identifiers(row, problems)
            member = _member(row, self._now_ms, problems)
            marks = [(one, self._sealer.fingerprint(one.kind, one.value)) for one in identifiers]
            for one, mark in marks:
                first = self._seen.get(mark[:16])
                if first is not None:
                    what = f"stands in row {first} already. Keep one of the two rows"
                    problems.append(BadCellError(one.kind, what))
            if problems:
                self.bad.add(row.number, problems)
                continue
            self.people += 1
            # Whoever is erased by one number is erased by the other, too.
            numbers = {NUMBERS: " ".join(mark.hex() for _, mark in marks)}
            fields = fields_of(member) | numbers
            for _, mark in marks:
                self._seen[mark[:16]] = row.number
                yield MemberRow(mark, self._sealer.seal(KIND, mark.hex(), fields), self._now_ms)


def _identifiers(row: Row, problems: list[BadCellError]) -> list[Identifier]:
    found: list[Identifier] = []
    kinds: tuple[IdentifierKind, ...] = ("nik", "card")
    empty = True
    for kind in kinds:
        cell = row.cell(kind)
        empty = empty and not cell.text and not cell.problem
        if cell.problem:
            problems.append(BadCellError(kind, cell.problem))
        elif cell.text:
            try:
                found.append(_identifier(kind, cell.text))
            except BadCellError as problem:
                problems.append(problem)
    if empty:
        problems.append(BadCellError("nik, card", "are both empty. Put one of the two there"))
    return found


def _identifier(kind: IdentifierKind, text: str) -> Identifier:
    digits, name = (16, "NIK") if kind == "nik" else (13, "card number")
    length = (
        f"is no {name}, which has {digits} digits. A spreadsheet may have dropped zeros or rounded "
        "it: format the column as text and put the digits in again"
    )
    try:
        identifier = read_identifier(text)
    except IdentifierError as error:
        raise BadCellError(kind, _RULES.get(error.code, length)) from None
    if identifier.kind != kind:
        raise BadCellError(kind, length)
    return identifier


def _member(row: Row, now_ms: int, problems: list[BadCellError]) -> Member:
    texts = {}
    for column in ("name", "segment", "status", "class", "facility"):
        cell = row.cell(column)
        texts[column] = plain_line(cell.text, TEXT_MAX if column != "name" else 200)
        if cell.problem:
            problems.append(BadCellError(column, cell.problem))
    segment = _segment(texts["segment"], problems)
    return Member(
        initials=initials_of(texts["name"]),
        segment=segment,
        segment_text=texts["segment"],
        membership=_membership(texts["status"], segment, problems),
        status_text=texts["status"],
        source="file",
        as_of_ms=now_ms,
        ward_class=texts["class"],
        facility=texts["facility"],
        facility_changed_on=_day(row, "facility_changed_on", problems),
        decree_on=_day(row, "decree_on", problems),
    )


def _segment(text: str, problems: list[BadCellError]) -> str | None:
    if not text:
        return None
    code = text.upper().replace(" ", "-")
    segment = code if code in SEGMENTS else segment_of(text)
    if segment is None:
        known = ", ".join(SEGMENTS)
        problems.append(BadCellError("segment", f"is none of {known}. Write one, or leave it out"))
    return segment


def _membership(text: str, segment: str | None, problems: list[BadCellError]) -> str | None:
    if not text:
        return None
    if text.lower() in MEMBERSHIPS:
        return text.lower()
    words = " ".join("".join(c if c.isalnum() else " " for c in text.upper()).split())
    membership = _STATUS_WORDS.get(words)
    if membership is None:
        known = ", ".join((*MEMBERSHIPS, *sorted(_STATUS_WORDS))).lower()
        problems.append(BadCellError("status", f"is none of {known}. Write one, or leave it out"))
    elif membership == "inactive" and segment in ("PBI-APBN", "PBI-APBD"):
        return "pbi-inactive"
    return membership


def _day(row: Row, column: str, problems: list[BadCellError]) -> date | None:
    cell = row.cell(column)
    what = cell.problem
    if cell.text:
        try:
            return read_day(cell.text)
        except NoSuchDayError as error:
            what = str(error)
    if what:
        problems.append(BadCellError(column, what))
    return None
