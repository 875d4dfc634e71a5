"""A lease, what a kiosk wrote of it, and a kiosk's desk over a server that the test plays."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from kiosk.choosing_model import ChoosingModel
from kiosk.offline_desk import OfflineDesk
from kiosk.offline_journal import Given, OfflineJournal
from kiosk.paper_jobs import PaperJobs
from protocol.messages import (
    LeasedRange,
    LeasedService,
    LeaseNumbers,
    NumberLease,
    OfflineTicket,
    OpenSpan,
    TicketToPrint,
)
from protocol.session import LinkState, LinkStatus
from tests.kiosk.kiosk_story import MORNING, FakeAsk, FakePrinter, snapshot, welcome

JAKARTA = ZoneInfo("Asia/Jakarta")
TODAY = date(2026, 11, 20)
PAPERS = [{"id": "KTP asli", "en": "Identity card"}]
FOOTER = [{"id": "Mobile JKN"}]


def lease(**facts: Any) -> NumberLease:
    """Two services for a week, ten numbers of each series a day."""
    given: dict[str, Any] = {
        "lease": "lease-1",
        "letter": "K",
        "business_date": TODAY,
        "valid_until": MORNING + timedelta(days=7),
        "day_starts_at": "00:00",
        "number_width": 3,
        "ranges": [LeasedRange(series=series, first=1, last=10) for series in ("AK", "BK", "PK")],
        "services": [leased("A"), leased("B")],
        "footer": FOOTER,
    }
    return NumberLease(**(given | facts))


def leased(code: str, *hours: OpenSpan) -> LeasedService:
    """A service of the lease, open at all hours unless some are given."""
    return LeasedService(
        code=code,
        series=f"{code}K",
        priority_series="PK",
        hours=list(hours) or [OpenSpan(begins_at=MORNING - timedelta(days=1))],
        papers=PAPERS,
    )


def span(begins: str, ends: str | None) -> OpenSpan:
    """A stretch by the branch's clock."""
    at = [
        None if text is None else datetime.fromisoformat(text).replace(tzinfo=JAKARTA)
        for text in (begins, ends)
    ]
    assert at[0] is not None
    return OpenSpan(begins_at=at[0], ends_at=at[1])


def given(serial: int, **facts: Any) -> Given:
    """A number that was given alone: the serial is also its ticket's id."""
    words: dict[str, Any] = {
        "ticket": f"ticket-{serial}",
        "number": f"AK{serial:03d}",
        "series": "AK",
        "serial": serial,
        "service": "A",
        "business_date": TODAY,
        "issued_at": MORNING + timedelta(seconds=serial),
    }
    return Given(OfflineTicket(**(words | facts)), "lease-1")


class DeskStory:
    """A kiosk with its desk, a disk, and a server that the test plays; time passes by ``after``."""

    def __init__(
        self, path: Path | None, *, wall: datetime = MORNING, printer: FakePrinter | None = None
    ) -> None:
        """``wall`` is what this machine's own clock shows; the printer outlives programs."""
        self.ask, self.printer = FakeAsk(), printer or FakePrinter()
        self.now_s = 1000.0
        self.wall = wall
        self.withdrawn: list[UUID] = []
        self._ids = 0
        self._due: list[Callable[[], None]] = []
        self.journal = OfflineJournal(path)
        self.desk = OfflineDesk(
            self.ask,
            self.journal,
            new_id=self.new_id,
            now_s=lambda: self.now_s,
            wall_now=lambda: self.wall,
            soon=self._due.append,
            withdraw=self.withdrawn.append,
        )
        papers = PaperJobs(
            self.printer, self.desk.ask, new_id=self.new_id, now_s=lambda: self.now_s
        )
        self.model = ChoosingModel(
            self.desk.ask,
            papers,
            new_id=self.new_id,
            now_s=lambda: self.now_s,
            server_now=self.desk.clock.now,
        )
        self.desk.serve(self.model)
        self.desk.resume_papers()

    def new_id(self) -> UUID:
        self._ids += 1
        # Those of one program are not those of another.
        return UUID(int=id(self) << 32 | self._ids)

    def after(self, seconds: float) -> "DeskStory":
        until_s = self.now_s + seconds
        while self.now_s < until_s - 1e-9:
            step_s = min(0.1, until_s - self.now_s)
            self.now_s += step_s
            self.wall += timedelta(seconds=step_s)
            self.model.tick()
            self.desk.tick()
            self.settle()
        return self

    def settle(self) -> "DeskStory":
        while self._due:
            self._due.pop(0)()
        return self

    # The link and the server.

    def online(self, **facts: Any) -> "DeskStory":
        """Greeted, with counts; what it asks is for the story to answer."""
        self.desk.on_link(LinkStatus(LinkState.ONLINE, self.now_s))
        self.desk.on_welcome(welcome(facts.pop("codes", "AB"), **facts))
        self.desk.on_notice(snapshot(5, codes="AB"))
        return self.settle()

    def lent(self, granted: NumberLease | None = None) -> "DeskStory":
        """The server answers the kiosk's ask for numbers."""
        self.ask.accept(self.ask.last(LeaseNumbers), lease=granted or lease())
        return self.settle()

    def lost(self, reason: str = "closed", state: LinkState = LinkState.LOST) -> "DeskStory":
        self.desk.on_link(LinkStatus(state, self.now_s, reason))
        return self.settle()

    def alone(self) -> "DeskStory":
        """A kiosk with a lease whose link has been away for a while."""
        return self.online().lent().lost().after(1.5)

    # The visitor.

    def choose(self, code: str = "A") -> "DeskStory":
        self.after(0.5)
        self.model.start()
        self.after(0.5)
        self.model.choose(code)
        return self.settle()

    def number(self) -> str:
        """What stands on the screen, empty without a number."""
        shown = self.model.visit.shown
        return "" if shown is None else shown.ticket.number

    def leave(self) -> "DeskStory":
        self.after(0.5)
        self.model.finish()
        self.model.noted()
        return self.after(0.5)

    def printed(self) -> "DeskStory":
        """The last paper came out."""
        self.printer.finish()
        self.model.on_printer()
        return self.settle()

    def paper(self) -> TicketToPrint:
        """What was last given to the printer."""
        paper = self.printer.submitted[-1]
        assert isinstance(paper, TicketToPrint)
        return paper
