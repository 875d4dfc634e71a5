"""``antrean-display voice-check``: listen to every label of the branch's calls, and approve it.

With ``--list`` it prints the list on the console instead of opening a window, and its exit code
says whether everything is approved as it sounds now.
"""

import os
import sys
from typing import TYPE_CHECKING

from protocol.roles import DeviceRole
from ui.program import DEVICE, SERVER, ExitCode, ScreenProgram, run_screen
from ui.settings import PATH, TEXT, YES_NO, AnyOption, Option, SettingsError, optional

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from display.voice_check_model import VoiceCheckModel
    from protocol.session import LinkStatus
    from ui.running import Run

NOT_ALL_APPROVED = 1
"""Exit code of ``--list`` while something is new, changed or without sound."""

NO_ANSWER_S = 20.0

LIST = Option("list", YES_NO, False, "print the list and end, without a window", flag_only=True)
LANGUAGES_OPTION = Option(
    "languages",
    optional(TEXT),
    None,
    "check these languages (id,en,jv,su) instead of those in which the branch speaks",
    metavar="CODES",
)
APPROVE_AS = Option(
    "approve-as",
    optional(TEXT),
    None,
    "with --list: approve every sound under this name, after listening to the files",
    metavar="NAME",
    flag_only=True,
)
CHECKS = Option(
    "checks",
    PATH,
    None,
    "folder for sounds and approvals, if not this user's own",
    metavar="FOLDER",
)


def build(run: "Run") -> "QWidget":
    """Make the window, or the console's list behind a window that nobody sees."""
    from assets import asset_path
    from display.options import VOICES
    from display.pre_rendering import ChildPlaying, ChildRendering
    from display.voice_check_model import VoiceCheckModel
    from display.voice_check_window import VoiceCheckWindow
    from ui.theme import console_theme
    from voice.approvals import Approvals, ApprovalsError

    settings = run.settings
    folder = settings[CHECKS] or run.folders.state / "voice-check"
    own = settings[VOICES]
    clips = [asset_path("voices")] if own is None else [own, asset_path("voices")]
    try:
        approvals = Approvals(folder / "approvals.json")
    except ApprovalsError as error:
        raise SettingsError(str(error)) from error
    chosen = settings[LANGUAGES_OPTION]
    model = VoiceCheckModel(
        approvals,
        ChildRendering(folder / "labels", clips),
        ChildPlaying(),
        now=run.now,
        languages=None if chosen is None else [code.strip() for code in chosen.split(",")],
    )
    window = VoiceCheckWindow(
        model, run.texts, console_theme(), server=settings[SERVER], device=settings[DEVICE]
    )
    run.listen(
        on_welcome=model.on_welcome,
        on_notice=lambda _notice: None,
        on_state=_watch_link(run, model),
    )
    if settings[LIST]:
        _list_when_made(run, model, window)
    return window


def _watch_link(run: "Run", model: "VoiceCheckModel") -> "Callable[[LinkStatus], None]":
    def on_state(status: "LinkStatus") -> None:
        if status.state == "refused":
            model.fault = run.texts("voice-check.refused", device=run.settings[DEVICE])
            if run.settings[LIST]:
                sys.stderr.write(f"{model.fault}\n")
                run.app.exit(ExitCode.REFUSED)
            model.changed()

    return on_state


def _list_when_made(run: "Run", model: "VoiceCheckModel", window: "QWidget") -> None:
    from PySide6.QtCore import QTimer

    looking = QTimer(window, interval=100)
    patience = QTimer(window, interval=int(NO_ANSWER_S * 1000), singleShot=True)

    def look() -> None:
        if model.rows:
            patience.stop()
        if model.over:
            looking.stop()
            if name := run.settings[APPROVE_AS]:
                model.checker = name
                for row in model.rows:
                    model.approve(row.label.key)
            sys.stdout.write(listing(model, run))
            sys.stdout.flush()
            run.app.exit(ExitCode.OK if model.all_well else NOT_ALL_APPROVED)

    def give_up() -> None:
        sys.stderr.write(f"no answer from {run.settings[SERVER]} in {NO_ANSWER_S:.0f} s\n")
        run.app.exit(ExitCode.SETTINGS)

    looking.timeout.connect(look)
    patience.timeout.connect(give_up)
    looking.start()
    patience.start()


def listing(model: "VoiceCheckModel", run: "Run") -> str:
    """The list for the console: one line for each label, the sum below."""
    say = run.texts
    lines = []
    for row in model.rows:
        made = row.made
        facts = "-"
        if made is not None and made.origin is not None:
            facts = f"{say(f'voice-check.origin.{made.origin}')} {made.length_s:.1f} s"
        elif made is not None:
            facts = made.fault
        state = say(f"voice-check.state.{row.state or 'making'}")
        by = f"  ({row.approval.by}, {row.approval.at:%Y-%m-%d})" if row.approval else ""
        lines.append(f"{state:<18} {row.label.key:<26} {facts:<22} {row.label.text}{by}")
    tally = model.tally
    facts_of = {
        "total": tally.total,
        "approved": tally.approved,
        "new": tally.new,
        "stale": tally.stale,
        "unspoken": tally.unspoken,
    }
    key = "all_well" if model.all_well else "tally"
    lines += ["", say(f"voice-check.{key}", **facts_of)]
    if model.unused:
        lines.append(say("voice-check.unused", count=len(model.unused)))
    return "\n".join(lines) + "\n"


def program(options: "Sequence[AnyOption]") -> ScreenProgram:
    """The program, with the display's own options, so that it can read the same settings file."""
    return ScreenProgram(
        name="antrean-display voice-check",
        settings_of="antrean-display",
        role=DeviceRole.DISPLAY,
        about=(
            "Listen to everything that the voice of this branch calls, and approve it. Give it a "
            "device of its own: a display that is connected by the same name would lose its link. "
            f"With --list, exit code {NOT_ALL_APPROVED} says that not everything is approved."
        ),
        build=build,
        rooms=("voice_tools",),
        options=(*options, LANGUAGES_OPTION, CHECKS, LIST, APPROVE_AS),
        examples=(
            "antrean-display voice-check --device check-1 --token-file check-1.token",
            "antrean-display voice-check --device check-1 --token-file check-1.token --list",
        ),
        size=(1100, 720),
    )


def run_check(options: "Sequence[AnyOption]", words: "Sequence[str]") -> int:
    """Run the voice-check; its exit code. The console's list wants no screen at all."""
    if "--list" in words:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return run_screen(program(options), words)
