"""What the officer has put down of the visitor at the door, until the outcome is recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from protocol.identifiers import Identifier, SoftWarning, masked
from protocol.messages import AdviseVisitor, DoorOutcome, MatterInfo, Priority, RecordScreening

PERSONS_MOST = 50
NOTE_MOST = 1000
DATES = ("decree_on", "born_on", "facility_changed_on")
"""Days of which advice is made, by the name of their field."""

NUMBERS = ("ticket", "code")
"""Outcomes after which a counter serves the visitor."""


@dataclass(frozen=True, slots=True)
class VisitorDraft:
    """One visitor. Papers are ``there`` or not; before ``checked`` nobody has looked at them."""

    identifier: Identifier | None = None
    warnings: tuple[SoftWarning, ...] = ()
    service: str | None = None
    matter: str | None = None
    segment: str | None = None
    membership: str | None = None
    checked: bool = False
    there: tuple[str, ...] = ()
    priority: Priority = "none"
    needs: tuple[str, ...] = ()
    persons: int = 1
    companion: bool = False
    decree_on: date | None = None
    born_on: date | None = None
    facility_changed_on: date | None = None
    nik_mismatch: bool = False
    overrides: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    started_at: datetime | None = None

    def __repr__(self) -> str:  # who it is must not reach a log or a crash note
        return f"VisitorDraft(service={self.service!r}, matter={self.matter!r})"

    @property
    def masked(self) -> str:
        """The identifier as screens show it; empty without one."""
        return "" if self.identifier is None else masked(self.identifier)

    def missing(self, needed: Sequence[str]) -> list[str]:
        """What is needed and not there, once somebody has looked."""
        return [code for code in needed if code not in self.there] if self.checked else []

    def present(self, needed: Sequence[str]) -> list[str]:
        """What is needed and there."""
        return [code for code in needed if code in self.there]


def wire_identifier(identifier: Identifier | None) -> str | None:
    """The number as the server reads it: a passport of digits alone keeps its word."""
    if identifier is None:
        return None
    prefix = "PASPOR " if identifier.kind == "passport" else ""
    return f"{prefix}{identifier.value}"


def question_of(draft: VisitorDraft, query_id: UUID, needed: Sequence[str]) -> AdviseVisitor:
    """What the rules are asked; nothing of who it is."""
    return AdviseVisitor(
        id=query_id,
        matter=draft.matter,
        service=draft.service,
        segment=draft.segment,
        membership=draft.membership,
        papers=draft.present(needed),
        missing=draft.missing(needed),
        decree_on=draft.decree_on,
        born_on=draft.born_on,
        facility_changed_on=draft.facility_changed_on,
        nik_mismatch=draft.nik_mismatch,
    )


@dataclass(frozen=True, slots=True)
class Ending:
    """How it goes on with a visitor: the outcome and what it needs."""

    outcome: DoorOutcome
    reason: str | None = None
    channel: str | None = None
    office: str | None = None
    print_at: str | None = None


def screening_of(
    draft: VisitorDraft, command_id: UUID, needed: Sequence[str], ending: Ending
) -> RecordScreening:
    """The command that records a visitor."""
    return RecordScreening(
        id=command_id,
        outcome=ending.outcome,
        service=draft.service,
        matter=draft.matter,
        identifier=wire_identifier(draft.identifier),
        segment=draft.segment,
        membership=draft.membership,
        papers=draft.present(needed),
        missing=draft.missing(needed),
        priority=draft.priority,
        needs=list(draft.needs),
        weight=draft.persons if draft.persons > 1 else None,
        companion=draft.companion,
        reason=ending.reason,
        channel=ending.channel,
        office=ending.office,
        decree_on=draft.decree_on,
        born_on=draft.born_on,
        facility_changed_on=draft.facility_changed_on,
        nik_mismatch=draft.nik_mismatch,
        overrides=dict(draft.overrides),
        note=draft.note,
        print_at=ending.print_at,
        started_at=draft.started_at,
    )


def asked_of(matter: MatterInfo | None, draft: VisitorDraft) -> list[str]:
    """Which of DATES, and ``nik_mismatch``, this errand needs; the others are not asked for.

    By the codes of membership, segment and category that the catalogue uses; a rule that needs a
    day all the same says so in its advice.
    """
    kinds = set() if matter is None else {matter.code, matter.category}
    assisted = (draft.segment or "").startswith("PBI")
    asked = []
    if draft.membership == "pbi-inactive" or "pbi-reactivation" in kinds:
        asked.append("decree_on")
    if "newborn" in kinds:
        asked.append("born_on")
    if "facility" in kinds:
        asked.append("facility_changed_on")
    if assisted or draft.membership == "pbi-inactive" or kinds & {"identity", "reconciliation"}:
        asked.append("nik_mismatch")
    return asked
