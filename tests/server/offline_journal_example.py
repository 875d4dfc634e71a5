"""A kiosk's journal that two processes know by heart."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from protocol.messages import OfflineTicket

PART = 5
_NAMES = UUID(int=13)
_BEGAN = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)


def wish_of(part: int) -> UUID:
    """The command whose answer the kiosk did not hear before it gave the first of a part."""
    return uuid5(_NAMES, f"wish {part}")


def part_of(part: int) -> list[OfflineTicket]:
    """The part of the journal that goes into one merge."""
    return [
        OfflineTicket(
            ticket=str(uuid5(_NAMES, f"ticket {serial}")),
            number=f"AK{serial:03d}",
            series="AK",
            serial=serial,
            service="A",
            business_date=date(2026, 11, 20),
            issued_at=_BEGAN + timedelta(milliseconds=serial),
            print="printed",
            copies=1,
            instead_of=wish_of(part) if part % 2 and serial == part * PART + 1 else None,
        )
        for serial in range(part * PART + 1, (part + 1) * PART + 1)
    ]
