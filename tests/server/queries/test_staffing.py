"""AdviseStaffing over the wire; who may ask is in ``test_queries``, the rules have their own."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from protocol import messages as m
from tests.server.lane_story import DESK, DEWI, OFFICE, WEB
from tests.server.test_queries import Inquiring


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Inquiring]:
    story = Inquiring(tmp_path)
    story.sit_down(1)
    story.sign_in(OFFICE, DEWI)
    yield story
    story.close()


async def test_a_manager_is_told_now_and_then_and_which_counter_could_be_opened(
    hall: Inquiring,
) -> None:
    for _ in range(12):
        hall.issue()
    for asker in (OFFICE, WEB):
        words = await hall.inquire(m.AdviseStaffing(id=uuid4()), asker)
        (hint,) = words["staffing"]
        assert (hint["service"], hint["waiting"]) == ("A", 12)
        assert 0 < hint["longest_then_s"] < 0.8 * hint["longest_now_s"]
        assert 0 < hint["average_then_s"] < hint["average_now_s"] < hint["longest_now_s"]
        assert hint["counter"] in hall.lane.day.desks
        assert hint["counter"] != 1


async def test_nothing_is_advised_while_nobody_waits(hall: Inquiring) -> None:
    words = await hall.inquire(m.AdviseStaffing(id=uuid4()), OFFICE)
    assert (words["staffing"], words["revision"]) == ([], hall.lane.day.revision)


async def test_a_line_that_no_open_counter_serves_has_no_now(hall: Inquiring) -> None:
    hall.ask(m.CloseCounter(id=uuid4()), DESK)
    hall.issue()
    (hint,) = (await hall.inquire(m.AdviseStaffing(id=uuid4()), OFFICE))["staffing"]
    assert (hint["longest_now_s"], hint["average_now_s"], hint["longest_then_s"]) == (None, None, 0)
    assert hint["counter"] == 1, "Rina is there"
