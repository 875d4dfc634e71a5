"""The laws find bugs: a server with one planted breaks one, and its story becomes short."""

import pytest

from server.lane import Lane
from server.notices import Notices
from tests.simulation import planted_bugs as bugs
from tests.simulation.story import run_story, shorten, tell

OPERATIONS_MAX = 4_000

PLANTED: dict[type[Lane] | type[Notices], set[str]] = {
    bugs.AnsweringTooSoon: {"I1"},
    bugs.RepeatingNumbers: {"I2", "F12"},
    bugs.SkippingNumbers: {"I2"},
    bugs.TwoAtOneCounter: {"I4", "F12"},
    # Of a command that changed nothing the answer is all that the disk has to show.
    bugs.ForgettingCommands: {"I6", "I1"},
    bugs.AnotherAnswerEachTime: {"I6"},
    bugs.UnfairDay: {"I5"},
    # Who waits for one counter, or has not come for a place: whoever is forgotten first.
    bugs.DeafToTheClock: {"I5", "I11"},
    bugs.BlindCounters: {"I3", "I11"},
    # What the disk refused is told on as if it had been written: any law of the books meets it.
    bugs.KeepingWhatFailed: {"I1", "I2", "I3", "I4", "I9", "I11", "F12"},
    bugs.TwoTransactions: {"I1"},
    bugs.NumbersForEver: {"I2"},
    bugs.WorkingAfterTheClose: {"F14", "I3"},
    bugs.TalkativeNotices: {"I12"},
    bugs.ForgetfulNotices: {"I7"},
    bugs.UnmarkedCopies: {"I9"},
    bugs.ForgettingMerges: {"I1", "I2", "F12"},
    bugs.LeavingGhosts: {"I9"},
    bugs.CarryingOutWhatWasWithdrawn: {"I6"},
    bugs.OneLetterForAll: {"I2", "I9", "F12"},
    bugs.LendingTheSameAgain: {"I2", "I3", "I9"},
    bugs.GivingABookingTwice: {"I3"},
}

# Not every branch has what a bug spoils, for instance transfers that fall back within seconds.
SEEDS = range(21, 25)


@pytest.mark.parametrize("bug", PLANTED, ids=lambda bug: bug.__name__)
def test_a_planted_bug_is_found(bug: type[Lane] | type[Notices]) -> None:
    for seed in SEEDS:
        found = run_story(seed, operations=OPERATIONS_MAX, server_of=bugs.server_with(bug))
        if found.broken is not None:
            break
    assert found.broken is not None
    assert found.broken.law in PLANTED[bug], found.broken


def test_a_story_of_a_bug_becomes_short_and_readable() -> None:
    server_of = bugs.server_with(bugs.AnotherAnswerEachTime)
    found = run_story(40, operations=OPERATIONS_MAX, server_of=server_of)
    assert found.broken is not None
    deeds, broken = shorten(40, found.deeds, found.broken, server_of=server_of, limit_s=10)
    assert broken.law == "I6"
    assert len(deeds) < len(found.deeds) / 4
    again = run_story(40, deeds, server_of=server_of)
    assert again.broken is not None
    assert again.broken.law == "I6"


def test_a_failure_names_its_seed_and_tells_what_happened() -> None:
    server_of = bugs.server_with(bugs.AnsweringTooSoon)
    found = run_story(23, operations=OPERATIONS_MAX, server_of=server_of)
    said = tell(found, server_of=server_of)
    assert "I1 is broken" in said
    assert "--seed 23" in said
    assert "the server answers" in said
