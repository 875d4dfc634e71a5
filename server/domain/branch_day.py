"""One business day of a branch: the state, and the fold of events that makes it.

Deciding lives in the modules beside this one (``issuing``, ``calling``, ``serving``,
``seating``, ``closing``, …): each takes a day and returns events, changing nothing. ``apply``
is the only way in which a day changes, live and after a crash alike (law I3).
"""

from collections.abc import Callable
from typing import Any

from server.domain import events as e
from server.domain import (
    fold_booking,
    fold_door,
    fold_hall,
    fold_lease,
    fold_pages,
    fold_ticket,
    fold_undo,
    fold_visitor,
)
from server.domain.day_state import DayState
from server.domain.fold_experience import learn_from
from server.domain.fold_undo import note_after, note_before

FOLD: dict[type[Any], Callable[[DayState, Any, int], None]] = {
    e.DayOpened: fold_hall.open_day,
    e.BranchConfigured: fold_hall.configure,
    e.DayClosed: fold_hall.close_day,
    e.DayReopened: fold_hall.reopen_day,
    e.DaySigned: fold_hall.sign_earlier_day,
    e.RecordCorrected: fold_hall.correct_record,
    e.DisciplineSet: fold_hall.set_discipline,
    e.CounterServicesSet: fold_hall.set_counter_services,
    e.StaffServicesSet: fold_hall.set_staff_services,
    e.StaffSignedIn: fold_hall.sign_in,
    e.StaffSignedOut: fold_hall.sign_out,
    e.CounterOpened: fold_hall.open_counter,
    e.CounterPaused: fold_hall.pause_counter,
    e.CounterClosed: fold_hall.close_counter,
    e.ServicePaused: fold_hall.pause_service,
    e.ServiceResumed: fold_hall.resume_service,
    e.TicketIssued: fold_ticket.issue,
    e.PrintRecorded: fold_ticket.record_print,
    e.TicketReprinted: fold_ticket.reprint,
    e.TicketCalled: fold_ticket.call,
    e.TicketRecalled: fold_ticket.recall,
    e.ServiceStarted: fold_ticket.start,
    e.ServiceFinished: fold_ticket.finish,
    e.NoShowRecorded: fold_ticket.record_no_show,
    e.TicketRequeued: fold_ticket.requeue,
    e.TicketTransferred: fold_ticket.transfer,
    e.TransferFellBack: fold_ticket.fall_back,
    e.ServiceContinued: fold_ticket.continue_service,
    e.TicketParked: fold_ticket.park,
    e.TicketResumed: fold_ticket.call,
    e.TicketTakenAlong: fold_ticket.take_along,
    e.TicketCancelled: fold_ticket.cancel,
    e.TicketExpired: fold_ticket.expire,
    e.LastUndone: fold_undo.undo,
    e.AnnouncementConfirmed: fold_ticket.confirm_announcement,
    e.ServiceRated: fold_ticket.rate,
    e.VisitorScreened: fold_door.screen,
    e.SlipRequested: fold_door.request_slip,
    e.SlipRecorded: fold_door.record_slip,
    e.TicketCorrected: fold_ticket.correct,
    e.GuestRecorded: fold_door.record_guest,
    e.RecordRevealed: fold_door.record_reveal,
    e.PersonalDataErased: fold_door.only_told,
    e.ComplaintFiled: fold_door.file_complaint,
    e.ComplaintUpdated: fold_door.update_complaint,
    e.DisturbanceDeclared: fold_door.declare_disturbance,
    e.DisturbanceEnded: fold_door.end_disturbance,
    e.NumbersLeased: fold_lease.lease_numbers,
    e.LeaseEnded: fold_lease.end_lease,
    e.EarlierTicketMerged: fold_lease.merge_earlier,
    e.OfficerCalled: fold_visitor.call_officer,
    e.CallAnswered: fold_visitor.answer_call,
    e.IdentityRecorded: fold_visitor.record_identity,
    e.ChannelChosen: fold_visitor.choose_channel,
    e.TextPosted: fold_visitor.post_text,
    e.ManagerSignedIn: fold_pages.sign_in_manager,
    e.ManagerSignedOut: fold_pages.sign_out_manager,
    e.SecondStepSet: fold_pages.set_second_step,
    e.TicketBooked: fold_booking.book,
    e.BookingCancelled: fold_booking.cancel,
    e.BookingLapsed: fold_booking.lapse,
    e.BookingCheckedIn: fold_booking.check_in,
    e.SurveyAnswered: fold_booking.answer_survey,
}
"""One table from what happened to what it changes."""


class BranchDay(DayState):
    """Everything that the rules need to know, rebuilt from events at any time."""

    def apply(self, recorded: e.Recorded) -> None:
        """Fold one event into the day."""
        assert recorded.seq > self.revision, "events are applied once and in order"
        learn_from(self, recorded)
        note_before(self, recorded)
        FOLD[type(recorded.event)](self, recorded.event, recorded.at_ms)
        note_after(self, recorded)
        self.end_stretches(recorded.at_ms)
        self.revision, self.at_ms = recorded.seq, recorded.at_ms
