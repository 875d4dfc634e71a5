"""What happened: the facts from which a branch day can be told again at any time.

Each is written once and never changed, so a field may be added here with a default but never
renamed. Instants end in ``_ms``: milliseconds since 1970-01-01 UTC.
"""

from msgspec import Struct

Rank = tuple[int, int, int]
"""A place in a line: due instant (ms), order of issue, order among those put at one place."""


class Event(Struct, tag=True, tag_field="type", frozen=True, kw_only=True, omit_defaults=True):
    """What every event has: nothing but its name."""


SkillsRecord = tuple[list[str], dict[str, int]]
"""Services, and how much they are preferred (``server.domain.branch.Skills``)."""


class DayOpened(Event, kw_only=True, frozen=True):
    """A business day begins; numbers start again.

    The rest is who may serve what by the catalogue of that morning: per counter, per person who
    may not serve everything, and all services; and what gives places in a line: the discipline
    and the target wait of each service (s), under "" that of the priority classes.
    """

    business_date: str
    counters: dict[int, SkillsRecord] = {}
    staff: dict[str, SkillsRecord] = {}
    services: list[str] = []
    discipline: str = ""
    target_waits_s: dict[str, int] = {}


class BranchConfigured(Event, kw_only=True, frozen=True):
    """The server started again with another catalogue or other rules of who is next: what
    ``DayOpened`` says, from now on."""

    counters: dict[int, SkillsRecord]
    staff: dict[str, SkillsRecord]
    services: list[str]
    discipline: str = ""
    target_waits_s: dict[str, int] = {}


class DayClosed(Event, kw_only=True, frozen=True):
    """The business day is over: nothing of it is open any more.

    ``staff`` is the manager who signed the close, None when the server closed it by the clock;
    ``totals`` are the states and how many tickets ended in each, as they were signed.
    """

    business_date: str
    staff: str | None = None
    note: str = ""
    totals: dict[str, int] = {}


class DayReopened(Event, kw_only=True, frozen=True):
    """A day that was closed too early goes on; what the close ended stays ended."""

    business_date: str
    staff: str
    reason: str


class DaySigned(Event, kw_only=True, frozen=True):
    """A manager signed an earlier day that the server had closed by the clock."""

    signed_date: str
    staff: str
    note: str = ""


class RecordCorrected(Event, kw_only=True, frozen=True):
    """A record was put right afterwards; the first version stays beside the new one."""

    ticket: str
    of_date: str
    field: str
    before: str
    after: str
    reason: str
    staff: str


class DisciplineSet(Event, kw_only=True, frozen=True):
    """Who is next follows another rule until the end of the day.

    ``in_a_row`` are the most priority calls in a row and the most regular calls while a
    priority ticket waits; only ``ratio`` looks at them, None keeps the branch's own.
    """

    discipline: str
    staff: str
    in_a_row: tuple[int, int] | None = None


class CounterServicesSet(Event, kw_only=True, frozen=True):
    """A counter serves other services from its next call on, until the end of the day."""

    counter: int
    services: list[str]
    staff: str
    preference: dict[str, int] = {}


class StaffServicesSet(Event, kw_only=True, frozen=True):
    """A person serves other services from the next call on, until the end of the day."""

    of_staff: str
    services: list[str]
    staff: str
    preference: dict[str, int] = {}


class ServicePaused(Event, kw_only=True, frozen=True):
    """A service gives no numbers for a while; who waits is served."""

    service: str
    staff: str
    reason: str


class ServiceResumed(Event, kw_only=True, frozen=True):
    """A paused service gives numbers again."""

    service: str
    staff: str


class StaffSignedIn(Event, kw_only=True, frozen=True):
    """A person sat down at a device."""

    device: str
    staff: str
    name: str
    role: str
    counter: int | None = None


class StaffSignedOut(Event, kw_only=True, frozen=True):
    """A person got up; ``reason`` is asked, elsewhere, replaced, idle, day-closed or
    disabled."""

    device: str
    staff: str
    reason: str


class CounterOpened(Event, kw_only=True, frozen=True):
    """A counter serves."""

    counter: int
    staff: str


class CounterPaused(Event, kw_only=True, frozen=True):
    """A counter rests."""

    counter: int
    staff: str
    reason: str


class CounterClosed(Event, kw_only=True, frozen=True):
    """A counter serves no more."""

    counter: int
    staff: str | None = None


class TicketIssued(Event, kw_only=True, frozen=True):
    """Somebody took a number and waits from now on, with or without paper."""

    ticket: str
    number: str
    series: str
    serial: int
    service: str
    rank: Rank
    link: str
    device: str
    priority: str = "none"
    needs: list[str] = []
    language: str = "id"
    weight: int = 1
    staff: str | None = None
    job: str | None = None
    print_at: str | None = None
    # The range of waiting time that the visitor was told, seconds from the issue.
    promised_s: tuple[int, int] | None = None
    expected_wait_s: int | None = None
    # The screening at the door that it came from.
    screening: str | None = None
    # Given by a kiosk without a link, at this instant, and merged now; what it said of its paper.
    offline: bool = False
    issued_at_ms: int | None = None
    print: str = "none"
    copies: int = 0
    # The place that was booked from home, if it came of one.
    booking: str | None = None


class PrintRecorded(Event, kw_only=True, frozen=True):
    """A kiosk said what became of a paper."""

    ticket: str
    job: str
    outcome: str


class TicketReprinted(Event, kw_only=True, frozen=True):
    """The paper was asked for once more; by ``staff``, or None: at a kiosk."""

    ticket: str
    job: str
    copy: int
    print_at: str
    staff: str | None = None


class TicketCalled(Event, kw_only=True, frozen=True):
    """A number was called to a counter; ``chosen`` when the counter picked it itself.

    ``rule`` says why it was this one (``server.domain.selection``), ``helping`` that an idle
    counter helped a line that is not its own.
    """

    ticket: str
    counter: int
    staff: str
    announcement: str
    expires_at_ms: int
    chosen: bool = False
    rule: str = ""
    helping: bool = False


class TicketRecalled(Event, kw_only=True, frozen=True):
    """The same number was called again."""

    ticket: str
    counter: int
    staff: str
    announcement: str
    expires_at_ms: int


class ServiceStarted(Event, kw_only=True, frozen=True):
    """The visitor came; ``implied`` when only the finish was said."""

    ticket: str
    counter: int
    staff: str
    implied: bool = False


class ServiceFinished(Event, kw_only=True, frozen=True):
    """The visitor was served."""

    ticket: str
    outcome: str
    counter: int | None = None
    staff: str | None = None
    category: str | None = None
    education: list[str] = []
    note: str = ""
    cause: str | None = None


class NoShowRecorded(Event, kw_only=True, frozen=True):
    """Nobody came for the number; it may come back until ``valid_until_ms``."""

    ticket: str
    valid_until_ms: int
    counter: int | None = None
    staff: str | None = None


class TicketRequeued(Event, kw_only=True, frozen=True):
    """A visitor who missed the call came back in time."""

    ticket: str
    rank: Rank
    staff: str
    # As in ``TicketTransferred``, for a visitor who waits for one counter or person again.
    falls_back_at_ms: int | None = None


class TicketTransferred(Event, kw_only=True, frozen=True):
    """A visitor was handed on: to a service, a counter or a person."""

    ticket: str
    rank: Rank
    position: str
    service: str
    staff: str
    counter: int | None = None
    to_staff: str | None = None
    note: str = ""
    # When everyone who serves the service may call it, if the counter or person has not.
    falls_back_at_ms: int | None = None


class TransferFellBack(Event, kw_only=True, frozen=True):
    """A transfer that its counter or person did not take waits for everyone now."""

    ticket: str
    rank: Rank


class ServiceContinued(Event, kw_only=True, frozen=True):
    """One errand of a visit is done and the next one begins, at this counter or in a line.

    The fields up to ``note`` tell how the errand with ``before`` ended. ``rank`` is None when
    the same counter goes on at once.
    """

    ticket: str
    before: str
    outcome: str
    service: str
    counter: int
    staff: str
    category: str | None = None
    education: list[str] = []
    note: str = ""
    rank: Rank | None = None
    cause: str | None = None


class TicketParked(Event, kw_only=True, frozen=True):
    """A ticket was put aside."""

    ticket: str
    counter: int
    staff: str
    reason: str
    alarm_at_ms: int | None = None


class TicketResumed(Event, kw_only=True, frozen=True):
    """A parked ticket was called back."""

    ticket: str
    counter: int
    staff: str
    announcement: str
    expires_at_ms: int


class TicketTakenAlong(Event, kw_only=True, frozen=True):
    """A person moved to another counter with the running ticket."""

    ticket: str
    counter: int
    staff: str


class TicketCancelled(Event, kw_only=True, frozen=True):
    """The visitor does not want to be served any more."""

    ticket: str
    reason: str
    device: str
    staff: str | None = None


class TicketExpired(Event, kw_only=True, frozen=True):
    """The day ended before the ticket was called."""

    ticket: str


class LastUndone(Event, kw_only=True, frozen=True):
    """A counter took its last move back: ``ticket`` is as it was before ``undone_seq``.

    ``called`` is the ticket that the same command had called; its announcement is withdrawn.
    """

    ticket: str
    counter: int
    staff: str
    undone_seq: int
    called: str | None = None
    announcement: str | None = None


class AnnouncementConfirmed(Event, kw_only=True, frozen=True):
    """A display said what became of an announcement."""

    announcement: str
    device: str
    outcome: str


class ServiceRated(Event, kw_only=True, frozen=True):
    """A visitor rated the service, 1 to 4."""

    ticket: str
    score: int
    device: str
    reasons: list[str] = []


class VisitorScreened(Event, kw_only=True, frozen=True):
    """Somebody was received at the door: what was asked and found, and how it went on.

    Coded facts only: who it was and what was written about it stand under seal, not here.
    ``outcome``: ticket, code, solved, channel, self-service, office or return. ``missing`` are the
    papers that were not there, ``overrides`` the advice that was not followed, each with a
    reason's code; ``visits_before`` how often the same person was here before.
    """

    screening: str
    outcome: str
    device: str
    staff: str
    started_at_ms: int
    service: str | None = None
    matter: str | None = None
    segment: str | None = None
    membership: str | None = None
    papers: list[str] = []
    missing: list[str] = []
    priority: str = "none"
    needs: list[str] = []
    language: str = "id"
    weight: int = 1
    companion: bool = False
    reason: str | None = None
    channel: str | None = None
    office: str | None = None
    advice: list[str] = []
    overrides: dict[str, str] = {}
    identified: bool = False
    noted: bool = False
    visits_before: int = 0
    # What opens the kiosk for this visitor, and until when.
    code: str | None = None
    code_until_ms: int | None = None


class SlipRequested(Event, kw_only=True, frozen=True):
    """A slip that is no ticket: ``kind`` is code, channel, office, return or complaint."""

    job: str
    kind: str
    subject: str
    print_at: str
    copy: int = 1


class SlipRecorded(Event, kw_only=True, frozen=True):
    """A kiosk said what became of a slip."""

    job: str
    outcome: str


class TicketCorrected(Event, kw_only=True, frozen=True):
    """The door put a waiting ticket's service or priority right; its number stays."""

    ticket: str
    service: str
    priority: str
    rank: Rank
    staff: str
    device: str


class GuestRecorded(Event, kw_only=True, frozen=True):
    """Somebody without a ticket wrote into the guest book; the name stands under seal."""

    guest: str
    purpose: str
    staff: str
    device: str


class RecordRevealed(Event, kw_only=True, frozen=True):
    """Somebody looked at what stands under seal, and why (UU PDP Art. 31)."""

    record: str
    kind: str
    reason: str
    staff: str
    device: str


class PersonalDataErased(Event, kw_only=True, frozen=True):
    """What is personal was erased: at the end of its time, or because the person asked.

    ``counts`` per kind of record; ``reason`` is retention, asked, or key-lost (nobody could read
    it any more).
    """

    counts: dict[str, int]
    reason: str
    until_ms: int | None = None


class ComplaintFiled(Event, kw_only=True, frozen=True):
    """A complaint with its level and when it is due; who complains about what stands under seal.

    ``days_after`` the service, where that is later than the law asks for; else 0.
    """

    complaint: str
    level: str
    answer_due_at_ms: int
    due_at_ms: int
    device: str
    staff: str
    ticket: str | None = None
    screening: str | None = None
    anonymous: bool = False
    sipp: str = ""
    lapor: str = ""
    days_after: int = 0


class ComplaintUpdated(Event, kw_only=True, frozen=True):
    """A complaint as it stands after a step: ``open``, ``answered``, ``solved``, ``withdrawn``
    or ``escalated``."""

    complaint: str
    state: str
    level: str
    answer_due_at_ms: int
    due_at_ms: int
    device: str
    staff: str
    sipp: str = ""
    lapor: str = ""
    noted: bool = False


class DisturbanceDeclared(Event, kw_only=True, frozen=True):
    """A system outside is disturbed; ``staff`` is None when a burst of causes said so."""

    system: str
    staff: str | None = None


class DisturbanceEnded(Event, kw_only=True, frozen=True):
    """It works again; ``staff`` is None when it was quiet for long enough.

    ``withdrawn``: it was said because of a finish that was taken back; the other causes count on.
    """

    system: str
    staff: str | None = None
    withdrawn: bool = False


class OfficerCalled(Event, kw_only=True, frozen=True):
    """Somebody before a device asked for a person; said again it is the same ``call``."""

    call: str
    device: str
    reason: str


class CallAnswered(Event, kw_only=True, frozen=True):
    """Somebody of the staff goes there."""

    call: str
    staff: str
    name: str
    device: str


class IdentityRecorded(Event, kw_only=True, frozen=True):
    """A visitor gave a number of theirs at the kiosk; it stands under seal, not here."""

    ticket: str
    record: str
    device: str


class ChannelChosen(Event, kw_only=True, frozen=True):
    """Before a number was taken the visitor chose a channel that works from home."""

    service: str
    channel: str
    device: str


class TextPosted(Event, kw_only=True, frozen=True):
    """The line at the foot of the TV until an instant, or for the rest of the day; without a
    text the branch's own again."""

    text: dict[str, str]
    staff: str
    device: str
    until_ms: int | None = None


class NumbersLeased(Event, kw_only=True, frozen=True):
    """A kiosk has numbers of its own for when it has no link: by series the first and the last
    serial of this day. Said again the same lease goes on with these ranges."""

    lease: str
    device: str
    letter: str
    ranges: dict[str, tuple[int, int]]
    valid_until_ms: int


class LeaseEnded(Event, kw_only=True, frozen=True):
    """The day is over: of each series how many leased numbers were given, and how many were not,
    as far as they were merged by then."""

    device: str
    letter: str
    numbers: dict[str, tuple[int, int]]


class EarlierTicketMerged(Event, kw_only=True, frozen=True):
    """A kiosk gave this number without a link on a day that is over; nobody waits for it."""

    ticket: str
    of_date: str
    number: str
    series: str
    serial: int
    service: str
    link: str
    device: str
    issued_at_ms: int
    ended_at_ms: int
    priority: str = "none"
    needs: list[str] = []
    language: str = "id"
    print: str = "none"
    copies: int = 0


class ManagerSignedIn(Event, kw_only=True, frozen=True):
    """A manager signed in with a browser; the session is known by the hash of its secret.

    ``step`` is the time step of the second step's code, which is good once.
    """

    session: str
    handle: str
    staff: str
    name: str
    role: str
    device: str
    where: str = ""
    step: int = 0


class ManagerSignedOut(Event, kw_only=True, frozen=True):
    """A browser's session ended; ``reason`` is asked, ended (by somebody else) or disabled."""

    session: str
    staff: str
    reason: str


class SecondStepSet(Event, kw_only=True, frozen=True):
    """A person has a second step from now on; its secret stands under seal as ``record``."""

    staff: str
    record: str
    device: str


class TicketBooked(Event, kw_only=True, frozen=True):
    """Somebody booked a place for today from home; the number is given when they check in."""

    booking: str
    code: str
    link: str
    service: str
    booker: str
    from_ms: int
    until_ms: int
    check_in_from_ms: int
    check_in_until_ms: int
    device: str
    language: str = "id"


class BookingCancelled(Event, kw_only=True, frozen=True):
    """Whoever booked does not come; the place is free."""

    booking: str
    device: str


class BookingLapsed(Event, kw_only=True, frozen=True):
    """Nobody checked in in time; the place is free."""

    booking: str


class BookingCheckedIn(Event, kw_only=True, frozen=True):
    """Whoever booked came and has a number now (``TicketIssued`` beside it)."""

    booking: str
    ticket: str
    device: str


class SurveyAnswered(Event, kw_only=True, frozen=True):
    """A questionnaire was filled in; nothing in it says by whom.

    ``mark`` is the keyed hash of the ticket, so that each ticket answers once; "" on a tablet.
    """

    survey: str
    instrument: str
    answers: dict[str, int]
    device: str
    mark: str = ""
    service: str = ""
    sex: str = ""
    age: str = ""
    education: str = ""
    work: str = ""
    comment: str = ""


AnyEvent = (
    DayOpened
    | BranchConfigured
    | DayClosed
    | DayReopened
    | DaySigned
    | RecordCorrected
    | DisciplineSet
    | CounterServicesSet
    | StaffServicesSet
    | ServicePaused
    | ServiceResumed
    | StaffSignedIn
    | StaffSignedOut
    | CounterOpened
    | CounterPaused
    | CounterClosed
    | TicketIssued
    | PrintRecorded
    | TicketReprinted
    | TicketCalled
    | TicketRecalled
    | ServiceStarted
    | ServiceFinished
    | NoShowRecorded
    | TicketRequeued
    | TicketTransferred
    | TransferFellBack
    | ServiceContinued
    | TicketParked
    | TicketResumed
    | TicketTakenAlong
    | TicketCancelled
    | TicketExpired
    | LastUndone
    | AnnouncementConfirmed
    | ServiceRated
    | VisitorScreened
    | SlipRequested
    | SlipRecorded
    | TicketCorrected
    | GuestRecorded
    | RecordRevealed
    | PersonalDataErased
    | ComplaintFiled
    | ComplaintUpdated
    | DisturbanceDeclared
    | DisturbanceEnded
    | NumbersLeased
    | LeaseEnded
    | EarlierTicketMerged
    | OfficerCalled
    | CallAnswered
    | IdentityRecorded
    | ChannelChosen
    | TextPosted
    | ManagerSignedIn
    | ManagerSignedOut
    | SecondStepSet
    | TicketBooked
    | BookingCancelled
    | BookingLapsed
    | BookingCheckedIn
    | SurveyAnswered
)


class Recorded(Struct, frozen=True, kw_only=True):
    """An event with its place in the branch's history.

    ``seq`` has no gap; ``actor`` is the device, or "server"; ``command_id`` what asked for it.
    """

    seq: int
    at_ms: int
    business_date: str
    event: AnyEvent
    actor: str = "server"
    command_id: str | None = None
