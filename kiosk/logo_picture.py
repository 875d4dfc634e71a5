"""The branch's logo: any PNG becomes a small black and white one, and that one becomes dots.

A picture comes from outside, so its size is looked at before its pixels are made (fault F56):
nothing else than PNG is read, and nothing larger than `SOURCE_PIXELS_MAX`.
"""

import io
import logging
import warnings

from PIL import Image, ImageOps

from kiosk.paper_layout import PAPER_80, Logo

log = logging.getLogger(__name__)

WIDTH_MAX, HEIGHT_MAX = PAPER_80.dots, 320
"""In dots of 80 mm paper: all of its width, and 40 mm of its length."""
PNG_BYTES_MAX = 16_000
"""It travels in the greeting of each kiosk, which is one frame with much else."""
SOURCE_BYTES_MAX = 4_000_000
SOURCE_PIXELS_MAX = 8_000_000


class LogoError(ValueError):
    """A picture that cannot be a logo; ``key`` names the sentence under ``logo.``."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def made_logo(data: bytes) -> bytes:
    """The PNG to store: black on white, as large as fits; raises `LogoError`."""
    picture = _on_white(_decoded(data, SOURCE_BYTES_MAX, SOURCE_PIXELS_MAX))
    # The white around would be paper for nothing, and would make what is seen smaller.
    inked = ImageOps.invert(picture).point(lambda dot: 255 if dot > 40 else 0).getbbox()
    if inked is None:
        raise LogoError("empty")
    picture = picture.crop(inked)
    picture.thumbnail((WIDTH_MAX, HEIGHT_MAX), Image.Resampling.LANCZOS)
    for grey in (True, False):
        # Greys as a fine pattern where that is small enough, else as black or white.
        pattern = Image.Dither.FLOYDSTEINBERG if grey and not _is_drawing(picture) else None
        small = picture.convert("1", dither=pattern or Image.Dither.NONE)
        out = io.BytesIO()
        small.save(out, "PNG", optimize=True)
        if len(out.getvalue()) <= PNG_BYTES_MAX:
            return out.getvalue()
    raise LogoError("too_rich")


def logo_picture(logo: Logo, dots: int) -> Image.Image | None:
    """The stored logo in the dots of this paper, with its left margin; None if it is unsound."""
    try:
        picture = _decoded(logo.png, PNG_BYTES_MAX, WIDTH_MAX * HEIGHT_MAX)
    except LogoError as error:
        log.error("the branch's logo cannot be printed: %s", error.key)
        return None
    picture = _on_white(picture)
    if dots < WIDTH_MAX:
        size = (
            max(1, picture.width * dots // WIDTH_MAX),
            max(1, picture.height * dots // WIDTH_MAX),
        )
        picture = picture.resize(size, Image.Resampling.BOX)
    free = dots - picture.width
    left = {"left": 0, "center": free // 2, "right": free}[logo.align]
    sheet = Image.new("L", (left + picture.width, picture.height), 255)
    sheet.paste(picture, (left, 0))
    return sheet.convert("1", dither=Image.Dither.NONE)


def _decoded(data: bytes, bytes_max: int, pixels_max: int) -> Image.Image:
    if len(data) > bytes_max:
        raise LogoError("too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=("PNG",))
        if picture.width * picture.height > pixels_max:
            raise LogoError("too_large")
        picture.load()
    except LogoError:
        raise
    except Exception as error:  # whatever a broken picture makes the library raise
        raise LogoError("not_png") from error
    return picture


def _on_white(picture: Image.Image) -> Image.Image:
    """In greys; what is see-through is white as the paper is."""
    clear = picture.convert("RGBA")
    sheet = Image.new("RGBA", clear.size, (255, 255, 255, 255))
    sheet.alpha_composite(clear)
    return sheet.convert("L")


def _is_drawing(picture: Image.Image) -> bool:
    """Whether nearly all of it is black or white already: edges stay sharp then."""
    counts = picture.histogram()
    return sum(counts[48:208]) < 0.2 * sum(counts)
