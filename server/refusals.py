"""Why not, in words for the person: the sentences of ``assets/translations/server.*.toml``."""

import tomllib
from collections.abc import Mapping
from functools import cache
from typing import Any

from assets import asset_path

FALLBACK_LANGUAGE = "id"


@cache
def _sentences(language: str) -> Mapping[str, str]:
    path = asset_path("translations", f"server.{language}.toml")
    if not path.is_file():
        return _sentences(FALLBACK_LANGUAGE)
    refusals: Mapping[str, str] = tomllib.loads(path.read_text("utf-8"))["refusal"]
    return refusals


def sentence(reason: str, language: str, facts: Mapping[str, Any] | None = None) -> str:
    """The kind words for a reason; facts fill the gaps, names in the person's language."""
    sentences = _sentences(language)
    template = sentences.get(reason, sentences["internal"])
    return template.format_map(_Words(language, facts or {}))


class _Words(dict[str, Any]):
    """The facts of a refusal as words; a gap without a fact stays empty, never an error."""

    def __init__(self, language: str, facts: Mapping[str, Any]) -> None:
        super().__init__()
        for key, fact in facts.items():
            if isinstance(fact, Mapping):
                fact = fact.get(language) or fact.get(FALLBACK_LANGUAGE, "")
            if key == "retry_after_s":
                fact = max(1, round(float(fact)))
            if key == "state":
                fact = _sentences(language).get(f"state-{fact}", fact)
            self[key] = fact

    def __missing__(self, key: str) -> str:
        return ""
