"""Every word on the wire, gathered: who asks, what is answered, what is told.

Verbs ask (commands), nouns show (snapshots), and moments happen once. Outside programs rely on
these names: extend them, never rename or re-type one. Instants are RFC 3339 UTC, durations are
seconds and end in ``_s``.
"""

from protocol.answers import (
    Accepted,
    Answer,
    HistoryEntry,
    Overtaker,
    PreviewEntry,
    Rejected,
    Welcome,
)
from protocol.asking import (
    COUNTER,
    DISPLAY,
    KIOSK,
    MANAGER,
    RATING,
    SCREENING,
    WEB,
    Code,
    Codes,
    Command,
    CounterNumber,
    Discipline,
    Hello,
    Language,
    Level,
    Names,
    Note,
    Persons,
    Priority,
    Query,
    Row,
    TicketId,
)
from protocol.commands import (
    AnnouncementOutcome,
    CallNext,
    CallTicket,
    CancelTicket,
    CloseBranchDay,
    CloseCounter,
    ConfirmAnnouncement,
    ConfirmPrint,
    ContinueService,
    CorrectedField,
    CorrectRecord,
    Finish,
    FinishService,
    IssueTicket,
    OpenCounter,
    ParkTicket,
    PauseCounter,
    PauseService,
    Position,
    PrintOutcome,
    RateService,
    RecallTicket,
    RecordNoShow,
    ReopenBranchDay,
    ReprintTicket,
    RequeueTicket,
    ResumeService,
    ResumeTicket,
    ServiceOutcome,
    SetCounterServices,
    SetDiscipline,
    SetStaffServices,
    SignIn,
    SignOut,
    StartService,
    TransferTicket,
    UndoLast,
)
from protocol.door_commands import (
    ComplaintStep,
    CorrectTicket,
    DeclareDisturbance,
    DoorOutcome,
    EndDisturbance,
    FileComplaint,
    PaperState,
    PersonName,
    PrintSlip,
    RawIdentifier,
    Reason,
    RecordGuest,
    RecordScreening,
    Reference,
    ReportHealth,
    RevealRecord,
    UpdateComplaint,
    VoiceState,
)
from protocol.door_queries import (
    AdviseVisitor,
    FindMember,
    GetDoorReport,
    GetScreening,
    ListComplaints,
)
from protocol.door_shown import (
    AdviceView,
    ChannelInfo,
    ComplaintCounts,
    ComplaintLevelInfo,
    ComplaintView,
    DecreeInfo,
    Disturbance,
    DoorCatalogue,
    DoorReport,
    DoorTotals,
    MatterInfo,
    MemberView,
    OfficeInfo,
    PaperInfo,
    ProcedureInfo,
    RecentScreening,
    ScreeningFacts,
    ScreeningView,
    SlipBlock,
)
from protocol.moments import (
    Announcement,
    AnnouncementWithdrawn,
    RatingInvitation,
    SignedOut,
    SlipToPrint,
    TicketToPrint,
)
from protocol.queries import (
    ExplainTicket,
    GetTicketHistory,
    PreviewLine,
)
from protocol.shown import (
    BranchInfo,
    Choice,
    Choices,
    CounterInfo,
    Estimate,
    ServiceInfo,
    SignedIn,
    Ticket,
)
from protocol.snapshots import (
    Alert,
    BoardCall,
    BoardSnapshot,
    CounterView,
    DeviceHealth,
    HallSnapshot,
    KioskService,
    KioskSnapshot,
    LineEntry,
    MissedEntry,
    MissedNumber,
    PaperlessTicket,
    ParkedEntry,
    QueueSnapshot,
    ScreeningSnapshot,
    ServiceTotals,
    StaffPresence,
    Totals,
    Undoable,
    WaitingCount,
)

AnyCommand = (
    SignIn
    | SignOut
    | IssueTicket
    | ConfirmPrint
    | ReprintTicket
    | OpenCounter
    | PauseCounter
    | CloseCounter
    | CallNext
    | CallTicket
    | RecallTicket
    | StartService
    | FinishService
    | TransferTicket
    | ParkTicket
    | ResumeTicket
    | RecordNoShow
    | RequeueTicket
    | CancelTicket
    | UndoLast
    | ContinueService
    | SetDiscipline
    | SetCounterServices
    | SetStaffServices
    | PauseService
    | ResumeService
    | CloseBranchDay
    | ReopenBranchDay
    | CorrectRecord
    | ConfirmAnnouncement
    | RateService
    | RecordScreening
    | CorrectTicket
    | PrintSlip
    | RecordGuest
    | RevealRecord
    | FileComplaint
    | UpdateComplaint
    | DeclareDisturbance
    | EndDisturbance
    | ReportHealth
    | PreviewLine
    | ExplainTicket
    | GetTicketHistory
    | AdviseVisitor
    | FindMember
    | GetScreening
    | ListComplaints
    | GetDoorReport
)

Snapshot = KioskSnapshot | BoardSnapshot | QueueSnapshot | ScreeningSnapshot | HallSnapshot
Moment = (
    Announcement
    | AnnouncementWithdrawn
    | TicketToPrint
    | SlipToPrint
    | RatingInvitation
    | SignedOut
)
Notice = Snapshot | Moment
ServerMessage = Welcome | Accepted | Rejected | Answer | Notice

__all__ = [
    "COUNTER",
    "DISPLAY",
    "KIOSK",
    "MANAGER",
    "RATING",
    "SCREENING",
    "WEB",
    "Accepted",
    "AdviceView",
    "AdviseVisitor",
    "Alert",
    "Announcement",
    "AnnouncementOutcome",
    "AnnouncementWithdrawn",
    "Answer",
    "AnyCommand",
    "BoardCall",
    "BoardSnapshot",
    "BranchInfo",
    "CallNext",
    "CallTicket",
    "CancelTicket",
    "ChannelInfo",
    "Choice",
    "Choices",
    "CloseBranchDay",
    "CloseCounter",
    "Code",
    "Codes",
    "Command",
    "ComplaintCounts",
    "ComplaintLevelInfo",
    "ComplaintStep",
    "ComplaintView",
    "ConfirmAnnouncement",
    "ConfirmPrint",
    "ContinueService",
    "CorrectRecord",
    "CorrectTicket",
    "CorrectedField",
    "CounterInfo",
    "CounterNumber",
    "CounterView",
    "DeclareDisturbance",
    "DecreeInfo",
    "DeviceHealth",
    "Discipline",
    "Disturbance",
    "DoorCatalogue",
    "DoorOutcome",
    "DoorReport",
    "DoorTotals",
    "EndDisturbance",
    "Estimate",
    "ExplainTicket",
    "FileComplaint",
    "FindMember",
    "Finish",
    "FinishService",
    "GetDoorReport",
    "GetScreening",
    "GetTicketHistory",
    "HallSnapshot",
    "Hello",
    "HistoryEntry",
    "IssueTicket",
    "KioskService",
    "KioskSnapshot",
    "Language",
    "Level",
    "LineEntry",
    "ListComplaints",
    "MatterInfo",
    "MemberView",
    "MissedEntry",
    "MissedNumber",
    "Moment",
    "Names",
    "Note",
    "Notice",
    "OfficeInfo",
    "OpenCounter",
    "Overtaker",
    "PaperInfo",
    "PaperState",
    "PaperlessTicket",
    "ParkTicket",
    "ParkedEntry",
    "PauseCounter",
    "PauseService",
    "PersonName",
    "Persons",
    "Position",
    "PreviewEntry",
    "PreviewLine",
    "PrintOutcome",
    "PrintSlip",
    "Priority",
    "ProcedureInfo",
    "Query",
    "QueueSnapshot",
    "RateService",
    "RatingInvitation",
    "RawIdentifier",
    "Reason",
    "RecallTicket",
    "RecentScreening",
    "RecordGuest",
    "RecordNoShow",
    "RecordScreening",
    "Reference",
    "Rejected",
    "ReopenBranchDay",
    "ReportHealth",
    "ReprintTicket",
    "RequeueTicket",
    "ResumeService",
    "ResumeTicket",
    "RevealRecord",
    "Row",
    "ScreeningFacts",
    "ScreeningSnapshot",
    "ScreeningView",
    "ServerMessage",
    "ServiceInfo",
    "ServiceOutcome",
    "ServiceTotals",
    "SetCounterServices",
    "SetDiscipline",
    "SetStaffServices",
    "SignIn",
    "SignOut",
    "SignedIn",
    "SignedOut",
    "SlipBlock",
    "SlipToPrint",
    "Snapshot",
    "StaffPresence",
    "StartService",
    "Ticket",
    "TicketId",
    "TicketToPrint",
    "Totals",
    "TransferTicket",
    "UndoLast",
    "Undoable",
    "UpdateComplaint",
    "VoiceState",
    "WaitingCount",
    "Welcome",
]
