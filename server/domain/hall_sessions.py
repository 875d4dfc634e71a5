"""What is known of the managers who are signed in with a browser."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WebSession:
    """A manager's browser; ``session`` is the hash of its secret, ``handle`` what lists show."""

    session: str
    handle: str
    staff: str
    name: str
    role: str
    device: str
    where: str
    opened_at_ms: int
