"""The line on top: which branch, whether it can be heard, how old the data is, what time it is."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from display.board_model import BoardModel, Freshness
from display.board_places import BoardPlaces
from display.board_words import BoardWords
from ui.fitting import fit_text, text_size
from ui.icons import paint_icon
from ui.labels import FittedLabel
from ui.shapes import paint_card
from ui.signs import StateChip
from ui.theme import Theme, Weight
from ui.tokens import Role
from voice.port import VoiceHealth

_ANY_WIDTH = 1 << 20
_NAME_LEAST_SHARE = 0.6


class SoundSign(QLabel):
    """A loudspeaker; without sound an amber chip that says so in words."""

    def __init__(self, theme: Theme, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = "speaker-on"
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def show_sound(self, icon: str, words: str, spoken: str) -> None:
        """Show an icon and, if there is something to say, words beside it."""
        if (icon, words, spoken) == (self._icon, self.text(), self.accessibleName()):
            return
        self._icon = icon
        self.setText(words)
        self.setAccessibleName(spoken)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take another look."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        px = self._theme.sizes.smallest
        side = round(px * 1.4)
        if not self.text():
            return QSize(side, side)
        width, _ = text_size(self.text(), px, Weight.SEMIBOLD, False, 0, _ANY_WIDTH)
        return QSize(round(width + px * 2.2), side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours, px = self._theme.colours, self._theme.sizes.smallest
        box, ink = QRectF(self.rect()), colours.ink_soft
        side = px * 1.0
        left = box.center().x() - side / 2
        if self.text():
            ink = colours.on_warning_soft
            paint_card(
                painter,
                box,
                box.height() / 2,
                fill=colours.warning_soft,
                edge=ink,
                edge_px=max(1.0, px / 20),
            )
            left = box.left() + px * 0.4
        paint_icon(painter, self._icon, QRectF(left, box.center().y() - side / 2, side, side), ink)
        if self.text():
            words = box.adjusted(px * 1.6, 0, -px * 0.4, 0)
            painter.setPen(QColor(ink))
            fit_text(self.text(), words, px, px // 2, weight=Weight.SEMIBOLD, wrap=False).paint(
                painter, words
            )


class Header:
    """The parts of the line; each is a child of the window and has a name of its own."""

    def __init__(self, theme: Theme, words: BoardWords, parent: QWidget) -> None:
        self._words = words
        self.name = FittedLabel(
            "",
            theme,
            weight=Weight.BOLD,
            name="branch-name",
            parent=parent,
        )
        self.date = FittedLabel(
            "",
            theme,
            role=Role.SMALLEST,
            weight=Weight.MEDIUM,
            tone="ink_soft",
            align=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            wrap=False,
            name="date",
            parent=parent,
        )
        self.clock = FittedLabel(
            "",
            theme,
            weight=Weight.BOLD,
            align=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            wrap=False,
            tabular=True,
            name="clock",
            parent=parent,
        )
        self.link = StateChip("offline", theme, words.first, name="link-state", parent=parent)
        self.sound = SoundSign(theme, name="sound", parent=parent)
        self._titles: list[str] = [""]
        self._smallest_px = theme.sizes.smallest
        self._short_date = ""
        self._long_date = ""

    def show(self, model: BoardModel) -> None:
        """Say what the model knows."""
        now = model.branch_time()
        words = self._words
        branch = "" if model.welcome is None else model.welcome.branch.name
        # People in the hall know which branch it is; which services are called here they do not.
        self._titles = words.zone_titles(model.zone) or [branch]
        zone = self._titles[0] if model.zone else ""
        self.name.setAccessibleName(f"{branch}: {zone}" if zone else branch)
        self._say_title()
        clock = words.clock(now)
        if clock != self.clock.text():
            self.clock.setText(clock)
            self.clock.setAccessibleName(clock)
        self._long_date, self._short_date = words.first.day(now), words.first.day(now, short=True)
        self._show_link(model)
        self._show_sound(model)

    def place(self, places: BoardPlaces, theme: Theme) -> None:
        """Put everything into its place; what matters more gets its room first."""
        sizes, row = theme.sizes, places.status
        self._smallest_px = sizes.smallest
        width, _ = text_size(self.clock.text(), sizes.body, Weight.BOLD, True, 0, _ANY_WIDTH)
        clock_w = round(width) + 2
        self.clock.setGeometry(QRect(row.right() + 1 - clock_w, row.top(), clock_w, row.height()))
        gap = sizes.gap + sizes.gap // 2
        if places.is_portrait:
            self._place_portrait(places, clock_w, gap, sizes.smallest)
            self._say_title()
            return
        right = row.right() + 1 - clock_w - gap
        sound = self.sound.sizeHint()
        # The branch's name gives way, but not below what two lines of it need.
        least = places.name.left() + round(places.name.width() * _NAME_LEAST_SHARE)
        if self.link.isHidden():
            short = len(self._titles) > 1  # what this display is for needs the room
            date_w = self._date_width(
                sizes.smallest, right - row.left() - sound.width() - gap, short
            )
            self.date.setGeometry(QRect(right - date_w, row.top(), date_w, row.height()))
            right -= date_w + gap
        else:
            chip = self.link.sizeHint()
            self.link.setGeometry(_in_row(row, right - chip.width(), chip.width(), chip.height()))
            right -= chip.width() + gap
        sound_w = min(sound.width(), right - gap - least)
        self.sound.setGeometry(_in_row(row, right - sound_w, sound_w, sound.height()))
        name = places.name
        name_w = right - sound_w - sizes.gap - name.left()
        self.name.setGeometry(QRect(name.left(), name.top(), name_w, name.height()))
        self._say_title()

    def _place_portrait(self, places: BoardPlaces, clock_w: int, gap: int, px: int) -> None:
        """The clock and the date or link in one row, the name and the sound in another."""
        row, name, sound = places.status, places.name, self.sound.sizeHint()
        self.clock.setGeometry(QRect(row.left(), row.top(), clock_w, row.height()))
        left = row.left() + clock_w + gap
        room = row.right() + 1 - left
        self.date.setGeometry(QRect(left, row.top(), self._date_width(px, room), row.height()))
        chip = self.link.sizeHint()
        self.link.setGeometry(_in_row(row, left, min(chip.width(), room), chip.height()))
        self.name.setGeometry(name.adjusted(0, 0, -sound.width() - gap, 0))
        sound_left = name.right() + 1 - sound.width()
        self.sound.setGeometry(_in_row(name, sound_left, sound.width(), sound.height()))

    def widgets(self) -> tuple[QWidget, ...]:
        """All parts."""
        return self.name, self.date, self.clock, self.link, self.sound

    def _say_title(self) -> None:
        """The longest title that is read from afar, else the shortest."""
        room, px = self.name.width(), self._smallest_px
        for title in self._titles:
            if text_size(title, px, Weight.BOLD, False, 0, _ANY_WIDTH)[0] <= room:
                break
        else:
            title = self._titles[-1]
        if title != self.name.text():
            self.name.setText(title)

    def _date_width(self, px: int, room: int, short: bool = False) -> int:
        """Say the day in full where there is room for it, else in short."""
        text = self._short_date
        for candidate in (self._short_date,) if short else (self._long_date, self._short_date):
            width, _ = text_size(candidate, px, Weight.MEDIUM, False, 0, _ANY_WIDTH)
            if width + 2 <= room:
                text = candidate
                break
        else:
            width = room
        if text != self.date.text():
            self.date.setText(text)
        return max(1, round(width) + 2)

    def _show_link(self, model: BoardModel) -> None:
        freshness = model.freshness
        is_lost = freshness is not Freshness.FRESH
        if freshness is Freshness.LOST or model.data_at is None:
            word = self._words("display.link.lost")
        else:
            stamp = self._words.first.clock(model.branch_time(model.data_at))
            word = self._words("display.link.stamp", time=stamp)
        if word != self.link.text():
            self.link.set_state("offline", word=word)
            self.link.setAccessibleName(word)
        on_board = model.page == "board"
        self.link.setVisible(is_lost and on_board)
        self.date.setVisible(not is_lost and on_board)

    def _show_sound(self, model: BoardModel) -> None:
        status = model.voice
        is_off = status.silent or status.health is VoiceHealth.OFF
        self.sound.show_sound(
            "speaker-off" if is_off else "speaker-on",
            self._words("display.sound.silent") if status.silent else "",
            self._words(status.health.text_key),
        )


def _in_row(row: QRect, left: int, width: int, height: int) -> QRect:
    """A box in the middle of a row's height, never higher than the row."""
    height = min(height, row.height())
    return QRect(left, row.top() + (row.height() - height) // 2, width, height)
