"""What the pages' tests share: a branch that is founded once, and a copy of it for each file."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from db.engine import sqlite_url
from protocol.roles import DeviceRole, StaffRole
from server.adapters.clock import wall_ms
from server.administration.devices import add_devices
from server.administration.staff import add_staff
from server.store import Store
from tests.running_branch import PIN, RunningBranch
from tests.web.running_pages import HttpManager, RunningPages, real_browser

DEVICES = {
    DeviceRole.KIOSK: ["kiosk-1"],
    DeviceRole.COUNTER: ["counter-1", "counter-2"],
    DeviceRole.DISPLAY: ["tv-1"],
    DeviceRole.SCREENING: ["screening-1"],
    DeviceRole.WEB: ["web-1"],
}
PEOPLE = {
    "manager-1": StaffRole.MANAGER,
    "manager-2": StaffRole.MANAGER,
    "manager-3": StaffRole.MANAGER,
    "admin-1": StaffRole.ADMIN,
    "staff-1": StaffRole.FRONTLINER,
    "staff-2": StaffRole.FRONTLINER,
}


@pytest.fixture(scope="session")
def founded_pages(tmp_path_factory: pytest.TempPathFactory) -> RunningBranch:
    """A branch with its devices and people; not started."""
    branch = RunningBranch(tmp_path_factory.mktemp("founded-pages") / "data")
    branch.data.mkdir()
    with Store.open(sqlite_url(branch.data / "branch.db")) as store:
        for role, names in DEVICES.items():
            branch.tokens |= dict(add_devices(store, names, role, None, wall_ms()))
            branch.roles |= dict.fromkeys(names, role.value)
        for code, staff_role in PEOPLE.items():
            add_staff(store, code, code.title(), staff_role, PIN, wall_ms())
    return branch


def copy_of(founded: RunningBranch, folder: Path) -> RunningBranch:
    """The founded branch in a folder of its own; not started yet."""
    copy = RunningBranch(folder / "data")
    shutil.copytree(founded.data, copy.data)
    copy.tokens, copy.roles = dict(founded.tokens), dict(founded.roles)
    return copy


@pytest.fixture(scope="module")
def branch(
    founded_pages: RunningBranch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningBranch]:
    """A running server for the tests of one file."""
    with copy_of(founded_pages, tmp_path_factory.mktemp("pages")) as running:
        yield running


@pytest.fixture(scope="module")
def pages(branch: RunningBranch) -> Iterator[RunningPages]:
    """Real pages beside it."""
    with RunningPages(branch) as running:
        yield running


@pytest.fixture(scope="module")
def manager(pages: RunningPages) -> Iterator[HttpManager]:
    """A manager who is signed in."""
    with HttpManager(pages, "manager-1") as signed_in:
        yield signed_in.sign_in()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One real browser for the tests of a file."""
    with real_browser() as running:
        yield running
