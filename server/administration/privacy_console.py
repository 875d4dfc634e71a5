"""The sub-commands about the branch's key and about what is personal."""

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from server.adapters.clock import wall_ms
from server.administration.refusal import RefusedError
from server.administration.sub_command import FOUND_WRONG, Command, Console, Said

PIPE = "-"
"""Standard input or output instead of a file."""


def key_show(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.key import key_name

    return Said([key_name(console.startup.data)])


def key_export(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.key import export_key, key_text

    notes = ["Keep it in a safe, away from the database's backups: both together can be read."]
    if arguments.file == PIPE:
        if sys.stdout.isatty():
            raise RefusedError("A key is not for a screen: pipe it into a file, or name one.")
        return Said([key_text(console.startup.data)], notes)
    name = export_key(console.startup.data, Path(arguments.file))
    return Said([f"wrote the key {name} to {arguments.file}"], notes)


def key_import(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.key import copy_in, import_key

    text = sys.stdin.readline() if arguments.file == PIPE else copy_in(Path(arguments.file))
    with console.writing() as store:
        return Said(import_key(store, console.startup.data, text))


def key_replace(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.key import replace_key

    if not arguments.give_up_sealed:
        raise RefusedError(
            "A new key gives up everything under seal: identifiers, notes, guests, complaints' "
            "texts and the list of members. If that is meant: --give-up-sealed."
        )
    with console.writing() as store:
        return Said(replace_key(store, console.startup.data, wall_ms()))


def privacy_report(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.privacy_report import as_json, as_table, read_report

    with console.reading() as store:
        report = read_report(store, wall_ms())
        zone = store.load_branch().time_zone
    notes = []
    if report.late:
        notes.append(
            f"{report.late} records are past their time: start the server, which erases them, or "
            "run 'antrean-server privacy sweep'."
        )
    lines = [as_json(report)] if arguments.json else list(as_table(report, zone))
    return Said(lines, notes, FOUND_WRONG if report.late else 0)


def privacy_sweep(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.privacy import sweep

    with console.writing() as store:
        counts = sweep(store, wall_ms())
    return Said([f"erased: {_counted(counts)}"])


def privacy_export(arguments: argparse.Namespace, console: Console) -> Said:
    import msgspec

    from server.administration.key import sealer_of
    from server.administration.privacy import export_person, find_person, read_who

    who = read_who(_ask_who(console))
    with console.reading() as store:
        found = find_person(store, sealer_of(store, console.startup.data), who)
        exported = export_person(store, found, who, wall_ms())
    text = msgspec.json.format(msgspec.json.encode(exported), indent=2).decode()
    notes = [f"{who.masked}: {_counted(found.counts())}", *_unreadable(found.unreadable)]
    if arguments.to is None:
        return Said([text], notes)
    target = Path(arguments.to)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    return Said([f"wrote {target}"], notes)


def privacy_erase(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.key import sealer_of
    from server.administration.privacy import erase_person, find_person, read_who

    who = read_who(_ask_who(console))
    with console.writing() as store:
        found = find_person(store, sealer_of(store, console.startup.data), who)
        counts = found.counts()
        if counts and not arguments.yes:
            _demand_yes(console, f"{who.masked}: {_counted(counts)} would be erased for good.")
        erased = erase_person(store, found, wall_ms())
    notes = _unreadable(found.unreadable)
    if erased:
        notes.append(
            "Backups made before have it still, under seal: let them go when their time is over, "
            "and after a 'restore' of one erase it again."
        )
    return Said([f"{who.masked}: erased {_counted(erased)}"], notes)


def _ask_aloud(asked: str) -> None:
    sys.stderr.write(asked)
    sys.stderr.flush()


def _ask_who(console: Console) -> str:
    """Whom it is about, from the keyboard or standard input: arguments are for all to see."""
    asked = "NIK, card, passport, mobile number or full name: "
    try:
        if console.ask_secret is not None:
            return console.ask_secret(asked)
        if sys.stdin.isatty():
            _ask_aloud(asked)
        return sys.stdin.readline().strip()
    except UnicodeDecodeError as error:
        raise RefusedError("Standard input is no UTF-8 text. Nothing was changed.") from error


def _demand_yes(console: Console, what: str) -> None:
    if console.ask_secret is None and not sys.stdin.isatty():
        raise RefusedError(f"{what} Nothing was changed; --yes says that it is meant.")
    asked = f"{what} Type YES: "
    if console.ask_secret is None:
        _ask_aloud(asked)
    answer = console.ask_secret(asked) if console.ask_secret else sys.stdin.readline()
    if answer.strip() != "YES":
        raise RefusedError("Nothing was changed.")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "nothing"


def _unreadable(count: int) -> list[str]:
    if not count:
        return []
    return [f"warning: {count} records did not open with this key; nobody knows of whom they are"]


PRIVACY_COMMANDS: Mapping[str, Command] = {
    "key show": key_show,
    "key export": key_export,
    "key import": key_import,
    "key replace": key_replace,
    "privacy report": privacy_report,
    "privacy sweep": privacy_sweep,
    "privacy export": privacy_export,
    "privacy erase": privacy_erase,
}
