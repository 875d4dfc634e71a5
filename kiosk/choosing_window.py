"""The kiosk's window: the branch and its clock above, one page below, the bar at the foot.

It reads the model and paints; every touch goes straight back to the model.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.leaving_model import LeavingModel
from kiosk.look import dressed
from kiosk.pages.areas import Area, place
from kiosk.pages.band import Band
from kiosk.pages.making import make_page
from kiosk.pages.page import KioskPage, place_with_icon, say
from kiosk.visit import Page
from ui.labels import FittedLabel
from ui.theme import Theme, Themed, Weight
from ui.tokens import KIOSK, KIOSK_DESIGN_PX, Role

if TYPE_CHECKING:
    from kiosk.leaving_window import LeavingPad
    from kiosk.pages.foot_bar import FootBar
    from kiosk.pages.officer_page import OfficerPage
    from kiosk.pages.question_page import QuestionPage
    from ui.signs import LinkBanner

# What is not on the first picture is imported where it is made: imports are most of its cost.

TICK_MS = 100
REST_MS = 100
"""After the first picture, and long before the first touch, the other pages are made."""

REACH = 0.6
"""All that is touched stands in this lower part of a portrait screen (EN 301 549 8.3, reach)."""

LOW_REACH = 1 / 3
LOW_REACH_LARGE = 0.45
"""With "menu turun" in this part, with larger letters in a little more."""

NEEDS_ALL_ROOM = (Page.ISSUED, Page.PAPERLESS)
"""Pages with much to read and little to touch: they take the line under the head, while nothing
stands there. On others nothing may move under a finger."""

REACH_MOST = 0.85
"""Reach is millimetres of the tall 21.5-inch screen: of a smaller or a wide one it is more, up
to this, for the rest has to say what is asked."""

SCARCE_TARGETS = 10
"""A screen lower than so many targets, such as a wide one of 15 inches, has no line to spare."""

_FOR_OTHERS = "kiosk.printing_for_others"

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
        self._plain = self.theme = theme_of(self)
        self._look = model.visit.look
        self.texts = texts_of(model.visit.language)
        self._uses_keys = False
        self._make_head()
        self._pages: dict[Page, KioskPage] = {}
        self._page_area = self._line = QRectF()
        self._foot: FootBar | None = None
        self._foot_top = self._free_top = 0.0
        self._question: QuestionPage | None = None
        self._officer: OfficerPage | None = None
        self._pad: LeavingPad | None = None
        self._seen: object = None
        self._dress()
        model.changed = self.refresh
        leaving.changed = self.refresh
        # Queued, whatever thread it comes from: a printer may have news while it is asked.
        self.printer_news.connect(model.on_printer, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        self.refresh()
        QTimer.singleShot(REST_MS, self, self.make_rest)

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
        self._take_look()
        page = self._page(self._model.page)
        self._show_head()
        page.show_model(self._model)
        # Fingers leave no focus, so a button that has it was reached by keys.
        focused = self.focusWidget()
        self._uses_keys |= isinstance(focused, QAbstractButton) and focused.hasFocus()
        seen = (
            self._model.page,
            self._model.visit.sheet,
            self.page_name,
            self._model.shows_call,
            self._says_line(),
        )
        if seen != self._seen:
            self._seen = seen
            self._turn_to(page)
        self._show_foot(page)
        if self._officer is not None and not self._officer.isHidden():
            self._officer.show_model(self._model)
        if self._question is not None and not self._question.isHidden():
            self._question.show_model(self._model)
        if self._pad is not None and not self._pad.isHidden():
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
        self._alone = Band(
            self.theme,
            name="offline",
            kind="info",
            icon="disconnected",
            role=Role.SMALLEST,
            parent=self,
        )
        self._alone.hide()

    @Slot()
    def make_rest(self) -> None:
        """Make every page that nobody has needed yet, so that none has to be waited for."""
        for page in Page:
            self._page(page)
        self._the_officer()
        self._the_question()
        self._the_pad()
        self._the_banner()

    def _page(self, page: Page) -> KioskPage:
        made = self._pages.get(page)
        if made is None:
            made = make_page(page, self._model, self.theme, self.texts, self)
            self._pages[page] = made
            self._place_page(made)
            # The bar, the question and the pad lie over every page, whenever it was made.
            made.lower()
        return made

    def _the_foot(self) -> "FootBar":
        from kiosk.pages.foot_bar import FootBar

        if self._foot is None:
            self._foot = FootBar(self._model, self._foot_theme(), self)
        return self._foot

    def _the_officer(self) -> "OfficerPage":
        from kiosk.pages.officer_page import OfficerPage

        if self._officer is None:
            self._officer = OfficerPage(self._model, self.theme, self.texts, self)
            self._officer.hide()
            self._place_officer()
        return self._officer

    def _the_question(self) -> "QuestionPage":
        from kiosk.pages.question_page import QuestionPage

        if self._question is None:
            self._question = QuestionPage(self._model, self.theme, self.texts, self)
            self._question.hide()
            self._place_over(self._question)
        return self._question

    def _the_pad(self) -> "LeavingPad":
        from kiosk.leaving_window import LeavingPad

        if self._pad is None:
            self._pad = LeavingPad(self._leaving, self.theme, self.texts, self)
            place(self._pad, QRectF(self.rect()))
            self._pad.lay_out()
        return self._pad

    def _the_banner(self) -> "LinkBanner":
        """The banner in the visitor's language."""
        from ui.signs import LinkBanner

        banner = self._banners.get(self.texts.language)
        if banner is None:
            banner = LinkBanner(self._foot_theme(), self.texts, parent=self)
            banner.hide()
            self._banners[self.texts.language] = banner
            self._place_line()
        return banner

    def _dress(self) -> None:
        """Give everything the present look.

        Without the theme's style sheet: it dresses fields and lists, and costs every widget.
        """
        self.setPalette(self.theme.palette())
        self.setFont(self.theme.font())
        for child in self.findChildren(QWidget):
            if isinstance(child, Themed) and not self._is_of_foot(child):
                child.set_theme(self.theme)

        for line in self._lines():
            line.set_theme(self._foot_theme())

    def _lines(self) -> list[Themed]:
        """The one line under the head: it stays as it is, too, or every page would move."""
        return [self._printing, self._alone, *self._banners.values()]

    def _is_of_foot(self, widget: object) -> bool:
        return self._foot is not None and widget in self._foot.every_button()

    # Showing.

    def _speak(self) -> None:
        """Take the visitor's language."""
        language = self._model.visit.language
        if language != self.texts.language:
            self.texts = self._texts_of(language)
            for page in self._pages.values():
                page.set_texts(self.texts)
            for cover in (self._question, self._officer):
                if cover is not None:
                    cover.set_texts(self.texts)
            self._arrange()
        self.setWindowTitle(self.texts("kiosk.title"))

    def _take_look(self) -> None:
        """Letters, colours and reach as this visitor wants them."""
        if self._look == self._model.visit.look:
            return
        self._look = self._model.visit.look
        self._dress_for_visit()
        self._arrange()
        self.update()

    def _dress_for_visit(self) -> None:
        theme = dressed(self._plain, self._model.visit)
        if theme != self.theme:
            self.theme = theme
            self._dress()
        if self._foot is not None:
            self._foot.set_theme(self._foot_theme())

    def _foot_theme(self) -> Theme:
        """The bar keeps its letters, so that what was touched stays under the finger."""
        return replace(self.theme, sizes=self._plain.sizes)

    def _show_head(self) -> None:
        model, texts = self._model, self.texts
        welcome = model.welcome
        if welcome is None:
            say(self._branch, texts("kiosk.title"))
        else:
            from kiosk.paper_layout import branch_zone

            now = model.server_now().astimezone(branch_zone(welcome.branch.time_zone))
            say(self._branch, welcome.branch.name)
            say(self._clock, texts.clock(now))
            say(self._date, texts.day(now.date()))
            if self._has_short_date:
                say(self._date, texts.day(now.date(), short=True))
        # On the page AWAY the whole page says it.
        is_alone = model.alone and model.page is not Page.AWAY
        self._alone.say(texts("kiosk.offline.band") if is_alone else "")
        self._alone.setVisible(is_alone)
        is_lost = not (model.online or model.alone) and model.page is not Page.AWAY
        if is_lost:
            self._the_banner().show_link(model.link)
        for language, banner in self._banners.items():
            banner.setVisible(is_lost and language == texts.language)
        prints = model.prints_for_others and not (is_lost or is_alone)
        self._printing.say(texts(_FOR_OTHERS) if prints else "")
        self._printing.setVisible(prints)

    def _turn_to(self, page: KioskPage) -> None:
        if self._model.page is Page.IDLE:
            self._uses_keys = False
        # The new one first: between two pages nobody may see neither.
        self._place_page(page)
        page.lay_out()
        page.show()
        for other in self._pages.values():
            if other is not page:
                other.hide()
        self._arrange_foot(page)
        shows_call = self._model.shows_call
        if shows_call or self._officer is not None:
            self._the_officer().setVisible(shows_call)
            self._the_officer().raise_()
        asks = self._model.question_left_s() is not None
        if asks or self._question is not None:
            self._the_question().setVisible(asks)
            self._the_question().raise_()
        if self._leaving.asks or self._pad is not None:
            self._the_pad().setVisible(self._leaving.asks)
            self._the_pad().raise_()
        self._focus(self._on_top())

    def _on_top(self) -> KioskPage:
        """The page that is touched now, or what lies over it."""
        if self._model.question_left_s() is not None:
            return self._the_question()
        return self._the_officer() if self._model.shows_call else self._page(self._model.page)

    def _focus(self, page: KioskPage) -> None:
        """Keyboard and pad begin at the first control; a finger needs no ring."""
        if self._leaving.asks:
            self._the_pad().setFocus()
            return
        first = page.first_control()
        if self._uses_keys and first is not None:
            first.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.setFocus()

    def _show_foot(self, page: KioskPage) -> None:
        if self._the_foot().show_model(self.texts, self._texts_of):
            self._dress_new()
            self._arrange_foot(page)

    def _dress_new(self) -> None:
        """Buttons of a language that the branch has only just named lie under what covers all."""
        for cover in (self._officer, self._question, self._pad):
            if cover is not None and not cover.isHidden():
                cover.raise_()

    # Placing.

    @property
    def _upright(self) -> bool:
        return self.height() > self.width()

    @property
    def _has_short_date(self) -> bool:
        """Whether weekday and month stand in three letters."""
        return self._upright or self._date.sizeHint().width() > self._date.width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._plain = self._theme_of(self)
        self._dress_for_visit()
        self._arrange()

    def _arrange(self) -> None:
        sizes = self.theme.sizes
        area = Area(
            QRectF(self.rect()).adjusted(sizes.margin, sizes.margin * 0.6, -sizes.margin, 0)
        )
        head = Area(area.top(sizes.smallest * 2.9, gap=sizes.gap))
        width = head.rest.width()
        place(self._branch, head.left(width * (0.55 if self._upright else 0.3), gap=sizes.gap))
        head.rest.setLeft(max(head.rest.left(), head.rest.right() - width * 0.45))
        if not self._upright:
            head.rest.setLeft(head.rest.right() - width * 0.24)
        place(self._clock, head.top(head.rest.height() * 0.55))
        place(self._date, head.rest)
        if self._upright:
            height = self._line_height(area.rest.width())
            self._line = area.top(height, gap=sizes.gap * 0.5)
            self._free_top = self._line.top()
        else:
            area.top(0, gap=sizes.gap)
            line = self.width() * 0.42
            self._line = QRectF(
                self.width() * 0.315, sizes.margin * 0.6, line, self._line_height(line)
            )
            # On a small screen a long sentence reaches below the head.
            self._free_top = area.rest.top()
            area.rest.setTop(max(self._free_top, self._line.bottom() + sizes.gap * 0.25))
        self._place_line()
        top = area.rest.top()
        self._page_area = QRectF(0, top, self.width(), self.height() - top)
        for page in self._pages.values():
            self._place_page(page)
        self._arrange_foot(self._page(self._model.page))
        if self._question is not None:
            self._place_over(self._question)
        if self._pad is not None:
            place(self._pad, QRectF(self.rect()))
            self._pad.lay_out()

    def _place_page(self, page: KioskPage) -> None:
        page.low_menu = self._model.visit.low_menu
        area = QRectF(self._page_area)
        if self._model.page in NEEDS_ALL_ROOM and not self._says_line():
            area.setTop(self._free_top)
        page.reach_top = max(0.0, self.height() - self._reach() - area.top())
        place(page, area)

    def _says_line(self) -> bool:
        """Whether something stands in the line under the head."""
        lines = (self._printing, self._alone, *self._banners.values())
        return any(not line.isHidden() for line in lines)

    def _place_over(self, page: KioskPage) -> None:
        """A page that lies over the whole window."""
        page.low_menu = self._model.visit.low_menu
        place(page, QRectF(self.rect()))
        page.lay_out()

    def _place_officer(self) -> None:
        """Over the page, not over the bar."""
        if self._officer is not None:
            self._officer.low_menu = self._model.visit.low_menu
            place(self._officer, QRectF(0, 0, self.width(), self._foot_top))
            self._officer.lay_out()

    def _reach(self) -> float:
        """How high above the lower edge of the window there may be something to touch."""
        visit, height = self._model.visit, float(self.height())
        if not visit.low_menu and not visit.large_text:
            return height * REACH
        low = LOW_REACH_LARGE if visit.large_text and self._upright else LOW_REACH
        share = low if visit.low_menu else REACH
        design = KIOSK_DESIGN_PX[1] * self._per_design_px() * share
        return min(height * REACH_MOST, max(height * share if self._upright else 0.0, design))

    def _per_design_px(self) -> float:
        """How large a pixel of the design is here; more on a small screen of many pixels."""
        fit, smallest = self._plain.sizes.number / KIOSK.number, self._plain.sizes.smallest
        # Letters are rounded up to whole pixels, which says nothing of the screen.
        return smallest / KIOSK.smallest if smallest > KIOSK.smallest * fit + 1.01 else fit

    def _line_height(self, width: float) -> float:
        """Of the longest sentence that may come to stand there, so that no page moves for it."""
        sentences = map(
            self.texts,
            ("ui.link.lost", "ui.link.connecting", "kiosk.offline.band", _FOR_OTHERS),
        )
        px = self._plain.sizes.smallest
        return max(self._printing.height_for(width, px, words) for words in sentences)

    def _place_line(self) -> None:
        """The one line under the head: a lost link, or else a paper for somebody else."""
        line = self._line
        for banner in self._banners.values():
            place(banner, line)
        place(self._printing, line)
        place(self._alone, line)

    def _arrange_foot(self, page: KioskPage) -> None:
        """The bar, as low as its words allow; the page has what is left above it."""
        given = page.foot_buttons()
        self._lay_foot(page)
        # With another bar below it the page may show fewer tiles, and so another button.
        if page.foot_buttons() != given:
            self._lay_foot(page)

    def _lay_foot(self, page: KioskPage) -> None:
        foot, sizes = self._the_foot(), self._plain.sizes
        width = self.width() - 2.0 * sizes.margin
        if width <= 0:
            return
        for lead in page.foot_buttons():
            lead.set_theme(self._foot_theme())
        leads = [each for each in page.foot_buttons() if not each.isHidden()]
        is_scarce = self.height() < sizes.target * SCARCE_TARGETS
        plan = foot.plan(width, leads, is_scarce=is_scarce)
        height = plan.height(foot.gap)
        bottom = self.height() - sizes.margin * 0.6
        area = QRectF(sizes.margin, bottom - height, width, height)
        page.foot_height = height
        page.lay_out()
        for button, cell in foot.lay_out(area, plan):
            place_with_icon(button, "back", cell.translated(-page.x(), -page.y()))
        self._order_tabs(page)
        if self._foot_top != area.top():
            self._foot_top = area.top() - sizes.gap
            self._place_officer()

    def _order_tabs(self, page: KioskPage) -> None:
        """The bar comes after the controls of the page, whichever was made first."""
        before = page.last_control()
        for button in self._the_foot().buttons():
            if before is not None:
                self.setTabOrder(before, button)
            before = button

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

    def is_covered(self, widget: QWidget) -> bool:
        """Whether something that takes every touch lies over a widget."""
        foot = self._foot.buttons() if self._foot is not None else []
        for cover in (self._pad, self._question, self._officer):
            if cover is None or cover.isHidden():
                continue
            if cover is widget or cover.isAncestorOf(widget):
                return False
            # Words about a call leave the bar free.
            if cover is not self._officer or widget not in foot:
                return True
        return False

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """The next control, but none that lies under something."""
        # A Tab out of a scanner is no wish to move.
        if self._model.is_scanning:
            return True
        reason = Qt.FocusReason.TabFocusReason if forwards else Qt.FocusReason.BacktabFocusReason
        begun: QWidget = self._focused() or self
        first = self._on_top().first_control()
        if forwards and begun is self and first is not None and not self._leaving.asks:
            first.setFocus(reason)
            return True
        at = begun.nextInFocusChain() if forwards else begun.previousInFocusChain()
        while at is not None and at is not begun:
            takes = bool(at.focusPolicy() & Qt.FocusPolicy.TabFocus)
            if takes and at.isVisible() and at.isEnabled() and not self.is_covered(at):
                at.setFocus(reason)
                break
            at = at.nextInFocusChain() if forwards else at.previousInFocusChain()
        return True

    def _focused(self) -> QWidget | None:
        """Who has the keyboard; Qt's stubs do not say that it may be nobody."""
        return self.focusWidget()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tab, arrows and Enter move and press; what else is typed may be a slip's code."""
        self._model.touch()
        focused = self.focusWidget()
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self._model.enter_key():
            return
        if event.key() == Qt.Key.Key_Backspace:
            self._model.erase_digit()
        elif event.text() and not is_enter:
            # A scanner types Space and Enter, too: they must not press what a hand had reached.
            self.setFocus()
            self._model.type_key(event.text())
        elif is_enter and isinstance(focused, QAbstractButton) and focused.hasFocus():
            focused.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Right):
            self.focusNextChild()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Left):
            self.focusPreviousChild()
