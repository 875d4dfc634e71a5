"""What people say from home to a simulated branch: bookings, and what their tickets' links open."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import Any
from uuid import UUID

from protocol import messages as m
from protocol.survey_form import ELEMENTS, SKM

KEPT = 30
WINDOW_S = 4
"""A day of a simulated branch is a few minutes, so its windows are as short."""
PLACES = {"A": 2, "B": 5}
"""Per letter of a service, in each window."""


def rules_of_home(random: Random) -> dict[str, object]:
    """Windows all day; some branches are patient with who comes early or late."""
    return {
        "booking": True,
        "booking_from": "00:00",
        "booking_until": "23:59",
        "booking_window_s": WINDOW_S,
        "booking_early_s": random.choice((900, 2)),
        "booking_late_s": random.choice((900, 0, 1)),
        "survey_share": random.choice((100, 50)),
    }


@dataclass
class AtHome:
    """Codes and links of bookings, and tickets with their links, that people have in hand."""

    bookings: list[tuple[str, str]] = field(default_factory=list)
    tickets: list[tuple[str, str]] = field(default_factory=list)

    def hear(self, answer: m.Accepted | m.Rejected) -> None:
        """Somebody was answered."""
        if isinstance(answer, m.Rejected):
            return
        booking, ticket = answer.booking, answer.ticket
        if isinstance(booking, m.BookingView) and booking.state == "booked":
            self.bookings = [*self.bookings, (booking.code, booking.link)][-KEPT:]
        if isinstance(ticket, m.Ticket) and ticket.link is not None:
            self.tickets = [*self.tickets, (ticket.id, ticket.link.rpartition("/")[2])][-KEPT:]

    def word(self, now: datetime, new_id: Callable[[], UUID], random: Random) -> m.AnyCommand:
        """One word of the pages; with a link that is somebody else's now and then."""
        dice = random.random()
        if dice < 0.5 or not self.bookings:
            return _book(now, new_id, random)
        if dice < 0.6:
            return m.CancelBooking(id=new_id(), link=random.choice(self.bookings)[1])
        if not self.tickets:
            return _survey(None, new_id, random)
        ticket, link = random.choice(self.tickets)
        if random.random() < 0.1:
            link = random.choice(self.tickets)[1]
        if dice < 0.75:
            return m.CancelTicket(id=new_id(), ticket=ticket, reason="visitor-left", link=link)
        if dice < 0.87:
            return m.RateService(id=new_id(), ticket=ticket, score=random.randint(1, 4), link=link)
        return _survey(None if random.random() < 0.2 else link, new_id, random)

    def check_in(self, new_id: Callable[[], UUID], random: Random) -> m.AnyCommand | None:
        """Somebody comes with a code or a link; None while nobody has booked."""
        if not self.bookings:
            return None
        # Mostly one of the last: the others were used, or are of another day.
        code = random.choice(random.choice(self.bookings[-8:]))
        return m.CheckIn(id=new_id(), code=code if random.random() < 0.97 else "333333")


def _book(now: datetime, new_id: Callable[[], UUID], random: Random) -> m.BookTicket:
    began_s = int(now.timestamp()) // WINDOW_S * WINDOW_S
    ahead = random.choice((-1, 0, 0, 0, 1, 1, 1, 2, 2, 30))
    return m.BookTicket(
        id=new_id(),
        service=random.choice("AAABBBBC"),
        window_from=datetime.fromtimestamp(began_s + ahead * WINDOW_S, UTC),
        booker=f"browser-{random.randrange(200):08d}",
    )


def _survey(link: str | None, new_id: Callable[[], UUID], random: Random) -> m.AnswerSurvey:
    about: dict[str, Any] = {"sex": random.choice(("", "female", "male", "CANARY"))}
    elements = random.sample(ELEMENTS[SKM], random.choice((4, 5, 9, 9)))
    return m.AnswerSurvey(
        id=new_id(),
        instrument="skm-2017",
        answers={element: random.randint(1, 4) for element in elements},
        about=m.Respondent(**about),
        link=link,
    )
