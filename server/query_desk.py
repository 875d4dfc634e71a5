"""Answers queries beside the lane: between two batches, when the day is what the disk has."""

import logging
import time
from collections import deque
from dataclasses import dataclass, field

from db.refusals import DatabaseRefusedError
from protocol.codec import encode
from protocol.messages import Answer
from server.directory_desk import DirectoryDesk
from server.disk_thread import DiskThread
from server.domain.errors import QueueRuleError
from server.fault_words import places_of
from server.lane import SEATED_ROLES, Ask, Lane
from server.membership import LookedUp
from server.queries import QUERIES
from server.queries.handler import Fields, Inquiry, MemberSearch, Reading
from server.refusals import rejection

log = logging.getLogger(__name__)

_FAILED = "query %s failed, reference %s"
_FAILED_AT = f"{_FAILED}: %s"
# So long queries may keep commands waiting between two batches; one more may have begun.
SLICE_S = 0.002


@dataclass(slots=True)
class _Read:
    """What a reading brought, taken over from its thread.

    It is of the revision at which it was asked for: when it comes, the day may hold what is not
    on the disk yet.
    """

    revision: int
    fields: Fields = field(default_factory=dict)


class QueryDesk:
    """Takes queries in order. What must be read from the disk is read in a thread of its own."""

    def __init__(self, lane: Lane, directory: DirectoryDesk | None = None) -> None:
        self._lane = lane
        self._directory = directory
        self._asks: deque[Ask] = deque()
        self.archive_thread = DiskThread("archive")

    def submit(self, ask: Ask) -> None:
        """Put a query down; it is answered through ``ask.reply``."""
        self._asks.append(ask)

    @property
    def somebody_waits(self) -> bool:
        """Whether a query has not been looked at yet."""
        return bool(self._asks)

    def answer_some(self) -> None:
        """Answer at least one query, and more while the slice of time lasts.

        So a flood of commands cannot starve queries, nor a flood of queries the commands.
        """
        ends_s = time.monotonic() + SLICE_S
        while self._asks:
            self._take_up(self._asks.popleft())
            if time.monotonic() >= ends_s:
                return

    def close(self) -> None:
        """Let go of the threads."""
        self.archive_thread.close()
        if self._directory is not None:
            self._directory.close()

    def _take_up(self, ask: Ask) -> None:
        try:
            found = self._look(ask)
        except QueueRuleError as no:
            self._refuse(ask, no)
        except Exception as error:  # noqa: BLE001 (told of below, without words about people)
            # A bug in one query must not take the branch down (F12).
            self._broke(ask, error)
        else:
            if isinstance(found, MemberSearch):
                self._search(ask, found)
            elif callable(found):
                self._read(ask, found)
            else:
                self._answer(ask, found)

    def _look(self, ask: Ask) -> Fields | Reading | MemberSearch:
        day, asker = self._lane.day, ask.asker
        handler = QUERIES.get(type(ask.command))  # type: ignore[arg-type]
        if handler is None:
            raise QueueRuleError("unknown-type")
        if asker.role not in ask.command.roles:
            raise QueueRuleError("not-allowed")
        if asker.role in SEATED_ROLES and asker.device not in day.seats:
            raise QueueRuleError("not-signed-in")
        lane, now_ms = self._lane, self._lane.now_ms()
        session = lane.session_for(ask.command, asker, now_ms)
        inquiry = Inquiry(day, asker.role, now_ms, lane.sealer, asker.device, session)
        return handler(ask.command, inquiry)

    def _read(self, ask: Ask, reading: Reading) -> None:
        brought = _Read(self._lane.day.revision)

        def read() -> None:
            brought.fields = reading(self._lane.archive)

        done = self.archive_thread.run(read)
        done.add_done_callback(lambda future: self._was_read(ask, brought, future.exception()))

    def _was_read(self, ask: Ask, brought: _Read, error: BaseException | None) -> None:
        if error is None:
            self._answer(ask, {"revision": brought.revision} | brought.fields)
        elif isinstance(error, QueueRuleError):
            self._refuse(ask, error)
        elif isinstance(error, DatabaseRefusedError):
            self._refuse(ask, QueueRuleError("try-again", retry_after_s=1))
        else:
            self._broke(ask, error)

    def _broke(self, ask: Ask, error: BaseException) -> None:
        reference, name = self._lane.new_reference(), type(ask.command).__name__
        if ask.command.personal:
            log.error(_FAILED_AT, name, reference, places_of(error))
        else:
            log.error(_FAILED, name, reference, exc_info=error)
        self._refuse(ask, QueueRuleError("internal", reference=reference))

    def _search(self, ask: Ask, search: MemberSearch) -> None:
        """In a thread of its own, which no other query waits for."""
        # Of now: when the answer comes, the day may hold what is not on the disk yet.
        revision = self._lane.day.revision

        def answer(looked_up: LookedUp) -> None:
            self._answer(ask, {"revision": revision} | search.answer(looked_up))

        if self._directory is None:
            answer(LookedUp("none"))
        else:
            self._directory.look_up(search.identifier, search.on, answer)

    def _answer(self, ask: Ask, fields: Fields) -> None:
        answer: Fields = {"revision": self._lane.day.revision} | fields
        ask.reply(encode(Answer(id=ask.command.id, **answer)))

    def _refuse(self, ask: Ask, no: QueueRuleError) -> None:
        ask.reply(rejection(str(ask.command.id), no, ask.asker.language))
