"""Complaints without a window: one that is being written down, and those that are not closed yet.

Used at the door and at the counter. A seat gives it ``on_welcome``, ``tick``, ``forget`` and its
link (``desk.asker.link``, ``desk.asker.fresh``), and shows it by ``complaint_form.ComplaintForm``.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal
from uuid import UUID

from counter.asker import Asker
from counter.remarks import Remark
from protocol.messages import (
    Accepted,
    Answer,
    ComplaintCounts,
    ComplaintLevelInfo,
    ComplaintStep,
    ComplaintView,
    FileComplaint,
    ListComplaints,
    Rejected,
    RevealRecord,
    UpdateComplaint,
    Welcome,
)
from protocol.plain_text import plain_line, plain_text
from protocol.session import Ask, Inquire

LIMITS = {
    "description": 2000,
    "name": 120,
    "address": 300,
    "phone": 40,
    "wish": 1000,
    "sipp": 40,
    "lapor": 40,
}
"""How long each field may be, in characters."""

Which = Literal["open", "overdue", "all"]

PERSONAL = ("name", "address", "phone")
"""What stays empty when somebody complains without a name."""

STEPS: dict[str, tuple[ComplaintStep, ...]] = {
    "open": ("answered", "solved", "escalated", "withdrawn"),
    "answered": ("solved", "escalated", "withdrawn"),
    "escalated": ("solved", "withdrawn", "reopened"),
    "solved": ("reopened",),
    "withdrawn": ("reopened",),
}
"""State of a complaint to the steps that lead on from it."""


@dataclass(frozen=True, slots=True)
class ComplaintDraft:
    """What has been written down so far."""

    level: str = ""
    description: str = ""
    wish: str = ""
    anonymous: bool = False
    name: str = ""
    address: str = ""
    phone: str = ""
    sipp: str = ""
    lapor: str = ""
    ticket: str | None = None
    screening: str | None = None

    def __repr__(self) -> str:  # who complains must not reach a log or a crash note
        return f"ComplaintDraft(level={self.level!r}, anonymous={self.anonymous})"


class ComplaintDesk:
    """Writes complaints down and follows them; what it asks waits for nothing else."""

    def __init__(
        self,
        ask: Ask,
        inquire: Inquire,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
    ) -> None:
        """``now_s`` is monotonic."""
        self.changed: Callable[[], None] = lambda: None
        self.asker = Asker(ask, new_id=new_id, now_s=now_s)
        # A complaint rests on nothing that the hall shows.
        self.asker.fresh = True
        self.asker.changed = lambda: self.changed()
        self.levels: list[ComplaintLevelInfo] = []
        self.draft = ComplaintDraft()
        self.filed: ComplaintView | None = None
        self.listed: list[ComplaintView] = []
        self.which: Which = "open"
        self.counts: ComplaintCounts | None = None
        # The complaint whose text is shown, and the text; gone with the panel.
        self.revealed: tuple[str, dict[str, str]] | None = None
        self._inquire, self._new_id = inquire, new_id
        self._listing = 0

    def on_welcome(self, welcome: Welcome) -> None:
        """Learn the levels."""
        self.levels = welcome.door.complaint_levels if welcome.door is not None else []

    def tick(self) -> None:
        """Time passed."""
        self.asker.tick()

    def forget(self) -> None:
        """Somebody got up."""
        self.asker.forget()
        self.asker.fresh = True
        self.listed, self.filed = [], None
        self.begin()

    # Writing one down.

    def begin(self, *, ticket: str | None = None, screening: str | None = None) -> None:
        """A new complaint, of a visitor if one is known; nothing of the former is left."""
        level = self.levels[-1].code if self.levels else ""
        self.draft = ComplaintDraft(level=level, ticket=ticket, screening=screening)
        self.filed = None
        self.hide()
        self.asker.drop_unsure()

    def set(self, field: str, text: str) -> None:
        """What somebody wrote into a field, of its length and without anything unseen."""
        clean = plain_text if field in ("description", "wish") else plain_line
        told: Any = {field: clean(text, LIMITS[field])}
        self.draft = replace(self.draft, **told)

    def choose_level(self, code: str) -> None:
        """How soon it must be answered."""
        self.draft = replace(self.draft, level=code)
        self.changed()

    def set_anonymous(self, anonymous: bool) -> None:
        """Without name, address and phone; what stood there is gone."""
        self.draft = replace(self.draft, anonymous=anonymous)
        if anonymous:
            self.draft = replace(self.draft, name="", address="", phone="")
        self.changed()

    def hindrance(self) -> str:
        """Why it cannot be filed yet, as a code of the texts; empty when it can."""
        if not self.draft.level:
            return "complaint-level"
        if not self.draft.description:
            return "complaint-text"
        return self.asker.hindrance()

    def file(self, print_at: str | None = None) -> bool:
        """File it; False (with a remark) when something is missing."""
        why = self.hindrance()
        if why and why not in ("on-the-way", "link-lost"):
            self.asker.say(Remark("no", f"screening-why.{why}"))
            return False
        draft = self.draft

        def done(answer: Accepted) -> None:
            self.begin()
            self.filed = answer.complaint if isinstance(answer.complaint, ComplaintView) else None
            self.asker.say(Remark("good", "door-done.complaint"))

        return self.asker.send("complaint", lambda key: _filing(key, draft, print_at), done)

    # Following them.

    def level(self, code: str) -> ComplaintLevelInfo | None:
        """A level of the catalogue."""
        return next((one for one in self.levels if one.code == code), None)

    def ask_list(self, which: Which | None = None) -> None:
        """Those that are ``open``, ``overdue``, or ``all``."""
        self.which = which or self.which
        self._listing += 1
        listing = self._listing
        query = ListComplaints(id=self._new_id(), which=self.which)

        def on_found(answer: Answer | Rejected) -> None:
            if listing != self._listing:
                return
            if isinstance(answer, Answer) and isinstance(answer.complaints, list):
                self.listed = answer.complaints
            elif isinstance(answer, Rejected):
                self.asker.say(_refused(answer))
            self.changed()

        if self.asker.online:
            self._inquire(query, on_found)

    def step(self, complaint: str, step: ComplaintStep, note: str = "") -> bool:
        """A complaint goes on."""
        about = plain_line(note, 1000)

        def done(answer: Accepted) -> None:
            self.asker.say(Remark("good", f"door-done.complaint_{step}"))
            self.ask_list()

        return self.asker.send(
            "step",
            lambda key: UpdateComplaint(id=key, complaint=complaint, step=step, note=about),
            done,
        )

    def reveal(self, complaint: str, reason: str) -> bool:
        """Show what was written; that it was read is recorded."""

        def done(answer: Accepted) -> None:
            told = answer.revealed if isinstance(answer.revealed, dict) else {}
            self.revealed = (complaint, told)

        return self.asker.send(
            "reveal", lambda key: RevealRecord(id=key, record=complaint, reason=reason), done
        )

    def hide(self) -> None:
        """What was revealed is not kept."""
        self.revealed = None


def _filing(key: UUID, draft: ComplaintDraft, print_at: str | None) -> FileComplaint:
    return FileComplaint(
        id=key,
        level=draft.level,
        description=draft.description,
        ticket=draft.ticket,
        screening=draft.screening,
        anonymous=draft.anonymous,
        name=draft.name,
        address=draft.address,
        phone=draft.phone,
        wish=draft.wish,
        sipp=draft.sipp,
        lapor=draft.lapor,
        print_at=print_at,
    )


def _refused(answer: Rejected) -> Remark:
    if answer.message:
        return Remark("no", words=answer.message)
    return Remark("no", "screening.no_answer")
