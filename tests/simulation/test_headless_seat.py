"""What a person at a counter reads off its screen when the demo plays without windows."""

from typing import Any

import pytest

from simulation.headless_day import Seat
from simulation.people import CALLS_LEAST


class Screen:
    """A counter program of which only the words are known."""

    def __init__(self, calls: str) -> None:
        self.texts = {"my-number": "A010", "my-state": "Dipanggil", "counter-state": "Buka"}
        self.texts["call-count"] = calls

    async def ask(self, do: str, **_more: Any) -> dict[str, Any]:
        widgets = [{"name": name, "text": text} for name, text in self.texts.items()]
        return {"done": do, "widgets": widgets}

    async def wait(self, **_what: Any) -> dict[str, Any]:
        return {}


@pytest.mark.parametrize(("told", "calls"), [("panggilan ke-3", 3), ("", CALLS_LEAST)])
async def test_a_count_of_calls_that_is_not_seen_is_taken_for_enough(told: str, calls: int) -> None:
    """A card with a call that nobody heard has no room for the count: the day must go on."""
    seat = Seat(Screen(told), 1, ("A",))  # type: ignore[arg-type]
    await seat.do("recall")
    assert seat.ticket_state == "called"
    assert seat.calls == calls
