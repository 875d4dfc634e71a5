"""U4, U5, U6: every page, in every state, language, theme and scale, on every screen.

The usual run takes few cases in which every two of these meet; ``--long`` takes them all.
A new page comes in with one line in ``kiosk_pictures.STATES``.
"""

from collections.abc import Sequence
from functools import cache
from itertools import groupby, product
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from tests.kiosk.covering import Case, all_cases, covering_cases, pairs_of
from tests.kiosk.kiosk_pictures import STATES
from tests.kiosk.rendering import (
    LANGUAGES,
    SCALES,
    SCREENS,
    Look,
    PaintedTexts,
    Stage,
    forget_windows,
)

BOTH = (False, True)
AXES: dict[str, Sequence[object]] = {
    "state": tuple(STATES),
    "language": LANGUAGES,
    "scale": SCALES,
    "high_contrast": BOTH,
    # Together, because it is together that they leave little room: screen, letters, reach.
    "screen, large_text, low_menu": tuple(product(SCREENS, BOTH, BOTH)),
}


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> PaintedTexts:
    return PaintedTexts(monkeypatch)


@cache
def cases_of(every: bool) -> dict[str, list[Case]]:
    """The cases of each state."""
    cases = all_cases(AXES) if every else covering_cases(AXES)
    return {state: list(group) for state, group in groupby(sorted(cases, key=_state), key=_state)}


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("state", STATES)
def test_nothing_is_clipped_unnamed_unreachable_small_or_pale_on_any_screen(
    state: str, painted: PaintedTexts, long_run: bool, qtbot: QtBot
) -> None:
    stage = Stage(state, painted)
    faults = [fault for case in cases_of(long_run)[state] for fault in stage.faults(_look(case))]
    stage.close()
    forget_windows()
    told = "\n".join(faults)
    assert not faults, f"{len(faults)} faults:\n{told}"


def test_the_usual_run_lets_every_two_values_meet() -> None:
    few, full = covering_cases(AXES), pairs_of(AXES, list(all_cases(AXES)))
    assert pairs_of(AXES, few) == full
    assert len(few) < len(STATES) * 18, "few enough to be run each time"


def _state(case: Case) -> str:
    return str(case["state"])


def _look(case: Case) -> Look:
    together = case["screen, large_text, low_menu"]
    screen, large_text, low_menu = cast(tuple[str, bool, bool], together)
    return Look(
        language=str(case["language"]),
        high_contrast=bool(case["high_contrast"]),
        large_text=large_text,
        low_menu=low_menu,
        scale=float(str(case["scale"])),
        screen=screen,
    )
