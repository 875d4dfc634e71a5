"""The page: headings, tables that say what they are, nothing that runs, nothing that breaks out."""

import re
from dataclasses import replace

import pytest

from report.day_document import day_document
from report.document import Cell, Document, Kind
from report.html import as_html, fragment
from report.wording import plain
from tests.report.busy_monday import ZONE, busy_monday
from tests.report.reading_back import PAYLOADS, Page


@pytest.fixture(scope="module")
def document() -> Document:
    return day_document(busy_monday(), "id", ZONE)


def test_every_table_says_what_it_is_and_every_heading_its_scope(document: Document) -> None:
    page = Page(as_html(document).decode())
    tags = [tag for tag, _ in page.tags]
    assert tags.count("caption") == tags.count("table") >= 8
    assert all(attrs.get("scope") for tag, attrs in page.tags if tag == "th")
    assert [tag for tag in tags if tag == "h1"] == ["h1"]
    assert tags.count("h2") == len(document.sections)
    assert ("html", {"lang": "id"}) in page.tags
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_a_file_needs_nothing_but_itself_and_runs_nothing(document: Document) -> None:
    text = as_html(document).decode()
    page = Page(text)
    assert not {tag for tag, _ in page.tags} & {"script", "img", "link", "iframe", "object"}
    for _, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on") or name == "style"]
    assert "default-src 'none'" in text
    assert "@media print" in text
    assert "size: A4" in text
    meters = [attrs for tag, attrs in page.tags if tag == "meter"]
    assert len(meters) == 20, "bars without a script"


def test_part_of_a_page_has_no_style_of_its_own_and_its_figures_open_their_tickets(
    document: Document,
) -> None:
    """The page's policy allows no style or script inside it."""
    section = document.sections[0]
    table = section.tables[0]
    named = replace(table.rows[0][1], behind="issued&service=A")
    nothing = Cell(None, Kind.COUNT, behind="none")
    row = (table.rows[0][0], named, nothing, *table.rows[0][3:])
    only = replace(table, columns=table.columns[:3], rows=(row[:3],), total=None)
    changed = replace(section, tables=(only,))
    bare = replace(document, headline=(), sections=(changed,))
    page = Page(fragment(bare, lambda one: f"/tickets?figure={one}"))
    assert not {"style", "script", "meter"} & {tag for tag, _ in page.tags}
    links = [attrs["href"] for tag, attrs in page.tags if tag == "a"]
    assert links == ["/tickets?figure=issued&service=A"], "what nobody measured opens nothing"


def test_charts_of_the_page_are_drawn_from_their_tables(document: Document) -> None:
    page = Page(fragment(document))
    charts = [attrs for tag, attrs in page.tags if tag == "table" and "data-chart" in attrs]
    assert charts == [{"data-chart": "flow", "data-bars": "1,2"}]
    values = [attrs["data-value"] for tag, attrs in page.tags if attrs.get("data-value")]
    assert "141" in values
    assert "0.13" not in page.text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_people_write_stays_text(payload: str, document: Document) -> None:
    """F49, reopened with a real HTML parser: the same tags and attributes, the payload as text."""
    report = busy_monday()

    def page_with(name: str) -> Page:
        evil = replace(report.services[0], names={"id": name}, code="EVIL")
        wrong = replace(report, branch_name=name, services=(evil,), wrong=(name,))
        return Page(as_html(day_document(wrong, "id", ZONE), marks="x").decode())

    plainly, given = page_with("Kantor"), page_with(payload)
    assert [tag for tag, _ in given.tags] == [tag for tag, _ in plainly.tags]
    assert [set(attrs) for _, attrs in given.tags] == [set(attrs) for _, attrs in plainly.tags]
    assert re.sub(r"\s+", " ", plain(payload)) in given.text
