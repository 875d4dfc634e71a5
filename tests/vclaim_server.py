"""A stand-in for BPJS Kesehatan's VClaim service: real HTTP, behaving as documented, or badly.

with VClaimServer(people=[BUDI]) as vclaim:
    vclaim.mood = "hangs"
    ... vclaim.url, vclaim.account() ...

Headers, signature and clock are checked as the service does; answers are compressed with LZ-String
and encrypted with the request's own timestamp. ``asked`` are the paths that were asked for.
"""

import base64
import gzip
import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from server.adapters.vclaim_directory import VClaimAccount

CONS_ID, SECRET, USER_KEY = "12345", "rahasia", "kunci-pengguna"
CLOCK_SLACK_S = 300
_PATH = re.compile(r"/vclaim-rest/Peserta/(nik|nokartu)/(\d+)/tglSEP/(\d{4}-\d{2}-\d{2})")
_URI_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-$"


def peserta(nik: str, card: str, name: str = "BUDI SANTOSO", **changes: Any) -> dict[str, Any]:
    """A member in the form of the official sample."""
    return {
        "cob": {"nmAsuransi": None, "noAsuransi": None, "tglTAT": None, "tglTMT": None},
        "hakKelas": {"keterangan": "KELAS I", "kode": "1"},
        "informasi": {"dinsos": None, "noSKTM": None, "prolanisPRB": None, "eSEP": None},
        "jenisPeserta": {"keterangan": "PEGAWAI SWASTA", "kode": "13"},
        "mr": {"noMR": None, "noTelepon": None},
        "nama": name,
        "nik": nik,
        "noKartu": card,
        "pisa": "1",
        "provUmum": {"kdProvider": "0138U020", "nmProvider": "KPRJ PALA MEDIKA"},
        "sex": "L",
        "statusPeserta": {"keterangan": "AKTIF", "kode": "0"},
        "tglCetakKartu": "2016-02-12",
        "tglLahir": "1981-10-10",
        "tglTAT": "2014-12-31",
        "tglTMT": "2008-10-01",
        "umur": {"umurSaatPelayanan": "35 tahun", "umurSekarang": "35 tahun"},
    } | changes


class VClaimServer:
    """One service with its people. ``mood`` is how it answers from now on:

    well, hangs, drips, broken (500), garbage, no-http, compressed, huge, unencrypted, other-key,
    cut-off, bomb, refuses (a code in the body), forbids (403), limits (429), moved (302),
    somebody-else. ``left_early`` says whether somebody left before an answer was sent.
    """

    def __init__(self, people: list[dict[str, Any]] | None = None) -> None:
        self.people = people or []
        self.mood = "well"
        self.asked: list[str] = []
        self.left_early = threading.Event()
        self.now_s: Callable[[], float] = time.time
        self.let_go = threading.Event()

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"stand_in": self})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.let_go.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/vclaim-rest"

    def account(self, **changes: str) -> VClaimAccount:
        """Credentials that this service takes, or others."""
        known = {
            "url": self.url,
            "cons_id": CONS_ID,
            "secret": SECRET,
            "user_key": USER_KEY,
        }
        return VClaimAccount(**(known | changes))

    def answer(self, path: str, headers: Any) -> bytes:
        """The body for a request, as the documentation has it."""
        timestamp = headers.get("X-timestamp", "")
        wanted = hmac.new(SECRET.encode(), f"{CONS_ID}&{timestamp}".encode(), hashlib.sha256)
        if headers.get("user_key") != USER_KEY or headers.get("X-cons-id") != CONS_ID:
            return told("401", "Unauthorized")
        if headers.get("X-signature") != base64.b64encode(wanted.digest()).decode():
            return told("201", "Signature Service ini tidak sesuai")
        if not timestamp.isdigit() or abs(int(timestamp) - self.now_s()) > CLOCK_SLACK_S:
            return told("201", "X-timestamp sudah expired")
        found = _PATH.fullmatch(path)
        if found is None:
            return told("404", "Service tidak ditemukan")
        if self.mood == "refuses":
            return told("401", "Autentikasi gagal")
        column, number = {"nik": "nik", "nokartu": "noKartu"}[found[1]], found[2]
        person = next((one for one in self.people if one[column] == number), None)
        if self.mood == "somebody-else":
            person = self.people[-1]
        if person is None:
            return told("201", "Peserta tidak ditemukan")
        if self.mood == "unencrypted":
            return _whole({"peserta": person})
        key = hashlib.sha256(f"{CONS_ID}{SECRET}{timestamp}".encode()).digest()
        if self.mood == "other-key":
            key = bytes(32)
        text = json.dumps({"peserta": person})
        folded = folded_by_lz(" " * 600_000) if self.mood == "bomb" else folded_by_lz(text)
        if self.mood == "cut-off":
            folded = folded[: len(folded) // 2]
        return _whole(encrypted(folded, key))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Who asks may leave at any moment: at its deadline, or when a test ends."""


class _Handler(BaseHTTPRequestHandler):
    stand_in: VClaimServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        service = self.stand_in
        service.asked.append(self.path)
        statuses = {"broken": 500, "forbids": 403, "limits": 429, "moved": 302}
        if service.mood == "hangs":
            service.let_go.wait()
            return
        if service.mood in statuses:
            self._send(b"<html>no</html>", statuses[service.mood], Location="http://127.0.0.1:9/")
        elif service.mood == "garbage":
            self._send(b"\x00\xff{]" * 100)
        elif service.mood == "no-http":
            self._write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
            self.close_connection = True
        elif service.mood == "compressed":
            self._send(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip")
        elif service.mood == "huge":
            self._send(b" " * 50_000_000)
        elif service.mood == "drips":
            self._drip(service.answer(self.path, self.headers))
        else:
            self._send(service.answer(self.path, self.headers))

    def _send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "Application/x-www-form-urlencoded")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self._write(body)

    def _drip(self, body: bytes) -> None:
        """Each byte is soon enough for a read's own time limit, and the whole is not."""
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        for byte in body:
            if not self._write(bytes([byte])) or self.stand_in.let_go.wait(0.05):
                return

    def _write(self, body: bytes) -> bool:
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True
            self.stand_in.left_early.set()
            return False
        return True

    def log_message(self, *_: Any) -> None:
        """Nothing: paths hold numbers of people."""


def told(code: str, message: str) -> bytes:
    """An answer without a response."""
    return json.dumps({"metaData": {"code": code, "message": message}, "response": None}).encode()


def _whole(response: Any) -> bytes:
    meta = {"code": "200", "message": "Sukses"}
    return json.dumps({"metaData": meta, "response": response}).encode()


def encrypted(text: str, key: bytes) -> str:
    """Base64 of AES-256-CBC over a text."""
    padder = padding.PKCS7(128).padder()
    padded = padder.update(text.encode()) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def folded_by_lz(text: str) -> str:
    """LZ-String's ``compressToEncodedURIComponent``, held against the original's own results."""
    units = text.encode("utf-16-le", "surrogatepass")
    chars = [
        units[at : at + 2].decode("utf-16-le", "surrogatepass") for at in range(0, len(units), 2)
    ]
    bits: list[str] = []
    codes: dict[str, int] = {}
    unsaid: set[str] = set()
    width, room, phrase = 2, 2, ""

    def put(value: int, count: int) -> None:
        bits.append(format(value, f"0{count}b")[::-1])

    def shrink_room() -> None:
        nonlocal width, room
        room -= 1
        if room == 0:
            room = 1 << width
            width += 1

    def say(phrase: str) -> None:
        if phrase in unsaid:
            size = 8 if ord(phrase) < 256 else 16
            put(0 if size == 8 else 1, width)
            put(ord(phrase), size)
            shrink_room()
            unsaid.remove(phrase)
        else:
            put(codes[phrase], width)
        shrink_room()

    for char in chars:
        if char not in codes:
            codes[char] = len(codes) + 3
            unsaid.add(char)
        if phrase + char in codes:
            phrase += char
            continue
        say(phrase)
        codes[phrase + char] = len(codes) + 3
        phrase = char
    if phrase:
        say(phrase)
    put(2, width)
    line = "".join(bits) + "0"
    line += "0" * (-len(line) % 6)
    return "".join(_URI_SAFE[int(line[at : at + 6], 2)] for at in range(0, len(line), 6))
