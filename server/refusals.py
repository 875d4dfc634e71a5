"""Why not, in words for the person: the sentences of ``assets/translations/server.*.toml``."""

from collections.abc import Mapping
from typing import Any

from protocol.codec import encode
from protocol.messages import Rejected
from server.closed_words import sentence_of
from server.domain.errors import QueueRuleError
from server.domain.opening import Closed
from server.texts import in_language, table


def rejection(command_id: str | None, no: QueueRuleError, language: str) -> bytes:
    """The frame that says no, where no ticket has to be shown with it."""
    facts = dict(no.facts)
    extra: dict[str, Any] = {key: facts[key] for key in ("retry_after_s", "state") if key in facts}
    message = sentence(no.reason, language, facts)
    reason = "bad-value" if no.reason == "malformed" else no.reason
    return encode(Rejected(id=command_id, reason=reason, message=message, **extra))


def sentence(reason: str, language: str, facts: Mapping[str, Any] | None = None) -> str:
    """The kind words for a reason; facts fill the gaps, names in the person's language."""
    facts = facts or {}
    if isinstance(closed := facts.get("closed"), Closed):
        return sentence_of(closed, facts["service_name"], language)
    sentences = table("refusal", language)
    # A reason may have several sentences, each for another cause.
    template = sentences.get(str(facts.get("words", reason)), sentences["internal"])
    return template.format_map(_Words(language, facts))


class _Words(dict[str, Any]):
    """The facts of a refusal as words; a gap without a fact stays empty, never an error."""

    def __init__(self, language: str, facts: Mapping[str, Any]) -> None:
        super().__init__()
        for key, fact in facts.items():
            fact = in_language(fact, language)
            if key == "retry_after_s":
                fact = max(1, round(float(fact)))
            if key == "state":
                fact = table("refusal", language).get(f"state-{fact}", fact)
            self[key] = fact

    def __missing__(self, key: str) -> str:
        return ""
