"""What people were told with their number, against what happened: whole branch days by the rules.

The estimate is proved on plain models in ``test_waiting_time``; here the shipped day promises,
calls by its discipline and learns, from its first day on.
"""

import heapq
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from server.domain import calling, closing, serving
from server.domain.branch import Branch, Rules, Service
from server.domain.branch import Counter as CounterEntry
from server.domain.branch_day import BranchDay
from server.domain.events import TicketIssued
from server.domain.experience import PastDays
from server.domain.hall import Desk
from server.domain.issuing import NewTicket, decide_issue
from server.domain.seating import decide_close
from server.domain.service_times import group_factor
from server.domain.ticket import Ticket
from tests.server.branch_example import BRANCH, DATE, MORNING_MS, HandTurnedDay
from tests.server.domain.made_up_day import CATALOGUE_S, HOUR, OPENS, Office

BRANCHES, DAYS = 6, 4
DAY_BEGINS_MS = MORNING_MS - MORNING_MS % (24 * HOUR) - 7 * HOUR
"""Midnight in Jakarta."""


def branch_of(office: Office, discipline: str) -> Branch:
    return replace(
        BRANCH,
        services={
            code: Service(code, {"id": code}, letter=code, target_service_s=CATALOGUE_S)
            for code in "ABC"
        },
        counters={
            number: CounterEntry(number, tuple(sorted(codes)))
            for number, codes in enumerate(office.counters, 1)
        },
        rules=Rules(discipline=discipline, help_after_s=None),
    )


@dataclass
class Tally:
    """Promises and what came of them."""

    outcomes: Counter[str] = field(default_factory=Counter)
    widths: list[float] = field(default_factory=list)

    def share(self, outcome: str) -> float:
        return self.outcomes[outcome] / sum(self.outcomes.values())


class ServedDay:
    """A day in which every free counter calls at once, and people take their time."""

    def __init__(
        self, office: Office, discipline: str, past: PastDays, chance: random.Random, *, noon: bool
    ) -> None:
        self.office, self.chance = office, chance
        self.hall = HandTurnedDay(branch_of(office, discipline))
        self.hall.day = BranchDay(self.hall.branch, DATE, past)
        self.hall.entries.clear()
        self.moments: list[tuple[int, int, str, Any]] = []
        self.closes: set[int] = set()
        for at, service in office.arrivals(chance):
            self.at(DAY_BEGINS_MS + at, "arrive", service)
        for number in self.hall.branch.counters:
            self.at(DAY_BEGINS_MS + OPENS, "open", number)
        if noon:
            able = [
                number
                for number, codes in enumerate(office.counters, 1)
                if all(sum(code in other for other in office.counters) > 1 for code in codes)
            ]
            self.at(DAY_BEGINS_MS + 12 * HOUR, "close", chance.choice(able))

    def at(self, at_ms: int, what: str, whom: Any) -> None:
        heapq.heappush(
            self.moments, (at_ms, len(self.moments) + self.chance.randrange(10**6), what, whom)
        )

    def run(self) -> Tally:
        while self.moments:
            self.hall.now_ms, _, what, whom = heapq.heappop(self.moments)
            getattr(self, f"on_{what}")(whom)
            self.call_where_free()
        self.hall.do(closing.decide_day_end(self.hall.day, self.hall.now_ms))
        return self.tally()

    def on_arrive(self, service: str) -> None:
        priority = "elderly" if self.chance.random() < 0.12 else "none"
        weight = 3 if self.chance.random() < 0.05 else 1
        asked = NewTicket(
            self.hall.new_id(), self.hall.new_id(), service, "kiosk-1", priority, weight=weight
        )
        self.hall.do(decide_issue(self.hall.day, asked, self.hall.now_ms))

    def on_open(self, number: int) -> None:
        self.hall.seat(number)

    def on_close(self, number: int) -> None:
        self.closes.add(number)

    def on_miss(self, desk: Desk) -> None:
        assert desk.ticket is not None
        self.hall.do(calling.decide_no_show(self.hall.day, desk, desk.ticket, self.hall.now_ms))

    def on_finish(self, desk: Desk) -> None:
        assert desk.ticket is not None
        self.hall.do(
            serving.decide_finish(self.hall.day, desk, desk.ticket, serving.Result("solved"))
        )

    def call_where_free(self) -> None:
        for desk in self.hall.day.desks.values():
            if desk.state != "open" or desk.ticket is not None:
                continue
            if desk.number in self.closes:
                self.hall.do(decide_close(self.hall.day, desk))
            elif self.hall.day.next_choice(desk, self.hall.now_ms) is not None:
                self.begin(desk, self.hall.call_next(desk))

    def begin(self, desk: Desk, ticket: Ticket) -> None:
        if self.chance.random() < 0.08:
            self.at(self.hall.now_ms + 90_000, "miss", desk)
            return
        stay_s = self.office.stays[ticket.service].draw(self.chance) * group_factor(ticket.weight)
        pace = self.office.officers[desk.number - 1]
        self.at(self.hall.now_ms + int((20 + stay_s * pace) * 1000), "finish", desk)

    def tally(self) -> Tally:
        found = Tally()
        for made in self.hall.day.calls_made:
            ticket = self.hall.day.tickets[made.ticket]
            if ticket.promised_s is None:
                continue
            waited_s = (made.at_ms - ticket.issued_at_ms) / 1000
            first, last = ticket.promised_s
            outcome = "early" if waited_s < first else "late" if waited_s > last else "inside"
            found.outcomes[outcome] += 1
            if waited_s > 1200:
                found.widths.append((last - first) / waited_s)
        return found

    def past(self, before: PastDays) -> PastDays:
        """What tomorrow knows, as the store would sum it."""
        sums: dict[tuple[str, int], list[float]] = {
            (service, hour): [count, total, squares]
            for service, hour, count, total, squares in before.occupancy
        }
        called, missed, seconds = before.called, before.missed, before.missed_total_s
        promises = list(before.promises)
        for made in self.hall.day.calls_made:
            ticket = self.hall.day.tickets[made.ticket]
            assert ticket.ended_at_ms is not None
            took_s = (ticket.ended_at_ms - made.at_ms) / 1000
            called += 1
            if ticket.state == "no-show":
                missed, seconds = missed + 1, seconds + took_s
            else:
                alone_s = took_s / group_factor(ticket.weight)
                one = sums.setdefault(
                    (ticket.service, self.hall.day.local_hour(made.at_ms)), [0.0, 0.0, 0.0]
                )
                for place, value in enumerate((1.0, alone_s, alone_s**2)):
                    one[place] += value
            if ticket.promised_s is not None:
                waited_s = (made.at_ms - ticket.issued_at_ms) / 1000
                promises.append((*ticket.promised_s, waited_s))
        occupancy = [(*key, *values) for key, values in sums.items()]
        return PastDays(occupancy, called, missed, seconds, promises[-300:])  # type: ignore[arg-type]


def told(discipline: str, *, noon: bool, seed: int, branches: int = BRANCHES) -> Tally:
    found = Tally()
    for place in range(branches):
        chance = random.Random(f"{seed}/{place}")
        office = Office.drawn(chance, 3 + place % 7, "none", own_lines=False)
        past = PastDays()
        for _ in range(DAYS):
            day = ServedDay(office, discipline, past, chance, noon=noon and place % 7 > 0)
            one = day.run()
            found.outcomes += one.outcomes
            found.widths += one.widths
            past = day.past(past)
    return found


@pytest.mark.parametrize("discipline", ["due-time", "first-come", "ratio"])
@pytest.mark.parametrize("noon", [False, True], ids=["all-open", "one-closes-at-noon"])
def test_four_of_five_are_called_within_their_range(
    discipline: str, noon: bool, long_run: bool
) -> None:
    found = told(discipline, noon=noon, seed=5, branches=4 * BRANCHES if long_run else BRANCHES)
    calls = sum(found.outcomes.values())
    print(discipline, noon, calls, {k: round(found.share(k), 3) for k in found.outcomes})
    assert calls > 1500
    assert found.share("inside") >= 0.80
    assert found.share("late") <= 0.10


def test_a_ticket_of_the_morning_before_any_counter_is_open_promises_nothing() -> None:
    hall = HandTurnedDay()
    hall.issue("A")
    issued = hall.entries[-1].event
    assert isinstance(issued, TicketIssued)
    assert issued.promised_s is None
