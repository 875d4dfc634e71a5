"""Icons and QR codes: drawn, tinted, and readable."""

import numpy as np
import pytest
import zxingcpp
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from assets import asset_path
from assets.texts import Texts
from tests.ui.painted import pixels
from ui.icons import DEFAULT_SERVICE_ICON, icon, icon_image, service_icon
from ui.qr import QrPicture, warm_up

ICONS = sorted(path.stem for path in asset_path("icons").glob("*.svg"))
LINK = "http://192.168.1.10:8080/t/Zm9vYmFyYmF6cXV4MTIzNA"


@pytest.mark.parametrize("name", ICONS)
def test_an_icon_is_drawn_in_the_colour_that_is_wanted(qtbot: QtBot, name: str) -> None:
    image = icon_image(name, 96, "#00613B").convertToFormat(QImage.Format.Format_RGBA8888)
    rgba = np.frombuffer(image.constBits(), np.uint8).reshape(96, 96, 4)
    drawn = rgba[..., 3] > 200
    assert 0.02 < drawn.mean() < 0.8
    assert np.abs(rgba[drawn][:, :3].astype(int) - (0x00, 0x61, 0x3B)).max() <= 3
    edges = np.concatenate([rgba[0], rgba[-1], rgba[:, 0], rgba[:, -1]])
    assert (edges[:, 3] == 0).all(), "the drawing is cut off at the edge"


def test_every_service_has_an_icon_and_a_new_one_gets_a_ticket(qtbot: QtBot) -> None:
    named = {service_icon(code) for code in "ABCDEFP"}
    assert len(named) == 7
    assert named <= set(ICONS)
    assert service_icon("Z") == DEFAULT_SERVICE_ICON
    assert DEFAULT_SERVICE_ICON in ICONS
    assert not icon("bell", "#000000").isNull()


@pytest.mark.parametrize("side", [150, 200, 333, 420, 900])
def test_a_code_on_the_screen_is_read_back(qtbot: QtBot, texts: Texts, side: int) -> None:
    warm_up()
    picture = QrPicture(texts, side=side)
    qtbot.addWidget(picture)
    picture.resize(side, side)
    picture.set_content(LINK)
    picture.show()
    (read,) = zxingcpp.read_barcodes(pixels(picture))
    assert read.text == LINK
    assert picture.content == LINK
    picture.set_content("")
    assert zxingcpp.read_barcodes(pixels(picture)) == []
