"""Where the branch lies and listens: flag, environment, file, default, in this order."""

from pathlib import Path

import pytest

from server.administration.startup import FileProblemError, StartupError, read_startup


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "server.toml"
    path.write_text('data = "/srv/file"\nhost = "10.0.0.1"\nport = 1111\nlog_json = true\n')
    return path


def test_a_flag_goes_before_the_environment_before_the_file(file: Path) -> None:
    environment = {"ANTREAN_HOST": "10.0.0.2", "ANTREAN_PORT": "2222"}
    flags = {"settings": str(file), "port": "3333", "host": None}
    startup = read_startup(flags, environment)
    assert startup.data == Path("/srv/file")
    assert startup.host == "10.0.0.2"
    assert startup.port == 3333
    assert startup.log_json


def test_without_anything_the_branch_is_for_this_machine_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    startup = read_startup({}, {})
    assert (startup.host, startup.port) == ("127.0.0.1", 8765)
    assert startup.database is None
    assert startup.data == tmp_path / "antrean" / "branch"


def test_the_environment_may_name_the_file(file: Path) -> None:
    assert read_startup({}, {"ANTREAN_SETTINGS": str(file)}).port == 1111


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('prot = 1', "line 1, prot: is not known here"),
        ("\n\nport = 99999", "line 3, port: is 99999. It takes a number from 1 to 65535"),
        ("port = true", "line 1, port"),
        ('host = ""', "line 1, host"),
        ('log_level = "loud"', "line 1, log_level: is 'loud'. It takes debug or info"),
        ("host = 127.0.0.1", "at line 1"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_file_is_named_with_its_line(
    tmp_path: Path, line: str, words: str
) -> None:
    """F39."""
    path = tmp_path / "server.toml"
    path.write_text(line)
    with pytest.raises(FileProblemError) as problem:
        read_startup({"settings": str(path)}, {})
    assert str(path) in str(problem.value)
    assert words in str(problem.value)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(FileProblemError, match="there is no such file"):
        read_startup({"settings": str(tmp_path / "none.toml")}, {})


def test_a_mistake_elsewhere_is_named_by_where_it_was_said() -> None:
    with pytest.raises(StartupError, match="ANTREAN_PORT: 'x' cannot be used"):
        read_startup({}, {"ANTREAN_PORT": "x"})
    with pytest.raises(StartupError, match="--port: '-1' cannot be used"):
        read_startup({"port": "-1"}, {})


def test_a_certificate_needs_its_key() -> None:
    with pytest.raises(StartupError, match="give both"):
        read_startup({"certificate": "server.pem"}, {})
