"""``antrean-display voice-record``: the branch's own voice, recorded word by word."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from ui.program import ExitCode, program_version


def run_recorder(words: Sequence[str]) -> int:
    """Open the recorder, or say what is missing; the exit code."""
    chosen = _parser().parse_args(words)
    from voice.languages import LANGUAGES
    from voice.phrases import clip_script

    if chosen.language not in LANGUAGES:
        sys.stderr.write(f"--language is one of {', '.join(LANGUAGES)}\n")
        return ExitCode.SETTINGS
    more = [part.strip() for part in chosen.words.split(",") if part.strip()]
    if chosen.missing:
        folder = chosen.voices / chosen.language
        script = clip_script(chosen.language, more)
        missing = {clip: text for clip, text in script.items() if not _is_there(folder, clip)}
        for clip, text in missing.items():
            sys.stdout.write(f"{clip:<24} {text}\n")
        return 1 if missing else ExitCode.OK
    return _open(chosen.language, chosen.voices, more, chosen.screen_language)


def _open(language: str, folder: Path, more: Sequence[str], screen_language: str) -> int:
    from PySide6.QtWidgets import QApplication

    from assets.texts import Texts
    from display.pre_rendering import ChildPlaying
    from display.recorder_model import RecorderModel
    from display.recorder_window import RecorderWindow
    from ui.theme import FontMissingError, console_theme, load_fonts
    from voice.ear import microphone

    app = QApplication(["antrean-display"])
    try:
        load_fonts()
        folder.mkdir(parents=True, exist_ok=True)
    except (FontMissingError, OSError) as error:
        sys.stderr.write(f"antrean-display voice-record: {error}\n")
        return ExitCode.SETTINGS
    model = RecorderModel(
        language, folder, microphone(), ChildPlaying(), elapsed_s=time.monotonic, more=more
    )
    window = RecorderWindow(
        model, Texts.load(screen_language, ["voice_tools"]), console_theme(scale=1.4)
    )
    window.show()
    return app.exec()


def _is_there(folder: Path, clip: str) -> bool:
    return (folder / f"{clip}.wav").is_file()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="antrean-display voice-record",
        description=(
            "Record the branch's own voice, word by word. A recording wins over the synthetic "
            "voice for every phrase of which all clips exist. Give the folder to the display as "
            "--voices. It may be left at any time and goes on where it was left."
        ),
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=program_version())
    parser.add_argument("--language", default="id", metavar="CODE", help="id, en, jv or su")
    parser.add_argument(
        "--voices", type=Path, required=True, metavar="FOLDER", help="folder of the branch's voice"
    )
    parser.add_argument(
        "--words",
        default="",
        metavar="WORDS",
        help='also these, with commas between them: the services\' names ("Perubahan data")',
    )
    parser.add_argument(
        "--screen-language", default="id", choices=("id", "en"), help="language of the window"
    )
    parser.add_argument(
        "--missing",
        action="store_true",
        help="print what is still missing and end; exit code 1 if something is",
    )
    return parser
