"""Setting up: every dependency pinned, and script/setup right on machines of every kind."""

import configparser
import importlib.metadata
import os
import re
import subprocess
import time
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parent.parent
SETTINGS = configparser.ConfigParser()
SETTINGS.read(CHECKOUT / "setup.cfg")
EXTRAS = sorted(set(SETTINGS["options.extras_require"]) - {"all"})


# What setup.cfg says.


def requirements(text: str) -> list[Requirement]:
    lines = (line.strip() for line in text.splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def our_requirements() -> list[Requirement]:
    texts = [SETTINGS["options"]["install_requires"]]
    texts += [SETTINGS["options.extras_require"][extra] for extra in EXTRAS]
    return [requirement for text in texts for requirement in requirements(text)]


def test_every_dependency_is_pinned_exactly() -> None:
    loose = [
        str(requirement)
        for requirement in our_requirements()
        if not re.fullmatch(r"==[^,*]+", str(requirement.specifier))
    ]
    assert loose == []


def test_no_two_parts_pin_different_versions() -> None:
    pins: dict[str, set[str]] = {}
    for requirement in our_requirements():
        pins.setdefault(canonicalize_name(requirement.name), set()).add(str(requirement.specifier))
    assert {name: pin for name, pin in pins.items() if len(pin) > 1} == {}


OPTIONAL = {"video"}
"""Parts that no program needs: neither tests nor ``all`` install them."""


@pytest.mark.parametrize("extra", [extra for extra in EXTRAS if extra not in OPTIONAL])
def test_what_a_part_brings_along_is_pinned_in_that_part_too(extra: str) -> None:
    wanted = requirements(SETTINGS["options"]["install_requires"])
    wanted += requirements(SETTINGS["options.extras_require"][extra])
    pinned = {canonicalize_name(requirement.name) for requirement in wanted}
    moving = {
        f"{brought} (for {requirement})"
        for requirement in wanted
        for brought in brought_along(requirement)
        if brought not in pinned
    }
    assert moving == set()


def brought_along(requirement: Requirement) -> set[str]:
    """Name what a package brings along here, and what that brings, and so on."""
    names: set[str] = set()
    waiting = [requirement]
    while waiting:
        asked = waiting.pop()
        for line in importlib.metadata.requires(asked.name) or []:
            needed = Requirement(line)
            here = needed.marker is None or any(
                needed.marker.evaluate({"extra": extra}) for extra in ("", *asked.extras)
            )
            name = canonicalize_name(needed.name)
            if here and name not in names:
                names.add(name)
                waiting.append(needed)
    return names


def test_what_is_optional_comes_only_where_it_is_asked_for() -> None:
    everything = SETTINGS["options.extras_require"]["all"]
    assert not [extra for extra in OPTIONAL if extra in everything]


def test_the_pyside6_that_aborts_python_3_11_is_never_chosen() -> None:
    versions = {
        str(requirement.specifier)
        for requirement in our_requirements()
        if canonicalize_name(requirement.name)
        in ("pyside6-addons", "pyside6-essentials", "shiboken6")
    }
    assert len(versions) == 1, "the parts of PySide6 belong together"
    assert "==6.12.0" not in versions


# What script/setup does, on machines made up of stand-ins for apt-get, dpkg-query and python3.

PYTHON = """
case "$*" in
*version_info*) ;;
-V | -VV) echo "Python 3.11.2" ;;
*ensurepip*) exit ${NO_VENV_MODULE:-0} ;;
"-m venv "*)
    [ -z "${NO_VENV_MODULE:-}" ] || exit 1
    mkdir -p "$3/bin" && cp "$MACHINE/venv-python" "$3/bin/python"
    ;;
*) exit 1 ;;
esac
"""
VENV_PYTHON = """
case "$*" in
"-m pip --version") ;;
"-m pip config list") cat "$MACHINE/pip-settings" ;;
"-m pip install -qq uv=="*) exit ${NO_UV:-0} ;;
"-m uv pip install "*)
    env | grep -E '^(UV_|SSL_)' | sort >"$MACHINE/uv-environment"
    exit ${UV_FAILS:-0}
    ;;
esac
"""
APT_GET = """
if [ "${*: -1}" = update ]; then touch "$MACHINE/updated"; exit; fi
if [ -n "${LIST_IS_OLD:-}" ] && [ ! -e "$MACHINE/updated" ]; then
    echo "E: Unable to locate package"
    exit 100
fi
for word in "$@"; do echo "installed $word, " >>"$MACHINE/packages"; done
"""


class Machine:
    """A made-up machine: a checkout with script/setup, and stand-ins that write down calls."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.checkout = folder / "checkout"
        (self.checkout / "script").mkdir(parents=True)
        for name in ("setup.cfg", "pyproject.toml", "script/setup"):
            (self.checkout / name).write_text((CHECKOUT / name).read_text())
        (folder / "packages").write_text("installed python3, \n")
        (folder / "pip-settings").touch()
        (folder / "calls").touch()
        (folder / "programs").mkdir()
        self.stand_in("python3", PYTHON)
        self.stand_in("dpkg-query", 'cat "$MACHINE/packages"')
        self.stand_in("apt-get", APT_GET)
        self.stand_in("id", "echo ${USER_ID:-0}")
        self.stand_in("sudo", "exit 1")
        self.stand_in("uv", "exit 1")
        self.program(folder / "venv-python", VENV_PYTHON)

    def stand_in(self, name: str, text: str) -> None:
        self.program(self.folder / "programs" / name, text)

    def program(self, path: Path, text: str) -> None:
        path.write_text(f'#!/bin/bash\necho "$(basename "$0") $*" >>"$MACHINE/calls"\n{text}\n')
        path.chmod(0o755)

    def set_up(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", self.checkout / "script" / "setup", *arguments],
            env={
                "PATH": f"{self.folder / 'programs'}:/usr/sbin:/usr/bin:/sbin:/bin",
                "HOME": str(self.folder),
                "MACHINE": str(self.folder),
                **environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def change_settings(self, old: str, new: str) -> None:
        path = self.checkout / "setup.cfg"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def calls(self, part: str) -> list[str]:
        lines = (self.folder / "calls").read_text().splitlines()
        return [line for line in lines if part in line]

    def forget_calls(self) -> None:
        (self.folder / "calls").write_text("")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_root_on_a_bare_machine_gets_packages_and_environment(machine: Machine) -> None:
    done = machine.set_up("test")
    assert done.returncode == 0, done.stderr
    (install,) = machine.calls("apt-get")
    assert install.endswith("sox postgresql chromium")
    assert "libegl1" in install
    assert "python3-venv" not in install  # this machine's Python has its venv module
    assert machine.calls("-m uv pip install")
    assert "environment is ready" in done.stderr


def test_the_demo_needs_no_test_screen_and_no_postgresql(machine: Machine) -> None:
    machine.set_up()
    (install,) = machine.calls("apt-get")
    assert "espeak-ng" in install
    assert not re.search("xvfb|postgresql|pulseaudio|chromium", install)


def test_only_missing_packages_are_installed(machine: Machine) -> None:
    machine.set_up("demo")
    machine.forget_calls()
    machine.set_up("test")
    (install,) = machine.calls("apt-get")
    assert "libegl1" not in install
    assert "xvfb" in install


def test_a_package_that_another_one_provides_is_not_missing(machine: Machine) -> None:
    # Debian 13 has libglib2.0-0t64 in the place of libglib2.0-0.
    (machine.folder / "packages").write_text(
        "installed libglib2.0-0t64, libglib2.0-0 (= 2.84)\nconfig-files libegl1, \n"
    )
    machine.set_up()
    (install,) = machine.calls("apt-get")
    assert "libglib2.0-0" not in install
    assert "libegl1" in install  # removed, only its settings are still there


def test_an_old_package_list_is_fetched_once_and_apt_tried_again(machine: Machine) -> None:
    done = machine.set_up(LIST_IS_OLD="1")
    assert done.returncode == 0, done.stderr
    assert [line.split()[-1] == "update" for line in machine.calls("apt-get")] == [
        False,
        True,
        False,
    ]


def test_without_root_the_missing_packages_are_one_line_to_copy(machine: Machine) -> None:
    done = machine.set_up("test", USER_ID="1000")
    assert done.returncode == 0, done.stderr
    assert machine.calls("apt-get") == []
    (line,) = [line for line in done.stderr.splitlines() if "apt-get install" in line]
    assert line.startswith("sudo apt-get install --no-install-recommends libglib2.0-0 ")
    assert line.endswith(" postgresql chromium")
    assert machine.calls("-m uv pip install"), "it must go on with what needs no root"


def test_a_user_with_sudo_needs_no_root(machine: Machine) -> None:
    machine.stand_in("sudo", 'shift; [ "$1" = true ] || exec "$@"')
    done = machine.set_up(USER_ID="1000")
    assert done.returncode == 0, done.stderr
    assert len(machine.calls("apt-get -y")) >= 1


def test_without_root_and_venv_module_it_says_which_package_brings_it(machine: Machine) -> None:
    done = machine.set_up(USER_ID="1000", NO_VENV_MODULE="1")
    assert done.returncode == 1
    assert "apt-get install --no-install-recommends python3-venv libglib2.0-0" in done.stderr
    assert "can make no environment" in done.stderr


def test_a_second_run_finds_nothing_to_do(machine: Machine) -> None:
    machine.set_up("test")
    machine.forget_calls()
    done = machine.set_up("test")
    assert (done.returncode, done.stderr) == (0, "")
    assert machine.calls("apt-get") == []
    assert machine.calls("install") == []


def test_a_changed_pin_is_installed_into_the_same_environment(machine: Machine) -> None:
    machine.set_up()
    machine.change_settings("websockets==17.4", "websockets==17.5")
    machine.forget_calls()
    machine.set_up()
    assert machine.calls("-m uv pip install")
    assert machine.calls("-m venv") == []


def test_a_changed_setting_of_a_tool_installs_nothing(machine: Machine) -> None:
    # So that somebody without a network can go on working.
    machine.set_up()
    machine.change_settings("timeout = 120", "timeout = 240")
    machine.forget_calls()
    machine.set_up()
    assert machine.calls("install") == []


def test_an_interrupted_environment_is_made_anew(machine: Machine) -> None:
    machine.set_up()
    (machine.checkout / ".venv" / "unfinished").touch()
    left_over = machine.checkout / ".venv" / "left-over"
    left_over.touch()
    machine.forget_calls()
    done = machine.set_up()
    assert "half made" in done.stderr
    assert machine.calls("-m venv")
    assert not left_over.exists()


def test_a_failed_installation_is_not_taken_for_done(machine: Machine) -> None:
    machine.program(machine.folder / "venv-python", 'case "$*" in *install*) exit 1 ;; esac')
    assert machine.set_up().returncode != 0
    machine.program(machine.folder / "venv-python", VENV_PYTHON)
    done = machine.set_up()
    assert done.returncode == 0
    assert "half made" in done.stderr


@pytest.mark.parametrize("trouble", ["NO_UV", "UV_FAILS"])
def test_pip_installs_where_uv_cannot(machine: Machine, trouble: str) -> None:
    done = machine.set_up(**{trouble: "1"})
    assert done.returncode == 0, done.stderr
    assert machine.calls("-m pip install -e .[all]")


def test_uv_is_told_what_pip_is_set_to(machine: Machine) -> None:
    (machine.folder / "pip-settings").write_text(
        ":env:.find-links='/wheels'\n"
        "global.cert='/etc/our.pem'\n"
        "global.extra-index-url='file:///first\\nfile:///second'\n"
        "global.find-links='/never'\n"
        "global.index-url='file:///main'\n"
    )
    machine.set_up()
    assert (machine.folder / "uv-environment").read_text().splitlines() == [
        "SSL_CERT_FILE=/etc/our.pem",
        "UV_DEFAULT_INDEX=file:///main",
        "UV_FIND_LINKS=/wheels",
        "UV_INDEX=file:///first file:///second",
        "UV_INDEX_STRATEGY=unsafe-best-match",
    ]


def test_an_unknown_profile_is_refused_with_the_known_ones(machine: Machine) -> None:
    done = machine.set_up("everything")
    assert done.returncode == 2
    assert "'demo' or 'test'" in done.stderr


def test_a_second_set_up_of_this_checkout_takes_less_than_a_second() -> None:
    command = [str(CHECKOUT / "script" / "setup"), "test"]
    subprocess.run(command, check=True, capture_output=True)
    start = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    assert time.monotonic() - start < 1.0


# What script/test, script/check and .ci/run do, with stand-ins for what they call.


class Scripts:
    """A made-up checkout whose scripts are ours and whose programs only write down calls."""

    def __init__(self, folder: Path, *names: str) -> None:
        self.folder = folder
        for name in ("script/setup", "script/check", "script/test", *TOOLS):
            self.stand_in(name)
        for name in names:
            self.place(name).write_text((CHECKOUT / name).read_text())

    def place(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def stand_in(self, name: str, exit_code: int = 0) -> None:
        path = self.place(name)
        path.write_text(f'#!/bin/bash\necho "{path.name} $*" >>"$CALLS"\nexit {exit_code}\n')
        path.chmod(0o755)

    def run(self, name: str, *arguments: str) -> tuple[int, list[str]]:
        calls = self.folder / "calls"
        calls.write_text("")
        done = subprocess.run(
            ["bash", self.folder / name, *arguments],
            env={**os.environ, "CALLS": str(calls)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        return done.returncode, calls.read_text().splitlines()


TOOLS = [f".venv/bin/{name}" for name in ("python", "ruff", "mypy", "lint-imports")]


def test_the_tests_run_on_two_workers_after_the_set_up(tmp_path: Path) -> None:
    assert Scripts(tmp_path, "script/test").run("script/test") == (
        0,
        ["setup test", "python -m pytest -n 3 --dist loadfile"],
    )


def test_arguments_reach_pytest(tmp_path: Path) -> None:
    _, calls = Scripts(tmp_path, "script/test").run(
        "script/test", "--long", "tests/kiosk", "-k", "a b"
    )
    assert calls[1] == "python -m pytest -n 3 --dist loadfile --long tests/kiosk -k a b"


@pytest.mark.parametrize("argument", ["-n0", "-n", "--dist=load", "--pdb", "-s"])
def test_arguments_may_say_how_many_workers(tmp_path: Path, argument: str) -> None:
    _, calls = Scripts(tmp_path, "script/test").run("script/test", argument)
    assert calls[1] == f"python -m pytest {argument}"


def test_a_check_that_fails_does_not_hide_the_others(tmp_path: Path) -> None:
    scripts = Scripts(tmp_path, "script/check")
    assert scripts.run("script/check")[0] == 0
    scripts.stand_in(".venv/bin/ruff", exit_code=1)
    assert scripts.run("script/check") == (
        1,
        ["setup ", "ruff format --check .", "ruff check .", "mypy --strict", "lint-imports "],
    )


@pytest.mark.parametrize("failing", ["script/check", "script/test"])
def test_ci_runs_checks_and_tests_and_fails_if_either_does(tmp_path: Path, failing: str) -> None:
    scripts = Scripts(tmp_path, ".ci/run")
    assert scripts.run(".ci/run") == (0, ["check ", "test "])
    scripts.stand_in(failing, exit_code=1)
    assert scripts.run(".ci/run") == (1, ["check ", "test "])


@pytest.mark.parametrize("failing", ["script/test", "script/check"])
def test_nothing_runs_after_a_set_up_that_failed(tmp_path: Path, failing: str) -> None:
    scripts = Scripts(tmp_path, failing)
    scripts.stand_in("script/setup", exit_code=1)
    code, calls = scripts.run(failing)
    assert code != 0
    assert len(calls) == 1


@pytest.mark.parametrize("name", ["setup", "test", "check", "clean-room"])
def test_the_scripts_are_programs_that_bash_understands(name: str) -> None:
    path = CHECKOUT / "script" / name
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", path], check=True)
