"""R1 as a window: words under faces, a tap, reasons, a countdown, and sizes of a real pad."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from kiosk.pages.band import Band
from kiosk.rating_window import RatingWindow
from kiosk.real_size import TARGET_MM
from protocol.messages import RateService
from tests.kiosk.rating_story import REVIEW, SIZES, STATES, PadStory, pad_window, story_of
from ui.icons import icon_image
from ui.labels import FittedLabel
from ui.tokens import LIGHT, mm_per_px_of


def open_pad(
    story: PadStory, qtbot: QtBot, *size: int, inches: float | None = None
) -> RatingWindow:
    width, height = size or SIZES["landscape"]
    window = pad_window(story, width, height, inches=inches)
    qtbot.addWidget(window)
    window._timer.stop()
    QApplication.processEvents()
    return window


def seen_buttons(window: RatingWindow) -> list[QAbstractButton]:
    return [each for each in window.findChildren(QAbstractButton) if each.isVisible()]


def touch(window: RatingWindow, name: str) -> None:
    (target,) = [each for each in seen_buttons(window) if each.objectName() == name]
    at = target.mapTo(window, target.rect().center())
    assert window.childAt(at) is target
    QTest.mouseClick(
        window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
    )


def text(window: RatingWindow, name: str) -> str:
    found = [each for each in window.findChildren(QLabel, name) if each.isVisible()]
    return found[0].text() if found else ""


def test_a_tap_two_reasons_and_thanks(qtbot: QtBot) -> None:
    story = PadStory().online()
    window = open_pad(story, qtbot)
    assert window.page_name == "idle"
    story.served("A012")
    assert window.page_name == "faces"
    assert text(window, "rating-whose") == "A012, loket 3 · tanpa nama"
    touch(window, "score-2")
    story.after(0.5)
    assert window.page_name == "reasons"
    touch(window, "reason-time")
    touch(window, "reason-courtesy")
    touch(window, "rating-send")
    asked = story.ask.last(RateService)
    assert (asked.ticket, asked.score, asked.reasons) == ("ticket-A012", 2, ["time", "courtesy"])
    assert window.page_name == "thanks"
    story.after(4.1)
    assert window.page_name == "idle"


def test_the_countdown_is_seen(qtbot: QtBot) -> None:
    story = PadStory().online()
    window = open_pad(story, qtbot)
    story.served()
    seen = []
    for _ in range(3):
        seen.append(text(window, "rating-closing"))
        story.after(4)
    assert seen == [f"Tutup sendiri {left} detik" for left in (14, 10, 6)]


def test_the_review_says_that_it_is_optional_and_no_part_of_the_rating(qtbot: QtBot) -> None:
    story = PadStory().online()
    window = open_pad(story, qtbot)
    story.served(review_link=REVIEW)
    touch(window, "score-4")
    assert "Boleh dilewati" in text(window, "rating-review")
    assert "bukan bagian dari penilaian" in text(window, "rating-review-line")
    story.after(0.5)
    touch(window, "rating-finish")
    assert window.page_name == "idle"


def test_four_faces_are_four_shapes_each_with_its_word(qtbot: QtBot) -> None:
    """Not by colour alone: painted in one colour they still differ."""
    pictures = {
        bytes(icon_image(f"face-{score}", 96, LIGHT.ink).constBits()) for score in (1, 2, 3, 4)
    }
    assert len(pictures) == 4
    story = PadStory().online().served()
    window = open_pad(story, qtbot)
    words = [
        each.accessibleName()
        for each in seen_buttons(window)
        if each.objectName().startswith("score-")
    ]
    assert words == ["Tidak baik", "Kurang baik", "Baik", "Sangat baik"]


@pytest.mark.parametrize("language", ["id", "en", "qps"])
@pytest.mark.parametrize("shape", SIZES.values(), ids=SIZES.keys())
@pytest.mark.parametrize("name", STATES)
def test_every_text_fits_and_every_target_is_large_enough(
    name: str, shape: tuple[int, int], language: str, qtbot: QtBot
) -> None:
    """U5: targets of 20 mm on a pad of 10.1 inches, no text below its least size, none cut."""
    story = story_of(name, language)
    window = open_pad(story, qtbot, *shape, inches=10.1)
    inside = window.rect()
    pitch = mm_per_px_of(10.1, *shape)
    for label in window.findChildren(FittedLabel):
        if label.isVisible() and label.text():
            fitted = label.fitted()
            assert fitted.fits, (label.objectName(), label.text())
            assert fitted.px >= window.theme.sizes.smallest or label.height() == 0
    boxes: list[tuple[str, QRect]] = []
    for each in seen_buttons(window):
        at = each.mapTo(window, QPoint(0, 0))
        box = QRect(at, each.size())
        assert inside.contains(box), each.objectName()
        least = TARGET_MM / pitch - 1
        assert min(box.width(), box.height()) >= least, each.objectName()
        assert each.accessibleName(), each.objectName()
        boxes.append((each.objectName(), box))
    for place, (name_of, one) in enumerate(boxes):
        for other_name, other in boxes[place + 1 :]:
            assert not one.intersects(other), (name_of, other_name)


def test_it_speaks_the_visitors_language_at_once(qtbot: QtBot) -> None:
    story = PadStory().online()
    window = open_pad(story, qtbot)
    story.served(language="en")
    assert text(window, "rating-question") == "How was the service just now?"
    touch(window, "rating-skip")
    assert text(window, "idle-thanks") == "Terima kasih atas kunjungan Anda"


def test_by_keys_alone(qtbot: QtBot) -> None:
    """1 to 4 are the faces; Tab and Enter do the rest."""
    story = PadStory().online()
    window = open_pad(story, qtbot)
    story.served()
    QTest.keyClick(window, Qt.Key.Key_1)
    assert window.page_name == "reasons"
    story.after(1)
    reached = set()
    for _ in range(12):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        name = window.focusWidget().objectName()
        reached.add(name)
        if name == "rating-send":
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
            break
    assert {"reason-time", "reason-facility", "rating-skip-why"} <= reached
    assert story.told() == [("ticket-A012", 1, [])]


def test_the_staff_leave_a_locked_pad_by_corner_and_pin(qtbot: QtBot) -> None:
    story = PadStory().online()
    window = open_pad(story, qtbot)
    QTest.mousePress(window, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    for _ in range(60):
        story.now_s += 0.1
        window._tick()
    assert window.page_name == "leaving"
    for digit in "4711":
        window._leaving.type_digit(digit)
    window._leaving.confirm()
    assert story.has_left


def test_a_lost_link_changes_nothing_and_a_refused_device_is_told_small(qtbot: QtBot) -> None:
    story = PadStory().online()
    window = open_pad(story, qtbot)
    before = window.grab().toImage()
    story.lost().after(30)
    assert window.grab().toImage() == before
    other = open_pad(story_of("idle-refused"), qtbot)
    assert text(other, "idle-note")
    assert not other.findChildren(Band)
    assert isinstance(other, QWidget)
