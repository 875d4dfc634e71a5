"""A look over everything that a branch's server needs, each finding with its cure."""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db import tables as t
from db.engine import (
    check_integrity,
    free_bytes,
    journal_mode,
    lock_path,
    sqlite_version,
    total_bytes,
)
from db.leases import lent_on
from db.lock import lock_is_held
from db.refusals import DatabaseRefusedError
from protocol.roles import SEATS, DeviceRole, StaffRole
from server.adapters.branch_key import (
    COPY_CURE,
    FILE_NAME,
    BranchKeyError,
    is_private,
    read_key,
)
from server.adapters.sealing import KeySealer
from server.administration.backup import last_backup
from server.administration.directory_check import look_at_directory
from server.administration.key import TRIED, opens
from server.administration.privacy_report import LATE_MS
from server.administration.report import look_at_reports
from server.administration.startup import Startup
from server.second_step_records import record_of
from server.store import Store

SAFE_SQLITE = (3, 51, 3)
RESERVE_BYTES = 64 * 1024 * 1024
BACKUP_AGE_MAX = timedelta(days=1)
CERTIFICATE_LEFT_MIN = timedelta(days=30)
CLOCK_BEHIND_MS_MAX = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: ``ok``, ``warning`` or ``error``, and what to do."""

    level: str
    about: str
    what: str
    cure: str = ""

    def __str__(self) -> str:
        line = f"{self.level:<8} {self.about}: {self.what}"
        return f"{line}\n         → {self.cure}" if self.cure else line


def examine(startup: Startup, url: str, now_ms: Callable[[], int]) -> Iterator[Finding]:
    """Every finding, in the order in which things depend on each other."""
    file = startup.data / "branch.db" if url.startswith("sqlite") else None
    running = file is not None and lock_is_held(lock_path(file))
    yield from _folder(startup.data, file)
    if startup.data.is_dir():
        yield _disk(startup.data)
    yield _sqlite()
    try:
        with Store.open(url, read_only=True) as store:
            yield from _database(store)
            yield from _history(store)
            yield _kiosks(store)
            yield _clock(store, now_ms())
            yield from _settings(store)
            yield from _key(store, startup.data)
            yield _kept(store, now_ms())
            yield _browsers(store)
            looked = look_at_directory(store, startup.vclaim_file, now_ms())
            yield Finding(looked.level, "directory", looked.what, looked.cure)
            looked = look_at_reports(store, startup.data)
            yield Finding(looked.level, "reports", looked.what, looked.cure)
    except DatabaseRefusedError as error:
        yield Finding("error", "database", str(error), "See above; 'restore FILE' brings a backup.")
    except LookupError as error:  # zoneinfo's own kind is a KeyError
        yield Finding(
            "error", "time zone", f"unknown: {error}", "Install the package tzdata (pip or apt)."
        )
    yield _port(startup.host, startup.port, running=running)
    if startup.certificate is not None:
        yield _certificate(startup.certificate)
    if file is not None:
        yield _backup(file, now_ms())


def _folder(folder: Path, file: Path | None) -> Iterator[Finding]:
    if not folder.is_dir():
        yield Finding(
            "error", "data folder", f"{folder} does not exist", "Start antrean-server to make it."
        )
        return
    if not os.access(folder, os.W_OK):
        yield Finding(
            "error",
            "data folder",
            f"{folder} cannot be written by this user",
            "Run as the server's own user, or give the folder to it with chown.",
        )
        return
    if os.name == "posix" and file is not None and file.exists() and file.stat().st_mode & 0o077:
        yield Finding(
            "warning",
            "data folder",
            f"other users of this machine may read {file}",
            f"chmod 600 {file} && chmod 700 {folder}",
        )
        return
    yield Finding("ok", "data folder", str(folder))


def _disk(folder: Path) -> Finding:
    free, total = free_bytes(folder), total_bytes(folder)
    words = f"{free / 1e9:.1f} GB free of {total / 1e9:.0f} GB"
    if free < RESERVE_BYTES or free < total * 0.02:
        return Finding("error", "disk", words, "Remove old logs and copies now; tickets need room.")
    if free < total * 0.10:
        return Finding("warning", "disk", words, "Make room soon.")
    return Finding("ok", "disk", words)


def _sqlite() -> Finding:
    version = ".".join(map(str, sqlite_version()))
    if sqlite_version() < SAFE_SQLITE:
        return Finding(
            "warning",
            "SQLite",
            f"{version} may damage a file that two programs write at once; this server writes "
            "alone, which avoids it",
            "Let no other program write branch.db; a Python with SQLite 3.51.3 or newer is safer.",
        )
    return Finding("ok", "SQLite", version)


def _database(store: Store) -> Iterator[Finding]:
    with store.database.reading() as connection:
        if store.database.is_sqlite and journal_mode(connection) != "wal":
            yield Finding(
                "warning",
                "journal",
                f"is {journal_mode(connection)!r} instead of 'wal'",
                "Start the server once: it sets it, or says why it cannot.",
            )
        damage = check_integrity(connection)
    if damage:
        yield Finding(
            "error", "pages", "; ".join(damage[:3]), "Keep the file and 'restore' a backup."
        )
    else:
        yield Finding("ok", "pages", f"{store.database.name} is sound")


def _history(store: Store) -> Iterator[Finding]:
    day = store.load_day()
    days = store.rows(t.business_day)
    newest = max(days, key=lambda row: str(row["business_date"]), default=None)
    if newest is None:
        yield Finding("ok", "history", "no business day yet")
    elif newest["head_seq"] != day.last_seq or newest["head_hash"] != day.last_hash:
        yield Finding(
            "error",
            "history",
            f"the newest event is {day.last_seq}, but {newest['head_seq']} was written",
            "Run 'antrean-server verify' and restore the newest backup that verifies.",
        )
    else:
        yield Finding("ok", "history", f"{day.last_seq} events, newest day {day.business_date}")


def _kiosks(store: Store) -> Finding:
    """Which kiosks can go on alone, and what of their numbers they gave today."""
    date = store.load_day().business_date
    kiosks = [one.name for one in store.devices() if one.role == "kiosk" and not one.revoked_at_ms]
    if date is None or not kiosks:
        return Finding("ok", "kiosks", "none has numbers of its own yet")
    with store.database.reading() as connection:
        lent = lent_on(connection, store.branch_code, date)
    words = []
    for name in sorted(kiosks):
        mine = [one for one in lent if one.device == name]
        given, many = sum(one.given for one in mine), sum(one.lent for one in mine)
        letter = f"letter {mine[-1].letter}, {given} of {many} numbers given" if mine else "none"
        words.append(f"{name}: {letter}")
    return Finding("ok", "kiosks", f"numbers for when the link is lost, {date}: {'; '.join(words)}")


def _clock(store: Store, now_ms: int) -> Finding:
    day = store.load_day()
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    if day.last_at_ms - now_ms > CLOCK_BEHIND_MS_MAX:
        last = datetime.fromtimestamp(day.last_at_ms / 1000, UTC).isoformat(" ", "seconds")
        return Finding(
            "error",
            "clock",
            f"it says {now:%Y-%m-%d %H:%M:%S} UTC, before the last event ({last})",
            "Set the date and time of this machine, and let NTP keep it.",
        )
    zone = store.load_branch().time_zone
    return Finding("ok", "clock", f"{now.astimezone(zone):%Y-%m-%d %H:%M:%S} at the branch")


def _settings(store: Store) -> Iterator[Finding]:
    settings = store.settings()
    for problem in settings.unusable():
        yield Finding("warning", "settings", problem, "The default counts until it is set again.")
    if settings.server().limits_lifted:
        yield Finding(
            "warning",
            "limits",
            "every limit of rate and number is lifted",
            "antrean-server config set limits.commands_per_s 20",
        )
    branch = store.load_branch()
    for code, service in branch.services.items():
        if not branch.service_is_served(code):
            yield Finding(
                "warning",
                "catalogue",
                f"no counter serves {code} ({service.name['id']})",
                "Load a catalogue in which a counter does.",
            )
    if not branch.door.matters:
        yield Finding(
            "warning",
            "front door",
            "its catalogue is empty, as in a branch of an older version: the door can only give "
            "numbers",
            "antrean-server catalogue save FILE, add the door's sections (docs/front-door.md), "
            "catalogue load FILE",
        )
    if not [device for device in store.devices() if device.revoked_at_ms is None]:
        yield Finding(
            "warning",
            "devices",
            "none may connect yet",
            "antrean-server device add kiosk-1 --role kiosk",
        )
    if not [person for person in store.staff() if not person.disabled]:
        yield Finding(
            "warning",
            "staff",
            "nobody may sign in yet",
            "antrean-server staff add sari --role frontliner",
        )


def _key(store: Store, folder: Path) -> Iterator[Finding]:
    path, sealed = folder / FILE_NAME, store.some_sealed(TRIED)
    if not path.exists():
        if not sealed:
            yield Finding("ok", "key", "none yet: the server makes one when it starts")
            return
        yield Finding("error", "key", f"{path} is missing; the server will not start", COPY_CURE)
        return
    try:
        sealer = KeySealer(read_key(path))
    except (BranchKeyError, OSError) as error:
        yield Finding("error", "key", str(error), COPY_CURE)
        return
    if not is_private(path):
        yield Finding(
            "error", "key", f"other users of this machine may read {path}", f"chmod 600 {path}"
        )
    if not opens(sealer, sealed):
        what = f"{sealer.name} does not open what this branch sealed; the server will not start"
        yield Finding("error", "key", what, COPY_CURE)
    elif is_private(path):
        yield Finding("ok", "key", f"{sealer.name} opens what is under seal")


def _kept(store: Store, now_ms: int) -> Finding:
    late = store.due(now_ms - LATE_MS)
    if not late:
        return Finding("ok", "privacy", "nothing personal is past its time")
    words = ", ".join(f"{count} {kind}" for kind, count in late.items())
    return Finding(
        "warning",
        "privacy",
        f"past its time and not erased: {words}",
        "Start the server, which erases it, or run 'antrean-server privacy sweep'.",
    )


def _browsers(store: Store) -> Finding:
    """Who signs in with a browser, and by what."""
    devices = [one for one in store.devices() if one.role == DeviceRole.WEB]
    managers = [
        one
        for one in store.staff()
        if StaffRole(one.role) in SEATS[DeviceRole.WEB] and not one.disabled
    ]
    if all(one.revoked_at_ms is not None for one in devices):
        cure = "antrean-server device add web-1 --role web, then start antrean-web with its token"
        return Finding(
            "ok", "browsers", "not in use: no device of the role web is registered", cure
        )
    if not managers:
        cure = "antrean-server staff add wati --role manager"
        return Finding("warning", "browsers", "no manager may sign in with a browser yet", cure)
    unset = [one.code for one in managers if store.sealed(record_of(one.code)) is None]
    alone = [one.code for one in managers if one.password_hash is None]
    said = f"{len(managers)} managers may sign in"
    if alone:
        said += f"; by PIN alone, without a password: {', '.join(alone)}"
    if not unset:
        return Finding("ok", "browsers", said)
    return Finding(
        "warning",
        "browsers",
        f"{said}; without a second step yet: {', '.join(unset)}",
        "Let each sign in once and set it up, before somebody else does with their PIN.",
    )


def _port(host: str, port: int, *, running: bool) -> Finding:
    if running:
        return Finding("ok", "server", "is running on this database")
    if port == 0:
        return Finding("ok", "port", "any free one")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return Finding(
                "error",
                "port",
                f"{host}:{port} cannot be used: {error.strerror}",
                "Stop the program that uses it, or choose another --host or --port.",
            )
    return Finding("ok", "port", f"{host}:{port} is free")


def _certificate(path: Path) -> Finding:
    from server.administration.certificate import expires_at  # slow to import

    cure = "antrean-server certificate HOST … makes a new one; the screens need no change."
    try:
        ends = expires_at(path)
    except (OSError, ValueError) as error:
        return Finding("error", "certificate", f"{path} cannot be read: {error}", cure)
    left = ends - datetime.now(UTC)
    if left < timedelta(0):
        return Finding("error", "certificate", f"ended on {ends:%Y-%m-%d}", cure)
    if left < CERTIFICATE_LEFT_MIN:
        return Finding("warning", "certificate", f"ends in {left.days} days", cure)
    return Finding("ok", "certificate", f"valid until {ends:%Y-%m-%d}")


def _backup(file: Path, now_ms: int) -> Finding:
    last = last_backup(file)
    cure = "antrean-server backup FILE, on another disk, once a day"
    if last is None:
        return Finding("warning", "backup", "none was made yet", cure)
    age = timedelta(milliseconds=now_ms - last[0])
    words = f"{last[1]}, {age.days} days and {age.seconds // 3600} hours old"
    if age > BACKUP_AGE_MAX:
        return Finding("warning", "backup", words, cure)
    return Finding("ok", "backup", words)
