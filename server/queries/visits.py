"""GetVisits: what visitors may see of their tickets."""

from protocol.messages import GetVisits
from server.domain.visiting import find_visit
from server.instants import instant
from server.queries.handler import Fields, Inquiry
from server.visit_views import VisitViews


def of_links(query: GetVisits, inquiry: Inquiry) -> Fields:
    """Those whose link is known and alive; of the others nothing is said, not even that."""
    day, now_ms = inquiry.day, inquiry.now_ms
    found = (find_visit(day, link, now_ms) for link in dict.fromkeys(query.links))
    tickets = [ticket for ticket in found if ticket is not None]
    if not tickets:
        return {"visits": [], "as_of": instant(now_ms)}
    views = VisitViews(day, inquiry.sealer, now_ms)
    return {"visits": [views.of(ticket) for ticket in tickets], "as_of": instant(now_ms)}
