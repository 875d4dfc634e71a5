"""How the screen looks for one visitor: larger letters, black and yellow (ux.md, K1)."""

from dataclasses import replace

from kiosk.visitor import Visit
from ui.theme import Theme
from ui.tokens import HIGH_CONTRAST, KIOSK, Sizes

ENLARGED = {"smallest": 1.3, "body": 1.3, "tile": 1.2, "heading": 1.1}
"""Large text: what is small grows most, for what is large is read already."""

ENLARGED_MAX = 1.5
"""Of the design's smallest text, for the size of the screen: beyond, no page has room for it."""


def dressed(theme: Theme, visit: Visit) -> Theme:
    """The usual look as this visitor wants it."""
    colours = HIGH_CONTRAST if visit.high_contrast else theme.colours
    sizes = large_sizes(theme.sizes) if visit.large_text else theme.sizes
    return replace(theme, colours=colours, sizes=sizes)


def large_sizes(sizes: Sizes) -> Sizes:
    """The same sizes with larger letters."""
    # Numbers keep the proportion of the design on every screen, whatever its millimetres.
    fit = sizes.number / KIOSK.number
    most = round(KIOSK.smallest * fit * ENLARGED_MAX)
    smallest = max(sizes.smallest, min(round(sizes.smallest * ENLARGED["smallest"]), most))
    return replace(
        sizes,
        smallest=smallest,
        body=max(smallest, min(round(sizes.body * ENLARGED["body"]), most)),
        tile=max(smallest, round(sizes.tile * ENLARGED["tile"])),
        heading=max(smallest, round(sizes.heading * ENLARGED["heading"])),
    )
