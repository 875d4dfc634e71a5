"""Days to be reported: a simulated branch's, on either database, with what its events say."""

import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import tzinfo
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, text

from db import tables
from db.catalogue_names import CatalogueNames, catalogue_names
from db.engine import sqlite_url
from protocol import messages as m
from report.day import DayReport
from report.figures import day_report
from server.store import Store
from simulation.deeds import FAULTS, write_script
from simulation.lane_alone import LaneAlone, Seat
from tests.report.recount import Recount, recount_days

EVENTS = text("SELECT seq, at_ms, business_date, command_id, body FROM event ORDER BY seq")


@dataclass(frozen=True)
class Played:
    """A branch that was played: its store, when that ended, and its days told again."""

    store: Store
    zone: tzinfo
    now_ms: int
    days: Mapping[str, Recount]
    names: CatalogueNames

    def report(self, date: str) -> DayReport:
        with self.store.database.reading() as connection:
            return self.report_over(connection, date)

    def report_over(self, connection: Connection, date: str) -> DayReport:
        return day_report(
            connection,
            self.store.branch_code,
            date,
            now_ms=self.now_ms,
            zone=self.zone,
            catalogue=self.names,
        )


class TellingLane(LaneAlone):
    """Whoever finishes a service says more of it than in a hurry: category, cause, education."""

    def submit(self, seat: Seat, command: m.AnyCommand) -> None:
        if isinstance(command, m.FinishService):
            # The same for the same intention, or saying it again would be another one.
            dice = Random(command.id.int)
            codes = {
                name: [one.code for one in self.branch.choices[name]]
                for name in ("category", "cause", "education")
            }
            command = msgspec.structs.replace(
                command,
                category=dice.choice([None, *codes["category"][:4]]),
                cause=dice.choice([None, None, *codes["cause"]]),
                education=dice.sample(codes["education"], dice.randrange(3)),
            )
        super().submit(seat, command)


def play(seed: int, operations: int, folder: Path) -> tuple[Path, int]:
    """Let a branch live until so many commands were answered, and on to the middle of
    a day; its file, and the last instant."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    lane = TellingLane(seed, folder)
    try:
        for deed in write_script(seed, FAULTS):
            lane.step(deed)
            if lane.operations >= operations and _is_in_full_swing(lane):
                break
        file = lane.store.database.file
        assert file is not None
        return file, lane.lane.now_ms()
    finally:
        lane.close()
        logging.disable(before)


def _is_in_full_swing(lane: LaneAlone) -> bool:
    """Whether the day goes on and there is somebody in every state."""
    states = {ticket.state.value for ticket in lane.lane.day.tickets.values()}
    return states >= {"waiting", "called", "serving", "parked", "finished"}


@contextmanager
def played(file: Path, now_ms: int, url: str = "") -> Iterator[Played]:
    """The branch of a file; with ``url`` copied into that database and read there."""
    with Store.open(sqlite_url(file), read_only=True) as original:
        branch = original.load_branch()
        with original.database.reading() as connection:
            days = recount_days(connection.execute(EVENTS), branch.time_zone)
            names = catalogue_names(connection, branch.code)
        if not url:
            yield Played(original, branch.time_zone, now_ms, days, names)
            return
        with Store.open(url) as copy:
            _copy(original, copy)
        with Store.open(url, read_only=True) as copy:
            yield Played(copy, branch.time_zone, now_ms, days, names)


def _copy(original: Store, copy: Store) -> None:
    with original.database.reading() as old, copy.database.writing() as new:
        for table in reversed(tables.metadata.sorted_tables):
            new.execute(table.delete())
        for table in tables.metadata.sorted_tables:
            rows: list[dict[str, Any]] = [
                dict(row) for row in old.execute(select(table)).mappings()
            ]
            if rows:
                new.execute(insert(table), rows)


@cache
def kept_folder() -> Path:
    """Where branches lie that several tests look at; gone with the tests' process."""
    folder = tempfile.TemporaryDirectory(prefix="antrean-played-")
    _folders.append(folder)
    return Path(folder.name)


_folders: list[tempfile.TemporaryDirectory[str]] = []


@cache
def branch_of(seed: int, operations: int) -> tuple[Path, int]:
    """The same branch for all who ask in this process."""
    folder = kept_folder() / f"{seed}-{operations}"
    folder.mkdir()
    return play(seed, operations, folder)
