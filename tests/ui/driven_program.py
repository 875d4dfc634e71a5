"""A small screen program, started by the tests in a process of its own."""

import sys
from typing import TYPE_CHECKING

from protocol.roles import DeviceRole
from ui.program import KIOSK_MODE, ScreenProgram, run_screen

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.running import Run


def build(run: "Run") -> "QWidget":
    """A number, a field, a button that counts, a button that fails, a page that comes late."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QKeySequence, QShortcut
    from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

    from ui.buttons import BigButton
    from ui.labels import FittedLabel, NumberPlate
    from ui.theme import apply_theme, console_theme

    theme = console_theme()
    window = QWidget()
    window.setObjectName("window")
    window.setProperty("page_name", "counting")
    number = NumberPlate("A000", theme, name="number")
    field = QLineEdit()
    field.setObjectName("pin")
    field.setEchoMode(QLineEdit.EchoMode.Password)
    count = BigButton("Hitung", theme, name="count", guard_ms=0)
    late = FittedLabel("Terlambat", theme, name="late")
    late.hide()
    off = BigButton("Mati", theme, name="off")
    off.setEnabled(False)
    fail = BigButton("Gagal", theme, name="fail")
    under = BigButton("Tertutup", theme, name="under")
    column = QVBoxLayout(window)
    for widget in (number, field, count, late, off, fail, under):
        column.addWidget(widget)
    cover = QFrame(window)
    cover.setObjectName("cover")

    counted = 0

    def add() -> None:
        nonlocal counted
        counted += 1
        number.set_number(f"A{counted:03}")
        QTimer.singleShot(80, late.show)

    def fails() -> None:
        raise RuntimeError("3171234567890123 must not be in a note")

    def lay_cover() -> None:
        cover.setGeometry(under.geometry())
        cover.raise_()

    count.tapped.connect(add)
    fail.tapped.connect(fails)
    QShortcut(QKeySequence("F2"), window).activated.connect(add)
    QShortcut(QKeySequence("Ctrl+Alt+N"), window).activated.connect(add)
    QTimer.singleShot(0, lay_cover)
    apply_theme(window, theme)
    run.after_first_frame(lambda: run.link.start())
    return window


PROGRAM = ScreenProgram(
    name="antrean-trial",
    role=DeviceRole.KIOSK,
    about="A program for tests.",
    build=build,
    options=(KIOSK_MODE,),
    size=(500, 400),
)

if __name__ == "__main__":
    sys.exit(run_screen(PROGRAM))
