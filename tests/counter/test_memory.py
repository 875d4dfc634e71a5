"""What a seat remembers, and that a broken file costs only the habit."""

import logging
from pathlib import Path

import pytest

from counter.memory import SeatMemory


def test_what_was_kept_is_there_at_the_next_start(tmp_path: Path) -> None:
    file = tmp_path / "seats" / "seat.json"
    memory = SeatMemory(file)
    memory.keep_counter(3)
    memory.keep_strip_shown(True)
    memory.keep_strip_place("HDMI-1", (12, 34))
    again = SeatMemory(file)
    assert (again.counter, again.strip_shown) == (3, True)
    assert (again.strip_screen, again.strip_places) == ("HDMI-1", {"HDMI-1": (12, 34)})


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"strip_places": 7}', '{"strip_places": {"a": 1}}', "\udcff"]
)
def test_a_broken_file_is_no_reason_to_stop(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "seat.json"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with caplog.at_level(logging.WARNING):
        memory = SeatMemory(file)
    assert memory.strip_places == {}
    assert "cannot be read" in caplog.text
    memory.keep_counter(2)
    assert SeatMemory(file).counter == 2


def test_a_folder_that_cannot_be_written_is_said_once_and_survived(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("")
    memory = SeatMemory(blocked / "seat.json")
    with caplog.at_level(logging.WARNING):
        memory.keep_counter(3)
    assert memory.counter == 3
    assert "will not remember" in caplog.text
