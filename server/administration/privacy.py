"""What is personal, in an administrator's hands: how much is kept, sweeping it, and one person's.

Who is meant is never said on a command line, which every user of the machine can read.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any

import msgspec

from db import tables as t
from protocol.identifiers import (
    Identifier,
    IdentifierError,
    masked,
    masked_phone,
    read_identifier,
    read_phone,
)
from protocol.plain_text import plain_line
from server.administration.erasing import tell_erased
from server.administration.refusal import RefusedError
from server.domain.events import RecordRevealed
from server.membership import KIND as MEMBER
from server.membership import NUMBERS
from server.ports import Erasure, SealBrokenError, Sealer
from server.second_step_records import KIND as SECOND_STEP
from server.store import Store

NAME_MAX = 120
NAME_LEAST = 3


@dataclass(frozen=True, slots=True)
class Who:
    """A person who asks for what is kept of them: by a number, a phone, or a full name."""

    identifier: Identifier | None = None
    phone: str | None = None
    name: str | None = None

    @property
    def masked(self) -> str:
        """How to speak of them."""
        if self.identifier is not None:
            return f"{self.identifier.kind} {masked(self.identifier)}"
        return f"phone {masked_phone(self.phone)}" if self.phone is not None else "this name"

    def __repr__(self) -> str:  # who it is must not reach a log or a crash note
        return f"Who({self.masked})"


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """One record under seal, opened."""

    row: Mapping[str, Any]
    personal: Mapping[str, str]

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.row["id"])

    def __repr__(self) -> str:  # what is personal must not reach a log or a crash note
        return f"KeptRecord({self.row['kind']} {self.id})"


@dataclass(slots=True)
class Found:
    """What is kept of a person. ``unreadable`` records would not open, so nobody knows of whom."""

    records: list[KeptRecord] = field(default_factory=list)
    member: KeptRecord | None = None
    unreadable: int = 0

    def counts(self) -> dict[str, int]:
        """How many of each kind."""
        counts: dict[str, int] = {}
        for record in self.records:
            kind = str(record.row["kind"])
            counts[kind] = counts.get(kind, 0) + 1
        return counts | ({MEMBER: 1} if self.member is not None else {})


def read_who(typed: str) -> Who:
    """Whom somebody means; raises RefusedError without a word of what was typed."""
    try:
        return Who(identifier=read_identifier(typed))
    except IdentifierError:
        pass
    try:
        return Who(phone=read_phone(typed))
    except IdentifierError:
        pass
    name = plain_line(typed, NAME_MAX)
    if any(char.isdigit() for char in name) or len(name) < NAME_LEAST:
        raise RefusedError(
            "This is no NIK (16 digits), no card number (13), no passport, no mobile number, and "
            "no full name. Type one of them."
        )
    return Who(name=name.casefold())


def find_person(store: Store, sealer: Sealer, who: Who) -> Found:
    """Everything under seal that is about a person, or repeats their number.

    All of it is opened and looked through: a complaint may name somebody whom no screening knows.
    """
    found, opened = Found(), []
    for row in store.rows(t.sealed_record):
        if row["kind"] == SECOND_STEP:
            continue  # of who works here; nothing of a visitor stands in it
        try:
            personal = sealer.open(row["kind"], row["id"], row["sealed"])
        except SealBrokenError:
            found.unreadable += 1
        else:
            opened.append(KeptRecord(row, personal))
    marks: set[bytes] = set()
    if who.identifier is not None:
        mark = sealer.fingerprint(who.identifier.kind, who.identifier.value)
        found.member = _member(store, sealer, mark)
        # The list knows by which other number the same person may have been received.
        marks = {mark, *(_rows_in_list(found.member) if found.member is not None else ())}
    theirs = [one for one in opened if _is_theirs(one, who, marks)]
    screenings = {one.id for one in theirs}
    linked = _complaints_of(store, screenings)
    ids = screenings | linked
    found.records = sorted((one for one in opened if one.id in ids), key=_at_ms)
    return found


def _at_ms(record: KeptRecord) -> tuple[int, str]:
    return int(record.row["at_ms"]), record.id


def _member(store: Store, sealer: Sealer, mark: bytes) -> KeptRecord | None:
    rows = store.rows_with(t.member, "fingerprint", [mark])
    if not rows:
        return None
    try:
        return KeptRecord(rows[0], sealer.open(MEMBER, mark.hex(), rows[0]["sealed"]))
    except SealBrokenError:
        return KeptRecord(rows[0], {})


def _is_theirs(record: KeptRecord, who: Who, marks: Collection[bytes]) -> bool:
    if record.row["fingerprint"] in marks:
        return True
    texts = record.personal.values()
    if who.identifier is not None:
        return any(who.identifier.value in _compact(text) for text in texts)
    if who.phone is not None:
        national = who.phone.removeprefix("+62")
        return any(national in _compact(text) for text in texts)
    return plain_line(record.personal.get("name", ""), NAME_MAX).casefold() == who.name


def _compact(text: str) -> str:
    return "".join(char for char in text if char.isalnum()).upper()


def _complaints_of(store: Store, screenings: set[str]) -> set[str]:
    """Complaints that were filed in the same visit as a screening."""
    tickets = {
        row["ticket"]
        for row in store.rows_with(t.screening, "id", screenings)
        if row["ticket"] is not None
    }
    rows = store.rows_with(t.complaint, "screening", screenings)
    rows += store.rows_with(t.complaint, "ticket", tickets)
    return {str(row["id"]) for row in rows}


# One person's.


def export_person(store: Store, found: Found, who: Who, now_ms: int) -> dict[str, Any]:
    """Everything that is kept of a person, opened, with the facts of each visit and who looked."""
    zone = store.load_branch().time_zone
    ids = [one.id for one in found.records]
    facts = {str(row["id"]): row for row in store.rows_with(t.screening, "id", ids)}
    complaints = {str(row["id"]): row for row in store.rows_with(t.complaint, "id", ids)}
    tickets = {str(row["id"]): row for row in _tickets_of(store, [*facts.values()])}
    looks = _looks(store, set(ids), zone)
    records = []
    for one in found.records:
        screening = facts.get(one.id)
        ticket = tickets.get(str(screening["ticket"])) if screening is not None else None
        records.append(
            {
                "record": one.id,
                "kind": one.row["kind"],
                "captured_at": _instant(one.row["at_ms"], zone),
                "erased_at": _instant(one.row["erase_at_ms"], zone),
                "personal": dict(one.personal),
                "screening": _plain(screening, zone),
                "ticket": _plain(ticket, zone),
                "complaint": _plain(complaints.get(one.id), zone),
                "looked_at": looks.get(one.id, []),
            }
        )
    member = found.member
    return {
        "branch": store.branch_code,
        "made_at": _instant(now_ms, zone),
        "about": who.masked,
        "records": records,
        "member": None if member is None else _without_marks(member.personal),
        "unreadable_records": found.unreadable,
    }


def _without_marks(personal: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in personal.items() if name != NUMBERS}


def _tickets_of(store: Store, screenings: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    ids = [row["ticket"] for row in screenings if row["ticket"] is not None]
    return store.rows_with(t.ticket, "id", ids)


def _looks(store: Store, ids: set[str], zone: tzinfo) -> dict[str, list[dict[str, str]]]:
    """Per record: who opened it, when, where and why (Art. 31)."""
    looks: dict[str, list[dict[str, str]]] = {}
    for recorded in store.events_of(RecordRevealed):
        event = recorded.event
        assert isinstance(event, RecordRevealed)
        if event.record in ids:
            looks.setdefault(event.record, []).append(
                {
                    "at": _instant(recorded.at_ms, zone),
                    "staff": event.staff,
                    "device": event.device,
                    "reason": event.reason,
                }
            )
    return looks


def _plain(row: Mapping[str, Any] | None, zone: tzinfo) -> dict[str, Any] | None:
    """A row for a person to read: instants as such, lists as lists, nothing of nobody's concern."""
    if row is None:
        return None
    plain: dict[str, Any] = {}
    for key, value in row.items():
        if key in ("branch", "link") or value is None:
            continue
        if key.endswith("_at_ms"):
            plain[key.removesuffix("_ms")] = _instant(value, zone)
        elif isinstance(value, str) and value[:1] in ("[", "{"):
            plain[key] = msgspec.json.decode(value)
        else:
            plain[key] = value
    return plain


def _instant(at_ms: int, zone: tzinfo) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone).isoformat(" ", "seconds")


def erase_person(store: Store, found: Found, now_ms: int) -> dict[str, int]:
    """Erase what is kept of a person; the history says how many records, and that they asked."""
    counts = found.counts()
    if counts:
        members = [] if found.member is None else _rows_in_list(found.member)
        records = [one.id for one in found.records]
        tell_erased(store, counts, "asked", Erasure(None, records, members), now_ms)
    return counts


def _rows_in_list(member: KeptRecord) -> list[bytes]:
    """A person stands in the list once for each number."""
    others = member.personal.get(NUMBERS, "").split()
    return list({bytes(member.row["fingerprint"]), *map(bytes.fromhex, others)})


def sweep(store: Store, now_ms: int) -> dict[str, int]:
    """Erase all that is at the end of its time, as the server does every hour."""
    counts = store.due(now_ms)
    if counts:
        tell_erased(store, counts, "retention", Erasure(until_ms=now_ms), now_ms)
    return counts
