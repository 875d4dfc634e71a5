"""What opens for an outcome that needs a choice: a reason, a channel, an office, missing papers."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from counter.choice_buttons import choice_key
from counter.door.door_wording import DoorWording
from counter.door.screening_model import ScreeningModel
from counter.panels import Panel
from counter.pick_grid import Pick, PickButton, PickGrid, with_keys
from protocol.messages import ChannelInfo, OfficeInfo
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.qr import QrPicture
from ui.theme import Theme, Weight
from ui.tokens import Role


class DoorPanel(Panel):
    """A panel of the desk: digits choose, Enter does what the last button says, Esc goes back."""

    def __init__(
        self,
        model: ScreeningModel,
        say: DoorWording,
        theme: Theme,
        *,
        name: str,
        keys: str = "",
    ) -> None:
        super().__init__(say, theme, name=f"{name}-panel", keys=keys)
        self.model, self.say = model, say
        self.keys.setFixedHeight(max(theme.sizes.target, round(theme.sizes.body * 2.6)))
        self.back_button.setFixedHeight(self.keys.height())
        self.confirm: PickButton | None = None
        # Which grid the digits choose from.
        self.digits: PickGrid | None = None

    def add_confirm(self, key: str, look: Look = Look.PRIMARY, icon: str = "") -> PickButton:
        """The button that ends the panel, at the right of the foot."""
        name = f"{self.objectName().removesuffix('-panel')}-confirm"
        button = PickButton(self.say(key), self._theme, name=name, look=look, icon=icon)
        button.setFixedHeight(self.keys.height())
        button.setMinimumWidth(self._theme.sizes.body * 16)
        self.foot.addWidget(button)
        self.confirm = button
        return button

    def told_in(
        self,
        name: str,
        *,
        role: Role = Role.BODY,
        weight: Weight = Weight.REGULAR,
        tone: str = "ink",
    ) -> FittedLabel:
        """A text that changes with what was chosen."""
        return FittedLabel("", self._theme, role=role, weight=weight, tone=tone, name=name)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        first = next(iter(self.digits.buttons.values()), None) if self.digits is not None else None
        (first or self.back_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def take_key(self, event: QKeyEvent) -> bool:
        if self.digits is None:
            return False
        key = choice_key(event)
        for one in self.digits._picks:
            if key and one.badge == key and one.usable:
                self.digits.chosen.emit(one.code)
                return True
        return False


class SolvedPanel(DoorPanel):
    """One touch says why nobody needs a counter."""

    chosen = Signal(str)

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="solved", keys=say("choose.keys"))
        self.heading.setText(say("solved.heading"))
        self.reasons = self.digits = PickGrid(
            say, theme, prefix="solved", columns=3, rows=5, height=round(theme.sizes.body * 3.6)
        )
        self.reasons.chosen.connect(self.chosen)
        self.column.addWidget(self.reasons)
        self.close_column()

    def refresh(self) -> None:
        """Show the branch's reasons."""
        choices = self.model.hall.choices_of("solved_reason")
        pick = self.say.texts.pick
        picks = [Pick(one.code, pick(one.name) or one.code) for one in choices]
        self.reasons.set_picks(with_keys(picks))


class PlacePanel(DoorPanel):
    """Places in a list at the left; at the right what the visitor takes a picture of."""

    chosen = Signal(str)

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme, *, name: str) -> None:
        super().__init__(model, say, theme, name=name, keys=say("door-help.panel"))
        self.place = ""
        sizes = theme.sizes
        self.places = self.digits = PickGrid(
            say,
            theme,
            prefix=name,
            columns=1,
            rows=6,
            height=max(sizes.target, round(sizes.body * 2.9)),
        )
        self.places.chosen.connect(self.choose)
        self.title = self.told_in(f"{name}-title", role=Role.HEADING, weight=Weight.BOLD)
        self.state = self.told_in(f"{name}-state", weight=Weight.SEMIBOLD)
        self.about = self.told_in(f"{name}-about")
        self.qr = QrPicture(say.texts, side=sizes.body * 26, name=f"{name}-qr")
        words = QVBoxLayout()
        words.setSpacing(sizes.gap)
        for part in (self.title, self.state, self.about):
            words.addWidget(part)
        words.addStretch(1)
        left = QVBoxLayout()
        left.addWidget(self.places)
        left.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(sizes.gap * 2)
        row.addLayout(left, 4)
        row.addLayout(words, 4)
        row.addWidget(self.qr, 5)
        self.column.addLayout(row, 1)
        self.add_confirm(f"{name}.confirm", icon="check").tapped.connect(self._go)
        self.column.addLayout(self.foot)

    def begin(self) -> None:
        """The first one that is of use is offered."""
        self.place = ""
        self.refresh()

    def choose(self, code: str) -> None:
        """Show this one."""
        self.place = code
        self.refresh()

    def take_key(self, event: QKeyEvent) -> bool:
        on_button = self.focusWidget() in (self.back_button, self.confirm)
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.isAutoRepeat() and not on_button:
            self._go()
            return True
        return super().take_key(event)

    def _go(self) -> None:
        if self.place:
            self.chosen.emit(self.place)

    def _show(self, title: str, state: str, tone: str, about: str, link: str) -> None:
        for label, text in ((self.title, title), (self.state, state), (self.about, about)):
            if label.text() != text:
                label.setText(text)
            label.setVisible(bool(text))
        self.state.set_tone(tone)
        self.qr.set_content(link)
        self.qr.setVisible(bool(link))
        self.places.show_chosen([self.place])
        if self.confirm is not None:
            self.confirm.setEnabled(bool(self.place) and self.model.online)


class ChannelPanel(PlacePanel):
    """Channels that can do it, open ones first, each with a code to photograph."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="channel")
        self.heading.setText(say("channel.heading"))

    def refresh(self) -> None:
        """Show what is open now."""
        model, say = self.model, self.say
        channels = sorted(model.channels(), key=lambda one: not model.hall.is_open(one.code))
        self.places.set_picks(with_keys([self._pick(one) for one in channels]))
        if not self.place and channels:
            self.place = channels[0].code
        found = next((one for one in channels if one.code == self.place), None)
        if found is None:
            self._show(say("channel.none"), "", "ink", "", "")
            return
        usable = model.hall.is_open(found.code)
        hours = say.texts.pick(found.hours)
        state = say("channel.open" if usable else "channel.closed")
        about = "\n".join(filter(None, (say.texts.pick(found.about), hours)))
        name = say.texts.pick(found.name)
        self._show(name, state, "primary" if usable else "error", about, found.link)

    def _pick(self, channel: ChannelInfo) -> Pick:
        usable = self.model.hall.is_open(channel.code)
        name = self.say.texts.pick(channel.name) or channel.code
        return Pick(
            channel.code,
            name,
            icon="qr" if usable else "clock",
            tone="" if usable else "error",
            mark="" if usable else "clock",
        )


class OfficePanel(PlacePanel):
    """Where else: address, hours, what to bring, and a warning when it is closed by now."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="office")
        self.heading.setText(say("office.heading"))

    def refresh(self) -> None:
        """Show the offices, those of the errand first."""
        model, say = self.model, self.say
        offices = model.offices()
        self.places.set_picks(with_keys([self._pick(one) for one in offices]))
        if not self.place and offices:
            self.place = offices[0].code
        found = next((one for one in offices if one.code == self.place), None)
        if found is None:
            self._show(say("office.none"), "", "ink", "", "")
            return
        usable = model.hall.is_open(found.code)
        state = say("office.open" if usable else "office.closed")
        name = say.texts.pick(found.name)
        self._show(name, state, "primary" if usable else "error", self._about(found), found.link)

    def _about(self, office: OfficeInfo) -> str:
        say = self.say
        papers = ", ".join(say.paper_name(self.model, code) for code in office.papers)
        address = say.texts.pick(office.address) or say("office.no_address")
        parts = [address]
        if office.phone:
            parts.append(say("office.phone", phone=office.phone))
        hours = say.texts.pick(office.hours)
        if hours:
            parts.append(say("office.hours", hours=hours))
        if papers:
            parts.append(say("office.papers", papers=papers))
        return "\n".join(parts)

    def _pick(self, office: OfficeInfo) -> Pick:
        usable = self.model.hall.is_open(office.code)
        name = self.say.texts.pick(office.name) or office.code
        return Pick(
            office.code,
            name,
            icon="company" if usable else "clock",
            tone="" if usable else "error",
            mark="" if usable else "clock",
        )


class ReturnPanel(DoorPanel):
    """Which papers are missing; the list of them is printed to take along."""

    wanted = Signal()

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="return", keys=say("choose.keys"))
        self.heading.setText(say("return.heading"))
        self.told = self.told_in("return-told", tone="ink_soft")
        self.papers = self.digits = PickGrid(
            say,
            theme,
            prefix="missing",
            columns=2,
            rows=5,
            height=max(theme.sizes.target, round(theme.sizes.body * 2.9)),
        )
        self.papers.chosen.connect(model.visitor.tick_paper)
        self.column.addWidget(self.told)
        self.column.addWidget(self.papers)
        self.add_confirm("return.confirm", icon="printer").tapped.connect(self.wanted)
        self.close_column()

    def refresh(self) -> None:
        """Show the papers of this errand, marked as they are at the desk."""
        model, say = self.model, self.say
        needed = model.visitor.needed()
        missing = model.visitor.draft.missing(needed)
        picks = [
            Pick(
                code,
                say.paper_name(model, code),
                icon="close" if code in missing else "document",
                tone="error" if code in missing else "",
            )
            for code in needed
        ]
        self.papers.set_picks(with_keys(picks))
        self.papers.show_chosen(model.visitor.draft.present(needed))
        if not needed:
            told = say("return.no_matter")
        else:
            told = say("return.told") if missing else say("return.touch")
        if told != self.told.text():
            self.told.setText(told)
        if self.confirm is not None:
            self.confirm.setEnabled(bool(missing) and model.online)


def side_by_side(*parts: QWidget, spacing: int) -> QHBoxLayout:
    """Parts in a row of equal width."""
    row = QHBoxLayout()
    row.setSpacing(spacing)
    for part in parts:
        row.addWidget(part, 1)
    return row
