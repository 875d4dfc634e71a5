"""The people who sign in, their PINs, and managers' passwords and second steps."""

import re
from dataclasses import asdict, replace
from itertools import pairwise

import msgspec

from db import tables as t
from db.rows import change_row, put_row
from protocol.roles import SEATS, DeviceRole, StaffRole
from server.adapters.passwords import hash_pin
from server.administration.catalogue import LEVEL_MAX
from server.administration.erasing import ACTOR, tell_erased
from server.administration.refusal import RefusedError
from server.domain.branch import ALL_SERVICES
from server.domain.events import ManagerSignedIn, ManagerSignedOut, Recorded
from server.ports import Erasure
from server.second_step_records import KIND, record_of
from server.store import StaffRecord, Store

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
PIN_LENGTH_MIN = 6
PIN_LENGTH_LEAST = 4
PIN_LENGTH_MAX = 100
PASSWORD_LENGTH_MIN = 12
PASSWORD_LENGTH_MAX = 200


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
    """Add a person, or give a known one a new name, role and PIN; skills and password stay.

    Whoever is signed in with a browser by the old PIN is out.
    """
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
            _end_sessions(store, code, now_ms)
    with store.database.writing() as connection:
        put_row(connection, t.staff, store.branch_code, asdict(record))


def demand_password(password: str, code: str, branch_code: str) -> None:
    """Refuse what is easy to guess: short, one character again and again, or one's own code."""
    if not PASSWORD_LENGTH_MIN <= len(password) <= PASSWORD_LENGTH_MAX:
        raise RefusedError(
            f"A password has {PASSWORD_LENGTH_MIN} to {PASSWORD_LENGTH_MAX} characters. A few "
            "words that do not belong together are good."
        )
    lowered = password.lower()
    if len(set(lowered)) < 5 or any(word in lowered for word in _FIRST_GUESSES):
        raise RefusedError("This password is one of the first that are guessed. Choose another.")
    if code.lower() in lowered or branch_code.lower() in lowered:
        raise RefusedError(
            "The password contains the person's or the branch's own code. Choose another."
        )


_FIRST_GUESSES = ("password", "katasandi", "antrean", "bpjs", "123456", "qwerty", "admin")


def set_password(store: Store, code: str, password: str, now_ms: int) -> None:
    """For signing in with a browser; whoever is signed in with the old one is out.

    Raises RefusedError for who may not have one, or a weak one.
    """
    _demand_manager(store, code)
    demand_password(password, code, store.branch_code)
    _end_sessions(store, code, now_ms)
    with store.database.writing() as connection:
        hashed = hash_pin(password)
        change_row(connection, t.staff, store.branch_code, {"code": code}, password_hash=hashed)


def second_step_is_set(store: Store, code: str) -> bool:
    """Whether a manager's phone is asked for a code."""
    _demand_manager(store, code)
    return store.sealed(record_of(code)) is not None


def reset_second_step(store: Store, code: str, now_ms: int) -> bool:
    """Take it away, end their sessions, and tell it to the history; False: there was none."""
    if not second_step_is_set(store, code):
        return False
    _end_sessions(store, code, now_ms)
    tell_erased(store, {KIND: 1}, "asked", Erasure(None, [record_of(code)]), now_ms)
    return True


def _end_sessions(store: Store, code: str, now_ms: int) -> None:
    """A browser that somebody else may hold is signed out with what let it in (ASVS V7.4.3)."""
    newest = store.load_day()
    open_now: list[str] = []
    for one in newest.entries:
        if isinstance(one.event, ManagerSignedIn) and one.event.staff == code:
            open_now.append(one.event.session)
        elif isinstance(one.event, ManagerSignedOut) and one.event.staff == code:
            open_now.remove(one.event.session)
    assert newest.business_date is not None or not open_now
    entries = [
        Recorded(
            seq=newest.last_seq + place,
            at_ms=max(now_ms, newest.last_at_ms),
            business_date=newest.business_date or "",
            event=ManagerSignedOut(session=session, staff=code, reason="ended"),
            actor=ACTOR,
        )
        for place, session in enumerate(open_now, 1)
    ]
    if entries:
        store.commit(entries, [], [], [], None)


def _demand_manager(store: Store, code: str) -> None:
    person = next((one for one in store.staff() if one.code == code), None)
    if person is None:
        raise RefusedError(f"There is nobody with the code {code!r}; 'staff list' shows all.")
    if StaffRole(person.role) not in SEATS[DeviceRole.WEB]:
        raise RefusedError(
            f"{code} is {person.role}: only a manager or admin signs in with a browser."
        )


def list_staff(store: Store) -> list[str]:
    """One line per person."""
    return [
        f"{person.code} {person.role} {person.name}{_skills_of(person)}"
        f"{' (password)' if person.password_hash else ''}"
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
