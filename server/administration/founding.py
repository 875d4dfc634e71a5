"""A new branch: what a database is given before it has anything."""

import logging
import time

from assets import asset_path
from db.engine import Database
from db.rows import add_branch
from server.administration.catalogue import read_catalogue
from server.administration.catalogue_rows import write_catalogue
from server.config import KEYS

log = logging.getLogger(__name__)

EXAMPLE_CATALOGUES = ("bpjs-kesehatan.toml", "example-branch.toml")


def found_branch(database: Database, code: str | None = None) -> str:
    """Fill an empty database with the example branch; returns the branch's code."""
    catalogues = [read_catalogue(asset_path("catalogues", name)) for name in EXAMPLE_CATALOGUES]
    given = [one.settings["branch.code"] for one in catalogues if "branch.code" in one.settings]
    branch = code or (given[-1] if given else str(KEYS["branch.code"].default))
    with database.writing() as connection:
        add_branch(connection, branch, time.time_ns() // 1_000_000)
        for catalogue in catalogues:
            write_catalogue(connection, branch, catalogue)
    log.info("a new branch %s was made in %s", branch, database.name)
    return branch
