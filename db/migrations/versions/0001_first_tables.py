"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "branch",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("added_at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("branch", name="pk_branch"),
    )
    op.create_table(
        "command",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("body_digest", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("branch", "id", name="pk_command"),
    )
    op.create_table(
        "counter_period",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("counter", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger()),
        sa.Column("staff", sa.Text()),
        sa.Column("reason", sa.Text()),
        sa.PrimaryKeyConstraint(
            "branch", "business_date", "counter", "ordinal", name="pk_counter_period"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "event",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("command_id", sa.Text()),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("branch", "seq", name="pk_event"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ticket",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("series", sa.Text(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("counter", sa.Integer()),
        sa.Column("staff", sa.Text()),
        sa.Column("call_count", sa.Integer(), nullable=False),
        sa.Column("issued_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("called_at_ms", sa.BigInteger()),
        sa.Column("started_at_ms", sa.BigInteger()),
        sa.Column("ended_at_ms", sa.BigInteger()),
        sa.Column("requeued", sa.Boolean(), nullable=False),
        sa.Column("print", sa.Text(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text()),
        sa.Column("category", sa.Text()),
        sa.Column("education", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("device", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("branch", "id", name="pk_ticket"),
        sa.UniqueConstraint(
            "branch", "business_date", "number", name="uq_ticket_branch_business_date_number"
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "business_day",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("opened_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("closed_at_ms", sa.BigInteger()),
        sa.Column("head_seq", sa.BigInteger(), nullable=False),
        sa.Column("head_hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branch.branch"], name="fk_business_day_branch"),
        sa.PrimaryKeyConstraint("branch", "business_date", name="pk_business_day"),
    )
    op.create_table(
        "choice",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branch.branch"], name="fk_choice_branch"),
        sa.PrimaryKeyConstraint("branch", "field", "code", name="pk_choice"),
    )
    op.create_table(
        "counter",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("services", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branch.branch"], name="fk_counter_branch"),
        sa.PrimaryKeyConstraint("branch", "number", name="pk_counter"),
    )
    op.create_table(
        "device",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("counter", sa.Integer()),
        sa.Column("added_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at_ms", sa.BigInteger()),
        sa.ForeignKeyConstraint(["branch"], ["branch.branch"], name="fk_device_branch"),
        sa.PrimaryKeyConstraint("branch", "name", name="pk_device"),
    )
    op.create_table(
        "rating",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["branch", "ticket"], ["ticket.branch", "ticket.id"], name="fk_rating_ticket"
        ),
        sa.PrimaryKeyConstraint("branch", "business_date", "ticket", name="pk_rating"),
    )
    op.create_table(
        "service",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("icon", sa.Text(), nullable=False),
        sa.Column("target_wait_s", sa.Integer(), nullable=False),
        sa.Column("target_service_s", sa.Integer(), nullable=False),
        sa.Column("papers", sa.Text(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branch.branch"], name="fk_service_branch"),
        sa.PrimaryKeyConstraint("branch", "code", name="pk_service"),
    )
    op.create_table(
        "setting",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branch.branch"], name="fk_setting_branch"),
        sa.PrimaryKeyConstraint("branch", "key", name="pk_setting"),
    )
    op.create_table(
        "staff",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("added_at_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["branch"], ["branch.branch"], name="fk_staff_branch"),
        sa.PrimaryKeyConstraint("branch", "code", name="pk_staff"),
    )
    op.create_table(
        "ticket_period",
        sa.Column("branch", sa.Text(), nullable=False),
        sa.Column("business_date", sa.Text(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("started_at_ms", sa.BigInteger(), nullable=False),
        sa.Column("ended_at_ms", sa.BigInteger()),
        sa.Column("counter", sa.Integer()),
        sa.Column("staff", sa.Text()),
        sa.ForeignKeyConstraint(
            ["branch", "ticket"], ["ticket.branch", "ticket.id"], name="fk_ticket_period_ticket"
        ),
        sa.PrimaryKeyConstraint(
            "branch", "business_date", "ticket", "ordinal", name="pk_ticket_period"
        ),
        sqlite_with_rowid=False,
    )
