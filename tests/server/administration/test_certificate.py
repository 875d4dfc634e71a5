"""The branch's certificate: a client that trusts the branch's CA, and only it, gets through."""

import socket
import ssl
import stat
import threading
from pathlib import Path

import pytest

from server.administration.certificate import expires_at, make_certificates
from server.administration.refusal import RefusedError


def greets(paths: dict[str, Path], trusted: Path, host: str) -> bool:
    """Whether a client that trusts ``trusted`` accepts the server as ``host``."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(paths["certificate"], paths["key"])
    client = ssl.create_default_context(cafile=str(trusted))
    ours, theirs = socket.socketpair()
    ours.settimeout(5)
    theirs.settimeout(5)

    def accept() -> None:
        try:
            server.wrap_socket(theirs, server_side=True).close()
        except (ssl.SSLError, OSError):
            theirs.close()  # the client did not like us: that is what is asked

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        client.wrap_socket(ours, server_hostname=host).close()
    except ssl.SSLCertVerificationError:
        return False
    finally:
        ours.close()
        thread.join(5)
    return True


def test_a_screen_that_trusts_the_branch_connects_by_name_and_by_address(tmp_path: Path) -> None:
    paths = make_certificates(tmp_path, "1301", ["antrean-server", "192.168.1.10", "::1"])
    for host in ("antrean-server", "192.168.1.10", "::1"):
        assert greets(paths, paths["ca"], host)
    assert not greets(paths, paths["ca"], "192.168.1.11")
    assert not greets(paths, paths["ca"], "elsewhere")


def test_another_branch_is_not_trusted(tmp_path: Path) -> None:
    ours = make_certificates(tmp_path / "ours", "1301", ["localhost"])
    others = make_certificates(tmp_path / "others", "1302", ["localhost"])
    assert not greets(others, ours["ca"], "localhost")


def test_a_new_certificate_needs_no_change_at_the_screens(tmp_path: Path) -> None:
    """F26: one command renews; the CA stays."""
    first = make_certificates(tmp_path, "1301", ["localhost"])
    ca, certificate = first["ca"].read_bytes(), first["certificate"].read_bytes()
    again = make_certificates(tmp_path, "1301", ["localhost", "127.0.0.1"])
    assert again["ca"].read_bytes() == ca
    assert again["certificate"].read_bytes() != certificate
    assert greets(again, first["ca"], "127.0.0.1")


def test_keys_belong_to_their_owner_alone(tmp_path: Path) -> None:
    paths = make_certificates(tmp_path / "new", "1301", ["localhost"])
    for key in ("key", "ca_key"):
        assert stat.S_IMODE(paths[key].stat().st_mode) == 0o600


def test_the_end_of_a_certificate_is_known(tmp_path: Path) -> None:
    paths = make_certificates(tmp_path, "1301", ["localhost"])
    assert expires_at(paths["ca"]) > expires_at(paths["certificate"])


@pytest.mark.parametrize("host", ["", "two words", "a..b", "a" * 64, "http://server", "*"])
def test_what_is_no_host_is_refused(tmp_path: Path, host: str) -> None:
    with pytest.raises(RefusedError, match="neither a host name nor an IP address"):
        make_certificates(tmp_path, "1301", [host])
