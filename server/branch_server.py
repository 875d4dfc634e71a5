"""A running branch: the rooms of the server, wired together."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ssl import SSLContext
from typing import Self

from protocol.roles import DeviceRole, StaffRole
from server.adapters.handles import LoopErrors, take_all_handles
from server.adapters.second_step import TotpSteps
from server.commands.handler import House
from server.config import ServerSettings
from server.connections import Connections, Presence
from server.directory_desk import DirectoryDesk
from server.dispatch import Dispatch
from server.gateway import DeviceAccount, Gateway
from server.lane import Lane
from server.membership import MembershipDirectory
from server.notices import Notices
from server.ports import Clock, Ids, Sealer
from server.staff_door import StaffAccount, StaffDoor
from server.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class BranchAccess:
    """Who may connect and sign in, and how a PIN is checked: ``verify(hash, pin)``."""

    devices: Mapping[str, DeviceAccount]
    staff: Mapping[str, StaffAccount]
    verify: Callable[[str, str], bool]
    decoy_hash: str

    @property
    def house(self) -> House:
        """What the rules need to know of it."""
        kiosks = (name for name, one in self.devices.items() if one.role is DeviceRole.KIOSK)
        staff = (code for code, one in self.staff.items() if not one.disabled)
        managers = (code for code, one in self.staff.items() if one.may_use_pages)
        return House(frozenset(kiosks), frozenset(staff), frozenset(managers))

    @classmethod
    def of(cls, store: Store, verify: Callable[[str, str], bool], decoy_hash: str) -> Self:
        """Everyone whom the branch has registered and not turned out since."""
        devices = {
            record.name: DeviceAccount(
                record.name, DeviceRole(record.role), record.token_hash, record.counter
            )
            for record in store.devices()
            if record.revoked_at_ms is None
        }
        staff = {
            record.code: StaffAccount(
                record.code,
                record.name,
                StaffRole(record.role),
                record.pin_hash,
                record.disabled,
                record.password_hash,
            )
            for record in store.staff()
        }
        return cls(devices, staff, verify, decoy_hash)


class Activity:
    """When somebody last did something at each device."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self._at_ms: dict[str, int] = {}

    def touch(self, device: str) -> None:
        """Somebody did something there now."""
        self._at_ms[device] = self._lane.now_ms()

    def idle_devices(self) -> list[str]:
        """Devices where a person is signed in, serves nobody, and did nothing for too long."""
        day, now_ms = self._lane.day, self._lane.now_ms()
        limit_ms = day.branch.rules.idle_sign_out_s * 1000
        idle = []
        for device, seat in day.seats.items():
            held = seat.counter is not None and day.desks[seat.counter].ticket is not None
            # After a restart nobody knows; the time counts from the first look.
            since_ms = now_ms - self._at_ms.setdefault(device, now_ms)
            if limit_ms and not held and since_ms > limit_ms:
                idle.append(device)
        return idle


async def serve(
    store: Store,
    settings: ServerSettings,
    access: BranchAccess,
    clock: Clock,
    ids: Ids,
    sealer: Sealer,
    host: str,
    port: int,
    ssl: SSLContext | None,
    ready: Callable[[str], None],
    stop: asyncio.Event,
    directory: MembershipDirectory | None = None,
) -> None:
    """Run the branch until ``stop``; ``ready`` gets the address once devices may connect.

    An error of the disk is raised: the process must end, so that the database is opened afresh.
    """
    if settings.limits_lifted:
        log.warning("limits.commands_per_s is 0: every limit of rate and number is lifted")
    take_all_handles()
    asyncio.get_running_loop().set_exception_handler(LoopErrors())
    lane = Lane(store, store.load_branch(), clock, ids, access.house, sealer, TotpSteps())
    connections = Connections()
    for device, account in access.devices.items():
        connections.presence[device] = Presence(account.role)
    notices = Notices(connections, lambda: lane.day, lane.now_ms)
    activity = Activity(lane)
    look_ups = None
    if directory is not None:
        look_ups = DirectoryDesk(directory, settings.directory_deadline_s)
    dispatch = Dispatch(lane, notices, activity.idle_devices, look_ups)
    with (
        ThreadPoolExecutor(1, thread_name_prefix="pins") as pins,
        ThreadPoolExecutor(1, thread_name_prefix="pages") as pages,
    ):
        door = StaffDoor(
            access.staff, access.verify, access.decoy_hash, time.monotonic, pins, pages
        )
        gateway = Gateway(
            lane, dispatch, connections, access.devices, door, settings, activity.touch
        )
        await _run(gateway, dispatch, host, port, ssl, ready, stop)


async def _run(
    gateway: Gateway,
    dispatch: Dispatch,
    host: str,
    port: int,
    ssl: SSLContext | None,
    ready: Callable[[str], None],
    stop: asyncio.Event,
) -> None:
    running = asyncio.create_task(dispatch.run())
    stopping = asyncio.create_task(stop.wait())
    dispatch.room_changed()  # opens the business day if the last one is over
    server = await gateway.listen(host, port, ssl)
    try:
        bound = server.sockets[0].getsockname()[1]
        ready(f"{'wss' if ssl else 'ws'}://{host}:{bound}/")
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        dispatch.stop()
        server.close(code=4503, reason="server closing")
        await running
    finally:
        stopping.cancel()
        server.close()
        await server.wait_closed()
