"""The satisfaction index against the worked examples and bounds of domain.md 4, without a float."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.survey_form import ELEMENTS, IKM, SKM, needed_answers
from report.satisfaction import (
    Satisfaction,
    bounds_of,
    grade_of,
    half_up,
    index_of_means,
    sample_size,
    satisfaction,
    scores_of_rows,
)

ROUNDED = "0.11"
# Example 1: 29 people, the sums of the scores of U1 to U9.
TOTALS = (105, 101, 100, 116, 102, 105, 106, 105, 115)
# Example 2: five people.
ROWS = (
    "3 3 4 4 3 4 4 3 3",
    "4 3 3 4 4 4 4 3 4",
    "3 3 2 4 3 3 4 3 3",
    "4 4 3 4 4 4 4 4 4",
    "2 3 2 4 3 3 3 2 3",
)
# Example of the older instrument (scribd 168413544).
KEP_25_MEANS = "3.06 2.98 3.06 2.90 3.06 3.14 3.04 3.06 3.18 3.08 3.20 3.18 3.10 3.04"


def of_totals(totals: tuple[int, ...], people: int, weight: str = "exact") -> Satisfaction:
    means = {
        code: Fraction(total, people) for code, total in zip(ELEMENTS[SKM], totals, strict=True)
    }
    return index_of_means(SKM, means, weight)


def of_rows(weight: str = "exact", rows: tuple[str, ...] = ROWS) -> Satisfaction:
    filled_in = [dict(zip(ELEMENTS[SKM], map(int, row.split()), strict=True)) for row in rows]
    return satisfaction(SKM, scores_of_rows(SKM, filled_in), weight)


@pytest.mark.parametrize(
    ("value", "shown", "grade"),
    [
        ("88.305", "88.31", "A"),
        ("88.304", "88.30", "B"),
        ("76.605", "76.61", "B"),
        ("76.604", "76.60", "C"),
        ("64.995", "65.00", "C"),
        ("64.994", "64.99", "D"),
        ("100.00", "100.00", "A"),
        ("88.31", "88.31", "A"),
        ("76.61", "76.61", "B"),
        ("65.00", "65.00", "C"),
        ("25.00", "25.00", "D"),
        # The rounded weight goes below what the table knows.
        ("24.75", "24.75", "D"),
    ],
)
def test_a_value_is_rounded_half_up_and_then_graded(value: str, shown: str, grade: str) -> None:
    assert str(half_up(Fraction(value), 2)) == shown
    assert grade_of(SKM, Decimal(value)) == grade


@pytest.mark.parametrize(
    ("value", "grade"),
    [
        ("81.26", "A"),
        ("81.255", "A"),
        ("81.25", "B"),
        ("62.51", "B"),
        ("62.50", "C"),
        ("43.76", "C"),
        ("43.75", "D"),
        ("82.51", "A"),  # the office in Kota Metro
    ],
)
def test_the_older_instrument_has_its_own_bounds(value: str, grade: str) -> None:
    assert grade_of(IKM, Decimal(value)) == grade


def test_the_first_worked_example_with_both_weights() -> None:
    exact, rounded = of_totals(TOTALS, 29), of_totals(TOTALS, 29, ROUNDED)
    means = " ".join(str(one.nrr) for one in exact.elements)
    assert means == "3.6207 3.4828 3.4483 4.0000 3.5172 3.6207 3.6552 3.6207 3.9655"
    assert (str(exact.index), str(exact.value), exact.grade) == ("3.6590", "91.48", "A")
    assert (str(rounded.index), str(rounded.value), rounded.grade) == ("3.6224", "90.56", "A")
    assert (exact.weight, rounded.weight) == ("1/9", "0.11")
    assert exact.highest == ("u4",)
    assert exact.lowest == ("u3",)


def test_the_second_worked_example_out_of_filled_in_forms() -> None:
    exact, rounded = of_rows(), of_rows(ROUNDED)
    means = " ".join(str(one.nrr) for one in exact.elements)
    assert means == "3.2000 3.2000 2.8000 4.0000 3.4000 3.6000 3.8000 3.0000 3.4000"
    assert (str(exact.value), exact.grade) == ("84.44", "B")
    assert (str(rounded.value), rounded.grade) == ("83.60", "B")
    assert exact.lowest == ("u3",)
    assert [one.answered for one in exact.elements] == [5] * 9
    assert exact.elements[2].scores == {1: 0, 2: 2, 3: 2, 4: 1}


def test_the_worked_example_of_the_older_instrument() -> None:
    means = dict(zip(ELEMENTS[IKM], map(Decimal, KEP_25_MEANS.split()), strict=True))
    exact, rounded = index_of_means(IKM, means), index_of_means(IKM, means, ROUNDED)
    assert (str(exact.index), str(exact.value), exact.grade) == ("3.0771", "76.93", "B")
    assert rounded.index == Decimal("3.059")
    assert rounded.converted == Decimal("76.475")
    assert (str(rounded.value), rounded.grade) == ("76.48", "B")
    assert (exact.weight, rounded.weight) == ("1/14", "0.071")
    assert exact.lowest == ("p4",)


@pytest.mark.parametrize(
    ("instrument", "weight", "most"),
    [
        (SKM, "exact", "100.00"),
        (SKM, ROUNDED, "99.00"),
        (IKM, "exact", "100.00"),
        (IKM, ROUNDED, "99.40"),
    ],
)
def test_the_most_that_can_be_reached_depends_on_the_weight(
    instrument: str, weight: str, most: str
) -> None:
    best = satisfaction(instrument, {code: {4: 3} for code in ELEMENTS[instrument]}, weight)
    assert (str(best.value), best.grade) == (most, "A")
    assert best.lowest == best.highest == ELEMENTS[instrument]


def test_without_a_survey_there_is_no_index_and_it_is_said() -> None:
    nothing = satisfaction(SKM, {})
    assert (nothing.index, nothing.value, nothing.grade) == (None, None, None)
    assert nothing.unanswered == ELEMENTS[SKM]
    assert nothing.lowest == nothing.highest == ()
    assert all(one.nrr is None and one.answered == 0 for one in nothing.elements)


def test_an_element_that_nobody_answered_is_not_guessed() -> None:
    scores = scores_of_rows(SKM, [dict.fromkeys(ELEMENTS[SKM][:-1], 4)])
    result = satisfaction(SKM, scores)
    assert (result.value, result.unanswered) == (None, ("u9",))
    assert str(result.elements[0].nrr) == "4.0000"


def test_a_mean_is_over_those_who_answered() -> None:
    """Two of three left U1 out: its mean is that of the one."""
    rows = [dict.fromkeys(ELEMENTS[SKM], 2) for _ in range(3)]
    del rows[0]["u1"], rows[1]["u1"]
    rows[2]["u1"] = 4
    first = satisfaction(SKM, scores_of_rows(SKM, rows)).elements[0]
    assert (first.answered, str(first.nrr)) == (1, "4.0000")


def test_what_no_form_asks_is_not_counted() -> None:
    rows = [{"u1": 9, "u2": 0, "p1": 4, "nonsense": 4, "u3": 3}]
    counted = scores_of_rows(SKM, rows)
    assert counted == {**{code: {} for code in ELEMENTS[SKM]}, "u3": {3: 1}}


def test_a_tie_is_a_tie_although_no_mean_has_an_end() -> None:
    """3000 people and a sum of 95391 come to 88.325 exactly; thirds in decimals lose it."""
    totals = (10942, 10228, 10739, 10426, 10981, 10647, 10706, 10765, 9957)
    assert sum(totals) == 95391
    result = of_totals(totals, 3000)
    assert (result.converted, str(result.value), result.grade) == (Decimal("88.325"), "88.33", "A")


@given(st.lists(st.tuples(*[st.integers(1, 4)] * 9), min_size=1, max_size=40))
def test_the_index_is_that_of_whole_numbers(forms: list[tuple[int, ...]]) -> None:
    """However the forms are filled in: 25/9 of the sum over the people, to the last digit."""
    result = of_rows(rows=tuple(" ".join(map(str, form)) for form in forms))
    cents, rest = divmod(2500 * sum(map(sum, forms)), 9 * len(forms))
    expected = cents + (2 * rest >= 9 * len(forms))
    assert result.value == Decimal(expected) / 100
    assert result.grade is not None
    lowest, highest = next(
        (low, high) for grade, low, high in bounds_of(SKM) if grade == result.grade
    )
    assert lowest <= result.value <= highest


def test_the_grades_leave_no_gap() -> None:
    for instrument in (SKM, IKM):
        for (_, above, _), (_, _, below) in zip(
            bounds_of(instrument), bounds_of(instrument)[1:], strict=False
        ):
            assert above - below == Decimal("0.01")
    assert bounds_of(SKM)[0] == ("A", Decimal("88.31"), Decimal("100.00"))
    assert bounds_of(IKM)[-1] == ("D", Decimal("25.00"), Decimal("43.75"))


@pytest.mark.parametrize(
    ("population", "sample"),
    # Out of the table of Krejcie and Morgan, 1970.
    [
        *((0, 0), (1, 1), (10, 10), (15, 14), (50, 44), (100, 80), (500, 217), (1000, 278)),
        *((5000, 357), (10_000, 370), (50_000, 381), (1_000_000, 384)),
    ],
)
def test_how_many_to_ask(population: int, sample: int) -> None:
    assert sample_size(population) == sample


def test_half_of_the_form_is_a_filled_in_form() -> None:
    assert (needed_answers(SKM), needed_answers(IKM)) == (5, 7)
