"""Who waits without paper is seen at the counter, with reprint and void at hand: never a ghost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from protocol.messages import CancelTicket, ReprintTicket
from tests.counter.gallery import WITHOUT, Stage
from tests.counter.words import snapshot, ticket

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore(r"This plugin does not support raise\(\)", extend=True),
]
KEY = Qt.Key


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path).show()
    made.story.serving_with(ticket("P003", "called"), "A014", **WITHOUT)
    yield made
    made.close()


def press(stage: Stage, *keys: Qt.Key, held: Any = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(stage.window.windowHandle(), key, held)
        QApplication.processEvents()


def open_panel(stage: Stage) -> None:
    press(stage, KEY.Key_E, held=Qt.KeyboardModifier.ControlModifier)
    assert stage.window.page_name == "serving-papers"


def test_the_line_says_how_many_and_one_key_shows_them(stage: Stage) -> None:
    chip = stage.window.serving.line_card.papers
    assert (chip.isVisible(), chip.text()) == (True, "4 tanpa kertas · Ctrl+E")
    open_panel(stage)
    rows = [row.words for _, row in stage.window.serving.papers_panel.list._rows]
    assert rows == [
        "A014 gagal tercetak · Pendaftaran sejak 08.08",
        "B008 belum pasti tercetak atau tidak · Perubahan data sejak 08.05",
        "A016 dibuat tanpa kertas · Pendaftaran sejak 08.10",
        "D001 kios belum menjawab · Iuran & tunggakan sejak 08.01",
    ]
    press(stage, KEY.Key_Escape)
    assert stage.window.page_name == "serving"


def test_enter_prints_it_where_it_was_taken(stage: Stage) -> None:
    open_panel(stage)
    press(stage, KEY.Key_Down, KEY.Key_Return)
    asked = stage.story.asked.the(ReprintTicket)
    assert (asked.ticket, asked.print_at) == ("id-B008", None)
    stage.story.asked.accept(12)
    assert "B008 dicetak ulang di kios asalnya" in stage.window.serving.remark.text()
    assert stage.window.serving.papers_panel.list.count() == 3


def test_another_kiosk_is_a_key_away_and_stays_chosen(stage: Stage) -> None:
    open_panel(stage)
    press(stage, KEY.Key_K, KEY.Key_K, KEY.Key_Return)
    assert stage.window.serving.papers_panel.kiosk.title == "Di Kiosk 2", "as people call it"
    assert stage.story.asked.the(ReprintTicket).print_at == "kiosk-2"
    stage.story.asked.accept(12)
    assert "dicetak ulang di Kiosk 2" in stage.window.serving.remark.text()
    press(stage, KEY.Key_K)
    assert stage.story.serving.papers.kiosk == "", "after the last one the first place again"


def test_a_kiosk_that_went_away_is_not_asked(stage: Stage) -> None:
    open_panel(stage)
    press(stage, KEY.Key_K)
    gone = {**WITHOUT, "kiosks": ["kiosk-2"]}
    stage.story.seat.on_notice(snapshot(12, ticket("P003", "called"), "A014", **gone))
    press(stage, KEY.Key_Return)
    assert stage.story.asked.the(ReprintTicket).print_at is None


def test_a_number_of_no_kiosk_asks_for_one(stage: Stage) -> None:
    open_panel(stage)
    press(stage, KEY.Key_Down, KEY.Key_Down, KEY.Key_Return)
    stage.story.asked.reject("missing-field", "Isian print_at belum diisi.")
    assert "Pilih kios dengan tombol K" in stage.window.serving.remark.text()


def test_taking_a_number_away_asks_why_first(stage: Stage) -> None:
    open_panel(stage)
    press(stage, KEY.Key_4)
    assert stage.story.asked.commands == [], "a digit alone takes nobody's number away"
    press(stage, KEY.Key_Delete)
    assert stage.window.serving.papers_panel.reasons.isVisible()
    press(stage, KEY.Key_Return)
    assert stage.story.asked.commands == [], "nor is it printed while that is asked"
    press(stage, KEY.Key_4)
    asked = stage.story.asked.the(CancelTicket)
    assert (asked.ticket, asked.reason) == ("id-A014", "print-failed")
    stage.story.asked.accept(12, ticket=ticket("A014", "cancelled"))
    assert "A014 dibatalkan" in stage.window.serving.remark.text()
    assert stage.story.serving.ticket is not None, "my own visitor is still mine"
    assert stage.story.serving.ticket.number == "P003"


def test_escape_takes_the_question_back_and_then_closes(stage: Stage) -> None:
    open_panel(stage)
    press(stage, KEY.Key_Delete, KEY.Key_Escape)
    assert stage.window.page_name == "serving-papers"
    assert not stage.window.serving.papers_panel.reasons.isVisible()
    press(stage, KEY.Key_Escape)
    assert stage.window.page_name == "serving"


def test_moving_on_to_another_number_takes_the_question_back(stage: Stage) -> None:
    """Nobody else's number is taken away by a digit that was meant for the one before."""
    open_panel(stage)
    press(stage, KEY.Key_Delete)
    stage.window.serving.papers_panel.list.step(1)
    press(stage, KEY.Key_1)
    assert stage.story.asked.commands == []


def test_a_key_held_down_prints_one_paper(stage: Stage) -> None:
    open_panel(stage)
    press(stage, KEY.Key_Return, KEY.Key_Return)
    assert len(stage.story.asked.commands) == 1


def test_nothing_can_be_asked_where_nobody_waits_so(stage: Stage) -> None:
    stage.story.seat.on_notice(snapshot(12, ticket("P003", "called"), "A014"))
    assert not stage.window.serving.line_card.papers.isVisible()
    open_panel(stage)
    press(stage, KEY.Key_Return, KEY.Key_Delete)
    panel = stage.window.serving.papers_panel
    assert stage.story.asked.commands == []
    assert not panel.confirm.isEnabled()
    assert panel.told.text() == "Semua yang menunggu memegang kertas."
