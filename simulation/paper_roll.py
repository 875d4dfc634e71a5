"""What came out of the demo's printer, told as text: the paper of whoever touched the kiosk."""

import asyncio
import re
from collections.abc import Callable, Iterator
from pathlib import Path

LOOK_S = 0.25
WIDTH = 40

_ESC, _GS, _FS, _DLE = 0x1B, 0x1D, 0x1C, 0x10
# Bytes that follow a command's two letters; what is not here has one.
_LENGTHS = {
    (_ESC, ord("@")): 0,
    (_ESC, ord("2")): 0,
    (_ESC, ord("i")): 0,
    (_ESC, ord("m")): 0,
    (_ESC, ord("D")): 0,
    (_ESC, ord("$")): 2,
    (_ESC, ord("\\")): 2,
    (_GS, ord("L")): 2,
    (_GS, ord("W")): 2,
    (_GS, ord("P")): 2,
    (_DLE, 0x04): 1,
}
_CUT = "\x0c"


class PaperRoll:
    """Follows the file that a printer writes, and says each paper once it was cut off."""

    def __init__(self, file: Path, say: Callable[[str], None]) -> None:
        self._file, self._say = file, say
        self._read = 0
        self._pending = b""

    async def follow(self) -> None:
        """Go on until cancelled."""
        while True:
            self.look()
            await asyncio.sleep(LOOK_S)

    def look(self) -> None:
        """Say what has come out since the last look."""
        with self._file.open("rb") as file:
            file.seek(self._read)
            new = file.read()
        if not new:
            return
        self._read += len(new)
        self._pending += new
        *papers, rest = text_of(self._pending).split(_CUT)
        if not papers:
            return
        self._pending = b"" if not rest.strip() else self._pending
        for paper in papers:
            self._say(framed(paper))


def framed(paper: str) -> str:
    """The lines of a paper with an edge around them."""
    lines = [line.strip() for line in paper.splitlines()]
    lines = [line for line in lines if line]
    edge = "-" * (WIDTH + 2)
    return "\n".join(
        [f"  .{edge}.", *(f"  | {line[:WIDTH]:^{WIDTH}} |" for line in lines), f"  '{edge}'"]
    )


def text_of(paper: bytes) -> str:
    """The readable part of ESC/POS bytes; a cut is a form feed, a code "[QR]"."""
    text = "".join(_pieces(paper))
    return re.sub(r"[^\x0a\x0c\x20-\x7e]", "", text)


def _pieces(paper: bytes) -> Iterator[str]:
    place = 0
    while place < len(paper):
        byte = paper[place]
        if byte not in (_ESC, _GS, _FS, _DLE) or place + 1 >= len(paper):
            yield chr(byte)
            place += 1
            continue
        letter = paper[place + 1]
        if byte == _GS and letter in (ord("V"), ord("(")):
            if letter == ord("V"):
                yield _CUT
                place += 4 if paper[place + 2 : place + 3] in (b"A", b"B") else 3
            else:
                size = int.from_bytes(paper[place + 3 : place + 5], "little")
                if paper[place + 6 : place + 7] == b"Q":
                    yield "\n[QR]\n"
                place += 5 + size
        elif byte == _GS and letter == ord("v"):
            wide = int.from_bytes(paper[place + 4 : place + 6], "little")
            high = int.from_bytes(paper[place + 6 : place + 8], "little")
            yield "\n[QR]\n"
            place += 8 + wide * high
        else:
            place += 2 + _LENGTHS.get((byte, letter), 1)
