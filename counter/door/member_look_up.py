"""Asks the membership directory about a number; nothing waits for it."""

from collections.abc import Callable
from uuid import UUID

from protocol.identifiers import Identifier
from protocol.messages import Answer, FindMember, MemberView, Rejected
from protocol.session import Inquire

KNOWN = frozenset({"found", "not-found", "none", "unreachable", "slow", "refused"})


class MemberLookUp:
    """One look-up at a time; the answer to an older number is nobody's."""

    def __init__(
        self,
        inquire: Inquire,
        new_id: Callable[[], UUID],
        found: Callable[[MemberView | None], None],
    ) -> None:
        """``found`` hears how it ended: with a member, or with None and the ``state``."""
        # searching, one of KNOWN, or empty while nothing was asked.
        self.state = ""
        self.member: MemberView | None = None
        self._inquire, self._new_id, self._found = inquire, new_id, found
        self._asked = 0

    def ask(self, identifier: Identifier) -> None:
        """Look this number up; passports stand in no directory."""
        self.forget()
        if identifier.kind == "passport":
            return
        self.state = "searching"
        asked = self._asked

        def on_found(answer: Answer | Rejected) -> None:
            if asked == self._asked:
                self._heard(answer)

        self._inquire(FindMember(id=self._new_id(), identifier=identifier.value), on_found)

    def forget(self) -> None:
        """What was found is of a visitor who has gone."""
        self._asked += 1
        self.state, self.member = "", None

    def _heard(self, answer: Answer | Rejected) -> None:
        if isinstance(answer, Rejected) or answer.directory not in KNOWN:
            self.state = "unreachable"
        else:
            self.state = str(answer.directory)
            self.member = answer.member if isinstance(answer.member, MemberView) else None
        self._found(self.member)
