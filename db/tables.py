"""The tables. Every key starts with the branch, so that one database can hold many.

Instants are milliseconds since 1970-01-01 UTC in ``_ms`` columns. The tables of the lane that
grow by appending have no hidden row number in SQLite: their key is the order in which they lie,
so that a row more costs the same on the first day and after years.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

RARE_EVENTS = "type IN ('DayOpened', 'BranchConfigured', 'GuestRecorded', 'ChannelChosen')"
"""Which events have an index by day; a question uses it that says exactly this."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)


def _branch() -> Column[str]:
    return Column("branch", Text, ForeignKey("branch.branch"), primary_key=True)


branch = Table(
    "branch",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("added_at_ms", BigInteger, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    _branch(),
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

# The catalogue. Names are JSON objects from language to text.

service = Table(
    "service",
    metadata,
    _branch(),
    Column("code", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("letter", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("icon", Text, nullable=False),
    Column("target_wait_s", Integer, nullable=False),
    Column("target_service_s", Integer, nullable=False),
    Column("papers", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    # The service's own hours as the settings write them, JSON; empty: those of the branch.
    Column("hours", Text, nullable=False, server_default=""),
    Column("quota", Integer),
)

counter = Table(
    "counter",
    metadata,
    _branch(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("services", Text, nullable=False),
    Column("preference", Text, nullable=False, server_default="{}"),
)

choice = Table(
    "choice",
    metadata,
    _branch(),
    Column("field", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
)

# The rest of the catalogue, each section a kind of its own (papers, matters, channels, offices …);
# the body is a JSON object whose shape ``server.stored_door`` knows.
catalogue_entry = Table(
    "catalogue_entry",
    metadata,
    _branch(),
    Column("section", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("body", Text, nullable=False),
)

# The imported list of members: who somebody is stands under seal, and is found by the keyed hash
# of an identifier.
member = Table(
    "member",
    metadata,
    _branch(),
    Column("fingerprint", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("imported_at_ms", BigInteger, nullable=False),
)

# Who may connect and who may sign in.

device = Table(
    "device",
    metadata,
    _branch(),
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    # sha256 in hex of a token of 256 random bits: nobody guesses it, so no slow hash is needed.
    Column("token_hash", Text, nullable=False),
    Column("counter", Integer),
    Column("added_at_ms", BigInteger, nullable=False),
    Column("revoked_at_ms", BigInteger),
)

staff = Table(
    "staff",
    metadata,
    _branch(),
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("pin_hash", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("added_at_ms", BigInteger, nullable=False),
    # What the person may serve, of what the counter serves; "*" is everything.
    Column("services", Text, nullable=False, server_default='["*"]'),
    Column("preference", Text, nullable=False, server_default="{}"),
    # For signing in with a browser (argon2id); null: this person has a PIN alone.
    Column("password_hash", Text),
)

# The history: days, and the events that they are made of.

business_day = Table(
    "business_day",
    metadata,
    _branch(),
    Column("business_date", Text, primary_key=True),
    Column("first_seq", BigInteger, nullable=False),
    Column("opened_at_ms", BigInteger, nullable=False),
    Column("closed_at_ms", BigInteger),
    # Where the chain of events stands: a missing last event is found by it (law I13).
    Column("head_seq", BigInteger, nullable=False),
    Column("head_hash", LargeBinary, nullable=False),
)

event = Table(
    "event",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("business_date", Text, nullable=False),
    Column("command_id", Text),
    Column("actor", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    # The few that reports ask for of many days; any other event costs nothing here.
    Index(
        "ix_event_rare",
        "branch",
        "business_date",
        sqlite_where=text(RARE_EVENTS),
        postgresql_where=text(RARE_EVENTS),
    ),
    sqlite_with_rowid=False,
)

# What the events come to, kept by the same transaction.

ticket = Table(
    "ticket",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("business_date", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("series", Text, nullable=False),
    Column("serial", Integer, nullable=False),
    Column("service", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("needs", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("weight", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("counter", Integer),
    Column("staff", Text),
    Column("call_count", Integer, nullable=False),
    Column("issued_at_ms", BigInteger, nullable=False),
    Column("called_at_ms", BigInteger),
    Column("started_at_ms", BigInteger),
    Column("ended_at_ms", BigInteger),
    Column("requeued", Boolean, nullable=False),
    Column("print", Text, nullable=False),
    Column("copies", Integer, nullable=False),
    Column("link", Text, nullable=False),
    Column("outcome", Text),
    Column("category", Text),
    Column("education", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("reason", Text),
    Column("device", Text, nullable=False),
    # The range of waiting time that was told with the number, in seconds from the issue.
    Column("promised_from_s", Integer),
    Column("promised_to_s", Integer),
    Column("overtakes", Integer, nullable=False, server_default="0"),
    Column("screening", Text),
    Column("cause", Text),
    # Given by a kiosk without a link; and the event that told of it where its day was over then.
    Column("offline", Boolean, nullable=False, server_default=false()),
    Column("merged_seq", BigInteger),
    # Law I2, held by the database itself; also the way to a day's tickets.
    UniqueConstraint("branch", "business_date", "number"),
    sqlite_with_rowid=False,
)

ticket_period = Table(
    "ticket_period",
    metadata,
    Column("branch", Text, primary_key=True),
    # Second in the key, so that a day's periods lie together and need no other index.
    Column("business_date", Text, primary_key=True),
    Column("ticket", Text, primary_key=True),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("started_at_ms", BigInteger, nullable=False),
    Column("ended_at_ms", BigInteger),
    Column("counter", Integer),
    Column("staff", Text),
    Column("service", Text, nullable=False, server_default=""),
    ForeignKeyConstraint(["branch", "ticket"], ["ticket.branch", "ticket.id"]),
    sqlite_with_rowid=False,
)

counter_period = Table(
    "counter_period",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("business_date", Text, primary_key=True),
    Column("counter", Integer, primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("started_at_ms", BigInteger, nullable=False),
    Column("ended_at_ms", BigInteger),
    Column("staff", Text),
    Column("reason", Text),
    # What an open counter does: serving, idle-with-line or idle.
    Column("activity", Text, nullable=False, server_default=""),
    sqlite_with_rowid=False,
)

rating = Table(
    "rating",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("business_date", Text, primary_key=True),
    Column("ticket", Text, primary_key=True),
    Column("score", Integer, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    ForeignKeyConstraint(["branch", "ticket"], ["ticket.branch", "ticket.id"]),
)

# What was put right afterwards: the ticket's own row stays the first version, these rows are the
# later ones, newest last.
correction = Table(
    "correction",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("business_date", Text, nullable=False),
    Column("ticket", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("staff", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Index("ix_correction_day", "branch", "business_date"),
)

# Who signed the close of which day.
day_signature = Table(
    "day_signature",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("business_date", Text, nullable=False),
    Column("staff", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Index("ix_day_signature_day", "branch", "business_date"),
)

# The first stage of a visit, at the door: coded facts only, nothing personal.
screening = Table(
    "screening",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("business_date", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
    Column("started_at_ms", BigInteger, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("service", Text),
    Column("matter", Text),
    Column("segment", Text),
    Column("membership", Text),
    Column("papers", Text, nullable=False),
    Column("missing", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("reason", Text),
    Column("channel", Text),
    Column("office", Text),
    # What was advised, and which advice was overridden with which reason (JSON).
    Column("advice", Text, nullable=False),
    Column("overrides", Text, nullable=False),
    Column("companion", Boolean, nullable=False),
    Column("weight", Integer, nullable=False),
    Column("identified", Boolean, nullable=False),
    # How often the same person was here before, as far as the branch still remembers.
    Column("visits_before", Integer, nullable=False),
    Column("ticket", Text),
    Column("device", Text, nullable=False),
    Column("staff", Text, nullable=False),
    sqlite_with_rowid=False,
)

# Complaints live longer than a day. Numbers given elsewhere are no secret; who complains about
# what stands under seal.
complaint = Table(
    "complaint",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("business_date", Text, nullable=False),
    Column("filed_at_ms", BigInteger, nullable=False),
    Column("ticket", Text),
    Column("screening", Text),
    Column("level", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("anonymous", Boolean, nullable=False),
    Column("answer_due_at_ms", BigInteger, nullable=False),
    Column("due_at_ms", BigInteger, nullable=False),
    Column("answered_at_ms", BigInteger),
    Column("closed_at_ms", BigInteger),
    Column("sipp", Text, nullable=False),
    Column("lapor", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("staff", Text, nullable=False),
    Index("ix_complaint_day", "branch", "business_date"),
    Index("ix_complaint_closed", "branch", "closed_at_ms"),
    sqlite_with_rowid=False,
)

# What was lent to kiosks for when they have no link: of each series and day the first and the last
# serial. The tickets say which of them were given; the others are no gaps.
number_lease = Table(
    "number_lease",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("business_date", Text, primary_key=True),
    Column("series", Text, primary_key=True),
    Column("device", Text, nullable=False),
    Column("letter", Text, nullable=False),
    Column("first_serial", Integer, nullable=False),
    Column("last_serial", Integer, nullable=False),
    Column("lease", Text, nullable=False),
    Column("leased_at_ms", BigInteger, nullable=False),
)

# Filled-in questionnaires: nothing in a row says by whom (``mark`` is a keyed hash, "" for none).
survey_answer = Table(
    "survey_answer",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("business_date", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("instrument", Text, nullable=False),
    # Per element 1 to 4, a JSON object.
    Column("answers", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("sex", Text, nullable=False),
    Column("age", Text, nullable=False),
    Column("education", Text, nullable=False),
    Column("work", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("mark", Text, nullable=False),
    Index("ix_survey_answer_day", "branch", "business_date"),
)

# Places booked from home for one day, and what became of them.
booking = Table(
    "booking",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("business_date", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("service", Text, nullable=False),
    # booked, checked-in, cancelled or lapsed.
    Column("state", Text, nullable=False),
    Column("from_ms", BigInteger, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
    Column("booked_at_ms", BigInteger, nullable=False),
    Column("ticket", Text),
    Column("ended_at_ms", BigInteger),
)

# Figures from before this system, or from outside it: ``series`` is satisfaction or
# outreach-<kind>, ``period`` a year (2014) or a month (2020-01), the value as text so that no
# digit is lost.
past_figure = Table(
    "past_figure",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("series", Text, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("imported_at_ms", BigInteger, nullable=False),
)

# What is personal, under seal (AES-SIV with the branch's key), until ``erase_at_ms``. The
# fingerprint, a keyed hash of the identifier, finds one person's rows again.
sealed_record = Table(
    "sealed_record",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("business_date", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("fingerprint", LargeBinary),
    Column("sealed", LargeBinary, nullable=False),
    Column("erase_at_ms", BigInteger, nullable=False),
    Index("ix_sealed_record_person", "branch", "fingerprint", "at_ms"),
    Index("ix_sealed_record_due", "branch", "erase_at_ms"),
)

# The memory of commands (law I6). Ids may be random, so they stand in a narrow index of their
# own beside the answers, which are appended.
command = Table(
    "command",
    metadata,
    Column("branch", Text, primary_key=True),
    Column("id", LargeBinary, primary_key=True),
    Column("device", Text, nullable=False),
    Column("body_digest", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("business_date", Text, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
)

LANE_TABLES = (
    event,
    ticket,
    ticket_period,
    counter_period,
    rating,
    correction,
    day_signature,
    screening,
    complaint,
    number_lease,
    survey_answer,
    booking,
    sealed_record,
    business_day,
    command,
)
