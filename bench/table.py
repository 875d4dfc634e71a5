"""One line of the table: ours, the bare thing's, and the ratio."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """Both sides of a ratio, in one unit; a figure without a bound is only reported."""

    what: str
    against: str
    ours: float
    bare: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def ratio(self) -> float:
        return self.ours / self.bare

    @property
    def holds(self) -> bool:
        if self.at_most is not None:
            return self.ratio <= self.at_most
        return self.at_least is None or self.ratio >= self.at_least

    def row(self) -> str:
        """The line as Markdown."""
        bound = "report"
        if self.at_most is not None:
            bound = f"≤ {self.at_most:g}"
        elif self.at_least is not None:
            bound = f"≥ {self.at_least:g}"
        mark = "" if self.holds else " **no**"
        return (
            f"| {self.what} | {self.against} | {self.ours:,.2f} {self.unit} "
            f"| {self.bare:,.2f} {self.unit} | {self.ratio:.2f} | {bound}{mark} |"
        )


HEADING = "| what | against | ours | bare | ratio | goal |\n|---|---|---|---|---|---|"
