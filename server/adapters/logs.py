"""How the log is written: a line per record for people, or a JSON object per record."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import IO

LEVELS = ("debug", "info", "warning", "error")


class _Human(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        # Line breaks of others must not look like records of ours.
        message = record.getMessage().replace("\r", "\\r").replace("\n", "\\n")
        line = f"{_instant(record)} {record.levelname:<8} {record.name}: {message}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": _instant(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return json.dumps(entry, ensure_ascii=False)


def _instant(record: logging.LogRecord) -> str:
    at = datetime.fromtimestamp(record.created, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_log(level: str, *, as_json: bool, to: IO[str] | None = None) -> None:
    """Send all records of a level and above to standard error, or to a stream."""
    handler = logging.StreamHandler(to or sys.stderr)
    handler.setFormatter(_Json() if as_json else _Human())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    # Handshakes that come to nothing are told of in our own words.
    logging.getLogger("websockets").setLevel(logging.ERROR)
    logging.getLogger("alembic").setLevel(logging.WARNING)
