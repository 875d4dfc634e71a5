"""Every word of the protocol with made-up contents, from the types alone: a new word is covered at
once."""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

from protocol.messages import AnyCommand, Hello, ServerMessage

COMMAND_KINDS: tuple[type[msgspec.Struct], ...] = AnyCommand.__args__
SERVER_KINDS: tuple[type[msgspec.Struct], ...] = tuple(
    kind for part in ServerMessage.__args__ for kind in getattr(part, "__args__", (part,))
)
ALL_KINDS: tuple[type[msgspec.Struct], ...] = (Hello, *COMMAND_KINDS, *SERVER_KINDS)

# No lone surrogates: they cannot be written as UTF-8, and have tests of their own. Nor NUL, which
# is refused.
letters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")


def words(kind: type[msgspec.Struct]) -> st.SearchStrategy[Any]:
    """Instances of one struct, with fields left to their defaults now and then."""
    return _strategy(inspect.type_info(kind))


def _strategy(info: inspect.Type) -> st.SearchStrategy[Any]:
    match info:
        case inspect.StructType():
            required = {f.name: _strategy(f.type) for f in info.fields if f.required}
            optional = {f.name: _strategy(f.type) for f in info.fields if not f.required}
            fields = st.fixed_dictionaries(required, optional=optional)
            return fields.map(lambda given: info.cls(**given))
        case inspect.StrType(pattern=str() as pattern):
            return st.from_regex(re.compile(pattern, re.ASCII))
        case inspect.StrType():
            least = info.min_length or 0
            longest = max(least, min(info.max_length or 12, 12))
            return st.text(letters, min_size=least, max_size=longest)
        case inspect.IntType():
            return st.integers(_or(info.ge, -(2**53)), _or(info.le, 2**53))
        case inspect.FloatType():
            return st.floats(allow_nan=False, allow_infinity=False)
        case inspect.ListType():
            least = info.min_length or 0
            return st.lists(_strategy(info.item_type), min_size=least, max_size=max(3, least))
        case inspect.DictType():
            least = info.min_length or 0
            keys, values = _strategy(info.key_type), _strategy(info.value_type)
            return st.dictionaries(keys, values, min_size=least, max_size=max(3, least))
        case inspect.UnionType():
            kinds = [kind for kind in info.types if type(kind).__name__ != "UnsetType"]
            return st.one_of(*(_strategy(kind) for kind in kinds))
        case inspect.LiteralType():
            return st.sampled_from(info.values)
        case inspect.EnumType():
            return st.sampled_from(list(info.cls))
        case inspect.UUIDType():
            return st.uuids()
        case inspect.DateTimeType():
            return st.datetimes(timezones=st.just(UTC)).map(_to_milliseconds)
        case inspect.DateType():
            return st.dates()
        case inspect.BoolType():
            return st.booleans()
        case inspect.NoneType():
            return st.none()
    raise NotImplementedError(f"{info} is new in the protocol; say here how to make one up")


def _to_milliseconds(instant: datetime) -> datetime:
    """As the protocol writes it."""
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def _or(bound: int | None, otherwise: int) -> int:
    return otherwise if bound is None else bound


commands = st.one_of(*(words(kind) for kind in COMMAND_KINDS))
server_messages = st.one_of(*(words(kind) for kind in SERVER_KINDS))
