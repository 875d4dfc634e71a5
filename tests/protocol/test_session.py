"""Stories of one device's connection, told with a hand-turned clock."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.codec import encode
from protocol.messages import (
    Accepted,
    Answer,
    ConfirmAnnouncement,
    ExplainTicket,
    FindMember,
    FinishService,
    PauseCounter,
    Rejected,
    SignedOut,
)
from protocol.session import (
    BAD_CERTIFICATE,
    IN_FLIGHT_MAX,
    UNANSWERED_MAX,
    Deadlines,
    LinkState,
)
from tests.protocol.session_story import NOON, Story, call_next, kiosk_snapshot, welcome

LOST, ONLINE, CONNECTING, REFUSED = (
    LinkState.LOST,
    LinkState.ONLINE,
    LinkState.CONNECTING,
    LinkState.REFUSED,
)


@pytest.fixture
def story() -> Story:
    return Story()


@pytest.fixture
def online(story: Story) -> Story:
    story.go_online()
    return story


class TestOpening:
    def test_it_wants_a_socket_at_once_and_says_hello_first(self, story: Story) -> None:
        assert story.session.connect_at_s == story.now_s
        story.ask(call_next(1))
        story.open()
        assert story.session.connect_at_s is None

    def test_it_is_online_with_welcome(self, story: Story) -> None:
        story.open()
        story.hear(welcome())
        assert [status.state for status in story.states] == [ONLINE]
        assert story.welcomes == [welcome()]

    def test_nothing_is_told_before_welcome(self, story: Story) -> None:
        story.open()
        story.hear(kiosk_snapshot(5))
        assert story.notices == []

    def test_a_second_welcome_is_told_and_changes_nothing_else(self, online: Story) -> None:
        online.ask(call_next(1))
        assert online.sent_commands() == [1]
        online.hear(welcome(revision=9))
        assert len(online.welcomes) == 2
        assert online.sent_commands() == []

    def test_without_a_server_it_is_shown_as_lost(self, story: Story) -> None:
        story.session.opening(story.now_s)
        story.close()
        assert story.shown == (LOST, "unreachable")

    def test_an_address_that_swallows_everything_is_shown_as_lost_within_2_s(
        self, story: Story
    ) -> None:
        story.session.opening(story.now_s)
        story.wait(1.9)
        assert story.shown == (CONNECTING, "")
        story.wait(0.1)
        assert story.shown == (LOST, "unreachable")

    @pytest.mark.parametrize("is_open", [True, False])
    def test_a_server_that_never_says_welcome_is_given_up_after_5_s(
        self, story: Story, is_open: bool
    ) -> None:
        story.session.opening(story.now_s)
        if is_open:
            story.session.opened(story.now_s)
        story.wait(4.9)
        assert not story.session.wants_close
        story.wait(0.1)
        story.drop()
        assert story.session.connect_at_s is not None

    def test_an_opening_that_was_given_up_does_not_count(self, story: Story) -> None:
        story.session.opening(story.now_s)
        story.wait(5)
        story.session.opened(story.now_s)
        assert story.sent() == []

    def test_the_servers_clock_is_known_from_welcome_on(self, story: Story) -> None:
        assert story.session.server_now(story.now_s) is None
        story.go_online()
        story.wait(1.5)
        now = story.session.server_now(story.now_s)
        assert now is not None
        assert (now - NOON).total_seconds() == 1.5


class TestAnswers:
    def test_an_answer_resolves_its_command_once(self, online: Story) -> None:
        online.ask(call_next(1))
        online.accept(1, revision=7)
        online.accept(1, revision=8)
        online.reject(1, "internal")
        assert online.answers[UUID(int=1)] == [Accepted(id=UUID(int=1), revision=7)]

    def test_a_refusal_resolves_too(self, online: Story) -> None:
        online.ask(call_next(1))
        online.reject(1, "queue-empty")
        [answer] = online.answers[UUID(int=1)]
        assert isinstance(answer, Rejected)
        assert (answer.reason, answer.message) == ("queue-empty", "Maaf.")

    def test_answers_may_come_in_another_order(self, online: Story) -> None:
        online.ask(call_next(1))
        online.ask(call_next(2))
        online.accept(2)
        assert online.answers[UUID(int=1)] == []
        online.accept(1)
        assert len(online.answers[UUID(int=1)]) == len(online.answers[UUID(int=2)]) == 1

    def test_an_answer_to_nobodys_question_is_ignored(self, online: Story) -> None:
        online.accept(77)
        online.hear(Answer(id=UUID(int=77)))
        assert online.shown == (ONLINE, "")

    def test_the_answer_to_a_query_resolves_it_once(self, online: Story) -> None:
        found: list[Answer | Rejected] = []
        query = ExplainTicket(id=UUID(int=5), ticket="t")
        online.session.inquire(query, found.append, online.now_s)
        assert online.sent_commands() == [5]
        online.hear(Answer(id=query.id, revision=3, place=2))
        online.hear(Answer(id=query.id, revision=4))
        assert found == [Answer(id=query.id, revision=3, place=2)]

    def test_a_query_is_asked_again_after_a_lost_link_and_given_up_like_a_wish(
        self, online: Story
    ) -> None:
        found: list[Answer | Rejected] = []
        online.session.inquire(ExplainTicket(id=UUID(int=5), ticket="t"), found.append, 1_000.0)
        online.sent()
        online.close()
        online.go_online()
        assert online.sent_commands() == [5]
        online.wait(10)
        [answer] = found
        assert isinstance(answer, Rejected)
        assert answer.reason == "try-again"

    def test_the_same_intention_is_not_asked_twice_at_a_time(self, online: Story) -> None:
        online.ask(call_next(1))
        with pytest.raises(ValueError, match=r"CallNext .* is asked already"):
            online.ask(call_next(1))

    def test_a_callback_may_ask_the_next_command(self, online: Story) -> None:
        online.session.ask(call_next(1), lambda _: online.ask(call_next(2)), online.now_s)
        online.accept(1)
        assert online.sent_commands() == [1, 2]

    def test_an_error_in_one_callback_does_not_lose_the_answer_of_another(
        self, story: Story
    ) -> None:
        def fail(_: object) -> None:
            raise RuntimeError("a bug in a screen")

        story.session.ask(call_next(1), fail, story.now_s)
        story.ask(call_next(2))
        with pytest.raises(RuntimeError, match="a bug in a screen"):
            story.wait(10)
        story.wait(0)
        assert len(story.answers[UUID(int=2)]) == 1


class TestLostAnswers:
    def test_a_command_unanswered_for_2_s_means_that_the_link_is_lost(self, online: Story) -> None:
        online.ask(call_next(1))
        online.wait(1.9)
        assert online.shown == (ONLINE, "")
        online.wait(0.1)
        assert online.shown == (LOST, "unanswered")
        online.drop()
        assert online.shown == (LOST, "unanswered")
        assert online.session.connect_at_s is not None

    def test_a_slow_service_outside_of_the_branch_is_no_lost_link(self, online: Story) -> None:
        query = FindMember(id=UUID(int=1), identifier="3578080102030001")
        found: list[object] = []
        online.session.inquire(query, found.append, online.now_s)
        online.sent()
        for _ in range(4):
            online.wait(1.9)
            online.hear(kiosk_snapshot(3))
        assert (online.shown, found) == ((ONLINE, ""), [])
        online.ask(call_next(2))
        online.wait(2)
        assert online.shown == (LOST, "unanswered"), "other words are waited for as ever"

    def test_frames_not_yet_sent_are_not_for_a_connection_that_is_given_up(
        self, online: Story
    ) -> None:
        online.ask(call_next(1))
        online.wait(2)
        assert online.sent() == []

    def test_it_is_sent_again_with_the_same_id_and_bytes_until_it_is_answered(
        self, online: Story
    ) -> None:
        """F23: a retry after an unknown result."""
        online.ask(call_next(1), keep=True)
        [first] = online.sent()
        for _ in range(5):
            online.close()
            online.go_online()
            assert online.sent() == [first]
        online.accept(1)
        assert len(online.answers[UUID(int=1)]) == 1
        online.close()
        online.go_online()
        assert online.sent() == []

    def test_after_welcome_all_unanswered_commands_go_again_in_the_order_of_asking(
        self, online: Story
    ) -> None:
        for number in (3, 1, 2):
            online.ask(call_next(number))
        online.accept(1)
        online.close()
        online.ask(call_next(4))
        online.sent()
        online.go_online()
        assert online.sent_commands() == [3, 2, 4]

    def test_a_late_answer_of_a_dropped_connection_does_not_count(self, online: Story) -> None:
        online.ask(call_next(1))
        online.wait(2)
        online.accept(1)
        online.hear(kiosk_snapshot(3))
        assert (online.answers[UUID(int=1)], online.notices) == ([], [])

    def test_the_2_s_begin_anew_on_a_new_connection(self, online: Story) -> None:
        online.ask(call_next(1))
        online.wait(2)
        online.drop()
        online.go_online()
        online.wait(1.9)
        assert online.shown == (ONLINE, "")


class TestSilence:
    def test_12_s_of_silence_mean_that_the_link_is_lost(self, online: Story) -> None:
        """F19: half-open TCP."""
        online.wait(11.9)
        assert online.shown == (ONLINE, "")
        online.wait(0.1)
        assert online.shown == (LOST, "silent")
        online.drop()

    def test_any_sign_of_life_ends_the_silence(self, online: Story) -> None:
        online.wait(11)
        online.session.heard(online.now_s)
        online.wait(11)
        online.hear(kiosk_snapshot(1))
        online.wait(11)
        assert online.shown == (ONLINE, "")

    def test_an_old_sign_of_life_that_is_told_late_does_not_shorten_the_wait(
        self, online: Story
    ) -> None:
        online.hear(kiosk_snapshot(1))
        online.session.heard(online.now_s - 8)
        online.wait(11.9)
        assert online.shown == (ONLINE, "")

    def test_a_broken_frame_is_a_sign_of_life_and_is_reported(self, online: Story) -> None:
        online.wait(11)
        online.session.received(b'{"type":"Accepted"}', online.now_s)
        online.wait(11)
        assert online.shown == (ONLINE, "")
        assert len(online.unreadable) == 1


class TestNotices:
    def test_a_snapshot_older_than_one_already_seen_is_ignored(self, online: Story) -> None:
        for revision in (5, 4, 5, 6):
            online.hear(kiosk_snapshot(revision))
        assert online.notices == [kiosk_snapshot(revision) for revision in (5, 5, 6)]

    def test_a_new_connection_may_begin_lower(self, online: Story) -> None:
        """A branch that was restored from its backup counts on from there."""
        online.hear(kiosk_snapshot(5))
        online.close()
        online.go_online()
        online.hear(kiosk_snapshot(3))
        assert online.notices[-1] == kiosk_snapshot(3)

    def test_moments_are_told_whenever_they_come(self, online: Story) -> None:
        online.hear(kiosk_snapshot(5))
        online.hear(SignedOut(reason="elsewhere"))
        assert online.notices[-1] == SignedOut(reason="elsewhere")

    def test_words_of_a_later_version_are_ignored(self, online: Story) -> None:
        online.session.received('{"type":"WeatherSnapshot","revision":9}', online.now_s)
        assert (online.notices, online.unreadable) == ([], [])


class TestWishesAndFacts:
    def test_a_wish_that_finds_no_link_is_given_up_after_10_s(self, story: Story) -> None:
        """F17: "next" is never queued; a number called minutes late serves nobody."""
        story.ask(call_next(1))
        story.wait(9.9)
        assert story.answers[UUID(int=1)] == []
        story.wait(0.1)
        [answer] = story.answers[UUID(int=1)]
        assert answer == Rejected(id=str(UUID(int=1)), reason="try-again", message="")
        story.go_online()
        assert story.sent() == []

    def test_a_wish_whose_answer_was_lost_is_never_sent_again_after_10_s(
        self, online: Story
    ) -> None:
        online.ask(call_next(1))
        online.wait(2)
        online.drop()
        online.wait(8)
        online.go_online()
        assert online.sent() == []
        assert len(online.answers[UUID(int=1)]) == 1

    def test_a_wish_that_was_given_up_may_be_asked_again_with_its_id(self, story: Story) -> None:
        story.ask(call_next(1))
        story.wait(10)
        story.ask(call_next(1))
        story.go_online()
        assert story.sent_commands() == [1]
        story.accept(1)
        assert len(story.answers[UUID(int=1)]) == 2

    def test_a_fact_waits_for_its_answer_however_long(self, story: Story) -> None:
        spoken = ConfirmAnnouncement(id=UUID(int=1), announcement="a", outcome="spoken")
        story.ask(spoken)
        story.wait(3_600)
        assert story.answers[UUID(int=1)] == []
        story.go_online()
        assert story.sent() == [encode(spoken)]

    @pytest.mark.parametrize("keep", [True, False])
    def test_the_asker_may_say_otherwise(self, story: Story, keep: bool) -> None:
        story.ask(FinishService(id=UUID(int=1), ticket="t", outcome="solved"), keep=keep)
        story.wait(60)
        assert len(story.answers[UUID(int=1)]) == (0 if keep else 1)


class TestTryAgain:
    """The server could not write to its disk just now, or is just going down."""

    def test_it_is_asked_again_with_the_same_bytes_and_the_asker_hears_nothing(
        self, online: Story
    ) -> None:
        online.ask(call_next(1))
        [frame] = online.sent()
        online.reject(1, "try-again")
        assert online.sent() == []
        online.wait(0.2)
        assert online.sent() == [frame]
        online.accept(1)
        [answer] = online.answers[UUID(int=1)]
        assert isinstance(answer, Accepted)

    @pytest.mark.parametrize("keep", [True, False])
    def test_after_10_s_the_refusal_is_given_to_the_asker(self, online: Story, keep: bool) -> None:
        online.ask(call_next(1), keep=keep)
        began_s = online.now_s
        while not online.answers[UUID(int=1)]:
            if online.sent():
                online.reject(1, "try-again")
            online.wait(0.1)
        assert online.now_s - began_s == pytest.approx(10, abs=5.2 if keep else 0.2)
        assert [answer.reason for answer in online.answers[UUID(int=1)]] == ["try-again"]  # type: ignore[union-attr]

    def test_nothing_that_was_asked_later_overtakes_it(self, online: Story) -> None:
        online.ask(call_next(1))
        online.sent()
        online.reject(1, "try-again")
        online.ask(call_next(2))
        assert online.sent() == []
        online.wait(0.2)
        assert online.sent_commands() == [1, 2]

    def test_a_new_connection_does_not_wait_for_the_pause_to_end(self) -> None:
        story = Story(random=lambda: 1.0 - 1e-9)
        story.go_online()
        story.ask(call_next(1))
        for _ in range(4):
            story.sent()
            story.reject(1, "try-again")
            story.wait(1.6)
        story.reject(1, "try-again")
        story.close()
        story.go_online()
        assert story.sent_commands() == [1]

    def test_the_pauses_grow_and_shrink_again_after_a_success(self) -> None:
        story = Story(random=lambda: 1.0 - 1e-9)
        story.go_online()
        story.ask(call_next(1))
        pauses = []
        for _ in range(4):
            story.sent()
            story.reject(1, "try-again")
            wakes_at_s = story.session.wakes_at_s
            assert wakes_at_s is not None
            pauses.append(round(wakes_at_s - story.now_s, 3))
            story.wait(pauses[-1] + 0.001)
        assert pauses == [0.2, 0.4, 0.8, 1.6]
        story.accept(1)
        story.ask(call_next(2))
        story.reject(2, "try-again")
        assert story.session.wakes_at_s == pytest.approx(story.now_s + 0.2)

    def test_a_command_not_yet_sent_again_is_not_unanswered(self) -> None:
        story = Story(random=lambda: 1.0 - 1e-9)
        story.go_online()
        story.ask(call_next(1))
        for _ in range(6):
            story.sent()
            story.reject(1, "try-again")
            story.wait(1.9)
        assert story.shown == (ONLINE, "")


class TestBounds:
    """I14: memory and queues are bounded, every wait has a deadline."""

    def test_one_command_more_than_1000_is_refused_here(self, story: Story) -> None:
        for number in range(UNANSWERED_MAX):
            story.ask(call_next(number), keep=True)
        story.ask(call_next(9_999), keep=True)
        assert story.answers[UUID(int=9_999)] == []
        assert story.session.wakes_at_s == story.now_s
        story.wait(0)
        [answer] = story.answers[UUID(int=9_999)]
        assert isinstance(answer, Rejected)
        assert answer.reason == "try-again"
        assert story.session.unanswered == UNANSWERED_MAX

    def test_a_backlog_goes_out_in_order_a_window_at_a_time(self, story: Story) -> None:
        count = 3 * IN_FLIGHT_MAX
        for number in range(count):
            story.ask(call_next(number), keep=True)
        story.go_online()
        seen: list[int] = []
        while len(seen) < count:
            sent = story.sent_commands()
            assert 0 < len(sent) <= IN_FLIGHT_MAX
            seen += sent
            story.wait(1.5)
            for number in sent:
                story.accept(number)
        assert seen == list(range(count))
        assert story.shown == (ONLINE, "")

    @pytest.mark.parametrize("reason", ["x" * 70_000, "\ud800"])
    def test_what_cannot_be_sent_is_refused_here(self, online: Story, reason: str) -> None:
        """A frame over 64 KiB or half a character would cost the whole connection."""
        online.ask(PauseCounter(id=UUID(int=1), reason=reason))
        online.wait(0)
        [answer] = online.answers[UUID(int=1)]
        assert isinstance(answer, Rejected)
        assert answer.reason == "bad-value"
        assert online.sent() == []

    def test_frames_of_a_dead_connection_are_not_kept(self, online: Story) -> None:
        online.ask(call_next(1))
        online.close()
        assert online.sent() == []

    @given(st.lists(st.sampled_from("aoctwh"), max_size=40))
    def test_there_is_always_something_to_wait_for(self, steps: str) -> None:
        """Whatever has happened, the session wants a connection, a deadline, or its socket shut."""
        story = Story()
        for number, step in enumerate(steps):
            match step:
                case "a":
                    story.ask(call_next(number))
                case "o" if story.session.connect_at_s is not None:
                    story.open()
                case "c":
                    story.close()
                case "t":
                    story.wait(3)
                case "w":
                    story.hear(welcome())
                case "h":
                    story.session.heard(story.now_s)
            assert story.session.wants_close or story.session.wakes_at_s is not None


class TestBackoff:
    @given(st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=30))
    def test_the_first_attempt_is_at_once_and_no_pause_is_longer_than_2_s(
        self, chances: list[float]
    ) -> None:
        """F21: full jitter, 0.2-2 s, so that a hall is right again soon after its server (I7)."""
        story = Story(random=iter(chances).__next__)
        for attempt, chance in enumerate(chances):
            story.session.opening(story.now_s)
            story.close()
            assert story.session.connect_at_s is not None
            pause_s = story.session.connect_at_s - story.now_s
            longest_s = min(2.0, 0.2 * 2**attempt)
            shortest_s = 0.0 if attempt == 0 else 0.2
            assert shortest_s - 1e-9 <= pause_s <= longest_s + 1e-9
            assert pause_s == pytest.approx(shortest_s + chance * (longest_s - shortest_s))

    def _pauses(self, story: Story, online_s: float) -> list[float]:
        pauses = []
        for _ in range(5):
            story.go_online()
            for _ in range(int(online_s)):
                story.wait(1)
                story.session.heard(story.now_s)
            story.close()
            assert story.session.connect_at_s is not None
            pauses.append(round(story.session.connect_at_s - story.now_s, 3))
        return pauses

    def test_it_starts_again_after_a_stable_connection(self) -> None:
        assert self._pauses(Story(), online_s=10) == [0.1] * 5

    def test_it_grows_over_connections_that_break_at_once(self) -> None:
        assert self._pauses(Story(), online_s=1) == [0.1, 0.3, 0.5, 0.9, 1.1]

    def test_a_connection_dropped_after_a_long_stable_time_comes_back_at_once(
        self, story: Story
    ) -> None:
        for _ in range(8):
            story.session.opening(story.now_s)
            story.close()
            story.wait(5)
        story.go_online()
        story.wait(12)
        story.drop()
        assert story.session.connect_at_s == pytest.approx(story.now_s + 0.1)

    def test_too_many_does_not_knock_again_at_once(self, story: Story) -> None:
        story.open()
        story.close(4429)
        assert story.shown == (LOST, "too-many")
        assert story.session.connect_at_s == pytest.approx(story.now_s + 1.1)

    def test_a_person_need_not_wait(self, story: Story) -> None:
        story.session.opening(story.now_s)
        story.close()
        story.session.retry_now(story.now_s)
        assert story.session.connect_at_s == story.now_s

    def test_a_person_does_not_disturb_an_open_connection(self, online: Story) -> None:
        online.session.retry_now(online.now_s)
        assert online.session.connect_at_s is None


class TestLostConnections:
    def test_a_closed_socket_is_shown_at_once(self, online: Story) -> None:
        online.wait(5)
        online.close(1006)
        assert online.status.state is LOST
        assert (online.status.since_s, online.status.reason) == (online.now_s, "closed")

    def test_a_server_that_closes_says_so(self, online: Story) -> None:
        online.close(4503)
        assert online.shown == (LOST, "server-closing")

    def test_it_is_lost_since_the_first_loss_and_not_since_the_last_attempt(
        self, online: Story
    ) -> None:
        online.close()
        lost_s = online.now_s
        for _ in range(3):
            online.wait(5)
            online.session.opening(online.now_s)
            online.close()
        assert (online.status.state, online.status.since_s) == (LOST, lost_s)
        assert [status.reason for status in online.states] == ["", "closed", "unreachable"]

    def test_a_second_report_of_the_same_end_changes_nothing(self, online: Story) -> None:
        online.close()
        due_s = online.session.connect_at_s
        online.close(4401)
        assert online.shown == (LOST, "closed")
        assert online.session.connect_at_s == due_s


class TestRefusals:
    @pytest.mark.parametrize(
        ("code", "reason"), [(4400, "bad-protocol"), (4401, "bad-token"), (4403, "wrong-role")]
    )
    def test_a_refused_device_says_why_and_comes_back_every_30_s(
        self, story: Story, code: int, reason: str
    ) -> None:
        for _ in range(3):
            story.open()
            story.hear(Rejected(id=None, reason="not-allowed", message="Perangkat tak dikenal."))
            story.close(code)
            assert story.shown == (REFUSED, reason)
            assert story.status.message == "Perangkat tak dikenal."
            assert story.session.connect_at_s == pytest.approx(story.now_s + 33)
        assert len(story.states) == 1

    def test_a_refused_device_comes_back_once_its_token_is_good(self, story: Story) -> None:
        story.open()
        story.close(4401)
        story.go_online()

    def test_the_words_of_one_refusal_are_not_told_about_the_next(self, story: Story) -> None:
        story.open()
        story.hear(Rejected(id=None, reason="not-allowed", message="Perangkat tak dikenal."))
        story.close(4401)
        story.open()
        story.close(4403)
        assert (story.status.reason, story.status.message) == ("wrong-role", "")

    def test_a_certificate_that_is_not_accepted_is_said(self, story: Story) -> None:
        """F26."""
        story.session.opening(story.now_s)
        story.close(None, BAD_CERTIFICATE)
        assert story.shown == (REFUSED, "bad-certificate")
        assert story.session.connect_at_s == pytest.approx(story.now_s + 33)

    def test_a_replaced_device_comes_back_once_and_then_waits_for_a_person(
        self, online: Story
    ) -> None:
        """Two programs with one token must not push each other out for ever; the newest stays."""
        online.close(4409)
        assert online.shown == (REFUSED, "replaced")
        assert online.session.connect_at_s == pytest.approx(online.now_s + 33)
        online.go_online()
        online.close(4409)
        assert online.session.connect_at_s is None
        online.wait(86_400)
        assert online.session.connect_at_s is None
        assert online.shown == (REFUSED, "replaced")
        online.session.retry_now(online.now_s)
        online.go_online()

    def test_a_device_replaced_again_long_after_comes_back_again(self, online: Story) -> None:
        online.close(4409)
        online.go_online()
        for _ in range(60):
            online.wait(5)
            online.session.heard(online.now_s)
        online.close(4409)
        assert online.session.connect_at_s is not None


def test_all_deadlines_can_be_scaled_for_tests() -> None:
    scaled = Deadlines().scaled(0.1)
    assert scaled.unanswered_s == pytest.approx(0.2)
    assert scaled.silence_s == pytest.approx(1.2)
    story = Story(deadlines=scaled)
    story.go_online()
    story.ask(call_next(1))
    story.wait(0.2)
    assert story.shown == (LOST, "unanswered")


def test_without_anybody_who_wants_to_know_nothing_breaks() -> None:
    """Callbacks are optional."""
    from protocol.session import Session
    from tests.protocol.session_story import HELLO

    session = Session(HELLO, random=lambda: 0.5)
    session.opening(0)
    session.opened(0)
    session.received(encode(welcome()), 0)
    session.received(encode(kiosk_snapshot(1)), 0)
    session.received("nonsense", 0)
    assert session.status.state is ONLINE
