"""One announcement at a time, in order, never after its ticket left `called` (I10, F34, F37)."""

from dataclasses import dataclass, field
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from display.voice_rules import SpeakingRules
from protocol.messages import BoardSnapshot
from tests.display.announcing_story import Hall
from voice.phrases import Reading, trial_phrase
from voice.port import Utterance, VoiceHealth, VoiceResult

A012 = "Nomor antrean A nol satu dua, silakan menuju loket tiga."
BROKEN = VoiceResult("failed", heard=False, health=VoiceHealth.BROKEN)
CUT_OFF = VoiceResult("failed", heard=True, health=VoiceHealth.BROKEN)
NO_DEVICE = VoiceResult("failed", heard=False, health=VoiceHealth.NO_DEVICE)


def test_a_single_call_is_named_twice_and_chimes_once() -> None:
    hall = Hall()
    hall.call("A012", 3)
    hall.wait_for_silence()
    assert [(naming.text, naming.chime) for naming in hall.voice.namings] == [
        (A012, True),
        (A012, False),
    ]
    assert hall.reports == [("A012-1", "spoken")]


def test_the_first_word_comes_at_once_and_the_second_naming_after_a_breath() -> None:
    hall = Hall()
    hall.call("A012", 3)
    hall.wait_for_silence()
    first, second = hall.voice.namings
    assert first.began_at_s == 0
    assert first.ended_at_s is not None
    assert 0.4 < second.began_at_s - first.ended_at_s < 0.7


def test_two_calls_are_spoken_one_after_the_other() -> None:
    hall = Hall()
    hall.call("A012", 3)
    hall.call("B007", 1)
    hall.wait_for_silence()
    assert [text[14:15] for text in hall.texts()] == ["A", "A", "B", "B"]
    assert hall.reports == [("A012-1", "spoken"), ("B007-1", "spoken")]


@pytest.mark.parametrize(
    ("waiting_behind", "texts_of_the_first"),
    [(0, 2), (1, 2), (2, 1), (4, 1)],
)
def test_a_backlog_of_two_takes_the_repetition_away(
    waiting_behind: int, texts_of_the_first: int
) -> None:
    hall = Hall()
    hall.call("A012", 3)
    for place in range(waiting_behind):
        hall.call(f"B00{place}", 1)
    hall.wait_for_silence()
    assert hall.texts().count(A012) == texts_of_the_first


def test_a_backlog_of_five_is_spoken_in_the_short_form_once_each() -> None:
    hall = Hall()
    for place in range(8):
        hall.call(f"B00{place}", 1)
    hall.wait_for_silence()
    texts = hall.texts()
    assert texts[0].startswith("Nomor antrean B nol nol nol")  # nobody waited when it began
    assert texts[1:3] == ["B nol nol satu, loket satu.", "B nol nol dua, loket satu."]
    assert texts[3].startswith("Nomor antrean B nol nol tiga")  # four wait
    assert [outcome for _, outcome in hall.reports] == ["spoken"] * 8


def test_sixty_calls_in_sixty_seconds_are_all_spoken_in_their_order() -> None:
    """F37: nothing is dropped and nothing out of order."""
    hall = Hall()
    for place in range(60):
        hall.call(f"A{place:03}", place % 8 + 1)
        hall.wait(1.0)
    hall.wait_for_silence()
    assert hall.reports == [(f"A{place:03}-1", "spoken") for place in range(60)]


def test_in_a_backlog_fifteen_calls_a_minute_are_spoken() -> None:
    """ux.md 1.3: the short form lasts some 3.9 s."""
    hall = Hall()
    for place in range(60):
        hall.call(f"A{place:03}", 3)
    hall.wait(8)  # the first, in full
    before = len(hall.voice.namings)
    hall.wait(60)
    assert 14 <= len(hall.voice.namings) - before <= 17


def test_the_same_announcement_again_after_a_reconnect_changes_nothing() -> None:
    hall = Hall()
    hall.call("A012", 3)
    hall.wait(2)
    hall.call("A012", 3)
    hall.wait_for_silence()
    hall.call("A012", 3)
    hall.wait_for_silence()
    assert hall.texts() == [A012, A012]
    assert hall.reports == [("A012-1", "spoken")]


def test_a_recall_is_another_announcement_and_says_so() -> None:
    hall = Hall(rules=SpeakingRules(Reading(last_call=3)))
    hall.call("A012", 3)
    hall.wait_for_silence()
    hall.call("A012", 3, call_count=2)
    hall.wait_for_silence()
    hall.call("A012", 3, call_count=3)
    hall.wait_for_silence()
    assert [text.split(",")[0] for text in hall.texts()[2::2]] == [
        "Panggilan kedua",
        "Panggilan terakhir",
    ]
    assert [outcome for _, outcome in hall.reports] == ["spoken"] * 3


def test_a_recall_takes_the_place_of_a_call_that_still_waits() -> None:
    hall = Hall()
    hall.call("B001", 1)
    hall.call("A012", 3)
    hall.call("A012", 3, call_count=2)
    hall.wait_for_silence()
    assert ("A012-1", "shown") in hall.reports
    assert ("A012-2", "spoken") in hall.reports
    assert A012 not in hall.texts()


def test_every_language_of_the_announcement_is_spoken_in_one_naming() -> None:
    hall = Hall()
    hall.call("A012", 3, languages=("id", "en"))
    hall.wait_for_silence()
    assert hall.texts()[0] == (
        f"{A012} / Ticket number A zero one two, please proceed to counter three."
    )


# Merged when doubled.


def test_a_ticket_called_again_before_it_was_spoken_is_one_announcement_at_its_old_place() -> None:
    """The nervous second press neither doubles the call nor sends the visitor to the end."""
    hall = Hall()
    hall.call("B001", 1)
    hall.call("A012", 3)
    hall.call("C005", 2)
    hall.call("A012", 3, call_count=2, board=False)
    assert hall.reports == [("A012-1", "shown")]
    hall.show_board()
    hall.wait_for_silence()
    assert [name for name, outcome in hall.reports if outcome == "spoken"] == [
        *("B001-1", "A012-2", "C005-1")
    ]


def test_a_ticket_called_again_between_its_namings_is_not_repeated_first() -> None:
    hall = Hall()
    hall.call("A012", 3)
    while not hall.voice.namings[0].ended_at_s:
        hall.wait(0.05)
    hall.call("A012", 3, call_count=2, board=False)
    hall.wait_for_silence()
    assert [text.split(",")[0] for text in hall.texts()] == [
        *("Nomor antrean A nol satu dua", "Panggilan kedua", "Panggilan kedua")
    ]
    assert hall.reports == [("A012-1", "spoken"), ("A012-2", "spoken")]


# The branch's rules: day parts, quiet hours, the service's word.

NINE, NOON, FIVE = time(9), time(12), time(17)


def _day(*parts: tuple[time, int]) -> SpeakingRules:
    return SpeakingRules(day_parts=parts, zone=ZoneInfo("Asia/Jakarta"))


def test_each_day_part_has_its_volume() -> None:
    """The story opens at 08.00 in Jakarta; before the first part the last evening's holds."""
    hall = Hall(rules=_day((NINE, 100), (NOON, 70), (FIVE, 40)))
    hall.call("A001")
    hall.wait_for_silence()
    hall.wait(3600)
    hall.call("A002")
    hall.wait_for_silence()
    hall.wait(4 * 3600)
    hall.call("A003")
    hall.wait_for_silence()
    assert [naming.volume_percent for naming in hall.voice.namings[::2]] == [40, 100, 70]


def test_in_quiet_hours_calls_are_shown_and_confirmed_as_shown() -> None:
    hall = Hall(rules=_day((NINE, 100), (FIVE, 0)))
    hall.call("A001")
    assert hall.reports == [("A001-1", "shown")]
    assert hall.texts() == []
    hall.wait(3600)
    hall.call("A002")
    hall.wait_for_silence()
    assert hall.reports[-1] == ("A002-1", "spoken")


def test_what_waits_when_the_quiet_hours_begin_is_not_spoken_any_more() -> None:
    hall = Hall(rules=_day((time(7), 100), (time(8, 0, 5), 0)))
    hall.call("A001")
    hall.call("A002")
    hall.wait_for_silence()
    assert hall.reports[0] == ("A002-1", "shown")
    assert len(hall.texts()) == 1, "and nothing is said a second time"


def test_the_services_word_follows_a_letter_that_sounds_alike() -> None:
    names = {"B": {"id": "Perubahan data", "en": "Change of data"}}
    hall = Hall(rules=SpeakingRules(services=names))
    hall.call("B001", 3, service="B")
    hall.wait_for_silence()
    assert hall.texts()[0] == (
        "Nomor antrean B Perubahan data nol nol satu, silakan menuju loket tiga."
    )


# A test of the voice is no call.

TRIAL = Utterance((trial_phrase("id"),))


def test_a_test_sounds_when_nothing_is_due_and_is_reported_to_nobody() -> None:
    hall, results = Hall(), list[VoiceResult]()
    assert hall.announcer.try_out(TRIAL, results.append)
    assert not hall.announcer.try_out(TRIAL, results.append), "one at a time"
    hall.wait(6)
    assert [result.outcome for result in results] == ["played"]
    assert hall.reports == []


def test_a_call_silences_a_test_and_does_not_wait_for_it() -> None:
    hall, results = Hall(), list[VoiceResult]()
    hall.announcer.try_out(TRIAL, results.append)
    hall.wait(1)
    assert results == [], "it sounds while nothing is due"
    hall.call("A012", 3)
    hall.wait(0.2)
    assert [result.outcome for result in results] == ["stopped"]
    assert hall.announcer.speaking == "A012-1"
    assert not hall.announcer.try_out(TRIAL, results.append), "a call has the voice"
    hall.wait_for_silence()
    assert hall.reports == [("A012-1", "spoken")]


# I10: never voiced after the ticket left `called`.


@pytest.mark.parametrize("state", ["serving", "finished", "no-show", "cancelled", "waiting"])
def test_a_waiting_announcement_is_dropped_when_its_ticket_leaves_called(state: str) -> None:
    hall = Hall()
    hall.call("B001", 1)
    hall.wait(1)
    hall.call("A012", 3)
    hall.wait(1)
    hall.move("A012", state)
    assert ("A012-1", "shown") in hall.reports  # at once, not when its turn comes
    hall.wait_for_silence()
    assert A012 not in hall.texts()


def test_the_visitor_who_comes_hears_the_sentence_end_but_no_repetition() -> None:
    hall = Hall()
    hall.call("A012", 3)
    hall.wait(3)
    hall.move("A012", "serving")
    hall.wait_for_silence()
    assert len(hall.voice.namings) == 1
    ended_at_s = hall.voice.namings[0].ended_at_s
    assert ended_at_s is not None
    assert ended_at_s > 7
    assert hall.reports == [("A012-1", "spoken")]


@pytest.mark.parametrize("state", ["waiting", "cancelled", "no-show", "parked"])
def test_a_call_that_is_taken_back_is_cut_off_in_mid_sentence(state: str) -> None:
    hall = Hall()
    hall.call("A012", 3)
    hall.wait(3)
    hall.move("A012", state)
    hall.wait(0.1)
    assert hall.announcer.speaking is None
    assert hall.reports == [("A012-1", "shown")]


def test_a_withdrawn_call_is_cut_off_before_any_board_says_so() -> None:
    """L3: an undone call is put right by its own moment; the snapshot may come later."""
    hall = Hall()
    hall.call("A012")
    hall.wait(1)
    hall.announcer.on_withdrawn("A012-1")
    hall.wait(0.1)
    assert hall.announcer.speaking is None
    assert hall.reports == [("A012-1", "shown")]
    hall.wait_for_silence()
    assert hall.voice.namings[0].ended_at_s == pytest.approx(1.05, abs=0.06)


def test_a_withdrawn_call_that_waits_is_never_begun_and_the_others_are() -> None:
    hall = Hall()
    for number in ("A012", "B007", "C001"):
        hall.call(number)
    hall.announcer.on_withdrawn("B007-1")
    assert ("B007-1", "shown") in hall.reports
    hall.wait_for_silence()
    assert not any("B" in text for text in hall.texts())
    assert [name for name, outcome in hall.reports if outcome == "spoken"] == ["A012-1", "C001-1"]


def test_a_number_that_is_called_anew_after_a_withdrawal_is_spoken() -> None:
    hall = Hall()
    hall.call("A012", announcement="first")
    hall.announcer.on_withdrawn("first")
    hall.call("A012", announcement="second")
    hall.wait_for_silence()
    assert hall.reports == [("first", "shown"), ("second", "spoken")]


def test_a_call_that_is_taken_back_between_its_namings_stays_spoken() -> None:
    hall = Hall()
    hall.call("A012", 3)
    while not hall.voice.namings[0].ended_at_s:
        hall.wait(0.05)
    hall.move("A012", "waiting")
    hall.wait_for_silence()
    assert len(hall.voice.namings) == 1
    assert hall.reports == [("A012-1", "spoken")]


def test_nothing_begins_to_sound_when_the_visitor_came_while_it_was_made() -> None:
    hall = Hall()
    hall.voice.prepares_s = 0.9
    hall.call("A012", 3)
    hall.wait(0.5)
    hall.move("A012", "serving")
    hall.wait(0.1)
    assert hall.announcer.speaking is None
    assert hall.reports == [("A012-1", "shown")]


def test_an_expired_announcement_is_shown_only() -> None:
    hall = Hall()
    hall.call("B001", 1)
    hall.call("A012", 3, lives_s=10)  # the first takes 14 s
    hall.wait_for_silence()
    assert ("A012-1", "shown") in hall.reports
    assert A012 not in hall.texts()


def test_what_expired_before_it_came_is_never_spoken() -> None:
    hall = Hall()
    hall.call("A012", 3, lives_s=-1)
    assert hall.reports == [("A012-1", "shown")]
    assert hall.texts() == []


def test_a_board_that_was_sent_before_the_call_does_not_take_it_back() -> None:
    """Snapshots are merged over 100 ms; announcements are not."""
    hall = Hall()
    hall.show_board()
    hall.wait(1)
    hall.call("A012", 3, board=False)
    hall.announcer.on_board(
        BoardSnapshot(revision=1, calls=[], total=0, waiting=[], missed=[], text={})
    )
    hall.wait(0.1)
    hall.show_board()
    hall.wait_for_silence()
    assert hall.texts() == [A012, A012]


def test_a_call_that_no_board_ever_shows_is_void() -> None:
    """A call that was undone before the next snapshot is on none."""
    hall = Hall()
    hall.call("A012", 3, board=False)
    hall.calls.clear()
    hall.show_board()
    hall.wait(0.5)
    assert hall.announcer.speaking is None
    assert hall.reports == [("A012-1", "shown")]


def test_a_board_that_does_not_hold_all_calls_proves_nothing() -> None:
    hall = Hall()
    hall.call("A012", 3, board=False)
    hall.wait(1)
    hall.announcer.on_board(
        BoardSnapshot(revision=2, calls=[], total=51, waiting=[], missed=[], text={})
    )
    hall.wait_for_silence()
    assert hall.texts() == [A012, A012]


def test_a_display_without_any_board_still_speaks() -> None:
    hall = Hall()
    hall.call("A012", 3, board=False)
    hall.wait_for_silence()
    assert hall.reports == [("A012-1", "spoken")]


# Voice and device break (F34, F36).


def test_an_engine_that_broke_before_a_sound_came_gets_one_more_chance() -> None:
    hall = Hall()
    hall.voice.breaks = [BROKEN]
    hall.call("A012", 3)
    hall.wait_for_silence()
    assert hall.texts() == [A012, A012]
    assert hall.reports == [("A012-1", "spoken")]


def test_an_engine_that_breaks_twice_fails_the_call_and_the_queue_goes_on() -> None:
    hall = Hall()
    hall.voice.breaks = [BROKEN, BROKEN]
    hall.call("A012", 3)
    hall.call("B007", 1)
    hall.wait_for_silence()
    assert hall.reports == [("A012-1", "failed"), ("B007-1", "spoken")]


def test_a_call_that_was_half_heard_is_not_begun_again() -> None:
    hall = Hall()
    hall.voice.breaks = [CUT_OFF]
    hall.call("A012", 3)
    hall.wait_for_silence()
    assert len(hall.voice.namings) == 1
    assert hall.reports == [("A012-1", "failed")]


def test_a_break_in_the_repetition_leaves_the_call_spoken() -> None:
    hall = Hall()
    hall.voice.breaks = [VoiceResult("played", heard=True), CUT_OFF]
    hall.call("A012", 3)
    hall.wait_for_silence()
    assert hall.reports == [("A012-1", "spoken")]


def test_a_missing_device_fails_the_call_at_once() -> None:
    hall = Hall()
    hall.voice.breaks = [NO_DEVICE]
    hall.call("A012", 3)
    hall.wait(0.5)
    assert hall.reports == [("A012-1", "failed")]


# Not to be voiced.


def test_a_display_without_a_voice_shows_every_call() -> None:
    hall = Hall(voice=False)
    hall.call("A012", 3)
    assert hall.reports == [("A012-1", "shown")]
    assert hall.announcer.status.health is VoiceHealth.OFF
    assert not hall.announcer.status.silent


def test_only_the_chosen_counters_are_voiced() -> None:
    hall = Hall(voiced_counters=frozenset({3}))
    hall.call("B007", 1)
    hall.call("A012", 3)
    hall.wait_for_silence()
    assert hall.texts() == [A012, A012]
    assert hall.reports == [("B007-1", "shown"), ("A012-1", "spoken")]


def test_quiet_takes_hold_of_what_waits_too() -> None:
    hall = Hall()
    hall.call("B007", 1)
    hall.call("A012", 3)
    hall.announcer.quiet = True
    hall.wait_for_silence()
    assert ("A012-1", "shown") in hall.reports
    assert A012 not in hall.texts()


# What the board is told.


def test_the_board_hears_when_the_voice_falls_silent_and_comes_back() -> None:
    hall = Hall()
    hall.wait(1)
    assert hall.changes == 0
    hall.voice.health = VoiceHealth.NO_DEVICE
    hall.wait(0.1)
    assert hall.changes == 1
    assert hall.announcer.status.silent
    hall.voice.health = VoiceHealth.OK
    hall.wait(0.1)
    assert hall.changes == 2
    assert not hall.announcer.status.silent


def test_the_board_knows_which_call_is_being_spoken() -> None:
    hall = Hall()
    hall.call("A012", 3)
    assert hall.announcer.speaking == "A012-1"
    hall.wait_for_silence()
    assert hall.announcer.speaking is None
    assert hall.changes == 2


def test_closing_silences_the_voice_and_reports_nothing() -> None:
    hall = Hall()
    hall.call("A012", 3)
    hall.announcer.close()
    assert hall.voice.closed
    assert hall.reports == []


def test_memory_is_bounded_whatever_comes() -> None:
    """I14: ten thousand calls at once; the oldest are shown, and nothing grows."""
    hall = Hall()
    for place in range(10_000):
        hall.call(f"A{place:04}", 1, board=False)
    assert hall.announcer.waiting <= 256
    assert len(hall.announcer._known) <= 1024
    assert len(hall.reports) >= 10_000 - 257
    assert len(set(hall.reports)) == len(hall.reports)


# Whatever happens.


@dataclass
class _Story:
    hall: Hall = field(default_factory=Hall)
    issued: list[str] = field(default_factory=list)
    left_at_s: dict[str, float] = field(default_factory=dict)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("call"), st.integers(0, 7), st.sampled_from([5.0, 60.0, 600.0])),
        st.tuples(st.just("move"), st.integers(0, 7), st.sampled_from(["serving", "waiting"])),
        st.tuples(st.just("break"), st.sampled_from([BROKEN, CUT_OFF, NO_DEVICE]), st.just(0)),
        st.tuples(st.just("wait"), st.sampled_from([0.05, 0.4, 2.0, 9.0]), st.just(0)),
        st.tuples(st.just("resend"), st.integers(0, 7), st.just(0)),
    ),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(steps=STEPS)
def test_whatever_happens_each_call_has_one_outcome_and_the_voice_keeps_the_law(
    steps: list[tuple[str, object, object]],
) -> None:
    """I10: one at a time, in order, one outcome each, nothing begun after it left `called`."""
    story = _Story()
    hall = story.hall
    counts: dict[str, int] = {}
    for step in steps:
        match step:
            case ("call", int(place), float(lives_s)):
                number = f"A{place:03}"
                counts[number] = counts.get(number, 0) + 1
                story.left_at_s.pop(number, None)
                hall.call(number, place + 1, call_count=counts[number], lives_s=lives_s)
                story.issued.append(f"{number}-{counts[number]}")
            case ("move", int(place), str(state)) if f"A{place:03}" in hall.calls:
                number = f"A{place:03}"
                story.left_at_s.setdefault(number, hall.clock.elapsed_s)
                hall.move(number, state)
            case ("resend", int(place), _) if f"A{place:03}" in hall.calls:
                number = f"A{place:03}"
                if hall.calls[number].state == "called":
                    hall.call(number, place + 1, call_count=counts[number])
            case ("break", VoiceResult() as result, _):
                hall.voice.breaks.append(result)
            case ("wait", float(seconds), _):
                hall.wait(seconds)
        for number, left_at_s in story.left_at_s.items():
            spoken = f" {' '.join(_digits(number))}, "
            for naming in hall.voice.namings:
                late = naming.began_at_s > left_at_s
                assert not (late and spoken in naming.text), "begun after it left called"
    hall.wait_for_silence()

    reported = [announcement for announcement, _ in hall.reports]
    assert sorted(reported) == sorted(story.issued), "exactly one outcome each"
    spoken_order = [name for name, outcome in hall.reports if outcome == "spoken"]
    assert _in_order(spoken_order, story.issued, dict(hall.reports))
    for before, after in zip(hall.voice.namings, hall.voice.namings[1:], strict=False):
        assert before.ended_at_s is not None
        assert before.ended_at_s <= after.began_at_s, "never two at once"


def _in_order(spoken: list[str], issued: list[str], outcomes: dict[str, str]) -> bool:
    """Each is spoken at its own place, or at that of an older call of its ticket that it merged."""
    last = -1
    for name in spoken:
        number = name.split("-")[0]
        places = [issued.index(name)]
        for place in reversed(range(places[0])):
            if issued[place].split("-")[0] == number:
                if outcomes[issued[place]] != "shown":
                    break
                places.append(place)
        later = [place for place in places if place > last]
        if not later:
            return False
        last = min(later)
    return True


def _digits(number: str) -> list[str]:
    words = ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh"]
    return [words[int(digit)] for digit in number[1:]]
