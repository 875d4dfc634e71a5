"""What a page of the live hall is made of, and how its figures read."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from assets.texts import Texts
from protocol.messages import HallSnapshot, StaffingHint, Welcome
from report.day import DayReport
from report.document import Cell, Kind
from report.wording import Wording


@dataclass(frozen=True, slots=True)
class Hall:
    """Everything that a page of the hall is made of."""

    welcome: Welcome
    snapshot: HallSnapshot
    report: DayReport | None
    now: datetime
    is_online: bool
    hints: Sequence[StaffingHint] = field(default_factory=tuple)


def behind(figure: str, **narrowed: object) -> str:
    """Where the tickets behind a figure are listed."""
    return f"/hall/tickets?{urlencode({'figure': figure, **narrowed})}"


class FigureWords:
    """Figures as the reports write them."""

    def __init__(self, texts: Texts, zone: ZoneInfo) -> None:
        self._say = Wording(texts, str(zone))

    def count(self, value: float | None) -> str:
        """1.234"""
        return self._say(Cell(None if value is None else round(value), Kind.COUNT))

    def share(self, value: float | None) -> str:
        """91%"""
        return self._say(Cell(value, Kind.PERCENT))

    def time(self, value: float | None) -> str:
        """14:05"""
        return self._say(Cell(value, Kind.SECONDS))

    def number(self, value: float | None, digits: int) -> str:
        """3,61"""
        return self._say(Cell(value, Kind.NUMBER, digits))
