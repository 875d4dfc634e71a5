"""Places booked from home and surveys, told a second time from the issue's words.

Plain on purpose; no code of the domain is used. Whether a number that came of a booking has the
place of its own arrival is looked at where every number is: in ``Retelling`` (law I5).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.broken_law import demand

Body = Mapping[str, Any]
Asked = tuple[int, bytes | None]
"""When, and by which command."""

CODE = set("34679CDFGHJKMNPQRTVWXY")
TAKEN = ("booked", "checked-in")


@dataclass
class Place:
    """A booking as it was told."""

    body: Body
    state: str = "booked"
    ticket: str | None = None


@dataclass
class HomeDay:
    """A day's bookings and answered surveys."""

    places: dict[str, Place] = field(default_factory=dict)
    marks: set[str] = field(default_factory=set)
    # Who checked in is owed a number in the same commit: booking, ticket, and by what.
    owed: tuple[str, str, Asked] | None = None
    # Lapsed before its time: only the close of the day may do that.
    early: Asked | None = None


class Home:
    """Hears what was booked; ``places`` per service are those of each window."""

    def __init__(self, places: Mapping[str, int]) -> None:
        self._most = places
        self._secrets: set[str] = set()
        self.day = HomeDay()

    def open_day(self) -> None:
        """Nothing that was booked outlives its day."""
        demand(self.day.owed is None, "I1", "no number for", self.day.owed)
        self.day = HomeDay()

    def before(self, at_ms: int, kind: str, command: bytes | None, body: Body) -> None:
        """Whatever comes next: what is owed comes first, and nobody is waited for too long."""
        day, asked = self.day, (at_ms, command)
        if day.owed is not None:
            booking, ticket, by = day.owed
            paid = kind == "TicketIssued" and (body.get("booking"), body["ticket"]) == (
                booking,
                ticket,
            )
            demand(paid and asked == by, "I1", "no number for", day.owed, body)
        elif kind == "TicketIssued":
            strange = body.get("booking")
            demand(strange is None, "I2", "a number of a booking that nobody checked in", body)
        day.owed = None
        closing = day.early in (None, asked)
        demand(closing, "I11", "a place lapsed before its time:", day.early, body)
        if kind == "DayClosed":
            day.early = None
        if command is not None:
            late = [
                one.body["booking"]
                for one in day.places.values()
                if one.state == "booked" and one.body["check_in_until_ms"] <= at_ms
            ]
            demand(not late, "I11", "places are kept for who did not come:", late)

    def hear_TicketBooked(self, at_ms: int, body: Body, asked: Asked) -> None:
        day, one = self.day, body["booking"]
        demand(one not in day.places, "I2", "booking id twice", one)
        demand(body["link"] not in self._secrets, "I2", "a booking's link twice", one)
        self._secrets.add(body["link"])
        codes = {place.body["code"] for place in day.places.values()}
        fit = len(body["code"]) == 6 and set(body["code"]) <= CODE
        demand(fit and body["code"] not in codes, "I2", "the code", body["code"])
        in_time = at_ms < body["until_ms"] and body["from_ms"] < body["until_ms"]
        demand(in_time, "I11", "booked what is over", body, "at", at_ms)
        early = body["check_in_from_ms"] <= body["from_ms"]
        late = body["until_ms"] <= body["check_in_until_ms"]
        demand(early and late, "I11", "a window in which nobody may come", body)
        mine = [place for place in day.places.values() if place.body["booker"] == body["booker"]]
        again = [place for place in mine if place.state == "booked"]
        demand(not again, "I2", "one browser has two places", body)
        same = [
            place
            for place in day.places.values()
            if place.state in TAKEN
            and (place.body["service"], place.body["from_ms"]) == (body["service"], body["from_ms"])
        ]
        most = self._most.get(body["service"], 0)
        demand(len(same) < most, "I2", "more than", most, "places in", body)
        day.places[one] = Place(body)

    def hear_BookingCancelled(self, at_ms: int, body: Body, asked: Asked) -> None:
        self._open(body).state = "cancelled"

    def hear_BookingLapsed(self, at_ms: int, body: Body, asked: Asked) -> None:
        place = self._open(body)
        place.state = "lapsed"
        if at_ms < place.body["check_in_until_ms"]:
            self.day.early = asked

    def hear_BookingCheckedIn(self, at_ms: int, body: Body, asked: Asked) -> None:
        place = self._open(body)
        told = place.body
        in_time = told["check_in_from_ms"] <= at_ms < told["check_in_until_ms"]
        demand(in_time, "I11", "checked in out of time at", at_ms, told)
        place.state, place.ticket = "checked-in", body["ticket"]
        self.day.owed = (body["booking"], body["ticket"], asked)

    def hear_SurveyAnswered(self, at_ms: int, body: Body, asked: Asked) -> None:
        mark = body.get("mark", "")
        demand(not mark or mark not in self.day.marks, "I6", "answered twice", body)
        self.day.marks.add(mark)
        demand("CANARY" not in str(body), "I12", "a survey says by whom", body)
        scores = set(body["answers"].values())
        demand(scores <= {1, 2, 3, 4} and len(body["answers"]) >= 5, "I11", "answers", body)

    def close(self) -> None:
        """Law I11: booked is checked-in and cancelled and lapsed, and nothing is open."""
        states = Counter(one.state for one in self.day.places.values())
        demand(not states["booked"], "I11", "the day ends with places kept", states)
        ended = states["checked-in"] + states["cancelled"] + states["lapsed"]
        demand(ended == len(self.day.places), "I11", "bookings do not add up", states)
        tickets = [one.ticket for one in self.day.places.values() if one.state == "checked-in"]
        single = len(set(tickets)) == len(tickets) and None not in tickets
        demand(single, "I2", "a ticket of two bookings, or of none", tickets)

    def rows(self) -> dict[str, tuple[str, str, str | None]]:
        """What the table should say: id to service, state and ticket."""
        return {
            one: (place.body["service"], place.state, place.ticket)
            for one, place in self.day.places.items()
        }

    def _open(self, body: Body) -> Place:
        place = self.day.places.get(body["booking"])
        demand(place is not None, "I3", body["type"], "of an unknown booking", body)
        assert place is not None
        demand(place.state == "booked", "I3", body["type"], "of a booking that is", place.state)
        return place
