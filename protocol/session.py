"""The client's side of a connection, without socket, clock or chance of its own.

A shell owns these three. It begins a socket when ``connect_at_s`` has come and says so
(``opening``, ``opened``, ``received``, ``heard``, ``closed``), and lets time pass (``tick``, at
``wakes_at_s`` or every 50 ms). After each call it must send what ``take_frames`` gives, and drop
its socket if ``wants_close``; a socket that was dropped, or never came up, is reported by
``closed`` too. All instants are monotonic seconds.

A command is asked once per intention and answered exactly once. Until then every new connection
sends it again, with the same id and the same bytes, in the order of asking.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from protocol.codec import (
    FRAME_BYTES_MAX,
    MalformedFrame,
    decode_server_message,
    encode,
)
from protocol.messages import (
    Accepted,
    Answer,
    AnyCommand,
    Command,
    ConfirmAnnouncement,
    ConfirmPrint,
    FinishService,
    Hello,
    Notice,
    Query,
    RateService,
    RecordNoShow,
    Rejected,
    Snapshot,
    Welcome,
)

_T = TypeVar("_T")

OnAnswer = Callable[[Accepted | Rejected], None]
"""Hears the one answer to a command."""

Ask = Callable[[AnyCommand, OnAnswer], None]
"""How a screen's model asks, knowing nothing of links."""

OnFound = Callable[[Answer | Rejected], None]
"""Hears the one answer to a query."""

Inquire = Callable[[Query, OnFound], None]
"""How a screen's model asks what changes nothing."""

UNANSWERED_MAX = 1_000
"""Commands that a session keeps; one more is refused with ``try-again`` (I14)."""

IN_FLIGHT_MAX = 32
"""Commands on their way at once. Without it the last of a long backlog would be unanswered for
2 s on a healthy link, only because it stood behind the others."""

FACTS = (ConfirmPrint, ConfirmAnnouncement, RateService, FinishService, RecordNoShow)
"""Words that report what has already happened: they stay true, so they wait without end (F17). All
others are wishes of a person who stands there now."""


class LinkState(StrEnum):
    """What a screen may show of its connection."""

    CONNECTING = "connecting"
    ONLINE = "online"
    LOST = "lost"
    REFUSED = "refused"


@dataclass(frozen=True)
class LinkStatus:
    """The state of the link, since when, and why.

    ``reason`` is a code: empty while connecting and online; LOST has ``closed``, ``unanswered``,
    ``silent``, ``unreachable``, ``too-many`` or ``server-closing``; REFUSED has ``bad-token``,
    ``wrong-role``, ``replaced``, ``bad-protocol`` or ``bad-certificate``. ``message`` holds the
    server's own words to the person, if it said any.
    """

    state: LinkState
    since_s: float
    reason: str = ""
    message: str = ""


@dataclass(frozen=True)
class Deadlines:
    """Every wait of a session, in seconds (protocol.md, Transport; reliability.md F19, F21)."""

    unanswered_s: float = 2.0
    silence_s: float = 12.0
    # A connection that is not up is shown as lost after unanswered_s, and given up after this.
    opening_s: float = 5.0
    # A wish is given up, and a retryable refusal handed to the asker, after this.
    wish_s: float = 10.0
    backoff_least_s: float = 0.2
    backoff_most_s: float = 2.0
    # After so long online the next loss starts again with the shortest back-off.
    stable_s: float = 10.0
    refused_s: float = 30.0

    def scaled(self, factor: float) -> "Deadlines":
        """The same waits made shorter or longer, for tests and simulated days."""
        return Deadlines(*(getattr(self, each.name) * factor for each in fields(self)))


_REFUSALS = {
    4400: "bad-protocol",
    4401: "bad-token",
    4403: "wrong-role",
    4409: "replaced",
}
_LOSSES = {4429: "too-many", 4503: "server-closing"}
BAD_CERTIFICATE = "bad-certificate"


class _Asked:
    """A command without an answer."""

    __slots__ = ("asks_outside", "expires_s", "frame", "on_answer", "retried_since_s", "sent_s")

    def __init__(
        self,
        frame: bytes,
        on_answer: Callable[[Any], None],
        expires_s: float | None,
        asks_outside: bool,
    ) -> None:
        self.frame = frame
        self.on_answer = on_answer
        self.expires_s = expires_s
        # A slow service outside of the branch says nothing about the link.
        self.asks_outside = asks_outside
        # When it was sent on this connection, None while it waits for its turn.
        self.sent_s: float | None = None
        # When the server first said try-again to it.
        self.retried_since_s: float | None = None


class _Phase(StrEnum):
    WAITING = "waiting"  # for connect_at_s, or for a person if that is None
    OPENING = "opening"
    GREETING = "greeting"  # the socket is open, Hello is sent, no Welcome yet
    WELCOMED = "welcomed"
    DROPPING = "dropping"  # the shell is to drop the socket; nothing from it counts any more


def _ignore(_: object) -> None:
    """What a callback does until somebody wants to know."""


class Session:
    """One device's connection: hello, back-off, unanswered commands, what is lost and since when.

    Callbacks run inside the input that causes them, after the session's own state is settled;
    they may ask. None runs inside ``ask``.
    """

    def __init__(
        self,
        hello: Hello,
        *,
        random: Callable[[], float],
        now_s: float = 0.0,
        on_welcome: Callable[[Welcome], None] = _ignore,
        on_notice: Callable[[Notice], None] = _ignore,
        on_state: Callable[[LinkStatus], None] = _ignore,
        on_unreadable: Callable[[str], None] = _ignore,
        deadlines: Deadlines | None = None,
    ) -> None:
        """``random`` gives a number in [0, 1) at each call."""
        self.on_welcome = on_welcome
        self.on_notice = on_notice
        self.on_state = on_state
        # A frame that breaks the protocol is dropped; somebody should write that down.
        self.on_unreadable = on_unreadable
        self.deadlines = deadlines or Deadlines()
        # When the shell should open a socket; None while there is one, or while a device that
        # was replaced twice waits for a person (retry_now).
        self.connect_at_s: float | None = now_s
        # The shell must drop its socket and report it with closed.
        self.wants_close = False
        self.status = LinkStatus(LinkState.CONNECTING, now_s)

        self._random = random
        self._hello = encode(hello)
        self._phase = _Phase.WAITING
        self._phase_since_s = now_s
        self._heard_s = now_s
        self._online_since_s: float | None = None
        self._failures = 0
        self._replaced = 0
        self._asked: dict[str, _Asked] = {}
        self._frames: list[bytes] = []
        self._last_words = ""
        self._revision = -1
        self._held_until_s = 0.0
        self._refusals_in_a_row = 0
        self._server_time: tuple[datetime, float] | None = None
        # Calls to make once the state is settled: an error in one must not lose the others.
        self._calls: deque[Callable[[], None]] = deque()
        self._calls_due_s = now_s

    # Outputs.

    def take_frames(self) -> list[bytes]:
        """The text frames to send now, in order."""
        frames, self._frames = self._frames, []
        return frames

    @property
    def unanswered(self) -> int:
        """How many commands wait for an answer, sent or not."""
        return len(self._asked)

    @property
    def wakes_at_s(self) -> float | None:
        """The next instant at which ``tick`` or a connection is due, None if there is none."""
        # Asked after each frame, so without lists where most often there is nothing.
        due = [] if self.connect_at_s is None else [self.connect_at_s]
        if self._calls:
            due.append(self._calls_due_s)
        if self.status.state is LinkState.CONNECTING:
            due.append(self.status.since_s + self.deadlines.unanswered_s)
        if self._phase is _Phase.WELCOMED:
            due.append(self._heard_s + self.deadlines.silence_s)
        elif self._phase in (_Phase.OPENING, _Phase.GREETING):
            due.append(self._phase_since_s + self.deadlines.opening_s)
        if self._asked:
            self._add_deadlines_of_asked(due)
        return min(due, default=None)

    def _add_deadlines_of_asked(self, due: list[float]) -> None:
        due += [asked.expires_s for asked in self._asked.values() if asked.expires_s is not None]
        if self._phase is _Phase.WELCOMED:
            sent = self._first_sent_s()
            if sent is not None:
                due.append(sent + self.deadlines.unanswered_s)
            if len(self._asked) > self._in_flight() < IN_FLIGHT_MAX:
                due.append(self._held_until_s)

    def server_now(self, now_s: float) -> datetime | None:
        """The server's clock in UTC, None before the first Welcome."""
        if self._server_time is None:
            return None
        server_time, at_s = self._server_time
        return server_time + timedelta(seconds=now_s - at_s)

    # Inputs from the socket.

    def opening(self, now_s: float) -> None:
        """The shell begins to open a socket."""
        self.connect_at_s = None
        self._enter(_Phase.OPENING, now_s)

    def opened(self, now_s: float) -> None:
        """The socket is open: Hello goes first."""
        if self._phase is not _Phase.OPENING:
            return
        # The time for Welcome counts from the start of opening: one deadline for both.
        self._phase = _Phase.GREETING
        self._heard_s = now_s
        self._frames = [self._hello]

    def heard(self, now_s: float) -> None:
        """The server gave a sign of life (a pong)."""
        self._heard_s = max(self._heard_s, now_s)

    def received(self, frame: bytes | str, now_s: float) -> None:
        """One text frame has come."""
        if self._phase not in (_Phase.GREETING, _Phase.WELCOMED):
            return
        self.heard(now_s)
        try:
            message = decode_server_message(frame)
        except MalformedFrame as error:
            self._call(self.on_unreadable, str(error))
            message = None
        match message:
            case Welcome():
                self._welcome(message, now_s)
            case Accepted() | Answer():
                self._refusals_in_a_row = 0
                self._resolve(str(message.id), message)
                self._pump(now_s)
            case Rejected():
                self._reject(message, now_s)
                self._pump(now_s)
            case None:
                pass  # a word of a later version
            case _ if self._phase is _Phase.WELCOMED:
                self._tell(message)
        self._deliver()

    def closed(self, code: int | None, now_s: float, reason: str = "") -> None:
        """The socket is gone, or did not come up.

        ``code`` is the close code if the server gave one. ``reason`` is the shell's own finding,
        ``bad-certificate``, if it knows more than a code says.
        """
        if self._phase is _Phase.WAITING:
            return
        came_up = self._phase in (_Phase.GREETING, _Phase.WELCOMED)
        self.wants_close = False
        self._frames = []
        for asked in self._asked.values():
            asked.sent_s = None
        refusal = reason or _REFUSALS.get(code or 0, "")
        if refusal:
            self._show(LinkState.REFUSED, refusal, now_s)
        elif self._phase is not _Phase.DROPPING:
            loss = _LOSSES.get(code or 0) or ("closed" if came_up else "unreachable")
            self._show(LinkState.LOST, loss, now_s)
        self._last_words = ""
        self._look_back(now_s)
        self.connect_at_s = self._next_attempt_s(refusal, code, now_s)
        self._enter(_Phase.WAITING, now_s)
        self._deliver()

    # Inputs from people and from time.

    def ask(
        self,
        command: AnyCommand,
        on_answer: OnAnswer,
        now_s: float,
        *,
        keep: bool | None = None,
    ) -> None:
        """Ask once; ``on_answer`` hears exactly one answer, never before this call returns.

        ``keep=True``: the command waits for its answer however long the link is away. ``False``:
        it is the wish of somebody who stands there now; after ``wish_s`` it is given up with a
        local ``Rejected`` (``try-again``, no message) and never sent again, since a number called
        ten minutes late serves nobody. What the server made of it then shows in the next
        snapshot, or in the answer to the same command asked again. None: FACTS are kept.

        Raises ValueError if a command with this id waits already.
        """
        keep = isinstance(command, FACTS) if keep is None else keep
        self._put(command, on_answer, now_s, None if keep else now_s + self.deadlines.wish_s)

    def withdraw(self, command: UUID) -> bool:
        """Send a command no more and hear no answer to it; False if there is none to hear.

        What was sent may be carried out all the same: who withdraws must reckon with both.
        """
        return self._asked.pop(str(command), None) is not None

    def inquire(self, query: Query, on_found: OnFound, now_s: float) -> None:
        """Ask what changes nothing; a wish like any other, and the same rules hold."""
        self._put(query, on_found, now_s, now_s + self.deadlines.wish_s)

    def _put(
        self,
        command: Command,
        on_answer: Callable[[Any], None],
        now_s: float,
        expires_s: float | None,
    ) -> None:
        command_id = str(command.id)
        if command_id in self._asked:
            raise ValueError(f"{type(command).__name__} {command_id} is asked already")
        try:
            frame = encode(command)
        except UnicodeEncodeError:  # half a character, as a clipboard may hold it
            frame = b""
        if not 0 < len(frame) <= FRAME_BYTES_MAX:
            self._refuse(command_id, "bad-value", on_answer, now_s)
            return
        if len(self._asked) >= UNANSWERED_MAX:
            self._refuse(command_id, "try-again", on_answer, now_s)
            return
        outside = isinstance(command, Query) and command.asks_outside
        self._asked[command_id] = _Asked(frame, on_answer, expires_s, outside)
        self._pump(now_s)

    def retry_now(self, now_s: float) -> None:
        """A person wants this device connected now, also after it was replaced."""
        self._replaced = 0
        if self._phase is _Phase.WAITING:
            self.connect_at_s = now_s

    def tick(self, now_s: float) -> None:
        """Let time pass."""
        for command_id, asked in list(self._asked.items()):
            if asked.expires_s is not None and now_s >= asked.expires_s:
                self._resolve(command_id, Rejected(id=command_id, reason="try-again", message=""))
        if self.status.state is LinkState.CONNECTING and (
            now_s >= self.status.since_s + self.deadlines.unanswered_s
        ):
            self._show(LinkState.LOST, "unreachable", now_s)
        if self._phase in (_Phase.OPENING, _Phase.GREETING):
            if self._phase_is_older(self.deadlines.opening_s, now_s):
                self._drop("unreachable", now_s)
        elif self._phase is _Phase.WELCOMED:
            sent = self._first_sent_s()
            if sent is not None and now_s >= sent + self.deadlines.unanswered_s:
                self._drop("unanswered", now_s)
            elif now_s >= self._heard_s + self.deadlines.silence_s:
                self._drop("silent", now_s)
        self._pump(now_s)
        self._deliver()

    # What the server said.

    def _welcome(self, welcome: Welcome, now_s: float) -> None:
        self._server_time = (welcome.server_time.astimezone(UTC), now_s)
        if self._phase is _Phase.GREETING:
            self._revision = -1
            self._held_until_s = now_s
            self._online_since_s = now_s
            self._enter(_Phase.WELCOMED, now_s)
            self._show(LinkState.ONLINE, "", now_s)
        self._call(self.on_welcome, welcome)
        self._pump(now_s)

    def _tell(self, notice: Notice) -> None:
        if isinstance(notice, Snapshot):
            if notice.revision < self._revision:
                return
            self._revision = notice.revision
        self._call(self.on_notice, notice)

    def _reject(self, rejected: Rejected, now_s: float) -> None:
        if rejected.id is None:
            # What the server says before it closes the connection.
            self._last_words = rejected.message
            return
        asked = self._asked.get(rejected.id)
        if asked is None:
            return
        if rejected.reason == "try-again":
            if asked.retried_since_s is None:
                asked.retried_since_s = now_s
            if now_s < asked.retried_since_s + self.deadlines.wish_s:
                # All that is unsent waits behind it: nothing overtakes a command that is asked
                # again, so "finish" cannot come after the "next" that was asked later.
                asked.sent_s = None
                self._held_until_s = now_s + self._backoff_s(self._refusals_in_a_row)
                self._refusals_in_a_row += 1
                return
        self._resolve(rejected.id, rejected)

    # Commands.

    def _pump(self, now_s: float) -> None:
        """Send what waits, in order, as far as it may."""
        if self._phase is not _Phase.WELCOMED or now_s < self._held_until_s:
            return
        in_flight = self._in_flight()
        for asked in self._asked.values():
            if in_flight >= IN_FLIGHT_MAX:
                return
            if asked.sent_s is None:
                asked.sent_s = now_s
                self._frames.append(asked.frame)
                in_flight += 1

    def _in_flight(self) -> int:
        return sum(asked.sent_s is not None for asked in self._asked.values())

    def _first_sent_s(self) -> float | None:
        return min(
            (
                asked.sent_s
                for asked in self._asked.values()
                if asked.sent_s is not None and not asked.asks_outside
            ),
            default=None,
        )

    def _resolve(self, command_id: str, answer: Accepted | Answer | Rejected) -> None:
        asked = self._asked.pop(command_id, None)
        if asked is not None:
            self._call(asked.on_answer, answer)

    def _refuse(
        self, command_id: str, reason: str, on_answer: Callable[[Any], None], now_s: float
    ) -> None:
        self._calls_due_s = now_s
        self._call(on_answer, Rejected(id=command_id, reason=reason, message=""))

    # The link.

    def _drop(self, reason: str, now_s: float) -> None:
        self._show(LinkState.LOST, reason, now_s)
        self._frames = []
        self.wants_close = True
        self._enter(_Phase.DROPPING, now_s)

    def _look_back(self, now_s: float) -> None:
        """A connection that lasted is no part of a row of failures."""
        if self._online_since_s is None:
            return
        online_s = now_s - self._online_since_s
        self._online_since_s = None
        if online_s >= self.deadlines.stable_s:
            self._failures = 0
        if online_s >= 10 * self.deadlines.refused_s:
            self._replaced = 0

    def _next_attempt_s(self, refusal: str, code: int | None, now_s: float) -> float | None:
        if not refusal:
            if code == 4429:  # an address that is told "too many" does not knock at once
                self._failures = max(self._failures, 5)
            delay_s = self._backoff_s(self._failures)
            self._failures += 1
            return now_s + delay_s
        if refusal == "replaced":
            # Somebody else uses this device's token. Coming back once repairs a start that was
            # made twice by mistake; coming back again would be a fight that pushes the newer one
            # out for ever. So the newest stays, and this one waits for a person (retry_now).
            self._replaced += 1
            if self._replaced > 1:
                return None
        return now_s + self.deadlines.refused_s * (1 + 0.2 * self._random())

    def _backoff_s(self, attempt: int) -> float:
        """Full jitter: the first attempt at once, later ones up to ``backoff_most_s`` (F21)."""
        least_s, most_s = self.deadlines.backoff_least_s, self.deadlines.backoff_most_s
        if attempt == 0:
            return least_s * self._random()
        span_s = min(most_s, least_s * 2.0 ** min(attempt, 16)) - least_s
        return least_s + span_s * self._random()

    def _enter(self, phase: _Phase, now_s: float) -> None:
        self._phase = phase
        self._phase_since_s = now_s

    def _phase_is_older(self, age_s: float, now_s: float) -> bool:
        return now_s >= self._phase_since_s + age_s

    def _show(self, state: LinkState, reason: str, now_s: float) -> None:
        old = self.status
        since_s = old.since_s if old.state is state else now_s
        self.status = LinkStatus(state, since_s, reason, self._last_words)
        if self.status != old:
            self._call(self.on_state, self.status)

    # Callbacks.

    def _call(self, callback: Callable[[_T], None], argument: _T) -> None:
        self._calls.append(lambda: callback(argument))

    def _deliver(self) -> None:
        while self._calls:
            self._calls.popleft()()
