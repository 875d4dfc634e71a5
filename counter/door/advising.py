"""Asks what the rules say of a visitor; nothing waits for it."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from counter.door.screening_draft import VisitorDraft, question_of
from protocol.messages import AdviceView, Answer, Rejected
from protocol.session import Inquire

NOTHING = VisitorDraft()


class Advising:
    """The rules' newest word on the present visitor; an answer to an older question is dropped."""

    def __init__(
        self, inquire: Inquire, new_id: Callable[[], UUID], answered: Callable[[], None]
    ) -> None:
        self.advice: list[AdviceView] = []
        # The papers that the server says are needed; None before it has said so.
        self.papers: list[str] | None = None
        self._asked: VisitorDraft | None = None
        self._inquire, self._new_id, self._answered = inquire, new_id, answered

    def forget(self) -> None:
        """Another visitor."""
        self.advice, self.papers, self._asked = [], None, None

    def ask_again(self) -> None:
        """What was asked may never be answered: the link was lost."""
        self._asked = None

    def ask(self, draft: VisitorDraft, needed: list[str]) -> None:
        """Ask about a visitor, once for each state of what the rules look at."""
        facts = _what_rules_see(draft)
        if facts == NOTHING:
            self.forget()
            return
        if facts == self._asked:
            return
        if self._asked is not None and _errand(self._asked) != _errand(facts):
            self.papers = None  # those of another matter
        self._asked = facts

        def on_found(answer: Answer | Rejected) -> None:
            if facts != self._asked:
                return
            if isinstance(answer, Rejected):
                # Advice helps; the server holds the rules anyway. Asked again with what comes.
                self._asked = None
                return
            self.advice = answer.advice if isinstance(answer.advice, list) else []
            self.papers = answer.papers if isinstance(answer.papers, list) else None
            self._answered()

        self._inquire(question_of(facts, self._new_id(), needed), on_found)


def _errand(draft: VisitorDraft) -> tuple[str | None, str | None]:
    return draft.matter, draft.segment


def _what_rules_see(draft: VisitorDraft) -> VisitorDraft:
    """The draft without who it is and without what no rule looks at."""
    return replace(
        draft,
        identifier=None,
        warnings=(),
        priority="none",
        needs=(),
        persons=1,
        companion=False,
        overrides={},
        note="",
        started_at=None,
    )
