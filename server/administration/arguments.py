"""The command line of ``antrean-server``: what may be said, with examples."""

import argparse
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from protocol.roles import DeviceRole, StaffRole

EXAMPLES = """\
run a branch:
  antrean-server --data /var/lib/antrean
  antrean-server --data DIR --host 0.0.0.0 --certificate server.pem --key server.key

give devices and people their keys (with the server stopped):
  antrean-server device add kiosk-1 counter-1 --role kiosk --data DIR
  antrean-server staff add sari --role frontliner --name "Sari Dewi" --data DIR
  antrean-server staff skills sari A,B:2 --data DIR
  antrean-server staff password wati --data DIR

change what the branch offers:
  antrean-server catalogue load services.toml --data DIR
  antrean-server config set day.starts_at 03:00 --data DIR
  antrean-server members import members.xlsx --data DIR
  antrean-server decrees import decrees.csv --data DIR
  antrean-server figures import kepuasan.csv --series satisfaction --data DIR

look after it (also while the server runs):
  antrean-server backup /media/usb/branch.db --data DIR
  antrean-server doctor --data DIR
  antrean-server key export /media/safe/branch.key --data DIR
  antrean-server privacy report --data DIR
  antrean-server verify --data DIR
  antrean-server summary --date 2026-11-20 --data DIR
  antrean-server report --date 2026-11-20 --format pdf --data DIR
  antrean-server report --month 2026-10 --against 2025-10 --format xlsx --data DIR
  antrean-server report --survey 2026 --format pdf --data DIR
  antrean-server complaints list --which overdue --data DIR
  antrean-server replay --date 2026-11-20 --discipline first-come --data DIR

settings are taken from flags, then ANTREAN_DATA, ANTREAN_PORT and so on, then the settings file,
then defaults.

exit codes: 0 well; 1 something wrong was found; 2 the command line is wrong; 3 settings, files
or data cannot be used; 4 another server or program is in the way; 5 the disk failed; 6 a bug
"""

MEMBERS_EXAMPLES = """\
a CSV (UTF-8) or the first sheet of an XLSX; its first row names the columns, in any order:
  nik;kartu;nama;segmen;status;kelas;fktp;fktp sejak;tgl sk
  3578080102030001;0001234567890;Siti Aminah;PBI APBN;nonaktif;3;PKM Dupak;2026-01-05;2026-07-01

  antrean-server members import members.csv --data DIR
  antrean-server members import members.xlsx --accept-good --data DIR
  antrean-server config set directory.kind file --data DIR

Each row needs a NIK or a card number. Of names only the initials are kept, numbers as keyed
hashes, the rest under the branch's key. The new list takes the place of the old one, at once or,
while a row is wrong, not at all; --accept-good leaves the wrong rows out.
"""

DECREES_EXAMPLES = """\
a CSV (UTF-8) or the first sheet of an XLSX; its first row names the columns:
  nomor;berlaku;nama
  92/HUK/2026;2026-07-01;SK penonaktifan Juli 2026

  antrean-server decrees import decrees.csv --data DIR

Decrees of the same number are replaced. A date that no calendar has, such as 30 February, is
refused with its row; then nothing is changed.
"""

FIGURES_EXAMPLES = """\
a CSV (UTF-8) or the first sheet of an XLSX; its first row names the columns:
  tahun;nilai;sumber                     bulan;peserta;sumber
  2014;81.0;survei BPJS Kesehatan        2020-01;1567;MCS-OC Jambi
  2015;78.90;survei BPJS Kesehatan       2020-02;2679;MCS-OC Jambi

  antrean-server figures import kepuasan.csv --series satisfaction --data DIR
  antrean-server figures import mcs-oc.csv --series outreach-mcs-oc --data DIR
  antrean-server figures import kunjungan.csv --series office-visits --data DIR

satisfaction is in percent by year or quarter (2014, 2014-Q1); outreach-<kind> and office-visits are
whole numbers by month. Figures of the same period are replaced. While a row is wrong nothing is
taken; each wrong row is named.
"""

REPLAY_EXAMPLES = """\
what if the rule had been another one, or one more counter had been open?
  antrean-server replay --data DIR --date 2026-11-20 --discipline ratio
  antrean-server replay --data DIR --date 2026-11-20 --counters 5
  antrean-server replay --data DIR --discipline first-come --counters 4 --lang en

The same visitors come at the same instants and take as long as they took. Three columns: the day
as it was, the model under the day's own rule and staffing, and the model under the one asked for.
Settings are those of now. Nothing is changed; it works beside a running server.
"""


PRIVACY_EXAMPLES = """\
answer a person within 3 x 24 hours (docs/privacy.md):
  antrean-server privacy export --to /media/usb/answer.json --data DIR
  antrean-server privacy export --data DIR < who.txt
  antrean-server privacy erase --data DIR
  antrean-server privacy report --data DIR

Who is meant is asked for, or read from standard input, and never an argument: every user of the
machine can read those. Erasing needs the server stopped; it is told to the history. exit codes:
0 well (also when nothing is kept), 1 something is past its time, 3 nobody can be meant by that,
4 the server is running
"""


def program_version() -> str:
    """The installed version."""
    try:
        return version("antrean")
    except PackageNotFoundError:
        return "(not installed)"


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    shared = _shared()
    root = argparse.ArgumentParser(
        prog="antrean-server",
        description="Runs a branch's queue: kiosks, counters and TVs connect to it.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[shared],
    )
    root.add_argument("--version", action="version", version=f"antrean-server {program_version()}")
    _running(root)
    commands = root.add_subparsers(dest="command", metavar="COMMAND", title="administration")

    def command(name: str, sentence: str, to: Any = commands) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = to.add_parser(
            name, help=sentence, description=sentence, parents=[shared]
        )
        return made

    def group(name: str, sentence: str) -> Any:
        made = commands.add_parser(name, help=sentence, description=sentence)
        return made.add_subparsers(dest="verb", metavar="VERB", required=True)

    device = group("device", "Devices that may connect.")
    add = command("add", "Add devices; prints NAME TOKEN, once.", device)
    add.add_argument("names", nargs="+", metavar="NAME")
    add.add_argument("--role", required=True, choices=[role.value for role in DeviceRole])
    add.add_argument("--counter", type=int, metavar="N", help="the counter it stands at")
    command("list", "List devices.", device)
    command("revoke", "Let a device in no more.", device).add_argument("name", metavar="NAME")

    staff = group("staff", "People who may sign in.")
    add = command("add", "Add a person; asks for the PIN, or reads ANTREAN_PIN.", staff)
    add.add_argument("code", metavar="CODE")
    add.add_argument("--role", required=True, choices=[role.value for role in StaffRole])
    add.add_argument("--name", help="as colleagues see it")
    command("list", "List people.", staff)
    command("disable", "Let a person sign in no more.", staff).add_argument("code", metavar="CODE")
    password = command(
        "password",
        "Give a manager a password for the pages; asks for it, or reads ANTREAN_PASSWORD.",
        staff,
    )
    password.add_argument("code", metavar="CODE")
    step = command("second-step", "The second step of a manager's sign-in with a browser.", staff)
    step.add_argument("code", metavar="CODE")
    step.add_argument(
        "--reset",
        action="store_true",
        help="take it away, as when the phone is lost; the next sign-in sets a new one up",
    )
    skills = command("skills", "Say which services a person serves: A,B:2, or * for all.", staff)
    skills.add_argument("code", metavar="CODE")
    skills.add_argument("skills", metavar="SERVICES", help="codes; :2 is called after :1")

    catalogue = group("catalogue", "Services, counters, choices, and the front door.")
    command("load", "Load a TOML catalogue.", catalogue).add_argument("file", metavar="FILE")
    command("show", "Show the branch's catalogue as TOML.", catalogue)
    save = command("save", "Write it to a new file, to change it and load it again.", catalogue)
    save.add_argument("file", metavar="FILE")

    paper = group("paper", "The form of the ticket, made in 'antrean-kiosk --edit-paper FILE'.")
    load = command("load", "Take a form for the branch's tickets.", paper)
    load.add_argument("file", metavar="FILE")
    load.add_argument("--logo", metavar="PNG", help="the picture for its line 'logo'")
    command("show", "Show the branch's form.", paper)
    keep = command("save", "Write it to a new file, to change it and load it again.", paper)
    keep.add_argument("file", metavar="FILE")
    keep.add_argument("--logo", metavar="PNG", help="write the logo here, too")

    def with_examples(made: argparse.ArgumentParser, examples: str) -> argparse.ArgumentParser:
        made.epilog, made.formatter_class = examples, argparse.RawDescriptionHelpFormatter
        made.add_argument("file", metavar="FILE")
        return made

    members = group("members", "The list of members that the door looks people up in.")
    listed = command("import", "Replace the list by a CSV or XLSX file's.", members)
    with_examples(listed, MEMBERS_EXAMPLES).add_argument(
        "--accept-good", action="store_true", help="leave wrong rows out and take the others"
    )
    command("forget", "Erase the list.", members)
    decrees = group("decrees", "Decrees that ended a contribution assistance.")
    with_examples(
        command("import", "Add decrees of a CSV or XLSX file.", decrees), DECREES_EXAMPLES
    )

    figures = group("figures", "Figures from before this system: satisfaction, outreach, visits.")
    listed = command("import", "Add figures of a CSV or XLSX file to a series.", figures)
    with_examples(listed, FIGURES_EXAMPLES).add_argument(
        "--series", required=True, metavar="NAME", help="satisfaction, outreach-mcs-oc, …"
    )
    command("list", "List what was imported.", figures)
    command("forget", "Take a series away.", figures).add_argument("series", metavar="NAME")

    complaints = group("complaints", "Complaints, and when they are due; no word of what was said.")
    listed = command("list", "List those that are open, overdue, or all.", complaints)
    listed.add_argument("--language", choices=["id", "en"], default="id")
    exported = command("export", "Write them to a new CSV file.", complaints)
    exported.add_argument("file", metavar="FILE")
    for made, default in ((listed, "open"), (exported, "all")):
        made.add_argument("--which", choices=["open", "overdue", "all"], default=default)

    config = group("config", "Settings of the branch.")
    command("get", "Show one setting, or all.", config).add_argument(
        "key", nargs="?", metavar="KEY"
    )
    put = command("set", "Change a setting (with the server stopped).", config)
    put.add_argument("key", metavar="KEY")
    put.add_argument("value", metavar="VALUE")

    key = group("key", "The key that seals what is personal.")
    command("show", "Say which key it is, by a name that gives nothing away.", key)
    command("export", "Write a copy, to keep apart from the backups.", key).add_argument(
        "file", metavar="FILE", help="a new file, or - for standard output into a pipe"
    )
    command("import", "Put a copy in the key's place.", key).add_argument(
        "file", metavar="FILE", help="or - for standard input"
    )
    replace = command("replace", "Begin with a new key when the old one is lost for good.", key)
    replace.add_argument(
        "--give-up-sealed", action="store_true", help="erase everything that the old key sealed"
    )

    privacy = group("privacy", "What is personal: how much is kept, and one person's.")
    told = command("report", "What is kept, how old it is, what was erased when.", privacy)
    told.add_argument("--json", action="store_true", help="for programs")
    command("sweep", "Erase what is past its time (the server does so every hour).", privacy)
    export = command("export", "All that is kept of one person, as JSON; asks for whom.", privacy)
    export.add_argument("--to", metavar="FILE", help="a new file instead of standard output")
    erase = command("erase", "Erase all that is kept of one person; asks for whom.", privacy)
    erase.add_argument("--yes", action="store_true", help="do not ask again")
    for made in (told, export, erase):
        made.epilog, made.formatter_class = PRIVACY_EXAMPLES, argparse.RawDescriptionHelpFormatter

    command("backup", "Write a copy of the database.").add_argument("file", metavar="FILE")
    command("restore", "Put a copy in the database's place.").add_argument("file", metavar="FILE")
    command("doctor", "Look over everything; each finding has a cure.")
    command("verify", "Prove that nobody changed the history.")
    summary = command("summary", "The figures of a day.")
    summary.add_argument("--date", metavar="YYYY-MM-DD", help="default: the newest day")
    summary.add_argument("--language", choices=["id", "en"], default="id")
    summary.add_argument("--json", action="store_true", help="for programs")
    report = command(
        "report", "The report of a day, month, year or survey as a file; beside a running server."
    )
    about = report.add_mutually_exclusive_group()
    about.add_argument("--date", metavar="YYYY-MM-DD", help="a day; default: the newest")
    about.add_argument("--month", metavar="YYYY-MM", dest="period", help="a month")
    about.add_argument("--year", metavar="YYYY", dest="period", help="a year")
    about.add_argument("--period", metavar="FROM..TO", dest="period", help="2026-10-05..2026-10-09")
    about.add_argument(
        "--survey", metavar="PERIOD", help="the satisfaction survey of 2026-10, 2026 or FROM..TO"
    )
    report.add_argument(
        "--against", metavar="PERIOD", help="compare the month, year or period with this one"
    )
    report.add_argument("--format", choices=["pdf", "html", "xlsx", "csv"], default="pdf")
    report.add_argument("--to", metavar="FILE", help="a new file, or - for standard output")
    report.add_argument("--language", choices=["id", "en"], default="id")
    replay = command("replay", "Run a past day again under another rule or staffing.")
    replay.epilog, replay.formatter_class = REPLAY_EXAMPLES, argparse.RawDescriptionHelpFormatter
    replay.add_argument("--date", metavar="YYYY-MM-DD", help="default: the newest closed day")
    replay.add_argument("--discipline", metavar="RULE", help="first-come, ratio or due-time")
    replay.add_argument(
        "--counters", type=int, metavar="N", help="so many, all day, each for every service"
    )
    replay.add_argument("--lang", "--language", choices=["id", "en"], default="id", dest="language")
    replay.add_argument("--json", action="store_true", help="for programs")
    certificate = command("certificate", "Make the branch's CA and the server's certificate.")
    certificate.add_argument("hosts", nargs="+", metavar="HOST", help="names and addresses")
    certificate.add_argument("--to", metavar="DIR", help="default: DIR/certificates")
    return root


def _shared() -> argparse.ArgumentParser:
    """Flags that stand before or behind a command. Without a default of their own, so that
    the later place does not wipe out the earlier one."""
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--data", metavar="DIR", help="the folder of the branch")
    shared.add_argument("--database", metavar="URL", help="PostgreSQL instead of DIR/branch.db")
    shared.add_argument("--settings", metavar="FILE", help="TOML with data, host, port, …")
    shared.add_argument("--host", help="address to listen on (127.0.0.1)")
    shared.add_argument("--port", help="port to listen on (8765)")
    shared.add_argument("--certificate", metavar="FILE", help="PEM, for wss")
    shared.add_argument("--key", metavar="FILE", help="PEM, for wss", dest="key_file")
    shared.add_argument(
        "--vclaim", metavar="FILE", help="TOML with secret and user_key (DIR/vclaim.toml)"
    )
    shared.add_argument("--log-level", choices=["debug", "info", "warning", "error"])
    shared.add_argument("--log-json", action="store_true", help="log for machines")
    return shared


def _running(root: argparse.ArgumentParser) -> None:
    root.add_argument(
        "--clock-speed",
        type=float,
        metavar="X",
        help="run the clock X times as fast (demonstration)",
    )
    root.add_argument("--clock-start", metavar="ISO", help="start the clock at this instant")
    root.add_argument(
        "--simulated-clock",
        action="store_true",
        help='the clock stands still; lines {"now_ms": …} on standard input move it',
    )
