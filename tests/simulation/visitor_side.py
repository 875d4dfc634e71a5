"""Calls for a person, identities, channels and the TV's line, told a second time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.broken_law import demand

Body = Mapping[str, Any]


@dataclass
class VisitorSide:
    """Hears them of one day."""

    calls: dict[str, str] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)
    identities: dict[str, str] = field(default_factory=dict)

    def open_day(self) -> None:
        """Calls end with the day."""
        self.calls.clear()
        self.answered.clear()
        self.identities.clear()

    def hear_OfficerCalled(self, body: Body) -> None:
        known = self.calls.setdefault(body["call"], body["device"])
        demand(known == body["device"], "I2", "call", body["call"], "of two devices", body)

    def hear_CallAnswered(self, body: Body) -> None:
        demand(body["call"] in self.calls, "I3", "answered what nobody called", body)
        again = body["call"] in self.answered
        demand(not again, "I3", "two people go to", body)
        self.answered.add(body["call"])

    def hear_IdentityRecorded(self, body: Body) -> None:
        record = self.identities.setdefault(body["ticket"], body["record"])
        demand(record == body["record"], "I12", "two records of one ticket", body)
        demand("identifier" not in body, "I12", "an identity in an event", body)

    def hear_ChannelChosen(self, body: Body) -> None:
        demand(body["channel"], "I3", "home without a channel", body)

    def hear_TextPosted(self, body: Body) -> None:
        demand(body["staff"], "I3", "a text of nobody", body)
