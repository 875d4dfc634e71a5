"""Managers' passwords and second steps on the command line, and what the doctor says of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db.engine import sqlite_url
from protocol.identifiers import Identifier
from protocol.roles import DeviceRole, StaffRole
from server.adapters.passwords import verify_pin
from server.administration.arguments import parser
from server.administration.console import COMMANDS, Console
from server.administration.devices import add_devices
from server.administration.doctor import Finding, examine
from server.administration.privacy import Who, find_person
from server.administration.privacy_report import as_table, read_report
from server.administration.refusal import RefusedError
from server.administration.staff import add_staff
from server.administration.startup import read_startup
from server.administration.sub_command import Said
from server.administration.verify import verify
from server.domain.events import ManagerSignedOut, PersonalDataErased
from server.store import Store
from tests.server.lane_story import DEWI, HADI, LaneStory

GOOD = "kuda hijau minum teh"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A branch with a frontliner and two managers."""
    with Store.open(sqlite_url(tmp_path / "branch.db")) as opened:
        for code, role in (("rina", "frontliner"), ("dewi", "manager"), ("hadi", "admin")):
            add_staff(opened, code, code.title(), StaffRole(role), "839201", 0)
    with Store.open(sqlite_url(tmp_path / "branch.db")) as opened:
        yield opened


@pytest.fixture
def story(tmp_path: Path, store: Store) -> LaneStory:
    """The same, where Dewi and Hadi have browsers with a second step."""
    told = LaneStory(tmp_path, store)
    told.open_browser(DEWI)
    told.open_browser(DEWI)
    told.open_browser(HADI)
    return told


def console(data: Path, typed: str | None = None, **environment: str) -> Console:
    asked = None if typed is None else (lambda prompt: typed)
    return Console(read_startup({"data": str(data)}, {}), environment, asked)


def say(given: Console, *words: str) -> Said:
    arguments = parser().parse_args(["staff", *words])
    return COMMANDS[f"staff {words[0]}"](arguments, given)


def password_hash(store: Store, code: str) -> str | None:
    return next(one.password_hash for one in store.staff() if one.code == code)


# Passwords.


@pytest.mark.parametrize("asked", [True, False])
def test_a_password_is_asked_for_or_read_and_kept_as_a_hash(
    tmp_path: Path, store: Store, asked: bool
) -> None:
    store.close()
    given = console(tmp_path, GOOD) if asked else console(tmp_path, ANTREAN_PASSWORD=GOOD)
    said = say(given, "password", "dewi")
    assert said.notes == ["dewi may sign in to the pages with this password"]
    with given.reading() as read:
        kept = password_hash(read, "dewi")
        assert kept is not None
        assert kept.startswith("$argon2id$")
        assert GOOD not in kept
        assert verify_pin(kept, GOOD)
        assert say(given, "list").lines == [
            "dewi manager Dewi (password)",
            "hadi admin Hadi",
            "rina frontliner Rina",
        ]


def test_a_new_pin_leaves_the_password_as_it_is(tmp_path: Path, store: Store) -> None:
    store.close()
    given = console(tmp_path, GOOD)
    say(given, "password", "dewi")
    with given.writing() as written:
        before = password_hash(written, "dewi")
        add_staff(written, "dewi", "Dewi", StaffRole.MANAGER, "193847", 0)
        assert password_hash(written, "dewi") == before


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("kudahijau12", "12 to 200 characters"),
        ("k" * 201, "12 to 200 characters"),
        ("abababababab", "first that are guessed"),
        ("Password2026!", "first that are guessed"),
        ("antrean-kantor", "first that are guessed"),
        ("kuda dewi hijau", "own code"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused_with_a_reason(
    tmp_path: Path, store: Store, typed: str, words: str
) -> None:
    """ASVS V6.2.1, V6.2.4, V6.2.11."""
    store.close()
    with pytest.raises(RefusedError, match=words):
        say(console(tmp_path, typed), "password", "dewi")


@pytest.mark.parametrize(("code", "words"), [("rina", "only a manager"), ("eko", "nobody")])
@pytest.mark.parametrize("verb", [["password"], ["second-step"], ["second-step", "--reset"]])
def test_only_a_manager_has_a_browser(
    tmp_path: Path, store: Store, code: str, words: str, verb: list[str]
) -> None:
    store.close()
    with pytest.raises(RefusedError, match=words):
        say(console(tmp_path, GOOD), verb[0], code, *verb[1:])


def test_two_passwords_that_differ_change_nothing(tmp_path: Path, store: Store) -> None:
    store.close()
    typed = iter((GOOD, f"{GOOD}!"))
    given = Console(read_startup({"data": str(tmp_path)}, {}), {}, lambda prompt: next(typed))
    with pytest.raises(RefusedError, match="two passwords differ"):
        say(given, "password", "dewi")


# The second step.


def test_a_lost_phone_is_taken_away_and_every_browser_of_that_person_is_out(
    tmp_path: Path, store: Store, story: LaneStory
) -> None:
    """ASVS V7.4.3, I8: told to the history, whose chain stays whole."""
    store.close()
    given = console(tmp_path)
    assert say(given, "second-step", "dewi").lines == ["dewi: set up"]
    said = say(given, "second-step", "dewi", "--reset")
    assert said.notes == ["dewi sets up a new second step at the next sign-in"]
    assert say(given, "second-step", "dewi").lines == ["dewi: not set up yet"]
    assert say(given, "second-step", "dewi", "--reset").notes == ["dewi had no second step"]
    with given.writing() as after:
        assert verify(after) == []
        events = [one.event for one in after.load_day().entries]
        out = [one for one in events if isinstance(one, ManagerSignedOut)]
        assert [(one.staff, one.reason) for one in out] == [("dewi", "ended")] * 2
        (erased,) = [one for one in events if isinstance(one, PersonalDataErased)]
        assert (erased.counts, erased.reason) == ({"second-step": 1}, "asked")
        told = LaneStory(tmp_path, after)
        told.clock.ms = told.lane.now_ms()
        assert [one.staff for one in told.lane.day.web_sessions.values()] == ["hadi"]
        told.open_browser(DEWI)  # and sets up a new one
        assert after.sealed("second-step-dewi") is not None


@pytest.mark.parametrize("proof", ["password", "PIN"])
def test_a_new_password_or_pin_signs_the_old_ones_browsers_out(
    tmp_path: Path, store: Store, story: LaneStory, proof: str
) -> None:
    """ASVS V7.4.3."""
    store.close()
    if proof == "password":
        given = console(tmp_path, GOOD)
        say(given, "password", "dewi")
    else:
        given = console(tmp_path, "193847")
        say(given, "add", "dewi", "--role", "manager")
    with given.writing() as after:
        assert verify(after) == []
        told = LaneStory(tmp_path, after)
        assert [one.staff for one in told.lane.day.web_sessions.values()] == ["hadi"]


def test_no_visitors_wish_and_no_sweep_takes_a_second_step_away(story: LaneStory) -> None:
    """UU PDP: it is of who works here; I12: nor does a search open it."""
    store, ten_years_ms = story.store, 10 * 365 * 24 * 3600 * 1000
    assert store.due(story.clock.ms + ten_years_ms) == {}
    record = store.sealed("second-step-dewi")
    assert record is not None
    secret = story.sealer.open(record.kind, record.id, record.sealed)["secret"]
    # Whatever somebody types who is looked for: even what stands in it.
    found = find_person(store, story.sealer, Who(Identifier("passport", secret[:9])))
    assert (found.counts(), found.unreadable) == ({}, 0)
    report = read_report(store, story.clock.ms)
    assert [(one.kind, one.count) for one in report.kept] == [("second-step", 2)]
    lines = list(as_table(report, store.load_branch().time_zone))
    assert any("second-step" in line for line in lines)
    assert secret not in "".join(lines)


# The doctor.


def of_browsers(data: Path) -> Finding:
    given = console(data)
    return {one.about: one for one in examine(given.startup, given.url, lambda: 0)}["browsers"]


def test_the_doctor_names_managers_without_a_second_step_or_a_password(
    tmp_path: Path, store: Store
) -> None:
    found = of_browsers(tmp_path)
    assert (found.level, "--role web" in found.cure) == ("ok", True)
    add_devices(store, ["web-1"], DeviceRole.WEB, None, 0)
    found = of_browsers(tmp_path)
    assert found.level == "warning"
    assert "without a second step yet: dewi, hadi" in found.what
    assert "without a password: dewi, hadi" in found.what
    told = LaneStory(tmp_path, store)
    told.open_browser(DEWI)
    assert "without a second step yet: hadi" in of_browsers(tmp_path).what
    told.open_browser(HADI)
    found = of_browsers(tmp_path)
    assert (found.level, found.what.startswith("2 managers may sign in")) == ("ok", True)
