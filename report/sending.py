"""Copies kept reports to a folder and mails them: each version once to each place, with patience.

What is due is planned apart from doing it. What was sent, and what could not be, is kept in
``DIR/reports/sent.json``, which is written before a report leaves and after: a report that may have
left while the disk was full is rather not sent again.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from assets.texts import Texts
from report.document import Document
from report.files import FileProblemError, add_durably, replace_durably
from report.formats import file_of
from report.mailing import Letter, MailProblemError, read_account, send_letter
from report.wording import plain

log = logging.getLogger(__name__)

DAYS_BACK = 7
"""Reports of days closed longer ago are not sent: a new address gets no flood."""
FIRST_WAIT_MS, LONGEST_WAIT_MS = 60_000, 3_600_000
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class SendingRules:
    """What the branch set: ``folder``, ``mail_to`` and ``send_at`` (HH:MM) may be empty."""

    folder: str = ""
    formats: tuple[str, ...] = ("pdf",)
    send_at: str = ""
    mail_to: tuple[str, ...] = ()
    language: str = "id"
    time_zone: str = "Asia/Jakarta"


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept report: ``name`` is its date, with its version from the second on."""

    name: str
    business_date: str
    closed_at_ms: int
    path: Path
    digest: str


@dataclass(frozen=True, slots=True)
class Errand:
    """One report on its way to one place: ``folder`` and a path, or ``mail`` and an address."""

    kept: Kept
    by: str
    to: str

    @property
    def key(self) -> str:
        """By what it is remembered."""
        return f"{self.by} {self.to} {self.kept.name}"


class Waiting(msgspec.Struct):
    """An errand that failed: how often, when it is tried again, and why in plain words."""

    tries: int
    next_ms: int
    said: str


class SentList(msgspec.Struct):
    """What was sent when, what waits, and what was begun and never told of its end."""

    sent: dict[str, int] = {}
    waiting: dict[str, Waiting] = {}
    begun: list[str] = []


def errands(
    kept: Sequence[Kept], rules: SendingRules, sent: SentList, now_ms: int
) -> Iterator[Errand]:
    """What is due now, the oldest first. Pure."""
    places = [("folder", rules.folder)] if rules.folder else []
    places += [("mail", address) for address in rules.mail_to]
    for one in sorted(kept, key=lambda each: each.business_date):
        if now_ms < due_ms(one, rules) or one.closed_at_ms < now_ms - DAYS_BACK * _DAY_MS:
            continue
        for by, to in places:
            errand = Errand(one, by, to)
            waits = sent.waiting.get(errand.key)
            if errand.key in sent.sent or (by == "mail" and errand.key in sent.begun):
                continue
            if waits is None or waits.next_ms <= now_ms:
                yield errand


def due_ms(kept: Kept, rules: SendingRules) -> int:
    """When a report may leave: at its close, or at the set time of its day if that is later."""
    if not rules.send_at:
        return kept.closed_at_ms
    day = datetime.fromisoformat(kept.business_date).date()
    at = datetime.combine(day, time.fromisoformat(rules.send_at), ZoneInfo(rules.time_zone))
    return max(kept.closed_at_ms, round(at.timestamp() * 1000))


def next_try_ms(tries: int, now_ms: int) -> int:
    """A minute after the first failure, then twice as long each time, at most an hour."""
    return int(now_ms + min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** min(tries - 1, 10)))


class Sender:
    """Does the errands of one folder of reports."""

    def __init__(self, folder: Path, account: Path) -> None:
        self._list = folder / "sent.json"
        self._account = account
        # What this process sent while the list could not be written.
        self._done: dict[str, int] = {}

    def send(
        self,
        kept: Sequence[Kept],
        rules: SendingRules,
        now_ms: int,
        document_of: Callable[[Kept, str], Document | None],
        texts: Texts,
    ) -> tuple[list[str], list[str]]:
        """Everything that is due; gives what was sent, and what is in trouble in plain words."""
        if not rules.folder and not rules.mail_to:
            return [], []
        sent = read_sent(self._list)
        sent.sent.update(self._done)
        gone, begun = list[str](), tuple(sent.begun)
        try:
            for errand in list(errands(kept, rules, sent, now_ms)):
                if self._do(errand, rules, sent, now_ms, (document_of, texts)):
                    gone.append(f"{errand.kept.name} → {errand.to}")
        except FileProblemError as error:
            # Without the list nothing leaves: it would leave again and again.
            return gone, [texts(f"report.keeping.{error.code}", path=error.path)]
        live = {f"folder {rules.folder}", *(f"mail {one}" for one in rules.mail_to)}
        troubles = [one.said for key, one in sent.waiting.items() if key.rpartition(" ")[0] in live]
        # Begun before this look, and nobody knows how it ended: not again, but somebody is told.
        troubles += [
            texts("report.sending.mail-unknown", to=key.split()[1], report=key.split()[2])
            for key in begun
            if key.startswith("mail ")
        ]
        return gone, list(dict.fromkeys(troubles))

    def _do(
        self,
        errand: Errand,
        rules: SendingRules,
        sent: SentList,
        now_ms: int,
        made: tuple[Callable[[Kept, str], Document | None], Texts],
    ) -> bool:
        document_of, texts = made
        document = document_of(errand.kept, rules.language)
        if document is None:
            return False  # the figures moved: the next version will leave instead
        if errand.key not in sent.begun:
            sent.begun.append(errand.key)
        self._write(sent)
        said = ""
        try:
            if errand.by == "folder":
                _copy(errand, rules, document)
            else:
                _mail(errand, rules, document, (self._account, texts), now_ms)
        except FileProblemError as error:
            said = texts(f"report.sending.folder-{error.code}", path=error.path)
        except MailProblemError as error:
            said = texts(f"report.sending.mail-{error.code}", to=errand.to, server=error.server)
        sent.begun.remove(errand.key)
        if said:
            tries = sent.waiting[errand.key].tries + 1 if errand.key in sent.waiting else 1
            sent.waiting[errand.key] = Waiting(tries, next_try_ms(tries, now_ms), said)
        else:
            sent.waiting.pop(errand.key, None)
            sent.sent[errand.key] = self._done[errand.key] = now_ms
        self._write(sent)
        return not said

    def _write(self, sent: SentList) -> None:
        replace_durably(self._list, msgspec.json.format(msgspec.json.encode(sent), indent=1))


def read_sent(path: Path) -> SentList:
    """What was sent; an empty list where nobody wrote one, or what stands there is none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=SentList)
    except FileNotFoundError:
        return SentList()
    except (OSError, msgspec.MsgspecError):
        log.warning("%s cannot be read; reports of the last days may be sent again", path)
        return SentList()


def _files(errand: Errand, rules: SendingRules, document: Document) -> Mapping[str, bytes]:
    """The files of a report by their names; the paper is the one that was kept."""
    ending = errand.kept.name.removeprefix(errand.kept.business_date)
    made: dict[str, bytes] = {}
    for one in rules.formats:
        is_paper = one == "pdf"
        data = errand.kept.path.read_bytes() if is_paper else file_of(document, one)
        made[f"{document.name}{ending}.{one}"] = data
    return made


def _copy(errand: Errand, rules: SendingRules, document: Document) -> None:
    """Into the folder, whole files only; a folder that is missing may be a share that is off, so
    it is not made."""
    folder = Path(errand.to)
    if not folder.is_absolute():
        raise FileProblemError("relative", folder)
    if not folder.is_dir():
        raise FileProblemError("missing", folder)
    for name, data in _files(errand, rules, document).items():
        add_durably(folder / name, data)


def _mail(
    errand: Errand,
    rules: SendingRules,
    document: Document,
    given: tuple[Path, Texts],
    now_ms: int,
) -> None:
    account, texts = given
    subject = plain(f"{document.title} · {document.branch} · {document.subtitle}")
    told = [texts("report.sending.letter", subject=subject), ""]
    told += [f"{'✓' if one.good else '✗'} {plain(one.words)}" for one in document.marks]
    send_letter(
        read_account(account),
        Letter(
            to=errand.to,
            subject=subject,
            words="\n".join(told),
            files=_files(errand, rules, document),
            # The same letter twice has the same id, so that mailboxes show it once.
            id=f"{errand.kept.name}.{errand.kept.digest[:24]}",
            at_ms=now_ms,
        ),
    )
