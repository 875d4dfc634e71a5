"""The visitor's side as words of the protocol: what a branch set, and calls for a person."""

from protocol import messages as m
from server.domain.branch import Branch
from server.domain.branch_day import BranchDay
from server.domain.hall import Desk
from server.domain.hall_visitor import OfficerWanted
from server.domain.helping import standing
from server.domain.issuing import waits_without_paper
from server.domain.serving import RATING_DUE_MS, to_rate
from server.domain.ticket import Ticket, TicketState
from server.instants import instant, instant_or_none
from server.texts import table


def kiosk_rules(branch: Branch) -> m.KioskRules:
    """What the branch lets its kiosks ask."""
    rules = branch.rules
    return m.KioskRules(
        priority_claim=rules.kiosk_priority_claim,
        identity=rules.kiosk_identity,
        home=rules.kiosk_home,
        large_text=rules.kiosk_large_text,
        speech=rules.kiosk_speech,
        identity_days=rules.keep_identities_days,
        booking=rules.booking and any(branch.booking_places.values()),
    )


def voice_rules(branch: Branch) -> m.VoiceRules:
    """How the branch wants its calls spoken."""
    rules = branch.rules
    parts = (part.split() for part in rules.voice_day_parts)
    return m.VoiceRules(
        reading=rules.voice_reading,
        service_word=rules.voice_service_word,
        last_call=rules.voice_last_call,
        day_parts=[m.DayPart(begins_at=at, volume_percent=int(volume)) for at, volume in parts],
        self_test_at=rules.voice_self_test_at,
    )


def help_calls(day: BranchDay, now_ms: int) -> list[m.HelpCall]:
    """The calls for a person that stand, with the name of who goes there."""
    return [help_call(wanted, wanted.answered_name) for wanted in standing(day, now_ms)]


def help_calls_in_public(day: BranchDay, now_ms: int) -> list[m.HelpCall]:
    """The same for devices that everyone sees, to which no name is ever sent (I12): who goes
    there is "an officer", in the branch's first language."""
    officer = table("help", day.branch.languages[0])["officer"]
    return [help_call(wanted, officer) for wanted in standing(day, now_ms)]


def help_call(wanted: OfficerWanted, answered_by: str = "") -> m.HelpCall:
    """One call; ``answered_by`` is said only once somebody goes there."""
    return m.HelpCall(
        call=wanted.call,
        device=wanted.device,
        reason=wanted.reason,
        since=instant(wanted.since_ms),
        answered_by=None if wanted.answered_at_ms is None else answered_by,
        answered_at=instant_or_none(wanted.answered_at_ms),
    )


def without_paper(day: BranchDay, now_ms: int) -> list[m.PaperlessTicket]:
    """Who waits without paper, the first one who came first."""
    # Looked at ten times a second over all tickets of the day: most have their paper, or are gone.
    open_ones = (
        one
        for one in day.tickets.values()
        if one.state is TicketState.WAITING and one.print != "printed"
    )
    return [_paperless(one) for one in open_ones if waits_without_paper(day, one, now_ms)]


def _paperless(ticket: Ticket) -> m.PaperlessTicket:
    return m.PaperlessTicket(
        ticket=ticket.id,
        number=ticket.number,
        print=ticket.print,
        issued_at=instant(ticket.issued_at_ms),
        service=ticket.service,
    )


def rateable(day: BranchDay, desk: Desk, now_ms: int) -> m.Rateable | None:
    """Whose rating may be asked for on this counter's screen."""
    ticket = to_rate(day, desk, now_ms)
    if ticket is None:
        return None
    return m.Rateable(
        ticket=ticket.id,
        number=ticket.number,
        until=instant((ticket.ended_at_ms or 0) + RATING_DUE_MS),
        review_link=day.branch.rules.rating_review_link,
    )


def page_rules(branch: Branch) -> m.PageRules:
    """What the branch set for its pages."""
    rules = branch.rules
    return m.PageRules(
        idle_s=rules.page_idle_s,
        session_s=rules.page_session_s,
        phone_page=rules.phone_page,
        booking=rules.booking,
        survey=rules.survey,
        survey_instrument=rules.survey_instrument,
        survey_weight=rules.survey_weight,
        survey_population=rules.survey_population,
        review_link=rules.rating_review_link,
        visit_cost_rp=rules.visit_cost_rp,
        report_folder=rules.report_folder,
        report_formats=list(rules.report_formats),
        report_send_at=rules.report_send_at,
        report_mail_to=list(rules.report_mail_to),
        report_language=rules.report_language,
        grace_s=rules.grace_s,
        grace_places=rules.grace_places,
    )
