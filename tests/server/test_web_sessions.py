"""Managers with a browser: signing in, what is said on their behalf, and how a session ends."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest

from db import tables as t
from protocol import messages as m
from protocol.roles import DeviceRole
from server.adapters.second_step import STEP_S, TotpSteps
from server.commands.handler import Asker
from server.domain import events as e
from server.domain.web_sessions import SESSIONS_MAX, mark_of
from tests.server.lane_story import (
    BUDI,
    DESK,
    DEWI,
    HADI,
    OFFICE,
    RINA,
    STEP_SECRET,
    WATI,
    WEB,
    LaneStory,
)

OTHER_WEB = Asker("web-2", DeviceRole.WEB)


@pytest.fixture
def story(tmp_path: Path) -> Iterator[LaneStory]:
    """Rina at counter 1; Dewi has a browser."""
    told = LaneStory(tmp_path)
    told.sit_down(1)
    yield told
    told.store.close()


def open_session(story: LaneStory, **words: Any) -> dict[str, Any]:
    if "password" not in words:
        words.setdefault("pin", "-")
    return story.ask(m.OpenSession(id=uuid4(), staff="dewi", **words), WEB)


def set_second_step(story: LaneStory, code: str, **words: Any) -> dict[str, Any]:
    word = m.SetSecondStep(
        id=uuid4(), staff="dewi", pin="-", secret=STEP_SECRET, code=code, **words
    )
    return story.ask(word, WEB)


def pause(story: LaneStory, session: str, asker: Asker = WEB) -> dict[str, Any]:
    """A manager's word, which does no harm; what became of it."""
    word = m.PauseService(id=uuid4(), service="A", on_behalf_of=session)
    return story.ask(word, asker)


def holds(story: LaneStory, session: str) -> bool:
    answer = pause(story, session)
    assert answer.get("reason") in (None, "not-signed-in")
    return bool(answer["type"] == "Accepted")


def end(story: LaneStory, session: str, handle: str | None = None) -> dict[str, Any]:
    return story.ask(m.EndSession(id=uuid4(), on_behalf_of=session, session=handle), WEB)


def handle_of(story: LaneStory, session: str) -> str:
    return story.lane.day.web_sessions[mark_of(session)].handle


# Signing in.


def test_who_has_no_second_step_is_told_to_set_one_up_and_is_in_with_it(story: LaneStory) -> None:
    answer = open_session(story)
    assert answer["reason"] == "second-step-unset"
    assert "langkah kedua" in answer["message"]
    assert set_second_step(story, "000000")["reason"] == "wrong-code"
    answer = set_second_step(story, story.step_code(), where="Firefox, kantor")
    assert (answer["staff"], answer["name"]) == ("dewi", "Dewi")
    assert holds(story, answer["session"])
    (session,) = story.lane.day.web_sessions.values()
    assert (session.where, session.device, session.role) == ("Firefox, kantor", "web-1", "manager")


def test_a_second_step_that_is_set_is_asked_for_and_is_not_set_again(story: LaneStory) -> None:
    story.open_browser()
    assert open_session(story)["reason"] == "second-step-needed"
    answer = open_session(story, code=story.step_code())
    assert holds(story, answer["session"])
    story.clock.ms += STEP_S * 1000
    again = set_second_step(story, story.step_code())
    assert again["reason"] == "not-allowed"
    assert "ponsel hilang" in again["message"]


def test_a_password_alone_is_enough_where_the_branch_says_so_and_a_pin_never(
    story: LaneStory,
) -> None:
    """``web.second_step`` with-pin."""
    assert open_session(story, password="-")["reason"] == "second-step-unset"
    story.set_one("web.second_step", "with-pin")
    assert holds(story, open_session(story, password="-")["session"])
    assert open_session(story)["reason"] == "second-step-unset"
    story.open_browser()
    assert open_session(story)["reason"] == "second-step-needed"
    assert holds(story, open_session(story, password="-")["session"])
    wrong = open_session(story, password="-", code="000000")
    assert wrong["reason"] == "wrong-code", "who gives a code gives the right one"


def test_the_answer_names_the_words_that_a_browser_may_say_and_no_others(
    story: LaneStory,
) -> None:
    set_second_step(story, story.step_code())
    story.clock.ms += STEP_S * 1000
    words = set(open_session(story, code=story.step_code())["permissions"])
    assert {"SetDiscipline", "CloseBranchDay", "OpenCounter", "EndSession", "ListSessions"} <= words
    assert not words & {"RateService", "BookTicket", "OpenSession", "CallNext", "SignIn"}


# The code of the second step.


def test_a_code_is_good_once(story: LaneStory) -> None:
    """F46, ASVS V6.5.1: who saw it over a shoulder cannot use it again."""
    code = story.step_code()
    set_second_step(story, code)
    assert open_session(story, code=code)["reason"] == "wrong-code"
    story.clock.ms += STEP_S * 1000
    code = story.step_code()
    assert open_session(story, code=code)["type"] == "Accepted"
    assert open_session(story, code=code)["reason"] == "wrong-code"
    assert open_session(story, code=story.step_code(steps=-1))["reason"] == "wrong-code"
    assert open_session(story, code=story.step_code(steps=1))["type"] == "Accepted"


def test_a_code_stays_used_in_the_same_batch_after_a_restart_and_on_the_next_day(
    story: LaneStory,
) -> None:
    """F46: what says so lies on the disk beside the secret."""
    story.clock.set("2026-11-20T23:59:40")
    set_second_step(story, story.step_code())
    story.clock.ms += STEP_S * 1000
    word = {"staff": "dewi", "pin": "-", "code": story.step_code()}
    asked = [(m.OpenSession(id=uuid4(), **word), WEB) for _ in range(2)]
    assert [one.get("reason") for one in story.together(*asked)] == [None, "wrong-code"]
    assert story.lane.day.business_date == "2026-11-21"
    story.restart()
    assert open_session(story, code=word["code"])["reason"] == "wrong-code"


@pytest.mark.parametrize(
    ("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_phone_may_be_one_step_off(story: LaneStory, steps: int, good: bool) -> None:
    now_ms, totp = story.clock.ms, TotpSteps()
    found = totp.step_of(STEP_SECRET, story.step_code(steps=steps), now_ms)
    assert found == (now_ms // 1000 // STEP_S + steps if good else None)


def test_what_is_no_secret_fits_no_code() -> None:
    assert TotpSteps().step_of("not base32!", "123456", 0) is None


def test_wrong_codes_lock_the_account_for_ever_longer(story: LaneStory) -> None:
    """F52: as wrong PINs do; nobody else is kept out."""
    story.open_browser(HADI)
    story.open_browser()
    for _ in range(5):
        assert open_session(story, code="000000")["reason"] == "wrong-code"
    locked = open_session(story, code=story.step_code())
    assert (locked["reason"], locked["retry_after_s"]) == ("locked-out", 30)
    assert holds(story, story.open_browser(HADI))
    story.clock.ms += 1000
    assert open_session(story, code="000000")["reason"] == "wrong-code"
    assert open_session(story, code=story.step_code())["retry_after_s"] == 60
    story.clock.ms += 60_000
    assert open_session(story, code=story.step_code())["type"] == "Accepted"


def test_who_has_the_pin_finds_no_code_by_guessing_all_day(story: LaneStory) -> None:
    """F52, ASVS V6.5.5: at virtual time, every five seconds; most tries fall on a lock."""
    story.open_browser()
    tried, start_ms = 0, story.clock.ms
    for guess in range(10_000):
        code = f"{(guess * 611_953) % 1_000_000:06}"
        ask = m.OpenSession(id=uuid4(), staff="dewi", pin="-", code=code)
        (answer,) = story.answers(story.decide((ask, WEB)))
        assert answer["type"] == "Rejected"
        tried += answer["reason"] == "wrong-code"
        story.clock.ms += 5000
    days = (story.clock.ms - start_ms) / 86_400_000
    # Three codes of a million are good at a time.
    assert tried * 3 / 1_000_000 / days < 3e-4, tried


# Whose word it is.


def test_a_word_on_behalf_is_the_managers_own(story: LaneStory) -> None:
    session = story.open_browser()
    assert holds(story, session)
    (paused,) = [
        one for one in story.store.load_day().entries if isinstance(one.event, e.ServicePaused)
    ]
    assert isinstance(paused.event, e.ServicePaused)
    assert (paused.event.staff, paused.actor) == ("dewi", "web-1")


def test_a_session_is_of_the_device_that_opened_it(story: LaneStory) -> None:
    """F53: a stolen session is worth nothing at another device, of whatever role."""
    session = story.open_browser()
    assert pause(story, session, OTHER_WEB)["reason"] == "not-signed-in"
    story.sign_in(OFFICE, DEWI)
    assert pause(story, session, OFFICE)["reason"] == "not-allowed"
    word = m.OpenCounter(id=uuid4(), on_behalf_of=session)
    assert story.ask(word, DESK)["reason"] == "not-allowed"
    assert holds(story, session)


@pytest.mark.parametrize("said", ["x" * 22, "0" * 64])
def test_what_is_no_session_opens_nothing(story: LaneStory, said: str) -> None:
    session = story.open_browser()
    assert pause(story, said)["reason"] == "not-signed-in"
    assert pause(story, mark_of(session))["reason"] == "not-signed-in", "what is kept opens nothing"


def test_the_pages_say_no_managers_word_for_nobody(story: LaneStory) -> None:
    """F47: without a session only what visitors say."""
    ticket = story.ask(m.IssueTicket(id=uuid4(), service="A"))["ticket"]["id"]
    for word in (
        m.PauseService(id=uuid4(), service="A"),
        m.CancelTicket(id=uuid4(), ticket=ticket, reason="visitor-left"),
        m.CloseBranchDay(id=uuid4()),
        m.OpenCounter(id=uuid4(), counter=1),
    ):
        assert story.ask(word, WEB)["reason"] == "not-signed-in"


def test_nobody_speaks_for_a_manager_and_a_visitor_at_once(story: LaneStory) -> None:
    session = story.open_browser()
    ticket = story.ask(m.IssueTicket(id=uuid4(), service="A"))["ticket"]["id"]
    link = story.lane.day.tickets[ticket].link
    word = m.CancelTicket(
        id=uuid4(), ticket=ticket, reason="visitor-left", on_behalf_of=session, link=link
    )
    assert story.ask(word, WEB)["reason"] == "bad-value"


# How a session ends.


def test_a_session_ends_by_its_own_word(story: LaneStory) -> None:
    session, other = story.open_browser(), story.open_browser()
    assert end(story, session)["type"] == "Accepted"
    assert not holds(story, session)
    assert end(story, session)["reason"] == "not-signed-in"
    assert holds(story, other)


def test_another_of_ones_own_is_ended_by_its_handle_and_nobody_elses(story: LaneStory) -> None:
    """ASVS V7.4.5; F47: a manager ends no other person's, an admin's word anybody's."""
    mine, lost, hadis = story.open_browser(), story.open_browser(), story.open_browser(HADI)
    assert end(story, mine, handle_of(story, hadis))["reason"] == "bad-value"
    assert end(story, mine, "no-such-handle")["reason"] == "bad-value"
    assert end(story, mine, handle_of(story, lost))["type"] == "Accepted"
    assert [holds(story, one) for one in (mine, lost, hadis)] == [True, False, True]
    admin = story.open_browser(WATI)
    assert end(story, admin, handle_of(story, hadis))["type"] == "Accepted"
    assert not holds(story, hadis)
    reasons = [
        one.event.reason
        for one in story.store.load_day().entries
        if isinstance(one.event, e.ManagerSignedOut)
    ]
    assert reasons == ["ended", "ended"]


def test_a_session_survives_a_restart_and_the_close_and_ends_with_the_next_day(
    story: LaneStory,
) -> None:
    session = story.open_browser()
    story.restart()
    assert holds(story, session)
    close = m.CloseBranchDay(id=uuid4(), on_behalf_of=session)
    assert story.ask(close, WEB)["type"] == "Accepted"
    assert story.lane.day.signed_by == "dewi"
    posted = m.PostText(id=uuid4(), text={"id": "Terima kasih"}, on_behalf_of=session)
    assert story.ask(posted, WEB)["type"] == "Accepted"
    assert open_session(story, code=story.step_code())["type"] == "Accepted", "to read the report"
    story.restart()
    reopened = m.ReopenBranchDay(id=uuid4(), reason="Masih ada tamu", on_behalf_of=session)
    assert story.ask(reopened, WEB)["type"] == "Accepted"
    story.clock.set("2026-11-21T06:00:00")
    assert not holds(story, session)
    assert story.lane.day.web_sessions == {}


def test_a_session_does_not_last_longer_than_the_branch_says(story: LaneStory) -> None:
    """ASVS V7.3.2: ``web.session_s``."""
    story.set_one("web.session_s", "3600")
    session = story.open_browser()
    story.clock.ms += (3600 - STEP_S - 1) * 1000
    assert holds(story, session)
    story.clock.ms += 1000
    assert not holds(story, session)


@pytest.mark.parametrize("still_works_here", [True, False])
def test_who_may_not_sign_in_any_more_loses_every_browser(
    story: LaneStory, still_works_here: bool
) -> None:
    """Row 23 of the security checklist, ASVS V7.4.2: also who is no manager any more."""
    first, second, hadis = story.open_browser(), story.open_browser(), story.open_browser(HADI)
    story.managers -= {"dewi"}
    if not still_works_here:
        story.staff -= {"dewi"}
    story.restart()
    assert story.lane.somebody_must_go()
    story.lane.write(story.lane.decide([]))
    assert [holds(story, one) for one in (first, second, hadis)] == [False, False, True]
    assert not story.lane.somebody_must_go()
    story.managers |= {"dewi"}
    story.restart()
    assert not holds(story, first), "a session that ended stays ended"


def test_one_person_has_so_many_browsers_and_one_more_ends_the_oldest(story: LaneStory) -> None:
    """I14."""
    hadis = story.open_browser(HADI)
    sessions = [story.open_browser() for _ in range(SESSIONS_MAX + 1)]
    assert [holds(story, one) for one in sessions] == [False, *[True] * SESSIONS_MAX]
    assert holds(story, hadis)


# What is kept of a secret.


def test_no_secret_is_in_an_event_a_row_a_memory_or_the_log(
    story: LaneStory, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I12, F54: session, secret of the second step, PIN and code, also when a handler breaks."""
    caplog.set_level(logging.DEBUG)
    session = story.open_browser()
    ask = m.OpenSession(
        id=uuid4(), staff="dewi", password="kata sandi canary", code=story.step_code()
    )
    other = story.ask(ask, WEB)["session"]
    assert holds(story, session)
    end(story, other)

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(TotpSteps, "step_of", broken)
    assert story.ask(ask, WEB)["reason"] == "internal"
    kept = [str([dict(row) for row in story.store.rows(table)]) for table in t.LANE_TABLES]
    everything = "".join(kept) + msgspec.json.encode(story.store.load_day().entries).decode()
    everything += caplog.text
    assert mark_of(session) in everything
    for secret in (session, other, STEP_SECRET, "kata sandi canary", ask.code or "-"):
        assert secret not in everything
        assert secret not in repr(ask)
        assert bytes(secret, "ascii").hex() not in everything


def test_nobody_looks_at_a_second_step_from_any_seat(story: LaneStory) -> None:
    """F53, I12: it is no visitor's record, and no manager's word opens it."""
    story.open_browser()
    story.sign_in(OFFICE, DEWI)
    story.sign_in(Asker("door-1", DeviceRole.SCREENING), BUDI)
    for asker in (OFFICE, DESK, Asker("door-1", DeviceRole.SCREENING)):
        word = m.RevealRecord(id=uuid4(), record="second-step-dewi", reason="Ingin tahu")
        assert story.ask(word, asker)["reason"] == "unknown-record"
    assert RINA.staff == story.lane.day.desks[1].staff
