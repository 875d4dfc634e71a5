"""``antrean-server report --month/--year/--period/--survey`` and ``figures``, as they are typed."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.engine import sqlite_url
from protocol.survey_form import ELEMENTS, SKM
from server.__main__ import main
from server.store import Store
from tests.report.survey_days import SurveyDay

FIGURES = Path(__file__).parents[2] / "report" / "figures"


@pytest.fixture(autouse=True)
def log_as_before() -> Iterator[None]:
    """The program's main sets up a log of its own."""
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    yield
    root.setLevel(before[0])
    root.handlers[:] = before[1]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A branch with a day: two served, one rating, one questionnaire."""
    folder = tmp_path / "branch"
    folder.mkdir()
    with Store.open(sqlite_url(folder / "branch.db")) as store:
        day = SurveyDay(store)
        day.open_counter()
        day.serve_and_rate(4)
        day.serve_and_rate(None)
        day.fill_in(dict.fromkeys(ELEMENTS[SKM], 4))
        day.close()
        day.write()
    return folder


def said(capfd: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    try:
        found = main(list(words))
    except SystemExit as ended:
        found = ended.code if isinstance(ended.code, int) else 0
    told = capfd.readouterr()
    assert found == code, told.err
    return told.out + told.err


def csv_of(capfd: pytest.CaptureFixture[str], data: Path, *words: str) -> str:
    return said(capfd, "report", *words, "--format", "csv", "--to", "-", "--data", str(data))


@pytest.mark.parametrize("period", [["--month", "2026-11"], ["--year", "2026"]])
def test_a_month_and_a_year_say_what_the_day_was(
    data: Path, capfd: pytest.CaptureFixture[str], period: list[str]
) -> None:
    told = csv_of(capfd, data, *period, "--language", "en")
    assert "Numbers given;2;count;2" in told.replace('"', "")


def test_a_stretch_of_days_stands_beside_the_one_that_was_asked_for(
    data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    days = ["--period", "2026-11-01..2026-11-19"]
    told = csv_of(capfd, data, *days, "--against", "2026-11", "--language", "en")
    assert "November 2026" in told


def test_a_survey_is_told_with_its_weight(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    told = csv_of(capfd, data, "--survey", "2026-11", "--language", "en")
    assert "100.00" in told
    assert "1/9" in told
    config = ("config", "set", "survey.weight", "0.11", "--data", str(data))
    said(capfd, *config)
    told = csv_of(capfd, data, "--survey", "2026-11", "--language", "en")
    assert "99.00" in told
    assert "0.11" in told


def test_a_file_is_written_once(data: Path, capfd: pytest.CaptureFixture[str]) -> None:
    to = data / "november.html"
    words = ("report", "--month", "2026-11", "--format", "html", "--to", str(to))
    said(capfd, *words, "--data", str(data))
    assert "November 2026" in to.read_text()
    assert "is there already" in said(capfd, *words, "--data", str(data), code=3)


@pytest.mark.parametrize("which", ["--month", "--year", "--period", "--survey"])
def test_what_is_no_period_is_told(
    data: Path, capfd: pytest.CaptureFixture[str], which: str
) -> None:
    told = said(capfd, "report", which, "2026-13", "--data", str(data), code=3)
    assert "is no period" in told


def test_figures_are_imported_listed_and_forgotten(
    data: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    satisfaction, outreach = str(FIGURES / "kepuasan.csv"), str(FIGURES / "mcs-oc.csv")
    where = ("--data", str(data))
    told = said(capfd, "figures", "import", satisfaction, "--series", "satisfaction", *where)
    assert "imported 4 figures" in told
    said(capfd, "figures", "import", outreach, "--series", "outreach-mcs-oc", *where)
    assert "5406 in all" in said(capfd, "figures", "list", *where)
    year = csv_of(capfd, data, "--year", "2026", "--language", "en")
    assert "81.0%" in year
    assert "2,679" in year
    said(capfd, "figures", "forget", "outreach-mcs-oc", *where)
    assert "5406" not in said(capfd, "figures", "list", *where)
    said(capfd, "figures", "import", outreach, "--series", "satisfaction", *where, code=3)
