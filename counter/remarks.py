"""What the models say: a line for the person, how a service will end, what a key will do."""

from dataclasses import dataclass, field

from protocol.messages import Accepted, Finish, Names, ServiceOutcome, Ticket


@dataclass(frozen=True, slots=True)
class Remark:
    """A line for the person: a code of the texts with its facts, or the server's own words.

    ``tone`` is ``calm``, ``good`` or ``no``.
    """

    tone: str
    code: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    words: str = ""
    until_s: float = 0.0


@dataclass(frozen=True, slots=True)
class FinishDraft:
    """How the running service will end, as far as the person has said."""

    outcome: ServiceOutcome = "solved"
    category: str | None = None
    education: tuple[str, ...] = ()
    note: str = ""
    cause: str | None = None

    def finish(self) -> Finish:
        """The words of protocol.md."""
        return Finish(
            outcome=self.outcome,
            category=self.category,
            education=list(self.education),
            note=self.note.strip(),
            cause=self.cause,
        )


@dataclass(frozen=True, slots=True)
class Prospect:
    """What BERIKUTNYA will do: a code of the texts and the two numbers, empty if there is none.

    ``why`` says in words by which rule it is that one; ``helping`` is the service of a line that
    is not this counter's own.
    """

    code: str
    closing: str = ""
    calling: str = ""
    why: Names = field(default_factory=dict)
    helping: str = ""


def remark_of(name: str, before: Ticket | None, answer: Accepted) -> Remark:
    """What to say after a move that went well."""
    number = before.number if before is not None else ""
    called = answer.ticket.number if isinstance(answer.ticket, Ticket) else ""
    if name == "next":
        finished = isinstance(answer.finished, Ticket)
        if not called:
            return Remark("calm", "done.finish-empty" if finished else "done.empty", {"a": number})
        code = "done.finish-next" if finished else "done.next"
        return Remark("good", code, {"a": number, "b": called})
    if name == "issue" and isinstance(answer.ticket, Ticket):
        ahead = answer.ticket.people_ahead
        return Remark("good", "done.issue", {"a": called, "ahead": ahead})
    if name == "continue" and isinstance(answer.ticket, Ticket):
        here = answer.ticket.state in ("called", "serving")
        return Remark("good", "done.continue" if here else "done.continue-waits", {"a": number})
    if name in ("call", "resume", "requeue", "undo"):
        return Remark("good", f"done.{name}", {"a": called})
    return Remark("good", f"done.{name}", {"a": number})
