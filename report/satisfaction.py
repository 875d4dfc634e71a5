"""The satisfaction index out of filled-in questionnaires: exact arithmetic, no float anywhere.

SKM: PermenPANRB 14/2017; IKM: KEP/25/M.PAN/2/2004 (domain.md 4). NRR is the mean score of an
element over those who answered it; index = sum of NRR x weight; value = index x 25, rounded to two
decimals half up, and only then graded. The exact weight (1/9, 1/14) is the default; the rounded
one of practice (0.11, 0.071) gives at most 99.00 and 99.40, so a result says which it used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from protocol.survey_form import ELEMENTS, IKM, SCORES, SKM

EXACT = "exact"
"""The setting ``survey.weight``; anything else asks for the rounded weight."""
CONVERSION = 25
GRADES = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class Rule:
    """How an instrument is reckoned. ``bounds``: from which value on the grades A, B and C hold.

    ``index_digits``: with the rounded weight the index is rounded before it is converted, as the
    worked example of KEP/25 does (3.05868 is 3.059, and so 76.475).
    """

    rounded_weight: Decimal
    bounds: tuple[Decimal, Decimal, Decimal]
    index_digits: int | None = None


RULES: Mapping[str, Rule] = {
    SKM: Rule(Decimal("0.11"), (Decimal("88.31"), Decimal("76.61"), Decimal("65.00"))),
    IKM: Rule(Decimal("0.071"), (Decimal("81.26"), Decimal("62.51"), Decimal("43.76")), 3),
}

Scores = Mapping[int, int]
"""How often each score from 1 to 4 was given."""


@dataclass(frozen=True, slots=True)
class ElementResult:
    """One element: how many answered, its mean and that mean times the weight; 4 decimals.

    None where nobody answered.
    """

    code: str
    scores: Scores
    answered: int
    nrr: Decimal | None
    weighted: Decimal | None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """What a survey comes to. Without an index ``unanswered`` names the elements that nobody
    answered; they cannot be guessed, and the others cannot stand for them.

    ``weight`` is what was used: 1/9, 0.11, 1/14 or 0.071. ``converted`` is index x 25 as it is,
    ``value`` the same with two decimals. ``lowest`` and ``highest`` name every element that shares
    the place.
    """

    instrument: str
    weight: str
    elements: tuple[ElementResult, ...]
    index: Decimal | None = None
    converted: Decimal | None = None
    value: Decimal | None = None
    grade: str | None = None
    lowest: tuple[str, ...] = ()
    highest: tuple[str, ...] = ()
    unanswered: tuple[str, ...] = ()


def satisfaction(
    instrument: str, scores: Mapping[str, Scores], weight: str = EXACT
) -> Satisfaction:
    """The index of an instrument. ``scores``: per element how often each score was given."""
    elements = ELEMENTS[instrument]
    means = {code: _mean(scores.get(code, {})) for code in elements}
    return index_of_means(instrument, means, weight, scores)


def index_of_means(
    instrument: str,
    means: Mapping[str, Fraction | Decimal | None],
    weight: str = EXACT,
    scores: Mapping[str, Scores] | None = None,
) -> Satisfaction:
    """The index out of each element's mean, such as a published table has them."""
    rule, codes, counted = RULES[instrument], ELEMENTS[instrument], scores or {}
    exact = {code: _fraction(means.get(code)) for code in codes}
    used = _weight(instrument, weight)
    elements = tuple(_element(code, counted.get(code, {}), exact[code], used) for code in codes)
    known = {code: mean for code, mean in exact.items() if mean is not None}
    result = Satisfaction(
        instrument=instrument,
        weight=weight_name(instrument, weight),
        elements=elements,
        lowest=_sharing(known, min(known.values(), default=None)),
        highest=_sharing(known, max(known.values(), default=None)),
        unanswered=tuple(code for code in codes if code not in known),
    )
    if result.unanswered:
        return result
    index = sum(known.values(), Fraction()) * used
    if weight != EXACT and rule.index_digits is not None:
        index = Fraction(half_up(index, rule.index_digits))
    value = half_up(index * CONVERSION, 2)
    return replace(
        result,
        index=half_up(index, 4),
        converted=half_up(index * CONVERSION, 6),
        value=value,
        grade=grade_of(instrument, value),
    )


def grade_of(instrument: str, value: Decimal) -> str:
    """A to D of a converted value, which is rounded to two decimals first: 88.305 is an A."""
    shown = half_up(Fraction(value), 2)
    at_least = zip(GRADES, RULES[instrument].bounds, strict=False)
    return next((grade for grade, bound in at_least if shown >= bound), GRADES[-1])


def bounds_of(instrument: str) -> tuple[tuple[str, Decimal, Decimal], ...]:
    """Each grade with the values from and to which it goes, the best first."""
    lower = (*RULES[instrument].bounds, Decimal("25.00"))
    upper = (Decimal("100.00"), *(bound - Decimal("0.01") for bound in lower[:-1]))
    return tuple(zip(GRADES, lower, upper, strict=True))


def weight_name(instrument: str, weight: str) -> str:
    """The weight as the report prints it."""
    if weight == EXACT:
        return f"1/{len(ELEMENTS[instrument])}"
    return str(RULES[instrument].rounded_weight)


def sample_size(population: int) -> int:
    """How many of so many people to ask (Krejcie & Morgan 1970: 95 %, half and half, 5 %)."""
    if population < 1:
        return 0
    chi, half, error = Fraction("3.841"), Fraction(1, 2), Fraction("0.05")
    spread = chi * half * (1 - half)
    wanted = spread * population / (error**2 * (population - 1) + spread)
    return min(population, int(half_up(wanted)))


def half_up(value: Fraction, digits: int = 0) -> Decimal:
    """A number that is not negative with so many decimals: what is exactly half goes up.

    Of a fraction, since the mean of three has no end in decimals, and a tie would be lost there.
    """
    whole = (value * 10**digits + Fraction(1, 2)) // 1
    return Decimal(whole).scaleb(-digits)


def _mean(scores: Scores) -> Fraction | None:
    answered = sum(scores.get(score, 0) for score in SCORES)
    total = sum(score * scores.get(score, 0) for score in SCORES)
    return Fraction(total, answered) if answered else None


def _fraction(mean: Fraction | Decimal | None) -> Fraction | None:
    return None if mean is None else Fraction(mean)


def _weight(instrument: str, weight: str) -> Fraction:
    if weight == EXACT:
        return Fraction(1, len(ELEMENTS[instrument]))
    return Fraction(RULES[instrument].rounded_weight)


def _element(code: str, scores: Scores, mean: Fraction | None, weight: Fraction) -> ElementResult:
    counted = {score: scores.get(score, 0) for score in SCORES}
    answered = sum(counted.values())
    if mean is None:
        return ElementResult(code, counted, answered, None, None)
    return ElementResult(code, counted, answered, half_up(mean, 4), half_up(mean * weight, 4))


def _sharing(means: Mapping[str, Fraction], place: Fraction | None) -> tuple[str, ...]:
    return tuple(code for code, mean in means.items() if mean == place)


def scores_of_rows(instrument: str, rows: Sequence[Mapping[str, int]]) -> dict[str, dict[int, int]]:
    """Per element how often each score was given, out of filled-in questionnaires."""
    counted: dict[str, dict[int, int]] = {code: {} for code in ELEMENTS[instrument]}
    for row in rows:
        for code, score in row.items():
            if code in counted and score in SCORES:
                counted[code][score] = counted[code].get(score, 0) + 1
    return counted
