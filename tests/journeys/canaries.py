"""Made-up people whose every word is a canary, and ears that hear one wherever it sings (G29)."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

WORD = "kenari"
"""Every name, address, note and text of these people has a word that begins so."""
_WORDS = re.compile(rf"{WORD}[a-z]{{8}}")
_RUN = re.compile(r"\d{11,}")
_APART = re.compile(r"(?<=\d)[\s./_-](?=\d)")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who comes to the branch; no two have a canary in common."""

    nik: str
    card: str
    phone: str
    name: str
    address: str
    note: str
    text: str
    wish: str

    @property
    def canaries(self) -> set[str]:
        """What may sing: numbers, the place and day of birth in a NIK, and the words."""
        words = {word for text in self._texts() for word in _WORDS.findall(text.lower())}
        return {self.nik, self.nik[:12], self.card, self.phone.lstrip("0"), *words}

    def _texts(self) -> tuple[str, ...]:
        return self.name, self.address, self.note, self.text, self.wish


def people(count: int, seed: int = 1) -> list[Person]:
    """So many made-up people; the same for the same seed."""
    dice = Random(f"canaries {seed}")
    found: list[Person] = []
    words = _new_words(dice)
    for number in range(count):
        day, month = number % 28 + 1, number // 28 % 12 + 1
        year = 60 + number // 336
        found.append(
            Person(
                nik=f"357808{day:02}{month:02}{year:02}{dice.randrange(1, 9999):04}",
                card=f"000{dice.randrange(10**9, 10**10)}",
                phone=f"08{dice.randrange(10**9, 10**10)}",
                name=f"Ibu {next(words).title()} binti {next(words).title()}",
                address=f"Jalan {next(words).title()} {number + 1}, RT 3",
                note=f"catatan {next(words)}, memakai tongkat",
                text=f"Petugas {next(words)} tidak ramah",
                wish=f"permintaan maaf untuk {next(words)}",
            )
        )
    singing = [canary for person in found for canary in person.canaries]
    assert len(set(singing)) == len(singing), "every canary has one owner"
    return found


def _new_words(dice: Random) -> Iterator[str]:
    told: set[str] = set()
    while True:
        word = WORD + "".join(dice.choices("abcdefghijklmnopqrstuvwxyz", k=8))
        if word not in told:
            told.add(word)
            yield word


class Ears:
    """Hear canaries in bytes of any kind: letters of any case, digits together or in groups."""

    def __init__(self, crowd: Iterable[Person]) -> None:
        self.canaries = {canary for person in crowd for canary in person.canaries}
        numbers = {canary for canary in self.canaries if canary.isdigit()}
        self._lengths = sorted({len(number) for number in numbers})
        self._numbers = numbers
        self.bytes_heard = 0

    def hear(self, heard: bytes | str) -> set[str]:
        """Which canaries sing in it."""
        data = heard.encode("utf-8", "replace") if isinstance(heard, str) else heard
        self.bytes_heard += len(data)
        text = data.decode("utf-8", "replace").lower()
        found = {word for word in _WORDS.findall(text) if word in self.canaries}
        for way in (text, _APART.sub("", text)):
            for run in _RUN.findall(way):
                found |= self._numbers_in(run)
        return found

    def _numbers_in(self, run: str) -> set[str]:
        return {
            run[at : at + length]
            for length in self._lengths
            for at in range(len(run) - length + 1)
            if run[at : at + length] in self._numbers
        }


def frames(told: bytes) -> Iterator[bytes]:
    """The text frames of a server that neither masks nor fragments nor compresses."""
    at = told.index(b"\r\n\r\n") + 4
    while at + 2 <= len(told):
        kind, length = told[at] & 0x0F, told[at + 1]
        assert not length & 0x80, "a server does not mask"
        at += 2
        if length > 125:
            wide = 2 if length == 126 else 8
            length, at = int.from_bytes(told[at : at + wide], "big"), at + wide
        if at + length > len(told):
            return  # the wire was cut in the middle of it
        if kind == 1:
            yield told[at : at + length]
        at += length


@dataclass(slots=True)
class Allowed:
    """What the staff may be told, and how often it was: nothing else may sing."""

    revealed: int = 0
    notes: int = 0

    def rest(self, frame: bytes) -> bytes:
        """A frame without what this seat had asked for by name."""
        said: Any = json.loads(frame)
        if said.get("type") == "Accepted" and said.pop("revealed", None):
            self.revealed += 1
        screening = said.get("screening")
        if said.get("type") == "Answer" and isinstance(screening, dict) and screening.get("note"):
            del screening["note"]
            self.notes += 1
        return json.dumps(said).encode()
