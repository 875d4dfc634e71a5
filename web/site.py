"""Every page of the site: one table from address to who makes it."""

from starlette.routing import BaseRoute

PAGES: list[BaseRoute] = []
