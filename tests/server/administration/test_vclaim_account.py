"""The VClaim account: secrets lie in one private file, and no refusal repeats them."""

from pathlib import Path

import pytest

from server.administration.refusal import RefusedError
from server.administration.startup import read_startup
from server.administration.toml_file import FileProblemError
from server.administration.vclaim_account import read_account
from server.config import KEYS, SettingError, Settings, parse

SECRET, USER_KEY = "rahasia-kenari", "kunci-kenari"
SET = Settings({"directory.vclaim_cons_id": "12345"})
WELL = f'secret = "{SECRET}"\nuser_key = "{USER_KEY}"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vclaim.toml"
    path.write_text(WELL)
    path.chmod(0o600)
    return path


def refusal(settings: Settings, path: Path) -> str:
    with pytest.raises((RefusedError, FileProblemError)) as raised:
        read_account(settings, path)
    said = str(raised.value)
    assert "kenari" not in said
    return said


def test_settings_and_secrets_make_the_account(file: Path) -> None:
    account = read_account(SET, file)
    assert account == (
        "https://apijkn.bpjs-kesehatan.go.id/vclaim-rest",
        *("12345", SECRET, USER_KEY),
    )
    assert "kenari" not in repr(account)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_file_that_others_may_read_is_refused_with_the_cure(file: Path, mode: int) -> None:
    file.chmod(mode)
    assert f"chmod 600 {file}" in refusal(SET, file)


def test_a_credential_of_systemd_is_private_whatever_its_mode_says(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An access list for the service's user shows as a readable group."""
    file.chmod(0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(file.parent / "elsewhere"))
    assert "chmod 600" in refusal(SET, file)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(file.parent))
    assert read_account(SET, file).secret == SECRET


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('secret = "rahasia-kenari', "no proper TOML"),
        ("secret = rahasia-kenari", "no proper TOML"),
        ('secret = "rahasia-kenari"', "user_key: has no usable text"),
        (WELL.replace("kunci-kenari", "kunci\\nX-evil: kenari"), "user_key: has no usable text"),
        (WELL.replace("kunci-kenari", "kunci-é-kenari"), "user_key: has no usable text"),
        (WELL + 'url = "https://kenari"', "url: is not known here"),
    ],
)
def test_a_file_that_is_wrong_is_told_without_its_secrets(file: Path, text: str, said: str) -> None:
    file.write_text(text)
    assert said in refusal(SET, file)


def test_what_is_missing_is_named_with_the_cure(file: Path) -> None:
    assert "config set directory.vclaim_cons_id" in refusal(Settings({}), file)
    nowhere = Settings({**SET.stored, "directory.vclaim_url": ""})
    assert "config set directory.vclaim_url" in refusal(nowhere, file)
    file.unlink()
    assert "there is no such file" in refusal(SET, file)


def test_the_file_lies_with_the_data_unless_another_is_named(tmp_path: Path) -> None:
    settings = tmp_path / "server.toml"
    settings.write_text("")
    flags = {"settings": settings, "data": tmp_path}
    assert read_startup(flags, {}).vclaim_file == tmp_path / "vclaim.toml"
    other = read_startup(flags, {"ANTREAN_VCLAIM": "/etc/antrean/vclaim.toml"})
    assert other.vclaim_file == Path("/etc/antrean/vclaim.toml")
    assert read_startup({**flags, "vclaim": "/x"}, {}).vclaim_file == Path("/x")


@pytest.mark.parametrize(
    "url",
    [
        *("http://apijkn.bpjs-kesehatan.go.id/vclaim-rest", "ftp://x", "https://a b"),
        *("http://127.0.0.1.evil.example/", "https://user:pass@host/", "http://localhost@evil/"),
        "https://host/?x=",
    ],
)
def test_numbers_of_people_go_nowhere_without_encryption(url: str) -> None:
    with pytest.raises(SettingError):
        parse("directory.vclaim_url", url)


@pytest.mark.parametrize(
    "url", ["https://apijkn-dev.bpjs-kesehatan.go.id/vclaim-rest-dev", "http://127.0.0.1:8/v", ""]
)
def test_encrypted_addresses_and_this_machine_are_taken(url: str) -> None:
    assert parse("directory.vclaim_url", url) == url


def test_no_setting_holds_a_secret_and_no_directory_is_on_by_default() -> None:
    names = [name for name in KEYS if name.startswith("directory.")]
    assert [name for name in names if "secret" in name or "user_key" in name] == []
    assert Settings({}).get("directory.kind") == "none"
