"""K3: priority by one's own word (V6), only where the branch lets the kiosk ask for it."""

import pytest
from msgspec.structs import replace

from kiosk.visit import Page
from protocol.messages import Choice, IssueTicket, KioskRules, Priority
from tests.kiosk.kiosk_story import CODE, Story, asking, snapshot, ticket, welcome

CLAIMS = KioskRules(priority_claim=True, home=False)
GROUPS: tuple[Priority, ...] = ("elderly", "disability", "pregnant", "infant")


def at_priority() -> Story:
    story = Story().asking(CLAIMS).start().choose("B").after(1)
    assert story.page() is Page.PRIORITY
    return story


def asked(story: Story) -> IssueTicket:
    story.model.leave_priority()
    return story.ask.last(IssueTicket)


def test_no_is_one_touch_and_says_none() -> None:
    assert asked(at_priority()).priority == "none"


@pytest.mark.parametrize("group", GROUPS)
def test_each_group_goes_with_the_ticket(group: Priority) -> None:
    story = at_priority()
    story.model.claim(group)
    assert asked(story).priority == group


def test_only_one_group_holds_and_touched_again_none_does() -> None:
    story = at_priority()
    story.model.claim("elderly")
    story.model.claim("infant")
    assert story.model.visit.priority == "infant"
    story.model.claim("infant")
    assert asked(story).priority == "none"


def test_several_needs_hold_and_each_can_be_taken_back() -> None:
    story = at_priority()
    for need in ("wheelchair", "sign-language", "written", "wheelchair"):
        story.model.toggle_need(need)
    command = asked(story)
    assert command.needs == ["sign-language", "written"]
    assert command.priority == "none", "a need is no claim"


def test_urgent_is_never_offered_and_never_taken() -> None:
    """Only an officer may judge it, whatever the catalogue and the setting say."""
    story = at_priority()
    assert [code for code, _ in story.model.claims] == list(GROUPS)
    story.model.claim("urgent")
    story.model.claim("none")
    assert asked(story).priority == "none"


def test_help_is_no_need_that_is_offered() -> None:
    assert [need.code for need in at_priority().model.aids] == [
        "wheelchair",
        "sign-language",
        "written",
    ]


def test_by_default_nobody_is_asked() -> None:
    story = Story().asking(KioskRules(home=False)).start().choose("B")
    assert story.page() is Page.MOMENT
    assert story.ask.last(IssueTicket).priority == "none"


def test_a_branch_that_names_no_group_asks_nothing() -> None:
    story = Story().asking(CLAIMS)
    told = asking(welcome(), CLAIMS)
    told = replace(told, choices=replace(told.choices, priority=[Choice(code="urgent", name={})]))
    story.model.on_welcome(told)
    story.model.on_notice(snapshot(2))
    assert story.start().choose("B").page() is Page.MOMENT


def test_who_does_not_know_the_service_is_asked_all_the_same() -> None:
    """Priority belongs to the person: the old are the first to touch "I do not know"."""
    story = Story().asking().start().after(1)
    story.model.choose_unknown()
    story.after(1)
    assert story.page() is Page.PRIORITY
    assert story.model.step_of(Page.PRIORITY) == (2, 2)
    story.model.claim("elderly")
    story.model.toggle_need("written")
    command = asked(story)
    assert (command.service, command.priority) == ("C", "elderly")
    assert command.needs == ["help", "written"]


def test_a_code_of_the_officer_is_asked_nothing() -> None:
    """The officer has asked; the screening's own priority counts."""
    story = Story().asking(KioskRules(priority_claim=True, identity=True))
    story.model.on_notice(snapshot(2, mode="screened"))
    story.coded(CODE)
    assert story.page() is Page.MOMENT
    assert story.ask.last(IssueTicket).priority == "none"


def test_a_branch_that_has_just_stopped_asking_gives_the_number_without_it() -> None:
    """The server refuses a claim where the setting is off; the visitor is not caught in that."""
    story = at_priority()
    story.model.claim("elderly")
    story.model.toggle_need("wheelchair")
    asked(story)
    story.refused("not-allowed")
    assert story.page() is Page.SERVICES
    story.model.on_welcome(asking(welcome(), KioskRules(home=False)))
    story.choose("B")
    assert story.ask.last(IssueTicket).priority == "none"


def test_another_refusal_leaves_what_was_answered() -> None:
    story = at_priority()
    story.model.claim("pregnant")
    asked(story)
    story.refused("service-closed")
    story.choose("A").after(1)
    assert story.page() is Page.PRIORITY
    assert story.model.visit.priority == "pregnant"


def test_the_next_visitor_has_no_priority() -> None:
    story = at_priority()
    story.model.claim("elderly")
    story.model.toggle_need("wheelchair")
    asked(story)
    story.ask.accept(story.ask.last(IssueTicket), ticket=ticket("P001"))
    story.asked_to_print("P001").printed().after(9)
    story.start().choose("B").after(1)
    assert story.model.visit.priority == "none"
    assert story.model.visit.needs == []
