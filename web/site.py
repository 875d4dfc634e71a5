"""Every page of the site: one table from address to who makes it."""

from starlette.routing import BaseRoute

from web import (
    booking_pages,
    counter_pages,
    day_pages,
    hall_pages,
    language_page,
    period_pages,
    phone_pages,
    report_pages,
    sign_in_pages,
    steering_pages,
    survey_pages,
    tablet_pages,
    ticket_deeds,
    ticket_pages,
)

PAGES: list[BaseRoute] = [
    *sign_in_pages.PAGES,
    *hall_pages.PAGES,
    *ticket_pages.PAGES,
    *ticket_deeds.PAGES,
    *counter_pages.PAGES,
    *steering_pages.PAGES,
    *day_pages.PAGES,
    *report_pages.PAGES,
    *period_pages.PAGES,
    *language_page.PAGES,
    *phone_pages.PAGES,
    *booking_pages.PAGES,
    *survey_pages.PAGES,
    *tablet_pages.PAGES,
]
