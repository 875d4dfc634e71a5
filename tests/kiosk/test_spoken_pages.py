"""A visitor who does not see is led through every page by ear, with arrows and OK (ux.md V12)."""

from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from kiosk.choosing_window import ChoosingWindow
from kiosk.reader import PageReader
from kiosk.spoken_pages import SpokenPages
from kiosk.spoken_text import speakable
from kiosk.visit import KioskChoices, Page
from protocol.kiosk_shown import HelpCall
from protocol.messages import CallOfficer, IssueTicket, KioskRules, RecordIdentity, ReprintTicket
from tests.display.announcing_story import Clock, HandVoice
from tests.kiosk.kiosk_pictures import PIN, STATES, story_of, window_of
from tests.kiosk.kiosk_story import MORNING, Story, snapshot, ticket
from tests.kiosk.rendering import forget_windows

LANGUAGES = ("id", "en", "jv", "su")
STEP_S = 0.1
PAGE_S = 60.0
"""No page takes longer to be read."""


def guided(window: ChoosingWindow, story: Story, clock: Clock) -> tuple[HandVoice, SpokenPages]:
    """A voice that does nothing by itself, and the guide that speaks with it."""
    voice = HandVoice(clock)
    guide = SpokenPages(window, story.model, PageReader(lambda: voice))
    guide._timer.stop()
    return voice, guide


class Ear:
    """A visitor with headphones and four arrows, OK and a star."""

    def __init__(self, qtbot: QtBot, story: Story | None = None) -> None:
        self.story = story or Story().online()
        self.window: ChoosingWindow = window_of(self.story, 540, 960)
        qtbot.addWidget(self.window)
        # Only what the story's clock does counts; nobody touches before the pages are made.
        self.window._timer.stop()
        self.clock = Clock()
        self.voice, self.guide = guided(self.window, self.story, self.clock)
        self.window.activateWindow()
        self.heard = 0

    def hear(self, seconds: float = PAGE_S, *, whole: bool = True) -> str:
        """What is said since the last look, until there is silence."""
        for _ in range(round(seconds / STEP_S)):
            self.clock.elapsed_s += STEP_S
            self.story.now_s += STEP_S
            self.window._tick()
            self.guide.follow()
            if self.guide.reading or not whole:
                continue
            break
        before, self.heard = self.heard, len(self.voice.namings)
        return " | ".join(naming.text for naming in self.voice.namings[before:])

    def press(self, key: Qt.Key, text: str = "") -> "Ear":
        """A key of the pad, for whoever has the keyboard's focus."""
        none = Qt.KeyboardModifier.NoModifier
        found: QWidget | None = self.window.focusWidget()
        focused = self.window if found is None else found
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(focused, QKeyEvent(kind, key, none, text))
        return self

    def ok(self) -> str:
        """OK on the control in focus, after a moment of thought; what is said then."""
        self.story.after(1)
        return self.press(Qt.Key.Key_Return).hear()

    def begin(self) -> "Ear":
        """From the first arrow to the services."""
        self.press(Qt.Key.Key_Down).hear()
        self.find("start")
        self.ok()
        return self

    def find(self, name: str) -> str:
        """Move with the arrow until a control of this name has been said; what was said of it."""
        said = self.hear()
        for _ in range(40):
            focused = self.window.focusWidget()
            if isinstance(focused, QAbstractButton) and focused.objectName() == name:
                return said
            said = self.press(Qt.Key.Key_Down).hear()
        raise AssertionError(f"{name} cannot be reached with the arrows")


@pytest.fixture
def ear(qtbot: QtBot) -> Iterator[Ear]:
    ear = Ear(qtbot)
    yield ear
    ear.guide.close()


@pytest.fixture
def asking(qtbot: QtBot) -> Iterator[Ear]:
    """At a branch that asks all that it may."""
    ear = Ear(qtbot, Story().asking())
    yield ear
    ear.guide.close()


def test_silence_until_somebody_wants_speech(ear: Ear) -> None:
    ear.hear(2, whole=False)
    assert ear.voice.namings == []


def test_an_arrow_on_the_first_page_begins_the_guide(ear: Ear) -> None:
    ear.press(Qt.Key.Key_Down)
    said = ear.hear()
    assert "Selamat datang" in said
    assert "Panah untuk pindah" in said


def test_a_number_is_taken_without_sight(ear: Ear) -> None:
    """From the first arrow to the number, nothing but arrows and OK."""
    ear.press(Qt.Key.Key_Down).hear()
    ear.find("start")
    ear.story.after(1)
    ear.press(Qt.Key.Key_Return)
    assert "Perlu layanan apa" in ear.hear()
    assert "Iuran dan tunggakan" in ear.find("service-D")
    ear.story.after(1)
    ear.press(Qt.Key.Key_Return)
    ear.story.ask.accept(ear.story.ask.last(IssueTicket), ticket=ticket("D012"))
    ear.window.refresh()
    said = ear.hear()
    assert "de, nol, satu, dua" in said
    assert ear.story.model.page in (Page.ISSUED, Page.PAPERLESS)


def test_the_star_says_it_again(ear: Ear) -> None:
    ear.press(Qt.Key.Key_Down)
    first = ear.hear()
    ear.press(Qt.Key.Key_Asterisk, "*")
    assert ear.hear() == first


def test_a_countdown_is_not_read_every_second(ear: Ear) -> None:
    ear.press(Qt.Key.Key_Down).hear()
    ear.find("start")
    ear.story.after(1)
    ear.press(Qt.Key.Key_Return).hear()
    ear.story.after(45.5)
    ear.window.refresh()
    said = ""
    while (left_s := ear.story.model.question_left_s() or 0.0) > 1:
        assert ear.window.page_name == "question"
        said += ear.hear(1, whole=False)
        ear.window.refresh()
        assert (ear.story.model.question_left_s() or 0.0) < left_s, "it goes on counting"
    assert "Masih di sini" in said
    assert said.count("detik") == 1


def test_listening_is_being_here(ear: Ear) -> None:
    """A page that is read longer than the time-out does not go away while it is read."""
    ear.press(Qt.Key.Key_Down).hear()
    ear.find("start")
    ear.story.after(1)
    ear.press(Qt.Key.Key_Return)
    touched_s = ear.story.model.visit.touched_s
    ear.hear(3, whole=False)
    assert ear.story.model.visit.touched_s > touched_s + 2


def test_the_next_visitor_hears_nothing(ear: Ear) -> None:
    """Speech ends with the visit (V4), and nothing of it can be said again (I12)."""
    ear.press(Qt.Key.Key_Down).hear()
    ear.story.after(120)
    ear.window.refresh()
    assert not ear.story.model.visit.speech
    before = len(ear.voice.namings)
    ear.press(Qt.Key.Key_Asterisk, "*")
    ear.hear(3, whole=False)
    assert len(ear.voice.namings) == before


def test_what_can_be_done_from_home_who_goes_ahead_and_the_nik_are_gone_through_by_ear(
    asking: Ear,
) -> None:
    """V12: home, priority and identity with arrows and OK; what is chosen says that it is."""
    asking.begin().find("service-A")
    said = asking.ok()
    assert "Ini bisa lewat ponsel" in said
    assert "Aplikasi Mobile JKN" in said
    asking.find("home-take")
    assert "Apakah Anda termasuk ini?" in asking.ok()
    assert "Lansia (60 tahun ke atas). Belum dipilih" in asking.find("priority-elderly")
    assert asking.ok() == "Sudah dipilih"
    asking.find("need-wheelchair")
    assert asking.ok() == "Sudah dipilih"
    assert asking.ok() == "Belum dipilih"
    asking.find("priority-on")
    assert "Ketik NIK Anda, bila mau" in asking.ok()
    assert asking.press(Qt.Key.Key_3, "3").hear() == "tiga"
    asking.find("identity-5")
    assert asking.ok() == "lima"
    asking.find("identity-skip")
    asking.ok()
    assert asking.story.model.page is Page.MOMENT
    assert asking.story.ask.last(IssueTicket).priority == "elderly"
    assert asking.story.ask.of(RecordIdentity) == []


def test_the_digits_of_a_person_are_said_once_as_they_are_typed(asking: Ear) -> None:
    """I12: the field says how many there are, never which; the page says none of them again."""
    asking.begin().find("service-A")
    asking.ok()
    asking.find("home-take")
    asking.ok()
    asking.find("priority-on")
    asking.ok()
    for digit in "35780":
        asking.press(Qt.Key(ord(digit)), digit).hear()
    assert asking.press(Qt.Key.Key_Backspace).hear() == "4 angka"
    asking.story.model.choose_language("en")  # the whole page once more
    said = asking.hear()
    assert "Your NIK, if you like" in said
    assert "4 digits" in said
    assert not any(part in said for part in ("3578", "578", "•", "*"))


def test_the_thanks_and_its_telephone_number_are_said(asking: Ear) -> None:
    asking.begin().find("service-A")
    asking.ok()
    asking.find("home-phone")
    said = asking.ok()
    assert asking.story.model.page is Page.THANKS
    assert "Terima kasih" in said
    before = len(asking.voice.namings)
    asking.hear(5, whole=False)
    assert len(asking.voice.namings) == before, "its countdown runs in silence"
    asking.find("thanks-finish")
    asking.ok()
    assert asking.story.model.page is Page.IDLE


def test_the_code_of_a_slip_is_typed_by_ear(qtbot: QtBot) -> None:
    ear = Ear(qtbot, Story().screened())
    ear.press(Qt.Key.Key_Down).hear()
    ear.find("start")
    assert "Ketik kode dari petugas" in ear.ok()
    ear.find("code-4")
    assert ear.ok() == "empat"
    ear.story.typed("80915")
    ear.hear()
    ear.find("code-ok")
    ear.ok()
    ear.story.refused("code-used")
    assert "Kode ini sudah dipakai" in ear.hear()
    ear.guide.close()


def test_a_number_without_paper_and_what_to_do_is_said(ear: Ear) -> None:
    ear.begin().find("service-A")
    ear.ok()
    ear.story.ask.accept(ear.story.ask.last(IssueTicket), ticket=ticket("A012"))
    ear.story.asked_to_print()
    ear.hear(2, whole=False)  # in the middle of the page
    ear.story.failed()
    said = ear.hear()
    assert "a, nol, satu, dua" in said
    assert "Nomor Anda tetap SAH" in said
    ear.find("wait-paper")
    ear.ok()
    ear.story.ask.reject(ear.story.ask.last(ReprintTicket), "too-late")
    assert "tidak dapat dicetak lagi" in ear.hear()


def test_the_paper_coming_out_does_not_cost_the_rest_of_the_page(ear: Ear) -> None:
    """What a page says by itself comes after what is being said; a key does not wait."""
    ear.begin().find("service-A")
    ear.ok()
    ear.story.ask.accept(ear.story.ask.last(IssueTicket), ticket=ticket("A012"))
    ear.story.asked_to_print()
    ear.hear(3, whole=False)
    ear.story.printed()
    said = ear.hear()
    assert "6 orang di depan Anda" in said
    assert said.index("Siapkan: KTP asli") < said.rindex("Silakan ambil kertas Anda")


def test_an_officer_is_called_by_ear_and_who_comes_is_said(ear: Ear) -> None:
    ear.begin()
    ear.find("call-officer")
    ear.ok()
    ear.story.ask.accept(ear.story.ask.last(CallOfficer), call="call-1")
    assert "Petugas dipanggil" in ear.hear()
    call = HelpCall(call="call-1", device="kiosk-1", reason="help", since=MORNING, answered_by="x")
    ear.story.model.on_notice(replace(snapshot(9), help=[call]))
    assert "Petugas sedang datang" in ear.hear()
    ear.find("officer-close")
    assert "Perlu layanan apa" in ear.ok()


def test_without_a_server_that_is_said_and_when_it_is_back(ear: Ear) -> None:
    ear.press(Qt.Key.Key_Down).hear()
    ear.story.lost().after(4)
    said = ear.hear()
    assert "Nomor belum bisa diambil di sini" in said
    assert said.endswith("Mohon tunggu.")
    ear.story.online()
    assert "Selamat datang" in ear.hear()


def test_nothing_of_the_staffs_pad_is_said(ear: Ear) -> None:
    """F51: a PIN that is heard is none."""
    ear.press(Qt.Key.Key_Down).hear()
    leaving = ear.window._leaving
    leaving.hold()
    for _ in range(60):
        ear.story.now_s += STEP_S
        ear.window._tick()
    assert ear.window.page_name == "leaving"
    before = len(ear.voice.namings)
    for digit in PIN[:3]:
        ear.press(Qt.Key(ord(digit)), digit).hear(1, whole=False)
    for _ in range(4):
        ear.press(Qt.Key.Key_Down).hear(1, whole=False)
    assert len(ear.voice.namings) == before


def test_the_next_visitor_who_wants_speech_at_once_hears_only_the_first_page(ear: Ear) -> None:
    """I12: not even where nobody looked between the two."""
    ear.begin().find("service-A")
    ear.ok()
    ear.story.ask.accept(ear.story.ask.last(IssueTicket), ticket=ticket("A012"))
    ear.hear(1, whole=False)
    ear.story.after(1)
    ear.story.model.finish()
    ear.story.model.toggle_speech()
    said = ear.hear()
    assert "Selamat datang" in said
    assert "nol, satu, dua" not in said
    ear.press(Qt.Key.Key_Asterisk, "*")
    assert "nol, satu, dua" not in ear.hear()


def test_the_bar_is_reached_by_arrows_and_not_read_out_on_each_page(ear: Ear) -> None:
    said = ear.press(Qt.Key.Key_Down).hear()
    assert "Kontras" not in said
    assert "English" not in said
    ear.find("language-en")
    assert "Welcome" in ear.ok()
    ear.find("high-contrast")
    assert ear.ok() == "Chosen"
    assert ear.story.model.visit.high_contrast


def test_a_touch_on_speech_begins_it_and_another_one_ends_it(ear: Ear) -> None:
    toggle = ear.window.findChild(QAbstractButton, "speech")
    assert toggle is not None
    handle = ear.window.windowHandle()
    at = toggle.mapTo(ear.window, QPoint(toggle.width() // 2, toggle.height() // 2))
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(handle, left, none, at)
    assert "Selamat datang" in ear.hear()
    ear.story.after(1)
    QTest.mouseClick(handle, left, none, at)
    ear.hear(1, whole=False)
    assert not ear.guide.reading


@pytest.mark.parametrize("speaks", [True, False])
def test_a_branch_may_want_no_speech(speaks: bool, qtbot: QtBot) -> None:
    """``kiosk.speech``: without it no arrow begins the guide, and a guide that speaks stops."""
    story = Story().asking(KioskRules(speech=speaks))
    ear = Ear(qtbot, story)
    ear.press(Qt.Key.Key_Down)
    assert bool(ear.hear()) is speaks
    toggle = ear.window.findChild(QAbstractButton, "speech")
    assert toggle is not None
    assert toggle.isVisible() is speaks
    ear.story.asking(KioskRules(speech=False))
    ear.hear(1, whole=False)
    before = len(ear.voice.namings)
    ear.story.start()
    ear.hear(2, whole=False)
    assert len(ear.voice.namings) == before
    ear.guide.close()


@pytest.mark.parametrize("turn", range(4))
def test_every_page_in_every_state_is_said_without_its_bar(turn: int, qtbot: QtBot) -> None:
    """Each state in one of the four languages; what no voice can say is left out (F50)."""
    for place, name in enumerate(list(STATES)[turn::4]):
        story = story_of(name, STATES[name], LANGUAGES[place % 4])
        story.model.visit.speech = True
        window = window_of(story, 540, 960)
        window._timer.stop()
        clock = Clock()
        voice, guide = guided(window, story, clock)
        guide.follow()
        for _ in range(40):
            clock.elapsed_s += 30
            guide.follow()
        said = [naming.text for naming in voice.namings]
        if name == "leaving":
            assert said == []
        else:
            assert len(said) >= 2, name
            last = [window.texts(f"kiosk.speech.{key}") for key in ("wait", "hint")]
            assert said[-1] in [speakable(text, "id") for text in last], name
            contrast = window.texts("kiosk.look.high-contrast")
            assert contrast not in " ".join(said), f"{name} reads the bar"
        guide.close()
        window.close()
        window.deleteLater()
        forget_windows()


def test_a_machine_that_cannot_read_aloud_has_no_button_for_it(qtbot: QtBot) -> None:
    """`speech = false` in the kiosk's own settings: no control that does nothing."""
    story = Story(choices=KioskChoices(speech=False)).asking(KioskRules(speech=True))
    assert not story.model.may_speak
    window = window_of(story, 1080, 1920)
    qtbot.addWidget(window)
    found = [each for each in window.findChildren(QAbstractButton, "speech") if each.isVisible()]
    assert found == []
