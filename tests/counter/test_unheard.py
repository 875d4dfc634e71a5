"""A call that nobody heard is said at the counter with what to do (I10), once for each call."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from protocol.messages import AnswerCall, CallNext, RecallTicket
from tests.counter.gallery import Stage
from tests.counter.words import calling, snapshot, ticket

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore(r"This plugin does not support raise\(\)", extend=True),
]
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path).show()
    yield made
    made.close()


def hear(stage: Stage, revision: int, voice: str | None, **mine: Any) -> None:
    """The server says what became of the call."""
    words = {"number": "A012", "state": "called", **mine}
    stage.story.seat.on_notice(snapshot(revision, ticket(**words), "A013", call_voice=voice))


@pytest.mark.parametrize(
    ("voice", "chip", "advice"),
    [
        ("late", "belum terdengar", "Panggil dengan suara Anda"),
        ("failed", "tidak terucap", "Panggil dengan suara Anda"),
        ("shown", "hanya di layar", "Panggil juga dengan suara Anda"),
    ],
)
def test_the_number_says_that_it_was_not_heard_and_what_to_do(
    stage: Stage, voice: str, chip: str, advice: str
) -> None:
    stage.story.serving_with(ticket("A012", "called"), "A013")
    card = stage.window.serving.ticket_card
    assert not card.unheard.isVisible()
    hear(stage, 12, voice)
    assert (card.unheard.isVisible(), card.unheard.text()) == (True, chip)
    assert advice in card.waited.text()
    assert "A012" in stage.window.serving.remark.text()


@pytest.mark.parametrize("voice", ["waiting", "spoken", None])
def test_nothing_is_said_while_it_may_be_spoken_or_was(stage: Stage, voice: str | None) -> None:
    stage.story.serving_with(ticket("A012", "called"), "A013", call_voice=voice)
    assert not stage.window.serving.ticket_card.unheard.isVisible()
    assert stage.window.serving.remark.text() == ""


def test_it_is_said_once_for_each_call(stage: Stage) -> None:
    """The strip has only this line; it must not stand there for ever."""
    stage.story.serving_with(ticket("A012", "called"), "A013")
    hear(stage, 12, "late")
    stage.story.pass_s(7)
    assert stage.window.serving.remark.text() == ""
    hear(stage, 13, "late")
    assert stage.window.serving.remark.text() == ""
    assert stage.window.serving.ticket_card.unheard.isVisible()
    hear(stage, 14, "late", call_count=2)
    assert "A012" in stage.window.serving.remark.text()


def test_calling_again_or_the_next_one_takes_the_sign_away_at_once(stage: Stage) -> None:
    stage.story.serving_with(ticket("A012", "called"), "A013", call_voice="late")
    card = stage.window.serving.ticket_card
    stage.window.serving.act("recall")
    assert isinstance(stage.story.asked.last, RecallTicket)
    stage.story.asked.accept(13, ticket=ticket("A012", "called", call_count=2))
    stage.window.refresh()
    assert not card.unheard.isVisible(), "what was said of the first call is not said of this one"
    hear(stage, 14, "failed", call_count=2)
    assert card.unheard.isVisible()
    stage.window.serving.act("next")
    assert isinstance(stage.story.asked.last, CallNext)
    stage.story.asked.accept(15, ticket=ticket("A013", "called"), finished=ticket("A012"))
    stage.window.refresh()
    assert not card.unheard.isVisible()


def test_a_call_from_a_kiosk_is_shown_discreetly_and_answered_with_one_key(stage: Stage) -> None:
    """The desk at the door rings for it; here nothing beeps and nothing opens."""
    stage.story.serving_with(ticket("A012", "called"), "A013", help=[calling()])
    chip = stage.window.serving.help
    assert (chip.isVisible(), chip.text()) == (True, "Kiosk 1 memanggil · Ctrl+S")
    assert chip.accessibleName() == "Kiosk 1: pengunjung memanggil petugas"
    QTest.keyClick(stage.window.windowHandle(), Qt.Key.Key_S, CTRL)
    QApplication.processEvents()
    assert stage.story.asked.the(AnswerCall).call == "call-kiosk-1"
    stage.story.asked.accept(12)
    stage.window.refresh()
    assert not chip.isVisible()
    assert "Kiosk 1" in stage.window.serving.remark.text()
