"""The speech engine's own process: a hang or crash in it costs a call its engine, not its words.

Asked and telling by JSON lines (`voice.engine_words`); it ends when its input ends. The voice
process starts it as ``python -m voice.engine_process FOLDER``.
"""

import contextlib
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from voice.engine_words import EngineTell, Made, Make, NotMade, Voices
from voice.phrases import DEFAULT_LANGUAGE
from voice.process_output import take_output
from voice.speech_voice import SpeechError, SpeechVoice


def serve_engine(speech: SpeechVoice, lines: BinaryIO, output: BinaryIO) -> None:
    """Make what is asked, one group after another, until nobody asks any more."""

    def tell(words: EngineTell) -> None:
        output.write(msgspec.json.encode(words) + b"\n")
        output.flush()

    tell(Voices(speech.voices(), speech.fault))
    with contextlib.suppress(SpeechError):  # the first call will say so
        speech.warm_up(DEFAULT_LANGUAGE)
    decoder = msgspec.json.Decoder(Make)
    for line in lines:
        ask = decoder.decode(line)
        try:
            tell(Made(ask.job, str(speech.make(ask.language, ask.words))))
        except (SpeechError, OSError) as error:
            tell(NotMade(ask.job, str(error)))


if __name__ == "__main__":
    serve_engine(SpeechVoice(Path(sys.argv[1])), sys.stdin.buffer, take_output())
