"""A disk that says no: before, halfway, after; what is on it is whole."""

from pathlib import Path

import pytest

from server.domain.events import DayOpened, Recorded
from server.store import RememberedAnswer, StoreBusy
from simulation.disk import Disk, DiskFault, FaultyStore, MadeUpDiskError, PowerCutError

EVENT = Recorded(
    seq=1, at_ms=1, business_date="2026-11-20", event=DayOpened(business_date="2026-11-20")
)
ANSWER = RememberedAnswer(b"1" * 16, "kiosk-1", b"body", b"{}", 1, "2026-11-20")


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


def on_disk(store: FaultyStore) -> tuple[int, set[bytes]]:
    return store.load_day().last_seq, store.known_command_ids()


@pytest.mark.parametrize(
    ("fault", "error", "written"),
    [
        (DiskFault.BUSY_AT_ONCE, StoreBusy, False),
        (DiskFault.BUSY_HALFWAY, StoreBusy, False),
        (DiskFault.BROKEN_HALFWAY, MadeUpDiskError, False),
        (DiskFault.POWER_BEFORE, PowerCutError, False),
        (DiskFault.POWER_AFTER, PowerCutError, True),
    ],
)
def test_a_batch_is_whole_or_absent(
    disk: Disk, fault: DiskFault, error: type[Exception], written: bool
) -> None:
    """F03, F04, F05; law I1."""
    store = disk.open()
    store.fault = fault
    with pytest.raises(error):
        store.commit([EVENT], [ANSWER], [])
    again = disk.open()
    assert on_disk(again) == ((1, {ANSWER.command_id}) if written else (0, set()))
    if not written:
        again.commit([EVENT], [ANSWER], [])
        assert on_disk(again) == (1, {ANSWER.command_id})
    disk.close()


def test_a_dead_process_writes_nothing(disk: Disk) -> None:
    store = disk.open()
    disk.open()
    with pytest.raises(PowerCutError):
        store.commit([EVENT], [ANSWER], [])
    disk.close()
