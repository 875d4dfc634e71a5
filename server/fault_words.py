"""A bug told without its own words: these may repeat whom a command was about (law I12)."""

import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHAIN_MOST = 5


def places_of(error: BaseException) -> str:
    """What kind of error it was and where, newest place first; of those behind it the same."""
    told: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(told) < CHAIN_MOST:
        places = [f"{_short(one.filename)}:{one.lineno}" for one in _frames(seen)]
        told.append(f"{type(seen).__name__} at {' < '.join(reversed(places))}")
        seen = seen.__cause__ or seen.__context__
    return ", after ".join(told)


def _frames(error: BaseException) -> traceback.StackSummary:
    return traceback.extract_tb(error.__traceback__)


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
