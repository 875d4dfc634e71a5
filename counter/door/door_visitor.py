"""The visitor in front of the officer: what was put down of them, and what is known by it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import get_args
from uuid import UUID

from counter.door.advising import Advising
from counter.door.door_hall import DoorHall
from counter.door.member_look_up import MemberLookUp
from counter.door.screening_draft import DATES, NOTE_MOST, PERSONS_MOST, VisitorDraft, asked_of
from protocol.identifiers import (
    TEXT_MAX,
    IdentifierError,
    read_identifier,
    warnings_of,
)
from protocol.messages import AdviceView, MatterInfo, MemberView, Priority
from protocol.plain_text import plain_line
from protocol.session import Inquire

FILLED = ("segment", "membership", "decree_on", "facility_changed_on")
"""What the membership directory may know."""

PRIORITIES: tuple[Priority, ...] = get_args(Priority)


class DoorVisitor:
    """One visitor at a time. Nothing of them outlives ``clear``, not in memory either."""

    def __init__(
        self,
        hall: DoorHall,
        inquire: Inquire,
        new_id: Callable[[], UUID],
        server_now: Callable[[], datetime],
    ) -> None:
        self.changed: Callable[[], None] = lambda: None
        # Told when the first thing is put down of a visitor.
        self.begun: Callable[[], None] = lambda: None
        # Whether the rules can be asked now.
        self.can_ask: Callable[[], bool] = lambda: False
        self.draft = VisitorDraft()
        self.wrong_number: IdentifierError | None = None
        self.look_up = MemberLookUp(inquire, new_id, self._found)
        # What the directory filled in: it goes with the number.
        self._filled: dict[str, object] = {}
        self.advising = Advising(inquire, new_id, self._on_advice)
        self._hall, self._server_now = hall, server_now

    # Who it is.

    def take_identifier(self, text: str) -> bool:
        """A number that was typed, pasted or scanned; False (with the rule) when it is none."""
        if not text.strip():
            self.wrong_number = None
            return False
        self._begin()
        try:
            identifier = read_identifier(text[: TEXT_MAX + 1])
        except IdentifierError as wrong:
            self.wrong_number = wrong
            self.changed()
            return False
        self.wrong_number = None
        warnings = tuple(warnings_of(identifier, self._hall.today))
        self._change(**self._without_filled(), identifier=identifier, warnings=warnings)
        self.look_up.ask(identifier)
        self.changed()
        return True

    def clear_identifier(self) -> None:
        """Not this person after all; what the directory filled in goes along."""
        self.wrong_number = None
        self.look_up.forget()
        self._change(**self._without_filled(), identifier=None, warnings=())

    # What they come for, and what is known.

    def choose_service(self, code: str) -> None:
        """This service; a matter of another one goes."""
        self._begin()
        matter = self.matter
        keeps = matter is not None and matter.service == code
        self._change(
            service=code,
            matter=self.draft.matter if keeps else None,
            overrides={},
            checked=self.draft.checked and keeps,
            there=self.draft.there if keeps else (),
        )

    def choose_matter(self, code: str) -> None:
        """This matter, with its service; the same again takes it back."""
        self._begin()
        if code == self.draft.matter:
            self._change(matter=None, overrides={}, checked=False, there=())
            return
        matter = next((one for one in self._hall.door.matters if one.code == code), None)
        if matter is not None:
            self._change(matter=code, service=matter.service, overrides={}, checked=False, there=())

    def set_segment(self, code: str) -> None:
        """What kind of participant; the same again takes it back."""
        self._begin()
        self._change(segment=None if code == self.draft.segment else code)

    def set_membership(self, code: str) -> None:
        """How the membership stands; the same again takes it back."""
        self._begin()
        self._change(membership=None if code == self.draft.membership else code)

    def tick_paper(self, code: str) -> None:
        """This paper is there, or not; from now on the others count as missing."""
        there = self.draft.there
        left = tuple(each for each in there if each != code)
        self._change(checked=True, there=left if code in there else (*there, code))

    def all_papers(self) -> None:
        """All papers are there; again: none of them was looked at."""
        needed = self.needed()
        if self.draft.checked and not self.draft.missing(needed):
            self._change(checked=False, there=())
        else:
            self._change(checked=True, there=tuple(needed))

    def set_date(self, field: str, day: date | None) -> None:
        """A day of DATES."""
        if field in DATES:
            self._change(**{field: day})

    def set_nik_mismatch(self, differs: bool) -> None:
        """Whether the NIK is another one than on the ID card."""
        self._change(nik_mismatch=differs)

    def set_priority(self, priority: str) -> None:
        """Why this visitor goes ahead; the same again takes it back."""
        self._begin()
        if priority in PRIORITIES:
            again = priority == self.draft.priority
            chosen = next(one for one in PRIORITIES if one == ("none" if again else priority))
            self._change(priority=chosen)

    def toggle_need(self, code: str) -> None:
        """What the visitor needs at the counter."""
        needs = self.draft.needs
        left = tuple(each for each in needs if each != code)
        self._change(needs=left if code in needs else (*needs, code))

    def set_persons(self, persons: int) -> None:
        """How many have come together."""
        self._change(persons=min(max(1, persons), PERSONS_MOST))

    def set_companion(self, companion: bool) -> None:
        """Whether somebody comes for somebody else."""
        self._change(companion=companion)

    def set_note(self, note: str) -> None:
        """What the counter should know; controls and marks of direction do not get in."""
        self.draft = replace(self.draft, note=plain_line(note, NOTE_MOST))

    def override(self, rule: str, reason: str) -> None:
        """Go on although a rule says no; an empty reason takes it back."""
        overrides = {each: why for each, why in self.draft.overrides.items() if each != rule}
        self._change(overrides=overrides | ({rule: reason} if reason else {}))

    # What is known by it.

    @property
    def matter(self) -> MatterInfo | None:
        """The matter that was chosen."""
        return self._hall.matter_of(self.draft.matter)

    def matters(self) -> list[MatterInfo]:
        """Those of the service that was chosen."""
        return [one for one in self._hall.door.matters if one.service == self.draft.service]

    def needed(self) -> list[str]:
        """The papers that this visitor needs; the server's word wins over the catalogue's."""
        if self.advising.papers is not None:
            return self.advising.papers
        return [] if self.matter is None else self.matter.papers_of(self.draft.segment)

    def asked(self) -> list[str]:
        """Which days, and whether the NIK differs, this errand asks for."""
        return asked_of(self.matter, self.draft)

    def standing_advice(self) -> list[AdviceView]:
        """Advice that says no and was not overridden."""
        return [
            one
            for one in self.advising.advice
            if one.weight == "blocks" and one.rule not in self.draft.overrides
        ]

    def clear(self) -> None:
        """The next visitor: nothing of this one is left."""
        self.draft, self._filled = VisitorDraft(), {}
        self.wrong_number = None
        self.advising.forget()
        self.look_up.forget()

    def ask_advice(self) -> None:
        """Ask what the rules say, if that was not asked of the present state yet."""
        if self.can_ask():
            self.advising.ask(self.draft, self.needed())

    # Inside.

    def _begin(self) -> None:
        self.begun()
        if self.draft.started_at is None:
            self.draft = replace(self.draft, started_at=self._server_now())

    def _change(self, **fields: object) -> None:
        self.draft = replace(self.draft, **fields)  # type: ignore[arg-type]
        self.ask_advice()
        self.changed()

    def _found(self, member: MemberView | None) -> None:
        """What the directory knows is filled in; what the officer has said already stays."""
        if member is None:
            self.changed()
            return
        self._filled = {
            name: getattr(member, name)
            for name in FILLED
            if getattr(self.draft, name) is None and getattr(member, name) is not None
        }
        self._change(**self._filled)

    def _without_filled(self) -> dict[str, object]:
        """The fields that the directory filled in and nobody has changed since, empty again."""
        filled, self._filled = self._filled, {}
        return {name: None for name, value in filled.items() if getattr(self.draft, name) == value}

    def _on_advice(self) -> None:
        """The rules have spoken: an override of a rule that says nothing any more is none."""
        known = {one.rule for one in self.advising.advice}
        kept = {rule: why for rule, why in self.draft.overrides.items() if rule in known}
        self.draft = replace(self.draft, overrides=kept)
        self.changed()
