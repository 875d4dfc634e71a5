"""The front door's catalogue and advice as words of the protocol."""

from collections.abc import Mapping
from datetime import date

from protocol import messages as m
from protocol.roles import DeviceRole
from server.domain.advice import Advice
from server.domain.branch import Branch
from server.domain.door import Channel, Matter, Office
from server.hours_words import hours_names
from server.texts import table

DOOR_ROLES = frozenset({DeviceRole.SCREENING, DeviceRole.COUNTER, DeviceRole.KIOSK})
"""Who greets, serves or prints for the people of the door."""


def door_catalogue(branch: Branch, role: DeviceRole) -> m.DoorCatalogue | None:
    """What a device of a role needs of the door; None for the others."""
    if role not in DOOR_ROLES:
        return None
    door, languages = branch.door, branch.languages
    return m.DoorCatalogue(
        papers=[m.PaperInfo(code=one.code, name=dict(one.name)) for one in door.papers.values()],
        matters=[_matter(one) for one in door.matters.values()],
        channels=[_channel(one, languages) for one in door.channels.values()],
        offices=[_office(one, languages) for one in door.offices.values()],
        procedures=[
            m.ProcedureInfo(
                category=one.category, text=dict(one.text), next_step=dict(one.next_step)
            )
            for one in door.procedures.values()
        ],
        complaint_levels=[
            m.ComplaintLevelInfo(
                code=one.code,
                name=dict(one.name),
                first_response_min=one.first_response_min,
                working_days=one.working_days,
            )
            for one in door.complaint_levels.values()
        ],
        decrees=[
            m.DecreeInfo(code=one.code, name=dict(one.name), effective_on=one.effective_on)
            for one in door.decrees.values()
        ],
    )


def advice_view(advice: Advice) -> m.AdviceView:
    """A rule's word."""
    return m.AdviceView(
        rule=advice.rule,
        weight=advice.weight,
        text=dict(advice.text),
        source=advice.source,
        valid_from=advice.valid_from,
        until=advice.until,
        channel=advice.channel,
        office=advice.office,
    )


def day_in_words(day: date, language: str) -> str:
    """A day of the calendar: ``2 Maret 2026``."""
    words: Mapping[str, str] = table("calendar", language)
    return words["day"].format(day=day.day, month=words[f"month-{day.month}"], year=day.year)


def _matter(matter: Matter) -> m.MatterInfo:
    by_segment = {code: list(papers) for code, papers in matter.papers_by_segment.items()}
    return m.MatterInfo(
        code=matter.code,
        name=dict(matter.name),
        service=matter.service,
        icon=matter.icon,
        papers=list(matter.papers),
        papers_by_segment=by_segment,
        channels=list(matter.channels),
        offices=list(matter.offices),
        category=matter.category,
        complaint=matter.complaint,
    )


def _channel(channel: Channel, languages: tuple[str, ...]) -> m.ChannelInfo:
    return m.ChannelInfo(
        code=channel.code,
        name=dict(channel.name),
        kind=channel.kind,
        about=dict(channel.about),
        link=channel.link,
        hours=hours_names(channel.hours, languages),
    )


def _office(office: Office, languages: tuple[str, ...]) -> m.OfficeInfo:
    return m.OfficeInfo(
        code=office.code,
        name=dict(office.name),
        address=dict(office.address),
        phone=office.phone,
        hours=hours_names(office.hours, languages),
        papers=list(office.papers),
        link=office.link,
    )
