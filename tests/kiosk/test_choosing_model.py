"""A visitor's way as stories: what is asked, what is seen, and what is forgotten."""

import pytest
from msgspec.structs import replace

from kiosk.choosing_model import ChoosingModel
from kiosk.printer import PrinterReason, PrintOutcome
from kiosk.service_tiles import minutes_of
from kiosk.visit import Absence, KioskChoices, Page
from kiosk.visitor import Visit
from protocol.messages import ConfirmPrint, Estimate, IssueTicket, ReprintTicket
from protocol.session import LinkState
from tests.kiosk.kiosk_story import (
    ALL_CLOSED,
    CLOSED,
    MORNING,
    Story,
    impatient,
    paper_of,
    snapshot,
    ticket,
    welcome,
)


def is_forgotten(model: ChoosingModel) -> bool:
    """Nothing of the visitor is left, not even the language."""
    return model.visit == Visit("id", model.visit.touched_s)


# The way.


def test_two_touches_give_a_number_and_a_paper() -> None:
    story = Story().online()
    assert story.page() is Page.IDLE
    story.start()
    assert story.page() is Page.SERVICES
    story.choose("B")
    assert story.page() is Page.MOMENT
    asked = story.ask.last(IssueTicket)
    assert (asked.service, asked.language, asked.priority) == ("B", "id", "none")
    story.ask.accept(asked, ticket=ticket("B012"))
    assert story.page() is Page.ISSUED
    assert story.shown().ticket.number == "B012"
    story.asked_to_print("B012")
    assert not story.shown().paper_is_out
    story.printed()
    assert story.shown().paper_is_out
    assert story.ask.last(ConfirmPrint).outcome == "printed"
    story.after(7.9)
    assert story.page() is Page.ISSUED
    story.after(0.2)
    assert story.page() is Page.IDLE
    assert is_forgotten(story.model)


def test_no_paper_is_made_from_the_answer_alone() -> None:
    """I9: paper comes from TicketToPrint only."""
    story = Story().online().numbered()
    assert story.printer.submitted == []


def test_the_visitor_sees_what_to_have_ready_as_soon_as_the_server_says_it() -> None:
    story = Story().online().numbered()
    shown = story.shown()
    assert shown.have_ready == []
    story.asked_to_print()
    assert [names["id"] for names in shown.have_ready] == ["KTP asli", "Kartu Keluarga"]


def test_progress_never_claims_a_paper_that_is_not_out() -> None:
    story = Story().online().numbered().asked_to_print()
    shown = story.shown()
    seen = []
    for _ in range(80):
        seen.append(shown.progress())
        story.after(0.1)
    assert seen == sorted(seen)
    assert seen[-1] < 1.0
    story.printed()
    assert shown.progress() == 1.0


def test_finish_leaves_at_once() -> None:
    story = Story().online().numbered().asked_to_print().printed().after(1)
    story.model.finish()
    assert story.page() is Page.IDLE
    assert is_forgotten(story.model)


def test_a_touch_makes_the_number_stay_longer() -> None:
    story = Story().online().numbered().asked_to_print().printed().after(7)
    story.model.touch()
    story.after(7)
    assert story.page() is Page.ISSUED


# Tiles.


def test_tiles_keep_the_order_of_the_branch_whatever_the_counts() -> None:
    story = Story(codes="DCAB").online()
    story.model.on_notice(snapshot(2, codes="ABCD"))
    assert [tile.code for tile in story.model.tiles()] == ["D", "C", "A", "B"]


def test_an_older_snapshot_changes_nothing() -> None:
    story = Story().online()
    story.model.on_notice(snapshot(7, waiting=5))
    story.model.on_notice(snapshot(6, waiting=1))
    assert story.model.waiting_total == 30


def test_after_a_new_welcome_a_lower_revision_counts() -> None:
    """A server restored from its backup counts from further back."""
    story = Story().online()
    story.model.on_notice(snapshot(700, waiting=5))
    story.model.on_welcome(welcome())
    assert story.model.waiting_total == 30, "the old counts stay until the new ones come"
    story.model.on_notice(snapshot(3, waiting=1))
    assert story.model.waiting_total == 6


def test_a_closed_service_says_why_and_cannot_be_chosen() -> None:
    story = Story().online().start()
    story.model.on_notice(snapshot(2, closed="A", used_up="B"))
    closed, used_up, *_ = story.model.tiles()
    assert (closed.open, closed.why) == (False, CLOSED)
    assert (used_up.open, used_up.numbers_used_up) == (False, True)
    story.choose("A").choose("B")
    assert story.ask.asked == []
    assert story.page() is Page.SERVICES


def test_a_closed_hall_is_seen_before_the_first_touch() -> None:
    story = Story().online()
    assert not story.model.all_closed
    assert story.model.why_all_closed is None
    story.model.on_notice(snapshot(2, closed="ABCDEF", why=ALL_CLOSED))
    assert story.model.all_closed
    assert story.model.why_all_closed == ALL_CLOSED
    story.start()
    assert story.page() is Page.IDLE, "there is nothing to choose"


def test_the_clock_alone_opens_the_hall_again() -> None:
    """No event happened, so the snapshot has the revision of the one before."""
    story = Story().online()
    story.model.on_notice(snapshot(2, closed="ABCDEF", why=ALL_CLOSED))
    story.model.on_notice(snapshot(2))
    story.after(1).start()
    assert story.page() is Page.SERVICES


def test_numbers_left_are_told_only_where_they_are_few() -> None:
    story = Story().online()
    story.model.on_notice(snapshot(2, left=5))
    assert {tile.numbers_left for tile in story.model.tiles()} == {5}
    few = snapshot(3, left=480)
    plenty = [replace(one, closing=False) for one in few.services]
    story.model.on_notice(replace(few, services=plenty))
    assert {tile.numbers_left for tile in story.model.tiles()} == {None}


def test_more_than_six_services_lie_on_sheets() -> None:
    story = Story(codes="ABCDEFGHIJKLMN").online().start()
    assert story.model.sheets == 3
    seen = []
    for _ in range(3):
        sheet = "".join(tile.code for tile in story.model.sheet_tiles())
        seen.append(sheet)
        story.after(1).model.turn_sheet()
    assert seen == ["ABCDEF", "GHIJKL", "MN"]
    assert story.model.visit.sheet == 0, "after the last sheet comes the first"


def test_back_goes_to_the_first_sheet_and_then_to_the_beginning() -> None:
    story = Story(codes="ABCDEFG").online().start().after(1)
    story.model.turn_sheet()
    story.after(1).model.back()
    assert (story.page(), story.model.visit.sheet) == (Page.SERVICES, 0)
    story.after(1).model.back()
    assert story.page() is Page.IDLE


def test_a_catalogue_that_shrinks_under_the_visitor_still_shows_services() -> None:
    story = Story(codes="ABCDEFG").online().start().after(1)
    story.model.turn_sheet()
    story.model.on_welcome(welcome("AB"))
    assert [tile.code for tile in story.model.sheet_tiles()] == ["A", "B"]


def test_a_service_without_counts_yet_is_as_open_as_the_catalogue_says() -> None:
    story = Story().online()
    story.model.on_welcome(welcome("ABZ"))
    newest = story.model.tiles()[-1]
    assert (newest.code, newest.open, newest.waiting) == ("Z", True, None)


@pytest.mark.parametrize(
    ("from_s", "to_s", "minutes"),
    [(900, 1500, (15, 25)), (0, 0, (0, 5)), (601, 1201, (10, 25)), (900, 100, (15, 20))],
)
def test_an_estimate_is_widened_to_fives(from_s: int, to_s: int, minutes: tuple[int, int]) -> None:
    assert minutes_of(Estimate(from_s=from_s, to_s=to_s)) == minutes


# "I do not know".


def test_who_does_not_know_gets_a_number_of_the_service_that_informs() -> None:
    story = Story().online().start().after(1)
    story.model.choose_unknown()
    asked = story.ask.last(IssueTicket)
    assert (asked.service, asked.needs) == ("C", ["help"])


def test_a_setting_names_another_service_for_who_does_not_know() -> None:
    story = Story(unknown_service="D").online().start().after(1)
    story.model.choose_unknown()
    assert story.ask.last(IssueTicket).service == "D"


def test_the_mark_of_a_service_may_come_from_the_icons_by_code() -> None:
    choices = KioskChoices(icon_of={"E": "information"}.get)  # type: ignore[arg-type]
    story = Story(codes="ABDE", choices=choices).online()
    tile = story.model.unknown_tile()
    assert tile is not None
    assert tile.code == "E"


def test_without_an_information_service_there_is_nothing_to_offer() -> None:
    story = Story(codes="ABD").online().start().after(1)
    assert story.model.unknown_tile() is None
    story.model.choose_unknown()
    assert story.ask.asked == []


# One intention, one ticket.


def test_a_double_tap_on_a_tile_asks_once() -> None:
    """I6, F45."""
    story = Story().online().start().choose("A")
    story.model.choose("A")
    story.model.choose("B")
    assert len(story.ask.asked) == 1


def test_a_double_tap_on_start_does_not_choose_what_appears_under_the_finger() -> None:
    story = Story().online().start()
    story.model.choose("A")
    assert story.ask.asked == []
    story.after(0.5).model.choose("A")
    assert len(story.ask.asked) == 1


def test_the_second_tap_on_a_tile_does_not_finish_the_number_that_came_between() -> None:
    story = Story().online().numbered()
    story.model.finish()
    assert story.page() is Page.ISSUED


def test_a_lost_answer_is_asked_for_with_the_same_id() -> None:
    """F23: the session gives a wish up after a while; the visitor's intention stays one."""
    story = Story().online().start().choose("A")
    first = story.ask.last(IssueTicket)
    story.lost().after(9)
    story.ask.reject(first, "try-again")
    story.after(1)
    again = story.ask.last(IssueTicket)
    assert again is first
    assert len(story.ask.asked) == 2
    story.online()
    story.ask.accept(again, ticket=ticket())
    assert story.page() is Page.ISSUED


def test_the_pace_of_numbers_is_waited_for_in_silence() -> None:
    """F45: the visitor before was quick; this one reads "one moment", not a rule."""
    story = Story().online().start().choose("A")
    story.ask.reject(
        story.ask.last(IssueTicket), "rate-limited", "Terlalu cepat.", retry_after_s=2.5
    )
    assert story.page() is Page.MOMENT
    story.after(2.0)
    assert len(story.ask.asked) == 1
    story.after(1.0)
    assert len(story.ask.asked) == 2
    assert story.ask.asked[0] is story.ask.asked[1]


# No.


def test_a_refusal_brings_back_the_services_with_the_servers_kind_words() -> None:
    story = Story().online().start().choose("A")
    story.ask.reject(
        story.ask.last(IssueTicket), "service-closed", "Pendaftaran tutup pukul 15.00."
    )
    assert story.page() is Page.SERVICES
    remark = story.remark()
    assert remark.words == "Pendaftaran tutup pukul 15.00."
    story.choose("B")
    assert not story.remarks(), "a new wish starts without the old no"
    assert story.ask.asked[0].id != story.ask.asked[1].id


def test_to_a_visitor_of_another_language_our_own_words_speak() -> None:
    story = Story().online().start()
    story.model.choose_language("en")
    story.choose("A")
    story.ask.reject(story.ask.last(IssueTicket), "service-closed", "Pendaftaran tutup.")
    remark = story.remark()
    assert (remark.reason, remark.words) == ("service-closed", "")


def test_a_no_that_was_read_goes_away() -> None:
    story = Story().online().start().choose("A")
    story.ask.reject(story.ask.last(IssueTicket), "service-closed", "Tutup.")
    story.after(13)
    assert not story.remarks()


def test_an_acceptance_without_a_ticket_is_a_fault_and_no_dead_end() -> None:
    story = Story().online().start().choose("A")
    story.ask.accept(story.ask.last(IssueTicket))
    assert story.page() is Page.SERVICES
    assert story.remark().reason == "internal"


# Languages and forgetting.


def test_the_language_of_the_visitor_goes_with_the_ticket_and_then_away() -> None:
    story = Story().online()
    story.model.choose_language("en")
    story.start().choose("A")
    assert story.ask.last(IssueTicket).language == "en"
    story.ask.accept(story.ask.last(IssueTicket), ticket=ticket())
    story.asked_to_print().printed().after(9)
    assert is_forgotten(story.model)


def test_only_languages_with_texts_are_offered() -> None:
    story = Story().online()
    story.model.on_welcome(welcome(languages=("id", "ban", "en", "jv", "su")))
    assert story.model.languages == ["id", "en", "jv", "su"]
    story.model.choose_language("ban")
    assert story.model.visit.language == "id"


def test_a_language_chosen_and_left_alone_goes_back() -> None:
    story = Story().online()
    story.model.choose_language("en")
    story.after(66)
    assert is_forgotten(story.model)


def test_an_idle_visit_is_asked_and_then_forgotten() -> None:
    story = Story().online().start()
    story.model.choose_language("en")
    story.after(44.9)
    assert story.question() is None
    story.after(0.2)
    assert story.question() == pytest.approx(19.9)
    story.after(19.8)
    assert story.page() is Page.SERVICES
    story.after(0.2)
    assert story.page() is Page.IDLE
    assert is_forgotten(story.model)


def test_still_here_may_be_said_without_end() -> None:
    story = Story().online().start()
    for _ in range(12):
        story.after(60)
        assert story.question() is not None
        story.model.still_here()
        assert story.question() is None
    assert story.page() is Page.SERVICES


# Paper that does not come.


def test_a_failed_paper_shows_the_number_first_and_tells_the_server() -> None:
    """V7, I9."""
    story = Story().online().numbered().asked_to_print().failed()
    assert story.page() is Page.PAPERLESS
    assert story.fault().reason is PrinterReason.PAPER_OUT
    confirm = story.ask.last(ConfirmPrint)
    assert (confirm.job, confirm.outcome) == ("job-A012", "failed")
    assert not story.fault().told
    story.ask.accept(confirm)
    assert story.fault().told, "only now do the staff know"


@pytest.mark.parametrize("outcome", [PrintOutcome.FAILED, PrintOutcome.UNKNOWN])
def test_an_outcome_is_never_guessed(outcome: PrintOutcome) -> None:
    story = Story().online().numbered().asked_to_print().printed(outcome)
    assert story.page() is Page.PAPERLESS
    assert story.ask.last(ConfirmPrint).outcome == outcome.value


def test_a_number_without_paper_stays_a_minute_and_asks_before_it_goes() -> None:
    story = Story().online().numbered().asked_to_print().failed().after(39.9)
    assert story.question() is None
    story.after(0.2)
    assert story.question() is not None
    story.model.still_here()
    story.after(59.8)
    assert story.page() is Page.PAPERLESS
    story.after(0.3)
    assert story.page() is Page.IDLE


def test_noted_leaves_at_once() -> None:
    story = Story().online().numbered().asked_to_print().failed().after(1)
    story.model.noted()
    assert is_forgotten(story.model)


def test_waiting_for_the_paper_asks_once_for_a_reprint() -> None:
    story = Story().online().numbered().asked_to_print().failed().after(1)
    story.model.wait_paper()
    story.model.wait_paper()
    (asked,) = story.ask.of(ReprintTicket)
    assert asked.ticket == "ticket-A012"
    assert story.page() is Page.PAPERLESS
    assert story.shown().reprinting
    assert not story.model.can_reprint
    story.ask.accept(asked, ticket=ticket())
    assert story.shown().reprinting, "until its paper begins"
    story.asked_to_print(copy=2, job="job-2")
    assert story.shown().reprinting
    assert story.page() is Page.PAPERLESS, "the fault stays until the paper is out"
    story.printed()
    assert story.page() is Page.ISSUED
    story.after(9)
    assert story.page() is Page.IDLE
    assert [copy for _, copy in story.printer.copies] == [1, 2]


def test_a_reprint_that_fails_too_may_be_tried_again() -> None:
    story = Story().online().numbered().asked_to_print().failed().after(1)
    story.model.wait_paper()
    story.ask.accept(story.ask.last(ReprintTicket), ticket=ticket())
    story.asked_to_print(copy=2, job="job-2").failed(PrinterReason.COVER_OPEN)
    assert story.fault().reason is PrinterReason.COVER_OPEN
    assert story.model.can_reprint


def test_a_refused_reprint_says_why_and_keeps_the_number() -> None:
    story = Story().online().numbered().asked_to_print().failed().after(1)
    story.model.wait_paper()
    story.ask.reject(story.ask.last(ReprintTicket), "too-late", "Waktunya sudah lewat.")
    assert story.page() is Page.PAPERLESS
    assert story.remark().words == "Waktunya sudah lewat."
    assert story.model.can_reprint


def test_a_reprint_that_nobody_answers_ends() -> None:
    """I14: every wait has a deadline."""
    story = Story().online().numbered().asked_to_print().failed().after(1)
    story.model.wait_paper()
    story.after(61)
    assert not story.shown().reprinting


def test_a_kiosk_without_a_printer_does_not_offer_to_wait() -> None:
    story = Story().online().numbered().asked_to_print().failed(PrinterReason.NO_PRINTER).after(1)
    assert not story.model.can_reprint
    story.model.wait_paper()
    assert story.ask.of(ReprintTicket) == []


def test_without_a_link_a_reprint_cannot_be_asked_for() -> None:
    story = Story().online().numbered().asked_to_print().failed().after(1).lost()
    story.model.wait_paper()
    assert story.ask.of(ReprintTicket) == []
    assert story.page() is Page.PAPERLESS, "the number stays valid and on the screen"


def test_a_printer_that_keeps_silent_is_not_waited_for_without_end() -> None:
    """F31: the number is shown; should the paper come after all, that is seen too."""
    story = Story().online().numbered().asked_to_print().after(12.1)
    assert story.page() is Page.PAPERLESS
    story.printed()
    assert story.page() is Page.ISSUED


def test_a_ticket_for_which_no_paper_is_asked_shows_the_number() -> None:
    story = Story().online().numbered(print="none")
    assert story.page() is Page.PAPERLESS
    silent = Story().online().numbered().after(12.1)
    assert silent.page() is Page.PAPERLESS


def test_who_finished_before_the_paper_failed_sees_the_number_again() -> None:
    story = Story().online().numbered().asked_to_print().after(1)
    story.model.finish()
    assert story.page() is Page.IDLE
    story.failed()
    assert story.page() is Page.PAPERLESS
    story.after(61)
    assert is_forgotten(story.model)


def test_the_next_visitor_never_sees_the_number_of_the_one_before() -> None:
    story = Story().online().numbered().asked_to_print().after(1)
    story.model.finish()
    story.start().failed()
    assert story.page() is Page.SERVICES
    story.after(70)
    assert story.page() is Page.IDLE


def test_who_finished_and_got_the_paper_is_forgotten() -> None:
    story = Story().online().numbered().asked_to_print().after(1)
    story.model.finish()
    story.printed()
    assert story.page() is Page.IDLE


# Papers of others, and papers that are asked for twice.


def test_a_paper_for_somebody_else_is_printed_beside_the_visitors_page() -> None:
    story = Story().online().start()
    story.asked_to_print("D044")
    assert story.page() is Page.SERVICES
    assert story.prints_for_others()
    story.printed()
    assert not story.prints_for_others()
    assert story.ask.last(ConfirmPrint).job == "job-D044"
    assert story.page() is Page.SERVICES


def test_the_failed_paper_of_somebody_else_changes_no_page() -> None:
    story = Story().online().numbered().asked_to_print().printed()
    story.asked_to_print("D044").failed()
    assert story.page() is Page.ISSUED
    assert not story.prints_for_others()


def test_a_job_told_again_while_it_prints_is_printed_once() -> None:
    """I9, F01: the link blinked; the server sends the job again with a higher copy."""
    story = Story().online().numbered().asked_to_print()
    story.lost().online().asked_to_print(copy=2)
    story.printed()
    assert story.printer.copies == [("job-A012", 1)]
    assert story.ask.last(ConfirmPrint).outcome == "printed"
    story.asked_to_print(copy=3)
    assert story.printer.copies == [("job-A012", 1)], "its outcome is still on the way"


def test_a_job_asked_for_again_after_its_outcome_was_heard_is_a_further_copy() -> None:
    story = Story().online().numbered().asked_to_print().printed()
    story.ask.accept(story.ask.last(ConfirmPrint))
    story.asked_to_print(copy=2)
    assert story.printer.copies == [("job-A012", 1), ("job-A012", 2)]


def test_the_same_copy_told_again_is_answered_from_the_journal() -> None:
    story = Story().online().numbered().asked_to_print().printed()
    story.ask.accept(story.ask.last(ConfirmPrint))
    story.asked_to_print()
    assert story.printer.copies == [("job-A012", 1)]
    assert [confirm.outcome for confirm in story.ask.of(ConfirmPrint)] == ["printed", "printed"]


def test_an_outcome_that_the_server_cannot_take_now_is_told_again() -> None:
    story = Story().online().numbered().asked_to_print().printed()
    confirm = story.ask.last(ConfirmPrint)
    story.ask.reject(confirm, "try-again")
    story.after(0.2)
    assert story.ask.is_waiting(confirm)


def test_a_paper_that_came_before_the_answer_is_known_with_the_answer() -> None:
    """After a reconnect the due paper arrives before the repeated command is answered."""
    story = Story().online().start().choose("A")
    story.lost().online().asked_to_print(copy=2).printed()
    story.ask.accept(story.ask.last(IssueTicket), ticket=ticket())
    assert story.page() is Page.ISSUED
    assert story.shown().paper_is_out
    story.after(8.1)
    assert story.page() is Page.IDLE


# The link.


def test_before_the_first_welcome_the_kiosk_says_that_it_starts() -> None:
    story = Story()
    assert (story.page(), story.absence()) == (Page.AWAY, Absence.STARTING)
    story.lost(reason="unreachable")
    assert story.absence() is Absence.LOST
    story.online()
    assert story.page() is Page.IDLE


def test_a_short_loss_is_a_line_on_the_idle_page_and_a_long_one_a_page() -> None:
    """F16."""
    story = Story().online().after(5).lost().after(2.9)
    assert (story.page(), story.has_link()) == (Page.IDLE, False)
    story.after(0.2)
    assert (story.page(), story.absence()) == (Page.AWAY, Absence.LOST)
    story.online()
    assert story.page() is Page.IDLE


def test_a_loss_while_choosing_comes_back_to_choosing() -> None:
    story = Story().online().start().lost().after(4)
    assert story.page() is Page.AWAY
    story.online()
    assert story.page() is Page.SERVICES
    story.lost().after(70).online()
    assert story.page() is Page.IDLE, "nobody waits there for ever"


def test_a_loss_after_the_touch_keeps_the_wish_and_shows_the_number_when_it_comes() -> None:
    """F01: one moment, then that it goes on trying, then the page of the lost link."""
    story = Story().online().start().choose("A")
    story.after(1.9)
    assert not story.waits_long()
    story.after(0.2)
    assert story.waits_long()
    assert story.page() is Page.MOMENT, "the link may be well"
    story.lost()
    assert (story.page(), story.absence()) == (Page.AWAY, Absence.ASKING)
    story.after(40).online()
    assert story.page() is Page.MOMENT
    story.ask.accept(story.ask.last(IssueTicket), ticket=ticket())
    assert story.page() is Page.ISSUED


def test_a_wish_without_an_answer_is_given_up_after_a_minute() -> None:
    story = Story().online().start().choose("A").lost().after(59.9)
    assert story.absence() is Absence.ASKING
    story.after(0.3)
    assert story.absence() is Absence.LOST
    assert is_forgotten(story.model)
    story.ask.accept(story.ask.last(IssueTicket), ticket=ticket())
    assert story.page() is Page.AWAY, "whoever stands there now did not ask for it"


def test_a_loss_while_the_number_is_shown_changes_nothing_for_the_visitor() -> None:
    story = Story().online().numbered().asked_to_print().lost().after(4)
    assert story.page() is Page.ISSUED
    story.printed()
    assert story.shown().paper_is_out


def test_a_refused_device_says_so_at_once() -> None:
    story = Story().online().lost(LinkState.REFUSED, "bad-token")
    assert (story.page(), story.absence()) == (Page.AWAY, Absence.REFUSED)


def test_a_restart_of_the_server_goes_on_where_the_visitor_was() -> None:
    story = Story().online().start().lost().after(1).online()
    assert story.page() is Page.SERVICES
    story.choose("A")
    assert story.ask.last(IssueTicket).service == "A"


def test_the_clock_is_the_servers() -> None:
    story = Story().online().after(60)
    assert (story.model.server_now() - MORNING).total_seconds() == pytest.approx(60)


def test_every_change_is_told() -> None:
    story = Story()
    told: list[Page] = []
    story.model.changed = lambda: told.append(story.page())
    story.online().start()
    assert told[-1] is Page.SERVICES


def test_what_the_kiosk_remembers_of_papers_is_bounded() -> None:
    """I14."""
    story = Story(patience=impatient(issued_s=1.0)).online()
    for number in range(300):
        story.model.on_notice(paper_of(ticket(f"A{number:03}")))
        story.printed()
        story.ask.accept(story.ask.last(ConfirmPrint))
    assert not story.model.papers.of_ticket("ticket-A000")
    assert story.model.papers.of_ticket("ticket-A299")
