"""What a person or a catalogue typed, made safe for paper.

A printer obeys control bytes wherever they stand, so a name with ESC in it could cut the paper or
open a drawer (fault F50). Text therefore passes two gates: `clean` takes out everything that is not
a visible character, `spell` rewrites what this printer cannot show in plain ASCII.
"""

import unicodedata
from collections.abc import Set

ASCII = frozenset(chr(code) for code in range(0x20, 0x7F))
"""What every printer can show."""

# Signs whose decomposition holds no ASCII, or not the one that a reader expects.
_SPELLINGS = {
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2015": "-",
    "\u2212": "-",
    "\u2018": "'",
    "\u2019": "'",
    "\u201a": "'",
    "\u2032": "'",
    "\u02bc": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u2033": '"',
    "\u00ab": '"',
    "\u00bb": '"',
    "\u2022": "*",
    "\u00b7": "-",
    "\u00d7": "x",
    "\u00f7": ":",
    "\u2192": "->",
    "\u2190": "<-",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2044": "/",
    "\u20ac": "EUR",
    "\u00a3": "GBP",
    "\u00a9": "(c)",
    "\u00ae": "(R)",
    "\u00e6": "ae",
    "\u00c6": "AE",
    "\u0153": "oe",
    "\u0152": "OE",
    "\u00f8": "o",
    "\u00d8": "O",
    "\u00df": "ss",
    "\u0142": "l",
    "\u0141": "L",
    "\u0111": "d",
    "\u0110": "D",
    "\u0131": "i",
    "\u00a1": "!",
    "\u00bf": "?",
}


def clean(text: str, length_max: int) -> str:
    """One line of visible characters: no C0, C1, DEL, bidi or zero-width signs; NFC.

    White space of every kind becomes one space, so that words on two lines do not grow together.
    """
    # A long text is cut before the work, so that a megabyte in a catalogue costs nothing here.
    visible = [_visible(sign) for sign in text[: 4 * length_max]]
    words = unicodedata.normalize("NFC", "".join(visible)).split()
    return " ".join(words)[:length_max].rstrip()


def _visible(sign: str) -> str:
    if sign.isspace():
        return " "
    category = unicodedata.category(sign)
    if category in ("Zl", "Zp"):
        return " "
    return "" if category.startswith("C") else sign


def spell(text: str, characters: Set[str]) -> str:
    """`text` with nothing but ASCII and `characters`; everything else as its closest ASCII.

    A letter of another script becomes ``?``; a symbol that has no ASCII form falls away.
    """
    return "".join(sign if sign in ASCII or sign in characters else _closest(sign) for sign in text)


def _closest(sign: str) -> str:
    if sign in _SPELLINGS:
        return _SPELLINGS[sign]
    plain = "".join(
        part if part in ASCII else _SPELLINGS.get(part, "")
        for part in unicodedata.normalize("NFKD", sign)
    )
    if plain:
        return plain
    return "?" if unicodedata.category(sign)[0] in "LN" else ""
