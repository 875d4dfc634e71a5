"""What can be done from home, told before the number (ux.md V11): open ways alone, two ways on."""

import pytest

from kiosk.choosing_model import ChoosingModel
from kiosk.home_channels import CHANNELS_MAX, home_channels
from kiosk.visit import Page
from kiosk.visitor import Visit
from protocol.messages import ChooseChannel, DoorCatalogue, IssueTicket, KioskRules, RecordIdentity
from tests.kiosk.kiosk_story import (
    CHANNELS,
    EVERY_CHANNEL,
    MATTERS,
    Story,
    asking,
    snapshot,
    welcome,
)

HOME_ALONE = KioskRules(home=True)


def is_forgotten(model: ChoosingModel) -> bool:
    """Nothing of the visitor is left."""
    return model.visit == Visit("id", model.visit.touched_s)


def at_home() -> Story:
    story = Story().asking(HOME_ALONE).start().choose("A").after(1)
    assert story.page() is Page.HOME
    return story


def codes(story: Story) -> list[str]:
    return [channel.code for channel in story.model.visit.channels]


def test_a_number_is_three_touches_away() -> None:
    """V1: start, service, "take a number"."""
    story = at_home()
    assert story.ask.of(IssueTicket) == []
    story.model.take_number()
    assert story.page() is Page.MOMENT
    assert story.ask.last(IssueTicket).service == "A"
    assert story.ask.of(ChooseChannel) == []


def test_the_telephone_is_two_touches_and_thanks_and_gives_no_number() -> None:
    story = at_home()
    story.model.show_channel("pandawa")
    story.model.use_phone()
    chosen = story.ask.last(ChooseChannel)
    assert (chosen.service, chosen.channel) == ("A", "pandawa")
    assert story.page() is Page.THANKS
    channel = story.model.home_channel
    assert channel is not None
    assert channel.link == "https://wa.me/628118165165", "now it is scanned"
    story.ask.reject(chosen, "internal")
    assert story.page() is Page.THANKS, "that it was not counted is no matter of the visitor"
    story.after(29)
    assert story.page() is Page.THANKS
    assert story.question() is None, "no question over a code that is being scanned"
    story.after(2)
    assert story.page() is Page.IDLE
    assert story.ask.of(IssueTicket) == []
    assert is_forgotten(story.model)


def test_who_has_scanned_goes_at_once() -> None:
    story = at_home()
    story.model.use_phone()
    story.after(1)
    story.model.leave_thanks()
    assert story.page() is Page.IDLE
    assert is_forgotten(story.model)


def test_one_button_turns_the_ways_where_there_is_no_room_for_their_names() -> None:
    story = at_home()
    seen = []
    for _ in range(4):
        story.model.turn_channel()
        channel = story.model.home_channel
        seen.append(channel.code if channel is not None else "")
    assert seen == ["pandawa", "care-center", "mobile-jkn", "pandawa"]


def test_what_is_told_is_the_channel_that_was_seen() -> None:
    story = at_home()
    story.model.use_phone()
    assert story.ask.last(ChooseChannel).channel == "mobile-jkn", "the first of the catalogue"


def test_only_ways_with_an_address_that_are_not_in_the_office_and_each_address_once() -> None:
    assert codes(at_home()) == ["mobile-jkn", "pandawa", "care-center"]
    assert len(codes(at_home())) <= CHANNELS_MAX


def test_a_closed_or_disturbed_channel_is_not_offered() -> None:
    """The server leaves out what is outside of its hours or disturbed."""
    story = Story().asking(HOME_ALONE, ["pandawa"]).start().choose("A").after(1)
    assert codes(story) == ["pandawa"]
    story = Story().asking(HOME_ALONE, []).start().choose("A")
    assert story.page() is Page.MOMENT, "nothing to tell, so nothing is told"


def test_a_service_without_a_channel_gives_its_number_at_once() -> None:
    story = Story().asking(HOME_ALONE).start().choose("B")
    assert story.page() is Page.MOMENT
    assert story.ask.last(IssueTicket).service == "B"


def test_a_branch_may_turn_it_off_and_an_older_server_knows_nothing_of_it() -> None:
    story = Story().asking(KioskRules(home=False)).start().choose("A")
    assert story.page() is Page.MOMENT
    story = Story().online()
    story.model.on_notice(snapshot(2, channels_open=EVERY_CHANNEL))
    assert story.start().choose("A").page() is Page.MOMENT


def test_who_does_not_know_the_service_is_not_sent_home() -> None:
    story = Story().asking(KioskRules(home=True, identity=True)).start().after(1)
    story.model.choose_unknown()
    assert story.page() is Page.MOMENT, "neither home nor a NIK"
    asked = story.ask.last(IssueTicket)
    assert (asked.service, asked.needs) == ("C", ["help"])


def test_without_a_link_nobody_is_told_what_may_long_be_closed() -> None:
    story = Story().asking(HOME_ALONE).start().lost()
    story.choose("A")
    assert story.page() is not Page.HOME


def test_the_thanks_stay_when_the_link_goes() -> None:
    """F16: for a telephone the link of this kiosk does not matter."""
    story = at_home()
    story.model.use_phone()
    story.lost().after(10)
    assert story.page() is Page.THANKS


def test_back_leads_to_the_services_and_from_there_to_the_beginning() -> None:
    story = at_home()
    story.model.back()
    assert story.page() is Page.SERVICES
    story.after(1)
    story.model.back()
    assert story.page() is Page.IDLE
    assert is_forgotten(story.model)


def test_a_double_tap_on_the_service_takes_nothing_on_the_next_page() -> None:
    story = Story().asking(HOME_ALONE).start().choose("A")
    story.model.take_number()
    story.model.use_phone()
    assert story.page() is Page.HOME
    assert not story.ask.asked


def test_a_service_that_has_just_closed_leads_back_to_the_services_and_says_why() -> None:
    story = at_home()
    story.model.take_number()
    story.refused("service-closed")
    assert story.page() is Page.SERVICES
    assert story.remark().reason == "service-closed"


def test_steps_are_told_where_there_are_several() -> None:
    story = Story().asking().start()
    assert story.model.step_of(Page.SERVICES) == (1, 4)
    seen = []
    for act in ("take_number", "leave_priority"):
        story.after(1)
        if story.page() is Page.SERVICES:
            story.choose("A").after(1)
        seen.append(story.model.step_of(story.page()))
        getattr(story.model, act)()
        story.after(1)
    seen.append(story.model.step_of(story.page()))
    assert seen == [(2, 4), (3, 4), (4, 4)]
    plain = Story().online().start()
    assert plain.model.step_of(Page.SERVICES) is None


def test_the_question_is_asked_on_every_step_and_then_all_is_forgotten() -> None:
    for acts in ((), ("take_number",), ("take_number", "leave_priority")):
        story = Story().asking().start().choose("A").after(1)
        for act in acts:
            getattr(story.model, act)()
            story.after(1)
        story.model.type_identity("3")
        story.after(50)
        assert story.question() is not None, acts
        story.model.still_here()
        assert story.question() is None
        story.after(66)
        assert story.page() is Page.IDLE
        assert is_forgotten(story.model)
        assert not story.ask.of(IssueTicket)
        assert not story.ask.of(RecordIdentity)


def test_the_whole_way_asks_each_thing_once_and_back_goes_one_step() -> None:
    story = Story().asking().start().choose("A").after(1)
    way = [story.page()]
    for act in ("take_number", "leave_priority", "back", "leave_priority", "skip_identity"):
        getattr(story.model, act)()
        story.after(1)
        way.append(story.page())
    assert way == [
        Page.HOME,
        Page.PRIORITY,
        Page.IDENTITY,
        Page.PRIORITY,
        Page.IDENTITY,
        Page.MOMENT,
    ]
    assert len(story.ask.of(IssueTicket)) == 1


@pytest.mark.parametrize("acts", [("take_number",), ("take_number", "leave_priority")])
def test_rules_that_change_under_a_visitor_change_nothing_for_this_one(
    acts: tuple[str, ...],
) -> None:
    """A new greeting in the middle of a visit takes no page away from under a finger."""
    story = Story().asking().start().choose("A").after(1)
    for act in acts:
        getattr(story.model, act)()
        story.after(1)
    page = story.page()
    story.model.on_welcome(asking(welcome(), KioskRules(home=False)))
    story.model.on_notice(snapshot(9))
    assert story.page() is page


def test_does_all_is_said_only_of_a_channel_that_does_every_errand() -> None:
    door = DoorCatalogue(matters=MATTERS, channels=CHANNELS)
    found = {each.code: each for each in home_channels(door, EVERY_CHANNEL, "A")}
    assert found["pandawa"].does_all
    assert not found["mobile-jkn"].does_all
    assert [name["id"] for name in found["mobile-jkn"].matters] == [
        "Pendaftaran peserta baru",
        "Tambah anggota keluarga",
    ]
