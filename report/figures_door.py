"""Who came on a day, what the door did, and which papers were missing."""

from collections import Counter
from collections.abc import Callable, Sequence

from db.catalogue_names import CatalogueNames
from db.day_details import ScreeningRow, codes_of
from db.day_events import DayEvents
from db.day_facts import is_unscreened
from db.day_visits import Visit
from report.day import Arrivals, Counted, Missing
from report.figures_tickets import in_order
from report.measuring import counted, measured


def arrivals_of(
    events: DayEvents,
    screenings: Sequence[ScreeningRow],
    visits: Sequence[Visit],
    catalogue: CatalogueNames,
) -> Arrivals:
    """Everyone who came, each once: at the door, at a kiosk, in the guest book."""
    outcomes = Counter(one.outcome for one in screenings)
    unscreened = sum(is_unscreened(one) for one in visits)
    solved = [one for one in screenings if one.outcome == "solved"]
    times = measured(one.at_ms - one.started_at_ms for one in screenings)

    def by(
        value_of: Callable[[ScreeningRow], str | None], rows: Sequence[ScreeningRow], kind: str
    ) -> tuple[Counted, ...]:
        codes = Counter(code for one in rows if (code := value_of(one)) is not None)
        return counted(codes, catalogue, kind)

    return Arrivals(
        arrived=len(arrival_instants(events, visits)),
        screened=len(events.screened_at_ms),
        unscreened=unscreened,
        sent_home=len(events.sent_home),
        guests=len(events.guests_at_ms),
        outcomes=counted(outcomes, catalogue, "outcome"),
        solved=len(solved),
        solved_reasons=by(lambda one: one.reason, solved, "choice.solved_reason"),
        channels=by(lambda one: one.channel, screenings, "channel"),
        offices=by(lambda one: one.office, screenings, "office"),
        segments=by(lambda one: one.segment, screenings, "choice.segment"),
        matters=by(lambda one: one.matter, screenings, "matter"),
        home_channels=counted(
            Counter(channel for _, _, channel in events.sent_home), catalogue, "channel"
        ),
        persons=sum(one.weight for one in screenings),
        companions=sum(bool(one.companion) for one in screenings),
        repeat_visits=sum(one.visits_before > 0 for one in screenings),
        screening_median_s=times.median_s,
        screening_p90_s=times.p90_s,
    )


def arrival_instants(events: DayEvents, visits: Sequence[Visit]) -> list[int]:
    """When each of them came, in ms."""
    unscreened_ms = [one.issued_at_ms for one in visits if is_unscreened(one)]
    sent_home_ms = [at_ms for at_ms, _, _ in events.sent_home]
    return [*events.screened_at_ms, *unscreened_ms, *sent_home_ms, *events.guests_at_ms]


def missing_of(
    screenings: Sequence[ScreeningRow], catalogue: CatalogueNames
) -> tuple[Missing, ...]:
    """Papers that were not there, by service in the branch's order."""
    many: dict[str, Counter[str]] = {}
    for one in screenings:
        for paper in codes_of(one.missing):
            many.setdefault(one.service or "", Counter())[paper] += 1
    return tuple(
        Missing(
            service,
            catalogue.names_of("service", service),
            counted(many[service], catalogue, "paper"),
        )
        for service in in_order(many, catalogue.order("service"))
    )


def door_adds_up(
    events: DayEvents, screenings: Sequence[ScreeningRow], visits: Sequence[Visit]
) -> bool:
    """Every visitor has one outcome, and every number of the door its visitor; where a number was
    given at once, there is one (law I11)."""
    with_ticket = sum(one.ticket is not None for one in screenings)
    at_once = sum(one.outcome == "ticket" for one in screenings)
    later = sum(one.ticket is not None and one.outcome != "ticket" for one in screenings)
    of_door = len({one.screening for one in visits if one.screening is not None})
    return (
        len(events.screened_at_ms) == len(screenings) and with_ticket == of_door == at_once + later
    )
