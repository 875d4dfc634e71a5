"""What the officer looks after beside visitors: disturbances, devices, figures, keys."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from counter.door.door_actions import KEYS
from counter.door.door_wording import DoorWording
from counter.door.outcome_panels import DoorPanel
from counter.door.screening_model import ScreeningModel
from counter.pick_grid import Pick, PickButton, PickGrid, with_keys
from counter.rows import Row, Rows
from ui.buttons import Look
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

DEVICE_TONES = {"good": "primary", "warn": "on_warning_soft", "bad": "error"}


class DisturbancePanel(DoorPanel):
    """Which system outside does not work; all screens say so until it is ended."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="disturbance", keys=say("choose.keys"))
        self.heading.setText(say("outage.heading"))
        height = max(theme.sizes.target, round(theme.sizes.body * 3.4))
        self.told = self.told_in("disturbance-told", role=Role.TILE)
        self.systems = self.digits = PickGrid(
            say, theme, prefix="system", columns=2, rows=4, height=height
        )
        self.systems.chosen.connect(self._declare)
        self.column.addWidget(self.told)
        self.column.addWidget(self.systems)
        self.add_confirm("outage.end", icon="check").tapped.connect(self._end)
        self.close_column()

    def refresh(self) -> None:
        """Show what is disturbed now."""
        model, say = self.model, self.say
        snapshot = model.hall.snapshot
        running = snapshot.disturbance if snapshot is not None else None
        if running is None:
            self.told.setText(say("outage.none"))
        else:
            name = say.choice_name(model, "disturbance", running.system)
            since = say.clock(running.since)
            key = "outage.running_by_itself" if running.automatic else "outage.running"
            self.told.setText(say(key, system=name, at=since))
        pick = say.texts.pick
        choices = model.hall.choices_of("disturbance")
        self.systems.set_picks(
            with_keys([Pick(one.code, pick(one.name) or one.code) for one in choices])
        )
        self.systems.show_chosen([running.system] if running is not None else [])
        for button in self.systems.buttons.values():
            button.setEnabled(model.online)
        if self.confirm is not None:
            self.confirm.setVisible(running is not None)
            self.confirm.setEnabled(model.online)

    def _declare(self, system: str) -> None:
        if self.model.errands.declare(system):
            self.back.emit()

    def _end(self) -> None:
        snapshot = self.model.hall.snapshot
        running = snapshot.disturbance if snapshot is not None else None
        if running is not None and self.model.errands.end(running.system):
            self.back.emit()


class HallPanel(DoorPanel):
    """Every device in words, the door's day in figures, and the way out."""

    leave_wanted = Signal()
    keys_wanted = Signal()

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="hall")
        self.heading.setText(say("hall.heading"))
        self.devices = Rows(theme, name="hall-devices", most=14, least=1, columns=2)
        self.total = self.told_in("hall-total", role=Role.TILE, weight=Weight.SEMIBOLD)
        self.figures = Rows(theme, name="hall-figures", most=14, least=1)
        self.keys.hide()
        row = QHBoxLayout()
        row.setSpacing(theme.sizes.gap * 3)
        left, right = QVBoxLayout(), QVBoxLayout()
        left.addWidget(self.label(say("hall.devices")))
        left.addWidget(self.devices)
        left.addStretch(1)
        right.addWidget(self.label(say("hall.today")))
        right.addWidget(self.total)
        right.addWidget(self.figures)
        right.addStretch(1)
        row.addLayout(left, 1)
        row.addLayout(right, 1)
        self.column.addLayout(row, 1)
        for name, signal, look in (
            ("show-keys", self.keys_wanted, Look.PANEL),
            ("sign-out", self.leave_wanted, Look.PANEL),
        ):
            button = PickButton(say(f"hall.{name}"), theme, name=name, role=Role.BODY, look=look)
            button.setFixedHeight(self.back_button.height())
            button.tapped.connect(signal)
            self.foot.insertWidget(0, button, 1)
        self.column.addLayout(self.foot)

    def begin(self) -> None:
        """The day's facts as they are now."""
        self.model.errands.ask_report()

    def refresh(self) -> None:
        """Show devices and figures."""
        model, say = self.model, self.say
        self.devices.set_rows(
            [
                Row("", say.device_sign(sign), icon=sign.icon, tone=DEVICE_TONES[sign.tone])
                for sign in model.hall.signs
            ]
        )
        snapshot = model.hall.snapshot
        totals = snapshot.today if snapshot is not None else None
        total = say.today(totals)
        if total != self.total.text():
            self.total.setText(total)
        rows = []
        if totals is not None:
            rows += self._counted("outcome-short", totals.outcomes)
            if totals.guests:
                rows.append(Row(str(totals.guests), say("hall.guests")))
        report = model.errands.report
        if report is not None:
            rows += [
                Row(str(count), say.choice_name(model, "solved_reason", code))
                for code, count in _most(report.solved_reasons, 4)
            ]
            if report.screening_time_s is not None:
                time = say.texts.timer(report.screening_time_s)
                rows.append(Row(time, say("hall.median")))
        self.figures.set_rows(rows)

    def _counted(self, prefix: str, counts: Mapping[str, int]) -> list[Row]:
        return [
            Row(str(count), self.say(f"{prefix}.{code}"))
            for code, count in _most(counts, 8)
            if count
        ]


class DoorKeysPanel(DoorPanel):
    """All keys of this desk on one page (F1)."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__(model, say, theme, name="keys")
        self.heading.setText(say("help.heading"))
        self.keys.hide()
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.sizes.gap * 2)
        grid.setVerticalSpacing(max(1, theme.sizes.gap // 4))
        shown = [(name, key) for name, key in KEYS.items()]
        half = -(-len(shown) // 2)
        for place, (name, key) in enumerate(shown):
            row, column = place % half, place // half * 2
            cap = FittedLabel(
                key, theme, role=Role.BODY, weight=Weight.SEMIBOLD, wrap=False, tone="primary"
            )
            told = FittedLabel(say(f"door-tell.{name}"), theme, role=Role.BODY)
            grid.addWidget(cap, row, column)
            grid.addWidget(told, row, column + 1)
            grid.setColumnStretch(column + 1, 1)
        self.column.addLayout(grid, 1)
        self.foot.insertStretch(0, 1)
        self.column.addLayout(self.foot)


def _most(counts: Mapping[str, int], count: int) -> Sequence[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:count]
