"""What the front door shows: its catalogue, a screening, a member, advice, complaints."""

from datetime import date, datetime

from msgspec import Struct

from protocol.asking import Names


class PaperInfo(Struct, kw_only=True, frozen=True):
    """A paper that a visitor may have to bring."""

    code: str
    name: Names


class MatterInfo(Struct, kw_only=True, frozen=True):
    """What somebody comes for. ``papers`` always, ``papers_by_segment`` beside them."""

    code: str
    name: Names
    service: str
    icon: str = ""
    papers: list[str] = []
    papers_by_segment: dict[str, list[str]] = {}
    channels: list[str] = []
    offices: list[str] = []
    category: str | None = None
    complaint: bool = False

    def papers_of(self, segment: str | None) -> list[str]:
        """The papers that somebody of this segment needs, each once."""
        return list(dict.fromkeys([*self.papers, *self.papers_by_segment.get(segment or "", [])]))


class ChannelInfo(Struct, kw_only=True, frozen=True):
    """Where it can be done without a counter. ``hours`` in words; ``link`` is for a QR."""

    code: str
    name: Names
    kind: str
    about: Names = {}
    link: str = ""
    hours: Names = {}


class OfficeInfo(Struct, kw_only=True, frozen=True):
    """An office to which people are referred, and what to bring there."""

    code: str
    name: Names
    address: Names = {}
    phone: str = ""
    hours: Names = {}
    papers: list[str] = []
    link: str = ""


class ProcedureInfo(Struct, kw_only=True, frozen=True):
    """How a category of problems is handled: the same text at every counter."""

    category: str
    text: Names
    next_step: Names = {}


class ComplaintLevelInfo(Struct, kw_only=True, frozen=True):
    """How soon a complaint must be answered (minutes) and solved (working days)."""

    code: str
    name: Names
    first_response_min: int
    working_days: int


class DecreeInfo(Struct, kw_only=True, frozen=True):
    """A decree by which people lost their contribution assistance, and since when."""

    code: str
    name: Names
    effective_on: date


class DoorCatalogue(Struct, kw_only=True, frozen=True):
    """The front door's part of the catalogue, in the branch's order."""

    papers: list[PaperInfo] = []
    matters: list[MatterInfo] = []
    channels: list[ChannelInfo] = []
    offices: list[OfficeInfo] = []
    procedures: list[ProcedureInfo] = []
    complaint_levels: list[ComplaintLevelInfo] = []
    decrees: list[DecreeInfo] = []


class AdviceView(Struct, kw_only=True, frozen=True):
    """What a rule says of this visitor. ``weight``: ``blocks`` (override with a reason),
    ``warns`` or ``tells``; ``source`` is the regulation."""

    rule: str
    weight: str
    text: Names
    source: str
    valid_from: date
    until: date | None = None
    channel: str | None = None
    office: str | None = None


class MemberView(Struct, kw_only=True, frozen=True):
    """What the membership directory says: initials, never a name; codes may be unknown (null),
    and then ``segment_text`` and ``status_text``, the directory's own words, are all there is."""

    initials: str
    masked: str
    segment: str | None
    membership: str | None
    status_text: str
    source: str
    as_of: datetime
    ward_class: str = ""
    facility: str = ""
    facility_changed_on: date | None = None
    decree_on: date | None = None
    segment_text: str = ""

    def __repr__(self) -> str:  # what is known of a person must not reach a log or a crash note
        return f"MemberView(source={self.source!r})"


class ScreeningFacts(Struct, kw_only=True, frozen=True):
    """What the door captured of a visitor, nothing personal."""

    id: str
    outcome: str
    at: datetime
    staff: str
    service: str | None = None
    matter: str | None = None
    segment: str | None = None
    membership: str | None = None
    papers: list[str] = []
    missing: list[str] = []
    priority: str = "none"
    needs: list[str] = []
    companion: bool = False
    weight: int = 1
    advice: list[str] = []
    overrides: dict[str, str] = {}
    reason: str | None = None
    channel: str | None = None
    office: str | None = None
    # Whether there is an identifier or a note under seal; ``GetScreening`` has them masked.
    identified: bool = False
    noted: bool = False
    visits_before: int = 0
    # Of a ticket that is a complaint: the level that it has until somebody sets another, and by
    # when it is to be answered and solved, from the moment of its issue.
    level: str | None = None
    answer_due_at: datetime | None = None
    due_at: datetime | None = None
    # The record with the number that was typed at the kiosk, if that is where it came from;
    # without a screening ``outcome`` is kiosk.
    identity: str | None = None


class ScreeningView(Struct, kw_only=True, frozen=True):
    """A screening with its note, and with the identifier masked."""

    facts: ScreeningFacts
    masked: str = ""
    note: str = ""
    # True when what stood under seal was erased at the end of its time.
    erased: bool = False

    def __repr__(self) -> str:  # a note must not reach a log or a crash note
        return f"ScreeningView({self.facts.id})"


class RecentScreening(Struct, kw_only=True, frozen=True):
    """One of the last visitors of the door: what became of them, and their number if any."""

    screening: str
    at: datetime
    outcome: str
    matter: str | None
    ticket: str | None = None
    number: str | None = None
    state: str | None = None
    print: str | None = None
    service: str | None = None
    priority: str = "none"
    code: str | None = None
    # What became of the last slip: pending, printed, failed or unknown; null: there was none.
    slip: str | None = None


class DoorTotals(Struct, kw_only=True, frozen=True):
    """The door's day in figures; ``screened`` is the sum of the outcomes."""

    screened: int
    outcomes: dict[str, int]
    guests: int = 0
    # Who chose a channel at a kiosk instead of a number; they are in no outcome.
    sent_home: int = 0


class DoorReport(Struct, kw_only=True, frozen=True):
    """The door's facts of a day: how many, and by what."""

    business_date: date
    totals: DoorTotals
    solved_reasons: dict[str, int]
    channels: dict[str, int]
    offices: dict[str, int]
    # Per service: paper and how often it was missing.
    missing: dict[str, dict[str, int]]
    segments: dict[str, int]
    matters: dict[str, int]
    advised: dict[str, int]
    # Per rule: the reason for which it was not followed, and how often.
    overrides: dict[str, dict[str, int]]
    identified: int = 0
    repeat_visits: int = 0
    companions: int = 0
    persons: int = 0
    # Median and 90th percentile of the time that a screening took.
    screening_time_s: int | None = None
    screening_time_p90_s: int | None = None
    # How many got a number: at once, by the code of their slip, or later after all.
    tickets: int = 0
    codes_used: int = 0
    given_later: int = 0
    # By service: the channel that was chosen at a kiosk instead of a number, and how often.
    sent_home: dict[str, dict[str, int]] = {}


class ComplaintView(Struct, kw_only=True, frozen=True):
    """A complaint as the staff sees it; its text is under seal (``RevealRecord``)."""

    id: str
    level: str
    state: str
    filed_at: datetime
    answer_due_at: datetime
    due_at: datetime
    ticket: str | None = None
    number: str | None = None
    screening: str | None = None
    anonymous: bool = False
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    sipp: str = ""
    lapor: str = ""
    staff: str = ""
    # answer-overdue, overdue, due-soon, or empty.
    urgency: str = ""


class ComplaintCounts(Struct, kw_only=True, frozen=True):
    """How many complaints are open, due soon, and overdue."""

    open: int = 0
    due_soon: int = 0
    overdue: int = 0


class Disturbance(Struct, kw_only=True, frozen=True):
    """A system outside is disturbed: since when, and what people are told to do instead."""

    system: str
    since: datetime
    text: Names
    # True when a burst of causes said so, not a person.
    automatic: bool = False


class SlipBlock(Struct, kw_only=True, frozen=True):
    """A heading of a slip with its lines."""

    heading: Names
    lines: list[Names]
    # Boxes to tick before each line, as in a list of papers.
    ticked: bool = False
