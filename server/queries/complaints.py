"""ListComplaints: from the table, so that those of earlier days are told as well."""

from typing import Any

from protocol.messages import ListComplaints
from server.complaint_words import complaint_view
from server.queries.handler import Archive, Inquiry, Reading
from server.snapshots import LIST_ENTRIES_MAX


def list_complaints(query: ListComplaints, inquiry: Inquiry) -> Reading:
    """The first of those that were asked for, and how many there are."""
    day, now_ms = inquiry.day, inquiry.now_ms
    which, due_soon_s = query.which, day.rules.complaint_due_soon_s

    def read(archive: Archive) -> dict[str, Any]:
        found, total = archive.complaints(which, now_ms, LIST_ENTRIES_MAX)
        views = [complaint_view(one, number, due_soon_s, now_ms) for one, number in found]
        return {"complaints": views, "complaints_total": total}

    return read
