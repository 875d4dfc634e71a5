"""Which seat the counter program opens, and as whom it says hello."""

from pathlib import Path

import pytest

from counter.__main__ import PROGRAM
from protocol.roles import DeviceRole
from ui.program import ExitCode, Folders, read_settings, run_screen

FOLDERS = Folders(Path("/nowhere"), Path("/nowhere"), Path("/nowhere"))


def flags(**more: object) -> dict[str, object]:
    return {"device": "a", "token": "t", **more}


@pytest.mark.parametrize(
    ("more", "role"),
    [
        ({}, DeviceRole.COUNTER),
        ({"seat": "counter"}, DeviceRole.COUNTER),
        ({"seat": "door"}, DeviceRole.SCREENING),
    ],
)
def test_the_seat_decides_the_role(more: dict[str, object], role: DeviceRole) -> None:
    assert PROGRAM.role_for(read_settings(PROGRAM, flags(**more), FOLDERS)) is role


def test_the_help_shows_how_to_open_the_door(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run_screen(PROGRAM, ["--help"])
    told = capsys.readouterr().out
    assert "--seat SEAT" in told
    assert "antrean-counter --seat door --touch --device door-1" in told


def test_an_unknown_seat_is_refused_with_those_that_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        run_screen(PROGRAM, ["--seat", "roof", "--device", "a", "--token", "t"])
    assert ended.value.code == ExitCode.USAGE
    assert "'roof' is not one of counter, door" in capsys.readouterr().err
