"""What is needed to open a branch and its door: flag, then environment, then file, then default.

Everything else is a setting in the database (``server.config``).
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.administration.toml_file import FileProblemError, read_toml

PREFIX = "ANTREAN_"
LOG_LEVELS = ("debug", "info", "warning", "error")


class StartupError(Exception):
    """The server cannot start with this; the text names what and a cure."""


@dataclass(frozen=True, slots=True)
class Startup:
    """Where the branch lies and where it listens."""

    data: Path
    host: str
    port: int
    database: str | None
    certificate: Path | None
    key: Path | None
    log_level: str
    log_json: bool
    vclaim: Path | None = None

    @property
    def vclaim_file(self) -> Path:
        """Where the secrets for the VClaim service lie, if the branch has any."""
        return self.vclaim or self.data / "vclaim.toml"


def _path(value: Any) -> Path:
    if not isinstance(value, str | Path) or not str(value):
        raise ValueError
    return Path(value).expanduser()


def _port(value: Any) -> int:
    port = int(value)
    if isinstance(value, bool) or not 0 <= port <= 65535:
        raise ValueError
    return port


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def _level(value: Any) -> str:
    if value not in LOG_LEVELS:
        raise ValueError
    return str(value)


def _yes_no(value: Any) -> bool:
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if str(value).lower() not in words:
        raise ValueError
    return words[str(value).lower()]


_READ: Mapping[str, tuple[Callable[[Any], Any], str]] = {
    "data": (_path, "a folder"),
    "host": (_text, "an address of this machine, such as 127.0.0.1 or 0.0.0.0"),
    "port": (_port, "a number from 1 to 65535, or 0 for any free port"),
    "database": (_text, "an address such as postgresql://antrean@localhost/antrean"),
    "certificate": (_path, "a PEM file"),
    "key": (_path, "a PEM file"),
    "vclaim": (_path, "a TOML file with secret and user_key"),
    "log_level": (_level, " or ".join(LOG_LEVELS)),
    "log_json": (_yes_no, "true or false"),
}


def read_startup(flags: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Startup:
    """Put flags, environment and file together. Flags that were not given are absent or None.

    Raises StartupError or FileProblemError.
    """
    environment = os.environ if environment is None else environment
    found: dict[str, Any] = {"host": "127.0.0.1", "port": 8765, "log_level": "info"}
    found.update(_from_file(flags.get("settings") or environment.get(f"{PREFIX}SETTINGS")))
    for name, (read, accepts) in _READ.items():
        text = environment.get(f"{PREFIX}{name.upper()}")
        if text:
            found[name] = _value(f"{PREFIX}{name.upper()}", text, read, accepts)
        if flags.get(name) is not None:
            found[name] = _value(f"--{name.replace('_', '-')}", flags[name], read, accepts)
    startup = Startup(
        data=found.get("data") or _default_data(),
        host=found["host"],
        port=found["port"],
        database=found.get("database"),
        certificate=found.get("certificate"),
        key=found.get("key"),
        log_level=found["log_level"],
        log_json=found.get("log_json", False),
        vclaim=found.get("vclaim"),
    )
    if (startup.certificate is None) != (startup.key is None):
        raise StartupError(
            "A certificate needs its key and a key its certificate: give both --certificate and "
            "--key, or neither."
        )
    return startup


def _value(source: str, given: Any, read: Callable[[Any], Any], accepts: str) -> Any:
    try:
        return read(given)
    except (ValueError, TypeError) as error:
        raise StartupError(f"{source}: {given!r} cannot be used. It takes {accepts}.") from error


def _from_file(named: str | Path | None) -> dict[str, Any]:
    path = Path(named) if named else default_settings_file()
    if not named and not path.is_file():
        return {}
    file = read_toml(path)
    found: dict[str, Any] = {}
    for name, given in file.data.items():
        if name not in _READ:
            raise file.problem(
                (name,), "is not known here", f"Known are {', '.join(_READ)}; see also 'config'."
            )
        read, accepts = _READ[name]
        try:
            found[name] = read(given)
        except (ValueError, TypeError) as error:
            raise file.problem((name,), f"is {given!r}", f"It takes {accepts}.") from error
    return found


def default_settings_file() -> Path:
    """The settings file that is read when none is named, if it exists."""
    from platformdirs import user_config_path

    return user_config_path("antrean", appauthor=False) / "server.toml"


def _default_data() -> Path:
    from platformdirs import user_data_path

    return user_data_path("antrean", appauthor=False) / "branch"


__all__ = ["FileProblemError", "Startup", "StartupError", "default_settings_file", "read_startup"]
