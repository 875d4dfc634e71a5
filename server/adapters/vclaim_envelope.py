"""The VClaim service's envelope: its signature, its encryption, its compression. Pure functions.

Each request is signed with the seconds at which it is made; the answer is encrypted with a key
that is made of the same seconds, and compressed before that. The decoder of LZ-String is ours:
PyPI's ``lzstring`` is of 2018, knows no limit to what comes out (12 kB can be made to unfold to
20 MB), and gives an empty text for one that was cut off.
"""

import base64
import binascii
import hashlib
import hmac

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

TEXT_MAX = 256 * 1024
"""Characters that an answer may unfold to; a member's data are some 1,500."""

_BLOCK_BYTES = 16
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-$"
_SIX_BITS = {char: f"{value:06b}" for value, char in enumerate(_ALPHABET)}
_NEW_OF_8_BITS, _NEW_OF_16_BITS, _END = range(3)


class EnvelopeError(ValueError):
    """An answer is not what it should be; the text repeats nothing of it."""


def signature(cons_id: str, secret: str, timestamp_s: int) -> str:
    """``X-signature``: base64 of HMAC-SHA256 over consumer and seconds, keyed by the secret."""
    message = f"{cons_id}&{timestamp_s}".encode()
    return base64.b64encode(hmac.digest(secret.encode(), message, "sha256")).decode()


def headers(cons_id: str, secret: str, user_key: str, timestamp_s: int) -> dict[str, str]:
    """What identifies a request; the service takes a clock that is a few minutes off at most."""
    return {
        "X-cons-id": cons_id,
        "X-timestamp": str(timestamp_s),
        "X-signature": signature(cons_id, secret, timestamp_s),
        "user_key": user_key,
    }


def answer_key(cons_id: str, secret: str, timestamp_s: int) -> bytes:
    """The 32 bytes that an answer is encrypted with; the first 16 are the start vector, too."""
    return hashlib.sha256(f"{cons_id}{secret}{timestamp_s}".encode()).digest()


def opened(sealed: str, key: bytes) -> str:
    """The text in an answer's ``response``; raises EnvelopeError."""
    return unfolded(_decrypted(sealed, key))


def _decrypted(sealed: str, key: bytes) -> str:
    try:
        coded = base64.b64decode(sealed, validate=True)
        if not coded or len(coded) % _BLOCK_BYTES:
            raise EnvelopeError("no whole blocks")
        decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:_BLOCK_BYTES])).decryptor()
        padded = decryptor.update(coded) + decryptor.finalize()
        unpadder = padding.PKCS7(_BLOCK_BYTES * 8).unpadder()
        return (unpadder.update(padded) + unpadder.finalize()).decode("ascii")
    except EnvelopeError:
        raise
    except (binascii.Error, ValueError) as error:  # of padding and of ASCII, too: a wrong key
        # Without the cause: its text may repeat what was decrypted.
        raise EnvelopeError(f"not encrypted as agreed ({type(error).__name__})") from None


def unfolded(folded: str, most: int = TEXT_MAX) -> str:
    """LZ-String's ``decompressFromEncodedURIComponent``; raises EnvelopeError.

    ``most`` bounds the characters (UTF-16 units) that come out.
    """
    units = "".join(_Unfolding(folded, most).pieces())
    try:
        # JavaScript's characters are halves of those beyond 16 bits.
        return units.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        raise EnvelopeError("half a character") from None


class _Unfolding:
    """One text being unfolded: a dictionary that grows with what has come out (LZ78)."""

    def __init__(self, folded: str, most: int) -> None:
        try:
            self._line = "".join([_SIX_BITS[char] for char in folded])
        except KeyError:
            raise EnvelopeError("not LZ-String's alphabet") from None
        self._at_bit = 0
        self._left = most

    def pieces(self) -> list[str]:
        """What comes out, in order."""
        code = self._bits(2)
        if code == _END:
            return []
        first = self._new_char(code)
        known = ["", "", "", first]  # codes 0 to 2 are signs
        out, last, width = [self._counted(first)], first, 3
        while (code := self._bits(width)) != _END:
            if code in (_NEW_OF_8_BITS, _NEW_OF_16_BITS):
                known.append(self._new_char(code))
                code = len(known) - 1
                # The sender widens its codes whenever its dictionary is full.
                width = _wider(len(known), width)
            if code < len(known):
                piece = known[code]
            elif code == len(known):
                piece = last + last[0]
            else:
                raise EnvelopeError("a code that stands for nothing")
            out.append(self._counted(piece))
            known.append(last + piece[0])
            width = _wider(len(known), width)
            last = piece
        return out

    def _new_char(self, code: int) -> str:
        if code not in (_NEW_OF_8_BITS, _NEW_OF_16_BITS):
            raise EnvelopeError("it begins with no character")
        return chr(self._bits(8 if code == _NEW_OF_8_BITS else 16))

    def _counted(self, piece: str) -> str:
        self._left -= len(piece)
        if self._left < 0:
            raise EnvelopeError("it unfolds to too much")
        return piece

    def _bits(self, count: int) -> int:
        """The next bits, the lowest first."""
        bits = self._line[self._at_bit : self._at_bit + count]
        if len(bits) < count:
            raise EnvelopeError("it is cut off")
        self._at_bit += count
        return int(bits[::-1], 2)


def _wider(known: int, width: int) -> int:
    return width + 1 if known == 1 << width else width
