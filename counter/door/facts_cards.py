"""What is known of the visitor: segment and status, papers, advice, priority and needs."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from counter.chips import Card
from counter.door.door_dates import written_day
from counter.door.door_wording import SHORT_PRIORITIES, DoorWording
from counter.door.screening_model import ScreeningModel
from counter.pick_grid import Pick, PickButton, PickGrid, shortened
from protocol.messages import AdviceView
from ui.buttons import Look
from ui.fitting import fit_text
from ui.icons import paint_icon
from ui.labels import FittedLabel
from ui.shapes import paint_card
from ui.theme import Theme, Weight
from ui.tokens import Role

PAPERS_IN_ROW = 3
PAPER_ROWS = 2
ALL = "all"


class StatusRow(QWidget):
    """Segment, membership, and what else this errand asks for; each opens the panel."""

    wanted = Signal()

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__()
        self._model, self._say = model, say
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(max(2, theme.sizes.gap // 2))
        self.buttons: dict[str, PickButton] = {}
        for name, share in (("segment", 3), ("membership", 4), ("asked", 4)):
            button = PickButton("", theme, name=name, role=Role.BODY, icon="forward")
            button.tapped.connect(self.wanted)
            self.buttons[name] = button
            row.addWidget(button, share)
        self.setFixedHeight(max(theme.sizes.target, round(theme.sizes.body * 2.9)))

    def refresh(self) -> None:
        """Show what the model holds now."""
        model, say = self._model, self._say
        draft = model.visitor.draft
        for name, code in (("segment", draft.segment), ("membership", draft.membership)):
            known = say.choice_name(model, name, code) if code else say("screening.unknown")
            self._dress(name, f"{say(f'screening.{name}')}: {known}", bool(code))
        asked = model.visitor.asked()
        words = [self._asked_words(name) for name in asked]
        told = any(getattr(draft, name) for name in asked)
        self.buttons["asked"].setVisible(bool(asked))
        self._dress("asked", " · ".join(words), told)

    def _asked_words(self, name: str) -> str:
        draft, say = self._model.visitor.draft, self._say
        if name == "nik_mismatch":
            return say("screening.nik_differs" if draft.nik_mismatch else "screening.nik_same")
        day = written_day(getattr(draft, name)) or say("screening.unknown")
        return f"{say(f'screening.{name}')}: {day}"

    def _dress(self, name: str, title: str, held: bool) -> None:
        button = self.buttons[name]
        if (button.title, button.property("held")) != (title, held):
            button.setProperty("held", held)
            button.set_look(Look.CHOSEN if held else Look.PANEL)
            button.set_content(title)


class PapersCard(QStackedWidget):
    """The papers of this errand: a touch says that one is there; the first place takes all."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__()
        self._model, self._say = model, say
        self.grid = PickGrid(
            say,
            theme,
            prefix="paper",
            columns=PAPERS_IN_ROW,
            rows=PAPER_ROWS,
            height=max(theme.sizes.target, round(theme.sizes.body * 2.9)),
            fills=True,
        )
        self.grid.chosen.connect(self._tick)
        self._hint = FittedLabel(
            say("papers.hint"),
            theme,
            role=Role.BODY,
            tone="ink_soft",
            align=Qt.AlignmentFlag.AlignCenter,
            name="papers-hint",
        )
        page = Card(theme)
        column = QVBoxLayout(page)
        column.addWidget(self._hint)
        self.addWidget(page)
        self.addWidget(self.grid)
        self._height = self.grid.sizeHint().height()
        self.setFixedHeight(self._height)

    def give_room(self, height: int) -> None:
        """Be lower by so much, for those above."""
        self.setFixedHeight(self._height - height)

    def refresh(self) -> None:
        """Show what the model holds now."""
        model, say = self._model, self._say
        visitor, needed = model.visitor, model.visitor.needed()
        missing = visitor.draft.missing(needed)
        picks = [
            Pick(
                code,
                say.paper_name(model, code),
                icon="close" if code in missing else "document",
                tone="error" if code in missing else "",
            )
            for code in needed
        ]
        if picks:
            icon, tone = ("warning", "error") if missing else ("question", "")
            picks.insert(0, Pick(ALL, say.papers_heading(visitor), icon=icon, tone=tone))
        self.grid.set_picks(picks)
        complete = visitor.draft.checked and not missing
        self.grid.show_chosen([*([ALL] if complete else []), *visitor.draft.present(needed)])
        self.setCurrentIndex(1 if picks else 0)

    def _tick(self, code: str) -> None:
        if code == ALL:
            self._model.visitor.all_papers()
        else:
            self._model.visitor.tick_paper(code)


class AdviceBar(PickButton):
    """The heaviest advice in a few lines; touched, all of it with its sources."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__("", theme, name="advice", role=Role.BODY)
        self._model, self._say = model, say
        self._tone = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def refresh(self) -> None:
        """Show what the rules say now."""
        visitor = self._model.visitor
        advice = visitor.advising.advice
        if not advice:
            return
        standing = visitor.standing_advice()
        first = standing[0] if standing else advice[0]
        words = self._say.texts.pick(first.text)
        if first.rule in visitor.draft.overrides:
            words = f"{self._say('advice.overridden')} {words}"
        rest = f"+{len(advice) - 1}" if len(advice) > 1 else ""
        tone = self._tone_of(first)
        if (self.title, self._badge, self._tone) != (words, rest, tone):
            self._tone = tone
            self.set_content(words, badge=rest)
            self.setToolTip(words)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * 4, self._theme.sizes.target)

    def _tone_of(self, advice: AdviceView) -> str:
        if advice.rule in self._model.visitor.draft.overrides:
            return "info"
        return {"blocks": "error", "warns": "warning"}.get(advice.weight, "info")

    def _paint_body(self, painter: QPainter, box: QRectF) -> str:
        colours, sizes = self._theme.colours, self._theme.sizes
        fill = str(getattr(colours, f"{self._tone}_soft"))
        ink = str(getattr(colours, f"on_{self._tone}_soft"))
        edge = sizes.border * (2 if self._tone == "error" else 1)
        paint_card(painter, box, sizes.radius, fill=fill, edge=ink, edge_px=edge)
        return ink

    def _paint_content(
        self, painter: QPainter, box: QRectF, ink: str, soft: str, accent: str
    ) -> None:
        """As many words as its height holds; the rest is one touch away."""
        sizes = self._theme.sizes
        side = sizes.body * 1.3
        at = QRectF(box.left(), box.center().y() - side / 2, side, side)
        icon = {"error": "warning", "warning": "warning"}.get(self._tone, "information")
        paint_icon(painter, icon, at, ink)
        box.setLeft(at.right() + sizes.gap)
        if self._badge:
            box.setRight(self._paint_badge(painter, box, ink) - sizes.gap)
        weight = Weight.SEMIBOLD if self._tone == "error" else Weight.MEDIUM
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        words = shortened(self.title, box, sizes.smallest, weight)
        fitted = fit_text(words, box, sizes.body, sizes.smallest, weight=weight, align=align)
        painter.setPen(QColor(ink))
        fitted.paint(painter, box)


class AdvicePlace(QStackedWidget):
    """The advice; while there is none the note for the counter, or a word that there is none."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__()
        self._model, self._say = model, say
        self.bar = AdviceBar(model, say, theme)
        self._quiet = FittedLabel(
            "",
            theme,
            role=Role.BODY,
            tone="ink_soft",
            align=Qt.AlignmentFlag.AlignCenter,
            name="advice-none",
        )
        page = Card(theme)
        column = QVBoxLayout(page)
        column.setContentsMargins(theme.sizes.gap, 0, theme.sizes.gap, 0)
        column.addWidget(self._quiet)
        self.addWidget(page)
        self.addWidget(self.bar)
        self.setMinimumHeight(max(theme.sizes.target, round(theme.sizes.body * 3)))
        self.setMaximumHeight(round(theme.sizes.body * 6))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.minimumHeight())

    def refresh(self) -> None:
        """Show what the rules say now, or what is to be said without them."""
        visitor = self._model.visitor
        self.bar.refresh()
        words = self._say.no_advice(visitor)
        if words != self._quiet.text():
            self._quiet.setText(words)
        self.setCurrentIndex(1 if visitor.advising.advice else 0)


class PriorityRow(QWidget):
    """Why somebody goes ahead, by group; and a button for needs, persons and a note."""

    details_wanted = Signal()

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__()
        self._model, self._say = model, say
        height = max(theme.sizes.target, round(theme.sizes.body * 2.4))
        self.priorities = PickGrid(
            say,
            theme,
            prefix="priority",
            columns=len(SHORT_PRIORITIES),
            rows=1,
            height=height,
            held_icon="star",
            held_tone="priority",
        )
        self.priorities.chosen.connect(model.visitor.set_priority)
        self.details = PickButton(
            "", theme, name="details", look=Look.PANEL, icon="information", role=Role.BODY
        )
        self.details.tapped.connect(self.details_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(max(2, theme.sizes.gap // 2))
        row.addWidget(self.priorities, 9)
        row.addWidget(self.details, 3)
        self.setFixedHeight(height)

    def refresh(self) -> None:
        """Show what the model holds now."""
        model, say = self._model, self._say
        known = {choice.code for choice in model.hall.choices_of("priority")}
        self.priorities.set_picks(
            [
                Pick(code, say.priority_short(code), tip=say.choice_name(model, "priority", code))
                for code in SHORT_PRIORITIES
                if code in known
            ]
        )
        chosen = model.visitor.draft.priority
        self.priorities.show_chosen([] if chosen == "none" else [chosen])
        details = say.details(model)
        title = details or say("screening.details")
        if self.details.title != title:
            self.details.set_content(title, icon="check" if details else "information")
            self.details.set_look(Look.CHOSEN if details else Look.PANEL)
