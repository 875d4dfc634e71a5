"""The ranges that people were shown: how they are rounded, and whether they were kept."""

from typing import Literal, NamedTuple

STEP_S = 300
LONG_STEP_S = 600
HOUR_S = 3600

Outcome = Literal["inside", "early", "late"]


def rounded_range(from_s: float, to_s: float) -> tuple[int, int]:
    """The range as people are shown it, in seconds: whole steps, rounded outwards.

    Steps of 5 minutes, beyond an hour of 10. The beginning is rounded down and the end up, so
    that rounding never takes back a promise; the least range is one step ("0-5 minutes"). A
    rounded range stays as it is when it is rounded again, so what is recorded is what was shown.
    """
    first = _step_below(max(0.0, from_s))
    last = max(_step_above(max(from_s, to_s, 0.0)), first + _step_at(first))
    return first, last


def _step_at(seconds: float) -> int:
    return STEP_S if seconds < HOUR_S else LONG_STEP_S


def _step_below(seconds: float) -> int:
    step = _step_at(seconds)
    return int(seconds // step) * step


def _step_above(seconds: float) -> int:
    step = STEP_S if seconds <= HOUR_S else LONG_STEP_S
    return -int(-seconds // step) * step


class Margins(NamedTuple):
    """How many standard deviations a range reaches to either side of the expected call."""

    early: float
    late: float


TENTH_TO_NINETIETH = Margins(1.2816, 1.2816)
"""Where every branch begins: the 10th and the 90th percentile."""


class Promise(NamedTuple):
    """What a visitor was shown: the rounded range, and the unrounded expectation behind it."""

    from_s: int
    to_s: int
    expected_s: float


SHORT_S, LONG_S = 300.0, 1800.0
"""Waits below the first and above the second have margins of their own; between, a blend."""


class Accuracy:
    """Keeps count of promises, and widens or narrows the next ones by how the last were kept.

    Each end of a range is held to a share of misses of its own (adaptive conformal prediction):
    a miss widens that end by ``step * (1 - share)``, anything else narrows it by
    ``step * share``, within bounds. So late misses settle at ``late_share`` whatever the model
    behind gets wrong. Short and long waits learn apart: the many short ones would else narrow
    the long ones. Nothing here is left to chance: the same promises give the same margins.
    """

    least, most = 0.1, 3.0

    def __init__(
        self,
        early_share: float = 0.15,
        late_share: float = 0.07,
        step: float = 0.05,
        short: Margins = TENTH_TO_NINETIETH,
        long: Margins = TENTH_TO_NINETIETH,
    ) -> None:
        self._shares = Margins(early_share, late_share)
        self._step = step
        self.short = short
        self.long = long
        self.counts: dict[Outcome, int] = {"inside": 0, "early": 0, "late": 0}

    def margins(self, expected_s: float) -> tuple[float, float]:
        """How far the range of this expected wait reaches now, early and late."""
        if expected_s <= SHORT_S:
            return self.short
        if expected_s >= LONG_S:
            return self.long
        share = _long_share(expected_s)
        early, late = self.short
        return early + share * (self.long.early - early), late + share * (self.long.late - late)

    def called(self, promise: Promise, waited_s: float) -> Outcome:
        """Take in a call: whether it came inside the range that was shown, early or late."""
        if waited_s < promise.from_s:
            outcome: Outcome = "early"
        elif waited_s > promise.to_s:
            outcome = "late"
        else:
            outcome = "inside"
        self.counts[outcome] += 1
        self._adapt(promise, outcome)
        return outcome

    def left(self, promise: Promise, waited_s: float) -> Outcome | None:
        """Take in a visitor who left or was never called: late if the range was over, else None."""
        return self.called(promise, waited_s) if waited_s > promise.to_s else None

    @property
    def inside_share(self) -> float | None:
        """The share of calls inside their range, or None before the first."""
        total = sum(self.counts.values())
        return self.counts["inside"] / total if total else None

    def new_day(self) -> None:
        """Count anew; what was learned about margins stays."""
        self.counts = {"inside": 0, "early": 0, "late": 0}

    def _adapt(self, promise: Promise, outcome: Outcome) -> None:
        share = _long_share(promise.expected_s)
        self.short = self._moved(self.short, promise, outcome, 1.0 - share)
        self.long = self._moved(self.long, promise, outcome, share)

    def _moved(self, margins: Margins, promise: Promise, outcome: Outcome, say: float) -> Margins:
        early = self._shifted(margins.early, outcome == "early", self._shares.early, say)
        late = self._shifted(margins.late, outcome == "late", self._shares.late, say)
        # A range from 0 cannot be early: it says nothing about the margin on that side.
        return Margins(early if promise.from_s > 0 else margins.early, late)

    def _shifted(self, margin: float, missed: bool, share: float, say: float) -> float:
        change = self._step * say * ((1.0 if missed else 0.0) - share)
        return min(self.most, max(self.least, margin + change))


def _long_share(expected_s: float) -> float:
    return min(1.0, max(0.0, (expected_s - SHORT_S) / (LONG_S - SHORT_S)))
