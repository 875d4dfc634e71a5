"""What goes wrong in a branch, and how it stops (reliability.md 3)."""

from collections.abc import Callable, Sequence
from random import Random

from server.domain.branch import Branch
from simulation.clock import VirtualLoop, VirtualWall
from simulation.devices import Device
from simulation.disk import DiskFault
from simulation.network import Weather
from simulation.server_process import ServerProcess

DAY_S = 24 * 3600


class Misfortunes:
    """Strikes a branch, one fault at a time."""

    def __init__(
        self,
        loop: VirtualLoop,
        wall: VirtualWall,
        server: ServerProcess,
        devices: Sequence[Device],
    ) -> None:
        self._loop = loop
        self._wall = wall
        self._server = server
        self._devices = devices
        # Faults that were to begin or end later; when all faults stop they are void.
        self._round = 0

    def stop(self) -> None:
        """Nothing is wrong any more."""
        self._round += 1
        self._server.calm_down()
        for device in self._devices:
            device.cable.heal()

    def _later(self, delay_s: float, act: Callable[[], object]) -> None:
        now = self._round
        self._loop.call_later(delay_s, lambda: act() if now == self._round else None)

    def strike(self, what: str, who: int, random: Random) -> str:
        """Let one thing go wrong; says what."""
        device = self._devices[who % len(self._devices)]
        match what:
            case "crash":
                self._server.crash()
                return "the server is killed"
            case "crash-sending":
                frames = random.randrange(12)
                self._server.crash_after_frames(frames)
                return f"the server will be killed after {frames} more frames"
            case "bug":
                self._server.ids.breaks_next = True
                return "the next handler that needs an id has a bug"
            case "cut":
                device.cable.cut()
                return f"the cable of {device.name} is cut and mended"
            case "half-open":
                return self._half_open(device, random)
            case "swizzle-clog":
                return self._swizzle_clog(random)
            case "storm":
                return self._storm(device, random)
            case "reboot":
                device.restart()
                return f"{device.name} starts anew"
            case "clock":
                seconds = random.choice((1, 3, 60, 1800)) * random.uniform(-1, 1)
                self._wall.jump(seconds)
                return f"the clock jumps by {seconds:.1f} s"
            case "midnight":
                return self._midnight(random)
        self._server.order(DiskFault(what))
        return f"the next batch meets {what}"

    def lose_link(self, device: Device, random: Random) -> str:
        """Nothing comes through for longer than anybody waits for an answer."""
        lasts_s = random.choice((1, 3, 8, 30)) * random.uniform(0.5, 1.5)
        device.cable.clog()
        self._later(lasts_s, device.cable.free)
        return f"{device.name} has no link for {lasts_s:.1f} s"

    def _half_open(self, device: Device, random: Random) -> str:
        up, down = random.choice(((True, True), (True, False), (False, True)))
        lasts_s = 1 + 14 * random.random()
        device.cable.half_open(up=up, down=down)
        self._later(lasts_s, lambda: device.cable.half_open(up=False, down=False))
        return f"{device.name} is half open for {lasts_s:.1f} s (up {up}, down {down})"

    def _swizzle_clog(self, random: Random) -> str:
        """Stop links one by one, free them in another order."""
        chosen = random.sample(list(self._devices), random.randint(2, 6))
        for place, device in enumerate(chosen):
            self._later(0.3 * place, device.cable.clog)
        freed = random.sample(chosen, len(chosen))
        lasts_s = 2 + 14 * random.random()
        for place, device in enumerate(freed):
            self._later(lasts_s + 0.2 * place, device.cable.free)
        return f"clogged one by one: {', '.join(device.name for device in chosen)}"

    def _storm(self, device: Device, random: Random) -> str:
        bad = Weather(
            delay_s_max=random.choice((0.05, 0.5, 2.5)),
            loss=random.choice((0.0, 0.05, 0.3)),
            repeat=random.choice((0.0, 0.2)),
            overtake=random.choice((0.0, 0.1)),
        )
        lasts_s = 1 + 9 * random.random()
        struck = list(self._devices) if random.random() < 0.1 else [device]
        for one in struck:
            one.cable.weather = bad
            self._later(lasts_s, lambda one=one: self._clear(one))  # type: ignore[misc]
        names = "everyone" if len(struck) > 1 else device.name
        return f"for {lasts_s:.1f} s {names} has the weather {bad}"

    def _clear(self, device: Device) -> None:
        device.cable.weather = device.cable.weather.calm

    def _midnight(self, random: Random) -> str:
        """Jump to just before the business day turns, perhaps with a crash around it (F14)."""
        branch: Branch = self._server.branch
        left_s = seconds_to_next_day(branch, self._wall.now_ms())
        before_s = 0.2 + 2 * random.random()
        self._wall.jump(left_s - before_s)
        if random.random() < 0.5:
            self._later(before_s + random.uniform(-1, 1), self._server.crash)
        return f"the clock is set to {before_s:.1f} s before the business day turns"


def seconds_to_next_day(branch: Branch, now_ms: int) -> float:
    """How long the business day of an instant still lasts, in seconds."""
    today = branch.business_date(now_ms)
    low, high = 0, 2 * DAY_S
    while high - low > 1:
        middle = (low + high) // 2
        if branch.business_date(now_ms + middle * 1000) == today:
            low = middle
        else:
            high = middle
    return float(high)
