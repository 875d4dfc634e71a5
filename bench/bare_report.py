"""The figures of a day by hand: plain SQL over ``sqlite3``, as somebody would write it who has
nothing else. What is measured several times lies in temporary tables."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

Row = tuple[Any, ...]
OFFSET_MS = 7 * 3_600_000
_HOUR = f"({{}} + {OFFSET_MS}) / 3600000 % 24"
_PARTS = f"""
CREATE TEMP TABLE visit AS
    SELECT id, service, priority, state, counter, issued_at_ms, called_at_ms, started_at_ms,
           ended_at_ms, print, category, education, cause, outcome, screening, offline,
           promised_from_s * 1000 AS from_ms, promised_to_s * 1000 AS to_ms, overtakes,
           CASE priority WHEN 'none' THEN 'regular' ELSE 'priority' END AS class,
           {_HOUR.format("issued_at_ms")} AS hour
    FROM main.ticket WHERE branch = :branch AND business_date = :date;
CREATE TEMP TABLE stretch AS
    SELECT ticket, ordinal, state, started_at_ms, ended_at_ms, counter, service,
           ended_at_ms - started_at_ms AS ms,
           lead(state) OVER w AS next_state, lead(counter) OVER w AS next_counter,
           lead(service) OVER w AS next_service
    FROM main.ticket_period WHERE branch = :branch AND business_date = :date
    WINDOW w AS (PARTITION BY ticket ORDER BY ordinal);
CREATE TEMP TABLE first AS
    SELECT ticket, min(CASE WHEN state = 'called' THEN started_at_ms END) AS called_at_ms,
           max(CASE WHEN ordinal = 1 THEN service END) AS service
    FROM stretch GROUP BY ticket;
CREATE UNIQUE INDEX temp.visit_by_id ON visit (id);
CREATE UNIQUE INDEX temp.first_by_ticket ON first (ticket);
CREATE TEMP TABLE target AS
    SELECT json_each.key AS service, json_each.value * 1000 AS ms
    FROM main.event, json_each(json_extract(event.body, '$.target_waits_s'))
    WHERE event.branch = :branch AND event.seq = :first AND event.type = 'DayOpened';
CREATE TEMP TABLE leg AS
    SELECT visit.id AS ticket, stretch.service, stretch.state AS kind, visit.hour, visit.class,
           sum(stretch.ms) AS ms,
           CASE stretch.state
               WHEN 'waiting' THEN sum(stretch.ms) > (SELECT ms FROM target WHERE target.service =
                   CASE visit.class WHEN 'regular' THEN stretch.service ELSE '' END)
               WHEN 'serving' THEN sum(stretch.ms) > (SELECT target_service_s * 1000
                   FROM main.service WHERE branch = :branch AND code = stretch.service)
           END AS above
    FROM visit JOIN stretch ON stretch.ticket = visit.id
    WHERE stretch.ended_at_ms IS NOT NULL
      AND (stretch.state = 'waiting' AND visit.called_at_ms IS NOT NULL
           OR stretch.state = 'called' AND visit.started_at_ms IS NOT NULL
           OR stretch.state = 'serving' AND visit.state = 'finished')
    GROUP BY visit.id, stretch.service, stretch.state;
CREATE TEMP TABLE whole AS
    SELECT leg.ticket, leg.kind, leg.hour, leg.class, sum(leg.ms) AS ms,
           CASE leg.kind
               WHEN 'serving' THEN max(leg.above)
               WHEN 'waiting' THEN (SELECT first.called_at_ms - visit.issued_at_ms > target.ms
                   FROM first, visit, target
                   WHERE first.ticket = leg.ticket AND visit.id = leg.ticket AND target.service =
                       CASE visit.class WHEN 'regular' THEN first.service ELSE '' END)
           END AS above
    FROM leg GROUP BY leg.ticket, leg.kind;
CREATE TEMP TABLE at_counter AS
    SELECT stretch.ticket, kind, counter, sum(ms) AS ms, max(above) AS above FROM (
        SELECT ticket, service, kind, counter, sum(ms) AS ms,
               CASE kind
                   WHEN 'waiting' THEN sum(ms) > (SELECT target.ms FROM target, visit
                       WHERE visit.id = ticket AND target.service =
                           CASE visit.class WHEN 'regular' THEN part.service ELSE '' END)
                   WHEN 'serving' THEN sum(ms) > (SELECT target_service_s * 1000
                       FROM main.service WHERE branch = :branch AND code = part.service)
               END AS above
        FROM (SELECT stretch.ticket, 'waiting' AS kind, next_counter AS counter,
                     next_service AS service, ms FROM stretch
              WHERE state = 'waiting' AND next_state = 'called'
              UNION ALL
              SELECT stretch.ticket, stretch.state, stretch.counter, stretch.service, ms
              FROM stretch JOIN visit ON visit.id = stretch.ticket
              WHERE stretch.ended_at_ms IS NOT NULL
                AND (stretch.state = 'called' AND visit.started_at_ms IS NOT NULL
                     OR stretch.state = 'serving' AND visit.state = 'finished')) AS part
        GROUP BY ticket, service, kind, counter) AS stretch
    GROUP BY stretch.ticket, kind, counter;
CREATE TEMP TABLE said AS
    SELECT seq, type, at_ms, body FROM main.event
    WHERE branch = :branch AND seq BETWEEN :first AND :head AND business_date = :date;
"""
_TABLES = ("visit", "stretch", "first", "target", "leg", "whole", "at_counter", "said")
_AWAY = tuple(f"DROP TABLE temp.{table}" for table in _TABLES)
_MEASURED = """
    WITH ranked AS (
        SELECT {group} AS part, kind, ms, above,
               row_number() OVER (PARTITION BY {group}, kind ORDER BY ms) AS place,
               count(*) OVER (PARTITION BY {group}, kind) AS many
        FROM {table}
    )
    SELECT part, kind, max(many), sum(ms) * 1.0 / max(many) / 1000,
           min(CASE WHEN place * 2 >= many THEN ms END) / 1000.0,
           min(CASE WHEN place * 10 >= many * 9 THEN ms END) / 1000.0, sum(above)
    FROM ranked GROUP BY part, kind
"""
_TOLD = """
    SELECT json_extract(body, '$.ticket') AS ticket, json_extract(body, '$.service') AS service,
           max(seq) AS seq
    FROM said WHERE type IN ('TicketIssued', 'TicketTransferred', 'TicketCorrected',
                             'ServiceContinued')
    GROUP BY ticket
"""
_QUESTIONS = {
    "states": "SELECT {group}, state, count(*) FROM visit GROUP BY 1, 2",
    "kept": """
        SELECT {group}, sum(called - issued_at_ms BETWEEN from_ms AND to_ms),
               sum(called - issued_at_ms < from_ms), sum(called - issued_at_ms > to_ms)
        FROM (SELECT visit.*, first.called_at_ms AS called, first.service AS first_service
              FROM visit JOIN first ON first.ticket = visit.id
              WHERE first.called_at_ms IS NOT NULL AND from_ms IS NOT NULL)
        GROUP BY 1
    """,
}
_BESIDE = {
    "issued": f"SELECT service, count(*) FROM ({_TOLD}) GROUP BY service",
    "issued_hours": f"SELECT {_HOUR.format('at_ms')}, count(*) FROM said"
    " WHERE type = 'TicketIssued' GROUP BY 1",
    "issued_classes": "SELECT ifnull(json_extract(body, '$.priority'), 'none') <> 'none', count(*)"
    " FROM said WHERE type = 'TicketIssued' GROUP BY 1",
    "types": "SELECT type, count(*) FROM said GROUP BY type",
    "arrived_hours": f"""
        SELECT hour, count(*) FROM (
            SELECT {_HOUR.format("at_ms")} AS hour FROM said
            WHERE type IN ('VisitorScreened', 'GuestRecorded', 'ChannelChosen')
            UNION ALL SELECT hour FROM visit WHERE screening IS NULL)
        GROUP BY hour
    """,
    "called_hours": f"SELECT {_HOUR.format('called_at_ms')}, count(*) FROM first"
    " WHERE called_at_ms IS NOT NULL GROUP BY 1",
    "finished_hours": f"SELECT {_HOUR.format('ended_at_ms')}, count(*) FROM visit"
    " WHERE state = 'finished' GROUP BY 1",
    "unscreened": "SELECT count(*) FROM visit WHERE screening IS NULL",
    "home": "SELECT json_extract(body, '$.channel'), count(*) FROM said"
    " WHERE type = 'ChannelChosen' GROUP BY 1",
    "priorities": "SELECT priority, count(*) FROM visit WHERE priority <> 'none' GROUP BY 1",
    "printed": "SELECT count(*) FROM visit WHERE print = 'printed'",
    "prints": "SELECT outcome, count(DISTINCT ticket) FROM (SELECT json_extract(body, '$.outcome')"
    " AS outcome, json_extract(body, '$.ticket') AS ticket FROM said WHERE type = 'PrintRecorded')"
    " GROUP BY outcome",
    "reprinted": "SELECT count(DISTINCT json_extract(body, '$.ticket')) FROM said"
    " WHERE type = 'TicketReprinted'",
    "unspoken": """
        WITH call AS (SELECT json_extract(body, '$.announcement') AS announcement,
                             json_extract(body, '$.ticket') AS ticket FROM said
                      WHERE type IN ('TicketCalled', 'TicketRecalled', 'TicketResumed')),
             spoken AS (SELECT DISTINCT json_extract(body, '$.announcement') AS announcement
                        FROM said WHERE type = 'AnnouncementConfirmed'
                          AND json_extract(body, '$.outcome') = 'spoken')
        SELECT count(*), count(*) - count(spoken.announcement),
               count(DISTINCT CASE WHEN spoken.announcement IS NULL THEN call.ticket END)
        FROM call LEFT JOIN spoken USING (announcement)
    """,
    "received": "SELECT been.counter, count(*), sum(been.counter IS NOT visit.counter)"
    " FROM (SELECT DISTINCT ticket, counter FROM stretch WHERE counter IS NOT NULL) AS been"
    " JOIN visit ON visit.id = been.ticket GROUP BY 1",
    "ended": "SELECT counter, state, count(*) FROM visit WHERE counter IS NOT NULL GROUP BY 1, 2",
    "counters": "SELECT counter, state, activity, ifnull(reason, ''), sum(ended_at_ms -"
    " started_at_ms), count(*) FROM main.counter_period WHERE branch = :branch AND"
    " business_date = :date AND state <> 'closed' AND ended_at_ms IS NOT NULL GROUP BY 1, 2, 3, 4",
    "open_hours": """
        WITH RECURSIVE hours(hour) AS
             (SELECT 0 UNION ALL SELECT hour + 1 FROM hours WHERE hour < 23),
        span AS (SELECT hour, :midnight + hour * 3600000 AS since FROM hours)
        SELECT hour, sum(min(ended_at_ms, since + 3600000) - max(started_at_ms, since)) / 3600000.0
        FROM span JOIN main.counter_period AS p ON p.branch = :branch AND p.business_date = :date
         AND p.state = 'open' AND p.ended_at_ms > since AND p.started_at_ms < since + 3600000
        GROUP BY hour
    """,
    "screenings": "SELECT outcome, reason, channel, office, segment, matter, count(*), sum(weight),"
    " sum(companion), sum(visits_before > 0) FROM main.screening"
    " WHERE branch = :branch AND business_date = :date GROUP BY 1, 2, 3, 4, 5, 6",
    "missing": "SELECT ifnull(service, ''), json_each.value, count(*) FROM main.screening,"
    " json_each(missing) WHERE branch = :branch AND business_date = :date GROUP BY 1, 2",
    "screening_times": """
        WITH ranked AS (SELECT at_ms - started_at_ms AS ms,
                               row_number() OVER (ORDER BY at_ms - started_at_ms) AS place,
                               count(*) OVER () AS many
                        FROM main.screening WHERE branch = :branch AND business_date = :date)
        SELECT min(CASE WHEN place * 2 >= many THEN ms END) / 1000.0,
               min(CASE WHEN place * 10 >= many * 9 THEN ms END) / 1000.0 FROM ranked
    """,
    "records": """
        WITH newest AS (SELECT ticket, field, after, max(seq) FROM main.correction
                        WHERE branch = :branch AND business_date = :date GROUP BY ticket, field)
        SELECT ifnull(o.after, visit.outcome), coalesce(c.after, visit.category, ''),
               coalesce(k.after, visit.cause, ''), count(*),
               sum(ifnull(e.after, replace(visit.education, '[]', '')) <> '')
        FROM visit
        LEFT JOIN newest AS o ON o.ticket = visit.id AND o.field = 'outcome'
        LEFT JOIN newest AS c ON c.ticket = visit.id AND c.field = 'category'
        LEFT JOIN newest AS k ON k.ticket = visit.id AND k.field = 'cause'
        LEFT JOIN newest AS e ON e.ticket = visit.id AND e.field = 'education'
        WHERE visit.state = 'finished' GROUP BY 1, 2, 3
    """,
    "education": "SELECT json_each.value, count(*) FROM visit, json_each(visit.education)"
    " WHERE state = 'finished' GROUP BY 1",
    "corrections": "SELECT count(*), count(DISTINCT ticket) FROM main.correction"
    " WHERE branch = :branch AND business_date = :date",
    "ratings": "SELECT score, count(*) FROM main.rating WHERE branch = :branch AND"
    " business_date = :date GROUP BY score",
    "reasons": "SELECT json_each.value, count(*) FROM main.rating, json_each(reasons)"
    " WHERE branch = :branch AND business_date = :date GROUP BY 1",
    "filed": "SELECT count(*) FROM main.complaint WHERE branch = :branch AND business_date = :date",
    "complaints": """
        SELECT count(*), sum(due > :closed AND due < :midnight + 86400000), sum(due <= :closed)
        FROM (SELECT CASE WHEN answered_at_ms <= :closed THEN due_at_ms
                          ELSE min(answer_due_at_ms, due_at_ms) END AS due
              FROM main.complaint WHERE branch = :branch AND filed_at_ms <= :closed
                AND (closed_at_ms IS NULL OR closed_at_ms > :closed))
    """,
    "bookings": "SELECT state, count(*) FROM main.booking WHERE branch = :branch AND"
    " business_date = :date GROUP BY state",
    "surveys": "SELECT count(*) FROM main.survey_answer WHERE branch = :branch AND"
    " business_date = :date",
    "offline": "SELECT count(*) FROM visit WHERE offline",
    "overtaken": "SELECT max(overtakes) FROM visit",
}
_EARLIER = """
    WITH day AS (
        SELECT business_date, first_seq FROM main.business_day
        WHERE branch = :branch AND closed_at_ms IS NOT NULL AND business_date IN ({dates})
        ORDER BY business_date DESC LIMIT 8
    ),
    aim AS (
        SELECT day.business_date, json_each.key AS service, json_each.value * 1000 AS ms
        FROM day JOIN main.event ON event.branch = :branch AND event.seq = day.first_seq,
             json_each(json_extract(event.body, '$.target_waits_s'))
    ),
    part AS (
        SELECT p.business_date, p.ticket,
               sum(CASE WHEN p.state = 'waiting' THEN p.ended_at_ms - p.started_at_ms END) AS ms,
               min(CASE WHEN p.state = 'called' THEN p.started_at_ms END) AS called_at_ms,
               max(CASE WHEN p.ordinal = 1 THEN p.service END) AS service
        FROM main.ticket_period AS p
        WHERE p.branch = :branch AND p.business_date IN (SELECT business_date FROM day)
        GROUP BY p.business_date, p.ticket
    ),
    one AS (
        SELECT part.business_date, part.ms, t.screening IS NULL AS unscreened,
               part.called_at_ms - t.issued_at_ms > aim.ms AS above
        FROM part JOIN main.ticket AS t ON t.branch = :branch AND t.id = part.ticket
        JOIN aim ON aim.business_date = part.business_date
         AND aim.service = CASE t.priority WHEN 'none' THEN part.service ELSE '' END
    ),
    ranked AS (
        SELECT *, row_number() OVER (PARTITION BY business_date ORDER BY ms) AS place,
               count(*) OVER (PARTITION BY business_date) AS many FROM one
    )
    SELECT ranked.business_date, max(many),
           max(many) - sum(NOT unscreened)
             + (SELECT count(*) FROM main.screening AS s WHERE s.branch = :branch
                AND s.business_date = ranked.business_date)
             + (SELECT count(*) FROM main.event AS e WHERE e.branch = :branch
                AND e.business_date = ranked.business_date AND e.type IN
                    ('DayOpened', 'BranchConfigured', 'GuestRecorded', 'ChannelChosen')
                AND e.type IN ('GuestRecorded', 'ChannelChosen')),
           min(CASE WHEN place * 2 >= many THEN ms END) / 1000.0,
           min(CASE WHEN place * 10 >= many * 9 THEN ms END) / 1000.0,
           1 - sum(above) * 1.0 / max(many),
           (SELECT avg(score) FROM main.rating AS r WHERE r.branch = :branch
            AND r.business_date = ranked.business_date)
    FROM ranked GROUP BY ranked.business_date ORDER BY ranked.business_date DESC
"""


class BareReport:
    """Asks one file for the figures of one day."""

    def __init__(self, file: Path, branch: str, business_date: str) -> None:
        self._sqlite = sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, isolation_level=None)
        # As our own readers have it.
        self._sqlite.execute("PRAGMA temp_store = MEMORY")
        self._asked = {"branch": branch, "date": business_date}

    def close(self) -> None:
        """Let go of the file."""
        self._sqlite.close()

    def figures(self) -> dict[str, Any]:
        """All of them, by the name of their question."""
        first, head, closed = self._sqlite.execute(
            "SELECT first_seq, head_seq, closed_at_ms FROM business_day"
            " WHERE branch = :branch AND business_date = :date",
            self._asked,
        ).fetchone()
        midnight = (closed + OFFSET_MS) // 86_400_000 * 86_400_000 - OFFSET_MS
        asked = {**self._asked, "first": first, "head": head}
        asked |= {"closed": closed, "midnight": midnight}
        for statement in _PARTS.split(";")[:-1]:
            self._sqlite.execute(statement, asked)
        try:
            return self._ask(asked)
        finally:
            for statement in _AWAY:
                self._sqlite.execute(statement)

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        groups = {"": "''", "service": "service", "hour": "hour", "class": "class"}
        for name, group in groups.items():
            table = "leg" if name == "service" else "whole"
            found[f"times/{name}"] = self._rows(_MEASURED.format(group=group, table=table), {})
            found[f"states/{name}"] = self._rows(_QUESTIONS["states"].format(group=group), {})
            kept = "first_service" if name == "service" else group
            found[f"kept/{name}"] = self._rows(_QUESTIONS["kept"].format(group=kept), {})
        found["times/counter"] = self._rows(
            _MEASURED.format(group="counter", table="at_counter"), {}
        )
        for name, question in _BESIDE.items():
            found[name] = self._rows(question, asked)
        today = date.fromisoformat(asked["date"])
        weeks = [(today - timedelta(weeks=back)).isoformat() for back in range(1, 53)]
        dates = ", ".join(f"'{one}'" for one in weeks)
        found["earlier"] = self._rows(_EARLIER.format(dates=dates), asked)
        return found

    def _rows(self, question: str, asked: dict[str, Any]) -> Sequence[Row]:
        return self._sqlite.execute(question, asked).fetchall()


def many(rows: Sequence[Row]) -> Counter[Any]:
    """Rows of a key and a count."""
    return Counter({row[0]: row[1] for row in rows})
