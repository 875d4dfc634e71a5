"""AdviseVisitor and the door's catalogue on the wire, with the shipped catalogue.

What is open is by the branch's clock: PANDAWA 08-15 on working days, Dinas Sosial to 11 on Fridays.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from db.engine import sqlite_url
from protocol import messages as m
from protocol.codec import encode
from protocol.roles import DeviceRole
from server.adapters.sealing import KeySealer
from server.domain.branch import Branch
from server.domain.disturbance import decide_declare
from server.domain.errors import QueueRuleError
from server.domain.opening import local_of
from server.greeting import welcome
from server.queries.advice import advise
from server.queries.handler import Inquiry
from server.store import Store
from tests.server.branch_example import DATE, HandTurnedDay

HOUR_MS = 3_600_000
SEALER = KeySealer(bytes(32))


@pytest.fixture
def branch(tmp_path: Path) -> Iterator[Branch]:
    with Store.open(sqlite_url(tmp_path / "branch.db")) as store:
        yield store.load_branch()


@pytest.fixture
def hall(branch: Branch) -> HandTurnedDay:
    hall = HandTurnedDay(branch)
    local = local_of(hall.now_ms, branch.time_zone)
    assert (local.date().isoformat(), local.weekday()) == (DATE, 0), "a Monday"
    hall.now_ms += int((local.replace(hour=10, minute=0) - local).total_seconds() * 1000)
    return hall


def answer(hall: HandTurnedDay, **query: Any) -> m.Answer:
    """What the desk would send, read again."""
    asked = m.AdviseVisitor(id=UUID(int=1), **query)
    fields = advise(asked, Inquiry(hall.day, DeviceRole.SCREENING, hall.now_ms, SEALER))
    return msgspec.json.decode(encode(m.Answer(id=asked.id, **fields)), type=m.Answer)


def at(hall: HandTurnedDay, hour: int) -> HandTurnedDay:
    local = local_of(hall.now_ms, hall.branch.time_zone)
    hall.now_ms += (hour - local.hour) * HOUR_MS
    return hall


def codes(found: m.Answer) -> list[str]:
    assert not isinstance(found.advice, msgspec.UnsetType)
    return [one.rule for one in found.advice]


def test_papers_are_those_of_the_matter_and_the_segment(hall: HandTurnedDay) -> None:
    assert answer(hall, matter="identity-change").papers == ["ktp", "kk", "kis"]
    of_pbi = answer(hall, matter="identity-change", segment="PBI-APBN")
    assert of_pbi.papers == ["ktp", "kk", "kis", "village-letter"]
    assert answer(hall).papers == []


def test_a_day_is_said_in_words_of_each_language(hall: HandTurnedDay) -> None:
    found = answer(hall, matter="newborn", born_on=date(2026, 9, 1))
    assert not isinstance(found.advice, msgspec.UnsetType)
    (newborn,) = found.advice
    assert newborn.until == date(2026, 9, 29)
    assert "29 September 2026" in newborn.text["id"]
    assert "29 September 2026 (28 days)" in newborn.text["en"]
    assert newborn.source
    assert newborn.valid_from == date(2020, 1, 1)


def test_what_is_closed_now_is_not_offered(hall: HandTurnedDay) -> None:
    matter = "pbi-reactivation"
    facts = {"matter": matter, "membership": "pbi-inactive", "segment": "PBI-APBN"}
    assert answer(hall, matter="newborn").channels == ["pandawa"]
    assert answer(hall, **facts).offices == ["dinsos", "village"]
    evening = at(hall, 17)
    assert answer(evening, matter="newborn").channels == []
    assert answer(evening, **facts).offices == ["village"], "nobody wrote its hours down"
    everything = answer(evening)
    assert not isinstance(everything.channels, msgspec.UnsetType)
    assert "care-center" in everything.channels
    assert "pandawa" not in everything.channels


def test_a_disturbed_app_is_replaced_by_what_can_be_used(hall: HandTurnedDay) -> None:
    """PANDAWA in its hours, the Care Center outside them."""
    calm = answer(hall, matter="bill", membership="arrears")
    assert not isinstance(calm.advice, msgspec.UnsetType)
    assert calm.channels == ["mobile-jkn", "vika", "chika", "care-center"]
    assert calm.advice[0].channel == "mobile-jkn"
    hall.do(decide_declare(hall.day, "mobile-jkn", "dewi"))
    disturbed = answer(hall, matter="bill", membership="arrears")
    assert not isinstance(disturbed.advice, msgspec.UnsetType)
    assert disturbed.channels == ["vika", "chika", "care-center", "pandawa"]
    assert disturbed.advice[0].channel == "pandawa"
    assert "PANDAWA" in disturbed.advice[0].text["id"]
    assert "Mobile JKN" not in disturbed.advice[0].text["id"]
    assert codes(calm) == codes(disturbed), "the rule stays, and so does its override"
    (evening,) = answer(at(hall, 17), matter="bill", membership="arrears").advice  # type: ignore[misc]
    assert evening.channel == "care-center"


def test_an_office_that_advice_names_is_offered_too(hall: HandTurnedDay) -> None:
    found = answer(hall, matter="double-data", segment="PBI-APBN", nik_mismatch=True)
    assert codes(found) == ["identity-first"]
    assert found.offices == ["dukcapil"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [({"matter": "weather"}, "bad-value"), ({"service": "Z"}, "unknown-service")],
)
def test_what_the_branch_does_not_have_is_refused(
    hall: HandTurnedDay, query: dict[str, str], reason: str
) -> None:
    with pytest.raises(QueueRuleError) as no:
        answer(hall, **query)
    assert no.value.reason == reason


@pytest.mark.parametrize("role", list(DeviceRole))
def test_the_door_is_greeted_with_its_catalogue(hall: HandTurnedDay, role: DeviceRole) -> None:
    greeted = welcome(hall.day, "device", hall.now_ms, role)
    if role not in ("screening", "counter", "kiosk"):
        assert greeted.door is None
        return
    door = msgspec.json.decode(encode(greeted), type=m.Welcome).door
    assert door is not None
    assert door == greeted.door, "it goes over the wire as it is"
    shipped = hall.branch.door
    assert [one.code for one in door.matters] == list(shipped.matters)
    assert [one.code for one in door.papers] == list(shipped.papers)
    assert [one.category for one in door.procedures] == list(shipped.procedures)
    assert [one.working_days for one in door.complaint_levels] == [1, 5, 10]
    (identity,) = [one for one in door.matters if one.code == "identity-change"]
    assert identity.papers_of("PBI-APBD") == list(
        shipped.papers_needed("identity-change", "PBI-APBD")
    )
    (pandawa,) = [one for one in door.channels if one.code == "pandawa"]
    assert pandawa.hours["id"] == "Senin–Jumat 08.00–15.00"
    assert pandawa.link == "https://wa.me/628118165165"
    (dinsos,) = [one for one in door.offices if one.code == "dinsos"]
    assert dinsos.hours["id"] == "Senin–Kamis 08.00–16.30, Jumat 08.00–11.00"
    assert dinsos.address == {}


def test_the_branch_clock_decides_what_today_is(hall: HandTurnedDay) -> None:
    """The business day, not that of UTC: at 06.30 in Jakarta it is yesterday there."""
    local = local_of(hall.now_ms, hall.branch.time_zone)
    early = local.replace(hour=6, minute=30)
    hall.now_ms += int((early - local).total_seconds() * 1000)
    (newborn,) = answer(hall, matter="newborn", born_on=date(2026, 8, 24)).advice  # type: ignore[misc]
    assert newborn.weight == "tells", "its 28th day"
    (newborn,) = answer(hall, matter="newborn", born_on=date(2026, 8, 23)).advice  # type: ignore[misc]
    assert newborn.weight == "warns", "its 29th"


@pytest.mark.parametrize("name", ["decree_on", "born_on", "facility_changed_on"])
@pytest.mark.parametrize("day", [date(9999, 12, 31), date(1, 1, 1)])
def test_a_year_that_nobody_can_have_meant_is_refused_by_its_field(
    hall: HandTurnedDay, name: str, day: date
) -> None:
    """No calendar reckons six months from the last day of the year 9999."""
    dates: dict[str, Any] = {name: day}
    with pytest.raises(QueueRuleError) as no:
        answer(hall, matter="pbi-reactivation", membership="pbi-inactive", **dates)
    assert (no.value.reason, no.value.facts["field"]) == ("bad-value", name)
