"""What the door captured of the visitor at my counter: asked once, kept while they are here."""

from collections.abc import Callable
from uuid import UUID

from protocol.messages import (
    Accepted,
    Answer,
    DoorCatalogue,
    GetScreening,
    MatterInfo,
    Names,
    PaperInfo,
    ProcedureInfo,
    Rejected,
    RevealRecord,
    ScreeningFacts,
    ScreeningView,
    Welcome,
)
from protocol.session import Ask, Inquire

REVEAL_REASONS = ("membership", "data-change", "asked")
"""Why a number may have to be seen whole; each is recorded with who asked."""

NO_CATALOGUE = DoorCatalogue()


class Visit:
    """The screening of my ticket, its note and masked number, and the number itself once asked.

    A number that was shown is forgotten with the visitor, and when nobody looks any more.
    """

    def __init__(self, ask: Ask, inquire: Inquire, new_id: Callable[[], UUID]) -> None:
        self.changed: Callable[[], None] = lambda: None
        self._ask, self._inquire, self._new_id = ask, inquire, new_id
        self._asked = UUID(int=0)
        self.catalogue = NO_CATALOGUE
        self.facts: ScreeningFacts | None = None
        self.view: ScreeningView | None = None
        self.revealed: dict[str, str] = {}
        self.revealing = False
        self.refused = ""

    def on_welcome(self, welcome: Welcome) -> None:
        """Papers and matters by name; and what a lost link left open is asked again."""
        self.catalogue = welcome.door or NO_CATALOGUE
        self._asked, self.revealing = UUID(int=0), False
        if self.facts is not None and self.view is None:
            self._look()

    def follow(self, facts: ScreeningFacts | None) -> None:
        """Another visitor came, or nobody is here."""
        before = _records_of(self.facts)
        self.facts = facts
        if _records_of(facts) == before:
            return
        self.view, self.refused = None, ""
        self.hide()
        if facts is not None:
            self._look()

    def reveal(self, reason: str) -> None:
        """Show the number whole; the server writes down who asked and why."""
        if self.facts is None or self.revealing:
            return
        record = self.facts.identity or self.facts.id
        command = RevealRecord(id=self._new_id(), record=record, reason=reason)
        self.revealing, self.refused = True, ""
        self._ask(command, lambda answer: self._shown(record, answer))
        self.changed()

    def hide(self) -> None:
        """Nobody looks any more: forget the number."""
        self.revealed, self.revealing = {}, False

    # Reading.

    @property
    def from_kiosk(self) -> bool:
        """Nobody received this visitor, but they typed a number of theirs at the kiosk."""
        return self.facts is not None and self.facts.outcome == "kiosk"

    @property
    def matter(self) -> MatterInfo | None:
        """What the visitor comes for."""
        code = self.facts.matter if self.facts is not None else None
        return next((one for one in self.catalogue.matters if one.code == code), None)

    @property
    def category(self) -> str | None:
        """Under which category it will most likely be closed."""
        return self.matter.category if self.matter is not None else None

    def paper(self, code: str) -> Names:
        """The name of a paper."""
        return _name(self.catalogue.papers, code)

    def procedure(self, category: str | None) -> ProcedureInfo | None:
        """How this category is handled here."""
        return next((one for one in self.catalogue.procedures if one.category == category), None)

    # Inside.

    def _look(self) -> None:
        assert self.facts is not None
        query = GetScreening(id=self._new_id(), screening=self.facts.id)
        self._asked = query.id
        self._inquire(query, lambda found: self._came(query.id, found))

    def _came(self, query_id: UUID, found: Answer | Rejected) -> None:
        if query_id != self._asked:
            return
        self._asked = UUID(int=0)
        if isinstance(found, Answer) and isinstance(found.screening, ScreeningView):
            self.view = found.screening
        self.changed()

    def _shown(self, record: str, answer: Accepted | Rejected) -> None:
        if record not in _records_of(self.facts) or not self.revealing:
            return  # the visitor has gone, or nobody looks any more
        self.revealing = False
        if isinstance(answer, Accepted) and isinstance(answer.revealed, dict):
            self.revealed = dict(answer.revealed)
        elif isinstance(answer, Rejected):
            self.refused = answer.message
        self.changed()


def _records_of(facts: ScreeningFacts | None) -> tuple[str, ...]:
    """What of a visitor may stand under seal: what the door took down, and the kiosk."""
    return () if facts is None else tuple(filter(None, (facts.id, facts.identity)))


def _name(entries: list[PaperInfo], code: str) -> Names:
    return next((one.name for one in entries if one.code == code), {"id": code})
