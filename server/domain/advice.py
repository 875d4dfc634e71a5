"""What the regulations say of a visitor, so that the officer at the door need not know them all.

The rules stand in the catalogue with a source and a first day; here is only how each kind reads
the facts. Advice helps: the officer decides, and says why where a rule that blocks is not followed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from server.domain.door import AdviceRule, DoorCatalogue, Names

WEIGHTS = ("blocks", "warns", "tells")
_AFTER = "text_after"
_UNKNOWN = "text_unknown"


@dataclass(frozen=True, slots=True)
class DoorFacts:
    """What is known of a visitor; None where nobody asked. ``papers`` are there."""

    today: date
    matter: str | None = None
    service: str | None = None
    segment: str | None = None
    membership: str | None = None
    papers: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    decree_on: date | None = None
    born_on: date | None = None
    facility_changed_on: date | None = None
    nik_mismatch: bool = False


@dataclass(frozen=True, slots=True)
class Advice:
    """One rule's word, its gaps filled. ``until`` is the day that the rule reckons with."""

    rule: str
    weight: str
    text: Names
    source: str
    valid_from: date
    until: date | None = None
    channel: str | None = None
    office: str | None = None


Dated = Callable[[date, str], str]
"""A day as people of a language write it."""


@dataclass(frozen=True, slots=True)
class _Finding:
    """That a rule has something to say, by which of its texts, and with how much weight."""

    text: str = "text"
    until: date | None = None
    weight: str | None = None
    papers: tuple[str, ...] = ()


def advise(catalogue: DoorCatalogue, facts: DoorFacts, dated: Dated | None = None) -> list[Advice]:
    """What applies to a visitor today, the heaviest first."""
    found = [
        _advice(catalogue, rule, finding, dated or _plainly)
        for rule in rules_in_force(catalogue, facts.today)
        if (finding := KINDS[rule.kind].look(rule, facts)) is not None
    ]
    return sorted(found, key=lambda one: WEIGHTS.index(one.weight))


def rules_in_force(catalogue: DoorCatalogue, today: date) -> list[AdviceRule]:
    """Of each kind the newest rule that is valid on a day, in the branch's order."""
    newest: dict[str, AdviceRule] = {}
    for rule in catalogue.advice.values():
        over = rule.valid_until is not None and rule.valid_until < today
        if rule.valid_from > today or over:
            continue
        other = newest.get(rule.kind)
        if other is None or rule.valid_from > other.valid_from:
            newest[rule.kind] = rule
    return [rule for rule in catalogue.advice.values() if newest.get(rule.kind) is rule]


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a month that is shorter."""
    ahead = day.year * 12 + day.month - 1 + months
    next_month = date((ahead + 1) // 12, (ahead + 1) % 12 + 1, 1)
    last_day = (next_month - timedelta(days=1)).day
    return date(ahead // 12, ahead % 12 + 1, min(day.day, last_day))


# How each kind looks at the facts.


def _reactivation(rule: AdviceRule, facts: DoorFacts) -> _Finding | None:
    """Assistance that was taken away comes back within months of the decree (domain 2.4)."""
    if facts.membership not in rule.memberships:
        return None
    if facts.decree_on is None:
        return _Finding(_UNKNOWN)
    until = add_months(facts.decree_on, rule.months)
    return _Finding(until=until) if facts.today <= until else _too_late(rule, until)


def _letters(rule: AdviceRule, facts: DoorFacts) -> _Finding | None:
    """Whoever has not all letters goes to fetch them; too late they are of no use (row 56)."""
    missing = tuple(paper for paper in rule.papers if paper not in facts.papers)
    if facts.membership not in rule.memberships or not missing:
        return None
    limit = facts.decree_on and rule.months and add_months(facts.decree_on, rule.months)
    return None if limit and facts.today > limit else _Finding(papers=missing)


def _identity(rule: AdviceRule, facts: DoorFacts) -> _Finding | None:
    """Whose NIK does not match is helped elsewhere first: here nobody may change it (row 58)."""
    if not facts.nik_mismatch or facts.segment not in rule.segments:
        return None
    by_service = facts.matter is None and facts.service in rule.services
    everywhere = not rule.matters and not rule.services
    if rule.weight != "blocks" or everywhere or facts.matter in rule.matters or by_service:
        return _Finding()
    return _Finding(weight="warns")


def _newborn(rule: AdviceRule, facts: DoorFacts) -> _Finding | None:
    """A child is registered and paid for within days of its birth (domain 2.1 C)."""
    if facts.matter not in rule.matters:
        return None
    if facts.born_on is None or facts.born_on > facts.today:
        return _Finding(_UNKNOWN)
    until = facts.born_on + timedelta(days=rule.days)
    return _Finding(until=until) if facts.today <= until else _too_late(rule, until)


def _facility(rule: AdviceRule, facts: DoorFacts) -> _Finding | None:
    """The first-level facility is changed once in so many months (domain 2.1 G)."""
    if facts.matter not in rule.matters or facts.facility_changed_on is None:
        return None
    again_on = add_months(facts.facility_changed_on, rule.months)
    return _Finding(until=again_on) if facts.today < again_on else None


def _facility_channel(rule: AdviceRule, facts: DoorFacts) -> _Finding | None:
    """Some segments cannot change it in the app (domain 2.1 G)."""
    concerned = facts.matter in rule.matters and facts.segment in rule.segments
    return _Finding() if concerned else None


def _arrears(rule: AdviceRule, facts: DoorFacts) -> _Finding | None:
    """Who pays is active again without anybody's help (row 13)."""
    if facts.membership not in rule.memberships:
        return None
    strange = bool(rule.segments) and facts.segment not in (None, *rule.segments)
    return None if strange else _Finding()


def _too_late(rule: AdviceRule, until: date) -> _Finding:
    return _Finding(_AFTER, until, weight="warns" if rule.weight == "tells" else None)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of rule: how it looks, what its table must have, and whether it reckons a day."""

    look: Callable[[AdviceRule, DoorFacts], _Finding | None]
    needs: tuple[str, ...] = ()
    reckons: bool = False

    def gaps(self, key: str, body: Mapping[str, object]) -> frozenset[str]:
        """The placeholders that a text of a rule may have: what will be there to fill them."""
        filled = {name for name in ("months", "days", "papers", "channel") if body.get(name)}
        office = body.get("office") or (key == _AFTER and body.get("office_after"))
        filled |= {"office"} if office else set()
        filled |= {"until"} if self.reckons and key != _UNKNOWN else set()
        return frozenset(filled)


KINDS: Mapping[str, Kind] = {
    "pbi-reactivation": Kind(
        _reactivation, ("months", "memberships", _AFTER, _UNKNOWN), reckons=True
    ),
    "dinsos-letter": Kind(_letters, ("memberships", "papers", "office")),
    "identity-first": Kind(_identity, ("segments", "office")),
    "newborn": Kind(_newborn, ("days", "matters", _AFTER, _UNKNOWN), reckons=True),
    "facility-change": Kind(_facility, ("months", "matters"), reckons=True),
    "facility-channel": Kind(_facility_channel, ("matters", "segments", "channel")),
    "arrears": Kind(_arrears, ("memberships", "channel")),
}


# A finding in words.


def _advice(catalogue: DoorCatalogue, rule: AdviceRule, finding: _Finding, dated: Dated) -> Advice:
    is_over = finding.text == _AFTER
    office = (rule.office_after or rule.office) if is_over else rule.office
    texts: Names = {"text": rule.text, _AFTER: rule.text_after, _UNKNOWN: rule.text_unknown}[
        finding.text
    ]
    words = _Words(catalogue, rule, finding, office, dated)
    return Advice(
        rule=rule.code,
        weight=finding.weight or rule.weight,
        text={language: text.format_map(words.of(language)) for language, text in texts.items()},
        source=rule.source,
        valid_from=rule.valid_from,
        until=finding.until,
        channel=rule.channel,
        office=office,
    )


@dataclass(frozen=True, slots=True)
class _Words:
    catalogue: DoorCatalogue
    rule: AdviceRule
    finding: _Finding
    office: str | None
    dated: Dated = field(repr=False)

    def of(self, language: str) -> Mapping[str, object]:
        until = self.finding.until
        office = self.catalogue.offices.get(self.office or "")
        channel = self.catalogue.channels.get(self.rule.channel or "")
        papers = [self.catalogue.papers.get(code) for code in self.finding.papers]
        return {
            "months": self.rule.months,
            "days": self.rule.days,
            "until": "" if until is None else self.dated(until, language),
            "office": "" if office is None else _said(office.name, language),
            "channel": "" if channel is None else _said(channel.name, language),
            "papers": ", ".join(_said(one.name, language) for one in papers if one is not None),
        }


def _said(names: Names, language: str) -> str:
    return names.get(language) or next(iter(names.values()), "")


def _plainly(day: date, language: str) -> str:
    """A day in digits, where no calendar of the language is at hand."""
    return f"{day:%d-%m-%Y}"
