"""What the models mean, in the person's words; shared by the console and the strip."""

from counter.actions import ACTIONS
from counter.global_keys import Grabbed
from counter.remarks import Remark
from counter.serving_model import ServingModel
from protocol.messages import CounterView, Ticket
from ui.texts import Texts

CLOSED_NAMED_MAX = 6


class Wording:
    """The counter's texts in one language."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def __call__(self, key: str, /, **values: object) -> str:
        """A text of this room."""
        return self.texts(f"counter.{key}", **values)

    def remark(self, remark: Remark | None) -> str:
        """A remark in words; nothing for none."""
        if remark is None:
            return ""
        return remark.words or self(remark.code, **remark.facts)

    def why_not(self, model: ServingModel, name: str) -> str:
        """Why a move cannot be asked for now; nothing when it can."""
        return self.remark(model.why_not(name))

    def tip(self, model: ServingModel, name: str) -> str:
        """What a button does and with which keys, or why it cannot do it now."""
        action = ACTIONS[name]
        keys = action.key
        if action.global_letter:
            keys += f", Ctrl+Alt+{action.global_letter}"
        why = self.why_not(model, name)
        told = f"{self(f'tell.{name}')} ({keys})"
        return f"{told}\n{why}" if why else told

    def prospect(self, model: ServingModel) -> str:
        """What the key for the next one will do."""
        if not model.online:
            return self("prospect.lost")
        if model.waits_long():
            return self("prospect.asking")
        prospect, draft = model.prospect(), model.draft
        facts = {"closing": prospect.closing, "calling": prospect.calling}
        if prospect.closing and draft.outcome != "solved":
            key = "outcome" if prospect.calling else "outcome-none"
            return self(f"prospect.{key}", outcome=self(f"finish.{draft.outcome}"), **facts)
        return self(f"prospect.{prospect.code}", **facts)

    def service(self, model: ServingModel, code: str) -> str:
        """The name of a service, its code if the catalogue has none."""
        service = model.service(code)
        return (self.texts.pick(service.name) if service is not None else "") or code

    def sign(self, model: ServingModel, code: str) -> str:
        """What stands for a service where there is no room for its name."""
        service = model.service(code)
        return code if service is None else service.sign

    def choice(self, model: ServingModel, field_name: str, code: str) -> str:
        """The name of a coded answer, the code itself if it has none."""
        for choice in model.choices_of(field_name):
            if choice.code == code:
                return self.texts.pick(choice.name) or code
        return code

    def other(self, view: CounterView) -> str:
        """What another counter does."""
        if view.ticket is not None and view.ticket_state in ("called", "serving"):
            return self(f"line.other_{view.ticket_state}", number=view.ticket)
        return self(f"line.other_{view.state}")

    def closed(self, numbers: list[int]) -> str:
        """The closed counters in one breath, by number while they are few."""
        if len(numbers) > CLOSED_NAMED_MAX:
            return self("line.closed_many", count=len(numbers))
        return f"{', '.join(map(str, numbers))} {self('line.other_closed')}"

    def ticket_facts(self, model: ServingModel, ticket: Ticket) -> list[tuple[str, str]]:
        """What the frontliner should know before the visitor speaks, each with its icon."""
        facts = []
        if ticket.priority != "none":
            facts.append(("star", self.choice(model, "priority", ticket.priority)))
        facts += [("information", self.choice(model, "needs", need)) for need in ticket.needs]
        if ticket.weight > 1:
            facts.append(("people", self("state.weight", count=ticket.weight)))
        if ticket.print in ("failed", "unknown", "none"):
            facts.append(("printer", self("state.without_paper")))
        return facts

    def global_keys(self, grabbed: Grabbed | None) -> str:
        """Whether the global keys work, in one line."""
        if grabbed is None:
            return ""
        if grabbed.missing:
            return self(f"global.{grabbed.missing}")
        if grabbed.refused:
            keys = ", ".join(f"Ctrl+Alt+{letter}" for letter in _letters(grabbed.refused))
            return self("global.refused", keys=keys)
        return self("global.taken", letters="/".join(_letters(grabbed.taken)))


def _letters(names: frozenset[str]) -> list[str]:
    return [
        action.global_letter
        for name, action in ACTIONS.items()
        if name in names and action.global_letter
    ]
