"""The kiosk program: composition root of the visitor's screen and its printer, and of the pad
at a counter on which a service is rated."""

import sys
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from protocol.roles import DeviceRole
from ui.program import (
    DRIVEN,
    KIOSK_MODE,
    LANGUAGE,
    SCREEN_INCHES,
    ExitCode,
    ScreenProgram,
    run_screen,
)
from ui.settings import (
    PATH,
    POSITIVE,
    TEXT,
    YES_NO,
    Option,
    Settings,
    SettingsError,
    one_of,
)

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from assets.texts import Texts
    from kiosk.choosing_model import ChoosingModel
    from kiosk.choosing_window import ChoosingWindow
    from kiosk.offline_desk import OfflineDesk
    from kiosk.papers import PaperMaker
    from kiosk.printer import TicketPrinter
    from kiosk.supervised_printer import LayOut
    from kiosk.visit import KioskChoices
    from protocol.messages import Welcome
    from ui.running import Run
    from ui.theme import Theme
    from ui.tokens import Sizes

RATING = "rating"
SEAT = Option(
    "seat",
    one_of("kiosk", RATING),
    "kiosk",
    "kiosk: where visitors take a number; rating: the pad at a counter that asks how the service "
    "was (a rating device)",
    metavar="SEAT",
)
PRINTER = Option(
    "printer",
    TEXT,
    "none",
    "address of the ticket printer: network://HOST:9100, usb://auto, serial:///dev/ttyUSB0, "
    "file:///dev/usb/lp0, or none",
    metavar="URL",
)
EXIT_PIN = Option(
    "exit-pin",
    TEXT,
    "",
    "PIN that ends a locked kiosk after holding its top left corner for 5 s; "
    "without one there is no way out",
    metavar="PIN",
    secret=True,
)
HASH_PIN = Option(
    "hash-pin",
    YES_NO,
    False,
    "read a PIN from standard input, print it in a form for exit_pin that does not tell it, end",
    flag_only=True,
)
EDIT_PAPER = Option(
    "edit-paper",
    PATH,
    None,
    "write the form of the ticket in this file, with the paper beside it; needs no server",
    metavar="FILE",
    flag_only=True,
)
UNKNOWN_SERVICE = Option(
    "unknown-service",
    TEXT,
    "",
    'code of the service for "I do not know", if not the one that the catalogue marks',
    metavar="CODE",
)
NUMBER_STAYS = Option(
    "number-stays",
    POSITIVE,
    8.0,
    "seconds that a number stays on the screen after its paper is out",
    metavar="SECONDS",
)

SPEECH = Option(
    "speech",
    YES_NO,
    True,
    "read the pages aloud to whoever asks for it; a headset or a tactile pad makes it whole",
)
VOICES = Option(
    "voices", PATH, None, "folder with the branch's own recorded voices", metavar="FOLDER"
)

DESK_LOOKS_MS = 100
"""How often the desk looks whether a link that is lost is away for good."""


def build(run: "Run") -> "QWidget":
    """Make the window of the seat that the settings ask for."""
    return _rating_pad(run) if run.settings[SEAT] == RATING else _kiosk(run)


def _rating_pad(run: "Run") -> "QWidget":
    """Four faces, for whoever has just been served."""
    import time

    from PySide6.QtCore import Qt, QTimer

    from kiosk.leaving_model import LeavingModel
    from kiosk.rating_model import PadPatience, RatingModel
    from kiosk.rating_window import RatingWindow
    from kiosk.real_size import pad_sizes
    from kiosk.visit import KioskChoices
    from ui.qr import warm_up

    settings = run.settings
    locked = settings[KIOSK_MODE]
    model = RatingModel(
        run.ask,
        new_id=lambda: run.link.new_id(),
        now_s=time.monotonic,
        language=settings[LANGUAGE],
        languages=KioskChoices().languages,
        # Whoever drives the program means each press.
        patience=PadPatience(guard_s=0.0) if settings[DRIVEN] else None,
    )
    leaving = LeavingModel(_exit_pin(run) if locked else "", now_s=time.monotonic, leave=run.end)
    window = RatingWindow(
        model,
        theme_of=lambda window: _theme(run, window, pad_sizes),
        texts_of=_texts_of,
        leaving=leaving,
    )
    run.listen(on_welcome=model.on_welcome, on_notice=model.on_notice, on_state=model.on_link)
    if locked:
        run.app.setOverrideCursor(Qt.CursorShape.BlankCursor)
    QTimer.singleShot(400, window, warm_up)
    return window


def _kiosk(run: "Run") -> "QWidget":
    """Make the kiosk's window out of its models, the link and the printer."""
    import time

    from PySide6.QtCore import Qt, QTimer

    from kiosk.choosing_model import ChoosingModel
    from kiosk.choosing_window import ChoosingWindow
    from kiosk.leaving_model import LeavingModel
    from kiosk.paper_health import paper_health
    from kiosk.paper_jobs import PaperJobs
    from ui.qr import warm_up

    locked = run.settings[KIOSK_MODE]
    maker = _paper_maker(run)
    printer = _printer(run, maker)
    desk = _offline_desk(run)
    ask = run.ask if desk is None else desk.ask
    model = ChoosingModel(
        ask,
        PaperJobs(printer, ask, new_id=lambda: run.link.new_id(), now_s=time.monotonic),
        new_id=lambda: run.link.new_id(),
        now_s=time.monotonic,
        server_now=run.now,
        choices=_choices(run),
    )
    leaving = LeavingModel(_exit_pin(run) if locked else "", now_s=time.monotonic, leave=run.end)
    window = ChoosingWindow(
        model,
        theme_of=lambda window: _theme(run, window),
        texts_of=_texts_of,
        leaving=leaving,
    )

    def on_welcome(welcome: "Welcome") -> None:
        maker.learn(welcome.paper)
        model.on_welcome(welcome)

    if desk is None:
        run.listen(on_welcome=on_welcome, on_notice=model.on_notice, on_state=model.on_link)
    else:
        desk.greeted = lambda welcome: maker.learn(welcome.paper)
        desk.serve(model)
        run.listen(on_welcome=desk.on_welcome, on_notice=desk.on_notice, on_state=desk.on_link)
        clock = QTimer(window, interval=DESK_LOOKS_MS)
        clock.timeout.connect(desk.tick)
        clock.start()
    run.tell_health(lambda: paper_health(printer.status()), window)
    printer.listen(window.printer_news.emit)
    run.app.aboutToQuit.connect(printer.close)
    if locked:
        # Over the hand that buttons show: on a touch screen a pointer only hides things.
        run.app.setOverrideCursor(Qt.CursorShape.BlankCursor)
    # What costs time comes after the first picture.
    QTimer.singleShot(200, window, printer.start)
    if desk is not None:
        QTimer.singleShot(250, window, desk.resume_papers)
    QTimer.singleShot(400, window, warm_up)
    if run.settings[SPEECH]:
        QTimer.singleShot(500, window, lambda: _guide_by_ear(run, window, model))
    return window


def _offline_desk(run: "Run") -> "OfflineDesk | None":
    """What gives numbers while the server cannot be asked; None where its disk is not ours."""
    import logging
    import time

    from PySide6.QtCore import QTimer

    from kiosk.offline_desk import OfflineDesk
    from kiosk.offline_journal import JournalInUseError, OfflineJournal
    from ui.running import program_label

    path = run.folders.state / "offline" / f"{program_label(run.program, run.settings)}.jsonl"
    try:
        journal = OfflineJournal(path)
    except (JournalInUseError, OSError) as error:
        # The screen serves with the server all the same; without it there are no numbers.
        logging.getLogger(__name__).error("no numbers without the server: %s", error)
        return None
    run.app.aboutToQuit.connect(journal.close)
    return OfflineDesk(
        run.ask,
        journal,
        new_id=lambda: run.link.new_id(),
        now_s=time.monotonic,
        wall_now=run.machine_now,
        soon=lambda call: QTimer.singleShot(0, run, call),
        withdraw=lambda command: run.link.withdraw(command),
    )


def _guide_by_ear(run: "Run", window: "ChoosingWindow", model: "ChoosingModel") -> None:
    """Have the pages read aloud; the voice itself starts with the first visitor who wants it."""
    from assets import asset_path
    from kiosk.reader import PageReader
    from kiosk.spoken_pages import SpokenPages
    from voice.supervised_voice import SupervisedVoice, voice_command

    own = run.settings[VOICES]
    clips = [asset_path("voices")] if own is None else [own, asset_path("voices")]
    languages = (model.choices.language, *model.choices.languages)
    guide = SpokenPages(
        window,
        model,
        PageReader(lambda: SupervisedVoice(voice_command(tuple(dict.fromkeys(languages)), clips))),
    )
    run.app.aboutToQuit.connect(guide.close)


def _choices(run: "Run") -> "KioskChoices":
    from kiosk.visit import KioskChoices, Patience
    from ui.icons import service_icon

    settings = run.settings
    return KioskChoices(
        language=settings[LANGUAGE],
        unknown_service=settings[UNKNOWN_SERVICE],
        icon_of=service_icon,
        speech=settings[SPEECH],
        patience=Patience(
            issued_s=settings[NUMBER_STAYS],
            # Whoever drives the program means each press.
            guard_s=0.0 if settings[DRIVEN] else Patience().guard_s,
        ),
    )


def _exit_pin(run: "Run") -> str:
    from kiosk.exit_pin import ExitPinError, check_setting

    pin = run.settings[EXIT_PIN]
    try:
        check_setting(pin)
    except ExitPinError as error:
        raise SettingsError(str(error)) from error
    return pin


def _paper_maker(run: "Run") -> "PaperMaker":
    """Makes papers in each language that a paper may speak."""
    from assets.texts import Texts
    from kiosk.papers import PaperMaker
    from kiosk.visit import KioskChoices

    texts = {language: Texts.load(language, ["paper"]) for language in KioskChoices().languages}
    return PaperMaker(texts, run.now)


def _printer(run: "Run", maker: "PaperMaker") -> "TicketPrinter":
    """The printer that the settings name, in its supervised process."""
    from kiosk.printer import NoPrinter
    from ui.running import program_label

    journal = run.folders.state / "papers" / f"{program_label(run.program, run.settings)}.jsonl"
    return _printer_at(run.settings[PRINTER], maker, journal) or NoPrinter()


def _printer_at(
    address: str, lay_out: "LayOut", journal: "Path | None" = None
) -> "TicketPrinter | None":
    """The printer at an address, None where it says that there is none."""
    from kiosk.print_journal import PrintJournal
    from kiosk.printer_url import PrinterUrlError, parse_printer_url
    from kiosk.supervised_printer import SupervisedPrinter

    try:
        url = parse_printer_url(address)
    except PrinterUrlError as error:
        raise SettingsError(str(error)) from error
    if url.kind == "none":
        return None
    return SupervisedPrinter(url, lay_out, PrintJournal(journal))


@cache
def _texts_of(language: str) -> "Texts":
    from assets.texts import Texts

    return Texts.load(language, PROGRAM.rooms)


def _theme(
    run: "Run",
    window: "QWidget",
    sizes_of: "Callable[[int, int, float | None], Sizes] | None" = None,
) -> "Theme":
    """Real millimetres on a whole screen; in a window the whole page made to fit."""
    from kiosk.real_size import kiosk_sizes
    from ui.theme import Theme, screen_pitch_mm
    from ui.tokens import LIGHT

    inches = run.settings[SCREEN_INCHES]
    pitch_mm = None if run.windowed else screen_pitch_mm(window.screen(), inches)
    sizes = (sizes_of or kiosk_sizes)(window.width(), window.height(), pitch_mm)
    return Theme(LIGHT, sizes)


def role_of(settings: Settings) -> DeviceRole:
    """The role of the seat: it belongs to the device's token, and the server holds it to that."""
    return DeviceRole.RATING if settings[SEAT] == RATING else DeviceRole.KIOSK


PROGRAM = ScreenProgram(
    name="antrean-kiosk",
    role=DeviceRole.KIOSK,
    role_of=role_of,
    about="The visitor's screen: choose a service, take a number, get it on paper. "
    "With --seat rating the pad at a counter on which a visitor rates the service.",
    build=build,
    rooms=("kiosk",),
    options=(
        SEAT,
        KIOSK_MODE,
        PRINTER,
        EXIT_PIN,
        HASH_PIN,
        EDIT_PAPER,
        UNKNOWN_SERVICE,
        NUMBER_STAYS,
        SPEECH,
        VOICES,
    ),
    examples=(
        "antrean-kiosk --kiosk --device kiosk-1 --token-file token --printer usb://auto",
        "antrean-kiosk --windowed 540x960+50+50 --device kiosk-1 --token-file token",
        "antrean-kiosk --seat rating --kiosk --device rating-1 --token-file rating-1.token",
        "antrean-kiosk --hash-pin < pin.txt",
        "antrean-kiosk --edit-paper karcis.txt",
    ),
    fills_screen=True,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the kiosk from its arguments to its exit code."""
    given = sys.argv[1:] if argv is None else list(argv)
    if HASH_PIN.flag in given:
        return _hash_pin()
    if any(word.split("=")[0] == EDIT_PAPER.flag for word in given):
        from kiosk.template_program import edit_paper

        return edit_paper(
            PROGRAM,
            given,
            EDIT_PAPER,
            PRINTER,
            lambda address, model: _printer_at(address, model.lay_out),
        )
    return run_screen(PROGRAM, argv)


def _hash_pin() -> int:
    from kiosk.exit_pin import ExitPinError, hash_pin

    try:
        print(hash_pin(sys.stdin.readline().strip()))
    except ExitPinError as error:
        sys.stderr.write(f"{PROGRAM.name}: {error}\n")
        return ExitCode.SETTINGS
    return ExitCode.OK


if __name__ == "__main__":
    sys.exit(main())
