"""What the phone says of a visit, in words; pure."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from assets.texts import Texts
from protocol.messages import Estimate, VisitView
from web.phone_view import away_words, call_range, shown_visit
from web.visits import Seen

JAKARTA = ZoneInfo("Asia/Jakarta")
AT = datetime(2026, 11, 23, 1, 28, 5, tzinfo=UTC)
TEXTS = Texts.load("id", ["phone"], strict=True)


def visit(**changed: Any) -> Seen:
    plain = VisitView(
        link="x" * 22,
        ticket="t",
        number="A012",
        service="A",
        service_name={"id": "Pendaftaran"},
        state="waiting",
        business_date=date(2026, 11, 23),
        issued_at=AT - timedelta(minutes=10),
        people_ahead=3,
        estimate=Estimate(from_s=600, to_s=900),
        last_called="A008",
        papers=[{"id": "KTP"}],
        may_cancel=True,
        waiting=5,
        counters_open=2,
    )
    return Seen(msgspec.structs.replace(plain, **changed), AT)


def shown(**changed: Any) -> dict[str, Any]:
    return dict(shown_visit(visit(**changed), TEXTS, JAKARTA))


def test_a_waiting_visitor_reads_place_range_and_who_was_called_last() -> None:
    """P1, in the branch's zone: 08.28 there, 01.28 UTC."""
    page = shown()
    assert page["view"] == "waiting"
    assert page["head"] == "3 orang di depan Anda"
    assert page["range"] == "sekitar 08.35 – 08.45"
    assert page["last"] == "Terakhir dipanggil: A008"
    assert page["others"] == "5 orang menunggu layanan ini, 2 loket melayani"
    assert page["papers"] == ["KTP"]
    assert page["cancel"] is True


@pytest.mark.parametrize(
    ("from_s", "to_s", "words"),
    [
        (0, 0, "08.25 – 08.30"),
        (115, 415, "08.30 – 08.35"),
        (114, 416, "08.25 – 08.40"),
        (900, 300, "08.40 – 08.45"),
    ],
)
def test_ranges_are_widened_outwards_to_five_minutes(from_s: int, to_s: int, words: str) -> None:
    told = call_range(Estimate(from_s=from_s, to_s=to_s), AT, TEXTS, JAKARTA)
    assert told == f"sekitar {words}"


def test_the_way_through_the_line_is_time_waited_against_time_expected() -> None:
    assert shown()["progress"] == 45
    assert shown(estimate=Estimate(from_s=0, to_s=0))["progress"] == 95
    assert shown(issued_at=AT)["progress"] == 5


@pytest.mark.parametrize(
    ("changed", "view"),
    [
        ({"two_left": True}, "near"),
        ({"state": "called", "counter": 3, "called_at": AT}, "called"),
        ({"state": "serving", "counter": 3}, "serving"),
        ({"state": "parked"}, "parked"),
        ({"state": "no-show", "valid_until": AT, "comes_back_behind": 3}, "missed"),
        ({"state": "no-show"}, "over"),
        ({"state": "finished", "may_rate": True}, "rate"),
        ({"state": "finished", "rated": 4}, "done"),
        ({"state": "cancelled"}, "cancelled"),
        ({"state": "expired"}, "expired"),
        ({"state": "something new"}, "expired"),
    ],
)
@pytest.mark.parametrize("language", ["id", "en", "jv", "su"])
def test_every_state_has_its_view_and_words(
    changed: dict[str, Any], view: str, language: str
) -> None:
    texts = Texts.load(language, ["phone"], strict=True)
    page = shown_visit(visit(**changed), texts, JAKARTA)
    assert page["view"] == view
    assert page["head"]
    assert page["soft"] or page["loud"]


def test_a_repeated_call_says_so() -> None:
    once = shown(state="called", counter=3, called_at=AT, call_count=1)
    twice = shown(state="called", counter=3, called_at=AT, call_count=2)
    assert once["again"] == ""
    assert twice["again"].startswith("Panggilan ke-2")
    assert once["cancel"] is False, "no slip of a thumb while one is called"


def test_only_a_safe_address_becomes_the_reviews_link() -> None:
    assert shown(review_link="https://g.page/r/x")["review"] == "https://g.page/r/x"
    assert shown(review_link="javascript:alert(1)")["review"] == ""


def test_what_is_old_says_of_when_it_is() -> None:
    assert "08.28.05" in away_words(AT, TEXTS, JAKARTA)
    assert replace(visit(), at=AT).at == AT
