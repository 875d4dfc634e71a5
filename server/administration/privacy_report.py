"""How much that is personal a branch keeps, how old it is, and what was erased: the proof."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, tzinfo

import msgspec

from db import tables as t
from server.domain.events import PersonalDataErased, RecordRevealed
from server.store import Store

# The server sweeps every hour; what is later than this was forgotten.
LATE_MS = 2 * 3600 * 1000
ERASURES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class KeptKind:
    """What is kept of one kind; instants in ms."""

    kind: str
    count: int
    oldest_at_ms: int
    next_erased_at_ms: int
    late: int


@dataclass(frozen=True, slots=True)
class ErasedOnce:
    """One erasure of the history."""

    seq: int
    at_ms: int
    reason: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class PrivacyReport:
    """All of it; ``looks`` is how often each person opened a record."""

    branch: str
    made_at_ms: int
    kept: list[KeptKind]
    members: int
    erased: list[ErasedOnce]
    looks: dict[str, int]

    @property
    def late(self) -> int:
        """How many records are past their time."""
        return sum(one.late for one in self.kept)


def read_report(store: Store, now_ms: int) -> PrivacyReport:
    """Count, without opening anything."""
    kinds: dict[str, list[tuple[int, int]]] = {}
    for row in store.rows(t.sealed_record):
        kinds.setdefault(str(row["kind"]), []).append((row["at_ms"], row["erase_at_ms"]))
    kept = [
        KeptKind(
            kind,
            len(rows),
            min(at_ms for at_ms, _ in rows),
            min(erase_at_ms for _, erase_at_ms in rows),
            sum(erase_at_ms + LATE_MS < now_ms for _, erase_at_ms in rows),
        )
        for kind, rows in sorted(kinds.items())
    ]
    erased = [
        ErasedOnce(one.seq, one.at_ms, one.event.reason, one.event.counts)
        for one in store.events_of(PersonalDataErased)
        if isinstance(one.event, PersonalDataErased)
    ]
    looks: dict[str, int] = {}
    for one in store.events_of(RecordRevealed):
        if isinstance(one.event, RecordRevealed):
            looks[one.event.staff] = looks.get(one.event.staff, 0) + 1
    members = len(store.rows(t.member))
    return PrivacyReport(store.branch_code, now_ms, kept, members, erased, looks)


def as_json(report: PrivacyReport) -> str:
    """For programs."""
    return msgspec.json.encode(asdict(report) | {"late": report.late}).decode()


def as_table(report: PrivacyReport, zone: tzinfo) -> Iterator[str]:
    """For people, in the branch's own time."""
    yield f"{'kept under seal':<18}{'records':>8}  {'oldest':<17}{'next is erased':<17}{'late':>5}"
    for one in report.kept:
        oldest, following = _short(one.oldest_at_ms, zone), _short(one.next_erased_at_ms, zone)
        yield f"{one.kind:<18}{one.count:>8}  {oldest:<17}{following:<17}{one.late:>5}"
    if not report.kept:
        yield "nothing"
    yield f"imported members: {report.members}"
    yield ""
    yield f"erased so far: {len(report.erased)} times; the newest, by their events:"
    for erasure in report.erased[-ERASURES_SHOWN:]:
        counts = ", ".join(f"{count} {kind}" for kind, count in erasure.counts.items())
        yield f"  {_short(erasure.at_ms, zone)}  {erasure.reason:<10} {counts} (#{erasure.seq})"
    yield ""
    total = sum(report.looks.values())
    yield f"looked at: {total} times"
    for staff, count in sorted(report.looks.items(), key=lambda one: -one[1]):
        yield f"  {staff:<16}{count:>6}"


def _short(at_ms: int, zone: tzinfo) -> str:
    at = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone)
    return f"{at:%Y-%m-%d %H:%M}"
