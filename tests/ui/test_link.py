"""The link of a screen over real sockets: it comes back by itself and says what is so."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, QThread
from pytestqt.qtbot import QtBot

from protocol.messages import Accepted, IssueTicket, KioskSnapshot, Notice, Rejected, Welcome
from protocol.session import Deadlines, LinkState, LinkStatus
from tests.protocol.session_story import HELLO, kiosk_snapshot
from tests.ui.branch_certificates import BranchAuthority
from tests.ui.wire_server import Cable, WireServer
from ui.link import FRAME_FROM_SERVER_MAX, WAITING_FRAMES_MAX, Link
from ui.server_address import LinkSettingsError

# Where a test waits for a deadline of the session, all of them are a quarter as long.
QUICK = Deadlines().scaled(0.25)
WAIT_MS = 10_000


class Screen:
    """A program's link, and all that it has heard from it."""

    def __init__(
        self, url: str, deadlines: Deadlines | None = None, ca: Path | None = None
    ) -> None:
        self.link = Link(url, HELLO, ca_file=ca, deadlines=deadlines)
        self.welcomes: list[Welcome] = []
        self.notices: list[Notice] = []
        self.states: list[LinkStatus] = []
        self.answers: list[Accepted | Rejected] = []
        self.heard_in: set[QThread] = set()
        self.link.welcomed.connect(self.welcomes.append)
        self.link.noticed.connect(self._hear_notice)
        self.link.state_changed.connect(self.states.append)

    def _hear_notice(self, notice: Notice) -> None:
        self.heard_in.add(QThread.currentThread())
        self.notices.append(notice)

    def ask(self, keep: bool | None = None) -> IssueTicket:
        command = IssueTicket(id=self.link.new_id(), service="A")
        self.link.ask(command, self.answers.append, keep=keep)
        return command

    def is_in(self, state: LinkState) -> bool:
        return self.link.status.state is state


class Room:
    """Makes screens and takes care that each is stopped."""

    def __init__(self, qtbot: QtBot, free_port: Callable[[], int], things: ExitStack) -> None:
        self.qtbot = qtbot
        self.free_port = free_port
        self.things = things

    def server(self, **options: object) -> WireServer:
        return self.things.enter_context(WireServer(self.free_port(), **options))  # type: ignore[arg-type]

    def screen(
        self, port: int, *, deadlines: Deadlines | None = None, ca: Path | None = None
    ) -> Screen:
        scheme = "wss" if ca else "ws"
        screen = Screen(f"{scheme}://127.0.0.1:{port}/", deadlines, ca)
        self.things.callback(screen.link.stop)
        screen.link.start()
        return screen

    def online(self, port: int, *, deadlines: Deadlines | None = None) -> Screen:
        screen = self.screen(port, deadlines=deadlines)
        self.until(lambda: screen.is_in(LinkState.ONLINE))
        return screen

    def until(self, is_so: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(is_so, timeout=WAIT_MS)

    def after(self, seconds: float, is_so: Callable[[], bool]) -> float:
        """Wait until it is so; how long that took, at most ``seconds``."""
        began_s = time.monotonic()
        self.qtbot.waitUntil(is_so, timeout=int(seconds * 1000))
        return time.monotonic() - began_s


@pytest.fixture
def room(qtbot: QtBot, free_port: Callable[[], int]) -> Iterator[Room]:
    with ExitStack() as things:
        yield Room(qtbot, free_port, things)


def test_it_says_hello_and_tells_welcome_notices_and_answers_in_the_qt_thread(room: Room) -> None:
    server = room.server()
    screen = room.online(server.port)
    assert server.hellos == [HELLO]
    assert len(screen.welcomes) == 1
    server.tell(kiosk_snapshot(1), kiosk_snapshot(2))
    room.until(lambda: len(screen.notices) == 2)
    command = screen.ask()
    room.until(lambda: len(screen.answers) == 1)
    assert server.commands == [command]
    assert screen.heard_in == {screen.link.thread()}


def test_the_servers_clock_is_given_in_utc(room: Room) -> None:
    server = room.server()
    screen = room.screen(server.port)
    assert abs(screen.link.server_now().timestamp() - time.time()) < 1, "before Welcome: our own"
    room.until(lambda: bool(screen.welcomes))
    ahead = screen.link.server_now() - screen.welcomes[0].server_time
    assert 0 <= ahead.total_seconds() < 2


def test_every_intention_gets_an_id_of_its_own(room: Room) -> None:
    screen = Screen("ws://127.0.0.1:1/")
    assert len({screen.link.new_id() for _ in range(100)}) == 100


def test_a_closed_socket_is_shown_at_once_and_the_link_comes_back(room: Room) -> None:
    server = room.server()
    screen = room.online(server.port)
    server.close_all(4503)
    took_s = room.after(2, lambda: screen.is_in(LinkState.LOST))
    assert took_s < 2
    room.until(lambda: screen.is_in(LinkState.ONLINE))
    assert [status.reason for status in screen.states] == ["", "server-closing", ""]
    assert len(server.hellos) == 2


def test_a_server_that_dies_and_returns_is_found_again_and_gets_the_same_command(
    room: Room,
) -> None:
    """F23 over real sockets: the answer is lost with the server, the command is not."""
    server = room.server()
    screen = room.online(server.port)
    server.is_answering = False
    command = screen.ask()
    room.until(lambda: server.commands == [command])
    server.stop()
    room.after(2, lambda: screen.is_in(LinkState.LOST))
    room.qtbot.wait(300)
    assert screen.answers == []
    server.is_answering = True
    server.start()
    room.until(lambda: len(screen.answers) == 1)
    assert server.commands == [command, command]
    [answer] = screen.answers
    assert isinstance(answer, Accepted)
    assert answer.id == command.id


def test_an_unanswered_command_shows_the_link_as_lost_after_2_s(room: Room) -> None:
    server = room.server()
    screen = room.online(server.port)
    server.is_answering = False
    screen.ask()
    took_s = room.after(3, lambda: bool(screen.states) and screen.states[-1].reason == "unanswered")
    assert took_s > 1.9


def test_a_pulled_cable_is_found_by_its_silence(room: Room) -> None:
    """F19: half-open TCP. Nobody asks, nobody closes; only pongs are missing."""
    server = room.server()
    with Cable(room.free_port(), server.port) as cable:
        screen = room.online(cable.port, deadlines=QUICK)
        room.qtbot.wait(int(QUICK.silence_s * 1200))
        assert screen.is_in(LinkState.ONLINE), "pongs alone keep an idle link alive"
        cable.pull()
        took_s = room.after(QUICK.silence_s + 1, lambda: screen.is_in(LinkState.LOST))
        assert took_s <= QUICK.silence_s + 0.3
        assert screen.link.status.reason == "silent"
        cable.plug_in()
        room.until(lambda: screen.is_in(LinkState.ONLINE))


def test_a_pulled_cable_under_a_command_is_found_by_the_missing_answer(room: Room) -> None:
    server = room.server()
    with Cable(room.free_port(), server.port) as cable:
        screen = room.online(cable.port)
        cable.pull()
        screen.ask()
        room.after(2.5, lambda: screen.is_in(LinkState.LOST))
        cable.plug_in()
        room.until(lambda: len(screen.answers) == 1)
        assert isinstance(screen.answers[0], Accepted)


def test_an_address_that_swallows_everything_is_shown_as_lost_within_2_s(room: Room) -> None:
    with socket.create_server(("127.0.0.1", room.free_port())) as mute:
        screen = room.screen(mute.getsockname()[1])
        room.after(2.5, lambda: screen.is_in(LinkState.LOST))
        assert screen.link.status.reason == "unreachable"
        assert room.after(1, lambda: _stop_takes_no_time(screen)) < 1


def _stop_takes_no_time(screen: Screen) -> bool:
    began_s = time.monotonic()
    screen.link.stop()
    return time.monotonic() - began_s < 0.2


def test_a_stalled_window_does_not_lose_the_link(room: Room) -> None:
    """The thread goes on answering the server's pings and reading while a window paints."""
    server = WireServer(room.free_port())
    server.ping_every_s = 0.5
    room.things.enter_context(server)
    screen = room.online(server.port, deadlines=QUICK)
    screen.ask()
    before = len(screen.states)
    end_s = time.monotonic() + QUICK.silence_s * 1.2
    revision = 0
    while time.monotonic() < end_s:  # no Qt events are handled here
        revision += 1
        server.tell(kiosk_snapshot(revision))
        time.sleep(0.05)
    assert server.connected == 1
    room.until(lambda: len(screen.notices) == revision)
    assert len(screen.answers) == 1
    assert screen.states[before:] == []
    assert len(server.hellos) == 1


def test_what_waits_for_a_stalled_window_is_bounded(room: Room) -> None:
    """I14: a window that stands still makes the server see a slow consumer, not memory grow."""
    server = room.server()
    screen = room.online(server.port)
    flood = [KioskSnapshot(revision=number, services=[], total=0) for number in range(3_000)]
    sender = threading.Thread(target=server.tell, args=flood)
    sender.start()
    wire = screen.link._wire
    end_s = time.monotonic() + 5
    while len(wire._events) < WAITING_FRAMES_MAX and time.monotonic() < end_s:
        time.sleep(0.01)
    time.sleep(0.2)
    assert WAITING_FRAMES_MAX <= len(wire._events) <= WAITING_FRAMES_MAX + 2
    room.until(lambda: len(screen.notices) == len(flood))
    sender.join()
    assert [notice.revision for notice in screen.notices] == list(range(3_000))  # type: ignore[union-attr]


def test_a_frame_that_is_too_large_costs_the_connection_and_nothing_else(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    server = room.server()
    screen = room.online(server.port)
    server.tell(Rejected(id=None, reason="x", message="x" * FRAME_FROM_SERVER_MAX))
    room.until(lambda: len(server.hellos) == 2 and screen.is_in(LinkState.ONLINE))


def test_a_frame_that_breaks_the_protocol_is_logged_and_dropped(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    server = room.server()
    screen = room.online(server.port)
    server.tell({"type": "KioskSnapshot", "revision": "four"})  # type: ignore[arg-type]
    server.tell(kiosk_snapshot(4))
    room.until(lambda: screen.notices == [kiosk_snapshot(4)])
    assert "breaks the protocol" in caplog.text


@pytest.mark.parametrize(
    ("code", "reason"), [(4401, "bad-token"), (4403, "wrong-role"), (4409, "replaced")]
)
def test_a_refusal_is_shown_with_its_reason(room: Room, code: int, reason: str) -> None:
    server = room.server()
    server.refuses_with = code
    screen = room.screen(server.port)
    room.until(lambda: screen.is_in(LinkState.REFUSED))
    assert screen.link.status.reason == reason
    server.refuses_with = None
    screen.link.retry_now()
    room.until(lambda: screen.is_in(LinkState.ONLINE))


class TestStopping:
    def test_it_says_goodbye_and_takes_no_time(self, room: Room) -> None:
        server = room.server()
        screen = room.online(server.port)
        began_s = time.monotonic()
        screen.link.stop()
        assert time.monotonic() - began_s < 0.2
        room.until(lambda: server.connected == 0)
        assert server.last_close_code == 1000
        assert "link" not in {thread.name for thread in threading.enumerate()}

    def test_a_server_that_does_not_answer_the_goodbye_does_not_hold_it(self, room: Room) -> None:
        server = room.server()
        with Cable(room.free_port(), server.port) as cable:
            screen = room.online(cable.port)
            cable.pull()
            began_s = time.monotonic()
            screen.link.stop()
            assert time.monotonic() - began_s < 0.2
        room.until(lambda: "link" not in {thread.name for thread in threading.enumerate()})

    def test_asking_a_stopped_link_does_no_harm(self, room: Room) -> None:
        server = room.server()
        screen = room.online(server.port)
        screen.link.stop()
        screen.link.stop()
        screen.ask()
        room.qtbot.wait(100)
        assert (server.commands, screen.answers) == ([], [])

    def test_a_link_that_was_never_started_can_be_stopped(self, room: Room) -> None:
        Screen("ws://127.0.0.1:1/").link.stop()


class TestCertificates:
    """F26: wss with the branch's own authority, the host checked, never back to plain."""

    @pytest.fixture
    def authority(self, tmp_path: Path) -> BranchAuthority:
        return BranchAuthority(tmp_path)

    def test_the_branchs_certificate_is_accepted(
        self, room: Room, authority: BranchAuthority
    ) -> None:
        server = room.server(tls=authority.server_tls())
        screen = room.screen(server.port, ca=authority.ca_file)
        room.until(lambda: screen.is_in(LinkState.ONLINE))
        screen.ask()
        room.until(lambda: len(screen.answers) == 1)

    @pytest.mark.parametrize("wrong", ["authority", "host", "expired"])
    def test_another_certificate_is_refused_and_nothing_is_said_to_it(
        self, room: Room, authority: BranchAuthority, tmp_path: Path, wrong: str
    ) -> None:
        signer = authority
        if wrong == "authority":
            (tmp_path / "other").mkdir()
            signer = BranchAuthority(tmp_path / "other")
        tls = signer.server_tls(
            host="another.branch.example" if wrong == "host" else "127.0.0.1",
            days=-1 if wrong == "expired" else 10,
        )
        server = room.server(tls=tls)
        screen = room.screen(server.port, ca=authority.ca_file)
        screen.ask()
        room.until(lambda: screen.is_in(LinkState.REFUSED))
        assert screen.link.status.reason == "bad-certificate"
        assert (server.hellos, server.commands) == ([], [])

    def test_a_server_without_certificate_is_never_spoken_to(
        self, room: Room, authority: BranchAuthority
    ) -> None:
        server = room.server()
        screen = room.screen(server.port, ca=authority.ca_file)
        room.until(lambda: screen.is_in(LinkState.LOST))
        room.qtbot.wait(500)
        assert server.hellos == []


class TestSettings:
    @pytest.mark.parametrize(
        "url", ["ws://127.0.0.1:8765/", "ws://[::1]:8765/", "ws://localhost:8765", "wss://pusat/"]
    )
    def test_an_address_that_is_safe_needs_no_permission(self, room: Room, url: str) -> None:
        Link(url, HELLO)

    @pytest.mark.parametrize("url", ["ws://192.168.1.10:8765/", "ws://server-cabang:8765/"])
    def test_plain_ws_to_another_machine_needs_a_setting(self, room: Room, url: str) -> None:
        with pytest.raises(LinkSettingsError, match="use wss://"):
            Link(url, HELLO)
        Link(url, HELLO, plain_allowed=True)

    @pytest.mark.parametrize("url", ["", "127.0.0.1:8765", "http://127.0.0.1/", "ws://"])
    def test_what_is_no_address_is_said(self, room: Room, url: str) -> None:
        with pytest.raises(LinkSettingsError, match="no server address"):
            Link(url, HELLO)

    def test_a_ca_file_that_is_not_there_is_said(self, room: Room, tmp_path: Path) -> None:
        with pytest.raises(LinkSettingsError, match=r"ca\.pem cannot be used"):
            Link("wss://127.0.0.1/", HELLO, ca_file=tmp_path / "ca.pem")

    def test_a_ca_file_that_is_none_is_said(self, room: Room, tmp_path: Path) -> None:
        (tmp_path / "ca.pem").write_text("hello")
        with pytest.raises(LinkSettingsError, match="PEM"):
            Link("wss://127.0.0.1/", HELLO, ca_file=tmp_path / "ca.pem")

    def test_a_ca_file_for_a_plain_address_is_a_mistake(self, room: Room, tmp_path: Path) -> None:
        with pytest.raises(LinkSettingsError, match="write wss://"):
            Link("ws://127.0.0.1/", HELLO, ca_file=tmp_path / "ca.pem")


def test_no_log_holds_the_token_at_any_level(room: Room, caplog: pytest.LogCaptureFixture) -> None:
    """I12."""
    caplog.set_level(logging.DEBUG)
    server = room.server()
    room.online(server.port)
    ours = [
        record.getMessage()
        for record in caplog.records
        if not record.name.startswith("websockets.server")  # the test's own server
    ]
    assert any("link online" in line for line in ours)
    assert [line for line in ours if HELLO.token in line] == []


def test_the_end_of_the_program_stops_the_link(room: Room, qapp: QCoreApplication) -> None:
    server = room.server()
    room.online(server.port)
    qapp.aboutToQuit.emit()
    room.until(lambda: server.connected == 0)


def test_a_window_that_takes_its_link_along_ends_the_thread(room: Room) -> None:
    server = room.server()
    window = QObject()
    link = Link(f"ws://127.0.0.1:{server.port}/", HELLO, parent=window)
    link.start()
    room.until(lambda: link.status.state is LinkState.ONLINE)
    shiboken6.delete(window)
    server.tell(kiosk_snapshot(1))
    room.until(lambda: server.connected == 0)
