"""What can be done from home, told before the number, and the thanks to who goes there."""

from functools import partial
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from kiosk.choosing_model import ChoosingModel
from kiosk.home_channels import CHANNELS_MAX, HomeChannel
from kiosk.pages.areas import (
    Area,
    Slot,
    balanced_slot,
    columns,
    grid,
    place,
    stack,
    text_slot,
    two_line_height,
)
from kiosk.pages.asked_page import LANDSCAPE_SIDE, AskedPage
from kiosk.pages.choice_button import ChoiceButton, rows_of, shape_alike
from kiosk.pages.page import KioskPage, on_tap, place_with_icon, relabel, say
from kiosk.visit import Page
from ui.buttons import BigButton, Look
from ui.fitting import needed_height
from ui.labels import FittedLabel
from ui.qr import QrPicture
from ui.shapes import paint_card
from ui.texts import Texts
from ui.theme import Theme, Weight
from ui.tokens import Role

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_CENTRED = Qt.AlignmentFlag.AlignCenter
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
        self._card = QRectF()

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
        relabel(
            self.take,
            texts("kiosk.home.take"),
            line=texts("kiosk.home.take_line"),
            description=texts("kiosk.home.take_hint"),
        )
        relabel(
            self.phone,
            texts("kiosk.home.phone"),
            line=texts("kiosk.home.phone_line"),
            description=texts("kiosk.home.phone_hint"),
        )
        if changed:
            self.lay_out()

    def arrange(self, area: QRectF, upright: bool) -> None:
        sizes, gap = self.theme.sizes, float(self.theme.sizes.gap)
        ways = float(two_line_height(self.theme))
        width = area.width()
        if not upright:
            width = width * (1 - LANDSCAPE_SIDE) - sizes.margin
        rows, across, row = self._channels_shape(width)
        channels = row * rows + gap * rows
        head, rest = self.frame(area, upright, ways + channels + gap)
        body = Area(rest)
        # Two ways of the same size: neither is the better one for everybody.
        both = columns(body.bottom(ways, gap=gap * 1.5), 2, gap)
        for button, icon, where in zip(
            (self.take, self.phone), ("ticket", "phone"), both, strict=True
        ):
            place_with_icon(button, icon, where)
        shown = self._seen()
        if shown:
            cells = grid(body.bottom(channels - gap, gap=gap), rows, across, gap)
            for each, cell in zip(shown, cells, strict=False):
                place(each, cell)
            shape_alike(shown)
        if upright:
            # Nobody touches the card: where there is no room for it below, it begins higher.
            top = min(body.rest.top(), body.rest.bottom() - sizes.number * 1.9)
            least = needed_height(self.question.text(), sizes.smallest, Weight.BOLD, head.width())
            head.setBottom(max(head.top() + least, top - gap))
            body.rest.setTop(head.bottom() + gap)
        self.arrange_head(head)
        self._arrange_card(body.rest)

    def _seen(self) -> list[ChoiceButton]:
        return [button for button in self.channels.values() if not button.isHidden()]

    def _channels_shape(self, width: float) -> tuple[int, int, float]:
        """Rows, columns and the height of a row for the names of the ways."""
        sizes = self.theme.sizes
        return rows_of(self._seen(), width, float(sizes.gap), float(sizes.target), CHANNELS_MAX)

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
        """The code as large as the words beside it allow."""
        sizes = self.theme.sizes
        self._card = card
        pad = sizes.gap * 1.5
        inside = Area(card.adjusted(pad, pad, -pad, -pad))
        side = min(inside.rest.height(), inside.rest.width() * 0.46)
        code = inside.left(side, gap=sizes.gap * 1.5)
        place(self.qr, QRectF(code.left(), code.center().y() - side / 2, side, side))
        width = inside.rest.width()
        labels = (self.channel, self.does, self.hours)
        slots = [text_slot(label, self.theme, width) for label in labels]
        stack(inside.rest, slots, sizes.gap, together=True)
        self.update()

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
        wanted = [channel.code for channel in channels] if len(channels) > 1 else []
        before = [code for code, each in self.channels.items() if not each.isHidden()]
        for code, button in self.channels.items():
            button.setVisible(code in wanted)
        for channel in channels if wanted else []:
            button_of = self.channels.get(channel.code)
            if button_of is None:
                button_of = ChoiceButton(
                    self.theme, name=f"home-{channel.code}", role=Role.SMALLEST, parent=self
                )
                on_tap(button_of, partial(self._model.show_channel, channel.code))
                self.channels[channel.code] = button_of
                button_of.show()
                self._order_tabs()
            button_of.show_choice(
                _short(texts.pick(channel.name)),
                chosen=channel.code == chosen,
                hint=texts("kiosk.home.channel_hint"),
            )
        return before != wanted

    def _order_tabs(self) -> None:
        order = [self.take, self.phone, *self.channels.values(), self.back]
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


def _short(name: str) -> str:
    """The name of a channel without what stands in brackets and after: the card has it all."""
    return name.partition("(")[0].strip() or name


class ThanksPage(KioskPage):
    """The code once more, alone and large: now it is scanned."""

    def __init__(self, model: ChoosingModel, theme: Theme, texts: Texts, parent: QWidget) -> None:
        super().__init__("thanks", theme, texts, parent)
        self.title = self._centred("thanks-title", Role.HEADING, Weight.BOLD)
        self.line = self._centred("thanks-line", Role.TILE, Weight.REGULAR)
        self.qr = QrPicture(texts, name="thanks-qr", parent=self)
        self.channel = self._centred("thanks-channel", Role.TILE, Weight.SEMIBOLD)
        self.finish = on_tap(
            BigButton("", theme, name="thanks-finish", look=Look.PRIMARY, parent=self),
            model.leave_thanks,
        )

    def first_control(self) -> QWidget | None:
        return self.finish

    def show_model(self, model: ChoosingModel) -> None:
        texts, channel = self.texts, model.home_channel
        if channel is None:
            return
        changed = say(self.title, texts("kiosk.thanks.title"))
        changed |= say(self.line, texts("kiosk.thanks.line"))
        changed |= say(self.channel, texts.pick(channel.name))
        self.qr.setAccessibleName(texts("ui.qr"))
        if self.qr.content != channel.link:
            self.qr.set_content(channel.link)
            changed = True
        left_s = model.time_left_s()
        line = ""
        if left_s is not None:
            line = texts("kiosk.thanks.finish_line", seconds=max(0, round(left_s)))
        relabel(
            self.finish,
            texts("kiosk.thanks.finish"),
            line=line,
            description=texts("kiosk.thanks.finish_hint"),
        )
        if changed:
            self.lay_out()

    def arrange(self, area: QRectF, upright: bool) -> None:
        sizes = self.theme.sizes
        whole = Area(area)
        height = two_line_height(self.theme)
        wide = area.width() > area.height() * 1.2
        if upright:
            place(self.finish, whole.bottom(height, gap=sizes.gap * 2))
        labels = [self.title, self.line, self.channel]
        if wide:
            place(self.qr, whole.left(area.width() * 0.42, gap=sizes.margin))
        if not upright:
            place(self.finish, whole.bottom(height, gap=sizes.gap * 2))
        width = whole.rest.width()
        slots = [balanced_slot(label, self.theme, width) for label in labels]
        if not wide:
            side = min(width * 0.6, whole.rest.height() * 0.5)
            slots.insert(2, Slot(self.qr, side * 0.6, side, side * 1.15, width=side * 1.15))
        stack(whole.rest, slots, sizes.gap * 2)

    def _centred(self, name: str, role: Role, weight: Weight) -> FittedLabel:
        return FittedLabel(
            "", self.theme, role=role, weight=weight, align=_CENTRED, name=name, parent=self
        )
