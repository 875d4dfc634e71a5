"""Pictures are decoded in processes of their own: real files, broken ones, and ones that are evil.

The videos' own library is optional; without it the process says so. The player's control is tried
with a process that speaks its language.
"""

import random
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from display.media_files import MediaFile, look_into
from display.media_stage import ChildStage, videos_can_be_played
from tests.display.one_second_video import WEBM

GROUND = "#0E2A20"
PLACE = QSize(400, 225)

Make = Callable[..., ChildStage]


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Make]:
    made: list[ChildStage] = []

    def stage(**options: object) -> ChildStage:
        made.append(ChildStage(lambda: PLACE, lambda: GROUND, **options))  # type: ignore[arg-type]
        return made[-1]

    yield stage
    for one in made:
        one.close()


def opened(qtbot: QtBot, stage: ChildStage, file: MediaFile) -> tuple[QImage | None, str]:
    """What becomes of a picture."""
    answers: list[tuple[object, str]] = []
    stage.open(file, lambda picture, why: answers.append((picture, why)))
    qtbot.waitUntil(lambda: bool(answers), timeout=30_000)
    picture, why = answers[0]
    assert picture is None or isinstance(picture, QImage)
    return picture, why


def file_of(path: Path) -> MediaFile:
    files = [file for file in look_into(path.parent, videos=True).files if file.path == path]
    assert len(files) == 1, f"{path} is not even looked at"
    return files[0]


def painted(folder: Path, name: str, width: int, height: int) -> MediaFile:
    """A picture that is red on its left half and blue on its right."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    for x in range(width // 2, width):
        for y in range(height):
            image.setPixelColor(x, y, QColor("blue"))
    assert image.save(str(folder / name)), name
    return file_of(folder / name)


def colour(picture: QImage, x: float, y: float) -> str:
    at = picture.pixelColor(int(picture.width() * x), int(picture.height() * y))
    return max(("red", at.red()), ("blue", at.blue()), key=lambda one: one[1])[0]


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp"])
def test_a_picture_comes_in_the_size_of_its_place(
    qtbot: QtBot, make: Make, tmp_path: Path, name: str
) -> None:
    picture, why = opened(qtbot, make(), painted(tmp_path, name, 160, 90))
    assert why == ""
    assert picture is not None
    assert picture.size() == PLACE
    assert (colour(picture, 0.1, 0.5), colour(picture, 0.9, 0.5)) == ("red", "blue")


def test_a_drawing_is_sharp_at_any_size_and_has_the_ground_behind_it(
    qtbot: QtBot, make: Make, tmp_path: Path
) -> None:
    path = tmp_path / "a.svg"
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9">'
        '<rect width="8" height="9" fill="red"/></svg>'
    )
    picture, _ = opened(qtbot, make(), file_of(path))
    assert picture is not None
    assert picture.size() == PLACE
    assert picture.pixelColor(300, 100) == QColor(GROUND)


def test_a_picture_of_another_shape_keeps_it(qtbot: QtBot, make: Make, tmp_path: Path) -> None:
    picture, _ = opened(qtbot, make(), painted(tmp_path, "a.png", 100, 100))
    assert picture is not None
    assert picture.size() == QSize(225, 225)


def test_a_photograph_that_lies_on_its_side_is_turned(
    qtbot: QtBot, make: Make, tmp_path: Path
) -> None:
    plain = painted(tmp_path, "a.jpg", 160, 90).path.read_bytes()
    # EXIF orientation 6: turn it right by a quarter.
    exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
    turned = tmp_path / "b.jpg"
    turned.write_bytes(
        plain[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + plain[2:]
    )
    picture, why = opened(qtbot, make(), file_of(turned))
    assert picture is not None, why
    assert picture.height() == 225
    assert picture.width() < picture.height()
    assert (colour(picture, 0.5, 0.1), colour(picture, 0.5, 0.9)) == ("red", "blue")


def test_a_picture_that_comes_again_is_not_decoded_again(
    qtbot: QtBot, make: Make, tmp_path: Path
) -> None:
    stage = make()
    file = painted(tmp_path, "a.png", 160, 90)
    first, _ = opened(qtbot, stage, file)
    file.path.unlink()
    again, _ = opened(qtbot, stage, file)
    assert again is first


# What is broken, huge or evil (F56).


def png(width: int, height: int, body: bytes) -> bytes:
    """A PNG of grey pixels that claims this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + check

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(body, 9))
        + chunk(b"IEND", b"")
    )


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9">{}</svg>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
EVIL: dict[str, tuple[bytes, str]] = {
    "cut-off.png": (png(100, 100, bytes(101 * 100))[:60], "broken"),
    "noise.png": (b"\x89PNG\r\n\x1a\n" + random.Random(1).randbytes(5000), "broken"),
    "bomb.png": (png(60_000, 60_000, bytes(10_000_000)), "too-many-pixels"),
    "wide.png": (png(2_000_000_000, 2_000_000_000, b"x"), "broken"),
    "empty.png": (png(0, 0, b""), "broken"),
    "noise.jpg": (b"\xff\xd8\xff\xe0" + random.Random(2).randbytes(5000), "broken"),
    "noise.webp": (b"RIFF\xff\xff\xff\x7fWEBPVP8 " + random.Random(3).randbytes(5000), "broken"),
    "laughs.svg": (
        f'<!DOCTYPE svg [<!ENTITY l0 "ha">{LAUGHS}]>'.encode() + SVG.format("&l9;").encode(),
        "broken",
    ),
    "unclosed.svg": (SVG.format("<g>")[:-10].encode(), "broken"),
}


@pytest.mark.parametrize("name", EVIL)
def test_an_evil_picture_is_refused_and_the_next_one_comes_f56(
    qtbot: QtBot, make: Make, tmp_path: Path, name: str
) -> None:
    content, reason = EVIL[name]
    (tmp_path / name).write_bytes(content)
    stage = make()
    picture, why = opened(qtbot, stage, file_of(tmp_path / name))
    assert (picture, why) == (None, reason)
    good, _ = opened(qtbot, stage, painted(tmp_path, "z.png", 160, 90))
    assert good is not None


def test_a_drawing_reads_no_other_file_into_the_hall_f56(
    qtbot: QtBot, make: Make, tmp_path: Path
) -> None:
    """A picture may not show what else lies on this machine: its words are not read."""
    secret = tmp_path / "secret.txt"
    secret.write_text("<rect width='16' height='9' fill='red'/>")
    drawing = tmp_path / "a.svg"
    entity = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file://{secret}">]>'
    drawing.write_text(entity + SVG.format("&x;<rect width='1' height='1' fill='blue'/>"))
    picture, _ = opened(qtbot, make(), file_of(drawing))
    if picture is not None:
        assert picture.pixelColor(300, 150) == QColor(GROUND)


def test_changed_bytes_never_stop_the_stage_f56(qtbot: QtBot, make: Make, tmp_path: Path) -> None:
    """A few dozen mutations of good files: each is shown or refused, within its deadline."""
    chance = random.Random(56)
    stage = make()
    good = [painted(tmp_path, name, 64, 36).path for name in ("a.png", "a.jpg", "a.webp")]
    for turn in range(24):
        content = bytearray(good[turn % len(good)].read_bytes())
        for _ in range(chance.randint(1, 12)):
            content[chance.randrange(16, len(content))] = chance.randrange(256)
        path = tmp_path / f"changed-{turn}"
        path.write_bytes(bytes(content[: chance.randint(len(content) // 2, len(content))]))
        picture, why = opened(qtbot, stage, file_of(path))
        assert (picture is None) == bool(why)


def child(tmp_path: Path, words: str) -> tuple[str, ...]:
    """A process in place of the real one."""
    path = tmp_path / "child.py"
    path.write_text(f"import os, struct, sys, time\n{words}\n")
    return (sys.executable, str(path))


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("time.sleep(60)", "too-slow"),
        ("os.abort()", "broken"),
        ("os.write(1, b'AMED' + struct.pack('<II', 400, 225)); time.sleep(60)", "too-slow"),
        ("os.write(1, struct.pack('<4sII', b'AMED', 60000, 60000)); time.sleep(60)", "broken"),
        ("os.write(1, b'x' * 100)", "broken"),
        ("[os.write(1, b'x' * 65536) for _ in iter(int, 1)]", "broken"),
    ],
)
def test_a_process_that_hangs_dies_or_lies_is_ended_f56(
    qtbot: QtBot, make: Make, tmp_path: Path, words: str, why: str
) -> None:
    stage = make(command=child(tmp_path, words), deadline_s=1.0)
    file = painted(tmp_path, "a.png", 16, 9)
    began_s = time.monotonic()
    assert opened(qtbot, stage, file) == (None, why)
    assert time.monotonic() - began_s < 20
    assert stage._under_way is None


# Videos.

FILM = """
head = struct.pack("<4sII", b"AMED", 2, 1)
shown = 0
while True:
    word = os.read(0, 1)
    if not word:
        open({log!r}, "a").write("end")
        os._exit(0)
    open({log!r}, "a").write(word.decode())
    if word == b".":
        if shown == {pictures}:
            os._exit({code})
        shown += 1
        os.write(1, head + bytes((0, 0, shown, 0)) * 2)
"""


def play(
    qtbot: QtBot, make: Make, tmp_path: Path, pictures: int, code: int = 0
) -> tuple[list[int], list[str], str]:
    """The reds of what was shown, how it ended, and what the process heard."""
    log = tmp_path / "heard"
    log.write_text("")
    words = FILM.format(log=str(log), pictures=pictures, code=code)
    stage = make(command=child(tmp_path, words))
    file = painted(tmp_path, "a.png", 16, 9)
    reds: list[int] = []
    ended: list[str] = []

    def on_picture(picture: object) -> None:
        assert isinstance(picture, QImage)
        reds.append(picture.pixelColor(0, 0).red())
        if len(reds) == 2:
            film.pause()
            film.resume()

    film = stage.play(file, on_picture, ended.append)
    qtbot.waitUntil(lambda: bool(ended), timeout=30_000)
    return reds, ended, log.read_text()


def test_a_video_sends_one_picture_for_each_that_was_shown_and_is_held(
    qtbot: QtBot, make: Make, tmp_path: Path
) -> None:
    reds, ended, heard = play(qtbot, make, tmp_path, 4)
    assert reds == [1, 2, 3, 4]
    assert ended == [""]
    assert heard == "..pr..." or sorted(heard) == sorted("..pr...")


@pytest.mark.parametrize(("code", "why"), [(4, "broken"), (6, "no-video"), (99, "broken")])
def test_a_video_that_breaks_says_why(
    qtbot: QtBot, make: Make, tmp_path: Path, code: int, why: str
) -> None:
    assert play(qtbot, make, tmp_path, 1, code)[1] == [why]


def test_a_video_that_is_stopped_is_heard_of_no_more(
    qtbot: QtBot, make: Make, tmp_path: Path
) -> None:
    words = FILM.format(log=str(tmp_path / "heard"), pictures=10**9, code=0)
    stage = make(command=child(tmp_path, words))
    pictures: list[object] = []
    ended: list[str] = []
    film = stage.play(painted(tmp_path, "a.png", 16, 9), pictures.append, ended.append)
    qtbot.waitUntil(lambda: len(pictures) > 3, timeout=30_000)
    film.stop()
    seen = len(pictures)
    qtbot.waitUntil(lambda: not film.is_running, timeout=10_000)
    qtbot.wait(100)
    assert len(pictures) == seen
    assert ended == []


def test_without_the_extra_the_process_says_that_it_cannot_play(
    qtbot: QtBot, make: Make, tmp_path: Path
) -> None:
    if videos_can_be_played():
        pytest.skip("the extra antrean[video] is installed here")
    stage = make()
    assert not stage.plays_videos
    ended: list[str] = []
    stage.play(painted(tmp_path, "a.png", 16, 9), lambda picture: None, ended.append)
    qtbot.waitUntil(lambda: bool(ended), timeout=30_000)
    assert ended == ["no-video"]


def test_with_the_extra_a_real_video_runs_to_its_end(
    qtbot: QtBot, make: Make, tmp_path: Path
) -> None:
    if not videos_can_be_played():
        pytest.skip("the extra antrean[video] is not installed here")
    stage = make()
    pictures: list[QImage] = []
    ended: list[str] = []

    def on_picture(picture: object) -> None:
        assert isinstance(picture, QImage)
        pictures.append(picture)

    whole = tmp_path / "whole.webm"
    whole.write_bytes(WEBM)
    stage.play(file_of(whole), on_picture, ended.append)
    qtbot.waitUntil(lambda: bool(ended), timeout=60_000)
    assert ended == [""]
    assert len(pictures) >= 5
    assert pictures[-1].size() == PLACE
    assert colour(pictures[-1], 0.5, 0.5) == "red"  # it is orange
    cut = tmp_path / "cut.webm"
    cut.write_bytes(WEBM[:200])
    ended.clear()
    stage.play(file_of(cut), on_picture, ended.append)
    qtbot.waitUntil(lambda: bool(ended), timeout=60_000)
    assert ended == ["broken"]


def test_with_its_parent_gone_no_process_stays(make: Make, tmp_path: Path, qtbot: QtBot) -> None:
    stage = make(command=child(tmp_path, "time.sleep(60)"))
    answers: list[str] = []
    stage.open(painted(tmp_path, "a.png", 16, 9), lambda picture, why: answers.append(why))
    qtbot.waitUntil(lambda: stage._under_way is not None, timeout=10_000)
    under_way = stage._under_way
    assert under_way is not None
    stage.close()
    qtbot.waitUntil(lambda: under_way.poll() is not None, timeout=10_000)
    assert answers == []
