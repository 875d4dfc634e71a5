"""The NIK that a visitor may type: how it is shown, and what is said of a wrong one (pure).

Nothing here keeps a digit; the visit does, in memory alone, until its end.
"""

from datetime import date

from protocol.identifiers import NIK_DIGITS, IdentifierError, read_identifier, warnings_of

SHOWN_DIGITS = 4
"""The first twelve digits of a NIK say where and when somebody was born."""

DOUBT = "doubt"
"""The objection that goes away when the same number is confirmed once more."""

_HIDDEN = "•"
_GROUP = 4


def more(digits: str, sign: str) -> str:
    """The digits with one more, if there is room for it."""
    is_digit = len(sign) == 1 and sign.isascii() and sign.isdecimal()
    return digits + sign if is_digit and len(digits) < NIK_DIGITS else digits


def masked_digits(digits: str) -> str:
    """The digits in groups of four with all but the newest four hidden."""
    seen = digits[-SHOWN_DIGITS:]
    signs = _HIDDEN * (len(digits) - len(seen)) + seen
    return " ".join(signs[at : at + _GROUP] for at in range(0, len(signs), _GROUP))


def objection_to(digits: str, today: date, told: str = "") -> str:
    """Why this is no NIK as a code, empty if it is one.

    Codes: ``empty``, ``length``, ``one-digit``, ``date``, ``serial``, and ``doubt`` for what looks
    wrong and may be right; ``told`` is what was said of the same digits before.
    """
    if not digits:
        return "empty"
    if len(digits) != NIK_DIGITS:  # thirteen digits would be a card's number
        return "length"
    try:
        identifier = read_identifier(digits)
    except IdentifierError as error:
        return "date" if error.code in ("month", "day") else error.code
    return DOUBT if warnings_of(identifier, today) and told != DOUBT else ""
