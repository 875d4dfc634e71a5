"""The front door told a second time from the issue's words: screenings, codes, slips, complaints,
disturbances. Plain on purpose; no code of the domain is used."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.broken_law import demand

Body = Mapping[str, Any]

CODE = re.compile(r"[0-9]{6}")
OUTCOMES = {"ticket", "code", "solved", "channel", "self-service", "office", "return"}
CLOSED = {"solved", "withdrawn"}
# A step may be taken from these states (docs/protocol, UpdateComplaint).
STEPS = {
    "open": {"solved", "withdrawn", "escalated"},
    "answered": {"open"},
    "solved": {"open", "answered", "escalated"},
    "withdrawn": {"open", "answered", "escalated"},
    "escalated": {"open", "answered"},
}


@dataclass
class Received:
    """A visitor as the event told, and the number that came of it."""

    body: Body
    command: bytes | None
    ticket: str | None = None


@dataclass
class DoorDay:
    """A day at the door."""

    screenings: dict[str, Received] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    copies: dict[str, int] = field(default_factory=dict)
    slips: set[str] = field(default_factory=set)
    records: set[str] = field(default_factory=set)
    guests: int = 0
    issued_ms: dict[str | None, int] = field(default_factory=dict)
    # A screening with the outcome ticket owes its number in the same commit.
    owed: tuple[str, bytes | None] | None = None


class FrontDoor:
    """Hears what happened at the door; complaints live longer than a day."""

    def __init__(self) -> None:
        self.day = DoorDay()
        self.complaints: dict[str, str] = {}
        self.disturbed: dict[str, str | None] = {}
        self._earlier: set[str] = set()

    def open_day(self) -> None:
        """Codes, slips and disturbances end with the day."""
        demand(self.day.owed is None, "I1", "no number for", self.day.owed)
        self._earlier |= self.day.records
        self.day = DoorDay()
        self.disturbed.clear()

    def before(self, kind: str, command: bytes | None, body: Body) -> None:
        """Whatever comes next: a number that was promised must come first."""
        if self.day.owed is None:
            return
        paid = kind == "TicketIssued" and body.get("screening") == self.day.owed[0]
        demand(paid and command == self.day.owed[1], "I1", "no number for", self.day.owed, body)

    # Screenings.

    def hear_VisitorScreened(self, at_ms: int, body: Body, command: bytes | None) -> None:
        day, one = self.day, body["screening"]
        demand(one not in day.screenings, "I2", "screening id twice", one)
        demand(body["outcome"] in OUTCOMES, "I3", "outcome", body)
        demand(body["started_at_ms"] <= at_ms, "I11", "a screening ends before it begins", body)
        both = set(body.get("papers", ())) & set(body.get("missing", ()))
        demand(not both, "I11", "papers that are there and missing", both)
        day.screenings[one] = Received(body, command)
        if body.get("identified") or body.get("noted"):
            day.records.add(one)
        code = body.get("code")
        demand((code is not None) == (body["outcome"] == "code"), "I3", "a code for", body)
        if code is not None:
            demand(CODE.fullmatch(code) is not None, "F50", "a code like", code)
            demand(code not in day.codes, "I2", "the code", code, "was given twice")
            demand(body["code_until_ms"] > at_ms, "I3", "a code that is over at once", body)
            day.codes[code] = one
        if body["outcome"] == "ticket":
            day.owed = (one, command)

    def issued(self, at_ms: int, body: Body, actor: str) -> None:
        """A number that names a screening: once, and by a code only in its time."""
        self.day.issued_ms[body["ticket"]] = at_ms
        one = body.get("screening")
        if one is None:
            return
        received = self.day.screenings.get(one)
        demand(received is not None, "I3", "a number of an unknown screening", body)
        assert received is not None
        demand(received.ticket is None, "I2", "screening", one, "gives a second number", body)
        received.ticket = body["ticket"]
        told = received.body
        if actor.startswith("kiosk-"):
            in_time = told["outcome"] == "code" and at_ms < told["code_until_ms"]
            demand(in_time, "I3", "a kiosk's number of", told, "at", at_ms)
        if actor.startswith("kiosk-") or told["outcome"] == "ticket":
            kept = ("priority", "none"), ("weight", 1), ("service", None)
            for name, default in kept:
                same = body.get(name, default) == told.get(name, default)
                demand(same, "I11", name, "of the number is not the officer's", body, told)
        self.day.owed = None

    def hear_GuestRecorded(self, at_ms: int, body: Body, command: bytes | None) -> None:
        demand(body["guest"] not in self.day.records, "I2", "guest id twice", body)
        self.day.records.add(body["guest"])
        self.day.guests += 1

    def hear_RecordRevealed(self, at_ms: int, body: Body, command: bytes | None) -> None:
        known = self.day.records | self._earlier | set(self.complaints)
        demand(body["record"] in known, "I12", "revealed what was never kept", body)

    def hear_PersonalDataErased(self, at_ms: int, body: Body, command: bytes | None) -> None:
        demand(all(many > 0 for many in body["counts"].values()), "I11", "erased nothing", body)

    # Slips.

    def hear_SlipRequested(self, at_ms: int, body: Body, command: bytes | None) -> None:
        day, subject = self.day, body["subject"]
        known = subject in day.screenings or subject in self.complaints
        demand(known, "I3", "a slip about nothing", body)
        demand(body["job"] not in day.slips, "I9", "slip job twice", body)
        copy, before = body.get("copy", 1), day.copies.get(subject, 0)
        # Of what was printed on an earlier day nobody knows, so it counts as printed.
        demand(copy == before + 1 or (before == 0 and copy == 2), "I9", "copy", copy, "of", body)
        day.slips.add(body["job"])
        day.copies[subject] = copy

    def hear_SlipRecorded(self, at_ms: int, body: Body, command: bytes | None) -> None:
        demand(body["job"] in self.day.slips, "I9", "no such slip", body)

    # Complaints.

    def hear_ComplaintFiled(self, at_ms: int, body: Body, command: bytes | None) -> None:
        one = body["complaint"]
        demand(one not in self.complaints, "I2", "complaint id twice", one)
        # Of somebody who came to complain the times run from the number.
        since_ms = self.day.issued_ms.get(body.get("ticket"), at_ms)
        in_order = since_ms < body["answer_due_at_ms"] and since_ms < body["due_at_ms"]
        demand(in_order, "I11", "a complaint that is due before it was filed", body)
        self.complaints[one] = "open"

    def hear_ComplaintUpdated(self, at_ms: int, body: Body, command: bytes | None) -> None:
        before, now = self.complaints.get(body["complaint"]), body["state"]
        demand(before is not None, "I3", "a step of an unknown complaint", body)
        lawful = now == before or before in STEPS[now]
        demand(lawful, "I3", "a complaint that was", before, "becomes", now)
        self.complaints[body["complaint"]] = now

    # Disturbances.

    def hear_DisturbanceDeclared(self, at_ms: int, body: Body, command: bytes | None) -> None:
        system, staff = body["system"], body.get("staff")
        again = system in self.disturbed and self.disturbed[system] is not None
        demand(not again, "I3", "declared again while it lasts", body)
        by_burst = staff is None and bool(self.disturbed)
        demand(not by_burst, "I3", "a burst says what is known", body)
        self.disturbed[system] = staff

    def hear_DisturbanceEnded(self, at_ms: int, body: Body, command: bytes | None) -> None:
        there = body["system"] in self.disturbed
        demand(there, "I3", "ended what did not last", body)
        self.disturbed.pop(body["system"], None)
