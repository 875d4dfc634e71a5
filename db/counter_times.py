"""How the counters of a day spent their time: sums over the stretches in ``counter_period``."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, text


@dataclass(frozen=True, slots=True)
class CounterTimes:
    """A counter's day in seconds, of the stretches that have ended.

    ``open_s`` is the sum of the three below it; stretches that were written before activities
    were known count in ``open_s`` alone. ``paused_s`` is by reason.
    """

    open_s: float = 0.0
    serving_s: float = 0.0
    idle_with_line_s: float = 0.0
    idle_s: float = 0.0
    paused_s: Mapping[str, float] = field(default_factory=dict)


_TIMES = text(
    """
    SELECT counter, state, activity, coalesce(reason, '') AS reason,
           sum(ended_at_ms - started_at_ms) AS ms
    FROM counter_period
    WHERE branch = :branch AND business_date = :date AND ended_at_ms IS NOT NULL
      AND state <> 'closed'
    GROUP BY counter, state, activity, coalesce(reason, '')
    ORDER BY counter, coalesce(reason, '')
    """
)


def times_of_counters(connection: Connection, asked: Mapping[str, str]) -> dict[int, CounterTimes]:
    """The counters that were open on a day, by number; ``asked``: branch and date."""
    seconds: dict[int, dict[str, float]] = {}
    paused: dict[int, dict[str, float]] = {}
    for row in connection.execute(_TIMES, asked):
        of_counter = seconds.setdefault(row.counter, {})
        if row.state == "paused":
            paused.setdefault(row.counter, {})[row.reason] = float(row.ms) / 1000
        else:
            of_counter[row.activity] = of_counter.get(row.activity, 0.0) + float(row.ms) / 1000
    return {
        counter: CounterTimes(
            open_s=sum(by_activity.values()),
            serving_s=by_activity.get("serving", 0.0),
            idle_with_line_s=by_activity.get("idle-with-line", 0.0),
            idle_s=by_activity.get("idle", 0.0),
            paused_s=paused.get(counter, {}),
        )
        for counter, by_activity in seconds.items()
    }
