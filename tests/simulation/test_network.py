"""A cable that holds up, loses, repeats and breaks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

import pytest

from simulation.clock import VirtualLoop
from simulation.network import SILENCE_S, Cable, Connection, Weather


@dataclass
class Client:
    """The device's end."""

    frames: list[bytes] = field(default_factory=list)
    closed: list[int | None] = field(default_factory=list)

    def on_opened(self) -> None:
        raise AssertionError("the device says this itself")

    def on_frame(self, frame: bytes) -> None:
        self.frames.append(frame)

    def on_sign_of_life(self) -> None:
        pass

    def on_closed(self, code: int | None) -> None:
        self.closed.append(code)


class Line:
    """One connection, with a server that hears and says nothing by itself."""

    def __init__(self, weather: Weather | None = None) -> None:
        self.loop = VirtualLoop()
        self.cable = Cable(self.loop, Random(1), weather or Weather())
        self.client = Client()
        self.cord = Connection(self.loop, self.cable, self.client, "kiosk-1", 1)
        self.heard: list[str] = []
        self._listening = self.loop.create_task(self._listen())

    async def _listen(self) -> None:
        async for frame in self.cord.socket:
            self.heard.append(frame)

    def pass_s(self, seconds: float) -> None:
        self.loop.run_until(self.loop.now_s + seconds)

    def say(self, *frames: bytes) -> None:
        for frame in frames:
            self.cord.send_down(frame)


Lines = Callable[..., Line]


@pytest.fixture
def lay() -> Iterator[Lines]:
    """Lays lines, and takes them away again."""
    laid: list[Line] = []

    def one(weather: Weather | None = None) -> Line:
        laid.append(Line(weather))
        return laid[-1]

    yield one
    for line in laid:
        line.loop.close()


def numbered(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


def test_frames_arrive_in_order_on_both_ways(lay: Lines) -> None:
    line = lay()
    line.say(*numbered(50))
    for frame in numbered(50):
        line.cord.send_up(frame)
    line.pass_s(1)
    assert line.client.frames == numbered(50)
    assert line.heard == [frame.decode() for frame in numbered(50)]
    assert line.cord.down.bytes_on_the_way == 0


def test_a_clogged_cable_loses_nothing(lay: Lines) -> None:
    line = lay()
    line.cable.clog()
    line.say(*numbered(5))
    line.pass_s(1)
    assert line.client.frames == []
    assert line.cord.down.bytes_on_the_way == 5
    line.cable.free()
    assert line.client.frames == numbered(5)


def test_both_ends_find_a_dead_cable_by_silence(lay: Lines) -> None:
    """F19: nothing is said when it dies, and the unread stays in the sender's buffer."""
    line = lay()
    line.cable.half_open(up=False, down=True)
    line.say(b"lost")
    line.pass_s(SILENCE_S - 3)
    assert (line.client.closed, line.cord.socket.is_closed) == ([], False)
    assert line.cord.down.bytes_on_the_way == 4
    line.pass_s(10)
    assert line.cord.socket.is_closed
    assert (line.client.frames, line.client.closed) == ([], [])
    line.cable.heal()
    assert line.client.closed == [None]


def test_what_lost_a_frame_breaks_when_the_faults_stop(lay: Lines) -> None:
    line = lay(Weather(loss=1.0))
    line.say(b"lost")
    assert line.client.closed == []
    line.cable.heal()
    assert (line.client.frames, line.client.closed) == ([], [None])


@pytest.mark.parametrize(
    ("weather", "repeats"), [(Weather(repeat=0.5), True), (Weather(overtake=0.5), False)]
)
def test_bad_weather_repeats_and_turns_around(lay: Lines, weather: Weather, repeats: bool) -> None:
    line = lay(weather)
    line.say(*numbered(100))
    line.pass_s(0.9)
    assert set(line.client.frames) == set(numbered(100))
    assert (len(line.client.frames) > 100) == repeats
    assert line.client.frames != numbered(100)


def test_the_last_words_come_before_the_close(lay: Lines) -> None:
    line = lay()
    line.say(b"goodbye")
    line.cord.close_from_server(4503)
    line.pass_s(1)
    assert (line.client.frames, line.client.closed) == ([b"goodbye"], [4503])
    line.say(b"nobody hears this")
    assert line.cord.down.bytes_on_the_way == 0
