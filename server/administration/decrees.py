"""Importing decrees by which people lost their contribution assistance: number, date, name.

From the date follow the months in which assistance can be had back, so a date that no calendar
has is refused. Decrees of the same number are replaced, all others stay.
"""

from pathlib import Path
from typing import Any

import msgspec

from db import tables as t
from db.rows import all_rows, put_row
from protocol.plain_text import plain_line
from server.administration.bad_rows import BadCellError, BadRows
from server.administration.catalogue_door import DECREE_CODE
from server.administration.days import NoSuchDayError, read_day
from server.administration.refusal import RefusedError
from server.administration.sheets import Row, rows_of
from server.config import FIRST_LANGUAGE
from server.store import Store

SECTION = "decree"
DECREES_MAX = 1_000
NAME_MAX = 120
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("number", "nomor", "nomor sk", "no sk", "sk"),
    "effective_on": ("effective on", "berlaku", "berlaku mulai", "tmt", "tanggal"),
    "name": ("name", "nama", "tentang", "judul"),
}


def import_decrees(store: Store, path: Path) -> int:
    """Add a file's decrees to the branch's; returns how many. All rows are good, or none is taken.

    Raises RefusedError with the bad rows, FileProblemError where the file is no such table.
    """
    found: dict[str, dict[str, Any]] = {}
    first: dict[str, int] = {}
    bad = BadRows()
    with rows_of(path, COLUMNS) as rows:
        for row in rows:
            problems: list[BadCellError] = []
            number, body = _decree(row, problems)
            if number in first:
                what = f"stands in row {first[number]} already. Keep one of the two rows"
                problems.append(BadCellError("number", what))
            if problems:
                bad.add(row.number, problems)
                continue
            found[number], first[number] = body, row.number
    if bad.count:
        lines = "\n".join(f"  {line}" for line in bad.lines())
        raise RefusedError(
            f"{path}: {bad.count} rows cannot be used.\n{lines}\nNothing was changed. Mend them."
        )
    if not 0 < len(found) <= DECREES_MAX:
        raise RefusedError(f"{path}: has {len(found)} decrees; there may be 1 to {DECREES_MAX}.")
    _put(store, found)
    return len(found)


def _decree(row: Row, problems: list[BadCellError]) -> tuple[str, dict[str, Any]]:
    for column in COLUMNS:
        if problem := row.cell(column).problem:
            problems.append(BadCellError(column, problem))
    number = plain_line(row.cell("number").text, 60)
    if not row.cell("number").problem and DECREE_CODE.fullmatch(number) is None:
        what = "is no number of a decree. Write up to 40 letters, digits and / . -"
        problems.append(BadCellError("number", what))
    effective_on = ""
    if not row.cell("effective_on").problem:
        try:
            effective_on = read_day(row.cell("effective_on").text).isoformat()
        except NoSuchDayError as error:
            problems.append(BadCellError("effective_on", str(error)))
    name = plain_line(row.cell("name").text, NAME_MAX) or f"SK {number}"
    return number, {"effective_on": effective_on, "name": {FIRST_LANGUAGE: name}}


def _put(store: Store, found: dict[str, dict[str, Any]]) -> None:
    with store.database.writing() as connection:
        rows = all_rows(connection, t.catalogue_entry, store.branch_code)
        places = {row["code"]: row["position"] for row in rows if row["section"] == SECTION}
        behind = max(places.values(), default=0)
        for number, body in found.items():
            behind += number not in places
            row = {
                "section": SECTION,
                "code": number,
                "position": places.get(number, behind),
                "body": msgspec.json.encode(body).decode(),
            }
            put_row(connection, t.catalogue_entry, store.branch_code, row)
