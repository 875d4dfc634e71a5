"""What the models mean, in the person's words; shared by the console and the strip."""

from collections.abc import Callable
from datetime import datetime

from assets.texts import Texts
from counter.actions import ACTIONS
from counter.global_keys import Grabbed
from counter.picking import Pick
from counter.remarks import Remark
from counter.serving_model import ServingModel
from protocol.messages import ComplaintView, CounterView, ScreeningFacts, Ticket

CLOSED_NAMED_MAX = 6


class Wording:
    """The counter's texts in one language."""

    def __init__(self, texts: Texts, branch_time: Callable[[], datetime]) -> None:
        """``branch_time`` gives the branch's wall clock."""
        self.texts = texts
        self._branch_time = branch_time

    def __call__(self, key: str, /, **values: object) -> str:
        """A text of this room."""
        return self.texts(f"counter.{key}", **values)

    def clock(self, at: datetime) -> str:
        """An instant on the branch's wall clock: 08.31."""
        return self.texts.clock(at.astimezone(self._branch_time().tzinfo))

    def due(self, complaint: ComplaintView) -> str:
        """By when a complaint is to be answered, or solved once it was."""
        if complaint.closed_at is not None:
            return self("complaint.closed_at", at=self.moment(complaint.closed_at))
        if complaint.answered_at is None:
            return self("complaint.answer_by", at=self.moment(complaint.answer_due_at))
        return self("complaint.solve_by", at=self.moment(complaint.due_at))

    def moment(self, at: datetime) -> str:
        """A day and a time on the branch's clock; the day alone is left out today."""
        here = at.astimezone(self._branch_time().tzinfo)
        clock = self.texts.clock(here)
        if here.date() == self._branch_time().date():
            return clock
        return f"{self.texts.day(here, short=True)} {clock}"

    def remark(self, remark: Remark | None) -> str:
        """A remark in words, with its device as people call it; nothing for none."""
        if remark is None:
            return ""
        facts = dict(remark.facts)
        if "device" in facts:
            facts["device"] = self.device(str(facts["device"]))
        return remark.words or self(remark.code, **facts)

    def device(self, name: str) -> str:
        """A device as people call it: kiosk-1 is Kiosk 1."""
        kind, _, number = name.rpartition("-")
        key = f"counter.device.{kind}"
        if kind and number.isdigit() and self.texts.has(key):
            return self(f"device.{kind}", number=number)
        return name

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
        """What the key for the next one will do, and by which rule."""
        if not model.online or model.waits_long():
            return self.prospect_short(model)
        why = self._why_that_one(model)
        return " · ".join(filter(None, (self.prospect_short(model), why)))

    def prospect_short(self, model: ServingModel) -> str:
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

    def _why_that_one(self, model: ServingModel) -> str:
        """By which rule it is that one, or what there is besides an empty line."""
        prospect = model.prospect()
        if prospect.helping:
            return self("prospect.helping", service=self.service(model, prospect.helping))
        if prospect.calling:
            return self.texts.pick(prospect.why).rstrip(".")
        snapshot = model.snapshot
        elsewhere = snapshot.waiting_elsewhere if snapshot is not None else 0
        if not elsewhere or model.counter_state != "open":
            return ""
        at = model.help_from
        if at is None:
            return self("prospect.elsewhere", count=elsewhere)
        if at <= model.server_now():
            return self("prospect.help_now", count=elsewhere)
        return self("prospect.help_from", count=elsewhere, at=self.clock(at))

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
        if view.activity == "idle-with-line":
            return self("line.other_idle")
        return self(f"line.other_{view.state}")

    def closed(self, numbers: list[int]) -> str:
        """The closed counters in one breath, by number while they are few."""
        if len(numbers) > CLOSED_NAMED_MAX:
            return self("line.closed_many", count=len(numbers))
        return f"{', '.join(map(str, numbers))} {self('line.other_closed')}"

    def pick(self, model: ServingModel, pick: Pick) -> str:
        """What there is to know of a number that can be taken out of turn."""
        service = self.service(model, pick.service)
        at = self.clock(pick.at) if pick.at is not None else ""
        if pick.kind == "waiting":
            return self("numbers.row_waiting", place=pick.place, service=service, at=at)
        if pick.kind == "missed":
            return self("numbers.row_missed", service=service, at=at)
        reason = self.choice(model, "park_reason", pick.reason)
        if not at:
            return reason
        return self("numbers.row_parked", reason=reason, at=at)

    def recall(self, model: ServingModel) -> str:
        """The recall's title: which one of how many it is, and how long it has to wait."""
        title, recalls = self("action.recall"), model.recalls()
        if recalls is not None:
            title = self("action.recall_of", turn=recalls[0], most=recalls[1])
        wait_s = model.recall_wait_s()
        return f"{title} ({wait_s})" if wait_s else title

    def undo(self, model: ServingModel) -> str:
        """What can be taken back: "A011 selesai"; nothing when nothing can."""
        undo = model.snapshot.undo if model.snapshot is not None else None
        if undo is None or not model.undo_left_s():
            return ""
        return self(f"undo.{undo.event}", number=undo.number)

    def ticket_facts(self, model: ServingModel, ticket: Ticket) -> list[tuple[str, str]]:
        """What the frontliner should know before the visitor speaks, each with its icon."""
        facts = []
        if ticket.priority != "none":
            facts.append(("star", self.choice(model, "priority", ticket.priority)))
        captured = model.visit.facts
        missing = captured.missing if captured is not None else []
        if missing:
            papers = ", ".join(self.texts.pick(model.visit.paper(code)) for code in missing)
            facts.append(("document", self("visit.lacks", papers=papers)))
        if captured is not None and captured.answer_due_at is not None:
            level = model.complaints.level(captured.level or "")
            name = self.texts.pick(level.name) if level is not None else captured.level or ""
            due = self.clock(captured.answer_due_at)
            facts.append(("warning", self("visit.complaint", level=name, due=due)))
        facts += [("information", self.choice(model, "needs", need)) for need in ticket.needs]
        if captured is not None and captured.companion:
            facts.append(("person", self("visit.companion")))
        if ticket.weight > 1:
            facts.append(("people", self("state.weight", count=ticket.weight)))
        if ticket.print in ("failed", "unknown", "none"):
            facts.append(("printer", self("state.without_paper")))
        return facts

    def matter(self, model: ServingModel) -> str:
        """What the visitor comes for, as the door was told."""
        matter = model.visit.matter
        return self.texts.pick(matter.name) if matter is not None else ""

    def errand(self, model: ServingModel, ticket: Ticket) -> str:
        """The service, and what exactly where the door was told."""
        service, matter = self.service(model, ticket.service), model.visit.matter
        if matter is None or matter.service != ticket.service:
            return service
        return f"{service}: {self.matter(model)}"

    def visit_member(self, model: ServingModel, facts: ScreeningFacts) -> str:
        """Segment, membership and earlier visits in one line."""
        parts = [
            self.choice(model, field, code)
            for field, code in (("segment", facts.segment), ("membership", facts.membership))
            if code
        ]
        if facts.visits_before:
            parts.append(self("visit.before", count=facts.visits_before))
        return " · ".join(parts)

    def captured(self, model: ServingModel) -> str:
        """All that in one line for the ticket's card; nothing for a visitor of no screening."""
        facts = model.visit.facts
        if facts is None:
            return ""
        note = model.visit.view.note if model.visit.view is not None else ""
        captured = " · ".join(filter(None, (self.visit_member(model, facts), note)))
        return captured or self("visit.typed" if model.visit.from_kiosk else "visit.nothing_more")

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
