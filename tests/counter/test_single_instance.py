"""A second start shows the first window instead of pushing it off the server."""

import subprocess
import sys
import uuid

import pytest
from pytestqt.qtbot import QtBot

from counter.single_instance import SingleInstance

_SECOND = """
import sys
from PySide6.QtCore import QCoreApplication
from counter.single_instance import SingleInstance
app = QCoreApplication([])
print(SingleInstance(sys.argv[1]).is_first)
"""


@pytest.fixture
def name() -> str:
    return f"antrean-test-{uuid.uuid4().hex[:12]}"


def test_a_second_start_wakes_the_first(qtbot: QtBot, name: str) -> None:
    first = SingleInstance(name)
    assert first.is_first
    woken: list[bool] = []
    first.on_second_start = lambda: woken.append(True)
    second = subprocess.Popen(
        [sys.executable, "-c", _SECOND, name], stdout=subprocess.PIPE, text=True
    )
    qtbot.waitUntil(lambda: second.poll() is not None, timeout=10_000)
    assert woken
    assert second.communicate(timeout=10)[0].strip() == "False"


@pytest.mark.usefixtures("qapp")
def test_another_seat_of_the_same_user_is_let_in(name: str) -> None:
    assert SingleInstance(name).is_first
    assert SingleInstance(f"{name}-other").is_first


@pytest.mark.usefixtures("qapp")
def test_what_a_killed_program_left_behind_keeps_nobody_out(name: str) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", f"{_SECOND}\nimport os; os.kill(os.getpid(), 9)", name],
        stdout=subprocess.PIPE,
        timeout=20,
    )
    assert killed.returncode == -9
    assert SingleInstance(name).is_first
