"""The officer's real window: taps counted, scanner and keys, everything forgotten in between."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from counter.door.door_actions import KEYS
from counter.door.scanner_watch import END_MS, GAP_MS
from counter.door.screening_draft import VisitorDraft
from counter.door.visitor_fact_panels import AdvicePanel
from counter.remarks import Remark
from protocol.messages import (
    CancelTicket,
    CorrectTicket,
    DeclareDisturbance,
    EndDisturbance,
    FileComplaint,
    FindMember,
    RecordGuest,
    RecordScreening,
    ReprintTicket,
    SignIn,
    SignOut,
)
from protocol.session import LinkState
from tests.counter.door.door_gallery import STATES, DoorStage
from tests.counter.door.door_words import (
    BUDI,
    CARD,
    NIK,
    OUTAGE,
    PAPERLESS,
    advice,
    complaint,
    hall,
    kiosk,
    member,
    printed,
)

pytestmark = pytest.mark.usefixtures("qapp")

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


class Officer:
    """A finger on the real window; it counts."""

    def __init__(self, stage: DoorStage) -> None:
        self.stage, self.taps = stage, 0

    def tap(self, name: str) -> None:
        """Touch a button that is seen and alive, where it is, through the window system."""
        window = self.stage.window
        QApplication.processEvents()
        buttons = [
            each
            for each in window.findChildren(QWidget, name)
            if each.isVisible() and each.isEnabled()
        ]
        assert buttons, f"there is no {name} to touch on {window.page_name}"
        at = buttons[0].mapTo(window, buttons[0].rect().center())
        top = window.childAt(at)
        assert top is not None
        assert top is buttons[0] or buttons[0].isAncestorOf(top), f"{name} is covered by {top}"
        handle = window.windowHandle()
        QTest.mouseClick(handle, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at)
        self.taps += 1


def press(stage: DoorStage, key: Qt.Key, held: Qt.KeyboardModifier | None = None) -> None:
    """Press a key into whatever has the focus, as the window system would."""
    handle = stage.window.windowHandle()
    QTest.keyClick(handle, key, held or Qt.KeyboardModifier.NoModifier)


def scan(stage: DoorStage, text: str) -> None:
    """What a keyboard-wedge scanner sends: the number at once, then Enter."""
    handle = stage.window.windowHandle()
    for letter in text:
        QTest.keyClick(handle, ord(letter))
    QTest.keyClick(handle, Qt.Key.Key_Return)


def line_of(stage: DoorStage, name: str) -> QLineEdit:
    """A field by its name."""
    found = stage.window.findChild(QLineEdit, name)
    assert found is not None
    return found


@pytest.fixture(params=["small-tablet", "pc"])
def stage(request: pytest.FixtureRequest) -> Iterator[DoorStage]:
    made = DoorStage(size=request.param).show()
    made.window.activateWindow()
    yield made
    made.close()


@pytest.fixture
def officer(stage: DoorStage) -> Officer:
    stage.story.stand()
    return Officer(stage)


def recorded(officer: Officer) -> RecordScreening:
    return officer.stage.story.asked.the(RecordScreening)


def accept(officer: Officer, revision: int = 11, **fields: object) -> None:
    officer.stage.story.asked.accept(revision, **fields)


# U10: taps.


def test_a_ticket_takes_three_taps(officer: Officer) -> None:
    """U10, O1: service, matter, print; without the matter two."""
    officer.tap("service-B")
    officer.tap("matter-identity-change")
    officer.tap("number")
    command = recorded(officer)
    assert (command.outcome, command.service, command.matter, command.print_at) == (
        "ticket",
        "B",
        "identity-change",
        "kiosk-1",
    )
    assert officer.taps == 3
    accept(officer, ticket=printed(), screening="s-1")
    assert officer.stage.window.page_name == "screening-result"
    # The next visitor needs no tap more: the service is there to be touched.
    officer.taps = 0
    officer.tap("service-A")
    officer.tap("number")
    assert recorded(officer).service == "A"
    assert officer.taps == 2


def test_solved_at_the_door_takes_two_taps(officer: Officer) -> None:
    """U10, O2."""
    officer.tap("solved")
    officer.tap("solved-information")
    assert (recorded(officer).outcome, recorded(officer).reason) == ("solved", "information")
    assert officer.taps == 2
    accept(officer, screening="s-1")
    assert officer.stage.window.page_name == "screening-result"
    officer.tap("solved")
    officer.tap("solved-password")
    assert recorded(officer).reason == "password"


def test_a_channel_an_office_and_the_anjungan_take_at_most_three_taps(officer: Officer) -> None:
    officer.tap("self-service")
    assert (recorded(officer).outcome, recorded(officer).channel) == ("self-service", "anjungan")
    assert officer.taps == 1
    accept(officer, screening="s-1")
    officer.taps = 0
    officer.tap("channel")
    officer.tap("channel-pandawa")
    assert officer.stage.window.screening.channel.qr.content == "https://wa.me/628118165165"
    officer.tap("channel-confirm")
    assert (recorded(officer).outcome, recorded(officer).channel) == ("channel", "pandawa")
    assert officer.taps == 3
    accept(officer, 12, screening="s-2")
    officer.tap("office")
    officer.tap("office-dinsos")
    assert "tutup" in officer.stage.window.screening.office.state.text()
    officer.tap("office-confirm")
    assert recorded(officer).office == "dinsos"


def test_another_kiosk_is_one_tap_and_is_remembered(officer: Officer) -> None:
    officer.tap("kiosk-kiosk-2")
    officer.tap("service-A")
    officer.tap("number")
    assert recorded(officer).print_at == "kiosk-2"
    assert officer.stage.story.remembered == ["kiosk-2"]


def test_to_come_again_prints_what_is_missing(officer: Officer) -> None:
    officer.tap("service-B")
    officer.tap("matter-identity-change")
    officer.tap("return")
    officer.tap("missing-ktp")
    officer.tap("return-confirm")
    command = recorded(officer)
    assert (command.outcome, command.papers, command.missing) == ("return", ["ktp"], ["kk", "kis"])


def test_papers_priority_and_needs_are_a_touch_each(officer: Officer) -> None:
    officer.tap("service-B")
    officer.tap("matter-identity-change")
    officer.tap("paper-ktp")
    officer.tap("priority-elderly")
    officer.tap("details")
    officer.tap("need-wheelchair")
    officer.tap("persons-more")
    officer.tap("companion")
    QTest.keyClicks(line_of(officer.stage, "note"), "KK fotokopi")
    officer.tap("details-confirm")
    assert officer.stage.window.screening.outcomes.others["return"].title == "Datang lagi (2)"
    officer.tap("number")
    command = recorded(officer)
    assert (command.papers, command.missing) == (["ktp"], ["kk", "kis"])
    assert (command.priority, command.needs, command.weight) == ("elderly", ["wheelchair"], 2)
    assert (command.companion, command.note) == (True, "KK fotokopi")


# Advice.


def test_a_rule_that_blocks_asks_for_a_reason_before_the_number(officer: Officer) -> None:
    officer.tap("service-B")
    officer.tap("matter-identity-change")
    officer.stage.story.inquired.answer(papers=["ktp"], advice=[advice()])
    officer.tap("number")
    assert officer.stage.window.page_name == "screening-advice"
    assert officer.stage.story.asked.commands == []
    panel = officer.stage.window.screening.panels["advice"]
    assert isinstance(panel, AdvicePanel)
    assert "Permensos 3/2026" in panel.source.text()
    reason = officer.stage.story.screening.hall.choices_of("override_reason")[0].code
    officer.tap(f"override-{reason}")
    assert officer.stage.window.page_name == "screening"
    officer.tap("number")
    assert recorded(officer).overrides == {"identity-first": reason}


# The identifier: typed, pasted, scanned.


def test_a_scan_is_taken_masked_and_leaves_nothing_in_the_field(officer: Officer) -> None:
    stage = officer.stage
    field = stage.window.screening.identifier.field
    field.setFocus()
    scan(stage, NIK)
    stage.story.inquired.the(FindMember)
    row = stage.window.screening.identifier
    assert row.masked.text() == "NIK ************0002"
    assert field.text() == ""
    field.undo()
    assert field.text() == ""
    officer.tap("identifier-clear")
    assert stage.story.visitor.draft.identifier is None


def test_a_scan_anywhere_presses_nothing_and_is_taken(officer: Officer) -> None:
    """The digits of a number would choose reasons in an open panel, and Enter would confirm."""
    stage = officer.stage
    officer.tap("solved")
    assert stage.window.page_name == "screening-solved"
    scan(stage, NIK)
    assert stage.story.asked.commands == []
    assert stage.window.page_name == "screening"
    assert stage.story.visitor.draft.masked.endswith("0002")


def test_a_second_card_replaces_the_number_and_a_touch_begins_anew(officer: Officer) -> None:
    """The same person may show two cards; only the officer knows when the next one stands there."""
    stage = officer.stage
    scan(stage, NIK)
    stage.story.inquired.answer(directory="found", member=member())
    officer.tap("service-B")
    assert stage.story.visitor.draft.segment == "PBI-APBN"
    scan(stage, CARD)
    draft = stage.story.visitor.draft
    assert draft.masked.endswith("7890")
    assert (draft.service, draft.segment) == ("B", None)  # what the directory said was of another
    assert "Nomor diganti" in stage.window.screening.health.remark.text()
    officer.tap("start-over")
    assert stage.story.visitor.draft == VisitorDraft()


def test_every_matter_of_a_service_is_one_touch_away(officer: Officer) -> None:
    """U10: also with ten matters no page has to be turned before the number."""
    officer.tap("service-B")
    officer.tap("matter-damaged-card")
    officer.tap("number")
    assert recorded(officer).matter == "damaged-card"
    assert officer.taps == 3


def test_a_single_digit_still_chooses(officer: Officer) -> None:
    officer.tap("solved")
    press(officer.stage, Qt.Key.Key_2)
    QTest.qWait(GAP_MS * 3)
    assert recorded(officer).reason == "status-checked"


def test_a_scanner_without_enter_is_heard_too(officer: Officer) -> None:
    stage = officer.stage
    stage.window.screening.services.buttons["A"].setFocus()
    handle = stage.window.windowHandle()
    for letter in NIK:
        QTest.keyClick(handle, ord(letter))
    QTest.qWait(END_MS * 2)
    assert stage.story.visitor.draft.masked.endswith("0002")


def test_a_scan_in_the_guest_book_is_not_a_visitor(officer: Officer) -> None:
    officer.tap("guest")
    officer.stage.window.screening.panels["guest"].back_button.setFocus()
    scan(officer.stage, NIK)
    assert officer.stage.window.page_name == "screening-guest"
    assert officer.stage.story.visitor.draft.identifier is None


@pytest.mark.parametrize(
    "rubbish",
    ["9" * 10_000, "\u202e\u2066abc\u200b", "\x00\x1b[2J", "'; DROP TABLE ticket; --", "نـاس" * 99],
)
def test_rubbish_is_refused_in_words_and_stops_nobody(officer: Officer, rubbish: str) -> None:
    stage = officer.stage
    row = stage.window.screening.identifier
    QApplication.clipboard().setText(rubbish)
    row.field.setFocus()
    row.field.paste()
    assert len(row.field.text()) <= 501
    press(stage, Qt.Key.Key_Return)
    assert stage.story.visitor.draft.identifier is None
    officer.tap("service-A")
    officer.tap("number")
    assert recorded(officer).identifier is None


def test_what_is_wrong_with_a_number_is_said_with_the_cure(officer: Officer) -> None:
    row = officer.stage.window.screening.identifier
    row.field.setFocus()
    scan(officer.stage, "3578014513900002")
    assert "bulan lahir" in row.told.text()
    assert row.field.text() == "3578014513900002"  # to be mended
    row.field.setText("")
    scan(officer.stage, NIK)
    assert officer.stage.story.visitor.wrong_number is None


def test_a_number_without_enter_counts_when_the_outcome_is_touched(officer: Officer) -> None:
    QTest.keyClicks(officer.stage.window.screening.identifier.field, NIK)
    officer.tap("service-A")
    officer.tap("number")
    assert recorded(officer).identifier == NIK


# After it.


def test_after_the_outcome_everything_is_as_new(officer: Officer) -> None:
    stage = officer.stage
    officer.tap("service-B")
    officer.tap("details")
    QTest.keyClicks(line_of(stage, "note"), "Bapak Slamet")
    officer.tap("details-confirm")
    stage.window.screening.identifier.field.setText("12")
    officer.tap("number")
    accept(officer, ticket=printed(), screening="s-1")
    officer.tap("next-visitor")
    assert stage.window.page_name == "screening"
    assert stage.window.screening.identifier.field.text() == ""
    officer.tap("details")
    note = line_of(stage, "note")
    assert note.text() == ""
    note.undo()
    assert note.text() == ""


def test_the_result_says_what_became_of_the_paper(officer: Officer) -> None:
    stage = officer.stage
    STATES["ticket-unprinted"](stage)
    QApplication.processEvents()
    result = stage.window.screening.result
    assert result.number.text() == "B008"
    assert "Tidak tercetak di Kiosk 1" in result.paper.text()
    assert stage.window.screening.recent.all.title == "Tanpa kertas: 1"
    officer.tap("reprint")
    assert stage.story.asked.the(ReprintTicket).ticket == "id-B008"


def test_a_number_is_corrected_and_cancelled_from_the_result(officer: Officer) -> None:
    stage = officer.stage
    STATES["ticket"](stage)
    officer.tap("correct")
    officer.tap("to-service-A")
    officer.tap("to-priority-none")
    officer.tap("correct-confirm")
    command = stage.story.asked.the(CorrectTicket)
    assert (command.service, command.priority) == ("A", "none")
    accept(officer, 13, ticket=printed("P005", service="A"))
    officer.tap("cancel")
    officer.tap("cancel-visitor-left")
    assert stage.story.asked.the(CancelTicket).reason == "visitor-left"
    accept(officer, 14, ticket=printed("P005", state="cancelled"))
    assert stage.window.page_name == "screening"


def test_who_waits_without_paper_is_found_and_printed(officer: Officer) -> None:
    stage = officer.stage
    stage.story.door.on_notice(hall(11, without_paper=PAPERLESS))
    officer.tap("recent-paperless-A014")
    officer.tap("came-reprint")
    assert stage.story.asked.the(ReprintTicket).ticket == "id-A014"


# Beside it.


def test_a_guest_is_written_down_only_with_consent(officer: Officer) -> None:
    stage = officer.stage
    officer.tap("guest")
    QTest.keyClicks(line_of(stage, "guest-name"), "Slamet")
    purpose = stage.story.screening.hall.choices_of("guest_purpose")[0].code
    officer.tap(f"purpose-{purpose}")
    officer.tap("guest-confirm")
    assert stage.story.asked.commands == []
    officer.tap("consent")
    officer.tap("guest-confirm")
    command = stage.story.asked.the(RecordGuest)
    assert (command.name, command.purpose) == ("Slamet", purpose)
    accept(officer)
    officer.tap("guest")
    name = line_of(stage, "guest-name")
    name.undo()
    assert name.text() == ""


def test_a_complaint_is_filed_and_the_list_follows(officer: Officer) -> None:
    stage = officer.stage
    officer.tap("complaint")
    form = stage.window.screening.complaint.form
    form.description.setPlainText("x" * 10_000)
    assert len(form.description.toPlainText()) == 2000
    QTest.keyClicks(form.lines["name"], "Slamet")
    officer.tap("anonymous")
    assert form.lines["name"].text() == ""
    assert not form.lines["name"].isEnabled()
    officer.tap("level-red")
    officer.tap("complaint-confirm")
    command = stage.story.asked.the(FileComplaint)
    assert (command.level, command.anonymous, command.name) == ("red", True, "")
    assert stage.window.page_name == "screening-complaints"
    accept(officer, complaint=complaint())
    stage.story.inquired.answer(complaints=[complaint()], complaints_total=1)
    officer.tap("step-answered")
    stage.window.screening.top.buttons["guest"].setFocus()  # as when the touched button vanishes
    press(stage, Qt.Key.Key_Escape)
    assert stage.window.page_name == "screening"


def test_what_a_complaint_lacks_is_said_over_an_older_remark(officer: Officer) -> None:
    stage = officer.stage
    stage.story.screening.asker.say(Remark("good", "door-done.guest"))
    officer.tap("complaint")
    officer.tap("complaint-confirm")
    stage.window.refresh()
    assert stage.window.screening.health.remark.text() == "Tulis dahulu apa yang diadukan."


def test_a_disturbance_is_declared_shown_and_ended(officer: Officer) -> None:
    stage = officer.stage
    officer.tap("disturbance")
    officer.tap("system-mobile-jkn")
    assert stage.story.asked.the(DeclareDisturbance).system == "mobile-jkn"
    accept(officer)
    stage.story.door.on_notice(hall(12, disturbance=OUTAGE))
    assert "Mobile JKN" in stage.window.screening.band.text
    officer.tap("disturbance")
    officer.tap("disturbance-confirm")
    assert stage.story.asked.the(EndDisturbance).system == "mobile-jkn"


def test_an_alarm_is_said_in_words_with_the_snapshot(officer: Officer) -> None:
    """O3: alarm within 3 s; here with the very snapshot."""
    stage = officer.stage
    stage.story.door.on_notice(hall(11, devices=[kiosk(1, paper="out", tickets_left=0), kiosk(2)]))
    line = stage.window.screening.health
    assert "Kiosk 1: kertas habis" in line.remark.text()
    chips = [chip.text() for chip in line.chips.chips()]
    assert chips[0] == "Kiosk 1: kertas habis"


def test_a_closed_channel_says_so(officer: Officer) -> None:
    stage = officer.stage
    STATES["channel-closed"](stage)
    panel = stage.window.screening.channel
    assert "tutup atau terganggu" in panel.state.text()
    assert next(iter(panel.places.buttons)) == "care-center"  # open ones first


# Link, refusals, seats.


def test_a_lost_link_is_said_with_what_still_works(officer: Officer) -> None:
    """L5, F17."""
    stage = officer.stage
    officer.tap("service-B")
    stage.window.screening.identifier.field.setText("357801")
    stage.story.link(LinkState.LOST, "closed")
    banner = stage.window.screening.banner
    assert banner.isVisible()
    assert "Yang diketik tetap ada" in banner.text()
    assert not stage.window.screening.outcomes.number.isEnabled()
    officer.tap("matter-identity-change")
    officer.tap("priority-elderly")
    stage.story.link(LinkState.ONLINE)
    stage.story.welcome(BUDI)
    stage.story.door.on_notice(hall(20))
    assert not banner.isVisible()
    assert stage.window.screening.identifier.field.text() == "357801"
    officer.tap("number")
    assert (recorded(officer).matter, recorded(officer).priority) == (
        "identity-change",
        "elderly",
    )


def test_a_refusal_is_shown_in_the_servers_words(officer: Officer) -> None:
    officer.tap("service-B")
    officer.tap("number")
    officer.stage.story.asked.reject("service-closed", "Kuota B hari ini habis.")
    assert officer.stage.window.screening.health.remark.text() == "Kuota B hari ini habis."
    assert officer.stage.story.visitor.draft.service == "B"


def test_without_a_service_the_button_says_what_is_missing(officer: Officer) -> None:
    officer.tap("number")
    assert officer.stage.story.asked.commands == []
    assert officer.stage.window.screening.health.remark.text() == "Pilih layanan dahulu."


def test_the_officer_signs_in_without_a_counter_and_leaves(stage: DoorStage) -> None:
    stage.story.welcome()
    page = stage.window.sign_in
    assert not page.counter.isVisible()
    QTest.keyClicks(page.staff, "budi")
    QTest.keyClicks(page.pin, "1234")
    press(stage, Qt.Key.Key_Return)
    assert stage.story.asked.the(SignIn).counter is None
    stage.story.asked.accept(2)
    stage.story.door.on_notice(hall(3))
    assert stage.window.page_name == "screening"
    officer = Officer(stage)
    officer.tap("hall")
    officer.tap("sign-out")
    stage.story.asked.the(SignOut)
    stage.story.asked.accept(4)
    assert stage.window.page_name == "sign-in"


# Keys.


def test_a_whole_visitor_by_keyboard(officer: Officer) -> None:
    stage = officer.stage
    press(stage, Qt.Key.Key_I, CTRL)
    scan(stage, NIK)
    press(stage, Qt.Key.Key_2, ALT)
    press(stage, Qt.Key.Key_2, CTRL)
    press(stage, Qt.Key.Key_L, CTRL)
    press(stage, Qt.Key.Key_Q, ALT)
    press(stage, Qt.Key.Key_O, CTRL)
    press(stage, Qt.Key.Key_F2)
    command = recorded(officer)
    assert (command.service, command.matter) == ("B", "identity-change")
    assert (command.priority, command.print_at) == ("elderly", "kiosk-2")
    assert command.papers == ["ktp", "kk", "kis"]
    accept(officer, ticket=printed(), screening="s-1")
    press(stage, Qt.Key.Key_B, CTRL)
    assert stage.window.page_name == "screening"


@pytest.mark.parametrize(
    ("key", "held", "page"),
    [
        (Qt.Key.Key_F8, None, "solved"),
        (Qt.Key.Key_F4, None, "channel"),
        (Qt.Key.Key_F7, None, "office"),
        (Qt.Key.Key_F9, None, "return"),
        (Qt.Key.Key_F10, None, "recent"),
        (Qt.Key.Key_T, CTRL, "status"),
        (Qt.Key.Key_H, CTRL, "advice"),
        (Qt.Key.Key_J, CTRL, "details"),
        (Qt.Key.Key_U, CTRL, "guest"),
        (Qt.Key.Key_P, CTRL, "complaint"),
        (Qt.Key.Key_G, CTRL, "disturbance"),
        (Qt.Key.Key_M, CTRL, "hall"),
        (Qt.Key.Key_F1, None, "keys"),
    ],
)
def test_every_panel_has_a_key_and_a_way_back(
    officer: Officer, key: Qt.Key, held: Qt.KeyboardModifier | None, page: str
) -> None:
    press(officer.stage, key, held)
    assert officer.stage.window.page_name == f"screening-{page}"
    press(officer.stage, Qt.Key.Key_Escape)
    assert officer.stage.window.page_name == "screening"


def test_every_key_is_told_in_both_languages(officer: Officer) -> None:
    officer.tap("hall")
    officer.tap("show-keys")
    panel = officer.stage.window.screening.panels["keys"]
    shown = {label.text() for label in panel.findChildren(QWidget) if hasattr(label, "text")}
    assert set(KEYS.values()) <= shown


def test_every_button_of_the_desk_is_reached_by_tab(officer: Officer) -> None:
    """U6: no trap, and nothing that only a finger reaches."""
    stage = officer.stage
    officer.tap("service-B")
    officer.tap("matter-identity-change")
    QApplication.processEvents()
    window = stage.window
    wanted = {
        each.objectName()
        for each in window.screening.desk.findChildren(QAbstractButton)
        if each.isVisible() and each.isEnabled()
    }
    stage.window.screening.identifier.begin()
    reached: set[str] = set()
    for _ in range(120):
        press(stage, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        if focus is not None:
            reached.add(focus.objectName())
    assert wanted - reached == set()


def test_the_first_tap_of_a_story_lands_where_it_is_drawn(officer: Officer) -> None:
    """The equal pair: both buttons have one size, and stand beside one another."""
    outcomes = officer.stage.window.screening.outcomes
    number, solved = outcomes.number, outcomes.solved
    assert abs(number.width() - solved.width()) <= 1
    assert number.height() == solved.height()
    assert number.mapTo(outcomes, QPoint(0, 0)).y() == solved.mapTo(outcomes, QPoint(0, 0)).y()
