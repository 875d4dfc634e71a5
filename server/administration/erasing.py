"""Erasing with the server stopped: rows, the event that says so, and the traces in the files."""

from collections.abc import Mapping

from server.domain.events import PersonalDataErased, Recorded
from server.ports import Erasure
from server.store import Store

ACTOR = "administration"


def tell_erased(
    store: Store, counts: Mapping[str, int], reason: str, erasure: Erasure, now_ms: int
) -> None:
    """Erase, and chain what was erased to the history, in one transaction.

    Before the first business day there is no history, and only a list of members to erase.
    """
    newest = store.load_day()
    entries = []
    if newest.business_date is not None:
        erased = PersonalDataErased(counts=dict(counts), reason=reason, until_ms=erasure.until_ms)
        entries = [
            Recorded(
                seq=newest.last_seq + 1,
                at_ms=max(now_ms, newest.last_at_ms),
                business_date=newest.business_date,
                event=erased,
                actor=ACTOR,
            )
        ]
    store.commit(entries, [], [], [], erasure)
    store.clear_traces(everywhere=True)
