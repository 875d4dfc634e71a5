"""Keeping the lease fresh: asked for at every greeting, when it runs low, and on a new day."""

import logging
from collections.abc import Callable
from datetime import date
from uuid import UUID

from kiosk.offline_lease import Used, highest_used, wants_more
from protocol.messages import Accepted, LeaseNumbers, NumberLease, Rejected
from protocol.session import Ask

log = logging.getLogger(__name__)

AGAIN_S = 60.0
"""Between two asks on one connection: the server may be on the old day for a while yet."""


class Lending:
    """Asks the server for numbers that this kiosk may give by itself."""

    def __init__(
        self,
        ask: Ask,
        lease: NumberLease | None,
        *,
        new_id: Callable[[], UUID],
        now_s: Callable[[], float],
    ) -> None:
        """``lease`` is what this kiosk has from before."""
        # Told when there is another lease.
        self.changed: Callable[[], None] = lambda: None
        self.lease = lease
        self._ask, self._new_id, self._now_s = ask, new_id, now_s
        self._is_due = True
        self._is_asked = False
        self._again_s = 0.0

    def connected(self) -> None:
        """Another connection."""
        self._is_due = True
        self._again_s = 0.0

    def go_on(self, used: Used, today: date | None) -> None:
        """Ask where it is due; to be called while there is a link. ``today``: see the lease."""
        if self._is_asked or self._now_s() < self._again_s:
            return
        lease = self.lease
        if lease is not None and today is not None:
            is_other_day = today != lease.business_date
            self._is_due = self._is_due or is_other_day or wants_more(lease, used, today)
        if not self._is_due:
            return
        self._is_due, self._is_asked = False, True
        self._again_s = self._now_s() + AGAIN_S
        given = {} if lease is None or today is None else highest_used(lease, used, today)
        # Without a lease of before nobody here knows what was given today.
        letter = "" if lease is None else lease.letter
        wanted = LeaseNumbers(id=self._new_id(), used=given, anew=lease is None, letter=letter)
        self._ask(wanted, self._answered)

    def _answered(self, answer: Accepted | Rejected) -> None:
        self._is_asked = False
        if isinstance(answer, Rejected):
            self._is_due = True
            if answer.reason != "try-again":
                log.warning("the server lends no numbers: %s", answer.reason)
            return
        if isinstance(answer.lease, NumberLease):
            self.lease = answer.lease
            self.changed()
