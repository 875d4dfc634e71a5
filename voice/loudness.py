"""How loud a sound is to the ear: integrated loudness by ITU-R BS.1770-4, in LUFS. Pure."""

import math
from collections.abc import Sequence


def loudness_lufs(samples: Sequence[int], rate: int) -> float:
    """Measure the integrated loudness of one channel of 16-bit samples; -inf for silence.

    What is shorter than a block of 0.4 s is measured as one block.
    """
    squares = _weighted_squares(samples, rate)
    block = min(len(squares), round(0.4 * rate))
    if block == 0:
        return -math.inf
    step = max(1, block // 4)
    sums = [sum(squares[start : start + step]) for start in range(0, len(squares), step)]
    # Blocks overlap by three quarters: each is four steps.
    blocks = [sum(sums[place : place + 4]) / (4 * step) for place in range(max(1, len(sums) - 3))]
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
