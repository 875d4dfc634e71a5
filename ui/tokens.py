"""The design tokens: colours and sizes of every screen, as data, without Qt.

Sizes are pixels at scale 1: a 21.5" 1080x1920 kiosk, a 1080p TV, a device-independent console.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from math import hypot

AAA_TEXT = 7.0
CONTROL = 3.0
"""Least contrast of text (WCAG 2.2, 1.4.6) and of the edge of a control (1.4.11)."""

KIOSK_DESIGN_PX = (1080, 1920)
TV_DESIGN_PX = (1920, 1080)

KIOSK_DESIGN_MM_PER_PX = 0.248
"""Pixel pitch of the 21.5" full-HD kiosk for which the sizes are written."""

_PLAUSIBLE_MM_PER_PX = (0.05, 0.8)
"""From a 500 dpi panel to a 70" full-HD wall; outside, the screen's own word is an error."""


@dataclass(frozen=True)
class Colours:
    """One scheme. ``on_x`` is text on a fill of ``x``; ``x_soft`` is the fill of chips."""

    is_dark: bool
    window: str
    panel: str
    ink: str
    ink_soft: str
    primary: str
    on_primary: str
    primary_pressed: str
    info: str
    on_info: str
    focus: str
    ok_soft: str
    on_ok_soft: str
    info_soft: str
    on_info_soft: str
    called: str
    on_called: str
    warning_soft: str
    on_warning_soft: str
    error: str
    on_error: str
    error_soft: str
    on_error_soft: str
    priority: str
    on_priority: str
    border: str
    hairline: str
    """A line that only separates: decoration, never the only edge of a control."""
    pressed: str
    """The fill of a panel button under the finger."""
    disabled: str
    on_disabled: str

    def text_pairs(self) -> Iterator[tuple[str, str]]:
        """Every pair (text, background) that a screen may paint; each is AAA."""
        for ink in (self.ink, self.ink_soft):
            yield from ((ink, self.window), (ink, self.panel))
        yield from ((self.primary, self.window), (self.primary, self.panel))
        yield self.ink, self.pressed
        yield self.ink_soft, self.pressed
        yield self.on_primary, self.primary
        yield self.on_primary, self.primary_pressed
        yield self.on_info, self.info
        yield self.on_ok_soft, self.ok_soft
        yield self.on_info_soft, self.info_soft
        yield self.on_called, self.called
        yield self.on_warning_soft, self.warning_soft
        yield self.on_error, self.error
        yield self.error, self.panel
        yield self.error, self.window
        yield self.on_error_soft, self.error_soft
        yield self.on_priority, self.priority
        yield self.on_disabled, self.disabled

    def control_pairs(self) -> Iterator[tuple[str, str]]:
        """Every pair (edge or sign, background) by which a control is seen; each at least 3:1."""
        for ground in (self.window, self.panel):
            yield from (
                (edge, ground)
                for edge in (self.border, self.focus, self.primary, self.error, self.priority)
            )
        yield self.focus, self.pressed
        yield self.focus, self.disabled
        yield self.border, self.pressed


LIGHT = Colours(
    is_dark=False,
    window="#F3F8F5",
    panel="#FFFFFF",
    ink="#10201A",
    ink_soft="#3A4A43",
    primary="#00613B",
    on_primary="#FFFFFF",
    primary_pressed="#004D30",
    info="#0B4A8F",
    on_info="#FFFFFF",
    focus="#083A70",
    ok_soft="#DDF3E7",
    on_ok_soft="#004D30",
    info_soft="#DCE9F8",
    on_info_soft="#0B4A8F",
    called="#FFC94D",
    on_called="#10201A",
    warning_soft="#FFF1CC",
    on_warning_soft="#5C3A00",
    error="#9B1C1C",
    on_error="#FFFFFF",
    error_soft="#FDE3E1",
    on_error_soft="#8A1414",
    priority="#5B2A86",
    on_priority="#FFFFFF",
    border="#6B7C74",
    hairline="#D5E0DA",
    pressed="#DDF3E7",
    disabled="#E9EFEC",
    on_disabled="#3A4A43",
)
"""Kiosk, console, phone, paper."""

TV_DARK = Colours(
    is_dark=True,
    window="#06140F",
    panel="#0E2A20",
    ink="#FFFFFF",
    ink_soft="#B9C9C1",
    primary="#6FE3A9",
    on_primary="#06140F",
    primary_pressed="#A6F0CB",
    info="#A9CDF5",
    on_info="#06140F",
    focus="#A9CDF5",
    ok_soft="#123A2B",
    on_ok_soft="#A6F0CB",
    info_soft="#12304F",
    on_info_soft="#CFE4FB",
    called="#6FE3A9",
    on_called="#06140F",
    warning_soft="#3D2C00",
    on_warning_soft="#FFC94D",
    error="#FFB4AB",
    on_error="#06140F",
    error_soft="#4A1512",
    on_error_soft="#FFDAD5",
    priority="#FFC94D",
    on_priority="#06140F",
    border="#7C9287",
    hairline="#1D4435",
    pressed="#123826",
    disabled="#16261F",
    on_disabled="#B9C9C1",
)
"""The TV: on it only a call is bright."""

NIGHT = replace(
    TV_DARK,
    window="#111815",
    panel="#18231E",
    ink="#E8F0EC",
    called="#FFC94D",
    on_called="#111815",
    priority="#D9B8FF",
    on_priority="#111815",
    hairline="#2B3A33",
    pressed="#1F3A2D",
    disabled="#1E2824",
)
"""The console in a dark room; states keep the colours that the light console taught."""


HIGH_CONTRAST = Colours(
    is_dark=True,
    window="#000000",
    panel="#000000",
    ink="#FFFFFF",
    ink_soft="#FFFFFF",
    primary="#FFE600",
    on_primary="#000000",
    primary_pressed="#FFFFFF",
    info="#FFE600",
    on_info="#000000",
    focus="#FFE600",
    ok_soft="#FFFFFF",
    on_ok_soft="#000000",
    info_soft="#FFFFFF",
    on_info_soft="#000000",
    called="#FFE600",
    on_called="#000000",
    warning_soft="#FFE600",
    on_warning_soft="#000000",
    error="#FFE600",
    on_error="#000000",
    error_soft="#FFE600",
    on_error_soft="#000000",
    priority="#FFE600",
    on_priority="#000000",
    border="#FFFFFF",
    hairline="#FFFFFF",
    pressed="#3D3700",
    disabled="#1F1F1F",
    on_disabled="#FFFFFF",
)
"""For who sees little: black, white and yellow and nothing between, 13:1 at least."""


def contrast_ratio(one: str, other: str) -> float:
    """Contrast of two ``#RRGGBB`` colours, 1 to 21 (WCAG 2.2 relative luminance)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


class Role(StrEnum):
    """What a text is for; the surface decides its size."""

    NUMBER = "number"
    HEADING = "heading"
    TILE = "tile"
    BODY = "body"
    SMALLEST = "smallest"


@dataclass(frozen=True)
class Sizes:
    """Sizes of one kind of surface in pixels; text sizes are type heights (em)."""

    number: int
    heading: int
    tile: int
    body: int
    smallest: int
    target: int
    """Least width and height of what is touched or clicked."""
    tile_height: int
    gap: int
    margin: int
    radius: int
    border: int
    focus: int
    line_height: float

    def text(self, role: Role) -> int:
        """The type height of a role."""
        size: int = getattr(self, role.value)
        return size

    def scaled(self, factor: float) -> "Sizes":
        """The same proportions, larger or smaller; nothing becomes less than one pixel."""
        return replace(
            self,
            **{
                field.name: max(1, round(getattr(self, field.name) * factor))
                for field in fields(self)
                if field.name != "line_height"
            },
        )


KIOSK = Sizes(
    number=240,
    heading=72,
    tile=56,
    body=44,
    smallest=42,
    target=96,
    tile_height=160,
    gap=16,
    margin=48,
    radius=24,
    border=3,
    focus=6,
    line_height=1.3,
)
"""42 px is a capital of 0.7 degrees at 600 mm (EN 301 549 5.1.4); 96 px is 24 mm."""

TV = Sizes(
    number=320,
    heading=220,
    tile=96,
    body=64,
    smallest=56,
    target=96,
    tile_height=160,
    gap=24,
    margin=48,
    radius=24,
    border=3,
    focus=6,
    line_height=1.1,
)
"""Number readable to 13.6 m, counter to 9.3 m, history to 6.8 m on a 55" TV (ux.md 4)."""

TV_PORTRAIT = replace(TV, number=300, heading=200, tile=110)

CONSOLE = Sizes(
    number=40,
    heading=24,
    tile=18,
    body=15,
    smallest=13,
    target=32,
    tile_height=56,
    gap=8,
    margin=16,
    radius=8,
    border=1,
    focus=2,
    line_height=1.3,
)

CONSOLE_TOUCH = replace(CONSOLE, target=44)
"""For counter PCs with a touch screen."""

DOOR_TOUCH = replace(CONSOLE, target=48)
"""For a tablet at the door, held in one hand: 48 px at 1024x600, larger on a larger screen."""

DOOR_DESIGN_PX = (600, 1024)
"""The smallest tablet at the door, short and long side."""

COMPACT = replace(CONSOLE, number=32, body=14, target=28, gap=4, margin=8)
"""The strip of 360x120 beside other programs."""


def mm_per_px(width_px: int, height_px: int, width_mm: float, height_mm: float) -> float | None:
    """Pixel pitch of a screen by its own word, None if that word cannot be true."""
    if min(width_px, height_px) <= 0 or min(width_mm, height_mm) <= 0:
        return None
    pitch = hypot(width_mm, height_mm) / hypot(width_px, height_px)
    least, most = _PLAUSIBLE_MM_PER_PX
    return pitch if least <= pitch <= most else None


def mm_per_px_of(inches: float, width_px: int, height_px: int) -> float:
    """Pixel pitch of a screen whose diagonal somebody has measured."""
    return inches * 25.4 / hypot(width_px, height_px)


def kiosk_scale(pitch_mm: float | None) -> float:
    """Factor on ``KIOSK`` that keeps texts and targets at their millimetres; 1 if unknown."""
    return KIOSK_DESIGN_MM_PER_PX / pitch_mm if pitch_mm else 1.0


def fitting_scale(width_px: int, height_px: int, design_px: tuple[int, int]) -> float:
    """Factor by which a design fits into a window of either orientation."""
    short, long = sorted((width_px, height_px))
    design_short, design_long = sorted(design_px)
    return min(short / design_short, long / design_long)


def tv_sizes(width_px: int, height_px: int) -> Sizes:
    """The TV's sizes for a picture of this size: 1080p as written, 4K twice, also portrait."""
    shape = TV if width_px >= height_px else TV_PORTRAIT
    return shape.scaled(fitting_scale(width_px, height_px, TV_DESIGN_PX))
