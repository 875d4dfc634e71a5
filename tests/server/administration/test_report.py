"""antrean-server report: a day as a file, beside the running server, and what doctor says of it."""

import io
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from db.engine import sqlite_url
from report.keeper import ReportKeeper
from report.source import BranchDays
from server.__main__ import main
from server.administration.report import look_at_reports, read_document, sending_rules
from server.administration.settings import set_setting
from server.store import Store
from tests.report.mailbox import Mailbox
from tests.report.reading_back import Page, csv_rows, pdf_texts, sheets
from tests.server.stored_day import DAY_MS, MORNING_MS, a_whole_day

Run = Callable[..., tuple[int, bytes, str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "branch"
    folder.mkdir()
    with Store.open(sqlite_url(folder / "branch.db")) as store:
        a_whole_day(store)
    return folder


@pytest.fixture
def run(
    capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Run]:
    """The program's main, in a folder of its own, with the bytes that it printed."""
    root = logging.getLogger()
    before = (root.level, list(root.handlers))
    for name in [name for name in os.environ if name.startswith("ANTREAN_")]:
        monkeypatch.delenv(name)
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def run(*words: str) -> tuple[int, bytes, str]:
        capfdbinary.readouterr()
        try:
            code = main(list(words))
        except SystemExit as way_out:  # argparse's own way out
            code = int(way_out.code or 0)
        sys.stdout.flush()
        printed = capfdbinary.readouterr()
        return code, printed.out, printed.err.decode()

    yield run
    root.setLevel(before[0])
    root.handlers[:] = before[1]


def test_a_report_is_written_under_a_telling_name(run: Run, data: Path, tmp_path: Path) -> None:
    for format_ in ("pdf", "xlsx", "csv", "html"):
        code, out, err = run("report", "--format", format_, "--data", str(data))
        name = f"laporan-1301-2026-11-20.{format_}"
        assert (code, out) == (0, b"")
        assert f"wrote {name}" in err
    here = tmp_path / "here"
    files = {path.suffix: path.read_bytes() for path in here.iterdir()}
    assert "Jumat 20 November 2026" in pdf_texts(files[".pdf"])[0]
    assert "Jumat 20 November 2026" in Page(files[".html"].decode()).text
    assert sheets(files[".xlsx"])["Ringkasan"]["A1"].value.startswith("Laporan harian")
    rows = {row[3]: row[4] for row in csv_rows(files[".csv"]) if row[0] == "utama" and not row[2]}
    assert (rows["Nomor diberikan"], rows["Selesai dilayani"]) == ("4", "1")


def test_it_works_beside_a_server_and_for_a_day_that_is_open(
    run: Run, data: Path, tmp_path: Path
) -> None:
    """Reading only (F09)."""
    with Store.open(sqlite_url(data / "branch.db")) as server:
        before = (data / "branch.db").stat().st_size
        code, _, _ = run("report", "--date", "2026-11-20", "--to", "x.pdf", "--data", str(data))
        assert code == 0
        assert server.load_day().business_date is not None
        assert (data / "branch.db").stat().st_size == before


def test_it_speaks_english_when_asked(run: Run, data: Path, tmp_path: Path) -> None:
    run("report", "--language", "en", "--data", str(data))
    paper = (tmp_path / "here" / "report-1301-2026-11-20.pdf").read_bytes()
    assert "Friday 20 November 2026" in pdf_texts(paper)[0].replace("Friday, ", "Friday ")


def test_a_pipe_gets_the_bytes_and_nothing_else(run: Run, data: Path) -> None:
    code, out, _ = run("report", "--format", "csv", "--to", "-", "--data", str(data))
    assert code == 0
    assert csv_rows(out)[0] == ["bagian", "tabel", "baris", "angka", "nilai", "satuan", "tertulis"]
    code, out, _ = run("report", "--to", "-", "--data", str(data))
    assert (code, len(pdf_texts(out))) == (0, 1)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--date", "soon"], 3, "is no date"),
        (["--date", "2026-11-19"], 3, "no business day on 2026-11-19"),
        (["--to", "no/such/folder/x.pdf"], 3, "no such folder"),
        (["--to", "taken.pdf"], 3, "is there already"),
        (["--format", "docx"], 2, "invalid choice"),
        (["--to", "/dev/full/x.pdf"], 3, "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_cure(
    run: Run, data: Path, words: list[str], code: int, said: str
) -> None:
    Path("taken.pdf").write_text("mine")
    found, out, err = run("report", *words, "--data", str(data))
    assert (found, out) == (code, b"")
    assert said in err
    assert "Traceback" not in err
    assert Path("taken.pdf").read_text() == "mine"


def test_the_files_of_the_command_are_those_that_the_branch_keeps(run: Run, data: Path) -> None:
    """The same figures to the last digit: the keeper's paper and the command's are one text."""
    with Store.open(sqlite_url(data / "branch.db"), read_only=True) as store:
        days = BranchDays(
            store.database,
            lambda: store.branch_code,
            lambda: sending_rules(store),
            lambda: MORNING_MS + DAY_MS,
        )
        made = ReportKeeper(data, days).look(MORNING_MS + DAY_MS).made
    run("report", "--to", "x.pdf", "--data", str(data))
    assert [path.name for path in made] == ["2026-11-20.pdf"]
    assert pdf_texts(made[0].read_bytes()) == pdf_texts(Path("x.pdf").read_bytes())


# doctor.


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    with Store.open(sqlite_url(data / "branch.db")) as opened:
        yield opened


def test_reports_that_go_nowhere_are_well(store: Store, data: Path) -> None:
    assert look_at_reports(store, data).level == "ok"


def test_a_folder_is_tried_by_writing(store: Store, data: Path, tmp_path: Path) -> None:
    share = tmp_path / "share"
    set_setting(store, "report.folder", str(share))
    missing = look_at_reports(store, data)
    assert (missing.level, "does not exist" in missing.what) == ("error", True)
    share.mkdir()
    assert look_at_reports(store, data).level == "ok"
    assert list(share.iterdir()) == []
    set_setting(store, "report.folder", "share")
    assert "no whole path" in look_at_reports(store, data).what


def test_mail_is_tried_as_far_as_the_sign_in(store: Store, data: Path) -> None:
    set_setting(store, "report.mail_to", "kepala@kantor.id")
    missing = look_at_reports(store, data)
    assert (missing.level, "no-account" in missing.what) == ("error", True)
    assert "chmod 600" in missing.cure
    account = data / "smtp.toml"
    with Mailbox() as mailbox:
        account.write_text(
            f'host = "127.0.0.1"\nport = {mailbox.port}\nsecurity = "none"\nfrom = "a@b.id"\n'
        )
        account.chmod(0o600)
        assert look_at_reports(store, data).level == "ok"
        assert mailbox.letters == []
    assert "unreachable" in look_at_reports(store, data).what


def test_what_was_not_sent_yet_is_told(store: Store, data: Path, tmp_path: Path, run: Run) -> None:
    share = tmp_path / "share"
    set_setting(store, "report.folder", str(share))
    days = BranchDays(
        store.database, lambda: store.branch_code, lambda: sending_rules(store), lambda: MORNING_MS
    )
    assert ReportKeeper(data, days).look(MORNING_MS + DAY_MS).problems
    share.mkdir()
    looked = look_at_reports(store, data)
    assert (looked.level, looked.what.startswith("1 not sent yet")) == ("warning", True)
    code, out, _ = run("doctor", "--data", str(data), "--port", "0")
    assert b"warning  reports: 1 not sent yet" in out
    assert code in (0, 1)


def test_the_document_of_a_stored_day_adds_up(store: Store) -> None:
    document = read_document(store, None, "id", MORNING_MS + DAY_MS)
    assert document.marks[0].good
    assert len(document.proof) == 64
