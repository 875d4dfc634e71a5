"""What a visitor could do from home instead of waiting for a service (pure)."""

from collections.abc import Collection
from dataclasses import dataclass

from protocol.messages import DoorCatalogue, Names

CHANNELS_MAX = 3
"""More ways than these at once are no longer read but searched."""

HERE = "self-service"
"""Channels of this kind stand in the office: nobody needs a telephone for them."""


@dataclass(frozen=True, slots=True)
class HomeChannel:
    """A channel that works now; ``matters`` are the errands of the service that it can do."""

    code: str
    name: Names
    about: Names
    link: str
    hours: Names
    matters: tuple[Names, ...]
    # Whether it can do every errand that this service knows.
    does_all: bool


def home_channels(
    door: DoorCatalogue | None, open_now: Collection[str], service: str
) -> list[HomeChannel]:
    """The channels of a service in the catalogue's order, each address once.

    ``open_now`` are the codes of those that are in their hours and not disturbed.
    """
    if door is None:
        return []
    errands = [matter for matter in door.matters if matter.service == service]
    found: dict[str, HomeChannel] = {}
    for channel in door.channels:
        does = tuple(matter.name for matter in errands if channel.code in matter.channels)
        if not does or not channel.link or channel.kind == HERE or channel.code not in open_now:
            continue
        # Two names behind one address (a telephone and its robot) are one QR.
        found.setdefault(
            channel.link,
            HomeChannel(
                channel.code,
                channel.name,
                channel.about,
                channel.link,
                channel.hours,
                does,
                len(does) == len(errands),
            ),
        )
    return list(found.values())[:CHANNELS_MAX]
