"""Recorded clips: a human voice, word by word, from ``<folder>/<language>/<clip>.wav``.

They win over the synthetic voice for every phrase of which all clips exist. The names of the
clips, with the words to be read aloud for each, are `voice.phrases.clip_script`.
"""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from voice.phrases import PAUSE_S, Phrase, clip_script
from voice.sound import (
    BREATH_S,
    Sound,
    SoundFormatError,
    joined,
    levelled,
    measured,
    read_wav,
    silence,
    trimmed,
)

_log = logging.getLogger(__name__)
_MAX_KEPT = 400


class ClipVoice:
    """Phrases from recordings. ``folders`` are searched in their order: a branch's own first.

    ``finished`` clips were cut and levelled when they were made, and are taken as they are.
    """

    def __init__(self, folders: Sequence[Path], *, finished: bool = False) -> None:
        self._folders = tuple(folders)
        self._finished = finished
        self._kept: OrderedDict[Path, tuple[int, Sound]] = OrderedDict()

    def render(self, phrase: Phrase) -> Sound | None:
        """Join the clips of a phrase; None if one of them is missing or cannot be played.

        Free text has no clips; a group that is optional is left out if it has none.
        """
        pieces: list[Sound] = []
        for group in phrase.groups:
            clips = [
                clip
                for name in group.clips
                if (clip := self._clip(phrase.language, name)) is not None
            ]
            if not clips or len(clips) < len(group.clips):
                if group.optional:
                    continue
                return None
            if pieces:
                pieces.append(silence(PAUSE_S - 2 * BREATH_S))
            pieces += clips
        return joined(pieces) if pieces else None

    def identity(self, phrase: Phrase) -> str:
        """What its sound depends on: another recording of one of its words, another identity."""
        seen = hashlib.sha256()
        for name in phrase.clips:
            path = self._path(phrase.language, name)
            seen.update(name.encode() + b"=" + (path.read_bytes() if path else b""))
        return f"clips:{seen.hexdigest()[:32]}"

    def read(self, language: str, clip: str) -> None:
        """Have one clip at hand for the first call that needs it."""
        self._clip(language, clip)

    def speaks(self, language: str) -> bool:
        """Whether every clip of this language is there."""
        return language in self.languages()

    def languages(self) -> frozenset[str]:
        """List the languages whose recordings are complete."""
        codes = {
            folder.name for root in self._folders if root.is_dir() for folder in root.iterdir()
        }
        return frozenset(code for code in codes if not self.missing(code))

    def missing(self, language: str) -> tuple[str, ...]:
        """Name the clips that a complete recording of this language still lacks."""
        try:
            names = clip_script(language)
        except KeyError:
            return ("*",)  # a folder of a language that we cannot read
        return tuple(name for name in names if self._path(language, name) is None)

    def _path(self, language: str, name: str) -> Path | None:
        for folder in self._folders:
            path = folder / language / f"{name}.wav"
            if path.is_file():
                return path
        return None

    def _clip(self, language: str, name: str) -> Sound | None:
        path = self._path(language, name)
        if path is None:
            return None
        try:
            changed_at = path.stat().st_mtime_ns
            kept = self._kept.get(path)
            if kept is None or kept[0] != changed_at:
                sound = read_wav(path)
                ready = measured(sound) if self._finished else levelled(trimmed(sound))
                kept = (changed_at, ready)
                self._keep(path, kept)
            return kept[1]
        except (OSError, SoundFormatError) as error:
            _log.warning("The recorded clip %s is not used: %s", path, error)
            return None

    def _keep(self, path: Path, clip: tuple[int, Sound]) -> None:
        self._kept[path] = clip
        while len(self._kept) > _MAX_KEPT:
            self._kept.popitem(last=False)
