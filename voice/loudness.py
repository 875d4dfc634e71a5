"""How loud a sound is to the ear: integrated loudness by ITU-R BS.1770-4, in LUFS. Pure."""

import math
from array import array
from collections.abc import Sequence

STEP_S = 0.02
_BLOCK_STEPS, _HOP_STEPS = 20, 5  # blocks of 0.4 s that overlap by three quarters


def loudness_lufs(samples: Sequence[int], rate: int) -> float:
    """Measure the integrated loudness of one channel of 16-bit samples; -inf for silence."""
    return loudness_of(step_powers(samples, rate))


def step_powers(samples: Sequence[int], rate: int) -> "array[float]":
    """The weighted power of each 20 ms; those of joined sounds may be joined, too."""
    squares = _weighted_squares(samples, rate)
    step = round(STEP_S * rate)
    return array(
        "d", [sum(squares[start : start + step]) / step for start in range(0, len(squares), step)]
    )


def loudness_of(powers: Sequence[float]) -> float:
    """The integrated loudness of 20 ms powers; what is shorter than a block is one block."""
    starts = range(0, max(1, len(powers) - _BLOCK_STEPS + 1), _HOP_STEPS)
    size = min(len(powers), _BLOCK_STEPS)
    blocks = [sum(powers[start : start + size]) / size for start in starts] if size else []
    loud = [power for power in blocks if power > 0 and _lufs(power) > -70.0]
    if not loud:
        return -math.inf
    gate = _lufs(sum(loud) / len(loud)) - 10.0
    kept = [power for power in loud if _lufs(power) > gate]
    return _lufs(sum(kept) / len(kept))


def _lufs(power: float) -> float:
    return -0.691 + 10 * math.log10(power)


def _weighted_squares(samples: Sequence[int], rate: int) -> list[float]:
    """Weight by what the ear hears: a high shelf for the head, then a high pass."""
    shelf = _shelf(rate)
    high_pass = _high_pass(rate)
    b0, b1, b2, a1, a2 = shelf
    c0, c1, c2, d1, d2 = high_pass
    x1 = x2 = y1 = y2 = z1 = z2 = 0.0
    squares: list[float] = []
    for value in samples:
        x0 = value / 32_767
        y0 = b0 * x0 + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2
        z0 = c0 * y0 + c1 * y1 + c2 * y2 - d1 * z1 - d2 * z2
        x2, x1, y2, y1, z2, z1 = x1, x0, y1, y0, z1, z0
        squares.append(z0 * z0)
    return squares


def _shelf(rate: int) -> tuple[float, float, float, float, float]:
    """BS.1770's first filter, whose published figures are for 48 kHz, at any rate."""
    k = math.tan(math.pi * 1681.974450955533 / rate)
    q, high = 0.7071752369554196, 10 ** (3.999843853973347 / 20)
    middle = high**0.4996667741545416
    a0 = 1 + k / q + k * k
    return (
        (high + middle * k / q + k * k) / a0,
        2 * (k * k - high) / a0,
        (high - middle * k / q + k * k) / a0,
        2 * (k * k - 1) / a0,
        (1 - k / q + k * k) / a0,
    )


def _high_pass(rate: int) -> tuple[float, float, float, float, float]:
    """BS.1770's second filter at any rate."""
    k = math.tan(math.pi * 38.13547087602444 / rate)
    q = 0.5003270373238773
    a0 = 1 + k / q + k * k
    return (1.0, -2.0, 1.0, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0)
