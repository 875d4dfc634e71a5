"""Hours and skills, promises and overtakes, what counters do, corrections and signatures."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what the rules of who is next remember; every old row stays as it is."""
    op.add_column("service", sa.Column("hours", sa.Text(), nullable=False, server_default=""))
    op.add_column("service", sa.Column("quota", sa.Integer()))
    op.add_column("counter", _text("preference", "{}"))
    op.add_column("staff", _text("services", '["*"]'))
    op.add_column("staff", _text("preference", "{}"))
    op.add_column("ticket", sa.Column("promised_from_s", sa.Integer()))
    op.add_column("ticket", sa.Column("promised_to_s", sa.Integer()))
    op.add_column(
        "ticket", sa.Column("overtakes", sa.Integer(), nullable=False, server_default="0")
    )
    op.add_column("ticket_period", _text("service", ""))
    op.add_column("counter_period", _text("activity", ""))
    op.create_table(
        "correction",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("branch", "seq", name="pk_correction"),
    )
    op.create_table(
        "day_signature",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("branch", "seq", name="pk_day_signature"),
    )


def _text(name: str, default: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=default)
