"""What visitors say at a simulated kiosk beside taking a number, and what the staff make of it."""

from collections.abc import Callable
from random import Random
from typing import Any
from uuid import UUID

from kiosk.choosing_model import ChoosingModel
from protocol import messages as m
from simulation.front_door import CHANNELS, Heard

NUMBERS = ("3578014509900003", "0001234567890", "12")
"""A NIK and a card number that are nobody's, and no number at all."""


def kiosk_word(
    waiting: str, service: str, new_id: Callable[[], UUID], random: Random
) -> m.AnyCommand:
    """One word; ``waiting`` is a ticket that may well wait, and be this kiosk's."""
    dice = random.random()
    if dice < 0.3:
        return m.CallOfficer(id=new_id(), reason="paper" if random.random() < 0.3 else "help")
    if dice < 0.6:
        channel = random.choice((*CHANNELS, "no-such"))
        return m.ChooseChannel(id=new_id(), service=service, channel=channel or "no-such")
    return m.RecordIdentity(id=new_id(), ticket=waiting, identifier=random.choice(NUMBERS))


def claim(model: ChoosingModel, priority: Any) -> None:
    """PRIORITY: say what is so, and go on."""
    model.claim(priority)
    model.leave_priority()


def identify(model: ChoosingModel, random: Random) -> None:
    """IDENTITY: type a number, right or not, or skip it as most do."""
    if random.random() < 0.7:
        model.skip_identity()
        return
    for digit in random.choice(NUMBERS):
        model.type_identity(digit)
    model.confirm_identity()


def hall_word(heard: Heard, new_id: Callable[[], UUID], random: Random) -> m.AnyCommand:
    """Somebody goes to who called, or writes at the foot of the TV."""
    if heard.calls and random.random() < 0.6:
        return m.AnswerCall(id=new_id(), call=random.choice(heard.calls[-3:]))
    text = random.choice(({"id": "Selamat datang"}, {}, {"xx": "no-such"}))
    return m.PostText(id=new_id(), text=text)
