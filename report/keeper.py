"""Keeps each closed day's report in ``DIR/reports``, and has it copied and sent.

``<date>.pdf`` is made by itself once a day is closed, for days without one at the next look. A file
is never changed: what was put right afterwards makes ``<date>-2.pdf``, ``-3`` and so on. By which
figures a paper was made stands in its own keywords, so nothing beside it can be lost.

No thread, no clock: whoever calls ``look`` does so from a thread, every half minute.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assets.texts import Texts
from db.closed_days import ClosedDay
from report.document import Document
from report.files import FileProblemError, add_durably
from report.formats import file_of
from report.sending import Kept, Sender, SendingRules

log = logging.getLogger(__name__)

FOLDER = "reports"
MADE_AT_ONCE = 3
"""Days for which papers are made in one look: the machine has others to serve."""
SETTLES_MS = 2 * 3600 * 1000
"""So long after a close ratings and surveys still come in from telephones."""
_NAME = re.compile(r"(\d{4}-\d\d-\d\d)(?:-(\d+))?\.pdf")
_MARKS = re.compile(rb"antrean figures=([0-9a-f]{64}) closing=([0-9-]+) later=([0-9-]+)")
_MARKS_AT_LATEST = 4096


class Source(Protocol):
    """Where the keeper's days come from; each question is answered from the disk."""

    def days(self) -> Sequence[ClosedDay]:
        """Every day that was closed, the newest first."""
        ...

    def document(self, business_date: str, language: str) -> Document:
        """The report of a day."""
        ...

    def rules(self) -> SendingRules:
        """What the branch set."""
        ...


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of a look: papers made, reports sent, and in plain words what went wrong."""

    made: tuple[Path, ...] = ()
    sent: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Paper:
    """A kept paper, and by which figures it was made."""

    version: int
    path: Path
    digest: str
    closing: str
    later: str


class ReportKeeper:
    """The folder of reports of one branch."""

    def __init__(self, data: Path, source: Source) -> None:
        self._folder = data / FOLDER
        self._source = source
        self._sender = Sender(self._folder, data / "smtp.toml")
        # Days whose figures were compared since, by what was told of them: they are as on paper.
        self._compared: dict[str, str] = {}
        self._known: dict[Path, _Paper] = {}
        self._told: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where the papers lie."""
        return self._folder

    def look(self, now_ms: int) -> Looked:
        """Make the papers that are missing, send what is due. Never raises for files or mail."""
        rules = self._source.rules()
        texts = Texts.load(rules.language, ["report"])
        made: list[Path] = []
        problems: list[str] = []
        days = self._source.days()
        try:
            made.extend(self._make(days, now_ms, rules))
        except FileProblemError as error:
            problems.append(texts(f"report.keeping.{error.code}", path=error.path))
        sent, troubles = self._sender.send(self._kept(days), rules, now_ms, self._document, texts)
        problems.extend(troubles)
        self._tell(problems, made, sent)
        return Looked(tuple(made), tuple(sent), tuple(problems))

    def newest(self, business_date: str) -> Path | None:
        """The newest paper of a day."""
        papers = self._papers().get(business_date)
        return papers[-1].path if papers else None

    def is_behind(self, business_date: str) -> bool:
        """Whether a figure moved since the newest paper of a day was made."""
        papers = self._papers().get(business_date)
        if not papers or not papers[-1].digest:
            return False
        language = self._source.rules().language
        return papers[-1].digest != self._source.document(business_date, language).digest

    def _tell(self, problems: list[str], made: list[Path], sent: list[str]) -> None:
        for path in made:
            log.info("kept the report %s", path.name)
        for one in sent:
            log.info("sent the report %s", one)
        told = tuple(problems)
        if told != self._told:
            for problem in problems:
                log.warning("%s", problem)
        self._told = told

    # Keeping.

    def _make(self, days: Sequence[ClosedDay], now_ms: int, rules: SendingRules) -> Iterator[Path]:
        papers = self._papers()
        left = MADE_AT_ONCE
        for day in days:
            if left == 0:
                return
            version = self._wanted(day, papers.get(day.business_date, []), now_ms)
            if version is None:
                continue
            document = self._source.document(day.business_date, rules.language)
            before = papers.get(day.business_date)
            self._compared[day.business_date] = f"{day.closing} {day.later}"
            if before and before[-1].digest == document.digest:
                continue
            left -= 1
            yield self._write(day, version, document)

    def _wanted(self, day: ClosedDay, papers: Sequence[_Paper], now_ms: int) -> int | None:
        """The version that may be due; None where nothing was said since the last one."""
        if not papers:
            return 1
        newest = papers[-1]
        state = f"{day.closing} {day.later}"
        if state in (f"{newest.closing} {newest.later}", self._compared.get(day.business_date)):
            return None
        if newest.closing == day.closing and now_ms < day.closed_at_ms + SETTLES_MS:
            return None
        return newest.version + 1

    def _write(self, day: ClosedDay, version: int, document: Document) -> Path:
        marks = f"antrean figures={document.digest} closing={day.closing} later={day.later}"
        path = self._folder / f"{_version_name(day.business_date, version)}.pdf"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise FileProblemError("refused", self._folder) from error
        add_durably(path, file_of(document, "pdf", marks=marks))
        return path

    def _document(self, kept: Kept, language: str) -> Document | None:
        """The document that a kept paper was made of; None where the figures moved since."""
        document = self._source.document(kept.business_date, language)
        return document if document.digest == kept.digest else None

    def _kept(self, days: Sequence[ClosedDay]) -> list[Kept]:
        """The newest paper of each day."""
        papers = self._papers()
        return [
            Kept(
                _version_name(day.business_date, papers[day.business_date][-1].version),
                day.business_date,
                day.closed_at_ms,
                papers[day.business_date][-1].path,
                papers[day.business_date][-1].digest,
            )
            for day in days
            if day.business_date in papers
        ]

    def _papers(self) -> dict[str, list[_Paper]]:
        """The papers of each day, by their version; what nobody of ours wrote is no paper."""
        found: dict[str, list[_Paper]] = {}
        paths = sorted(self._folder.glob("*.pdf")) if self._folder.is_dir() else []
        for path in paths:
            named = _NAME.fullmatch(path.name)
            if named is not None:
                paper = self._read(path, int(named[2] or 1))
                found.setdefault(named[1], []).append(paper)
        for papers in found.values():
            papers.sort(key=lambda one: one.version)
        return found

    def _read(self, path: Path, version: int) -> _Paper:
        if path not in self._known:
            try:
                marks = _MARKS.search(path.read_bytes())
            except OSError:
                # Of another user, or no file at all: stands as it is, and counts as no paper of
                # ours; looked at again, for it may be put right.
                return _Paper(version, path, "", "", "")
            told = [part.decode() for part in marks.groups()] if marks else ["", "", ""]
            self._known[path] = _Paper(version, path, *told)
        return self._known[path]


def _version_name(business_date: str, version: int) -> str:
    return business_date if version == 1 else f"{business_date}-{version}"
