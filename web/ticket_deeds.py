"""What a manager may do with a ticket: hand it on, cancel it, bring it back, put it right."""

from starlette.responses import Response
from starlette.routing import BaseRoute

from protocol.messages import CancelTicket, CorrectRecord, RequeueTicket, TransferTicket
from web.branch import new_id
from web.guarding import Manager, for_managers
from web.ticket_pages import CODE, CORRECTED, date_of, ticket_id_of


async def transfer(manager: Manager) -> Response:
    """To another service or counter, by the manager's word."""
    ticket_id = ticket_id_of(manager)
    kind, _, code = manager.form.get("to", "").partition(":")
    if kind not in ("service", "counter") or not CODE.fullmatch(code):
        return manager.go(f"/tickets/{ticket_id}", manager.texts("web.refused.form"), good=False)
    position = manager.form.get("position", "arrival")
    return await manager.do(
        TransferTicket(
            id=new_id(),
            ticket=ticket_id,
            service=code if kind == "service" else None,
            counter=int(code) if kind == "counter" and code.isdigit() else None,
            position="first" if position == "first" else "arrival",
            note=manager.form.get("note", "")[:1000],
            on_behalf_of=manager.key,
        ),
        f"/tickets/{ticket_id}",
        manager.texts("web.ticket.transferred"),
    )


async def cancel(manager: Manager) -> Response:
    """The visitor does not want to be served any more."""
    ticket_id = ticket_id_of(manager)
    return await manager.do(
        CancelTicket(
            id=new_id(),
            ticket=ticket_id,
            reason=manager.form.get("reason", "")[:40] or "-",
            on_behalf_of=manager.key,
        ),
        f"/tickets/{ticket_id}",
        manager.texts("web.ticket.cancelled"),
    )


async def requeue(manager: Manager) -> Response:
    """Somebody came after all."""
    ticket_id = ticket_id_of(manager)
    return await manager.do(
        RequeueTicket(id=new_id(), ticket=ticket_id, on_behalf_of=manager.key),
        f"/tickets/{ticket_id}",
        manager.texts("web.ticket.requeued"),
    )


async def correct(manager: Manager) -> Response:
    """A closed ticket's record is put right; both versions are kept."""
    ticket_id, field = ticket_id_of(manager), manager.form.get("field", "")
    day = manager.form.get("date", "")
    to = f"/tickets/{ticket_id}" + (f"?date={date_of(day).isoformat()}" if day else "")
    reason = manager.form.get("reason", "").strip()[:200]
    if field not in CORRECTED or not reason:
        return manager.go(to, manager.texts("web.refused.form"), good=False)
    return await manager.do(
        CorrectRecord(
            id=new_id(),
            ticket=ticket_id,
            field=field,  # type: ignore[arg-type]
            value=manager.form.get(f"value-{field}", "")[:1000],
            reason=reason,
            on_behalf_of=manager.key,
        ),
        to,
        manager.texts("web.ticket.corrected"),
    )


PAGES: list[BaseRoute] = [
    for_managers("/tickets/{ticket}/transfer", transfer, posts=True),
    for_managers("/tickets/{ticket}/cancel", cancel, posts=True),
    for_managers("/tickets/{ticket}/requeue", requeue, posts=True),
    for_managers("/tickets/{ticket}/correct", correct, posts=True),
]
