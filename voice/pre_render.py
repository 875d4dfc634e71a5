"""A process that makes the sound of every label, one after another, for somebody to listen to.

Reads one `Order` on standard input and tells a `Prepared` for each label on standard output. The
voice-check starts it as ``python -m voice.pre_render``.
"""

import hashlib
import logging
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from voice.labels import Label
from voice.process import shipped_sources, writable_cache
from voice.process_output import take_output
from voice.sound import chime, joined, levelled, silence, write_wav
from voice.sources import Origin, Sources
from voice.speech_voice import SpeechError

ENGINE_START_S = 5.0
LABEL_DEADLINE_S = 5.0
"""Nobody waits in the hall here: the engine may take its time."""


class Order(msgspec.Struct, frozen=True):
    """What to make: the labels, from recordings in ``clips``, into ``folder``."""

    labels: list[Label]
    folder: str
    clips: list[str] = []
    cache: str | None = None


class Prepared(msgspec.Struct, frozen=True):
    """A label's sound, or why there is none (``fault``).

    ``identity`` changes with the words, the voice, a recording and the treatment.
    """

    key: str
    path: str = ""
    origin: Origin | None = None
    identity: str = ""
    length_s: float = 0.0
    lufs: float | None = None
    fault: str = ""


def prepare(order: Order, sources: Sources) -> Iterator[Prepared]:
    """Make one label after another."""
    folder = Path(order.folder)
    folder.mkdir(parents=True, exist_ok=True)
    for label in order.labels:
        try:
            yield _prepared(label, folder, sources)
        except (SpeechError, OSError) as error:
            yield Prepared(label.key, fault=str(error))


def _prepared(label: Label, folder: Path, sources: Sources) -> Prepared:
    made = sources.render(label.phrase, time.monotonic() + LABEL_DEADLINE_S)
    if made is None:
        return Prepared(label.key, fault=f"no voice of {label.language}")
    pieces = [made.sound]
    if label.chime:
        pieces[:0] = [chime(), silence(0.25)]
    sound = levelled(joined(pieces))
    identity = hashlib.sha256(f"{label.text}|{made.identity}".encode()).hexdigest()[:32]
    path = folder / f"{label.key.replace('/', '_')}.wav"
    write_wav(path, sound)
    return Prepared(label.key, str(path), made.origin, identity, sound.length_s, sound.lufs)


def main() -> None:
    """Do one order."""
    logging.basicConfig(level=logging.WARNING, format="voice: %(levelname)s %(message)s")
    output = take_output()
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    cache = writable_cache(Path(order.cache) if order.cache else None)
    sources = shipped_sources([Path(folder) for folder in order.clips], cache)
    sources.wait_for_engine(ENGINE_START_S)
    for prepared in prepare(order, sources):
        output.write(msgspec.json.encode(prepared) + b"\n")
        output.flush()
    sources.close()


if __name__ == "__main__":
    main()
