"""Tickets to print and the texts of the paper, for the tests of paper and printers."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from assets.texts import Texts
from kiosk.paper_layout import PaperLayout, PaperSize, Translation
from kiosk.papers import lay_out_paper
from kiosk.printer import PaperToPrint
from protocol.messages import Estimate, Ticket, TicketToPrint

ISSUED_AT = datetime(2026, 11, 20, 1, 12, 3, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 1, 30, 0, tzinfo=UTC)
LINK = "http://antrean.kc-contoh.lan:8080/t/4f6c1a9e2b7d4c0f8e3a5b6c7d8e9f01"


def paper_texts() -> Mapping[str, Translation]:
    """The shipped texts of the paper."""
    return {language: Texts.load(language, ["paper"], strict=True) for language in ("id", "en")}


def ticket_to_print(
    number: str = "B012", copy: int = 1, job: str = "job-1", **facts: Any
) -> TicketToPrint:
    """A visitor's ticket in Jakarta at 08.12 with six people ahead, changed by `facts`."""
    ticket = Ticket(
        id="0198f3",
        number=number,
        service="B",
        state="waiting",
        priority="elderly",
        needs=["wheelchair"],
        issued_at=ISSUED_AT,
        counter=None,
        call_count=0,
        people_ahead=6,
        estimate=Estimate(from_s=900, to_s=1500),
        print="pending",
        link=LINK,
    )
    given: dict[str, Any] = {
        "job": job,
        "copy": copy,
        "ticket": ticket,
        "branch": "Kantor Cabang Contoh",
        "time_zone": "Asia/Jakarta",
        "service_name": {"id": "Perubahan data", "en": "Change of data"},
        "people_ahead": 6,
        "estimate": ticket.estimate,
        "papers": [
            {"id": "KTP elektronik", "en": "Identity card"},
            {"id": "Kartu Keluarga (KK)", "en": "Family card"},
        ],
        "link": LINK,
        "footer": [
            {"id": "Mobile JKN: unduh di ponsel Anda", "en": "Mobile JKN: get it on your phone"},
            {"id": "PANDAWA (WhatsApp) 0811-8165-165"},
            {"id": "Care Center 165, 24 jam", "en": "Care Center 165, 24 hours"},
        ],
        "language": "id",
    }
    return TicketToPrint(**(given | facts))


def lay_out_now(wanted: PaperToPrint, paper: PaperSize) -> PaperLayout:
    """The layout as the kiosk makes it, at a fixed time."""
    return lay_out_paper(wanted, paper_texts(), paper, LATER)
