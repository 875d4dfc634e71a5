"""The panels of the console by keyboard: two to four keys each, and nothing asked by mistake."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from counter.chips import ChipButton
from protocol.messages import (
    CallTicket,
    ContinueService,
    ExplainTicket,
    IssueTicket,
    ParkTicket,
    PreviewLine,
    RequeueTicket,
    ResumeTicket,
    TransferTicket,
    UndoLast,
)
from tests.counter.gallery import LINE, Stage
from tests.counter.words import (
    COLLEAGUES,
    MORNING,
    coming,
    missed,
    overtaker,
    parked,
    snapshot,
    ticket,
    undoable,
)

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.qt_log_ignore(r"This plugin does not support raise\(\)", extend=True),
]
SERVING = ticket("A012", "serving", served_s=60)
CTRL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = Stage(tmp_path).show()
    yield made
    made.close()


def press(stage: Stage, *keys: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    """Press keys into whatever has the focus, as the window system would."""
    for key in keys:
        QTest.keyClick(stage.window.windowHandle(), key, held)
        QApplication.processEvents()


def page(stage: Stage) -> str:
    return stage.window.page_name


# Putting aside.


def test_putting_aside_takes_two_keys(stage: Stage) -> None:
    """L2: F6 and one figure; the branch's own reminder time holds."""
    stage.story.serving_with(SERVING)
    press(stage, Qt.Key.Key_F6)
    assert page(stage) == "serving-park"
    press(stage, Qt.Key.Key_2)
    asked = stage.story.asked.the(ParkTicket)
    assert (asked.reason, asked.alarm_at) == ("photocopy", None)
    assert page(stage) == "serving"


def test_arrows_choose_the_reminder(stage: Stage) -> None:
    stage.story.serving_with(SERVING)
    press(stage, Qt.Key.Key_F6, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_1)
    asked = stage.story.asked.the(ParkTicket)
    assert (asked.reason, asked.alarm_at) == ("documents", MORNING + timedelta(minutes=10))


def test_a_reminder_of_before_does_not_hold_for_the_next_visitor(stage: Stage) -> None:
    stage.story.serving_with(SERVING)
    press(stage, Qt.Key.Key_F6, Qt.Key.Key_Right, Qt.Key.Key_Escape, Qt.Key.Key_F6, Qt.Key.Key_1)
    assert stage.story.asked.the(ParkTicket).alarm_at is None


def test_the_global_key_puts_aside_at_once(stage: Stage) -> None:
    """L1, L2: from another program there is no room for a question; undo is there instead."""
    stage.story.serving_with(SERVING)
    stage.keys.press("park")
    assert stage.story.asked.the(ParkTicket).reason == "documents"


def test_a_parked_visitor_is_called_back_by_a_click_or_by_tab_and_space(stage: Stage) -> None:
    stage.story.serving_with(None, "A013", parked=[parked("A007", -5), parked("A008")])
    card = stage.window.serving.line_card
    chips = [chip for chip in card.parked.chips() if isinstance(chip, ChipButton)]
    assert [chip.text() for chip in chips] == ["A007 08.11", "A008 08.22"]
    assert [chip.tone for chip in chips] == ["due", "plain"]
    assert "Fotokopi" in chips[0].accessibleName()
    chips[0].setFocus()
    press(stage, Qt.Key.Key_Space)
    assert stage.story.asked.the(ResumeTicket).ticket == "id-A007"


def test_more_parked_visitors_than_the_card_holds_are_a_click_away(stage: Stage) -> None:
    stage.story.serving_with(None, "A013", parked=[parked(f"A00{n}") for n in range(1, 6)])
    *_, rest = stage.window.serving.line_card.parked.chips()
    assert isinstance(rest, ChipButton)
    assert rest.text() == "+3"
    rest.click()
    assert page(stage) == "serving-numbers"


# Handing on.


def test_handing_on_takes_three_keys_to_a_service(stage: Stage) -> None:
    stage.story.serving_with(SERVING, colleagues=COLLEAGUES)
    press(stage, Qt.Key.Key_F9)
    assert page(stage) == "serving-transfer"
    press(stage, Qt.Key.Key_Return)
    assert stage.story.asked.commands == [], "nothing is chosen yet"
    press(stage, Qt.Key.Key_B, Qt.Key.Key_Return)
    asked = stage.story.asked.the(TransferTicket)
    assert (asked.service, asked.counter, asked.staff) == ("B", None, None)
    assert asked.position == "arrival"
    assert page(stage) == "serving"


def test_handing_on_takes_four_keys_to_the_first_place_of_a_counter(stage: Stage) -> None:
    stage.story.serving_with(SERVING, colleagues=COLLEAGUES)
    press(stage, Qt.Key.Key_F9, Qt.Key.Key_2, Qt.Key.Key_Right, Qt.Key.Key_Return)
    asked = stage.story.asked.the(TransferTicket)
    assert (asked.service, asked.counter, asked.staff) == (None, 2, None)
    assert asked.position == "first"


def test_a_colleague_gets_the_visitor_and_a_note(stage: Stage) -> None:
    stage.story.serving_with(SERVING, colleagues=COLLEAGUES)
    press(stage, Qt.Key.Key_F9, Qt.Key.Key_W)
    panel = stage.window.serving.transfer_panel
    panel.note.setFocus()
    QTest.keyClicks(panel.note, "KK 2 lembar")
    press(stage, Qt.Key.Key_Return)
    asked = stage.story.asked.the(TransferTicket)
    assert (asked.staff, asked.note) == ("adi", "KK 2 lembar")


def test_where_the_visitor_will_stand_is_said_before_it_is_done(stage: Stage) -> None:
    stage.story.serving_with(SERVING, "A013", "B007", "B008", colleagues=COLLEAGUES)
    press(stage, Qt.Key.Key_F9)
    where = stage.window.serving.transfer_panel.where
    assert where.text() == "Pilih tujuan dahulu."
    press(stage, Qt.Key.Key_B, Qt.Key.Key_Left)
    assert where.text() == "A012 akan menunggu untuk Perubahan data, di belakang 2 orang."
    press(stage, Qt.Key.Key_Left)
    assert where.text().endswith("di tempat terdepan.")
    press(stage, Qt.Key.Key_1)
    assert where.text().startswith("A012 akan menunggu untuk loket 1,")


def test_a_refused_transfer_says_why_and_the_visitor_stays(stage: Stage) -> None:
    stage.story.serving_with(SERVING, colleagues=COLLEAGUES)
    press(stage, Qt.Key.Key_F9, Qt.Key.Key_B, Qt.Key.Key_Return)
    stage.story.asked.reject("not-yours", "Nomor ini sedang dipegang tempat lain.")
    assert "dipegang tempat lain" in stage.window.serving.remark.text()
    assert stage.story.serving.ticket == SERVING


# Out of turn.


def test_a_typed_number_is_called(stage: Stage) -> None:
    stage.story.serving_with(None, "A012", "A013")
    press(stage, Qt.Key.Key_F10)
    assert page(stage) == "serving-numbers"
    press(stage, Qt.Key.Key_1, Qt.Key.Key_3)
    assert "A013 dipanggil sekarang" in stage.window.serving.numbers_panel.told.text()
    press(stage, Qt.Key.Key_Return)
    assert stage.story.asked.the(CallTicket).ticket == "id-A013"
    assert page(stage) == "serving"


def test_arrows_walk_the_list_while_the_field_keeps_the_letters(stage: Stage) -> None:
    stage.story.serving_with(None, "A012", "A013", parked=[parked("A001")], missed=[missed("C001")])
    panel = stage.window.serving.numbers_panel
    press(stage, Qt.Key.Key_F10)
    assert panel.confirm.title == "Panggil kembali"
    press(stage, Qt.Key.Key_Down)
    assert panel.confirm.title == "Kembalikan ke antrean"
    press(stage, Qt.Key.Key_Return)
    assert stage.story.asked.the(RequeueTicket).ticket == "id-C001"


def test_with_a_visitor_here_a_number_cannot_be_called_but_a_missed_one_goes_back(
    stage: Stage,
) -> None:
    stage.story.serving_with(SERVING, "A013", missed=[missed("C001")])
    panel = stage.window.serving.numbers_panel
    press(stage, Qt.Key.Key_F10, Qt.Key.Key_1, Qt.Key.Key_3)
    assert not panel.confirm.isEnabled()
    assert panel.told.text() == "Selesaikan A012 dahulu."
    press(stage, Qt.Key.Key_Return)
    assert stage.story.asked.commands == []
    assert page(stage) == "serving-numbers"
    press(stage, Qt.Key.Key_Backspace, Qt.Key.Key_Backspace, Qt.Key.Key_C, Qt.Key.Key_Return)
    assert stage.story.asked.the(RequeueTicket).ticket == "id-C001"


def test_a_number_that_is_not_there_is_said(stage: Stage) -> None:
    stage.story.serving_with(None, "A012")
    press(stage, Qt.Key.Key_F10, Qt.Key.Key_9)
    assert "Tidak ada nomor 9" in stage.window.serving.numbers_panel.told.text()
    press(stage, Qt.Key.Key_Return)
    assert stage.story.asked.commands == []


def test_the_chosen_number_stays_chosen_when_the_line_moves(stage: Stage) -> None:
    stage.story.serving_with(None, "A012", "A013", "A014")
    panel = stage.window.serving.numbers_panel
    press(stage, Qt.Key.Key_F10, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert panel.list.current == "id-A014"
    stage.story.seat.on_notice(snapshot(11, None, "A013", "A014"))
    assert panel.list.current == "id-A014"


# Taking back.


def test_the_undo_shows_its_seconds_and_is_gone_after_them(stage: Stage) -> None:
    """L3: visible, counted down, by key and by click."""
    story = stage.story
    story.serving_with(None, undo=undoable("A012"))
    undo = stage.window.serving.buttons["undo"]
    assert undo.isVisible()
    assert undo.title == "Batalkan 5"
    assert undo.accessibleDescription() == "A012 selesai dapat dibatalkan"
    story.pass_s(2)
    assert undo.title == "Batalkan 3"
    press(stage, Qt.Key.Key_Z, held=CTRL)
    story.asked.the(UndoLast)
    story.asked.accept(11, ticket=SERVING)
    assert not undo.isVisible()
    assert stage.window.serving.remark.text() == "Dibatalkan; A012 seperti semula."


def test_an_undo_that_is_over_is_neither_seen_nor_asked(stage: Stage) -> None:
    stage.story.serving_with(None, undo=undoable("A012"))
    stage.story.pass_s(5.1)
    assert not stage.window.serving.buttons["undo"].isVisible()
    press(stage, Qt.Key.Key_Z, held=CTRL)
    assert stage.story.asked.commands == []


def test_the_strip_has_the_undo_in_its_five_seconds(stage: Stage) -> None:
    stage.story.serving_with(None, undo=undoable("A012", "NoShowRecorded"))
    stage.window.show_strip()
    strip = stage.window.strip
    assert strip.buttons["undo"].isVisible()
    assert strip.buttons["undo"].title == "Batalkan 5"
    strip.buttons["undo"].click()
    stage.story.asked.the(UndoLast)
    stage.story.pass_s(6)
    assert not strip.buttons["undo"].isVisible()
    assert strip.state.isVisible()


# Another errand, another visitor.


def test_another_errand_takes_two_keys(stage: Stage) -> None:
    """L9: the chain to the next service; what was drafted ends the first one."""
    stage.story.serving_with(SERVING)
    stage.story.serving.set_draft(category="arrears")
    press(stage, Qt.Key.Key_L, held=CTRL)
    assert page(stage) == "serving-continue"
    assert "Pendaftaran ditutup: Tuntas, Iuran dan tunggakan" in (
        stage.window.serving.continue_panel.told.text()
    )
    press(stage, Qt.Key.Key_1)
    asked = stage.story.asked.the(ContinueService)
    assert (asked.service, asked.category) == ("B", "arrears")


def test_a_number_at_the_counter_takes_three_keys(stage: Stage) -> None:
    stage.story.serving_with(SERVING)
    press(stage, Qt.Key.Key_N, held=CTRL)
    assert page(stage) == "serving-issue"
    press(stage, Qt.Key.Key_Return)
    assert stage.story.asked.commands == []
    press(stage, Qt.Key.Key_2, Qt.Key.Key_Right, Qt.Key.Key_Plus, Qt.Key.Key_Return)
    asked = stage.story.asked.the(IssueTicket)
    assert (asked.service, asked.priority, asked.weight) == ("B", "elderly", 2)
    stage.story.asked.accept(11, ticket=ticket("P005", "waiting", people_ahead=2))
    assert stage.window.serving.remark.text() == "Nomor P005 dibuat; 2 orang di depannya."


# Why.


def test_why_says_the_sentence_the_overtakers_and_what_another_rule_would_do(
    stage: Stage,
) -> None:
    """L10."""
    stage.story.serving_with(SERVING, *LINE[:3], next=coming("P004"))
    assert "Lansia (60 tahun ke atas)" in stage.window.serving.buttons["next"].line
    press(stage, Qt.Key.Key_M, held=CTRL)
    assert page(stage) == "serving-why"
    inquired, panel = stage.story.inquired, stage.window.serving.why_panel
    inquired.the(PreviewLine)
    line = [coming(number, place=place) for place, number in enumerate(LINE[:3], 1)]
    inquired.answer(line=line, discipline="due-time")
    inquired.answer(overtakers=[])
    press(stage, Qt.Key.Key_Down)
    assert inquired.the(ExplainTicket).ticket == "id-A013"
    inquired.answer(overtakers=[overtaker("P001"), overtaker("A021", "chosen", counted=False)])
    assert panel.number.text() == "A013"
    assert panel.before.text() == "Datang kemudian, dipanggil lebih dulu: 2 (dihitung 1)"
    assert "08.09 loket 1" in panel.overtakers.accessibleName()
    press(stage, Qt.Key.Key_2)
    assert inquired.the(PreviewLine).discipline == "first-come"
    then = [coming("A013", place_now=2), coming("P004", place=2, place_now=1)]
    inquired.answer(line=then, discipline="first-come")
    shown = [panel.list.item(place).text() for place in range(panel.list.count())]
    assert [words.split()[1] for words in shown] == ["A013", "P004"]
    assert shown[0].endswith("sekarang 2")
    press(stage, Qt.Key.Key_Escape)
    assert page(stage) == "serving"
    assert stage.story.serving.explaining.line == []


def test_help_for_another_line_is_said_on_the_key(stage: Stage) -> None:
    stage.story.serving_with(None, next=coming("C002", helping=True), waiting_elsewhere=2)
    line = stage.window.serving.buttons["next"].line
    assert line == "memanggil C002 · membantu antrean Informasi & pengaduan"
    later = MORNING + timedelta(minutes=4)
    stage.story.seat.on_notice(snapshot(11, None, waiting_elsewhere=2, help_from=later))
    line = stage.window.serving.buttons["next"].line
    assert line.endswith("2 orang menunggu di antrean lain; boleh membantu mulai 08.16")
    stage.story.pass_s(241)
    assert stage.window.serving.buttons["next"].line.endswith("loket ini boleh membantu")


def test_a_recall_says_which_one_it_is_and_the_last_is_the_last(stage: Stage) -> None:
    stage.story.serving_with(ticket("A012", call_count=2), recalls_left=2)
    recall = stage.window.serving.buttons["recall"]
    assert recall.title == "Ulang 2/3"
    stage.story.seat.on_notice(snapshot(11, ticket("A012", call_count=4), recalls_left=0))
    assert recall.title == "Ulang 3/3"
    assert not recall.isEnabled()
    assert "sudah dipanggil ulang 3 kali" in recall.toolTip()


# All of them.


@pytest.mark.parametrize(
    ("key", "held", "name"),
    [
        (Qt.Key.Key_F6, NONE, "park"),
        (Qt.Key.Key_F9, NONE, "transfer"),
        (Qt.Key.Key_L, CTRL, "continue"),
    ],
)
def test_a_panel_about_my_visitor_closes_when_they_are_gone(
    stage: Stage, key: Qt.Key, held: Qt.KeyboardModifier, name: str
) -> None:
    stage.story.serving_with(SERVING)
    press(stage, key, held=held)
    assert page(stage) == f"serving-{name}"
    stage.story.seat.on_notice(snapshot(20, None))
    assert page(stage) == "serving"


def test_the_strips_menu_leads_to_what_needs_room(stage: Stage) -> None:
    stage.story.serving_with(SERVING, "A013", colleagues=COLLEAGUES)
    stage.window.show_strip()
    menu = stage.window.strip.menu()
    titles = {action.text(): action for action in menu.actions()}
    aside = titles["Tunda"].menu()
    assert isinstance(aside, QMenu)
    aside.actions()[1].trigger()
    assert stage.story.asked.the(ParkTicket).reason == "photocopy"
    stage.story.asked.reject("try-again")
    titles["Alihkan …"].trigger()
    assert page(stage) == "serving-transfer"
    assert stage.window.isVisible()
    stage.window.show_strip()
    titles["Panggil nomor …"].trigger()
    assert page(stage) == "serving-numbers"
