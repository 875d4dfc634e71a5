"""What the officer at the door sees of the branch and its hall: catalogue, lines, devices."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from counter.door.door_health import Sign, signs_of
from protocol.messages import (
    ChannelInfo,
    Choice,
    DeviceHealth,
    DoorCatalogue,
    MatterInfo,
    OfficeInfo,
    PaperInfo,
    RecentScreening,
    ScreeningSnapshot,
    ServiceInfo,
    WaitingCount,
    Welcome,
)

CODE = "code"
"""In place of a kiosk: the visitor takes the number there with the code of a slip."""


class DoorHall:
    """The newest Welcome and the newest snapshot, and how to find something in them."""

    def __init__(self, server_now: Callable[[], datetime]) -> None:
        self.welcome: Welcome | None = None
        self.snapshot: ScreeningSnapshot | None = None
        self.signs: list[Sign] = []
        self._server_now = server_now

    def show(self, snapshot: ScreeningSnapshot) -> list[Sign]:
        """Take a snapshot over; gives the signs of before."""
        before, self.snapshot = self.signs, snapshot
        self.signs = signs_of(snapshot.devices, snapshot.counters)
        return before

    def forget(self) -> None:
        """Nobody stands here: the hall is nobody's to see."""
        self.snapshot, self.signs = None, []

    @property
    def today(self) -> date:
        """The branch's day."""
        return self.welcome.business_date if self.welcome else self._server_now().date()

    @property
    def door(self) -> DoorCatalogue:
        """The door's catalogue; empty before the Welcome."""
        door = self.welcome.door if self.welcome is not None else None
        return door or DoorCatalogue()

    @property
    def services(self) -> list[ServiceInfo]:
        """In the order in which the branch shows them."""
        return self.welcome.services if self.welcome is not None else []

    def service(self, code: str | None) -> ServiceInfo | None:
        """A service of the catalogue."""
        return next((service for service in self.services if service.code == code), None)

    def closed_words(self, code: str) -> Mapping[str, str]:
        """Why a service gives no number now, per language; empty while it does."""
        of_service = self.snapshot.services if self.snapshot is not None else []
        found = next((one for one in of_service if one.code == code), None)
        if found is None or found.open:
            return {}
        return found.why or {"id": "tutup", "en": "closed"}

    def waiting_for(self, code: str) -> int:
        """How many wait for a service."""
        counts = self.snapshot.waiting if self.snapshot is not None else []
        return sum(count.count for count in counts if count.service == code)

    @property
    def waiting_total(self) -> int:
        """How many wait in the hall; the snapshot's own total counts who has no paper."""
        counts = self.snapshot.waiting if self.snapshot is not None else []
        return sum(count.count for count in counts)

    def oldest_s(self) -> int | None:
        """How long the first of all has waited; None with nobody."""
        counts: list[WaitingCount] = self.snapshot.waiting if self.snapshot is not None else []
        since = [one.oldest_issued_at for one in counts if one.oldest_issued_at is not None]
        if not since:
            return None
        return max(0, int((self._server_now() - min(since)).total_seconds()))

    def matter_of(self, code: str | None) -> MatterInfo | None:
        """A matter of the catalogue."""
        return next((one for one in self.door.matters if one.code == code), None)

    def paper(self, code: str) -> PaperInfo | None:
        """A paper of the catalogue."""
        return next((one for one in self.door.papers if one.code == code), None)

    def channel(self, code: str) -> ChannelInfo | None:
        """A channel of the catalogue."""
        return next((one for one in self.door.channels if one.code == code), None)

    def office(self, code: str) -> OfficeInfo | None:
        """An office of the catalogue."""
        return next((one for one in self.door.offices if one.code == code), None)

    def is_open(self, code: str) -> bool:
        """Whether a channel or an office is open and not disturbed now."""
        snapshot = self.snapshot
        return snapshot is not None and code in (*snapshot.channels_open, *snapshot.offices_open)

    @property
    def screened_only(self) -> bool:
        """Whether kiosks give numbers only with a code of this desk."""
        return self.snapshot is not None and self.snapshot.kiosk_mode == "screened"

    def kiosks(self) -> list[DeviceHealth]:
        """The kiosks of the hall."""
        devices = self.snapshot.devices if self.snapshot is not None else []
        return [one for one in devices if one.role == "kiosk"]

    def printers(self) -> list[str]:
        """Where a number can go: each kiosk, and with a code where the branch wants that."""
        names = [one.device for one in self.kiosks()]
        return [*names, CODE] if self.screened_only else names

    def recent(self) -> list[RecentScreening]:
        """The last visitors, the newest first."""
        return self.snapshot.recent if self.snapshot is not None else []

    def choices_of(self, field_name: str) -> list[Choice]:
        """The codes that a field may take, with their names."""
        choices = self.welcome.choices if self.welcome is not None else None
        found: list[Choice] = getattr(choices, field_name) if choices is not None else []
        return found
