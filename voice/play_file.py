"""A process that plays one WAV file and ends: 0 if it sounded, 1 and a sentence if it did not.

Whoever lets a person listen starts it as ``python -m voice.play_file FILE``, and a desk that rings
with `ALARM` in place of the file.
"""

import sys
import tempfile
import threading
from pathlib import Path

from voice.players import PlayerError, system_player
from voice.sound import SoundFormatError, alarm, read_wav, write_wav

ALARM = "--alarm"


def main(words: list[str]) -> int:
    """Play the file, or the alarm; the exit code."""
    if words != [ALARM]:
        return _play(Path(words[0]))
    with tempfile.TemporaryDirectory(prefix="antrean-") as folder:
        path = Path(folder) / "alarm.wav"
        write_wav(path, alarm())
        return _play(path)


def _play(path: Path) -> int:
    try:
        system_player().play(path, read_wav(path).length_s, threading.Event())
    except (PlayerError, SoundFormatError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
