"""Reports reach a folder and a mailbox: when they should, once each, whatever stands in the way."""

import json
import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest

from report.files import FileProblemError
from report.keeper import Looked, ReportKeeper
from report.mailing import MailProblemError, read_account
from report.sending import (
    DAYS_BACK,
    Kept,
    SendingRules,
    SentList,
    Waiting,
    due_ms,
    errands,
    next_try_ms,
)
from tests.report.kept_days import CLOSED_MS, DAY_MS, HOUR_MS, KeptDays
from tests.report.mailbox import Mailbox

NAME = "laporan-1301-2026-11-23"
KEPT = Kept("2026-11-23", "2026-11-23", CLOSED_MS, Path("x.pdf"), "d")


class Branch:
    """A branch's data with a keeper; ``look`` at an hour after the close."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.days = KeptDays()
        self.share = data / "share"
        self.keeper = ReportKeeper(data, self.days)

    def to(self, **rules: object) -> None:
        self.days.sending = replace(self.days.sending, **rules)  # type: ignore[arg-type]

    def look(self, hours: float = 0.0) -> Looked:
        return self.keeper.look(CLOSED_MS + int(hours * HOUR_MS))

    def account(self, port: int, more: str = "", mode: int = 0o600) -> None:
        path = self.data / "smtp.toml"
        path.write_text(
            f'host = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
            f'from = "antrean@kantor.id"\n{more}'
        )
        path.chmod(mode)

    def sent(self) -> dict[str, object]:
        read: dict[str, object] = json.loads((self.data / "reports" / "sent.json").read_text())
        return read


@pytest.fixture
def branch(tmp_path: Path) -> Branch:
    return Branch(tmp_path)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as open_:
        yield open_


# Planning.


@pytest.mark.parametrize(
    ("send_at", "due"),
    [("", 0), ("15:00", 0), ("16:30", 27 * 60_000), ("18:03", 2 * HOUR_MS)],
)
def test_a_report_leaves_at_the_close_or_at_the_set_time_if_that_is_later(
    send_at: str, due: int
) -> None:
    rules = SendingRules(folder="/x", send_at=send_at)
    assert due_ms(KEPT, rules) == CLOSED_MS + due
    assert not list(errands([KEPT], rules, SentList(), CLOSED_MS + due - 1))
    assert len(list(errands([KEPT], rules, SentList(), CLOSED_MS + due))) == 1


def test_each_place_is_an_errand_of_its_own() -> None:
    rules = SendingRules(folder="/x", mail_to=("a@b.id", "c@d.id"))
    found = [(one.by, one.to) for one in errands([KEPT], rules, SentList(), CLOSED_MS)]
    assert found == [("folder", "/x"), ("mail", "a@b.id"), ("mail", "c@d.id")]


def test_what_was_sent_waits_or_may_have_left_is_not_due() -> None:
    rules = SendingRules(folder="/x", mail_to=("a@b.id", "c@d.id"))
    sent = SentList(
        sent={"folder /x 2026-11-23": 1},
        waiting={"mail a@b.id 2026-11-23": Waiting(1, CLOSED_MS + 60_000, "…")},
        begun=["mail c@d.id 2026-11-23"],
    )
    assert not list(errands([KEPT], rules, sent, CLOSED_MS + 59_999))
    assert [one.to for one in errands([KEPT], rules, sent, CLOSED_MS + 60_000)] == ["a@b.id"]


def test_old_reports_do_not_flood_a_new_address() -> None:
    rules = SendingRules(mail_to=("a@b.id",))
    assert list(errands([KEPT], rules, SentList(), CLOSED_MS + DAYS_BACK * DAY_MS))
    assert not list(errands([KEPT], rules, SentList(), CLOSED_MS + DAYS_BACK * DAY_MS + 1))


def test_patience_grows_to_an_hour() -> None:
    waits = [next_try_ms(tries, 0) for tries in (1, 2, 3, 6, 7, 500)]
    assert waits == [60_000, 120_000, 240_000, 1_920_000, 3_600_000, 3_600_000]


# The folder.


def test_a_report_is_copied_once_in_every_format_with_a_telling_name(branch: Branch) -> None:
    branch.share.mkdir()
    branch.to(folder=str(branch.share), formats=("pdf", "xlsx", "csv", "html"))
    assert branch.look().sent == (f"2026-11-23 → {branch.share}",)
    expected = {f"{NAME}.{one}" for one in ("pdf", "xlsx", "csv", "html")}
    assert {path.name for path in branch.share.iterdir()} == expected
    kept = (branch.data / "reports" / "2026-11-23.pdf").read_bytes()
    assert (branch.share / f"{NAME}.pdf").read_bytes() == kept
    (branch.share / f"{NAME}.pdf").unlink()
    assert branch.look(1).sent == ()
    assert ReportKeeper(branch.data, branch.days).look(CLOSED_MS + HOUR_MS).sent == ()
    assert not (branch.share / f"{NAME}.pdf").exists(), "never twice, also after a restart"


def test_a_later_version_goes_after_the_first(branch: Branch) -> None:
    branch.share.mkdir()
    branch.to(folder=str(branch.share))
    branch.look()
    branch.days.correct()
    assert branch.look(24).sent == (f"2026-11-23-2 → {branch.share}",)
    assert sorted(path.name for path in branch.share.iterdir()) == [f"{NAME}-2.pdf", f"{NAME}.pdf"]


def test_a_share_that_is_off_is_told_never_made_and_tried_again(branch: Branch) -> None:
    branch.to(folder=str(branch.share))
    assert "tidak ada" in branch.look().problems[0]
    assert not branch.share.exists(), "or the report would lie where the share is put over it"
    assert branch.look(0.01).problems, "still told while it waits"
    branch.share.mkdir()
    assert branch.look(0.01).sent == (), "not before its time"
    looked = branch.look(0.02)
    assert (len(looked.sent), looked.problems) == (1, ())


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("full", "disk tujuan penuh"),
        ("read-only", "hanya dapat dibaca"),
        ("refused", "tidak boleh menulis"),
        ("failed", "tidak dapat ditulis"),
    ],
)
def test_a_folder_that_takes_nothing_is_told_in_plain_words(
    branch: Branch, code: str, words: str
) -> None:
    branch.share.mkdir()
    branch.to(folder=str(branch.share))
    problem = FileProblemError(code, branch.share)
    with patch("report.sending.add_durably", side_effect=problem):
        assert words in branch.look().problems[0]
    assert len(branch.look(1).sent) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_disk_that_is_really_full_leaves_nothing_half_written(branch: Branch) -> None:
    branch.share.mkdir()
    (branch.share / f".{NAME}.pdf.new").symlink_to("/dev/full")
    branch.to(folder=str(branch.share))
    assert "disk tujuan penuh" in branch.look().problems[0]
    assert list(branch.share.iterdir()) == []


def test_another_file_of_that_name_is_not_written_over(branch: Branch) -> None:
    branch.share.mkdir()
    (branch.share / f"{NAME}.pdf").write_text("mine")
    branch.to(folder=str(branch.share))
    assert "sudah ada berkas lain" in branch.look().problems[0]
    assert (branch.share / f"{NAME}.pdf").read_text() == "mine"


def test_a_folder_needs_its_whole_path(branch: Branch) -> None:
    branch.to(folder="share")
    assert "jalur lengkap" in branch.look().problems[0]


def test_without_a_list_of_what_was_sent_nothing_leaves(branch: Branch, mailbox: Mailbox) -> None:
    """Or a full disk would send the same letter every half minute."""
    branch.account(mailbox.port)
    branch.to(mail_to=("kepala@kantor.id",))
    problem = FileProblemError("full", branch.data)
    with patch("report.sending.replace_durably", side_effect=problem):
        assert "disk penuh" in branch.look().problems[0]
    assert mailbox.letters == []


def test_a_list_that_cannot_be_read_begins_anew(branch: Branch) -> None:
    branch.share.mkdir()
    branch.to(folder=str(branch.share))
    (branch.data / "reports").mkdir()
    (branch.data / "reports" / "sent.json").write_text("{")
    assert len(branch.look().sent) == 1


# Mail.


def test_a_report_is_mailed_once_to_each_with_its_files(branch: Branch, mailbox: Mailbox) -> None:
    branch.account(mailbox.port)
    branch.to(mail_to=("kepala@kantor.id", "wilayah@kantor.id"), formats=("pdf", "csv"))
    assert len(branch.look().sent) == 2
    branch.look(1)
    ReportKeeper(branch.data, branch.days).look(CLOSED_MS + 2 * HOUR_MS)
    assert [letter["To"] for letter in mailbox.letters] == ["kepala@kantor.id", "wilayah@kantor.id"]
    letter = mailbox.letters[0]
    assert letter["From"] == "antrean@kantor.id"
    assert letter["Subject"].startswith("Laporan harian · BPJS Kesehatan")
    files = {part.get_filename(): part.get_content() for part in letter.iter_attachments()}
    assert set(files) == {f"{NAME}.pdf", f"{NAME}.csv"}
    assert files[f"{NAME}.pdf"] == (branch.data / "reports" / "2026-11-23.pdf").read_bytes()
    body = letter.get_body()
    assert body is not None
    assert "✓ Cocok" in body.get_content()


def test_one_address_that_is_refused_does_not_keep_the_report_from_the_others(
    branch: Branch,
) -> None:
    with Mailbox(refuses=("nobody@kantor.id",)) as mailbox:
        branch.account(mailbox.port)
        branch.to(mail_to=("nobody@kantor.id", "kepala@kantor.id"))
        looked = branch.look()
    assert [letter["To"] for letter in mailbox.letters] == ["kepala@kantor.id"]
    assert "nobody@kantor.id" in looked.problems[0]
    assert "menolak alamat" in looked.problems[0]


def test_a_server_that_is_away_is_tried_again_with_patience(branch: Branch) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    branch.account(port)
    branch.to(mail_to=("kepala@kantor.id",))
    assert "tidak terjangkau" in branch.look().problems[0]
    key = "mail kepala@kantor.id 2026-11-23"
    waiting = branch.sent()["waiting"]
    assert isinstance(waiting, dict)
    assert waiting[key]["next_ms"] == CLOSED_MS + 60_000
    branch.look(1)
    waiting = branch.sent()["waiting"]
    assert isinstance(waiting, dict)
    assert (waiting[key]["tries"], waiting[key]["next_ms"]) == (2, CLOSED_MS + HOUR_MS + 120_000)
    with Mailbox() as mailbox:
        branch.account(mailbox.port)
        looked = branch.look(2)
    assert (len(mailbox.letters), looked.problems) == (1, ())
    assert branch.sent()["waiting"] == {}


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
def test_a_password_is_used_and_a_wrong_one_told_without_showing_it(branch: Branch) -> None:
    branch.to(mail_to=("kepala@kantor.id",))
    with Mailbox(password="benar-sekali") as mailbox:
        branch.account(mailbox.port, 'user = "antrean"\npassword = "salah-sekali"\n')
        said = branch.look().problems[0]
        assert "menolak nama atau kata sandi" in said
        assert "salah-sekali" not in said
        branch.account(mailbox.port, 'user = "antrean"\npassword = "benar-sekali"\n')
        assert len(branch.look(1).sent) == 1
    assert "sekali" not in (branch.data / "reports" / "sent.json").read_text()


def test_a_server_without_the_encryption_that_was_asked_for_gets_nothing(
    branch: Branch, mailbox: Mailbox
) -> None:
    branch.account(mailbox.port)
    path = branch.data / "smtp.toml"
    path.write_text(path.read_text().replace('"none"', '"starttls"'))
    branch.to(mail_to=("kepala@kantor.id",))
    assert "sambungan aman" in branch.look().problems[0]
    assert mailbox.letters == []


def test_a_letter_that_may_have_left_is_not_sent_again_but_told(
    branch: Branch, mailbox: Mailbox
) -> None:
    """The program ended between the letter and the list."""
    branch.account(mailbox.port)
    branch.to(mail_to=("kepala@kantor.id",))
    with (
        patch("report.sending.send_letter", side_effect=KeyboardInterrupt),
        pytest.raises(KeyboardInterrupt),
    ):
        branch.look()
    looked = ReportKeeper(branch.data, branch.days).look(CLOSED_MS + HOUR_MS)
    assert mailbox.letters == []
    assert "tidak diketahui" in looked.problems[0]


def test_a_branch_without_places_sends_nothing_and_writes_no_list(branch: Branch) -> None:
    assert branch.look().sent == ()
    assert not (branch.data / "reports" / "sent.json").exists()


# smtp.toml.

GOOD = 'host = "mail.kantor.id"\nuser = "a"\npassword = "geheim"\nfrom = "a@kantor.id"\n'


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "no-account"),
        ("", "bad-account"),
        ("host = ", "bad-account"),
        (GOOD.replace("host", "hosst"), "bad-account"),
        (GOOD.replace('"a@kantor.id"', '"nobody"'), "bad-account"),
        (GOOD + "port = 99999\n", "bad-account"),
        (GOOD + 'security = "ssl3"\n', "bad-account"),
        (GOOD + 'security = "none"\n', "bad-account"),
        (GOOD.replace('password = "geheim"\n', ""), "bad-account"),
        (GOOD.replace("a@kantor.id", "a@kantor.id\\nBcc: x@y.id"), "bad-account"),
    ],
)
def test_an_account_that_is_no_good_is_named_and_never_repeated(
    tmp_path: Path, text: str | None, code: str
) -> None:
    path = tmp_path / "smtp.toml"
    if text is not None:
        path.write_text(text)
        path.chmod(0o600)
    with pytest.raises(MailProblemError) as told:
        read_account(path)
    assert told.value.code == code
    assert "geheim" not in str(told.value)
    assert told.value.__cause__ is None


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_an_account_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "smtp.toml"
    path.write_text(GOOD)
    path.chmod(0o640)
    with pytest.raises(MailProblemError, match="open-account"):
        read_account(path)
    path.chmod(0o600)
    account = read_account(path)
    assert (account.port, account.security) == (587, "starttls")
    assert "geheim" not in repr(account)
