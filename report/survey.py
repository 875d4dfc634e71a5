"""What a survey of a period comes to, and the one-tap ratings of the same days apart from it.

Two instruments are never added up: the report is of one of them, and says how many forms of the
other there are.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from db.catalogue_names import CatalogueNames
from db.day_facts import Reading
from db.surveys import (
    Comment,
    FilledIn,
    OneTapCounts,
    comments_of,
    one_tap_of,
    served_of,
    surveys_of,
)
from protocol.survey_form import AGES, EDUCATIONS, SEXES, WORKS
from report.day import Counted, Names
from report.measuring import counted
from report.periods import Period
from report.satisfaction import (
    EXACT,
    Satisfaction,
    sample_size,
    satisfaction,
    scores_of_rows,
)

COMMENTS_MOST = 200


@dataclass(frozen=True, slots=True)
class OfService:
    """The survey of those who came for a service."""

    code: str
    names: Names
    respondents: int
    result: Satisfaction


@dataclass(frozen=True, slots=True)
class Respondents:
    """Who answered, by the form's own groups and in their order; "" did not say."""

    sex: tuple[Counted, ...] = ()
    age: tuple[Counted, ...] = ()
    education: tuple[Counted, ...] = ()
    work: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True)
class OneTapReport:
    """One-tap ratings: no survey and never mixed with one; ``count`` is always said."""

    count: int = 0
    scores: tuple[int, int, int, int] = (0, 0, 0, 0)
    services: tuple[tuple[Counted, float], ...] = ()
    reasons: tuple[Counted, ...] = ()

    @property
    def average(self) -> float | None:
        """1 to 4."""
        total = sum(score * many for score, many in enumerate(self.scores, 1))
        return total / self.count if self.count else None

    @property
    def share_good(self) -> float | None:
        """The part that gave 3 or 4."""
        return (self.scores[2] + self.scores[3]) / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class SurveyReport:
    """A survey of a branch. Without an index ``result.unanswered`` says why.

    ``needed``: how many of ``population`` should have answered; the population is what the branch
    set, or the served visits of the period (``is_own_population`` tells which). ``others``: forms
    of another instrument in the same days. ``hidden``: comments beyond those that are shown.
    """

    branch: str
    branch_name: str
    made_at_ms: int
    period: Period
    instrument: str
    result: Satisfaction
    respondents: int = 0
    population: int = 0
    is_own_population: bool = False
    about: Respondents = Respondents()
    services: tuple[OfService, ...] = ()
    comments: tuple[Comment, ...] = ()
    hidden: int = 0
    others: int = 0
    one_tap: OneTapReport = field(default_factory=OneTapReport)

    @property
    def needed(self) -> int:
        """How many answers this many people ask for (Krejcie & Morgan)."""
        return sample_size(self.population)

    @property
    def is_enough(self) -> bool:
        """Whether so many answered."""
        return 0 < self.needed <= self.respondents


def survey_report(
    connection: Reading,
    branch: str,
    period: Period,
    *,
    now_ms: int,
    catalogue: CatalogueNames,
    instrument: str,
    weight: str = EXACT,
    population: int | None = None,
) -> SurveyReport:
    """The survey of a period with one instrument; ``weight`` as ``survey.weight`` says."""
    first, last = period.first, period.last
    forms = surveys_of(connection, branch, first, last)
    mine = [one for one in forms if one.instrument == instrument]
    comments = comments_of(connection, branch, first, last)
    return SurveyReport(
        branch=branch,
        branch_name=catalogue.branch_name,
        made_at_ms=now_ms,
        period=period,
        instrument=instrument,
        result=_result(instrument, mine, weight),
        respondents=len(mine),
        population=served_of(connection, branch, first, last) if population is None else population,
        is_own_population=population is not None,
        about=respondents_of(mine),
        services=tuple(_services(instrument, mine, weight, catalogue)),
        comments=tuple(comments[:COMMENTS_MOST]),
        hidden=max(0, len(comments) - COMMENTS_MOST),
        others=len(forms) - len(mine),
        one_tap=one_tap_report(one_tap_of(connection, branch, first, last), catalogue),
    )


def respondents_of(forms: Sequence[FilledIn]) -> Respondents:
    """Who answered; groups of nobody are shown, too."""
    return Respondents(
        sex=_groups(forms, lambda one: one.sex, SEXES),
        age=_groups(forms, lambda one: one.age, AGES),
        education=_groups(forms, lambda one: one.education, EDUCATIONS),
        work=_groups(forms, lambda one: one.work, WORKS),
    )


def one_tap_report(counts: OneTapCounts, catalogue: CatalogueNames) -> OneTapReport:
    """The one-tap ratings in all and by service."""
    scores, order = counts.scores, catalogue.order("service")
    by_service = []
    for code in sorted(counts.services, key=lambda one: (order.get(one, len(order)), one)):
        of_service = counts.services[code]
        many = of_service.total()
        average = sum(score * times for score, times in of_service.items()) / many
        by_service.append((Counted(code, many, catalogue.names_of("service", code)), average))
    return OneTapReport(
        count=scores.total(),
        scores=(scores[1], scores[2], scores[3], scores[4]),
        services=tuple(by_service),
        reasons=counted(counts.reasons, catalogue, "choice.rating_reason"),
    )


def _result(instrument: str, forms: Iterable[FilledIn], weight: str) -> Satisfaction:
    scores = scores_of_rows(instrument, [one.answers for one in forms])
    return satisfaction(instrument, scores, weight)


def _services(
    instrument: str, forms: Sequence[FilledIn], weight: str, catalogue: CatalogueNames
) -> Iterable[OfService]:
    order = catalogue.order("service")
    codes = {one.service for one in forms}
    for code in sorted(codes, key=lambda one: (order.get(one, len(order)), one)):
        of_service = [one for one in forms if one.service == code]
        result = _result(instrument, of_service, weight)
        yield OfService(code, catalogue.names_of("service", code), len(of_service), result)


def _groups(
    forms: Sequence[FilledIn], group_of: Callable[[FilledIn], str], known: Sequence[str]
) -> tuple[Counted, ...]:
    many = Counter(map(group_of, forms))
    strangers = sorted(many.keys() - set(known) - {""})
    unsaid = ("",) if many[""] else ()
    return tuple(Counted(code, many[code]) for code in (*known, *strangers, *unsaid))
