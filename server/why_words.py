"""Why a ticket has its place, in words: the reasons of ``server.domain.explaining``."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from server.domain.branch import Branch, Names
from server.domain.branch_day import BranchDay
from server.domain.explaining import Why, why_here
from server.domain.ticket import Ticket
from server.texts import in_each, table

# Reasons that are the discipline's own: under another rule they would be others.
_OF_A_DISCIPLINE = frozenset({"arrival", "due", "due-priority", "priority-turn", "regular-turn"})

_Fact = tuple[tuple[str, str], ...] | int | str
"""A fact that can be a key: names in several languages are pairs of language and text."""


def why_ticket(day: BranchDay, ticket: Ticket, now_ms: int) -> Names:
    """Why a waiting ticket has its place, one sentence per language."""
    return _words(day, why_here(day, ticket, now_ms))


def why_next(
    day: BranchDay, ticket: Ticket, rule: str, now_ms: int, in_a_row: tuple[int, int] | None = None
) -> Names:
    """Why a ticket is called when it is: ``rule`` is what the selection said.

    ``in_a_row`` are the runs of ``ratio`` where it is asked "what if".
    """
    why = why_here(day, ticket, now_ms)
    if why.code not in _OF_A_DISCIPLINE:
        return _words(day, why)
    priority_row, regular_row = in_a_row or (
        day.rules.priority_in_a_row,
        day.rules.regular_in_a_row,
    )
    facts = {
        "issued_at_ms": ticket.issued_at_ms,
        "priority": ticket.priority,
        "priority_in_a_row": priority_row,
        "regular_in_a_row": regular_row,
        "target_s": ticket.target_wait_ms // 1000,
        "due_at_ms": ticket.issued_at_ms + ticket.target_wait_ms,
    }
    by_due = "due" if ticket.priority == "none" else "due-priority"
    codes = {"first-come": "arrival", "due-time": by_due}
    return _words(day, Why(codes.get(rule, rule), facts))


def why_overtook(branch: Branch, rule: str) -> Names:
    """By which rule a later arrival was called before."""
    return _said(branch.languages, f"call-{rule}" if rule else "call", ())


def _words(day: BranchDay, why: Why) -> Names:
    code = why.code
    if code == "due-priority" and not why.facts["target_s"]:
        code = "due-urgent"
    facts: dict[str, _Fact] = {}
    for name, fact in why.facts.items():
        if name.endswith("_at_ms"):
            at = datetime.fromtimestamp(fact / 1000, UTC).astimezone(day.branch.time_zone)
            facts[name.removesuffix("_at_ms")] = _clock(day.branch.languages, at.hour, at.minute)
        elif name.endswith("_s"):
            facts[f"{name.removesuffix('_s')}_min"] = round(fact / 60)
        elif name == "staff":
            seat = day.seat_of_staff(fact)
            facts[name] = fact if seat is None else seat.name
        elif name == "priority":
            facts[name] = _priority(day.branch, fact)
        else:
            facts[name] = fact
    return _said(day.branch.languages, code, tuple(facts.items()))


def _priority(branch: Branch, code: str) -> _Fact:
    known = branch.choices.get("priority", ())
    return next((tuple(one.name.items()) for one in known if one.code == code), code)


@lru_cache(maxsize=4096)
def _clock(languages: tuple[str, ...], hour: int, minute: int) -> _Fact:
    return tuple(
        (language, table("calendar", language)["clock"].format(hour=hour, minute=minute))
        for language in languages
    )


@lru_cache(maxsize=4096)
def _said(
    languages: tuple[str, ...], code: str, facts: tuple[tuple[str, _Fact], ...]
) -> dict[str, str]:
    """The sentence in every language; a line says nearly the same from snapshot to snapshot."""
    named: dict[str, Any] = {
        name: dict(fact) if isinstance(fact, tuple) else fact for name, fact in facts
    }
    return in_each(languages, "why", code, named)
