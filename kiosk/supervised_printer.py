"""The shipped `TicketPrinter`: a thread here, a process of its own there, a deadline on each act.

The screen's thread only puts papers into a queue and takes results out. The thread of this file
keeps the printing process alive and hands it one paper at a time; a process that does not answer
in time is ended, and the paper is `unknown` if a byte may have left, else `failed` (fault F31).
"""

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from msgspec import Struct

from kiosk.paper_layout import PaperLayout, PaperSize
from kiosk.print_journal import PrintJournal
from kiosk.printer import PaperToPrint, PrinterReason, PrinterStatus, PrintOutcome, PrintResult
from kiosk.printer_child import ChildGoneError, ChildLateError, PrinterChild, child_command
from kiosk.printer_process import Check, Checked, Done, Print, Ready, Sending
from kiosk.printer_url import PrinterUrl

log = logging.getLogger(__name__)

LayOut = Callable[[PaperToPrint, PaperSize], PaperLayout]


class Deadlines(Struct, frozen=True):
    """How long each act may take; `watch_s` None looks at the printer only when it prints.

    One that is not well is looked at each `watch_ill_s`: somebody may be mending it.
    """

    start_s: float = 15.0
    job_s: float = 5.0
    check_s: float = 2.5
    restart_s: float = 3.0
    watch_s: float | None = 3.0
    watch_ill_s: float = 1.0


WAITING_MAX = 50


class SupervisedPrinter:
    """One printer behind a supervised process; see `TicketPrinter` for the words."""

    def __init__(
        self,
        url: PrinterUrl,
        lay_out: LayOut,
        journal: PrintJournal,
        *,
        deadlines: Deadlines | None = None,
        command: Sequence[str] | None = None,
    ) -> None:
        self._url = url
        self._lay_out = lay_out
        self._journal = journal
        self._deadlines = deadlines or Deadlines()
        self._command = list(command or child_command(url))
        self._inbox: queue.Queue[PaperToPrint | None] = queue.Queue()
        self._results: deque[PrintResult] = deque()
        self._status = PrinterStatus()
        self._changed: Callable[[], None] = lambda: None
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)
        self._starting = threading.Lock()
        self._started = False
        self._child: PrinterChild | None = None
        self._size: PaperSize | None = None
        self._restart_at = 0.0
        # Whether half a paper may stand in the printer.
        self._torn = journal.is_left_open()
        # Whether the printer ever answered; a new process would not know.
        self._talks = False

    def start(self) -> None:
        """Start the printing process in the background; call it after the first frame."""
        with self._starting:
            if not self._started and not self._closing.is_set():
                self._started = True
                self._thread.start()

    def submit(self, paper: PaperToPrint) -> None:
        """Print this copy of this job, unless that was done before; the result comes by `poll`."""
        if self._closing.is_set() or self._inbox.qsize() >= WAITING_MAX:
            self._answer(
                PrintResult(paper.job, paper.copy, PrintOutcome.FAILED, PrinterReason.BUSY)
            )
            return
        self.start()
        self._inbox.put(paper)

    @property
    def process_id(self) -> int | None:
        """The printing process, while one runs."""
        child = self._child
        return child.pid if child is not None else None

    def poll(self) -> list[PrintResult]:
        """The results since the last call, oldest first."""
        results = []
        while self._results:
            results.append(self._results.popleft())
        return results

    def status(self) -> PrinterStatus:
        """What is known about the printer now."""
        return self._status

    def listen(self, changed: Callable[[], None]) -> None:
        """Call `changed` from this printer's thread when there is news."""
        self._changed = changed

    def close(self) -> None:
        """Finish the running paper or give it up at its deadline; waiting ones are `failed`."""
        with self._starting:
            self._closing.set()
        if self._thread.is_alive():
            self._inbox.put(None)
            self._thread.join(self._deadlines.start_s + self._deadlines.job_s)

    # From here on: the printer's own thread.

    def _run(self) -> None:
        try:
            self._look()
            while not self._closing.is_set():
                try:
                    paper = self._inbox.get(timeout=self._next_look_s())
                except queue.Empty:
                    self._look()
                    continue
                if paper is not None:
                    self._handle(paper)
            self._give_up_waiting()
        except Exception:
            log.exception("the printer's thread ended; no paper until the kiosk is started again")
            self._closing.set()
            self._status = PrinterStatus(fault=PrinterReason.PROGRAM)
            self._give_up_waiting()
        finally:
            self._end_child()

    def _next_look_s(self) -> float | None:
        watch_s = self._deadlines.watch_s
        if watch_s is None or self._status.reason is None:
            return watch_s
        return min(watch_s, self._deadlines.watch_ill_s)

    def _handle(self, paper: PaperToPrint) -> None:
        job, copy = paper.job, paper.copy
        entry = self._journal.entry(job, copy)
        if entry is not None:
            # Told twice, or told again after a restart of this kiosk.
            outcome = entry.outcome or PrintOutcome.UNKNOWN
            reason = entry.reason if entry.outcome else PrinterReason.INTERRUPTED
            if entry.outcome is None:
                self._journal.finish(job, copy, outcome, reason)
            self._answer(PrintResult(job, copy, outcome, reason, repeated=True))
            return
        try:
            done = self._print(paper)
        except Exception:
            log.exception("paper job %s could not be printed", job)
            done = _lost(PrintOutcome.FAILED, PrinterReason.PROGRAM)
        self._journal.finish(job, copy, done.outcome, done.reason)
        if done.outcome is not PrintOutcome.FAILED:
            self._torn = done.outcome is PrintOutcome.UNKNOWN
        if done.outcome is not PrintOutcome.PRINTED:
            log.warning("paper job %s copy %d: %s, %s", job, copy, done.outcome, done.reason)
        self._see(done.status)
        self._answer(PrintResult(job, copy, done.outcome, done.reason))

    def _print(self, paper: PaperToPrint) -> Done:
        for _ in range(2):
            child = self._ready()
            if child is None or self._size is None:
                break
            order = Print(self._lay_out(paper, self._size), self._torn, self._talks)
            self._journal.begin(paper.job, paper.copy)
            try:
                child.send(order)
                done = self._await_done(child)
            except ChildGoneError:
                self._end_child()
                done = None
            if done is not None:
                return done
            # It died, perhaps long before this paper, and no byte had left: one fresh try.
        return _lost(PrintOutcome.FAILED, PrinterReason.PROGRAM)

    def _await_done(self, child: PrinterChild) -> Done | None:
        """What became of the paper; None if the process died before any byte could leave."""
        deadline = time.monotonic() + self._deadlines.job_s
        begun = late = False
        try:
            while True:
                report = child.next(deadline)
                if isinstance(report, Done):
                    return report
                if isinstance(report, Sending):
                    begun = True
                    speed = self._url.bytes_per_s
                    if speed is not None:
                        # A slow serial line is not a hanging one.
                        deadline += 1.2 * report.byte_count / speed
        except ChildLateError:
            late = True
        except ChildGoneError:
            pass  # what it said before its end decides, below
        self._end_child(at_once=True)
        # It may have begun, or even ended well, between our patience and its end.
        for report in child.last_words():
            if isinstance(report, Done):
                return report
            begun = begun or isinstance(report, Sending)
        if late:
            outcome = PrintOutcome.UNKNOWN if begun else PrintOutcome.FAILED
            return _lost(outcome, PrinterReason.NO_ANSWER)
        return _lost(PrintOutcome.UNKNOWN, PrinterReason.BROKEN_OFF) if begun else None

    def _look(self) -> None:
        """Ask how the printer is while nobody prints."""
        child = self._ready()
        if child is None:
            return
        try:
            child.send(Check())
            report = child.next(time.monotonic() + self._deadlines.check_s)
        except ChildLateError:
            self._end_child(at_once=True)
            self._see(PrinterStatus(fault=PrinterReason.NO_ANSWER))
        except ChildGoneError:
            self._end_child()
        else:
            if isinstance(report, Checked):
                self._see(report.status)

    def _ready(self) -> PrinterChild | None:
        """The running process, started if needed; None while a faulty one must not be restarted."""
        if self._child is not None and self._child.alive():
            return self._child
        self._end_child()
        if time.monotonic() < self._restart_at:
            return None
        try:
            self._child = PrinterChild(self._command)
            report = self._child.next(time.monotonic() + self._deadlines.start_s)
        except (ChildGoneError, ChildLateError, OSError) as error:
            log.error("the printing process does not start: %s", error)
            self._end_child(at_once=True)
            self._restart_at = time.monotonic() + self._deadlines.restart_s
            self._see(PrinterStatus(fault=PrinterReason.PROGRAM))
            return None
        if isinstance(report, Ready):
            self._size = report.paper
        return self._child

    def _end_child(self, *, at_once: bool = False) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.end(at_once=at_once)

    def _give_up_waiting(self) -> None:
        while True:
            try:
                paper = self._inbox.get_nowait()
            except queue.Empty:
                return
            if paper is not None:
                self._answer(
                    PrintResult(paper.job, paper.copy, PrintOutcome.FAILED, PrinterReason.BUSY)
                )

    def _see(self, status: PrinterStatus) -> None:
        self._talks = self._talks or status.is_complete
        if status != self._status:
            self._status = status
            self._tell()

    def _answer(self, result: PrintResult) -> None:
        self._results.append(result)
        self._tell()

    def _tell(self) -> None:
        try:
            self._changed()
        except Exception:
            # A window that is just closing must not end the printing.
            log.exception("nobody could be told about the printer")


def _lost(outcome: PrintOutcome, reason: PrinterReason) -> Done:
    return Done(outcome, reason, PrinterStatus(fault=reason))
