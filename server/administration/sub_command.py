"""What a sub-command gets, and what it says."""

import argparse
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from db.engine import sqlite_url
from server.administration.startup import Startup
from server.store import Store

FOUND_WRONG = 1


@dataclass(frozen=True, slots=True)
class Said:
    """Lines for standard output, notes for standard error, and the exit code."""

    lines: Iterable[str] = ()
    notes: Iterable[str] = ()
    code: int = 0


@dataclass(frozen=True, slots=True)
class Console:
    """What a sub-command may use."""

    startup: Startup
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    ask_secret: Callable[[str], str] | None = None

    @property
    def url(self) -> str:
        """Where the database is."""
        return self.startup.database or sqlite_url(self.startup.data / "branch.db")

    @property
    def language(self) -> str:
        """The console speaks English; who works in Indonesian gets sentences of settings so."""
        return "id" if self.environment.get("LANG", "").startswith("id") else "en"

    def writing(self) -> Store:
        """The store, with nobody else on it; a new folder is filled."""
        return Store.open(self.url)

    def reading(self) -> Store:
        """The store beside whoever writes to it."""
        return Store.open(self.url, read_only=True)


Command = Callable[[argparse.Namespace, Console], Said]
