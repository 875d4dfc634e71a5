"""What the tests of the widgets share."""

import pytest
from pytestqt.qtbot import QtBot

from assets.texts import Texts
from ui.theme import Theme, load_fonts
from ui.tokens import CONSOLE, KIOSK, LIGHT


@pytest.fixture
def texts() -> Texts:
    return Texts.load("id", strict=True)


@pytest.fixture
def kiosk(qtbot: QtBot) -> Theme:
    load_fonts()
    return Theme(LIGHT, KIOSK)


@pytest.fixture
def console(qtbot: QtBot) -> Theme:
    load_fonts()
    return Theme(LIGHT, CONSOLE)
