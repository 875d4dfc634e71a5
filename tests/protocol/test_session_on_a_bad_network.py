"""A session on a network that loses, repeats, reorders and cuts, before a server that remembers.

Worse than a WebSocket can be: what holds here holds there.
"""

from dataclasses import dataclass, field
from uuid import UUID

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from protocol.codec import decode_command, encode
from protocol.messages import Accepted, AnyCommand, Rejected
from protocol.session import LinkState
from tests.protocol.session_story import Story, call_next, kiosk_snapshot, welcome


@dataclass
class RememberingServer:
    """One effect for each id, and the same answer to each repetition (I6)."""

    effects: list[UUID] = field(default_factory=list)
    answers: dict[UUID, Accepted] = field(default_factory=dict)

    def decide(self, frame: bytes) -> Accepted:
        command = decode_command(frame)
        if command.id not in self.answers:
            self.effects.append(command.id)
            self.answers[command.id] = Accepted(id=command.id, revision=len(self.effects))
        return self.answers[command.id]


class BadNetwork(RuleBasedStateMachine):
    """One device with a session, and every misfortune between it and the server."""

    @initialize(seed=st.randoms(use_true_random=False))
    def begin(self, seed) -> None:  # type: ignore[no-untyped-def]
        self.story = Story(random=seed.random)
        self.server = RememberingServer()
        self.to_server: list[bytes] = []
        self.to_client: list[bytes] = []
        self.asked: dict[UUID, AnyCommand] = {}
        self.frames: dict[UUID, set[bytes]] = {}
        self.sent_here: list[UUID] = []
        self.kept: set[UUID] = set()

    # The device.

    @rule(keep=st.sampled_from([True, True, False]))
    def ask(self, keep: bool) -> None:
        command = call_next(len(self.asked))
        self.asked[command.id] = command
        if keep:
            self.kept.add(command.id)
        self.story.ask(command, keep=keep)
        self.collect()

    @rule(seconds=st.sampled_from([0.1, 0.5, 1.9, 2.0, 5.0, 12.0]))
    def wait(self, seconds: float) -> None:
        self.story.wait(seconds)
        self.collect()

    @precondition(lambda self: self.story.session.connect_at_s is not None)
    @rule(comes_up=st.booleans())
    def connect(self, comes_up: bool) -> None:
        if comes_up:
            self.story.open()
            self.sent_here = []
            self.to_client.append(encode(welcome()))
        else:
            self.story.now_s = max(self.story.now_s, self.story.session.connect_at_s or 0)
            self.story.session.opening(self.story.now_s)
            self.cut(None)

    # The network. What is on its way dies with the connection.

    @rule(code=st.sampled_from([None, 1006, 4503, 4429]))
    def cut(self, code: int | None) -> None:
        self.story.close(code)
        self.to_server.clear()
        self.to_client.clear()

    @precondition(lambda self: self.to_server)
    @rule(data=st.data(), repeat=st.booleans())
    def carry_to_server(self, data: st.DataObject, repeat: bool) -> None:
        frame = self._take(self.to_server, data, repeat)
        self.to_client.append(encode(self.server.decide(frame)))

    @precondition(lambda self: self.to_client)
    @rule(data=st.data(), repeat=st.booleans())
    def carry_to_client(self, data: st.DataObject, repeat: bool) -> None:
        self.story.session.received(self._take(self.to_client, data, repeat), self.story.now_s)
        self.collect()

    @precondition(lambda self: self.to_server)
    @rule(data=st.data())
    def server_says_try_again(self, data: st.DataObject) -> None:
        command = decode_command(self._take(self.to_server, data, repeat=False))
        refused = Rejected(id=str(command.id), reason="try-again", message="Sebentar.")
        self.to_client.append(encode(refused))

    @precondition(lambda self: self.to_server)
    @rule(data=st.data())
    def lose_to_server(self, data: st.DataObject) -> None:
        self._take(self.to_server, data, repeat=False)

    @precondition(lambda self: self.to_client)
    @rule(data=st.data())
    def lose_to_client(self, data: st.DataObject) -> None:
        self._take(self.to_client, data, repeat=False)

    @rule(revision=st.integers(0, 20))
    def tell(self, revision: int) -> None:
        self.to_client.append(encode(kiosk_snapshot(revision)))

    def _take(self, frames: list[bytes], data: st.DataObject, repeat: bool) -> bytes:
        place = data.draw(st.integers(0, len(frames) - 1))
        return frames[place] if repeat else frames.pop(place)

    def collect(self) -> None:
        """What a shell does after each call."""
        for frame in self.story.sent():
            command = decode_command(frame)
            self.frames.setdefault(command.id, set()).add(frame)
            self.sent_here.append(command.id)
            self.to_server.append(frame)
        if self.story.session.wants_close:
            self.cut(None)

    # The laws.

    @invariant()
    def each_command_has_at_most_one_answer(self) -> None:
        for answers in self.story.answers.values():
            assert len(answers) <= 1

    @invariant()
    def each_command_keeps_its_bytes(self) -> None:
        for command_id, frames in self.frames.items():
            assert frames == {encode(self.asked[command_id])}

    @invariant()
    def a_given_answer_is_the_servers_answer_or_a_retryable_no(self) -> None:
        for command_id, answers in self.story.answers.items():
            for answer in answers:
                if isinstance(answer, Accepted):
                    assert answer == self.server.answers[command_id]
                else:
                    assert answer.reason == "try-again"

    @invariant()
    def what_is_unanswered_is_what_the_session_keeps(self) -> None:
        unanswered = [answers for answers in self.story.answers.values() if not answers]
        assert self.story.session.unanswered == len(unanswered)

    @invariant()
    def the_state_shown_is_the_state_last_told(self) -> None:
        told = self.story.states
        assert not told or told[-1] == self.story.status

    @invariant()
    def there_is_always_something_to_wait_for(self) -> None:
        assert self.story.session.wakes_at_s is not None

    def teardown(self) -> None:
        """When faults stop, every command is answered, and has had at most one effect."""
        self.cut(None)
        self.story.open()
        self.sent_here = []
        waiting = [command_id for command_id, answers in self.story.answers.items() if not answers]
        self.story.hear(welcome())
        self.collect()
        while self.to_server:
            self.story.session.received(
                encode(self.server.decide(self.to_server.pop(0))), self.story.now_s
            )
            self.collect()
        assert self.sent_here == waiting, "all unanswered go again, in the order of asking"
        assert self.story.shown == (LinkState.ONLINE, "")
        assert [len(answers) for answers in self.story.answers.values()] == [1] * len(self.asked)
        assert len(self.server.effects) == len(set(self.server.effects))
        for command_id in self.kept:
            [answer] = self.story.answers[command_id]
            assert isinstance(answer, Accepted) or answer.message == "Sebentar."


TestBadNetwork = BadNetwork.TestCase
TestBadNetwork.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
