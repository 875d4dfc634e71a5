"""Receiving a visitor at the door: what was asked and found, what the rules say, how it goes on.

Coded facts only. Who it was and what was written about it never comes here.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from server.domain.advice import Advice, Dated, DoorFacts, advise
from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, SlipRequested, VisitorScreened
from server.domain.issuing import NewTicket, decide_issue, demand_number_is_given
from server.domain.slips import OUTCOMES_WITH_SLIP

NEEDS_SERVICE = frozenset({"ticket", "code"})
"""Outcomes that lead to a counter: there a rule that blocks must be followed or answered."""

EARLIEST = date(1900, 1, 1)
AHEAD_MOST = timedelta(days=366)
"""Decrees are known some months before they hold; later dates are slips of the finger."""

STARTED_AGO_MS = 3_600_000
"""An officer's clock that says more than this is wrong, and says nothing."""


@dataclass(frozen=True, slots=True)
class Received:
    """What the officer says of a visitor, with the ids that were made for it outside.

    ``job`` is of the paper that ``print_at`` prints, a ticket or a slip; ``code`` opens the kiosk.
    """

    screening: str
    outcome: str
    device: str
    staff: str
    ticket: str
    link: str
    job: str
    code: str
    service: str | None = None
    matter: str | None = None
    segment: str | None = None
    membership: str | None = None
    papers: Sequence[str] = ()
    missing: Sequence[str] = ()
    priority: str = "none"
    needs: Sequence[str] = ()
    language: str = "id"
    weight: int = 1
    companion: bool = False
    reason: str | None = None
    channel: str | None = None
    office: str | None = None
    decree_on: date | None = None
    born_on: date | None = None
    facility_changed_on: date | None = None
    nik_mismatch: bool = False
    overrides: Mapping[str, str] = field(default_factory=dict)
    identified: bool = False
    noted: bool = False
    visits_before: int = 0
    print_at: str | None = None
    started_at_ms: int | None = None


def decide_screening(
    day: BranchDay, asked: Received, now_ms: int, dated: Dated | None = None
) -> list[AnyEvent]:
    """Write down how a visitor was received; a number and a slip come in the same commit.

    What does not belong to the outcome (a channel where a number was given) is left out.
    ``dated`` writes the days in a refusal's words.
    """
    _demand_known(day, asked)
    service = _service_of(day, asked)
    _demand_complete(asked, service)
    found = advise(day.branch.door, _facts(day, asked, service), dated)
    overrides = _overrides(day, asked, found)
    if asked.outcome in NEEDS_SERVICE:
        _demand_followed(found, overrides)
    gives_code = asked.outcome == "code"
    life_ms = day.branch.rules.code_life_s * 1000
    screened = VisitorScreened(
        screening=asked.screening,
        outcome=asked.outcome,
        device=asked.device,
        staff=asked.staff,
        started_at_ms=_started_at_ms(asked, now_ms),
        service=service,
        matter=asked.matter,
        segment=asked.segment,
        membership=asked.membership,
        papers=_each_once(asked.papers),
        missing=_each_once(asked.missing),
        priority=asked.priority,
        needs=_each_once(asked.needs),
        language=asked.language,
        weight=asked.weight,
        companion=asked.companion,
        reason=_only_for(asked, asked.reason, "solved"),
        channel=_only_for(asked, asked.channel, "channel", "self-service"),
        office=_only_for(asked, asked.office, "office", "return"),
        advice=[one.rule for one in found],
        overrides=overrides,
        identified=asked.identified,
        noted=asked.noted,
        visits_before=asked.visits_before,
        code=asked.code if gives_code else None,
        code_until_ms=now_ms + life_ms if gives_code else None,
    )
    return [screened, *_what_follows(day, asked, service, now_ms)]


def _what_follows(
    day: BranchDay, asked: Received, service: str | None, now_ms: int
) -> list[AnyEvent]:
    """The number, or the slip for what is done elsewhere."""
    events: list[AnyEvent] = []
    if asked.outcome == "ticket":
        assert service is not None
        return decide_issue(day, _new_ticket(asked, service), now_ms, after=1)
    if asked.outcome == "code":
        # Nobody is sent to the kiosk for a number that it would refuse.
        assert service is not None
        demand_number_is_given(day, service, asked.priority, now_ms, by_staff=True)
    if asked.print_at is not None and asked.outcome in OUTCOMES_WITH_SLIP:
        slip = SlipRequested(
            job=asked.job, kind=asked.outcome, subject=asked.screening, print_at=asked.print_at
        )
        events.append(slip)
    return events


def _new_ticket(asked: Received, service: str) -> NewTicket:
    return NewTicket(
        ticket=asked.ticket,
        link=asked.link,
        service=service,
        device=asked.device,
        priority=asked.priority,
        needs=_each_once(asked.needs),
        language=asked.language,
        weight=asked.weight,
        staff=asked.staff,
        job=asked.job,
        print_at=asked.print_at,
        screening=asked.screening,
    )


# What is refused.


def _service_of(day: BranchDay, asked: Received) -> str | None:
    """The one that was chosen, else the one of the matter."""
    matter = day.branch.door.matters.get(asked.matter or "")
    service = asked.service or (matter.service if matter is not None else None)
    if service is not None and service not in day.branch.services:
        raise QueueRuleError("unknown-service", service=service)
    return service


def _demand_known(day: BranchDay, asked: Received) -> None:
    branch, door = day.branch, day.branch.door
    _demand_in(door.matters, "matter", asked.matter)
    _demand_in(door.channels, "channel", asked.channel)
    _demand_in(door.offices, "office", asked.office)
    _demand_in(door.papers, "papers", *asked.papers)
    _demand_in(door.papers, "missing", *asked.missing)
    if set(asked.papers) & set(asked.missing):
        raise QueueRuleError("bad-value", field="missing")
    coded = {
        "segment": asked.segment,
        "membership": asked.membership,
        "priority": None if asked.priority == "none" else asked.priority,
    }
    for name, code in coded.items():
        if code is not None and not branch.knows(name, code):
            raise QueueRuleError("bad-value", field=name)
    if not all(branch.knows("needs", need) for need in asked.needs):
        raise QueueRuleError("bad-value", field="needs")
    if asked.reason is not None and not branch.knows("solved_reason", asked.reason):
        raise QueueRuleError("bad-value", field="reason")
    demand_likely_dates(
        day,
        decree_on=asked.decree_on,
        born_on=asked.born_on,
        facility_changed_on=asked.facility_changed_on,
    )


def demand_likely_dates(day: BranchDay, **dates: date | None) -> None:
    """Refuse a year that nobody can have meant, and from which no calendar reckons six months."""
    latest = date.fromisoformat(day.business_date) + AHEAD_MOST
    for name, given in dates.items():
        if given is not None and not EARLIEST <= given <= latest:
            raise QueueRuleError("bad-value", field=name)


def _demand_in(known: Collection[str], name: str, *codes: str | None) -> None:
    if any(code is not None and code not in known for code in codes):
        raise QueueRuleError("bad-value", field=name)


def _demand_complete(asked: Received, service: str | None) -> None:
    """What an outcome cannot do without."""
    wanted: dict[str, tuple[str, object]] = {
        "ticket": ("service", service),
        "code": ("service", service),
        "solved": ("reason", asked.reason),
        "channel": ("channel", asked.channel),
        "office": ("office", asked.office),
        "return": ("missing", asked.missing),
    }
    name, given = wanted.get(asked.outcome, ("", True))
    if not given:
        raise QueueRuleError("missing-field", field=name)


# What the rules say.


def _facts(day: BranchDay, asked: Received, service: str | None) -> DoorFacts:
    return DoorFacts(
        today=date.fromisoformat(day.business_date),
        matter=asked.matter,
        service=service,
        segment=asked.segment,
        membership=asked.membership,
        papers=tuple(asked.papers),
        missing=tuple(asked.missing),
        decree_on=asked.decree_on,
        born_on=asked.born_on,
        facility_changed_on=asked.facility_changed_on,
        nik_mismatch=asked.nik_mismatch,
    )


def _overrides(day: BranchDay, asked: Received, found: Iterable[Advice]) -> dict[str, str]:
    """The reasons for advice that was not followed, as far as it was given at all."""
    for rule, reason in asked.overrides.items():
        known = rule in day.branch.door.advice and day.branch.knows("override_reason", reason)
        if not known:
            raise QueueRuleError("bad-value", field="overrides")
    return {one.rule: asked.overrides[one.rule] for one in found if one.rule in asked.overrides}


def _demand_followed(found: Iterable[Advice], overrides: Collection[str]) -> None:
    standing = [one for one in found if one.weight == "blocks" and one.rule not in overrides]
    if standing:
        raise QueueRuleError("advice-stands", advice=standing[0].text)


# Small parts.


def _started_at_ms(asked: Received, now_ms: int) -> int:
    started_ms = asked.started_at_ms
    if started_ms is None or not now_ms - STARTED_AGO_MS <= started_ms <= now_ms:
        return now_ms
    return started_ms


def _only_for(asked: Received, code: str | None, *outcomes: str) -> str | None:
    return code if asked.outcome in outcomes else None


def _each_once(codes: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(codes))
