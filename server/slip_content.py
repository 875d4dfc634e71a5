"""What stands on a slip that is no ticket: a code, a channel, an office, a list, a receipt.

Made of coded facts and the catalogue alone: nothing personal is at hand here.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from protocol import messages as m
from server.closed_words import place_names
from server.domain.branch import Branch
from server.domain.branch_day import BranchDay
from server.domain.door import Channel, Office
from server.domain.hall_door import Complaint, Screening, SlipJob
from server.domain.opening import OpeningHours, local_of
from server.domain.openness import hours_of
from server.hours_words import hours_lines
from server.instants import instant, instant_or_none
from server.texts import in_each, table

Names = dict[str, str]
SHORT_ID = 8
"""Letters of a complaint's number on its receipt: the last ones are random."""


@dataclass(slots=True)
class _Content:
    title: Names
    blocks: list[m.SlipBlock] = field(default_factory=list)
    code: str | None = None
    valid_until_ms: int | None = None
    qr: str | None = None


def slip_to_print(day: BranchDay, slip: SlipJob, resent: int, now_ms: int) -> m.SlipToPrint:
    """The facts for a slip as they are now; sent again, it is a further copy (CETAK ULANG)."""
    content = _Writer(day, now_ms).write(slip)
    branch = day.branch
    return m.SlipToPrint(
        job=slip.job,
        copy=slip.copy + resent,
        kind=slip.kind,
        branch=branch.name,
        time_zone=branch.time_zone_name,
        title=content.title,
        made_at=instant(slip.asked_at_ms),
        blocks=content.blocks,
        code=content.code,
        valid_until=instant_or_none(content.valid_until_ms),
        qr=content.qr or None,
        footer=[dict(line) for line in branch.paper_footer],
        language=_language_of(day, slip),
    )


def _language_of(day: BranchDay, slip: SlipJob) -> str:
    """That of the visitor, as far as anybody asked."""
    complaint = day.complaints.get(slip.subject)
    screening = day.screenings.get(complaint.screening or "" if complaint else slip.subject)
    if screening is not None:
        return screening.told.language
    ticket = day.tickets.get(complaint.ticket or "") if complaint else None
    return ticket.language if ticket is not None else day.branch.languages[0]


class _Writer:
    """Writes slips in every language of a branch, as things are at one instant."""

    def __init__(self, day: BranchDay, now_ms: int) -> None:
        self._day = day
        self._branch: Branch = day.branch
        self._now_ms = now_ms

    def write(self, slip: SlipJob) -> _Content:
        if slip.kind == "complaint":
            return self._complaint(self._day.complaints[slip.subject])
        kinds: dict[str, Callable[[Screening], _Content]] = {
            "code": self._code,
            "channel": self._channel,
            "office": self._office,
            "return": self._return,
        }
        return kinds[slip.kind](self._day.screenings[slip.subject])

    # One kind each.

    def _code(self, screening: Screening) -> _Content:
        told = screening.told
        content = _Content(self._said("code"), code=told.code, qr=told.code)
        content.valid_until_ms = told.code_until_ms
        service = self._branch.services.get(told.service or "")
        names = [] if service is None else [dict(service.name)]
        content.blocks += self._block("service", names)
        needed = self._branch.door.papers_needed(told.matter, told.segment)
        ready = told.papers or [paper for paper in needed if paper not in told.missing]
        content.blocks += self._block("ready", self._papers(ready), ticked=True)
        content.blocks += self._block("not-there", self._papers(told.missing), ticked=True)
        return content

    def _channel(self, screening: Screening) -> _Content:
        code = screening.told.channel or ""
        channel = self._branch.door.channels.get(code)
        if channel is None:  # The catalogue has lost it since.
            return _Content(self._said("channel", channel=code))
        content = _Content(self._said("channel", channel=channel.name), qr=channel.link)
        content.blocks += self._block("about", self._split(channel.about))
        content.blocks += self._block("contact", self._in_all(_readable(channel.link)))
        warnings = self._disturbed(channel) + self._closed_now(channel.hours)
        content.blocks += self._block("hours", warnings + self._hours(channel))
        return content

    def _office(self, screening: Screening) -> _Content:
        told, door = screening.told, self._branch.door
        office = door.offices.get(told.office or "")
        if office is None:
            return _Content(self._said("office", office=told.office or ""))
        content = _Content(self._said("office", office=office.name), qr=office.link)
        content.blocks += self._block("where", self._where(office))
        warning = self._closed_now(office.hours)
        content.blocks += self._block("hours", warning + self._hours(office))
        content.blocks += self._block("bring", self._papers(office.papers), ticked=True)
        matter = door.matters.get(told.matter or "")
        if matter is not None:
            content.blocks += self._block("steps", self._split(matter.steps))
        content.blocks += self._block("bring-back", self._papers(told.missing), ticked=True)
        return content

    def _return(self, screening: Screening) -> _Content:
        told = screening.told
        content = _Content(self._said("return"))
        content.blocks += self._block("not-there", self._papers(told.missing), ticked=True)
        content.blocks += self._block("have", self._papers(told.papers))
        office = self._branch.door.offices.get(told.office or "")
        if office is not None:
            where = [dict(office.name), *self._where(office), *self._closed_now(office.hours)]
            content.blocks += self._block("get-it", where + self._hours(office))
        service = self._branch.services.get(told.service or "")
        hours = self._branch.hours if service is None else hours_of(self._branch, service)
        if hours is not None and not hours.always_open:
            when = self._closed_now(hours) or self._open_today(hours)
            lines = when + hours_lines(hours, self._branch.languages)
            content.blocks += self._block("open-again", lines)
        return content

    def _complaint(self, complaint: Complaint) -> _Content:
        content = _Content(self._said("complaint"))
        level = self._branch.door.complaint_levels.get(complaint.level)
        facts = [
            self._said("complaint-number", number=complaint.id[-SHORT_ID:].upper()),
            self._said("complaint-filed", at=self._moment(complaint.filed_at_ms)),
            self._said("complaint-level", level=complaint.level if level is None else level.name),
            self._said("complaint-answer", at=self._moment(complaint.answer_due_at_ms)),
            self._said("complaint-due", at=self._moment(complaint.due_at_ms)),
        ]
        content.blocks += self._block("complaint-facts", facts)
        numbers = (("sipp", complaint.sipp), ("lapor", complaint.lapor))
        elsewhere = [self._said(code, number=number) for code, number in numbers if number]
        content.blocks += self._block("elsewhere", elsewhere)
        last = [self._said("last-step"), self._said("complaint-law")]
        content.blocks += self._block("not-solved", last)
        return content

    # Words.

    def _said(self, code: str, **facts: Any) -> Names:
        return in_each(self._branch.languages, "slip", code, facts)

    def _block(
        self, heading: str, lines: list[Names], *, ticked: bool = False
    ) -> Iterator[m.SlipBlock]:
        """A block, or none where it would be empty."""
        if lines:
            yield m.SlipBlock(heading=self._said(heading), lines=lines, ticked=ticked)

    def _papers(self, codes: Iterable[str]) -> list[Names]:
        known = self._branch.door.papers
        return [
            dict(known[code].name) if code in known else self._in_all(code)[0] for code in codes
        ]

    def _in_all(self, text: str) -> list[Names]:
        return [dict.fromkeys(self._branch.languages, text)] if text else []

    def _split(self, names: Any) -> list[Names]:
        """A text of several lines as lines; a language with fewer of them repeats none."""
        texts = {
            language: (names.get(language) or names.get("id", "")).strip().splitlines()
            for language in self._branch.languages
        }
        most = max(map(len, texts.values()), default=0)
        return [
            {
                language: lines[place] if place < len(lines) else ""
                for language, lines in texts.items()
            }
            for place in range(most)
        ]

    def _where(self, office: Office) -> list[Names]:
        address = self._split(office.address) or [self._said("no-address")]
        phone = [self._said("phone", phone=office.phone)] if office.phone else []
        return address + phone

    def _hours(self, place: Channel | Office) -> list[Names]:
        return [] if place.hours is None else hours_lines(place.hours, self._branch.languages)

    def _closed_now(self, hours: OpeningHours | None) -> list[Names]:
        """A line only while it is closed: nobody should go there in vain."""
        if hours is None:
            return []
        closed = hours.closed_because(self._now_ms, self._branch.time_zone)
        return [] if closed is None else [place_names(closed, self._branch.languages)]

    def _open_today(self, hours: OpeningHours) -> list[Names]:
        closes_ms = hours.closes_at_ms(self._now_ms, self._branch.time_zone)
        if closes_ms is None:
            return []
        closes = local_of(closes_ms, self._branch.time_zone)
        return [self._said("open-today", closes=self._clock(closes))]

    def _disturbed(self, channel: Channel) -> list[Names]:
        if channel.needs_app not in self._day.disturbances:
            return []
        names = {one.code: one.name for one in self._branch.choices.get("disturbance", ())}
        system = names.get(channel.needs_app, channel.needs_app)
        return [self._said("disturbed", system=system)]

    def _moment(self, at_ms: int) -> Names:
        """A day and a time of the branch's clock, with the year: a receipt is kept."""
        local = local_of(at_ms, self._branch.time_zone)
        clocks = self._clock(local)
        return {
            language: table("slip", language)["moment"].format(
                day=local.day,
                month=table("calendar", language)[f"month-{local.month}"],
                year=local.year,
                clock=clocks[language],
            )
            for language in self._branch.languages
        }

    def _clock(self, local: Any) -> Names:
        facts = {"hour": local.hour, "minute": local.minute}
        return in_each(self._branch.languages, "calendar", "clock", facts)


def _readable(link: str) -> str:
    """An address as people type it."""
    for scheme in ("https://", "http://", "tel:", "mailto:"):
        link = link.removeprefix(scheme)
    return link.rstrip("/")
