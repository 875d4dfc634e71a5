"""A place for pictures told as a story: a stage that answers when the story says so."""

from collections.abc import Callable
from pathlib import Path

from display.media_files import Found, MediaFile, MediaKind, Skipped
from display.media_show import MediaShow, OnFound, OnOpened, Picture
from display.playlist import Deck, Entry, Slide
from tests.display.announcing_story import Clock

STEP_S = 0.1


def picture(name: str, *, changed_ns: int = 1) -> MediaFile:
    return MediaFile(Path("/pictures") / name, MediaKind.PICTURE, 1000, changed_ns)


def video(name: str, *, changed_ns: int = 1) -> MediaFile:
    return MediaFile(Path("/pictures") / name, MediaKind.VIDEO, 1000, changed_ns)


def deck(sign: str, pages: int = 1) -> Deck:
    return tuple(
        Slide(sign, (f"Layanan {sign}",), (Entry("Biaya", True), Entry("Gratis")), page, pages, "x")
        for page in range(1, pages + 1)
    )


class HandFilm:
    """A video that shows and ends what the story says."""

    def __init__(self, on_picture: Callable[[Picture], None], on_ended: Callable[[str], None]):
        self.on_picture = on_picture
        self.on_ended = on_ended
        self.said: list[str] = []

    def pause(self) -> None:
        self.said.append("pause")

    def resume(self) -> None:
        self.said.append("resume")

    def stop(self) -> None:
        self.said.append("stop")


class HandStage:
    """Opens what is in ``folder``; ``broken`` names fail, ``mute`` ones are never answered."""

    def __init__(self) -> None:
        self.plays_videos = True
        self.folder: tuple[MediaFile, ...] = ()
        self.skipped: tuple[Skipped, ...] = ()
        self.problem = ""
        self.broken: set[str] = set()
        self.mute: set[str] = set()
        self.looks = 0
        self.opened: list[str] = []
        self.late: list[tuple[MediaFile, OnOpened]] = []
        self.films: list[HandFilm] = []
        self.closed = False

    def look(self, folder: Path, on_found: OnFound) -> None:
        self.looks += 1
        on_found(Found(self.folder, self.skipped, self.problem))

    def open(self, file: MediaFile, on_opened: OnOpened) -> None:
        self.opened.append(file.name)
        if file.name in self.mute:
            self.late.append((file, on_opened))
        elif file.name in self.broken:
            on_opened(None, "broken")
        else:
            on_opened(f"picture of {file.name}", "")

    def play(
        self,
        file: MediaFile,
        on_picture: Callable[[Picture], None],
        on_ended: Callable[[str], None],
    ) -> HandFilm:
        self.films.append(HandFilm(on_picture, on_ended))
        return self.films[-1]

    def close(self) -> None:
        self.closed = True


class Place:
    """The show with its stage and a hand-turned clock."""

    def __init__(self, *files: MediaFile, decks: tuple[Deck, ...] = (), on: bool = True) -> None:
        self.clock = Clock()
        self.stage = HandStage()
        self.stage.folder = files
        self.show = MediaShow(
            self.stage,
            Path("/pictures"),
            elapsed_s=lambda: self.clock.elapsed_s,
            picture_s=10,
            page_s=12,
        )
        self.show.set_decks(decks)
        self.seen: list[str] = []
        self.changes = 0
        self.show.changed = self._changed
        self.show.tick()
        if on:
            self.show.run(True)

    def wait(self, seconds: float) -> None:
        end_s = self.clock.elapsed_s + seconds
        while self.clock.elapsed_s < end_s - 1e-9:
            self.clock.elapsed_s += STEP_S
            self.show.tick()

    @property
    def now(self) -> str:
        shown = self.show.shown
        if shown is None:
            return ""
        item = shown.item
        return f"{item.sign}{item.page}" if isinstance(item, Slide) else item.name

    def _changed(self) -> None:
        self.changes += 1
        if self.now and self.seen[-1:] != [self.now]:
            self.seen.append(self.now)
