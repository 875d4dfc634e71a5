"""Every paper that a kiosk prints: a ticket's or a slip's (pure)."""

from collections.abc import Callable, Mapping
from datetime import datetime

from kiosk.paper_layout import PaperLayout, PaperSize, Translation
from kiosk.paper_template import TicketForm, form_of
from kiosk.printer import PaperToPrint
from kiosk.slip_layout import lay_out_slip
from kiosk.ticket_layout import lay_out
from protocol.messages import PaperTemplate, SlipToPrint


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


class PaperMaker:
    """Lays papers out by the form that the branch told last."""

    def __init__(self, texts: Mapping[str, Translation], now: Callable[[], datetime]) -> None:
        self._texts = texts
        self._now = now
        self._form = TicketForm()

    def learn(self, template: PaperTemplate | None) -> None:
        """The server's (or the kept) greeting named this form."""
        # One assignment: the printer's thread has the whole old form or the whole new one.
        self._form = form_of(template)

    def __call__(self, wanted: PaperToPrint, paper: PaperSize) -> PaperLayout:
        """The layout of one paper."""
        return lay_out_paper(wanted, self._texts, paper, self._now(), self._form)
