"""The server's own sentences: ``assets/translations/server.*.toml``, Indonesian the mother."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from assets import asset_path

FALLBACK_LANGUAGE = "id"

Table = Mapping[str, str]


@cache
def table(name: str, language: str) -> Table:
    """The sentences of one table; a language without a file has the mother's."""
    try:
        path = asset_path("translations", f"server.{language}.toml")
    except FileNotFoundError:
        if language == FALLBACK_LANGUAGE:
            raise
        return table(name, FALLBACK_LANGUAGE)
    sentences: Table = tomllib.loads(path.read_text("utf-8"))[name]
    return sentences


def in_each(
    languages: Iterable[str], name: str, code: str, facts: Mapping[str, object]
) -> dict[str, str]:
    """One sentence in every language of a branch.

    A fact that is a mapping (language to text) is said in the language of the sentence.
    """
    return {
        language: table(name, language)[code].format_map(
            {key: in_language(fact, language) for key, fact in facts.items()}
        )
        for language in languages
    }


def in_language(fact: object, language: str) -> Any:
    """A name in one language, any other fact as it is."""
    if isinstance(fact, Mapping):
        return fact.get(language) or fact.get(FALLBACK_LANGUAGE, "")
    return fact
