"""The form of the ticket at the console, and on its way to the kiosk."""

import base64
import io
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from kiosk.logo_picture import HEIGHT_MAX, WIDTH_MAX, made_logo
from kiosk.paper_template import form_of
from protocol.codec import FRAME_BYTES_MAX
from protocol.messages import PaperTemplate
from protocol.paper_form import DEFAULT_FORM_TEXT, TEXT_LENGTH_MAX
from protocol.roles import DeviceRole
from server.administration.paper import form_text, load_paper, save_paper
from server.administration.png_check import PngError, check_logo
from server.administration.refusal import RefusedError
from server.config import Settings, known_names
from server.domain.branch_day import BranchDay
from server.greeting import welcome
from server.settings_of_paper import LOGO_BYTES_MAX
from server.store import Store

FORM = "logo\nbranch\nnumber\ntext: Terima kasih\n  en: Thank you\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'branch.db'}") as opened:
        yield opened


def png(width: int = 80, height: int = 40, mode: str = "1") -> bytes:
    picture = Image.new(mode, (width, height), "white")
    picture.paste("black", (0, 0, max(1, width // 2), height))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def file_with(folder: Path, name: str, data: bytes) -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def greeting(store: Store, role: DeviceRole) -> object:
    day = BranchDay(store.load_branch(), "2026-11-20")
    return welcome(day, "device", 1_700_000_000_000, role).paper


def test_a_form_and_a_logo_reach_the_kiosk_and_nobody_else(store: Store, tmp_path: Path) -> None:
    form, logo = file_with(tmp_path, "f", FORM.encode()), file_with(tmp_path, "l.png", png())
    notes = load_paper(store, form, logo, "en")
    assert len(notes) == 1
    told = greeting(store, DeviceRole.KIOSK)
    used = form_of(told)  # type: ignore[arg-type]
    assert [block.kind for block in used.form.blocks] == ["logo", "branch", "number", "text"]
    assert used.logo == png()
    assert used.copies == 1
    assert greeting(store, DeviceRole.DISPLAY) is None
    assert greeting(store, DeviceRole.COUNTER) is None


def test_the_greatest_form_and_logo_leave_room_in_the_greetings_frame() -> None:
    text, logo = "é" * TEXT_LENGTH_MAX, base64.b64encode(bytes(LOGO_BYTES_MAX)).decode()
    told = PaperTemplate(text=text, logo=logo, copies=2)
    assert len(msgspec.json.encode(told)) < FRAME_BYTES_MAX // 2


def test_without_a_form_the_kiosk_uses_its_own(store: Store) -> None:
    told = greeting(store, DeviceRole.KIOSK)
    assert form_of(told) == form_of(None)  # type: ignore[arg-type]
    assert form_text(store) == DEFAULT_FORM_TEXT


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", "Baris 2: “numbr” bukan bagian"), ("en", "Line 2: “numbr” is no part")],
)
def test_a_wrong_form_is_refused_with_file_line_and_cure_and_changes_nothing(
    store: Store, tmp_path: Path, language: str, words: str
) -> None:
    load_paper(store, file_with(tmp_path, "good", FORM.encode()), None, language)
    with pytest.raises(RefusedError, match=words) as refused:
        load_paper(store, file_with(tmp_path, "bad", b"branch\nnumbr\nqr: x"), None, language)
    assert str(refused.value).count("\n") == 1
    assert f"{tmp_path / 'bad'}: " in str(refused.value)
    assert form_text(store) == FORM


def test_a_file_that_is_no_text_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="UTF-8"):
        load_paper(store, file_with(tmp_path, "x", b"\xff\xfe"), None, "en")
    with pytest.raises(RefusedError, match="cannot be read"):
        load_paper(store, tmp_path / "nowhere", None, "en")
    with pytest.raises(RefusedError, match="too large"):
        load_paper(store, file_with(tmp_path, "x", bytes(70_000)), None, "en")


def test_what_lacks_its_other_half_is_told(store: Store, tmp_path: Path) -> None:
    form = file_with(tmp_path, "f", FORM.encode())
    assert any("has none" in note for note in load_paper(store, form, None, "en"))
    plain = file_with(tmp_path, "p", b"branch")
    logo = file_with(tmp_path, "l.png", png())
    assert any("no place" in note for note in load_paper(store, plain, logo, "en"))


def test_what_was_saved_can_be_loaded_again(store: Store, tmp_path: Path) -> None:
    form, logo = file_with(tmp_path, "f", FORM.encode()), file_with(tmp_path, "l.png", png())
    load_paper(store, form, logo, "en")
    save_paper(store, tmp_path / "out", tmp_path / "out.png")
    assert (tmp_path / "out").read_text() == FORM
    assert (tmp_path / "out.png").read_bytes() == png()
    with pytest.raises(RefusedError, match="exists already"):
        save_paper(store, tmp_path / "out", None)


def test_neither_form_nor_logo_is_in_the_list_of_settings() -> None:
    assert not {"paper.form", "paper.logo"} & set(known_names())
    assert "paper.copies" in known_names()


def test_a_logo_that_is_none_counts_as_none(store: Store) -> None:
    settings = Settings({"paper.logo": "***", "paper.form": "numbr", "paper.copies": "3"})
    assert settings.get("paper.logo") == settings.get("paper.form") == ""
    assert settings.get("paper.copies") == 1


# Pictures from outside (F56).


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def handmade(width: int, height: int, packed: bytes, depth: int = 1, colour: int = 0) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def test_a_whole_small_picture_is_taken() -> None:
    check_logo(png())
    check_logo(png(WIDTH_MAX, HEIGHT_MAX))
    check_logo(handmade(8, 2, zlib.compress(bytes(4))))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        png()[:-1],
        png()[:60],
        png() + b"x",
        png(WIDTH_MAX + 1, 4),
        png(4, HEIGHT_MAX + 1),
        png(mode="L"),
        png(mode="RGB"),
        handmade(8, 2, zlib.compress(bytes(3))),
        handmade(8, 2, zlib.compress(bytes(5))),
        # A picture that is small by its head and endless by its body.
        handmade(8, 2, zlib.compress(bytes(50_000_000))),
        handmade(0, 2, zlib.compress(b"")),
        handmade(8, 2, b"nonsense"),
        handmade(8, 2, zlib.compress(bytes(4)), depth=8),
    ],
    ids=range(15),
)
def test_anything_else_is_refused(data: bytes) -> None:
    """F56."""
    with pytest.raises(PngError):
        check_logo(data)


def test_every_single_broken_byte_is_seen() -> None:
    whole = png()
    for place in range(len(whole)):
        broken = bytearray(whole)
        broken[place] ^= 0x55
        with pytest.raises(PngError):
            check_logo(bytes(broken))


def test_what_the_editor_makes_is_what_the_server_takes() -> None:
    for mode, size in (
        ("RGB", (2000, 900)),
        ("RGBA", (100, 100)),
        ("L", (30, 2000)),
        ("P", (9, 9)),
    ):
        picture = Image.effect_mandelbrot(size, (-3, -2.5, 2, 2.5), 40).convert(mode)
        out = io.BytesIO()
        picture.save(out, "PNG")
        check_logo(made_logo(out.getvalue()))


def test_words_of_the_wire_hold_them(store: Store) -> None:
    told = greeting(store, DeviceRole.KIOSK)
    assert msgspec.json.decode(msgspec.json.encode(told))["copies"] == 1
