"""A process that plays one WAV file and ends: 0 if it sounded, 1 and a sentence if it did not.

Whoever lets a person listen starts it as ``python -m voice.play_file FILE``.
"""

import sys
import threading
from pathlib import Path

from voice.players import PlayerError, system_player
from voice.sound import SoundFormatError, read_wav


def main(words: list[str]) -> int:
    """Play the file; the exit code."""
    path = Path(words[0])
    try:
        system_player().play(path, read_wav(path).length_s, threading.Event())
    except (PlayerError, SoundFormatError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
