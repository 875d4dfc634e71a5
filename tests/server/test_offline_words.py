"""LeaseNumbers and MergeOffline over lane and store: restarts, late frames, other days."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import update

from db import tables as t
from db.engine import sqlite_url
from protocol.messages import (
    CallNext,
    CloseBranchDay,
    ConfirmPrint,
    IssueTicket,
    LeaseNumbers,
    MergeOffline,
    OfflineTicket,
    ReprintTicket,
)
from protocol.roles import DeviceRole
from server.administration.devices import add_devices
from server.administration.doctor import examine
from server.administration.startup import read_startup
from server.administration.summary import as_table, read_summary
from server.administration.verify import verify
from server.commands.handler import Asker
from server.domain.events import LeaseEnded
from server.store import Store
from tests.server.lane_story import (
    DESK,
    DEWI,
    JAKARTA,
    KIOSK,
    OFFICE,
    OTHER_KIOSK,
    LaneStory,
)


class Branch(LaneStory):
    """A branch in which kiosks lose their link."""

    def lease(self, asker: Asker = KIOSK, **fields: Any) -> dict[str, Any]:
        answer = self.ask(LeaseNumbers(id=uuid4(), **fields), asker)
        assert answer["type"] == "Accepted", answer
        found: dict[str, Any] = answer["lease"]
        return found

    def given(self, serial: int, series: str = "AK", **fields: Any) -> OfflineTicket:
        """A number that a kiosk gives now, by its own clock, which is right."""
        at = datetime.fromtimestamp(self.clock.ms / 1000, UTC)
        facts: dict[str, Any] = {
            "ticket": str(uuid4()),
            "number": f"{series}{serial:03d}",
            "service": series[0],
            "business_date": at.astimezone(JAKARTA).date(),
            "issued_at": at,
        }
        return OfflineTicket(series=series, serial=serial, **facts | fields)

    def merge(self, *tickets: OfflineTicket, asker: Asker = KIOSK) -> dict[str, Any]:
        return self.ask(self.merging(*tickets), asker)

    @staticmethod
    def merging(*tickets: OfflineTicket) -> MergeOffline:
        return MergeOffline(id=uuid4(), lease="lease", tickets=list(tickets))

    def pass_s(self, seconds: float) -> None:
        self.clock.ms += int(seconds * 1000)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Branch]:
    story = Branch(tmp_path)
    yield story
    assert verify(story.store) == []
    story.store.close()


def numbers_of(answer: dict[str, Any]) -> list[tuple[str, str]]:
    assert answer["type"] == "Accepted", answer
    return [(ticket["number"], ticket["state"]) for ticket in answer["merged"]]


def test_a_lease_says_everything_that_a_kiosk_needs_to_go_on_alone(hall: Branch) -> None:
    lease = hall.lease()
    assert (lease["letter"], lease["business_date"], lease["number_width"]) == (
        "K",
        "2026-11-20",
        3,
    )
    assert lease["day_starts_at"] == "00:00"
    assert lease["valid_until"] == "2026-11-26T17:00:00.000Z"
    assert {"series": "AK", "first": 1, "last": 200} in lease["ranges"]
    first = lease["services"][0]
    assert (first["code"], first["series"], first["priority_series"]) == ("A", "AK", "PK")
    assert first["papers"]
    assert first["hours"] == [{"begins_at": "2026-11-19T17:00:00.000Z", "ends_at": None}]
    # A frame of a branch with many services and hours stays far below what a client takes.
    assert len(msgspec.json.encode(lease)) < 16_000


def test_the_letter_and_the_lease_survive_a_restart_and_the_night(hall: Branch) -> None:
    first = hall.lease()
    hall.restart()
    assert hall.lease() == first
    assert hall.lease(OTHER_KIOSK)["letter"] == "L"
    hall.clock.set("2026-11-21T08:00:00")
    again = hall.lease(OTHER_KIOSK)
    assert (again["letter"], again["business_date"]) == ("L", "2026-11-21")
    assert hall.lease()["letter"] == "K"
    assert hall.lease()["lease"] != first["lease"]
    hall.restart()
    assert hall.lease()["letter"] == "K"


def test_two_kiosks_that_ask_in_one_batch_get_two_letters(hall: Branch) -> None:
    both = hall.together((LeaseNumbers(id=uuid4()), KIOSK), (LeaseNumbers(id=uuid4()), OTHER_KIOSK))
    assert [answer["lease"]["letter"] for answer in both] == ["K", "L"]


def test_a_lease_is_not_lent_again_after_the_disk_refused_it(hall: Branch) -> None:
    batch = hall.decide((LeaseNumbers(id=uuid4()), OTHER_KIOSK))
    hall.lane.fail(batch)
    assert hall.lease()["letter"] == "K"


def test_what_was_merged_is_a_ticket_like_any_other(hall: Branch) -> None:
    hall.lease()
    late = hall.given(1), hall.given(2)
    hall.pass_s(600)
    with_link = hall.ask(IssueTicket(id=uuid4(), service="A"))["ticket"]
    assert with_link["number"] == "A001"
    merged = hall.merge(*late)
    assert numbers_of(merged) == [("AK001", "waiting"), ("AK002", "waiting")]
    assert all(ticket["offline"] for ticket in merged["merged"])
    hall.sit_down(1)
    called = hall.ask(CallNext(id=uuid4()), DESK)["ticket"]
    assert called["number"] == "AK001"
    assert called["issued_at"] == "2026-11-20T01:00:00.000Z"


def test_a_merge_is_done_once_whoever_asks_how_often(hall: Branch) -> None:
    """I6: the same command again, the same journal under another id, after a restart."""
    hall.lease()
    merging = hall.merging(hall.given(1), hall.given(2))
    first = hall.ask(merging)
    assert hall.ask(merging) == first
    hall.restart()
    assert hall.ask(merging) == first
    anew = hall.ask(hall.merging(*merging.tickets, hall.given(3)))
    assert [number for number, _ in numbers_of(anew)] == ["AK001", "AK002", "AK003"]
    assert anew["revision"] == first["revision"] + 1
    assert hall.ask(merging, OTHER_KIOSK)["reason"] == "id-reused"


def test_one_number_for_two_tickets_is_refused_with_everything_beside_it(hall: Branch) -> None:
    hall.lease()
    hall.merge(hall.given(1))
    revision = hall.lane.day.revision
    no = hall.merge(hall.given(2), hall.given(1), hall.given(3))
    assert no["reason"] == "number-taken"
    assert "AK001" in no["message"]
    assert hall.lane.day.revision == revision
    assert set(hall.lane.day.offline_serials["AK"]) == {1}
    assert numbers_of(hall.merge(hall.given(2))) == [("AK002", "waiting")]


# The answer that was lost.


def test_a_ticket_whose_answer_was_lost_makes_way(hall: Branch) -> None:
    hall.lease()
    command = IssueTicket(id=uuid4(), service="A")
    ghost = hall.ask(command)["ticket"]["id"]
    hall.pass_s(2)
    late = hall.given(1, instead_of=command.id)
    merged = hall.merge(late)
    assert merged["replaced"] == [ghost]
    assert [one.number for one in waiting(hall)] == ["AK001"]
    # The kiosk started anew and tells its journal again: it is told again what makes way.
    again = hall.merge(late)
    assert (again["replaced"], numbers_of(again)) == ([ghost], [("AK001", "waiting")])
    assert again["revision"] == merged["revision"]


def test_a_ghost_of_the_same_batch_makes_way_too(hall: Branch) -> None:
    hall.lease()
    command = IssueTicket(id=uuid4(), service="A")
    late = hall.given(1, instead_of=command.id)
    issued, merged = hall.together((command, KIOSK), (hall.merging(late), KIOSK))
    assert merged["replaced"] == [issued["ticket"]["id"]]


def test_a_frame_that_comes_after_its_merge_gives_no_number(hall: Branch) -> None:
    """F22: on the old connection, after a restart of the server, and on the next day."""
    hall.lease()
    command = IssueTicket(id=uuid4(), service="A")
    merging = hall.merging(hall.given(1, instead_of=command.id))
    merged, late = hall.together((merging, KIOSK), (command, KIOSK))
    assert (merged["replaced"], late["reason"]) == ([], "withdrawn")
    hall.restart()
    assert hall.lane.knows(command.id.bytes)
    assert hall.ask(command)["reason"] == "withdrawn"
    assert hall.ask(command, OTHER_KIOSK)["reason"] == "withdrawn"
    hall.clock.set("2026-11-21T20:00:00")
    hall.restart()
    hall.lane.forget_old_commands()
    assert hall.ask(command)["reason"] == "withdrawn"
    assert hall.merge(*merging.tickets)["replaced"] == []


def test_a_wish_that_is_named_twice_or_is_the_merge_itself_is_no_harm(hall: Branch) -> None:
    """F42: one id stands once in the memory of commands, whatever a kiosk says."""
    hall.lease()
    wish, merge_id = uuid4(), uuid4()
    late = [hall.given(n, instead_of=wish) for n in (1, 2)]
    late.append(hall.given(3, instead_of=merge_id))
    merged = hall.ask(MergeOffline(id=merge_id, lease="lease", tickets=late))
    assert [number for number, _ in numbers_of(merged)] == ["AK001", "AK002", "AK003"]
    assert numbers_of(hall.merge(hall.given(4, instead_of=wish))) == [("AK004", "waiting")]
    assert hall.ask(IssueTicket(id=wish, service="A"))["reason"] == "withdrawn"


def test_a_command_is_not_withdrawn_by_a_merge_that_the_disk_refused(hall: Branch) -> None:
    hall.lease()
    command = IssueTicket(id=uuid4(), service="A")
    batch = hall.decide((hall.merging(hall.given(1, instead_of=command.id)), KIOSK))
    hall.lane.fail(batch)
    assert hall.ask(command)["type"] == "Accepted"


def test_a_merge_that_is_refused_withdraws_nothing(hall: Branch) -> None:
    hall.lease()
    command = IssueTicket(id=uuid4(), service="A")
    no = hall.merge(hall.given(1, instead_of=command.id), hall.given(1, "AL"))
    assert no["reason"] == "not-yours"
    assert hall.ask(command)["type"] == "Accepted"


def test_a_kiosk_takes_back_only_what_it_asked_itself(hall: Branch) -> None:
    hall.lease()
    command = IssueTicket(id=uuid4(), service="A")
    hall.ask(command, OTHER_KIOSK)
    merged = hall.merge(hall.given(1, instead_of=command.id))
    assert (merged["replaced"], numbers_of(merged)) == ([], [("AK001", "waiting")])
    assert [one.number for one in waiting(hall)] == ["A001", "AK001"]
    assert hall.ask(command, OTHER_KIOSK)["type"] == "Accepted"


def waiting(hall: Branch) -> list[Any]:
    return [one for one in hall.lane.day.tickets.values() if one.state == "waiting"]


# Paper.


def test_the_word_on_the_kiosks_own_paper_and_a_reprint(hall: Branch) -> None:
    """I9."""
    hall.lease()
    late = hall.given(1, print="pending", copies=1)
    (ticket,) = hall.merge(late)["merged"]
    assert ticket["print"] == "pending"
    said = ConfirmPrint(id=uuid4(), job=late.ticket, outcome="failed")
    assert hall.ask(said, OTHER_KIOSK)["reason"] == "not-yours"
    assert hall.ask(said)["type"] == "Accepted"
    again = hall.ask(ReprintTicket(id=uuid4(), ticket=late.ticket))["ticket"]
    assert again["print"] == "pending"
    assert hall.lane.day.tickets[late.ticket].copies == 2


# Days.


def test_what_was_given_over_midnight_is_written_to_its_own_day(hall: Branch) -> None:
    """F14, F16: the link was away from Friday afternoon to Saturday morning."""
    hall.lease()
    hall.ask(IssueTicket(id=uuid4(), service="A"))
    friday = hall.given(1), hall.given(2)
    hall.clock.set("2026-11-21T08:00:00")
    saturday = (hall.given(1),)
    hall.lease(OTHER_KIOSK)
    hall.pass_s(300)
    merging = hall.merging(*friday, *saturday)
    merged = hall.ask(merging)
    assert numbers_of(merged) == [
        ("AK001", "expired"),
        ("AK002", "expired"),
        ("AK001", "waiting"),
    ]
    assert verify(hall.store) == []
    for _ in range(2):
        assert hall.ask(hall.merging(*merging.tickets))["revision"] == merged["revision"]
        hall.restart()
    figures = read_summary(hall.store, "2026-11-20")
    assert figures.adds_up
    assert (figures.total.issued, figures.total.expired) == (3, 3)
    assert figures.services["A"].issued == 3
    today = read_summary(hall.store, "2026-11-21")
    assert (today.total.issued, today.total.waiting, today.adds_up) == (1, 1, True)


def test_a_merge_for_an_earlier_day_in_one_batch_is_seen_by_the_next(hall: Branch) -> None:
    hall.lease()
    late = hall.given(1)
    hall.clock.set("2026-11-21T08:00:00")
    other = msgspec.structs.replace(late, ticket=str(uuid4()))
    first, again, no = hall.together(
        (hall.merging(late), KIOSK), (hall.merging(late), KIOSK), (hall.merging(other), KIOSK)
    )
    assert numbers_of(first) == numbers_of(again) == [("AK001", "expired")]
    assert no["reason"] == "number-taken"
    hall.restart()
    assert hall.merge(other)["reason"] == "number-taken"
    hall.clock.set("2026-11-23T08:00:00")
    assert hall.merge(other)["reason"] == "number-taken"
    assert numbers_of(hall.merge(late)) == [("AK001", "expired")]


def test_a_day_that_the_server_slept_through_is_known_by_its_kiosks(hall: Branch) -> None:
    """The server was off on Saturday; only kiosks gave numbers then."""
    hall.lease()
    hall.clock.set("2026-11-21T10:00:00")
    saturday = [hall.given(n) for n in range(1, 4)]
    hall.clock.set("2026-11-23T08:00:00")
    hall.restart()
    assert numbers_of(hall.merge(*saturday)) == [(f"AK00{n}", "expired") for n in (1, 2, 3)]
    assert verify(hall.store) == []
    figures = read_summary(hall.store, "2026-11-21")
    assert (figures.total.issued, figures.total.expired, figures.adds_up) == (3, 3, True)
    assert [(one.series, one.given) for one in figures.lent if one.given] == [("AK", 3)]


def test_an_insider_who_takes_such_a_ticket_away_is_found(hall: Branch) -> None:
    """I13: of a day with events, and of one without."""
    hall.lease()
    late = [hall.given(1)]
    hall.clock.set("2026-11-21T10:00:00")
    late.append(hall.given(1))
    hall.clock.set("2026-11-23T08:00:00")
    hall.merge(*late)
    for ticket, day in zip(late, ("2026-11-20", "2026-11-21"), strict=True):
        with hall.store.database.writing() as connection:
            kept = connection.exec_driver_sql(
                "SELECT state FROM ticket WHERE id = ?", (ticket.ticket,)
            ).scalar()
            connection.exec_driver_sql(
                "UPDATE ticket SET state = 'finished' WHERE id = ?", (ticket.ticket,)
            )
        (problem,) = verify(hall.store)
        assert problem.startswith(day)
        assert "finished" in problem
        with hall.store.database.writing() as connection:
            connection.exec_driver_sql(
                "UPDATE ticket SET state = ? WHERE id = ?", (kept, ticket.ticket)
            )


def test_a_lease_that_somebody_changed_is_found(hall: Branch) -> None:
    """I13."""
    hall.lease()
    hall.lease(used={"AK": 150})
    assert verify(hall.store) == []
    for to in (500, 400):
        with hall.store.database.writing() as connection:
            connection.exec_driver_sql(
                "UPDATE number_lease SET last_serial = ? WHERE series = 'AK'", (to,)
            )
        assert bool(verify(hall.store)) == (to == 500)


def test_on_a_closed_day_a_merged_visitor_expires_and_the_figures_add_up(hall: Branch) -> None:
    hall.lease()
    late = hall.given(1)
    hall.pass_s(60)
    hall.sign_in(OFFICE, DEWI)
    assert hall.ask(CloseBranchDay(id=uuid4()), OFFICE)["type"] == "Accepted"
    assert numbers_of(hall.merge(late)) == [("AK001", "expired")]
    figures = read_summary(hall.store, "2026-11-20")
    assert (figures.total.issued, figures.total.expired, figures.adds_up) == (1, 1, True)


def test_leased_numbers_that_nobody_used_are_told_and_are_no_gaps(hall: Branch) -> None:
    """I2."""
    hall.lease()
    hall.lease(OTHER_KIOSK)
    late = hall.given(3)
    hall.merge(hall.given(1), hall.given(2, print="printed", copies=1))
    hall.clock.set("2026-11-21T08:00:00")
    hall.merge(late)
    figures = read_summary(hall.store, "2026-11-20")
    ((lent, given, unused),) = [
        (one.lent, one.given, one.unused) for one in figures.lent if one.series == "AK"
    ]
    assert (lent, given, unused) == (200, 3, 197)
    told = "\n".join(as_table(hall.store, figures, "id"))
    assert "kiosk-1 (huruf K) tanpa sambungan: 3 dari 1400 nomor diberikan (AK 3), 1397" in told
    assert "kiosk-2 (huruf L): 1400 nomor titipan" in told
    (ended,) = [
        entry.event.numbers
        for entry in hall.store.events_of(LeaseEnded)
        if isinstance(entry.event, LeaseEnded) and entry.event.device == "kiosk-1"
    ]
    assert ended["AK"] == (2, 198)


def test_the_doctor_says_which_kiosk_could_go_on_alone(tmp_path: Path) -> None:
    branch = Branch(tmp_path)
    branch.lease()
    branch.merge(branch.given(1))
    branch.store.close()
    url = sqlite_url(tmp_path / "branch.db")
    with Store.open(url) as store:
        add_devices(store, ["kiosk-1", "kiosk-2"], DeviceRole.KIOSK, None, 0)
    startup = read_startup({"data": str(tmp_path), "port": "0"}, {"ANTREAN_SETTINGS": ""})
    found = [str(one) for one in examine(startup, url, branch.clock.now_ms)]
    (line,) = [one for one in found if " kiosks:" in one]
    assert "kiosk-1: letter K, 1 of 1400 numbers given" in line
    assert "kiosk-2: none" in line


def test_leases_and_merges_on_postgresql(postgres_database: str, tmp_path: Path) -> None:
    """The same rows, days and figures there."""
    with Store.open(postgres_database) as store:
        branch = Branch(tmp_path, store)
        branch.lease()
        late = [branch.given(1), branch.given(2, print="printed", copies=1)]
        branch.clock.set("2026-11-21T08:00:00")
        branch.lease(used={"AK": 1})
        late.append(branch.given(1))
        assert [state for _, state in numbers_of(branch.merge(*late))] == [
            "expired",
            "expired",
            "waiting",
        ]
        branch.restart()
        assert branch.lease()["letter"] == "K"
        assert branch.merge(*late)["revision"] == branch.lane.day.revision
        assert verify(store) == []
        figures = read_summary(store, "2026-11-20")
        assert (figures.total.issued, figures.total.expired, figures.adds_up) == (2, 2, True)
        assert [one.given for one in figures.lent if one.series == "AK"] == [2]


def test_a_long_night_is_merged_in_parts_and_stays_quick(hall: Branch) -> None:
    """G09: 2,000 tickets of eight hours, with the counters at work in between."""
    hall.lease()
    hall.lease(used={"AK": 2_000})
    journal = []
    for serial in range(1, 2_001):
        hall.pass_s(14.4)
        journal.append(hall.given(serial))
        if serial % 10 == 0:
            hall.ask(IssueTicket(id=uuid4(), service="B"), OTHER_KIOSK)
    hall.pass_s(60)
    for start in range(0, len(journal), 40):
        hall.ask(IssueTicket(id=uuid4(), service="A"), OTHER_KIOSK)
        assert hall.merge(*journal[start : start + 40])["type"] == "Accepted"
    line = hall.lane.day.lines.tickets("service:A")
    assert line[:2_000] == [one.ticket for one in journal]
    hall.restart()
    assert hall.lane.day.lines.tickets("service:A") == line


def test_a_disk_that_is_busy_loses_and_doubles_nothing(hall: Branch) -> None:
    hall.lease()
    merging = hall.merging(hall.given(1, instead_of=UUID(int=7)), hall.given(2))
    batch = hall.decide((merging, KIOSK))
    refused = [frame for _, frame in hall.lane.fail(batch)]
    assert b"try-again" in refused[0]
    assert numbers_of(hall.ask(merging)) == [("AK001", "waiting"), ("AK002", "waiting")]
    assert hall.ask(IssueTicket(id=UUID(int=7), service="A"))["reason"] == "withdrawn"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"business_date": date(9999, 12, 31)}, ""),
        ({"business_date": date(1, 1, 1)}, "bad-value"),
        ({"issued_at": datetime(1, 1, 1, tzinfo=UTC)}, ""),
        ({"issued_at": datetime(9999, 12, 31, tzinfo=UTC)}, ""),
        ({"service": "no-such"}, ""),
        ({"ticket": "A001"}, ""),
        ({"priority": "urgent"}, ""),
        ({"needs": ["no-such"]}, ""),
        ({"language": "xx"}, ""),
    ],
)
def test_whatever_a_kiosk_says_is_taken_or_refused_and_is_no_bug(
    hall: Branch, fields: dict[str, Any], reason: str
) -> None:
    """F15, F42: a dead battery, another catalogue, an older program."""
    hall.lease()
    late = msgspec.structs.replace(hall.given(1), **fields)
    hall.pass_s(60)
    answer = hall.merge(late)
    assert answer.get("reason", "") == reason
    if not reason:
        assert hall.merge(late)["type"] == "Accepted"
        ticket = hall.lane.day.tickets[late.ticket]
        assert hall.clock.ms - 60_000 <= ticket.issued_at_ms <= hall.clock.ms
        again = msgspec.structs.replace(late, ticket="another")
        assert hall.merge(again)["reason"] in ("number-taken", "too-soon")


def test_a_ticket_of_the_server_cannot_be_told_by_a_kiosk(hall: Branch) -> None:
    hall.lease()
    ticket = hall.ask(IssueTicket(id=uuid4(), service="A"))["ticket"]["id"]
    late = msgspec.structs.replace(hall.given(1), ticket=ticket)
    assert hall.merge(late)["reason"] == "number-taken"
    hall.clock.set("2026-11-21T08:00:00")
    assert hall.merge(late)["reason"] == "number-taken"


def test_a_kiosk_gets_its_numbers_also_when_the_day_is_closed(hall: Branch) -> None:
    """For tomorrow, should the link be away then."""
    hall.sign_in(OFFICE, DEWI)
    hall.ask(CloseBranchDay(id=uuid4()), OFFICE)
    assert hall.lease()["letter"] == "K"


def put_letter(hall: Branch, service: str, letter: str) -> None:
    """As if the catalogue named another letter, from a restart on."""
    c = t.service.c
    with hall.store.database.writing() as connection:
        connection.execute(update(t.service).where(c.code == service).values(letter=letter))
    hall.restart()


def test_a_service_that_gets_the_letters_of_a_kiosk_gives_none_of_its_numbers(
    hall: Branch,
) -> None:
    """I2: neither what was merged before nor what is merged later meets one of the branch's own;
    it would stop the server at the disk, again at each press."""
    hall.lease()
    early, late = hall.given(1), hall.given(2)
    assert numbers_of(hall.merge(early)) == [("AK001", "waiting")]
    put_letter(hall, "B", "AK")
    of_branch = hall.ask(IssueTicket(id=uuid4(), service="B"))["ticket"]["number"]
    assert of_branch == "AK201"
    assert numbers_of(hall.merge(late)) == [("AK002", "waiting")]
    assert hall.lease()["letter"] == "L"
    hall.restart()
    assert hall.ask(IssueTicket(id=uuid4(), service="B"))["ticket"]["number"] == "AK202"


def test_a_kiosk_is_not_lent_what_the_branch_itself_gave_today(hall: Branch) -> None:
    put_letter(hall, "B", "AK")
    assert hall.ask(IssueTicket(id=uuid4(), service="B"))["ticket"]["number"] == "AK001"
    put_letter(hall, "B", "B")
    assert hall.lease()["letter"] == "L"
    assert numbers_of(hall.merge(hall.given(1, "AL"))) == [("AL001", "waiting")]


def test_a_kiosk_that_lost_its_memory_before_its_first_word_of_a_day_gets_fresh_numbers(
    hall: Branch,
) -> None:
    """I9: by yesterday's lease it may have given AK001 this morning, on paper."""
    hall.lease()
    hall.clock.set("2026-11-21T08:00:00")
    anew = {one["series"]: (one["first"], one["last"]) for one in hall.lease(anew=True)["ranges"]}
    assert anew["AK"] == (201, 400)
    hall.clock.set("2026-11-22T08:00:00")
    assert hall.lease()["ranges"][0] == {"series": "AK", "first": 1, "last": 200}


def test_a_kiosk_tells_nothing_of_the_papers_of_others(hall: Branch) -> None:
    """I9, F47: neither of another kiosk's ticket nor under the name of another paper."""
    hall.lease()
    hall.lease(OTHER_KIOSK)
    late = hall.given(1, print="pending", copies=1)
    hall.merge(late)
    lie = msgspec.structs.replace(late, print="printed")
    assert hall.merge(lie, asker=OTHER_KIOSK)["reason"] == "not-yours"
    assert hall.lane.day.tickets[late.ticket].print == "pending"
    with_link = hall.ask(IssueTicket(id=uuid4(), service="A"), OTHER_KIOSK)["ticket"]["id"]
    job = hall.lane.day.tickets[with_link].job
    assert job is not None
    assert hall.merge(hall.given(2, ticket=job, print="printed"))["reason"] == "bad-value"
    assert hall.lane.day.jobs[job].ticket == with_link
