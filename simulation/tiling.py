"""Where the three windows of the demo stand on one screen: none covers another."""

from dataclasses import dataclass

TITLE_PX = 34
"""Room for the title bar that most window managers put above a window. Some put it above the place
that was asked for, others push the window down by it: there is room for both."""
EDGE_PX = 6

COUNTER_SIZE = (900, 560)
"""The counter's console is drawn at this size; on a small screen the whole of it is scaled."""
TV_SHARE = 0.43
"""So much of the right side's height is the TV's; the rest is the counter's."""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle in pixels."""

    x: int
    y: int
    width: int
    height: int

    def geometry(self, scale: float = 1.0) -> str:
        """The text for ``--windowed`` of a program whose pixels are ``scale`` times as large."""
        width, height, x, y = (
            round(side / scale) for side in (self.width, self.height, self.x, self.y)
        )
        return f"{width}x{height}+{x}+{y}"

    def overlaps(self, other: "Area") -> bool:
        """Whether the two share a pixel."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True, slots=True)
class Tiles:
    """The insides of the windows; ``counter_scale`` is how much larger the counter is drawn."""

    kiosk: Area
    display: Area
    counter: Area
    counter_scale: float


def tile(free: Area) -> Tiles:
    """Kiosk upright at the left, TV at the right above the counter."""
    high = free.height - 2 * TITLE_PX - EDGE_PX
    kiosk_width = min(round(high * 9 / 16), round(free.width * 0.36))
    kiosk = Area(free.x + EDGE_PX, free.y + TITLE_PX, kiosk_width, min(high, kiosk_width * 16 // 9))
    left = kiosk.x + kiosk.width + 2 * EDGE_PX
    width = free.x + free.width - left - EDGE_PX
    both = free.height - 3 * TITLE_PX - 2 * EDGE_PX
    scale = min(width / COUNTER_SIZE[0], both * (1 - TV_SHARE) / COUNTER_SIZE[1])
    # On a large screen in quarters: text at odd sizes is blurred.
    scale = scale if scale < 1 else scale * 4 // 1 / 4
    counter_high = max(round(COUNTER_SIZE[1] * scale), both - width * 9 // 16)
    tv_high = both - counter_high
    tv_width = min(width, tv_high * 16 // 9)
    display = Area(left + (width - tv_width) // 2, free.y + TITLE_PX, tv_width, tv_high)
    counter_top = display.y + display.height + EDGE_PX + TITLE_PX
    return Tiles(kiosk, display, Area(left, counter_top, width, counter_high), scale)
