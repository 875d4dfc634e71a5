"""One command on its way at a time, and the same id for the same wish however often it is asked."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from msgspec.structs import replace as with_fields

from counter.remarks import Remark
from protocol.messages import Accepted, AnyCommand, Rejected
from protocol.session import Ask, LinkState, LinkStatus

LINE_STAYS_S = 6.0
"""How long a line about what just happened stays to be read."""

SAID_AFTER_S = 0.3
"""From then on a person is told that the answer takes its time."""

UNSURE = frozenset({"try-again"})
"""Refusals after which nobody knows whether the server did it: asked again, it has the same id."""


class Asker:
    """Asks for several models of one screen; what it says is one line for the person."""

    def __init__(
        self,
        ask: Ask,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
        say: Callable[[Remark], None] | None = None,
    ) -> None:
        """``now_s`` is monotonic; ``say`` is told each line where somebody else shows it."""
        self.changed: Callable[[], None] = lambda: None
        self.remark: Remark | None = None
        self.link = LinkStatus(LinkState.CONNECTING, now_s())
        # Nothing is asked on the ground of what was true before the link was lost.
        self.fresh = False
        self.on_the_way = ""
        # The newest revision that an answer told; snapshots before it are older than the screen.
        self.revision = -1
        self._ask, self._new_id, self._now_s = ask, new_id, now_s
        self._said_elsewhere = say
        self._since_s = 0.0
        self._unsure: AnyCommand | None = None
        # An answer that comes after its asker has gone is nobody's.
        self._sitting = 0

    @property
    def online(self) -> bool:
        """Whether the server can be asked."""
        return self.link.state is LinkState.ONLINE

    def hindrance(self) -> str:
        """Why nothing can be asked now, as a code of the texts; empty when it can."""
        if not self.online:
            return "link-lost"
        if not self.fresh:
            return "no-snapshot"
        return "on-the-way" if self.on_the_way else ""

    def waits_long(self) -> bool:
        """Whether the command on its way has taken so long that it should be said."""
        return bool(self.on_the_way) and self._now_s() - self._since_s > SAID_AFTER_S

    def send(
        self,
        name: str,
        make: Callable[[UUID], AnyCommand],
        done: Callable[[Accepted], None],
        refused: Callable[[Rejected], bool] = lambda _answer: False,
    ) -> bool:
        """Ask; False (with a remark) when it cannot be. ``refused`` gives True if it said why."""
        why = self.hindrance()
        if why == "on-the-way":
            return False  # the second press of a double press
        if why:
            self.say(Remark("no", f"why.{why}"))
            return False
        command = self._same_wish(make(self._new_id()))
        self.on_the_way, self._since_s, self.remark = name, self._now_s(), None
        sitting = self._sitting

        def on_answer(answer: Accepted | Rejected) -> None:
            if sitting != self._sitting:
                return
            self.on_the_way = ""
            if isinstance(answer, Rejected):
                self._unsure = command if answer.reason in UNSURE else None
                if not refused(answer):
                    self._say_refusal(answer)
            else:
                self._unsure = None
                self.revision = max(self.revision, answer.revision)
                done(answer)
            self.changed()

        self._ask(command, on_answer)
        self.changed()
        return True

    def say(self, remark: Remark) -> None:
        """Say something for a while."""
        if self._said_elsewhere is not None:
            self._said_elsewhere(remark)
            return
        self.remark = replace(remark, until_s=self._now_s() + LINE_STAYS_S)
        self.changed()

    def tick(self) -> None:
        """Let a line go that has been read."""
        if self.remark is not None and self._now_s() >= self.remark.until_s:
            self.remark = None

    def forget(self) -> None:
        """Somebody else comes: nothing that was asked or said is theirs."""
        self._sitting += 1
        self.on_the_way, self.remark, self._unsure = "", None, None
        self.fresh = False
        self.revision = -1

    def drop_unsure(self) -> None:
        """The wish is another one from now on, even if it is in the same words."""
        self._unsure = None

    def _same_wish(self, command: AnyCommand) -> AnyCommand:
        unsure = self._unsure
        if type(unsure) is type(command) and with_fields(command, id=unsure.id) == unsure:
            return unsure
        return command

    def _say_refusal(self, answer: Rejected) -> None:
        if answer.message:
            self.say(Remark("no", words=answer.message))
        else:
            self.say(Remark("no", "screening.no_answer"))
