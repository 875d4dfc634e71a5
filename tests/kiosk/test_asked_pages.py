"""K3, K4 and home by finger and key, as a window: what is seen, what is masked, what is equal."""

import numpy as np
import pytest
import zxingcpp
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from kiosk.choosing_window import ChoosingWindow
from protocol.messages import ChooseChannel, IssueTicket, KioskRules, RecordIdentity
from tests.kiosk.kiosk_pictures import SIZES
from tests.kiosk.kiosk_story import Story, ticket
from tests.kiosk.test_choosing_window import button, open_window, text, touch

NIK = "3578080102030001"


def window_at(qtbot: QtBot, rules: KioskRules, *size: int) -> tuple[Story, ChoosingWindow]:
    story = Story().asking(rules)
    window = open_window(story, qtbot, *size)
    story.after(1)
    touch(window, "start")
    story.after(1)
    touch(window, "service-A")
    story.after(1)
    return story, window


def box(window: ChoosingWindow, name: str) -> QRect:
    each = button(window, name)
    return QRect(each.mapTo(window, each.rect().topLeft()), each.size())


def test_home_shows_one_code_at_a_time_and_the_telephone_reads_it(qtbot: QtBot) -> None:
    story, window = window_at(qtbot, KioskRules(home=True), 1080, 1920)
    assert window.page_name == "home"
    assert text(window, "home-channel") == "Aplikasi Mobile JKN"
    assert "Pendaftaran peserta baru" in text(window, "home-does")
    assert read_codes(window) == ["https://play.google.com/store/apps/details?id=app.bpjs.mobile"]
    touch(window, "home-pandawa")
    assert read_codes(window) == ["https://wa.me/628118165165"]
    assert "08.00" in text(window, "home-hours")
    touch(window, "home-phone")
    assert story.ask.last(ChooseChannel).channel == "pandawa"
    assert window.page_name == "thanks"
    assert read_codes(window) == ["https://wa.me/628118165165"]
    story.after(1)
    touch(window, "thanks-finish")
    assert window.page_name == "idle"


def read_codes(window: ChoosingWindow) -> list[str]:
    QApplication.processEvents()
    image = window.grab().toImage().convertToFormat(window.grab().toImage().Format.Format_RGB888)
    width, height = image.width(), image.height()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    pixels = np.ascontiguousarray(rows[:, : width * 3].reshape(height, width, 3))
    return [found.text for found in zxingcpp.read_barcodes(pixels)]


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
def test_both_ways_from_home_are_of_the_same_size_and_look(
    qtbot: QtBot, size: tuple[int, int]
) -> None:
    _story, window = window_at(qtbot, KioskRules(home=True), *size)
    take, phone = box(window, "home-take"), box(window, "home-phone")
    assert abs(take.width() - phone.width()) <= 1
    assert take.height() == phone.height()
    assert take.top() == phone.top()


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
def test_skip_is_exactly_as_large_as_ok(qtbot: QtBot, size: tuple[int, int]) -> None:
    """K4, V11: whoever does not give a NIK is not worse off by a millimetre."""
    _story, window = window_at(qtbot, KioskRules(identity=True, home=False), *size)
    skip, good = box(window, "identity-skip"), box(window, "identity-ok")
    assert skip.size() == good.size()
    assert skip.top() == good.top()


def test_a_nik_is_typed_masked_and_given_once(qtbot: QtBot) -> None:
    story, window = window_at(qtbot, KioskRules(identity=True, home=False))
    assert "30 hari" in text(window, "identity-line")
    for digit in NIK:
        touch(window, f"identity-{digit}")
    assert text(window, "identity-digits") == "•••• •••• •••• 0001"
    for each in window.findChildren(QWidget):
        said = f"{each.accessibleName()} {each.accessibleDescription()} {each.toolTip()}"
        shown = each.text() if isinstance(each, QLabel) else ""
        assert NIK[:12] not in (said + shown).replace(" ", ""), each.objectName()
    touch(window, "identity-ok")
    assert window.page_name == "moment"
    story.ask.accept(story.ask.last(IssueTicket), ticket=ticket())
    assert story.ask.last(RecordIdentity).identifier == NIK
    assert window.page_name == "issued"


def test_a_wrong_nik_is_told_kindly_and_skip_still_works(qtbot: QtBot) -> None:
    story, window = window_at(qtbot, KioskRules(identity=True, home=False))
    touch(window, "identity-ok")
    assert "LEWATI" in text(window, "identity-objection")
    for digit in "35780":
        touch(window, f"identity-{digit}")
    assert text(window, "identity-objection") == ""
    touch(window, "identity-ok")
    assert "Masih kurang 11" in text(window, "identity-objection")
    touch(window, "identity-clear")
    assert text(window, "identity-digits") == "3578"
    touch(window, "identity-again")
    assert text(window, "identity-digits") == ""
    touch(window, "identity-skip")
    assert window.page_name == "moment"
    assert story.ask.of(RecordIdentity) == []


def test_a_nik_can_be_typed_on_a_keyboard(qtbot: QtBot) -> None:
    _story, window = window_at(qtbot, KioskRules(identity=True, home=False))
    QTest.keyClicks(window, "35780")
    QTest.keyClick(window, Qt.Key.Key_Backspace)
    assert text(window, "identity-digits") == "3578"


def test_the_first_button_of_priority_is_no_and_then_on(qtbot: QtBot) -> None:
    story, window = window_at(qtbot, KioskRules(priority_claim=True, home=False))
    assert window.page_name == "priority"
    first = button(window, "priority-on")
    assert "BUKAN" in first.accessibleName()
    assert "Tidak ada bukti" in text(window, "priority-line")
    others = [f"priority-{code}" for code in ("elderly", "disability", "pregnant", "infant")]
    assert all(box(window, name).top() > box(window, "priority-on").top() for name in others)
    assert not window.findChildren(QWidget, "priority-urgent")
    touch(window, "priority-elderly")
    touch(window, "need-written")
    assert button(window, "priority-elderly").isChecked()
    assert "LANJUT" in first.accessibleName()
    touch(window, "priority-infant")
    assert not button(window, "priority-elderly").isChecked(), "only one group holds"
    touch(window, "priority-on")
    asked = story.ask.last(IssueTicket)
    assert (asked.priority, asked.needs) == ("infant", ["written"])


def test_steps_and_back_are_on_each_page(qtbot: QtBot) -> None:
    rules = KioskRules(priority_claim=True, identity=True, home=True)
    story, window = window_at(qtbot, rules)
    seen = []
    for name, onward in (("home", "home-take"), ("priority", "priority-on"), ("identity", "")):
        assert window.page_name == name
        seen.append(text(window, f"{name}-step"))
        if onward:
            touch(window, onward)
            story.after(1)
    assert seen == ["2 dari 4", "3 dari 4", "4 dari 4"]
    for name in ("identity", "priority", "home"):
        touch(window, f"{name}-back")
        story.after(1)
    assert window.page_name == "services"
    assert text(window, "services-step") == "1 dari 4"


def test_the_whole_way_by_keys_alone(qtbot: QtBot) -> None:
    """A tactile pad has arrows and OK."""
    rules = KioskRules(priority_claim=True, identity=True, home=True)
    story, window = window_at(qtbot, rules)
    for name in ("home-take", "priority-elderly", "priority-on", "identity-skip"):
        for _ in range(60):
            if window.focusWidget().objectName() == name:
                break
            QTest.keyClick(window, Qt.Key.Key_Down)
        assert window.focusWidget().objectName() == name
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
        story.after(1)
    assert window.page_name == "moment"
    assert story.ask.last(IssueTicket).priority == "elderly"


def test_nothing_of_the_visitor_is_seen_by_the_next(qtbot: QtBot) -> None:
    rules = KioskRules(priority_claim=True, identity=True, home=True)
    story, window = window_at(qtbot, rules)
    touch(window, "home-pandawa")
    touch(window, "home-take")
    story.after(1)
    touch(window, "priority-elderly")
    touch(window, "need-wheelchair")
    touch(window, "priority-on")
    story.after(1)
    touch(window, "identity-7")
    story.after(70)
    assert window.page_name == "idle"
    touch(window, "start")
    story.after(1)
    touch(window, "service-A")
    story.after(1)
    assert text(window, "home-channel") == "Aplikasi Mobile JKN"
    touch(window, "home-take")
    story.after(1)
    assert not button(window, "priority-elderly").isChecked()
    assert not button(window, "need-wheelchair").isChecked()
    touch(window, "priority-on")
    story.after(1)
    assert text(window, "identity-digits") == ""


def test_with_the_menu_at_the_foot_every_choice_is_still_there_sheet_by_sheet(
    qtbot: QtBot,
) -> None:
    """U6: large letters and a low menu leave no room for all; nothing gets out of reach."""
    story, window = window_at(qtbot, KioskRules(priority_claim=True, home=False), 1080, 1920)
    story.model.toggle_large_text()
    story.model.toggle_low_menu()
    wanted = {f"priority-{code}" for code in ("elderly", "disability", "pregnant", "infant")}
    wanted |= {f"need-{code}" for code in ("wheelchair", "sign-language", "written")}
    seen: set[str] = set()
    for _ in range(len(wanted)):
        shown = {name for name in wanted if is_seen(window, name)}
        assert shown
        seen |= shown
        if not is_seen(window, "priority-more"):
            break
        touch(window, "priority-more")
        story.after(1)
    assert seen == wanted
    touch(window, "priority-on")
    assert story.ask.last(IssueTicket).priority == "none"


def is_seen(window: ChoosingWindow, name: str) -> bool:
    return any(each.isVisible() for each in window.findChildren(QWidget, name))
