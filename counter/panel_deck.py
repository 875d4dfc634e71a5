"""The place of the two cards, where one panel at a time may open instead."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QWidget

from counter.panels import Panel
from counter.serving_model import ServingModel

ROOMY = frozenset(
    {
        *("finish", "transfer", "numbers", "why", "issue", "keys", "visit", "complaint"),
        *("papers", "rating"),
    }
)
"""Panels that need the room of the moves below, which keep their keys all the same."""

_GROUND_LOST = ("no-ticket", "ticket-", "visitor-", "counter-")


class PanelDeck(QStackedWidget):
    """Knows which panel is open, and closes it when what it is about has gone."""

    def __init__(self, model: ServingModel, cards: QWidget, panels: Mapping[str, Panel]) -> None:
        """``panels``: by name; one panel may have several names."""
        super().__init__()
        # Told when a panel has opened or closed.
        self.turned: Callable[[], None] = lambda: None
        self._model, self._panels = model, panels
        self.name = ""
        self.addWidget(cards)
        for panel in dict.fromkeys(panels.values()):
            self.addWidget(panel)

    def minimumSizeHint(self) -> QSize:
        """What is shown needs its room; what is not shown has rows of moves to take it from."""
        return self._shown().minimumSizeHint()

    def sizeHint(self) -> QSize:
        return self._shown().sizeHint()

    def _shown(self) -> QWidget:
        page = self.currentWidget()
        assert page is not None
        return page

    @property
    def is_roomy(self) -> bool:
        """Whether the open panel needs the room below."""
        return self.name in ROOMY

    def open(self, name: str) -> None:
        """Show a panel in place of the cards."""
        panel = self._panels[name]
        panel.begin()
        panel.refresh()
        self.name = name
        self.turned()  # room first, so that the panel is laid out once
        self.setCurrentWidget(panel)
        self.updateGeometry()

    def close_panel(self) -> None:
        """Show the cards again."""
        self.name = ""
        self.setCurrentIndex(0)
        self.updateGeometry()
        self.turned()

    def refresh(self) -> None:
        """Close a panel without ground: finished elsewhere, taken along; else bring it up to
        date."""
        if not self.name:
            return
        panel = self._panels[self.name]
        why = self._model.hindrance(panel.needs) if panel.needs else ""
        gone = self.name == "leave" and self._model.ticket is None
        if gone or why.startswith(_GROUND_LOST):
            self.close_panel()
        else:
            panel.refresh()
