"""How fast each device may speak (F45): a bucket for commands, a slower one for tickets."""

from dataclasses import dataclass, field

from protocol.messages import AnyCommand, IssueTicket, OpenSession, SetSecondStep
from protocol.roles import DeviceRole
from server.commands.handler import Asker
from server.config import ServerSettings
from server.domain.errors import QueueRuleError

# A retry of an answered command is never refused, but ten times the pace is no person's.
RETRY_FACTOR = 10


@dataclass(slots=True)
class TokenBucket:
    """Lets ``burst`` through at once and ``per_s`` in the long run; 0 lets everything through."""

    per_s: float
    burst: float
    at_s: float
    level: float = field(init=False)

    def __post_init__(self) -> None:
        self.level = self.burst

    def take(self, now_s: float) -> float:
        """0 when one may pass now, else the seconds to wait."""
        if not self.per_s:
            return 0.0
        self.level = min(self.burst, self.level + (now_s - self.at_s) * self.per_s)
        self.at_s = now_s
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.per_s


class Pace:
    """Keeps every device to its pace; only devices of the branch have buckets here."""

    def __init__(self, limits: ServerSettings) -> None:
        self._limits = limits
        self._commands: dict[str, TokenBucket] = {}
        self._retries: dict[str, TokenBucket] = {}
        self._tickets: dict[str, TokenBucket] = {}

    def demand(self, command: AnyCommand, asker: Asker, now_s: float) -> None:
        """Let a command pass, or refuse it as rate-limited."""
        limits = self._limits
        if limits.limits_lifted:
            return
        bucket = self._commands.setdefault(
            _speaker(command, asker),
            TokenBucket(limits.commands_per_s, limits.commands_burst, now_s),
        )
        wait_s = bucket.take(now_s)
        if not wait_s and isinstance(command, IssueTicket) and asker.role is DeviceRole.KIOSK:
            pace = self._tickets.setdefault(
                asker.device, TokenBucket(1 / limits.ticket_pace_s, limits.ticket_burst, now_s)
            )
            wait_s = pace.take(now_s)
        if wait_s:
            raise QueueRuleError("rate-limited", retry_after_s=round(wait_s, 3))

    def of_retry(self, device: str, now_s: float) -> float:
        """How many seconds a retry of an answered command waits before it is looked at."""
        limits = self._limits
        if limits.limits_lifted:
            return 0.0
        bucket = self._retries.setdefault(
            device,
            TokenBucket(
                RETRY_FACTOR * limits.commands_per_s, RETRY_FACTOR * limits.commands_burst, now_s
            ),
        )
        return bucket.take(now_s)


def _speaker(command: AnyCommand, asker: Asker) -> str:
    """Whose pace a word counts against: the device's. The pages speak for many people, so that
    whoever floods them with guesses (F55) must not silence the managers, nor keep them out."""
    if asker.role is DeviceRole.WEB:
        if getattr(command, "on_behalf_of", None) is not None:
            return f"{asker.device} for managers"
        if isinstance(command, OpenSession | SetSecondStep):
            return f"{asker.device} signing in"
    return asker.device
