"""The form of a branch's ticket: a small text that people write, read into blocks (pure).

One block a line, from the top of the paper; ``#`` begins a note::

    logo
    branch bold
    space 1.5
    number
    text large center: Selamat datang di {branch}
        en: Welcome to {branch}
    rule
    footer

Behind a block stand its looks: ``left center right``, ``bold plain``, ``normal tall large huge``.
A ``text`` has words of its own, in Indonesian behind its colon or in other languages on the lines
below it; ``{…}`` in them stands for a fact of the ticket. Rules with nothing between them are one.
What must stand on each paper (`NEEDED`) is put back where a form leaves it out.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

Align = Literal["left", "center", "right"]

TEXT_LENGTH_MAX = 4000
LINES_MAX = 120
WORDS_LENGTH_MAX = 200
SPACE_MM_MAX = 30.0
HOME_LANGUAGE = "id"

ALIGNS: tuple[Align, ...] = ("left", "center", "right")
SIZES: Mapping[str, tuple[int, int]] = {
    "normal": (1, 1),
    "tall": (1, 2),
    "large": (2, 2),
    "huge": (3, 3),
}
"""Width and height in multiples of the printer's letters."""
WEIGHTS: Mapping[str, bool] = {"bold": True, "plain": False}

_ALIGNED = frozenset(ALIGNS)
_LETTERED = _ALIGNED | SIZES.keys() | WEIGHTS.keys()
BLOCKS: Mapping[str, frozenset[str]] = {
    "logo": _ALIGNED,
    "branch": _LETTERED,
    "your-number": _LETTERED,
    # Always as large as the paper allows: it is read from afar.
    "number": _ALIGNED,
    "service": _LETTERED,
    "time": _LETTERED,
    "people-ahead": _LETTERED,
    "estimate": _LETTERED,
    "papers": frozenset(),
    "qr": frozenset(),
    "rule": frozenset(),
    "space": frozenset(),
    "footer": _LETTERED,
    "text": _LETTERED,
}
"""Each block and the looks that it may have."""
_AGAIN_AND_AGAIN = {"rule", "space", "text"}
NEEDED = ("branch", "number")
"""A paper that says neither whose it is nor which number helps nobody."""

PLACEHOLDERS = ("branch", "number", "service", "date", "time", "people_ahead", "estimate")

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_WORDS_OF = re.compile(r"([A-Za-z]{2,3})\s*:(.*)", re.DOTALL)
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_SPACE = re.compile(r"\d{1,2}(?:[.,]\d)?")


class Block(Struct, frozen=True):
    """One part of the paper; None leaves a look as it is shipped. ``words`` by language."""

    kind: str
    align: Align | None = None
    size: tuple[int, int] | None = None
    bold: bool | None = None
    space_mm: float = 0.0
    words: dict[str, str] = {}


class PaperForm(Struct, frozen=True):
    """A form that was read: its blocks from the top, what is needed among them."""

    blocks: tuple[Block, ...]


class Fault(Struct, frozen=True):
    """What is wrong in a line (from 1); the sentence stands under ``form.<key>``."""

    line: int
    key: str
    facts: dict[str, str] = {}


class FormError(ValueError):
    """A form that cannot be used; ``faults`` in the order of its lines."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"line {fault.line}: {fault.key}" for fault in faults))
        self.faults = faults


DEFAULT_FORM_TEXT = """\
# Bentuk karcis. Satu baris satu bagian, dari atas ke bawah; baris dengan # hanya catatan.
# The form of the ticket. One part a line, from the top; a line with # is only a note.
logo
branch
space 1.5
your-number
number
service
time
rule
people-ahead
estimate
rule
papers
rule
qr
rule
footer
"""


def read_form(text: str) -> PaperForm:
    """The form in `text`; raises `FormError` with everything that is wrong in it."""
    reader = _Reader()
    # Not splitlines: a control sign that somebody pasted must not begin a line of its own.
    lines = text.removesuffix("\n").split("\n")
    if len(text) > TEXT_LENGTH_MAX or len(lines) > LINES_MAX:
        limits = {"characters": str(TEXT_LENGTH_MAX), "lines": str(LINES_MAX)}
        raise FormError([Fault(min(len(lines), LINES_MAX), "too_long", limits)])
    for number, line in enumerate(lines, 1):
        reader.line(number, line)
    return reader.form()


def placeholders(words: str) -> Iterable[re.Match[str]]:
    """Every ``{name}``, ``{{``, ``}}`` and lone brace in `words`, in order."""
    return _PLACEHOLDER.finditer(words)


def filled(words: str, facts: Mapping[str, str]) -> str | None:
    """`words` with their facts; None where one of them is not known, as then nothing is said."""
    if any(match[1] is not None and match[1] not in facts for match in placeholders(words)):
        return None

    def fact(match: re.Match[str]) -> str:
        return match[0][0] if match[1] is None else facts[match[1]]

    return _PLACEHOLDER.sub(fact, words)


class _Reader:
    """Takes lines, keeps blocks and faults."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._lines: list[int] = []
        self._faults: list[Fault] = []
        self._first: dict[str, int] = {}
        # Whether the last line with a block was a text, good or bad: its languages follow it.
        self._in_text = False

    def line(self, number: int, line: str) -> None:
        """One line, whatever it is."""
        given = line.strip()
        if not given or given.startswith("#"):
            return
        head, colon, words = given.partition(":")
        kind, *looks = head.split() or [""]
        of_language = _WORDS_OF.fullmatch(given)
        if of_language and kind.casefold() not in BLOCKS:
            self._words(number, of_language[1], of_language[2].strip())
            return
        self._block(number, kind.casefold(), [look.casefold() for look in looks], colon, words)

    def form(self) -> PaperForm:
        """Everything that was read; raises what was wrong."""
        for block, number in zip(self._blocks, self._lines, strict=True):
            if block.kind == "text" and not any(block.words.values()):
                self._fault(number, "no_words")
        if self._faults:
            raise FormError(sorted(self._faults, key=lambda fault: fault.line))
        return PaperForm(tuple(_completed(self._blocks)))

    def _block(self, number: int, kind: str, looks: list[str], colon: str, words: str) -> None:
        self._in_text = kind == "text"
        if kind not in BLOCKS:
            self._fault(number, "block", word=kind, near=_nearest(kind, BLOCKS))
            return
        if kind not in _AGAIN_AND_AGAIN:
            first = self._first.setdefault(kind, number)
            if first != number:
                self._fault(number, "twice", word=kind, first=str(first))
                return
        if colon and kind != "text":
            self._fault(number, "no_place_for_words", word=kind)
            return
        space_mm = self._space(number, looks) if kind == "space" else 0.0
        found = self._looks(number, kind, [] if kind == "space" else looks)
        block = Block(kind, *found, space_mm=space_mm)
        self._blocks.append(block)
        self._lines.append(number)
        if words.strip():
            self._words(number, HOME_LANGUAGE, words.strip())

    def _looks(
        self, number: int, kind: str, looks: list[str]
    ) -> tuple[Align | None, tuple[int, int] | None, bool | None]:
        align: Align | None = None
        size: tuple[int, int] | None = None
        bold: bool | None = None
        for look in looks:
            allowed = BLOCKS[kind]
            if look not in allowed:
                self._look_fault(number, kind, look)
            elif look in SIZES:
                self._fault_if(size is not None, number, "look_twice", word=look)
                size = SIZES[look]
            elif look in WEIGHTS:
                self._fault_if(bold is not None, number, "look_twice", word=look)
                bold = WEIGHTS[look]
            else:
                self._fault_if(align is not None, number, "look_twice", word=look)
                align = next(known for known in ALIGNS if known == look)
        return align, size, bold

    def _look_fault(self, number: int, kind: str, look: str) -> None:
        allowed = [known for known in (*ALIGNS, *WEIGHTS, *SIZES) if known in BLOCKS[kind]]
        if allowed:
            self._fault(number, "look", word=look, block=kind, known=", ".join(allowed))
        else:
            self._fault(number, "no_looks", word=look, block=kind)

    def _space(self, number: int, looks: list[str]) -> float:
        if len(looks) == 1 and _SPACE.fullmatch(looks[0]):
            space_mm = float(looks[0].replace(",", "."))
            if 0 < space_mm <= SPACE_MM_MAX:
                return space_mm
        self._fault(number, "space", most=f"{SPACE_MM_MAX:g}")
        return 1.0

    def _words(self, number: int, language: str, words: str) -> None:
        if not self._in_text or not self._blocks or self._blocks[-1].kind != "text":
            self._fault(number, "words_of_nothing", word=language)
            return
        if not _LANGUAGE.fullmatch(language):
            self._fault(number, "language", word=language)
            return
        known = self._blocks[-1].words
        self._fault_if(language in known, number, "language_twice", word=language)
        self._fault_if(
            len(words) > WORDS_LENGTH_MAX, number, "words_too_long", most=str(WORDS_LENGTH_MAX)
        )
        for match in placeholders(words):
            name = match[1]
            if name is None:
                self._fault_if(len(match[0]) == 1, number, "brace", word=match[0])
            elif name not in PLACEHOLDERS:
                every = ", ".join(f"{{{known}}}" for known in PLACEHOLDERS)
                self._fault(number, "placeholder", word=f"{{{name}}}", known=every)
        last = self._blocks.pop()
        self._blocks.append(
            Block("text", last.align, last.size, last.bold, words={**known, language: words})
        )

    def _fault(self, number: int, key: str, **facts: str) -> None:
        self._faults.append(Fault(number, key, facts))

    def _fault_if(self, wrong: bool, number: int, key: str, **facts: str) -> None:
        if wrong:
            self._fault(number, key, **facts)


def _completed(blocks: list[Block]) -> list[Block]:
    """The blocks with what no paper may lack: the branch at the top, the number under it."""
    found = list(blocks)
    kinds = [block.kind for block in found]
    if "branch" not in kinds:
        found.insert(1 if kinds[:1] == ["logo"] else 0, Block("branch"))
        kinds = [block.kind for block in found]
    if "number" not in kinds:
        found.insert(kinds.index("branch") + 1, Block("number"))
    return found


def _nearest(word: str, known: Iterable[str]) -> str:
    """The known words, those that begin alike alone where there are some."""
    names = list(known)
    return ", ".join([name for name in names if name[:2] == word[:2]] or names)


DEFAULT_FORM = read_form(DEFAULT_FORM_TEXT)
