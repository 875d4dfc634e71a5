"""The branch's form of its ticket as a kiosk uses it: read, with its logo and its copies (pure).

The form's grammar is `protocol.paper_form`; here stands what to do with one that a branch stored.
"""

import base64
import binascii
import logging
from collections.abc import Sequence

from msgspec import Struct

from kiosk.paper_layout import Translation
from protocol.kiosk_shown import PaperTemplate
from protocol.paper_form import DEFAULT_FORM, Fault, FormError, PaperForm, read_form

log = logging.getLogger(__name__)

COPIES_MAX = 2


class TicketForm(Struct, frozen=True):
    """How tickets look here; as it is made, the shipped form. `logo` is a PNG, or empty."""

    form: PaperForm = DEFAULT_FORM
    logo: bytes = b""
    copies: int = 1


def form_of(template: PaperTemplate | None) -> TicketForm:
    """The form that the server told; what of it cannot be used is as it is shipped.

    The server checked it when it was loaded; a newer server may know blocks that this kiosk does
    not. A visitor gets the usual paper then, rather than none.
    """
    if template is None:
        return TicketForm()
    form = DEFAULT_FORM
    if template.text.strip():
        try:
            form = read_form(template.text)
        except FormError as error:
            log.error("the branch's form of its ticket cannot be used: %s", error)
    try:
        logo = base64.b64decode(template.logo, validate=True)
    except binascii.Error as error:
        log.error("the branch's logo cannot be used: %s", error)
        logo = b""
    return TicketForm(form, logo, max(1, min(COPIES_MAX, template.copies)))


def sentences(faults: Sequence[Fault], texts: Translation) -> list[str]:
    """What is wrong and what to write instead, a sentence for each fault."""
    return [texts(f"form.{fault.key}", line=fault.line, **fault.facts) for fault in faults]
