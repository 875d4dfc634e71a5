"""FindMember: who somebody is, as far as the door needs to know: initials and coded facts."""

from datetime import date

from protocol.identifiers import Identifier, masked
from protocol.messages import FindMember, MemberView
from server.identifying import identifier_of
from server.instants import instant
from server.membership import LookedUp, Member
from server.queries.handler import Fields, Inquiry, MemberSearch


def find(query: FindMember, inquiry: Inquiry) -> MemberSearch:
    """Look a number up; one that breaks a rule is refused here and goes nowhere."""
    identifier = identifier_of(query.identifier)

    def answer(looked_up: LookedUp) -> Fields:
        member = looked_up.member
        shown = None if member is None else member_view(member, identifier)
        return {"directory": looked_up.outcome, "member": shown}

    on = date.fromisoformat(inquiry.day.business_date)
    return MemberSearch(identifier, on, answer)


def member_view(member: Member, identifier: Identifier) -> MemberView:
    """A member as the staff sees it, with the number that was asked for masked."""
    return MemberView(
        initials=member.initials,
        masked=masked(identifier),
        segment=member.segment,
        segment_text=member.segment_text,
        membership=member.membership,
        status_text=member.status_text,
        source=member.source,
        as_of=instant(member.as_of_ms),
        ward_class=member.ward_class,
        facility=member.facility,
        facility_changed_on=member.facility_changed_on,
        decree_on=member.decree_on,
    )
