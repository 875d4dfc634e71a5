"""DeclareDisturbance and EndDisturbance."""

from protocol.messages import DeclareDisturbance, EndDisturbance
from server.commands.handler import Occasion
from server.domain import disturbance
from server.domain.events import AnyEvent


def declare_disturbance(command: DeclareDisturbance, occasion: Occasion) -> list[AnyEvent]:
    """The door or a manager says that a system outside does not work."""
    assert occasion.staff is not None
    return disturbance.decide_declare(occasion.day, command.system, occasion.staff)


def end_disturbance(command: EndDisturbance, occasion: Occasion) -> list[AnyEvent]:
    """It works again."""
    assert occasion.staff is not None
    return disturbance.decide_end(occasion.day, command.system, occasion.staff)
