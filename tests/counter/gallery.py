"""Every page of the counter in every state, with sample data and without a server.

``render_all`` writes the pictures for people to look at; the tests walk the same states.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta, timezone
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from assets.texts import Texts
from counter.global_keys import Grabbed
from counter.memory import SeatMemory
from counter.seat_window import SeatWindow
from protocol.messages import (
    ComplaintView,
    Disturbance,
    QueueSnapshot,
    ScreeningFacts,
    ScreeningView,
    SignedOut,
    Ticket,
)
from protocol.session import LinkState
from tests.counter.words import (
    COLLEAGUES,
    MORNING,
    RINA,
    Story,
    calling,
    coming,
    counter,
    missed,
    overtaker,
    paperless,
    parked,
    rateable,
    snapshot,
    ticket,
    undoable,
)
from ui.theme import console_theme

ALL_KEYS = Grabbed(taken=frozenset({"next", "recall", "finish", "no-show"}))
LINE = ("P004", "A013", "B007", "A014", "A015", "C002", "B008", "A016", "D001", "A017")


class Keys:
    """Global keys of a made-up machine."""

    def __init__(self, grabbed: Grabbed = ALL_KEYS) -> None:
        self.grabbed, self.held = grabbed, False
        self.press: Callable[[str], None] = lambda _name: None

    def grab(self, letters: object, on_press: Callable[[str], None]) -> Grabbed:
        """Say what this machine would say."""
        self.held, self.press = True, on_press
        return self.grabbed

    def release(self) -> None:
        """Let go."""
        self.held = False


class Stage:
    """A window on a story; close it when done."""

    def __init__(
        self,
        folder: Path,
        *,
        language: str = "id",
        scale: float = 1.0,
        dark: bool = False,
        grabbed: Grabbed = ALL_KEYS,
        remembered: int | None = 3,
    ) -> None:
        self.story = Story(remembered)
        self.keys = Keys(grabbed)
        self.memory = SeatMemory(folder / "seat.json")
        wib = timezone(timedelta(hours=7))
        self.window = SeatWindow(
            self.story.seat,
            Texts.load(language, ["counter"], strict=True),
            theme=console_theme(dark=dark, scale=scale),
            strip_theme=console_theme(dark=dark, compact=True, scale=scale),
            keys=self.keys,
            memory=self.memory,
            branch_time=lambda: self.story.clock.server_now().astimezone(wib),
        )
        self.window.resize(round(900 * scale), round(560 * scale))

    def show(self) -> "Stage":
        """Put it on the screen."""
        self.window.show()
        QApplication.processEvents()
        return self

    def close(self) -> None:
        """Take it away, whatever state it is in."""
        self.window._leaving = True
        self.window.close()
        self.window.strip.deleteLater()
        self.window.deleteLater()
        # processEvents alone never deletes: hundreds of windows would wait for the next real loop.
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def waiting_hall(mine: Ticket | None = None, state: str = "open", **other: Any) -> QueueSnapshot:
    """A busy morning at counter 3."""
    facts: dict[str, Any] = {
        "next": coming("P004") if state == "open" else None,
        "colleagues": COLLEAGUES,
        "recalls_left": 2 if mine is not None and mine.state == "called" else None,
    }
    facts = {"revision": 10, **facts, **other}
    return snapshot(facts.pop("revision"), mine, *LINE, state=state, **facts)


SERVING = ticket(
    "A012",
    "serving",
    served_s=221,
    priority="elderly",
    needs=["wheelchair", "written"],
    print="failed",
    weight=3,
    waited_s=1320,
)
CALLED = ticket("P003", "called", service="B", call_count=2, called_s=31, priority="elderly")
NEAR = ticket("A012", "serving", served_s=401, waited_s=700)
OVER = ticket("A012", "serving", served_s=605, waited_s=2100, needs=["sign-language"])


def _sign_in(stage: Stage) -> None:
    stage.story.welcome()


def _wrong_pin(stage: Stage) -> None:
    stage.story.welcome()
    stage.window.sign_in.staff.setText("rina")
    stage.story.sign_in.sign_in("rina", "1111")
    stage.story.asked.reject("wrong-pin")


def _locked(stage: Stage) -> None:
    stage.story.welcome()
    stage.window.sign_in.staff.setText("rina")
    stage.story.sign_in.sign_in("rina", "1111")
    stage.story.asked.reject("locked-out", retry_after_s=29)


def _busy(stage: Stage) -> None:
    stage.story.welcome()
    stage.window.sign_in.staff.setText("rina")
    stage.story.sign_in.sign_in("rina", "2468")
    stage.story.asked.reject("counter-busy")


def _elsewhere(stage: Stage) -> None:
    stage.story.serving_with(CALLED)
    stage.story.seat.on_notice(SignedOut(reason="elsewhere"))


def _connecting(stage: Stage) -> None:
    stage.story.link(LinkState.CONNECTING)


def _refused(stage: Stage) -> None:
    stage.story.link(LinkState.REFUSED, "replaced")


def _hall(mine: Ticket | None, state: str = "open", **other: Any) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        stage.story.welcome(RINA)
        stage.story.seat.on_notice(waiting_hall(mine, state, **other))

    return play


def _empty(stage: Stage) -> None:
    stage.story.serving_with(None)
    stage.window.serving.act("next")
    stage.story.asked.reject("queue-empty")


def _finish(stage: Stage) -> None:
    _hall(SERVING)(stage)
    stage.window.serving.act("finish")
    stage.story.serving.set_draft(
        outcome="pending",
        category="arrears",
        education=("pandawa",),
        note="KK belum lengkap",
        cause="system",
    )


def _act_look(name: str) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        _hall(SERVING)(stage)
        stage.window.serving.look(name)

    return play


def _act(name: str, mine: Ticket | None) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        _hall(mine)(stage)
        stage.window.serving.act(name)

    return play


PARKED = [parked("A007", -30), parked("B002", 240), parked("A009", 900)]
MISSED = [missed("C011"), missed("A003", 120)]


def _undo(stage: Stage) -> None:
    _hall(SERVING)(stage)
    stage.window.serving.act("next")
    stage.story.asked.accept(
        11, ticket=ticket("P004", "called"), finished=ticket("A012", "finished")
    )
    called = ticket("P004", "called", called_s=1, service="B", priority="elderly")
    stage.story.seat.on_notice(
        waiting_hall(called, revision=12, undo=undoable("A012"), next=coming("A013"))
    )
    stage.story.pass_s(1)


def _parked_hall(stage: Stage) -> None:
    _hall(None, parked=PARKED, missed=MISSED)(stage)
    stage.story.pass_s(1)


BUSY_LINE = ("P004", "A013", "B007", "C002", "D001", "E003", "F001", "E004", "A014", "F002")
OTHERS = [
    counter(1, staff="Sari", ticket="B031", ticket_state="serving"),
    counter(2, "paused", staff="Adi"),
    counter(4, staff="Budi", ticket="A011", ticket_state="called"),
    counter(5, staff="Dewi", ticket="E002", ticket_state="serving"),
    counter(6, staff="Yoga", ticket="C001", ticket_state="serving"),
]


def _full(mine: Ticket | None = None, **other: Any) -> Callable[[Stage], None]:
    """Somebody waits for each of the six services, and five other counters work."""

    def play(stage: Stage) -> None:
        stage.story.welcome(RINA)
        facts: dict[str, Any] = {
            "next": coming("P004"),
            "colleagues": COLLEAGUES,
            "counters": [*OTHERS[:2], counter(3), *OTHERS[2:]],
        }
        facts = {"revision": 10, **facts, **other}
        stage.story.seat.on_notice(snapshot(facts.pop("revision"), mine, *BUSY_LINE, **facts))

    return play


def _full_undo(stage: Stage) -> None:
    _full(SERVING, parked=PARKED, missed=MISSED)(stage)
    stage.window.serving.act("next")
    stage.story.asked.accept(
        11, ticket=ticket("P004", "called"), finished=ticket("A012", "finished")
    )
    called = ticket("P004", "called", called_s=1, service="B", priority="elderly")
    full = _full(called, parked=PARKED, missed=MISSED, undo=undoable("A012"), revision=12)
    full(stage)


def _full_act(name: str) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        _full(SERVING, parked=PARKED, missed=MISSED)(stage)
        stage.window.serving.act(name)

    return play


def _full_lost(stage: Stage) -> None:
    _full(SERVING, parked=PARKED, missed=MISSED)(stage)
    stage.story.link(LinkState.LOST, "closed")


def _full_opened(stage: Stage) -> None:
    """From sign-in over a closed counter and a rest to a full hall: no step asks for more room."""
    STATES["serving-closed"](stage)
    settle(stage.window)
    STATES["serving-nobody"](stage)
    settle(stage.window)
    STATES["serving-paused"](stage)
    settle(stage.window)
    _full(SERVING, parked=PARKED, missed=MISSED)(stage)


def _recalls_used(stage: Stage) -> None:
    mine = ticket("A012", "called", call_count=4, called_s=8)
    _hall(mine, recalls_left=0)(stage)
    stage.window.serving.act("recall")


def _transfer(stage: Stage) -> None:
    _hall(SERVING)(stage)
    stage.window.serving.act("transfer")
    panel = stage.window.serving.transfer_panel
    panel.groups["service"].chosen.emit("service-B")
    panel.positions.chosen.emit("last")


def _numbers(typed: str) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        _hall(None, parked=PARKED, missed=MISSED)(stage)
        stage.window.serving.look("numbers")
        panel = stage.window.serving.numbers_panel
        panel.typed.setText(typed)
        panel.refresh()

    return play


def _continue(stage: Stage) -> None:
    _hall(NEAR)(stage)
    stage.story.serving.set_draft(category="arrears")
    stage.window.serving.act("continue")


def _issue(stage: Stage) -> None:
    _hall(NEAR)(stage)
    stage.window.serving.act("issue")
    panel = stage.window.serving.issue_panel
    panel.services.chosen.emit("B")
    panel.priorities.chosen.emit("elderly")
    panel.more.tapped.emit()


def _why(stage: Stage) -> None:
    _hall(NEAR)(stage)
    stage.window.serving.look("why")
    inquired = stage.story.inquired
    line = [coming(number, place=place) for place, number in enumerate(LINE, 1)]
    inquired.answer(line=line, discipline="due-time")
    stage.window.serving.why_panel.list.setCurrentRow(3)
    inquired.answer(
        why=line[3].why,
        overtakers=[
            overtaker("P001"),
            overtaker("P002"),
            overtaker("A021", "chosen", counted=False),
        ],
    )


def _what_if(stage: Stage) -> None:
    _why(stage)
    inquired = stage.story.inquired
    stage.story.serving.explaining.suppose("ratio")
    order = ("A013", "P004", "A014", "B007", "A015", "C002", "B008", "A016", "D001", "A018")
    inquired.answer(
        line=[
            coming(
                number,
                "regular-turn",
                place,
                place_now=LINE.index(number) + 1 if number in LINE else None,
            )
            for place, number in enumerate(order, 1)
        ],
        discipline="ratio",
    )


def _why_nobody(stage: Stage) -> None:
    stage.story.serving_with(None)
    stage.window.serving.look("why")
    stage.story.inquired.answer(line=[], discipline="due-time")


def _helping(stage: Stage) -> None:
    mine = counter(services=["A", "B"])
    stage.story.serving_with(
        None, counter=mine, next=coming("C002", helping=True), waiting_elsewhere=4
    )


def _may_help_later(stage: Stage) -> None:
    at = MORNING + timedelta(minutes=4)
    stage.story.serving_with(
        None, counter=counter(services=["A", "B"]), waiting_elsewhere=4, help_from=at
    )


def _help(stage: Stage) -> None:
    _hall(SERVING)(stage)
    stage.window.serving.show_keys()


def _leave(stage: Stage) -> None:
    _hall(SERVING)(stage)
    stage.window.close()


def _called_next(stage: Stage) -> None:
    _hall(SERVING)(stage)
    stage.window.serving.act("next")
    stage.story.asked.accept(
        11, ticket=ticket("P004", "called"), finished=ticket("A012", "finished")
    )


def _lost(stage: Stage) -> None:
    _hall(SERVING)(stage)
    stage.story.link(LinkState.LOST, "closed")


def _refusal(stage: Stage) -> None:
    _hall(CALLED)(stage)
    stage.window.serving.act("start")
    stage.story.asked.reject("not-yours", "Nomor P003 sedang dilayani di loket 5.")


def _too_soon(stage: Stage) -> None:
    _hall(CALLED)(stage)
    stage.window.serving.act("recall")
    stage.story.asked.reject("too-soon", "", retry_after_s=4)


def _asking(stage: Stage) -> None:
    _hall(None)(stage)
    stage.window.serving.act("next")
    stage.story.pass_s(1)


def _paused(stage: Stage) -> None:
    _hall(None, state="paused")(stage)


def _no_answer(stage: Stage) -> None:
    _asking(stage)
    stage.story.asked.reject("try-again")


SCREENED = ScreeningFacts(
    id="s-1",
    outcome="ticket",
    at=MORNING - timedelta(minutes=24),
    staff="budi",
    service="A",
    matter="newborn",
    segment="PBPU",
    membership="active",
    papers=["ktp", "kk"],
    missing=["birth-letter"],
    companion=True,
    identified=True,
    noted=True,
    visits_before=1,
)
NOTE = "Ibu masih dirawat; surat lahir menyusul difoto keluarga."
DISTURBED = Disturbance(
    system="mobile-jkn",
    since=MORNING - timedelta(minutes=12),
    text={
        "id": "Mobile JKN sedang terganggu. Arahkan ke PANDAWA (WhatsApp) 0811 8165 165.",
        "en": "Mobile JKN is disturbed. Point people to PANDAWA (WhatsApp) 0811 8165 165.",
    },
    automatic=True,
)


def _screened(full: Callable[[Stage], None]) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        full(stage)
        view = ScreeningView(facts=SCREENED, masked="************0002", note=NOTE)
        stage.story.inquired.answer(screening=view)

    return play


TYPED = ScreeningFacts(
    id="r-9",
    outcome="kiosk",
    at=MORNING - timedelta(minutes=9),
    staff="",
    service="A",
    identified=True,
    identity="r-9",
)


def _typed(stage: Stage) -> None:
    _hall(SERVING, screening=TYPED)(stage)
    view = ScreeningView(facts=TYPED, masked="************0002")
    stage.story.inquired.answer(screening=view)


def _visit_typed(stage: Stage) -> None:
    _typed(stage)
    stage.window.serving.look("visit")


def _visit(stage: Stage) -> None:
    _screened(_hall(SERVING, screening=SCREENED))(stage)
    stage.window.serving.look("visit")


def _revealed(stage: Stage) -> None:
    _visit(stage)
    stage.window.serving.visit_panel.reasons.chosen.emit("membership")
    stage.story.asked.accept(11, revealed={"identifier": "3578080102030001"})


def _complaint(stage: Stage) -> None:
    _screened(_hall(SERVING, screening=SCREENED))(stage)
    stage.window.serving.look("complaint")
    panel = stage.window.serving.complaint_panel
    panel.form.description.setPlainText("Panggilan tidak terdengar di kursi belakang.")
    panel.form.lines["name"].setText("Siti")
    stage.story.serving.complaints.set("name", "Siti")


def _complaint_filed(stage: Stage) -> None:
    _complaint(stage)
    stage.window.serving.complaint_panel.confirm.tapped.emit()
    filed = ComplaintView(
        id="c-1",
        level="yellow",
        state="open",
        filed_at=MORNING,
        answer_due_at=MORNING + timedelta(minutes=30),
        due_at=MORNING + timedelta(days=7),
    )
    stage.story.asked.accept(11, complaint=filed)
    stage.story.pass_s(7)


PAPERLESS = [
    paperless("A014"),
    paperless("B008", "unknown", 400),
    paperless("A016", "none", 90),
    paperless("D001", "pending", 660),
]
WITHOUT: dict[str, Any] = {
    "without_paper": PAPERLESS,
    "without_paper_total": 4,
    "kiosks": ["kiosk-1", "kiosk-2"],
}
REVIEW = "https://g.page/r/kantor-cabang-contoh/review"


def _papers(stage: Stage) -> None:
    _full(CALLED, **WITHOUT)(stage)
    stage.window.serving.look("papers")
    stage.story.serving.papers.next_kiosk()


def _papers_void(stage: Stage) -> None:
    _papers(stage)
    stage.window.serving.papers_panel.void.tapped.emit()


def _papers_none(stage: Stage) -> None:
    _full(CALLED)(stage)
    stage.window.serving.look("papers")


def _rating(link: str = "") -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        _full(CALLED, rateable=rateable(link=link))(stage)
        stage.window.serving.look("rating")

    return play


def _rating_why(stage: Stage) -> None:
    _rating()(stage)
    stage.story.serving.rating.rate(2)
    stage.story.serving.rating.turn_reason("time")


def _rated(link: str) -> Callable[[Stage], None]:
    def play(stage: Stage) -> None:
        _rating(link)(stage)
        stage.story.serving.rating.rate(4)
        stage.story.asked.accept(11)

    return play


STATES: dict[str, Callable[[Stage], None]] = {
    "sign-in": _sign_in,
    "sign-in-wrong-pin": _wrong_pin,
    "sign-in-locked": _locked,
    "sign-in-counter-busy": _busy,
    "sign-in-elsewhere": _elsewhere,
    "sign-in-connecting": _connecting,
    "sign-in-refused": _refused,
    "serving-closed": _hall(None, state="closed"),
    "serving-paused": _paused,
    "serving-nobody": _hall(None),
    "serving-empty": _empty,
    "serving-asking": _asking,
    "serving-no-answer": _no_answer,
    "serving-called": _hall(CALLED),
    "serving-too-soon": _too_soon,
    "serving-refusal": _refusal,
    "serving-serving": _hall(SERVING),
    "serving-near": _hall(NEAR),
    "serving-over": _hall(OVER),
    "serving-screened": _screened(_hall(SERVING, screening=SCREENED)),
    "serving-full-screened": _screened(
        _full(SERVING, parked=PARKED, missed=MISSED, screening=SCREENED, disturbance=DISTURBED)
    ),
    "serving-full-disturbed": _full(CALLED, parked=PARKED, disturbance=DISTURBED),
    "serving-unheard": _hall(CALLED, call_voice="late"),
    "serving-unspoken": _hall(CALLED, call_voice="failed"),
    "serving-full-unheard": _screened(
        _full(
            ticket("P003", "called", service="B", priority="elderly", needs=["wheelchair"]),
            call_voice="shown",
            screening=SCREENED,
            parked=PARKED,
            disturbance=DISTURBED,
            help=[calling()],
            **WITHOUT,
        )
    ),
    "serving-help": _hall(SERVING, help=[calling(reason="paper")], **WITHOUT),
    "serving-rateable": _hall(None, rateable=rateable()),
    "serving-papers": _papers,
    "serving-papers-void": _papers_void,
    "serving-papers-none": _papers_none,
    "serving-rating": _rating(),
    "serving-rating-why": _rating_why,
    "serving-rating-thanks": _rated(""),
    "serving-rating-review": _rated(REVIEW),
    "serving-typed": _typed,
    "serving-visit-typed": _visit_typed,
    "serving-visit": _visit,
    "serving-visit-revealed": _revealed,
    "serving-complaint": _complaint,
    "serving-complaint-filed": _complaint_filed,
    "serving-visit-none": _act_look("visit"),
    "serving-next": _called_next,
    "serving-finish": _finish,
    "serving-pause": _act("pause", None),
    "serving-cancel": _act("cancel", CALLED),
    "serving-undo": _undo,
    "serving-parked": _parked_hall,
    "serving-recalls-used": _recalls_used,
    "serving-park": _act("park", SERVING),
    "serving-transfer": _transfer,
    "serving-numbers": _numbers(""),
    "serving-numbers-typed": _numbers("c11"),
    "serving-numbers-none": _numbers("A999"),
    "serving-continue": _continue,
    "serving-issue": _issue,
    "serving-why": _why,
    "serving-why-what-if": _what_if,
    "serving-why-nobody": _why_nobody,
    "serving-helping": _helping,
    "serving-may-help-later": _may_help_later,
    "serving-keys": _help,
    "serving-leave": _leave,
    "serving-lost": _lost,
    "serving-full": _full(),
    "serving-full-parked": _full(parked=PARKED, missed=MISSED),
    "serving-full-called": _full(CALLED, parked=PARKED, missed=MISSED, recalls_left=2),
    "serving-full-serving": _full(SERVING, parked=PARKED, missed=MISSED),
    "serving-full-undo": _full_undo,
    "serving-full-transfer": _full_act("transfer"),
    "serving-full-cancel": _full_act("cancel"),
    "serving-full-park": _full_act("park"),
    "serving-full-continue": _full_act("continue"),
    "serving-full-issue": _full_act("issue"),
    "serving-full-closed": _full(counter=counter(state="closed"), next=None),
    "serving-full-lost": _full_lost,
    "serving-full-opened": _full_opened,
}
"""Name of a state to the story that leads there."""

STRIP_STATES = {
    "strip-closed": STATES["serving-closed"],
    "strip-paused": STATES["serving-paused"],
    "strip-nobody": STATES["serving-nobody"],
    "strip-empty": STATES["serving-empty"],
    "strip-called": STATES["serving-called"],
    "strip-serving": STATES["serving-serving"],
    "strip-near": STATES["serving-near"],
    "strip-over": STATES["serving-over"],
    "strip-next": STATES["serving-next"],
    "strip-lost": STATES["serving-lost"],
    "strip-refusal": STATES["serving-refusal"],
    "strip-undo": STATES["serving-undo"],
    "strip-parked": STATES["serving-parked"],
    "strip-recalls-used": STATES["serving-recalls-used"],
    "strip-unheard": STATES["serving-unheard"],
}


def settle(shown: QWidget) -> None:
    """Lay everything out anew, as a window manager's next look at the sizes would."""
    for _ in range(2):
        for part in shown.findChildren(QWidget):
            part.updateGeometry()
        QApplication.processEvents()


def scenes(
    folder: Path, *, language: str = "id", scale: float = 1.0, dark: bool = False
) -> Iterator[tuple[str, Stage, QWidget]]:
    """Each state on the screen, with the widget that shows it; closed before the next one."""
    for name, play in (STATES | STRIP_STATES).items():
        stage = Stage(folder, language=language, scale=scale, dark=dark).show()
        try:
            play(stage)
            shown: QWidget = stage.window
            if name.startswith("strip-"):
                stage.window.show_strip()
                shown = stage.window.strip
            settle(shown)
            yield name, stage, shown
        finally:
            stage.close()


def render_all(
    folder: Path, *, language: str = "id", scale: float = 1.0, dark: bool = False
) -> list[Path]:
    """Write ``<state>.png`` for every state into a folder; needs a QApplication."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, _, shown in scenes(folder, language=language, scale=scale, dark=dark):
        picture: QPixmap = shown.grab()
        path = folder / f"{name}.png"
        picture.save(str(path))
        written.append(path)
    (folder / "seat.json").unlink(missing_ok=True)
    return written


__all__ = ["STATES", "STRIP_STATES", "Stage", "render_all", "scenes", "settle"]
