"""The compact strip (C2): above all other programs, and never in the way of their typing."""

from datetime import timedelta
from functools import partial

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from counter.actions import ACTIONS, Wish
from counter.global_keys import Grabbed
from counter.memory import SeatMemory
from counter.serving_model import ServingModel
from counter.strip_place import Rect, place, screen_at, snapped
from counter.wording import Wording
from ui.buttons import BigButton, Look
from ui.labels import FittedLabel, NumberPlate
from ui.shapes import paint_card
from ui.signs import StateChip, TimerLabel
from ui.theme import Theme, Weight, apply_theme
from ui.tokens import Role

WIDTH, HEIGHT = 360, 120
_MENU_MOVES = ("start", "park", "no-show", "cancel", "pause", "open", "close", "sign-out")
_PANELS = ("finish", "transfer", "continue", "issue")
"""Moves that need more room than a menu: they open the console at the right place."""
_VIEWS = ("numbers", "why")


class StripWindow(QWidget):
    """Number, timer, line and the three keys of every day, over whatever else is open."""

    console_wanted = Signal()
    panel_wanted = Signal(str)

    def __init__(
        self, model: ServingModel, wording: Wording, theme: Theme, memory: SeatMemory
    ) -> None:
        super().__init__(
            None,
            Qt.WindowType.Tool
            | Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.WindowDoesNotAcceptFocus,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_AlwaysShowToolTips)
        self.setObjectName("strip-window")
        self.setWindowTitle(wording("window.strip_title"))
        self._model, self._say, self._theme, self._memory = model, wording, theme, memory
        self._grabbed: Grabbed | None = None
        self._drag_from: QPoint | None = None
        self._seen: object = None
        self.buttons: dict[str, BigButton] = {}
        sizes = theme.sizes
        scale = sizes.margin / 8  # the tokens of the strip are written for 360 x 120
        self.setFixedSize(round(WIDTH * scale), round(HEIGHT * scale))
        column = QVBoxLayout(self)
        column.setContentsMargins(sizes.margin, sizes.gap, sizes.margin, sizes.gap + 2)
        column.setSpacing(sizes.gap)
        column.addLayout(self._top(), 1)
        column.addLayout(self._middle())
        column.addLayout(self._bottom())
        for name, button in self.buttons.items():
            high = 1.2 if name in ("next", "open") else 1.0
            button.setFixedHeight(round(sizes.target * high))
        self.more.setFixedHeight(sizes.target)
        apply_theme(self, theme)

    # Building.

    def _top(self) -> QHBoxLayout:
        theme, texts = self._theme, self._say.texts
        self.number = NumberPlate(
            "",
            theme,
            spacing=0.03,
            align=Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            name="strip-number",
        )
        self.link = StateChip("finished", theme, texts, word="", name="strip-link")
        self.timer = TimerLabel(
            theme, texts, self._model.server_now, role=Role.TILE, name="strip-timer"
        )
        self.headline = FittedLabel(
            "", theme, role=Role.TILE, weight=Weight.SEMIBOLD, floor=Role.SMALLEST, wrap=False
        )
        self.headline.setObjectName("strip-headline")
        for part in (self.number, self.headline):
            part.setMinimumHeight(round(theme.sizes.number * 1.1))
        row = QHBoxLayout()
        row.setSpacing(theme.sizes.gap * 2)
        row.addWidget(self.number, 4)
        row.addWidget(self.timer, 9)
        row.addWidget(self.headline, 13)
        row.addWidget(self.link)
        return row

    def _middle(self) -> QHBoxLayout:
        theme = self._theme
        self._add_button("next", Look.PRIMARY, badge="", role=Role.BODY)
        self._add_button("open", Look.PRIMARY, badge="", role=Role.BODY)
        self.line = FittedLabel(
            "", theme, role=Role.BODY, weight=Weight.MEDIUM, name="strip-line", floor=Role.SMALLEST
        )
        row = QHBoxLayout()
        row.setSpacing(theme.sizes.gap * 2)
        row.addWidget(self.buttons["next"], 10)
        row.addWidget(self.buttons["open"], 10)
        row.addWidget(self.line, 13)
        return row

    def _bottom(self) -> QHBoxLayout:
        theme, texts = self._theme, self._say.texts
        for name in ("recall", "finish"):
            self._add_button(name, Look.PANEL, badge="", role=Role.SMALLEST)
        self.buttons["finish"].set_content(self._say("finish.button"))
        self._add_button("undo", Look.CHOSEN, badge="", role=Role.SMALLEST)
        self.buttons["undo"].hide()
        self.more = BigButton("…", theme, name="strip-more", role=Role.BODY)
        self.more.setAccessibleName(self._say("action.more"))
        self.more.setToolTip(self._say("action.more"))
        self.more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.more.tapped.connect(self.show_menu)
        self.waiting = FittedLabel(
            "",
            theme,
            role=Role.SMALLEST,
            weight=Weight.SEMIBOLD,
            wrap=False,
            align=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            name="strip-waiting",
        )
        self.state = StateChip("called", theme, texts, name="strip-state")
        row = QHBoxLayout()
        row.setSpacing(theme.sizes.gap)
        row.addWidget(self.buttons["recall"], 6)
        row.addWidget(self.buttons["finish"], 7)
        row.addWidget(self.more, 3)
        row.addWidget(self.buttons["undo"], 8)
        row.addStretch(1)
        row.addWidget(self.state)
        row.addWidget(self.waiting, 8)
        return row

    def _add_button(self, name: str, look: Look, *, badge: str, role: Role) -> None:
        button = BigButton(
            self._say(f"action.{name}"),
            self._theme,
            name=f"strip-{name}",
            look=look,
            badge=badge,
            role=role,
        )
        # A click must not take the keyboard from the program beneath.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.tapped.connect(lambda: self._model.do(name))
        self.buttons[name] = button

    # What is seen.

    def set_grabbed(self, grabbed: Grabbed | None) -> None:
        """Say whether the global keys work."""
        self._grabbed = grabbed
        self.refresh()

    def refresh(self) -> None:
        """Show what the model holds now."""
        model, say = self._model, self._say
        ticket = model.ticket
        seen = (ticket, model.counter_state, model.snapshot is None)
        if seen != self._seen:
            self._seen = seen
            self._show_ticket()
        resting = model.counter_state in ("closed", "paused")
        self.buttons["next"].setVisible(not resting)
        self.buttons["open"].setVisible(resting)
        reopen = "action.reopen" if model.counter_state == "paused" else "action.open"
        if self.buttons["open"].title != say(reopen):
            self.buttons["open"].set_content(say(reopen))
        words, tone = self._line_words()
        if words != self.line.text():
            self.line.setText(words)
            self.line.setToolTip(words)
        self.line.set_tone(tone)
        total = say("line.total", count=model.waiting_total) if model.snapshot is not None else ""
        if total != self.waiting.text():
            self.waiting.setText(total)
        self._show_link()
        self._show_undo()
        for name, button in self.buttons.items():
            why = model.hindrance(name)
            button.setEnabled(not why or (why == "on-the-way" and not model.waits_long()))
            tip = say.tip(model, name)
            if tip != button.toolTip():
                button.setToolTip(tip)
                button.setAccessibleDescription(tip)

    def _show_undo(self) -> None:
        """For its five seconds the undo takes the place of the state and the count."""
        model, button = self._model, self.buttons["undo"]
        left_s = model.undo_left_s() if model.online else 0
        if left_s:
            title = self._say("action.undo_in", seconds=left_s)
            if button.title != title:
                button.set_content(title)
        if button.isHidden() == bool(left_s):
            button.setVisible(bool(left_s))
            self.state.setVisible(not left_s and self._has_state())
            self.waiting.setVisible(not left_s)

    def _has_state(self) -> bool:
        return self._model.ticket is not None or bool(self._model.counter_state)

    def _show_ticket(self) -> None:
        model, say = self._model, self._say
        ticket = model.ticket
        for part in (self.number, self.timer):
            part.setVisible(ticket is not None)
        self.state.setVisible(self._has_state() and self.buttons["undo"].isHidden())
        self.headline.setVisible(ticket is None)
        if ticket is None:
            self.timer.stop()
            seat = model.counter_state or "closed"
            look = {"open": "serving", "paused": "parked"}.get(seat, "cancelled")
            self.state.set_state(look, word=say(f"seat.{seat}"))
            code = {"closed": "closed", "paused": "paused", "open": "none"}
            self.headline.setText(say(f"state.{code.get(model.counter_state, 'loading')}"))
            return
        self.number.set_number(ticket.number)
        self.state.set_state(ticket.state)
        timer = model.timer()
        if timer is None:
            self.timer.stop()
        else:
            target = timedelta(seconds=timer.target_s) if timer.target_s else None
            self.timer.run(timer.since, target)

    def _line_words(self) -> tuple[str, str]:
        """The one line beside the big key, and its tone: the most urgent thing to know."""
        model, say = self._model, self._say
        if not model.online:
            return say("link.strip_lost"), "on_warning_soft"
        if model.remark is not None:
            tones = {"no": "error", "good": "primary", "due": "on_warning_soft"}
            tone = tones.get(model.remark.tone, "ink")
            return say.remark(model.remark), tone
        troubled = self._grabbed is not None and (self._grabbed.missing or self._grabbed.refused)
        if troubled and model.ticket is None:
            return say.global_keys(self._grabbed), "ink_soft"
        if model.counter_state in ("closed", "paused"):
            return say(f"state.{model.counter_state}_short"), "ink_soft"
        return say.prospect_short(model), "ink_soft"

    def _show_link(self) -> None:
        online = self._model.online
        key = "online" if online else self._model.link.state.value
        word = self._say(f"link.{key}")
        if self.link.accessibleName() != word:
            self.link.set_state("finished" if online else "offline", word="")
            self.link.setAccessibleName(word)
            self.link.setToolTip(word)
            self.update()

    def menu(self) -> QMenu:
        """Everything that has no button of its own on the strip."""
        menu = QMenu(self)
        menu.setObjectName("strip-menu")
        for name in _MENU_MOVES:
            asks = ACTIONS[name].asks
            title = self._say(f"action.{name}")
            if asks:
                self._add_choices(menu, name, title.removesuffix(" …"))
                continue
            entry = menu.addAction(title, partial(self._model.do, name))
            entry.setEnabled(not self._model.hindrance(name))
        menu.addSeparator()
        for name in _PANELS:
            title = self._say("finish.details" if name == "finish" else f"action.{name}")
            entry = menu.addAction(title, partial(self.panel_wanted.emit, name))
            entry.setEnabled(not self._model.hindrance(name))
        for name in _VIEWS:
            menu.addAction(self._say(f"action.{name}"), partial(self.panel_wanted.emit, name))
        menu.addSeparator()
        menu.addAction(self._say("action.console"), self.console_wanted.emit)
        return menu

    def show_menu(self) -> None:
        """Open the menu above or below the strip."""
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    def _add_choices(self, menu: QMenu, name: str, title: str) -> None:
        choices = menu.addMenu(title)
        choices.setEnabled(not self._model.hindrance(name))
        for choice in self._model.choices_of(ACTIONS[name].asks):
            choices.addAction(
                self._say.texts.pick(choice.name) or choice.code,
                partial(self._model.do, name, Wish(reason=choice.code)),
            )

    # Where it stands.

    def show_at_its_place(self) -> None:
        """Show it where it stood last time on a screen that is there."""
        memory = self._memory
        left, top, width, height = place(
            self.width(), self.height(), _screens(), memory.strip_places, memory.strip_screen
        )
        self.setGeometry(left, top, width, height)
        self.show()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._drag_from = event.globalPosition().toPoint() - self.pos()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag_from is None:
            return
        handle = self.windowHandle()
        if QGuiApplication.platformName().startswith("wayland") and handle is not None:
            handle.startSystemMove()  # there a program may not place its own window
            self._drag_from = None
            return
        self.move(event.globalPosition().toPoint() - self._drag_from)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag_from is not None:
            self._drag_from = None
            self._settle()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.console_wanted.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.show_menu()

    def _settle(self) -> None:
        screens = _screens()
        stands: Rect = (self.x(), self.y(), self.width(), self.height())
        name = screen_at(stands, screens)
        area = screens[name]
        left, top, *_ = snapped(stands, area)
        self.move(left, top)
        self._memory.keep_strip_place(name, (left - area[0], top - area[1]))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours, sizes = QPainter(self), self._theme.colours, self._theme.sizes
        box = QRectF(self.rect())
        painter.fillRect(self.rect(), colours.border)
        lost = not self._model.online
        paint_card(
            painter,
            box,
            0,
            fill=colours.panel,
            edge=colours.on_warning_soft if lost else colours.border,
            edge_px=sizes.border * 2 if lost else sizes.border,
            style=Qt.PenStyle.DashLine if lost else Qt.PenStyle.SolidLine,
        )


def _screens() -> dict[str, Rect]:
    """The free area of every screen by name, the main one first."""
    main = QGuiApplication.primaryScreen()
    ordered = [main, *(screen for screen in QGuiApplication.screens() if screen is not main)]
    return {screen.name(): _rect(screen.availableGeometry()) for screen in ordered}


def _rect(area: QRect) -> Rect:
    return area.x(), area.y(), area.width(), area.height()
