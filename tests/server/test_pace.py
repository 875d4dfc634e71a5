"""How fast a device may speak (F45), and that the pages' floods reach nobody but their own."""

from uuid import uuid4

import pytest

from protocol import messages as m
from server.commands.handler import Asker
from server.config import ServerSettings
from server.domain.errors import QueueRuleError
from server.pace import Pace
from tests.server.lane_story import DESK, WEB

SESSION = "s" * 22


def said_at_once(pace: Pace, command: m.AnyCommand, asker: Asker, most: int = 500) -> int:
    """How many of them pass before the device is told to wait."""
    for passed in range(most):
        try:
            pace.demand(command, asker, 0.0)
        except QueueRuleError:
            return passed
    return most


@pytest.fixture
def limits() -> ServerSettings:
    return ServerSettings()


def test_a_device_has_one_pace_for_all_its_words(limits: ServerSettings) -> None:
    """F45."""
    pace = Pace(limits)
    assert said_at_once(pace, m.CallNext(id=uuid4()), DESK) == limits.commands_burst
    assert said_at_once(pace, m.PreviewLine(id=uuid4()), DESK) == 0


def test_guessers_at_the_pages_silence_no_manager_and_keep_none_out(limits: ServerSettings) -> None:
    """F45, F55: visitors, signing in, and who is signed in each have their own pace."""
    pace = Pace(limits)
    words: list[m.AnyCommand] = [
        m.GetVisits(id=uuid4(), links=["l" * 22]),
        m.OpenSession(id=uuid4(), staff="dewi", pin="0"),
        m.PauseService(id=uuid4(), service="A", on_behalf_of=SESSION),
    ]
    for word in words:
        assert said_at_once(pace, word, WEB) == limits.commands_burst
        assert said_at_once(pace, word, WEB) == 0
    mine = m.SetDiscipline(id=uuid4(), discipline="ratio", on_behalf_of="t" * 22)
    assert said_at_once(pace, mine, WEB) == 0, "made-up sessions make no new pace"
    assert said_at_once(pace, m.FindBooking(id=uuid4(), link="l" * 22), WEB) == 0
