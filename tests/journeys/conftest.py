"""What the journeys share: one founded branch that each of them gets a fresh copy of."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.running_branch import RunningBranch
from ui.theme import load_fonts


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> RunningBranch:
    """A branch with its devices and people, founded once by the server's own commands."""
    branch = RunningBranch(tmp_path_factory.mktemp("founded") / "data")
    branch.add_devices("kiosk", "kiosk-1", "kiosk-2")
    branch.add_devices("counter", *(f"counter-{number}" for number in range(1, 7)))
    branch.add_devices("display", "display-1", "display-2")
    branch.add_devices("rating", "rating-1").add_devices("manager", "manager-1")
    branch.add_devices("screening", "screening-1")
    return branch.add_staff("sari", "budi").add_staff("wati", role="manager")


@pytest.fixture
def branch(founded: RunningBranch, tmp_path: Path) -> RunningBranch:
    """The founded branch in a folder of its own; not started yet."""
    copy = RunningBranch(tmp_path / "data")
    shutil.copytree(founded.data, copy.data)
    copy.tokens, copy.roles = dict(founded.tokens), dict(founded.roles)
    return copy


@pytest.fixture
def our_fonts(qapp: QApplication) -> None:
    """Letters in this process as the screens draw them, to compare pixels with."""
    load_fonts()
