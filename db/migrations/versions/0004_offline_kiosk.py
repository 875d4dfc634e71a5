"""Numbers that kiosks give without a link: what was lent to whom, and which tickets came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the leases; every old ticket was given with a link."""
    op.add_column(
        "ticket", sa.Column("offline", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("ticket", sa.Column("merged_seq", sa.BigInteger()))
    op.create_table(
        "number_lease",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("first_serial", sa.Integer(), nullable=False),
        sa.Column("last_serial", sa.Integer(), nullable=False),
        sa.Column("lease", sa.Text(), nullable=False),
        sa.Column("leased_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("branch", "business_date", "series", name="pk_number_lease"),
    )
