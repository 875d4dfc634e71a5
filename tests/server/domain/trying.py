"""Small numbers that become deeds on a played day, so that a failing day shrinks to few of them."""

from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from server.domain.discipline import DISCIPLINES
from server.domain.serving import Destination
from tests.server.domain.played_day import PEOPLE, POSITIONS, PRIORITIES, SERVICES, PlayedDay

Deed = tuple[str, int, int, float]
"""What, at which counter, which of the choices, after how many seconds."""

GAPS_S = (0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 4.0, 15.0, 60.0)


def examples(share: float) -> settings:
    """So many examples, as a share of the ordinary number (script/mutation-score makes few)."""
    return settings(max_examples=max(1, int(settings().max_examples * share)))


def one_of(choices: Any, dice: int) -> Any:
    """One of the choices, or None where there is none."""
    return choices[dice % len(choices)] if choices else None


def destination(dice: int) -> Destination:
    """Anywhere."""
    position = one_of(POSITIONS, dice // 3)
    match dice % 3:
        case 0:
            return Destination(service=one_of(SERVICES, dice // 9), position=position)
        case 1:
            return Destination(counter=dice // 9 % 3 + 1, position=position)
    return Destination(staff=one_of(PEOPLE, dice // 9), position=position)


def some_services(dice: int) -> list[str]:
    """At least one, in this or that order."""
    chosen = [code for place, code in enumerate(SERVICES) if (dice % 7 + 1) >> place & 1]
    return chosen if dice % 2 else chosen[::-1]


def _discipline(day: PlayedDay, counter: int, dice: int) -> bool:
    in_a_row = (None, None) if dice % 4 else (dice // 4 % 3 + 1, dice // 12 % 3 + 1)
    return day.set_discipline(one_of(tuple(DISCIPLINES), dice), *in_a_row)


def _hand_on(day: PlayedDay, counter: int, dice: int) -> bool:
    return day.transfer(counter, day.desk(counter).ticket or "-", destination(dice))


def _hand_on_any(day: PlayedDay, counter: int, dice: int) -> bool:
    ticket = one_of(day.tickets("waiting", "parked", "called", "serving"), dice // 81) or "-"
    return day.transfer(None if dice % 2 else counter, ticket, destination(dice))


def _sit(day: PlayedDay, counter: int, dice: int) -> bool:
    return day.sit(counter, one_of(PEOPLE, dice)) and day.open(counter)


def _call_chosen(day: PlayedDay, counter: int, dice: int) -> bool:
    return day.call_chosen(counter, one_of(day.tickets("waiting"), dice) or "-")


def _close_day(day: PlayedDay, counter: int, dice: int) -> bool:
    return day.reopen_day() if day.day.closed else dice % 4 == 0 and day.close_day()


def _issue(day: PlayedDay, counter: int, dice: int) -> bool:
    service, priority = one_of(SERVICES, dice), one_of(PRIORITIES, dice // 3)
    return day.issue(service, priority, paper=dice % 2 == 0)


def _tell_print(day: PlayedDay, counter: int, dice: int) -> bool:
    job = one_of(list(day.day.jobs), dice // 2) or "-"
    return day.tell_print(job, ("printed", "failed")[dice % 2])


def _tell_announcement(day: PlayedDay, counter: int, dice: int) -> bool:
    announcement = one_of(list(day.day.calls), dice // 2) or "-"
    return day.tell_announcement(announcement, ("spoken", "shown")[dice % 2])


def _correct(day: PlayedDay, counter: int, dice: int) -> bool:
    ticket = one_of(day.tickets("finished", "cancelled", "waiting"), dice // 4) or "-"
    field, value = (
        ("note", "seen"),
        ("outcome", "referred"),
        ("category", "activation"),
        ("education", "mobile-jkn"),
    )[dice % 4]
    return day.correct(ticket, field, value)


def _put_right(day: PlayedDay, counter: int, dice: int) -> bool:
    ticket = one_of(day.tickets("waiting"), dice // 12) or "-"
    service = one_of((*SERVICES, None), dice)
    return day.put_right(ticket, service, one_of(("none", "elderly", "urgent"), dice // 4))


DEEDS: dict[str, Callable[[PlayedDay, int, int], bool]] = {
    "issue": _issue,
    "sit": _sit,
    "get up": lambda day, n, dice: day.get_up(n),
    "open": lambda day, n, dice: day.open(n),
    "pause": lambda day, n, dice: day.pause(n),
    "close": lambda day, n, dice: day.close(n),
    "next": lambda day, n, dice: day.call_next(n, finishing=dice % 4 != 0),
    "call": _call_chosen,
    "recall": lambda day, n, dice: day.recall(n),
    "start": lambda day, n, dice: day.start(n),
    "finish": lambda day, n, dice: day.finish(n),
    "go on": lambda day, n, dice: day.go_on(n, one_of(SERVICES, dice)),
    "hand on": _hand_on,
    "hand on any": _hand_on_any,
    "park": lambda day, n, dice: day.park(n),
    "resume": lambda day, n, dice: day.resume(n, one_of(day.tickets("parked"), dice) or "-"),
    "no-show": lambda day, n, dice: day.no_show(n),
    "requeue": lambda day, n, dice: day.requeue(one_of(day.tickets("no-show"), dice) or "-"),
    "cancel": lambda day, n, dice: day.cancel(
        one_of(day.tickets("waiting", "parked"), dice) or "-"
    ),
    "put right": _put_right,
    "rate": lambda day, n, dice: day.rate(one_of(day.tickets("finished"), dice) or "-"),
    "undo": lambda day, n, dice: any(day.undo((n + more) % 3 + 1) for more in range(3)),
    "discipline": _discipline,
    "counter's services": lambda day, n, dice: day.set_counter(
        n, some_services(dice), dice // 14 % 3 + 1
    ),
    "person's services": lambda day, n, dice: day.set_staff(
        one_of(PEOPLE, dice), some_services(dice // 4), dice // 56 % 3 + 1
    ),
    "close day": _close_day,
    "sign": lambda day, n, dice: day.sign(f"2026-09-1{dice % 3}"),
    "correct": _correct,
    "pause service": lambda day, n, dice: day.pause_service(one_of(SERVICES, dice)),
    "resume service": lambda day, n, dice: day.resume_service(one_of(SERVICES, dice)),
    "reprint": lambda day, n, dice: day.reprint(one_of(day.tickets("waiting"), dice) or "-"),
    "print": _tell_print,
    "announcement": _tell_announcement,
    "turn out": lambda day, n, dice: day.turn_out(n),
}

RARE = {
    *("get up", "pause", "close", "close day", "cancel", "rate", "recall", "turn out", "sign"),
    *("correct", "pause service", "reprint", "print", "announcement"),
}
OFTEN = {"issue": 20, "next": 24, "undo": 8, "sit": 6, "finish": 5, "no-show": 6, "requeue": 8}


def weight(what: str) -> int:
    """How often it is tried."""
    return 1 if what in RARE else OFTEN.get(what, 3)


def do(day: PlayedDay, deed: Deed) -> bool:
    """Let the time pass, and try."""
    what, counter, dice, gap_s = deed
    day.pass_s(gap_s)
    return DEEDS[what](day, counter, dice)


def deeds(*but: str, most: int = 60) -> st.SearchStrategy[list[Deed]]:
    """A list of things that people try."""
    names = [name for name in DEEDS if name not in but for _ in range(weight(name))]
    return st.lists(
        st.tuples(
            st.sampled_from(names),
            st.integers(1, 3),
            st.integers(0, 999),
            st.sampled_from(GAPS_S),
        ),
        min_size=20,
        max_size=most,
    )


def begun(day: PlayedDay, visitors: int = 6) -> PlayedDay:
    """Somebody sits at each counter, and some wait."""
    for counter, staff in enumerate(PEOPLE[:3], 1):
        day.sit(counter, staff)
        day.open(counter)
    for place in range(visitors):
        day.issue(SERVICES[place % 3], PRIORITIES[place * 2 % 5])
        day.pass_s(1)
    return day
