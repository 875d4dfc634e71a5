"""The settings of the visitor's side: what kiosks ask, how calls are spoken, what displays show."""

import re
from collections.abc import Callable

from server.setting_kinds import (
    Key,
    Value,
    key,
    one_of,
    text,
    whole,
    whole_or_empty,
    yes_no,
)

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_CLOCK_OR_NEVER = rf"({_CLOCK.pattern})?"
_PART = re.compile(rf"({_CLOCK.pattern})\s+(\d{{1,3}})\s*%?")
_CODE = re.compile(r"[A-Za-z0-9-]{1,40}")
PARTS_MOST = 24


def day_parts() -> tuple[Callable[[str], Value], str]:
    """Times of day with a volume in percent, in the order of the clock."""

    def read(text: str) -> Value:
        parts = []
        for piece in filter(None, (piece.strip() for piece in text.split(","))):
            found = _PART.fullmatch(piece)
            if found is None or int(found[3]) > 100:
                raise ValueError
            parts.append(f"{found[1]} {int(found[3])}")
        clocks = [part[:5] for part in parts]
        if clocks != sorted(set(clocks)) or len(parts) > PARTS_MOST:
            raise ValueError
        return tuple(parts)

    return read, "times with a volume, such as 07:00 100,12:00 70,17:00 0, or empty for always 100"


def zone() -> tuple[Callable[[str], Value], str]:
    """Codes of services, and numbers of counters."""

    def read(text: str) -> Value:
        codes = tuple(filter(None, (code.strip() for code in text.split(","))))
        if not all(_CODE.fullmatch(code) for code in codes) or len(set(codes)) != len(codes):
            raise ValueError
        return codes

    return read, "codes of services and numbers of counters, such as A,B,5, or empty for everything"


HALL_KEYS: tuple[Key, ...] = (
    key(
        "kiosk.priority_claim",
        yes_no(),
        False,
        "Pengunjung boleh menyatakan sendiri di kios bahwa ia prioritas; bila tidak, hanya "
        "petugas yang memberikannya. Mendesak tidak pernah dapat dipilih di kios.",
        "Visitors may say at the kiosk that they have priority; if not, only the staff give it. "
        "Urgent can never be chosen at a kiosk.",
        rule="kiosk_priority_claim",
    ),
    key(
        "kiosk.identity",
        yes_no(),
        False,
        "Kios menawarkan pengisian NIK atau nomor kartu, yang selalu boleh dilewati; disimpan "
        "tersegel.",
        "The kiosk offers to take a NIK or card number, which may always be skipped; it is kept "
        "under seal.",
        rule="kiosk_identity",
    ),
    key(
        "kiosk.home",
        yes_no(),
        True,
        "Sebelum nomor diberikan, kios menunjukkan apa yang dapat diurus dari rumah.",
        "Before the number the kiosk shows what can be done from home.",
        rule="kiosk_home",
    ),
    key(
        "kiosk.large_text",
        yes_no(),
        True,
        "Kios menawarkan huruf besar.",
        "The kiosk offers large letters.",
        rule="kiosk_large_text",
    ),
    key(
        "kiosk.speech",
        yes_no(),
        True,
        "Kios menawarkan panduan suara.",
        "The kiosk offers to be spoken.",
        rule="kiosk_speech",
    ),
    key(
        "help.call_life_s",
        whole(30, 3600),
        300,
        "Detik panggilan petugas dari kios berdering bila belum ada yang menjawab.",
        "Seconds for which a kiosk's call for an officer rings while nobody answers.",
        rule="help_call_life_s",
    ),
    key(
        "help.answer_life_s",
        whole(10, 3600),
        180,
        "Detik kios menunjukkan bahwa petugas sedang datang.",
        "Seconds for which a kiosk shows that somebody is coming.",
        rule="help_answer_life_s",
    ),
    key(
        "privacy.keep_identities_days",
        whole(1, 3650),
        30,
        "Hari nomor identitas yang diketik di kios disimpan tersegel, lalu dihapus.",
        "Days for which an identifier typed at the kiosk is kept under seal, then erased.",
        rule="keep_identities_days",
    ),
    key(
        "voice.reading",
        one_of("digits", "number"),
        "digits",
        "Cara nomor diucapkan: angka demi angka (digits) atau sebagai bilangan (number).",
        "How a number is spoken: digit by digit, or as a number.",
        rule="voice_reading",
    ),
    key(
        "voice.service_word",
        one_of("alike", "always", "never"),
        "alike",
        "Nama layanan sesudah huruf: hanya pada huruf yang mirip bunyinya (alike), selalu "
        "(always), atau tidak pernah (never).",
        "The service's word after the letter: only for letters that sound alike, always, or never.",
        rule="voice_service_word",
    ),
    key(
        "voice.last_call",
        whole_or_empty(2, 100),
        None,
        "Mulai panggilan ke sekian disebut panggilan terakhir; kosong berarti tidak disebut.",
        "From this call of a number on it is said to be the last; empty means never.",
        rule="voice_last_call",
    ),
    key(
        "voice.day_parts",
        day_parts(),
        (),
        "Volume suara menurut jam setempat, dalam persen; 0 berarti jam tenang, panggilan hanya "
        "ditampilkan.",
        "The voice's volume by the local clock, in percent; 0 is quiet, calls are only shown.",
        rule="voice_day_parts",
    ),
    key(
        "voice.self_test_at",
        text(_CLOCK_OR_NEVER, "a time of day such as 07:30, or empty for never"),
        "07:30",
        "Jam setempat saat suara memeriksa dirinya setiap pagi; kosong berarti tidak pernah.",
        "The local time at which the voice proves itself each morning; empty means never.",
        rule="voice_self_test_at",
    ),
    key(
        "display.zone",
        zone(),
        (),
        "Layanan dan loket yang ditampilkan dan diucapkan satu layar; kosong berarti semuanya.",
        "The services and counters that one display shows and speaks; empty means all.",
        by_device=True,
    ),
    key(
        "rating.review_link",
        text(r"(https?://[^\s]{1,300})?", "an address that begins with https://, or empty"),
        "",
        "Alamat ulasan yang ditunjukkan sebagai QR sesudah penilaian; kosong berarti tidak ada.",
        "The address of reviews that is shown as a QR after a rating; empty means none.",
        rule="rating_review_link",
    ),
    key(
        "offline.block",
        whole(10, 100_000),
        200,
        "Berapa nomor per seri dan hari yang dititipkan ke tiap anjungan untuk saat sambungan "
        "putus.",
        "How many numbers per series and day each kiosk has for when it has no link.",
        rule="offline_block",
    ),
    key(
        "offline.days",
        whole(1, 31),
        7,
        "Selama berapa hari anjungan tanpa sambungan boleh memberi nomor titipannya.",
        "For how many days a kiosk without a link may give numbers of its own.",
        rule="offline_days",
    ),
)
