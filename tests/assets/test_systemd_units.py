"""The systemd units start programs that exist, again and again, and the server with few rights."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from assets import asset_path

UNITS = sorted(asset_path("systemd").glob("*.service"))
OF_THE_MACHINE = {"antrean-server", "antrean-web"}
SCREENS = [unit for unit in UNITS if unit.stem not in OF_THE_MACHINE]
CHECKOUT = Path(__file__).resolve().parent.parent.parent


def sections(unit: Path) -> configparser.ConfigParser:
    # systemd lets a key stand twice; then the last one is enough for these tests.
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(unit.read_text())
    return parser


def entry_points() -> dict[str, str]:
    settings = configparser.ConfigParser()
    settings.read(CHECKOUT / "setup.cfg")
    lines = settings["options.entry_points"]["console_scripts"].strip().splitlines()
    return dict(re.split(r"\s*=\s*", line, maxsplit=1) for line in lines)


def test_each_program_of_a_branch_has_its_unit() -> None:
    assert {unit.stem for unit in UNITS} == set(entry_points()) - {"antrean-demo"}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_names_its_program_and_restarts_it_for_ever(unit: Path) -> None:
    parsed = sections(unit)
    program = Path(parsed["Service"]["ExecStart"].split()[0])
    assert program.name == unit.stem
    # Staff may close a counter, and a kiosk by its PIN; a fault brings either back.
    closable = unit.stem in ("antrean-counter", "antrean-kiosk")
    assert parsed["Service"]["Restart"] == ("on-failure" if closable else "always")
    assert parsed["Unit"]["StartLimitIntervalSec"] == "0"
    assert parsed["Install"]["WantedBy"]


@pytest.mark.parametrize("unit", SCREENS, ids=lambda unit: unit.stem)
def test_a_screen_comes_back_two_seconds_after_it_fell_and_belongs_to_the_session(
    unit: Path,
) -> None:
    parsed = sections(unit)
    assert parsed["Service"]["RestartSec"] == "2"
    assert parsed["Install"]["WantedBy"] == "graphical-session.target"


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_says_how_to_install_it(unit: Path) -> None:
    heading = unit.read_text().split("[Unit]")[0]
    assert all(line.startswith("#") for line in heading.splitlines() if line)
    assert f"{unit.name} " in heading
    assert f"enable --now {unit.stem}" in heading


def test_the_server_owns_its_data_and_nothing_else() -> None:
    service = sections(asset_path("systemd", "antrean-server.service"))["Service"]
    assert service["Type"] == "notify"
    assert service["WatchdogSec"] == "10"
    assert service["DynamicUser"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert f"--data /var/lib/{service['StateDirectory']} " in service["ExecStart"]


def test_the_pages_read_the_servers_data_and_stand_behind_it() -> None:
    """F55: whatever floods the pages, the queue's process goes first and loses nothing."""
    pages = sections(asset_path("systemd", "antrean-web.service"))["Service"]
    server = sections(asset_path("systemd", "antrean-server.service"))["Service"]
    for shared in ("DynamicUser", "User", "StateDirectory", "ProtectSystem"):
        assert pages[shared] == server[shared]
    assert f"--data /var/lib/{server['StateDirectory']} " in pages["ExecStart"]
    assert int(pages["CPUWeight"]) < int(server["CPUWeight"])
    assert int(pages["OOMScoreAdjust"]) > int(server["OOMScoreAdjust"])
    assert "token" not in pages["ExecStart"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_itself_understands_every_line(unit: Path, tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        # Not every machine runs systemd; the other tests have read the file already.
        return
    # With a program that exists here in the place of the one to be installed.
    copy = tmp_path / unit.name
    copy.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", unit.read_text()))
    scope = [] if unit.stem in OF_THE_MACHINE else ["--user"]
    verified = subprocess.run(
        [analyze, *scope, "verify", "--man=no", copy], capture_output=True, text=True, check=False
    )
    complaints = [line for line in verified.stderr.splitlines() if unit.name in line]
    assert complaints == []
