"""Who waits without paper: have it printed, here or at another kiosk, or take the number away."""

from collections.abc import Callable
from uuid import UUID

from counter.asker import Asker
from counter.remarks import Remark
from protocol.messages import (
    Accepted,
    CancelTicket,
    PaperlessTicket,
    QueueSnapshot,
    Rejected,
    ReprintTicket,
)
from protocol.session import Ask

WHERE_IT_WAS = ""
"""Instead of a kiosk: the one at which the number was taken."""


class PaperDesk:
    """The list, the kiosk that is chosen, and one command on its way."""

    def __init__(
        self,
        ask: Ask,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
        say: Callable[[Remark], None],
    ) -> None:
        """``say`` tells the person what came of it."""
        self.changed: Callable[[], None] = lambda: None
        self.waiting: list[PaperlessTicket] = []
        self.total = 0
        self.kiosks: list[str] = []
        self.kiosk = WHERE_IT_WAS
        self.asker = Asker(ask, new_id=new_id, now_s=now_s, say=say)
        self.asker.changed = lambda: self.changed()

    def on_snapshot(self, snapshot: QueueSnapshot) -> None:
        """Who waits so now, and which kiosks can print."""
        self.waiting, self.total = snapshot.without_paper, snapshot.without_paper_total
        self.kiosks = snapshot.kiosks
        if self.kiosk not in self.kiosks:
            self.kiosk = WHERE_IT_WAS
        self.asker.fresh = True

    def forget(self) -> None:
        """Somebody got up."""
        self.asker.forget()
        self.waiting, self.total, self.kiosk = [], 0, WHERE_IT_WAS

    def one(self, ticket: str) -> PaperlessTicket | None:
        """One of them."""
        return next((one for one in self.waiting if one.ticket == ticket), None)

    def next_kiosk(self) -> None:
        """Another kiosk, or again the one at which each number was taken."""
        names = [WHERE_IT_WAS, *self.kiosks]
        self.kiosk = names[(names.index(self.kiosk) + 1) % len(names)]
        self.changed()

    def reprint(self, ticket: str) -> bool:
        """Ask for the paper; False (with a remark) when that cannot be."""
        found = self.one(ticket)
        if found is None:
            return False
        at = self.kiosk or None
        return self.asker.send(
            "reprint",
            lambda key: ReprintTicket(id=key, ticket=ticket, print_at=at),
            self._good("reprint", found, kiosk=self.kiosk),
            self._refused,
        )

    def void(self, ticket: str, reason: str) -> bool:
        """Nobody has this number any more; False (with a remark) when that cannot be."""
        found = self.one(ticket)
        if found is None:
            return False
        return self.asker.send(
            "void",
            lambda key: CancelTicket(id=key, ticket=ticket, reason=reason),
            self._good("void", found),
        )

    def _good(
        self, name: str, found: PaperlessTicket, kiosk: str = ""
    ) -> Callable[[Accepted], None]:
        def done(_answer: Accepted) -> None:
            # The snapshot that follows says the same.
            self.waiting = [one for one in self.waiting if one.ticket != found.ticket]
            self.total = max(0, self.total - 1)
            code = f"without-paper.done-{name}" + ("-at" if kiosk else "")
            self.asker.say(Remark("good", code, {"number": found.number, "device": kiosk}))

        return done

    def _refused(self, answer: Rejected) -> bool:
        if answer.reason != "missing-field":
            return False
        # Nobody took this number at a kiosk, so one must be named.
        self.asker.say(Remark("no", "without-paper.no-kiosk"))
        return True
