"""What the officer at the door does beside receiving somebody: papers, corrections, guests."""

from collections.abc import Callable
from uuid import UUID

from counter.asker import Asker
from counter.remarks import Remark
from protocol.messages import (
    Accepted,
    Answer,
    CancelTicket,
    CorrectTicket,
    DeclareDisturbance,
    DoorReport,
    EndDisturbance,
    GetDoorReport,
    PrintSlip,
    Priority,
    RecentScreening,
    RecordGuest,
    Rejected,
    ReprintTicket,
    SignOut,
    Ticket,
)
from protocol.plain_text import plain_line
from protocol.session import Inquire

NAME_MOST = 120
GUEST_NOTE_MOST = 200


class DoorErrands:
    """Each is one command; what came of it is a line for the person."""

    def __init__(self, asker: Asker, inquire: Inquire, new_id: Callable[[], UUID]) -> None:
        """``asker`` is shared with the desk: one command on its way at a time."""
        self.kiosk: Callable[[], str | None] = lambda: None
        self.left: Callable[[int], None] = lambda _revision: None
        # Told of a ticket that was put right or cancelled.
        self.turned: Callable[[Ticket], None] = lambda _ticket: None
        self.report: DoorReport | None = None
        self._asker, self._inquire, self._new_id = asker, inquire, new_id

    def forget(self) -> None:
        """Somebody got up."""
        self.report = None

    def reprint(self, ticket: str, number: str) -> bool:
        """The ticket's paper once more, at the kiosk that was chosen."""
        at = self.kiosk()
        return self._asker.send(
            "reprint",
            lambda key: ReprintTicket(id=key, ticket=ticket, print_at=at),
            self._good("reprint", number=number, kiosk=at or ""),
        )

    def reprint_slip(self, subject: str) -> bool:
        """The slip of a screening or a complaint once more."""
        at = self.kiosk()
        if at is None:
            self._asker.say(Remark("no", "screening-why.no-kiosk"))
            return False
        return self._asker.send(
            "slip",
            lambda key: PrintSlip(id=key, subject=subject, print_at=at),
            self._good("slip", kiosk=at),
        )

    def reprint_of(self, recent: RecentScreening) -> bool:
        """Whatever paper a visitor got."""
        if recent.ticket is not None:
            return self.reprint(recent.ticket, recent.number or "")
        return self.reprint_slip(recent.screening)

    def correct(
        self, ticket: str, number: str, service: str | None, priority: Priority | None
    ) -> bool:
        """Put a ticket's service or priority right; its number and place of arrival stay."""
        return self._asker.send(
            "correct",
            lambda key: CorrectTicket(id=key, ticket=ticket, service=service, priority=priority),
            self._good("correct", number=number),
        )

    def cancel(self, ticket: str, number: str, reason: str) -> bool:
        """The visitor does not want to be served any more."""
        return self._asker.send(
            "cancel",
            lambda key: CancelTicket(id=key, ticket=ticket, reason=reason),
            self._good("cancel", number=number),
        )

    def enter_guest(self, name: str, purpose: str, consent: bool, note: str = "") -> bool:
        """Write somebody into the guest book; without consent nothing is asked."""
        who = plain_line(name, NAME_MOST)
        why = "" if who else "guest-name"
        why = why or ("" if purpose else "guest-purpose")
        why = why or ("" if consent else "guest-consent")
        if why:
            self._asker.say(Remark("no", f"screening-why.{why}"))
            return False
        about = plain_line(note, GUEST_NOTE_MOST)
        return self._asker.send(
            "guest",
            lambda key: RecordGuest(id=key, name=who, purpose=purpose, consent=True, note=about),
            self._good("guest"),
        )

    def declare(self, system: str) -> bool:
        """A system outside does not work: all screens say so."""
        return self._asker.send(
            "declare",
            lambda key: DeclareDisturbance(id=key, system=system),
            self._good("declare"),
        )

    def end(self, system: str) -> bool:
        """It works again."""
        return self._asker.send(
            "end", lambda key: EndDisturbance(id=key, system=system), self._good("end")
        )

    def sign_out(self) -> bool:
        """The officer gets up."""
        return self._asker.send(
            "sign-out", lambda key: SignOut(id=key), lambda answer: self.left(answer.revision)
        )

    def ask_report(self) -> None:
        """The door's day in figures."""

        def on_found(answer: Answer | Rejected) -> None:
            if isinstance(answer, Answer) and isinstance(answer.door, DoorReport):
                self.report = answer.door
                self._asker.changed()

        if self._asker.online:
            self._inquire(GetDoorReport(id=self._new_id()), on_found)

    def _good(self, name: str, **facts: object) -> Callable[[Accepted], None]:
        def done(answer: Accepted) -> None:
            number = answer.ticket.number if isinstance(answer.ticket, Ticket) else ""
            told = facts | ({"number": number} if number else {})
            if name in ("correct", "cancel") and isinstance(answer.ticket, Ticket):
                self.turned(answer.ticket)
            self._asker.say(Remark("good", f"door-done.{name}", told))

        return done
