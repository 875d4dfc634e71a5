"""What a simulated branch tells whoever watches it; the laws of the tests listen here."""

from protocol.messages import Accepted, AnyCommand, Rejected, TicketToPrint
from server.connections import Connections
from server.lane import Lane


class Watcher:
    """Hears everything and does nothing; override what is of interest.

    What is raised here stops the simulation.
    """

    def started(self, lane: Lane, connections: Connections) -> None:
        """A server has rebuilt its day from the disk."""

    def committed(self) -> None:
        """A transaction is on the disk."""

    def sent(self, device: str, connection: int, frame: bytes) -> None:
        """A frame leaves the server; ``connection`` is new for each."""

    def queued(self, device: str, waiting_bytes: int) -> None:
        """So much has been written to a device and not been read yet."""

    def asked(self, device: str, command: AnyCommand) -> None:
        """A person or program wants something, once."""

    def answered(self, device: str, command: AnyCommand, answer: Accepted | Rejected) -> None:
        """The asker hears the one answer."""

    def printed(self, kiosk: str, ticket: TicketToPrint) -> None:
        """A paper has come out of a printer."""

    def rested(self) -> None:
        """All faults have stopped long enough for everything to be right."""

    def stopped(self, error: BaseException | None) -> None:
        """The server ended itself, because of ``error``."""

    def handler_broke(self) -> None:
        """A bug was planted into one command: one ``internal`` is right."""
