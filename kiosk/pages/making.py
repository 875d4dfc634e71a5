"""Making a page when it is first needed: a kiosk shows its first picture before it has them all.

The imports stand in the functions because they are most of what a page costs.
"""

from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.pages.page import KioskPage
from kiosk.visit import Page
from ui.theme import Theme


def make_page(
    page: Page, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget
) -> KioskPage:
    """The page of this name, not yet seen."""
    made = _made(page, model, theme, texts, parent)
    made.hide()
    return made


def _made(
    page: Page, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget
) -> KioskPage:
    match page:
        case Page.IDLE:
            from kiosk.pages.idle_page import IdlePage

            return IdlePage(model, theme, texts, parent)
        case Page.SERVICES:
            from kiosk.pages.services_page import ServicesPage

            return ServicesPage(model, theme, texts, parent)
        case Page.HOME:
            from kiosk.pages.home_page import HomePage

            return HomePage(model, theme, texts, parent)
        case Page.PRIORITY:
            from kiosk.pages.priority_page import PriorityPage

            return PriorityPage(model, theme, texts, parent)
        case Page.IDENTITY:
            from kiosk.pages.identity_page import IdentityPage

            return IdentityPage(model, theme, texts, parent)
        case Page.THANKS:
            from kiosk.pages.thanks_page import ThanksPage

            return ThanksPage(model, theme, texts, parent)
        case Page.CODE:
            from kiosk.pages.code_page import CodePage

            return CodePage(model, theme, texts, parent)
        case Page.BOOKING:
            from kiosk.pages.booking_page import BookingPage

            return BookingPage(model, theme, texts, parent)
        case Page.MOMENT:
            from kiosk.pages.moment_page import MomentPage

            return MomentPage(theme, texts, parent)
        case Page.ISSUED:
            from kiosk.pages.issued_page import IssuedPage

            return IssuedPage(model, theme, texts, parent)
        case Page.PAPERLESS:
            from kiosk.pages.paperless_page import PaperlessPage

            return PaperlessPage(model, theme, texts, parent)
        case Page.AWAY:
            from kiosk.pages.moment_page import AwayPage

            return AwayPage(theme, texts, parent)
