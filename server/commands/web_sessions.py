"""OpenSession, SetSecondStep, EndSession."""

from collections.abc import Iterable, Sequence
from typing import Any

from protocol.messages import Command, EndSession, OpenSession, SetSecondStep
from protocol.plain_text import plain_line
from protocol.roles import DeviceRole
from server.commands.handler import Occasion
from server.domain import web_sessions
from server.domain.errors import QueueRuleError
from server.domain.events import AnyEvent, ManagerSignedIn, SecondStepSet
from server.domain.seating import Person
from server.domain.web_sessions import NewSession, mark_of
from server.ports import SealedRecord
from server.second_step_records import KEEP_DAYS, KIND, record_of

WHERE_MOST = 120


def open_session(command: OpenSession, occasion: Occasion) -> list[AnyEvent]:
    """The gateway has proved PIN or password; ``occasion.person`` is whose it was."""
    assert occasion.person is not None
    return _sign_in(occasion, occasion.person, command.where, _step(command, occasion))


def set_second_step(command: SetSecondStep, occasion: Occasion) -> list[AnyEvent]:
    """The first one of a person; another is set once the office has taken this one away."""
    person = occasion.person
    assert person is not None
    if _record(occasion, person.staff) is not None:
        raise QueueRuleError("not-allowed", words="second-step-set")
    step = occasion.second_step.step_of(command.secret, command.code, occasion.now_ms)
    if step is None:
        raise QueueRuleError("wrong-code")
    record = record_of(person.staff)
    fields = {"secret": command.secret, "step": str(step)}
    occasion.seal(KIND, record, fields, keep_days=KEEP_DAYS)
    was_set = SecondStepSet(staff=person.staff, record=record, device=occasion.asker.device)
    return [was_set, *_sign_in(occasion, person, command.where, step)]


def _sign_in(occasion: Occasion, person: Person, where: str, step: int) -> list[AnyEvent]:
    secret = occasion.ids.new_secret()
    # The answer alone has it: events, rows and the log know its hash.
    occasion.secrets.append(secret)
    new = NewSession(
        mark_of(secret),
        occasion.ids.new_id()[-8:],
        occasion.asker.device,
        plain_line(where, WHERE_MOST),
        step,
    )
    return web_sessions.decide_sign_in(occasion.day, person, new)


def _step(command: OpenSession, occasion: Occasion) -> int:
    """The time step of a right code, which is good once; 0 where none is asked for."""
    assert occasion.person is not None
    staff, rules = occasion.person.staff, occasion.day.branch.rules
    needed = command.pin is not None or rules.second_step == "always"
    record = _record(occasion, staff)
    if record is None:
        if needed:
            raise QueueRuleError("second-step-unset")
        return 0
    if command.code is None:
        if needed:
            raise QueueRuleError("second-step-needed")
        return 0
    return _prove_code(occasion, staff, record, command.code)


def _prove_code(occasion: Occasion, staff: str, record: SealedRecord, code: str) -> int:
    keys, now_s = (staff,), occasion.now_ms / 1000
    occasion.wrong_codes.demand_unlocked(keys, now_s)
    kept = occasion.opened(record)
    step = occasion.second_step.step_of(kept["secret"], code, occasion.now_ms)
    if step is None or step <= int(kept["step"]):
        occasion.wrong_codes.count_wrong(keys, now_s)
        raise QueueRuleError("wrong-code")
    occasion.wrong_codes.forgive(keys)
    # Beside the secret, so that a code stays used also when the day turns or the server dies.
    occasion.seal_anew(record, kept | {"step": str(step)}, keep_days=KEEP_DAYS)
    return step


def _record(occasion: Occasion, staff: str) -> SealedRecord | None:
    record = occasion.sealed_record(record_of(staff))
    return record if record is not None and record.erase_at_ms > occasion.now_ms else None


def who_opened(
    known: Iterable[type[Command]],
    command: OpenSession | SetSecondStep,
    events: Sequence[AnyEvent],
    occasion: Occasion,
) -> dict[str, Any]:
    """The session's secret, who it is, and which of the known words it may be named with."""
    (signed_in,) = [event for event in events if isinstance(event, ManagerSignedIn)]
    (secret,) = occasion.secrets
    permissions = [
        kind.__name__
        for kind in known
        if DeviceRole.WEB in kind.roles and "on_behalf_of" in kind.__struct_fields__
    ]
    return {
        "session": secret,
        "staff": signed_in.staff,
        "name": signed_in.name,
        "permissions": permissions,
    }


def end_session(command: EndSession, occasion: Occasion) -> list[AnyEvent]:
    """One's own, or one that the list shows."""
    assert occasion.session is not None, "the lane has seen whose it is"
    return web_sessions.decide_end(occasion.day, occasion.session, command.session)
