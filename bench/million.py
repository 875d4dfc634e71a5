"""A branch with a million past tickets: one full day by the shipped rules, and copies of it.

The copies are rows of SQL, made in bulk; they lie on the days before, each with ids, places in the
history and instants of its own. The chain of hashes is the only thing that is not true of them.
"""

import sqlite3
import tempfile
from datetime import date, timedelta
from pathlib import Path

from bench.full_day import MARK, FullDay
from db.engine import sqlite_url
from server.store import Store

TICKETS_A_DAY, DAYS = 1_000, 1_000
NEWEST = "2026-11-23"
DAY_MS = 86_400_000
# Which columns of a day's rows are moved or named anew; all others are taken as they are.
_MOVED = {
    "event": ("seq", "at_ms", "business_date", "body"),
    "ticket": (
        *("id", "business_date", "issued_at_ms", "called_at_ms", "started_at_ms", "ended_at_ms"),
        *("link", "screening"),
    ),
    "ticket_period": ("business_date", "ticket", "started_at_ms", "ended_at_ms"),
    "counter_period": ("business_date", "started_at_ms", "ended_at_ms"),
    "rating": ("business_date", "ticket", "at_ms"),
    "screening": ("business_date", "id", "at_ms", "started_at_ms", "ticket"),
    "correction": ("seq", "business_date", "ticket", "at_ms"),
    "day_signature": ("seq", "business_date", "at_ms"),
    "complaint": (
        *("id", "business_date", "filed_at_ms", "ticket"),
        *("answer_due_at_ms", "due_at_ms", "closed_at_ms"),
    ),
    "business_day": (*("business_date", "first_seq", "opened_at_ms", "closed_at_ms", "head_seq"),),
}


def million(days: int = DAYS, tickets: int = TICKETS_A_DAY) -> Path:
    """The database file; made once and kept for the next time."""
    kept = Path(tempfile.gettempdir()) / f"antrean-bench-past-{days}-{tickets}.db"
    if kept.exists() and _is_of_this_version(kept):
        return kept
    with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
        file = Path(folder) / "branch.db"
        _make(file, days, tickets)
        file.replace(kept)
    return kept


def _is_of_this_version(file: Path) -> bool:
    """Whether the tables are those of now: an older file is made anew."""
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh.db"
        Store.open(sqlite_url(fresh)).close()
        return _schema(fresh) == _schema(file)


def _schema(file: Path) -> list[tuple[str, str]]:
    connection = sqlite3.connect(file)
    try:
        return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    finally:
        connection.close()


def _make(file: Path, days: int, tickets: int) -> None:
    template = file.with_name("template.db")
    for path, is_template in ((template, True), (file, False)):
        with Store.open(sqlite_url(path)) as store:
            if is_template:
                FullDay(store.load_branch(), NEWEST, tickets).write(store)
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("synchronous = OFF", "journal_mode = OFF", "cache_size = -200000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("ATTACH ? AS template", (str(template),))
    events = connection.execute("SELECT max(seq) FROM template.event").fetchone()[0]
    newest = date.fromisoformat(NEWEST)
    connection.execute("BEGIN")
    for place in range(days):
        back = days - 1 - place
        moved = {
            "date": (newest - timedelta(days=back)).isoformat(),
            "mark": f"{place:08x}-",
            "shift_ms": -back * DAY_MS,
            "shift": place * events,
        }
        for table, columns in _MOVED.items():
            connection.execute(_copy(connection, table, columns), moved)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def _copy(connection: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> str:
    names = [row[1] for row in connection.execute(f"PRAGMA template.table_info({table})")]
    is_complaint = table == "complaint"
    picked = ", ".join(
        _moved(name, of_complaint=is_complaint) if name in columns else f'"{name}"'
        for name in names
    )
    return f"INSERT INTO main.{table} SELECT {picked} FROM template.{table}"


def _moved(column: str, *, of_complaint: bool) -> str:
    if column == "business_date":
        return ":date"
    if column in ("seq", "first_seq", "head_seq"):
        return f"{column} + :shift"
    if column == "closed_at_ms" and of_complaint:
        # What was complained of long ago is settled.
        return f"CASE WHEN :shift_ms < {-10 * DAY_MS} THEN filed_at_ms + :shift_ms END"
    if column.endswith("_at_ms") or column == "at_ms":
        return f"{column} + :shift_ms"
    return f"replace({column}, '{MARK}', :mark)"
