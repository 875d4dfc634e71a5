"""What the journeys share: one founded branch that each of them gets a fresh copy of."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from db.engine import sqlite_url
from protocol.roles import DeviceRole, StaffRole
from server.adapters.clock import wall_ms
from server.administration.devices import add_devices
from server.administration.staff import add_staff
from server.store import Store
from tests.running_branch import PIN, RunningBranch
from ui.theme import load_fonts

DEVICES = {
    DeviceRole.KIOSK: ["kiosk-1", "kiosk-2"],
    DeviceRole.COUNTER: [f"counter-{number}" for number in range(1, 7)],
    DeviceRole.DISPLAY: ["display-1", "display-2"],
    DeviceRole.RATING: ["rating-1"],
    DeviceRole.SCREENING: ["screening-1"],
    DeviceRole.MANAGER: ["manager-1"],
}
PEOPLE = dict.fromkeys(("sari", "budi", "rina"), StaffRole.FRONTLINER) | {"wati": StaffRole.MANAGER}


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> RunningBranch:
    """A branch with its devices and people, founded once."""
    branch = RunningBranch(tmp_path_factory.mktemp("founded") / "data")
    branch.data.mkdir()
    # What the sub-commands call, without fifteen starts of a program.
    with Store.open(sqlite_url(branch.data / "branch.db")) as store:
        for role, names in DEVICES.items():
            branch.tokens |= dict(add_devices(store, names, role, None, wall_ms()))
            branch.roles |= dict.fromkeys(names, role.value)
        for code, staff_role in PEOPLE.items():
            add_staff(store, code, code.title(), staff_role, PIN, wall_ms())
    return branch


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
