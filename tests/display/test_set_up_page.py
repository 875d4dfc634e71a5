"""The page for whoever hangs the TV up: distances, what is skipped and why; a call closes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from display.board_window import BoardWindow
from display.media_files import Skipped
from display.media_show import MediaShow
from display.reading import Reading
from display.set_up_page import SetUpWords, set_up_words
from display.sizes_told import ToldSizes
from display.voice_proof import Proof
from display.voice_told import told_test
from tests.display.board_pictures import SIZES, busy, texts_of, window_of
from tests.display.board_story import Tv
from tests.display.media_story import HandStage, picture
from tests.ui.painted import has_colour
from ui.tokens import TV_DARK
from voice.self_test import Measures

TOLD = ToldSizes(("Nomor terbaca sampai 13 m.", "Gambar 1920×1080."), "", Reading(13, 9, 6, 6, 55))
FAR = ToldSizes(TOLD.sentences, "Kursi terjauh 12 m.", TOLD.reading)


def words(
    sizes: ToldSizes = TOLD,
    media: MediaShow | None = None,
    zone: str = "",
    test: tuple[str, bool] = ("", False),
) -> SetUpWords:
    return set_up_words(
        texts_of("id"),
        device="display-1",
        zone=zone,
        voice="Suara hidup",
        sizes=sizes,
        media=media,
        test=test,
    )


def media_with(*skipped: Skipped, problem: str = "", videos: bool = True) -> MediaShow:
    stage = HandStage()
    stage.folder, stage.skipped = (picture("1.png"),), skipped
    stage.problem, stage.plays_videos = problem, videos
    show = MediaShow(stage, Path("/srv/pictures"), elapsed_s=lambda: 0.0)
    show.tick()
    return show


def test_it_says_how_far_what_for_and_with_which_pictures() -> None:
    said = words()
    assert "display-1" in said.heading
    assert "Nomor terbaca sampai 13 m." in said.sentences
    assert "Layar ini untuk: Semua layanan" in said.sentences
    assert "Suara hidup" in said.sentences
    assert any("hanya standar pelayanan" in one for one in said.sentences)
    assert said.warnings == ()
    assert "Layar ini untuk: A Pendaftaran" in words(zone="A Pendaftaran").sentences
    assert "Gambar dari /srv/pictures: 1 berkas." in words(media=media_with()).sentences


def test_every_reason_for_which_a_file_is_skipped_has_words() -> None:
    reasons = ("unknown", "too-large", "too-many", "too-many-pixels", "too-slow", "unreadable")
    for reason in (*reasons, "broken"):
        warnings = words(media=media_with(Skipped("a.png", reason))).warnings
        assert len(warnings) == 1
        assert warnings[0].startswith("Dilewati: a.png (")


def test_videos_without_the_extra_are_told_with_the_cure() -> None:
    media = media_with(Skipped("a.mp4", "no-video"), Skipped("b.mp4", "no-video"), videos=False)
    assert words(media=media).warnings == ("Video dilewati: pasang ekstra antrean[video].",)


def test_many_skipped_files_are_counted_and_a_folder_that_is_gone_is_told() -> None:
    many = [Skipped(f"{number}.png", "broken") for number in range(9)]
    assert words(media=media_with(*many)).warnings[0].endswith("+5")
    gone = media_with(problem="No such file or directory")
    assert "No such file or directory" in words(media=gone).warnings[0]


def test_a_seat_that_is_too_far_comes_first() -> None:
    media = media_with(Skipped("a.png", "broken"))
    assert words(FAR, media).warnings[0] == "Kursi terjauh 12 m."


def test_a_voice_that_failed_its_test_is_a_warning_with_its_cure_and_a_good_one_is_not() -> None:
    """F36: whoever hangs the TV up hears the voice at once, and reads what came of it."""
    texts = texts_of("id")
    none, _ = told_test(texts, waits=False, outcome=None, last=None)
    assert "Enter" in none
    assert words(test=(none, False)).sentences.count(none) == 1
    assert "diuji" in told_test(texts, waits=True, outcome="ok", last=None)[0]
    faults = ("silent", "too-soft", "no-chime", "too-short", "too-long")
    for fault in (*faults, "not-played"):
        measures = None
        if fault in faults:
            measures = Measures(0.0, 4.0, None, -16.0, 0.0, (fault,))
        proof = Proof("2026-11-20T08:05:00+07:00", "failed", "Uji", 100, "spoken", "", measures)
        told, is_bad = told_test(texts, waits=False, outcome="failed", last=proof)
        assert is_bad
        assert told.startswith("Uji suara pukul 08.05 GAGAL: ")
        assert texts(f"display.voice-test.{fault}") in told
        page_words = words(test=(told, is_bad))
        assert page_words.warnings == (told,)
        assert told not in page_words.sentences
        assert "Suara hidup" not in page_words.sentences


def test_enter_tests_the_voice_while_the_page_is_open_and_only_then(
    qtbot: QtBot, window: tuple[Tv, BoardWindow]
) -> None:
    _, shown = window
    asked: list[str] = []
    shown.offer_set_up(
        lambda: words(test=(f"diuji {len(asked)}", False)), test_voice=lambda: asked.append("test")
    )
    qtbot.keyClick(shown, Qt.Key.Key_Return)
    assert asked == []
    qtbot.keyClick(shown, Qt.Key.Key_F2)
    qtbot.keyClick(shown, Qt.Key.Key_Return)
    opened = page(shown)
    assert opened is not None
    assert "diuji 1" in opened.text(), "said at once"
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    qtbot.keyClick(shown, Qt.Key.Key_Return)
    assert asked == ["test"]


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[tuple[Tv, BoardWindow]]:
    tv = busy(Tv(connected=False))
    shown = window_of(tv, *SIZES["landscape"])
    shown.offer_set_up(lambda: words(FAR))
    yield tv, shown
    shown.close()
    shown.deleteLater()
    QApplication.processEvents()


def page(window: BoardWindow) -> QLabel | None:
    found = window.findChild(QLabel, "set-up")
    return found if found is not None and found.isVisible() else None


def test_a_key_opens_it_and_another_closes_it(qtbot: QtBot, window: tuple[Tv, BoardWindow]) -> None:
    _, shown = window
    assert page(shown) is None
    qtbot.keyClick(shown, Qt.Key.Key_F2)
    opened = page(shown)
    assert opened is not None
    assert opened.rect() == shown.rect()
    assert "Kursi terjauh 12 m." in opened.text()
    assert has_colour(opened, TV_DARK.primary)
    assert has_colour(opened, TV_DARK.on_warning_soft)
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert page(shown) is None


def test_a_call_closes_it_so_that_it_never_covers_a_new_number(
    qtbot: QtBot, window: tuple[Tv, BoardWindow]
) -> None:
    tv, shown = window
    qtbot.keyClick(shown, Qt.Key.Key_F2)
    tv.show()
    assert page(shown) is not None  # a snapshot is no call
    tv.call("A012", 3)
    assert page(shown) is None


def test_it_follows_what_changes_while_it_is_open(
    qtbot: QtBot, window: tuple[Tv, BoardWindow]
) -> None:
    _, shown = window
    said = [words(TOLD)]
    shown.offer_set_up(lambda: said[0], now=True)
    opened = page(shown)
    assert opened is not None
    assert "Kursi terjauh" not in opened.text()
    said[0] = words(FAR)
    qtbot.waitUntil(lambda: "Kursi terjauh" in opened.text(), timeout=5000)


@pytest.mark.parametrize("size", ["landscape", "portrait", "720p", "4x3", "3x4"])
def test_its_words_have_room_on_every_screen(
    qtbot: QtBot, window: tuple[Tv, BoardWindow], size: str
) -> None:
    _, shown = window
    shown.setFixedSize(*SIZES[size])
    QApplication.processEvents()
    many = [
        Skipped(f"gambar yang panjang sekali namanya {number}.png", "broken") for number in "12345"
    ]
    told = texts_of("id")("display.voice-test.unknown", at="08.05")
    shown.offer_set_up(lambda: words(FAR, media_with(*many), test=(told, False)), now=True)
    opened = page(shown)
    assert opened is not None
    image = opened.grab().toImage()
    # Nothing but the edge in the last rows: the words end above it.
    below = [
        image.pixelColor(image.width() // 2, image.height() - 20 - up).name() for up in range(4)
    ]
    assert set(below) == {TV_DARK.window.lower()}
