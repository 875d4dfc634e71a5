"""Closing and signing the day, also one that the clock closed; going on after all."""

from datetime import date

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute

from protocol.messages import Accepted, CloseBranchDay, ReopenBranchDay
from web.branch import new_id
from web.guarding import Manager, for_managers
from web.hall import behind
from web.steering_pages import hall_of

OPEN_STATES = ("waiting", "called", "serving", "parked")


async def day(manager: Manager) -> Response:
    """What is still open, and the form to sign."""
    hall = hall_of(manager)
    report = await manager.house.feed.report()
    still = [
        (manager.texts(f"web.state.{state}"), getattr(hall.totals, state), behind(state))
        for state in OPEN_STATES
        if getattr(hall.totals, state)
    ]
    return manager.page(
        "day.html",
        {
            "hall": hall,
            "date": manager.texts.day(hall.business_date, year=True),
            "iso": hall.business_date.isoformat(),
            "still": still,
            "busy": [one for one in hall.counters if one.state != "closed"],
            "report": report,
            "complaints": hall.complaints,
        },
    )


async def close_day(manager: Manager) -> Response:
    """Signed; on to the page of the report."""
    closed = _demand_today(manager)
    answer = await manager.house.branch.ask(
        CloseBranchDay(
            id=new_id(),
            note=manager.form.get("note", "").strip()[:1000],
            on_behalf_of=manager.key,
        )
    )
    if isinstance(answer, Accepted):
        await manager.seen(answer)
        return manager.go(f"/report/{closed}", manager.texts("web.day.was-closed"))
    return manager.refused(answer, "/day")


async def sign_earlier(manager: Manager) -> Response:
    """The signature under a day that the clock had closed."""
    given = str(manager.request.path_params["day"])
    try:
        day = date.fromisoformat(given)
    except ValueError:
        raise HTTPException(404) from None
    return await manager.do(
        CloseBranchDay(
            id=new_id(),
            business_date=day,
            note=manager.form.get("note", "").strip()[:1000],
            on_behalf_of=manager.key,
        ),
        f"/report/{day.isoformat()}",
        manager.texts("web.day.was-signed"),
    )


async def reopen_day(manager: Manager) -> Response:
    """Closed too early."""
    reason = manager.form.get("reason", "").strip()[:200]
    if not reason:
        return manager.go("/day", manager.texts("web.refused.form"), good=False)
    return await manager.do(
        ReopenBranchDay(id=new_id(), reason=reason, on_behalf_of=manager.key),
        "/day",
        manager.texts("web.day.was-reopened"),
    )


def _demand_today(manager: Manager) -> str:
    """The day of the form must still be the day: a page left open overnight closes nothing."""
    today = hall_of(manager).business_date.isoformat()
    if manager.form.get("date") != today:
        raise HTTPException(403)
    return today


PAGES: list[BaseRoute] = [
    for_managers("/day", day),
    for_managers("/day/close", close_day, posts=True),
    for_managers("/report/{day}/sign", sign_earlier, posts=True),
    for_managers("/day/reopen", reopen_day, posts=True),
]
