"""The manager's close, signature and corrections, told a second time from protocol.md."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.simulation.broken_law import demand
from tests.simulation.told import OPEN, Told, ToldDay

Body = Mapping[str, Any]

# What may still happen on a closed day: reading writes nothing.
AFTER_THE_CLOSE = frozenset(
    {
        "AnnouncementConfirmed",
        "BranchConfigured",
        "CallAnswered",
        "ChannelChosen",
        "DayReopened",
        "DaySigned",
        "EarlierTicketMerged",
        "ManagerSignedIn",
        "ManagerSignedOut",
        "NumbersLeased",
        "OfficerCalled",
        "PersonalDataErased",
        "PrintRecorded",
        "RecordCorrected",
        "RecordRevealed",
        "SecondStepSet",
        "ServiceRated",
        "SlipRecorded",
        "StaffSignedIn",
        "StaffSignedOut",
        "SurveyAnswered",
        "TextPosted",
    }
)
FIELDS = ("category", "outcome", "education", "cause")
DAYS_KEPT = 3


def record_of(body: Body) -> tuple[str, str, str, str]:
    """How a service ended, in the order of the fields."""
    education = ",".join(body.get("education", ()))
    return (body.get("category") or "", body["outcome"], education, body.get("cause") or "")


class Office:
    """Hears what the manager did with whole days and with records."""

    def __init__(self) -> None:
        # Who signed which day; a day that goes on is signed by nobody.
        self._signed: dict[str, str] = {}
        self._newest: dict[tuple[str, str], str] = {}
        self._days: list[ToldDay] = []

    def end_day(self, day: ToldDay) -> None:
        """Its tickets may be put right for some days; who asks later is believed."""
        self._days = [*self._days, day][-DAYS_KEPT:]

    def close(self, day: ToldDay, body: Body) -> None:
        """Law I11: what is signed is what happened; who signs alone stays."""
        staff = body.get("staff")
        stayed = [seat for seat in day.seats.values() if seat[0] != staff]
        demand(not stayed, "F14", "the day ends with people signed in", stayed)
        demand(staff is None or day.seats, "F14", staff, "closed the day from nowhere")
        states = Counter(one.state for one in day.tickets.values())
        told = body["totals"]
        right = {"issued": len(day.tickets)} | {
            state: states[state] for state in ("finished", "no-show", "cancelled", "expired")
        }
        demand(told == right, "I11", "signed", told, "instead of", right)
        ended = sum(many for state, many in told.items() if state != "issued")
        demand(told["issued"] == ended, "I11", "the day does not add up:", told)
        if staff is not None:
            self._signed[day.date] = staff

    def reopen(self, day: ToldDay) -> None:
        """Its next close is signed anew."""
        self._signed.pop(day.date, None)

    def sign(self, body: Body) -> None:
        """A day is signed once."""
        date = body["signed_date"]
        demand(date not in self._signed, "I13", date, "was signed before by", body["staff"])
        self._signed[date] = body["staff"]

    def correct(self, day: ToldDay, body: Body) -> None:
        """A closed ticket; the version before is the newest one, and the new one is another."""
        field, key = body["field"], (body["ticket"], body["field"])
        demand(body["before"] != body["after"], "I13", "put right what was right:", body)
        ticket = self._find(day, body)
        if ticket is not None:
            ended = ticket.state == "finished" if field in FIELDS else ticket.state not in OPEN
            demand(ended, "I13", "put right", ticket.number, "which is", ticket.state)
            ticket.moves += 1
        if key in self._newest:
            before = self._newest[key]
        elif ticket is not None and field in FIELDS:
            before = ticket.record[FIELDS.index(field)]
        else:
            before = body["before"]
        demand(body["before"] == before, "I13", "before", body, "there stood", before)
        self._newest[key] = body["after"]

    def _find(self, day: ToldDay, body: Body) -> Told | None:
        date = body["of_date"]
        found = [one for one in (*self._days, day) if one.date == date]
        if not found:
            return None
        ticket = found[0].tickets.get(body["ticket"])
        demand(ticket is not None, "I3", "put right a ticket that never was:", body)
        return ticket
