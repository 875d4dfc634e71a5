"""What stands beside the screens: a printer that may fail, and a voice that takes its time."""

from collections import deque
from collections.abc import Callable
from random import Random

from kiosk.print_journal import PrintJournal
from kiosk.printer import (
    PaperToPrint,
    PrinterReason,
    PrinterStatus,
    PrintOutcome,
    PrintResult,
)
from protocol.messages import TicketToPrint
from simulation.clock import VirtualLoop
from voice.port import OnFinished, Utterance, VoiceHealth, VoiceResult, VoiceStatus

FAILS = 0.06
LEAVES_UNKNOWN = 0.03
VOICE_BREAKS = 0.03
SPEECH_SPED_UP = 20.0
"""How much faster than people the voice speaks, so that a dense day does not outrun it."""


class SimulatedPrinter:
    """Prints one paper after the other; the journal of the shipped printer is its memory.

    A journal lies on the kiosk's disk, so it is there again after the program was restarted.
    """

    def __init__(
        self, loop: VirtualLoop, random: Random, paper_out: Callable[[TicketToPrint], None]
    ) -> None:
        self._loop = loop
        self._random = random
        self._paper_out = paper_out
        self._journal = PrintJournal(None)
        self._results: deque[PrintResult] = deque()
        self._changed: Callable[[], None] = lambda: None
        self._life = 0

    def start(self) -> None:
        """Always ready."""

    def submit(self, ticket: PaperToPrint) -> None:
        """Print this copy of this job, unless that was done before."""
        known = self._journal.entry(ticket.job, ticket.copy)
        if known is not None:
            outcome = known.outcome or PrintOutcome.UNKNOWN
            self._give(PrintResult(ticket.job, ticket.copy, outcome, known.reason, repeated=True))
            return
        self._journal.begin(ticket.job, ticket.copy)
        self._loop.call_later(0.05 + 0.3 * self._random.random(), self._print, ticket, self._life)

    def _print(self, ticket: PaperToPrint, life: int) -> None:
        dice = self._random.random()
        if dice >= FAILS and isinstance(ticket, TicketToPrint):
            # Also without an answer from the printer a paper may have come out.
            self._paper_out(ticket)
        if life != self._life:
            return  # the program that would note the outcome is gone
        outcome, reason = PrintOutcome.PRINTED, None
        if dice < FAILS:
            outcome, reason = PrintOutcome.FAILED, PrinterReason.PAPER_OUT
        elif dice < FAILS + LEAVES_UNKNOWN:
            outcome, reason = PrintOutcome.UNKNOWN, PrinterReason.NO_ANSWER
        self._journal.finish(ticket.job, ticket.copy, outcome, reason)
        self._give(PrintResult(ticket.job, ticket.copy, outcome, reason))

    def interrupt(self) -> None:
        """The kiosk's program ends; what is at the printer may still come out."""
        self._life += 1
        self._results.clear()

    def _give(self, result: PrintResult) -> None:
        self._results.append(result)
        # As from a real printer: later, never inside ``submit``.
        life = self._life
        self._loop.call_later(0, lambda: self._changed() if life == self._life else None)

    def poll(self) -> list[PrintResult]:
        """The results since the last call."""
        results = list(self._results)
        self._results.clear()
        return results

    def status(self) -> PrinterStatus:
        """All is well, as far as anyone can see."""
        return PrinterStatus(online=True, paper="ok")

    def listen(self, changed: Callable[[], None]) -> None:
        """Call ``changed`` when ``poll`` has news."""
        self._changed = changed

    def close(self) -> None:
        """Nothing to close."""


class SimulatedVoice:
    """Speaks for as long as the words would take, and breaks now and then."""

    def __init__(self, loop: VirtualLoop, random: Random) -> None:
        self._loop = loop
        self._random = random
        self._until_s = 0.0
        self._on_finished: OnFinished | None = None
        self._result = VoiceResult("played", heard=True)
        self._started_s = 0.0

    def speak(self, utterance: Utterance, on_finished: OnFinished) -> None:
        """Begin to speak."""
        if self._on_finished is not None:
            raise RuntimeError("two announcements at once")
        self._on_finished = on_finished
        self._started_s = self._loop.now_s
        self._until_s = self._loop.now_s + utterance.estimated_s / SPEECH_SPED_UP
        broken = self._random.random() < VOICE_BREAKS
        self._result = (
            VoiceResult("failed", heard=False, health=VoiceHealth.BROKEN)
            if broken
            else VoiceResult("played", heard=True)
        )

    def stop(self) -> None:
        """Silence; the result comes with ``poll``."""
        self._until_s = self._loop.now_s
        self._result = VoiceResult("stopped", heard=self.sounding)

    def poll(self) -> None:
        """Say whether it is over."""
        if self._on_finished is not None and self._loop.now_s >= self._until_s:
            on_finished, self._on_finished = self._on_finished, None
            on_finished(self._result)

    @property
    def sounding(self) -> bool:
        """Whether something can be heard."""
        return self._on_finished is not None and self._loop.now_s > self._started_s

    @property
    def status(self) -> VoiceStatus:
        """Well."""
        return VoiceStatus(VoiceHealth.OK)

    def close(self) -> None:
        """Be silent."""
        self._on_finished = None
