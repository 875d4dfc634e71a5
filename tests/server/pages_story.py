"""A lane's story as the pages see it: visitors with links, places booked from home, surveys."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from protocol import messages as m
from protocol.codec import encode
from protocol.messages import Answer
from server.commands.handler import Asker
from server.domain.errors import QueueRuleError
from server.queries import QUERIES
from server.queries.handler import Inquiry
from server.store import Store
from tests.server.lane_story import DESK, DEWI, KIOSK, OFFICE, WEB, LaneStory

SKM_ANSWERS = {f"u{number}": 4 for number in range(1, 10)}


class PagesStory(LaneStory):
    """Six services; a place in each window of A can be booked from home once it is let."""

    def __init__(self, folder: Path, store: Store | None = None) -> None:
        super().__init__(folder, store)

    def let_people_book(self, places: int = 2, letter: str = "A", **settings: str) -> None:
        """Windows of half an hour from 08:30 to 14:30, so many places in each."""
        with_these = {"booking.open": "true", f"booking.places.{letter}": str(places)}
        for key, value in (with_these | settings).items():
            self.set_one(key.replace("__", "."), value)

    # Visits.

    def issue(self, service: str = "A", **fields: Any) -> dict[str, Any]:
        """A ticket as its kiosk is told of it, ``link`` being the secret alone."""
        command = m.IssueTicket(id=uuid4(), service=service, **fields)
        ticket: dict[str, Any] = self.ask(command, KIOSK)["ticket"]
        return ticket | {"link": ticket["link"].rpartition("/")[2]}

    def inquire(self, query: m.Query, asker: Asker = WEB) -> dict[str, Any]:
        """A query's answer as it goes over the wire, or the reason why not."""
        inquiry = Inquiry(self.lane.day, asker.role, self.clock.ms, self.sealer, asker.device)
        try:
            fields = QUERIES[type(query)](query, inquiry)
        except QueueRuleError as no:
            return {"reason": no.reason}
        assert isinstance(fields, dict)
        answer: dict[str, Any] = msgspec.json.decode(encode(Answer(id=query.id, **fields)))
        return answer

    def visits(self, *links: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.inquire(m.GetVisits(id=uuid4(), links=list(links)))[
            "visits"
        ]
        return found

    def visit(self, ticket: dict[str, Any]) -> dict[str, Any]:
        (found,) = self.visits(ticket["link"])
        return found

    def call_next(self, asker: Asker = DESK) -> dict[str, Any]:
        ticket: dict[str, Any] = self.ask(m.CallNext(id=uuid4()), asker)["ticket"]
        return ticket

    def serve(self, asker: Asker = DESK) -> dict[str, Any]:
        """The next one is called and served."""
        ticket = self.call_next(asker)
        finish = m.FinishService(id=uuid4(), ticket=ticket["id"], outcome="solved")
        assert self.ask(finish, asker)["type"] == "Accepted"
        return ticket

    def close_day(self) -> None:
        self.sign_in(OFFICE, DEWI)
        assert self.ask(m.CloseBranchDay(id=uuid4()), OFFICE)["type"] == "Accepted"

    # Bookings.

    def windows(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.inquire(m.GetBookingWindows(id=uuid4()))["windows"]
        return found

    def book(self, at: str = "10:00", booker: str = "b" * 16, **fields: Any) -> dict[str, Any]:
        """The answer to BookTicket for the window that begins then, by the branch's clock."""
        fields = {"service": "A"} | fields
        command = m.BookTicket(
            id=uuid4(), window_from=self.local(at), booker=booker.ljust(16, "."), **fields
        )
        return self.ask(command, WEB)

    def booked(self, at: str = "10:00", booker: str = "b", **fields: Any) -> dict[str, Any]:
        """The same, where it is accepted: the booking."""
        answer = self.book(at, booker, **fields)
        assert answer["type"] == "Accepted", answer
        booking: dict[str, Any] = answer["booking"]
        return booking

    def check_in(self, code: str, asker: Asker = KIOSK, **fields: Any) -> dict[str, Any]:
        return self.ask(m.CheckIn(id=uuid4(), code=code, **fields), asker)

    def booking(self, link: str) -> dict[str, Any]:
        return self.inquire(m.FindBooking(id=uuid4(), link=link))

    def local(self, at: str) -> datetime:
        """A time of this day by the branch's clock."""
        hour, minute = map(int, at.split(":"))
        zone = self.lane.day.branch.time_zone
        day = datetime.fromtimestamp(self.clock.ms / 1000, UTC).astimezone(zone)
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def set_clock(self, at: str) -> None:
        self.clock.ms = int(self.local(at).timestamp() * 1000)

    # The survey.

    def answer_survey(self, link: str | None = None, **fields: Any) -> dict[str, Any]:
        given = {"instrument": "skm-2017", "answers": SKM_ANSWERS} | fields
        return self.ask(m.AnswerSurvey(id=uuid4(), link=link, **given), WEB)

    def rows(self, table: Any) -> list[dict[str, Any]]:
        """What stands in a table."""
        with self.store.database.reading() as connection:
            return [dict(row) for row in connection.execute(table.select()).mappings()]
