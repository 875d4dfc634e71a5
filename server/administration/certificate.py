"""The branch's own certificate authority and the server's certificate, for wss in the LAN.

The authority's certificate goes to the screens (``--ca``); its key stays with the server. Making
a certificate again keeps the authority, so that no screen has to be touched (F26).
"""

import ipaddress
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from server.administration.refusal import RefusedError

AUTHORITY_DAYS = 3650
SERVER_DAYS = 825  # longer lives are refused by some clients
CLOCK_SLACK = timedelta(days=1)  # a screen whose clock is a little behind still connects


def make_certificates(folder: Path, branch: str, hosts: list[str]) -> dict[str, Path]:
    """Make ``branch-ca.pem`` (once), ``server.pem`` and ``server.key``; returns where they lie."""
    names = [_name(host) for host in hosts]
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    paths = {
        "ca": folder / "branch-ca.pem",
        "ca_key": folder / "branch-ca.key",
        "certificate": folder / "server.pem",
        "key": folder / "server.key",
    }
    if paths["ca"].is_file() and paths["ca_key"].is_file():
        authority = x509.load_pem_x509_certificate(paths["ca"].read_bytes())
        authority_key = _load_key(paths["ca_key"])
    else:
        authority_key = ec.generate_private_key(ec.SECP256R1())
        authority = _authority(branch, authority_key)
        _write_private(paths["ca_key"], _pem(authority_key))
        paths["ca"].write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _server_certificate(authority, authority_key, key, hosts[0], names)
    _write_private(paths["key"], _pem(key))
    paths["certificate"].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return paths


def expires_at(certificate: Path) -> datetime:
    """When a certificate ends, UTC."""
    return x509.load_pem_x509_certificate(certificate.read_bytes()).not_valid_after_utc


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        pass  # no address: a name, then
    labels = host.split(".")
    if len(host) > 253 or not all(
        0 < len(label) <= 63 and label.replace("-", "a").isalnum() and label.isascii()
        for label in labels
    ):
        raise RefusedError(
            f"{host!r} is neither a host name nor an IP address. Name the server as the screens "
            "will, for example: certificate 192.168.1.10 antrean-server"
        )
    return x509.DNSName(host)


def _authority(branch: str, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Antrean {branch}"[:64])])
    now = datetime.now(UTC)
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SLACK)
        .not_valid_after(now + timedelta(days=AUTHORITY_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _server_certificate(
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    key: ec.EllipticCurvePrivateKey,
    host: str,
    names: list[x509.GeneralName],
) -> x509.Certificate:
    now = datetime.now(UTC)
    public = authority_key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host[:64])]))
        .issuer_name(authority.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SLACK)
        .not_valid_after(now + timedelta(days=SERVER_DAYS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise RefusedError(f"{path} is no key that this command made; move it away and try again.")
    return key


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, from its first byte on."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
