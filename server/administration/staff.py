"""The people who sign in, and their PINs."""

import re
from dataclasses import asdict, replace
from itertools import pairwise

import msgspec

from db import tables as t
from db.rows import change_row, put_row
from protocol.roles import StaffRole
from server.adapters.passwords import hash_pin
from server.administration.catalogue import LEVEL_MAX
from server.administration.refusal import RefusedError
from server.domain.branch import ALL_SERVICES
from server.store import StaffRecord, Store

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
PIN_LENGTH_MIN = 6
PIN_LENGTH_LEAST = 4
PIN_LENGTH_MAX = 100


def pin_weakness(pin: str, code: str) -> str | None:
    """Why a PIN is easy to guess, or None."""
    if len(pin) < PIN_LENGTH_MIN:
        return f"it is shorter than {PIN_LENGTH_MIN} digits"
    if len(set(pin)) <= 2:
        return "it repeats one or two digits"
    steps = {ord(after) - ord(before) for before, after in pairwise(pin)}
    if steps in ({1}, {-1}):
        return "it counts up or down"
    if len(pin) % 2 == 0 and pin[: len(pin) // 2] == pin[len(pin) // 2 :]:
        return "it says the same twice"
    if code and code.lower() in pin.lower():
        return "it contains the person's own code"
    return None


def demand_pin(pin: str) -> None:
    """Refuse what is no PIN at all."""
    if not PIN_LENGTH_LEAST <= len(pin) <= PIN_LENGTH_MAX:
        raise RefusedError(
            f"A PIN has {PIN_LENGTH_MIN} digits or more (up to {PIN_LENGTH_MAX} characters)."
        )


def add_staff(
    store: Store, code: str, name: str | None, role: StaffRole, pin: str, now_ms: int
) -> None:
    """Add a person, or give a known one a new name, role and PIN; skills and password stay."""
    if CODE.fullmatch(code) is None:
        raise RefusedError(
            f"{code!r} is no code for a person: use up to 40 letters, digits, '.', '_' or '-'."
        )
    demand_pin(pin)
    record = StaffRecord(code, name or code, role.value, hash_pin(pin), False, now_ms)
    for known in store.staff():
        if known.code == code:
            record = replace(
                record,
                services=known.services,
                preference=known.preference,
                password_hash=known.password_hash,
            )
    with store.database.writing() as connection:
        put_row(connection, t.staff, store.branch_code, asdict(record))


def list_staff(store: Store) -> list[str]:
    """One line per person."""
    return [
        f"{person.code} {person.role} {person.name}{_skills_of(person)}"
        f"{' (disabled)' if person.disabled else ''}"
        for person in store.staff()
    ]


def _skills_of(person: StaffRecord) -> str:
    """What a person serves, the way ``staff skills`` takes it; nothing for everything."""
    services = msgspec.json.decode(person.services, type=list[str])
    levels = msgspec.json.decode(person.preference, type=dict[str, int])
    if services == [ALL_SERVICES] and not levels:
        return ""
    listed = [*services, *(code for code in levels if code not in services)]
    return f" [{','.join(f'{code}:{levels[code]}' if code in levels else code for code in listed)}]"


def set_skills(store: Store, code: str, skills: str) -> None:
    """What a person serves of what a counter serves: ``A,B:2``; ``*`` is everything.

    The number is a level: 1 (without a number) before 2 and so on.
    """
    services: list[str] = []
    levels: dict[str, int] = {}
    known = store.load_branch().services
    for part in skills.split(","):
        service, colon, level = part.strip().partition(":")
        if service != ALL_SERVICES and service not in known:
            raise RefusedError(
                f"There is no service {service!r}; known are {', '.join(known)}, and * for all."
            )
        if colon and (
            not level.isascii() or not level.isdigit() or not 1 <= int(level) <= LEVEL_MAX
        ):
            raise RefusedError(f"{part.strip()!r}: a level is a number from 1 to {LEVEL_MAX}.")
        services.append(service)
        if colon:
            levels[service] = int(level)
    if ALL_SERVICES in levels:
        raise RefusedError("Everything alike needs no level: write *, or *,B:2 to put B behind.")
    row = {
        "services": [ALL_SERVICES] if ALL_SERVICES in services else list(dict.fromkeys(services)),
        "preference": levels,
    }
    columns = {name: msgspec.json.encode(value).decode() for name, value in row.items()}
    with store.database.writing() as connection:
        if not change_row(connection, t.staff, store.branch_code, {"code": code}, **columns):
            raise RefusedError(f"There is nobody with the code {code!r}; 'staff list' shows all.")


def disable_staff(store: Store, code: str) -> None:
    """Let a person sign in no more."""
    with store.database.writing() as connection:
        if not change_row(connection, t.staff, store.branch_code, {"code": code}, disabled=True):
            raise RefusedError(f"There is nobody with the code {code!r}; 'staff list' shows all.")
