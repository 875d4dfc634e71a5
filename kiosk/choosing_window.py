"""The kiosk's window: the branch and its clock above, one page below, the languages where they fit.

It reads the model and paints; every touch goes straight back to the model.
"""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from kiosk.choosing_model import ChoosingModel
from kiosk.leaving_model import LeavingModel
from kiosk.leaving_window import LeavingPad
from kiosk.pages.areas import Area, columns, place
from kiosk.pages.band import Band
from kiosk.pages.idle_page import IdlePage
from kiosk.pages.issued_page import IssuedPage
from kiosk.pages.moment_page import AwayPage, MomentPage
from kiosk.pages.page import KioskPage, on_tap, place_with_icon, say
from kiosk.pages.paperless_page import PaperlessPage
from kiosk.pages.question_page import QuestionPage
from kiosk.pages.services_page import ServicesPage
from kiosk.ticket_layout import branch_zone
from kiosk.visit import Page
from ui.buttons import BigButton, Look
from ui.labels import FittedLabel
from ui.signs import LinkBanner
from ui.texts import Texts
from ui.theme import Theme, Weight, apply_theme
from ui.tokens import Role

TICK_MS = 100
REACH = 0.6
"""All that is touched stands in this lower part of a portrait screen (EN 301 549 8.3, reach)."""

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ChoosingWindow(QWidget):
    """All pages of the kiosk, one of them seen."""

    printer_news = Signal()
    """Emitted by the printer, from its own thread."""

    def __init__(
        self,
        model: ChoosingModel,
        *,
        theme_of: Callable[[QWidget], Theme],
        texts_of: Callable[[str], Texts],
        leaving: LeavingModel,
    ) -> None:
        """``theme_of`` gives the look for the window's present size and screen."""
        super().__init__()
        self.setObjectName("kiosk")
        self._model, self._leaving = model, leaving
        self._theme_of, self._texts_of = theme_of, texts_of
        self.theme = theme_of(self)
        self.texts = texts_of(model.visit.language)
        self._uses_keys = False
        self._make_head()
        self._make_pages()
        self._languages: dict[str, BigButton] = {}
        self._question = QuestionPage(model, self.theme, self.texts, self)
        self._question.hide()
        self._pad = LeavingPad(leaving, self.theme, self.texts, self)
        self._seen: object = None
        for button in self.findChildren(QAbstractButton):
            # A touched button must not keep a ring around it for the next visitor.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        apply_theme(self, self.theme)
        model.changed = self.refresh
        leaving.changed = self.refresh
        # Queued, whatever thread it comes from: a printer may have news while it is asked.
        self.printer_news.connect(model.on_printer, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self.refresh()

    @property
    def page_name(self) -> str:
        """What is seen, for whoever drives the program: a page, ``question`` or ``leaving``."""
        if self._leaving.asks:
            return "leaving"
        if self._model.question_left_s() is not None:
            return "question"
        return self._model.page.value

    @Slot()
    def refresh(self) -> None:
        """Show what the model knows now."""
        self._speak()
        page = self._pages[self._model.page]
        self._show_head()
        page.show_model(self._model)
        # Fingers leave no focus, so a button that has it was reached by keys.
        focused = self.focusWidget()
        self._uses_keys |= isinstance(focused, QAbstractButton) and focused.hasFocus()
        seen = (self._model.page, self._model.visit.sheet, self.page_name)
        if seen != self._seen:
            self._seen = seen
            self._turn_to(page)
        self._show_languages(page)
        if not self._question.isHidden():
            self._question.show_model(self._model)
        if not self._pad.isHidden():
            self._pad.refresh(self.texts)

    # Making.

    def _make_head(self) -> None:
        self._branch = FittedLabel(
            "", self.theme, weight=Weight.SEMIBOLD, name="branch", parent=self
        )
        self._clock = FittedLabel(
            "",
            self.theme,
            role=Role.TILE,
            weight=Weight.BOLD,
            align=_RIGHT,
            wrap=False,
            tabular=True,
            name="clock",
            parent=self,
        )
        self._date = FittedLabel(
            "",
            self.theme,
            role=Role.SMALLEST,
            tone="ink_soft",
            align=_RIGHT,
            wrap=False,
            name="date",
            parent=self,
        )
        self._banners: dict[str, LinkBanner] = {}
        self._printing = Band(
            self.theme,
            name="printing",
            kind="info",
            icon="printer",
            role=Role.SMALLEST,
            parent=self,
        )
        self._printing.hide()

    def _make_pages(self) -> None:
        model, theme, texts = self._model, self.theme, self.texts
        self._pages: dict[Page, KioskPage] = {
            Page.IDLE: IdlePage(model, theme, texts, self),
            Page.SERVICES: ServicesPage(model, theme, texts, self),
            Page.MOMENT: MomentPage(theme, texts, self),
            Page.ISSUED: IssuedPage(model, theme, texts, self),
            Page.PAPERLESS: PaperlessPage(model, theme, texts, self),
            Page.AWAY: AwayPage(theme, texts, self),
        }
        for page in self._pages.values():
            page.hide()

    # Showing.

    def _speak(self) -> None:
        """Take the visitor's language."""
        language = self._model.visit.language
        if language != self.texts.language:
            self.texts = self._texts_of(language)
            for page in (*self._pages.values(), self._question):
                page.set_texts(self.texts)
        self.setWindowTitle(self.texts("kiosk.title"))

    def _show_head(self) -> None:
        model, texts = self._model, self.texts
        welcome = model.welcome
        if welcome is None:
            say(self._branch, texts("kiosk.title"))
        else:
            now = model.server_now().astimezone(branch_zone(welcome.branch.time_zone))
            say(self._branch, welcome.branch.name)
            say(self._clock, texts.clock(now))
            say(self._date, texts.day(now.date(), short=self._has_short_date))
        banner = self._banner()
        banner.show_link(model.link)
        # On the page AWAY the whole page says it.
        is_lost = bool(banner.text()) and model.page is not Page.AWAY
        prints = model.prints_for_others and not is_lost
        self._printing.say(texts("kiosk.printing_for_others") if prints else "")
        if (banner.isHidden(), self._printing.isHidden()) != (not is_lost, not prints):
            banner.setVisible(is_lost)
            self._printing.setVisible(prints)
            self._place_line()

    def _banner(self) -> LinkBanner:
        """The banner in the visitor's language."""
        language = self.texts.language
        for spoken, banner in self._banners.items():
            if spoken != language:
                banner.hide()
        if language not in self._banners:
            banner = LinkBanner(self.theme, self.texts, parent=self)
            banner.hide()
            self._banners[language] = banner
            self._place_line()
        return self._banners[language]

    def _turn_to(self, page: KioskPage) -> None:
        if self._model.page is Page.IDLE:
            self._uses_keys = False
        # The new one first: between two pages nobody may see neither.
        page.lay_out()
        page.show()
        for other in self._pages.values():
            if other is not page:
                other.hide()
        asks = self._model.question_left_s() is not None
        self._question.setVisible(asks)
        self._question.raise_()
        self._pad.setVisible(self._leaving.asks)
        self._pad.raise_()
        self._arrange_languages(page)
        self._focus(self._question if asks else page)

    def _focus(self, page: KioskPage) -> None:
        """Keyboard and pad begin at the first control; a finger needs no ring."""
        if self._leaving.asks:
            self._pad.setFocus()
            return
        first = page.first_control()
        if self._uses_keys and first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.setFocus()

    def _show_languages(self, page: KioskPage) -> None:
        languages = self._model.languages
        if list(self._languages) != languages:
            for button in self._languages.values():
                button.hide()
                button.deleteLater()
            self._languages = {language: self._language_button(language) for language in languages}
            self._question.raise_()
            self._pad.raise_()
            self._arrange_languages(page)
        for language, button in self._languages.items():
            chosen = language == self.texts.language
            button.set_look(Look.CHOSEN if chosen else Look.PANEL)

    def _language_button(self, language: str) -> BigButton:
        own = self._texts_of(language)
        button = BigButton(
            own("kiosk.language_name"),
            self.theme,
            name=f"language-{language}",
            icon="language",
            role=Role.BODY,
            description=own("kiosk.language_hint"),
            parent=self,
        )
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return on_tap(button, lambda: self._choose_language(language))

    def _choose_language(self, language: str) -> None:
        self._model.choose_language(language)
        self._arrange_languages(self._pages[self._model.page])

    # Placing.

    @property
    def _upright(self) -> bool:
        return self.height() > self.width()

    @property
    def _has_short_date(self) -> bool:
        """Whether weekday and month stand in three letters."""
        return self._upright or self.theme.sizes.smallest * 10 > self.width() * 0.24

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        theme = self._theme_of(self)
        if theme != self.theme:
            self.theme = theme
            apply_theme(self, theme)
        self._arrange()

    def _arrange(self) -> None:
        sizes = self.theme.sizes
        area = Area(
            QRectF(self.rect()).adjusted(sizes.margin, sizes.margin * 0.6, -sizes.margin, 0)
        )
        head = Area(area.top(sizes.smallest * 2.9, gap=sizes.gap))
        width = head.rest.width()
        place(self._branch, head.left(width * (0.6 if self._upright else 0.3), gap=sizes.gap))
        head.rest.setLeft(max(head.rest.left(), head.rest.right() - width * 0.4))
        if not self._upright:
            head.rest.setLeft(head.rest.right() - width * 0.24)
        place(self._clock, head.top(head.rest.height() * 0.55))
        place(self._date, head.rest)
        if self._upright:
            self._line = area.top(sizes.smallest * 1.9, gap=sizes.gap * 0.5)
        else:
            area.top(0, gap=sizes.gap)
            height = sizes.smallest * 1.9
            self._line = QRectF(
                self.width() * 0.315, sizes.margin * 0.8, self.width() * 0.42, height
            )
        self._place_line()
        top = area.rest.top()
        page_area = QRectF(0, top, self.width(), self.height() - top)
        for page in self._pages.values():
            page.reach_top = max(0.0, self.height() * (1 - REACH) - top)
            place(page, page_area)
        # A page that is not seen yet is told its size later, but the languages stand on it now.
        self._pages[self._model.page].lay_out()
        place(self._question, QRectF(self.rect()))
        self._question.lay_out()
        place(self._pad, QRectF(self.rect()))
        self._pad.lay_out()
        self._arrange_languages(self._pages[self._model.page])

    def _place_line(self) -> None:
        """The one line under the head: a lost link, or else a paper for somebody else."""
        line = getattr(self, "_line", QRectF())
        for banner in self._banners.values():
            place(banner, line)
        place(self._printing, line)

    def _arrange_languages(self, page: KioskPage) -> None:
        area = page.language_area
        for button in self._languages.values():
            button.setVisible(area is not None)
        if area is None:
            return
        shown = list(self._languages.items())
        if self._model.page is not Page.IDLE:
            # Beside other controls the language that is spoken already needs no place.
            shown = [(code, each) for code, each in shown if code != self.texts.language]
            for code, button in self._languages.items():
                button.setVisible(code != self.texts.language)
        where = area.translated(page.pos().x(), page.pos().y())
        cells = columns(where, max(1, len(shown)), self.theme.sizes.gap)
        for (_, button), cell in zip(shown, cells, strict=False):
            place_with_icon(button, "language", cell)

    # Hands.

    @Slot()
    def _tick(self) -> None:
        self._leaving.tick()
        self._model.tick()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A touch that hit no button: somebody is here. The corner is the staff's way out."""
        corner = self.theme.sizes.target
        if event.position().x() < corner and event.position().y() < corner:
            self._leaving.hold()
        self._uses_keys = False
        self._model.touch()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._leaving.let_go()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        corner = self.theme.sizes.target
        if event.position().x() >= corner or event.position().y() >= corner:
            self._leaving.let_go()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tab, arrows and Enter move and press; whatever else is typed does nothing."""
        self._model.touch()
        focused = self.focusWidget()
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and isinstance(focused, QAbstractButton) and focused.hasFocus():
            focused.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Right):
            self.focusNextChild()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Left):
            self.focusPreviousChild()
