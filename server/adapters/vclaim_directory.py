"""The VClaim service as a membership directory: what it is asked, and how it may answer.

Off unless the branch has credentials for it (``directory.kind``). Addresses of requests hold the
number of a person, so neither they nor anything that the service said may reach a log or an
error: the library's own log is shut, and what it raises is replaced by words of ours.
"""

import asyncio
import logging
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus

import httpx
import msgspec

from protocol.identifiers import Identifier, IdentifierKind
from protocol.plain_text import plain_line
from server.adapters.vclaim_envelope import EnvelopeError, answer_key, headers, opened
from server.membership import (
    TEXT_MAX,
    DirectoryError,
    DirectoryRefusedError,
    DirectorySlowError,
    DirectoryUnreachableError,
    Member,
    NotFound,
    Source,
    initials_of,
    segment_of,
)
from server.ports import Clock

# They tell of each request with its address, and at DEBUG with its headers (law I12).
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

ANSWER_BYTES_MAX = 64 * 1024
CONNECTIONS_MAX = 4
_PATHS: dict[IdentifierKind, str] = {"nik": "nik", "card": "nokartu"}
_FOUND, _NOT_FOUND, _ACTIVE = "200", "201", "0"
# "201" is said of a number that nobody has, and of whatever else is wrong with a request.
_CREDENTIAL_WORDS = (
    "signature",
    "user_key",
    "user key",
    "consid",
    "cons id",
    "timestamp",
    "autent",
)
_REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED}
_SLOW = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.GATEWAY_TIMEOUT}


@dataclass(frozen=True, slots=True)
class VClaimAccount:
    """Where the service is, and who we are to it; ``secret`` and ``user_key`` stay in here."""

    url: str
    cons_id: str
    secret: str = field(repr=False)
    user_key: str = field(repr=False)


class _Coded(msgspec.Struct):
    keterangan: str | None = None
    kode: str | int | None = None


class _Facility(msgspec.Struct):
    nmProvider: str | None = None


class _Peserta(msgspec.Struct):
    """Of the service's answer only what the door may know."""

    nama: str | None = None
    nik: str | None = None
    noKartu: str | None = None
    hakKelas: _Coded | None = None
    jenisPeserta: _Coded | None = None
    statusPeserta: _Coded | None = None
    provUmum: _Facility | None = None


class _Found(msgspec.Struct):
    peserta: _Peserta


class _MetaData(msgspec.Struct):
    code: str | int
    message: str | None = None


class _Envelope(msgspec.Struct):
    metaData: _MetaData
    response: msgspec.Raw = msgspec.Raw(b"null")


class VClaimDirectory:
    """Asks for one person at a time over few connections, each look-up within a deadline."""

    source: Source = "vclaim"
    kinds: frozenset[IdentifierKind] = frozenset(_PATHS)

    def __init__(self, account: VClaimAccount, clock: Clock, deadline_s: float) -> None:
        self._account = account
        self._clock = clock
        self._deadline_s = deadline_s
        self._client: httpx.AsyncClient | None = None

    async def find(self, identifier: Identifier, on: date) -> Member | NotFound:
        """Who it is, as VClaim says on that day."""
        problem: DirectoryError
        try:
            async with asyncio.timeout(self._deadline_s):
                return await self._ask(identifier, on)
        except DirectoryError:
            raise
        except (TimeoutError, httpx.TimeoutException):
            problem = DirectorySlowError("no answer within the deadline")
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            problem = DirectoryUnreachableError(type(error).__name__)
        # Out here, where nothing of the library's error hangs on to ours: it knows the address.
        raise problem

    async def close(self) -> None:
        """Let go of the connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def _ask(self, identifier: Identifier, on: date) -> Member | NotFound:
        account, now_ms = self._account, self._clock.now_ms()
        timestamp_s = now_ms // 1000
        address = (
            f"{account.url.rstrip('/')}/Peserta/{_PATHS[identifier.kind]}/{identifier.value}"
            f"/tglSEP/{on.isoformat()}"
        )
        signed = headers(account.cons_id, account.secret, account.user_key, timestamp_s)
        async with self._opened_client().stream("GET", address, headers=signed) as response:
            _demand_status(response.status_code)
            body = await _bounded(response)
        key = answer_key(account.cons_id, account.secret, timestamp_s)
        found = _read(body, key)
        if isinstance(found, NotFound):
            return found
        said = found.nik if identifier.kind == "nik" else found.noKartu
        if said and said.strip() != identifier.value:
            raise DirectoryUnreachableError("it answered about somebody else")
        return _member(found, now_ms)

    def _opened_client(self) -> httpx.AsyncClient:
        """One client, made in the loop that uses it: handshakes are half of a look-up's time."""
        if self._client is None:
            self._client = httpx.AsyncClient(
                # Compressed bytes may unfold without end, and its answers are compressed already.
                headers={"Accept": "application/json", "Accept-Encoding": "identity"},
                timeout=self._deadline_s,
                limits=httpx.Limits(max_connections=CONNECTIONS_MAX),
                follow_redirects=False,
                # Where people's numbers go is for the settings to say, not for the environment.
                trust_env=False,
            )
        return self._client


def _demand_status(status: int) -> None:
    if status == HTTPStatus.OK:
        return
    if status in _REFUSED:
        raise DirectoryRefusedError(f"HTTP {status}: the credentials are not taken")
    if status in _SLOW:
        raise DirectorySlowError(f"HTTP {status}")
    raise DirectoryUnreachableError(f"HTTP {status}")


async def _bounded(response: httpx.Response) -> bytes:
    body = bytearray()
    # Raw: compressed in spite of our asking, it is unreadable, and unfolds to nothing.
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > ANSWER_BYTES_MAX:
            raise DirectoryUnreachableError(f"it answered more than {ANSWER_BYTES_MAX} bytes")
    return bytes(body)


def _read(body: bytes, key: bytes) -> _Peserta | NotFound:
    problem: DirectoryError
    try:
        envelope = msgspec.json.decode(body, type=_Envelope)
        code = str(envelope.metaData.code)
        if code == _FOUND:
            return msgspec.json.decode(_response(envelope.response, key), type=_Found).peserta
        message = (envelope.metaData.message or "").lower()
        if code in ("401", "403") or any(word in message for word in _CREDENTIAL_WORDS):
            problem = DirectoryRefusedError("it does not take the credentials or the clock")
        elif code == _NOT_FOUND:
            return NotFound()
        else:
            code = code if code.isdigit() and len(code) == 3 else "of no known form"
            problem = DirectoryUnreachableError(f"code {code}")
    except EnvelopeError as error:
        problem = DirectoryUnreachableError(f"its answer could not be opened: {error}")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        problem = DirectoryUnreachableError(f"its answer is unreadable ({type(error).__name__})")
    raise problem


def _response(given: msgspec.Raw, key: bytes) -> str | bytes:
    """The JSON of the answer: under seal as a text, or open as an object."""
    raw = bytes(given)
    return opened(msgspec.json.decode(raw, type=str), key) if raw.startswith(b'"') else raw


def _member(peserta: _Peserta, now_ms: int) -> Member:
    segment_text, status_text = _text(peserta.jenisPeserta), _text(peserta.statusPeserta)
    status = peserta.statusPeserta
    active = status is not None and str(status.kode) == _ACTIVE
    facility = peserta.provUmum.nmProvider if peserta.provUmum is not None else None
    return Member(
        initials=initials_of(peserta.nama or ""),
        segment=segment_of(segment_text),
        segment_text=segment_text,
        # Of the codes only "0" is known to everyone; the rest is told in the service's words.
        membership="active" if active else None,
        status_text=status_text,
        source="vclaim",
        as_of_ms=now_ms,
        ward_class=_text(peserta.hakKelas),
        facility=plain_line(facility or "", TEXT_MAX),
    )


def _text(coded: _Coded | None) -> str:
    return plain_line(coded.keterangan or "", TEXT_MAX) if coded is not None else ""
