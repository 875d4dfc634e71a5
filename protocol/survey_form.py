"""The questionnaires of the satisfaction survey: what they ask, and of whom, as codes.

SKM: PermenPANRB 14/2017, nine elements; IKM: KEP/25/M.PAN/2/2004, fourteen (domain.md 4).
"""

from collections.abc import Mapping

SKM = "skm-2017"
IKM = "ikm-2004"
ELEMENTS: Mapping[str, tuple[str, ...]] = {
    SKM: tuple(f"u{number}" for number in range(1, 10)),
    IKM: tuple(f"p{number}" for number in range(1, 15)),
}
"""Per instrument the codes of its elements, in the order of the form."""
SCORES = (1, 2, 3, 4)

SEXES = ("female", "male")
AGES = ("-17", "17-25", "26-35", "36-45", "46-55", "56-65", "66-")
EDUCATIONS = ("sd", "smp", "sma", "d1-d3", "s1", "s2", "s3")
WORKS = ("civil-servant", "military", "police", "private", "self-employed", "other")


def needed_answers(instrument: str) -> int:
    """At least half of the elements make a filled-in questionnaire."""
    return (len(ELEMENTS[instrument]) + 1) // 2
