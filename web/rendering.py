"""From templates and words to pages; every value is escaped by itself (F49)."""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from assets.texts import Texts

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
STATIC = HERE / "static"
ROOMS = ("web", "phone", "report")


class Rendering:
    """Makes pages. ``strict`` makes a missing word an error, for tests."""

    def __init__(self, *, strict: bool = False) -> None:
        self._strict = strict
        self._environment = Environment(
            loader=FileSystemLoader([TEMPLATES, HERE.parent / "report" / "templates"]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["static"] = static_address
        self._texts: dict[str, Texts] = {}

    def texts(self, language: str) -> Texts:
        """The words of the pages in one language."""
        if language not in self._texts:
            self._texts[language] = Texts.load(language, ROOMS, strict=self._strict)
        return self._texts[language]

    def filled(self, template: str, texts: Texts, context: Mapping[str, Any]) -> str:
        """A filled template; ``t`` are its words."""
        return self._environment.get_template(template).render(t=texts, **context)

    def page(
        self, template: str, texts: Texts, context: Mapping[str, Any], status: int = 200
    ) -> HTMLResponse:
        """A filled template as an answer, which nobody between keeps."""
        return HTMLResponse(
            self.filled(template, texts, context),
            status,
            headers={"Cache-Control": "no-store", "Content-Language": texts.language},
        )


@cache
def static_address(name: str) -> str:
    """Where a file of ours is served: with its digest, so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"
