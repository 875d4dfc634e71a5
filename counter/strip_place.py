"""Where the compact strip stands: on a visible screen, at an edge if it is near one; without Qt.

All rectangles are (left, top, width, height) in one coordinate system for all screens.
"""

from collections.abc import Mapping

Rect = tuple[int, int, int, int]

SNAP_PX = 16
"""From how near an edge pulls the strip."""


def snapped(strip: Rect, screen: Rect, distance: int = SNAP_PX) -> Rect:
    """Move a strip to each edge of its screen that is near, and never beyond one."""
    left, top, width, height = strip
    return (
        _along(left, width, screen[0], screen[2], distance),
        _along(top, height, screen[1], screen[3], distance),
        width,
        height,
    )


def place(
    width: int,
    height: int,
    screens: Mapping[str, Rect],
    remembered: Mapping[str, tuple[int, int]],
    last_screen: str,
) -> Rect:
    """The place of last time on a screen that is still there, else the lower right corner.

    ``screens`` maps the names of screens to their free areas, the first being the main one;
    ``remembered`` maps names to offsets from the corner of each area.
    """
    assert screens, "a program with windows has a screen"
    name = last_screen if last_screen in screens else next(iter(screens))
    area = screens[name]
    offset = remembered.get(name)
    if offset is None:
        offset = (area[2] - width, area[3] - height)
    return snapped((area[0] + offset[0], area[1] + offset[1], width, height), area, 0)


def screen_at(strip: Rect, screens: Mapping[str, Rect]) -> str:
    """The screen that shows most of a strip; the main one if none shows any."""
    return max(screens, key=lambda name: _overlap(strip, screens[name]))


def _along(start: int, length: int, area_start: int, area_length: int, distance: int) -> int:
    last = area_start + max(0, area_length - length)
    if start - area_start <= distance:
        return area_start
    if last - start <= distance:
        return last
    return start


def _overlap(one: Rect, other: Rect) -> int:
    wide = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    high = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return max(0, wide) * max(0, high)
