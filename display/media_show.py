"""What stands in the place for pictures now: pictures, videos and pages of standards, in turn.

Plain Python: no Qt, no thread, no file, and time is given. Whatever a file does (it is broken, it
hangs, it vanishes), the show goes on with what comes next; such a file is left out until it changes
(fault F56).
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from display.media_files import Found, MediaFile, MediaKind, Skipped
from display.playlist import Deck, Item, Playlist, Slide

log = logging.getLogger(__name__)

LOOK_EVERY_S = 5.0
"""So soon a file that was put into the folder, or taken out of it, is noticed."""

OPENING_MOST_S = 20.0
"""The stage has deadlines of its own; this one is for a stage that says nothing at all."""

SEEN_LEAST_S = 3.0
"""What stands there again after a call stays for so long at least."""

STILL_MOST_S = 6.0
"""A video without a new picture for so long is over."""

SLOW_AGAIN_S = 600.0
"""A file that took too long may have had a busy machine or a slow share: it is tried again."""

TOO_SLOW = "too-slow"

Picture = object
"""A decoded picture in whatever form the stage has it; only the painter knows."""

OnFound = Callable[[Found], None]
OnOpened = Callable[[Picture | None, str], None]
"""A picture, or None and why there is none."""


class Film(Protocol):
    """A video that runs."""

    def pause(self) -> None:
        """Hold it; `resume` goes on."""

    def resume(self) -> None:
        """Go on."""

    def stop(self) -> None:
        """End it; nothing is heard of it any more."""


class Stage(Protocol):
    """Who reads folders and decodes files, away from the window; answers come later, by call."""

    plays_videos: bool

    def look(self, folder: Path, on_found: OnFound) -> None:
        """Read the folder."""

    def open(self, file: MediaFile, on_opened: OnOpened) -> None:
        """Decode a picture in the size of its place."""

    def play(
        self,
        file: MediaFile,
        on_picture: Callable[[Picture], None],
        on_ended: Callable[[str], None],
    ) -> Film:
        """Run a video without sound; ``on_ended`` hears why it broke, or nothing at its end."""

    def close(self) -> None:
        """End everything."""


@dataclass(frozen=True)
class Shown:
    """What stands there now."""

    item: Item
    picture: Picture | None = None


class MediaShow:
    """Feed it `tick` at least every 200 ms; ``changed`` is called when `shown` is another."""

    def __init__(
        self,
        stage: Stage | None,
        folder: Path | None,
        *,
        elapsed_s: Callable[[], float],
        picture_s: float = 10.0,
        page_s: float = 12.0,
        standards: bool = True,
    ) -> None:
        """Without a stage and a folder only standards are shown; ``standards`` False: none."""
        self.changed: Callable[[], None] = lambda: None
        self.shown: Shown | None = None
        self.folder = folder
        self.problem = ""
        self._stage = stage
        self._elapsed_s = elapsed_s
        self._picture_s = picture_s
        self._page_s = page_s
        self._standards = standards
        self._list = Playlist()
        self._found = Found()
        self._looked_at_s: float | None = None
        self._is_looking = False
        self._broken: dict[MediaFile, str] = {}
        self._slow_since_s: dict[MediaFile, float] = {}
        self._told: set[Skipped] = set()
        self._on = False
        self._since_s = 0.0
        self._opening: tuple[MediaFile, float] | None = None
        self._film: Film | None = None
        self._film_file: MediaFile | None = None
        self._film_alive_s = 0.0
        self._film_pictures = 0
        self._seen_s = 0.0

    # What there is.

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return bool(self._list)

    @property
    def files(self) -> tuple[MediaFile, ...]:
        """The files that take their turns."""
        return tuple(file for file in self._found.files if file not in self._broken)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """The files that do not, each with why."""
        broken = (Skipped(file.name, why) for file, why in self._broken.items())
        return (*self._found.skipped, *broken)

    @property
    def plays_videos(self) -> bool:
        """Whether this machine has what videos need."""
        return self._stage is not None and self._stage.plays_videos

    # What happens.

    def set_decks(self, decks: Sequence[Deck]) -> None:
        """Take other standards, or the same ones cut into other pages."""
        self._list.set_decks(decks if self._standards else ())
        if self.shown is not None and isinstance(self.shown.item, Slide):
            self._show(None)
            self._advance()

    def set_size_changed(self) -> None:
        """The place has another size: what stands there is decoded again."""
        if self.shown is not None and isinstance(self.shown.item, MediaFile):
            self._end_film()
            self._opening = None
            self._begin(self.shown.item)

    def run(self, on: bool) -> None:
        """Whether the place is to be seen now; a video waits meanwhile."""
        if on == self._on:
            return
        self._on, now_s = on, self._elapsed_s()
        if self._film is not None:
            self._film_alive_s = now_s
            (self._film.resume if on else self._film.pause)()
        if on:
            # It goes on where it was, but nothing vanishes as soon as it is seen again.
            self._since_s = now_s - max(0.0, min(self._seen_s, self._lasts_s() - SEEN_LEAST_S))
        else:
            self._seen_s = now_s - self._since_s
        self.tick()

    def tick(self) -> None:
        """Let time pass."""
        self._look()
        self._forgive_slow()
        if not self._on:
            return
        now_s = self._elapsed_s()
        if self._opening is not None:
            file, asked_at_s = self._opening
            if now_s - asked_at_s > OPENING_MOST_S:
                self._opening = None
                self._leave_out(file, TOO_SLOW)
        elif self._film is not None:
            if now_s - self._film_alive_s > STILL_MOST_S:
                self._break_film(TOO_SLOW)
        elif self.shown is None or now_s - self._since_s >= self._lasts_s():
            self._advance()

    def close(self) -> None:
        """End everything."""
        self._end_film()
        if self._stage is not None:
            self._stage.close()

    # The folder.

    def _look(self) -> None:
        now_s = self._elapsed_s()
        if self._stage is None or self.folder is None or self._is_looking:
            return
        if self._looked_at_s is None or now_s - self._looked_at_s >= LOOK_EVERY_S:
            self._looked_at_s, self._is_looking = now_s, True
            self._stage.look(self.folder, self._on_found)

    def _on_found(self, found: Found) -> None:
        self._is_looking = False
        self._looked_at_s = self._elapsed_s()
        if found.problem != self.problem:
            self.problem = found.problem
            if found.problem:
                log.warning("the folder %s cannot be read: %s", self.folder, found.problem)
        if found == self._found:
            return
        self._found = found
        self._broken = {file: why for file, why in self._broken.items() if file in found.files}
        for one in found.skipped:
            self._tell(one)
        self._told &= set(self.skipped)
        self._renew_list()

    def _renew_list(self) -> None:
        self._list.set_files(self.files)
        shown = self.shown
        if shown is not None and isinstance(shown.item, MediaFile) and shown.item not in self.files:
            self._end_film()
            self._show(None)  # taken out of the folder, or another file by now
            self._advance()

    def _leave_out(self, file: MediaFile, why: str) -> None:
        """Nothing of this file until it changes."""
        self._broken[file] = why
        if why == TOO_SLOW:
            self._slow_since_s[file] = self._elapsed_s()
        self._tell(Skipped(file.name, why))
        self._list.set_files(self.files)
        self._advance()

    def _forgive_slow(self) -> None:
        """Give what was only too slow another turn, after a while."""
        now_s = self._elapsed_s()
        for file, since_s in list(self._slow_since_s.items()):
            if now_s - since_s >= SLOW_AGAIN_S:
                del self._slow_since_s[file]
                self._broken.pop(file, None)
                self._list.set_files(self.files)

    def _tell(self, skipped: Skipped) -> None:
        if skipped not in self._told:
            self._told.add(skipped)
            log.warning("%s is not shown: %s", skipped.name, skipped.reason)

    # One after the other.

    def _lasts_s(self) -> float:
        is_page = self.shown is not None and isinstance(self.shown.item, Slide)
        return self._page_s if is_page else self._picture_s

    def _advance(self) -> None:
        item = self._list.turn()
        if item is None:
            self._show(None)
        else:
            self._begin(item)

    def _begin(self, item: Item) -> None:
        self._since_s = self._elapsed_s()
        if isinstance(item, Slide):
            self._show(Shown(item))
            return
        assert self._stage is not None, "only a stage finds files"
        if item.kind is MediaKind.VIDEO:
            self._play(item)
            return
        self._opening = (item, self._since_s)
        self._stage.open(item, lambda picture, why: self._on_opened(item, picture, why))

    def _on_opened(self, file: MediaFile, picture: Picture | None, why: str) -> None:
        if self._opening is None or self._opening[0] != file:
            return  # too late, or of another size
        self._opening = None
        if file not in self.files:
            self._advance()
        elif picture is None:
            self._leave_out(file, why)
        else:
            self._since_s = self._elapsed_s()
            self._show(Shown(file, picture))

    def _play(self, file: MediaFile) -> None:
        assert self._stage is not None
        self._film_alive_s, self._film_pictures = self._elapsed_s(), 0
        film: Film | None = None

        def on_picture(picture: Picture) -> None:
            if self._film is film:
                self._film_alive_s = self._elapsed_s()
                self._film_pictures += 1
                self._show(Shown(file, picture))

        def on_ended(why: str) -> None:
            if self._film is film:
                self._on_film_ended(why)

        self._film_file = file
        film = self._film = self._stage.play(file, on_picture, on_ended)
        if not self._on:
            film.pause()

    def _on_film_ended(self, why: str) -> None:
        if why or not self._film_pictures:
            self._break_film(why or "broken")
            return
        self._film = None
        # A video of a moment stays as a picture, or it would be started again all the time.
        if self._elapsed_s() - self._since_s >= SEEN_LEAST_S:
            self._advance()

    def _break_film(self, why: str) -> None:
        broken = self._film_file
        assert broken is not None, "only a video that was begun breaks"
        self._end_film()
        self._leave_out(broken, why)

    def _end_film(self) -> None:
        film, self._film = self._film, None
        if film is not None:
            film.stop()

    def _show(self, shown: Shown | None) -> None:
        if shown != self.shown:
            self.shown = shown
            self.changed()
