"""The first line of the desk at the door: who stands here, the hall in a word, and what else."""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from counter.door.door_actions import KEYS
from counter.door.door_wording import DoorWording
from counter.door.help_band import HelpBand
from counter.door.screening_model import ScreeningModel
from counter.pick_grid import PickButton
from protocol.session import LinkState, LinkStatus
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.signs import LinkBanner, StateChip
from ui.theme import Theme, Weight
from ui.tokens import Role

_ANY_WIDTH = (1 << 24) - 1

TOP_BUTTONS = {"guest": "person", "complaint": "bell", "disturbance": "warning", "hall": "people"}


class DoorBanner(LinkBanner):
    """Says that the link is lost and what still works at the door."""

    def __init__(self, theme: Theme, say: DoorWording) -> None:
        super().__init__(theme, say.texts, role=Role.BODY, lines=2)
        self._say = say

    def show_link(self, status: LinkStatus, *, data_at: datetime | None = None) -> None:
        super().show_link(status, data_at=data_at)
        if status.state is LinkState.LOST:
            self.setText(self._say("screening.banner_lost"))
            self.setAccessibleName(self.text())


class DoorTop(QWidget):
    """Door and officer, how many wait, the link; while it is lost its banner has their place."""

    wanted = Signal(str)
    """The name of the panel to open."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__()
        self._model, self._say, self._theme = model, say, theme
        height = max(theme.sizes.target, round(theme.sizes.body * 2.2))
        self.title = FittedLabel(
            "",
            theme,
            role=Role.TILE,
            weight=Weight.BOLD,
            wrap=False,
            floor=Role.SMALLEST,
            name="door-title",
        )
        self.waiting = FittedLabel(
            "", theme, role=Role.BODY, weight=Weight.SEMIBOLD, wrap=False, name="waiting"
        )
        self.link = StateChip("finished", theme, say.texts, word="", name="link")
        self.banner = DoorBanner(theme, say)
        self.banner.setFixedHeight(max(height, round(theme.sizes.body * 2.9)))
        self.banner.hide()
        self.help = HelpBand(model.help, say, theme, key=KEYS["answer"])
        self.help.setFixedHeight(self.banner.height())
        self.help.button.setFixedHeight(height)
        self.help.going.connect(model.help.answer)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.sizes.gap * 3 // 4)
        row.addWidget(self.banner, 1)
        row.addWidget(self.help, 1)
        row.addWidget(self.title)
        row.addWidget(self.waiting)
        row.addWidget(self.link)
        row.addStretch()
        self._is_short = False
        self.buttons: dict[str, PickButton] = {}
        for name, icon in TOP_BUTTONS.items():
            button = PickButton(
                say(f"door-top.{name}"),
                theme,
                name=name,
                look=Look.QUIET,
                icon=icon,
                role=Role.BODY,
                description=say(f"door-tell.{name}"),
            )
            button.setFixedHeight(height)
            self._size(button)
            button.setToolTip(f"{say(f'door-tell.{name}')} ({KEYS[name]})")
            button.tapped.connect(lambda name=name: self.wanted.emit(name))
            self.buttons[name] = button
            row.addWidget(button)

    def refresh(self) -> None:
        """Show what the model holds now."""
        model, say = self._model, self._say
        snapshot = model.hall.snapshot
        who = snapshot.signed_in if snapshot is not None else None
        name = (who.name or who.staff) if who is not None else ""
        _set_text(self.title, say("door-top.title", who=name) if name else say("door-top.desk"))
        _set_text(self.waiting, say.waiting(model))
        online = model.online
        self.banner.show_link(model.link)
        usual: list[QWidget] = [self.title, self.waiting, self.link]
        calls = online and bool(model.help.waiting)
        coming = [self.help] if calls else usual if online else [self.banner]
        leaving = [one for one in (self.banner, self.help, *usual) if one not in coming]
        self.help.refresh(model.now_s())
        self._make_room(calls)
        # In this order: all at once for a moment would widen the window for good.
        for part in leaving:
            part.hide()
        for part in coming:
            part.show()
        word = say(f"link.{'online' if online else model.link.state.value}")
        state = "finished" if online else "offline"
        if self.link.text() != word:
            self.link.set_state(state, word=word)
        counts = snapshot.complaints if snapshot is not None else None
        late = counts is not None and counts.overdue > 0
        self._dress("complaint", counts.overdue if counts is not None and late else 0)
        paperless = len(snapshot.without_paper) if snapshot is not None else 0
        bad = sum(sign.tone == "bad" for sign in model.hall.signs)
        self._dress("hall", bad + (1 if paperless else 0))

    def _make_room(self, calls: bool) -> None:
        """While somebody calls, the buttons beside it are their icons alone."""
        if calls == self._is_short:
            return
        self._is_short = calls
        for name, button in self.buttons.items():
            title = self._say(f"door-top.{name}")
            button.set_content("" if calls else title)
            button.setAccessibleName(title)
            self._size(button)

    def _size(self, button: PickButton) -> None:
        if self._is_short:
            badge = self._theme.sizes.body * 2 if button._badge else 0
            button.setFixedWidth(max(self._theme.sizes.target, button.height()) + badge)
            return
        button.setMaximumWidth(_ANY_WIDTH)
        button.setMinimumWidth(button.sizeHint().width() - 2 * self._theme.sizes.gap)

    def _dress(self, name: str, count: int) -> None:
        button = self.buttons[name]
        badge = str(count) if count else ""
        if button._badge != badge:
            button.set_content(icon="warning" if count else TOP_BUTTONS[name], badge=badge)
            button.setAccessibleName(self._say(f"door-top.{name}"))
            self._size(button)
            button.sign_tone = "error" if count else ""


def _set_text(label: FittedLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
        label.updateGeometry()
