"""Writing a ticket's form: mistakes while typing, the last sound paper, saving, an example."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets.texts import Texts
from kiosk.logo_picture import LogoError, made_logo
from kiosk.paper_layout import PAPER_58, Cut, PaperLayout, TextLine
from kiosk.printer import (
    NoPrinter,
    PaperToPrint,
    PrinterReason,
    PrinterStatus,
    PrintOutcome,
    PrintResult,
)
from kiosk.template_examples import Example
from kiosk.template_file import FormFile, FormFileError
from kiosk.template_model import TemplateModel
from protocol.paper_form import DEFAULT_FORM_TEXT
from tests.kiosk.test_paper_template import drawing

NOW = datetime(2026, 11, 20, 1, 12, tzinfo=UTC)


def all_texts() -> dict[str, Texts]:
    return {
        language: Texts.load(language, ["paper", "template"], strict=True)
        for language in ("id", "en")
    }


def model_of(path: Path, language: str = "id") -> TemplateModel:
    return TemplateModel(
        FormFile(path), all_texts(), language, now=lambda: NOW, make_logo=made_logo
    )


@pytest.fixture
def model(tmp_path: Path) -> TemplateModel:
    return model_of(tmp_path / "karcis.txt")


def words(layout: PaperLayout) -> list[str]:
    return [element.text for element in layout.elements if isinstance(element, TextLine)]


class Printer:
    """A printer that ends every paper as it is told to."""

    def __init__(self, outcome: PrintOutcome, reason: PrinterReason | None = None) -> None:
        self.submitted: list[PaperToPrint] = []
        self.results: list[PrintResult] = []
        self._end = outcome, reason

    def start(self) -> None: ...

    def submit(self, paper: PaperToPrint) -> None:
        self.submitted.append(paper)
        self.results.append(PrintResult(paper.job, paper.copy, *self._end))

    def poll(self) -> list[PrintResult]:
        results, self.results = self.results, []
        return results

    def status(self) -> PrinterStatus:
        return PrinterStatus()

    def listen(self, changed: Callable[[], None]) -> None: ...

    def close(self) -> None: ...


def test_a_new_file_begins_with_the_shipped_form(model: TemplateModel) -> None:
    assert model.text == DEFAULT_FORM_TEXT
    assert not model.faults
    assert not model.is_changed
    assert not model.file.path.exists()


def test_each_keystroke_is_on_the_paper_and_a_mistake_leaves_the_last_sound_one(
    model: TemplateModel,
) -> None:
    told: list[bool] = []
    model.changed = lambda: told.append(True)
    model.write("number\ntext: Selamat datang")
    assert "Selamat datang" in words(model.layout())
    model.write("number\ntext: Selamat datang\nfoter")
    assert model.mistakes == ["Baris 3: “foter” bukan bagian karcis. Tulis salah satu: footer."]
    assert "Selamat datang" in words(model.layout())
    assert told == [True, True]


def test_mistakes_are_told_in_the_writers_language(tmp_path: Path) -> None:
    model = model_of(tmp_path / "f", "en")
    model.write("foter")
    assert model.mistakes == ["Line 1: “foter” is no part of a ticket. Write one of: footer."]


@pytest.mark.parametrize(
    ("example", "there", "absent"),
    [
        (Example.ORIGINAL, "A012", "CETAK ULANG"),
        (Example.REPRINT, "CETAK ULANG", "mode mandiri"),
        (Example.OFFLINE, "mode mandiri", "6 orang di depan Anda"),
        (Example.SLIP, "480915", "A012"),
    ],
)
def test_every_kind_of_paper_can_be_looked_at(
    model: TemplateModel, example: Example, there: str, absent: str
) -> None:
    for width_mm in (58, 80):
        for language in model.languages:
            model.look_at(width_mm=width_mm, example=example, language=language)
            layout = model.layout()
            assert layout.columns == {58: 32, 80: 48}[width_mm]
            if language == "id":
                assert there in words(layout)
            assert absent not in words(layout)


def test_two_papers_are_shown_as_two(model: TemplateModel) -> None:
    model.copies = 2
    assert model.layout().elements.count(Cut()) == 2
    assert "SALINAN" in words(model.layout())


def test_what_is_saved_is_there_again_and_nothing_else(model: TemplateModel) -> None:
    model.write("number\nlogo")
    model.choose_logo(drawing())
    assert model.is_changed
    assert model.save()
    assert not model.is_changed
    assert "antrean-server paper load" in model.message
    folder = model.file.path.parent
    assert sorted(file.name for file in folder.iterdir()) == ["karcis.png", "karcis.txt"]
    again = model_of(model.file.path)
    assert (again.text, again.logo) == (model.text, model.logo)
    again.drop_logo()
    assert again.save()
    assert [file.name for file in folder.iterdir()] == ["karcis.txt"]


def test_a_form_with_a_mistake_is_not_saved(model: TemplateModel) -> None:
    """The server would refuse it, and the branch would print the old one without knowing why."""
    model.write("foter")
    assert not model.save()
    assert model.message_is_bad
    assert not model.file.path.exists()


def test_a_folder_that_takes_nothing_is_told(tmp_path: Path) -> None:
    model = model_of(tmp_path / "no" / "such" / "karcis.txt")
    assert not model.save()
    assert model.message.startswith("Tidak dapat disimpan")


def test_a_power_cut_while_saving_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F39."""
    file = FormFile(tmp_path / "karcis.txt")
    file.save("number", b"")

    def cut(self: Path, target: Path) -> Path:
        raise OSError("the power is gone")

    monkeypatch.setattr(Path, "replace", cut)
    with pytest.raises(FormFileError):
        file.save("branch", b"")
    assert file.load() == ("number", b"")


def test_a_file_that_is_no_text_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "karcis.txt"
    path.write_bytes(b"\xff\xfe\x00")
    model = model_of(path)
    assert model.message_is_bad
    assert model.text == DEFAULT_FORM_TEXT
    assert path.read_bytes() == b"\xff\xfe\x00"


@pytest.mark.parametrize("key", ["not_png", "too_large", "too_rich", "empty"])
def test_a_picture_that_cannot_be_a_logo_is_refused_in_words(tmp_path: Path, key: str) -> None:
    def refuse(data: bytes) -> bytes:
        raise LogoError(key)

    texts = all_texts()
    for language in texts:
        model = TemplateModel(
            FormFile(tmp_path / "f"), texts, language, now=lambda: NOW, make_logo=refuse
        )
        model.choose_logo(b"")
        assert model.message_is_bad
        assert model.logo == b""


def test_a_logo_without_a_line_for_it_is_told(model: TemplateModel) -> None:
    model.write("number")
    model.choose_logo(drawing())
    assert "tambahkan baris logo" in model.message


@pytest.mark.parametrize(
    ("outcome", "reason", "told", "bad"),
    [
        (PrintOutcome.PRINTED, None, "Contoh tercetak.", False),
        (PrintOutcome.FAILED, PrinterReason.PAPER_OUT, "Kertas habis", True),
        (PrintOutcome.UNKNOWN, PrinterReason.NO_ANSWER, "Tidak pasti", True),
    ],
)
def test_an_example_is_printed_and_its_end_told(
    model: TemplateModel,
    outcome: PrintOutcome,
    reason: PrinterReason | None,
    told: str,
    bad: bool,
) -> None:
    printer = Printer(outcome, reason)
    model.use_printer(printer)
    model.write("number\ntext: Coba")
    model.print_example()
    model.print_example()
    assert len(printer.submitted) == 1, "one at a time"
    assert "Coba" in words(model.lay_out(printer.submitted[0], PAPER_58))
    model.collect()
    assert told in model.message
    assert model.message_is_bad is bad
    assert model.can_print


def test_without_a_printer_nothing_is_printed(model: TemplateModel) -> None:
    assert not model.can_print
    model.print_example()
    model.collect()
    model.use_printer(NoPrinter())
    model.write("foter")
    assert not model.can_print
