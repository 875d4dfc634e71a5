"""What the front door did on a day, counted in the table ``screening``: coded facts alone.

What is personal lies elsewhere, under seal, and no question here looks at it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, case, func, select, text
from sqlalchemy.sql.elements import ColumnElement

from db import tables as t

Counts = Mapping[str, int]
_S = t.screening.c

_decode_codes = msgspec.json.Decoder(list[str]).decode
_decode_reasons = msgspec.json.Decoder(dict[str, str]).decode


@dataclass(frozen=True, slots=True)
class DoorFacts:
    """A day at the door; ``screened`` is counted in the events, not in the rows.

    ``missing`` is per service and paper, ``overrides`` per rule and reason.
    ``tickets`` are the visitors who got a number: at once, after a slip's code (``codes_used``),
    or in the end though something else was meant (``given_later``); ``tickets_of_door`` are the
    same, counted in the tickets. ``repeat_visits`` are those of somebody who was here before.
    Times (median, 90th percentile) in seconds, None without any.
    """

    outcomes: Counts = field(default_factory=dict)
    guests: int = 0
    solved_reasons: Counts = field(default_factory=dict)
    channels: Counts = field(default_factory=dict)
    offices: Counts = field(default_factory=dict)
    missing: Mapping[str, Counts] = field(default_factory=dict)
    segments: Counts = field(default_factory=dict)
    matters: Counts = field(default_factory=dict)
    advised: Counts = field(default_factory=dict)
    overrides: Mapping[str, Counts] = field(default_factory=dict)
    screened: int = 0
    identified: int = 0
    repeat_visits: int = 0
    companions: int = 0
    persons: int = 0
    tickets: int = 0
    codes_used: int = 0
    given_later: int = 0
    tickets_of_door: int = 0
    # Per service and channel, who chose at a kiosk to do it from home; none of the visitors above.
    sent_home: Mapping[str, Counts] = field(default_factory=dict)
    time_median_s: float | None = None
    time_p90_s: float | None = None

    @property
    def adds_up(self) -> bool:
        """Every visitor has one outcome, and every number of the door its visitor; where a number
        was given at once, there is one (law I11)."""
        got_one = self.outcomes.get("ticket", 0) + self.codes_used + self.given_later
        return (
            self.screened == sum(self.outcomes.values())
            and self.tickets == self.tickets_of_door == got_one
        )


# Counted in the events, so that a row that is missing is missed.
_TOLD = text(
    """
    SELECT type, count(*) AS many FROM event
    WHERE branch = :branch AND business_date = :date
      AND type IN ('VisitorScreened', 'GuestRecorded')
      AND seq >= (SELECT first_seq FROM business_day
                  WHERE branch = :branch AND business_date = :date)
      AND seq <= (SELECT head_seq FROM business_day
                  WHERE branch = :branch AND business_date = :date)
    GROUP BY type
    """
)
_SENT_HOME = text(
    """
    SELECT body FROM event
    WHERE branch = :branch AND business_date = :date AND type = 'ChannelChosen'
      AND seq >= (SELECT first_seq FROM business_day
                  WHERE branch = :branch AND business_date = :date)
      AND seq <= (SELECT head_seq FROM business_day
                  WHERE branch = :branch AND business_date = :date)
    """
)
_TICKETS = text(
    "SELECT count(DISTINCT screening) FROM ticket"
    " WHERE branch = :branch AND business_date = :date AND screening IS NOT NULL"
)
# Nearest rank: a time that one of the visitors really took.
_TIMES = text(
    """
    WITH ranked AS (
        SELECT at_ms - started_at_ms AS ms,
               row_number() OVER (ORDER BY at_ms - started_at_ms) AS place,
               count(*) OVER () AS many
        FROM screening WHERE branch = :branch AND business_date = :date
    )
    SELECT min(CASE WHEN place * 2 >= many THEN ms END) AS median_ms,
           min(CASE WHEN place * 10 >= many * 9 THEN ms END) AS p90_ms
    FROM ranked
    """
)


def door_facts(connection: Connection, branch: str, business_date: str) -> DoorFacts:
    """The facts of a day; all zero for a day without a screening."""
    asked = {"branch": branch, "date": business_date}
    day = _S.branch == branch, _S.business_date == business_date

    def by(column: ColumnElement[Any], *only: ColumnElement[bool]) -> dict[str, int]:
        question = select(column, func.count()).where(*day, column.is_not(None), *only)
        return _ordered((code, many) for code, many in _grouped(connection, question, column))

    told = {row.type: row.many for row in connection.execute(_TOLD, asked)}
    totals = connection.execute(select(*_TOTALS).where(*day)).one()
    times = connection.execute(_TIMES, asked).one()
    advised = select(_S.advice, func.count()).where(*day)
    missing = select(_S.service, _S.missing, func.count()).where(*day)
    overrides = select(_S.overrides, func.count()).where(*day)
    return DoorFacts(
        outcomes=by(_S.outcome),
        screened=told.get("VisitorScreened", 0),
        guests=told.get("GuestRecorded", 0),
        solved_reasons=by(_S.reason, _S.outcome == "solved"),
        channels=by(_S.channel),
        offices=by(_S.office),
        missing=nested(
            (service or "", paper, many)
            for service, papers, many in _grouped(connection, missing, _S.service, _S.missing)
            for paper in _codes_of(papers)
        ),
        segments=by(_S.segment),
        matters=by(_S.matter),
        advised=_ordered(
            (rule, many)
            for rules, many in _grouped(connection, advised, _S.advice)
            for rule in _codes_of(rules)
        ),
        overrides=nested(
            (rule, reason, many)
            for reasons, many in _grouped(connection, overrides, _S.overrides)
            for rule, reason in _reasons_of(reasons).items()
        ),
        sent_home=nested(
            (chosen.service, chosen.channel, 1)
            for chosen in map(_chosen_of, connection.execute(_SENT_HOME, asked).scalars())
            if chosen is not None
        ),
        tickets_of_door=connection.execute(_TICKETS, asked).scalar() or 0,
        time_median_s=None if times.median_ms is None else float(times.median_ms) / 1000,
        time_p90_s=None if times.p90_ms is None else float(times.p90_ms) / 1000,
        **{name: int(many or 0) for name, many in totals._mapping.items()},
    )


def _many(condition: ColumnElement[bool]) -> ColumnElement[Any]:
    return func.sum(case((condition, 1), else_=0))


_TOTALS = (
    _many(_S.identified.is_(True)).label("identified"),
    _many(_S.visits_before > 0).label("repeat_visits"),
    _many(_S.companion.is_(True)).label("companions"),
    func.sum(_S.weight).label("persons"),
    _many(_S.ticket.is_not(None)).label("tickets"),
    _many((_S.outcome == "code") & _S.ticket.is_not(None)).label("codes_used"),
    _many(_S.outcome.not_in(("ticket", "code")) & _S.ticket.is_not(None)).label("given_later"),
)


def _grouped(connection: Connection, question: Select[Any], *by: ColumnElement[Any]) -> Any:
    return connection.execute(question.group_by(*by))


def _ordered(counted: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Sums by code, the most frequent first."""
    sums: dict[str, int] = {}
    for code, many in counted:
        sums[code] = sums.get(code, 0) + many
    return dict(sorted(sums.items(), key=lambda one: (-one[1], one[0])))


def nested(counted: Iterable[tuple[str, str, int]]) -> dict[str, dict[str, int]]:
    """Sums by two codes; the second ones the most frequent first."""
    parts: dict[str, list[tuple[str, int]]] = {}
    for outer, inner, many in counted:
        parts.setdefault(outer, []).append((inner, many))
    return {outer: _ordered(parts[outer]) for outer in sorted(parts)}


class _Chosen(msgspec.Struct):
    service: str
    channel: str


_decode_chosen = msgspec.json.Decoder(_Chosen).decode


def _chosen_of(body: str) -> _Chosen | None:
    try:
        return _decode_chosen(body)
    except msgspec.MsgspecError:
        return None


def _codes_of(cell: str) -> list[str]:
    # What somebody changed there is for 'verify' to name.
    try:
        return _decode_codes(cell)
    except msgspec.MsgspecError:
        return []


def _reasons_of(cell: str) -> dict[str, str]:
    try:
        return _decode_reasons(cell)
    except msgspec.MsgspecError:
        return {}
