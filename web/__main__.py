"""antrean-web: pages for whoever comes with a browser. The composition root."""

import argparse
import asyncio
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ui.program import (
    ALLOW_PLAIN,
    CA,
    DEVICE,
    LOG_FILE,
    LOG_JSON,
    LOG_LEVEL,
    SERVER,
    TOKEN,
    TOKEN_FILE,
    Folders,
    program_version,
    token_of,
)
from ui.settings import Settings, SettingsError, add_flags, load_settings
from web.options import CERTIFICATE, DATA, DATABASE, EXAMPLES, HOST, KEY, OPTIONS, PORT

if TYPE_CHECKING:
    from db.engine import Database
    from web.branch import Branch
    from web.house import House
    from web.serving import PageServer

log = logging.getLogger("web")

NAME = "antrean-web"
WELL, _, WRONG_USE, UNUSABLE, IN_THE_WAY, _, BUG = range(7)


def main(argv: Sequence[str] | None = None) -> int:
    """Serve the pages until somebody ends the program; returns the exit code."""
    from db.refusals import DatabaseRefusedError
    from ui.server_address import LinkSettingsError

    folders = Folders.of_system()
    flags = vars(_parser(folders).parse_args(argv))
    try:
        settings = _settings(flags, folders)
        _start_log(settings)
        return asyncio.run(_serve(settings))
    except (SettingsError, LinkSettingsError, DatabaseRefusedError) as error:
        return _say_no(error, UNUSABLE)
    except OSError as error:
        return _say_no(f"{error.strerror or error}", IN_THE_WAY)
    except KeyboardInterrupt:
        return WELL
    except Exception:
        log.critical("%s %s stopped by a bug", NAME, program_version(), exc_info=True)
        return BUG


def _say_no(reason: object, code: int) -> int:
    print(f"{NAME}: {reason}", file=sys.stderr)
    return code


def _parser(folders: Folders) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=NAME,
        description="Pages of a branch: the manager's day, the visitor's phone, tickets from home.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"{NAME} {program_version()}")
    parser.add_argument(
        "--settings",
        metavar="FILE",
        help=f"settings file, TOML (default: {folders.settings_file(NAME)})",
    )
    add_flags(parser, OPTIONS)
    return parser


def _settings(flags: dict[str, object], folders: Folders) -> Settings:
    given = flags.pop("settings", None)
    file = Path(str(given)) if given else folders.settings_file(NAME)
    settings = load_settings(OPTIONS, flags, os.environ, file, file_must_exist=given is not None)
    if not settings[TOKEN] and settings[TOKEN_FILE] is None:
        raise SettingsError(
            f"token is not set: give --token-file FILE, or {TOKEN.variable}, or token in {file}; "
            '"antrean-server device add web-1 --role web" prints it.'
        )
    if (settings[CERTIFICATE] is None) != (settings[KEY] is None):
        raise SettingsError("A certificate needs its key: give --certificate and --key, or none.")
    return settings


def _start_log(settings: Settings) -> None:
    from ui.journal import start_log

    start_log(NAME, level=settings[LOG_LEVEL], as_json=settings[LOG_JSON], file=settings[LOG_FILE])


def _data(settings: Settings) -> Path:
    if (given := settings[DATA]) is not None:
        return given
    from platformdirs import user_data_path

    return user_data_path("antrean", appauthor=False) / "branch"


def _database(settings: Settings, data: Path) -> "Database":
    from db.engine import open_database, sqlite_url

    return open_database(settings[DATABASE] or sqlite_url(data / "branch.db"), read_only=True)


def _branch(settings: Settings) -> "Branch":
    from protocol.messages import Hello
    from protocol.roles import PROTOCOL_VERSION, DeviceRole
    from ui.server_address import tls_for
    from web.branch import Branch
    from web.link import BranchLink

    hello = Hello(
        protocol=PROTOCOL_VERSION,
        role=DeviceRole.WEB,
        device=settings[DEVICE],
        token=token_of(settings),
        program=f"{NAME} {program_version()}",
    )
    tls = tls_for(settings[SERVER], settings[CA], settings[ALLOW_PLAIN])
    return Branch(BranchLink(settings[SERVER], hello, tls))


def _house(settings: Settings, branch: "Branch", database: "Database", data: Path) -> "House":
    from web.house import House
    from web.limits import Limits
    from web.own_key import own_key
    from web.rendering import Rendering

    return House(
        branch=branch,
        database=database,
        data=data,
        rendering=Rendering(),
        limits=Limits(),
        secret=own_key(data / "web.key"),
        is_https=settings[CERTIFICATE] is not None,
        monotonic_s=time.monotonic,
    )


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


async def _serve(settings: Settings) -> int:
    import uvicorn

    from web.app import make_app
    from web.serving import CONNECTIONS_MOST, PageServer
    from web.site import PAGES

    data = _data(settings)
    branch = _branch(settings)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    database = _database(settings, data)
    listening = socket.create_server(
        (settings[HOST], settings[PORT]), backlog=1024, family=_family(settings[HOST])
    )
    # Accepted sockets have it from here; else each answer of head and body waits 40 ms (Nagle).
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        async with branch.kept():
            await _welcomed(branch, stop)
            if stop.is_set():
                return WELL
            house = _house(settings, branch, database, data)
            server = PageServer(
                uvicorn.Config(
                    make_app(house, PAGES),
                    ssl_certfile=settings[CERTIFICATE],
                    ssl_keyfile=settings[KEY],
                    log_config=None,
                    access_log=False,  # addresses hold the visitors' secrets (I12)
                    server_header=False,
                    # Whose request it is says the socket: a header would undo every limit.
                    proxy_headers=False,
                    lifespan="off",
                    timeout_keep_alive=30,
                    timeout_graceful_shutdown=1,
                    limit_concurrency=CONNECTIONS_MOST,
                    http="h11",
                    # No page of ours is a websocket; what is one passes by every limit.
                    ws="none",
                    # Who sends nonsense must not write our log with it.
                    log_level="error",
                )
            )
            scheme = "https" if house.is_https else "http"
            async with house.papers.made():
                return await _run(server, listening, scheme, stop)
    finally:
        listening.close()
        database.close()


async def _welcomed(branch: "Branch", stop: asyncio.Event) -> None:
    """Wait until the server has said which branch this is."""
    stopped = asyncio.create_task(stop.wait())
    welcomed = asyncio.create_task(branch.online())
    await asyncio.wait({stopped, welcomed}, return_when=asyncio.FIRST_COMPLETED)
    for task in (stopped, welcomed):
        task.cancel()


async def _run(
    server: "PageServer", listening: socket.socket, scheme: str, stop: asyncio.Event
) -> int:
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    hears = asyncio.create_task(server.hears.wait())
    await asyncio.wait({serving, hears}, return_when=asyncio.FIRST_COMPLETED)
    hears.cancel()
    host, port = listening.getsockname()[:2]
    print(f"{NAME} {program_version()} is ready: {scheme}://{host}:{port}/", flush=True)
    await stop.wait()
    server.should_exit = True
    await serving
    return WELL


if __name__ == "__main__":
    sys.exit(main())
