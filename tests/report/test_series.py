"""Years of satisfaction and months of outreach: imported, beside the branch's own, never mixed."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from db.engine import sqlite_url
from db.months import arrived_by_month
from protocol.survey_form import ELEMENTS, SKM
from report.document import Document, Section
from report.period_source import PeriodRules, period_document
from report.periods import year_of
from report.series import SeriesReport, series_report
from report.wording import Wording
from server.administration.figures import forget_figures, import_figures, list_figures
from server.administration.refusal import RefusedError
from server.administration.toml_file import FileProblemError
from server.store import Store
from tests.report.survey_days import SurveyDay

FIGURES = Path(__file__).parent / "figures"
TODAY = date(2026, 11, 21)
NOW_MS = 1_795_230_000_000
RULES = PeriodRules("Asia/Jakarta", SKM, "exact", None, 0)
# Domain row 44: the months of Jambi 2020.
JAMBI = (1567, 2679, 1119, 0, 0, 0, 11, 15, 15, 0, 0, 0)


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = sqlite_url(tmp_path / "branch.db")
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    with Store.open(url) as opened:
        yield opened


def series_of(store: Store, quarters_of: int | None = None) -> SeriesReport:
    with store.database.reading() as connection:
        return series_report(
            connection, store.branch_code, today=TODAY, instrument=SKM, quarters_of=quarters_of
        )


def table(folder: Path, *lines: str) -> Path:
    path = folder / "angka.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def document(store: Store, year: int = 2026, language: str = "id") -> Document:
    return period_document(
        store.database, store.branch_code, year_of(year), language, RULES, NOW_MS
    )


def section(document: Document, name: str) -> Section:
    return next(one for one in document.sections if one.id == name)


# Importing.


def test_the_satisfaction_of_2014_to_2017_is_kept_to_the_last_digit(store: Store) -> None:
    """Domain row 25."""
    assert import_figures(store, FIGURES / "kepuasan.csv", "satisfaction", NOW_MS) == 4
    imported = series_of(store).satisfaction.imported
    assert [(one.period, str(one.percent)) for one in imported] == [
        ("2014", "81.0"),
        ("2015", "78.90"),
        ("2016", "78.60"),
        ("2017", "79.50"),
    ]
    assert "Mobile JKN" in imported[3].source


def test_the_outreach_of_2020_shows_its_quiet_months_as_nought(store: Store) -> None:
    """Domain row 44: 5,406 in six active months."""
    assert import_figures(store, FIGURES / "mcs-oc.csv", "outreach-mcs-oc", NOW_MS) == 6
    outreach = series_of(store).outreach
    assert outreach.kinds == ("mcs-oc",)
    assert [one.month for one in outreach.months] == [f"2020-{n:02}" for n in range(1, 13)]
    assert tuple(one.outreach["mcs-oc"] for one in outreach.months) == JAMBI
    assert outreach.totals() == {"mcs-oc": 5406}
    # The office was not counted by this system then: that is not nought.
    assert {one.office for one in outreach.months} == {None}


def test_visits_of_the_office_stand_beside_outreach(store: Store, tmp_path: Path) -> None:
    """Domain row 46: imported for months before the system, its own from then on."""
    day = SurveyDay(store)
    day.open_counter()
    day.serve_and_rate(4)
    day.serve_and_rate(None)
    day.write()
    import_figures(store, FIGURES / "mcs-oc.csv", "outreach-mcs-oc", NOW_MS)
    outreach = table(tmp_path, "bulan,peserta", "11/2026,40", "Oktober 2026,7")
    import_figures(store, outreach, "outreach-mcs-oc", NOW_MS)
    office = table(tmp_path, "bulan;jumlah", "2020-01;9.120", "2026-11;999")
    import_figures(store, office, "office-visits", NOW_MS)
    months = {one.month: one for one in series_of(store).outreach.months}
    assert (months["2020-01"].office, months["2020-01"].office_was_imported) == (9120, True)
    assert (months["2026-11"].office, months["2026-11"].office_was_imported) == (2, False)
    assert months["2026-11"].outreach == {"mcs-oc": 40}
    # Years between are there with all their months; months to come are not.
    assert months["2023-06"].outreach == {"mcs-oc": 0}
    assert "2026-12" not in months


def test_figures_of_the_same_period_are_replaced_and_others_stay(
    store: Store, tmp_path: Path
) -> None:
    import_figures(store, FIGURES / "kepuasan.csv", "satisfaction", NOW_MS)
    again = table(tmp_path, "tahun;persen", "2015;79,1%", "2018-Q1;80")
    import_figures(store, again, "satisfaction", NOW_MS)
    imported = {one.period: one.percent for one in series_of(store).satisfaction.imported}
    assert imported["2015"] == Decimal("79.1")
    assert imported["2018-Q1"] == Decimal(80)
    assert imported["2014"] == Decimal("81.0")
    assert len(imported) == 5
    forget_figures(store, "satisfaction")
    assert series_of(store).satisfaction.imported == ()
    with pytest.raises(RefusedError, match="no series"):
        forget_figures(store, "satisfaction")


@pytest.mark.parametrize(
    ("series", "row", "says"),
    [
        ("satisfaction", "2014-Q5;80", "row 3, period: is in no calendar: a year has 4 quarters"),
        ("satisfaction", "2014-13;80", "row 3, period: is no year and no quarter"),
        ("satisfaction", "214;80", "row 3, period"),
        ("satisfaction", "1066;80", "row 3, period: is not between"),
        ("satisfaction", "2015;101", "row 3, value: is more than 100 percent"),
        ("satisfaction", "2015;banyak", "row 3, value: is no number"),
        ("satisfaction", "2015;", "row 3, value: is no number"),
        ("satisfaction", "2015;-5", "row 3, value: begins as a formula does"),
        ("satisfaction", "2014;80", "row 3, period: is that of row 2 already"),
        ("outreach-mcs-oc", "2020-13;80", "row 3, period: is in no calendar: a year has 12"),
        ("outreach-mcs-oc", "30 Februari 2020;80", "row 3, period: is no month"),
        ("outreach-mcs-oc", "2020;80", "row 3, period: is no month"),
        ("outreach-mcs-oc", "Foobar 2020;80", "row 3, period: is in no calendar"),
        ("outreach-mcs-oc", "2020-02;12,5", "row 3, value: is no whole number"),
        ("outreach-mcs-oc", "2020-02;=1+1", "row 3, value: begins as a formula does"),
        ("outreach-mcs-oc", "Total;5406", "row 3, period: is no month"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_taken(
    store: Store, tmp_path: Path, series: str, row: str, says: str
) -> None:
    good = "2014;81.0" if series == "satisfaction" else "2020-01;1567"
    path = table(tmp_path, "periode;nilai", good, row)
    with pytest.raises(RefusedError) as refused:
        import_figures(store, path, series, NOW_MS)
    assert says in str(refused.value)
    assert list_figures(store) == ["no figures were imported"]


@pytest.mark.parametrize("series", ["", "kepuasan", "outreach-", "outreach-MCS", "outreach-a b"])
def test_a_series_that_nobody_reads_is_refused(store: Store, series: str) -> None:
    with pytest.raises(RefusedError, match="is no series"):
        import_figures(store, FIGURES / "mcs-oc.csv", series, NOW_MS)


def test_a_file_that_is_no_such_table_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(FileProblemError):
        import_figures(store, table(tmp_path, "nama;alamat", "a;b"), "satisfaction", NOW_MS)
    with pytest.raises(RefusedError, match="no figures"):
        import_figures(store, table(tmp_path, "tahun;nilai"), "satisfaction", NOW_MS)


def test_what_was_imported_is_listed_with_its_sum(store: Store) -> None:
    import_figures(store, FIGURES / "mcs-oc.csv", "outreach-mcs-oc", NOW_MS)
    import_figures(store, FIGURES / "kepuasan.csv", "satisfaction", NOW_MS)
    lines = list_figures(store)
    assert "outreach-mcs-oc: 5406 in all" in lines
    assert any("2014" in line and "81.0" in line for line in lines)
    # Percentages of years come to nothing together.
    assert not any(line.startswith("satisfaction:") for line in lines)


# Beside each other.


def test_imported_years_the_survey_and_one_tap_are_three_series(store: Store) -> None:
    import_figures(store, FIGURES / "kepuasan.csv", "satisfaction", NOW_MS)
    day = SurveyDay(store)
    day.open_counter()
    day.fill_in(dict.fromkeys(ELEMENTS[SKM], 4))
    for score in (1, 3, 4):
        day.serve_and_rate(score)
    day.write()
    series = series_of(store, 2026).satisfaction
    assert series.periods == ("2014", "2015", "2016", "2017", "2026", "2026-Q4")
    year, quarter = series.own
    assert (year.survey.value, year.forms) == (Decimal("100.00"), 1)
    assert year.ratings == quarter.ratings == 3
    assert year.good_percent is not None
    assert round(year.good_percent, 1) == Decimal("66.7")
    shown = section(document(store), "satisfaction")
    wording = Wording.of("id", "Asia/Jakarta")
    rows = [[wording(cell) for cell in row] for row in shown.tables[0].rows]
    assert rows[0][:2] == ["2014", "81,0%"]
    assert rows[1][:2] == ["2015", "78,9%"]
    assert rows[0][3:] == ["–", "", "–", "–", "–"]
    assert rows[4] == ["2026", "–", "", "100,00", "1/9", "1", "66,7%", "3"]
    # No bar is drawn from one series into another.
    imported, good = shown.bars[0].series
    assert [one is None for one in imported.values] == [False] * 4 + [True]
    assert [one is None for one in good.values] == [True] * 4 + [False]


def test_the_year_shows_outreach_with_noughts_in_table_and_chart(store: Store) -> None:
    import_figures(store, FIGURES / "mcs-oc.csv", "outreach-mcs-oc", NOW_MS)
    shown = section(document(store), "outreach")
    assert [row[1].value for row in shown.tables[0].rows] == list(JAMBI)
    assert shown.tables[0].total is not None
    assert shown.tables[0].total[1].value == 5406
    assert shown.bars[0].series[1].values == JAMBI
    assert shown.bars[0].labels[0] == "Jan 20"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_year_without_anything_is_a_document(store: Store, language: str) -> None:
    empty = document(store, 2019, language)
    assert [one.id for one in empty.sections] == ["trend", "comparison", "problems", "spared"]


def test_who_came_by_month_is_what_the_days_say(store: Store) -> None:
    day = SurveyDay(store)
    day.open_counter()
    day.serve_and_rate(None)
    day.write()
    with store.database.reading() as connection:
        by_month = arrived_by_month(
            connection, store.branch_code, date(2026, 1, 1), date(2026, 12, 31)
        )
    assert by_month == {"2026-11": 1}
