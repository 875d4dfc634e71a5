"""Slips to print of each kind, as the server writes them, for the tests of paper and printers."""

from datetime import UTC, datetime
from typing import Any

from protocol.messages import Names, SlipBlock, SlipToPrint

MADE_AT = datetime(2026, 11, 20, 1, 12, 3, tzinfo=UTC)
VALID_UNTIL = datetime(2026, 11, 20, 2, 12, 3, tzinfo=UTC)
CODE = "480915"
CHAT = "https://wa.me/628118165165"

_KTP: Names = {"id": "KTP elektronik", "en": "Identity card"}
_KK: Names = {"id": "Kartu Keluarga (KK)", "en": "Family card"}
_BIRTH: Names = {
    "id": "Surat keterangan lahir dari fasilitas kesehatan yang menolong persalinan",
    "en": "Birth certificate of the health facility where the child was born",
}
_CLOSED: Names = {
    "id": "Sekarang tutup; buka lagi Senin pukul 08.00.",
    "en": "Closed now; open again on Monday at 08:00.",
}
_HOURS: Names = {"id": "Senin-Jumat 08.00-16.00", "en": "Monday-Friday 08:00-16:00"}

TITLES: dict[str, Names] = {
    "code": {"id": "Kode untuk mengambil nomor", "en": "Code for your number"},
    "channel": {"id": "Tanpa antre: PANDAWA", "en": "Without queueing: PANDAWA"},
    "office": {
        "id": "Silakan ke Dinas Sosial Kabupaten Contoh",
        "en": "Please go to the Social Services of Contoh",
    },
    "return": {
        "id": "Silakan kembali dengan berkas lengkap",
        "en": "Please come back with all papers",
    },
    "complaint": {"id": "Tanda terima pengaduan", "en": "Receipt of a complaint"},
}


def _block(id_: str, en: str, lines: list[Names], *, ticked: bool = False) -> SlipBlock:
    return SlipBlock(heading={"id": id_, "en": en}, lines=lines, ticked=ticked)


BLOCKS: dict[str, list[SlipBlock]] = {
    "code": [
        _block("Layanan", "Service", [{"id": "Pendaftaran", "en": "Registration"}]),
        _block("Siapkan", "Have ready", [_KTP, _KK], ticked=True),
    ],
    "channel": [
        _block(
            "Untuk apa",
            "What for",
            [
                {"id": "Ubah data, faskes, dan segmen", "en": "Change data, facility and segment"},
                {"id": "Daftar bayi baru lahir", "en": "Register a newborn"},
            ],
        ),
        _block("Alamat daring", "Where online", [{"id": "wa.me/628118165165"}]),
        _block("Jam layanan", "Hours", [_HOURS]),
    ],
    "office": [
        _block("Tempat", "Where", [{"id": "Jalan Merdeka 10"}, {"id": "Telepon 0251-123456"}]),
        _block("Jam layanan", "Hours", [_CLOSED, _HOURS]),
        _block("Bawa", "Bring", [_KTP, _KK], ticked=True),
        _block("Lalu kembali ke sini dengan", "Then come back here with", [_BIRTH], ticked=True),
    ],
    "return": [
        _block("Masih kurang", "Still missing", [_BIRTH, _KK], ticked=True),
        _block("Sudah ada", "Already there", [_KTP]),
        _block("Kapan kembali", "When to come back", [_CLOSED, _HOURS]),
    ],
    "complaint": [
        _block(
            "Pengaduan Anda",
            "Your complaint",
            [
                {"id": "Nomor: 7F3A91C2", "en": "Number: 7F3A91C2"},
                {"id": "Tingkat: Kuning", "en": "Level: Yellow"},
                {
                    "id": "Penyelesaian paling lambat 27 November 2026 pukul 16.00",
                    "en": "Solved by 27 November 2026 at 16:00",
                },
            ],
        ),
        _block(
            "Bila belum tuntas",
            "If it is not solved",
            [
                {
                    "id": "Tanyakan kepada petugas dengan nomor ini, lalu LAPOR! (lapor.go.id). "
                    "Langkah terakhir: Ombudsman Republik Indonesia (ombudsman.go.id).",
                    "en": "Ask the officer with this number, then LAPOR! (lapor.go.id). "
                    "The last step is the Ombudsman of Indonesia (ombudsman.go.id).",
                },
            ],
        ),
    ],
}

KINDS = tuple(BLOCKS)


def slip_to_print(
    kind: str = "code", copy: int = 1, job: str = "slip-1", **facts: Any
) -> SlipToPrint:
    """A slip of 08.12 in Jakarta, changed by ``facts``."""
    given: dict[str, Any] = {
        "job": job,
        "copy": copy,
        "kind": kind,
        "branch": "Kantor Cabang Contoh",
        "time_zone": "Asia/Jakarta",
        "title": TITLES[kind],
        "made_at": MADE_AT,
        "blocks": BLOCKS[kind],
        "code": CODE if kind == "code" else None,
        "valid_until": VALID_UNTIL if kind == "code" else None,
        "qr": {"code": CODE, "channel": CHAT}.get(kind),
        "footer": [{"id": "PANDAWA (WhatsApp) 0811-8165-165"}, {"id": "Care Center 165"}],
        "language": "id",
    }
    return SlipToPrint(**(given | facts))
