"""The code of an officer's slip at the kiosk: once, for a while, and not to be guessed."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from protocol import messages as m
from protocol.roles import DeviceRole
from server.commands.code_guesses import TRIES, WITHIN_MS
from server.commands.handler import Asker
from server.snapshots import kiosk_snapshot
from server.texts import table
from tests.running_branch import PIN, RunningBranch
from tests.server.front_door import FrontDoor
from tests.server.lane_story import (
    DESK,
    DOOR,
    KIOSK,
    OFFICE,
    OTHER_KIOSK,
)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[FrontDoor]:
    story = FrontDoor(tmp_path)
    yield story
    story.store.close()


# Codes at the kiosk.


def test_a_code_gives_the_number_that_the_officer_meant_whatever_the_kiosk_says(
    door: FrontDoor,
) -> None:
    screened = door.screen(
        "code",
        matter="identity-change",
        priority="pregnant",
        needs=["wheelchair"],
        language="en",
        weight=4,
        print_at="kiosk-2",
    )
    assert screened["ticket"] is None
    assert door.lane.day.slips[screened["slip"]].kind == "code"
    answer = door.take(screened["code"], service="A", priority="elderly", weight=9)
    ticket = answer["ticket"]
    assert (ticket["service"], ticket["priority"], ticket["weight"]) == ("B", "pregnant", 4)
    assert (ticket["needs"], ticket["language"]) == (["wheelchair"], "en")
    assert ticket["screening"] == screened["screening"]
    assert door.lane.day.tickets[ticket["id"]].printed_at == "kiosk-1"


def test_a_code_opens_once_also_when_two_kiosks_ask_at_the_same_time(door: FrontDoor) -> None:
    code = door.screen("code", service="A")["code"]
    asked = m.IssueTicket(id=uuid4(), service="A", screening=code)
    again = m.IssueTicket(id=uuid4(), service="A", screening=code)
    first, second = door.together((asked, KIOSK), (again, OTHER_KIOSK))
    assert (first["type"], second["reason"]) == ("Accepted", "code-used")
    assert door.ask(asked, KIOSK) == first, "a retry is answered, not refused (I6)"


def test_a_code_is_over_after_its_time_and_says_what_to_do(door: FrontDoor) -> None:
    code = door.screen("code", service="A")["code"]
    door.clock.ms += 3_600_000
    for language in ("id", "en"):
        words = door.take(code, Asker("kiosk-1", DeviceRole.KIOSK, language))
        assert (words["reason"], words["message"]) == (
            "code-expired",
            table("refusal", language)["code-expired"],
        )


def test_a_restart_keeps_codes_screenings_and_what_was_used(door: FrontDoor) -> None:
    """F01: the slip in the visitor's hand stays good."""
    used, fresh = (door.screen("code", service="A")["code"] for _ in range(2))
    assert door.take(used)["type"] == "Accepted"
    before = door.lane.day
    door.restart()
    assert door.lane.day.screenings == before.screenings
    assert door.lane.day.codes == before.codes
    assert door.take(used)["reason"] == "code-used"
    assert door.take(fresh)["type"] == "Accepted"


def test_yesterdays_code_opens_nothing_today(door: FrontDoor) -> None:
    code = door.screen("code", service="A")["code"]
    door.clock.set("2026-11-23T08:00:00")
    assert door.take(code)["reason"] == "unknown-screening"


def test_wrong_codes_cost_time_so_that_nobody_finds_a_good_one(door: FrontDoor) -> None:
    """F52: a right one does not help while the kiosk waits; others and a retry do not wait."""
    code = door.screen("code", service="A")["code"]
    right = m.IssueTicket(
        id=uuid4(), service="A", screening=door.screen("code", service="A")["code"]
    )
    assert door.ask(right)["type"] == "Accepted"
    for guess in range(TRIES):
        assert door.take(f"90000{guess}")["reason"] == "unknown-screening"
    waits = door.take(code)
    assert (waits["reason"], waits["retry_after_s"]) == ("rate-limited", WITHIN_MS / 1000)
    assert door.ask(right)["type"] == "Accepted", "an answered command is answered again (I6)"
    assert door.take("900009", OTHER_KIOSK)["reason"] == "unknown-screening"
    door.clock.ms += WITHIN_MS - 1
    assert door.take(code)["reason"] == "rate-limited"
    door.clock.ms += 1
    assert door.take(code)["type"] == "Accepted"


def test_a_used_or_old_code_is_no_guess(door: FrontDoor) -> None:
    """Somebody holds its slip: a family that tries again is not made to wait."""
    used, code = (door.screen("code", service="A")["code"] for _ in range(2))
    door.take(used)
    for _ in range(3 * TRIES):
        assert door.take(used)["reason"] == "code-used"
    assert door.take(code)["type"] == "Accepted"


def test_a_kiosk_for_screened_visitors_asks_for_a_code_and_staff_need_none(
    door: FrontDoor,
) -> None:
    """Row 4: open, or screened visitors only."""
    assert kiosk_snapshot(door.lane.day, door.clock.ms).mode == "open"
    assert door.ask(m.IssueTicket(id=uuid4(), service="A"))["type"] == "Accepted"
    door.set(kiosk__mode="screened")
    assert kiosk_snapshot(door.lane.day, door.clock.ms).mode == "screened"
    refused = door.ask(m.IssueTicket(id=uuid4(), service="A"))
    assert refused["reason"] == "needs-screening"
    assert refused["message"] == table("refusal", "id")["needs-screening"]
    assert door.ask(m.IssueTicket(id=uuid4(), service="A"), DOOR)["type"] == "Accepted"
    assert door.ask(m.IssueTicket(id=uuid4(), service="A"), DESK)["type"] == "Accepted"
    assert door.take(door.screen("code", service="A")["code"])["type"] == "Accepted"


def test_a_code_is_good_for_a_number_past_the_quota_as_the_officers_own_would_be(
    door: FrontDoor,
) -> None:
    """An officer sent this visitor: at the kiosk nobody is sent back for that."""
    door.set(quota__daily="1")
    assert door.ask(m.IssueTicket(id=uuid4(), service="A"))["type"] == "Accepted"
    assert door.ask(m.IssueTicket(id=uuid4(), service="A"))["reason"] == "service-closed"
    code = door.screen("code", service="A")["code"]
    assert door.take(code)["ticket"]["number"] == "A002"
    door.ask(m.PauseService(id=uuid4(), service="A"), OFFICE)
    assert door.refused("code", service="A")[0] == "service-closed"


def test_the_life_of_a_code_is_a_setting(door: FrontDoor) -> None:
    door.set(door__code_life_s="60")
    code = door.screen("code", service="A")["code"]
    door.clock.ms += 60_000
    assert door.take(code)["reason"] == "code-expired"


def test_staff_link_a_number_to_a_visit_that_went_on_otherwise(door: FrontDoor) -> None:
    """Who comes back with the missing paper is not asked everything again."""
    back = door.screen("return", matter="identity-change", missing=["kk"])["screening"]
    answer = door.take(back, DOOR, service="B", priority="elderly")
    assert answer["ticket"]["screening"] == back
    assert (answer["ticket"]["service"], answer["ticket"]["priority"]) == ("B", "elderly")
    assert door.take(back, DESK)["reason"] == "code-used"
    assert door.take("nobody", DESK)["reason"] == "unknown-screening"
    gone = m.CancelTicket(id=uuid4(), ticket=answer["ticket"]["id"], reason="visitor-left")
    assert door.ask(gone, DOOR)["type"] == "Accepted"
    assert door.take(back, DESK)["ticket"]["screening"] == back


# Over the wire.


async def test_from_the_officers_tap_to_the_number_at_the_kiosk(branch: RunningBranch) -> None:
    """The slip reaches the kiosk, its code gives the number, and the door sees both."""
    async with branch.client("kiosk-1") as kiosk, branch.client("door-1") as door:
        assert isinstance(await door.ask(m.SignIn(id=uuid4(), staff="budi", pin=PIN)), m.Accepted)
        screened = await door.ask(
            m.RecordScreening(
                id=uuid4(),
                outcome="code",
                matter="identity-change",
                identifier="3515144508680002",
                print_at="kiosk-1",
            )
        )
        assert isinstance(screened, m.Accepted)
        slip = await kiosk.notice(m.SlipToPrint, where=lambda told: told.job == screened.slip)
        assert slip.code == screened.code
        assert "0002" not in repr(slip)
        issued = await kiosk.ask(m.IssueTicket(id=uuid4(), service="A", screening=slip.code))
        assert isinstance(issued, m.Accepted)
        assert isinstance(issued.ticket, m.Ticket)
        assert (issued.ticket.service, issued.ticket.screening) == ("B", screened.screening)
        number = issued.ticket.number
        seen = await door.notice(
            m.ScreeningSnapshot, where=lambda told: number in [one.number for one in told.recent]
        )
        assert seen.recent[0].code is None
        view = await door.inquire(m.GetScreening(id=uuid4(), ticket=issued.ticket.id))
        assert isinstance(view, m.Answer)
        assert isinstance(view.screening, m.ScreeningView)
        assert view.screening.masked == "************0002"
