"""The demo without a screen: which programs play the day, and that every paper came out."""

from collections.abc import Sequence
from random import Random
from uuid import UUID

from protocol.roles import DeviceRole
from simulation.arrivals import Visit
from simulation.demo_branch import DemoBranch
from simulation.demo_stage import Stage
from simulation.door_officer import DOOR, DoorOfficer
from simulation.headless_day import HeadlessDay, Say
from simulation.link import SimulatedDevice
from simulation.shown_day import counter_device

COUNTERS: Sequence[int] = (1, 2, 3, 4)
DEVICES = {
    "kiosk-1": DeviceRole.KIOSK,
    "display-1": DeviceRole.DISPLAY,
    DOOR: DeviceRole.SCREENING,
    **{counter_device(number): DeviceRole.COUNTER for number in COUNTERS},
}

# Windows that nobody looks at are painted small: the processor is the programs' alone.
KIOSK_AT = "540x960+0+0"
DISPLAY_AT = "960x540+0+0"
COUNTER_AT = "900x560+0+0"


async def play_headless(
    branch: DemoBranch, visits: Sequence[Visit], random: Random, say: Say
) -> None:
    """Play the whole day and close it; raises ProgramFailedError."""
    async with Stage(branch, {"QT_QPA_PLATFORM": "offscreen"}) as stage:
        server = await stage.start_server(
            "--simulated-clock", "--clock-start", branch.opens_at.isoformat()
        )
        await stage.start_pages()
        kiosk = stage.driven("kiosk", "kiosk-1", KIOSK_AT, "--printer", f"file://{stage.paper}")
        stage.driven("display", "display-1", DISPLAY_AT, "--no-voice")
        counters = {
            number: stage.driven(
                "counter", counter_device(number), COUNTER_AT, "--counter", str(number)
            )
            for number in COUNTERS
        }
        await stage.start_screens()
        # With ids of its own chance, so that a seed tells the same day whoever asks first.
        chance = Random(random.getrandbits(64))
        door = SimulatedDevice(
            server.url,
            DeviceRole.SCREENING,
            DOOR,
            branch.tokens[DOOR],
            lambda: UUID(int=chance.getrandbits(128), version=4),
        )
        async with door:
            officer = DoorOfficer(door, chance, "kiosk-1")
            await HeadlessDay(branch, server, kiosk, counters, officer, visits, random, say).run()
