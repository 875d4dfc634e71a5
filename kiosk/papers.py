"""Every paper that a kiosk prints: a ticket's or a slip's (pure)."""

from collections.abc import Mapping
from datetime import datetime

from kiosk.paper_layout import PaperLayout, PaperSize, Translation
from kiosk.paper_template import TicketForm
from kiosk.printer import PaperToPrint
from kiosk.slip_layout import lay_out_slip
from kiosk.ticket_layout import lay_out
from protocol.messages import SlipToPrint


def lay_out_paper(
    wanted: PaperToPrint,
    texts: Mapping[str, Translation],
    paper: PaperSize,
    now: datetime,
    form: TicketForm | None = None,
) -> PaperLayout:
    """The layout of what the server asked for; `texts`, `now` and `form` as for a ticket."""
    if isinstance(wanted, SlipToPrint):
        return lay_out_slip(wanted, texts, paper)
    return lay_out(wanted, texts, paper, now, form)
