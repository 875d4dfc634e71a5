"""The kiosk's sizes on a real screen: all proportions of the design, but never too small to read.

The design is drawn for 21.5 inches. A larger screen shows it larger. On a smaller one the texts
and targets keep the millimetres that people need (ux.md 1.1), at the cost of empty space.
"""

from dataclasses import replace
from math import ceil

from ui.tokens import KIOSK, KIOSK_DESIGN_MM_PER_PX, KIOSK_DESIGN_PX, Sizes, fitting_scale

TARGET_MM = 20.0
"""Least edge of a target for a standing person (Colle and Hiszem 2004)."""

ENLARGEMENT_MAX = 1.45
"""A 15-inch full-HD screen. On a still smaller one there is no room for the texts in full size."""


def kiosk_sizes(width_px: int, height_px: int, pitch_mm: float | None = None) -> Sizes:
    """Sizes for a window; ``pitch_mm`` is the screen's pixel pitch where it is real size.

    None for a window of a demo, or a screen that says nothing credible about itself.
    """
    fit = fitting_scale(width_px, height_px, KIOSK_DESIGN_PX)
    sizes = KIOSK.scaled(fit)
    if pitch_mm is None:
        return sizes
    real = min(KIOSK_DESIGN_MM_PER_PX / pitch_mm, fit * ENLARGEMENT_MAX)
    smallest = max(sizes.smallest, ceil(KIOSK.smallest * real))
    target = max(sizes.target, ceil(TARGET_MM / KIOSK_DESIGN_MM_PER_PX * real))
    return replace(
        sizes,
        smallest=smallest,
        body=max(sizes.body, smallest),
        tile=max(sizes.tile, smallest),
        heading=max(sizes.heading, smallest),
        target=target,
    )


def pad_sizes(width_px: int, height_px: int, pitch_mm: float | None = None) -> Sizes:
    """The same for the rating pad, a small screen near the hand with a handful of controls.

    There is room for targets of full millimetres; its letters are read at an arm's length.
    """
    sizes = kiosk_sizes(width_px, height_px, pitch_mm)
    if pitch_mm is None:
        return sizes
    return replace(sizes, target=max(sizes.target, ceil(TARGET_MM / pitch_mm)))
