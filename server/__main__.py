"""antrean-server: runs a branch, and looks after it. The composition root of the server.

Libraries that take long to load are asked for where they are needed, so that a small command
answers at once.
"""

import argparse
import errno
import logging
import sys
from typing import TYPE_CHECKING, Any

from server.administration.arguments import parser, program_version
from server.administration.startup import FileProblemError, Startup, StartupError, read_startup

if TYPE_CHECKING:
    from ssl import SSLContext

    from server.membership import MembershipDirectory
    from server.ports import Clock, Sealer
    from server.store import Store

log = logging.getLogger("server")

WELL, FOUND_WRONG, WRONG_USE, UNUSABLE, IN_THE_WAY, DISK_FAILED, BUG = range(7)


def main(argv: list[str] | None = None) -> int:
    """Run what the command line says; returns the exit code."""
    arguments = parser().parse_args(argv)
    try:
        flags: dict[str, Any] = {**vars(arguments), "key": getattr(arguments, "key_file", None)}
        startup = read_startup(flags)
    except (StartupError, FileProblemError) as error:
        return _say_no(error, UNUSABLE)
    except OSError as error:  # the settings file, or the folder it would lie in
        return _say_no(f"{error.strerror}: {error.filename}. Name another --settings.", UNUSABLE)
    from server.adapters.logs import write_log

    # A sub-command speaks for itself; its log says only what is unexpected.
    level = startup.log_level if arguments.command is None else "warning"
    write_log(level, as_json=startup.log_json)
    return _guarded(arguments, startup)


def _guarded(arguments: argparse.Namespace, startup: Startup) -> int:
    from db.refusals import DatabaseLockedError, DatabaseRefusedError, DiskFailedError
    from server.adapters.branch_key import BranchKeyError
    from server.administration.refusal import RefusedError
    from server.config import SettingError

    try:
        return _administer(arguments, startup) if arguments.command else _run(arguments, startup)
    except DatabaseLockedError as error:
        return _say_no(error, IN_THE_WAY)
    except (
        BranchKeyError,
        DatabaseRefusedError,
        FileProblemError,
        RefusedError,
        SettingError,
        StartupError,
    ) as error:
        return _say_no(error, UNUSABLE)
    except DiskFailedError as error:
        return _say_no(error, DISK_FAILED)
    except OSError as error:
        return _say_no(
            _readable(error, startup), IN_THE_WAY if error.errno == errno.EADDRINUSE else UNUSABLE
        )
    except KeyboardInterrupt:
        return WELL
    except Exception:
        log.critical("antrean-server %s stopped by a bug", program_version(), exc_info=True)
        return BUG


def _readable(error: OSError, startup: Startup) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"{startup.host}:{startup.port} is used by another program: stop it, or choose another "
            "--port."
        )
    return f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"


def _say_no(reason: object, code: int) -> int:
    print(f"antrean-server: {reason}", file=sys.stderr)
    return code


def _administer(arguments: argparse.Namespace, startup: Startup) -> int:
    from server.administration.console import COMMANDS, Console

    name = " ".join(filter(None, (arguments.command, getattr(arguments, "verb", None))))
    said = COMMANDS[name](arguments, Console(startup))
    for line in said.lines:
        print(line)
    for note in said.notes:
        print(note, file=sys.stderr)
    return said.code


# Running.


def _run(arguments: argparse.Namespace, startup: Startup) -> int:
    import asyncio

    from db.engine import sqlite_url
    from server.store import Store

    ssl = _ssl(startup)
    with Store.open(startup.database or sqlite_url(startup.data / "branch.db")) as store:
        if ssl is None:
            _demand_loopback(startup.host, allowed=store.settings().server().allow_plain)
        clock = _clock(arguments, store)
        _tell_of_crashes()
        asyncio.run(_serve(store, clock, startup, ssl, as_json=arguments.simulated_clock))
    return WELL


def _tell_of_crashes() -> None:
    """Have a crash in native code say where every thread stood."""
    import faulthandler
    import io

    try:
        faulthandler.enable()
    except (io.UnsupportedOperation, RuntimeError):
        log.debug("standard error is no file: crashes in native code will not be told of")


async def _serve(
    store: "Store", clock: "Clock", startup: Startup, ssl: "SSLContext | None", *, as_json: bool
) -> None:
    import asyncio
    import json
    import signal

    from server.adapters.ids import UuidIds
    from server.adapters.passwords import decoy_hash, verify_pin
    from server.adapters.supervisor import keep_watchdog_quiet, tell_supervisor
    from server.administration.key import sealer_of
    from server.branch_server import BranchAccess, serve

    sealer = sealer_of(store, startup.data)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows: a handler that wakes the loop from outside
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))

    def ready(address: str) -> None:
        tell_supervisor("READY=1")
        words = f"antrean-server {program_version()} is ready: {address}"
        print(json.dumps({"ready": address}) if as_json else words, flush=True)

    watchdog = asyncio.create_task(keep_watchdog_quiet())
    try:
        await serve(
            store,
            store.settings().server(),
            BranchAccess.of(store, verify_pin, decoy_hash()),
            clock,
            UuidIds(clock),
            sealer,
            startup.host,
            startup.port,
            ssl,
            ready,
            stop,
            _directory(store, startup, sealer),
        )
    finally:
        tell_supervisor("STOPPING=1")
        watchdog.cancel()


def _directory(store: "Store", startup: Startup, sealer: "Sealer") -> "MembershipDirectory":
    """The membership directory of the settings. One that cannot be used must not keep the branch
    closed: the officer looks people up by hand then, and ``doctor`` says why."""
    from server.adapters.no_directory import NoDirectory
    from server.administration.refusal import RefusedError

    settings = store.settings()
    kind = settings.get("directory.kind")
    if kind == "file":
        from server.adapters.file_directory import FileDirectory

        return FileDirectory(store.database, store.branch_code, sealer)
    if kind == "vclaim":
        # httpx takes a fifth of a second to load.
        from server.adapters.clock import SteadyClock
        from server.adapters.vclaim_directory import VClaimAccount, VClaimDirectory
        from server.administration.vclaim_account import read_account

        try:
            account = VClaimAccount(*read_account(settings, startup.vclaim_file))
        except (RefusedError, FileProblemError) as error:
            log.error("the membership directory is off: %s", error)
        else:
            # Signatures are good for minutes of the world's own time, whatever the branch's is.
            return VClaimDirectory(account, SteadyClock(), settings.get("directory.deadline_s"))
    return NoDirectory()


def _ssl(startup: Startup) -> "SSLContext | None":
    if startup.certificate is None or startup.key is None:
        return None
    import ssl

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(startup.certificate, startup.key)
    except (OSError, ssl.SSLError) as error:
        raise StartupError(
            f"The certificate {startup.certificate} with key {startup.key} cannot be used "
            f"({error}). 'antrean-server certificate HOST' makes a pair."
        ) from error
    return context


def _demand_loopback(host: str, *, allowed: bool) -> None:
    import ipaddress

    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = host == "localhost"
    if not loopback and not allowed:
        raise StartupError(
            f"Other machines would connect to {host} without encryption. Make a certificate with "
            "'antrean-server certificate HOST' and give --certificate and --key, or allow it in a "
            "closed network with 'antrean-server config set network.allow_plain true'."
        )
    if not loopback:
        log.warning("network.allow_plain is on: devices connect to %s without encryption", host)


def _clock(arguments: argparse.Namespace, store: "Store") -> "Clock":
    from datetime import UTC, datetime

    from server.adapters.clock import ScaledClock, SteadyClock, SteppedClock, wall_ms

    start_ms = wall_ms()
    if arguments.clock_start is not None:
        try:
            start = datetime.fromisoformat(arguments.clock_start)
        except ValueError as error:
            raise StartupError(
                f"--clock-start: {arguments.clock_start!r} is no instant. Write it like "
                "2026-11-20T08:00:00+07:00."
            ) from error
        zone = store.load_branch().time_zone
        at = start if start.tzinfo is not None else start.replace(tzinfo=zone)
        start_ms = int(at.astimezone(UTC).timestamp() * 1000)
    if arguments.simulated_clock:
        stepped = SteppedClock(start_ms)
        stepped.follow(sys.stdin, sys.stdout)
        return stepped
    if arguments.clock_start is not None or arguments.clock_speed is not None:
        speed = 1.0 if arguments.clock_speed is None else arguments.clock_speed
        if speed <= 0:
            raise StartupError("--clock-speed: write a number above 0, such as 60.")
        log.warning("the clock runs %g times as fast as the world", speed)
        return ScaledClock(start_ms, speed)
    return SteadyClock()


if __name__ == "__main__":
    sys.exit(main())
