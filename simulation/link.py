"""A simulated device on a real network: the pages' link with an identity of its own.

The demo's other visitors and frontliners use it, so that the branch on the screen is as full as a
real one. It comes back by itself like every program of the branch.
"""

from collections.abc import Callable
from uuid import UUID

from protocol.messages import Hello
from protocol.roles import PROTOCOL_VERSION, DeviceRole
from web.link import BranchLink


class SimulatedDevice(BranchLink):
    """One connection; ``on_notice`` hears every notice, ``new_id`` gives an id for one
    intention."""

    def __init__(
        self, url: str, role: DeviceRole, device: str, token: str, new_id: Callable[[], UUID]
    ) -> None:
        super().__init__(
            url,
            Hello(
                protocol=PROTOCOL_VERSION,
                role=role,
                device=device,
                token=token,
                program="antrean-demo",
                language="id",
            ),
        )
        self.new_id = new_id
