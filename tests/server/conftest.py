"""A running branch for the tests of the server's door."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.running_branch import RunningBranch


@pytest.fixture(scope="module")
def branch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningBranch]:
    """One real server for a module, with every kind of device and person."""
    data: Path = tmp_path_factory.mktemp("branch") / "data"
    running = RunningBranch(data)
    running.add_devices("kiosk", "kiosk-1", "kiosk-2")
    running.add_devices("counter", "counter-1", "counter-2", "counter-3")
    running.add_devices("display", "tv-1", "tv-2")
    running.add_devices("screening", "door-1")
    running.add_devices("rating", "pad-1")
    running.add_devices("manager", "office-1")
    running.add_staff("rina", "adi", "sari")
    running.add_staff("budi", role="officer")
    running.add_staff("dewi", role="manager")
    running.configure(limits__ticket_burst=1000)
    with running:
        yield running
