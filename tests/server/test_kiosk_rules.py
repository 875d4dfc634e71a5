"""What a branch lets its kiosks ask: a claim of priority, a number of a person, a channel."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from protocol import messages as m
from protocol.roles import DeviceRole
from server.administration.door_summary import at_the_door
from server.domain.events import ChannelChosen, IdentityRecorded
from server.greeting import welcome
from server.queries.door_report import report_of
from tests.server.front_door import DAY_MS, NIK, OTHER_NIK, FrontDoor
from tests.server.lane_story import DESK, DOOR, KIOSK, OFFICE, OTHER_KIOSK, TV
from tests.server.test_words import last
from tests.server.visitor_side import VisitorSide


@pytest.fixture
def side(tmp_path: Path) -> Iterator[VisitorSide]:
    told = VisitorSide(tmp_path)
    yield told
    told.store.close()


def take(side: VisitorSide, asker: Any = KIOSK, **fields: Any) -> dict[str, Any]:
    return side.ask(m.IssueTicket(id=uuid4(), service="A", **fields), asker)


# Claims.


def test_a_kiosk_is_told_what_it_may_ask(side: VisitorSide) -> None:
    assert last(side.connect(KIOSK), "Welcome")["kiosk"] == {
        "priority_claim": False,
        "identity": False,
        "home": True,
        "large_text": True,
        "speech": True,
        "identity_days": 30,
        "booking": False,
    }
    assert last(side.connect(TV), "Welcome")["kiosk"] is None
    side.set(kiosk__priority_claim="true", kiosk__identity="true", kiosk__home="false")
    rules = last(side.connect(KIOSK), "Welcome")["kiosk"]
    assert (rules["priority_claim"], rules["identity"], rules["home"]) == (True, True, False)


def test_a_kiosk_shows_the_way_in_for_bookings_only_where_places_can_be_booked(
    side: VisitorSide,
) -> None:
    def takes_bookings() -> bool:
        takes: bool = last(side.connect(KIOSK), "Welcome")["kiosk"]["booking"]
        return takes

    side.set(booking__open="true")
    assert not takes_bookings(), "open, but no service has a place"
    side.set_all({"booking.open": "true", "booking.places.A": "2"})
    assert takes_bookings()
    side.set_all({"booking.open": "false", "booking.places.A": "2"})
    assert not takes_bookings()


@pytest.mark.parametrize("priority", ["elderly", "disability", "pregnant", "infant", "urgent"])
def test_nobody_claims_a_priority_at_a_kiosk_unless_the_branch_lets_them(
    side: VisitorSide, priority: str
) -> None:
    """F47: checked by the server, whatever the kiosk shows; urgent is for a person to see."""
    assert take(side, priority=priority)["reason"] == "not-allowed"
    assert not side.lane.day.tickets
    assert take(side, DOOR, priority=priority)["ticket"]["priority"] == priority
    side.set(kiosk__priority_claim="true")
    claimed = take(side, priority=priority)
    if priority == "urgent":
        assert claimed["reason"] == "not-allowed"
    else:
        assert claimed["ticket"]["priority"] == priority


def test_with_a_code_the_officers_word_counts_also_where_it_is_urgent(tmp_path: Path) -> None:
    door = FrontDoor(tmp_path)
    code = door.screen("code", service="A", priority="urgent")["code"]
    assert door.take(code, priority="elderly")["ticket"]["priority"] == "urgent"
    door.store.close()


# A number of a person.


def identify(side: VisitorSide, ticket: str, number: str = NIK, asker: Any = KIOSK) -> Any:
    return side.ask(m.RecordIdentity(id=uuid4(), ticket=ticket, identifier=number), asker)


@pytest.fixture
def asking(side: VisitorSide) -> VisitorSide:
    side.set(kiosk__identity="true")
    return side


def test_a_number_goes_under_seal_and_nowhere_else(asking: VisitorSide) -> None:
    """I12, UU PDP: not in an event, a row, an answer, the memory of commands."""
    ticket = take(asking)["ticket"]["id"]
    answer = identify(asking, ticket)
    assert set(answer) == {"type", "id", "revision"}
    (told,) = [
        one.event
        for one in asking.store.load_day().entries
        if isinstance(one.event, IdentityRecorded)
    ]
    assert (told.ticket, told.device) == (ticket, "kiosk-1")
    record = asking.store.sealed(told.record)
    assert record is not None
    assert record.kind == "identity"
    assert asking.sealer.open("identity", record.id, record.sealed)["identifier"] == NIK
    assert record.fingerprint == asking.sealer.fingerprint("nik", NIK)
    assert record.erase_at_ms == asking.clock.ms + 30 * DAY_MS
    with asking.store.database.reading() as connection:
        dump = "\n".join(connection.connection.dbapi_connection.iterdump())  # type: ignore[union-attr]
    assert NIK not in dump


def test_the_counter_that_holds_the_ticket_sees_it_masked_and_may_open_it(
    tmp_path: Path,
) -> None:
    door = FrontDoor(tmp_path)
    door.set(kiosk__identity="true")
    ticket = door.ask(m.IssueTicket(id=uuid4(), service="A"))["ticket"]["id"]
    door.ask(m.RecordIdentity(id=uuid4(), ticket=ticket, identifier=NIK))
    record = door.lane.day.identities[ticket]
    reveal = m.RevealRecord(id=uuid4(), record=record, reason="mencocokkan KTP")
    assert door.ask(reveal, DESK)["reason"] == "not-yours", "nobody's ticket yet"
    door.ask(m.CallTicket(id=uuid4(), ticket=ticket), DESK)
    view = door.inquire(m.GetScreening(id=uuid4(), ticket=ticket))["screening"]
    assert (view["masked"], view["facts"]["outcome"]) == ("************0002", "kiosk")
    assert view["facts"]["identity"] == view["facts"]["id"] == record
    assert NIK not in json.dumps(view)
    again = m.RevealRecord(id=uuid4(), record=record, reason="mencocokkan KTP")
    assert door.ask(again, DESK)["revealed"]["identifier"] == NIK
    door.store.close()


def test_a_number_beside_a_code_of_the_door_is_shown_with_what_the_door_asked(
    tmp_path: Path,
) -> None:
    door = FrontDoor(tmp_path)
    door.set(kiosk__identity="true")
    code = door.screen("code", service="A", segment="PBPU", note="bawa surat")["code"]
    ticket = door.take(code)["ticket"]["id"]
    door.ask(m.RecordIdentity(id=uuid4(), ticket=ticket, identifier=NIK))
    door.ask(m.CallTicket(id=uuid4(), ticket=ticket), DESK)
    view = door.inquire(m.GetScreening(id=uuid4(), ticket=ticket))["screening"]
    assert (view["masked"], view["note"]) == ("************0002", "bawa surat")
    assert (view["facts"]["segment"], view["facts"]["identified"]) == ("PBPU", True)
    assert view["facts"]["identity"] == door.lane.day.identities[ticket]
    by_screening = m.GetScreening(id=uuid4(), screening=view["facts"]["id"])
    assert door.inquire(by_screening)["screening"] == view
    door.store.close()


def test_only_a_kiosks_own_fresh_ticket_and_only_where_the_branch_asks(
    asking: VisitorSide,
) -> None:
    ticket = take(asking)["ticket"]["id"]
    assert identify(asking, ticket, asker=OTHER_KIOSK)["reason"] == "not-yours"
    assert identify(asking, "t")["reason"] == "unknown-ticket"
    assert identify(asking, ticket, "12345")["reason"] == "bad-identifier"
    assert identify(asking, ticket, "3515141308680000")["reason"] == "bad-identifier"
    asking.pass_s(601)
    assert identify(asking, ticket)["reason"] == "too-late"
    asking.set(kiosk__identity="false")
    assert identify(asking, take(asking)["ticket"]["id"])["reason"] == "not-allowed"
    assert asking.lane.day.identities == {}


def test_a_number_that_is_typed_again_takes_the_first_ones_place(asking: VisitorSide) -> None:
    ticket = take(asking)["ticket"]["id"]
    identify(asking, ticket, OTHER_NIK)
    record = asking.lane.day.identities[ticket]
    identify(asking, ticket)
    assert asking.lane.day.identities[ticket] == record
    kept = asking.store.sealed(record)
    assert kept is not None
    assert asking.sealer.open("identity", record, kept.sealed)["identifier"] == NIK


# Home will do.


def test_who_goes_home_with_a_channel_is_counted_at_the_door(side: VisitorSide) -> None:
    for channel in ("pandawa", "pandawa", "mobile-jkn"):
        word = m.ChooseChannel(id=uuid4(), service="B", channel=channel)
        assert side.ask(word)["type"] == "Accepted"
    today = side.at_door().today
    assert today is not None
    assert (today.sent_home, today.screened) == (3, 0)
    facts = side.store.door_facts(side.lane.day.business_date)
    report = report_of(side.clock_date, facts)
    assert report.sent_home == {"B": {"pandawa": 2, "mobile-jkn": 1}}
    assert report.totals.sent_home == 3
    assert facts.adds_up, "they are none of the visitors of the door"
    said = "\n".join(at_the_door(facts, side.lane.day.branch, "id"))
    assert "Memilih dari rumah di kios, Perubahan data: PANDAWA" in said
    told = [one.event for one in side.store.load_day().entries]
    assert sum(isinstance(one, ChannelChosen) for one in told) == 3


@pytest.mark.parametrize(
    ("service", "channel", "reason"),
    [("Z", "pandawa", "unknown-service"), ("A", "carrier-pigeon", "bad-value")],
)
def test_a_channel_that_does_nothing_of_the_service_is_refused(
    side: VisitorSide, service: str, channel: str, reason: str
) -> None:
    word = m.ChooseChannel(id=uuid4(), service=service, channel=channel)
    assert side.ask(word)["reason"] == reason


# The line of the TV.


def post(side: VisitorSide, text: dict[str, str], asker: Any = DOOR, **until: Any) -> Any:
    return side.ask(m.PostText(id=uuid4(), text=text, **until), asker)


def test_a_posted_line_stands_until_its_time_and_then_the_branchs_own(side: VisitorSide) -> None:
    own = side.at_tv().text
    until = side.instant_in(3600)
    post(side, {"id": "Antrean A\x1b[2J pindah ke lantai 2"}, until=until)
    assert side.at_tv().text == {"id": "Antrean A[2J pindah ke lantai 2"}
    side.restart()
    side.notices.flush()
    side.pass_s(3599)
    assert not side.notices.follow_clock()
    side.pass_s(1)
    assert side.notices.follow_clock(), "the clock alone brings the other one back"
    assert side.at_tv().text == own != {}


def test_an_empty_line_takes_the_posted_one_away(side: VisitorSide) -> None:
    own = side.at_tv().text
    post(side, {"id": "Satu", "en": "One"}, OFFICE)
    assert side.at_tv().text == {"id": "Satu", "en": "One"}
    post(side, {"id": "  "})
    assert side.at_tv().text == own


def test_a_line_of_a_language_that_nobody_set_or_of_yesterday_is_refused(
    side: VisitorSide,
) -> None:
    assert post(side, {"fr": "Bonjour"})["reason"] == "bad-value"
    assert post(side, {"id": "Satu"}, until=side.instant_in(0))["reason"] == "bad-value"


def test_a_disturbance_comes_before_a_posted_line(side: VisitorSide) -> None:
    post(side, {"id": "Satu"})
    side.ask(m.DeclareDisturbance(id=uuid4(), system="mobile-jkn"), DOOR)
    assert side.at_tv().text != {"id": "Satu"}


def test_no_number_of_a_person_is_posted_on_the_wall(side: VisitorSide) -> None:
    """I12: it is masked before anything is kept or shown."""
    post(side, {"id": f"Pemilik NIK {NIK} ditunggu"})
    assert NIK not in str(side.at_tv().text) + str(side.store.load_day().entries)


# The voice.


def test_a_display_is_told_how_the_branch_wants_its_calls_spoken(side: VisitorSide) -> None:
    side.set(
        voice__reading="number",
        voice__service_word="always",
        voice__last_call="3",
        voice__day_parts="07:00 100, 12:00 70,17:00 0",
        voice__self_test_at="06:45",
    )
    rules = welcome(side.lane.day, "tv-1", side.clock.ms, DeviceRole.DISPLAY).voice
    assert rules == m.VoiceRules(
        reading="number",
        service_word="always",
        last_call=3,
        day_parts=[
            m.DayPart(begins_at="07:00", volume_percent=100),
            m.DayPart(begins_at="12:00", volume_percent=70),
            m.DayPart(begins_at="17:00", volume_percent=0),
        ],
        self_test_at="06:45",
    )
    assert welcome(side.lane.day, "kiosk-1", side.clock.ms, DeviceRole.KIOSK).voice is None
