"""The voice-check: every label of the branch's configuration, its sound, and who approved it.

Plain Python, no Qt. It learns the configuration from a Welcome, has every label made, and tells
which approvals are stale: words, voice, recording or configuration changed since.
"""

import getpass
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from display.pre_rendering import Playing, Rendering
from display.voice_rules import rules_of
from protocol.messages import Welcome
from voice.approvals import Approval, Approvals, ApprovalsError, State
from voice.labels import KINDS, Kind, Label, LabelledService, labels_of
from voice.pre_render import Prepared


@dataclass(frozen=True, slots=True)
class Row:
    """A label as it is listed. ``made`` is None until its sound is there."""

    label: Label
    made: Prepared | None
    state: State | None
    approval: Approval | None

    @property
    def is_open(self) -> bool:
        """Whether somebody has to listen to it."""
        return self.state != "approved"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many labels there are, and how many stand how."""

    total: int
    made: int
    approved: int
    new: int
    stale: int
    unspoken: int


class VoiceCheckModel:
    """All labels of one branch. ``languages`` None: those in which the branch speaks."""

    def __init__(
        self,
        approvals: Approvals,
        rendering: Rendering,
        playing: Playing,
        *,
        now: Callable[[], datetime],
        languages: Sequence[str] | None = None,
    ) -> None:
        self.changed: Callable[[], None] = lambda: None
        self.fault = ""
        """What went wrong last, for the person who checks."""
        self.checker = _who()
        """Whose name stands under an approval."""
        self._approvals = approvals
        self._rendering = rendering
        self._playing = playing
        self._now = now
        self._languages = languages
        self._labels: list[Label] = []
        self._made: dict[str, Prepared] = {}
        self._begun = False
        self._sounding: Path | None = None

    def on_welcome(self, welcome: Welcome) -> None:
        """Learn the configuration; a new one has everything made anew."""
        rules = rules_of(welcome)
        services = [
            LabelledService(service.code, service.sign, service.name)
            for service in welcome.services
        ]
        counters = [counter.number for counter in welcome.counters]
        languages = self._languages or rules.languages
        labels = labels_of(services, counters or [1], languages, rules.reading)
        if labels != self._labels:
            self._labels, self._made, self._begun = labels, {}, True
            self._rendering.begin(labels)
        self.changed()

    def tick(self) -> None:
        """Take in what was made, and whether something still sounds."""
        made = self._rendering.take()
        for one in made:
            self._made[one.key] = one
        sounding = self._playing.sounding
        if self._sounding is not None and sounding is None and self._playing.fault:
            self.fault = self._playing.fault
        if made or sounding != self._sounding:
            self._sounding = sounding
            self.changed()

    @property
    def over(self) -> bool:
        """Whether every label has its sound, or a reason why it has none."""
        return self._begun and (len(self._made) == len(self._labels) or self._rendering.over)

    @property
    def rows(self) -> list[Row]:
        """All labels in their order."""
        return [self._row(label) for label in self._labels]

    def groups(self) -> list[tuple[str, Kind]]:
        """The parts of the list: languages, and in each the kinds of label."""
        there = {(label.language, label.kind) for label in self._labels}
        languages = dict.fromkeys(label.language for label in self._labels)
        return [(code, kind) for code in languages for kind in KINDS if (code, kind) in there]

    def rows_of(self, language: str, kind: Kind) -> list[Row]:
        """One part of the list."""
        return [
            self._row(label)
            for label in self._labels
            if (label.language, label.kind) == (language, kind)
        ]

    @property
    def tally(self) -> Tally:
        """The list in figures."""
        states = [row.state for row in self.rows]
        return Tally(
            total=len(states),
            made=len(self._made),
            approved=states.count("approved"),
            new=states.count("new"),
            stale=states.count("stale-text") + states.count("stale-voice"),
            unspoken=states.count("unspoken"),
        )

    @property
    def unused(self) -> tuple[str, ...]:
        """Approved once, and no longer in the configuration."""
        return self._approvals.unused({label.key: label for label in self._labels})

    @property
    def all_well(self) -> bool:
        """Whether everything that can be called was approved as it sounds now."""
        tally = self.tally
        return tally.total > 0 and tally.approved == tally.total

    def is_sounding(self, row: Row) -> bool:
        """Whether this is what is being played."""
        return row.made is not None and str(self._sounding) == row.made.path

    def play(self, key: str) -> None:
        """Let the person hear a label; the one that sounds is silenced by its own button."""
        made = self._made.get(key)
        if made is None or not made.path:
            return
        self.fault = ""
        if self._sounding == Path(made.path):
            self._playing.close()
            self._sounding = None
        else:
            self._playing.play(Path(made.path))
            self._sounding = Path(made.path)
        self.changed()

    def approve(self, key: str, *, approved: bool = True) -> None:
        """Write down that this label sounds right, or take that back."""
        made = self._made.get(key)
        label = next((label for label in self._labels if label.key == key), None)
        if label is None or made is None or not made.identity:
            return
        try:
            if approved:
                by = self.checker.strip() or _who()
                self._approvals.approve(key, Approval(label.text, made.identity, by, self._now()))
            else:
                self._approvals.withdraw(key)
            self.fault = ""
        except ApprovalsError as error:
            self.fault = str(error)
        self.changed()

    def close(self) -> None:
        """End what is under way."""
        self._rendering.close()
        self._playing.close()

    def _row(self, label: Label) -> Row:
        made = self._made.get(label.key)
        state = None
        if made is not None:
            state = self._approvals.state(label.key, label.text, made.identity)
        return Row(label, made, state, self._approvals.of(label.key))


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
