"""Which files of a folder are shown: by content and size, never by name alone (F56)."""

import os
from pathlib import Path

import pytest

from display import media_files
from display.media_files import MediaKind, Skipped, look_into

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
JPG = b"\xff\xd8\xff\xe0" + bytes(64)
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(64)
SVG = b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- drawn -->\n<svg viewBox="0 0 1 1"></svg>'
MP4 = b"\x00\x00\x00\x20ftypisom" + bytes(64)
WEBM = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
MKV = WEBM.replace(b"webm", b"matr")


def put(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def names(folder: Path, *, videos: bool = True) -> list[str]:
    return [file.name for file in look_into(folder, videos=videos).files]


def test_what_the_board_can_show_is_known_by_its_content(tmp_path: Path) -> None:
    for name, content in {"a": PNG, "b": JPG, "c": WEBP, "d": SVG}.items():
        put(tmp_path, f"{name}.whatever", content)
    put(tmp_path, "e.png", MP4)
    put(tmp_path, "f", WEBM)
    found = look_into(tmp_path, videos=True)
    assert [file.kind for file in found.files] == [MediaKind.PICTURE] * 4 + [MediaKind.VIDEO] * 2
    assert found.skipped == ()


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a" + bytes(50), b"<html><body>no</body></html>", MKV, b"PK\x03\x04", b"#!/bin/sh"],
)
def test_what_only_calls_itself_a_picture_is_skipped_f56(tmp_path: Path, content: bytes) -> None:
    put(tmp_path, "picture.png", content)
    found = look_into(tmp_path, videos=True)
    assert found.files == ()
    assert found.skipped == (Skipped("picture.png", "unknown"),)


def test_files_come_by_name_as_people_count(tmp_path: Path) -> None:
    for name in ("10 c.png", "2 b.png", "1.png", "b.png", "A.png", "2 a.png"):
        put(tmp_path, name, PNG)
    assert names(tmp_path) == ["1.png", "2 a.png", "2 b.png", "10 c.png", "A.png", "b.png"]


def test_without_the_extra_videos_are_skipped_and_told(tmp_path: Path) -> None:
    put(tmp_path, "1.png", PNG)
    put(tmp_path, "2.mp4", MP4)
    put(tmp_path, "3.webm", WEBM)
    found = look_into(tmp_path, videos=False)
    assert [file.name for file in found.files] == ["1.png"]
    assert found.skipped == (Skipped("2.mp4", "no-video"), Skipped("3.webm", "no-video"))


def test_huge_files_are_skipped_unread_f56(tmp_path: Path) -> None:
    for name, content, most in (
        ("1.png", PNG, media_files.PICTURE_BYTES_MOST),
        ("2.svg", SVG, media_files.DRAWING_BYTES_MOST),
        ("3.mp4", MP4, media_files.VIDEO_BYTES_MOST),
    ):
        path = put(tmp_path, name, content)
        os.truncate(path, most + 1)  # a hole: it takes no room on the disk
    found = look_into(tmp_path, videos=True)
    assert found.files == ()
    assert [one.reason for one in found.skipped] == ["too-large"] * 3


def test_folders_pipes_hidden_and_unfinished_files_are_no_pictures(tmp_path: Path) -> None:
    (tmp_path / "more.png").mkdir()
    os.mkfifo(tmp_path / "pipe.png")  # opening it would wait for ever
    put(tmp_path, ".hidden.png", PNG)
    put(tmp_path, "copying.png.part", PNG)
    put(tmp_path, "film.mp4.crdownload", MP4)
    put(tmp_path, "1.png", PNG)
    (tmp_path / "nowhere.png").symlink_to(tmp_path / "gone.png")
    found = look_into(tmp_path, videos=True)
    assert [file.name for file in found.files] == ["1.png"]
    assert found.skipped == (Skipped("nowhere.png", "unreadable"),)


def test_a_file_that_changed_is_another_file(tmp_path: Path) -> None:
    path = put(tmp_path, "1.png", PNG)
    before = look_into(tmp_path, videos=True).files
    assert look_into(tmp_path, videos=True).files == before
    os.utime(path, ns=(1, 1))
    assert look_into(tmp_path, videos=True).files != before


def test_a_file_that_has_not_changed_is_not_opened_again(tmp_path: Path) -> None:
    path = put(tmp_path, "1.png", PNG)
    before = look_into(tmp_path, videos=True)
    as_it_was = path.stat()
    path.write_bytes(bytes(as_it_was.st_size))  # no picture any more, and nothing tells it
    os.utime(path, ns=(as_it_was.st_atime_ns, as_it_was.st_mtime_ns))
    assert look_into(tmp_path, videos=True, before=before) == before
    os.utime(path, ns=(1, 1))
    assert look_into(tmp_path, videos=True, before=before).files == ()


def test_more_files_than_anybody_looks_at_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media_files, "FILES_MOST", 2)
    for number in range(4):
        put(tmp_path, f"{number}.png", PNG)
    found = look_into(tmp_path, videos=True)
    assert len(found.files) == 2
    assert [one.reason for one in found.skipped] == ["too-many"] * 2


def test_a_folder_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    assert look_into(tmp_path / "gone", videos=True).problem == "No such file or directory"
    assert look_into(put(tmp_path, "file", PNG), videos=True).problem == "Not a directory"
