"""A player that is not believed, but heard: its sound must reach the sound device.

A player may hang in silence, or say "played" of what nobody heard. Where the device can be listened
to (`voice.ear`), silence is noticed within a second and the sound is played again; where it cannot,
nothing is known, and the player is believed as far as its time goes (`voice.players`).
"""

import contextlib
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from voice.ear import Ear, Hearing
from voice.players import NoOutputError, Player, PlayerError
from voice.port import VoiceHealth

SILENT_S = 0.8
"""With so much of nothing heard since its start, a player is taken for silent."""

KNOWN_AFTER_S = 0.3
"""So much must have been taken in before it is known whether a player was heard at all."""

TRIES = 2
_LEAST_SHARE = 0.4  # of the clip; its own pauses are silence, too
_LOOK_S = 0.02


class HeardPlayer:
    """Plays by another player and listens meanwhile."""

    def __init__(self, player: Player, ear: Ear) -> None:
        self._player = player
        self._ear = ear
        self._opening: threading.Thread | None = None
        self._open: Hearing | None = None

    @contextlib.contextmanager
    def ready(self) -> Iterator[None]:
        """Begin to listen and look at the device while the sound is still being made."""
        self._opening = threading.Thread(target=self._get_ready, name="ready", daemon=True)
        self._opening.start()
        try:
            yield
        finally:
            left = self._opened()
            if left is not None:
                left.close()

    def play(self, wav: Path, length_s: float, stopped: threading.Event) -> None:
        """See `Player.play`; what was not heard at all is played once more."""
        hearing = self._opened() if self._opening is not None else self._ear.listen()
        try:
            for left in reversed(range(TRIES)):
                try:
                    self._play_once(hearing, wav, length_s, stopped)
                except NoOutputError:
                    raise  # nothing sounds behind the server: no other try can
                except PlayerError as fault:
                    if fault.heard or not left or stopped.is_set():
                        raise
                else:
                    return
        finally:
            if hearing is not None:
                hearing.close()

    def check(self) -> None:
        """See `Player.check`."""
        self._player.check()

    def _get_ready(self) -> None:
        """Runs in a thread of its own."""
        self._open = self._ear.listen()
        with contextlib.suppress(PlayerError):  # the player says so itself
            self._player.check()

    def _opened(self) -> Hearing | None:
        if self._opening is not None:
            self._opening.join()
        hearing, self._open, self._opening = self._open, None, None
        return hearing

    def _play_once(
        self, hearing: Hearing | None, wav: Path, length_s: float, stopped: threading.Event
    ) -> None:
        if hearing is None:
            self._player.play(wav, length_s, stopped)
            return
        before_s = hearing.taken_s
        watch = _Watch(hearing, stopped)
        try:
            self._player.play(wav, length_s, watch.halted)
        except PlayerError as fault:
            if _has_heard(hearing, before_s + KNOWN_AFTER_S):
                fault.heard = hearing.sounding_s > 0
            raise
        finally:
            watch.end()
        if watch.silent:
            raise PlayerError(VoiceHealth.BROKEN, "the player made no sound", heard=False)
        knows = hearing.taken_s - before_s > 0.8 * length_s and not stopped.is_set()
        if knows and hearing.sounding_s < _LEAST_SHARE * length_s:
            raise PlayerError(
                VoiceHealth.BROKEN,
                f"of {length_s:.1f} s only {hearing.sounding_s:.1f} s were heard",
                heard=hearing.sounding_s > 0,
            )


def _has_heard(hearing: Hearing, until_s: float) -> bool:
    """Wait until the ear has heard so far, which it does as fast as time goes."""
    end_s = time.monotonic() + 2 * KNOWN_AFTER_S
    while hearing.taken_s < until_s:
        if hearing.ended or time.monotonic() > end_s:
            return False
        time.sleep(_LOOK_S)
    return True


class _Watch:
    """Looks beside the player: halts it if somebody wants silence, or if it is silent itself."""

    def __init__(self, hearing: Hearing, stopped: threading.Event) -> None:
        self.halted = threading.Event()
        self.silent = False
        self._hearing = hearing
        self._before_s = hearing.taken_s
        self._stopped = stopped
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(_LOOK_S):
            if self._stopped.is_set():
                self.halted.set()
                return
            if self._hearing.sounding_s > 0:
                continue
            if self._hearing.taken_s - self._before_s >= SILENT_S:
                self.silent = True
                self.halted.set()
                return
