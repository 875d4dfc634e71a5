"""The settings of the ticket's paper; its form and logo come from files (``paper load``)."""

import base64
import binascii

from protocol.paper_form import FormError, read_form
from server.setting_kinds import Key, key, whole

LOGO_BYTES_MAX = 16_000
_BY_FILE = "antrean-server paper load FILE"


def _form(text: str) -> str:
    if text:
        try:
            read_form(text)
        except FormError as error:
            raise ValueError(str(error)) from error
    return text


def _logo(text: str) -> str:
    try:
        if len(base64.b64decode(text, validate=True)) > LOGO_BYTES_MAX:
            raise ValueError("too large")
    except binascii.Error as error:
        raise ValueError(str(error)) from error
    return text


PAPER_KEYS: tuple[Key, ...] = (
    key(
        "paper.copies",
        whole(1, 2),
        1,
        "Lembar setiap kali mencetak karcis; lembar kedua bertanda SALINAN.",
        "Papers of each printed ticket; the second one says SALINAN (copy).",
        rule="paper_copies",
    ),
    key(
        "paper.form",
        (_form, "the form of a ticket"),
        "",
        "Bentuk karcis; dimuat dari berkas dengan antrean-server paper load FILE.",
        "The form of the ticket; antrean-server paper load FILE takes it from a file.",
        loaded_by=_BY_FILE,
    ),
    key(
        "paper.logo",
        (_logo, "a PNG in base64"),
        "",
        "Logo di karcis; dimuat dengan antrean-server paper load FILE --logo PNG.",
        "The logo on the ticket; antrean-server paper load FILE --logo PNG takes it.",
        loaded_by=_BY_FILE,
    ),
)
