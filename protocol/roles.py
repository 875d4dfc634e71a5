"""Who may stand at the other end of a connection."""

from enum import StrEnum

PROTOCOL_VERSION = 1


class DeviceRole(StrEnum):
    """What a device is for; the role belongs to the device's token (protocol.md, Opening)."""

    KIOSK = "kiosk"
    COUNTER = "counter"
    SCREENING = "screening"
    DISPLAY = "display"
    RATING = "rating"
    MANAGER = "manager"
    WEB = "web"


class StaffRole(StrEnum):
    """What a person who signs in may do."""

    FRONTLINER = "frontliner"
    OFFICER = "officer"
    MANAGER = "manager"
    ADMIN = "admin"


# Which people may sit down at which device. A manager or admin may stand in anywhere.
SEATS: dict[DeviceRole, frozenset[StaffRole]] = {
    DeviceRole.COUNTER: frozenset({StaffRole.FRONTLINER, StaffRole.MANAGER, StaffRole.ADMIN}),
    DeviceRole.SCREENING: frozenset({StaffRole.OFFICER, StaffRole.MANAGER, StaffRole.ADMIN}),
    DeviceRole.MANAGER: frozenset({StaffRole.MANAGER, StaffRole.ADMIN}),
    # Nobody sits there: who signs in with a browser.
    DeviceRole.WEB: frozenset({StaffRole.MANAGER, StaffRole.ADMIN}),
}
