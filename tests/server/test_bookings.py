"""Places booked from home: windows, one each, checked in, lapsed, and nobody cheated by it."""

import secrets
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from db import tables as t
from db.engine import sqlite_url
from db.rows import put_row
from protocol import messages as m
from server.administration.verify import verify
from server.domain.booking import BOOKINGS_PER_BOOKER, CODE_LETTERS
from server.domain.clockwork import decide_due
from server.domain.events import TicketIssued
from server.domain.openness import numbers_left
from server.queries.history import told
from server.store import Store
from tests.server.lane_story import BUDI, DESK, DEWI, DOOR, KIOSK, OFFICE, OTHER_KIOSK, WEB
from tests.server.pages_story import PagesStory


@pytest.fixture
def story(tmp_path: Path) -> Iterator[PagesStory]:
    """A branch that lets two people book each window of A."""
    made = PagesStory(tmp_path)
    made.let_people_book()
    let_the_clock(made, "08:20")
    yield made
    made.store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PagesStory]:
    """The same on either database."""
    postgres = request.param == "postgresql"
    url = request.getfixturevalue("postgres_database") if postgres else sqlite_url(tmp_path / "b")
    with Store.open(url) as store:
        made = PagesStory(tmp_path, store)
        made.let_people_book()
        let_the_clock(made, "08:20")
        yield made


def limit(story: PagesStory, **fields: Any) -> None:
    """The branch changes service A, from a restart on."""
    row = next(row for row in story.rows(t.service) if row["code"] == "A")
    row.pop("branch")
    with story.store.database.writing() as connection:
        put_row(connection, t.service, story.store.branch_code, row | fields)
    story.restart()


def let_the_clock(story: PagesStory, at: str) -> None:
    """The clock alone, without anybody's command."""
    story.set_clock(at)
    story.together()


# Windows.


def test_a_branch_that_takes_no_bookings_says_so_kindly(tmp_path: Path) -> None:
    story = PagesStory(tmp_path)
    story.together()
    assert story.windows() == []
    answer = story.book()
    assert answer["reason"] == "not-allowed"
    assert "datang" in answer["message"]
    story.store.close()


def test_there_are_windows_of_half_an_hour_for_the_services_with_places(
    story: PagesStory,
) -> None:
    found = story.windows()
    assert {one["service"] for one in found} == {"A"}
    assert len(found) == 12
    assert [one["left"] for one in found] == [2] * 12
    assert found[0]["window_from"] == "2026-11-20T01:30:00.000Z"
    assert found[-1]["window_until"] == "2026-11-20T07:30:00.000Z"
    assert all(one["window_until"] == then["window_from"] for one, then in pairwise(found))


def test_a_window_that_is_over_is_gone(story: PagesStory) -> None:
    story.set_clock("10:00")
    assert story.windows()[0]["window_from"] == "2026-11-20T03:00:00.000Z"
    assert len(story.windows()) == 9
    assert story.book("09:30")["reason"] == "booking-closed"


def test_windows_lie_whole_within_the_hours_of_the_service(story: PagesStory) -> None:
    story.set_one("hours.friday", "08:00-11:45,13:15-14:10")
    begins = [one["window_from"][11:16] for one in story.windows()]
    # By the clock of Jakarta: 8.30 to 11.30, and 13.30 to 14.00.
    assert begins == ["01:30", "02:00", "02:30", "03:00", "03:30", "04:00", "06:30"]
    assert story.book("11:30")["reason"] == "booking-closed"


def test_a_day_without_hours_has_no_windows(story: PagesStory) -> None:
    story.set_one("hours.friday", "closed")
    assert story.windows() == []


def test_a_paused_service_takes_no_bookings(story: PagesStory) -> None:
    story.sign_in(OFFICE, DEWI)
    story.ask(m.PauseService(id=uuid4(), service="A", reason="listrik padam"), OFFICE)
    assert story.windows() == []
    answer = story.book()
    assert answer["reason"] == "service-closed"
    assert "listrik padam" in answer["message"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [({"service": "B"}, "booking-closed"), ({"service": "Z"}, "unknown-service")],
)
def test_what_cannot_be_booked_is_refused(
    story: PagesStory, fields: dict[str, Any], reason: str
) -> None:
    assert story.book(**fields)["reason"] == reason


def test_a_time_that_no_window_begins_with_is_refused(story: PagesStory) -> None:
    assert story.book("10:10")["reason"] == "booking-closed"


# One place each.


def test_a_place_has_a_code_a_secret_link_and_times_to_check_in(story: PagesStory) -> None:
    booking = story.booked("10:00")
    assert len(booking["code"]) == 6
    assert set(booking["code"]) <= set(CODE_LETTERS)
    assert not set("0O1IL5S2Z8BAEIU") & set(CODE_LETTERS), "none looks like another, none is a word"
    assert booking["state"] == "booked"
    assert booking["check_in_from"] == "2026-11-20T02:45:00.000Z"
    assert booking["check_in_until"] == "2026-11-20T03:45:00.000Z"
    assert booking["number"] is None
    assert story.booking(booking["link"])["booking"] == booking


def test_a_window_gives_so_many_places_and_not_one_more(story: PagesStory) -> None:
    for booker in "ab":
        story.booked("10:00", booker)
    assert story.book("10:00", "c")["reason"] == "window-full"
    left = {one["window_from"][11:16]: one["left"] for one in story.windows()}
    assert (left["03:00"], left["03:30"]) == (0, 2)


def test_a_browser_has_one_open_booking(story: PagesStory) -> None:
    first = story.booked("10:00")
    assert story.book("11:00", "b")["reason"] == "already-booked"
    story.ask(m.CancelBooking(id=uuid4(), link=first["link"]), WEB)
    assert story.booked("11:00", "b")["state"] == "booked"


def test_nobody_books_the_day_full_by_giving_up_again_and_again(story: PagesStory) -> None:
    for _ in range(BOOKINGS_PER_BOOKER):
        booking = story.booked()
        story.ask(m.CancelBooking(id=uuid4(), link=booking["link"]), WEB)
    assert story.book("10:00", "b")["reason"] == "already-booked"


def test_a_retry_books_once(story: PagesStory) -> None:
    """I6: the same word again gets the same answer."""
    command = m.BookTicket(
        id=uuid4(), service="A", window_from=story.local("10:00"), booker="b" * 16
    )
    assert story.ask(command, WEB) == story.ask(command, WEB)
    assert len(story.rows(t.booking)) == 1


def test_giving_up_frees_the_place_and_said_twice_is_said_once(story: PagesStory) -> None:
    booking = story.booked()
    for _ in range(2):
        answer = story.ask(m.CancelBooking(id=uuid4(), link=booking["link"]), WEB)
        assert answer["booking"]["state"] == "cancelled"
    assert {one["left"] for one in story.windows()} == {2}
    refused = story.check_in(booking["code"])
    assert refused["reason"] == "booking-over"
    assert "dibatalkan" in refused["message"]


def test_a_code_opens_no_page_and_a_wrong_link_nothing(story: PagesStory) -> None:
    """F55: only the secret of the QR does; the short code is for the kiosk."""
    booking = story.booked()
    for link in (booking["code"].ljust(16), "x" * 22, booking["booking"]):
        assert story.booking(link) == {"reason": "unknown-booking"}
        answer = story.ask(m.CancelBooking(id=uuid4(), link=link), WEB)
        assert answer["reason"] == "unknown-booking"


def test_ten_thousand_guesses_find_no_booking(story: PagesStory) -> None:
    """F55: neither by the page's link nor, at the door, by a link in place of the code."""
    story.booked()
    for guess in (secrets.token_urlsafe(16) for _ in range(10_000)):
        assert story.booking(guess) == {"reason": "unknown-booking"}
    story.sign_in(DOOR, BUDI)
    assert story.check_in(secrets.token_urlsafe(16), DOOR)["reason"] == "unknown-booking"


# Coming.


def test_whoever_checks_in_gets_a_number_and_paper_at_the_kiosk(story: PagesStory) -> None:
    story.issue()
    booking = story.booked("10:00", language="en")
    story.set_clock("09:50")
    ticket = story.check_in(booking["code"])["ticket"]
    assert (ticket["number"], ticket["service"], ticket["language"]) == ("A002", "A", "en")
    assert ticket["print"] == "pending"
    found = story.booking(booking["link"])["booking"]
    assert (found["state"], found["number"]) == ("checked-in", "A002")
    (visit,) = story.visits(found["ticket_link"])
    assert visit["number"] == "A002"


@pytest.mark.parametrize("way", ["{code}", " {lower} ", "{spaced}", "{link}", "{address}"])
def test_a_code_is_known_however_it_is_typed_and_so_is_the_qr(story: PagesStory, way: str) -> None:
    booking = story.booked("08:30")
    code = booking["code"]
    spaced = f"{code[:3]}-{code[3:]}"
    link, host = booking["link"], "antrean.kantor-cabang-contoh.bpjs-kesehatan.example"
    address = f"https://{host}:8443/b/{link}"
    given = way.format(code=code, lower=code.lower(), spaced=spaced, link=link, address=address)
    assert story.check_in(given)["ticket"]["number"] == "A001"


def test_a_booking_is_taken_once(story: PagesStory) -> None:
    booking = story.booked("08:30")
    story.check_in(booking["code"])
    answer = story.check_in(booking["code"], OTHER_KIOSK)
    assert answer["reason"] == "booking-over"
    assert "A001" in answer["message"]


def test_one_may_come_a_quarter_early_and_a_quarter_late(story: PagesStory) -> None:
    early, late = story.booked("10:00", "a"), story.booked("10:00", "b")
    story.set_clock("09:44")
    answer = story.check_in(early["code"])
    assert (answer["reason"], "09.45" in answer["message"]) == ("too-early", True)
    story.set_clock("09:45")
    assert story.check_in(early["code"])["type"] == "Accepted"
    story.set_clock("10:44")
    assert story.check_in(late["code"])["type"] == "Accepted"


def test_who_stays_away_loses_the_place_by_the_clock_alone(story: PagesStory) -> None:
    booking = story.booked("10:00")
    let_the_clock(story, "10:44")
    assert story.booking(booking["link"])["booking"]["state"] == "booked"
    let_the_clock(story, "10:45")
    assert story.booking(booking["link"])["booking"]["state"] == "lapsed"
    answer = story.check_in(booking["code"])
    assert answer["reason"] == "booking-over"


def test_the_clock_knows_the_next_instant_at_which_somebody_is_too_late(
    story: PagesStory,
) -> None:
    story.booked("10:00", "a")
    story.booked("09:00", "b")
    day = story.lane.day
    assert day.next_due_ms == int(story.local("09:45").timestamp() * 1000)
    assert decide_due(day, day.next_due_ms - 1) == []
    assert len(decide_due(day, day.next_due_ms)) == 1


def test_the_close_of_the_day_ends_what_was_booked(story: PagesStory) -> None:
    booking = story.booked("14:00")
    story.close_day()
    (row,) = story.rows(t.booking)
    assert row["state"] == "lapsed"
    assert story.booking(booking["link"])["booking"]["state"] == "lapsed"
    assert story.check_in(booking["code"])["reason"] == "day-closed"
    assert story.book("10:00", "c")["reason"] == "day-closed"


def test_the_officer_at_the_door_checks_in_whoever_has_no_kiosk(story: PagesStory) -> None:
    booking = story.booked("08:30")
    story.sign_in(DOOR, BUDI)
    answer = story.check_in(booking["code"], DOOR, priority="elderly", print_at="kiosk-1")
    assert answer["ticket"]["number"] == "P001"
    assert answer["ticket"]["print"] == "pending"


def test_a_kiosk_gives_nobody_a_priority_for_a_booking(story: PagesStory) -> None:
    booking = story.booked("08:30")
    assert story.check_in(booking["code"], priority="elderly")["reason"] == "not-allowed"
    assert story.check_in(booking["code"])["type"] == "Accepted"


@pytest.mark.parametrize("asker", [DESK, OFFICE, WEB])
def test_check_in_is_for_kiosk_and_door(story: PagesStory, asker: Any) -> None:
    booking = story.booked("08:30")
    assert story.check_in(booking["code"], asker)["reason"] == "not-allowed"


def test_wrong_codes_at_a_kiosk_cost_time(story: PagesStory) -> None:
    """F52: nobody finds somebody else's place by trying; another kiosk goes on."""
    booking = story.booked("08:30")
    for _ in range(5):
        assert story.check_in("333333")["reason"] == "unknown-booking"
    refused = story.check_in(booking["code"])
    assert (refused["reason"], refused["retry_after_s"] > 0) == ("rate-limited", True)
    assert story.check_in(booking["code"], OTHER_KIOSK)["type"] == "Accepted"


def test_a_kiosk_that_asks_for_screening_lets_in_who_booked(story: PagesStory) -> None:
    booking = story.booked("08:30")
    story.set_one("kiosk.mode", "screened")
    assert story.ask(m.IssueTicket(id=uuid4(), service="A"))["reason"] == "needs-screening"
    assert story.check_in(booking["code"])["type"] == "Accepted"


# A sure place, and nobody cheated.


def test_a_booked_place_holds_one_of_the_quota_until_it_is_free_again(story: PagesStory) -> None:
    limit(story, quota=2)
    booking = story.booked("10:00")
    story.issue()
    walk_in = m.IssueTicket(id=uuid4(), service="A")
    assert story.ask(walk_in)["reason"] == "service-closed"
    assert story.book("11:00", "c")["reason"] == "window-full"
    story.set_clock("10:00")
    assert story.check_in(booking["code"])["ticket"]["number"] == "A002"
    assert story.ask(walk_in)["reason"] == "service-closed"


def test_who_stays_away_gives_the_place_back_to_the_walk_ins(story: PagesStory) -> None:
    limit(story, quota=1)
    story.booked("10:00")
    walk_in = m.IssueTicket(id=uuid4(), service="A")
    assert story.ask(walk_in)["reason"] == "service-closed"
    let_the_clock(story, "10:45")
    assert story.ask(walk_in)["type"] == "Accepted"


def test_a_booked_place_keeps_a_number_of_the_range(story: PagesStory) -> None:
    story.set_one("numbering.range.A", "1-2")
    booking = story.booked("10:00")
    story.issue()
    assert story.ask(m.IssueTicket(id=uuid4(), service="A"))["reason"] == "service-closed"
    story.set_clock("10:00")
    assert story.check_in(booking["code"])["ticket"]["number"] == "A002"


def test_a_booked_place_holds_the_time_of_one_visitor(story: PagesStory) -> None:
    story.set_one("capacity.closing", "true")
    story.set_one("hours.friday", "08:00-10:30")
    story.sit_down(1)
    day = story.lane.day
    service = day.branch.services["A"]
    before = numbers_left(day, service, story.clock.ms)
    assert before is not None
    story.booked("10:00")
    assert numbers_left(day, service, story.clock.ms) == before - 1
    story.set_clock("10:20")
    while numbers_left(day, service, story.clock.ms):
        story.issue()
    assert story.ask(m.IssueTicket(id=uuid4(), service="A"))["reason"] == "service-closed"
    code = next(iter(day.bookings.by_code))
    assert story.check_in(code)["type"] == "Accepted"


def test_a_booking_stands_when_walk_ins_get_no_number_any_more(story: PagesStory) -> None:
    story.set_one("hours.friday", "08:00-14:30")
    story.set_one("hours.last_ticket_min", "60")
    booking = story.booked("14:00")
    story.set_clock("13:50")
    assert story.ask(m.IssueTicket(id=uuid4(), service="A"))["reason"] == "service-closed"
    assert story.check_in(booking["code"])["type"] == "Accepted"


def test_nobody_who_stands_in_line_is_overtaken_by_a_booking(story: PagesStory) -> None:
    """I5: whoever checks in waits from that moment on, like a walk-in who comes then."""
    booking = story.booked("10:00")
    story.set_clock("10:00")
    before = [story.issue() for _ in range(3)]
    came = story.check_in(booking["code"])["ticket"]
    after = story.issue()
    story.sit_down(1)
    called = [story.serve()["id"] for _ in range(5)]
    assert called == [*(one["id"] for one in before), came["id"], after["id"]]


def test_a_place_is_kept_though_the_branch_stops_taking_bookings(story: PagesStory) -> None:
    booking = story.booked("08:30")
    story.set_one("booking.open", "false")
    assert story.check_in(booking["code"])["type"] == "Accepted"


# What is kept.


def test_the_table_says_what_became_of_each_and_verify_recounts_it(kept: PagesStory) -> None:
    """I11, I13: booked = checked-in + cancelled + lapsed + open, told by the events alone."""
    story = kept
    for place, booker in enumerate("abcd"):
        story.booked(("08:30", "08:30", "09:00", "11:00")[place], booker)
    bookings = story.lane.day.bookings
    came, gone, *_ = bookings.by_id.values()
    ticket = story.check_in(came.code)["ticket"]
    story.ask(m.CancelBooking(id=uuid4(), link=gone.link), WEB)
    let_the_clock(story, "09:45")
    states = {row["id"]: row["state"] for row in story.rows(t.booking)}
    assert sorted(states.values()) == ["booked", "cancelled", "checked-in", "lapsed"]
    (row,) = (row for row in story.rows(t.booking) if row["state"] == "checked-in")
    assert row["ticket"] == ticket["id"]
    assert verify(story.store) == []
    story.restart()
    assert {one.id: one.state for one in story.lane.day.bookings.by_id.values()} == states
    with story.store.database.writing() as connection:
        connection.execute(t.booking.update().values(state="lapsed"))
    problems = verify(story.store)
    assert len(problems) == 3
    assert all("booking" in problem for problem in problems)


def test_a_ticket_s_history_says_that_it_came_of_a_booking(story: PagesStory) -> None:
    booking = story.booked("08:30")
    story.check_in(booking["code"])
    events = [entry.event for entry in story.store.load_day().entries]
    (issued,) = (event for event in events if isinstance(event, TicketIssued))
    code, facts = told(story.lane.day.branch, issued.ticket, issued)
    assert (code, facts["number"]) == ("issued-by-visitor-booked", "A001")


def test_a_kiosk_that_says_it_again_gets_the_same_number(story: PagesStory) -> None:
    """I6: also after a restart of the server."""
    booking = story.booked("08:30")
    command = m.CheckIn(id=uuid4(), code=booking["code"])
    first = story.ask(command, KIOSK)
    story.restart()
    assert story.ask(command, KIOSK) == first
