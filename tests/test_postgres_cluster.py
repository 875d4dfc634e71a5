"""The tests' own PostgreSQL is a real one, private, durable, and leaves nothing behind."""

from pathlib import Path

import psycopg
import pytest

from tests import postgres_cluster
from tests.postgres_cluster import PostgresCluster, PostgresMissingError, find_programs


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def test_it_writes_to_the_disk_as_a_branch_does(postgres_url: str) -> None:
    assert ask(postgres_url, "SHOW fsync") == "on"
    assert ask(postgres_url, "SHOW synchronous_commit") == "on"
    assert ask(postgres_url, "SHOW server_encoding") == "UTF8"


def test_it_listens_on_no_network(postgres_url: str) -> None:
    assert ask(postgres_url, "SHOW listen_addresses") == ""


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_gets_an_empty_database(postgres_database: str, turn: int) -> None:
    with psycopg.connect(postgres_database) as connection:
        # Fails in the second turn if the first one's table were still there.
        connection.execute("CREATE TABLE ticket (number text)")
        connection.execute("INSERT INTO ticket VALUES ('A012')")
    assert ask(postgres_database, "SELECT number FROM ticket") == "A012"


def test_a_stopped_cluster_leaves_neither_process_nor_folder() -> None:
    with PostgresCluster() as cluster:
        assert cluster.process is not None
        assert cluster.process.poll() is None
        assert cluster.folder.is_dir()
    assert cluster.process.poll() is not None
    assert not cluster.folder.exists()


def test_a_connection_left_open_does_not_hinder_the_end() -> None:
    with PostgresCluster() as cluster, cluster.database("left_open") as url:
        connection = psycopg.connect(url)
    connection.close()
    assert not cluster.folder.exists()


def test_a_machine_without_postgresql_is_told_the_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(postgres_cluster, "_DEBIAN_PROGRAMS", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PostgresMissingError, match="Debian package 'postgresql'"):
        find_programs()
