"""A manager's browser at a simulated branch: it signs in with two steps, and speaks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from protocol import messages as m

STEP_S = 30
SECRET = "A" * 32
_CODES = 1_000_000


class SimulatedSteps:
    """Codes that anybody can reckon from the time: quick, and for the rules as good as any."""

    def step_of(self, secret: str, code: str, now_ms: int) -> int | None:
        """The time step of a code, at most one away from now."""
        now = now_ms // 1000 // STEP_S
        return next((one for one in (now - 1, now, now + 1) if code_of(one) == code), None)


def code_of(step: int) -> str:
    """What a phone shows in a time step."""
    return f"{step % _CODES:06d}"


@dataclass
class Browser:
    """What it has: the session that it was given last, if any."""

    session: str | None = None

    def hear(self, answer: m.Accepted | m.Rejected) -> None:
        """Somebody was answered; a session is told to nobody else."""
        if isinstance(answer, m.Accepted) and isinstance(answer.session, str):
            self.session = answer.session

    def word(
        self,
        staff: str,
        pin: str,
        ticket: str,
        now: datetime,
        new_id: Callable[[], UUID],
        random: Random,
    ) -> m.AnyCommand:
        """Sign in, out, or say something; ``ticket`` may well wait."""
        if self.session is None or random.random() < 0.2:
            step = int(now.timestamp()) // STEP_S + random.choice((0, 1, 1))
            code = code_of(step)
            if random.random() < 0.5:
                return m.SetSecondStep(
                    id=new_id(), staff=staff, pin=pin, secret=SECRET, code=code, where="sim"
                )
            return m.OpenSession(id=new_id(), staff=staff, pin=pin, code=code)
        dice = random.random()
        if dice < 0.3:
            return m.EndSession(id=new_id(), on_behalf_of=self.session)
        if dice < 0.6:
            text = random.choice(({"id": "Selamat datang"}, {}))
            return m.PostText(id=new_id(), text=text, on_behalf_of=self.session)
        return m.CancelTicket(
            id=new_id(), ticket=ticket, reason="mistake", on_behalf_of=self.session
        )
