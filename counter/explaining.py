"""Why who is next, and what another rule would change: asked of the server, kept to be shown."""

from collections.abc import Callable
from typing import get_args
from uuid import UUID

from protocol.messages import (
    Answer,
    Discipline,
    ExplainTicket,
    PreviewEntry,
    PreviewLine,
    Rejected,
)
from protocol.session import Inquire

DISCIPLINES: tuple[Discipline, ...] = get_args(Discipline)
SHOWN = 10
AGAIN_S = 2.0


class Explaining:
    """The next ten under a rule, and the chosen one of them explained."""

    def __init__(self, inquire: Inquire, new_id: Callable[[], UUID]) -> None:
        self.changed: Callable[[], None] = lambda: None
        self._inquire, self._new_id = inquire, new_id
        self._counter: int | None = None
        self._revision, self._asked_s = 0, 0.0
        # The newest question of each kind: an answer to an older one comes too late.
        self._line_id = self._ticket_id = UUID(int=0)
        self.rule_now = ""
        self.asked_rule: Discipline | None = None
        self.line: list[PreviewEntry] = []
        self.chosen = ""
        self.explained: Answer | None = None
        self.refused = ""

    @property
    def asking(self) -> bool:
        """Whether the next ones are still on their way."""
        return self._line_id != UUID(int=0)

    @property
    def chosen_entry(self) -> PreviewEntry | None:
        """The one that is explained."""
        return next((entry for entry in self.line if entry.ticket == self.chosen), None)

    def open(self, counter: int | None, revision: int, now_s: float) -> None:
        """Look at this counter's line as it is."""
        self._counter, self.chosen = counter, ""
        self._revision, self._asked_s = revision, now_s
        self.line, self.explained, self.refused = [], None, ""
        self.suppose(None)

    def suppose(self, rule: Discipline | None) -> None:
        """The same line under another rule; None is the rule of now."""
        self.asked_rule = rule
        query = PreviewLine(id=self._new_id(), counter=self._counter, discipline=rule, count=SHOWN)
        self._line_id = query.id
        self._inquire(query, lambda found: self._line_came(query.id, found))
        self.changed()

    def choose(self, ticket: str) -> None:
        """Explain this one."""
        if ticket != self.chosen:
            self.chosen, self.explained = ticket, None
        query = ExplainTicket(id=self._new_id(), ticket=ticket)
        self._ticket_id = query.id
        self._inquire(query, lambda found: self._ticket_came(query.id, found))
        self.changed()

    def follow(self, revision: int, now_s: float) -> None:
        """The hall has moved on: ask again, but not at every step of a busy morning."""
        if revision > self._revision and not self.asking and now_s - self._asked_s >= AGAIN_S:
            self._revision, self._asked_s = revision, now_s
            self.suppose(self.asked_rule)

    def forget(self) -> None:
        """Nobody looks any more."""
        self._line_id = self._ticket_id = UUID(int=0)
        self.line, self.chosen, self.explained = [], "", None

    def _line_came(self, query_id: UUID, found: Answer | Rejected) -> None:
        if query_id != self._line_id:
            return
        self._line_id = UUID(int=0)
        self.refused = found.message if isinstance(found, Rejected) else ""
        if isinstance(found, Answer) and isinstance(found.line, list):
            self.line = found.line
            if self.asked_rule is None and isinstance(found.discipline, str):
                self.rule_now = found.discipline
            known = any(entry.ticket == self.chosen for entry in self.line)
            if self.line:
                self.choose(self.chosen if known else self.line[0].ticket)
        self.changed()

    def _ticket_came(self, query_id: UUID, found: Answer | Rejected) -> None:
        if query_id == self._ticket_id:
            self._ticket_id = UUID(int=0)
            self.explained = found if isinstance(found, Answer) else None
            self.changed()
