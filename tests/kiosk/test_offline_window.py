"""What a visitor sees of a kiosk on its own: one quiet line, nothing that nobody can know (K6)."""

import pytest
from pytestqt.qtbot import QtBot

from tests.kiosk.kiosk_pictures import STATES, story_of, window_of
from tests.kiosk.test_choosing_window import text

BAND = {"id": "Mode mandiri. Nomor Anda tetap sah.", "en": "On its own for now."}
ALONE = [name for name in STATES if name.endswith("-alone")]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", ALONE)
def test_one_quiet_line_says_it_and_no_banner(qtbot: QtBot, name: str, language: str) -> None:
    window = window_of(story_of(name, STATES[name], language), 1080, 1920)
    qtbot.addWidget(window)
    assert text(window, "offline").startswith(BAND[language])
    assert text(window, "link-banner") == ""


def test_a_kiosk_that_is_not_on_its_own_says_nothing_of_it(qtbot: QtBot) -> None:
    for name in ("idle", "services", "issued-out", "idle-lost", "away-lost"):
        window = window_of(story_of(name, STATES[name]), 1080, 1920)
        qtbot.addWidget(window)
        assert text(window, "offline") == "", name


def test_nobody_is_told_how_many_are_before_an_own_number(qtbot: QtBot) -> None:
    window = window_of(story_of("issued-alone", STATES["issued-alone"]), 1080, 1920)
    qtbot.addWidget(window)
    assert text(window, "number") == "AK012"
    assert text(window, "people-ahead") == ""
    assert text(window, "estimate") == ""
    assert text(window, "follow") == ""


def test_nobody_is_told_that_the_staff_know_what_they_cannot_know(qtbot: QtBot) -> None:
    window = window_of(story_of("paperless-alone", STATES["paperless-alone"]), 1080, 1920)
    qtbot.addWidget(window)
    assert text(window, "told") == "Bila perlu, tunjukkan ke petugas."


def test_without_numbers_of_its_own_the_page_says_whom_to_call(qtbot: QtBot) -> None:
    window = window_of(story_of("away-lost", STATES["away-lost"]), 1080, 1920)
    qtbot.addWidget(window)
    assert "panggil petugas" in text(window, "away-line")
