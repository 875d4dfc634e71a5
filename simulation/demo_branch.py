"""The branch that a demo runs in: its folder, devices, people and settings, and its day."""

import contextlib
import secrets
import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from db.engine import sqlite_url
from db.reports import DaySummary
from protocol.roles import DeviceRole, StaffRole
from server.adapters.clock import wall_ms
from server.administration.devices import add_devices
from server.administration.refusal import RefusedError
from server.administration.settings import set_setting
from server.administration.staff import add_staff, set_password
from server.administration.summary import as_table, read_summary
from server.store import Store

OPENS_AT_H = 8
"""Most offices open at eight (domain.md 2.3)."""
TAKES_NUMBERS_H = 8.0
"""For so long the kiosk gives numbers."""
CALLS_H = 7.75
"""For so long the counters call."""

PEOPLE: Sequence[tuple[str, str]] = (
    ("rina", "Rina Wulandari"),
    ("budi", "Budi Santoso"),
    ("sari", "Sari Dewi"),
    ("agus", "Agus Pratama"),
    ("dewi", "Dewi Lestari"),
    ("yoga", "Yoga Saputra"),
)
"""Made-up people; the first sits at counter 1, the second at counter 2, and so on."""

OFFICER = ("tono", "Tono Hidayat")
"""Who stands at the door."""

PIN = "482915"

PAGES = "web-1"
"""The device as which the pages connect."""
MANAGER = ("wulan", "Wulan Kartika")
"""Who opens the manager's pages."""
PAGES_PORT = 8080
PASSWORD = "lima-ekor-merpati"  # noqa: S105 (told to whoever tries the demo)
"""Of a branch that is gone in eight minutes."""

# A branch day in minutes: what a server measures by its own seconds must not see a flood in it,
# and what it measures by the branch's clock must leave a person the time that hands need.
SETTINGS: Mapping[str, str] = {
    "limits.commands_per_s": "1000",
    "limits.commands_burst": "1000",
    "limits.ticket_pace_s": "0.01",
    "limits.ticket_burst": "1000",
    "calling.announcement_life_s": "3600",
    "kiosk.own_ticket_s": "86400",
    "staff.idle_sign_out_s": "0",
    **{
        f"hours.{day}": "08:00-16:30"
        for day in ("monday", "tuesday", "wednesday", "thursday", "friday")
    },
    "hours.saturday": "closed",
    "hours.sunday": "closed",
    "hours.tickets_before_min": "30",
    "hours.last_ticket_min": "15",
    "no_show.calls_least": "2",
    # A person tries the manager's pages without a telephone that makes codes.
    "web.second_step": "with-pin",
    "booking.open": "true",
    "booking.places.A": "4",
    "booking.places.B": "4",
    "board.text.id": "Siapkan KTP dan Kartu Keluarga Anda. Layanan tanpa biaya, tanpa calo.",
    "board.text.en": "Please have your ID card and family card ready. All services are free.",
}


@dataclass(frozen=True, slots=True)
class DemoBranch:
    """A branch folder that is ready to run; ``opens_at`` is aware."""

    data: Path
    opens_at: datetime
    counters: Mapping[int, tuple[str, ...]]
    tokens: Mapping[str, str] = field(repr=False)
    pages_port: int = 0

    @property
    def opens_at_ms(self) -> int:
        """The opening, in milliseconds since 1970-01-01 UTC."""
        return int(self.opens_at.timestamp() * 1000)

    @property
    def business_date(self) -> str:
        """The day that is played."""
        return self.opens_at.date().isoformat()

    @property
    def next_day(self) -> datetime:
        """Shortly after the midnight that ends the day."""
        midnight = self.opens_at.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(days=1, seconds=1)

    def token_file(self, device: str) -> Path:
        """Where a device finds its token: nobody else on this machine sees it."""
        return self.data / "tokens" / device


def prepare(
    data: Path, devices: Mapping[str, DeviceRole], counters: Iterable[int], today: date
) -> DemoBranch:
    """Make or reuse a branch folder; raises DatabaseRefusedError or RefusedError with a cure.

    ``counters`` are those at which somebody of PEOPLE sits. A folder that has seen days already
    gets the next working day.
    """
    data.mkdir(parents=True, exist_ok=True)
    with Store.open(sqlite_url(data / "branch.db")) as store:
        for name, value in SETTINGS.items():
            set_setting(store, name, value)
        port = _free_port()
        set_setting(store, "link.base_url", f"http://127.0.0.1:{port}")
        tokens: dict[str, str] = {}
        for name, role in {**devices, PAGES: DeviceRole.WEB}.items():
            tokens |= dict(add_devices(store, [name], role, None, wall_ms()))
        for number in counters:
            code, called = PEOPLE[number - 1]
            add_staff(store, code, called, StaffRole.FRONTLINER, PIN, wall_ms())
        if DeviceRole.SCREENING in devices.values():
            code, called = OFFICER
            add_staff(store, code, called, StaffRole.OFFICER, PIN, wall_ms())
        code, called = MANAGER
        add_staff(store, code, called, StaffRole.MANAGER, PIN, wall_ms())
        set_password(store, code, PASSWORD, wall_ms())
        branch = store.load_branch()
        day = _playable_day(store, today, branch.time_zone)
        known = {number: counter.services for number, counter in branch.counters.items()}
    made = DemoBranch(
        data,
        datetime(day.year, day.month, day.day, OPENS_AT_H, tzinfo=branch.time_zone),
        known,
        tokens,
        port,
    )
    for name, token in tokens.items():
        _write_private(made.token_file(name), token)
    return made


def staff_of(counter: int) -> tuple[str, str]:
    """Code and name of who sits at a counter."""
    return PEOPLE[counter - 1]


def figures(data: Path, business_date: str | None = None) -> DaySummary:
    """A day counted by SQL over a read-only connection; the newest one with tickets if not named.

    Raises DatabaseRefusedError or RefusedError.
    """
    with _reading(data) as store:
        return read_summary(store, business_date)


def figures_table(data: Path, summary: DaySummary, language: str) -> list[str]:
    """The figures for people."""
    with _reading(data) as store:
        return as_table(store, summary, language)


def _reading(data: Path) -> Store:
    return Store.open(sqlite_url(data / "branch.db"), read_only=True)


def _playable_day(store: Store, today: date, zone: tzinfo) -> date:
    """The last working day up to today, or the first one that this branch has not seen yet."""
    day = today
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    last = store.load_day()
    if last.business_date is not None:
        seen = datetime.fromtimestamp(last.last_at_ms / 1000, zone)
        while datetime(day.year, day.month, day.day, OPENS_AT_H, tzinfo=zone) <= seen:
            day += timedelta(days=1)
        while day.weekday() >= 5:
            day += timedelta(days=1)
    return day


def _free_port() -> int:
    """The port that is usual for the pages, or any that is free."""
    for port in (PAGES_PORT, 0):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)) as found:
            return int(found.getsockname()[1])
    raise OSError("no port of this machine is free")


def _write_private(file: Path, text: str) -> None:
    file.parent.mkdir(mode=0o700, exist_ok=True)
    partial = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    partial.touch(mode=0o600)
    partial.write_text(text, encoding="utf-8")
    partial.replace(file)


__all__ = ["DaySummary", "DemoBranch", "RefusedError", "figures", "figures_table", "prepare"]
