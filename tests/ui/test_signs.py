"""Signs say their state by colour, icon and word, so that black and white is enough."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from assets.texts import PSEUDO_LANGUAGE, Texts
from protocol.session import LinkState, LinkStatus
from tests.ui.painted import has_colour, pixels
from ui.signs import (
    LinkBanner,
    Pace,
    ProgressLine,
    StateChip,
    TimerLabel,
    chip_look,
    link_words,
    pace_of,
)
from ui.theme import Theme
from ui.tokens import KIOSK, LIGHT, NIGHT, TV_DARK, Colours, contrast_ratio

STATES = (
    "waiting",
    "called",
    "serving",
    "parked",
    "finished",
    "no-show",
    "cancelled",
    "expired",
    "late",
    "offline",
    "priority",
)
BEGAN = datetime(2024, 11, 21, 1, 12, tzinfo=UTC)
TARGET = timedelta(minutes=8)


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.at = BEGAN

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **duration: float) -> None:
        self.at += timedelta(**duration)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("colours", [LIGHT, TV_DARK, NIGHT], ids=["light", "tv", "night"])
def test_a_state_is_read_and_seen(state: str, colours: Colours, texts: Texts) -> None:
    look = chip_look(state, colours)
    assert contrast_ratio(look.ink, look.fill) >= 7
    assert (
        contrast_ratio(look.edge, colours.panel) >= 3
        or contrast_ratio(look.fill, colours.panel) >= 3
    )
    assert texts.has(f"ui.state.{state}")


def test_states_that_matter_differ_without_colour(qtbot: QtBot, kiosk: Theme, texts: Texts) -> None:
    icons = [chip_look(state, LIGHT).icon for state in ("waiting", "called", "serving", "parked")]
    assert len(set(icons)) == len(icons)
    assert chip_look("somewhere-else", LIGHT).icon == "dash"


@pytest.mark.parametrize("state", STATES)
def test_the_word_of_a_state_fits_its_chip(qtbot: QtBot, kiosk: Theme, state: str) -> None:
    chip = StateChip(state, kiosk, Texts.load(PSEUDO_LANGUAGE, strict=True))
    qtbot.addWidget(chip)
    chip.resize(chip.sizeHint())
    chip.show()
    # Inside the rounded end, where nothing but the fill may be.
    end = kiosk.sizes.smallest // 3
    middle = pixels(chip)[chip.height() // 3 : -chip.height() // 3, -end : -end + 3]
    assert (np.ptp(middle.astype(int), axis=(0, 1)) < 8).all(), "a letter touches the end"


@pytest.mark.parametrize(
    ("minutes", "pace"),
    [(0, Pace.CALM), (6.39, Pace.CALM), (6.4, Pace.NEAR), (7.99, Pace.NEAR), (8, Pace.OVER)],
)
def test_a_timer_warns_at_four_fifths_and_at_its_target(minutes: float, pace: Pace) -> None:
    assert pace_of(timedelta(minutes=minutes), TARGET) is pace
    assert pace_of(timedelta(minutes=minutes), None) is Pace.CALM
    assert pace_of(timedelta(minutes=minutes), timedelta(0)) is Pace.CALM


def test_a_timer_runs_by_the_servers_clock(qtbot: QtBot, console: Theme, texts: Texts) -> None:
    clock = Clock()
    timer = TimerLabel(console, texts, clock)
    qtbot.addWidget(timer)
    timer.resize(300, 40)
    timer.show()
    timer.run(BEGAN, TARGET)
    assert timer.text() == "00:00"
    clock.pass_by(minutes=6, seconds=41)
    qtbot.waitUntil(lambda: timer.text() == "06:41", timeout=2000)
    assert timer.pace is Pace.NEAR
    assert "target 08:00" in timer.accessibleName()
    clock.pass_by(minutes=-30)
    timer.refresh()
    assert timer.text() == "00:00", "a clock set back must not show a negative time"
    timer.stop()
    assert timer.text() == ""


def test_a_timer_shows_its_pace_in_colour_and_in_shape(
    qtbot: QtBot, console: Theme, texts: Texts
) -> None:
    clock = Clock()
    timer = TimerLabel(console, texts, clock)
    qtbot.addWidget(timer)
    timer.resize(300, 40)
    timer.show()
    timer.run(BEGAN, TARGET)
    clock.pass_by(minutes=7)
    timer.refresh()
    assert has_colour(timer, LIGHT.called, least=500)
    near = pixels(timer).mean(axis=2)
    clock.pass_by(minutes=2)
    timer.refresh()
    assert has_colour(timer, LIGHT.error)
    assert not has_colour(timer, LIGHT.called)
    assert "lewat target" in timer.accessibleName()
    over = pixels(timer).mean(axis=2)
    assert (np.abs(near - over) > 60).mean() > 0.02, "in black and white they must differ too"


LOST = LinkStatus(LinkState.LOST, 0.0, "closed")


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (LinkStatus(LinkState.ONLINE, 0), ""),
        (LinkStatus(LinkState.CONNECTING, 0), "Menyambung ke server…"),
        (LOST, "Sambungan terputus, mencoba lagi…"),
        (LinkStatus(LinkState.REFUSED, 0, "bad-token"), "Kunci perangkat ini tidak berlaku."),
        (LinkStatus(LinkState.REFUSED, 0, "new-reason"), "Server menolak perangkat ini."),
        (LinkStatus(LinkState.REFUSED, 0, "x", "Perangkat dicabut."), "Perangkat dicabut."),
    ],
)
def test_the_banner_says_what_is_wrong_with_the_link(
    texts: Texts, status: LinkStatus, said: str
) -> None:
    words = link_words(status, texts)
    assert words.startswith(said)
    assert bool(words) == bool(said)


def test_the_banner_stamps_old_data(texts: Texts) -> None:
    at = datetime(2024, 11, 21, 10, 42)  # noqa: DTZ001 branch time
    assert link_words(LOST, texts, at).endswith("Data pukul 10.42")


def test_the_banner_moves_nothing_when_it_comes_and_goes(
    qtbot: QtBot, kiosk: Theme, texts: Texts
) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    banner, below = LinkBanner(kiosk, texts), QWidget()
    column.addWidget(banner)
    column.addWidget(below, 1)
    page.resize(1000, 600)
    page.show()
    before = below.geometry()
    banner.show_link(LOST)
    column.activate()
    assert below.geometry() == before
    assert has_colour(banner, LIGHT.warning_soft, least=1000)
    banner.show_link(LinkStatus(LinkState.ONLINE, 0))
    assert not has_colour(banner, LIGHT.warning_soft)


@pytest.mark.parametrize("scale", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_the_longest_banner_fits_at_every_scale(qtbot: QtBot, scale: float) -> None:
    theme = Theme(LIGHT, KIOSK.scaled(scale))
    banner = LinkBanner(theme, Texts.load(PSEUDO_LANGUAGE, strict=True), lines=2)
    qtbot.addWidget(banner)
    banner.resize(round(984 * scale), banner.sizeHint().height())
    banner.show_link(LinkStatus(LinkState.REFUSED, 0, "bad-certificate"))
    banner.show()
    inset = theme.sizes.border + 4
    ends = pixels(banner)[inset : inset + 1, theme.sizes.radius : -theme.sizes.radius]
    assert (np.ptp(ends.astype(int), axis=1) < 8).all(), "a letter touches the upper edge"


def test_progress_fills_from_nothing_to_the_whole(qtbot: QtBot, kiosk: Theme, texts: Texts) -> None:
    line = ProgressLine(kiosk, texts)
    qtbot.addWidget(line)
    line.resize(400, 16)
    shares = []
    for share in (0.0, 0.5, 1.0, 2.0):
        line.set_share(share)
        done = (pixels(line)[8] == (0x00, 0x61, 0x3B)).all(axis=1)
        shares.append(done.mean())
    assert shares == [0, pytest.approx(0.5, abs=0.03), *[pytest.approx(1, abs=0.03)] * 2]
    assert line.accessibleName() == "100 persen"
