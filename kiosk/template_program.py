"""``antrean-kiosk --edit-paper FILE``: the editor of the ticket's form, without a server."""

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ui.program import LANGUAGE, ExitCode, ScreenProgram, read_settings_alone
from ui.settings import Option, SettingsError

if TYPE_CHECKING:
    from kiosk.printer import TicketPrinter
    from kiosk.template_model import TemplateModel


def edit_paper(
    program: ScreenProgram,
    argv: Sequence[str],
    file_option: Option[Path | None],
    printer_option: Option[str],
    make_printer: Callable[[str, "TemplateModel"], "TicketPrinter | None"],
) -> int:
    """Open the window and run until it is closed; the exit code."""
    try:
        settings = read_settings_alone(program, argv)
        path = settings[file_option]
        if path is None or path.is_dir():
            raise SettingsError(f"{file_option.flag} wants the name of a file, such as karcis.txt.")
    except SettingsError as error:
        sys.stderr.write(f"{program.name}: {error}\n")
        return ExitCode.SETTINGS

    from PySide6.QtWidgets import QApplication

    from assets.texts import Texts
    from kiosk.logo_picture import made_logo
    from kiosk.template_file import FormFile
    from kiosk.template_model import TemplateModel
    from kiosk.template_window import TemplateWindow
    from ui.running import Run
    from ui.theme import console_theme, load_fonts

    app = QApplication.instance() or QApplication([program.name])
    load_fonts()
    rooms = ["paper", "template"]
    texts = {language: Texts.load(language, rooms) for language in ("id", "en")}
    language = settings[LANGUAGE] if settings[LANGUAGE] in texts else "id"
    model = TemplateModel(FormFile(path), texts, language, now=Run.machine_now, make_logo=made_logo)
    try:
        printer = make_printer(settings[printer_option], model)
    except SettingsError as error:
        sys.stderr.write(f"{program.name}: {error}\n")
        return ExitCode.SETTINGS
    window = TemplateWindow(model, texts[language], console_theme())
    if printer is not None:
        model.use_printer(printer)
        printer.listen(window.printer_news.emit)
    window.show()
    try:
        return app.exec()
    finally:
        if printer is not None:
            printer.close()
