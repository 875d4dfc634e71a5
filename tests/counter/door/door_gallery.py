"""The desk at the door in every state, with sample data and without a server."""

from collections.abc import Callable, Container, Iterator
from datetime import timedelta, timezone
from pathlib import Path

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication, QWidget

from assets.texts import Texts
from counter.door.alarm import Alarm
from counter.door.door_window import DoorWindow
from protocol.messages import ComplaintCounts, DoorReport, OfficerCall
from protocol.session import LinkState
from tests.counter.door.door_words import (
    DOOR,
    NIK,
    OUTAGE,
    PAPERLESS,
    REACTIVATION,
    DoorStory,
    advice,
    complaint,
    display,
    hall,
    kiosk,
    member,
    printed,
    recent,
)
from tests.counter.words import MORNING, calling
from ui.theme import door_theme

SIZES = {"tablet": (1280, 800), "small-tablet": (1024, 600), "pc": (900, 560)}
"""Where the desk runs: two tablets for touch, and the smallest window on a PC."""


class DoorStage:
    """A window on a story; close it when done."""

    def __init__(
        self,
        *,
        language: str = "id",
        size: str = "small-tablet",
        scale: float = 1.0,
        dark: bool = False,
        alarm: Alarm | None = None,
    ) -> None:
        """``scale`` is what the desktop's scaling would make of it; not with a tablet."""
        self.story = DoorStory()
        wib = timezone(timedelta(hours=7))
        width, height = SIZES[size]
        theme = door_theme(QSize(width, height), dark=dark, touch=size != "pc").scaled(scale)
        self.window = DoorWindow(
            self.story.door,
            Texts.load(language, ["counter"], strict=True),
            theme=theme,
            branch_time=lambda: self.story.clock.server_now().astimezone(wib),
            alarm=alarm,
        )
        self.size = QSize(round(width * scale), round(height * scale))
        self.smallest = theme.sizes.smallest
        self.target = theme.sizes.target
        self.window.resize(self.size)

    @property
    def page(self) -> QWidget:
        """The page of the desk."""
        return self.window.screening

    def show(self) -> "DoorStage":
        """Put it on the screen."""
        self.window.show()
        QApplication.processEvents()
        return self

    def close(self) -> None:
        """Take it away, whatever state it is in."""
        self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


Play = Callable[[DoorStage], None]


def answer_advice(stage: DoorStage, *views: object, papers: list[str] | None = None) -> None:
    """Answer the newest question for advice."""
    needed = stage.story.visitor.needed() if papers is None else papers
    stage.story.inquired.answer(advice=list(views), papers=needed)


def _sign_in(stage: DoorStage) -> None:
    stage.story.welcome()


def _wrong_pin(stage: DoorStage) -> None:
    stage.story.welcome()
    stage.window.sign_in.staff.setText("budi")
    stage.story.sign_in.sign_in("budi", "1111")
    stage.story.asked.reject("wrong-pin")


def _stand(stage: DoorStage) -> None:
    stage.story.stand()


def _purpose(stage: DoorStage) -> None:
    _stand(stage)
    visitor = stage.story.visitor
    visitor.choose_service("B")
    visitor.choose_matter("identity-change")
    visitor.set_segment("PBPU")
    visitor.set_membership("active")
    answer_advice(stage)
    for paper in visitor.needed():
        visitor.tick_paper(paper)
    visitor.set_priority("elderly")
    visitor.toggle_need("wheelchair")


def _service(stage: DoorStage) -> None:
    _stand(stage)
    stage.story.visitor.choose_service("C")


def _wrong_number(stage: DoorStage) -> None:
    _stand(stage)
    stage.window.screening.identifier.field.setText("3578014513900002")
    stage.story.visitor.take_identifier("3578014513900002")


def _length(stage: DoorStage) -> None:
    _stand(stage)
    stage.window.screening.identifier.field.setText("357801450990000")
    stage.story.visitor.take_identifier("357801450990000")


def _searching(stage: DoorStage) -> None:
    _stand(stage)
    stage.story.visitor.take_identifier("1178014509900002")


def _found(stage: DoorStage) -> None:
    _stand(stage)
    visitor = stage.story.visitor
    visitor.take_identifier(NIK)
    stage.story.inquired.answer(directory="found", member=member())
    visitor.choose_service("F")
    visitor.choose_matter(next(one.code for one in DOOR.matters if one.service == "F"))
    answer_advice(stage, REACTIVATION)


def _blocked(stage: DoorStage) -> None:
    _stand(stage)
    visitor = stage.story.visitor
    visitor.choose_service("B")
    visitor.choose_matter("identity-change")
    visitor.set_segment("PBI-APBN")
    visitor.set_nik_mismatch(True)
    answer_advice(stage, advice(), REACTIVATION)


def _advice(stage: DoorStage) -> None:
    _blocked(stage)
    stage.window.screening.open("advice")


def _missing(stage: DoorStage) -> None:
    _stand(stage)
    visitor = stage.story.visitor
    visitor.choose_service("B")
    visitor.choose_matter("identity-change")
    visitor.set_segment("PBI-APBN")
    answer_advice(stage)
    visitor.tick_paper("ktp")
    visitor.tick_paper("kk")


def _ticket(stage: DoorStage) -> None:
    _purpose(stage)
    stage.window.screening.act("number")
    stage.story.asked.accept(
        11, ticket=printed("P005", service="B", priority="elderly"), screening="s-1"
    )
    stage.story.door.on_notice(
        hall(12, recent=[recent("P005", screening="s-1", print="printed", priority="elderly")])
    )


def _unprinted(stage: DoorStage) -> None:
    _purpose(stage)
    stage.window.screening.act("number")
    stage.story.asked.accept(11, ticket=printed(), screening="s-1")
    out = hall(
        12,
        devices=[kiosk(1, paper="out", tickets_left=0), kiosk(2), display()],
        recent=[recent("B008", screening="s-1", print="failed")],
        without_paper=PAPERLESS,
    )
    stage.story.door.on_notice(out)


def _code(stage: DoorStage) -> None:
    stage.story.stand(kiosk_mode="screened")
    stage.story.screening.choose_kiosk("code")
    stage.story.visitor.choose_service("A")
    stage.window.screening.act("number")
    stage.story.asked.accept(11, screening="s-1", code="K7M4Q", slip="job-1")


def _open(name: str, before: Play = _purpose) -> Play:
    def play(stage: DoorStage) -> None:
        before(stage)
        stage.window.screening.open(name)

    return play


def _solved(stage: DoorStage) -> None:
    _stand(stage)
    stage.window.screening.open("solved")
    stage.window.screening.solved.chosen.emit("information")
    stage.story.asked.accept(11, screening="s-1")


def _channel_closed(stage: DoorStage) -> None:
    _purpose(stage)
    open_now = [one.code for one in DOOR.channels if one.code not in ("pandawa", "mobile-jkn")]
    stage.story.door.on_notice(hall(11, channels_open=open_now, disturbance=OUTAGE))
    stage.window.screening.open("channel")
    stage.window.screening.channel.choose("pandawa")


def _after(outcome: str, **more: str) -> Play:
    def play(stage: DoorStage) -> None:
        _missing(stage)
        stage.story.screening.record(outcome, **more)  # type: ignore[arg-type]
        stage.story.asked.accept(11, screening="s-1", slip="job-1")

    return play


def _complaints(stage: DoorStage) -> None:
    stage.story.stand(complaints=ComplaintCounts(open=3, due_soon=1, overdue=1))
    stage.window.screening.open("complaints")
    later = complaint("B002", urgency="", answered_at=MORNING, state="answered", sipp="SIPP-9912")
    stage.story.inquired.answer(complaints=[complaint(), later], complaints_total=2)


def _written(stage: DoorStage) -> None:
    _stand(stage)
    stage.window.screening.open("complaint")
    form = stage.window.screening.complaint.form
    form.description.setPlainText("Menunggu dua jam, lalu diminta kembali besok tanpa alasan.")
    form.lines["wish"].setText("Diberi tahu berkas yang kurang sejak awal")


def _alarm(stage: DoorStage) -> None:
    _stand(stage)
    fallen = [
        kiosk(1, paper="out", tickets_left=0),
        kiosk(2, connected=False),
        display(voice="failed"),
    ]
    stage.story.door.on_notice(hall(11, devices=fallen, without_paper=PAPERLESS))


def _disturbed(stage: DoorStage) -> None:
    stage.story.stand(disturbance=OUTAGE)


def _hall(stage: DoorStage) -> None:
    _alarm(stage)
    stage.window.screening.open("hall")
    report = DoorReport(
        business_date=MORNING.date(),
        totals=hall().today,  # type: ignore[arg-type]
        solved_reasons={"information": 5, "password": 3, "otp": 1},
        channels={"pandawa": 4},
        offices={},
        missing={},
        segments={},
        matters={},
        advised={},
        overrides={},
        screening_time_s=74,
    )
    stage.story.inquired.answer(door=report)


def _lost(stage: DoorStage) -> None:
    _missing(stage)
    stage.window.screening.identifier.field.setText("35780145")
    stage.story.link(LinkState.LOST, "closed")


def _lost_disturbed(stage: DoorStage) -> None:
    _disturbed(stage)
    stage.story.visitor.choose_service("B")
    stage.story.visitor.choose_matter("identity-change")
    stage.story.link(LinkState.LOST, "closed")


def _no_answer(stage: DoorStage) -> None:
    _purpose(stage)
    stage.window.screening.act("number")
    stage.story.asked.reject("try-again")


def _refusal(stage: DoorStage) -> None:
    _purpose(stage)
    stage.window.screening.act("number")
    stage.story.asked.reject(
        "service-closed", "Layanan Perubahan data tidak memberi nomor lagi hari ini."
    )


def _recent_one(stage: DoorStage) -> None:
    _stand(stage)
    stage.window.screening.recent._rows[0].tapped.emit()


def _cancel(stage: DoorStage) -> None:
    _ticket(stage)
    stage.window.screening.act("cancel")


def _details(stage: DoorStage) -> None:
    _purpose(stage)
    visitor = stage.story.visitor
    visitor.set_persons(3)
    visitor.set_companion(True)
    visitor.set_note("KK baru difotokopi, asli dibawa istri")
    stage.window.screening.open("details")


def _guest(stage: DoorStage) -> None:
    _stand(stage)
    stage.window.screening.open("guest")


def _closed(stage: DoorStage) -> None:
    from protocol.messages import KioskService

    why = {"id": "Kuota hari ini habis.", "en": "Today's quota is used up."}
    services = [
        KioskService(
            code=code,
            open=code != "B",
            why=None if code != "B" else why,
            waiting=0,
            estimate=None,
            numbers_left=None,
        )
        for code in "ABCDEF"
    ]
    stage.story.stand(services=services)
    stage.story.visitor.choose_service("B")
    stage.window.screening.act("number")


def _help(stage: DoorStage) -> None:
    _purpose(stage)
    stage.story.door.on_notice(hall(11, help=[calling()]))


def _help_two(stage: DoorStage) -> None:
    _alarm(stage)
    calls = [calling("kiosk-2", 65, "paper"), calling("rating-3", 12)]
    stage.story.door.on_notice(hall(12, help=calls, disturbance=OUTAGE, without_paper=PAPERLESS))


def _help_in_panel(stage: DoorStage) -> None:
    _help(stage)
    stage.window.screening.open("channel")


def _help_unattended(stage: DoorStage) -> None:
    stage.story.welcome()
    call = calling()
    moment = OfficerCall(call=call.call, device=call.device, reason="help", since=call.since)
    stage.story.door.on_notice(moment)


STATES: dict[str, Play] = {
    "help": _help,
    "help-two": _help_two,
    "help-in-panel": _help_in_panel,
    "help-unattended": _help_unattended,
    "sign-in": _sign_in,
    "sign-in-wrong-pin": _wrong_pin,
    "empty": _stand,
    "service": _service,
    "purpose": _purpose,
    "identifier-wrong": _wrong_number,
    "identifier-length": _length,
    "identifier-searching": _searching,
    "identifier-found": _found,
    "advice-blocks": _blocked,
    "advice": _advice,
    "papers-missing": _missing,
    "service-closed": _closed,
    "ticket": _ticket,
    "ticket-unprinted": _unprinted,
    "code": _code,
    "status": _open("status", _found),
    "details": _details,
    "solved": _open("solved", _stand),
    "solved-done": _solved,
    "channel": _open("channel"),
    "channel-closed": _channel_closed,
    "channel-done": _after("channel", channel="pandawa"),
    "office": _open("office", _missing),
    "office-done": _after("office", office="dinsos"),
    "return": _open("return", _missing),
    "return-done": _after("return"),
    "recent": _open("recent", _stand),
    "correct": _recent_one,
    "cancel": _cancel,
    "guest": _guest,
    "complaint": _written,
    "complaints": _complaints,
    "disturbance": _open("disturbance", _disturbed),
    "disturbed": _disturbed,
    "alarm": _alarm,
    "hall": _hall,
    "keys": _open("keys", _stand),
    "no-answer": _no_answer,
    "refusal": _refusal,
    "lost": _lost,
    "lost-disturbed": _lost_disturbed,
}
"""Name of a state to the story that leads there."""


def settle(shown: QWidget) -> None:
    """Lay everything out anew, as a window manager's next look at the sizes would."""
    for _ in range(2):
        for part in shown.findChildren(QWidget):
            part.updateGeometry()
        QApplication.processEvents()


def scenes(
    *,
    language: str = "id",
    size: str = "small-tablet",
    scale: float = 1.0,
    dark: bool = False,
    only: Container[str] | None = None,
) -> Iterator[tuple[str, DoorStage]]:
    """Each state on the screen, or these only; closed before the next one."""
    for name, play in STATES.items():
        if only is not None and name not in only:
            continue
        stage = DoorStage(language=language, size=size, scale=scale, dark=dark).show()
        try:
            play(stage)
            settle(stage.window)
            yield name, stage
        finally:
            stage.close()


def render_all(folder: Path, *, language: str = "id", size: str, scale: float = 1.0) -> int:
    """Write ``<state>.png`` for every state into a folder; needs a QApplication."""
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, stage in scenes(language=language, size=size, scale=scale):
        stage.window.grab().save(str(folder / f"{name}.png"))
        count += 1
    return count


__all__ = ["SIZES", "STATES", "DoorStage", "answer_advice", "render_all", "scenes", "settle"]
