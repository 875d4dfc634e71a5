"""One table from word to handler. A command that is not here does not exist."""

from itertools import chain
from typing import Any

from protocol import messages as m
from server.commands import (
    booking,
    calling,
    complaining,
    disturbing,
    guests,
    helping,
    issuing,
    leasing,
    managing,
    posting,
    revealing,
    screening,
    serving,
    signing_in,
    slips,
    surveying,
    undoing,
    visitors,
    web_sessions,
)
from server.commands.handler import Handler, with_ticket
from server.queries import QUERIES


def _who_signed_in(command: Any, events: Any, occasion: Any) -> dict[str, Any]:
    """The answer to SignIn names the words that have a handler here."""
    known = chain(COMMANDS, QUERIES)
    return signing_in.who_signed_in(known, command, events, occasion)


def _who_opened(command: Any, events: Any, occasion: Any) -> dict[str, Any]:
    """The answer to OpenSession names the words that have a handler here."""
    return web_sessions.who_opened(chain(COMMANDS, QUERIES), command, events, occasion)


COMMANDS: dict[type[m.AnyCommand], Handler] = {
    m.SignIn: Handler(signing_in.sign_in, _who_signed_in, seated=False, after_close=True),
    m.SignOut: Handler(signing_in.sign_out, after_close=True),
    m.OpenSession: Handler(web_sessions.open_session, _who_opened, seated=False, after_close=True),
    m.SetSecondStep: Handler(
        web_sessions.set_second_step, _who_opened, seated=False, after_close=True
    ),
    m.EndSession: Handler(web_sessions.end_session, after_close=True),
    m.OpenCounter: Handler(signing_in.open_counter),
    m.PauseCounter: Handler(signing_in.pause_counter),
    m.CloseCounter: Handler(signing_in.close_counter),
    m.IssueTicket: Handler(issuing.issue_ticket, with_ticket, after_close=True),
    m.ConfirmPrint: Handler(issuing.confirm_print, after_close=True),
    m.ReprintTicket: Handler(issuing.reprint_ticket, with_ticket),
    m.CallNext: Handler(calling.call_next, calling.what_was_called),
    m.CallTicket: Handler(calling.call_ticket, with_ticket),
    m.RecallTicket: Handler(calling.recall_ticket, with_ticket),
    m.StartService: Handler(serving.start_service, with_ticket),
    m.FinishService: Handler(serving.finish_service, with_ticket),
    m.ContinueService: Handler(serving.continue_service, with_ticket),
    m.TransferTicket: Handler(serving.transfer_ticket, with_ticket),
    m.ParkTicket: Handler(serving.park_ticket, with_ticket),
    m.ResumeTicket: Handler(calling.resume_ticket, with_ticket),
    m.RecordNoShow: Handler(calling.record_no_show, with_ticket),
    m.RequeueTicket: Handler(calling.requeue_ticket, with_ticket),
    m.CancelTicket: Handler(serving.cancel_ticket, with_ticket),
    m.UndoLast: Handler(undoing.undo_last, undoing.what_came_back),
    m.SetDiscipline: Handler(managing.set_discipline),
    m.SetCounterServices: Handler(managing.set_counter_services),
    m.SetStaffServices: Handler(managing.set_staff_services),
    m.PauseService: Handler(managing.pause_service),
    m.ResumeService: Handler(managing.resume_service),
    m.CloseBranchDay: Handler(managing.close_branch_day, after_close=True),
    m.ReopenBranchDay: Handler(managing.reopen_branch_day, after_close=True),
    m.CorrectRecord: Handler(managing.correct_record, after_close=True),
    m.RevealRecord: Handler(
        revealing.reveal_record, revealing.what_was_under_seal, after_close=True
    ),
    m.ConfirmAnnouncement: Handler(calling.confirm_announcement, after_close=True),
    m.DeclareDisturbance: Handler(disturbing.declare_disturbance),
    m.EndDisturbance: Handler(disturbing.end_disturbance),
    m.RateService: Handler(serving.rate_service, after_close=True),
    m.FileComplaint: Handler(complaining.file_complaint, complaining.with_complaint),
    m.UpdateComplaint: Handler(
        complaining.update_complaint, complaining.with_complaint, after_close=True
    ),
    m.RecordScreening: Handler(screening.record_screening, screening.what_was_screened),
    m.CorrectTicket: Handler(screening.correct_ticket, with_ticket),
    m.PrintSlip: Handler(slips.print_slip, slips.with_slip),
    m.RecordGuest: Handler(guests.record_guest, guests.with_guest),
    m.CallOfficer: Handler(helping.call_officer, helping.with_call, after_close=True),
    m.AnswerCall: Handler(helping.answer_call, after_close=True),
    m.RecordIdentity: Handler(visitors.record_identity),
    m.ChooseChannel: Handler(visitors.choose_channel, after_close=True),
    m.PostText: Handler(posting.post_text, after_close=True),
    m.BookTicket: Handler(booking.book_ticket, booking.with_booking),
    m.CancelBooking: Handler(booking.cancel_booking, booking.with_booking),
    m.CheckIn: Handler(booking.check_in, with_ticket),
    m.AnswerSurvey: Handler(surveying.answer_survey, after_close=True),
    m.LeaseNumbers: Handler(leasing.lease_numbers, leasing.with_lease, after_close=True),
    m.MergeOffline: Handler(leasing.merge_offline, leasing.what_was_merged, after_close=True),
}
