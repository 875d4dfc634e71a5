"""What people are told while a system outside is disturbed, in every language of the branch."""

from collections.abc import Iterator

from protocol import messages as m
from server.domain import disturbance
from server.domain.branch import Branch, Names
from server.domain.branch_day import BranchDay
from server.domain.opening import local_of
from server.instants import instant
from server.texts import in_each, in_language, table


def disturbance_of(day: BranchDay, now_ms: int) -> m.Disturbance | None:
    """The disturbance that all screens show, and its sentence; None while all works."""
    found = disturbance.shown(day)
    if found is None:
        return None
    return m.Disturbance(
        system=found.system,
        since=instant(found.since_ms),
        text=text_of(day, found.system, now_ms),
        automatic=found.staff is None,
    )


def text_of(day: BranchDay, system: str, now_ms: int) -> dict[str, str]:
    """The branch's own sentence where it has one, else ours: what to use instead, if anything."""
    branch, code = day.branch, "slower"
    facts: dict[str, Names | str] = {"system": name_of(branch, system), "channel": ""}
    if disturbance.concerns_people(branch, system):
        channel = disturbance.instead(day, now_ms)
        code = "ask" if channel is None else "instead"
        facts["channel"] = "" if channel is None else channel.name
    text = in_each(branch.languages, "disturbance", code, facts)
    for language, own in branch.disturbance_text.items():
        for gap, fact in facts.items():
            # A person wrote it: other braces stay as they are.
            own = own.replace(f"{{{gap}}}", str(in_language(fact, language)))
        text[language] = own
    return text


def name_of(branch: Branch, system: str) -> Names | str:
    """The catalogue's name of a system."""
    choices = branch.choices.get("disturbance", ())
    return next((one.name for one in choices if one.code == system), system)


def disturbance_alerts(day: BranchDay) -> Iterator[m.Alert]:
    """The same for the manager, one for each system: since when, and who said so."""
    for found in day.disturbances.values():
        at = local_of(found.since_ms, day.branch.time_zone)
        since = {
            language: table("calendar", language)["clock"].format(hour=at.hour, minute=at.minute)
            for language in day.branch.languages
        }
        code = "disturbance" if found.staff is not None else "disturbance-automatic"
        facts = {"system": name_of(day.branch, found.system), "since": since}
        message = in_each(day.branch.languages, "alert", code, facts)
        yield m.Alert(code="disturbance", subject=found.system, message=message)
