"""Few cases in which every two values of different axes meet: most faults need no third."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations, product

Case = dict[str, object]
_Pair = tuple[str, object, str, object]


def all_cases(axes: Mapping[str, Sequence[object]]) -> Iterator[Case]:
    """The full product."""
    for values in product(*axes.values()):
        yield dict(zip(axes, values, strict=True))


def covering_cases(axes: Mapping[str, Sequence[object]]) -> list[Case]:
    """Cases that hold every pair of values of two axes, greedily few, always the same ones."""
    missing = dict.fromkeys(
        (one, first, other, second)
        for one, other in combinations(axes, 2)
        for first in axes[one]
        for second in axes[other]
    )
    cases: list[Case] = []
    while missing:
        one, first, other, second = next(iter(missing))
        case: Case = {one: first, other: second}
        for axis in (each for each in axes if each not in case):
            # The value that meets most of what has not met it; the rarest used of equal ones.
            turn = len(cases) % len(axes[axis])
            values = [*axes[axis][turn:], *axes[axis][:turn]]
            case[axis] = max(values, key=partial(_new_pairs, axes, missing, case, axis))
        for pair in _pairs(axes, case):
            missing.pop(pair, None)
        cases.append(case)
    return cases


def _new_pairs(
    axes: Mapping[str, Sequence[object]],
    missing: Mapping[_Pair, None],
    case: Case,
    axis: str,
    value: object,
) -> int:
    """How many pairs that have not met yet this value would bring together."""
    return sum(_pair(axes, axis, value, known, case[known]) in missing for known in case)


def pairs_of(axes: Mapping[str, Sequence[object]], cases: Sequence[Case]) -> set[_Pair]:
    """Every pair that these cases hold."""
    return {pair for case in cases for pair in _pairs(axes, case)}


def _pairs(axes: Mapping[str, Sequence[object]], case: Case) -> Iterator[_Pair]:
    for one, other in combinations(axes, 2):
        yield one, case[one], other, case[other]


def _pair(
    axes: Mapping[str, Sequence[object]], one: str, first: object, other: str, second: object
) -> _Pair:
    order = list(axes)
    if order.index(one) < order.index(other):
        return one, first, other, second
    return other, second, one, first
