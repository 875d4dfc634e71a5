"""The display program: composition root of the TV and its voice."""

import contextlib
import logging
import sys
from typing import TYPE_CHECKING

from display.options import (
    CALL_S,
    CARD_S,
    EVERY,
    FAR_SEAT_M,
    MEDIA,
    PAGE_S,
    PICTURE_S,
    REDUCE_MOTION,
    SELF_TEST,
    SET_UP,
    SHOW_SIZES,
    STANDARDS,
    VOICE,
    VOICE_COUNTERS,
    VOICES,
)
from protocol.roles import DeviceRole
from ui.program import DEVICE, SCREEN_INCHES, SERVER, ScreenProgram, run_screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from display.board_window import BoardWindow
    from display.media_show import MediaShow
    from display.sizes_told import ToldSizes
    from ui.running import Run
    from ui.settings import Settings
    from voice.port import Voice

log = logging.getLogger(__name__)

EAR_HZ = 22_050
"""At which the loudspeaker is recorded for the self-test."""

FASTEST_VOICED = 4.0
"""On a clock faster than this calls come faster than anybody can speak: then only the counters
that are named are voiced."""


def build(run: "Run") -> "QWidget":
    """Make the board out of its model, the link and the voice."""
    from display.board_window import BoardWindow
    from display.voice_health import voice_health

    settings = run.settings
    window = BoardWindow(run.texts, server=settings[SERVER], device=settings[DEVICE])
    # The board and its voice would make the first picture wait.
    run.after_first_frame(lambda: _give_board(run, window))
    run.listen(
        on_welcome=lambda welcome: window.model.on_welcome(welcome),
        on_notice=lambda notice: window.model.on_notice(notice),
        on_state=lambda status: window.model.on_link(status),
    )
    run.tell_health(lambda: voice_health(window.model.voice, window.model.proven), window)
    if run.windowed is None:
        window.hide_pointer()
    return window


def _give_board(run: "Run", window: "BoardWindow") -> None:
    """Load the board and its voice behind the first picture."""
    import time

    from display.board_model import BoardModel
    from voice.ear import MonitorEar

    def wake() -> None:
        # Called from the voice's thread, which may outlive the window by a moment.
        with contextlib.suppress(RuntimeError):
            window.woken.emit()

    settings = run.settings
    model = BoardModel(
        run.ask,
        new_id=lambda: run.link.new_id(),
        now=run.now,
        elapsed_s=time.monotonic,
        voice=_voice(settings, run.clock_speed, wake),
        voiced_counters=settings[VOICE_COUNTERS],
        card_least_s=settings[CARD_S],
        clock_speed=run.clock_speed,
        ear=MonitorEar(EAR_HZ),
        proofs=_proofs(run),
    )
    media = _media(settings, window)
    window.take(
        model,
        media=media,
        call_s=settings[CALL_S],
        reduce_motion=settings[REDUCE_MOTION],
    )
    _offer_set_up(run, window, media)


def _told_sizes(run: "Run", window: "BoardWindow") -> "ToldSizes":
    """From how far the board is read here."""
    from display.sizes_told import told_sizes

    settings = run.settings
    return told_sizes(
        run.texts,
        window.screen(),
        window.size(),
        inches=settings[SCREEN_INCHES],
        far_seat_m=settings[FAR_SEAT_M],
    )


def _offer_set_up(run: "Run", window: "BoardWindow", media: "MediaShow | None") -> None:
    """Say in the log from how far the board is read, and have the page that says everything."""
    from display.set_up_page import set_up_words

    told = _told_sizes(run, window)
    log.info("%s", " ".join(told.sentences))
    if told.warning:
        log.warning("%s", told.warning)
    window.offer_set_up(
        lambda: set_up_words(
            run.texts,
            device=run.settings[DEVICE],
            zone=window.board.zone_title,
            voice=run.texts(window.model.voice.health.text_key),
            sizes=_told_sizes(run, window),
            media=media,
            test=_test_of(run, window),
        ),
        now=run.settings[SET_UP],
        test_voice=lambda: _want_test(window),
    )


def _test_of(run: "Run", window: "BoardWindow") -> tuple[str, bool]:
    """What the voice's self-test says, and whether it warns; nothing where there is none."""
    from display.voice_told import told_test

    proof = window.model.proof
    if proof is None:
        return "", False
    return told_test(run.texts, waits=proof.waits, outcome=proof.outcome, last=proof.last)


def _want_test(window: "BoardWindow") -> None:
    if window.model.proof is not None:
        window.model.proof.want()


def _media(settings: "Settings", window: "BoardWindow") -> "MediaShow | None":
    """What is shown between the calls, or None if nothing is."""
    import time

    folder = settings[MEDIA]
    if folder is None and not settings[STANDARDS]:
        return None
    from display.media_show import MediaShow

    stage = None
    if folder is not None:
        from display.media_stage import ChildStage

        stage = ChildStage(
            lambda: window.board.area.picture_size(),
            lambda: window.board.area.ground,
            parent=window,
        )
        log.info(
            "pictures from %s, %s",
            folder,
            "videos too"
            if stage.plays_videos
            else "no videos: the extra antrean[video] is missing",
        )
    return MediaShow(
        stage,
        folder,
        elapsed_s=time.monotonic,
        picture_s=settings[PICTURE_S],
        page_s=settings[PAGE_S],
        standards=settings[STANDARDS],
    )


def _proofs(run: "Run") -> "Path | None":
    """Where the voice's self-tests are kept; None if it is not to be tested."""
    from ui.running import program_label

    if not run.settings[SELF_TEST] or run.clock_speed != 1:
        return None
    return run.folders.state / "voice-proofs" / program_label(run.program, run.settings)


def _voice(settings: "Settings", clock_speed: float, wake: "Callable[[], None]") -> "Voice | None":
    """The voice in its child process, or None if nothing is to be spoken."""
    is_too_fast = clock_speed > FASTEST_VOICED and settings[VOICE_COUNTERS] is None
    if not settings[VOICE] or is_too_fast:
        return None
    from assets import asset_path
    from voice.phrases import LANGUAGES
    from voice.supervised_voice import SupervisedVoice, voice_command

    own = settings[VOICES]
    clips = [asset_path("voices")] if own is None else [own, asset_path("voices")]
    return SupervisedVoice(voice_command(tuple(LANGUAGES), clips), wake=wake)


def _show_sizes(settings: "Settings") -> int:
    from display.sizes_told import show_sizes

    return show_sizes(settings)


PROGRAM = ScreenProgram(
    name="antrean-display",
    role=DeviceRole.DISPLAY,
    about="The TV of the waiting hall: who is called where, shown and spoken.",
    build=build,
    rooms=("display",),
    options=EVERY,
    answers={SHOW_SIZES.name: _show_sizes},
    examples=(
        "antrean-display --device display-1 --token-file display-1.token",
        "antrean-display --server wss://antrean.local:8765/ --ca branch.pem --screen 2",
        "antrean-display --device display-1 --token-file t --media /srv/antrean/pictures",
        "antrean-display --show-sizes --screen-inches 55 --far-seat-m 10",
        "antrean-display --windowed 960x540+0+0 --clock-speed 60 --voice-counters 1,2",
    ),
    fills_screen=True,
)


def main() -> int:
    """Run the program, or one of its two tools for the voice; its exit code."""
    match sys.argv[1:]:
        case ["voice-check", *words]:
            from display.voice_check import run_check

            return run_check(PROGRAM.options, words)
        case ["voice-record", *words]:
            from display.voice_record import run_recorder

            return run_recorder(words)
    return run_screen(PROGRAM)


if __name__ == "__main__":
    sys.exit(main())
