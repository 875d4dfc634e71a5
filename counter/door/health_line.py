"""How kiosks, TV, voice and counters are, in one line: icon and word, the worst first."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from counter.chips import ChipRows, FactChip
from counter.door.door_wording import DoorWording
from counter.door.screening_model import ScreeningModel
from counter.remarks import Remark
from ui.labels import FittedLabel
from ui.theme import Theme, Weight
from ui.tokens import Role

TONES = {"good": "plain", "warn": "due", "bad": "bad"}


class HealthLine(QWidget):
    """A chip for each device; what does not fit is counted."""

    def __init__(self, model: ScreeningModel, say: DoorWording, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("health")
        self._model, self._say, self._theme = model, say, theme
        self._shown: list[tuple[str, str, str]] = []
        self._remarks: list[Remark] = []
        """What is being said of the visitor and of complaints, the newer one first."""
        self.chips = ChipRows(theme, rows=1)
        self.remark = FittedLabel(
            "", theme, role=Role.BODY, weight=Weight.SEMIBOLD, name="remark", floor=Role.SMALLEST
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.sizes.gap)
        row.addWidget(self.chips, 3)
        row.addWidget(self.remark, 4)
        self.remark.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(round(theme.sizes.smallest * 2.7))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.sizes.target * 6, self.height())

    def refresh(self) -> None:
        """Show what the model holds now."""
        model, say = self._model, self._say
        wanted = [(sign.icon, say.device_sign(sign), TONES[sign.tone]) for sign in model.hall.signs]
        if wanted != self._shown:
            self._shown = wanted
            chips = []
            for place, (icon, word, tone) in enumerate(wanted):
                chip = FactChip(icon, word, self._theme, tone=tone, name=f"health-{place}")
                chip.setToolTip(word)
                chips.append(chip)
            self.chips.set_chips(chips)
        remark = self._newest_remark()
        words = say.remark(remark)
        if words != self.remark.text():
            self.remark.setText(words)
            self.remark.setAccessibleName(words)
            self.remark.setVisible(bool(words))
        tone = remark.tone if remark is not None else ""
        self.remark.set_tone({"no": "error", "good": "primary"}.get(tone, "ink"))

    def _newest_remark(self) -> Remark | None:
        """Both may stand at once: an older one must not hide what was just refused."""
        standing = [self._model.asker.remark, self._model.complaints.asker.remark]
        fresh = [one for one in standing if one is not None and one not in self._remarks]
        self._remarks = [*fresh, *(one for one in self._remarks if one in standing)]
        return self._remarks[0] if self._remarks else None
