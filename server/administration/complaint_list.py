"""Complaints for people at a terminal and, as CSV, for whoever types them into SIPP, which has no
interface of its own. Coded facts only: what was written stands under seal."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from server.administration.refusal import RefusedError
from server.administration.summary import aligned
from server.domain.branch import Branch
from server.domain.complaints import urgency
from server.domain.hall_door import Complaint
from server.domain.opening import local_of
from server.store import Store
from server.texts import in_language, table

COLUMNS = (
    *("id", "filed_at", "level", "state", "urgency", "answer_due_at", "due_at"),
    *("answered_at", "closed_at", "ticket", "anonymous", "sipp", "lapor", "staff"),
)
# What a spreadsheet takes for the beginning of a formula (F49).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")


def complaint_lines(store: Store, which: str, now_ms: int, language: str) -> list[str]:
    """A table of those that were asked for, and how many there are."""
    branch, words = store.load_branch(), table("complaints", language)
    found, total = store.complaints(which, now_ms)
    if not found:
        return [words[f"none-{which}"]]
    rows: list[Sequence[str]] = [words["columns"].split("|")]
    for complaint, number in found:
        urgent = urgency(complaint, branch.rules.complaint_due_soon_s, now_ms)
        level = branch.door.complaint_levels.get(complaint.level)
        rows.append(
            [
                _moment(branch, complaint.filed_at_ms),
                complaint.level if level is None else in_language(level.name, language),
                words[f"state-{complaint.state}"],
                words[f"urgency-{urgent}"] if urgent else "",
                _moment(branch, complaint.due_at_ms),
                number or "",
                complaint.sipp,
                complaint.lapor,
                complaint.id,
            ]
        )
    return [*aligned(rows, total=False), "", words["total"].format(total=total)]


def export_complaints(store: Store, which: str, now_ms: int, path: Path) -> int:
    """Write them as CSV with semicolons, times as the branch's clock shows them; says how many.

    Raises RefusedError where the file is there already, or cannot be written.
    """
    branch = store.load_branch()
    found, total = store.complaints(which, now_ms)
    try:
        with path.open("x", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, delimiter=";")
            writer.writerow(COLUMNS)
            writer.writerows(_cells(branch, *one, now_ms) for one in found)
    except FileExistsError as error:
        raise RefusedError(f"{path} is there already. Choose another name.") from error
    except OSError as error:
        raise RefusedError(f"{path} cannot be written: {error.strerror}.") from error
    return total


def _cells(branch: Branch, complaint: Complaint, number: str | None, now_ms: int) -> list[str]:
    return safe_cells(
        [
            complaint.id,
            _moment(branch, complaint.filed_at_ms),
            complaint.level,
            complaint.state,
            urgency(complaint, branch.rules.complaint_due_soon_s, now_ms),
            _moment(branch, complaint.answer_due_at_ms),
            _moment(branch, complaint.due_at_ms),
            _moment(branch, complaint.answered_at_ms),
            _moment(branch, complaint.closed_at_ms),
            number or "",
            "yes" if complaint.anonymous else "no",
            complaint.sipp,
            complaint.lapor,
            complaint.staff,
        ]
    )


def safe_cells(cells: Iterable[str]) -> list[str]:
    """Cells that no spreadsheet reckons with: one that begins as a formula begins with a quote."""
    return [f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells]


def _moment(branch: Branch, at_ms: int | None) -> str:
    return "" if at_ms is None else f"{local_of(at_ms, branch.time_zone):%Y-%m-%d %H:%M}"
