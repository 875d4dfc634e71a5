"""The TV's stories, without Qt: what stands on the card, what is confirmed, what is stale."""

from datetime import timedelta

import pytest

from protocol.messages import MissedNumber, WaitingCount
from protocol.session import LinkState, LinkStatus
from tests.display.board_story import Tv
from voice.port import VoiceHealth, VoiceResult

# The card and the history.


def test_a_call_is_on_the_card_before_any_snapshot_shows_it() -> None:
    tv = Tv()
    tv.call("A012", 3, snapshot=False)
    assert tv.card == "A012 loket 3"
    assert tv.model.card is not None
    assert tv.model.card.is_due


def test_the_call_before_moves_into_the_history() -> None:
    tv = Tv()
    tv.call("A012", 3)
    tv.wait_for_silence()
    tv.call("B007", 1)
    assert tv.card == "B007 loket 1"
    assert tv.history == ["A012"]


def test_a_second_call_waits_for_the_voice_but_is_in_the_history_at_once() -> None:
    tv = Tv()
    tv.call("A012", 3)
    tv.wait(1)
    tv.call("B007", 1, snapshot=False)
    assert tv.card == "A012 loket 3"
    assert tv.history == ["B007"]
    tv.wait_for_silence()
    assert tv.card == "B007 loket 1"
    assert tv.history == ["A012"]


def test_the_card_shows_what_is_spoken_in_a_burst() -> None:
    tv = Tv()
    numbers = [f"A{number:03}" for number in range(1, 9)]
    for number in numbers:
        tv.call(number)
    while tv.model.speaking is not None:
        spoken = tv.model.speaking.split("-")[0]
        assert tv.card.startswith(spoken)
        tv.wait(0.05)
    assert tv.seen == numbers


def test_a_withdrawn_call_leaves_card_and_history_before_the_next_snapshot() -> None:
    """L3: the undone call is gone from the TV at once, voice or not."""
    for voice in (True, False):
        tv = Tv(voice=voice)
        tv.call("A012", 3)
        tv.wait_for_silence()
        tv.move("A012", "serving")
        tv.wait(10)
        tv.call("P004", 3)
        assert tv.card == "P004 loket 3"
        tv.withdraw("P004", 3)
        assert tv.card == "A012 loket 3", "the card goes back to the call that stands"
        assert tv.history == []
        tv.move("P004", "waiting")
        tv.wait(1)
        assert tv.card == "A012 loket 3"
        assert tv.confirmed[-1] == ("P004-1", "shown")


def test_a_withdrawn_call_that_waited_for_the_voice_is_only_taken_out() -> None:
    tv = Tv()
    tv.call("A012", 3)
    tv.wait(1)
    tv.call("P004", 2)
    tv.withdraw("P004", 2)
    assert tv.card == "A012 loket 3"
    assert tv.history == []
    tv.wait_for_silence()
    assert sorted(tv.confirmed) == [("A012-1", "spoken"), ("P004-1", "shown")]


def test_a_number_that_is_called_again_after_its_withdrawal_is_shown_again() -> None:
    tv = Tv(voice=False)
    tv.call("P004", 2)
    tv.withdraw("P004", 2)
    assert tv.card == ""
    tv.call("P004", 5, call_count=1, snapshot=False, again="anew")
    assert tv.card == "P004 loket 5"


def test_calls_that_are_not_voiced_take_turns_of_three_seconds() -> None:
    tv = Tv(voice=False)
    for number in ("A001", "A002", "A003"):
        tv.call(number)
    assert tv.card == "A001 loket 1"
    assert tv.history == ["A003", "A002"]
    tv.wait(2.9)
    assert tv.card == "A001 loket 1"
    tv.wait(0.2)
    assert tv.card == "A002 loket 1"
    tv.wait(3)
    assert tv.card == "A003 loket 1"
    assert tv.seen == ["A001", "A002", "A003"]


def test_the_least_time_on_the_card_can_be_set() -> None:
    tv = Tv(voice=False, card_least_s=1.0)
    tv.call("A001")
    tv.call("A002")
    tv.wait(1.1)
    assert tv.card == "A002 loket 1"


def test_a_visitor_who_has_arrived_needs_no_turn() -> None:
    tv = Tv(voice=False)
    for number in ("A001", "A002", "A003"):
        tv.call(number)
    tv.move("A002", "serving")
    tv.wait(4)
    assert tv.seen == ["A001", "A003"]


def test_a_spoken_call_takes_the_card_when_a_silent_one_has_had_its_time() -> None:
    tv = Tv(voiced_counters={1})
    tv.call("A001", 5)
    tv.call("B001", 1)
    assert tv.card == "A001 loket 5"
    tv.wait(3.1)
    assert tv.card == "B001 loket 1"


def test_the_card_rests_on_the_last_call_and_says_that_it_is_no_longer_due() -> None:
    tv = Tv()
    tv.call("A012", 3)
    tv.wait_for_silence()
    tv.move("A012", "serving")
    card = tv.model.card
    assert card is not None
    assert (card.number, card.is_due) == ("A012", False)
    tv.move("A012", "finished")
    assert tv.card == "A012 loket 3"


def test_a_call_that_is_taken_back_leaves_the_card_and_is_not_spoken_on() -> None:
    tv = Tv()
    tv.call("A011", 2)
    tv.wait_for_silence()
    tv.call("A012", 3)
    tv.wait(1)
    tv.move("A012", "waiting")
    tv.wait(0.1)
    assert tv.card == "A011 loket 2"
    assert tv.model.speaking is None


def test_a_snapshot_that_is_older_than_the_call_takes_nothing_back() -> None:
    tv = Tv()
    tv.call("A012", 3, snapshot=False)
    was = tv.calls.pop("A012")
    tv.show()
    tv.wait(0.2)
    assert tv.card == "A012 loket 3"
    tv.calls["A012"] = was
    tv.show()
    tv.wait(1)
    assert tv.card == "A012 loket 3"


def test_a_missed_number_leaves_the_card_and_stands_among_the_missed() -> None:
    tv = Tv()
    tv.call("A012", 3)
    tv.wait_for_silence()
    until = tv.clock.now() + timedelta(minutes=10)
    tv.missed = [MissedNumber(number="A012", valid_until=until)]
    tv.move("A012", "no-show")
    assert tv.card == ""
    assert tv.history == []
    assert [missed.number for missed in tv.model.missed] == ["A012"]
    tv.wait(601)
    assert tv.model.missed == ()


def test_priority_is_known_with_the_snapshot() -> None:
    tv = Tv()
    tv.call("P001", 2)
    tv.wait_for_silence()
    tv.call("A001", 1)
    assert tv.model.card is not None
    assert not tv.model.card.priority
    assert [row.priority for row in tv.model.history] == [True]


def test_waiting_counts_and_text_come_as_they_are() -> None:
    tv = Tv()
    tv.waiting = [WaitingCount(service="A", count=6, estimate=None)]
    tv.show()
    assert [(count.service, count.count) for count in tv.model.waiting] == [("A", 6)]
    assert tv.model.text == {"id": "Siapkan KTP dan KK Anda."}


# Recalls and pulses.


def test_each_new_call_pulses_once() -> None:
    tv = Tv()
    pulses = []
    for number in ("A001", "A002"):
        tv.call(number)
        tv.wait_for_silence()
        tv.show()
        pulses.append(tv.pulse)
    assert pulses == [1, 2]


def test_a_recall_pulses_again_and_says_which_call_it_is() -> None:
    tv = Tv()
    tv.call("A012", 3)
    tv.wait_for_silence()
    first = tv.model.card
    tv.call("A012", 3, call_count=2)
    again = tv.model.card
    assert first is not None
    assert again is not None
    assert (again.number, again.call_count) == ("A012", 2)
    assert again.pulse > first.pulse
    assert again.is_due


def test_a_recall_of_an_older_number_brings_it_back_to_the_card() -> None:
    tv = Tv()
    for number in ("A012", "B007"):
        tv.call(number)
        tv.wait_for_silence()
    tv.call("A012", call_count=2)
    assert tv.card == "A012 loket 1"
    assert tv.history == ["B007"]


def test_a_recall_that_waits_for_the_voice_pulses_at_once_if_its_number_has_the_card() -> None:
    tv = Tv()
    tv.call("A012", 3)
    tv.wait(6)
    assert tv.pulse == 1
    tv.call("A012", 3, call_count=2)
    assert tv.pulse == 2
    tv.wait_for_silence()
    assert tv.pulse == 2


# Confirmations.


def test_a_spoken_call_is_confirmed_once_when_it_was_heard() -> None:
    tv = Tv()
    tv.call("A012", 3)
    assert tv.confirmed == []
    tv.wait_for_silence()
    assert tv.confirmed == [("A012-1", "spoken")]


def test_calls_of_other_counters_are_shown_and_confirmed_as_shown() -> None:
    tv = Tv(voiced_counters={1, 2})
    tv.call("A012", 3)
    assert tv.confirmed == [("A012-1", "shown")]
    assert tv.voice.namings == []
    tv.call("A013", 2)
    tv.wait_for_silence()
    assert tv.confirmed == [("A012-1", "shown"), ("A013-1", "spoken")]


def test_without_a_voice_every_call_is_confirmed_as_shown() -> None:
    tv = Tv(voice=False)
    tv.call("A012")
    assert tv.confirmed == [("A012-1", "shown")]


def test_a_voice_without_a_device_is_confirmed_as_failed_and_the_call_is_on_the_card() -> None:
    tv = Tv()
    tv.voice.health = VoiceHealth.NO_DEVICE
    tv.voice.breaks = [VoiceResult("failed", heard=False, health=VoiceHealth.NO_DEVICE)]
    tv.call("A012", 3)
    tv.wait(1)
    assert tv.confirmed == [("A012-1", "failed")]
    assert tv.card == "A012 loket 3"
    assert tv.model.voice.silent


def test_a_burst_is_confirmed_call_by_call_exactly_once() -> None:
    tv = Tv()
    numbers = [f"A{number:03}" for number in range(1, 41)]
    for number in numbers:
        tv.call(number)
    tv.wait_for_silence()
    assert sorted(key for key, _ in tv.confirmed) == [f"{number}-1" for number in numbers]


def test_an_announcement_that_comes_twice_is_spoken_and_confirmed_once() -> None:
    tv = Tv()
    announcement = tv.call("A012", 3)
    tv.model.on_notice(announcement)
    tv.wait_for_silence()
    assert len(tv.voice.namings) == 2  # one call, named twice by habit
    assert tv.confirmed == [("A012-1", "spoken")]


def test_after_a_reconnect_a_spoken_call_is_confirmed_again_but_not_spoken_again() -> None:
    tv = Tv()
    announcement = tv.call("A012", 3)
    tv.wait_for_silence()
    namings = len(tv.voice.namings)
    tv.lose()
    tv.reconnect(again=(announcement,))
    tv.wait(5)
    assert len(tv.voice.namings) == namings
    assert tv.confirmed == [("A012-1", "spoken"), ("A012-1", "spoken")]
    assert len({command.id for command in tv.asked}) == 2


def test_a_confirmation_that_still_waits_for_its_answer_is_not_asked_a_second_time() -> None:
    tv = Tv()
    tv.server_answers = False
    announcement = tv.call("A012", 3)
    tv.wait_for_silence()
    tv.lose()
    tv.reconnect(again=(announcement,))
    assert tv.confirmed == [("A012-1", "spoken")]  # the session sends that one again


def test_a_refused_confirmation_is_not_repeated_by_itself() -> None:
    tv = Tv()
    tv.server_answers = False
    tv.call("A012", 3)
    tv.wait_for_silence()
    tv.answer_all(reason="unknown-ticket")
    tv.wait(60)
    assert tv.confirmed == [("A012-1", "spoken")]


def test_a_call_made_long_before_the_reconnect_is_shown_and_not_spoken_f18() -> None:
    tv = Tv()
    tv.lose()
    late = tv.announcement("A012", 3)
    fresh = tv.announcement("B007", 1)
    tv.call_unseen("A012", 3)
    tv.wait(21)
    tv.call_unseen("B007", 1)
    tv.reconnect(again=(late, fresh))
    tv.wait_for_silence()
    assert [naming.text for naming in tv.voice.namings if "tujuh" not in naming.text] == []
    assert dict(tv.confirmed) == {"A012-1": "shown", "B007-1": "spoken"}


# The link.


def test_before_the_first_snapshot_a_friendly_page_waits_f41() -> None:
    tv = Tv(connected=False)
    assert tv.model.page == "waiting"
    tv.lose("unreachable")
    tv.wait(600)
    assert tv.model.page == "waiting"
    tv.reconnect()
    assert tv.model.page == "board"


def test_a_refused_display_says_so_and_recovers_by_itself() -> None:
    tv = Tv(connected=False)
    tv.lose("bad-token", LinkState.REFUSED)
    assert tv.model.page == "refused"
    tv.reconnect()
    assert tv.model.page == "board"


def test_the_loss_is_shown_at_once_and_stamped_after_five_seconds_f18() -> None:
    tv = Tv()
    tv.call("A012", 3)
    tv.wait_for_silence()
    lost_at = tv.clock.now()
    tv.lose()
    assert tv.freshness == "lost"
    assert tv.model.data_at == lost_at
    tv.wait(4.9)
    assert tv.freshness == "lost"
    tv.wait(0.2)
    assert tv.freshness == "stale"
    tv.wait(55)
    assert tv.freshness == "unattended"
    assert tv.card == "A012 loket 3"


def test_one_snapshot_makes_it_right_again() -> None:
    tv = Tv()
    tv.call("A012", 3)
    tv.wait_for_silence()
    tv.lose()
    tv.wait(70)
    tv.move_unseen("A012", "finished")
    tv.call_unseen("C030", 4)
    tv.move_unseen("C030", "serving")
    tv.reconnect()
    assert tv.freshness == "fresh"
    assert tv.model.data_at is None
    assert tv.card == "C030 loket 4"
    assert tv.history == ["A012"]


def test_a_connection_without_a_snapshot_does_not_make_old_data_new() -> None:
    tv = Tv()
    lost_at = tv.clock.now()
    tv.lose()
    tv.wait(6)
    tv.model.on_link(LinkStatus(LinkState.ONLINE, tv.clock.elapsed_s))
    assert tv.freshness == "stale"
    tv.lose("server-closing")
    assert tv.model.data_at == lost_at


def test_a_token_that_is_taken_away_in_the_day_leaves_the_last_calls() -> None:
    tv = Tv()
    tv.call("A012", 3)
    tv.lose("bad-token", LinkState.REFUSED)
    tv.wait(61)
    assert tv.model.page == "board"
    assert tv.card == "A012 loket 3"
    assert tv.freshness == "unattended"


def test_many_snapshots_without_news_change_nothing_between_minutes() -> None:
    tv = Tv()
    tv.wait(1)
    before = tv.changes
    tv.wait(50)
    assert tv.changes == before
    tv.wait(20)
    assert tv.changes == before + 1  # the clock


@pytest.mark.parametrize(
    ("zone", "wall", "name"),
    [
        ("Asia/Jakarta", "08:00", "WIB"),
        ("Asia/Makassar", "09:00", "WITA"),
        ("Asia/Jayapura", "10:00", "WIT"),
    ],
)
def test_the_clock_is_the_branchs(zone: str, wall: str, name: str) -> None:
    now = Tv(zone=zone).model.branch_time()
    assert (f"{now:%H:%M}", now.tzname()) == (wall, name)


def test_an_unknown_zone_is_no_reason_to_stop() -> None:
    tv = Tv(zone="Asia/Nowhere")
    tv.call("A012", 3)
    assert tv.card == "A012 loket 3"
