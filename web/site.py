"""Every page of the site: one table from address to who makes it."""

from starlette.routing import BaseRoute

from web import language_page, phone_pages, sign_in_pages

PAGES: list[BaseRoute] = [
    *sign_in_pages.PAGES,
    *language_page.PAGES,
    *phone_pages.PAGES,
]
