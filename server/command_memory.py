"""The memory of commands: a retry is answered as the first time, and done once (law I6)."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID

import msgspec

from protocol.codec import body_of
from protocol.messages import AnyCommand
from server.commands.handler import Answered, Asker
from server.domain.errors import QueueRuleError
from server.ports import Sealer
from server.store import RememberedAnswer, Store

RECENT_ANSWERS_MAX = 4096
MEMORY_AFTER_CLOSE_MS = 24 * 3600 * 1000
DIGEST_BYTES = 16
WITHDRAWN = b"withdrawn"
"""Instead of a digest: this command is not carried out any more, should it still come."""


class _MadeTicket(msgspec.Struct):
    id: str


class _Answer(msgspec.Struct):
    ticket: _MadeTicket | None = None


_answer_of = msgspec.json.Decoder(_Answer).decode


class CommandMemory:
    """Which ids were answered, and the newest answers; the rest lies on the disk."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._recent: OrderedDict[bytes, RememberedAnswer] = OrderedDict()
        self._known = store.known_command_ids()

    def __len__(self) -> int:
        """How many answers are held in memory (law I14)."""
        return len(self._recent)

    def knows(self, command_id: bytes) -> bool:
        """Whether this id was answered before."""
        return command_id in self._known

    def recall(self, command_id: bytes) -> RememberedAnswer | None:
        """What a command was answered; None: it is new, or too old to matter."""
        if command_id not in self._known:
            return None
        return self._recent.get(command_id) or self._store.remembered(command_id)

    def answered(self, command_id: UUID) -> Answered | None:
        """Who asked a command and which ticket it made; None: it was not carried out."""
        answer = self.recall(command_id.bytes)
        if answer is None:
            return None
        if answer.body_digest == WITHDRAWN:
            return Answered(answer.device, None)
        ticket = _answer_of(answer.answer).ticket
        return Answered(answer.device, None if ticket is None else ticket.id)

    def keep(self, answer: RememberedAnswer) -> None:
        """An answer that goes to the disk with its batch."""
        self._known.add(answer.command_id)
        self._recent[answer.command_id] = answer
        if len(self._recent) > RECENT_ANSWERS_MAX:
            self._recent.popitem(last=False)

    def take_back(self, answers: Iterable[RememberedAnswer]) -> None:
        """The disk refused these: nobody was answered."""
        for answer in answers:
            self._known.discard(answer.command_id)
            self._recent.pop(answer.command_id, None)

    def forget_old(self, now_ms: int) -> None:
        """Drop the answers of days that closed more than 24 h ago."""
        self._store.forget_commands(now_ms - MEMORY_AFTER_CLOSE_MS)
        self._known = self._store.known_command_ids()


def digest_of(command: AnyCommand, sealer: Sealer) -> bytes:
    """What a body is compared by; of a personal one a keyed hash, else a NIK could be guessed."""
    name, body = type(command).__name__, body_of(command)
    if command.personal:
        return sealer.fingerprint(f"body of {name}", body.decode())[:DIGEST_BYTES]
    return hashlib.blake2b(name.encode() + body, digest_size=DIGEST_BYTES).digest()


def same_again(answer: RememberedAnswer, asker: Asker, digest: bytes) -> bytes:
    """The answer that was given; ``id-reused`` to another device or for another body,
    ``withdrawn`` where the kiosk that asked gave a number of its own instead."""
    if answer.body_digest == WITHDRAWN:
        raise QueueRuleError("withdrawn")
    if answer.device != asker.device or answer.body_digest != digest:
        raise QueueRuleError("id-reused")
    return answer.answer
