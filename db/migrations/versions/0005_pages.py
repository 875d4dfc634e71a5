"""The pages: passwords of managers, filled-in surveys, places booked from home, older figures."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# Per index: the rows, and how many of them share the first part of the key, the first two …
ROWS_PER_KEY = (
    ("event", "event", "7500000 7500000 1"),
    ("event", "ix_event_rare", "40000 40000 40"),
    ("ticket", "ticket", "1000000 1000000 1"),
    ("ticket", "sqlite_autoindex_ticket_2", "1000000 1000000 1000 1"),
    ("ticket_period", "ticket_period", "3000000 3000000 3000 3 1"),
    ("counter_period", "counter_period", "2000000 2000000 2000 330 1"),
    ("screening", "screening", "500000 500000 500 1"),
    ("rating", "sqlite_autoindex_rating_1", "340000 340000 340 1"),
    ("correction", "sqlite_autoindex_correction_1", "8000 8000 1"),
    ("correction", "ix_correction_day", "8000 8000 8"),
    ("day_signature", "sqlite_autoindex_day_signature_1", "1000 1000 1"),
    ("day_signature", "ix_day_signature_day", "1000 1000 1"),
    ("business_day", "sqlite_autoindex_business_day_1", "1000 1000 1"),
    ("complaint", "complaint", "4000 4000 1"),
    ("complaint", "ix_complaint_day", "4000 4000 4"),
    ("complaint", "ix_complaint_closed", "4000 4000 4"),
    ("survey_answer", "sqlite_autoindex_survey_answer_1", "200000 200000 1"),
    ("survey_answer", "ix_survey_answer_day", "200000 200000 200"),
    ("booking", "sqlite_autoindex_booking_1", "50000 50000 50 1"),
    ("number_lease", "sqlite_autoindex_number_lease_1", "20000 20000 20 1"),
)


def upgrade() -> None:
    """Add what the pages remember; nobody has a password yet."""
    op.add_column("staff", sa.Column("password_hash", sa.Text()))
    op.create_table(
        "survey_answer",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("instrument", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("age", sa.Text(), nullable=False),
        sa.Column("education", sa.Text(), nullable=False),
        sa.Column("work", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("branch", "id", name="pk_survey_answer"),
    )
    op.create_index("ix_survey_answer_day", "survey_answer", ["branch", "business_date"])
    op.create_table(
        "booking",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("from_ms", sa.BigInteger(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.Column("booked_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("ticket", sa.Text()),
        sa.Column("ended_at_ms", sa.BigInteger()),
        sa.PrimaryKeyConstraint("branch", "business_date", "id", name="pk_booking"),
    )
    op.create_table(
        "past_figure",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("imported_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("branch", "series", "period", name="pk_past_figure"),
    )
    # What reports of many days ask for.
    rare = sa.text("type IN ('DayOpened', 'BranchConfigured', 'GuestRecorded', 'ChannelChosen')")
    op.create_index(
        "ix_event_rare",
        "event",
        ["branch", "business_date"],
        sqlite_where=rare,
        postgresql_where=rare,
    )
    op.create_index("ix_correction_day", "correction", ["branch", "business_date"])
    op.create_index("ix_day_signature_day", "day_signature", ["branch", "business_date"])
    op.create_index("ix_complaint_day", "complaint", ["branch", "business_date"])
    op.create_index("ix_complaint_closed", "complaint", ["branch", "closed_at_ms"])
    if op.get_bind().dialect.name == "sqlite":
        _say_how_many_rows_there_are()


def _say_how_many_rows_there_are() -> None:
    """Without figures SQLite takes a branch for something rare, and looks for a day's tickets
    through those of all years. These are of a branch after a few years; they never change, so
    that no question is answered in another way one day."""
    op.execute("ANALYZE")
    op.execute("DELETE FROM sqlite_stat1")
    for table, index, rows in ROWS_PER_KEY:
        op.execute(
            sa.text(
                "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:table, :index, :rows)"
            ).bindparams(table=table, index=index, rows=rows)
        )
