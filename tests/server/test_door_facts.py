"""The door's facts of a day: they add up, and a recount of the events says the same (law I11)."""

import json
import random
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db.door_facts import DoorFacts
from db.engine import sqlite_url
from protocol import messages as m
from server.administration.door_recount import differences, recount_door
from server.administration.summary import as_json, as_table, read_summary
from server.administration.verify import verify
from server.domain.events import ChannelChosen, GuestRecorded, Recorded, VisitorScreened
from server.domain.issuing import NewTicket, decide_issue
from server.store import Store
from tests.server.lane_story import BUDI, DOOR, KIOSK, OFFICE, TV
from tests.server.stored_day import StoredDay
from tests.server.test_queries import Inquiring

OUTCOMES = ("ticket", "code", "solved", "channel", "self-service", "office", "return")
WEIGHTS = (30, 15, 20, 10, 5, 10, 10)
DATE = "2026-11-20"


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = sqlite_url(tmp_path / "branch.db")
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    with Store.open(url) as opened:
        yield opened


class DoorDay(StoredDay):
    """A day whose visitors come past the door."""

    def __init__(self, store: Store, *when: Any) -> None:
        super().__init__(store, *when)
        self.told: list[Recorded] = list(self.entries)
        self._visitors = 0

    def record(self, *events: Any, **of: Any) -> None:
        before = len(self.entries)
        super().record(*events, **of)
        if before:  # the day's opening is recorded before there is a list
            self.told += self.entries[before:]

    def screen(self, outcome: str, took_s: float = 30, **facts: Any) -> str:
        self._visitors += 1
        screening = f"{self.day.business_date}-visitor-{self._visitors:04d}"
        started_at_ms = self.now_ms
        self.pass_s(took_s)
        told = VisitorScreened(
            screening=screening,
            outcome=outcome,
            device="door-1",
            staff="budi",
            started_at_ms=started_at_ms,
            **facts,
        )
        self.record(told)
        if outcome == "ticket":
            self.give_number(screening)
        return screening

    def give_number(self, screening: str) -> None:
        self._ids += 1
        ticket = f"{self.day.business_date}-t{self._ids:05d}"
        new = NewTicket(ticket, f"secret-{ticket}", "A", "door-1", screening=screening)
        self.record(*decide_issue(self.day, new, self.now_ms))

    def guest(self) -> None:
        self._ids += 1
        told = {"purpose": "meeting", "staff": "budi", "device": "door-1"}
        self.record(GuestRecorded(guest=f"guest-{self._ids}", **told))

    def go_home(self, service: str, channel: str) -> None:
        self.record(ChannelChosen(service=service, channel=channel, device="kiosk-1"))

    def facts(self) -> DoorFacts:
        return self.store.door_facts(self.day.business_date)


def a_day_at_the_door(store: Store, seed: int = 7, visitors: int = 240) -> DoorDay:
    """Many visitors of every kind, the same ones for the same seed."""
    chance = random.Random(seed)
    day = DoorDay(store)

    def some(*codes: str) -> list[str]:
        return chance.sample(codes, chance.randint(0, len(codes)))

    for _ in range(visitors):
        (outcome,) = chance.choices(OUTCOMES, WEIGHTS)
        papers = some("ktp", "kk", "kis", "dinsos-letter")
        is_known = chance.random() < 0.6
        screening = day.screen(
            outcome,
            took_s=chance.randint(1, 180),
            service=chance.choice(("A", "B", None)),
            matter=chance.choice(("newborn", "pbi-reactivation", None)),
            segment=chance.choice(("PBPU", "PBI-APBN", None)),
            papers=[] if len(papers) > 2 else papers,
            missing=papers if len(papers) > 2 else [],
            reason=chance.choice(("information", "otp")) if outcome == "solved" else None,
            channel="pandawa" if outcome == "channel" else None,
            office="dinsos" if outcome == "office" else None,
            advice=some("newborn", "arrears", "identity-first"),
            overrides={"identity-first": chance.choice(("in-care", "other"))}
            if chance.random() < 0.2
            else {},
            identified=is_known,
            visits_before=chance.choice((0, 0, 1, 4)) if is_known else 0,
            companion=chance.random() < 0.1,
            weight=chance.choice((1, 1, 1, 5)),
            code=f"{chance.randint(0, 999_999):06d}" if outcome == "code" else None,
        )
        if outcome == "code" and chance.random() < 0.7:
            day.give_number(screening)
        if outcome == "return" and chance.random() < 0.3:
            day.give_number(screening)
        if chance.random() < 0.05:
            day.guest()
        if chance.random() < 0.05:
            day.go_home(chance.choice("AB"), chance.choice(("pandawa", "mobile-jkn")))
    day.close()
    day.write()
    return day


# The facts themselves.


def test_a_day_without_a_visitor_has_no_facts_and_adds_up(store: Store) -> None:
    assert store.door_facts(DATE) == DoorFacts()
    assert DoorFacts().adds_up


def test_every_fact_of_a_small_day_is_counted(store: Store) -> None:
    """Written out by hand, so that nothing here is reckoned by what it proves."""
    day = DoorDay(store)
    day.screen("ticket", 10, service="A", matter="newborn", segment="PBPU", weight=3)
    used = day.screen("code", 20, service="A", missing=["kk"], code="111111")
    day.screen("code", 30, service="A", missing=["kk", "ktp"], code="222222")
    day.screen("solved", 40, reason="otp", identified=True, visits_before=2)
    day.screen("solved", 50, reason="otp", identified=True, companion=True)
    day.screen("channel", 60, channel="pandawa", advice=["newborn", "arrears"])
    back = day.screen(
        "return",
        70,
        service="B",
        missing=["kk"],
        office="dinsos",
        advice=["arrears"],
        overrides={"identity-first": "in-care"},
    )
    day.give_number(used)
    day.give_number(back)
    day.guest()
    day.write()
    assert day.facts() == DoorFacts(
        outcomes={"ticket": 1, "code": 2, "solved": 2, "channel": 1, "return": 1},
        guests=1,
        solved_reasons={"otp": 2},
        channels={"pandawa": 1},
        offices={"dinsos": 1},
        missing={"A": {"kk": 2, "ktp": 1}, "B": {"kk": 1}},
        segments={"PBPU": 1},
        matters={"newborn": 1},
        advised={"arrears": 2, "newborn": 1},
        overrides={"identity-first": {"in-care": 1}},
        screened=7,
        identified=2,
        repeat_visits=1,
        companions=1,
        persons=9,
        tickets=3,
        codes_used=1,
        given_later=1,
        tickets_of_door=3,
        time_median_s=40.0,
        time_p90_s=70.0,
    )
    assert day.facts().adds_up


def test_a_recount_of_the_events_says_the_same_as_the_tables(store: Store) -> None:
    """Law I11, on both databases, for days of many kinds."""
    day = a_day_at_the_door(store)
    facts = day.facts()
    assert facts == recount_door(day.told)
    assert facts.screened == 240
    empty = [one.name for one in fields(DoorFacts) if not getattr(facts, one.name)]
    assert empty == [], "a fact that never happened proves nothing"


def test_who_was_screened_is_the_sum_of_the_outcomes_and_numbers_have_a_visitor(
    store: Store,
) -> None:
    """Screened = sum of outcomes; numbers of the door = at once + by a code + given after all."""
    day = a_day_at_the_door(store, seed=11)
    facts = day.facts()
    outcomes = Counter(
        entry.event.outcome for entry in day.told if isinstance(entry.event, VisitorScreened)
    )
    assert facts.outcomes == outcomes
    assert facts.screened == sum(outcomes.values())
    from_door = [one for one in day.day.tickets.values() if one.screening is not None]
    assert facts.tickets == len(from_door)
    assert facts.tickets == outcomes["ticket"] + facts.codes_used + facts.given_later
    assert facts.adds_up


def test_a_visitor_whose_first_number_was_given_up_counts_once(store: Store) -> None:
    day = DoorDay(store)
    screening = day.screen("ticket", service="A")
    (ticket,) = day.day.tickets
    day.cancel(ticket)
    day.give_number(screening)
    day.write()
    facts = day.facts()
    assert (facts.tickets, facts.tickets_of_door, facts.outcomes) == (1, 1, {"ticket": 1})
    assert facts == recount_door(day.told)
    assert facts.adds_up


def test_each_day_has_facts_of_its_own(store: Store) -> None:
    """Law I14."""
    first = a_day_at_the_door(store, visitors=20)
    later = DoorDay(store, "2026-11-23", first.now_ms + 3 * 24 * 3_600_000)
    later.screen("solved", reason="otp")
    later.write()
    assert later.facts().screened == 1
    assert first.facts().screened == 20


# What a change of the tables does.


@pytest.mark.parametrize(
    ("edited", "named"),
    [
        (
            "UPDATE screening SET outcome = 'solved' WHERE outcome = 'office'",
            "the door's outcomes are",
        ),
        ("UPDATE screening SET weight = weight + 1", "the door's persons are"),
        ("UPDATE screening SET missing = 'rubbish'", "the door's missing are"),
        ("DELETE FROM screening WHERE outcome = 'return'", "the door's outcomes are"),
        ("UPDATE screening SET visits_before = 0", "the door's repeat_visits are 0"),
        ("UPDATE screening SET segment = 'BP'", "has segment 'BP'"),
        ("UPDATE ticket SET screening = NULL", "the door's tickets_of_door are 0"),
    ],
)
def test_edited_facts_of_the_door_are_found_by_verify(
    tmp_path: Path, edited: str, named: str
) -> None:
    """F57, laws I11 and I13."""
    file = tmp_path / "branch.db"
    with Store.open(sqlite_url(file)) as store:
        a_day_at_the_door(store, visitors=40)
        assert verify(store) == []
    connection = sqlite3.connect(file)
    with connection:
        connection.execute(edited)
    connection.close()
    with Store.open(sqlite_url(file), read_only=True) as store:
        problems = verify(store)
    assert any(named in problem for problem in problems), problems[:5]


def test_a_difference_of_any_fact_is_named() -> None:
    for one in fields(DoorFacts):
        other = DoorFacts(**{one.name: 5})  # type: ignore[arg-type]
        assert any(one.name in told for told in differences(other, DoorFacts()))


# For people and programs.


def test_the_days_report_says_what_the_door_did_in_both_languages(store: Store) -> None:
    day = a_day_at_the_door(store)
    summary = read_summary(store, DATE)
    facts = day.facts()
    assert summary.door == facts
    assert summary.adds_up
    indonesian = "\n".join(as_table(store, summary, "id"))
    english = "\n".join(as_table(store, summary, "en"))
    solved = facts.outcomes["solved"]
    assert f"Di pintu: {facts.screened} orang ditapis" in indonesian
    assert f"selesai di pintu {solved}" in indonesian
    assert f"At the door: {facts.screened} visitors screened" in english
    assert f"solved at the door {solved}" in english
    many = facts.missing["A"]["ktp"]
    assert f"Electronic ID card (KTP) {many}" in english
    as_data = json.loads(as_json(summary))
    assert as_data["door"]["outcomes"] == dict(facts.outcomes)


@pytest.mark.parametrize(
    "edited",
    [
        "UPDATE screening SET ticket = NULL WHERE outcome = 'ticket'",
        "DELETE FROM screening WHERE outcome = 'solved'",
    ],
)
def test_a_report_whose_door_does_not_add_up_says_so(tmp_path: Path, edited: str) -> None:
    file = tmp_path / "branch.db"
    with Store.open(sqlite_url(file)) as store:
        a_day_at_the_door(store, visitors=40)
    connection = sqlite3.connect(file)
    with connection:
        connection.execute(edited)
    connection.close()
    with Store.open(sqlite_url(file), read_only=True) as store:
        summary = read_summary(store, DATE)
        lines = as_table(store, summary, "en")
    assert not summary.adds_up
    assert any("✗" in line for line in lines)


def test_a_day_without_a_door_has_no_section_of_it(store: Store) -> None:
    day = DoorDay(store)
    day.issue("A")
    day.close()
    day.write()
    assert "Di pintu" not in "\n".join(as_table(store, read_summary(store, DATE), "id"))


# The query.


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Inquiring]:
    story = Inquiring(tmp_path)
    story.sign_in(DOOR, BUDI)
    yield story
    story.close()


def screen(story: Inquiring, outcome: str, **fields: Any) -> dict[str, Any]:
    answered = story.ask(m.RecordScreening(id=uuid4(), outcome=outcome, **fields), DOOR)  # type: ignore[arg-type]
    assert answered["type"] == "Accepted", answered
    return answered


async def test_the_door_asks_what_it_did_today(door: Inquiring) -> None:
    screen(door, "ticket", service="A")
    code = screen(door, "code", service="A", missing=["kk"])["code"]
    screen(door, "channel", channel="pandawa")
    by_code = m.IssueTicket(id=uuid4(), service="A", screening=code)
    assert door.ask(by_code, KIOSK)["type"] == "Accepted"
    found = (await door.inquire(m.GetDoorReport(id=uuid4()), DOOR))["door"]
    assert found["business_date"] == DATE
    assert found["totals"] == {
        "screened": 3,
        "outcomes": {"channel": 1, "code": 1, "ticket": 1},
        "guests": 0,
        "sent_home": 0,
    }
    assert (found["tickets"], found["codes_used"], found["given_later"]) == (2, 1, 0)
    assert found["missing"] == {"A": {"kk": 1}}
    assert found["channels"] == {"pandawa": 1}
    assert verify(door.store) == []


def test_a_ticket_whose_service_the_door_put_right_counts_where_it_belongs(
    door: Inquiring,
) -> None:
    """Law I11: the events and the rows give it to the same service."""
    ticket = screen(door, "ticket", service="A")["ticket"]["id"]
    right = m.CorrectTicket(id=uuid4(), ticket=ticket, service="B")
    assert door.ask(right, DOOR)["type"] == "Accepted"
    summary = read_summary(door.store, DATE)
    assert {code: one.issued for code, one in summary.services.items()} == {"B": 1}
    assert summary.adds_up


async def test_a_day_that_is_yet_to_come_is_refused_and_an_earlier_one_is_not(
    door: Inquiring,
) -> None:
    screen(door, "ticket", service="A")
    door.clock.set("2026-11-23T08:00:00")
    door.lane.write(door.lane.decide([]))
    door.sign_in(DOOR, BUDI)
    asked = m.GetDoorReport(id=uuid4(), business_date=date(2026, 11, 20))
    assert (await door.inquire(asked, DOOR))["door"]["totals"]["screened"] == 1
    today = await door.inquire(m.GetDoorReport(id=uuid4()), DOOR)
    assert today["door"]["totals"]["screened"] == 0
    later = m.GetDoorReport(id=uuid4(), business_date=date(2026, 11, 24))
    assert (await door.inquire(later, DOOR))["reason"] == "bad-value"


async def test_a_display_may_not_ask_and_nobody_but_who_sits_there(door: Inquiring) -> None:
    """F47."""
    asked = m.GetDoorReport(id=uuid4())
    assert (await door.inquire(asked, TV))["reason"] == "not-allowed"
    assert (await door.inquire(asked, OFFICE))["reason"] == "not-signed-in"
