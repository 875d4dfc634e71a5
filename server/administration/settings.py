"""Reading and writing the branch's settings at the console."""

from db import tables as t
from db.rows import put_row, rename_branch
from protocol.roles import DeviceRole
from server.administration.refusal import RefusedError
from server.config import SettingError, Settings, key_of, known_names, parse, written
from server.store import Store


def list_settings(store: Store, language: str) -> list[str]:
    """Every setting with its value and its sentence."""
    settings = store.settings()
    lines = []
    for name in known_names(settings.languages(), _letters(store), _displays(store)):
        value = _on_one_line(written(settings.get(name)))
        lines += [f"# {key_of(name).sentence[language]}", f"{name} = {value}"]
    return lines


def get_setting(store: Store, name: str) -> str:
    """One value, as text."""
    return _on_one_line(written(store.settings().get(name)))


def _on_one_line(text: str) -> str:
    return text.replace("\n", "\\n")


def set_setting(store: Store, name: str, text: str) -> list[str]:
    """Write one setting; returns what the person should know about it.

    A line break may be written as ``\\n``, the way ``config get`` shows it.
    """
    text = text.replace("\\n", "\n")
    value = parse(name, text)
    if name == "branch.code":
        _rename(store, text)
        return []
    if name == "numbering.priority_letter":
        _demand_free_letter(store, text)
    Settings({**store.settings().stored, name: written(value)}).demand_numbers()
    with store.database.writing() as connection:
        row = {"key": name, "value": written(value)}
        put_row(connection, t.setting, store.branch_code, row)
    if name == "limits.commands_per_s" and value == 0:
        return ["warning: every limit of rate and number by device and by address is lifted"]
    if name == "network.allow_plain" and value:
        return ["warning: devices may connect without encryption; use it in a closed network only"]
    return []


def _rename(store: Store, code: str) -> None:
    if code == store.branch_code:
        return  # a guide followed twice asks for what is so already
    if store.load_day().last_seq:
        raise RefusedError(
            "branch.code cannot change any more: the history of this branch is chained to it. "
            "Make a new --data folder for another branch."
        )
    with store.database.writing() as connection:
        rename_branch(connection, store.branch_code, code)


def _letters(store: Store) -> list[str]:
    """The letters of the series that the branch gives numbers of."""
    branch = store.load_branch()
    shared = branch.rules.shared_letter
    own = [shared] if shared else [service.letter for service in branch.services.values()]
    return list(dict.fromkeys(filter(None, [*own, branch.rules.priority_letter])))


def _displays(store: Store) -> list[str]:
    """The displays of the branch that may connect."""
    known = (one for one in store.devices() if one.revoked_at_ms is None)
    return [one.name for one in known if one.role == DeviceRole.DISPLAY]


def _demand_free_letter(store: Store, letter: str) -> None:
    for service in store.load_branch().services.values():
        if service.letter == letter:
            raise SettingError(
                f"numbering.priority_letter: {letter} is the letter of service {service.code}. "
                "Choose one that no service has."
            )
