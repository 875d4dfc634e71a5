"""Managers' browsers, told a second time: who came in, and who went out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.broken_law import demand

Body = Mapping[str, Any]

HASH = re.compile(r"[0-9a-f]{64}")


@dataclass
class Browsers:
    """Hears them of one day; a second step holds for longer."""

    inside: dict[str, str] = field(default_factory=dict)
    ever: set[str] = field(default_factory=set)
    steps: set[str] = field(default_factory=set)

    def open_day(self) -> None:
        """With the next day everybody is out."""
        self.inside.clear()

    def hear_ManagerSignedIn(self, body: Body) -> None:
        session = body["session"]
        demand(HASH.fullmatch(session) is not None, "I12", "a session's secret is told", body)
        demand(session not in self.ever, "I2", "a session twice", body)
        demand(body["role"] in ("manager", "admin"), "F47", "a browser of", body)
        demand(body["staff"] in self.steps, "F47", "without a second step", body)
        self.ever.add(session)
        self.inside[session] = body["staff"]

    def hear_ManagerSignedOut(self, body: Body) -> None:
        known = self.inside.pop(body["session"], None)
        demand(known == body["staff"], "I3", "signed out who was not in", body)

    def hear_SecondStepSet(self, body: Body) -> None:
        again = body["staff"] in self.steps
        demand(not again, "F47", "a second step over another", body)
        demand("secret" not in body, "I12", "a second step is told", body)
        self.steps.add(body["staff"])
