"""Whether a picture is a logo that every kiosk can print: a small black and white PNG, whole.

Looked at here without a library of pictures, and never larger than a paper (fault F56).
"""

import struct
import zlib
from collections.abc import Iterator

WIDTH_MAX, HEIGHT_MAX = 576, 320
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_GREY, _PALETTE = 0, 3


class PngError(ValueError):
    """No such PNG; the text says why."""


def check_logo(data: bytes) -> None:
    """Raise `PngError` unless `data` is one whole PNG of one bit a dot."""
    if not data.startswith(_SIGNATURE):
        raise PngError("is no PNG")
    chunks = list(_chunks(data[len(_SIGNATURE) :]))
    if not chunks or chunks[0][0] != b"IHDR" or len(chunks[0][1]) != 13:
        raise PngError("is a PNG without a beginning")
    width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", chunks[0][1])
    if not (0 < width <= WIDTH_MAX and 0 < height <= HEIGHT_MAX):
        raise PngError(f"is {width} x {height} dots; at most {WIDTH_MAX} x {HEIGHT_MAX} fit")
    if depth != 1 or colour not in (_GREY, _PALETTE) or interlace:
        raise PngError("is not in black and white")
    if chunks[-1][0] != b"IEND":
        raise PngError("is a PNG without an end")
    size = height * (1 + (width + 7) // 8)
    packed = b"".join(body for kind, body in chunks if kind == b"IDAT")
    try:
        unpacking = zlib.decompressobj()
        dots = unpacking.decompress(packed, size + 1)
    except zlib.error as error:
        raise PngError("is a broken PNG") from error
    if len(dots) != size:
        raise PngError("is a broken PNG")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(data):
        if len(data) - at < 12:
            raise PngError("is a broken PNG")
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        end = data[at + 8 + length : at + 12 + length]
        if end != struct.pack(">I", zlib.crc32(kind + body)):
            raise PngError("is a broken PNG")
        yield kind, body
        at += 12 + length
