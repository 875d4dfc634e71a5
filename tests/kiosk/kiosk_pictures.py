"""Every page of the kiosk in every state, with sample data and no server: for tests and pictures.

for name, story in pages_for_screenshots("id"):
    window = window_of(story, 1080, 1920)
    window.grab().save(f"kiosk-{name}.png")
    window.close()
"""

from collections.abc import Callable, Iterator
from functools import cache

from msgspec.structs import replace
from PySide6.QtWidgets import QWidget

from assets.texts import Texts
from kiosk.choosing_window import ChoosingWindow
from kiosk.leaving_model import LeavingModel
from kiosk.printer import PrinterReason
from kiosk.real_size import kiosk_sizes
from protocol.kiosk_shown import HelpCall
from protocol.messages import CallOfficer, IssueTicket, ReprintTicket
from protocol.session import LinkState
from tests.kiosk.kiosk_story import ALL_CLOSED, MORNING, Story, snapshot, ticket, welcome
from ui.theme import Theme
from ui.tokens import LIGHT, mm_per_px_of

PIN = "4711"
SIZES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}


@cache
def texts_of(language: str) -> Texts:
    """The shipped words, strict: a key that is missing fails."""
    return Texts.load(language, ["kiosk"], strict=True)


def _idle(story: Story) -> None:
    story.online()


def _idle_closed(story: Story) -> None:
    story.online().model.on_notice(snapshot(2, closed="ABCDEF", waiting=0, why=ALL_CLOSED))


def _idle_holiday(story: Story) -> None:
    why = {
        "id": "Hari ini libur: Cuti bersama Idulfitri 1447 Hijriah.\n"
        "Nomor diberikan hari Senin, 30 Maret, pukul 07.30.",
        "en": "Today is a holiday: Joint leave for Eid al-Fitr.\n"
        "Numbers are given on Monday, 30 March, at 07:30.",
    }
    story.online().model.on_notice(snapshot(2, closed="ABCDEF", waiting=2, why=why))


def _idle_lost(story: Story) -> None:
    story.online().lost().after(1)


def _idle_printing(story: Story) -> None:
    story.online().asked_to_print("D044")


def _idle_disturbed(story: Story) -> None:
    story.online().model.on_notice(snapshot(2, disturbed=True))


def _idle_screened(story: Story) -> None:
    story.screened()


def _idle_screened_disturbed(story: Story) -> None:
    story.screened(disturbed=True)


def _code(story: Story) -> None:
    _speak(story.screened())
    story.start()


def _code_typed(story: Story) -> None:
    _code(story)
    story.typed("4809")


def _code_full(story: Story) -> None:
    _code(story)
    story.typed()


def _code_wrong(story: Story) -> None:
    _code(story)
    own = (
        "Kode ini tidak ditemukan hari ini. Periksa enam angka pada slip, "
        "atau tanyakan petugas di pintu."
    )
    story.coded().refused("unknown-screening", own).after(1)


def _code_used(story: Story) -> None:
    _code(story)
    story.coded().refused("code-used").after(1)


def _code_paused(story: Story) -> None:
    _code(story)
    for _ in range(3):
        story.coded().refused().after(1)


def _code_question(story: Story) -> None:
    _code_typed(story)
    story.after(50)


def _idle_booking(story: Story) -> None:
    story.booking()


def _idle_booking_closed(story: Story) -> None:
    story.booking().model.on_notice(snapshot(2, closed="ABCDEF", waiting=2, why=ALL_CLOSED))


def _idle_booking_screened_disturbed(story: Story) -> None:
    story.booking().model.on_notice(snapshot(2, mode="screened", disturbed=True))


def _booking(story: Story) -> None:
    _speak(story.booking())
    story.after(1).model.open_booking()
    story.after(1)


def _booking_typed(story: Story) -> None:
    _booking(story)
    story.signed("CD34")


def _booking_unknown(story: Story) -> None:
    _booking(story)
    own = "Pesanan ini tidak ditemukan hari ini. Periksa kodenya di ponsel, atau tanyakan petugas."
    story.checked_in().not_checked_in("unknown-booking", own).after(1)


def _booking_early(story: Story) -> None:
    _booking(story)
    story.checked_in().not_checked_in("too-early", retry_after_s=2040.0).after(1)


def _booking_over(story: Story) -> None:
    _booking(story)
    story.checked_in().not_checked_in("booking-over").after(1)


def _booking_paused(story: Story) -> None:
    _booking(story)
    for _ in range(3):
        story.checked_in().not_checked_in("unknown-booking").after(1)


def _services_disturbed(story: Story) -> None:
    _services(story)
    story.model.on_notice(snapshot(2, disturbed=True))


def _services_disturbed_refused(story: Story) -> None:
    _services_refused(story)
    story.model.on_notice(snapshot(2, disturbed=True))


def _services_with_code(story: Story) -> None:
    _services(story)
    story.model.on_welcome(welcome(story.codes, door=True))
    story.model.on_notice(snapshot(2, codes=story.codes))


def _services_many_with_code(story: Story) -> None:
    story.codes = "ABCDEFGH"
    _services_with_code(story)


def _services(story: Story) -> None:
    _speak(story.online())
    story.start()


def _services_closed(story: Story) -> None:
    _services(story)
    story.model.on_notice(snapshot(2, closed="BE", used_up="D"))


def _services_closing(story: Story) -> None:
    _services(story)
    story.model.on_notice(snapshot(2, closed="B", left=5))


def _services_refused(story: Story) -> None:
    _services(story)
    story.choose("A")
    own = "Layanan Pendaftaran sedang tidak dibuka."
    story.ask.reject(story.ask.last(IssueTicket), "service-closed", own)


def _services_many(story: Story) -> None:
    story.codes = "ABCDEFGH"
    _services(story)


def _services_lost(story: Story) -> None:
    _services(story)
    story.lost().after(1)


def _services_one(story: Story) -> None:
    story.codes = "C"
    _services(story)


def _services_stepped(story: Story) -> None:
    _speak(story.asking())
    story.start()


def _home(story: Story) -> None:
    _services_stepped(story)
    story.choose("A").after(1)


def _home_one(story: Story) -> None:
    _speak(story.asking(channels_open=["pandawa"]))
    story.start().choose("A").after(1)


def _thanks(story: Story) -> None:
    _home(story)
    story.model.show_channel("pandawa")
    story.model.use_phone()


def _priority(story: Story) -> None:
    _home(story)
    story.model.take_number()
    story.after(1)


def _priority_chosen(story: Story) -> None:
    _priority(story)
    story.model.claim("elderly")
    story.model.toggle_need("sign-language")
    story.model.toggle_need("wheelchair")


def _identity(story: Story) -> None:
    _priority(story)
    story.model.leave_priority()
    story.after(1)


def _identity_typed(story: Story) -> None:
    _identity(story)
    for digit in "35780801020":
        story.model.type_identity(digit)


def _identity_objected(story: Story) -> None:
    _identity(story)
    for digit in "3578089902030001":
        story.model.type_identity(digit)
    story.model.confirm_identity()


def _moment(story: Story) -> None:
    _services(story)
    story.choose("A").after(0.5)


def _moment_long(story: Story) -> None:
    _moment(story)
    story.after(2)


def _issued_printing(story: Story) -> None:
    _speak(story.online())
    story.numbered().asked_to_print().after(0.8)


def _issued_out(story: Story) -> None:
    _issued_printing(story)
    story.printed().after(1)


def _issued_plain(story: Story) -> None:
    _speak(story.online())
    story.numbered(link=None, estimate=None, people_ahead=0).after(0.5)


def _issued_long_number(story: Story) -> None:
    _speak(story.online())
    story.numbered("C1234").asked_to_print("C1234").printed().after(1)


def _paperless(story: Story) -> None:
    _issued_printing(story)
    story.failed().after(1)


def _paperless_told(story: Story) -> None:
    _issued_printing(story)
    story.failed(PrinterReason.COVER_OPEN)
    story.ask.accept(story.ask.asked[-1])
    story.after(1)


def _paperless_reprinting(story: Story) -> None:
    _paperless(story)
    story.model.wait_paper()
    story.ask.accept(story.ask.last(ReprintTicket), ticket=ticket())


def _paperless_refused(story: Story) -> None:
    _paperless(story)
    story.model.wait_paper()
    story.ask.reject(story.ask.last(ReprintTicket), "too-late")


def _paperless_without_printer(story: Story) -> None:
    _issued_printing(story)
    story.failed(PrinterReason.NO_PRINTER).after(1)


def _paperless_lost(story: Story) -> None:
    _paperless(story)
    story.lost().after(1)


def _question(story: Story) -> None:
    _services(story)
    story.after(50)


def _officer_ringing(story: Story) -> None:
    _services(story)
    story.model.call_officer()


def _officer_called(story: Story) -> None:
    _officer_ringing(story)
    story.ask.accept(story.ask.last(CallOfficer), call="call-1")


def _officer_coming(story: Story) -> None:
    _officer_called(story)
    call = HelpCall(
        call="call-1", device="kiosk-1", reason="help", since=MORNING, answered_by="Budi Santoso"
    )
    story.model.on_notice(replace(snapshot(9), help=[call]))


def _officer_wave(story: Story) -> None:
    _services(story)
    story.lost().model.call_officer()


def _away_starting(story: Story) -> None:
    story.after(0.1)


def _away_lost(story: Story) -> None:
    story.online().lost().after(10)


def _away_asking(story: Story) -> None:
    _services(story)
    story.choose("A").lost().after(4)


def _away_refused(story: Story) -> None:
    story.lost(LinkState.REFUSED, "bad-token").after(0.1)


def _idle_alone(story: Story) -> None:
    story.online().lost().after(1).model.on_alone(True)


def _services_alone(story: Story) -> None:
    _idle_alone(story)
    _speak(story)
    story.start()


def _issued_alone(story: Story) -> None:
    """A number of the kiosk's own: nobody knows how many are before it."""
    _services_alone(story)
    story.choose("A")
    own = ticket("AK012", offline=True, link=None, estimate=None, people_ahead=0)
    story.ask.accept(story.ask.last(IssueTicket), ticket=own)
    story.asked_to_print("AK012").after(0.8)


def _paperless_alone(story: Story) -> None:
    _issued_alone(story)
    story.failed().after(1)


STATES: dict[str, Callable[[Story], None]] = {
    "idle": _idle,
    "idle-closed": _idle_closed,
    "idle-holiday": _idle_holiday,
    "idle-lost": _idle_lost,
    "idle-printing": _idle_printing,
    "idle-disturbed": _idle_disturbed,
    "idle-screened": _idle_screened,
    "idle-screened-disturbed": _idle_screened_disturbed,
    "code": _code,
    "code-typed": _code_typed,
    "code-full": _code_full,
    "code-wrong": _code_wrong,
    "code-used": _code_used,
    "code-paused": _code_paused,
    "code-question": _code_question,
    "services-disturbed": _services_disturbed,
    "services-disturbed-refused": _services_disturbed_refused,
    "services-with-code": _services_with_code,
    "services-many-with-code": _services_many_with_code,
    "services": _services,
    "services-closed": _services_closed,
    "services-closing": _services_closing,
    "services-refused": _services_refused,
    "services-many": _services_many,
    "services-lost": _services_lost,
    "services-one": _services_one,
    "services-stepped": _services_stepped,
    "home": _home,
    "home-one": _home_one,
    "thanks": _thanks,
    "priority": _priority,
    "priority-chosen": _priority_chosen,
    "identity": _identity,
    "identity-typed": _identity_typed,
    "identity-objected": _identity_objected,
    "moment": _moment,
    "moment-long": _moment_long,
    "issued-printing": _issued_printing,
    "issued-out": _issued_out,
    "issued-plain": _issued_plain,
    "issued-long-number": _issued_long_number,
    "paperless": _paperless,
    "paperless-told": _paperless_told,
    "paperless-reprinting": _paperless_reprinting,
    "paperless-refused": _paperless_refused,
    "paperless-without-printer": _paperless_without_printer,
    "paperless-lost": _paperless_lost,
    "question": _question,
    "officer-ringing": _officer_ringing,
    "officer-called": _officer_called,
    "officer-coming": _officer_coming,
    "officer-wave": _officer_wave,
    "away-starting": _away_starting,
    "away-lost": _away_lost,
    "away-asking": _away_asking,
    "away-refused": _away_refused,
    "idle-alone": _idle_alone,
    "services-alone": _services_alone,
    "issued-alone": _issued_alone,
    "paperless-alone": _paperless_alone,
    "leaving": _idle,
    "idle-booking": _idle_booking,
    "idle-booking-closed": _idle_booking_closed,
    "idle-booking-screened-disturbed": _idle_booking_screened_disturbed,
    "booking": _booking,
    "booking-typed": _booking_typed,
    "booking-unknown": _booking_unknown,
    "booking-early": _booking_early,
    "booking-over": _booking_over,
    "booking-paused": _booking_paused,
}


def pages_for_screenshots(language: str = "id") -> Iterator[tuple[str, Story]]:
    """Each state by name, with the story that led to it; ``window_of`` shows it."""
    for name, lead in STATES.items():
        yield name, story_of(name, lead, language)


def story_of(name: str, lead: Callable[[Story], None], language: str = "id") -> Story:
    """The story that leads to one state."""
    story = Story()
    story.visitors_language = language
    lead(story)
    # Pages that a visitor sees before touching anything are in the language chosen there.
    if story.model.visit.language != language:
        story.model.visit.language = language
    story.wants_pad = name == "leaving"
    return story


def window_of(
    story: Story, width: int, height: int, *, inches: float | None = None
) -> ChoosingWindow:
    """A window of this size, on a whole screen of so many inches if they are given."""
    pitch_mm = None if inches is None else mm_per_px_of(inches, width, height)

    def theme_of(window: QWidget) -> Theme:
        return Theme(LIGHT, kiosk_sizes(window.width(), window.height(), pitch_mm))

    leaving = LeavingModel(PIN, now_s=lambda: story.now_s, leave=story.leave)
    window = ChoosingWindow(story.model, theme_of=theme_of, texts_of=texts_of, leaving=leaving)
    if story.wants_pad:
        leaving.hold()
        story.now_s += 6
        leaving.tick()
        leaving.type_digit("4")
        leaving.type_digit("7")
    window.resize(width, height)
    window.show()
    window.refresh()
    return window


def _speak(story: Story) -> None:
    story.model.choose_language(story.visitors_language)
