"""What people do next, given what they see: habits without clock, link or program.

The same frontliner sits at a simulated counter and at a real one; only the hands differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

CALLS_LEAST = 2
"""A visitor is called so often before anybody gives them up."""


@dataclass(frozen=True, slots=True)
class CounterSight:
    """What a frontliner sees: page, counter, own ticket and the line."""

    signed_in: bool
    counter_state: str = ""
    ticket_state: str = ""
    waiting: int = 0
    calls: int = CALLS_LEAST
    """How often the visitor was called; who cannot see it takes it for often enough."""


@dataclass(frozen=True, slots=True)
class Move:
    """What somebody does: a name of ``counter.actions``, or one that needs no model yet.

    ``after_s`` is how long the person waits before doing it, at ordinary speed.
    """

    name: str
    after_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Habits:
    """How a frontliner works: chances per decision."""

    pauses: float = 0.01
    closes: float = 0.002
    recalls: float = 0.12
    parks: float = 0.03
    transfers: float = 0.03
    cancels: float = 0.01
    # Goes on to the next without finishing first (one key), or without starting.
    one_key: float = 0.5
    forgets_start: float = 0.05


class Frontliner:
    """A person at a counter, who serves one visitor after the other."""

    def __init__(self, staff: str, pin: str, counter: int, habits: Habits | None = None) -> None:
        self.staff = staff
        self.pin = pin
        self.counter = counter
        self.habits = habits or Habits()

    def next_move(
        self,
        sight: CounterSight,
        random: Random,
        *,
        shows_up: bool = True,
        walk_s: float = 25.0,
        service_s: float = 480.0,
    ) -> Move:
        """What to do now; the last three describe the visitor who was called, if there is one."""
        if not sight.signed_in:
            return Move("sign-in", 5.0)
        if sight.counter_state != "open":
            return Move("open", 600.0 if sight.counter_state == "paused" else 3.0)
        if sight.ticket_state == "called":
            return self._await_visitor(sight, random, shows_up, walk_s)
        if sight.ticket_state == "serving":
            return self._serve(random, service_s)
        if random.random() < self.habits.pauses:
            return Move("pause", 2.0)
        if random.random() < self.habits.closes:
            return Move("close", 2.0)
        # An empty line is looked at again; a full one is begun at once.
        return Move("next", 3.0 if sight.waiting else 20.0)

    def _await_visitor(
        self, sight: CounterSight, random: Random, shows_up: bool, walk_s: float
    ) -> Move:
        habits = self.habits
        if random.random() < habits.cancels:
            return Move("cancel", walk_s)
        if not shows_up:
            again = random.random() < 0.6 or sight.calls < CALLS_LEAST
            return Move("recall", 30.0) if again else Move("no-show", 30.0)
        if random.random() < habits.recalls:
            return Move("recall", 15.0)
        return Move("finish" if random.random() < habits.forgets_start else "start", walk_s)

    def _serve(self, random: Random, service_s: float) -> Move:
        habits, dice = self.habits, random.random()
        if dice < habits.parks:
            return Move("park", service_s / 3)
        if dice < habits.parks + habits.transfers:
            return Move("transfer", service_s / 2)
        return Move("next" if random.random() < habits.one_key else "finish", service_s)


WILD_MOVES: Sequence[str] = (
    *("next", "recall", "start", "finish", "no-show", "cancel", "open", "pause", "close"),
    *("sign-out", "call", "park", "resume", "transfer", "continue", "requeue", "issue", "undo"),
    "wild",
)
"""What impatient or mistaken hands try at a counter, lawful or not."""


def hasty_move(person: Frontliner, sight: CounterSight, random: Random) -> str:
    """A move of somebody in a hurry: mostly what the habit says, now and then anything."""
    if random.random() < 0.2:
        return random.choice(WILD_MOVES)
    if sight.ticket_state == "serving" and random.random() < 0.05:
        return "continue"
    is_free = sight.signed_in and sight.counter_state == "open" and not sight.ticket_state
    if is_free and random.random() < 0.08:
        return random.choice(("call", "resume", "requeue"))
    return person.next_move(sight, random, shows_up=random.random() < 0.85).name
