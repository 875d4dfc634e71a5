"""A device tells how it is: on change, after each Welcome, and not too often."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from protocol.messages import Accepted, AnyCommand, Rejected, ReportHealth
from protocol.session import LinkState, LinkStatus
from ui.health_report import PAUSE_S, HealthReport


class Device:
    """A device with a state, a clock in the hand, and a server that answers when it is told to."""

    def __init__(self, **health: Any) -> None:
        self.health: Mapping[str, Any] = health
        self.now_s = 100.0
        self.said: list[ReportHealth] = []
        self.answers: list[Callable[[Any], None]] = []
        self.report = HealthReport(
            self._ask, lambda: self.health, new_id=uuid4, now_s=lambda: self.now_s
        )

    def _ask(self, command: AnyCommand, on_answer: Callable[[Any], None]) -> None:
        assert isinstance(command, ReportHealth)
        self.said.append(command)
        self.answers.append(on_answer)

    def answer(self, reason: str | None = None) -> None:
        asked = self.said[-1].id
        words = Accepted(id=asked, revision=1)
        no = Rejected(id=str(asked), reason=reason or "", message="")
        self.answers.pop()(words if reason is None else no)

    def later(self, seconds: float = PAUSE_S) -> None:
        self.now_s += seconds
        self.report.tick()

    @property
    def papers(self) -> list[str | None]:
        return [one.paper for one in self.said]


def test_nothing_is_said_before_the_welcome_nor_into_a_link_that_is_away() -> None:
    device = Device(paper="ok")
    device.later()
    assert device.said == []
    device.report.on_welcome()
    device.answer()
    device.report.on_link(LinkStatus(LinkState.LOST, device.now_s))
    device.health = {"paper": "out"}
    device.later()
    assert device.papers == ["ok"]


def test_it_is_said_after_each_welcome_and_when_it_has_changed() -> None:
    device = Device(paper="ok")
    device.report.on_welcome()
    device.answer()
    device.later()
    assert device.papers == ["ok"]
    device.health = {"paper": "out"}
    device.later()
    device.answer()
    device.now_s += PAUSE_S
    device.report.on_welcome()
    assert device.papers == ["ok", "out", "out"]


def test_a_cover_that_is_played_with_floods_nobody() -> None:
    """F45: one report in so many seconds, and the last one says how it is in the end."""
    device = Device(paper="ok")
    device.report.on_welcome()
    device.answer()
    for moment in range(100):
        device.health = {"paper": "cover" if moment % 2 == 0 else "ok"}
        device.later(PAUSE_S / 100)
    assert len(device.said) <= 2
    if device.answers:
        device.answer()
    device.later()
    assert device.papers[-1] == "ok"


def test_one_report_at_a_time_so_that_the_last_one_heard_is_the_last_one_said() -> None:
    """F22: a report that is sent again after a break must not come after a newer one."""
    device = Device(paper="ok")
    device.report.on_welcome()
    device.health = {"paper": "out"}
    device.later(60)
    assert device.papers == ["ok"]
    device.answer()
    device.later(0)
    assert device.papers == ["ok", "out"]


def test_a_server_that_cannot_now_is_told_again_and_one_that_does_not_know_is_not() -> None:
    device = Device(paper="ok")
    device.report.on_welcome()
    device.answer("try-again")
    device.later()
    assert device.papers == ["ok", "ok"]
    device.answer("unknown-type")
    device.later()
    assert device.papers == ["ok", "ok"]


def test_a_device_with_nothing_to_say_says_nothing() -> None:
    device = Device()
    device.report.on_welcome()
    device.later()
    assert device.said == []
