"""Papers to look at while a form is written: a ticket, its copies, a slip."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from kiosk.printer import PaperToPrint
from protocol.messages import Estimate, Names, SlipBlock, SlipToPrint, Ticket, TicketToPrint


class Example(StrEnum):
    """Which paper is looked at."""

    ORIGINAL = "original"
    REPRINT = "reprint"
    OFFLINE = "offline"
    SLIP = "slip"


_LINK = "http://antrean.kantor.lan:8080/t/4f6c1a9e2b7d4c0f"
_BRANCH = "Kantor Cabang Contoh"
_PAPERS: list[Names] = [
    {"id": "KTP elektronik", "en": "Identity card"},
    {"id": "Kartu Keluarga (KK)", "en": "Family card"},
]
_FOOTER: list[Names] = [
    {"id": "Mobile JKN: unduh di ponsel Anda", "en": "Mobile JKN: get it on your phone"},
    {"id": "Care Center 165, 24 jam", "en": "Care Center 165, 24 hours"},
]


def example_paper(example: Example, language: str, now: datetime, job: str) -> PaperToPrint:
    """A paper of this kind, as if it were asked for now."""
    if example is Example.SLIP:
        return SlipToPrint(
            job=job,
            copy=1,
            kind="code",
            title={"id": "Nomor untuk kios", "en": "Number for the kiosk"},
            branch=_BRANCH,
            time_zone="Asia/Jakarta",
            made_at=now,
            blocks=[SlipBlock(heading={"id": "Bawa", "en": "Bring"}, lines=_PAPERS, ticked=True)],
            code="480915",
            valid_until=now + timedelta(hours=1),
            qr=None,
            language=language,
            footer=_FOOTER,
        )
    offline = example is Example.OFFLINE
    number = "AK012" if offline else "A012"
    estimate = Estimate(from_s=900, to_s=1500)
    facts: dict[str, Any] = {"people_ahead": 6, "estimate": estimate, "link": _LINK}
    ticket = Ticket(
        id="contoh",
        number=number,
        service="A",
        state="waiting",
        priority="none",
        needs=[],
        issued_at=now,
        counter=None,
        call_count=0,
        print="pending",
        **facts,
    )
    return TicketToPrint(
        job=job,
        copy=2 if example is Example.REPRINT else 1,
        ticket=ticket,
        branch=_BRANCH,
        time_zone="Asia/Jakarta",
        service_name={"id": "Perubahan data", "en": "Change of data"},
        papers=_PAPERS,
        footer=_FOOTER,
        language=language,
        offline=offline,
        **(facts | {"link": None} if offline else facts),
    )
