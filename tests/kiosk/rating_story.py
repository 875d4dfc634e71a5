"""A rating pad, the visitors in front of it, and a clock in the hand."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from kiosk.leaving_model import LeavingModel
from kiosk.rating_model import PadPage, PadPatience, RatingModel
from kiosk.rating_window import RatingWindow
from kiosk.real_size import pad_sizes
from protocol.messages import Choice, RateService, RatingInvitation, Welcome
from protocol.session import LinkState, LinkStatus
from tests.kiosk.kiosk_pictures import PIN, texts_of
from tests.kiosk.kiosk_story import FakeAsk, welcome
from ui.theme import Theme
from ui.tokens import LIGHT, mm_per_px_of

REASONS = {
    "time": {"id": "Waktu pelayanan", "en": "Time"},
    "accuracy": {"id": "Kecermatan petugas", "en": "Accuracy"},
    "courtesy": {"id": "Keramahan petugas", "en": "Courtesy"},
    "facility": {"id": "Ruang dan fasilitas", "en": "Room and facilities"},
}
REVIEW = "https://g.page/r/CfContohKantorCabang/review"
SIZES = {"landscape": (1280, 800), "portrait": (800, 1280)}


def pad_welcome(reasons: bool = True) -> Welcome:
    """The branch's greeting with its reasons."""
    given = welcome()
    named = [Choice(code=code, name=name) for code, name in REASONS.items()]
    return replace(given, choices=replace(given.choices, rating_reason=named if reasons else []))


def invitation(number: str = "A012", **facts: Any) -> RatingInvitation:
    """Somebody was served at counter 3."""
    given: dict[str, Any] = {"ticket": f"ticket-{number}", "counter": 3, "number": number}
    return RatingInvitation(**(given | facts))


class PadStory:
    """One pad. ``after`` lets time pass in steps of 0.1 s, as the window's timer does."""

    def __init__(self, language: str = "id", *, patience: PadPatience | None = None) -> None:
        self.ask = FakeAsk()
        self.now_s = 1000.0
        self._ids = 0
        self.has_left = False
        self.model = RatingModel(
            self.ask,
            new_id=self.new_id,
            now_s=lambda: self.now_s,
            language=language,
            languages=("id", "en", "qps"),
            patience=patience,
        )

    def new_id(self) -> UUID:
        self._ids += 1
        return UUID(int=self._ids)

    def leave(self) -> None:
        self.has_left = True

    def after(self, seconds: float) -> "PadStory":
        until_s = self.now_s + seconds
        while self.now_s < until_s - 1e-9:
            self.now_s = min(until_s, self.now_s + 0.1)
            self.model.tick()
        return self

    def page(self) -> PadPage:
        return self.model.page

    def online(self, *, reasons: bool = True) -> "PadStory":
        self.model.on_link(LinkStatus(LinkState.ONLINE, self.now_s))
        self.model.on_welcome(pad_welcome(reasons))
        return self

    def lost(self, state: LinkState = LinkState.LOST) -> "PadStory":
        self.model.on_link(LinkStatus(state, self.now_s, "closed"))
        return self

    def served(self, number: str = "A012", **facts: Any) -> "PadStory":
        """A service ends, and the visitor looks at the pad for a second."""
        self.model.on_notice(invitation(number, **facts))
        return self.after(1)

    def rated(self, score: int) -> "PadStory":
        self.model.rate(score)
        return self.after(0.5)

    def told(self) -> list[tuple[str, int, list[str]]]:
        """Ticket, score and reasons of every rating that was told."""
        return [(each.ticket, each.score, list(each.reasons)) for each in self.ask.of(RateService)]


def _reasons(story: PadStory) -> None:
    story.online().served().rated(2)
    story.model.toggle_reason("courtesy")


STATES: dict[str, Callable[[PadStory], object]] = {
    "idle": lambda story: story.online(),
    "idle-starting": lambda story: story.after(0.1),
    "idle-lost": lambda story: story.online().lost().after(30),
    "idle-refused": lambda story: story.lost(LinkState.REFUSED),
    "faces": lambda story: story.online().served(),
    "faces-long": lambda story: story.online().served("AK1012", counter=12),
    "reasons": _reasons,
    "reasons-none": lambda story: story.online().served().rated(1),
    "thanks": lambda story: story.online().served().rated(4),
    "thanks-review": lambda story: story.online().served(review_link=REVIEW).rated(3),
}
"""Every page of the pad in every state."""


def story_of(name: str, language: str = "id") -> PadStory:
    """The story that leads to one state, told in a language."""
    story = PadStory(language)
    STATES[name](story)
    return story


def pad_window(
    story: PadStory, width: int, height: int, *, inches: float | None = None
) -> RatingWindow:
    """A window of this size, on a whole screen of so many inches if they are given."""
    pitch_mm = None if inches is None else mm_per_px_of(inches, width, height)

    def theme_of(window: QWidget) -> Theme:
        return Theme(LIGHT, pad_sizes(window.width(), window.height(), pitch_mm))

    leaving = LeavingModel(PIN, now_s=lambda: story.now_s, leave=story.leave)
    window = RatingWindow(story.model, theme_of=theme_of, texts_of=texts_of, leaving=leaving)
    window.resize(width, height)
    window.show()
    window.refresh()
    return window
