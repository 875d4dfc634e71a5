"""One branch in one thread: server, devices, people and misfortunes, all from one seed."""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Any

from protocol.messages import Accepted, AnyCommand, Rejected, TicketToPrint
from protocol.roles import DeviceRole, StaffRole
from server.branch_server import BranchAccess
from server.config import ServerSettings
from server.connections import Connections
from server.gateway import DeviceAccount
from server.lane import Lane
from server.staff_door import StaffAccount
from simulation.at_home import rules_of_home
from simulation.clock import VirtualLoop, VirtualWall
from simulation.deeds import Deed
from simulation.desk_kiosk import DeskKiosk
from simulation.devices import (
    CounterDevice,
    Device,
    DisplayDevice,
    KioskDevice,
    PlainDevice,
    secret_of,
)
from simulation.disk import Disk
from simulation.hands import Hands
from simulation.misfortunes import Misfortunes
from simulation.network import Cable, Weather
from simulation.offline_kiosk import OfflineKiosk
from simulation.people import Frontliner
from simulation.server_process import Conditions, ServerProcess
from simulation.watching import Watcher

log = logging.getLogger(__name__)

STARTS_AT_MS = 1_795_136_400_000
"""2026-11-20 08:00 in Jakarta: an ordinary Friday at opening."""

PATIENCE_WHEN_AWAY = 12.0
"""While most screens say that the link is away, people touch them less often by this factor; else
half of a story would be touches of screens that can do nothing."""

KIOSKS, COUNTERS, DISPLAYS = 4, 6, 2
DESK_KIOSKS = 2
"""So many kiosks have the shipped desk; the others are worse than any that we ship."""

PIN = "135790"
ONLINE_WITHIN_S = 8.0
"""After all faults: the longest back-off of a session, and the time to open a connection."""

SHOWN_WITHIN_S = 2.0
"""Law I7."""

STILL_S = 0.3
"""A voice may go on speaking when people rest; what it confirms is shown after 100 ms."""

STILL_WITHIN_S = 30.0
"""Longer than voices have to say; who is not answered by then is never answered."""


class _Ears(Watcher):
    """Counts, keeps a digest of everything that left the server, and passes on."""

    def __init__(self, watcher: Watcher, loop: VirtualLoop) -> None:
        self._next = watcher
        self._loop = loop
        self.committed_s = 0.0
        self.operations = 0
        self.frames = 0
        self.digest = blake2b(digest_size=16)
        self.on_answer: Callable[[Accepted | Rejected], None] = lambda _answer: None
        self.narrate: Callable[[str], None] | None = None

    def _say(self, text: str) -> None:
        if self.narrate is not None:
            self.narrate(text)

    def started(self, lane: Lane, connections: Connections) -> None:
        self._say(f"the server starts, at revision {lane.day.revision}")
        self._next.started(lane, connections)

    def committed(self) -> None:
        self.committed_s = self._loop.now_s
        self._next.committed()

    def sent(self, device: str, connection: int, frame: bytes) -> None:
        self.frames += 1
        self.digest.update(frame)
        if frame.startswith((b'{"type":"Accepted"', b'{"type":"Rejected"')):
            self.operations += 1
            self._say(f"the server answers {device}: {frame[:160].decode()}")
        self._next.sent(device, connection, frame)

    def queued(self, device: str, waiting_bytes: int) -> None:
        self._next.queued(device, waiting_bytes)

    def asked(self, device: str, command: AnyCommand) -> None:
        self._next.asked(device, command)

    def answered(self, device: str, command: AnyCommand, answer: Accepted | Rejected) -> None:
        self.on_answer(answer)
        self._next.answered(device, command, answer)

    def printed(self, kiosk: str, ticket: TicketToPrint) -> None:
        self._say(f"{kiosk} prints {ticket.ticket.number}, copy {ticket.copy}")
        self._next.printed(kiosk, ticket)

    def rested(self) -> None:
        self._next.rested()

    def stopped(self, error: BaseException | None) -> None:
        self._say(f"the server stops: {error!r}")
        self._next.stopped(error)

    def handler_broke(self) -> None:
        self._next.handler_broke()


class SimulatedBranch:
    """A branch day after day, deed by deed. Close it to free its files."""

    def __init__(
        self,
        seed: int,
        folder: Path,
        watcher: Watcher | None = None,
        server_of: type[ServerProcess] = ServerProcess,
    ) -> None:
        """``folder`` best lies in memory; ``server_of`` lets tests plant bugs."""
        self.seed = seed
        self.loop = VirtualLoop()
        self.ears = _Ears(watcher or Watcher(), self.loop)
        random = self.random("branch")
        self.wall = VirtualWall(self.loop, STARTS_AT_MS)
        self.staff = [Frontliner(f"CANARY-{n}", PIN, n) for n in range(1, COUNTERS + 1)]
        self.server = server_of(
            self.loop,
            self.wall,
            Disk(folder),
            Conditions(
                access=access_of(self.staff),
                rules=rules_of(random),
                # The pace of devices is measured by a real clock, so it is left out.
                limits=ServerSettings(commands_per_s=0),
                day_starts_minute=random.choice((0, 0, 180)),
            ),
            self.random("server"),
            self.ears,
        )
        self.hands = Hands(self.staff, COUNTERS)
        self.ears.on_answer = self.hands.hear
        self.server.start()
        desk_kiosk = partial(DeskKiosk, wall=self.wall)
        self.kiosks = [
            self._make(desk_kiosk if n < DESK_KIOSKS else KioskDevice, f"kiosk-{n + 1}")
            for n in range(KIOSKS)
        ]
        # One seat more than counters: people move.
        self.counters = [self._make(CounterDevice, f"counter-{n + 1}") for n in range(COUNTERS + 1)]
        self.displays = [self._make(DisplayDevice, f"tv-{n + 1}") for n in range(DISPLAYS)]
        self.door = self._make_plain("door-1", DeviceRole.SCREENING)
        self.office = self._make_plain("office-1", DeviceRole.MANAGER)
        self.web = self._make_plain("web-1", DeviceRole.WEB)
        self.pads = [self._make_plain(f"pad-{n + 1}", DeviceRole.RATING) for n in range(2)]
        self.devices: list[Device] = [
            *self.kiosks,
            *self.counters,
            *self.displays,
            self.door,
            self.office,
            self.web,
            *self.pads,
        ]
        self.misfortunes = Misfortunes(self.loop, self.wall, self.server, self.devices)

    def random(self, purpose: str) -> Random:
        """Dice of their own for each purpose, so that one does not disturb the other."""
        return Random(f"{self.seed}/{purpose}")

    def _make(self, kind: Any, name: str) -> Any:
        random = self.random(name)
        cable = Cable(self.loop, self.random(f"{name}/cable"), Weather())
        return kind(name, self.loop, cable, random, self.server.accept, self.ears)

    def _make_plain(self, name: str, role: DeviceRole) -> PlainDevice:
        random = self.random(name)
        cable = Cable(self.loop, self.random(f"{name}/cable"), Weather())
        return PlainDevice(name, role, self.loop, cable, random, self.server.accept, self.ears)

    # Running.

    @property
    def operations(self) -> int:
        """Commands that the server has answered."""
        return self.ears.operations

    @property
    def frames(self) -> int:
        """What has left the server."""
        return self.ears.frames

    @property
    def digest(self) -> str:
        """A hash of every byte that the server ever sent: equal for equal stories."""
        return self.ears.digest.hexdigest()

    def run(self, script: Iterable[Deed], operations: int | None = None) -> list[Deed]:
        """Do the deeds, until so many commands were answered; returns those that were done."""
        done: list[Deed] = []
        for deed in script:
            done.append(deed)
            self.step(deed)
            if operations is not None and self.operations >= operations:
                break
        return done

    def step(self, deed: Deed) -> None:
        """Let the time until the deed pass, and do it. Raises what a watcher raised."""
        self.loop.run_until(self.loop.now_s + deed.gap_s * self._patience)
        outcome = self._do(deed, Random(deed.dice))
        if self.ears.narrate is not None:
            self.ears.narrate(outcome)

    @property
    def _patience(self) -> float:
        """How much longer than else people wait before they do the next thing."""
        is_away = not self.server.is_up or len(self.server.connections) < len(self.devices) / 2
        return PATIENCE_WHEN_AWAY if is_away else 1.0

    def _do(self, deed: Deed, random: Random) -> str:
        who, hands = deed.who, self.hands
        match deed.what:
            case "kiosk":
                return hands.at_kiosk(self.kiosks[who % KIOSKS], random)
            case "counter":
                # At the seat too many somebody sits down now and then.
                place = COUNTERS if who % 50 == 0 else who % COUNTERS
                return hands.at_counter(self.counters[place], place, random)
            case "door":
                return hands.at_door(self.door, random)
            case "office":
                return hands.at_office(self.office, random)
            case "home":
                return hands.at_home(self.web, self.web.server_now(), random)
            case "pad":
                return hands.at_pad(self.pads[who % len(self.pads)], random)
            case "retry":
                return hands.retry(self._anybody(who), random)
            case "alone":
                kiosk = self.kiosks[who % KIOSKS]
                if isinstance(kiosk, DeskKiosk):
                    return self.misfortunes.lose_link(kiosk, random)
                return hands.alone(kiosk, kiosk.offline, kiosk.server_now(), random)
            case "clash":
                return hands.clash(self._anybody(who), random.choice(self.devices), random)
            case "nonsense":
                return hands.nonsense(self._anybody(who), random)
            case "rest":
                return self.rest()
        return self.misfortunes.strike(deed.what, who, random)

    def _anybody(self, who: int) -> Device:
        return self.devices[who % len(self.devices)]

    def rest(self) -> str:
        """All faults stop; after a while everything must be right (law I7)."""
        self.misfortunes.stop()
        until_s = self.loop.now_s + ONLINE_WITHIN_S
        while self.loop.now_s < until_s and not self.all_online:
            self.loop.run_until(self.loop.now_s + 0.25)
        self._tell_everything()
        self.loop.run_until(self.loop.now_s + SHOWN_WITHIN_S)
        ends_s = self.loop.now_s + STILL_WITHIN_S
        while self.loop.now_s < ends_s and not self._is_still:
            self.loop.run_until(self.loop.now_s + STILL_S / 4)
        self.ears.rested()
        return "all faults stop for a while"

    def _tell_everything(self) -> None:
        """Every kiosk tells what it gave by itself, as long as it is heard."""
        until_s = self.loop.now_s + STILL_WITHIN_S
        telling, desks = [one for one in self.kiosks if not isinstance(one, DeskKiosk)], self.desks
        while self.loop.now_s < until_s and (telling or any(desk.untold for desk in desks)):
            for kiosk in telling:
                if (told := kiosk.offline.tell()) is not None:
                    kiosk.ask(told, kiosk.offline.hear)
            self.loop.run_until(self.loop.now_s + STILL_S)
            telling = [one for one in telling if one.offline.journal and not one.offline.must_wait]

    @property
    def offline_kiosks(self) -> dict[str, OfflineKiosk]:
        """What each kiosk has on its disk."""
        plain = (kiosk for kiosk in self.kiosks if not isinstance(kiosk, DeskKiosk))
        return {kiosk.name: kiosk.offline for kiosk in plain}

    @property
    def desks(self) -> list[DeskKiosk]:
        """The kiosks with the shipped desk."""
        return [kiosk for kiosk in self.kiosks if isinstance(kiosk, DeskKiosk)]

    @property
    def _is_still(self) -> bool:
        """Whether everybody has been answered, and nothing has happened for a moment."""
        is_shown = self.loop.now_s >= self.ears.committed_s + STILL_S
        return is_shown and not any(device.session.unanswered for device in self.devices)

    @property
    def all_online(self) -> bool:
        """Whether every device has its connection."""
        return all(device.is_online for device in self.devices)

    def narrate(self, say: Callable[[str], None]) -> None:
        """Tell what happens, with the virtual second in which it does."""
        self.ears.narrate = lambda text: say(f"{self.loop.now_s:9.3f}  {text}")

    def close(self) -> None:
        """The end."""
        self.server.stop()
        self.loop.close()


def rules_of(random: Random) -> dict[str, object]:
    """A branch of this kind or that."""
    return {
        "discipline": random.choice(("due-time", "first-come", "ratio")),
        "priority_in_a_row": random.choice((1, 1, 2)),
        "regular_in_a_row": random.choice((2, 1, 3)),
        # So few and so short that each comes to pass while a dozen people wait.
        "overtakes_most": random.choice((10, 2, 4)),
        "overdue_s": random.choice((3600, 60, 600)),
        "help_after_s": random.choice((300, 0, 3, None)),
        "undo_s": random.choice((5, 5, 60)),
        "priority_letter": random.choice(("P", "P", "")),
        # All but the urgent are claimed at the kiosk itself.
        "kiosk_priority_claim": True,
        "kiosk_identity": True,
        # So small that it is made longer all the time.
        "offline_block": random.choice((200, 10, 40)),
        "number_last": random.choice((None, None, 60)),
        "recall_pause_s": random.choice((5, 0.3)),
        "grace_places": random.choice((0, 3)),
        "grace_times": random.choice((1, 1, 2)),
        "recalls_most": random.choice((3, 1, None)),
        "no_show_calls_least": random.choice((1, 1, 2)),
        "no_show_s_least": random.choice((0, 0, 1)),
        # So short that it comes to pass, also while a transfer can still be taken back.
        "transfer_fallback_s": random.choice((600, 20, 3, None)),
        "park_alarm_s": random.choice((900, 5)),
        **rules_of_home(random),
    }


def access_of(staff: list[Frontliner]) -> BranchAccess:
    import hashlib

    names = {
        DeviceRole.KIOSK: [f"kiosk-{n + 1}" for n in range(KIOSKS)],
        DeviceRole.COUNTER: [f"counter-{n + 1}" for n in range(COUNTERS + 1)],
        DeviceRole.DISPLAY: [f"tv-{n + 1}" for n in range(DISPLAYS)],
        DeviceRole.SCREENING: ["door-1"],
        DeviceRole.MANAGER: ["office-1"],
        DeviceRole.RATING: ["pad-1", "pad-2"],
        DeviceRole.WEB: ["web-1"],
    }
    devices = {
        name: DeviceAccount(name, role, hashlib.sha256(secret_of(name).encode()).hexdigest())
        for role, several in names.items()
        for name in several
    }
    people = [(one.staff, StaffRole.FRONTLINER) for one in staff]
    people += [("CANARY-door", StaffRole.OFFICER), ("CANARY-boss", StaffRole.MANAGER)]
    accounts = {code: StaffAccount(code, f"Name of {code}", role, PIN) for code, role in people}
    return BranchAccess(devices, accounts, verify=lambda known, pin: known == pin, decoy_hash="")
