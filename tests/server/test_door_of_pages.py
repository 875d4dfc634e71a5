"""PIN and password at the pages' door: guessers wait, and keep nobody else out (F52, F53)."""

import asyncio
import json
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyotp
import pytest

from protocol import messages as m
from protocol.roles import DeviceRole, StaffRole
from server.domain.errors import QueueRuleError
from server.domain.lockout import Lockout
from server.domain.web_sessions import mark_of
from server.staff_door import PAGES_AT_ONCE, StaffAccount, StaffDoor
from tests.running_branch import PIN, RunningBranch
from tests.server.lane_story import STEP_SECRET
from tests.wire_client import WireClient

PASSWORD = "kuda hijau minum teh"
DAY_S = 86_400


class Door:
    """The door with a clock turned by hand; a hash is ``#`` and what it is of."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self.verified: list[tuple[str, str]] = []
        people = [
            StaffAccount(
                "dewi", "Dewi", StaffRole.MANAGER, "#839201", password_hash=f"#{PASSWORD}"
            ),
            StaffAccount("hadi", "Hadi", StaffRole.MANAGER, "#839201"),
            StaffAccount("rina", "Rina", StaffRole.FRONTLINER, "#839201", password_hash="#geheim"),
            StaffAccount("lama", "Lama", StaffRole.ADMIN, "#839201", disabled=True),
        ]
        accounts = {one.staff: one for one in people}
        self.door = StaffDoor(accounts, self._verify, "#?", lambda: self.now_s)

    def _verify(self, kept: str, offered: str) -> bool:
        self.verified.append((kept, offered))
        return kept == f"#{offered}"

    async def at_pages(
        self, staff: str, pin: str | None = None, password: str | None = None
    ) -> str:
        """Who it is, or the reason why not."""
        try:
            return (await self.door.prove_at_pages(staff, pin, password)).staff
        except QueueRuleError as no:
            return no.reason

    async def at_seat(self, staff: str, pin: str, device: str = "office-1") -> str:
        try:
            return (await self.door.prove(staff, pin, device, DeviceRole.MANAGER)).staff
        except QueueRuleError as no:
            return no.reason


@pytest.fixture
def door() -> Door:
    return Door()


async def test_a_manager_is_proved_by_pin_or_by_password(door: Door) -> None:
    assert await door.at_pages("dewi", pin="839201") == "dewi"
    assert await door.at_pages("dewi", password=PASSWORD) == "dewi"
    assert await door.at_pages("dewi", pin=PASSWORD) == "wrong-pin"
    assert await door.at_pages("dewi", password="839201") == "wrong-pin"
    assert await door.at_pages("dewi") == "missing-field"
    assert await door.at_pages("dewi", "839201", PASSWORD) == "bad-value"


@pytest.mark.parametrize(
    ("staff", "proof", "reason"),
    [
        ("rina", {"pin": "839201"}, "not-allowed"),
        ("rina", {"password": "geheim"}, "not-allowed"),
        ("rina", {"pin": "000000"}, "wrong-pin"),
        ("lama", {"pin": "839201"}, "wrong-pin"),
        ("hantu", {"pin": "839201"}, "wrong-pin"),
        ("hadi", {"password": PASSWORD}, "wrong-pin"),
    ],
)
async def test_nobody_else_is(door: Door, staff: str, proof: dict[str, str], reason: str) -> None:
    """F47, F52: who is no manager, who may not work here, who is not there, who has no password."""
    assert await door.at_pages(staff, **proof) == reason
    assert len(door.verified) == 1, "an unknown code takes as long as a wrong PIN"


async def test_no_password_is_the_one_that_nobody_has(door: Door) -> None:
    """The hash that stands in for a missing one opens for nobody, should it ever be right."""
    assert await door.at_pages("hadi", password="?") == "wrong-pin"
    assert await door.at_pages("hantu", password="?") == "wrong-pin"


async def test_a_hundred_thousand_guesses_a_day_try_next_to_nothing(door: Door) -> None:
    """F52: P(hit) per day below 1e-4, though the guesser waits for nothing."""
    for guess in range(100_000):
        assert await door.at_pages("dewi", pin=f"{guess:06}") in ("wrong-pin", "locked-out")
        door.now_s += DAY_S / 100_000
    assert 20 < len(door.verified) < 100


async def test_a_guesser_at_the_pages_keeps_nobody_from_a_seat_nor_others_from_the_pages(
    door: Door,
) -> None:
    """F52: no lock-out of others; from the street least of all."""
    for _ in range(5):
        assert await door.at_pages("dewi", pin="000000") == "wrong-pin"
    assert await door.at_pages("dewi", pin="839201") == "locked-out"
    assert await door.at_pages("dewi", password=PASSWORD) == "locked-out"
    assert await door.at_pages("hadi", pin="839201") == "hadi"
    assert await door.at_seat("dewi", "839201") == "dewi"
    for guess in range(100):
        assert await door.at_pages(f"hantu-{guess}", pin="000000") == "wrong-pin"
    assert await door.at_pages("hadi", pin="839201") == "hadi"
    door.now_s += 30
    assert await door.at_pages("dewi", pin="839201") == "dewi"


async def test_a_lock_does_not_tell_who_works_here(door: Door) -> None:
    """F52, ASVS V6.3.8: the codes of staff are not found at the pages, nor by their time."""
    answers = {}
    for staff in ("dewi", "hadi", "rina", "lama", "hantu"):
        answers[staff] = [await door.at_pages(staff, pin="000000") for _ in range(8)]
    assert answers["dewi"] == ["wrong-pin"] * 5 + ["locked-out"] * 3
    assert len({tuple(said) for said in answers.values()}) == 1
    assert len(door.verified) == 5 * 5


def test_made_up_codes_are_forgotten_and_known_ones_are_not() -> None:
    """I14."""
    strangers, known = Lockout(most=3), Lockout()
    for guess in range(100):
        for lockout in (strangers, known):
            lockout.count_wrong((f"hantu-{guess}",), 0.0)
    assert (len(strangers), len(known)) == (3, 100)


async def test_a_flood_at_the_pages_waits_at_the_pages() -> None:
    """F45, F52: so many proofs at a time, in a thread of their own; a seat is proved at once."""
    door, let_go = Door(), asyncio.Event()
    loop = asyncio.get_running_loop()
    real = loop.run_in_executor

    def held(executor: Any, verify: Any, *words: Any) -> Any:
        async def later() -> bool:
            await let_go.wait()
            return bool(verify(*words))

        return loop.create_task(later()) if executor == "pages" else real(executor, verify, *words)

    door.door._pages = "pages"  # type: ignore[assignment]
    loop.run_in_executor = held  # type: ignore[assignment, method-assign]
    try:
        flood = [
            asyncio.create_task(door.at_pages(f"hantu-{guess}", "0"))
            for guess in range(PAGES_AT_ONCE + 5)
        ]
        await asyncio.sleep(0)
        turned_away = [one for one in flood if one.done()]
        assert [one.result() for one in turned_away] == ["rate-limited"] * 5
        assert await door.at_seat("dewi", "839201") == "dewi"
        let_go.set()
        assert [await one for one in flood].count("wrong-pin") == PAGES_AT_ONCE
        assert await door.at_pages("hadi", "839201") == "hadi"
    finally:
        del loop.run_in_executor


# Through the running server.


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> RunningBranch:
    """A branch with a manager, who has a PIN and a password, and the pages' device; not started."""
    made = RunningBranch(tmp_path_factory.mktemp("founded") / "branch")
    made.add_devices("web", "web-1").add_staff("dewi", role="manager").add_staff("rina")
    made.command("staff", "password", "dewi", ANTREAN_PASSWORD=PASSWORD)
    return made


@pytest.fixture
def branch(founded: RunningBranch, tmp_path: Path) -> Iterator[RunningBranch]:
    """The same, running."""
    shutil.copytree(founded.data, tmp_path / "branch")
    made = RunningBranch(tmp_path / "branch")
    made.tokens, made.roles = founded.tokens, founded.roles
    with made:
        yield made


async def sign_in(web: WireClient, **words: Any) -> m.Accepted | m.Rejected:
    answer = await web.ask(m.OpenSession(id=uuid4(), staff="dewi", **words))
    assert isinstance(answer, m.Accepted | m.Rejected)
    return answer


async def set_up(web: WireClient) -> str:
    """The first sign-in; the session's secret."""
    code = pyotp.TOTP(STEP_SECRET).now()
    word = m.SetSecondStep(id=uuid4(), staff="dewi", pin=PIN, secret=STEP_SECRET, code=code)
    answer = await web.ask(word)
    assert isinstance(answer, m.Accepted), answer
    assert isinstance(answer.session, str)
    return answer.session


async def speaks(web: WireClient, session: str) -> bool:
    answer = await web.ask(m.ListSessions(id=uuid4(), on_behalf_of=session))
    assert isinstance(answer, m.Answer | m.Rejected)
    return isinstance(answer, m.Answer)


async def test_signing_in_over_the_wire_with_pin_password_and_code(branch: RunningBranch) -> None:
    async with branch.client("web-1") as web:
        answers = [
            await sign_in(web, pin="000000"),
            await sign_in(web, password="000000"),
            await sign_in(web),
            await sign_in(web, password=PASSWORD),
            await web.ask(m.OpenSession(id=uuid4(), staff="rina", pin=PIN)),
        ]
        assert [one.reason for one in answers if isinstance(one, m.Rejected)] == [
            "wrong-pin",
            "wrong-pin",
            "missing-field",
            "second-step-unset",
            "not-allowed",
        ]
        assert await speaks(web, await set_up(web))
        refused = await sign_in(web, password=PASSWORD)
        assert isinstance(refused, m.Rejected)
        assert refused.reason == "second-step-needed"
        code = pyotp.TOTP(STEP_SECRET).at(time.time() + 30)
        answer = await sign_in(web, password=PASSWORD, code=code)
        assert isinstance(answer, m.Accepted), answer
        assert answer.name == "dewi"


async def test_a_session_survives_kill_nine_and_no_file_of_the_branch_has_its_secret(
    branch: RunningBranch,
) -> None:
    """F03, F53, I12, ASVS V14.2.1: a copy of the disk signs nobody in."""
    async with branch.client("web-1") as web:
        session = await set_up(web)
    branch.kill()
    branch.start()
    async with branch.client("web-1") as web:
        assert await speaks(web, session)
    branch.stop()
    with sqlite3.connect(branch.data / "branch.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    files = [path for path in branch.data.rglob("*") if path.is_file()] + [branch.log]
    everything = b"".join(path.read_bytes() for path in files)
    assert mark_of(session).encode() in everything
    for secret in (session, STEP_SECRET, PASSWORD, PIN):
        assert secret.encode() not in everything


async def test_the_pages_hear_at_once_that_a_browser_is_out(branch: RunningBranch) -> None:
    """Row 4 of the security checklist, ASVS V7.4.1: ended from another browser."""
    async with branch.client("web-1") as web:
        lost = await set_up(web)
        code = pyotp.TOTP(STEP_SECRET).at(time.time() + 30)
        answer = await sign_in(web, pin=PIN, code=code)
        assert isinstance(answer, m.Accepted)
        assert isinstance(answer.session, str)
        listed = await web.ask(m.ListSessions(id=uuid4(), on_behalf_of=answer.session))
        assert isinstance(listed, m.Answer)
        assert isinstance(listed.sessions, list)
        (handle,) = [one.handle for one in listed.sessions if not one.mine]
        await web.ask(m.EndSession(id=uuid4(), on_behalf_of=answer.session, session=handle))
        out = await web.notice(m.SignedOut)
        assert (out.session, out.reason) == (mark_of(lost), "ended")
        assert "peramban" in out.message
        assert not await speaks(web, lost)


async def test_who_was_disabled_is_out_when_the_server_starts_again(branch: RunningBranch) -> None:
    """Row 23 of the security checklist."""
    async with branch.client("web-1") as web:
        session = await set_up(web)
    branch.stop()
    branch.command("staff", "disable", "dewi")
    branch.start()
    async with branch.client("web-1") as web:
        assert not await speaks(web, session)
        refused = await sign_in(web, password=PASSWORD)
        assert isinstance(refused, m.Rejected)
        assert refused.reason == "wrong-pin"
    out = [
        json.loads(body)
        for (body,) in branch.rows("SELECT body FROM event WHERE type = 'ManagerSignedOut'")
    ]
    assert [(one["staff"], one["reason"]) for one in out] == [("dewi", "disabled")]
