"""What can be done from home, told before the number, and the thanks to who goes there."""

from functools import partial
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_model import ChoosingModel
from kiosk.home_channels import CHANNELS_MAX, HomeChannel
from kiosk.pages.areas import (
    Area,
    Slot,
    grid,
    place,
    stack,
    text_slot,
    two_line_height,
    what_fits,
    widest_word,
)
from kiosk.pages.asked_page import LANDSCAPE_SIDE, AskedPage
from kiosk.pages.choice_button import ChoiceButton, rows_of, shape_alike
from kiosk.pages.page import on_tap, place_with_icon, relabel, say
from kiosk.visit import Page
from ui.buttons import BigButton
from ui.labels import FittedLabel
from ui.qr import QrPicture
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Role

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
MATTERS_SHOWN = 3


class HomePage(AskedPage):
    """One QR at a time (a telephone reads the wrong one of two), and two equal ways on."""

    def __init__(self, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__(Page.HOME, model, theme, texts, parent)
        self.qr = QrPicture(texts, name="home-qr", parent=self)
        self.channel = self._words("home-channel", role=Role.TILE, weight=Weight.BOLD)
        self.does = self._words("home-does")
        self.hours = self._words("home-hours", tone="ink_soft")
        self.channels: dict[str, ChoiceButton] = {}
        self.take = on_tap(
            BigButton("", theme, name="home-take", icon="ticket", parent=self), model.take_number
        )
        self.phone = on_tap(
            BigButton("", theme, name="home-phone", icon="phone", parent=self), model.use_phone
        )
        self.turn = on_tap(
            BigButton("", theme, name="home-turn", icon="forward", role=Role.BODY, parent=self),
            model.turn_channel,
        )
        self.turn.hide()
        self._named: list[ChoiceButton] = []
        self._card = QRectF()
        self._ways_across, self._ways_height, self._flat = 2, 0.0, False
        self._rows, self._across, self._channels_height, self._turns = 0, 1, 0.0, False

    def first_control(self) -> QWidget | None:
        return self.take

    def show_model(self, model: ChoosingModel) -> None:
        texts, channel = self.texts, model.home_channel
        info = model.service(model.visit.service or "")
        service = texts.pick(info.name) if info is not None else ""
        changed = self.show_question(
            model, texts("kiosk.home.question"), texts("kiosk.home.line", service=service)
        )
        if channel is None:
            return
        changed |= self._show_channel(channel, service)
        changed |= self._show_channels(model.visit.channels, channel.code)
        self._show_ways()
        if changed:
            self.lay_out()

    def _show_ways(self) -> None:
        texts = self.texts
        relabel(
            self.take,
            texts("kiosk.home.take"),
            line="" if self._flat else texts("kiosk.home.take_line"),
            description=texts("kiosk.home.take_hint"),
        )
        relabel(
            self.phone,
            texts("kiosk.home.phone"),
            line="" if self._flat else texts("kiosk.home.phone_line"),
            description=texts("kiosk.home.phone_hint"),
        )

    def arrange(self, area: QRectF, upright: bool) -> None:
        sizes, gap = self.theme.sizes, float(self.theme.sizes.gap)
        width = area.width()
        room = self.reachable(area)
        if not upright:
            width, room = width * (1 - LANDSCAPE_SIDE) - sizes.margin, area.height() * 0.6
        self._fit_ways(width, room)
        self._fit_channels(width, room)
        channels = self._channels_height + (gap if self._channels_height else 0.0)
        touched = self._ways_height + channels
        if upright:
            whole = Area(area)
            below = whole.bottom(min(touched, area.height()), gap=gap)
            head, card = self._head_and_card(whole.rest)
        else:
            head, rest = self.frame(area, upright, touched)
            whole = Area(rest)
            below = whole.bottom(touched, gap=gap)
            card = whole.rest
        self._place_touched(below, gap)
        self.arrange_head(head)
        self._arrange_card(card)

    def _fit_ways(self, width: float, room: float) -> None:
        """Beside each other with a line each, or without, or one below the other."""
        gap, ways = float(self.theme.sizes.gap), (self.take, self.phone)
        column = (width - gap) / 2
        self._ways_across, self._flat = 2, False
        self._show_ways()
        for each in ways:
            each.set_content(icon="")
        high = max(two_line_height(self.theme), *(each.height_at(column - 4) for each in ways))
        if any(_broken(each, column, self.theme) for each in ways):
            self._ways_across = 1
            high = max(each.height_at(width, line="") for each in ways)
            self._flat = True
        elif high > room * 0.5:
            self._flat = True
            high = max(each.height_at(column - 4, line="") for each in ways)
        rows = 2 // self._ways_across
        high += self.theme.sizes.smallest * 0.5  # a line below it may take more than it must
        self._ways_height = high * rows + gap * (rows - 1)
        self._show_ways()

    def _fit_channels(self, width: float, room: float) -> None:
        """Each way by name; where there is no room for that, one button that turns them."""
        sizes, gap = self.theme.sizes, float(self.theme.sizes.gap)
        self._rows, self._across, row = rows_of(
            self._named, width, gap, float(sizes.target), CHANNELS_MAX
        )
        self._channels_height = row * self._rows + gap * max(0, self._rows - 1)
        fits = all(each.height_for(width) is not None for each in self._named)
        self._turns = bool(self._named) and (
            not fits or self._channels_height + gap + self._ways_height > room
        )
        if self._turns:
            self._channels_height = max(float(sizes.target), self.turn.height_at(width))
        for button in self._named:
            button.setVisible(not self._turns)
        self.turn.setVisible(self._turns)

    def _place_touched(self, area: QRectF, gap: float) -> None:
        below = Area(area)
        # Two ways of the same size: neither is the better one for everybody.
        both = grid(
            below.bottom(self._ways_height, gap=gap), 2 // self._ways_across, self._ways_across, gap
        )
        signs = ("ticket", "phone")
        for button, sign, where in zip((self.take, self.phone), signs, both, strict=True):
            place_with_icon(button, sign, where)
            if button.height_at(where.width()) > where.height() + 0.5:
                button.set_content(icon="")  # the words come first
        if self._turns:
            place(self.turn, below.rest)
        elif self._named:
            cells = grid(below.rest, self._rows, self._across, gap)
            for each, cell in zip(self._named, cells, strict=False):
                place(each, cell)
            shape_alike(self._named)

    def _head_and_card(self, area: QRectF) -> tuple[QRectF, QRectF]:
        """Upright: the card as large as it is good for, the question with what stands below it."""
        sizes, gap, whole = self.theme.sizes, float(self.theme.sizes.gap), Area(area)
        labels = (self.step, self.question, self.line)
        wanted = sum(text_slot(each, self.theme, area.width()).wanted for each in labels)
        spare = area.height() - wanted - gap * 4
        if spare >= sizes.number * 1.5:
            card = max(sizes.number * 2.3, area.height() - max(0.0, self.reach_top - area.top()))
            card = min(spare, card)
        else:
            card = area.height() - self.question_height(area.width()) - gap * 2
        below = whole.bottom(max(0.0, card), gap=gap)
        return whole.rest, below

    def paintEvent(self, event: QPaintEvent) -> None:
        sizes, colours = self.theme.sizes, self.theme.colours
        paint_card(
            QPainter(self),
            self._card,
            sizes.radius,
            fill=colours.panel,
            edge=colours.hairline,
            edge_px=sizes.border,
        )

    def _arrange_card(self, card: QRectF) -> None:
        """The code as large as the words beside it allow; of the words the name stays longest."""
        gap = float(self.theme.sizes.gap)
        self._card = card
        pad = min(gap * 1.5, card.height() * 0.06)
        whole = card.adjusted(pad, pad, -pad, -pad)
        for label in self._said:
            label.hide()
        for share in (0.46, 0.36, 0.28):
            inside = Area(whole)
            side = max(1.0, min(whole.height(), whole.width() * share))
            code = inside.left(side, gap=gap * 1.5)
            if (kept := self._kept(inside.rest)) is not None:
                stack(inside.rest, kept, gap, together=True)
                break
        else:
            side = max(1.0, min(whole.height(), whole.width()))
            code = whole
        place(
            self.qr, QRectF(code.center().x() - side / 2, code.center().y() - side / 2, side, side)
        )
        self.update()

    def _kept(self, area: QRectF) -> list[Slot] | None:
        """The words that there is room for, None if not even the name is read."""
        slots = [text_slot(label, self.theme, area.width()) for label in self._said]
        first_out = (self.hours, self.does)
        kept = what_fits(slots, area.height(), self.theme.sizes.gap, first_out=first_out)
        return kept if self._is_read(kept, area.width(), area.height()) else None

    @property
    def _said(self) -> tuple[FittedLabel, ...]:
        return self.channel, self.does, self.hours

    def _is_read(self, slots: list[Slot], width: float, height: float) -> bool:
        """Whether the texts that are left fit with no word broken."""
        px = self.theme.sizes.smallest
        seen = [slot for slot in slots if slot.wanted > 0]
        if sum(slot.least for slot in seen) + self.theme.sizes.gap * (len(seen) - 1) > height:
            return False
        texts = [slot.widget.text() for slot in seen if isinstance(slot.widget, FittedLabel)]
        return all(widest_word(text, px) <= width for text in texts)

    def _show_channel(self, channel: HomeChannel, service: str) -> bool:
        texts = self.texts
        hours = texts.pick(channel.hours) if channel.hours else ""
        changed = say(self.channel, texts.pick(channel.name))
        changed |= say(self.does, self._does_words(channel, service))
        changed |= say(self.hours, texts("kiosk.home.hours", hours=hours) if hours else "")
        self.qr.setAccessibleName(texts("ui.qr"))
        if self.qr.content != channel.link:
            self.qr.set_content(channel.link)
            changed = True
        return changed

    def _does_words(self, channel: HomeChannel, service: str) -> str:
        """A few errands by name; all of a long list nobody would read."""
        texts = self.texts
        names = [texts.pick(name) for name in channel.matters]
        if channel.does_all and len(names) > MATTERS_SHOWN:
            return texts("kiosk.home.all", service=service)
        words = ", ".join(names[:MATTERS_SHOWN])
        if len(names) > MATTERS_SHOWN:
            words = texts("kiosk.home.more", matters=words)
        return texts("kiosk.home.does", matters=words)

    def _show_channels(self, channels: list[HomeChannel], chosen: str) -> bool:
        texts = self.texts
        wanted = channels if len(channels) > 1 else []
        before = self._named
        self._named = [self._button_of(channel.code) for channel in wanted]
        for code, button in self.channels.items():
            if button not in self._named:
                button.hide()
                if code == chosen:
                    button.setChecked(False)
        for channel, button in zip(wanted, self._named, strict=True):
            button.show_choice(
                _short(texts.pick(channel.name)),
                chosen=channel.code == chosen,
                hint=texts("kiosk.home.channel_hint"),
            )
        place_of = [channel.code for channel in channels].index(chosen) + 1
        relabel(
            self.turn,
            texts("kiosk.home.turn", place=place_of, count=len(channels)),
            description=texts("kiosk.home.channel_hint"),
        )
        if not wanted:
            self.turn.hide()
        return before != self._named

    def _button_of(self, code: str) -> ChoiceButton:
        button = self.channels.get(code)
        if button is None:
            button = ChoiceButton(self.theme, name=f"home-{code}", role=Role.SMALLEST, parent=self)
            on_tap(button, partial(self._model.show_channel, code))
            self.channels[code] = button
            self._order_tabs()
        return button

    def _order_tabs(self) -> None:
        order = [self.take, self.phone, *self.channels.values(), self.turn, self.back]
        for one, next_one in pairwise(order):
            QWidget.setTabOrder(one, next_one)

    def _words(
        self,
        name: str,
        *,
        role: Role = Role.BODY,
        weight: Weight = Weight.REGULAR,
        tone: str = "ink",
    ) -> FittedLabel:
        return FittedLabel(
            "",
            self.theme,
            role=role,
            weight=weight,
            tone=tone,
            align=_LEFT,
            name=name,
            parent=self,
        )


def _broken(button: BigButton, width: float, theme: Theme) -> bool:
    """Whether a word of its title has no room in a button of this width."""
    return widest_word(button.title, theme.sizes.smallest) > width - 3 * theme.sizes.gap


def _short(name: str) -> str:
    """The name of a channel without what stands in brackets and after: the card has it all."""
    return name.partition("(")[0].strip() or name
