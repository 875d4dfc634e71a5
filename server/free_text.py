"""What people type freely into words that are kept: no number of a person stays in it.

Notes and reasons enter events, which are chained and can never be erased again. So the lane masks
the numbers of people in them before anything is decided, compared or kept (UU PDP, law I12).
"""

from collections.abc import Mapping

import msgspec

from protocol import messages as m
from protocol.identifiers import without_identifiers

FREE_TEXT: Mapping[type[m.AnyCommand], tuple[str, ...]] = {
    m.FinishService: ("note",),
    m.ContinueService: ("note",),
    m.TransferTicket: ("note",),
    m.PauseService: ("reason",),
    m.CloseBranchDay: ("note",),
    m.ReopenBranchDay: ("reason",),
    m.CorrectRecord: ("value", "reason"),
    m.RevealRecord: ("reason",),
    # Under seal, but shown to the staff without a reveal.
    m.RecordScreening: ("note",),
    m.RecordGuest: ("note",),
    m.UpdateComplaint: ("note",),
    m.PostText: ("text",),
    m.AnswerSurvey: ("comment",),
    m.OpenSession: ("where",),
    m.SetSecondStep: ("where",),
}
"""The fields of every command that people fill as they like; codes and ids are none."""

SEALED_TEXT: Mapping[type[m.AnyCommand], tuple[str, ...]] = {
    m.RecordScreening: ("identifier",),
    m.RecordGuest: ("name",),
    m.FileComplaint: ("description", "name", "address", "phone", "wish"),
}
"""What people fill as they like and what stays as it is: kept under seal alone."""


def without_numbers_of_people(command: m.AnyCommand) -> m.AnyCommand:
    """The command with every NIK, card and mobile number in its free text masked."""
    if isinstance(command, m.CallNext):
        return _masked_finish(command)
    return _masked(command, FREE_TEXT.get(type(command), ()))


def _masked_finish(command: m.CallNext) -> m.CallNext:
    finish = command.finish
    if finish is None or not finish.note:
        return command
    clean = msgspec.structs.replace(finish, note=without_identifiers(finish.note))
    return msgspec.structs.replace(command, finish=clean)


def _clean(text: str | Mapping[str, str]) -> str | dict[str, str]:
    if isinstance(text, str):
        return without_identifiers(text)
    return {language: without_identifiers(line) for language, line in text.items()}


def _masked(command: m.AnyCommand, fields: tuple[str, ...]) -> m.AnyCommand:
    given = {name: getattr(command, name) for name in fields}
    clean = {name: _clean(text) for name, text in given.items() if text}
    changed = {name: text for name, text in clean.items() if text != given[name]}
    return msgspec.structs.replace(command, **changed) if changed else command
