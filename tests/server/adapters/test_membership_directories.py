"""Every membership directory keeps the same promises (server/membership.py)."""

import asyncio
import inspect
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from db.engine import sqlite_url
from protocol.identifiers import Identifier, read_identifier
from server.adapters.clock import SteadyClock
from server.adapters.file_directory import FileDirectory
from server.adapters.no_directory import NoDirectory
from server.adapters.sealing import KeySealer
from server.adapters.vclaim_directory import VClaimAccount, VClaimDirectory
from server.administration.members import import_members
from server.membership import (
    MEMBERSHIPS,
    SEGMENTS,
    DirectoryError,
    Member,
    MembershipDirectory,
    NotFound,
)
from server.store import Store
from tests.vclaim_server import VClaimServer, peserta

NIK, CARD, NAME = "3578080102030001", "0001234567890", "Kenari Canariawati"
STRANGER = {"nik": "3273000101010001", "card": "0009999999999", "passport": "X1234567"}
TODAY = date(2026, 11, 20)
SEALER = KeySealer(b"a key of 32 bytes for our tests!")


@dataclass
class Kit:
    """A directory that knows one person (unless it knows nobody), and how to break it."""

    directory: MembershipDirectory
    break_it: Callable[[], None] | None = None


@asynccontextmanager
async def _none(folder: Path) -> AsyncIterator[Kit]:
    yield Kit(NoDirectory())


@asynccontextmanager
async def _file(folder: Path) -> AsyncIterator[Kit]:
    table = folder / "members.csv"
    table.write_text(f"nik,kartu,nama,segmen,status\n{NIK},{CARD},{NAME},PBPU,aktif\n")
    with Store.open(sqlite_url(folder / "branch.db")) as store:
        import_members(store, SEALER, table, 1_795_136_400_000)
        directory = FileDirectory(store.database, store.branch_code, SEALER)

        def break_it() -> None:
            # The key was lost, and another one made.
            other = KeySealer(b"another key of 32 bytes, made up")
            directory._sealer = _FingerprintsOf(SEALER, other)

        yield Kit(directory, break_it)


class _FingerprintsOf(KeySealer):
    def __init__(self, marks: KeySealer, seals: KeySealer) -> None:
        self.fingerprint = marks.fingerprint  # type: ignore[method-assign]
        self.open = seals.open  # type: ignore[method-assign]


@asynccontextmanager
async def _vclaim(folder: Path) -> AsyncIterator[Kit]:
    person = peserta(NIK, CARD, NAME, jenisPeserta={"keterangan": "PEKERJA MANDIRI", "kode": "14"})
    with VClaimServer([person]) as server:
        directory = VClaimDirectory(server.account(), SteadyClock(), 10.0)

        def break_it() -> None:
            server.mood = "garbage"

        yield Kit(directory, break_it)


MakeKit = Callable[[Path], AbstractAsyncContextManager[Kit]]
ALL: dict[str, MakeKit] = {"none": _none, "file": _file, "vclaim": _vclaim}


@pytest.fixture(params=ALL)
async def kit(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kit]:
    async with ALL[request.param](tmp_path) as made:
        yield made
        await made.directory.close()


def known(directory: MembershipDirectory) -> list[Identifier]:
    return [one for one in map(read_identifier, (NIK, CARD)) if one.kind in directory.kinds]


async def test_it_says_what_it_is_and_which_numbers_it_knows(kit: Kit) -> None:
    assert kit.directory.source in ALL
    assert kit.directory.kinds <= {"nik", "card"}
    assert bool(kit.directory.kinds) is (kit.directory.source != "none")
    assert inspect.iscoroutinefunction(kit.directory.find)


async def test_who_is_known_is_found_by_each_number_as_the_same_person(kit: Kit) -> None:
    found = [await kit.directory.find(one, TODAY) for one in known(kit.directory)]
    for member in found:
        assert isinstance(member, Member)
        assert (member.initials, member.segment, member.membership) == ("K.C.", "PBPU", "active")
        assert member.source == kit.directory.source
        assert member.segment in SEGMENTS
        assert member.membership in MEMBERSHIPS
        assert member.as_of_ms > 1_700_000_000_000


async def test_who_is_not_known_is_an_answer_and_no_error(kit: Kit) -> None:
    for kind, value in STRANGER.items():
        if kind in kit.directory.kinds:
            stranger = read_identifier(value)
            assert await kit.directory.find(stranger, TODAY) == NotFound()


async def test_no_name_and_no_number_comes_out(kit: Kit) -> None:
    for identifier in known(kit.directory):
        member = await kit.directory.find(identifier, TODAY)
        told = repr(member) + "".join(
            str(getattr(member, name, "")) for name in Member.__slots__ if name != "as_of_ms"
        )
        assert [one for one in (NIK, CARD, "kenari", "canariawati") if one in told.lower()] == []


async def test_what_is_broken_raises_a_directory_error_that_names_nobody(kit: Kit) -> None:
    if kit.break_it is None:
        assert not known(kit.directory), "nothing to break"
        return
    kit.break_it()
    for identifier in known(kit.directory):
        with pytest.raises(DirectoryError) as raised:
            await kit.directory.find(identifier, TODAY)
        assert raised.value.outcome in ("unreachable", "slow", "refused")
        assert NIK not in str(raised.value)
        assert CARD not in str(raised.value)


async def test_it_can_be_asked_by_many_at_once_and_closed_twice(kit: Kit) -> None:
    asked = [kit.directory.find(one, TODAY) for one in known(kit.directory) * 10]
    async with asyncio.timeout(30):
        answers = await asyncio.gather(*asked)
    assert all(isinstance(one, Member) for one in answers)
    await kit.directory.close()
    await kit.directory.close()


async def test_a_look_up_that_is_given_up_leaves_it_working(kit: Kit) -> None:
    for identifier in known(kit.directory):
        given_up = asyncio.create_task(kit.directory.find(identifier, TODAY))
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.wait([given_up])
        assert isinstance(await kit.directory.find(identifier, TODAY), Member)


async def test_nothing_is_open_and_no_thread_runs_before_the_first_question() -> None:
    """A branch whose directory is never asked pays nothing for it."""
    threads = threading.active_count()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(0.05)
        port = silent.getsockname()[1]
        url = f"http://127.0.0.1:{port}/vclaim-rest"
        directory = VClaimDirectory(VClaimAccount(url, "1", "s", "k"), SteadyClock(), 1.0)
        with pytest.raises(TimeoutError):
            silent.accept()
        assert threading.active_count() == threads
        await directory.close()
