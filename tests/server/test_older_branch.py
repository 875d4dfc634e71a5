"""A branch that lived before kiosks had numbers of their own: its days stay, and it goes on."""

from pathlib import Path
from uuid import uuid4

import pytest

from db.engine import open_database, sqlite_url
from db.migrations import SCHEMA_VERSION
from protocol.messages import IssueTicket, LeaseNumbers
from server.administration.summary import read_summary
from server.administration.verify import verify
from server.store import Store
from tests.server.lane_story import LaneStory
from tests.server.stored_day import a_whole_day

TAKEN_BACK = (
    "DROP INDEX ix_event_rare",
    "DROP INDEX ix_correction_day",
    "DROP INDEX ix_day_signature_day",
    "DROP INDEX ix_complaint_day",
    "DROP INDEX ix_complaint_closed",
    "DROP TABLE past_figure",
    "DROP TABLE booking",
    "DROP TABLE survey_answer",
    "ALTER TABLE staff DROP COLUMN password_hash",
    "DROP TABLE number_lease",
    "ALTER TABLE ticket DROP COLUMN merged_seq",
    "ALTER TABLE ticket DROP COLUMN offline",
    "UPDATE alembic_version SET version_num = '0003'",
)
"""From today's shape to that of version 0003."""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_older_branch_is_brought_up_with_everything_in_it(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """F08."""
    url = (
        sqlite_url(tmp_path / "branch.db")
        if kind == "sqlite"
        else request.getfixturevalue("postgres_database")
    )
    with Store.open(url) as store:
        a_whole_day(store)
        before = read_summary(store, "2026-11-20")
    database = open_database(url)
    with database.writing() as connection:
        for statement in TAKEN_BACK:
            connection.exec_driver_sql(statement)
    database.close()
    with Store.open(url) as store:
        assert verify(store) == []
        assert read_summary(store, "2026-11-20") == before
        assert before.total.issued > 0
        assert before.lent == []
        branch = LaneStory(tmp_path, store)
        branch.clock.set("2026-11-21T08:00:00")
        lease = branch.ask(LeaseNumbers(id=uuid4()))["lease"]
        assert lease["letter"] == "K"
        issued = branch.ask(IssueTicket(id=uuid4(), service="A"))
        assert (issued["ticket"]["number"], issued["ticket"]["offline"]) == ("A001", False)
        assert verify(store) == []
        with store.database.reading() as connection:
            version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        assert version == SCHEMA_VERSION
