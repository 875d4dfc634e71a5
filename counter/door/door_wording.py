"""What the desk at the door means, in the person's words."""

from textwrap import shorten

from counter.door.door_health import Sign
from counter.door.door_visitor import DoorVisitor
from counter.door.screening_model import Outcome, ScreeningModel
from counter.wording import Wording
from protocol.messages import DoorTotals, MemberView, RecentScreening

NOTE_SHOWN_MOST = 90
"""Characters of a note at the desk; the panel has all of it."""

SHORT_PRIORITIES = ("elderly", "disability", "pregnant", "infant", "urgent")


class DoorWording(Wording):
    """The door's texts in one language."""

    def device_sign(self, sign: Sign) -> str:
        """How a device is: "Kiosk 1: ~60 tiket"."""
        state = self(f"health.{sign.code}", count=sign.count)
        return f"{self.device(sign.device)}: {state}" if sign.device else state

    def service_name(self, model: ScreeningModel, code: str | None) -> str:
        """The name of a service, its code if the catalogue has none."""
        service = model.hall.service(code)
        return (self.texts.pick(service.name) if service is not None else "") or code or ""

    def matter_name(self, model: ScreeningModel, code: str | None) -> str:
        """The name of a matter."""
        matter = model.hall.matter_of(code)
        return (self.texts.pick(matter.name) if matter is not None else "") or code or ""

    def paper_name(self, model: ScreeningModel, code: str) -> str:
        """The name of a paper."""
        paper = model.hall.paper(code)
        return (self.texts.pick(paper.name) if paper is not None else "") or code

    def choice_name(self, model: ScreeningModel, field: str, code: str | None) -> str:
        """The name of a coded answer."""
        for choice in model.hall.choices_of(field):
            if choice.code == code:
                return self.texts.pick(choice.name) or choice.code
        return code or ""

    def priority_short(self, code: str) -> str:
        """A priority in one or two words."""
        return self(f"priority.{code}")

    def identifier(self, visitor: DoorVisitor) -> str:
        """What there is to say of the number: what is wrong, what is odd, who it is."""
        wrong = visitor.wrong_number
        if wrong is not None:
            return self(f"identifier.{wrong.code}", **wrong.facts)
        draft = visitor.draft
        if draft.identifier is None:
            return self("screening.identifier_hint")
        parts = [self(f"identifier.warning_{one}") for one in draft.warnings]
        state, member = visitor.look_up.state, visitor.look_up.member
        if member is not None:
            parts.insert(0, self.member(member))
        elif state:
            parts.insert(0, self(f"member.{state}"))
        return " ".join(parts)

    def member(self, member: MemberView) -> str:
        """Whom the directory knows: initials, status, since when; never a name."""
        words = [member.initials, member.status_text, member.facility]
        known = " · ".join(filter(None, words))
        return self("member.found", who=known, source=member.source, at=self.clock(member.as_of))

    def papers_heading(self, visitor: DoorVisitor) -> str:
        """How many papers are missing."""
        if not visitor.draft.checked:
            return self("papers.all")
        missing = visitor.draft.missing(visitor.needed())
        return self("papers.missing", count=len(missing)) if missing else self("papers.complete")

    def no_advice(self, visitor: DoorVisitor) -> str:
        """What stands in the place of the advice while there is none."""
        if visitor.draft.note:
            note = shorten(visitor.draft.note, NOTE_SHOWN_MOST, placeholder=" …")
            return self("screening.note_told", note=note)
        return self("advice.none" if visitor.draft.matter else "advice.hint")

    def details(self, model: ScreeningModel) -> str:
        """Needs, persons, companion and note in one breath; nothing for none."""
        draft = model.visitor.draft
        parts = [self.choice_name(model, "needs", code) for code in draft.needs]
        if draft.persons > 1:
            parts.append(self("state.weight", count=draft.persons))
        if draft.companion:
            parts.append(self("screening.companion_short"))
        if draft.note:
            parts.append(self("screening.note_short"))
        return " · ".join(parts)

    def waiting(self, model: ScreeningModel) -> str:
        """How many wait, and the first of them how long."""
        words = self("screening.waiting", count=model.hall.waiting_total)
        oldest_s = model.hall.oldest_s()
        if oldest_s is None:
            return words
        oldest = self("screening.oldest", time=self.texts.minutes(oldest_s))
        return f"{words} · {oldest}"

    def outcome_heading(self, outcome: Outcome) -> str:
        """What happened, over the number or in its place."""
        return self(f"outcome.{outcome.kind}")

    def outcome_facts(self, model: ScreeningModel, outcome: Outcome) -> str:
        """What the officer may say to the visitor."""
        ticket = outcome.ticket
        if ticket is not None:
            service = self.service_name(model, ticket.service)
            ahead = self("outcome.ahead", count=ticket.people_ahead)
            parts = [service, ahead]
            if ticket.estimate is not None:
                least, most = (
                    max(1, round(second / 60))
                    for second in (ticket.estimate.from_s, ticket.estimate.to_s)
                )
                parts.append(self("outcome.estimate", least=least, most=most))
            return " · ".join(parts)
        if outcome.kind == "solved":
            return self.choice_name(model, "solved_reason", outcome.reason)
        if outcome.kind == "code":
            return self("outcome.code_told")
        if outcome.kind in ("channel", "self-service"):
            channel = model.hall.channel(outcome.channel)
            return self.texts.pick(channel.name) if channel is not None else ""
        if outcome.kind == "office":
            office = model.hall.office(outcome.office)
            return self.texts.pick(office.name) if office is not None else ""
        return ", ".join(self.paper_name(model, code) for code in outcome.missing)

    def where_words(self, model: ScreeningModel, outcome: Outcome) -> str:
        """Where a visitor was sent to: address and hours; nothing for other outcomes."""
        channel, office = model.hall.channel(outcome.channel), model.hall.office(outcome.office)
        if office is not None:
            parts = [self.texts.pick(office.address), self.texts.pick(office.hours)]
        elif channel is not None:
            parts = [self.texts.pick(channel.about), self.texts.pick(channel.hours)]
        else:
            parts = []
        return " · ".join(filter(None, parts))

    def paper_state(self, model: ScreeningModel, outcome: Outcome) -> tuple[str, str]:
        """What became of the paper, with the tone of the words; nothing where none was wanted."""
        if not outcome.kiosk:
            return "", ""
        seen = next(
            (one for one in model.hall.recent() if one.screening == outcome.screening), None
        )
        state = (seen.print or seen.slip or "") if seen is not None else ""
        if not state and outcome.ticket is not None:
            state = outcome.ticket.print
        kiosk = self.device(outcome.kiosk)
        known = ("printed", "failed", "unknown", "none")
        key = state if state in known else "pending"
        tone = {"printed": "primary", "pending": "ink_soft"}.get(key, "error")
        return self(f"print.{key}", kiosk=kiosk), tone

    def recent_line(self, model: ScreeningModel, recent: RecentScreening) -> str:
        """One of the last visitors: what for, how it ended, how the ticket stands."""
        parts = [self.clock(recent.at)]
        if recent.number is None:
            parts.append(self(f"outcome-short.{recent.outcome}"))
        else:
            state = recent.state or "waiting"
            parts.append(self.texts(f"ui.state.{state}"))
        if recent.matter or recent.service:
            matter = self.matter_name(model, recent.matter)
            parts.append(matter or self.service_name(model, recent.service))
        if (recent.print or recent.slip) in ("failed", "unknown"):
            parts.append(self("state.without_paper"))
        return " · ".join(parts)

    def recent_head(self, recent: RecentScreening) -> str:
        """The number, or a sign where there is none."""
        return recent.number or recent.code or "–"

    def today(self, totals: DoorTotals | None) -> str:
        """The door's day in one line."""
        if totals is None:
            return ""
        solved = totals.outcomes.get("solved", 0)
        return self("screening.today", count=totals.screened, solved=solved)
