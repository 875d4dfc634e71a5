"""The sub-commands: each opens the branch as it needs, does one thing, and says what came of it."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from db.refusals import DatabaseRefusedError
from server.adapters.clock import wall_ms
from server.administration.privacy_console import PRIVACY_COMMANDS
from server.administration.refusal import RefusedError
from server.administration.sub_command import FOUND_WRONG, Command, Console, Said

__all__ = ["COMMANDS", "Console", "replay", "staff_add"]


def device_add(arguments: argparse.Namespace, console: Console) -> Said:
    from protocol.roles import DeviceRole
    from server.administration.devices import add_devices

    role = DeviceRole(arguments.role)
    with console.writing() as store:
        tokens = add_devices(store, arguments.names, role, arguments.counter, wall_ms())
    return Said([f"{name} {token}" for name, token in tokens])


def device_list(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.devices import list_devices

    with console.reading() as store:
        return Said(list_devices(store))


def device_revoke(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.devices import revoke_device

    with console.writing() as store:
        revoke_device(store, arguments.name, wall_ms())
    return Said(notes=[f"{arguments.name} may not connect any more"])


def staff_add(arguments: argparse.Namespace, console: Console) -> Said:
    from protocol.roles import StaffRole
    from server.administration.staff import add_staff, demand_pin, pin_weakness

    pin = console.environment.get("ANTREAN_PIN")
    notes: list[str] = []
    if pin is None:
        pin = _ask_pin(console)
        demand_pin(pin)
        if weakness := pin_weakness(pin, arguments.code):
            raise RefusedError(f"This PIN is easy to guess: {weakness}. Choose another.")
    elif weakness := pin_weakness(pin, arguments.code):
        notes.append(f"warning: the PIN in ANTREAN_PIN is easy to guess: {weakness}")
    with console.writing() as store:
        role = StaffRole(arguments.role)
        add_staff(store, arguments.code, arguments.name, role, pin, wall_ms())
    return Said(notes=[*notes, f"{arguments.code} may sign in as {arguments.role}"])


def _ask_pin(console: Console) -> str:
    return _ask_twice(console, "PIN", "PIN (6 digits or more): ", "ANTREAN_PIN")


def _ask_twice(console: Console, what: str, question: str, variable: str) -> str:
    import getpass

    if console.ask_secret is None and not sys.stdin.isatty():
        raise RefusedError(f"No {what} was given: set {variable}, or type it at a terminal.")
    ask = console.ask_secret or getpass.getpass
    try:
        given = ask(question)
        if ask("The same once more: ") != given:
            raise RefusedError(f"The two {what}s differ. Nothing was changed; try again.")
    except EOFError as error:
        raise RefusedError(f"No {what} was given. Nothing was changed.") from error
    return given


def staff_password(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.staff import set_password

    password = console.environment.get("ANTREAN_PASSWORD")
    if password is None:
        question = "Password (12 characters or more): "
        password = _ask_twice(console, "password", question, "ANTREAN_PASSWORD")
    with console.writing() as store:
        set_password(store, arguments.code, password, wall_ms())
    return Said(notes=[f"{arguments.code} may sign in to the pages with this password"])


def staff_second_step(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.staff import reset_second_step, second_step_is_set

    if not arguments.reset:
        with console.reading() as store:
            is_set = second_step_is_set(store, arguments.code)
        return Said([f"{arguments.code}: {'set up' if is_set else 'not set up yet'}"])
    with console.writing() as store:
        was_set = reset_second_step(store, arguments.code, wall_ms())
    if not was_set:
        return Said(notes=[f"{arguments.code} had no second step"])
    return Said(notes=[f"{arguments.code} sets up a new second step at the next sign-in"])


def staff_list(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.staff import list_staff

    with console.reading() as store:
        return Said(list_staff(store))


def staff_disable(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.staff import disable_staff

    with console.writing() as store:
        disable_staff(store, arguments.code)
    return Said(notes=[f"{arguments.code} may not sign in any more"])


def staff_skills(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.staff import set_skills

    with console.writing() as store:
        set_skills(store, arguments.code, arguments.skills)
    return Said(notes=[f"{arguments.code} serves {arguments.skills} from the next start on"])


def catalogue_load(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.catalogue import read_catalogue
    from server.administration.loading import load_catalogue

    catalogue = read_catalogue(Path(arguments.file))
    with console.writing() as store:
        said = load_catalogue(store, catalogue)
    return Said(
        lines=[f"loaded {', '.join(one for one in said if not one.startswith('warning'))}"],
        notes=[one for one in said if one.startswith("warning")],
    )


def catalogue_show(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.catalogue_writing import catalogue_text

    with console.reading() as store:
        return Said([catalogue_text(store)])


def catalogue_save(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.catalogue_writing import save_catalogue

    with console.reading() as store:
        save_catalogue(store, Path(arguments.file))
    return Said(notes=[f"wrote {arguments.file}; change it, and load it again"])


def paper_load(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.paper import load_paper

    logo = Path(arguments.logo) if arguments.logo else None
    with console.writing() as store:
        return Said(notes=load_paper(store, Path(arguments.file), logo, console.language))


def paper_show(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.paper import form_text

    with console.reading() as store:
        return Said([form_text(store).rstrip("\n")])


def paper_save(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.paper import save_paper

    logo = Path(arguments.logo) if arguments.logo else None
    with console.reading() as store:
        return Said(notes=save_paper(store, Path(arguments.file), logo))


def members_import(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.key import sealer_of
    from server.administration.members import import_members

    with console.writing() as store:
        done = import_members(
            store,
            sealer_of(store, console.startup.data),
            Path(arguments.file),
            wall_ms(),
            accept_good=arguments.accept_good,
        )
        kind = store.settings().get("directory.kind")
    notes = done.left_out.lines()
    if kind != "file":
        notes.append(
            f"directory.kind is {kind}, so nobody is looked up in this list yet: "
            "antrean-server config set directory.kind file"
        )
    left_out = f", {done.left_out.count} rows left out" if done.left_out.count else ""
    return Said([f"imported {done.people} people{left_out}"], notes)


def members_forget(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.members import forget_members

    with console.writing() as store:
        forget_members(store)
    return Said(notes=["the list of members is erased"])


def decrees_import(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.decrees import import_decrees

    with console.writing() as store:
        return Said([f"imported {import_decrees(store, Path(arguments.file))} decrees"])


def figures_import(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.figures import import_figures

    with console.writing() as store:
        many = import_figures(store, Path(arguments.file), arguments.series, wall_ms())
    return Said([f"imported {many} figures of {arguments.series}"])


def figures_list(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.figures import list_figures

    with console.reading() as store:
        return Said(list_figures(store))


def figures_forget(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.figures import forget_figures

    with console.writing() as store:
        many = forget_figures(store, arguments.series)
    return Said(notes=[f"{many} figures of {arguments.series} are gone"])


def config_get(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.settings import get_setting, list_settings

    language = console.language
    with console.reading() as store:
        if arguments.key is not None:
            return Said([get_setting(store, arguments.key)])
        return Said(list_settings(store, language))


def config_set(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.settings import set_setting

    with console.writing() as store:
        return Said(notes=set_setting(store, arguments.key, arguments.value))


def backup(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.backup import KEY_NOTE, back_up

    with console.reading() as store:
        wrote = back_up(store, Path(arguments.file))
    return Said([f"wrote {wrote}"], [KEY_NOTE])


def restore(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.backup import restore as put_back

    if console.startup.database is not None:
        raise RefusedError("This branch lies in PostgreSQL: restore it with pg_restore.")
    return Said(put_back(Path(arguments.file), console.startup.data.absolute() / "branch.db"))


def doctor(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.doctor import examine

    findings = list(examine(console.startup, console.url, wall_ms))
    wrong = any(finding.level == "error" for finding in findings)
    return Said([str(finding) for finding in findings], code=FOUND_WRONG if wrong else 0)


def verify(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.verify import verify as prove

    with console.reading() as store:
        problems = prove(store)
        last_seq = store.load_day().last_seq if not problems else 0
    if problems:
        return Said(problems, ["The history was changed or damaged."], FOUND_WRONG)
    return Said([f"{last_seq} events verified: the chain is whole and every day adds up"])


def complaints_list(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.complaint_list import complaint_lines

    with console.reading() as store:
        return Said(complaint_lines(store, arguments.which, wall_ms(), arguments.language))


def complaints_export(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.complaint_list import export_complaints

    with console.reading() as store:
        many = export_complaints(store, arguments.which, wall_ms(), Path(arguments.file))
    return Said(notes=[f"wrote {many} complaints to {arguments.file}"])


def summary(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.summary import as_json, as_table, read_summary

    with console.reading() as store:
        figures = read_summary(store, arguments.date)
        code = 0 if figures.adds_up else FOUND_WRONG
        if arguments.json:
            return Said([as_json(figures)], code=code)
        return Said(as_table(store, figures, arguments.language), code=code)


def report(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.period_report import read_period_document, read_survey_document
    from server.administration.report import read_document, write_report

    language = arguments.language
    with console.reading() as store:
        if arguments.survey is not None:
            document = read_survey_document(store, arguments.survey, language, wall_ms())
        elif arguments.period is not None:
            against = arguments.against
            document = read_period_document(store, arguments.period, against, language, wall_ms())
        else:
            document = read_document(store, arguments.date, language, wall_ms())
    return Said(notes=write_report(document, arguments.format, arguments.to))


def replay(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.replay import as_json, as_table, replay_day
    from server.domain.rerun import Plan

    plan = Plan(arguments.discipline, arguments.counters)
    with console.reading() as store:
        replayed = replay_day(store, arguments.date, plan)
        if arguments.json:
            return Said([as_json(replayed)])
        return Said(as_table(store, replayed, arguments.language))


def certificate(arguments: argparse.Namespace, console: Console) -> Said:
    from server.administration.certificate import make_certificates

    folder = Path(arguments.to) if arguments.to else console.startup.data / "certificates"
    try:
        with console.reading() as store:
            branch = store.branch_code
    except DatabaseRefusedError:
        branch = "branch"  # a certificate may be made before the branch
    paths = make_certificates(folder, branch, arguments.hosts)
    return Said(
        [
            f"start the server with  --certificate {paths['certificate']} --key {paths['key']}",
            f"give every screen       {paths['ca']}  (--ca)",
        ]
    )


COMMANDS: Mapping[str, Command] = {
    "device add": device_add,
    "device list": device_list,
    "device revoke": device_revoke,
    "staff add": staff_add,
    "staff list": staff_list,
    "staff disable": staff_disable,
    "staff skills": staff_skills,
    "staff password": staff_password,
    "staff second-step": staff_second_step,
    "catalogue load": catalogue_load,
    "catalogue show": catalogue_show,
    "catalogue save": catalogue_save,
    "paper load": paper_load,
    "paper show": paper_show,
    "paper save": paper_save,
    "members import": members_import,
    "members forget": members_forget,
    "decrees import": decrees_import,
    "figures import": figures_import,
    "figures list": figures_list,
    "figures forget": figures_forget,
    "config get": config_get,
    "config set": config_set,
    **PRIVACY_COMMANDS,
    "backup": backup,
    "restore": restore,
    "doctor": doctor,
    "verify": verify,
    "complaints list": complaints_list,
    "complaints export": complaints_export,
    "summary": summary,
    "report": report,
    "replay": replay,
    "certificate": certificate,
}
