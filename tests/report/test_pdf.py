"""The paper: one A4 page that is legible, also in black and white, and says whose it is."""

import io
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from PIL import Image

from report.day import Counted, DayReport
from report.day_document import day_document
from report.document import (
    Cell,
    Column,
    Document,
    Fact,
    Kind,
    Section,
    Table,
    count,
    words,
)
from report.pdf import as_pdf
from report.pdf_look import SIZE_MIN
from tests.report.busy_monday import DATE, ZONE, busy_monday
from tests.report.reading_back import PAYLOADS, pdf_facts, pdf_picture, pdf_texts

A4 = (595, 842)


@pytest.fixture(scope="module")
def paper() -> bytes:
    return as_pdf(day_document(busy_monday(), "id", ZONE))


def sizes_of(data: bytes) -> set[float]:
    """Every size of text on the first page, in points."""
    import pypdfium2
    import pypdfium2.raw as raw

    pdf = pypdfium2.PdfDocument(data)
    try:
        texts = pdf[0].get_textpage()
        return {
            round(raw.FPDFText_GetFontSize(texts, at), 1) for at in range(texts.count_chars())
        } - {0.0, 1.0}
    finally:
        pdf.close()


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_busy_monday_fits_on_one_page_and_is_legible(language: str) -> None:
    """Eight services, twelve counters, ten hours; nothing below 6.5 points."""
    data = as_pdf(day_document(busy_monday(), language, ZONE))
    pages = pdf_texts(data)
    assert len(pages) == 1
    assert min(sizes_of(data)) >= SIZE_MIN - 0.05
    picture = pdf_picture(data, dpi=72)
    assert picture.size == pytest.approx(A4, abs=2)


def test_the_paper_says_whose_it_is_and_what_it_was_counted_from(paper: bytes) -> None:
    text = re.sub(r"\s+", " ", pdf_texts(paper)[0])
    seal = busy_monday().seal
    assert seal is not None
    for expected in (
        "Laporan harian",
        "Senin 23 November 2026",
        "BPJS Kesehatan Kantor Cabang Surabaya Contoh",
        "Ratna Kusumawardani",
        "Dibuka 07.58",
        "Ditutup 16.03",
        "Cocok",
        "halaman 1/1",
        seal.head_hash,
        "Arti angka",
        "gangguan REHAB",
    ):
        assert expected in text, expected


def test_the_paper_knows_its_title_language_and_fonts(paper: bytes) -> None:
    facts = pdf_facts(paper)
    assert facts["Title"].startswith("Laporan harian · BPJS Kesehatan")
    assert facts["Author"] == "Ratna Kusumawardani"
    assert facts["CreationDate"].startswith("D:20261123160300+07")
    assert b"/Lang (id)" in paper
    assert paper.count(b"/FontFile2") >= 3, "Inter is in the file, whatever the machine has"


def test_nothing_is_printed_beyond_what_a_printer_reaches(paper: bytes) -> None:
    """5 mm around stay white."""
    picture = pdf_picture(paper, dpi=100).convert("L")
    width, height = picture.size
    margin = round(100 * 5 / 25.4)
    inner = Image.new("L", picture.size, 255)
    box = (margin, margin, width - margin, height - margin)
    framed = picture.copy()
    framed.paste(inner.crop(box), box[:2])
    assert framed.getextrema() == (255, 255)


def test_bars_are_told_apart_without_colour(paper: bytes) -> None:
    """One kind is full and dark, the other striped: in grey they differ by more than their tone."""
    grey = pdf_picture(paper, dpi=150).convert("L")
    width, height = grey.size
    chart = grey.crop((0, round(height * 0.585), round(width * 0.66), round(height * 0.665)))
    columns = [
        dots([chart.getpixel((x, y)) for y in range(chart.height)]) for x in range(chart.width)
    ]
    # From above: a full bar is one long dark run, a striped one dark and light in turn, often.
    assert max(len(run) for one in columns for run in re.findall("#+", one)) >= 60
    assert sum(bool(re.search(r"(#{1,6}\.{1,9}){8,}", one)) for one in columns) > 20


def dots(row: Sequence[object]) -> str:
    return "".join("#" if int(str(one)) < 150 else "." for one in row)


def test_long_lists_are_gathered_only_as_far_as_the_page_needs() -> None:
    """What is rare goes together as 'lainnya (n)', and its count with it."""
    reasons = tuple(Counted(f"Alasan {place}", 90 - place) for place in range(90))
    report = busy_monday()
    report = replace(report, arrivals=replace(report.arrivals, solved_reasons=reasons))
    pages = pdf_texts(as_pdf(day_document(report, "id", ZONE)))
    assert len(pages) == 1
    text = re.sub(r"\s+", " ", pages[0])
    found = re.search(r"Selesai di pintu karena: (.*?) Kanal yang", text)
    assert found is not None
    shown = [
        int(many.replace(".", ""))
        for many in re.findall(r"(?:Alasan \d+|lainnya \(\d+\)) ([\d.]+)", found[1])
    ]
    assert sum(shown) == sum(one.many for one in reasons)


def test_too_much_for_one_page_goes_on_to_another_and_nothing_is_lost() -> None:
    report = busy_monday()
    counters = tuple(replace(report.counters[0], number=number) for number in range(1, 80))
    pages = pdf_texts(as_pdf(day_document(replace(report, counters=counters), "id", ZONE)))
    assert len(pages) > 1
    text = re.sub(r"\s+", " ", " ".join(pages))
    for number in range(1, 80):
        assert re.search(rf"\b{number} 60 55 3 1 1 ", text)
    assert f"halaman 1/{len(pages)}" in text


def test_a_day_without_anybody_is_a_paper_too() -> None:
    data = as_pdf(day_document(DayReport("1301", "Kantor", DATE, 1_795_395_600_000), "id", ZONE))
    assert len(pdf_texts(data)) == 1


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_people_write_stays_text(payload: str) -> None:
    """F49: marks of a text out of data are shown, not obeyed."""
    report = busy_monday()
    service = replace(report.services[0], code="EVIL", names={"id": payload})
    report = replace(
        report,
        branch_name=payload,
        services=(service, *report.services[1:]),
        arrivals=replace(report.arrivals, solved_reasons=(Counted("x", 3, {"id": payload}),)),
    )
    data = as_pdf(day_document(report, "id", ZONE))
    assert len(pdf_texts(data)) == 1
    assert b"/JavaScript" not in data
    assert b"/URI" not in data
    if "<b>" in payload:
        assert "<b>bold</b>" in re.sub(r"\s+", "", pdf_texts(data)[0])


def test_other_documents_flow_over_pages_with_their_tables_cut_between_rows() -> None:
    """Months and surveys have as many pages as they need; each page repeats the heading."""
    rows = tuple((words(f"baris {at}"), count(at)) for at in range(200))
    table = Table(
        "t", "Tabel", (Column("Nama"), Column("Banyak", Kind.COUNT)), rows, (words("S"), count(9))
    )
    document = Document(
        "x",
        "id",
        "Laporan bulanan",
        "November 2026",
        "Kantor",
        ZONE,
        headline=(Fact("a", "A", Cell(3, Kind.COUNT)),),
        sections=(Section("s", "Bagian", tables=(table,)),),
    )
    pages = pdf_texts(as_pdf(document))
    assert len(pages) > 2
    text = re.sub(r"\s+", " ", " ".join(pages))
    assert all(re.search(rf"baris {at} ?{at}\b", text) for at in range(200))
    assert all("Banyak" in page for page in pages)


def test_the_picture_of_the_paper_can_be_looked_at(paper: bytes) -> None:
    """For eyes: it is neither empty nor black."""
    picture = pdf_picture(paper).convert("L")
    inked = sum(picture.histogram()[:200]) / (picture.width * picture.height)
    assert 0.05 < inked < 0.35
    file = io.BytesIO()
    picture.save(file, "PNG")
    assert len(file.getvalue()) > 20_000
