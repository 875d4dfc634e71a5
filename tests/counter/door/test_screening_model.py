"""The desk at the door without a window: nothing waits, nothing doubles, nothing personal stays."""

import gc
from datetime import date

import pytest

from counter.door.door_dates import DayError, read_day
from counter.door.door_health import fallen, signs_of
from counter.door.screening_draft import VisitorDraft
from protocol.identifiers import Identifier
from protocol.messages import (
    AdviseVisitor,
    CancelTicket,
    CorrectTicket,
    FileComplaint,
    FindMember,
    KioskService,
    ListComplaints,
    PrintSlip,
    RecordGuest,
    RecordScreening,
    ReprintTicket,
    RevealRecord,
    SignIn,
    UpdateComplaint,
)
from protocol.session import LinkState
from tests.counter.door.door_words import (
    BUDI,
    CARD,
    NIK,
    PAPERLESS,
    REACTIVATION,
    DoorStory,
    advice,
    complaint,
    display,
    hall,
    kiosk,
    member,
    printed,
    recent,
)


@pytest.fixture
def story() -> DoorStory:
    return DoorStory().stand()


def recorded(story: DoorStory) -> RecordScreening:
    return story.asked.the(RecordScreening)


# Signing in.


def test_the_officer_signs_in_without_a_counter() -> None:
    story = DoorStory().welcome()
    assert story.sign_in.sign_in("budi", "1234")
    assert story.asked.the(SignIn).counter is None
    story.asked.accept(2)
    assert story.door.occupied
    story.door.on_notice(hall(3))
    assert story.screening.hall.waiting_total == 14


def test_who_gets_up_takes_everything_along(story: DoorStory) -> None:
    story.visitor.take_identifier(NIK)
    assert story.screening.errands.sign_out()
    story.asked.accept(11)
    assert not story.door.occupied
    assert story.visitor.draft.identifier is None
    assert story.screening.hall.snapshot is None


# Who it is.


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        (NIK, "nik"),
        ("35 7801 450990 0002", "nik"),
        (f"]C1{NIK}\n", "nik"),
        (CARD, "card"),
        ("paspor A1234567", "passport"),
    ],
)
def test_a_number_is_taken_as_it_is_typed_pasted_or_scanned(
    story: DoorStory, typed: str, kind: str
) -> None:
    assert story.visitor.take_identifier(typed)
    draft = story.visitor.draft
    assert draft.identifier is not None
    assert draft.identifier.kind == kind
    assert draft.masked.startswith("***")


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("3578014513900002", "month"),
        ("357801450990000", "length"),
        ("SITI RAHAYU", "letters"),
        (f"{NIK} {CARD}", "ambiguous"),
        ("9" * 10_000, "too-long"),
        ("\u202e\u2066\x00\x07", "empty"),
    ],
)
def test_a_refused_number_says_which_rule_and_never_stops_the_visitor(
    story: DoorStory, typed: str, rule: str
) -> None:
    assert not story.visitor.take_identifier(typed)
    assert story.visitor.wrong_number is not None
    assert story.visitor.wrong_number.code == rule
    story.visitor.choose_service("A")
    assert story.screening.number()
    assert recorded(story).identifier is None


def test_a_passport_of_digits_alone_keeps_its_word_on_the_wire(story: DoorStory) -> None:
    story.visitor.take_identifier("paspor 12345678")
    story.visitor.choose_service("A")
    story.screening.number()
    assert recorded(story).identifier == "PASPOR 12345678"


def test_the_directory_fills_in_what_nobody_has_said_yet(story: DoorStory) -> None:
    story.visitor.set_membership("active")
    story.visitor.take_identifier(NIK)
    story.inquired.the(FindMember)
    assert story.visitor.look_up.state == "searching"
    story.inquired.answer(directory="found", member=member())
    draft = story.visitor.draft
    assert (draft.segment, draft.membership) == ("PBI-APBN", "active")
    assert draft.decree_on == date(2026, 9, 1)


def test_what_the_directory_said_goes_with_the_number(story: DoorStory) -> None:
    story.visitor.take_identifier(NIK)
    story.inquired.answer(directory="found", member=member())
    story.visitor.set_membership("active")
    story.visitor.clear_identifier()
    draft = story.visitor.draft
    assert (draft.segment, draft.membership, draft.decree_on) == (None, "active", None)
    assert story.visitor.look_up.member is None


def test_a_slow_directory_holds_nobody_up(story: DoorStory) -> None:
    """Look-ups are queries with a deadline: a slow directory never delays a ticket."""
    story.visitor.take_identifier(NIK)
    at = len(story.inquired.queries) - 1
    story.visitor.choose_service("A")
    assert story.screening.hindrance("ticket") == ""
    assert story.screening.number()
    story.asked.accept(11, ticket=printed("A013"), screening="s-1")
    # It comes when the next visitor stands there: it is nobody's.
    story.inquired.answer(at, directory="found", member=member())
    assert story.visitor.draft.segment is None


def test_the_directorys_refusal_leaves_the_ticks_to_the_officer(story: DoorStory) -> None:
    story.visitor.take_identifier(NIK)
    story.inquired.refuse("bad-identifier", "")
    assert story.visitor.look_up.state == "unreachable"
    story.visitor.set_segment("PBPU")
    assert story.visitor.draft.segment == "PBPU"


# Papers and advice.


def test_papers_nobody_looked_at_are_not_missing(story: DoorStory) -> None:
    story.visitor.choose_matter("identity-change")
    assert story.visitor.draft.missing(story.visitor.needed()) == []
    story.screening.number()
    assert (recorded(story).papers, recorded(story).missing) == ([], [])


def test_papers_follow_matter_and_segment(story: DoorStory) -> None:
    visitor = story.visitor
    visitor.choose_matter("identity-change")
    assert visitor.needed() == ["ktp", "kk", "kis"]
    visitor.set_segment("PBI-APBN")
    assert "village-letter" in visitor.needed()
    visitor.tick_paper("ktp")
    assert visitor.draft.missing(visitor.needed()) == ["kk", "kis", "village-letter"]
    visitor.all_papers()
    assert visitor.draft.missing(visitor.needed()) == []
    visitor.all_papers()
    assert not visitor.draft.checked


def test_the_servers_papers_win(story: DoorStory) -> None:
    story.visitor.choose_matter("identity-change")
    story.inquired.answer(papers=["ktp"], advice=[])
    assert story.visitor.needed() == ["ktp"]
    story.visitor.choose_matter("deceased")
    assert "death-letter" in story.visitor.needed()


def test_advice_is_asked_once_for_each_state_and_without_who_it_is(story: DoorStory) -> None:
    story.visitor.take_identifier(NIK)
    story.visitor.choose_matter("identity-change")
    asked = [query for query in story.inquired.queries if isinstance(query, AdviseVisitor)]
    story.visitor.set_priority("elderly")
    story.visitor.set_note("halo")
    story.visitor.take_identifier(CARD)
    again = [query for query in story.inquired.queries if isinstance(query, AdviseVisitor)]
    assert len(again) == len(asked)
    assert NIK not in repr(again)


def test_advice_that_blocks_is_gone_over_with_a_reason_only(story: DoorStory) -> None:
    visitor = story.visitor
    visitor.choose_matter("identity-change")
    story.inquired.answer(papers=["ktp"], advice=[advice(), REACTIVATION])
    assert not story.screening.number()
    assert story.screening.asker.remark is not None
    assert story.screening.asker.remark.code == "screening-why.advice-stands"
    assert story.screening.hindrance("solved") == ""
    visitor.override("identity-first", "patient-in-care")
    assert story.screening.number()
    assert recorded(story).overrides == {"identity-first": "patient-in-care"}


def test_an_override_of_a_rule_that_says_nothing_any_more_is_gone(story: DoorStory) -> None:
    story.visitor.choose_matter("identity-change")
    story.inquired.answer(papers=["ktp"], advice=[advice()])
    story.visitor.override("identity-first", "other")
    story.visitor.tick_paper("ktp")
    story.inquired.answer(papers=["ktp"], advice=[])
    assert story.visitor.draft.overrides == {}


def test_the_answer_to_an_older_question_is_dropped(story: DoorStory) -> None:
    story.visitor.choose_matter("identity-change")
    first = len(story.inquired.queries) - 1
    story.visitor.set_segment("PBPU")
    story.inquired.answer(advice=[], papers=["ktp"])
    story.inquired.answer(first, advice=[advice()], papers=["kk"])
    assert story.visitor.advising.advice == []


@pytest.mark.parametrize(
    ("matter", "membership", "segment", "asked"),
    [
        ("newborn", None, None, ["born_on"]),
        ("facility-change", None, None, ["facility_changed_on"]),
        ("bill", "pbi-inactive", None, ["decree_on", "nik_mismatch"]),
        ("bill", None, "PBI-APBD", ["nik_mismatch"]),
        ("bill", None, "PBPU", []),
    ],
)
def test_days_are_asked_only_where_the_errand_needs_them(
    story: DoorStory, matter: str, membership: str | None, segment: str | None, asked: list[str]
) -> None:
    story.visitor.choose_matter(matter)
    if membership:
        story.visitor.set_membership(membership)
    if segment:
        story.visitor.set_segment(segment)
    assert story.visitor.asked() == asked


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("31-12-2025", date(2025, 12, 31)),
        ("1/2/26", date(2026, 2, 1)),
        ("01032026", date(2026, 3, 1)),
        ("", None),
    ],
)
def test_days_are_read_as_people_write_them(typed: str, day: date | None) -> None:
    assert read_day(typed, date(2026, 11, 20)) == day


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("30-02-2026", "no-such-day"),
        ("31-11-2026", "no-such-day"),
        ("21-11-2026", "later"),
        ("kemarin", "form"),
        ("٠١-٠٢-٢٠٢٦", "form"),
        ("1-1-2026" * 500, "form"),
    ],
)
def test_impossible_days_are_refused(typed: str, why: str) -> None:
    with pytest.raises(DayError) as refused:
        read_day(typed, date(2026, 11, 20))
    assert refused.value.code == why


# How it goes on.


def test_everything_that_was_put_down_goes_into_one_command(story: DoorStory) -> None:
    visitor = story.visitor
    visitor.take_identifier(NIK)
    visitor.choose_matter("identity-change")
    visitor.set_segment("PBPU")
    visitor.set_membership("active")
    visitor.tick_paper("ktp")
    visitor.set_priority("pregnant")
    visitor.toggle_need("wheelchair")
    visitor.set_persons(3)
    visitor.set_companion(True)
    visitor.set_note("  KK \u202ebaru\x07 ")
    story.screening.choose_kiosk("kiosk-2")
    assert story.screening.number()
    command = recorded(story)
    assert (command.outcome, command.service, command.matter) == ("ticket", "B", "identity-change")
    assert (command.segment, command.membership) == ("PBPU", "active")
    assert (command.papers, command.missing) == (["ktp"], ["kk", "kis"])
    assert (command.priority, command.needs, command.weight) == ("pregnant", ["wheelchair"], 3)
    assert (command.companion, command.note, command.print_at) == (True, "KK baru", "kiosk-2")
    assert command.identifier == NIK
    assert command.started_at is not None
    assert story.remembered == ["kiosk-2"]


def test_nothing_personal_stays_after_the_outcome(story: DoorStory) -> None:
    """Privacy: a number and a note are forgotten when the answer is there, in memory, too."""
    story.visitor.take_identifier("3578014509900003")
    story.visitor.set_note("Bapak Slamet dari Gang Mawar")
    story.visitor.choose_service("A")
    story.screening.number()
    story.asked.accept(11, ticket=printed("A013"), screening="s-1")
    # What the made-up server remembers is not the desk's.
    story.asked.commands.clear()
    story.inquired.forget()
    gc.collect()
    kinds = (VisitorDraft, Identifier, RecordScreening)
    held = [each for each in gc.get_objects() if isinstance(each, kinds)]
    told = [
        each
        for each in held
        if "3578014509900003" in (getattr(each, "value", ""), getattr(each, "identifier", ""))
        or "Gang Mawar" in getattr(each, "note", "")
    ]
    assert told == []
    assert story.visitor.draft.identifier is None
    assert story.visitor.draft.note == ""
    assert story.visitor.look_up.state == ""
    assert "3578014509900003" not in repr(story.screening.outcome)


def test_the_same_wish_has_the_same_id_however_often_it_is_pressed(story: DoorStory) -> None:
    """I1: an answer that was lost and a second press make one number."""
    story.visitor.choose_service("A")
    story.screening.number()
    first = recorded(story).id
    story.asked.reject("try-again")
    story.pass_s(3)
    assert story.screening.number()
    assert recorded(story).id == first
    story.asked.accept(11, ticket=printed("A013"), screening="s-1")
    # The next visitor in the same words is somebody else.
    story.visitor.choose_service("A")
    story.screening.number()
    assert recorded(story).id != first


def test_a_changed_wish_is_another_command(story: DoorStory) -> None:
    story.visitor.choose_service("A")
    story.screening.number()
    first = recorded(story).id
    story.asked.reject("try-again")
    story.visitor.set_priority("elderly")
    story.screening.number()
    assert recorded(story).id != first


def test_a_second_press_while_asking_is_not_heard(story: DoorStory) -> None:
    story.visitor.choose_service("A")
    assert story.screening.number()
    assert not story.screening.number()
    assert len(story.asked.commands) == 1


def test_a_lost_link_keeps_what_was_typed(story: DoorStory) -> None:
    """F17: what was put down stays; nothing is asked until the hall is known again."""
    story.visitor.take_identifier(NIK)
    story.visitor.choose_matter("identity-change")
    story.link(LinkState.LOST, "closed")
    assert not story.screening.number()
    assert story.visitor.draft.matter == "identity-change"
    story.visitor.set_segment("PBPU")
    story.link(LinkState.ONLINE)
    assert story.screening.hindrance("ticket") == "no-snapshot"
    story.welcome(BUDI)
    story.door.on_notice(hall(20))
    assert story.screening.number()
    assert recorded(story).segment == "PBPU"
    assert recorded(story).identifier == NIK


def test_with_screened_kiosks_a_code_may_be_sent(story: DoorStory) -> None:
    story.stand(kiosk_mode="screened", revision=20)
    assert story.screening.hall.printers() == ["kiosk-1", "kiosk-2", "code"]
    story.screening.choose_kiosk("code")
    assert story.remembered == []
    story.visitor.choose_service("A")
    story.screening.number()
    assert (recorded(story).outcome, recorded(story).print_at) == ("code", "kiosk-1")
    story.asked.accept(21, screening="s-1", code="K7M4Q", slip="job")
    assert story.screening.outcome is not None
    assert story.screening.outcome.code == "K7M4Q"


def test_a_code_is_for_screened_kiosks_only(story: DoorStory) -> None:
    story.screening.choose_kiosk("code")
    assert story.screening.chosen_printer() == "kiosk-1"


def test_the_kiosk_of_last_time_prints_and_a_lost_one_gives_way() -> None:
    story = DoorStory("kiosk-9").stand(devices=[kiosk(1, connected=False), kiosk(2)])
    assert story.screening.chosen_printer() == "kiosk-2"
    story.screening.next_kiosk()
    assert story.screening.chosen_printer() == "kiosk-1"


def test_a_service_that_gives_no_numbers_says_so(story: DoorStory) -> None:
    closed = KioskService(
        code="A",
        open=False,
        why={"id": "Kuota habis"},
        waiting=0,
        estimate=None,
        numbers_left=0,
    )
    story.door.on_notice(hall(11, services=[closed]))
    story.visitor.choose_service("A")
    assert story.screening.hindrance("ticket") == "service-closed"
    assert story.screening.hindrance("solved") == ""


def test_to_come_again_needs_a_missing_paper(story: DoorStory) -> None:
    story.visitor.choose_matter("identity-change")
    assert story.screening.hindrance("return") == "nothing-missing"
    story.visitor.tick_paper("ktp")
    assert story.screening.record("return")
    assert recorded(story).missing == ["kk", "kis"]
    assert recorded(story).print_at == "kiosk-1"


def test_what_is_solved_prints_nothing(story: DoorStory) -> None:
    assert story.screening.record("solved", reason="information")
    assert (recorded(story).reason, recorded(story).print_at) == ("information", None)


def test_the_next_visitor_begins_with_the_first_touch(story: DoorStory) -> None:
    story.visitor.choose_service("A")
    story.visitor.set_priority("elderly")
    story.screening.number()
    story.asked.accept(11, ticket=printed("P006"), screening="s-1")
    assert story.screening.outcome is not None
    story.visitor.choose_service("B")
    assert story.screening.outcome is None
    assert story.visitor.draft.priority == "none"


def test_an_older_snapshot_does_not_undo_an_answer(story: DoorStory) -> None:
    story.visitor.choose_service("A")
    story.screening.number()
    story.asked.accept(15, ticket=printed("A013"), screening="s-1")
    story.door.on_notice(hall(12, waiting=[]))
    assert story.screening.hall.waiting_total == 14


# Beside it.


def test_a_number_is_reprinted_corrected_and_cancelled(story: DoorStory) -> None:
    errands = story.screening.errands
    assert errands.reprint("id-B007", "B007")
    assert story.asked.the(ReprintTicket).print_at == "kiosk-1"
    story.asked.accept(11)
    assert errands.correct("id-B007", "B007", "A", None)
    command = story.asked.the(CorrectTicket)
    assert (command.service, command.priority) == ("A", None)
    story.asked.accept(12, ticket=printed("B007", service="A"))
    assert errands.cancel("id-B007", "B007", "mistake")
    assert story.asked.the(CancelTicket).reason == "mistake"
    story.asked.accept(13, ticket=printed("B007", state="cancelled"))
    assert story.screening.asker.remark is not None
    assert story.screening.asker.remark.code == "door-done.cancel"


def test_a_visitor_without_a_number_gets_the_slip_again(story: DoorStory) -> None:
    assert story.screening.errands.reprint_of(recent(None, "office", screening="s-7"))
    assert story.asked.the(PrintSlip).subject == "s-7"


def test_a_cancelled_number_is_not_shown_any_more(story: DoorStory) -> None:
    story.visitor.choose_service("A")
    story.screening.number()
    story.asked.accept(11, ticket=printed("A013"), screening="s-1")
    story.screening.errands.cancel("id-A013", "A013", "mistake")
    story.asked.accept(12, ticket=printed("A013", state="cancelled"))
    assert story.screening.outcome is None


def test_a_guest_without_consent_is_not_written_down(story: DoorStory) -> None:
    """UU PDP: without consent nothing is kept, so nothing is asked."""
    errands = story.screening.errands
    assert not errands.enter_guest("Slamet", "delivery", consent=False)
    assert not errands.enter_guest("  \u202e ", "delivery", consent=True)
    assert not errands.enter_guest("Slamet", "", consent=True)
    assert story.asked.commands == []
    assert errands.enter_guest("Slamet\x00 " + "x" * 10_000, "delivery", consent=True)
    command = story.asked.the(RecordGuest)
    assert len(command.name) <= 120
    assert command.name.startswith("Slamet x")
    assert command.consent


def test_a_complaint_is_filed_with_its_level_and_without_a_name(story: DoorStory) -> None:
    desk = story.screening.complaints
    desk.begin(ticket="id-A012")
    assert not desk.file("kiosk-1")
    desk.set("description", "Menunggu\u202e lama" + "." * 10_000)
    desk.set("name", "Slamet")
    desk.set_anonymous(True)
    desk.choose_level("red")
    assert desk.file("kiosk-1")
    command = story.asked.the(FileComplaint)
    assert (command.level, command.ticket, command.print_at) == ("red", "id-A012", "kiosk-1")
    assert (command.anonymous, command.name) == (True, "")
    assert len(command.description) == 2000
    story.asked.accept(11, complaint=complaint())
    assert desk.draft.description == ""
    assert desk.filed is not None


def test_complaints_are_listed_followed_and_read(story: DoorStory) -> None:
    desk = story.screening.complaints
    desk.ask_list("overdue")
    assert story.inquired.the(ListComplaints).which == "overdue"
    story.inquired.answer(complaints=[complaint()], complaints_total=1)
    assert [one.number for one in desk.listed] == ["A009"]
    assert desk.step("c-A009", "answered")
    assert story.asked.the(UpdateComplaint).step == "answered"
    story.asked.accept(11)
    assert desk.reveal("c-A009", "menindaklanjuti")
    story.asked.the(RevealRecord)
    story.asked.accept(12, revealed={"description": "Menunggu lama"})
    assert desk.revealed == ("c-A009", {"description": "Menunggu lama"})
    desk.hide()
    assert desk.revealed is None


# Health.


def test_each_device_has_a_sign_and_the_worst_comes_first() -> None:
    signs = signs_of([kiosk(1), kiosk(2, paper="out"), display(voice="muted")], [])
    assert [(sign.device, sign.tone, sign.code) for sign in signs] == [
        ("kiosk-2", "bad", "paper_out"),
        ("display-1", "warn", "voice_muted"),
        ("kiosk-1", "good", "paper_left"),
        ("display-1", "good", "tv_ok"),
    ]


def test_few_tickets_left_are_a_warning() -> None:
    (sign,) = signs_of([kiosk(1, tickets_left=25)], [])
    assert (sign.tone, sign.code, sign.count) == ("warn", "paper_left", 25)


def test_what_falls_rings_with_the_snapshot_and_once(story: DoorStory) -> None:
    """O3: the alarm comes with the snapshot itself, so well within 3 s of it."""
    rung: list[str] = []
    story.screening.rings = lambda sign: rung.append(f"{sign.device} {sign.code}")
    devices = [kiosk(1, paper="out"), kiosk(2), display(voice="failed")]
    story.door.on_notice(hall(11, devices=devices))
    assert rung == ["kiosk-1 paper_out", "display-1 voice_failed"]
    story.door.on_notice(hall(12, devices=devices))
    assert len(rung) == 2
    story.door.on_notice(hall(13))
    story.door.on_notice(hall(14, devices=devices))
    assert len(rung) == 4


def test_a_device_that_was_already_down_at_the_first_look_does_not_ring() -> None:
    signs = signs_of([kiosk(1, connected=False)], [])
    assert fallen([], signs) == []


def test_who_waits_without_paper_is_told(story: DoorStory) -> None:
    story.door.on_notice(hall(11, without_paper=PAPERLESS))
    assert story.screening.hall.snapshot is not None
    assert [one.number for one in story.screening.hall.snapshot.without_paper] == ["A014"]
