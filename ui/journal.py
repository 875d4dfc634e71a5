"""What a program tells about itself: its log, and a note when it crashes.

Neither holds personal data: long runs of digits (NIK, card, phone) are blanked, and a crash note
tells the kind of fault and the places in the code, never the values (I12).
"""

import faulthandler
import json
import logging
import re
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TextIO

log = logging.getLogger(__name__)

LOG_BYTES_MAX = 5_000_000
LOG_FILES_KEPT = 5
CRASH_NOTES_KEPT = 20
FAULTS_MAX = 5
FAULTS_WITHIN_S = 10.0
"""More faults than this in so short a time: the program is ended and started afresh."""

_LONG_NUMBER = re.compile(r"(?<!\d)\d{9,}(?!\d)")


def blanked(text: str) -> str:
    """The text with every number of nine and more digits blanked."""
    return _LONG_NUMBER.sub("#" * 9, text)


class HumanFormat(logging.Formatter):
    """One line to read: time, level, where, what."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).astimezone()
        line = f"{at:%H:%M:%S}.{int(record.msecs):03} {record.levelname:<7} {record.name}: "
        text = line + record.getMessage()
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return blanked(text)


class JsonFormat(logging.Formatter):
    """One JSON object in a line."""

    def __init__(self, program: str) -> None:
        super().__init__()
        self._program = program

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        entry = {
            "at": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "program": self._program,
            "where": record.name,
            "message": blanked(record.getMessage()),
        }
        if record.exc_info:
            entry["exception"] = blanked(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)


def start_log(program: str, *, level: str, as_json: bool, file: Path | None) -> None:
    """Log to standard error, and to a file that is turned over at 5 MB, if one is named.

    Raises OSError if the file cannot be written.
    """
    form: logging.Formatter = JsonFormat(program) if as_json else HumanFormat()
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if file is not None:
        # Here, not above: it brings sockets and pickles, which cost start-up time.
        from logging.handlers import RotatingFileHandler

        file.parent.mkdir(parents=True, exist_ok=True)
        handlers.append(
            RotatingFileHandler(
                file, maxBytes=LOG_BYTES_MAX, backupCount=LOG_FILES_KEPT, encoding="utf-8"
            )
        )
    for handler in handlers:
        handler.setFormatter(form)
    logging.basicConfig(level=level.upper(), handlers=handlers, force=True)


class CrashKeeper:
    """Notes every fault that nobody caught, and ends a program that does nothing else.

    One fault in a handler is noted and the program goes on, as Qt does; a screen that fails again
    and again is better started afresh by its supervisor (F40). ``on_fault`` may tell the person.
    """

    def __init__(
        self, folder: Path, program: str, version: Callable[[], str], end: Callable[[], None]
    ) -> None:
        self._folder = folder
        self._program = program
        self._version = version
        self._end = end
        self._recent: deque[float] = deque(maxlen=FAULTS_MAX)
        self._native: TextIO | None = None
        self.on_fault: Callable[[], None] | None = None

    def watch(self) -> None:
        """Take over from Python's own hooks, for all threads and for faults in native code."""
        sys.excepthook = self.note
        threading.excepthook = self._note_in_thread
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            native = self._folder / f"{self._program}-native.txt"
            self._native = native.open("a", encoding="utf-8")
            faulthandler.enable(self._native)
        except OSError as error:
            log.warning("crash notes cannot be written to %s: %s", self._folder, error)
            faulthandler.enable()

    def note(
        self,
        kind: type[BaseException],
        fault: BaseException,
        trace: TracebackType | None,
    ) -> None:
        """Log a fault and write a note of it; end the program if it was one of many."""
        if issubclass(kind, KeyboardInterrupt):
            self._end()
            return
        log.critical("a fault that nobody caught", exc_info=(kind, fault, trace))
        self._write(self.text(kind, trace))
        now_s = time.monotonic()
        self._recent.append(now_s)
        if self.on_fault is not None:
            self.on_fault()
        if len(self._recent) == FAULTS_MAX and now_s - self._recent[0] < FAULTS_WITHIN_S:
            log.critical("%d faults within %d s: ending", FAULTS_MAX, FAULTS_WITHIN_S)
            self._end()

    def text(self, kind: type[BaseException], trace: TracebackType | None) -> str:
        """The note: what, when, which version, and where in the code."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        frames = "".join(
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}\n"
            for frame in traceback.extract_tb(trace)
        )
        fault = f"{kind.__module__}.{kind.__name__}"
        return f"{self._program} {self._version()}\n{at}\n{fault}\n{frames}"

    def _note_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self.note(args.exc_type, args.exc_value, args.exc_traceback)

    def _write(self, text: str) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / f"{self._program}-{stamp}.txt").write_text(text, encoding="utf-8")
            old = sorted(self._folder.glob(f"{self._program}-2*.txt"))[:-CRASH_NOTES_KEPT]
            for note in old:
                note.unlink(missing_ok=True)
        except OSError as error:
            log.warning("the crash note cannot be written: %s", error)
