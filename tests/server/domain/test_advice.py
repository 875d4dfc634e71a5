"""What the officer is told of a visitor, at the edges of every rule.

The rules are small ones made here, so that a change of the shipped catalogue changes no edge; that
the shipped ones say what domain.md 2 says stands at the end.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.engine import sqlite_url
from server.domain.advice import Advice, DoorFacts, add_months, advise, rules_in_force
from server.domain.door import AdviceRule, Channel, DoorCatalogue, Office, Paper
from server.store import Store

TODAY = date(2026, 3, 2)
FACTS = DoorFacts(today=TODAY)
PBI_INACTIVE = replace(FACTS, membership="pbi-inactive", segment="PBI-APBN")


def rule(code: str, kind: str, **more: Any) -> AdviceRule:
    given: dict[str, Any] = {
        "valid_from": date(2020, 1, 1),
        "source": "Permensos",
        "weight": "tells",
        "text": {"id": "ya"},
    }
    return AdviceRule(code, kind, **(given | more))


REACTIVATION = rule(
    "pbi",
    "pbi-reactivation",
    months=6,
    memberships=("pbi-inactive",),
    office="dinsos",
    office_after="village",
    text={"id": "sampai {until}, {months} bulan, {office}", "en": "until {until}"},
    text_after={"id": "lewat {until}, {office}"},
    text_unknown={"id": "tanya"},
)
LETTERS = rule(
    "letters",
    "dinsos-letter",
    weight="warns",
    months=6,
    memberships=("pbi-inactive",),
    papers=("dinsos-letter", "facility-letter"),
    office="dinsos",
    text={"id": "belum: {papers}", "en": "missing: {papers}"},
)
IDENTITY = rule(
    "identity",
    "identity-first",
    weight="blocks",
    segments=("PBI-APBN", "PBI-APBD"),
    matters=("identity-change",),
    services=("B",),
    office="dinsos",
)
NEWBORN = rule(
    "newborn",
    "newborn",
    days=28,
    matters=("newborn",),
    text={"id": "sampai {until}"},
    text_after={"id": "lewat {until}"},
    text_unknown={"id": "tanya"},
)
FACILITY = rule(
    "facility", "facility-change", weight="warns", months=3, matters=("facility-change",)
)
FACILITY_CHANNEL = rule(
    "by-app",
    "facility-channel",
    matters=("facility-change",),
    segments=("PBI-APBN",),
    channel="pandawa",
    text={"id": "pakai {channel}"},
)
ARREARS = rule("arrears", "arrears", memberships=("arrears",), segments=("PBPU",), channel="app")


def door_of(*rules: AdviceRule) -> DoorCatalogue:
    return DoorCatalogue(
        advice={one.code: one for one in rules},
        papers={
            "dinsos-letter": Paper("dinsos-letter", {"id": "surat Dinsos", "en": "letter"}),
            "facility-letter": Paper("facility-letter", {"id": "surat faskes"}),
        },
        offices={
            "dinsos": Office("dinsos", {"id": "Dinsos"}),
            "village": Office("village", {"id": "Desa"}),
        },
        channels={"pandawa": Channel("pandawa", {"id": "PANDAWA"}, "chat")},
    )


def told(one: AdviceRule, facts: DoorFacts) -> Advice | None:
    found = advise(door_of(one), facts)
    assert len(found) <= 1
    return found[0] if found else None


def words(one: AdviceRule, facts: DoorFacts) -> str | None:
    advice = told(one, facts)
    return None if advice is None else advice.text["id"]


# Assistance that was taken away.


@pytest.mark.parametrize(
    ("decree_on", "until"),
    [
        (date(2022, 9, 1), date(2023, 3, 1)),  # row 57 has "30 Februari 2023" for such
        (date(2022, 8, 30), date(2023, 2, 28)),
        (date(2022, 8, 31), date(2023, 2, 28)),
        (date(2023, 8, 31), date(2024, 2, 29)),
        (date(2023, 3, 31), date(2023, 9, 30)),
        (date(2023, 5, 31), date(2023, 11, 30)),
        (date(2026, 1, 19), date(2026, 7, 19)),
        (date(2025, 12, 31), date(2026, 6, 30)),
    ],
)
def test_the_limit_is_six_months_with_the_end_of_the_month_clipped(
    decree_on: date, until: date
) -> None:
    on_the_day = told(REACTIVATION, replace(PBI_INACTIVE, decree_on=decree_on, today=until))
    assert on_the_day is not None
    assert on_the_day.until == until
    assert (on_the_day.weight, on_the_day.office) == ("tells", "dinsos")
    assert on_the_day.text == {
        "id": f"sampai {until:%d-%m-%Y}, 6 bulan, Dinsos",
        "en": f"until {until:%d-%m-%Y}",
    }
    assert (on_the_day.source, on_the_day.valid_from) == ("Permensos", date(2020, 1, 1))
    next_day = until + timedelta(days=1)
    too_late = told(REACTIVATION, replace(PBI_INACTIVE, decree_on=decree_on, today=next_day))
    assert too_late is not None
    assert (too_late.weight, too_late.office, too_late.until) == ("warns", "village", until)
    assert too_late.text == {"id": f"lewat {until:%d-%m-%Y}, Desa"}


def test_without_the_date_of_the_decree_it_is_asked_for() -> None:
    assert words(REACTIVATION, PBI_INACTIVE) == "tanya"
    assert words(REACTIVATION, replace(PBI_INACTIVE, membership="active")) is None
    assert words(REACTIVATION, FACTS) is None


@given(st.dates(date(1990, 1, 1), date(2080, 1, 1)), st.integers(0, 40))
def test_months_later_is_a_day_of_the_right_month(day: date, months: int) -> None:
    later = add_months(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later + timedelta(1)).day == 1
    assert later.day <= day.day


def test_letters_that_are_missing_are_fetched_first() -> None:
    none = told(LETTERS, PBI_INACTIVE)
    assert none is not None
    assert (none.weight, none.office) == ("warns", "dinsos")
    assert none.text == {
        "id": "belum: surat Dinsos, surat faskes",
        "en": "missing: letter, surat faskes",
    }
    one = replace(PBI_INACTIVE, papers=("dinsos-letter", "ktp"))
    assert words(LETTERS, one) == "belum: surat faskes"
    both = replace(PBI_INACTIVE, papers=("facility-letter", "dinsos-letter"))
    assert words(LETTERS, both) is None, "with both: to the counter"
    assert words(LETTERS, replace(PBI_INACTIVE, membership="arrears")) is None


def test_letters_are_of_no_use_after_the_limit() -> None:
    decree_on = date(2025, 9, 2)
    assert words(LETTERS, replace(PBI_INACTIVE, decree_on=decree_on)) is not None
    assert words(LETTERS, replace(PBI_INACTIVE, decree_on=decree_on - timedelta(1))) is None


# NIK mismatch.


@pytest.mark.parametrize(
    ("facts", "weight"),
    [
        ({"matter": "identity-change"}, "blocks"),
        ({"matter": "identity-change", "segment": "PBI-APBD"}, "blocks"),
        ({"service": "B"}, "blocks"),
        ({"matter": "newborn", "service": "B"}, "warns"),  # the matter says more than the service
        ({"service": "C"}, "warns"),
        ({}, "warns"),
        ({"matter": "identity-change", "segment": "PBPU"}, None),
        ({"matter": "identity-change", "segment": None}, None),
        ({"matter": "identity-change", "nik_mismatch": False}, None),
    ],
)
def test_a_nik_of_the_assisted_is_put_right_elsewhere_first(
    facts: Mapping[str, Any], weight: str | None
) -> None:
    of_visitor = {"segment": "PBI-APBN", "nik_mismatch": True, **facts}
    advice = told(IDENTITY, replace(FACTS, **of_visitor))
    assert (advice.weight if advice else None) == weight
    assert advice is None or advice.office == "dinsos"


# Newborns, facilities, arrears.


@pytest.mark.parametrize(
    ("age_days", "said", "weight"),
    [
        (0, "sampai 30-03-2026", "tells"),
        (27, "sampai 03-03-2026", "tells"),
        (28, "sampai 02-03-2026", "tells"),
        (29, "lewat 01-03-2026", "warns"),
        (-1, "tanya", "tells"),
    ],
)
def test_a_newborn_is_registered_up_to_its_28th_day(age_days: int, said: str, weight: str) -> None:
    facts = replace(FACTS, matter="newborn", born_on=TODAY - timedelta(age_days))
    advice = told(NEWBORN, facts)
    assert advice is not None
    assert (advice.text["id"], advice.weight) == (said, weight)
    assert words(NEWBORN, replace(facts, matter="complaint")) is None
    assert words(NEWBORN, replace(facts, born_on=None)) == "tanya"


@pytest.mark.parametrize(
    ("changed_on", "again_on"),
    [
        (date(2025, 12, 2), None),  # three months to the day
        (date(2025, 12, 3), date(2026, 3, 3)),
        (date(2026, 3, 2), date(2026, 6, 2)),
        (date(2025, 11, 30), None),  # 30 February is its last day
        (None, None),
    ],
)
def test_a_facility_is_changed_once_in_three_months(
    changed_on: date | None, again_on: date | None
) -> None:
    facts = replace(FACTS, matter="facility-change", facility_changed_on=changed_on)
    advice = told(FACILITY, facts)
    assert (advice.until if advice else None) == again_on
    assert words(FACILITY, replace(facts, matter=None)) is None


def test_who_cannot_change_the_facility_in_the_app_is_told_where() -> None:
    facts = replace(FACTS, matter="facility-change", segment="PBI-APBN")
    advice = told(FACILITY_CHANNEL, facts)
    assert advice is not None
    assert (advice.channel, advice.text) == ("pandawa", {"id": "pakai PANDAWA"})
    assert told(FACILITY_CHANNEL, replace(facts, segment="PBPU")) is None
    assert told(FACILITY_CHANNEL, replace(facts, segment=None)) is None


@pytest.mark.parametrize(
    ("membership", "segment", "is_told"),
    [
        ("arrears", "PBPU", True),
        ("arrears", None, True),
        ("arrears", "PPU-BU", False),
        ("active", "PBPU", False),
        (None, "PBPU", False),
    ],
)
def test_who_pays_arrears_needs_no_counter(
    membership: str | None, segment: str | None, is_told: bool
) -> None:
    facts = replace(FACTS, membership=membership, segment=segment)
    assert (told(ARREARS, facts) is not None) == is_told


# Which rule counts.


def test_the_newest_rule_of_a_kind_counts_from_its_first_day_on() -> None:
    old = replace(ARREARS, code="old", valid_from=date(2019, 1, 1))
    new = replace(ARREARS, code="new", valid_from=date(2026, 2, 1))
    other = replace(NEWBORN, valid_from=date(2000, 1, 1))
    catalogue = door_of(new, other, old)

    def in_force(today: date) -> list[str]:
        return [one.code for one in rules_in_force(catalogue, today)]

    assert in_force(date(2026, 1, 31)) == ["newborn", "old"]
    assert in_force(date(2026, 2, 1)) == ["new", "newborn"]
    assert in_force(date(2018, 12, 31)) == ["newborn"]


def test_a_rule_ends_with_its_last_day() -> None:
    old = replace(ARREARS, code="old", valid_from=date(2019, 1, 1))
    short = replace(
        ARREARS, code="short", valid_from=date(2026, 1, 1), valid_until=date(2026, 1, 31)
    )
    catalogue = door_of(old, short)
    assert [one.code for one in rules_in_force(catalogue, date(2026, 1, 31))] == ["short"]
    assert [one.code for one in rules_in_force(catalogue, date(2026, 2, 1))] == ["old"]


def test_the_heaviest_is_said_first() -> None:
    facts = replace(PBI_INACTIVE, matter="identity-change", nik_mismatch=True)
    found = advise(door_of(REACTIVATION, LETTERS, IDENTITY), facts)
    assert [one.weight for one in found] == ["blocks", "warns", "tells"]
    assert advise(DoorCatalogue(), facts) == []


def test_days_are_written_as_the_caller_writes_them() -> None:
    found = advise(
        door_of(NEWBORN),
        replace(FACTS, matter="newborn", born_on=TODAY),
        lambda day, language: f"{language}:{day.day}",
    )
    assert found[0].text == {"id": "sampai id:30"}


# The shipped rules.


def test_the_shipped_rules_say_what_the_sources_say(tmp_path: Path) -> None:
    with Store.open(sqlite_url(tmp_path / "branch.db")) as store:
        shipped = store.load_branch().door

    def codes(**facts: Any) -> list[str]:
        return [one.rule for one in advise(shipped, replace(FACTS, **facts))]

    inactive: dict[str, Any] = {"membership": "pbi-inactive", "segment": "PBI-APBN"}
    assert codes(**inactive) == ["dinsos-letter-2026", "pbi-reactivation-2026"]
    assert codes(**inactive, today=date(2025, 6, 1)) == [
        "dinsos-letter-2019",
        "pbi-reactivation-2019",
    ]
    with_letters = inactive | {"papers": ("dinsos-letter", "facility-letter")}
    assert codes(**with_letters) == ["pbi-reactivation-2026"]
    assert codes(segment="PBI-APBN", nik_mismatch=True, matter="identity-change") == [
        "identity-first"
    ]
    assert codes(matter="newborn") == ["newborn"]
    assert codes(
        matter="facility-change", segment="PPU-PN", facility_changed_on=date(2026, 2, 1)
    ) == ["facility-change", "facility-channel"]
    assert codes(membership="arrears", segment="BP") == ["arrears"]
    assert codes(membership="active", segment="PBPU", matter="information") == []
    for language in ("id", "en"):
        texts = [one.text[language] for one in advise(shipped, replace(FACTS, **inactive))]
        assert not any("{" in text or "}" in text for text in texts)
