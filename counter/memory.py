"""What this seat remembers from one day to the next: its number, and where the strip stood."""

import json
import logging
from pathlib import Path

log = logging.getLogger(__name__)


class SeatMemory:
    """A small file; one that is lost or broken costs nothing but habit."""

    def __init__(self, file: Path) -> None:
        """``file`` belongs to this seat alone."""
        self._file = file
        self.counter: int | None = None
        # Where the door prints.
        self.kiosk = ""
        self.strip_shown = False
        self.strip_screen = ""
        self.strip_places: dict[str, tuple[int, int]] = {}
        try:
            self._read(json.loads(file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            pass
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("%s cannot be read (%s); this seat starts with its defaults", file, error)

    def keep_counter(self, number: int) -> None:
        """Offer this counter next time."""
        self.counter = number
        self._write()

    def keep_kiosk(self, device: str) -> None:
        """Print there next time."""
        self.kiosk = device
        self._write()

    def keep_strip_shown(self, shown: bool) -> None:
        """Start next time as strip, or as full console."""
        self.strip_shown = shown
        self._write()

    def keep_strip_place(self, screen: str, offset: tuple[int, int]) -> None:
        """The strip was put here, counted from the corner of this screen."""
        self.strip_screen = screen
        self.strip_places[screen] = offset
        self._write()

    def _read(self, words: dict[str, object]) -> None:
        counter, places = words.get("counter"), words.get("strip_places", {})
        self.counter = counter if isinstance(counter, int) else None
        self.kiosk = str(words.get("kiosk", ""))
        self.strip_shown = words.get("strip_shown") is True
        self.strip_screen = str(words.get("strip_screen", ""))
        if not isinstance(places, dict):
            raise TypeError("strip_places is no table")
        self.strip_places = {str(name): (int(x), int(y)) for name, (x, y) in places.items()}

    def _write(self) -> None:
        words = {
            "counter": self.counter,
            "kiosk": self.kiosk,
            "strip_shown": self.strip_shown,
            "strip_screen": self.strip_screen,
            "strip_places": self.strip_places,
        }
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            partial = self._file.with_suffix(".partial")
            partial.write_text(json.dumps(words), encoding="utf-8")
            partial.replace(self._file)
        except OSError as error:
            log.warning("%s cannot be written (%s); this seat will not remember", self._file, error)
