"""Receiving a visitor at the door: each outcome, what it cannot do without, and the rules that
stand in the way (``domain.md`` 1.1 rows 1-6, 54-58)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.branch import Branch
from server.domain.door import AdviceRule, Channel, DoorCatalogue, Matter, Office, Paper
from server.domain.door_code import demand_code_opens, demand_unserved, free_code, screening_of
from server.domain.errors import QueueRuleError
from server.domain.events import (
    AnyEvent,
    ServicePaused,
    SlipRequested,
    TicketCancelled,
    TicketIssued,
    VisitorScreened,
)
from server.domain.opening import OpeningHours
from server.domain.screening import Received, decide_screening
from tests.server.branch_example import BRANCH, DATE, HandTurnedDay, choices

TODAY = date.fromisoformat(DATE)


def named(code: str) -> dict[str, str]:
    return {"id": f"{code} (id)", "en": f"{code} (en)"}


def rule(code: str, kind: str, weight: str, **facts: Any) -> AdviceRule:
    return AdviceRule(code, kind, date(2026, 1, 1), "the law", weight, named(code), **facts)


CATALOGUE = DoorCatalogue(
    papers={code: Paper(code, named(code)) for code in ("ktp", "kk", "letter")},
    matters={
        "data": Matter("data", named("data"), service="B", papers=("ktp", "kk")),
        "bill": Matter("bill", named("bill"), service="A"),
    },
    channels={"pandawa": Channel("pandawa", named("pandawa"), "chat")},
    offices={"dinsos": Office("dinsos", named("dinsos"))},
    advice={
        "nik-first": rule(
            "nik-first",
            "identity-first",
            "blocks",
            segments=("PBI-APBN",),
            matters=("data",),
            office="dinsos",
        ),
        "pay": rule("pay", "arrears", "tells", memberships=("arrears",), channel="pandawa"),
    },
)
DOOR_BRANCH: Branch = replace(
    BRANCH,
    door=CATALOGUE,
    choices={
        **BRANCH.choices,
        "segment": choices("PBPU", "PBI-APBN"),
        "membership": choices("active", "arrears"),
        "solved_reason": choices("information", "otp"),
        "override_reason": choices("in-care"),
    },
)
MISMATCH: dict[str, Any] = {"matter": "data", "segment": "PBI-APBN", "nik_mismatch": True}


class Door(HandTurnedDay):
    """A day with an officer at the door."""

    def __init__(self, branch: Branch = DOOR_BRANCH) -> None:
        super().__init__(branch)
        self._codes = 100_000

    def asked(self, outcome: str, **facts: Any) -> Received:
        self._codes += 1
        made = {name: self.new_id() for name in ("screening", "ticket", "link", "job")}
        given: dict[str, Any] = {"device": "door-1", "staff": "budi", "code": f"{self._codes}"}
        return Received(outcome=outcome, **made | given | facts)

    def decide(self, outcome: str, **facts: Any) -> list[AnyEvent]:
        return decide_screening(self.day, self.asked(outcome, **facts), self.now_ms)

    def screen(self, outcome: str, **facts: Any) -> VisitorScreened:
        screened = self.do(self.decide(outcome, **facts))[0]
        assert isinstance(screened, VisitorScreened)
        return screened

    def refusal(self, outcome: str, **facts: Any) -> tuple[str, object]:
        with pytest.raises(QueueRuleError) as no:
            self.decide(outcome, **facts)
        return no.value.reason, no.value.facts.get("field") or no.value.facts.get("service")


@pytest.fixture
def door() -> Door:
    return Door()


# How it goes on.


def test_a_number_comes_with_the_screening_in_one_decision(door: Door) -> None:
    """Rows 4 and 5: what the door found goes with the ticket."""
    events = door.decide(
        "ticket", matter="data", priority="elderly", needs=["wheelchair"], weight=3, language="en"
    )
    screened, issued = events
    assert isinstance(screened, VisitorScreened)
    assert isinstance(issued, TicketIssued)
    assert (issued.service, issued.priority, issued.weight) == ("B", "elderly", 3)
    assert (issued.needs, issued.language, issued.staff) == (["wheelchair"], "en", "budi")
    assert issued.screening == screened.screening
    door.do(events)
    assert door.day.tickets[issued.ticket].screening == screened.screening
    assert door.day.screenings[screened.screening].ticket == issued.ticket
    assert door.retold().screenings == door.day.screenings


def test_a_chosen_service_goes_before_that_of_the_matter(door: Door) -> None:
    assert door.screen("ticket", matter="data").service == "B"
    assert door.screen("ticket", matter="data", service="A").service == "A"
    assert door.screen("ticket", service="A").service == "A"


@pytest.mark.parametrize(
    ("outcome", "facts", "field"),
    [
        ("ticket", {}, "service"),
        ("code", {}, "service"),
        ("solved", {}, "reason"),
        ("channel", {"matter": "data"}, "channel"),
        ("office", {"matter": "data"}, "office"),
        ("return", {"matter": "data", "papers": ["ktp"]}, "missing"),
    ],
)
def test_what_an_outcome_cannot_do_without_is_named(
    door: Door, outcome: str, facts: dict[str, Any], field: str
) -> None:
    assert door.refusal(outcome, **facts) == ("missing-field", field)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"matter": "no"}, "matter"),
        ({"segment": "no"}, "segment"),
        ({"membership": "no"}, "membership"),
        ({"papers": ["ktp", "no"]}, "papers"),
        ({"missing": ["no"]}, "missing"),
        ({"papers": ["ktp"], "missing": ["ktp"]}, "missing"),
        ({"priority": "no"}, "priority"),
        ({"needs": ["no"]}, "needs"),
        ({"channel": "no"}, "channel"),
        ({"office": "no"}, "office"),
        ({"reason": "no"}, "reason"),
        ({"overrides": {"no": "in-care"}}, "overrides"),
        ({"overrides": {"pay": "no"}}, "overrides"),
        ({"decree_on": date(9999, 12, 31)}, "decree_on"),
        ({"born_on": date(1, 1, 1)}, "born_on"),
        ({"facility_changed_on": date(2028, 1, 1)}, "facility_changed_on"),
    ],
)
def test_what_the_branch_does_not_know_is_refused_by_its_field(
    door: Door, facts: dict[str, Any], field: str
) -> None:
    """Also for a date that no calendar can reckon six months from."""
    assert door.refusal("solved", **{"reason": "otp"} | facts) == ("bad-value", field)


def test_a_service_that_there_is_not_is_refused(door: Door) -> None:
    assert door.refusal("ticket", service="Z") == ("unknown-service", "Z")


def test_solved_at_the_door_is_a_visit_without_a_ticket(door: Door) -> None:
    """Row 3."""
    screened = door.screen("solved", matter="bill", reason="otp", channel="pandawa")
    assert (screened.reason, screened.service) == ("otp", "A")
    assert screened.channel is None, "what does not belong to the outcome is left out"
    assert not door.day.tickets


def test_the_other_ways_keep_where_and_what(door: Door) -> None:
    assert door.screen("channel", channel="pandawa").channel == "pandawa"
    assert door.screen("self-service").channel is None
    assert door.screen("office", office="dinsos", reason="otp").reason is None
    back = door.screen("return", matter="data", papers=["ktp", "ktp"], missing=["letter", "kk"])
    assert (back.papers, back.missing) == (["ktp"], ["letter", "kk"])


@pytest.mark.parametrize(
    ("outcome", "facts", "kind"),
    [
        ("code", {"service": "A"}, "code"),
        ("channel", {"channel": "pandawa"}, "channel"),
        ("office", {"office": "dinsos"}, "office"),
        ("return", {"missing": ["kk"]}, "return"),
        ("solved", {"reason": "otp"}, None),
        ("self-service", {}, None),
    ],
)
def test_a_slip_is_asked_for_where_there_is_one_and_a_kiosk_for_it(
    door: Door, outcome: str, facts: dict[str, Any], kind: str | None
) -> None:
    events = door.decide(outcome, print_at="kiosk-2", **facts)
    slips = [event for event in events if isinstance(event, SlipRequested)]
    assert [slip.kind for slip in slips] == ([kind] if kind else [])
    assert all(slip.print_at == "kiosk-2" for slip in slips)
    assert len(door.decide(outcome, **facts)) == 1, "no kiosk, no slip"
    if slips:
        door.do(events)
        assert door.day.screenings[slips[0].subject].slip == slips[0].job


def test_nobody_is_sent_to_the_kiosk_for_a_number_that_it_would_refuse(door: Door) -> None:
    door.do([ServicePaused(service="A", staff="dewi", reason="")])
    assert door.refusal("ticket", service="A")[0] == "service-closed"
    assert door.refusal("code", service="A")[0] == "service-closed"
    assert door.decide("solved", service="A", reason="otp"), "help needs no open service"


def test_an_officers_code_is_good_past_the_last_ticket_as_an_officers_number_is() -> None:
    day = OpeningHours(days=(((0, 24 * 60),),) * 7, last_ticket_s=24 * 3600)
    door = Door(replace(DOOR_BRANCH, hours=day))
    assert door.decide("ticket", service="A")
    assert door.decide("code", service="A")


def test_a_clock_that_is_wrong_says_nothing_of_when_it_began(door: Door) -> None:
    now = door.now_ms
    began = [now - 40_000, now, now + 1, now - 3_600_001, -62_000_000_000_000, None]
    told = [door.screen("self-service", started_at_ms=one).started_at_ms for one in began]
    assert told == [now - 40_000, now, now, now, now, now]


# What the rules say.


def test_a_rule_that_blocks_is_followed_or_answered_with_a_reason(door: Door) -> None:
    """Row 58: who PBI says one thing and the NIK another is helped elsewhere first."""
    for outcome in ("ticket", "code"):
        with pytest.raises(QueueRuleError) as no:
            door.decide(outcome, **MISMATCH)
        assert (no.value.reason, no.value.facts["advice"]) == ("advice-stands", named("nik-first"))
        told = door.decide(outcome, **MISMATCH, overrides={"nik-first": "in-care"})[0]
        assert isinstance(told, VisitorScreened)
        assert (told.advice, told.overrides) == (["nik-first"], {"nik-first": "in-care"})


def test_who_is_sent_where_the_rule_says_needs_no_reason(door: Door) -> None:
    screened = door.screen("office", office="dinsos", **MISMATCH)
    assert (screened.advice, screened.overrides) == (["nik-first"], {})


def test_a_reason_for_what_nobody_advised_is_left_out(door: Door) -> None:
    """Else the report would count rules that were never in the way."""
    screened = door.screen(
        "ticket", matter="bill", membership="arrears", overrides={"nik-first": "in-care"}
    )
    assert (screened.advice, screened.overrides) == (["pay"], {})


# The code.


def test_a_code_opens_once_for_a_while(door: Door) -> None:
    screened = door.screen("code", service="A", priority="elderly")
    code = screened.code
    assert code is not None
    assert screened.code_until_ms == door.now_ms + 3_600_000
    for typed in (code, f"{code[:3]} {code[3:]}", f" {code[:3]}-{code[3:]} ", screened.screening):
        assert demand_code_opens(door.day, typed, door.now_ms).id == screened.screening
    last_ms = screened.code_until_ms - 1
    assert demand_code_opens(door.day, code, last_ms).told.code == code
    with pytest.raises(QueueRuleError, match="code-expired"):
        demand_code_opens(door.day, code, last_ms + 1)
    door.issue("A", screening=screened.screening)
    with pytest.raises(QueueRuleError, match="code-used"):
        demand_code_opens(door.day, code, door.now_ms)


@pytest.mark.parametrize("typed", ["000000", "", "   ", "١٢٣٤٥٦", "no-such-id", "1" * 64])
def test_what_is_no_code_opens_nothing(door: Door, typed: str) -> None:
    door.screen("code", service="A")
    with pytest.raises(QueueRuleError, match="unknown-screening"):
        demand_code_opens(door.day, typed, door.now_ms)


def test_a_screening_without_a_code_opens_no_kiosk(door: Door) -> None:
    """Its id is no secret: every desk has it."""
    for screened in (door.screen("solved", reason="otp"), door.screen("ticket", service="A")):
        with pytest.raises(QueueRuleError, match="unknown-screening"):
            demand_code_opens(door.day, screened.screening, door.now_ms)


def test_a_code_is_made_until_one_is_free(door: Door) -> None:
    """Used or not: the slip of the one must never open for the other."""
    taken = [door.screen("code", service="A").code or "" for _ in range(3)]
    made = iter([*taken, "777777"])
    assert free_code(door.day, lambda: next(made)) == "777777"
    with pytest.raises(QueueRuleError, match="try-again"):
        free_code(door.day, lambda: taken[0])


def test_the_staff_gives_a_screening_one_number_until_it_is_given_up(door: Door) -> None:
    screened = door.screen("return", missing=["kk"])
    assert demand_unserved(door.day, screened.screening).ticket is None
    ticket = door.issue("A", screening=screened.screening)
    with pytest.raises(QueueRuleError, match="code-used"):
        demand_unserved(door.day, screened.screening)
    door.do([TicketCancelled(ticket=ticket.id, reason="visitor-left", device="door-1")])
    assert demand_unserved(door.day, screened.screening).id == screened.screening
    with pytest.raises(QueueRuleError, match="unknown-screening"):
        demand_unserved(door.day, "nobody")


@given(st.text(max_size=64))
def test_any_text_is_a_code_or_none(typed: str) -> None:
    """Pasted and scanned rubbish finds nobody and breaks nothing."""
    door = Door()
    screened = door.screen("code", service="A")
    found = screening_of(door.day, typed)
    assert found is None or screened.code == "".join(typed.replace("-", " ").split())
