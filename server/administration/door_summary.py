"""The front door's part of the day's report, for people."""

from collections.abc import Iterator, Mapping
from typing import Any

from db.door_facts import Counts, DoorFacts
from server.domain.branch import Branch
from server.texts import in_language, table


def at_the_door(facts: DoorFacts, branch: Branch, language: str) -> Iterator[str]:
    """What the door did with its visitors; lines without a figure are left out."""
    words, door = table("door_summary", language), branch.door

    def line(head: str, counts: Counts, names: Mapping[str, str]) -> Iterator[str]:
        if counts:
            listed = ", ".join(f"{names.get(code, code)} {many}" for code, many in counts.items())
            yield f"{head}: {listed}."

    def named(things: Mapping[str, Any]) -> dict[str, str]:
        return {code: in_language(one.name, language) for code, one in things.items()}

    def chosen(field: str) -> dict[str, str]:
        return named({one.code: one for one in branch.choices.get(field, ())})

    yield words["title"].format(screened=facts.screened, persons=facts.persons)
    outcomes = {code: words.get(f"outcome-{code}", code) for code in facts.outcomes}
    yield from line(words["outcomes"], facts.outcomes, outcomes)
    yield words["tickets"].format(
        tickets=facts.tickets, codes=facts.codes_used, later=facts.given_later
    )
    yield from line(words["solved"], facts.solved_reasons, chosen("solved_reason"))
    yield from line(words["channels"], facts.channels, named(door.channels))
    yield from line(words["offices"], facts.offices, named(door.offices))
    services = named(branch.services)
    for service, home in facts.sent_home.items():
        head = words["sent-home"].format(service=services.get(service, service))
        yield from line(head, home, named(door.channels))
    for service, papers in facts.missing.items():
        head = words["missing"].format(service=services.get(service, service) or "–")
        yield from line(head, papers, named(door.papers))
    yield from line(words["segments"], facts.segments, chosen("segment"))
    yield from line(words["matters"], facts.matters, named(door.matters))
    yield from line(words["advised"], facts.advised, {})
    for rule, reasons in facts.overrides.items():
        head = words["overrides"].format(rule=rule)
        yield from line(head, reasons, chosen("override_reason"))
    yield words["people"].format(
        identified=facts.identified,
        repeat=facts.repeat_visits,
        companions=facts.companions,
        guests=facts.guests,
    )
    if facts.time_median_s is not None and facts.time_p90_s is not None:
        yield words["times"].format(median=round(facts.time_median_s), p90=round(facts.time_p90_s))
    yield words["fits"].format(mark="✓" if facts.adds_up else "✗")
