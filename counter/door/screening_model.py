"""The officer's desk at the door without a window: who is there, and how it goes on with them.

Nothing of a visitor outlives the outcome: what was typed is forgotten when the answer is there.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from counter.asker import Asker
from counter.complaint_desk import ComplaintDesk
from counter.door.door_errands import DoorErrands
from counter.door.door_hall import CODE, DoorHall
from counter.door.door_health import Sign, fallen
from counter.door.door_visitor import DoorVisitor
from counter.door.screening_draft import NUMBERS, Ending, screening_of
from counter.help_desk import HelpDesk
from counter.remarks import Remark
from protocol.messages import (
    Accepted,
    ChannelInfo,
    DoorOutcome,
    OfficeInfo,
    ScreeningSnapshot,
    Ticket,
    Welcome,
)
from protocol.session import Ask, Inquire, LinkState, LinkStatus


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the last visitor, nothing personal; shown until the next one begins."""

    kind: DoorOutcome
    screening: str
    ticket: Ticket | None = None
    code: str = ""
    slip: str = ""
    reason: str = ""
    channel: str = ""
    office: str = ""
    missing: tuple[str, ...] = ()
    kiosk: str = ""


class ScreeningModel:
    """The visitor in front, the advice on them, the hall and its devices."""

    def __init__(
        self,
        ask: Ask,
        inquire: Inquire,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
        server_now: Callable[[], datetime],
        kiosk: str = "",
        remember_kiosk: Callable[[str], None] = lambda _kiosk: None,
    ) -> None:
        """``kiosk`` printed last time; ``now_s`` is monotonic."""
        self.changed: Callable[[], None] = lambda: None
        # Told with the revision of the answer when the person has signed out.
        self.left: Callable[[int], None] = lambda _revision: None
        # Told once with each device that has just fallen.
        self.rings: Callable[[Sign], None] = lambda _sign: None
        self.hall = DoorHall(server_now)
        self.visitor = DoorVisitor(self.hall, inquire, new_id, server_now)
        self.visitor.changed = self._tell
        self.visitor.begun = self._begun
        self.outcome: Outcome | None = None
        self.kiosk, self._remember_kiosk = kiosk, remember_kiosk
        self.asker = Asker(ask, new_id=new_id, now_s=now_s)
        self.asker.changed = self._tell
        self.errands = DoorErrands(self.asker, inquire, new_id)
        self.errands.kiosk = self._print_at
        self.errands.turned = self._turned
        self.errands.left = lambda revision: self.left(revision)
        self.complaints = ComplaintDesk(ask, inquire, new_id=new_id, now_s=now_s)
        self.complaints.changed = self._tell
        self.help = HelpDesk(
            ask, new_id=new_id, now_s=now_s, server_now=server_now, say=self.asker.say
        )
        self.help.changed = self._tell
        self.visitor.can_ask = lambda: self.online and self.asker.fresh
        self._server_now, self.now_s = server_now, now_s

    # What comes in.

    def on_welcome(self, welcome: Welcome) -> None:
        """A connection is up; its snapshot follows."""
        self.hall.welcome = welcome
        self.asker.fresh = False
        self.asker.revision = -1
        self.visitor.advising.ask_again()
        self.complaints.on_welcome(welcome)
        self._tell()

    def on_snapshot(self, snapshot: ScreeningSnapshot) -> None:
        """Everything anew. One that is older than the last answer would undo it on the screen."""
        if snapshot.revision < self.asker.revision:
            return
        self.asker.revision = snapshot.revision
        self.asker.fresh = True
        before = self.hall.show(snapshot)
        for place, sign in enumerate(fallen(before, self.hall.signs)):
            if not place:  # the others are red beside it
                self.asker.say(Remark("no", f"health.fell_{sign.code}", {"device": sign.device}))
            self.rings(sign)
        self.complaints.counts = snapshot.complaints
        self.visitor.ask_advice()
        self._tell()

    def on_link(self, status: LinkStatus) -> None:
        """The link changed; what was typed stays."""
        self.asker.link = self.complaints.asker.link = status
        self.help.on_link(status)
        if status.state is not LinkState.ONLINE:
            self.asker.fresh = False
            self.visitor.advising.ask_again()
        self._tell()

    def forget(self) -> None:
        """Somebody got up: the next officer starts with nothing of theirs."""
        self.asker.forget()
        self.complaints.forget()
        self.help.forget()
        self.errands.forget()
        self.hall.forget()
        self._clear()
        self.outcome = None
        self._tell()

    def tick(self) -> None:
        """Time passed."""
        self.asker.tick()
        self.complaints.tick()
        self._tell()

    def start_over(self) -> None:
        """The next visitor: nothing of this one is left, not in memory either."""
        self._clear()
        self.outcome = None
        self.asker.remark = None
        self._tell()

    # How it goes on.

    def choose_kiosk(self, device: str) -> None:
        """Print there from now on; ``CODE``: the visitor takes the number with a code."""
        self.kiosk = device
        if device != CODE:
            self._remember_kiosk(device)
        self._tell()

    def next_kiosk(self) -> None:
        """The other kiosk."""
        names = self.hall.printers()
        if names:
            place = names.index(self.kiosk) + 1 if self.kiosk in names else 0
            self.choose_kiosk(names[place % len(names)])

    def hindrance(self, outcome: DoorOutcome) -> str:
        """Why an outcome cannot be recorded now, as a code of the texts; empty when it can."""
        why = self.asker.hindrance()
        if why:
            return why
        if outcome in NUMBERS:
            if self.visitor.draft.service is None:
                return "service-missing"
            if self.hall.closed_words(self.visitor.draft.service):
                return "service-closed"
            if self.visitor.standing_advice():
                return "advice-stands"
        if outcome == "return" and not self.visitor.draft.missing(self.visitor.needed()):
            return "nothing-missing"
        return ""

    def number(self) -> bool:
        """A number now, or a code for the kiosk."""
        return self.record("code" if self.chosen_printer() == CODE else "ticket")

    def record(
        self, outcome: DoorOutcome, *, reason: str = "", channel: str = "", office: str = ""
    ) -> bool:
        """Record how it goes on; False (with a remark) when it cannot be."""
        why = self.hindrance(outcome)
        if why and why != "on-the-way":
            self.asker.say(Remark("no", f"screening-why.{why}", self._facts()))
            return False
        needed = self.visitor.needed()
        ending = Ending(
            outcome,
            reason=reason or None,
            channel=channel or None,
            office=office or None,
            print_at=None if outcome in ("solved", "self-service") else self._print_at(),
        )
        draft, missing = self.visitor.draft, tuple(self.visitor.draft.missing(needed))

        def done(answer: Accepted) -> None:
            ticket = answer.ticket if isinstance(answer.ticket, Ticket) else None
            self.outcome = Outcome(
                outcome,
                answer.screening if isinstance(answer.screening, str) else "",
                ticket,
                code=answer.code if isinstance(answer.code, str) else "",
                slip=answer.slip if isinstance(answer.slip, str) else "",
                reason=reason,
                channel=channel,
                office=office,
                missing=missing,
                kiosk=ending.print_at or "",
            )
            self._clear()

        return self.asker.send(
            outcome, lambda command_id: screening_of(draft, command_id, needed, ending), done
        )

    # What the window shows.

    @property
    def online(self) -> bool:
        """Whether the server can be asked."""
        return self.asker.online

    @property
    def link(self) -> LinkStatus:
        """How the link is."""
        return self.asker.link

    def channels(self) -> list[ChannelInfo]:
        """Those of the matter, else all; who helps themselves stands apart."""
        codes = self.visitor.matter.channels if self.visitor.matter is not None else None
        found = [one for one in self.hall.door.channels if one.kind != "self-service"]
        return [one for one in found if codes is None or one.code in codes] or found

    def offices(self) -> list[OfficeInfo]:
        """Those of the matter and of the advice first, then all the others."""
        first = list(self.visitor.matter.offices) if self.visitor.matter is not None else []
        first += [one.office for one in self.visitor.advising.advice if one.office]
        place = {code: at for at, code in enumerate(dict.fromkeys(first))}
        return sorted(self.hall.door.offices, key=lambda one: place.get(one.code, len(place)))

    def chosen_printer(self) -> str:
        """The kiosk that prints, or CODE; the first that is there if none was chosen."""
        names = self.hall.printers()
        if self.kiosk in names or not names:
            return self.kiosk if self.kiosk in names else ""
        ready = [one.device for one in self.hall.kiosks() if one.connected]
        return ready[0] if ready else names[0]

    def server_now(self) -> datetime:
        """The server's clock."""
        return self._server_now()

    # Inside.

    def _tell(self) -> None:
        self.changed()

    def _facts(self) -> dict[str, object]:
        service = self.visitor.draft.service
        return {"service": service or ""}

    def _print_at(self) -> str | None:
        chosen = self.chosen_printer()
        if chosen == CODE:
            ready = [one.device for one in self.hall.kiosks() if one.connected]
            return ready[0] if ready else None
        return chosen or None

    def _turned(self, ticket: Ticket) -> None:
        """The ticket that is still shown was corrected, or is no more."""
        shown = self.outcome
        if shown is None or shown.ticket is None or shown.ticket.id != ticket.id:
            return
        self.outcome = None if ticket.state == "cancelled" else replace(shown, ticket=ticket)

    def _begun(self) -> None:
        """The first thing is put down of a visitor; the one before is done with."""
        if self.outcome is not None:
            self.outcome = None
            self._clear()

    def _clear(self) -> None:
        self.visitor.clear()
        self.asker.drop_unsure()
