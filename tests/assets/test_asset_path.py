"""Assets are found where the program runs, and a wheel brings all of them."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from assets import asset_path

CHECKOUT = Path(__file__).resolve().parent.parent.parent


def test_an_asset_is_found_whatever_the_working_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    assert asset_path("systemd", "antrean-server.service").is_file()


def test_a_missing_asset_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"lacks the asset fonts/None-Such\.ttf"):
        asset_path("fonts", "None-Such.ttf")


def tracked_files(folder: Path) -> list[str]:
    listed = subprocess.run(
        ["git", "-C", folder, "ls-files"], check=True, capture_output=True, text=True
    )
    return [name for name in listed.stdout.splitlines() if (folder / name).is_file()]


def is_shipped(name: str) -> bool:
    return name.split("/")[0] not in ("tests", "bench", "docs", "script") and (
        name.endswith((".py", ".mako")) or name.startswith("assets/")
    )


def test_a_wheel_holds_every_package_and_every_asset(tmp_path: Path) -> None:
    names = tracked_files(CHECKOUT)
    source = tmp_path / "source"
    for name in names:
        if is_shipped(name) or "/" not in name:
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(CHECKOUT / name, source / name)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    command += ["--no-build-isolation", "--wheel-dir", str(tmp_path), str(source)]
    subprocess.run(command, check=True)
    (wheel,) = tmp_path.glob("antrean-*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    assert {name for name in names if is_shipped(name) and "/" in name} - held == set()
    assert {name.split("/")[0] for name in held} & {"tests", "bench"} == set()
