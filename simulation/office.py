"""What a manager in a simulated office says: steering, closing, going on, putting right."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, get_args
from uuid import UUID

from protocol import messages as m

VALUES = {
    "category": ("", "identity", "activation", "no-such"),
    "outcome": ("solved", "pending", "referred", "done"),
    "education": ("", "mobile-jkn", "mobile-jkn,pandawa", "no-such"),
    "cause": ("", "administrative", "system", "no-such"),
    "note": ("", "CANARY-NIK", "Lengkap"),
}
"""What is written into a record, right or not."""


def when_closed(seen: Any, new_id: Callable[[], UUID], random: Random) -> m.AnyCommand | None:
    """Goes on soon, for a closed hall tries nothing; None: what is said on any day."""
    if getattr(seen, "closed", False) and random.random() < 0.9:
        return m.ReopenBranchDay(id=new_id(), reason="Salah tekan")
    return None


def manager_word(
    seen: Any,
    new_id: Callable[[], UUID],
    finished: str,
    counters: int,
    people: Sequence[str],
    random: Random,
) -> m.AnyCommand:
    """One word; ``finished`` is a ticket that may well be closed."""
    dice, services = random.random(), _services(random)
    preference = {random.choice(services): random.randint(1, 3)} if random.random() < 0.3 else {}
    if dice < 0.18:
        return m.SetDiscipline(
            id=new_id(),
            discipline=random.choice(get_args(m.Discipline)),
            priority_in_a_row=random.choice((None, 1, 3)),
            regular_in_a_row=random.choice((None, 1, 4)),
        )
    if dice < 0.36:
        return m.SetCounterServices(
            id=new_id(),
            counter=random.randint(1, counters + 1),
            services=services,
            preference=preference,
        )
    if dice < 0.5:
        return m.SetStaffServices(
            id=new_id(), staff=random.choice(people), services=services, preference=preference
        )
    if dice < 0.62:
        return m.PauseService(id=new_id(), service=random.choice("ABCDEF"), reason="Listrik")
    if dice < 0.78:
        return m.ResumeService(id=new_id(), service=random.choice("ABCDEF"))
    if dice < 0.82:
        return m.CloseBranchDay(id=new_id(), note=random.choice(("", "Rapi")))
    if dice < 0.88:
        return m.CloseBranchDay(id=new_id(), business_date=_yesterday(seen, random))
    if dice < 0.9:
        return m.ReopenBranchDay(id=new_id(), reason="Masih ada tamu")
    field = random.choice(get_args(m.CorrectedField))
    return m.CorrectRecord(
        id=new_id(),
        ticket=finished,
        field=field,
        value=random.choice(VALUES[field]),
        reason="Salah pilih",
    )


def _services(random: Random) -> list[str]:
    """Some of the services, mostly all; now and then none, or one that is not there."""
    if random.random() < 0.6:
        return ["*"]
    listed = random.sample("ABCDEF", random.randint(1, 4))
    return [*listed, "Z"] if random.random() < 0.1 else listed


def _yesterday(seen: Any, random: Random) -> date | None:
    """The day before the one that is seen, or one long before."""
    today = getattr(seen, "business_date", None)
    return None if today is None else today - timedelta(days=random.choice((1, 1, 1, 2, 400)))
