"""Hours, breaks and holidays as instants, in zones with and without summer time (F15)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.opening import OpeningHours, instant_ms, local_of, parse_hours

WIB = ZoneInfo("Asia/Jakarta")
WITA = ZoneInfo("Asia/Makassar")
WIT = ZoneInfo("Asia/Jayapura")
BERLIN = ZoneInfo("Europe/Berlin")
# Midnight itself is skipped there: 2023-04-28 begins at 01:00.
CAIRO = ZoneInfo("Africa/Cairo")
NEW_YORK = ZoneInfo("America/New_York")
# Half an hour of summer time.
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
ZONES = (WIB, WITA, WIT, BERLIN, CAIRO, NEW_YORK, LORD_HOWE, UTC)

DAY = parse_hours("08:00-12:00,13:00-15:00")
FRIDAY = parse_hours("08:00-11:00")
OFFICE = OpeningHours(
    days=(DAY, DAY, DAY, DAY, FRIDAY, (), ()),
    breaks=(((600, 615),),) * 4 + ((),) * 3,
    holidays={date(2026, 12, 24): {"id": "Cuti bersama"}, date(2026, 12, 25): {"id": "Natal"}},
    tickets_before_s=1800,
    last_ticket_s=900,
)
MINUTE_MS = 60_000


def at(text: str, zone: tzinfo = WIB) -> int:
    """The instant of a local time; one that comes twice is the first."""
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def clock(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%d %H:%M")


def why(text: str, hours: OpeningHours = OFFICE, zone: tzinfo = WIB) -> str | None:
    closed = hours.closed_because(at(text, zone), zone)
    return None if closed is None else closed.code


@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-12-21T07:29", "before-opening"),
        ("2026-12-21T07:30", None),
        ("2026-12-21T11:59", None),
        ("2026-12-21T12:00", "between-hours"),
        ("2026-12-21T12:29", "between-hours"),
        ("2026-12-21T12:30", None),
        ("2026-12-21T14:44", None),
        ("2026-12-21T14:45", "last-ticket"),
        ("2026-12-21T14:59", "last-ticket"),
        ("2026-12-21T15:00", "after-hours"),
        ("2026-12-21T23:59", "after-hours"),
        ("2026-12-18T10:44", None),
        ("2026-12-18T10:45", "last-ticket"),
        ("2026-12-18T11:00", "after-hours"),
        ("2026-12-19T10:00", "closed-day"),
        ("2026-12-25T10:00", "holiday"),
    ],
)
def test_numbers_are_given_by_the_branchs_own_clock(
    zone: tzinfo, text: str, code: str | None
) -> None:
    """WIB, WITA and WIT; a Friday that ends at eleven."""
    assert why(text, zone=zone) == code


def test_a_refusal_knows_when_it_opens_closes_and_what_is_celebrated() -> None:
    early = OFFICE.closed_because(at("2026-12-21T06:00"), WIB)
    assert early is not None
    assert [clock(one) for one in (early.at, early.opens, early.closes)] == [
        "2026-12-21 06:00",
        "2026-12-21 07:30",
        "2026-12-21 15:00",
    ]
    noon = OFFICE.closed_because(at("2026-12-21T12:10"), WIB)
    assert noon is not None
    assert clock(noon.opens) == "2026-12-21 12:30"
    friday = OFFICE.closed_because(at("2026-12-18T14:00"), WIB)
    assert friday is not None
    assert (clock(friday.opens), clock(friday.closes)) == ("2026-12-21 07:30", "2026-12-18 11:00")
    holiday = OFFICE.closed_because(at("2026-12-24T10:00"), WIB)
    assert holiday is not None
    assert (holiday.names, clock(holiday.opens)) == ({"id": "Cuti bersama"}, "2026-12-28 07:30")


def test_an_hour_of_the_branch_is_local_not_universal() -> None:
    closed = OFFICE.closed_because(at("2026-12-21T06:00", WIT), WIT)
    assert closed is not None
    assert closed.opens is not None
    assert closed.opens.astimezone(UTC).strftime("%d %H:%M") == "20 22:30"


def test_open_at_every_hour_is_never_closed_and_never_changes() -> None:
    always = OpeningHours()
    now_ms = at("2026-12-21T03:00")
    assert always.always_open
    assert always.closed_because(now_ms, WIB) is None
    assert always.next_change_ms(now_ms, WIB) is None
    assert always.closes_at_ms(now_ms, WIB) is None
    assert always.opens_tomorrow_ms(now_ms, WIB) is None
    assert always.rest_intervals_ms(now_ms, now_ms + 86_400_000, WIB) == []


def test_a_holiday_closes_an_office_that_has_no_hours() -> None:
    hours = OpeningHours(holidays={date(2026, 12, 25): {"id": "Natal"}})
    assert why("2026-12-25T00:00", hours) == why("2026-12-25T23:59", hours) == "holiday"
    assert why("2026-12-24T23:59", hours) is None
    closed = hours.closed_because(at("2026-12-25T10:00"), WIB)
    assert closed is not None
    assert clock(closed.opens) == "2026-12-26 00:00"
    assert hours.closes_at_ms(at("2026-12-24T10:00"), WIB) is None, "no hour ends that day"


def test_an_office_that_never_opens_promises_no_day() -> None:
    shut = OpeningHours(days=((),) * 7)
    closed = shut.closed_because(at("2026-12-25T10:00"), WIB)
    assert closed is not None
    assert (closed.code, closed.opens) == ("closed-day", None)
    assert shut.opens_tomorrow_ms(at("2026-12-25T10:00"), WIB) is None


def test_one_weekday_is_found_behind_its_own_holidays() -> None:
    holidays = {date(2026, 12, 7) + timedelta(weeks=week): {"id": "Libur"} for week in range(5)}
    hours = OpeningHours(days=(DAY, (), (), (), (), (), ()), holidays=holidays)
    closed = hours.closed_because(at("2026-12-01T10:00"), WIB)
    assert closed is not None
    assert clock(closed.opens) == "2027-01-11 08:00"


def test_a_last_ticket_longer_than_the_last_stretch_reaches_back_over_the_gap() -> None:
    hours = replace(OFFICE, last_ticket_s=3 * 3600 + 600)
    assert why("2026-12-21T11:49", hours) is None
    assert why("2026-12-21T11:50", hours) == "last-ticket"
    assert why("2026-12-21T13:30", hours) == "last-ticket"


def test_a_last_ticket_in_the_gap_ends_the_numbers_where_the_gap_begins() -> None:
    """Nobody is told to come back at one when no number is given at one."""
    hours = replace(OFFICE, last_ticket_s=2 * 3600 + 1800)
    assert why("2026-12-21T11:59", hours) is None
    closed = hours.closed_because(at("2026-12-21T12:00"), WIB)
    assert closed is not None
    assert (closed.code, clock(closed.opens)) == ("last-ticket", "2026-12-22 07:30")


def test_a_last_ticket_longer_than_the_day_gives_no_number_on_it() -> None:
    hours = replace(OFFICE, last_ticket_s=8 * 3600)
    assert why("2026-12-21T06:00", hours) == why("2026-12-21T14:00", hours) == "last-ticket"
    assert why("2026-12-21T15:00", hours) == "after-hours"


def test_numbers_before_an_opening_at_midnight_do_not_reach_into_the_day_before() -> None:
    night = OpeningHours(days=(((0, 360),),) * 7, tickets_before_s=3600)
    assert why("2026-12-21T23:30", night) == "after-hours"
    assert why("2026-12-22T00:00", night) is None


def test_what_changes_next() -> None:
    moments = ["2026-12-21T00:00"]
    while moments[-1] < "2026-12-22T07:00":
        change_ms = OFFICE.next_change_ms(at(moments[-1]), WIB)
        assert change_ms is not None
        moments.append(local_of(change_ms, WIB).strftime("%Y-%m-%dT%H:%M"))
    assert [moment[8:] for moment in moments[1:]] == [
        "21T07:30",
        "21T12:00",
        "21T12:30",
        "21T14:45",
        "21T15:00",
        "22T00:00",
        "22T07:30",
    ]


def test_when_the_days_work_ends() -> None:
    for text, closes in (
        ("2026-12-21T06:00", "2026-12-21T15:00"),
        ("2026-12-21T12:10", "2026-12-21T15:00"),
        ("2026-12-21T18:00", "2026-12-21T15:00"),
        ("2026-12-18T09:00", "2026-12-18T11:00"),
    ):
        assert OFFICE.closes_at_ms(at(text), WIB) == at(closes)
    assert OFFICE.closes_at_ms(at("2026-12-19T09:00"), WIB) is None
    assert OFFICE.closes_at_ms(at("2026-12-25T09:00"), WIB) is None


def test_when_tomorrow_opens() -> None:
    for text, opens in (
        ("2026-12-21T06:00", "2026-12-22T07:30"),
        ("2026-12-21T14:00", "2026-12-22T07:30"),
        ("2026-12-23T14:00", "2026-12-28T07:30"),
    ):
        assert OFFICE.opens_tomorrow_ms(at(text), WIB) == at(opens)


def rests(text: str, until: str, hours: OpeningHours = OFFICE, zone: tzinfo = WIB) -> list[str]:
    found = hours.rest_intervals_ms(at(text, zone), at(until, zone), zone)
    return [
        f"{local_of(start, zone):%d %H:%M}-{local_of(end, zone):%d %H:%M}" for start, end in found
    ]


def test_rests_are_breaks_and_closed_time_in_order() -> None:
    assert rests("2026-12-21T09:00", "2026-12-22T08:30") == [
        "21 10:00-21 10:15",
        "21 12:00-21 13:00",
        "21 15:00-22 08:00",
    ]
    assert rests("2026-12-21T10:05", "2026-12-21T10:30") == ["21 10:05-21 10:15"]
    assert rests("2026-12-21T10:20", "2026-12-21T11:00") == []
    assert rests("2026-12-21T14:00", "2026-12-21T14:00") == []
    assert rests("2026-12-24T10:00", "2026-12-25T10:00") == ["24 10:00-25 10:00"]


def test_a_break_at_an_edge_of_the_hours_or_outside_of_them() -> None:
    hours = OpeningHours(
        days=(((480, 720),),) * 7, breaks=(((400, 500), (600, 600), (700, 800), (900, 960)),) * 7
    )
    assert rests("2026-12-21T07:00", "2026-12-21T20:00", hours) == [
        "21 07:00-21 08:20",
        "21 11:40-21 20:00",
    ]
    whole = replace(hours, breaks=(((480, 720),),) * 7)
    assert rests("2026-12-21T07:00", "2026-12-21T20:00", whole) == ["21 07:00-21 20:00"]


def test_breaks_alone_rest_in_an_office_without_hours() -> None:
    hours = OpeningHours(breaks=(((720, 780),),) * 7)
    assert rests("2026-12-21T09:00", "2026-12-22T12:30", hours) == [
        "21 12:00-21 13:00",
        "22 12:00-22 12:30",
    ]


# Days of 23 and 25 hours.


def test_an_office_opens_by_the_wall_clock_on_the_days_of_the_change() -> None:
    for day in ("2026-03-29", "2026-10-25"):
        assert why(f"{day}T07:29", OFFICE_EVERY_DAY, BERLIN) == "before-opening"
        assert why(f"{day}T07:30", OFFICE_EVERY_DAY, BERLIN) is None
        closes_ms = OFFICE_EVERY_DAY.closes_at_ms(at(f"{day}T09:00", BERLIN), BERLIN)
        assert closes_ms == at(f"{day}T15:00", BERLIN)


OFFICE_EVERY_DAY = replace(OFFICE, days=(DAY,) * 7)


def test_tickets_before_and_last_ticket_are_durations_not_clock_faces() -> None:
    """On 2026-03-29 03:00 follows 01:59 in Berlin: half an hour before 03:15 is 01:45."""
    hours = OpeningHours(days=(parse_hours("03:15-04:00"),) * 7, tickets_before_s=1800)
    assert why("2026-03-29T01:44", hours, BERLIN) == "before-opening"
    assert why("2026-03-29T01:45", hours, BERLIN) is None


def test_a_night_of_the_change_lasts_as_long_as_it_lasts() -> None:
    night = OpeningHours(days=(parse_hours("00:00-06:00"),) * 7)
    for day, hours in (("2026-03-28", 6), ("2026-03-29", 5), ("2026-10-25", 7)):
        closes_ms = night.closes_at_ms(at(f"{day}T00:30", BERLIN), BERLIN)
        assert closes_ms is not None
        assert closes_ms - at(f"{day}T00:00", BERLIN) == hours * 3_600_000


def test_an_opening_in_the_gap_is_the_gaps_end_and_one_inside_it_does_not_happen() -> None:
    hours = OpeningHours(days=(parse_hours("02:30-04:00"),) * 7)
    assert why("2026-03-29T01:59", hours, BERLIN) == "before-opening"
    assert why("2026-03-29T03:00", hours, BERLIN) is None
    inside = OpeningHours(days=(parse_hours("02:10-02:50"),) * 7)
    closed = inside.closed_because(at("2026-03-29T01:00", BERLIN), BERLIN)
    assert closed is not None
    assert (closed.code, clock(closed.opens)) == ("closed-day", "2026-03-30 02:10")


def test_an_hour_that_comes_twice_opens_at_its_first_time() -> None:
    hours = OpeningHours(days=(parse_hours("02:30-04:00"),) * 7)
    first = datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN)
    assert instant_ms(first.date(), 150, BERLIN) == round(first.timestamp() * 1000)
    second_ms = round(first.replace(fold=1).timestamp() * 1000)
    assert second_ms - instant_ms(first.date(), 150, BERLIN) == 3_600_000
    assert hours.closed_because(second_ms - 30 * MINUTE_MS, BERLIN) is None


def test_a_day_that_begins_at_one_begins_at_one() -> None:
    """Cairo, 2023-04-28: the clock goes from 23:59 to 01:00."""
    begins_ms = instant_ms(date(2023, 4, 28), 0, CAIRO)
    assert local_of(begins_ms, CAIRO).strftime("%d %H:%M") == "28 01:00"
    assert local_of(begins_ms - 1, CAIRO).strftime("%d %H:%M") == "27 23:59"
    assert instant_ms(date(2023, 4, 27), 24 * 60, CAIRO) == begins_ms


# Against a plain reading of the wall clock, minute by minute.


def plainly_open(moment: datetime, hours: OpeningHours) -> bool:
    """By the face of the clock alone: no instant, no zone; for days without a change."""
    if moment.date() in hours.holidays:
        return False
    intervals = hours.days[moment.weekday()]
    if intervals is None:
        return True
    if not intervals:
        return False
    second = moment.hour * 3600 + moment.minute * 60
    last = intervals[-1][1] * 60 - hours.last_ticket_s
    return any(
        max(0, start * 60 - hours.tickets_before_s) <= second < min(end * 60, last)
        for start, end in intervals
    )


@st.composite
def made_up_hours(draw: st.DrawFn) -> OpeningHours:
    def intervals() -> tuple[tuple[int, int], ...]:
        edges = draw(
            st.lists(st.integers(0, 96), min_size=0, max_size=3, unique=True).filter(
                lambda found: len(found) != 1
            )
        )
        edges = sorted(edges)[: len(edges) // 2 * 2]
        return tuple((edges[i] * 15, edges[i + 1] * 15) for i in range(0, len(edges), 2))

    return OpeningHours(
        days=tuple(draw(st.none()) if draw(st.booleans()) else intervals() for _ in range(7)),
        breaks=tuple(intervals() for _ in range(7)),
        holidays={date(2026, 6, day): {"id": "Libur"} for day in draw(st.sets(st.integers(1, 30)))},
        tickets_before_s=draw(st.sampled_from([0, 900, 5400])),
        last_ticket_s=draw(st.sampled_from([0, 900, 7200])),
    )


@given(made_up_hours(), st.sampled_from(ZONES), st.integers(0, 30 * 96))
def test_the_answer_is_that_of_the_clock_on_the_wall(
    hours: OpeningHours, zone: tzinfo, quarter: int
) -> None:
    """June has no change of the clock in any of these zones."""
    moment = datetime.fromisoformat("2026-06-01") + timedelta(minutes=15 * quarter)
    now_ms = round(moment.replace(tzinfo=zone).timestamp() * 1000)
    closed = hours.closed_because(now_ms, zone)
    assert (closed is None) == plainly_open(moment, hours)
    if closed is not None and closed.opens is not None:
        opens_ms = round(closed.opens.timestamp() * 1000)
        assert opens_ms > now_ms
        assert hours.closed_because(opens_ms, zone) is None
        assert hours.closed_because(opens_ms - 1, zone) is not None


@given(made_up_hours(), st.sampled_from(ZONES), st.integers(0, 370 * 24 * 4))
def test_between_two_changes_the_answer_stays(
    hours: OpeningHours, zone: tzinfo, quarter: int
) -> None:
    """Through a whole year with both changes of the clock."""
    now_ms = at("2026-01-01T00:00", zone) + quarter * 15 * MINUTE_MS
    change_ms = hours.next_change_ms(now_ms, zone)

    def code_at(instant: int) -> str | None:
        closed = hours.closed_because(instant, zone)
        return None if closed is None else closed.code

    if change_ms is None:
        assert hours.always_open
        return
    assert change_ms > now_ms
    step_ms = max(1, (change_ms - now_ms) // 7)
    codes = {code_at(instant) for instant in (*range(now_ms, change_ms, step_ms), change_ms - 1)}
    assert len(codes) == 1


@given(made_up_hours(), st.sampled_from(ZONES), st.integers(0, 370 * 24), st.integers(0, 100))
def test_rests_lie_in_order_inside_of_what_was_asked(
    hours: OpeningHours, zone: tzinfo, hour: int, length: int
) -> None:
    from_ms = at("2026-01-01T00:00", zone) + hour * 60 * MINUTE_MS
    to_ms = from_ms + length * 17 * MINUTE_MS
    edges = [edge for rest in hours.rest_intervals_ms(from_ms, to_ms, zone) for edge in rest]
    assert edges == sorted(edges)
    assert len(set(edges)) == len(edges), "none is empty, none begins where another ends"
    assert all(from_ms <= edge <= to_ms for edge in edges)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("", None),
        ("  ", None),
        ("closed", ()),
        ("Closed", ()),
        ("08:00-12:00", ((480, 720),)),
        ("08.00-12.00, 13.00 – 15.00", ((480, 720), (780, 900))),
        ("00:00-24:00", ((0, 1440),)),
        ("8:00-12:00,12:00-13:00", ((480, 720), (720, 780))),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, hours: object) -> None:
    assert parse_hours(text) == hours


@pytest.mark.parametrize(
    "text",
    [
        "08:00",
        "eight to nine",
        "12:00-08:00",
        "08:00-08:00",
        "08:00-12:00,11:00-13:00",
        "08:00-25:00",
        "08:60-12:00",
        "08:00-12:99",
        "08:00-12:00,",
        "24:00-25:00",
    ],
)
def test_impossible_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_hours(text)
