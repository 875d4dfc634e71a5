"""What every page may use, put together once by the composition root."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request

from assets.texts import Texts
from db.engine import Database
from web.branch import Branch
from web.day_figures import DayFigures
from web.hall_feed import HallFeed
from web.limits import Limits
from web.pending import PendingSignIns
from web.rendering import Rendering
from web.report_keeping import Papers
from web.sessions import Sessions
from web.tablets import Tablets

LANGUAGES = ("id", "en", "jv", "su")
STAFF_LANGUAGES = ("id", "en")


@dataclass(slots=True)
class House:
    """The parts of the running program.

    ``database`` only reads. ``secret`` is the pages' own key for what browsers bring back.
    """

    branch: Branch
    database: Database
    data: Path
    rendering: Rendering
    limits: Limits
    secret: bytes
    is_https: bool = False
    monotonic_s: Callable[[], float] = field(default=lambda: 0.0)
    sessions: Sessions = field(init=False)
    pending: PendingSignIns = field(init=False)
    figures: DayFigures = field(init=False)
    feed: HallFeed = field(init=False)
    tablets: Tablets = field(init=False)
    papers: Papers = field(init=False)

    def __post_init__(self) -> None:
        self.sessions = Sessions(self.branch)
        self.pending = PendingSignIns()
        self.figures = DayFigures(
            self.database, lambda: self.branch_code, lambda: self.zone, self.branch.now
        )
        self.feed = HallFeed(self)
        self.tablets = Tablets(self.data / "web-tablets", self.secret)
        self.papers = Papers(self)

    @property
    def branch_code(self) -> str:
        """Whose rows may be read: of this branch alone."""
        return self.branch.welcome.branch.code

    @property
    def zone(self) -> ZoneInfo:
        """The branch's time zone."""
        return ZoneInfo(self.branch.welcome.branch.time_zone)


def house_of(request: Request) -> House:
    """The house behind a request."""
    found: House = request.app.state.house
    return found


def texts_of(request: Request, *, for_staff: bool = False) -> Texts:
    """The words for whoever asks: by the choice in the cookie, else what the browser prefers,
    else Indonesian."""
    known = STAFF_LANGUAGES if for_staff else LANGUAGES
    chosen = request.query_params.get("lang") or request.cookies.get("lang", "")
    wanted = [chosen, *_accepted(request.headers.get("accept-language", ""))]
    language = next((one for one in wanted if one in known), "id")
    return house_of(request).rendering.texts(language)


def _accepted(header: str) -> list[str]:
    """The languages of a header, the most wanted first; quality marks are rarely out of order."""
    return [part.split(";")[0].strip()[:2].lower() for part in header[:200].split(",")]


Context = Mapping[str, Any]
