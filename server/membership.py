"""The membership directory: what the door may ask of it, and what comes back. Adapters fill it.

Whoever asks gets initials and coded facts, never a name: the door needs no more (UU PDP, data
minimisation). No error here repeats an identifier or anything that a directory said.
"""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal, Protocol

from protocol.identifiers import Identifier, IdentifierKind
from protocol.plain_text import plain_line

Outcome = Literal["found", "not-found", "none", "unreachable", "slow", "refused"]
"""What a look-up came to. none: there is no directory that knows this kind of number."""
Source = Literal["none", "file", "vclaim"]

SEGMENTS = ("PBPU", "PPU-BU", "PPU-PN", "PBI-APBN", "PBI-APBD", "BP")
MEMBERSHIPS = ("active", "arrears", "pbi-inactive", "inactive", "not-registered", "unknown")
KIND = "member"
"""The kind under which the people of an imported list are sealed."""
NUMBERS = "numbers"
"""Sealed with each of them: the keyed hashes of all numbers under which a person is in the list."""
TEXT_MAX = 80
INITIALS_MAX = 4

# The texts of ``jenisPeserta`` that were seen, and the segments' own names. The official table is
# not public (domain.md 9.3), so whatever stands not here stays unknown and is shown as it is.
_SEGMENT_OF_TEXT = {
    "PBPU": "PBPU",
    "PEKERJA MANDIRI": "PBPU",
    "PEKERJA BUKAN PENERIMA UPAH": "PBPU",
    "PPU BU": "PPU-BU",
    "PPU BADAN USAHA": "PPU-BU",
    "PEGAWAI SWASTA": "PPU-BU",
    "PPU PN": "PPU-PN",
    "PBI APBN": "PBI-APBN",
    "PBI APBD": "PBI-APBD",
    "BP": "BP",
    "BUKAN PEKERJA": "BP",
}


class DirectoryError(Exception):
    """The directory gave no answer. The text says why, for the log; nothing personal is in it."""

    outcome: ClassVar[Outcome] = "unreachable"


class DirectoryUnreachableError(DirectoryError):
    """It is not there, is broken, or says what nobody can read."""


class DirectorySlowError(DirectoryError):
    """It did not answer within the deadline."""

    outcome = "slow"


class DirectoryRefusedError(DirectoryError):
    """It does not take our credentials."""

    outcome = "refused"


@dataclass(frozen=True, slots=True, repr=False)
class Member:
    """What a directory knows of somebody. Codes are of the branch's catalogue; None is unknown.

    ``segment_text`` and ``status_text`` are as the source says them; ``as_of_ms`` is when the
    source knew it. ``decree_on`` is the date of the decree that ended a contribution assistance.
    """

    initials: str
    segment: str | None
    segment_text: str
    membership: str | None
    status_text: str
    source: Source
    as_of_ms: int
    ward_class: str = ""
    facility: str = ""
    facility_changed_on: date | None = None
    decree_on: date | None = None

    def __repr__(self) -> str:  # what is known of a person must not reach a log or a crash note
        return f"Member(source={self.source!r})"


@dataclass(frozen=True, slots=True)
class NotFound:
    """The directory answered, and knows nobody with this number."""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What a look-up came to; the member where one was found."""

    outcome: Outcome
    member: Member | None = None


class MembershipDirectory(Protocol):
    """Asked beside the lane, in a thread of its own, and never waited for beyond a deadline."""

    source: Source
    kinds: frozenset[IdentifierKind]
    """The identifiers that it can be asked by; others are not even sent to it."""

    async def find(self, identifier: Identifier, on: date) -> Member | NotFound:
        """Who it is, on a day at the branch. Raises DirectoryError, and stops when cancelled."""
        ...

    async def close(self) -> None:
        """Let go of connections; nothing is asked afterwards."""
        ...


def initials_of(name: str) -> str:
    """``Siti Nur'aini binti Ahmad`` as ``S.N.B.A.``; a dash where there is no letter at all."""
    words = plain_line(name, 200).upper().replace(".", " ").replace(",", " ").split()
    letters = [next((char for char in word if char.isalpha()), "") for word in words]
    found = [letter[0] for letter in letters if letter][:INITIALS_MAX]
    return "".join(f"{letter}." for letter in found) or "–"


def segment_of(text: str) -> str | None:
    """The code behind a source's own words; None where nobody knows what they mean."""
    return _SEGMENT_OF_TEXT.get(_bare(text))


def _bare(text: str) -> str:
    """Capitals, with one space for whatever stands between words: ``PBI (APBN)`` is PBI APBN."""
    letters = "".join(char if char.isalnum() else " " for char in text.upper())
    return " ".join(letters.split())
