"""What the visitor comes for: services in a row, and the matters of the one that was chosen."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from counter.chips import Card
from counter.door.door_wording import DoorWording
from counter.door.screening_model import ScreeningModel
from counter.pick_grid import Pick, PickGrid
from protocol.messages import MatterInfo, ServiceInfo
from ui.labels import FittedLabel
from ui.theme import Theme
from ui.tokens import Role

SERVICES_IN_ROW = 6
MATTERS_IN_ROW = 4
MATTER_ROWS = 2
MATTER_ROWS_MOST = 3
"""While no matter was chosen there are no papers to be shown yet, and so there is room."""


class ServiceRow(PickGrid):
    """Every service with its letter; one that gives no numbers says why and stays usable."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        two_lines = round(theme.sizes.body * 3.2)
        super().__init__(
            say,
            theme,
            prefix="service",
            columns=SERVICES_IN_ROW,
            rows=1,
            height=max(theme.sizes.target, two_lines),
            held_icon="",
        )
        self._model, self._words = model, say
        self.chosen.connect(model.visitor.choose_service)

    def refresh(self) -> None:
        """Show what the model holds now."""
        self.set_picks([self._pick(service) for service in self._model.hall.services])
        service = self._model.visitor.draft.service
        self.show_chosen([service] if service else [])

    def _pick(self, service: ServiceInfo) -> Pick:
        # Closed for numbers, but what can be said at the door is said all the same.
        why = self._words.texts.pick(self._model.hall.closed_words(service.code))
        return Pick(
            service.code,
            self._words.texts.pick(service.name) or service.code,
            icon="warning" if why else "",
            letter=service.sign,
            tip=why,
        )


class MatterCard(QStackedWidget):
    """The matters of the service; before one was chosen a word on what to do."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__()
        self._model, self._say = model, say
        two_lines = round(theme.sizes.body * 3.2)
        self.grid = PickGrid(
            say,
            theme,
            prefix="matter",
            columns=MATTERS_IN_ROW,
            rows=MATTER_ROWS,
            height=max(theme.sizes.target, two_lines),
            held_icon="",
            fills=True,
        )
        self.grid.chosen.connect(model.visitor.choose_matter)
        self._hint = FittedLabel(
            "",
            theme,
            role=Role.BODY,
            tone="ink_soft",
            align=Qt.AlignmentFlag.AlignCenter,
            name="matter-hint",
        )
        page = Card(theme)
        column = QVBoxLayout(page)
        column.addWidget(self._hint)
        inside = QWidget()
        below = QVBoxLayout(inside)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self.grid)
        below.addStretch()
        self.addWidget(page)
        self.addWidget(inside)
        self._heights = {}
        for rows in (MATTER_ROWS_MOST, MATTER_ROWS):
            self.grid.set_rows(rows)
            self._heights[rows] = self.grid.sizeHint().height()
        self.setFixedHeight(self._heights[MATTER_ROWS])

    @property
    def needs_room(self) -> bool:
        """Whether so many matters are to be seen that another row is wanted for them."""
        visitor = self._model.visitor
        many = len(visitor.matters()) > MATTERS_IN_ROW * MATTER_ROWS
        return many and visitor.draft.matter is None

    @property
    def extra_height(self) -> int:
        """How much higher it is with that row."""
        more = self._heights[MATTER_ROWS_MOST] - self._heights[MATTER_ROWS]
        return more if self.needs_room else 0

    def refresh(self) -> None:
        """Show what the model holds now."""
        visitor = self._model.visitor
        matters = visitor.matters()
        if visitor.draft.service is not None:
            why = self._say.texts.pick(self._model.hall.closed_words(visitor.draft.service))
        else:
            why = ""
        hint = why or self._say(
            "screening.no_matter" if visitor.draft.service else "screening.hint"
        )
        if hint != self._hint.text():
            self._hint.setText(hint)
        self.grid.set_picks([self._pick(matter) for matter in matters])
        rows = MATTER_ROWS_MOST if self.needs_room else MATTER_ROWS
        self.grid.set_rows(rows, visitor.draft.matter or "")
        self.setFixedHeight(self._heights[rows])
        self.grid.show_chosen([visitor.draft.matter] if visitor.draft.matter else [])
        self.setCurrentIndex(1 if matters else 0)

    def _pick(self, matter: MatterInfo) -> Pick:
        return Pick(matter.code, self._say.texts.pick(matter.name) or matter.code)
