"""What the whole tree of tests shares: real databases, free ports, and the long way round."""

import socket
from collections.abc import Callable

import pytest


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
