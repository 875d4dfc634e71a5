"""The counter's screen turned to the visitor: one key rates, low ones ask why, nobody has to."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from assets.texts import Texts
from counter.rating_desk import CLOSES_AFTER_S, SCORES
from protocol.messages import CallNext, RateService
from tests.counter.gallery import REVIEW, Stage
from tests.counter.words import rateable, snapshot, ticket

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore(r"This plugin does not support raise\(\)", extend=True),
]
KEY = Qt.Key


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path).show()
    made.story.serving_with(None, "A013", rateable=rateable())
    yield made
    made.close()


def press(stage: Stage, *keys: Qt.Key, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(stage.window.windowHandle(), key, held)
        QApplication.processEvents()


def turn(stage: Stage) -> None:
    press(stage, KEY.Key_R, held=Qt.KeyboardModifier.ControlModifier)
    assert stage.window.page_name == "serving-rating"


def asked(stage: Stage) -> list[tuple[str, int, list[str]]]:
    commands = [one for one in stage.story.asked.commands if isinstance(one, RateService)]
    return [(one.ticket, one.score, one.reasons) for one in commands]


def test_it_is_offered_where_nobody_stands_and_by_its_key(stage: Stage) -> None:
    chip = stage.window.serving.ticket_card.rate
    assert (chip.isVisible(), chip.text()) == (True, "Minta penilaian A011 · Ctrl+R")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert stage.window.page_name == "serving-rating"
    faces = stage.window.serving.rating_panel.faces
    assert [face.accessibleName() for face in faces.values()] == [
        "Tidak baik",
        "Kurang baik",
        "Baik",
        "Sangat baik",
    ]


@pytest.mark.parametrize(("key", "score"), [(KEY.Key_3, 3), (KEY.Key_4, 4)])
def test_a_good_score_is_one_key(stage: Stage, key: Qt.Key, score: int) -> None:
    turn(stage)
    press(stage, key)
    assert asked(stage) == [("id-A011", score, [])]
    stage.story.asked.accept(12)
    stage.window.refresh()
    assert stage.window.serving.rating_panel.thanks.isVisible()
    press(stage, key, KEY.Key_1)
    assert len(asked(stage)) == 1, "once for a visitor"
    press(stage, KEY.Key_Escape)
    assert stage.window.page_name == "serving"


def test_a_low_score_asks_why_and_the_reasons_go_with_it(stage: Stage) -> None:
    turn(stage)
    press(stage, KEY.Key_2)
    assert asked(stage) == []
    press(stage, KEY.Key_1, KEY.Key_3, KEY.Key_1, KEY.Key_2, KEY.Key_Return)
    assert asked(stage) == [("id-A011", 2, ["courtesy", "accuracy"])]


def test_a_visitors_finger_finds_every_reason_and_what_is_said_is_said_as_at_the_rating_pad(
    stage: Stage,
) -> None:
    """R1: one scale, in the same words, wherever a visitor rates; targets for untrained hands."""
    turn(stage)
    panel = stage.window.serving.rating_panel
    for language in ("id", "en"):
        pad = Texts.load(language, ["kiosk"], strict=True)
        desk = Texts.load(language, ["counter"], strict=True)
        for score in SCORES:
            assert desk(f"counter.rating.score-{score}") == pad(f"kiosk.rating.score_{score}")
        assert desk("counter.rating.heading", number="A011").startswith(
            pad("kiosk.rating.question")
        )
    press(stage, KEY.Key_2)
    least = panel._theme.sizes.target
    for button in panel.reasons.buttons.values():
        assert button.height() >= 2 * least
    assert panel.confirm.height() >= 1.5 * least


def test_the_reasons_may_be_skipped_and_the_score_counts(stage: Stage) -> None:
    turn(stage)
    press(stage, KEY.Key_1, KEY.Key_1, KEY.Key_Escape)
    assert asked(stage) == [("id-A011", 1, [])]


def test_nobody_has_to_rate(stage: Stage) -> None:
    turn(stage)
    press(stage, KEY.Key_Escape)
    assert stage.window.page_name == "serving"
    assert asked(stage) == []


@pytest.mark.parametrize(
    ("keys", "kept"),
    [([], []), ([KEY.Key_2, KEY.Key_1], [("id-A011", 2, ["time"])])],
)
def test_it_closes_itself_when_nobody_touches_it(
    stage: Stage, keys: list[Qt.Key], kept: list[Any]
) -> None:
    """Whoever has gone leaves the screen to the frontliner; what was tapped counts."""
    turn(stage)
    stage.story.pass_s(10)
    press(stage, *keys)
    stage.story.pass_s(CLOSES_AFTER_S - 10.1)
    assert stage.window.page_name == "serving-rating"
    stage.story.pass_s(10.2 if keys else 0.2)
    assert stage.window.page_name == "serving"
    assert asked(stage) == kept


def test_the_frontliners_keys_go_on_and_what_was_tapped_counts(stage: Stage) -> None:
    turn(stage)
    press(stage, KEY.Key_1, KEY.Key_2, KEY.Key_F2)
    assert any(isinstance(one, CallNext) for one in stage.story.asked.commands)
    assert asked(stage) == [("id-A011", 1, ["accuracy"])]
    assert stage.window.page_name == "serving"


def test_no_move_stands_where_a_visitor_touches(stage: Stage) -> None:
    turn(stage)
    shown = [name for name, one in stage.window.serving.buttons.items() if one.isVisible()]
    assert shown == []
    press(stage, KEY.Key_Escape)
    assert stage.window.serving.buttons["finish"].isVisible()


def test_a_review_is_offered_only_where_the_branch_has_one(stage: Stage) -> None:
    panel = stage.window.serving.rating_panel
    turn(stage)
    press(stage, KEY.Key_4)
    assert not panel.qr.isVisible()
    press(stage, KEY.Key_Escape)
    other = rateable("A010", link=REVIEW)
    stage.story.seat.on_notice(snapshot(20, None, "A013", rateable=other))
    turn(stage)
    press(stage, KEY.Key_1, KEY.Key_Return)
    assert panel.qr.isVisible()
    assert panel.qr.content == REVIEW, "after any score: nobody is sifted by what they said"


def test_the_score_is_of_who_was_asked_whoever_is_finished_meanwhile(stage: Stage) -> None:
    turn(stage)
    later = rateable("A020")
    stage.story.seat.on_notice(snapshot(20, None, "A013", rateable=later))
    press(stage, KEY.Key_4)
    assert asked(stage) == [("id-A011", 4, [])]


def test_with_nobody_to_ask_the_key_says_so(stage: Stage) -> None:
    stage.story.seat.on_notice(snapshot(20, ticket("A012", "serving"), "A013"))
    press(stage, KEY.Key_R, held=Qt.KeyboardModifier.ControlModifier)
    assert stage.window.page_name == "serving"
    assert "Belum ada peserta yang baru selesai" in stage.window.serving.remark.text()


def test_what_the_server_refuses_is_told_to_the_frontliner(stage: Stage) -> None:
    turn(stage)
    press(stage, KEY.Key_4)
    stage.story.asked.reject("too-late", "Waktunya sudah lewat. Silakan hubungi petugas.")
    assert "Waktunya sudah lewat" in stage.window.serving.remark.text()
