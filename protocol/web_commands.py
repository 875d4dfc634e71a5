"""Commands of the pages: managers with a browser, visitors with their ticket's link.

The pages connect as one device of the role ``web``. For a manager they say ``on_behalf_of``, the
session that ``OpenSession`` gave; the server knows whose it is. For a visitor they say ``link``,
the secret of the ticket's QR.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from protocol.asking import (
    KIOSK,
    SCREENING,
    WEB,
    Code,
    Command,
    Language,
    Link,
    Priority,
    SessionId,
)

Secret = Annotated[str, Meta(min_length=1, max_length=200)]
StepCode = Annotated[str, Meta(pattern=r"^[0-9]{6}\Z")]
StepSecret = Annotated[str, Meta(pattern=r"^[A-Z2-7]{32}\Z")]
BOOKING_CODE_SIGNS = "34679CDFGHJKMNPQRTVWXY"
"""Of which a booking's code is made: none that looks or sounds like another, and no vowels."""
BOOKING_CODE_LENGTH = 6
BookingCode = Annotated[str, Meta(min_length=1, max_length=200)]
Instrument = Literal["skm-2017", "ikm-2004"]
Score = Annotated[int, Meta(ge=1, le=4)]
Element = Annotated[str, Meta(max_length=40)]


class OpenSession(Command, kw_only=True, frozen=True):
    """A manager signs in with a browser: with ``pin`` or ``password``, and the second step.

    ``code`` is of the second step; absent, the answer is ``second-step-needed``, or
    ``second-step-unset`` where the person has none yet (``SetSecondStep``). ``where`` is what the
    list of sessions shows of the browser.
    """

    roles = frozenset({WEB})
    remembered = False
    personal = True
    staff: Code
    pin: Secret | None = None
    password: Secret | None = None
    code: StepCode | None = None
    where: Annotated[str, Meta(max_length=120)] = ""

    def __repr__(self) -> str:  # neither PIN nor code may reach a log or a crash note
        return f"OpenSession(id={self.id}, staff={self.staff!r})"


class SetSecondStep(Command, kw_only=True, frozen=True):
    """A manager who has no second step yet sets one up, and is signed in as by ``OpenSession``.

    ``secret`` is what the page showed (base32), ``code`` proves that the person has it.
    """

    roles = frozenset({WEB})
    remembered = False
    personal = True
    staff: Code
    secret: StepSecret
    code: StepCode
    pin: Secret | None = None
    password: Secret | None = None
    where: Annotated[str, Meta(max_length=120)] = ""

    def __repr__(self) -> str:  # neither PIN nor secret may reach a log or a crash note
        return f"SetSecondStep(id={self.id}, staff={self.staff!r})"


class EndSession(Command, kw_only=True, frozen=True):
    """A session ends: one's own, or by ``session`` (its ``handle`` of ``ListSessions``) another
    of the same person; an admin's word ends anybody's."""

    roles = frozenset({WEB})
    remembered = False
    on_behalf_of: SessionId
    session: Annotated[str, Meta(max_length=64)] | None = None


class BookTicket(Command, kw_only=True, frozen=True):
    """From home, for today: a place in a window of a service; the number is given at check-in.

    ``window_from`` is the beginning of one of ``GetBookingWindows``. ``booker`` is the page's own
    mark of the browser: one open booking each.
    """

    roles = frozenset({WEB})
    service: Code
    window_from: Annotated[datetime, Meta(tz=True)]
    booker: Annotated[str, Meta(min_length=16, max_length=64)]
    language: Language | None = None


class CancelBooking(Command, kw_only=True, frozen=True):
    """Whoever booked does not come: the place is free again."""

    roles = frozenset({WEB})
    link: Link


class CheckIn(Command, kw_only=True, frozen=True):
    """Whoever booked is here: by the booking's code, or by its link as the QR has it.

    The number is given now, and stands in line from now on.
    """

    roles = frozenset({KIOSK, SCREENING})
    code: BookingCode
    priority: Priority = "none"
    print_at: Code | None = None


class Respondent(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What the survey's form asks of who answers (PermenPANRB 14/2017); every field may be empty.

    ``age`` is a group (``17-25``), never a date.
    """

    sex: Annotated[str, Meta(max_length=10)] = ""
    age: Annotated[str, Meta(max_length=10)] = ""
    education: Annotated[str, Meta(max_length=20)] = ""
    work: Annotated[str, Meta(max_length=20)] = ""


class AnswerSurvey(Command, kw_only=True, frozen=True):
    """A filled-in questionnaire: by a visitor with their ticket's link, or on the hall's tablet.

    ``answers``: per element (``u1`` … ``u9``; ``p1`` … ``p14``) 1 to 4. What is not answered is
    left out; at least half must be there.
    """

    roles = frozenset({WEB})
    instrument: Instrument
    answers: Annotated[dict[Element, Score], Meta(min_length=1, max_length=14)]
    about: Respondent = Respondent()
    link: Link | None = None
    service: Code | None = None
    comment: Annotated[str, Meta(max_length=500)] = ""
