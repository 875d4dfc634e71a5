"""Writing the form of a ticket: its text, what is wrong in it, and the paper as it will be."""

from collections.abc import Callable, Mapping
from datetime import datetime

from kiosk.paper_layout import PAPER_58, PAPER_80, PaperLayout, PaperSize, Translation
from kiosk.paper_template import COPIES_MAX, TicketForm, sentences
from kiosk.papers import lay_out_paper
from kiosk.printer import PaperToPrint, PrintOutcome, TicketPrinter
from kiosk.template_examples import Example, example_paper
from kiosk.template_file import FormFile, FormFileError
from protocol.paper_form import DEFAULT_FORM, DEFAULT_FORM_TEXT, Fault, FormError, read_form

WIDTHS: Mapping[int, PaperSize] = {58: PAPER_58, 80: PAPER_80}


class TemplateModel:
    """One form while somebody writes it. The preview shows the last text that was sound."""

    def __init__(
        self,
        file: FormFile,
        texts: Mapping[str, Translation],
        language: str,
        *,
        now: Callable[[], datetime],
        make_logo: Callable[[bytes], bytes],
    ) -> None:
        """`texts` by language; `language` is the writer's; `make_logo` raises ValueError."""
        self.changed: Callable[[], None] = lambda: None
        self.file = file
        self.width_mm = 80
        self.example = Example.ORIGINAL
        self.paper_language = language if language in texts else "id"
        self.copies = 1
        self.message = ""
        self.message_is_bad = False
        self.faults: list[Fault] = []
        self._texts, self._say, self._now, self._make_logo = texts, texts[language], now, make_logo
        self._printer: TicketPrinter | None = None
        self._printing: str | None = None
        self._printed_count = 0
        self._form = DEFAULT_FORM
        self.text, self.logo = DEFAULT_FORM_TEXT, b""
        try:
            self.text, self.logo = file.load()
        except FormFileError as error:
            self._tell("template.not_read", bad=True, reason=str(error))
        self._saved = (self.text, self.logo)
        self._read()

    @property
    def languages(self) -> list[str]:
        """The languages that a paper may speak."""
        return list(self._texts)

    @property
    def is_changed(self) -> bool:
        """Whether something is not saved yet."""
        return (self.text, self.logo) != self._saved

    @property
    def mistakes(self) -> list[str]:
        """What is wrong, a sentence for each."""
        return sentences(self.faults, self._say)

    @property
    def can_print(self) -> bool:
        """Whether the settings name a printer, and nothing is on its way to it."""
        return self._printer is not None and self._printing is None and not self.faults

    def use_printer(self, printer: TicketPrinter) -> None:
        """Papers to try come out there."""
        self._printer = printer

    def write(self, text: str) -> None:
        """The text is now this one."""
        self.text = text
        self.message = ""
        self._read()
        self.changed()

    def look_at(
        self,
        *,
        width_mm: int | None = None,
        example: Example | None = None,
        language: str | None = None,
    ) -> None:
        """Show another paper."""
        self.width_mm = width_mm or self.width_mm
        self.example = example or self.example
        self.paper_language = language or self.paper_language
        self.changed()

    def choose_logo(self, data: bytes) -> None:
        """A picture for the line `logo`; one that cannot be used is refused in words."""
        try:
            self.logo = self._make_logo(data)
        except ValueError as error:
            self._tell(f"template.logo_{error}", bad=True)
        else:
            place = any(block.kind == "logo" for block in self._form.blocks)
            self._tell("template.logo_taken" if place else "template.logo_without_place")
        self.changed()

    def drop_logo(self) -> None:
        """Print without a logo."""
        self.logo = b""
        self._tell("template.logo_dropped")
        self.changed()

    def save(self) -> bool:
        """Write the file, if it can be used; whether it was written."""
        if self.faults:
            self._tell("template.mend_first", bad=True)
        else:
            try:
                self.file.save(self.text, self.logo)
            except FormFileError as error:
                self._tell("template.not_saved", bad=True, reason=str(error))
            else:
                self._saved = (self.text, self.logo)
                logo = f" --logo {self.file.logo_path}" if self.logo else ""
                self._tell("template.saved", file=str(self.file.path), logo=logo)
        self.changed()
        return not self.message_is_bad

    def warn_unsaved(self) -> None:
        """Somebody is about to lose what was written."""
        self._tell("template.unsaved", bad=True)
        self.changed()

    def layout(self, paper: PaperSize | None = None) -> PaperLayout:
        """The paper that is looked at, as wide as chosen."""
        wanted = example_paper(self.example, self.paper_language, self._now(), "contoh")
        return self.lay_out(wanted, paper or WIDTHS[self.width_mm])

    def lay_out(self, wanted: PaperToPrint, paper: PaperSize) -> PaperLayout:
        """Any paper by this form; the printer asks from its own thread."""
        form = TicketForm(self._form, self.logo, max(1, min(COPIES_MAX, self.copies)))
        return lay_out_paper(wanted, self._texts, paper, self._now(), form)

    def print_example(self) -> None:
        """Have the paper that is looked at on real paper."""
        if self._printer is None or not self.can_print:
            return
        self._printed_count += 1
        self._printing = f"contoh-{self._printed_count}"
        wanted = example_paper(self.example, self.paper_language, self._now(), self._printing)
        self._tell("template.printing")
        self._printer.submit(wanted)
        self.changed()

    def collect(self) -> None:
        """The printer has news."""
        results = self._printer.poll() if self._printer is not None else []
        for result in results:
            if result.job != self._printing:
                continue
            self._printing = None
            if result.outcome is PrintOutcome.PRINTED:
                self._tell("template.printed")
            else:
                reason = self._say(result.reason.text_key) if result.reason else ""
                self._tell(f"template.print_{result.outcome}", bad=True, reason=reason)
            self.changed()

    def _read(self) -> None:
        try:
            self._form, self.faults = read_form(self.text), []
        except FormError as error:
            self.faults = error.faults

    def _tell(self, key: str, *, bad: bool = False, **facts: str) -> None:
        self.message, self.message_is_bad = self._say(key, **facts), bad
