"""``antrean-server report``: a day's report as a file, made beside the running server; and what
``doctor`` says of keeping and sending it."""

import sys
from pathlib import Path
from typing import BinaryIO

from report.document import Document
from report.files import FileProblemError, add_durably
from report.formats import FORMATS, file_of
from report.keeper import FOLDER
from report.mailing import EXAMPLE, MailProblemError, read_account, try_account
from report.sending import SendingRules, read_sent
from report.source import BranchDays
from server.administration.directory_check import Looked
from server.administration.refusal import RefusedError
from server.administration.summary import business_day
from server.store import Store

PIPE = "-"
_TEXT_FORMATS = ("csv", "html")
_WHY = {
    "taken": "is there already. Choose another name.",
    "missing": "cannot be written: there is no such folder.",
    "full": "cannot be written: the disk is full.",
    "read-only": "cannot be written: its disk can only be read.",
    "refused": "cannot be written: this user may not write there.",
}
_MAIL_CURES = {
    "no-account": f"Write smtp.toml into the data folder, and chmod 600 it: {EXAMPLE}.",
    "open-account": "chmod 600 smtp.toml",
    "bad-account": f"Write {EXAMPLE}, and nothing else.",
    "login": "Look at user and password in smtp.toml.",
    "security": 'Look at security ("starttls" or "tls"), port and the server\'s certificate.',
}


def sending_rules(store: Store) -> SendingRules:
    """What the settings say of copies and mail."""
    settings = store.settings()
    return SendingRules(
        folder=settings.get("report.folder"),
        formats=tuple(settings.get("report.formats")),
        send_at=settings.get("report.send_at"),
        mail_to=tuple(settings.get("report.mail_to")),
        language=settings.get("report.language"),
        time_zone=store.load_branch().time_zone_name,
    )


def read_document(store: Store, day: str | None, language: str, now_ms: int) -> Document:
    """The report of a day, or of the newest one; raises RefusedError."""
    wanted = business_day(store, day)
    source = BranchDays(
        store.database,
        lambda: store.branch_code,
        lambda: sending_rules(store),
        lambda: now_ms,
    )
    document = source.document(wanted, language)
    if not document.proof:
        raise RefusedError(f"This branch had no business day on {wanted}.")
    return document


def write_report(document: Document, format_: str, to: str | None) -> list[str]:
    """Write it to a new file, by default in this folder, or to standard output (``-``)."""
    assert format_ in FORMATS
    data = file_of(document, format_)
    if to == PIPE:
        _demand_pipe(sys.stdout.buffer, format_)
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return []
    path = Path(to) if to is not None else Path(f"{document.name}.{format_}")
    try:
        if path.exists():
            raise FileProblemError("taken", path)
        add_durably(path, data)
    except FileProblemError as error:
        raise RefusedError(f"{path} {_WHY.get(error.code, 'cannot be written.')}") from error
    return [f"wrote {path}"]


def _demand_pipe(out: BinaryIO, format_: str) -> None:
    if out.isatty() and format_ not in _TEXT_FORMATS:
        raise RefusedError(f"A terminal cannot show {format_}: send it into a pipe, or use --to.")


def look_at_reports(store: Store, data: Path) -> Looked:
    """Whether reports can be kept and would arrive; nothing is sent."""
    rules = sending_rules(store)
    folder = data / FOLDER
    if folder.exists() and not _is_writable(folder):
        return Looked(
            "error", f"{folder} cannot be written", "Give it to the server's user: chown."
        )
    if rules.folder and (said := _folder_said(Path(rules.folder))):
        return Looked("error", said, "antrean-server config set report.folder DIR, or connect it.")
    if rules.mail_to:
        try:
            try_account(read_account(data / "smtp.toml"))
        except MailProblemError as error:
            cure = _MAIL_CURES.get(error.code, "Look at host and port in smtp.toml, and the line.")
            where = f" ({error.server})" if error.server else ""
            return Looked("error", f"mail cannot be sent: {error.code}{where}", cure)
    waiting = read_sent(folder / "sent.json").waiting
    if waiting:
        newest = max(waiting.values(), key=lambda one: one.next_ms)
        cure = "It is tried again by itself; see above for what hinders."
        return Looked("warning", f"{len(waiting)} not sent yet. {newest.said}", cure)
    places = [*([rules.folder] if rules.folder else []), *rules.mail_to]
    return Looked("ok", f"go to {', '.join(places)}" if places else "are kept, and sent nowhere")


def _folder_said(folder: Path) -> str:
    if not folder.is_absolute():
        return f"report.folder is {folder}, which is no whole path"
    if not folder.is_dir():
        return f"the folder {folder} does not exist; is its disk or network connected?"
    return "" if _is_writable(folder) else f"the folder {folder} cannot be written"


def _is_writable(folder: Path) -> bool:
    """Found out by writing: what a share allows, its mode does not tell."""
    probe = folder / ".antrean-probe"
    try:
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        return False
    return True
