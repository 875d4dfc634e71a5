"""wss with the branch's own certificate: the screens trust it, nothing else, and never speak plain.

The certificate is made by the server's own sub-command, and a wiretap in front of the server keeps
what really went over the wire (F26).
"""

import socket
import ssl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from protocol.messages import BoardSnapshot
from tests.conftest import find_free_port
from tests.journeys.screens import Screen, Screens, eventually, sit_down
from tests.journeys.wiretap import Wiretap
from tests.running_branch import RunningBranch
from tests.wire_client import LinkRefusedError

TLS_RECORD = b"\x16\x03"
REFUSALS_WATCHED = 2


def through(tap: Wiretap, screens: Screens, ca: Path) -> None:
    screens.server_options = ("--server", f"wss://127.0.0.1:{tap.port}/", "--ca", str(ca))


def test_the_screens_work_over_wss_with_the_branchs_certificate(
    branch: RunningBranch, tmp_path: Path
) -> None:
    ca = branch.secure("127.0.0.1", "antrean.local")
    with branch, Wiretap(branch.port) as tap, Screens(branch, tmp_path) as screens:
        through(tap, screens, ca)
        kiosk, seat = screens.kiosk("none:"), screens.counter()
        board = screens.display("display-1", "--no-voice")
        sit_down(seat, "sari")
        board.wait(page="board")
        kiosk.wait(page="idle")
        kiosk.wait(name="start", enabled=True)
        assert len(tap.said) == 3
        whole = b"".join(tap.said)
        assert all(said.startswith(TLS_RECORD) for said in tap.said)
        for token in branch.tokens.values():
            assert token.encode() not in whole
        assert b"sari" not in whole


Look = Callable[[Screen], None]


def counter_says_so(seat: Screen) -> None:
    words = seat.wait(name="link-banner", text="Sertifikat")
    assert words == "Sertifikat server tidak dapat dipercaya. Hubungi admin cabang."
    seat.wait(name="retry-link", enabled=True)


def board_says_so(board: Screen) -> None:
    board.wait(page="refused")
    shown = " ".join(board.shown().values())
    assert "Pasang sertifikat CA cabang dengan --ca" in shown
    assert "Mohon perhatikan panggilan petugas." in shown


def kiosk_says_so(kiosk: Screen) -> None:
    """The visitor is sent to a person; whoever looks after the kiosk finds the rest in its log."""
    kiosk.wait(page="away", name="away-title", text="Mesin ini belum dapat dipakai")
    kiosk.wait(name="away-line", text="Silakan minta nomor kepada petugas.")
    assert "the server's certificate is not accepted" in kiosk.log.read_text("utf-8")


@pytest.mark.parametrize("wrong", ["authority", "host"])
def test_a_wrong_certificate_is_refused_in_words_and_never_answered_in_plain(
    branch: RunningBranch, tmp_path: Path, wrong: str
) -> None:
    ca = branch.secure("127.0.0.1" if wrong == "authority" else "antrean.local")
    if wrong == "authority":
        branch.command("certificate", "127.0.0.1", "--to", str(tmp_path / "other"))
        ca = tmp_path / "other" / "branch-ca.pem"
    with branch, Wiretap(branch.port) as tap, Screens(branch, tmp_path) as screens:
        through(tap, screens, ca)
        kiosk, seat = screens.kiosk("none:"), screens.counter()
        board = screens.display("display-1", "--no-voice")
        counter_says_so(seat)
        board_says_so(board)
        kiosk_says_so(kiosk)
        # A person who presses "try again" gets another try, as encrypted as the first.
        tries = len(tap.said)
        seat.press("retry-link")
        eventually(lambda: len(tap.said), lambda count: count > tries, "another try")
        counter_says_so(seat)
        assert len(tap.said) > REFUSALS_WATCHED
        for said in tap.said:
            assert not said or said.startswith(TLS_RECORD), bytes(said[:80])
            assert b"Hello" not in said


async def test_a_client_of_the_wire_is_held_to_the_same_certificate(
    branch: RunningBranch, tmp_path: Path
) -> None:
    """Other people's programs connect by protocol.md alone, with any TLS library."""
    ca = branch.secure("127.0.0.1")
    branch.command("certificate", "127.0.0.1", "--to", str(tmp_path / "other"))
    with branch:
        trusting = ssl.create_default_context(cafile=ca)
        async with branch.client("display-1", tls=trusting) as board:
            await board.notice(BoardSnapshot)
        stranger = ssl.create_default_context(cafile=tmp_path / "other" / "branch-ca.pem")
        with pytest.raises(LinkRefusedError, match="bad-certificate"):
            async with branch.client("display-1", tls=stranger):
                pass
        branch.url = branch.url.replace("wss://", "ws://")
        plain = branch.client("display-2")
        with pytest.raises(TimeoutError):
            await plain.connect(timeout_s=1.0)
        await plain.close()
        assert plain.welcome is None


def refused_start(branch: RunningBranch, *options: str) -> str:
    """What the server says when it does not even begin."""
    done = subprocess.run(
        [sys.executable, "-m", "server", "--data", str(branch.data), *options],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 3, (done.returncode, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    assert not done.stdout, "it must not say that it is ready"
    return done.stderr


def test_plain_ws_for_other_machines_is_refused_before_the_port_is_opened(tmp_path: Path) -> None:
    branch = RunningBranch(tmp_path / "data")
    port = find_free_port()
    # Somebody else holds the port: a server that tried to bind would say so instead.
    with socket.create_server(("127.0.0.1", port)):
        said = refused_start(branch, "--host", "0.0.0.0", "--port", str(port))
    assert "without encryption" in said
    assert "antrean-server certificate HOST" in said
    assert "antrean-server config set network.allow_plain true" in said


def test_a_certificate_that_cannot_be_used_is_told_with_its_cure(tmp_path: Path) -> None:
    branch = RunningBranch(tmp_path / "data")
    branch.secure("127.0.0.1")
    folder = branch.data / "certificates"
    pair = ("--certificate", str(folder / "server.pem"), "--key", str(folder / "branch-ca.key"))
    said = refused_start(branch, "--port", "0", *pair)
    assert "cannot be used" in said
    assert "'antrean-server certificate HOST' makes a pair" in said
    said = refused_start(branch, "--port", "0", *pair[:2])
    assert "needs its key" in said
