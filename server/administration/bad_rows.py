"""Telling what is wrong with a table that somebody brought: by row and column, and how to mend it.

What stands in a cell is never repeated: it may be somebody's number, also in a wrong column.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

SHOWN_MAX = 50


class BadCellError(ValueError):
    """A cell cannot be used; column, what is wrong, and the cure."""

    def __init__(self, column: str, what: str) -> None:
        super().__init__(column, what)
        self.column = column
        self.what = what


@dataclass(slots=True)
class BadRows:
    """The rows that cannot be used; the first of them in words."""

    count: int = 0
    told: list[str] = field(default_factory=list)

    def add(self, row: int, problems: Iterable[BadCellError]) -> None:
        """A row with everything that is wrong in it."""
        self.count += 1
        if len(self.told) < SHOWN_MAX:
            self.told += [f"row {row}, {one.column}: {one.what}." for one in problems]

    def lines(self) -> list[str]:
        """One line per mistake, and how many rows are not shown."""
        hidden = self.count - SHOWN_MAX
        return self.told + ([f"and {hidden} more rows"] if hidden > 0 else [])
