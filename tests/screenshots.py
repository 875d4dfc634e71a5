"""Renders every screen in every state at its real size: script/screenshots.

The states are those that the tests walk through, with sample data and without a server.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QWidget

from tests.contact_sheet import write_sheets
from tests.counter import gallery as counter_pictures
from tests.counter.door import door_gallery as door_pictures
from tests.display import board_pictures as display_pictures
from tests.kiosk import kiosk_pictures, rating_story
from ui.theme import load_fonts

CHECKOUT = Path(__file__).resolve().parents[1]
README_PICTURES = CHECKOUT / "docs" / "pictures"
LANGUAGES = ("id", "en")
ON_THE_KIOSK = ("portrait", "landscape")
AT_THE_DOOR = ("tablet", "small-tablet", "pc")
ON_THE_TV = ("landscape", "portrait")

IN_THE_README = (
    "id/kiosk-portrait-idle",
    "id/kiosk-portrait-services",
    "id/kiosk-portrait-issued-out",
    "id/kiosk-portrait-paperless",
    "en/kiosk-landscape-services",
    "id/door-small-tablet-identifier-found",
    "en/door-small-tablet-ticket",
    *(
        f"{language}/{name}"
        for language in ("id", "en")
        for name in (
            "door-tablet-purpose",
            "door-tablet-advice-blocks",
            "door-tablet-ticket",
            "door-tablet-solved",
            "door-tablet-channel-done",
            "door-tablet-office",
            "door-tablet-return",
            "door-tablet-guest",
            "door-tablet-complaint",
            "door-tablet-hall",
            "kiosk-portrait-code",
            "counter-serving-visit",
        )
    ),
    "id/counter-serving-serving",
    "id/counter-serving-finish",
    "id/counter-strip-serving",
    "id/display-landscape-called",
    "id/display-portrait-estimates",
)
"""What docs/pictures holds; the rest is made when somebody wants to look at it."""

Shown = tuple[str, QWidget]


def main(argv: list[str] | None = None) -> int:
    """Write the README's pictures, or with --all every picture into a folder."""
    parser = argparse.ArgumentParser(
        prog="script/screenshots",
        description="Without options: the pictures of the README, into docs/pictures.",
    )
    parser.add_argument("--all", type=Path, metavar="DIR", help="every state into this folder")
    parser.add_argument(
        "--sheets",
        type=Path,
        metavar="DIR",
        help="every state in the first language, small, on a few sheets",
    )
    arguments = parser.parse_args(argv)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    qInstallMessageHandler(_hear_qt)
    app = QApplication([])
    load_fonts()
    if arguments.sheets is not None:
        return _write_sheets(arguments.sheets)
    folder = arguments.all or README_PICTURES
    wanted = None if arguments.all else set(IN_THE_README)
    written = {name: save(widget, folder / f"{name}.png") for name, widget in screens(wanted)}
    app.processEvents()
    if wanted is not None and wanted - written.keys():
        print(f"no screen is called {sorted(wanted - written.keys())}", file=sys.stderr)
        return 1
    print(f"{len(written)} pictures, {sum(written.values()) / 1e6:.1f} MB, in {folder}")
    return 0


def _write_sheets(folder: Path) -> int:
    with tempfile.TemporaryDirectory() as pictures:
        written = {}
        for name, widget in screens(None, LANGUAGES[:1]):
            written[name] = Path(pictures) / f"{name}.png"
            save(widget, written[name])
        for sheet in write_sheets(written, folder):
            print(f"{sheet}: {sheet.stat().st_size / 1e6:.1f} MB")
    print(f"{len(written)} screens")
    return 0


def screens(wanted: set[str] | None, languages: Sequence[str] = LANGUAGES) -> Iterator[Shown]:
    """Every screen by name, on show only until the next one is asked for."""
    for language in languages:
        for make in (kiosk_screens, rating_screens, display_screens, counter_screens, door_screens):
            for name, widget in make(language, wanted):
                if wanted is None or name in wanted:
                    yield name, widget


def kiosk_screens(language: str, wanted: set[str] | None) -> Iterator[Shown]:
    """The visitor's screen, upright and lying."""
    for shape in ON_THE_KIOSK:
        for state, lead in kiosk_pictures.STATES.items():
            name = f"{language}/kiosk-{shape}-{state}"
            if wanted is not None and name not in wanted:
                continue
            story = kiosk_pictures.story_of(state, lead, language)
            window = kiosk_pictures.window_of(story, *kiosk_pictures.SIZES[shape])
            yield from shown(name, window)


def rating_screens(language: str, wanted: set[str] | None) -> Iterator[Shown]:
    """The pad at a counter, lying and upright."""
    for shape, size in rating_story.SIZES.items():
        for state in rating_story.STATES:
            name = f"{language}/rating-{shape}-{state}"
            if wanted is None or name in wanted:
                story = rating_story.story_of(state, language)
                yield from shown(name, rating_story.pad_window(story, *size))


def display_screens(language: str, wanted: set[str] | None) -> Iterator[Shown]:
    """The hall's TV, lying and upright."""
    for shape in ON_THE_TV:
        size = display_pictures.SIZES[shape]
        for state, tv in display_pictures.pages_for_screenshots():
            name = f"{language}/display-{shape}-{state}"
            if wanted is not None and name not in wanted:
                continue
            yield from shown(name, display_pictures.window_of(tv, *size, language=language))


def counter_screens(language: str, _wanted: set[str] | None) -> Iterator[Shown]:
    """The frontliner's console and strip."""
    with tempfile.TemporaryDirectory() as folder:
        for state, _, widget in counter_pictures.scenes(Path(folder), language=language):
            yield f"{language}/counter-{state}", widget


def door_screens(language: str, wanted: set[str] | None) -> Iterator[Shown]:
    """The officer's desk at the door, on two tablets and on a PC."""
    for size in AT_THE_DOOR:
        prefix = f"{language}/door-{size}-"
        states = {
            state
            for state in door_pictures.STATES
            if wanted is None or f"{prefix}{state}" in wanted
        }
        for state, stage in door_pictures.scenes(language=language, size=size, only=states):
            yield f"{prefix}{state}", stage.window


def shown(name: str, window: QWidget) -> Iterator[Shown]:
    """One window while it is on show."""
    QApplication.processEvents()
    try:
        yield name, window
    finally:
        window.close()
        window.deleteLater()
        QApplication.processEvents()


def save(widget: QWidget, path: Path) -> int:
    """Write a picture as small as PNG can be; its size in bytes. The same pixels, the same file."""
    memory = QBuffer()
    memory.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(memory, "PNG")
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(BytesIO(memory.data().data())).convert("RGB")
    picture.save(path, "PNG", optimize=True)
    return path.stat().st_size


def _hear_qt(_kind: QtMsgType, _where: QMessageLogContext, words: str) -> None:
    # What a machine without a screen cannot do (raise a window) changes no picture.
    if not words.startswith("This plugin does not support"):
        print(words, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
