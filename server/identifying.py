"""The number of a person as the server takes it, or a refusal that says which rule and the cure."""

from protocol.identifiers import Identifier, IdentifierError, read_identifier
from server.domain.errors import QueueRuleError


def identifier_of(text: str) -> Identifier:
    """The one number in what was typed or scanned; no refusal repeats a digit of it."""
    problem: QueueRuleError
    try:
        return read_identifier(text)
    except IdentifierError as error:
        words = f"bad-identifier-{error.code}"
        problem = QueueRuleError("bad-identifier", words=words, **error.facts)
    # Outside of the handler, so that nothing of what was typed hangs on the refusal.
    raise problem
