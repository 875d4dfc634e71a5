"""VClaim over real HTTP, against a stand-in that checks and answers as documented, or badly."""

import asyncio
import logging
import time
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest

from protocol.identifiers import Identifier, read_identifier
from server.adapters.clock import SteadyClock
from server.adapters.vclaim_directory import VClaimDirectory
from server.membership import (
    DirectoryError,
    DirectoryRefusedError,
    DirectorySlowError,
    DirectoryUnreachableError,
    Member,
    NotFound,
)
from tests.vclaim_server import SECRET, USER_KEY, VClaimServer, peserta

NIK, CARD = "3578080102030001", "0001234567890"
NAME = "KENARI CANARIAWATI"
OTHER_NIK = "3515144508680002"
TODAY = date(2026, 11, 20)
BY_NIK, BY_CARD = read_identifier(NIK), read_identifier(CARD)
# Everything that a log or an error must not hold (law I12).
CANARIES = (NIK, CARD, NAME, "KENARI", "CANARIA", SECRET, USER_KEY, "KPRJ")


@pytest.fixture
def vclaim() -> Iterator[VClaimServer]:
    with VClaimServer([peserta(NIK, CARD, NAME), peserta(OTHER_NIK, "0009999999999")]) as server:
        yield server


@asynccontextmanager
async def directory_of(
    vclaim: VClaimServer, deadline_s: float = 5.0, **account: str
) -> AsyncIterator[VClaimDirectory]:
    directory = VClaimDirectory(vclaim.account(**account), SteadyClock(), deadline_s)
    try:
        yield directory
    finally:
        await directory.close()


async def found(vclaim: VClaimServer, identifier: Identifier = BY_NIK, **person: Any) -> Member:
    if person:
        vclaim.people = [peserta(NIK, CARD, NAME) | person]
    async with directory_of(vclaim) as directory:
        member = await directory.find(identifier, TODAY)
    assert isinstance(member, Member)
    return member


async def problem(
    vclaim: VClaimServer, mood: str = "well", deadline_s: float = 5.0, **account: str
) -> DirectoryError:
    vclaim.mood = mood
    async with directory_of(vclaim, deadline_s, **account) as directory:
        with pytest.raises(DirectoryError) as raised:
            await directory.find(BY_NIK, TODAY)
    return raised.value


# As documented.


@pytest.mark.parametrize(
    ("identifier", "path"),
    [
        (BY_NIK, f"/vclaim-rest/Peserta/nik/{NIK}/tglSEP/2026-11-20"),
        (BY_CARD, f"/vclaim-rest/Peserta/nokartu/{CARD}/tglSEP/2026-11-20"),
    ],
)
async def test_a_member_is_asked_for_by_nik_or_card_on_that_day(
    vclaim: VClaimServer, identifier: Identifier, path: str
) -> None:
    member = await found(vclaim, identifier)
    assert vclaim.asked == [path]
    assert (member.segment, member.membership, member.source) == ("PPU-BU", "active", "vclaim")
    assert (member.status_text, member.segment_text) == ("AKTIF", "PEGAWAI SWASTA")
    assert (member.ward_class, member.facility) == ("KELAS I", "KPRJ PALA MEDIKA")


async def test_of_a_name_only_the_initials_are_kept(vclaim: VClaimServer) -> None:
    member = await found(vclaim)
    assert member.initials == "K.C."
    assert NAME not in str([getattr(member, name) for name in Member.__slots__])


async def test_nobody_with_this_number_is_an_answer(vclaim: VClaimServer) -> None:
    async with directory_of(vclaim) as directory:
        assert await directory.find(read_identifier("3273000101010001"), TODAY) == NotFound()


async def test_an_answer_that_is_not_encrypted_is_read_as_well(vclaim: VClaimServer) -> None:
    vclaim.mood = "unencrypted"
    assert (await found(vclaim)).membership == "active"


@pytest.mark.parametrize(
    ("text", "segment"),
    [
        ("PBI (APBN)", "PBI-APBN"),
        ("PBI (APBD)", "PBI-APBD"),
        ("PEKERJA MANDIRI", "PBPU"),
        ("Pegawai  Swasta", "PPU-BU"),
        ("JENIS YANG BELUM DIKENAL", None),
        ("", None),
    ],
)
async def test_a_kind_of_member_is_known_by_its_text_and_an_unknown_one_keeps_it(
    vclaim: VClaimServer, text: str, segment: str | None
) -> None:
    # The same code for all: the table of codes is not public, so the code decides nothing.
    member = await found(vclaim, jenisPeserta={"keterangan": text, "kode": "13"})
    assert member.segment == segment
    assert member.segment_text == " ".join(text.split())


@pytest.mark.parametrize(
    ("status", "membership"),
    [
        ({"keterangan": "AKTIF", "kode": "0"}, "active"),
        ({"keterangan": "AKTIF", "kode": 0}, "active"),
        ({"keterangan": "PENANGGUHAN PEMBAYARAN", "kode": "6"}, None),
        ({"keterangan": "AKTIF", "kode": "9"}, None),
        ({"keterangan": "TIDAK DITANGGUNG", "kode": None}, None),
    ],
)
async def test_only_status_0_is_active_and_every_other_one_is_told_in_its_words(
    vclaim: VClaimServer, status: dict[str, Any], membership: str | None
) -> None:
    member = await found(vclaim, statusPeserta=status)
    assert (member.membership, member.status_text) == (membership, status["keterangan"])


async def test_what_the_service_says_comes_without_signs_that_act(vclaim: VClaimServer) -> None:
    """F50: marks of direction, controls and endless texts do no harm on a screen."""
    wild = "AKTIF\x1b[2J\u202e\u200b\x00" + "A" * 5000
    member = await found(
        vclaim,
        nama="\u202eSiti\x00 Nur\u200b'aini\nbinti Haji Ahmad",
        statusPeserta={"keterangan": wild, "kode": "0"},
        provUmum={"kdProvider": "1", "nmProvider": wild},
        hakKelas=None,
    )
    assert member.initials == "S.N.B.H."
    assert member.status_text.startswith("AKTIF[2JAAA")
    assert len(member.status_text) == len(member.facility) == 80
    assert member.ward_class == ""


# Credentials.


@pytest.mark.parametrize(
    "account",
    [{"secret": "salah"}, {"user_key": "salah"}, {"cons_id": "999"}],
    ids=["signature", "user_key", "cons_id"],
)
async def test_wrong_credentials_are_told_apart_from_an_unknown_number(
    vclaim: VClaimServer, account: dict[str, str]
) -> None:
    # A wrong signature is answered with "201" too, the code of an unknown number.
    assert isinstance(await problem(vclaim, "well", 5.0, **account), DirectoryRefusedError)


@pytest.mark.parametrize("mood", ["refuses", "forbids"])
async def test_a_service_that_does_not_let_us_in_refuses(vclaim: VClaimServer, mood: str) -> None:
    assert isinstance(await problem(vclaim, mood), DirectoryRefusedError)


async def test_a_clock_that_is_off_is_refused_and_not_taken_for_an_unknown_number(
    vclaim: VClaimServer,
) -> None:
    vclaim.now_s = lambda: time.time() + 3600
    assert isinstance(await problem(vclaim), DirectoryRefusedError)


# Faults: each is one of three kinds of "no answer", and ends within the deadline.


@pytest.mark.parametrize(
    "mood",
    [
        *("broken", "limits", "moved", "garbage", "huge", "other-key", "cut-off", "bomb"),
        *("somebody-else", "no-http", "compressed"),
    ],
)
async def test_an_answer_that_cannot_be_used_counts_as_none(
    vclaim: VClaimServer, mood: str
) -> None:
    assert isinstance(await problem(vclaim, mood), DirectoryUnreachableError)


async def test_an_endless_answer_is_left_before_it_ends(vclaim: VClaimServer) -> None:
    """F43: memory stays flat, whatever comes."""
    assert "more than 65536 bytes" in str(await problem(vclaim, "huge"))
    assert await asyncio.to_thread(vclaim.left_early.wait, 10)


async def test_a_moved_service_is_not_followed(vclaim: VClaimServer) -> None:
    """Where a number of a person goes is for the settings to say."""
    await problem(vclaim, "moved")
    assert len(vclaim.asked) == 1


@pytest.mark.parametrize("mood", ["hangs", "drips"])
async def test_a_service_that_hangs_or_drips_is_slow_at_the_deadline(
    vclaim: VClaimServer, mood: str
) -> None:
    """A drip answers each read in time; only a limit over all of them ends it."""
    async with asyncio.timeout(10):
        assert isinstance(await problem(vclaim, mood, deadline_s=0.3), DirectorySlowError)


async def test_a_service_that_is_not_there_is_unreachable() -> None:
    with VClaimServer() as gone:
        account = gone.account()
    directory = VClaimDirectory(account, SteadyClock(), 5.0)
    with pytest.raises(DirectoryUnreachableError):
        await directory.find(BY_NIK, TODAY)
    await directory.close()


async def test_after_a_fault_the_same_client_goes_on(vclaim: VClaimServer) -> None:
    async with directory_of(vclaim, 1.0) as directory:
        for mood in ("hangs", "garbage", "huge", "broken", "drips"):
            vclaim.mood = mood
            with pytest.raises(DirectoryError):
                await directory.find(BY_NIK, TODAY)
        vclaim.mood = "well"
        assert isinstance(await directory.find(BY_NIK, TODAY), Member)


async def test_no_proxy_of_the_environment_gets_to_see_a_number(
    vclaim: VClaimServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with VClaimServer() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        await found(vclaim)
        assert proxy.asked == []


# Nothing personal in a log or an error (law I12, F54).

MOODS = (
    *("well", "broken", "limits", "moved", "garbage", "huge", "other-key", "cut-off", "bomb"),
    *("somebody-else", "refuses", "forbids", "hangs", "drips", "no-http", "compressed"),
)


def canaries_in(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


@pytest.mark.parametrize("mood", MOODS)
async def test_no_log_and_no_error_holds_a_person_or_a_secret(
    vclaim: VClaimServer, mood: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    vclaim.mood = mood
    told = ""
    contexts: list[BaseException | None] = []
    async with directory_of(vclaim, 0.3) as directory:
        for identifier in (BY_NIK, BY_CARD):
            try:
                told += repr(await directory.find(identifier, TODAY))
            except DirectoryError as error:
                told += "".join(traceback.format_exception(error))
                # The library's errors know the request and its address.
                contexts.append(error.__context__)
    assert vclaim.asked
    assert contexts == [None] * len(contexts)
    records = "\n".join(f"{record.name} {record.getMessage()}" for record in caplog.records)
    assert canaries_in(records + told) == []


async def test_the_canaries_would_be_seen(
    vclaim: VClaimServer, caplog: pytest.LogCaptureFixture
) -> None:
    """The library's own log does tell of addresses: were it open, the test above would be red."""
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.INFO, logger="httpx")
    async with directory_of(vclaim) as directory:
        await directory.find(BY_NIK, TODAY)
    assert canaries_in("\n".join(record.getMessage() for record in caplog.records)) == [NIK]


def test_an_account_does_not_show_its_secrets(vclaim: VClaimServer) -> None:
    assert canaries_in(repr(vclaim.account())) == []
