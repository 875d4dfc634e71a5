"""The server's process is killed between the commit and the answer of a merge, or within it: the
kiosk tells its journal again, and nothing is lost or doubled (I1, I6, I9, F01)."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any
from uuid import UUID, uuid4

from db.engine import sqlite_url
from protocol.messages import OFFLINE_TICKETS_MAX, IssueTicket, LeaseNumbers, MergeOffline
from server.administration.summary import read_summary
from server.administration.verify import verify
from server.store import Store
from tests.server.lane_story import LaneStory
from tests.server.offline_journal_example import PART, part_of, wish_of

CYCLES = 25
# Imports take longer than a whole cycle, so one process that has them forks the servers.
NURSERY = """
import os, sys
from pathlib import Path
from uuid import uuid4
from protocol.messages import IssueTicket, LeaseNumbers, MergeOffline
from server.store import Store
from tests.server.lane_story import LaneStory
from tests.server.offline_journal_example import part_of, wish_of

def serve_until_killed(part):
    server = LaneStory(Path("."), Store.open(sys.argv[1]), part * 100_000)
    print("server", os.getpid(), flush=True)
    while True:
        server.ask(LeaseNumbers(id=uuid4(), used={"AK": part * 5}))
        tickets = part_of(part)
        # A wish whose answer the kiosk never heard, now and then.
        if part % 2:
            wish = server.ask(IssueTicket(id=wish_of(part), service="A"))
            assert wish["type"] == "Accepted", wish
        answer = server.ask(MergeOffline(id=uuid4(), lease="lease", tickets=tickets))
        os.write(1, f"{part} {answer['type']} {answer['revision']}\\n".encode())
        part += 1

for line in sys.stdin:
    pid = os.fork()
    if not pid:
        serve_until_killed(int(line))
    os.waitpid(pid, 0)
    print("dead", flush=True)
"""


def killed_after(nursery: "subprocess.Popen[str]", part: int, wait_s: float) -> list[list[str]]:
    """Let a server merge once, and then for a moment, and kill it; what it answered."""
    orders, answers = nursery.stdin, nursery.stdout
    assert orders is not None
    assert answers is not None
    orders.write(f"{part}\n")
    orders.flush()
    word, pid = answers.readline().split()
    assert word == "server"
    first = answers.readline().split()
    time.sleep(wait_s)
    os.kill(int(pid), signal.SIGKILL)
    return [first, *_until_dead(answers)]


def _until_dead(answers: IO[str]) -> list[list[str]]:
    said = []
    while (words := answers.readline().split()) != ["dead"]:
        assert words, "the nursery died"
        said.append(words)
    return said


def merge_again(server: LaneStory, parts: range) -> list[dict[str, Any]]:
    """The kiosk started anew as well: its whole journal once more, under other ids."""
    tickets = [ticket for part in parts for ticket in part_of(part)]
    found = []
    for start in range(0, len(tickets), OFFLINE_TICKETS_MAX):
        some = tickets[start : start + OFFLINE_TICKETS_MAX]
        answer = server.ask(MergeOffline(id=uuid4(), lease="lease", tickets=some))
        assert answer["type"] == "Accepted", answer
        found += answer["merged"]
    return found


def test_a_merge_is_whole_or_absent_and_comes_once(tmp_path: Path, long_run: bool) -> None:
    url = sqlite_url(tmp_path / "branch.db")
    Store.open(url).close()
    part = answered = half_way = 0
    with subprocess.Popen(
        [sys.executable, "-c", NURSERY, url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as nursery:
        for cycle in range(CYCLES * 20 if long_run else CYCLES):
            said = killed_after(nursery, part, cycle % 13 * 0.0017)
            with Store.open(url) as store:
                server = LaneStory(tmp_path, store)
                before = set(server.lane.day.tickets)
                for words in said:
                    assert words[1] == "Accepted"
                    assert server.lane.day.revision >= int(words[2])
                    assert {one.ticket for one in part_of(int(words[0]))} <= before
                part += len(said)
                answered += len(said)
                there = [one.ticket in before for one in part_of(part)]
                assert all(there) or not any(there), "a merge is whole or absent"
                half_way += all(there)
                server.ask(LeaseNumbers(id=uuid4(), used={"AK": (part + 1) * PART}))
                merged = merge_again(server, range(max(0, part - 8), part + 1))
                assert len({one["number"] for one in merged}) == len(merged)
                _demand_no_ghost(server, part)
                part += 1
        assert nursery.stdin is not None
        nursery.stdin.close()
    assert answered >= CYCLES
    print(f"{answered} merges answered, {half_way} written and not answered, {part} parts")
    with Store.open(url) as store:
        server = LaneStory(tmp_path, store)
        offline = {one.id for one in server.lane.day.tickets.values() if one.offline}
        assert offline == {one.ticket for n in range(part) for one in part_of(n)}
        assert verify(store) == []
        figures = read_summary(store, None)
        assert figures.adds_up
        assert [one.given for one in figures.lent if one.series == "AK"] == [part * PART]


def _demand_no_ghost(server: LaneStory, part: int) -> None:
    """A wish that was replaced waits nowhere, and its frame comes too late."""
    wishes: list[UUID] = [wish_of(one) for one in range(max(1, part - 3), part + 1) if one % 2]
    for wish in wishes:
        answer = server.ask(IssueTicket(id=wish, service="A"))
        if answer["type"] == "Accepted":
            ghost = server.lane.day.tickets[answer["ticket"]["id"]]
            assert (ghost.state, ghost.reason) == ("cancelled", "offline")
        else:
            assert answer["reason"] == "withdrawn"
