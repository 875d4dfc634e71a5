"""A rule said no."""


class QueueRuleError(Exception):
    """A refusal that a person can understand; anything else that is raised is a bug.

    ``reason`` is a code of protocol.md; the facts fill its sentence: ``retry_after_s``,
    ``state`` and ``ticket`` (an id) also go onto the wire.
    """

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason, facts)
        self.reason = reason
        self.facts = facts
