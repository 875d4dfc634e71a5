"""What the whole tree of tests shares: real databases, free ports, and the long way round."""

import itertools
import os
import socket
import sys
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.postgres_cluster import PostgresCluster, PostgresMissingError

# Windows are drawn without a screen, also when pytest is started by hand. Set before any test
# or child process makes its QApplication, which aborts where there is no screen.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

_database_numbers = itertools.count(1)

# On a busy machine the first examples of a process take long to make; that says nothing of us.
settings.register_profile("antrean", suppress_health_check=[HealthCheck.too_slow], deadline=None)
# Where only red or green counts (changes that must turn a test red), a failure is not made small.
settings.register_profile(
    "unshrunk", settings.get_profile("antrean"), phases=[Phase.explicit, Phase.generate]
)
settings.register_profile("few", settings.get_profile("unshrunk"), max_examples=25)
settings.load_profile(os.environ.get("ANTREAN_EXAMPLES", "antrean"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long",
        action="store_true",
        help="run the full counts (cycles, operations, clients) instead of a quick share of them",
    )


@pytest.fixture(scope="session")
def long_run(request: pytest.FixtureRequest) -> bool:
    """Whether the full counts are asked for (script/test --long)."""
    return bool(request.config.getoption("--long"))


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Find a TCP port of the loopback that nobody listens on; a new one at each call."""
    return find_free_port


def find_free_port() -> int:
    """Ask the system for a port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(autouse=True, scope="module")
def no_window_outlives_its_file() -> Iterator[None]:
    """Windows that a file of tests leaves behind go with it.

    Their timers would tick in every later test of this process, hundreds of them, and starve
    whoever waits for an answer there.
    """
    yield
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    if QApplication.instance() is None:
        return
    for window in QApplication.topLevelWidgets():
        window.hide()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[PostgresCluster]:
    """A private PostgreSQL server, started for the first test that wants it (under 1 s)."""
    try:
        cluster = PostgresCluster()
    except PostgresMissingError as missing:
        pytest.fail(str(missing), pytrace=False)
    with cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_url(postgres_cluster: PostgresCluster) -> str:
    """The address of the private server's maintenance database; make nothing in it."""
    return postgres_cluster.url()


@pytest.fixture
def postgres_database(postgres_cluster: PostgresCluster) -> Iterator[str]:
    """The address of an empty database on the private server, dropped after the test."""
    with postgres_cluster.database(f"test_{next(_database_numbers)}") as url:
        yield url
