"""The store's process is killed in the middle of its commits: nothing acknowledged is lost (I1)."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

from db.engine import sqlite_url
from server.administration.verify import verify
from server.store import Store

CYCLES = 40
# Imports take longer than a whole cycle, so one process that has them forks the writers.
NURSERY = """
import os, sys
from datetime import date, timedelta
from server.store import Store
from tests.server.stored_day import DAY_MS, MORNING_MS, StoredDay

def write_until_killed(cycle):
    store = Store.open(sys.argv[1])
    day = date(2027, 1, 1) + timedelta(cycle)
    story = StoredDay(store, day.isoformat(), MORNING_MS + cycle * DAY_MS)
    story.write()
    print("writer", os.getpid(), flush=True)
    while True:
        tickets = [story.issue(service) for service in "ABCDEFAB"]
        story.write()
        # What a server would acknowledge; in one write, which a kill cannot tear.
        os.write(1, " ".join((str(story.seq), *tickets)).encode() + b"\\n")

for line in sys.stdin:
    pid = os.fork()
    if not pid:
        write_until_killed(int(line))
    os.waitpid(pid, 0)
    print("dead", flush=True)
"""


def killed_after(nursery: "subprocess.Popen[str]", cycle: int, wait_s: float) -> list[list[str]]:
    """Let a writer write for a moment and kill it; the batches that it acknowledged."""
    orders, answers = nursery.stdin, nursery.stdout
    assert orders is not None
    assert answers is not None
    orders.write(f"{cycle}\n")
    orders.flush()
    word, pid = answers.readline().split()
    assert word == "writer"
    time.sleep(wait_s)
    os.kill(int(pid), signal.SIGKILL)
    return _until_dead(answers)


def _until_dead(answers: IO[str]) -> list[list[str]]:
    batches = []
    while (words := answers.readline().split()) != ["dead"]:
        assert words, "the nursery died"
        batches.append(words)
    return batches


def test_no_acknowledged_batch_is_lost_and_none_is_half_there(
    tmp_path: Path, long_run: bool
) -> None:
    url = sqlite_url(tmp_path / "branch.db")
    Store.open(url).close()
    acknowledged = 0
    with subprocess.Popen(
        [sys.executable, "-c", NURSERY, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        for cycle in range(CYCLES * 25 if long_run else CYCLES):
            # Another moment of the commit each time.
            batches = killed_after(nursery, cycle, 0.002 + cycle % 17 * 0.0017)
            with Store.open(url, read_only=True) as store:
                day = store.load_day()
            stored = [
                getattr(entry.event, "ticket", "")
                for entry in day.entries
                if type(entry.event).__name__ == "TicketIssued"
            ]
            assert len(stored) % 8 == 0, "a batch is whole or absent"
            assert len(stored) == len(set(stored))
            for seq, *tickets in batches:
                assert day.last_seq >= int(seq)
                assert set(tickets) <= set(stored)
            acknowledged += len(batches)
        assert nursery.stdin is not None
        nursery.stdin.close()
    assert acknowledged > CYCLES, "the writers were killed in the middle of their work"
    with Store.open(url) as store:
        assert verify(store) == []
