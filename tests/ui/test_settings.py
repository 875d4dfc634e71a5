"""Settings: flag before environment before file before default, and every fault named."""

import argparse
import re
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.settings import (
    COUNT,
    GEOMETRY,
    PATH,
    POSITIVE,
    TEXT,
    WHOLE,
    YES_NO,
    AnyOption,
    Geometry,
    Option,
    SettingsError,
    add_flags,
    load_settings,
    one_of,
    optional,
)

SERVER = Option("server", TEXT, "ws://default", "address")
DEVICE = Option("device", TEXT, "", "name", metavar="NAME", required=True)
TOKEN = Option("token", TEXT, "", "secret", secret=True)
LOUD = Option("loud", YES_NO, False, "yes or no")
PORT = Option("printer.port", WHOLE, 9100, "of the printer")
SPEED = Option("clock-speed", POSITIVE, 1.0, "factor", flag_only=True)
LANGUAGE = Option("language", one_of("id", "en"), "id", "language")
SCREEN = Option("screen", optional(COUNT), None, "screen")
FILE = Option("log-file", PATH, None, "file")
OPTIONS: tuple[AnyOption, ...] = (
    SERVER,
    DEVICE,
    TOKEN,
    LOUD,
    PORT,
    SPEED,
    LANGUAGE,
    SCREEN,
    FILE,
)
NAMED = {"ANTREAN_DEVICE": "kiosk-1"}


def flags(*argv: str) -> dict[str, object]:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    add_flags(parser, OPTIONS)
    return vars(parser.parse_args(argv))


# option, flag, value of its variable, TOML line
WAYS = [
    (SERVER, ("--server", "ws://flag"), "ws://env", 'server = "ws://file"'),
    (DEVICE, ("--device", "flag"), "env", 'device = "file"'),
    (TOKEN, ("--token", "flag"), "env", 'token = "file"'),
    (LANGUAGE, ("--language", "en"), "id", 'language = "en"'),
    (PORT, ("--printer-port", "1"), "2", "[printer]\nport = 3"),
    (LOUD, ("--loud",), "no", "loud = true"),
    (SCREEN, ("--screen", "1"), "2", "screen = 3"),
    (FILE, ("--log-file", "flag"), "env", 'log_file = "file"'),
]


@pytest.mark.parametrize(("option", "flag", "variable", "line"), WAYS)
def test_a_flag_wins_over_the_environment_that_over_the_file_that_over_the_default(
    tmp_path: Path, option: AnyOption, flag: tuple[str, ...], variable: str, line: str
) -> None:
    file = tmp_path / "kiosk.toml"
    name = "" if option is DEVICE else 'device = "x"'
    file.write_text(f"{name}\n{line}\n")
    environment = {option.variable: variable}

    by_flag = load_settings(OPTIONS, flags(*flag), environment, file)
    by_environment = load_settings(OPTIONS, flags(), environment, file)
    by_file = load_settings(OPTIONS, flags(), {}, file)
    by_default = load_settings(OPTIONS, flags("--device", "x"), {}, None)

    values = [s[option] for s in (by_flag, by_environment, by_file)]
    assert values[0] != values[1] != values[2]
    assert by_flag.origin(option) == f"flag {option.flag}"
    assert by_environment.origin(option) == option.variable
    assert by_file.origin(option) == f"{file}, line {2 if '[' not in line else 3}"
    if option is not DEVICE:
        assert by_default[option] == option.default
        assert by_default.origin(option) == "default"


def test_a_flag_can_take_back_what_the_file_says(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('device = "x"\nloud = true\n')
    assert load_settings(OPTIONS, flags(), {}, file)[LOUD] is True
    assert load_settings(OPTIONS, flags("--no-loud"), {}, file)[LOUD] is False


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('devise = "x"', "line 1: there is no setting 'devise'; did you mean 'device'?"),
        ('device = "x"\n[printer]\nspeed = 1', "line 3: there is no setting 'printer.speed'"),
        ('device = "x"\nclock_speed = 2', "line 2: there is no setting 'clock_speed'"),
        ('device = "x"\n\nloud = "yes"', "line 3: loud must be true or false, not 'yes'"),
        ('device = "x"\nloud = 1', "loud must be true or false, not 1"),
        ('device = "x"\nscreen = 0', "screen must be a whole number from 1 on, not 0"),
        ('device = "x"\nscreen = true', "screen must be a whole number from 1 on"),
        ('device = "x"\nlanguage = "fr"', "language must be one of id, en, not 'fr'"),
        ('device = "x"\nprinter.port = "a"', "line 2: printer.port must be a whole number"),
        ('device = "x', "no valid TOML: .*line 1"),
        ("device = 5", "device must be a text, not 5"),
        ('token = 12345\ndevice = "x"', "token must be a text, not its value"),
    ],
)
def test_a_fault_in_the_file_is_named_with_file_line_and_cure(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=said) as caught:
        load_settings(OPTIONS, {}, {}, file)
    assert str(file) in str(caught.value)
    assert "12345" not in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('device = "x"\nloud = 3\nscreen = -1\n')
    environment = {"ANTREAN_LANGUAGE": "klingon"}
    with pytest.raises(SettingsError) as caught:
        load_settings(OPTIONS, {}, environment, file)
    assert len(str(caught.value).splitlines()) == 3


def test_a_missing_name_is_asked_for_by_all_its_ways(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    with pytest.raises(SettingsError) as caught:
        load_settings(OPTIONS, {}, {}, file, file_must_exist=False)
    for way in ("--device NAME", "ANTREAN_DEVICE", 'device = "…"', str(file)):
        assert way in str(caught.value)


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml: cannot be read"):
        load_settings(OPTIONS, {}, NAMED, tmp_path / "none.toml")


def test_a_file_that_is_no_text_is_refused_with_a_cure(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_bytes(b'device = "\xff\xfe"')
    with pytest.raises(SettingsError, match="save it as UTF-8"):
        load_settings(OPTIONS, {}, NAMED, file)


def test_a_setting_for_one_run_is_taken_from_nowhere_else() -> None:
    assert load_settings(OPTIONS, {}, NAMED | {"ANTREAN_CLOCK_SPEED": "60"})[SPEED] == 1.0
    assert load_settings(OPTIONS, flags("--clock-speed", "60"), NAMED)[SPEED] == 60


@pytest.mark.parametrize(
    "argv", [("--clock-speed", "0"), ("--clock-speed", "nan"), ("--language", "fr"), ("--loudly",)]
)
def test_a_wrong_flag_ends_with_the_code_for_wrong_use(
    argv: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        flags(*argv)
    assert ended.value.code == 2
    assert argv[0] in capsys.readouterr().err


def test_secrets_are_not_told_to_the_log() -> None:
    loaded = load_settings(OPTIONS, flags("--token", "geheim"), NAMED)
    lines = list(loaded.explained(OPTIONS))
    assert "token = … (flag --token)" in lines
    assert not any("geheim" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "geometry"),
    [
        ("900x560", Geometry(900, 560)),
        ("900x560+100+50", Geometry(900, 560, 100, 50)),
        ("900x560-10+0", Geometry(900, 560, -10, 0)),
    ],
)
def test_a_place_is_read_as_people_of_x11_write_it(text: str, geometry: Geometry) -> None:
    assert GEOMETRY.read(text) == geometry


@pytest.mark.parametrize("text", ["", "900", "0x560", "900x560+1", "900 x 560", "900x560+a+b"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        GEOMETRY.read(text)


_PIECES = st.sampled_from(
    [
        "device",
        "=",
        '"x"',
        "\n",
        "[printer]",
        "port",
        "3",
        "true",
        "[",
        "]",
        "{",
        "}",
        "'",
        ".",
        "#",
    ]
)


@given(
    st.lists(
        _PIECES | st.text(st.characters(exclude_categories=["Cs"]), max_size=3), max_size=25
    ).map("".join)
)
@settings(max_examples=300, deadline=None)
def test_whatever_stands_in_the_file_the_answer_is_settings_or_a_sentence(text: str) -> None:
    """F39: a corrupt or half-written file never ends in a traceback."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "kiosk.toml"
        file.write_text(text, encoding="utf-8", newline="")
        with suppress(SettingsError):
            load_settings(OPTIONS, {}, NAMED, file)
