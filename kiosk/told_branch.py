"""What the server told the kiosk of its branch: services, counts, languages, the door's ways."""

from dataclasses import replace
from typing import get_args

from kiosk.home_channels import HomeChannel, home_channels
from kiosk.service_tiles import TILES_ON_A_SHEET, ServiceTile, information_service, tiles_of
from kiosk.visit import KioskChoices
from protocol.messages import (
    Choice,
    KioskRules,
    KioskSnapshot,
    Names,
    Priority,
    ServiceInfo,
    Welcome,
)

HELP_NEED = "help"
"""The need (of ``choices.needs``) that says "this visitor does not know which service"."""

SILENT_RULES = KioskRules(home=False)
"""Those of a server that says none: it is older than the questions and could not take answers."""

CLAIMS: tuple[Priority, ...] = tuple(
    code for code in get_args(Priority) if code not in ("none", "urgent")
)
"""What visitors may say of themselves. That somebody is in a hurry only an officer can judge."""


class ToldBranch:
    """The newest greeting and the newest counts, and all that a page reads off them."""

    def __init__(self, choices: KioskChoices) -> None:
        self.choices = choices
        self.welcome: Welcome | None = None
        self.snapshot: KioskSnapshot | None = None
        # A screen with larger letters has room for fewer.
        self.tiles_on_a_sheet = TILES_ON_A_SHEET
        self._revision = -1
        # Whether this kiosk gives its numbers by itself, because the server cannot be asked.
        self.alone = False

    def learn_welcome(self, welcome: Welcome) -> None:
        """A connection is up; its snapshot follows."""
        self.welcome = welcome
        # The counts stay on the screen until the new ones come, whatever revision they have: a
        # server that was restored from its backup counts from further back.
        self._revision = -1

    def learn_snapshot(self, snapshot: KioskSnapshot) -> bool:
        """Newer counts; False if these are older than what is known."""
        # The session drops older ones too; a screen must be right without knowing that.
        if snapshot.revision < self._revision:
            return False
        self._revision = snapshot.revision
        self.snapshot = snapshot
        return True

    @property
    def may_speak(self) -> bool:
        """Whether pages are read aloud here: this machine can, and the branch wants it."""
        rules = self.welcome.kiosk if self.welcome is not None else None
        return self.choices.speech and (rules is None or rules.speech)

    @property
    def screened(self) -> bool:
        """Whether a number is given only for the code of an officer's slip."""
        return self.snapshot is not None and self.snapshot.mode == "screened"

    @property
    def gives_codes(self) -> bool:
        """Whether this branch has an officer at the door who hands out slips."""
        door = self.welcome.door if self.welcome is not None else None
        if self.alone:
            return False  # nobody can check one now
        return self.screened or (door is not None and bool(door.matters))

    @property
    def disturbance(self) -> Names | None:
        """What people are told of a system that does not work, None while all do."""
        told = self.snapshot.disturbance if self.snapshot is not None else None
        return told.text if told is not None else None

    @property
    def languages(self) -> list[str]:
        """The languages of the branch, its own first."""
        known = self.welcome.branch.languages if self.welcome is not None else []
        home = self.choices.language
        spoken = self.choices.languages
        return [home, *(each for each in known if each != home and each in spoken)]

    def tiles(self) -> list[ServiceTile]:
        """Every service, in the branch's order."""
        tiles = tiles_of(self.welcome, self.snapshot)
        # How many wait, only the server knows.
        return [replace(tile, waiting=None) for tile in tiles] if self.alone else tiles

    def any_service(self) -> str | None:
        """A service to name where the officer chose one: any that is open will do."""
        tiles = self.tiles()
        named = next((tile for tile in tiles if tile.open), tiles[0] if tiles else None)
        return None if named is None else named.code

    @property
    def sheets(self) -> int:
        """How many sheets the tiles need."""
        return -(-len(self.tiles()) // self.tiles_on_a_sheet)

    def unknown_tile(self) -> ServiceTile | None:
        """The service behind "I do not know", None if the branch has none."""
        services = self.welcome.services if self.welcome is not None else []
        choices = self.choices
        code = information_service(services, choices.unknown_service, choices.icon_of)
        return next((tile for tile in self.tiles() if tile.code == code), None)

    @property
    def rules(self) -> KioskRules:
        """What the branch lets its kiosks ask."""
        told = self.welcome.kiosk if self.welcome is not None else None
        return told or SILENT_RULES

    @property
    def claims(self) -> list[tuple[Priority, Names]]:
        """The groups that go ahead, in the branch's words and order; empty: nobody is asked."""
        if self.welcome is None or not self.rules.priority_claim:
            return []
        known = {code: code for code in CLAIMS}
        named = self.welcome.choices.priority
        return [(known[each.code], each.name) for each in named if each.code in known]

    @property
    def aids(self) -> list[Choice]:
        """What somebody may need at the counter; that nobody knows the service is none of it."""
        needs = self.welcome.choices.needs if self.welcome is not None else []
        return [need for need in needs if need.code != HELP_NEED]

    def channels_of(self, service: str) -> list[HomeChannel]:
        """What can be done from home right now instead of waiting for this service."""
        if not self.rules.home or self.welcome is None or self.snapshot is None:
            return []
        return home_channels(self.welcome.door, self.snapshot.channels_open, service)

    @property
    def waiting_total(self) -> int | None:
        """How many wait in the whole branch, None before the first snapshot."""
        return None if self.snapshot is None or self.alone else self.snapshot.waiting

    @property
    def all_closed(self) -> bool:
        """Whether no service gives numbers now."""
        tiles = self.tiles()
        return bool(tiles) and not any(tile.open for tile in tiles)

    @property
    def why_all_closed(self) -> Names | None:
        """Why no service gives numbers, and when the first one does again, if it was said."""
        return self.snapshot.why if self.snapshot is not None else None

    def service(self, code: str) -> ServiceInfo | None:
        """A service of the catalogue."""
        services = self.welcome.services if self.welcome is not None else []
        return next((service for service in services if service.code == code), None)

    @property
    def knows_help(self) -> bool:
        """Whether "I do not know" can be told to the counter as a need."""
        needs = self.welcome.choices.needs if self.welcome is not None else []
        return any(need.code == HELP_NEED for need in needs)
