"""Settings are data: every key with its type, default, range and a sentence that explains it.

``config get|set``, the documents, the domain's ``Rules`` and the running server's limits are all
filled from this table. Values lie in the database as text, so that a person can read them.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from server import opening_settings as opening
from server.domain.branch import NumberRange, Rules
from server.domain.opening import OpeningHours

Value = str | int | float | bool | tuple[str, ...] | None
FIRST_LANGUAGE = "id"
_LANGUAGE = re.compile(r"^[a-z]{2,3}$")
_LETTER = re.compile(r"^[A-Z]{1,3}$")


class SettingError(ValueError):
    """A setting does not exist or cannot have this value; the text names key and cure."""


@dataclass(frozen=True, slots=True)
class Key:
    """One setting. ``rule`` and ``limit`` name the field that it fills in ``Rules`` or
    ``ServerSettings``; ``by_language`` means one value per language (``board.text.id``),
    ``by_letter`` one per series of numbers (``numbering.range.A``)."""

    name: str
    read: Callable[[str], Value]
    default: Value
    accepts: str
    sentence: Mapping[str, str]
    rule: str | None = None
    limit: str | None = None
    by_language: bool = False
    by_letter: bool = False

    @property
    def suffix(self) -> re.Pattern[str] | None:
        """What stands after the last dot of a key that has several values."""
        return _LANGUAGE if self.by_language else _LETTER if self.by_letter else None


def _whole(least: int, greatest: int) -> tuple[Callable[[str], Value], str]:
    def read(text: str) -> Value:
        number = int(text)
        if not least <= number <= greatest:
            raise ValueError
        return number

    return read, f"a whole number from {least} to {greatest}"


def _number(least: float, greatest: float) -> tuple[Callable[[str], Value], str]:
    def read(text: str) -> Value:
        number = float(text)
        if not least <= number <= greatest:
            raise ValueError
        return number

    return read, f"a number from {least:g} to {greatest:g}"


def _whole_or_empty(least: int, greatest: int) -> tuple[Callable[[str], Value], str]:
    read_whole, accepts = _whole(least, greatest)
    return (lambda text: read_whole(text) if text else None), f"{accepts}, or empty for none"


def _one_of(*names: str) -> tuple[Callable[[str], Value], str]:
    def read(text: str) -> Value:
        if text not in names:
            raise ValueError
        return text

    return read, " or ".join(names)


def _text(pattern: str, accepts: str) -> tuple[Callable[[str], Value], str]:
    form = re.compile(pattern, re.DOTALL)

    def read(text: str) -> Value:
        if form.fullmatch(text) is None:
            raise ValueError
        return text

    return read, accepts


def _yes_no() -> tuple[Callable[[str], Value], str]:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}

    def read(text: str) -> Value:
        if text.lower() not in words:
            raise ValueError
        return words[text.lower()]

    return read, "true or false"


def _languages() -> tuple[Callable[[str], Value], str]:
    def read(text: str) -> Value:
        codes = tuple(code.strip() for code in text.split(","))
        if not all(_LANGUAGE.match(code) for code in codes) or len(set(codes)) != len(codes):
            raise ValueError
        return codes

    return read, "language codes with commas between, the first one first, such as id,en"


def _zone() -> tuple[Callable[[str], Value], str]:
    def read(text: str) -> Value:
        try:
            ZoneInfo(text)
        except Exception as error:
            # zoneinfo has its own kinds for unknown, malformed and forbidden names
            raise ValueError from error
        return text

    return read, "a zone such as Asia/Jakarta (WIB), Asia/Makassar (WITA) or Asia/Jayapura (WIT)"


_CLOCK = (r"([01]\d|2[0-3]):[0-5]\d", "a time of day such as 00:00 or 03:30")


def _key(
    name: str,
    kind: tuple[Callable[[str], Value], str],
    default: Value,
    indonesian: str,
    english: str,
    **fills: Any,
) -> Key:
    return Key(name, kind[0], default, kind[1], {"id": indonesian, "en": english}, **fills)


_KEYS = (
    _key(
        "branch.code",
        _text(r"[A-Za-z0-9-]{1,20}", "1 to 20 letters, digits or hyphens"),
        "1301",
        "Kode kantor cabang; hanya dapat diubah sebelum hari layanan pertama.",
        "The branch's code; it can change only before the first business day.",
    ),
    _key(
        "branch.name",
        _text(r"[^\n]{1,80}", "1 to 80 characters"),
        "Kantor Cabang Contoh",
        "Nama kantor cabang, seperti tercetak di karcis.",
        "The branch's name, as printed on tickets.",
    ),
    _key(
        "branch.time_zone",
        _zone(),
        "Asia/Jakarta",
        "Zona waktu cabang; menentukan kapan hari layanan berganti.",
        "The branch's time zone; it decides when the business day changes.",
    ),
    _key(
        "branch.languages",
        _languages(),
        ("id", "en"),
        "Bahasa di layar, yang pertama didahulukan.",
        "Languages on the screens, the first one first.",
    ),
    _key(
        "day.starts_at",
        _text(*_CLOCK),
        "00:00",
        "Jam setempat saat hari layanan berganti dan nomor mulai dari awal.",
        "The local time at which the business day changes and numbers start again.",
    ),
    _key(
        "numbering.priority_letter",
        _text(r"[A-Z]{0,3}", "1 to 3 capital letters, or empty for the service's own letter"),
        "P",
        "Huruf seri karcis prioritas; kosong berarti huruf layanannya sendiri.",
        "The letter of priority tickets; empty means the service's own letter.",
        rule="priority_letter",
    ),
    _key(
        "numbering.width",
        _whole(3, 6),
        3,
        "Jumlah angka paling sedikit pada nomor (A001).",
        "The least digits of a number (A001).",
        rule="number_width",
    ),
    _key(
        "numbering.last",
        _whole_or_empty(1, 999_999),
        None,
        "Nomor terakhir tiap seri; kosong berarti tanpa batas (setelah A999 datang A1000).",
        "The last number of each series; empty means no end (after A999 comes A1000).",
        rule="number_last",
    ),
    _key(
        "numbering.first",
        _whole(1, 999_999),
        1,
        "Nomor pertama tiap seri, setiap hari layanan.",
        "The first number of each series, every business day.",
        rule="number_first",
    ),
    _key(
        "numbering.step",
        _whole(1, 100),
        1,
        "Jarak antara dua nomor berurutan dalam satu seri; 2 berarti setiap nomor kedua.",
        "The distance from one number of a series to the next; 2 means every second number.",
        rule="number_step",
    ),
    _key(
        "numbering.shared_letter",
        _text(r"[A-Z]{0,3}", "1 to 3 capital letters, or empty for a letter per service"),
        "",
        "Satu huruf dan satu urutan nomor untuk semua layanan; kosong berarti huruf tiap layanan.",
        "One letter and one series for all services; empty means the letter of each service.",
        rule="shared_letter",
    ),
    _key(
        "numbering.range",
        (opening.range_text, opening.RANGE_TAKES),
        "",
        "Rentang nomor satu seri, menggantikan first, last dan step baginya.",
        "The range of one series' numbers, in place of first, last and step.",
        by_letter=True,
    ),
    *(
        _key(
            f"hours.{weekday}",
            (opening.hours_text, opening.HOURS_TAKES),
            "",
            f"Jam buka pada hari {hari}, menurut jam setempat.",
            f"The opening hours of {weekday.capitalize()}, by the local clock.",
        )
        for weekday, hari in zip(
            opening.WEEKDAYS,
            ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
            strict=True,
        )
    ),
    _key(
        "hours.breaks",
        (opening.breaks_text, opening.BREAKS_TAKES),
        "",
        "Jam istirahat loket tiap hari; nomor tetap diberikan.",
        "The counters' breaks on every day; numbers are still given.",
    ),
    _key(
        "hours.breaks_friday",
        (opening.friday_breaks_text, opening.FRIDAY_BREAKS_TAKES),
        "",
        "Jam istirahat loket pada hari Jumat, menggantikan hours.breaks.",
        "The counters' breaks on Friday, in place of hours.breaks.",
    ),
    _key(
        "hours.holidays",
        (opening.holidays_text, opening.HOLIDAYS_TAKES),
        "",
        "Hari libur dengan namanya; pada hari itu tidak ada nomor.",
        "Holidays with their names; on such a day no numbers are given.",
    ),
    _key(
        "hours.tickets_before_min",
        _whole(0, 720),
        0,
        "Menit sebelum jam buka saat nomor mulai diberikan.",
        "Minutes before an opening from which numbers are given.",
    ),
    _key(
        "hours.last_ticket_min",
        _whole(0, 720),
        0,
        "Menit sebelum tutup saat kios berhenti memberi nomor; petugas masih boleh memberi.",
        "Minutes before the close at which the kiosk stops; the staff may still give numbers.",
    ),
    _key(
        "quota.daily",
        _whole_or_empty(1, 100_000),
        None,
        "Nomor yang boleh diambil tiap layanan dalam sehari; petugas masih boleh memberi lebih.",
        "Numbers of each service that may be taken in a day; the staff may still give more.",
        rule="quota_daily",
    ),
    _key(
        "capacity.closing",
        _yes_no(),
        False,
        "Berhenti memberi nomor bila loket yang buka tidak sempat lagi memanggil sebelum tutup.",
        "Stops giving numbers once the open counters can call no more people before the close.",
        rule="capacity_closing",
    ),
    _key(
        "capacity.warn_at",
        _whole(0, 1000),
        20,
        "Sisa nomor mulai dari mana kios dan petugas pintu melihatnya.",
        "The count of numbers left from which on the kiosk and the door show it.",
        rule="capacity_warn_at",
    ),
    _key(
        "discipline",
        _one_of("due-time", "first-come", "ratio"),
        "due-time",
        "Urutan antrean: menurut waktu paling lambat dipanggil (due-time), menurut kedatangan "
        "saja (first-come), atau prioritas dan biasa bergiliran (ratio).",
        "The order of a line: by the latest time at which to be called (due-time), by arrival "
        "alone (first-come), or priority and regular tickets in turns (ratio).",
        rule="discipline",
    ),
    _key(
        "discipline.priority_in_a_row",
        _whole(1, 100),
        1,
        "Pada ratio: paling banyak panggilan prioritas berturut-turut, dihitung sekantor.",
        "With ratio: the most priority calls in a row, counted over the whole branch.",
        rule="priority_in_a_row",
    ),
    _key(
        "discipline.regular_in_a_row",
        _whole(1, 100),
        2,
        "Pada ratio: paling banyak panggilan biasa selama ada prioritas yang menunggu.",
        "With ratio: the most regular calls while a priority ticket waits.",
        rule="regular_in_a_row",
    ),
    _key(
        "promise.overtakes_most",
        _whole(1, 1000),
        10,
        "Setelah dilewati sekian kali, sebuah nomor menjadi giliran berikutnya.",
        "After so many overtakes a ticket is next.",
        rule="overtakes_most",
    ),
    _key(
        "promise.overdue_s",
        _whole(0, 86_400),
        3600,
        "Setelah menunggu sekian detik melewati targetnya, sebuah nomor menjadi giliran "
        "berikutnya.",
        "After waiting so many seconds past its target a ticket is next.",
        rule="overdue_s",
    ),
    _key(
        "calling.help_after_s",
        _whole_or_empty(0, 86_400),
        300,
        "Setelah menganggur sekian detik, loket membantu antrean lain; kosong berarti tidak.",
        "After so many idle seconds a counter helps other lines; empty means never.",
        rule="help_after_s",
    ),
    _key(
        "priority.target_wait_s",
        _whole(0, 86_400),
        600,
        "Detik menunggu paling lama yang dituju bagi prioritas.",
        "Seconds that a priority visitor should wait at most.",
        rule="priority_target_wait_s",
    ),
    _key(
        "calling.recall_pause_s",
        _number(0, 120),
        5.0,
        "Jeda detik sebelum nomor yang sama dapat dipanggil lagi.",
        "Seconds before the same number can be called again.",
        rule="recall_pause_s",
    ),
    _key(
        "calling.recalls_most",
        _whole_or_empty(0, 100),
        3,
        "Berapa kali paling banyak nomor yang sama dipanggil ulang; kosong berarti tanpa batas.",
        "How often the same number is called again at most; empty means no limit.",
        rule="recalls_most",
    ),
    _key(
        "no_show.calls_least",
        _whole(1, 20),
        1,
        "Berapa kali paling sedikit nomor dipanggil sebelum dicatat tidak hadir.",
        "How often a number is called at least before it is recorded as a no-show.",
        rule="no_show_calls_least",
    ),
    _key(
        "no_show.wait_s",
        _whole(0, 3600),
        0,
        "Detik paling sedikit sejak panggilan pertama sebelum dicatat tidak hadir.",
        "Seconds since the first call at least before a number is recorded as a no-show.",
        rule="no_show_s_least",
    ),
    _key(
        "calling.announcement_life_s",
        _whole(5, 3600),
        90,
        "Detik sebuah panggilan masih boleh diucapkan.",
        "Seconds for which a call may still be spoken.",
        rule="announcement_life_s",
    ),
    _key(
        "kiosk.own_ticket_s",
        _whole(0, 86_400),
        600,
        "Detik kios masih boleh membatalkan atau mencetak ulang karcis yang ia keluarkan.",
        "Seconds for which a kiosk may cancel or reprint a ticket that it issued.",
        rule="kiosk_own_ticket_s",
    ),
    _key(
        "requeue.grace_s",
        _whole(0, 86_400),
        600,
        "Detik nomor yang terlewat masih boleh kembali ke antrean.",
        "Seconds for which a missed number may come back to the line.",
        rule="grace_s",
    ),
    _key(
        "requeue.places",
        _whole(0, 100),
        3,
        "Di belakang berapa orang nomor yang terlewat masuk kembali.",
        "Behind how many people a missed number comes back.",
        rule="grace_places",
    ),
    _key(
        "requeue.times",
        _whole(0, 10),
        1,
        "Berapa kali nomor yang terlewat masih boleh kembali ke antrean.",
        "How many times a missed number may come back to the line.",
        rule="grace_times",
    ),
    _key(
        "transfer.fallback_s",
        _whole_or_empty(0, 86_400),
        600,
        "Detik alihan ke satu loket atau petugas berlaku, lalu semua loket boleh memanggil;"
        " kosong berarti selamanya.",
        "Seconds for which a transfer waits for its counter or person, then every counter may"
        " call it; empty means for ever.",
        rule="transfer_fallback_s",
    ),
    _key(
        "park.alarm_s",
        _whole(1, 86_400),
        900,
        "Detik sampai nomor yang ditunda diingatkan, bila petugas tidak memilih jamnya sendiri.",
        "Seconds until a parked number rings, if nobody chose a time for it.",
        rule="park_alarm_s",
    ),
    _key(
        "undo.window_s",
        _whole(0, 60),
        5,
        "Detik langkah terakhir sebuah loket masih dapat dibatalkan.",
        "Seconds for which a counter's last move can be taken back.",
        rule="undo_s",
    ),
    _key(
        "staff.idle_sign_out_s",
        _whole(0, 86_400),
        14_400,
        "Detik tanpa kegiatan sampai petugas dikeluarkan; 0 berarti tidak pernah.",
        "Seconds without activity until a person is signed out; 0 means never.",
        rule="idle_sign_out_s",
    ),
    _key(
        "limits.commands_per_s",
        _number(0, 10_000),
        20.0,
        "Perintah per detik tiap perangkat; 0 mencabut semua batas laju dan jumlah.",
        "Commands a second per device; 0 lifts every limit of rate and number.",
        limit="commands_per_s",
    ),
    _key(
        "limits.commands_burst",
        _whole(1, 10_000),
        40,
        "Perintah yang boleh datang sekaligus dari satu perangkat.",
        "Commands that one device may send at once.",
        limit="commands_burst",
    ),
    _key(
        "limits.ticket_pace_s",
        _number(0.01, 600),
        3.0,
        "Rata-rata jarak detik antara dua karcis dari satu kios.",
        "The average seconds between two tickets of one kiosk.",
        limit="ticket_pace_s",
    ),
    _key(
        "limits.ticket_burst",
        _whole(1, 1000),
        20,
        "Karcis yang boleh diambil berturut-turut di satu kios.",
        "Tickets that one kiosk may issue without a pause.",
        limit="ticket_burst",
    ),
    _key(
        "limits.connections_per_address",
        _whole(1, 10_000),
        20,
        "Sambungan yang belum dikenal dari satu alamat jaringan.",
        "Connections from one address that have not said who they are.",
        limit="connections_per_address",
    ),
    _key(
        "limits.devices",
        _whole(1, 100_000),
        4096,
        "Perangkat yang boleh tersambung sekaligus.",
        "Devices that may be connected at once.",
        limit="devices",
    ),
    _key(
        "network.allow_plain",
        _yes_no(),
        False,
        "Mengizinkan ws tanpa sandi dari komputer lain; pakailah hanya di jaringan tertutup.",
        "Allows ws without encryption from other machines; use it in a closed network only.",
        limit="allow_plain",
    ),
    _key(
        "link.base_url",
        _text(r"(https?://[^\s]{1,180})?", "an address that starts with http:// or https://"),
        "http://localhost:8080",
        "Alamat dasar pada kode QR karcis.",
        "The address that the ticket's QR code starts with.",
    ),
    _key(
        "board.text",
        _text(r"[^\n]{0,300}", "one line of at most 300 characters"),
        "",
        "Satu baris teks di bagian bawah layar TV.",
        "The one line of text at the foot of the TV.",
        by_language=True,
    ),
    _key(
        "paper.footer",
        _text(r".{0,600}", "at most 600 characters; each line is a line on the paper"),
        "",
        "Baris-baris di bawah karcis.",
        "The lines at the foot of the ticket.",
        by_language=True,
    ),
)

KEYS: Mapping[str, Key] = {key.name: key for key in _KEYS}


def key_of(name: str) -> Key:
    """The key behind a name, ``board.text.id`` being one of ``board.text``.

    Raises SettingError, naming the nearest keys.
    """
    if name in KEYS and KEYS[name].suffix is None:
        return KEYS[name]
    stem, _, suffix = name.rpartition(".")
    form = KEYS[stem].suffix if stem in KEYS else None
    if form is not None and form.match(suffix):
        return KEYS[stem]
    import difflib  # only a mistake needs it

    near = difflib.get_close_matches(name, known_names(), 3, 0.4)
    hint = f"Did you mean {', '.join(near)}?" if near else "'config get' lists all settings."
    raise SettingError(f"{name}: there is no such setting. {hint}")


def known_names(
    languages: Iterable[str] = ("id", "en"), letters: Iterable[str] = ("A",)
) -> list[str]:
    """Every name that can be set, in the table's order."""
    names: list[str] = []
    for key in _KEYS:
        if key.suffix is None:
            names.append(key.name)
        else:
            suffixes = languages if key.by_language else letters
            names += [f"{key.name}.{suffix}" for suffix in suffixes]
    return names


def parse(name: str, text: str) -> Value:
    """The value behind a text, or SettingError with key and cure."""
    key = key_of(name)
    try:
        return key.read(text)
    except ValueError as error:
        raise SettingError(f"{name}: {text!r} cannot be used. It takes {key.accepts}.") from error


def written(value: Value) -> str:
    """A value as text, the way it lies in the database."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What the running server itself keeps to. Durations in seconds."""

    commands_per_s: float = 20.0
    commands_burst: int = 40
    ticket_pace_s: float = 3.0
    ticket_burst: int = 20
    connections_per_address: int = 20
    devices: int = 4096
    allow_plain: bool = False

    @property
    def limits_lifted(self) -> bool:
        """Whether every limit of rate and number is off, which the log warns of."""
        return self.commands_per_s == 0


class Settings:
    """All settings of a branch: what was set, and the defaults for the rest."""

    def __init__(self, stored: Mapping[str, str]) -> None:
        self._stored = dict(stored)

    def get(self, name: str) -> Any:
        """The value of a key. A stored text that is no good any more counts as not set."""
        key = key_of(name)
        if name not in self._stored:
            return key.default
        try:
            return key.read(self._stored[name])
        except ValueError:
            return key.default

    @property
    def stored(self) -> Mapping[str, str]:
        """What was set, as text."""
        return self._stored

    def demand_numbers(self) -> None:
        """Refuse settings that leave no number, or one letter for two things (SettingError)."""
        first, last = self.get("numbering.first"), self.get("numbering.last")
        if last is not None and first > last:
            raise SettingError(
                f"numbering.first: from {first} to numbering.last {last} there is no number. "
                "Change the other one first, or both in one catalogue file."
            )
        shared = self.get("numbering.shared_letter")
        if shared and shared == self.get("numbering.priority_letter"):
            raise SettingError(
                f"numbering.shared_letter: {shared} is numbering.priority_letter, too. "
                "Choose two letters."
            )

    def is_set(self, name: str) -> bool:
        """Whether somebody set it."""
        return name in self._stored

    def unusable(self) -> list[str]:
        """Sentences about stored settings that count as not set, for ``doctor``."""
        problems = []
        for name, text in self._stored.items():
            try:
                parse(name, text)
            except SettingError as problem:
                problems.append(str(problem))
        return problems

    def languages(self) -> tuple[str, ...]:
        """The languages of the branch."""
        found: tuple[str, ...] = self.get("branch.languages")
        return found

    def by_language(self, stem: str) -> dict[str, str]:
        """The texts of a key in each language that has one."""
        texts = {code: str(self.get(f"{stem}.{code}")) for code in self.languages()}
        return {code: text for code, text in texts.items() if text}

    def rules(self) -> Rules:
        """The part that the domain decides by."""
        return Rules(**{key.rule: self.get(key.name) for key in _KEYS if key.rule})

    def server(self) -> ServerSettings:
        """The part that the server itself keeps to."""
        return ServerSettings(**{key.limit: self.get(key.name) for key in _KEYS if key.limit})

    def hours(self) -> OpeningHours | None:
        """When the branch is open; None is at every hour of every day."""
        return opening.opening_hours_of(self.get)

    def number_ranges(self) -> dict[str, NumberRange]:
        """The series that have a range of their own."""
        stem = "numbering.range."
        found = {
            name.removeprefix(stem): opening.range_of(str(self.get(name)))
            for name in self._stored
            if name.startswith(stem) and _LETTER.match(name.removeprefix(stem))
        }
        return {letter: numbers for letter, numbers in found.items() if numbers is not None}

    def day_starts_minute(self) -> int:
        """The minute of the local day at which the business day changes."""
        hours, minutes = str(self.get("day.starts_at")).split(":")
        return int(hours) * 60 + int(minutes)

    def paper_footer(self) -> tuple[dict[str, str], ...]:
        """The lines at the foot of the paper, each in its languages."""
        by_language = {
            code: text.splitlines() for code, text in self.by_language("paper.footer").items()
        }
        count = max((len(lines) for lines in by_language.values()), default=0)
        return tuple(
            {code: lines[place] for code, lines in by_language.items() if place < len(lines)}
            for place in range(count)
        )
