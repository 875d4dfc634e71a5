"""The window for a ticket's form, as a person uses it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.paper_picture import paper_pictures
from kiosk.template_examples import Example
from kiosk.template_window import TemplateWindow
from tests.kiosk.test_paper_template import drawing
from tests.kiosk.test_template_model import all_texts, model_of
from tests.paper import decode_all
from tests.tcp_printer import TcpPrinter
from ui.buttons import BigButton
from ui.theme import console_theme, load_fonts


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> TemplateWindow:
    load_fonts()
    made = TemplateWindow(model_of(tmp_path / "karcis.txt"), all_texts()["id"], console_theme())
    qtbot.addWidget(made)
    made.show()
    return made


def button(window: TemplateWindow, name: str) -> BigButton:
    found = window.findChild(BigButton, name)
    assert found is not None, name
    return found


def press(window: TemplateWindow, name: str) -> None:
    QTest.mouseClick(button(window, name), Qt.MouseButton.LeftButton)


def test_the_paper_follows_the_text(window: TemplateWindow) -> None:
    before = window.paper.grab().toImage()
    QTest.keyClicks(window.editor, "text: Halo")
    QTest.keyClick(window.editor, Qt.Key.Key_Return)
    assert "Halo" in window.paper.accessibleName()
    assert window.paper.grab().toImage() != before
    assert window.verdict.text() == "Bentuk ini dapat dipakai."


def test_a_mistake_is_told_under_the_text_and_cannot_be_saved(window: TemplateWindow) -> None:
    window.editor.setPlainText("number\nfoter")
    assert window.verdict.text().startswith("Baris 2: ")
    assert not button(window, "save").isEnabled()
    window.editor.setPlainText("number\nfooter")
    assert button(window, "save").isEnabled()


def test_paper_copy_language_and_kind_are_one_press_away(window: TemplateWindow) -> None:
    press(window, "width_58")
    assert window.model.width_mm == 58
    press(window, "example_reprint")
    assert "CETAK ULANG" in window.paper.accessibleName()
    press(window, "two_copies")
    assert "SALINAN" in window.paper.accessibleName()
    press(window, "language_en")
    assert "YOUR QUEUE NUMBER" in window.paper.accessibleName()
    press(window, "example_slip")
    assert "480915" in window.paper.accessibleName()


def test_the_picture_is_as_the_printer_sets_it(window: TemplateWindow) -> None:
    """Each paper as wide as its dots, the logo in it, one picture a paper."""
    model = window.model
    model.copies = 2
    model.choose_logo(drawing(576, 100))
    for width_mm, dots in ((58, 384), (80, 576)):
        for example in Example:
            model.look_at(width_mm=width_mm, example=example)
            papers = paper_pictures(model.layout(), dots)
            assert [paper.width() for paper in papers] == [dots] * len(papers)
            assert len(papers) == (1 if example is Example.SLIP else 2)


def test_ctrl_s_saves_and_what_is_unsaved_is_not_lost_at_the_first_close(
    window: TemplateWindow,
) -> None:
    window.editor.setPlainText("number")
    event = QCloseEvent()
    window.closeEvent(event)
    assert not event.isAccepted()
    assert "Belum disimpan" in window.message.text()
    QTest.keyClick(window, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert window.model.file.path.read_text() == "number"
    event = QCloseEvent()
    window.closeEvent(event)
    assert event.isAccepted()


def test_who_closes_twice_means_it(window: TemplateWindow) -> None:
    window.editor.setPlainText("number")
    for accepted in (False, True):
        event = QCloseEvent()
        window.closeEvent(event)
        assert event.isAccepted() is accepted
    assert not window.model.file.path.exists()


def test_every_control_has_a_name_and_none_is_clipped(window: TemplateWindow) -> None:
    window.resize(1100, 700)
    for made in window.findChildren(BigButton):
        assert made.accessibleName()
        assert made.width() >= made.minimumSizeHint().width()
    assert window.editor.accessibleName()


_PRINT_ONE = """
import sys
from PySide6.QtCore import QTimer
from kiosk import template_window
from kiosk.__main__ import main
show = template_window.TemplateWindow.show
def shown(self):
    show(self)
    def wait():
        if "tercetak." in self.model.message:
            self.close()
    self.model.print_example()
    timer = QTimer(self); timer.timeout.connect(wait); timer.start(20)
template_window.TemplateWindow.show = shown
sys.exit(main(sys.argv[1:]))
"""


def test_the_program_opens_it_without_a_server_and_prints_an_example(tmp_path: Path) -> None:
    """No device, no token, no server: the settings' printer alone."""
    with TcpPrinter() as printer:
        words = ["--edit-paper", str(tmp_path / "karcis.txt"), "--printer", printer.url]
        done = subprocess.run(
            [sys.executable, "-c", _PRINT_ONE, *words],
            cwd=Path(__file__).parents[2],
            env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert decode_all(printer.paper())[0].biggest.text == "A012"


@pytest.mark.parametrize(
    "words", [["--edit-paper", "/"], ["--edit-paper=f", "--printer", "network://"]]
)
def test_what_cannot_be_opened_is_told_in_one_line(words: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", *words],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.startswith("antrean-kiosk: ")
    assert "Traceback" not in done.stderr
