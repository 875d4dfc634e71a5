"""The front door as a branch configured it: matters, papers, channels, offices, rules of advice.

Data, never code: what is uncertain or changes with a regulation stands in the catalogue.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from server.domain.opening import OpeningHours

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Paper:
    """Something that a visitor may have to bring."""

    code: str
    name: Names


@dataclass(frozen=True, slots=True)
class Matter:
    """What somebody comes for: which service does it, what it needs, where else it can be done."""

    code: str
    name: Names
    service: str
    icon: str = ""
    papers: tuple[str, ...] = ()
    # Beside ``papers``, for those of a segment.
    papers_by_segment: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    channels: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    category: str | None = None
    complaint: bool = False
    # What the visitor does when another office comes first, a line for each step; for the slip.
    steps: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Channel:
    """A way without a counter. ``kind``: app, chat, phone, web or self-service."""

    code: str
    name: Names
    kind: str
    about: Names = field(default_factory=dict)
    link: str = ""
    hours: OpeningHours | None = None  # None: at every hour
    # A code of ``choice.disturbance``: while it is disturbed, the channel is of no use.
    needs_app: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """Another office. Without an address the slip says whom to ask."""

    code: str
    name: Names
    address: Names = field(default_factory=dict)
    phone: str = ""
    hours: OpeningHours | None = None  # None: not known
    papers: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """How a category of problems is handled."""

    category: str
    text: Names
    next_step: Names = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ComplaintLevel:
    """How soon a complaint is answered, and in how many working days it is solved."""

    code: str
    name: Names
    first_response_min: int
    working_days: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Decree:
    """A decree by which people lost their contribution assistance."""

    code: str
    name: Names
    effective_on: date


@dataclass(frozen=True, slots=True)
class AdviceRule:
    """A regulation that the officer is helped with; which fields count depends on ``kind``.

    ``text_after`` is said when the time is over, ``text_unknown`` when the date is not known.
    Valid from ``valid_from`` up to and with ``valid_until`` (None: for good).
    """

    code: str
    kind: str
    valid_from: date
    source: str
    weight: str
    text: Names
    valid_until: date | None = None
    text_after: Names = field(default_factory=dict)
    text_unknown: Names = field(default_factory=dict)
    months: int = 0
    days: int = 0
    segments: tuple[str, ...] = ()
    memberships: tuple[str, ...] = ()
    matters: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    channel: str | None = None
    office: str | None = None
    office_after: str | None = None


@dataclass(frozen=True, slots=True)
class DoorCatalogue:
    """All of it by code, in the branch's order; procedures by category."""

    papers: Mapping[str, Paper] = field(default_factory=dict)
    matters: Mapping[str, Matter] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    offices: Mapping[str, Office] = field(default_factory=dict)
    procedures: Mapping[str, Procedure] = field(default_factory=dict)
    complaint_levels: Mapping[str, ComplaintLevel] = field(default_factory=dict)
    advice: Mapping[str, AdviceRule] = field(default_factory=dict)
    decrees: Mapping[str, Decree] = field(default_factory=dict)

    def papers_needed(self, matter: str | None, segment: str | None) -> tuple[str, ...]:
        """The papers for a matter, those of the segment after those of everybody, each once."""
        if matter is None or matter not in self.matters:
            return ()
        of_matter = self.matters[matter]
        more = of_matter.papers_by_segment.get(segment or "", ())
        return tuple(dict.fromkeys((*of_matter.papers, *more)))

    def channels_for(self, matter: str | None) -> tuple[str, ...]:
        """Where a matter can be done without a counter."""
        found = self.matters.get(matter or "")
        return () if found is None else found.channels

    def offices_for(self, matter: str | None) -> tuple[str, ...]:
        """Which other offices a matter may need."""
        found = self.matters.get(matter or "")
        return () if found is None else found.offices


def is_open(place: Channel | Office, local: datetime) -> bool:
    """Whether a channel or an office is open at a moment of the branch's clock.

    One whose hours nobody wrote down is taken to be open.
    """
    if place.hours is None:
        return True
    if local.date() in place.hours.holidays:
        return False
    of_day = place.hours.days[local.weekday()]
    minute = local.hour * 60 + local.minute
    return of_day is None or any(start <= minute < end for start, end in of_day)
