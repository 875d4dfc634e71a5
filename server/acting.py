"""Whose word a command is: of who sits there, or of the manager whose browser the pages name."""

from protocol.messages import AnyCommand
from protocol.roles import DeviceRole
from server.commands.handler import Asker, House
from server.domain.branch_day import BranchDay
from server.domain.errors import QueueRuleError
from server.domain.hall_sessions import WebSession
from server.domain.web_sessions import session_of


def session_for(
    day: BranchDay, house: House, command: AnyCommand, asker: Asker, now_ms: int
) -> WebSession | None:
    """The session that the pages speak for, checked anew with every word (F47).

    None: nobody's, as from every seat, and for what a visitor says with a ticket's ``link``.
    """
    secret = getattr(command, "on_behalf_of", None)
    if asker.role is not DeviceRole.WEB:
        if secret is not None:
            raise QueueRuleError("not-allowed")
        return None
    link = getattr(command, "link", None)
    if secret is not None:
        if link is not None:
            raise QueueRuleError("bad-value", field="link")
        return session_of(day, secret, asker.device, house.managers, now_ms)
    if hasattr(command, "on_behalf_of") and link is None:
        raise QueueRuleError("not-signed-in")
    return None
