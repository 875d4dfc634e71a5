"""Who waits for my services, who is next and why, and what the other counters do."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QVBoxLayout

from counter.actions import VIEWS
from counter.chips import Card, ChipButton, ChipRows, FactChip
from counter.key_button import SmallKey, small_height
from counter.rows import Row, Rows, row_height
from counter.serving_model import NEXT_SHOWN, ServingModel
from counter.wording import Wording
from protocol.messages import ParkedEntry, WaitingCount
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

SERVICES_SHOWN = 7
PARKED_SHOWN = 2


class LineCard(Card):
    """The line of my services beside my ticket."""

    why_wanted = Signal()
    resume_wanted = Signal(str)
    """The parked ticket that is to be called back."""
    numbers_wanted = Signal()
    papers_wanted = Signal()

    def __init__(self, model: ServingModel, wording: Wording, theme: Theme) -> None:
        super().__init__(theme)
        self._model, self._say = model, wording
        self._seen: object = None
        self.setObjectName("my-line")
        sizes = theme.sizes
        self.heading = FittedLabel(
            wording("line.heading"), theme, role=Role.TILE, weight=Weight.SEMIBOLD, wrap=False
        )
        self.total = FittedLabel(
            "",
            theme,
            role=Role.TILE,
            weight=Weight.SEMIBOLD,
            tone="primary",
            wrap=False,
            align=Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            name="waiting-total",
        )
        self.counts = Rows(theme, name="waiting-counts", most=SERVICES_SHOWN, least=3, columns=2)
        self.next_heading = FittedLabel(
            wording("line.next"), theme, role=Role.BODY, weight=Weight.SEMIBOLD, wrap=False
        )
        self.next_ones = Rows(theme, name="next-ones", most=NEXT_SHOWN, least=2)
        self.why = SmallKey(
            wording("action.why"),
            theme,
            name="why",
            look=Look.QUIET,
            badge=VIEWS["why"],
            role=Role.SMALLEST,
            description=wording("tell.why"),
        )
        self.why.setFixedHeight(small_height(theme))
        self.why.tapped.connect(self.why_wanted)
        self.parked_heading = FittedLabel(
            wording("line.parked"), theme, role=Role.BODY, weight=Weight.SEMIBOLD, wrap=False
        )
        self.parked = ChipRows(theme, rows=1)
        self.parked.setObjectName("parked")
        self.others_heading = FittedLabel(
            wording("line.others"), theme, role=Role.BODY, weight=Weight.SEMIBOLD, wrap=False
        )
        self.others = ChipRows(theme, rows=2)
        self.others.setObjectName("other-counters")
        top = QHBoxLayout()
        self.papers = ChipButton("printer", "", theme, tone="due", name="papers-chip")
        self.papers.setToolTip(f"{wording('tell.papers')} ({VIEWS['papers']})")
        self.papers.clicked.connect(self.papers_wanted)
        self.papers.hide()
        top.addWidget(self.heading)
        top.addWidget(self.papers)
        top.addWidget(self.total, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(
            sizes.margin, sizes.gap * 3 // 2, sizes.margin, sizes.gap * 3 // 2
        )
        column.setSpacing(sizes.gap // 2)
        column.addLayout(top)
        column.addWidget(self.counts)
        column.addSpacing(sizes.gap // 2)
        between = QHBoxLayout()
        between.addWidget(self.next_heading, 1)
        between.addWidget(self.why)
        column.addLayout(between)
        column.addWidget(self.next_ones)
        column.addStretch()
        aside = QHBoxLayout()
        aside.setSpacing(sizes.gap)
        aside.addWidget(self.parked_heading)
        aside.addWidget(self.parked, 1)
        column.addLayout(aside)
        column.addWidget(self.others_heading)
        column.addWidget(self.others)

    def refresh(self) -> None:
        """Show what the model holds; waiting times are minutes, so most ticks change nothing."""
        model = self._model
        counts = [(count, model.oldest_s(count)) for count in self._counts()]
        minutes = [(count, None if oldest is None else oldest // 60) for count, oldest in counts]
        parked = [(one, model.is_due(one)) for one in model.parked]
        paperless = model.papers.total
        seen = (
            *(minutes, model.line, model.other_counters(), model.waiting_total, parked),
            paperless,
        )
        if seen == self._seen:
            return
        self._seen = seen
        say = self._say
        self.total.setText(say("line.total", count=model.waiting_total))
        most = max((count.count for count, _ in counts), default=0)
        self.counts.set_rows(
            [
                Row(
                    say.sign(model, count.service),
                    str(count.count),
                    say("line.oldest", time=say.texts.minutes(oldest))
                    if count.count and oldest is not None
                    else "",
                    share=count.count / most if most else 0.0,
                    hint=f"{count.service}: {say.service(model, count.service)}",
                )
                for count, oldest in counts
            ]
        )
        self._show_papers(paperless)
        self._show_next()
        self._show_parked(parked)
        self._show_others()
        self._share_room()

    def _show_papers(self, count: int) -> None:
        """Never a ghost: somebody without paper cannot know that their number was called."""
        if count:
            words = self._say("without-paper.chip", count=count, key=VIEWS["papers"])
            self.papers.setText(words)
            self.papers.setAccessibleName(words)
            self.papers.updateGeometry()
        self.papers.setVisible(bool(count))

    def _counts(self) -> list[WaitingCount]:
        """The services for which somebody waits; all of them when nobody does."""
        counts = self._model.my_counts()
        return [count for count in counts if count.count] or counts

    def _show_next(self) -> None:
        line = self._model.line
        self.next_heading.setVisible(bool(line))
        self.why.setVisible(bool(line))
        self.next_ones.setVisible(bool(line))
        self.next_ones.set_rows(
            [
                Row(
                    entry.number,
                    self._say.texts.pick(entry.why),
                    icon="star" if entry.priority != "none" else "",
                    hint=f"{entry.number}: {self._say.texts.pick(entry.why)}",
                )
                for entry in line
            ]
        )

    def _share_room(self) -> None:
        """Whole lines only: all services one under the other where there is room for them and
        for two who are next, else beside one another; the rest is for those who are next."""
        layout = self.layout()
        if layout is None:
            return
        line_px, counts, coming = row_height(self._theme), self.counts.count, self.next_ones.count
        lists_px = sum(
            rows.sizeHint().height()
            for rows in (self.counts, self.next_ones)
            if rows.isVisibleTo(self)
        )
        free_px = self.height() - layout.totalSizeHint().height() + lists_px
        heading_px = self.others_heading.sizeHint().height() + layout.spacing()
        if self.others_heading.isVisibleTo(self):
            free_px += heading_px
        # Chips that begin with a number need no heading where there is little room.
        named = free_px - heading_px >= line_px * (counts + min(coming, NEXT_SHOWN))
        self.others_heading.setVisible(named and self.others.isVisibleTo(self))
        lines = (free_px - heading_px * named) // line_px
        below = min(coming, 2)
        counts_lines = counts if lines >= counts + below else max(self.counts.lines_least, 1)
        self.counts.set_room(counts_lines)
        self.next_ones.set_room(max(below, lines - counts_lines))

    def minimumSizeHint(self) -> QSize:
        """Without the heading that goes where there is little room."""
        size = super().minimumSizeHint()
        layout = self.layout()
        if layout is not None and self.others_heading.isVisibleTo(self):
            least_px = self.others_heading.minimumSizeHint().height() + layout.spacing()
            size.setHeight(size.height() - least_px)
        return size

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _show_parked(self, parked: list[tuple[ParkedEntry, bool]]) -> None:
        """Who was put aside, each to be called back by a click or by Tab and Enter."""
        say = self._say
        self.parked_heading.setVisible(bool(parked))
        self.parked.setVisible(bool(parked))
        held = next((one.objectName() for one in self.parked.chips() if one.hasFocus()), "")
        chips: list[QLabel | QAbstractButton] = []
        for one, due in parked[:PARKED_SHOWN]:
            at = say.clock(one.alarm_at) if one.alarm_at is not None else ""
            chip = ChipButton(
                "bell" if due else "pause",
                " ".join(filter(None, (one.number, at))),
                self._theme,
                tone="due" if due else "plain",
                name=f"parked-{one.number}",
            )
            reason = say.choice(self._model, "park_reason", one.reason)
            chip.setToolTip(say("parked.tip", number=one.number, reason=reason))
            chip.setAccessibleName(chip.toolTip())
            chip.clicked.connect(lambda _=False, ticket=one.ticket: self.resume_wanted.emit(ticket))
            chips.append(chip)
        if len(parked) > PARKED_SHOWN:
            count = len(parked) - PARKED_SHOWN
            rest = ChipButton("", say("parked.more", count=count), self._theme, name="parked-rest")
            rest.setAccessibleName(say("parked.rest", count=count))
            rest.setToolTip(say("parked.rest", count=count))
            rest.clicked.connect(self.numbers_wanted)
            chips.append(rest)
        self.parked.set_chips(chips)
        for shown in chips:
            if held and shown.objectName() == held:
                shown.setFocus()

    def _show_others(self) -> None:
        busy = {"open": 0, "paused": 1}
        everyone = self._model.other_counters()
        views = sorted(
            (view for view in everyone if view.state != "closed"),
            key=lambda view: (busy.get(view.state, 2), view.number),
        )
        closed = [view.number for view in everyone if view.state == "closed"]
        icons = {"open": "person", "paused": "pause"}
        self.others.setVisible(bool(everyone))
        chips: list[QLabel | QAbstractButton] = [
            FactChip(
                icons.get(view.state, "dash"),
                f"{view.number} {self._say.other(view)}",
                self._theme,
                tone="info" if view.state == "open" else "plain",
            )
            for view in views
        ]
        if closed:
            chips.append(FactChip("dash", self._say.closed(closed), self._theme))
        self.others.set_chips(chips)
        self.others.setAccessibleName(
            "; ".join(f"{view.number} {self._say.other(view)}" for view in everyone)
        )
