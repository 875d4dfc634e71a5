"""A past day run again under another rule or staffing, beside how it really was."""

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from db import tables as t
from db.rows import all_rows
from server.administration.refusal import RefusedError
from server.administration.summary import aligned
from server.administration.verify import with_counters_of
from server.domain.branch_day import BranchDay
from server.domain.discipline import DISCIPLINES
from server.domain.events import Recorded
from server.domain.past import past_of
from server.domain.rerun import Plan, rerun
from server.domain.run_summary import RunSummary, Waits, summary_of
from server.store import Store
from server.texts import Table, table

COUNTERS_MAX = 99


@dataclass(frozen=True, slots=True)
class Replay:
    """A day three times: as it was, by the model as it was, and by the model under a plan.

    ``planned`` is None where the plan asks for nothing else.
    """

    business_date: str
    plan: Plan
    really: RunSummary
    model: RunSummary
    planned: RunSummary | None


def replay_day(store: Store, day: str | None, plan: Plan) -> Replay:
    """Run a closed day again; raises RefusedError with a sentence."""
    if plan.discipline is not None and plan.discipline not in DISCIPLINES:
        known = ", ".join(DISCIPLINES)
        raise RefusedError(f"There is no discipline {plan.discipline!r}: known are {known}.")
    if plan.counters is not None and not 1 <= plan.counters <= COUNTERS_MAX:
        raise RefusedError(f"{plan.counters} counters are no staffing: say 1 to {COUNTERS_MAX}.")
    entries = _entries(store, _closed_day(store, day))
    branch = with_counters_of(store.load_branch(), entries)
    told = BranchDay(branch, entries[0].business_date)
    try:
        for entry in entries:
            told.apply(entry)
    except (AssertionError, KeyError, AttributeError, TypeError, ValueError) as error:
        raise RefusedError("The day's history was changed: run 'antrean-server verify'.") from error
    past = past_of(told, entries)
    if gone := sorted(past.services - branch.services.keys()):
        raise RefusedError(
            f"People came for {', '.join(gone)}, which the catalogue does not have any more. "
            "Load a catalogue with it, switched off, and run the day again."
        )

    def again(wanted: Plan) -> RunSummary:
        return summary_of(rerun(branch, past, wanted))

    planned = again(plan) if plan != Plan() else None
    return Replay(past.business_date, plan, summary_of(told), again(Plan()), planned)


def _closed_day(store: Store, day: str | None) -> Mapping[str, Any]:
    """The row of the wanted day, or of the newest one that is closed."""
    with store.database.reading() as connection:
        rows = all_rows(connection, t.business_day, store.branch_code)
    closed = [row for row in rows if row["closed_at_ms"] is not None]
    if day is None:
        if not closed:
            raise RefusedError("No business day of this branch has been closed yet.")
        return closed[-1]
    try:
        wanted = date.fromisoformat(day).isoformat()
    except ValueError as error:
        raise RefusedError(f"{day!r} is no date: write it like 2026-11-20.") from error
    found = next((row for row in rows if row["business_date"] == wanted), None)
    if found is None:
        days = f"{rows[0]['business_date']} to {rows[-1]['business_date']}" if rows else "none"
        raise RefusedError(f"There was no business day {wanted}; known days: {days}.")
    if found not in closed:
        raise RefusedError(f"The day {wanted} is not closed yet: it can be run again afterwards.")
    return found


def _entries(store: Store, day: Mapping[str, Any]) -> list[Recorded]:
    entries: list[Recorded] = []
    with (
        store.database.reading() as connection,
        closing(store.history(connection, day["first_seq"])) as events,
    ):
        for event in events:
            if event.seq > day["head_seq"]:
                break
            if event.recorded is None:
                raise RefusedError(
                    f"Event {event.seq} cannot be read: run 'antrean-server verify'."
                )
            entries.append(event.recorded)
    return entries


def as_json(replay: Replay) -> str:
    """The runs for programs; times in milliseconds."""
    runs = {
        name: None if run is None else _plain(run)
        for name, run in (
            ("really", replay.really), ("model", replay.model), ("planned", replay.planned),
        )
    }  # fmt: skip
    plan = asdict(replay.plan)
    return json.dumps({"business_date": replay.business_date, "plan": plan, **runs})


def _plain(run: RunSummary) -> dict[str, Any]:
    figures = asdict(run)
    figures["parts"] = [
        {"service": service, "class": kind, **waits}
        for (service, kind), waits in figures["parts"].items()
    ]
    return figures


def as_table(store: Store, replay: Replay, language: str) -> list[str]:
    """The runs for people, side by side."""
    words = table("replay", language)
    runs = [run for run in (replay.really, replay.model, replay.planned) if run is not None]
    heads = [words["really"], words["model"], _name_of(replay.plan, words)][: len(runs)]
    rows = [[words["figure"], *heads]]
    for figure in ("issued", "finished", "no_show", "cancelled", "expired", "overtakes_most"):
        rows.append([words[figure], *(str(getattr(run, figure)) for run in runs)])
    rows += _waits(words["all"], [run.total for run in runs], words)
    # A visitor may be called for another service first: a part may be missing in one run.
    for service, kind in sorted({part for run in runs for part in run.parts}):
        waits = [run.parts.get((service, kind)) for run in runs]
        rows += _waits(f"{service} {words[kind]}", waits, words)
    title = words["title"].format(date=replay.business_date, branch=store.load_branch().name)
    return [title, "", *aligned(rows, total=False), "", words["minutes"]]


def _name_of(plan: Plan, words: Table) -> str:
    parts = [] if plan.discipline is None else [plan.discipline]
    if plan.counters is not None:
        parts.append(words["plan-counters"].format(many=plan.counters))
    return ", ".join(parts)


def _waits(name: str, runs: Sequence[Waits | None], words: Table) -> list[list[str]]:
    columns = [_cells(waits) for waits in runs]
    figures = ("mean", "median", "p90", "most", "in-target")
    return [
        [f"{name}: {words[figure]}", *(column[place] for column in columns)]
        for place, figure in enumerate(figures)
    ]


def _cells(waits: Waits | None) -> list[str]:
    if waits is None:
        return ["–"] * 5
    times = (waits.mean_ms, waits.median_ms, waits.p90_ms, waits.most_ms)
    in_target = f"{100 * waits.in_target / waits.count:.0f}"
    return [*(f"{time_ms / 60_000:.1f}" for time_ms in times), in_target]
