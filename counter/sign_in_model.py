"""Sitting down at a counter: who, with which PIN, at which number; without a window."""

from collections.abc import Callable
from uuid import UUID

from counter.remarks import Remark
from protocol.messages import Accepted, Rejected, SignIn, Welcome
from protocol.session import Ask, LinkState, LinkStatus

FIELDS = ("staff", "pin", "counter")


class SignInModel:
    """The three fields, one sign-in on its way at a time, and why it was refused."""

    def __init__(
        self,
        ask: Ask,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
        counter: int | None = None,
        remember_counter: Callable[[int], None] = lambda _number: None,
        at_counter: bool = True,
    ) -> None:
        """``counter`` is the number of last time, None if there was none; the door has none."""
        self.changed: Callable[[], None] = lambda: None
        # Told with the revision of the answer when somebody has signed in.
        self.signed_in: Callable[[int], None] = lambda _revision: None
        self.at_counter = at_counter
        self.counter = counter if at_counter else None
        self.counters: list[int] = []
        self.link = LinkStatus(LinkState.CONNECTING, now_s())
        self.remark: Remark | None = None
        # The field that the person should look at next, after a refusal.
        self.wrong_field = ""
        self.asking = False
        self._ask, self._new_id, self._now_s = ask, new_id, now_s
        self._remember_counter = remember_counter
        self._welcomed = False
        # A lock belongs to a name: another person at the same desk is not made to wait.
        self._locked_until_s: dict[str, float] = {}

    def on_welcome(self, welcome: Welcome) -> None:
        """Learn which counters there are."""
        self._welcomed = True
        if not self.at_counter:
            self.changed()
            return
        self.counters = sorted(counter.number for counter in welcome.counters)
        if self.counter not in self.counters:
            self.counter = self.counters[0] if len(self.counters) == 1 else None
        self.changed()

    def on_link(self, status: LinkStatus) -> None:
        """The link changed."""
        self.link = status
        self.changed()

    def on_signed_out(self, reason: str, message: str) -> None:
        """Say why the seat was left, when somebody else decided it."""
        self.remark = Remark("calm", words=message) if message else _left(reason)
        self.wrong_field = ""
        self.changed()

    def tick(self) -> None:
        """Time passed: the seconds of a lock go down."""
        if self._locked_until_s:
            self.changed()

    def choose_counter(self, number: int | None) -> None:
        """Sit at this counter."""
        self.counter = number
        self.changed()

    def locked_s(self, staff: str) -> int:
        """Seconds until this person may try again, rounded up."""
        left_s = self._locked_until_s.get(staff.strip().casefold(), 0.0) - self._now_s()
        return max(0, -int(-left_s // 1))

    def hindrance(self, staff: str, pin: str) -> str:
        """Why signing in cannot be asked for now, as a code of the texts; empty when it can."""
        if self.link.state is not LinkState.ONLINE or not self._welcomed:
            return "link-lost"
        if self.asking:
            return "on-the-way"
        if self.locked_s(staff):
            return "locked-out"
        if not staff.strip():
            return "staff-missing"
        if not pin:
            return "pin-missing"
        return "counter-missing" if self.at_counter and self.counter is None else ""

    def sign_in(self, staff: str, pin: str) -> bool:
        """Ask for the seat; False (with a remark) when it cannot be asked for."""
        why = self.hindrance(staff, pin)
        if why == "on-the-way":
            return False
        self.wrong_field = ""
        if why:
            field, _, what = why.partition("-")
            self.wrong_field = field if what == "missing" else ""
            self._say(Remark("no", f"why.{why}", {"seconds": self.locked_s(staff)}))
            return False
        self.asking = True
        self.remark = None
        command = SignIn(id=self._new_id(), staff=staff.strip(), pin=pin, counter=self.counter)
        self._ask(command, lambda answer: self._answered(command, answer))
        self.changed()
        return True

    def _answered(self, command: SignIn, answer: Accepted | Rejected) -> None:
        self.asking = False
        if isinstance(answer, Accepted):
            self.remark = None
            self._locked_until_s.clear()
            if command.counter is not None:
                self._remember_counter(command.counter)
            self.changed()
            self.signed_in(answer.revision)
            return
        if answer.reason in ("locked-out", "rate-limited") and isinstance(
            answer.retry_after_s, float | int
        ):
            until_s = self._now_s() + answer.retry_after_s
            self._locked_until_s[command.staff.casefold()] = until_s
        self.wrong_field = {"wrong-pin": "pin", "locked-out": "pin", "counter-busy": "counter"}.get(
            answer.reason, ""
        )
        self._say(_refusal(command, answer))

    def _say(self, remark: Remark) -> None:
        self.remark = remark
        self.changed()


def _refusal(command: SignIn, answer: Rejected) -> Remark:
    """Our own words where the next step can be said, else the server's."""
    if answer.reason in ("wrong-pin", "locked-out", "counter-busy"):
        return Remark("no", f"sign-in.{answer.reason}", {"counter": command.counter or ""})
    if answer.message:
        return Remark("no", words=answer.message)
    return Remark("no", "refused.no-answer", {"number": ""})


def _left(reason: str) -> Remark | None:
    """Words for a reason of which the server said none; nothing for one's own wish."""
    if reason == "asked":
        return None
    known = ("elsewhere", "replaced", "idle", "day-closed")
    return Remark("calm", f"signed-out.{reason if reason in known else 'other'}")
