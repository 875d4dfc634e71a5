"""GetDoorReport: the door's facts of a day, counted on the disk."""

from datetime import date
from typing import Any

from db.door_facts import DoorFacts
from protocol import messages as m
from server.domain.errors import QueueRuleError
from server.queries.handler import Archive, Inquiry, Reading


def of_day(query: m.GetDoorReport, inquiry: Inquiry) -> Reading:
    """Today's or an earlier day's; all zero where nobody was screened."""
    today = date.fromisoformat(inquiry.day.business_date)
    wanted = query.business_date or today
    if wanted > today:
        raise QueueRuleError("bad-value", field="business_date")

    def read(archive: Archive) -> dict[str, Any]:
        return {"door": report_of(wanted, archive.door_facts(wanted.isoformat()))}

    return read


def report_of(day: date, facts: DoorFacts) -> m.DoorReport:
    """The facts as the wire has them."""
    return m.DoorReport(
        business_date=day,
        totals=m.DoorTotals(
            screened=facts.screened,
            outcomes=dict(facts.outcomes),
            guests=facts.guests,
            sent_home=sum(sum(channels.values()) for channels in facts.sent_home.values()),
        ),
        solved_reasons=dict(facts.solved_reasons),
        channels=dict(facts.channels),
        offices=dict(facts.offices),
        missing={service: dict(papers) for service, papers in facts.missing.items()},
        segments=dict(facts.segments),
        matters=dict(facts.matters),
        advised=dict(facts.advised),
        overrides={rule: dict(reasons) for rule, reasons in facts.overrides.items()},
        identified=facts.identified,
        repeat_visits=facts.repeat_visits,
        companions=facts.companions,
        persons=facts.persons,
        screening_time_s=_whole_s(facts.time_median_s),
        screening_time_p90_s=_whole_s(facts.time_p90_s),
        tickets=facts.tickets,
        codes_used=facts.codes_used,
        given_later=facts.given_later,
        sent_home={service: dict(channels) for service, channels in facts.sent_home.items()},
    )


def _whole_s(time_s: float | None) -> int | None:
    return None if time_s is None else round(time_s)
