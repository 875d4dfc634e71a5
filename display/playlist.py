"""What comes next in the place for pictures: the files by name, a standard between each two.

Plain Python. Files and standards may change at any time; what comes next is then what would have
come behind the one before.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from display.media_files import MediaFile


@dataclass(frozen=True)
class Entry:
    """A line of a standard's page: its heading or a line of words."""

    words: str
    is_heading: bool = False


@dataclass(frozen=True)
class Slide:
    """One page of the standard of a service, in one language."""

    sign: str
    title: tuple[str, ...]
    """The service's name, in lines."""
    entries: tuple[Entry, ...]
    page: int
    pages: int
    caption: str
    """What the page is (``Standar pelayanan``)."""

    @property
    def words(self) -> str:
        """All that is said, for whoever hears the screen."""
        lines = (entry.words + (":" if entry.is_heading else "") for entry in self.entries)
        return f"{self.caption}: {' '.join(self.title)}. {' '.join(lines)}"


Deck = tuple[Slide, ...]
"""The pages of one standard in one language, which are shown one after the other."""

Item = MediaFile | Slide


class Playlist:
    """Endless as long as there is anything; `turn` says what comes."""

    def __init__(self) -> None:
        self._files: tuple[MediaFile, ...] = ()
        self._decks: tuple[Deck, ...] = ()
        self._file: MediaFile | None = None
        self._next_file = 0
        self._deck = -1
        self._page = 0
        self._is_in_deck = False

    def __bool__(self) -> bool:
        return bool(self._files or self._decks)

    def set_files(self, files: Sequence[MediaFile]) -> None:
        """Take other files, in their order."""
        new = tuple(files)
        if new == self._files:
            return
        old, self._files = self._files, new
        behind = old[self._next_file :] + old[: self._next_file]
        # The first of those that were to come and still is there; new ones wait for their turn.
        places = {file.path: place for place, file in enumerate(new)}
        coming = next((places[file.path] for file in behind if file.path in places), 0)
        before = self._file.path if self._file is not None else None
        if before in places:
            coming = (places[before] + 1) % len(new)
        self._next_file = coming

    def set_decks(self, decks: Sequence[Deck]) -> None:
        """Take other standards; the page that is shown keeps its turn."""
        self._decks = tuple(deck for deck in decks if deck)
        if self._deck >= len(self._decks):
            self._deck, self._is_in_deck = -1, False

    @property
    def _is_decks_turn(self) -> bool:
        return not self._is_in_deck and self._file is not None

    def turn(self) -> Item | None:
        """Go on; None if there is nothing at all."""
        if self._is_in_deck and self._page + 1 < len(self._decks[self._deck]):
            self._page += 1
            return self._decks[self._deck][self._page]
        # Behind a picture comes a standard, behind a standard a picture.
        if self._decks and (not self._files or self._is_decks_turn):
            self._deck = (self._deck + 1) % len(self._decks)
            self._page, self._is_in_deck = 0, True
            return self._decks[self._deck][0]
        self._is_in_deck = False
        if not self._files:
            return None
        self._file = self._files[self._next_file % len(self._files)]
        self._next_file = (self._next_file + 1) % len(self._files)
        return self._file
