"""The front door: its catalogue, screenings, complaints, and what is personal under seal."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the first stage of a visit; every old row stays as it is."""
    op.add_column("ticket", sa.Column("screening", sa.Text()))
    op.add_column("ticket", sa.Column("cause", sa.Text()))
    _catalogue()
    _door()
    op.create_table(
        "sealed_record",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary()),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("erase_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("branch", "id", name="pk_sealed_record"),
    )
    op.create_index("ix_sealed_record_person", "sealed_record", ["branch", "fingerprint", "at_ms"])
    op.create_index("ix_sealed_record_due", "sealed_record", ["branch", "erase_at_ms"])


def _catalogue() -> None:
    op.create_table(
        "catalogue_entry",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branch.branch"], name="fk_catalogue_entry_branch"),
        sa.PrimaryKeyConstraint("branch", "section", "code", name="pk_catalogue_entry"),
    )
    op.create_table(
        "member",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("imported_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branch.branch"], name="fk_member_branch"),
        sa.PrimaryKeyConstraint("branch", "fingerprint", name="pk_member"),
    )


def _door() -> None:
    op.create_table(
        "screening",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("started_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("service", sa.Text()),
        sa.Column("matter", sa.Text()),
        sa.Column("segment", sa.Text()),
        sa.Column("membership", sa.Text()),
        sa.Column("papers", sa.Text(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("channel", sa.Text()),
        sa.Column("office", sa.Text()),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("overrides", sa.Text(), nullable=False),
        sa.Column("companion", sa.Boolean(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("identified", sa.Boolean(), nullable=False),
        sa.Column("visits_before", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Text()),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("branch", "business_date", "id", name="pk_screening"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "complaint",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("filed_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("ticket", sa.Text()),
        sa.Column("screening", sa.Text()),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("answer_due_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("due_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("answered_at_ms", sa.BigInteger()),
        sa.Column("closed_at_ms", sa.BigInteger()),
        sa.Column("sipp", sa.Text(), nullable=False),
        sa.Column("lapor", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("staff", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("branch", "id", name="pk_complaint"),
        sqlite_with_rowid=False,
    )
