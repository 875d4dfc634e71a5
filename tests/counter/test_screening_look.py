"""The desk at the door in every state, language and size: nothing cut, everything within reach."""

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QListWidget, QPlainTextEdit, QWidget

import ui.fitting
from tests.counter.door_gallery import STATES, DoorStage, scenes
from tests.counter.test_seat_window import outside

pytestmark = pytest.mark.usefixtures("qapp")

LOOKS = [
    ("id", "tablet", 1.0),
    ("en", "tablet", 1.0),
    ("id", "small-tablet", 1.0),
    ("en", "small-tablet", 1.0),
    ("id", "small-tablet", 2.0),
    ("id", "pc", 1.0),
    ("en", "pc", 1.0),
    ("en", "pc", 2.0),
]


@pytest.mark.parametrize(("language", "size", "scale"), LOOKS)
def test_nothing_is_clipped_in_any_state(
    monkeypatch: pytest.MonkeyPatch, language: str, size: str, scale: float
) -> None:
    """U12: every text at least at its smallest size, every part inside its window."""
    cramped: list[tuple[str, int]] = []
    fitted = ui.fitting.FittedText

    def watch(*facts: object) -> object:
        names = ("text", "px", "weight", "tabular", "width", "height", "flags", "fits")
        made = fitted(**dict(zip(names, facts, strict=True)))  # type: ignore[arg-type]
        cramped.append((made.text, made.px if made.fits else 0))
        return made

    faults: list[str] = []
    monkeypatch.setattr(ui.fitting, "FittedText", watch)
    for name, stage in scenes(language=language, size=size, scale=scale):
        cramped.clear()
        stage.window.grab()
        faults += [
            f"{name}: {text!r} is too small"
            for text, px in cramped
            if text and px < stage.smallest - 1
        ]
        faults += [f"{name}: {part}" for part in outside(stage.window)]
        if stage.window.size() != stage.size:
            faults.append(f"{name}: has grown to {stage.window.size()}")
    assert faults == []


@pytest.mark.parametrize("size", ["tablet", "small-tablet"])
def test_everything_that_is_touched_is_large_enough_for_a_finger(size: str) -> None:
    """48 px on the smaller tablet, 60 on the larger one (ux.md 1.5)."""
    small = []
    for name, stage in scenes(size=size):
        assert stage.target >= 48
        if not stage.window.door.occupied:
            continue
        for part in stage.window.findChildren(QWidget):
            touched = isinstance(part, QAbstractButton | QLineEdit | QPlainTextEdit)
            if touched and part.isVisible() and not part.objectName().startswith("qt_"):
                box = part.size()
                if min(box.width(), box.height()) < stage.target - 4:  # the focus ring's margin
                    small.append(f"{name}: {part.objectName()} {box.width()}x{box.height()}")
    assert small == []


def test_every_control_has_a_name_for_who_cannot_see_it() -> None:
    """U6: QAccessible walk over every state."""
    unnamed: list[str] = []
    kinds = QAbstractButton | QLineEdit | QListWidget | QPlainTextEdit
    for name, stage in scenes():
        for part in stage.window.findChildren(QWidget):
            if not part.isVisible() or not isinstance(part, kinds):
                continue
            interface = QAccessible.queryAccessibleInterface(part)
            assert interface is not None
            if not interface.text(QAccessible.Text.Name) or not part.objectName():
                unnamed.append(f"{name}: {type(part).__name__} {part.objectName()!r}")
    assert unnamed == []


def test_every_page_of_the_desk_is_among_the_states() -> None:
    pages = {stage.window.page_name for _, stage in scenes()}
    stage = DoorStage()
    panels = {f"screening-{name}" for name in stage.window.screening.panels}
    stage.close()
    assert pages == {"sign-in", "screening", "screening-result", *panels}
    assert len(STATES) > 40
