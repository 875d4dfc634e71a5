"""What a device is told when it comes: the branch, its catalogue, and who sits there."""

from datetime import date

from protocol import messages as m
from protocol.roles import DeviceRole
from server.domain.branch import Branch, Service
from server.domain.branch_day import BranchDay
from server.door_views import door_catalogue
from server.instants import instant
from server.visitor_views import kiosk_rules, page_rules, voice_rules


def welcome(
    day: BranchDay, device: str, now_ms: int, role: DeviceRole = DeviceRole.DISPLAY
) -> m.Welcome:
    """The greeting after a good ``Hello``; the door's catalogue for the roles that need it."""
    branch = day.branch
    return m.Welcome(
        protocol=1,
        branch=m.BranchInfo(
            code=branch.code,
            name=branch.name,
            time_zone=branch.time_zone_name,
            languages=list(branch.languages),
        ),
        server_time=instant(now_ms),
        business_date=date.fromisoformat(day.business_date),
        revision=day.revision,
        signed_in=signed_in(day, device),
        services=[
            m.ServiceInfo(
                code=service.code,
                name=dict(service.name),
                open=service.open,
                description=dict(service.description),
                icon=service.icon,
                target_wait_s=service.target_wait_s,
                target_service_s=service.target_service_s,
                letter=service.letter,
                standard=_standard(service) if role is DeviceRole.DISPLAY else None,
            )
            for service in branch.services.values()
        ],
        counters=[
            m.CounterInfo(
                number=number,
                services=list(skills.services),
                preference=dict(skills.preference),
            )
            for number in branch.counters
            for skills in (day.skills_of_counter(number),)
        ],
        choices=_choices(branch),
        door=door_catalogue(branch, role),
        paper=_paper(branch) if role is DeviceRole.KIOSK else None,
        kiosk=kiosk_rules(branch) if role is DeviceRole.KIOSK else None,
        voice=voice_rules(branch) if role is DeviceRole.DISPLAY else None,
        pages=page_rules(branch) if role is DeviceRole.WEB else None,
    )


def _paper(branch: Branch) -> m.PaperTemplate:
    return m.PaperTemplate(
        text=branch.paper_form, logo=branch.paper_logo, copies=branch.rules.paper_copies
    )


def _choices(branch: Branch) -> m.Choices:
    return m.Choices(
        **{
            field: [
                m.Choice(code=choice.code, name=dict(choice.name))
                for choice in branch.choices.get(field, ())
            ]
            for field in m.Choices.__struct_fields__
        }
    )


def _standard(service: Service) -> m.ServiceStandard | None:
    """What the hall is shown; without requirements of its own the papers stand for them."""
    standard = service.standard
    if standard is None:
        return None
    return m.ServiceStandard(
        requirements=[dict(names) for names in standard.requirements or service.papers],
        procedure=dict(standard.procedure),
        time=dict(standard.time),
        cost=dict(standard.cost),
        product=dict(standard.product),
        complaints=dict(standard.complaints),
    )


def signed_in(day: BranchDay, device: str) -> m.SignedIn | None:
    """Who sits at a device."""
    seat = day.seats.get(device)
    if seat is None:
        return None
    return m.SignedIn(staff=seat.staff, counter=seat.counter, name=seat.name)
