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
    Link,
    Names,
    Note,
    Persons,
    Priority,
    Query,
    Row,
    SessionId,
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
from protocol.kiosk_commands import (
    OFFLINE_TICKETS_MAX,
    AnswerCall,
    CallOfficer,
    ChooseChannel,
    LeaseNumbers,
    MergeOffline,
    OfflinePrint,
    OfflineTicket,
    PostText,
    RecordIdentity,
)
from protocol.kiosk_shown import (
    DayPart,
    HelpCall,
    KioskRules,
    LeasedRange,
    LeasedService,
    NumberLease,
    OpenSpan,
    PaperTemplate,
    ServiceStandard,
    VoiceRules,
)
from protocol.moments import (
    Announcement,
    AnnouncementWithdrawn,
    OfficerCall,
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
    BookingCounts,
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
    Rateable,
    ScreeningSnapshot,
    ServiceTotals,
    StaffPresence,
    Totals,
    Undoable,
    WaitingCount,
)
from protocol.web_commands import (
    AnswerSurvey,
    BookingCode,
    BookTicket,
    CancelBooking,
    CheckIn,
    EndSession,
    Instrument,
    OpenSession,
    Respondent,
    SetSecondStep,
)
from protocol.web_queries import (
    AdviseStaffing,
    FindBooking,
    GetBookingWindows,
    GetEarlierTicket,
    GetVisits,
    ListSessions,
)
from protocol.web_shown import (
    BookingView,
    BookingWindow,
    PageRules,
    SessionView,
    StaffingHint,
    TicketSpan,
    VisitView,
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
    | LeaseNumbers
    | MergeOffline
    | CallOfficer
    | AnswerCall
    | RecordIdentity
    | ChooseChannel
    | PostText
    | OpenSession
    | SetSecondStep
    | EndSession
    | BookTicket
    | CancelBooking
    | CheckIn
    | AnswerSurvey
    | PreviewLine
    | ExplainTicket
    | GetTicketHistory
    | AdviseVisitor
    | FindMember
    | GetScreening
    | ListComplaints
    | GetDoorReport
    | GetVisits
    | AdviseStaffing
    | ListSessions
    | GetBookingWindows
    | FindBooking
    | GetEarlierTicket
)

Snapshot = KioskSnapshot | BoardSnapshot | QueueSnapshot | ScreeningSnapshot | HallSnapshot
Moment = (
    Announcement
    | AnnouncementWithdrawn
    | TicketToPrint
    | SlipToPrint
    | RatingInvitation
    | OfficerCall
    | SignedOut
)
Notice = Snapshot | Moment
ServerMessage = Welcome | Accepted | Rejected | Answer | Notice

__all__ = [
    "COUNTER",
    "DISPLAY",
    "KIOSK",
    "MANAGER",
    "OFFLINE_TICKETS_MAX",
    "RATING",
    "SCREENING",
    "WEB",
    "Accepted",
    "AdviceView",
    "AdviseStaffing",
    "AdviseVisitor",
    "Alert",
    "Announcement",
    "AnnouncementOutcome",
    "AnnouncementWithdrawn",
    "Answer",
    "AnswerCall",
    "AnswerSurvey",
    "AnyCommand",
    "BoardCall",
    "BoardSnapshot",
    "BookTicket",
    "BookingCode",
    "BookingCounts",
    "BookingView",
    "BookingWindow",
    "BranchInfo",
    "CallNext",
    "CallOfficer",
    "CallTicket",
    "CancelBooking",
    "CancelTicket",
    "ChannelInfo",
    "CheckIn",
    "Choice",
    "Choices",
    "ChooseChannel",
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
    "DayPart",
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
    "EndSession",
    "Estimate",
    "ExplainTicket",
    "FileComplaint",
    "FindBooking",
    "FindMember",
    "Finish",
    "FinishService",
    "GetBookingWindows",
    "GetDoorReport",
    "GetEarlierTicket",
    "GetScreening",
    "GetTicketHistory",
    "GetVisits",
    "HallSnapshot",
    "Hello",
    "HelpCall",
    "HistoryEntry",
    "Instrument",
    "IssueTicket",
    "KioskRules",
    "KioskService",
    "KioskSnapshot",
    "Language",
    "LeaseNumbers",
    "LeasedRange",
    "LeasedService",
    "Level",
    "LineEntry",
    "Link",
    "ListComplaints",
    "ListSessions",
    "MatterInfo",
    "MemberView",
    "MergeOffline",
    "MissedEntry",
    "MissedNumber",
    "Moment",
    "Names",
    "Note",
    "Notice",
    "NumberLease",
    "OfficeInfo",
    "OfficerCall",
    "OfflinePrint",
    "OfflineTicket",
    "OpenCounter",
    "OpenSession",
    "OpenSpan",
    "Overtaker",
    "PageRules",
    "PaperInfo",
    "PaperState",
    "PaperTemplate",
    "PaperlessTicket",
    "ParkTicket",
    "ParkedEntry",
    "PauseCounter",
    "PauseService",
    "PersonName",
    "Persons",
    "Position",
    "PostText",
    "PreviewEntry",
    "PreviewLine",
    "PrintOutcome",
    "PrintSlip",
    "Priority",
    "ProcedureInfo",
    "Query",
    "QueueSnapshot",
    "RateService",
    "Rateable",
    "RatingInvitation",
    "RawIdentifier",
    "Reason",
    "RecallTicket",
    "RecentScreening",
    "RecordGuest",
    "RecordIdentity",
    "RecordNoShow",
    "RecordScreening",
    "Reference",
    "Rejected",
    "ReopenBranchDay",
    "ReportHealth",
    "ReprintTicket",
    "RequeueTicket",
    "Respondent",
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
    "ServiceStandard",
    "ServiceTotals",
    "SessionId",
    "SessionView",
    "SetCounterServices",
    "SetDiscipline",
    "SetSecondStep",
    "SetStaffServices",
    "SignIn",
    "SignOut",
    "SignedIn",
    "SignedOut",
    "SlipBlock",
    "SlipToPrint",
    "Snapshot",
    "StaffPresence",
    "StaffingHint",
    "StartService",
    "Ticket",
    "TicketId",
    "TicketSpan",
    "TicketToPrint",
    "Totals",
    "TransferTicket",
    "UndoLast",
    "Undoable",
    "UpdateComplaint",
    "VisitView",
    "VoiceRules",
    "VoiceState",
    "WaitingCount",
    "Welcome",
]
