"""The pages: passwords of managers, filled-in surveys, places booked from home, older figures."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


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
    op.create_index("ix_complaint_day", "complaint", ["branch", "business_date"])
    op.create_index("ix_complaint_closed", "complaint", ["branch", "closed_at_ms"])
