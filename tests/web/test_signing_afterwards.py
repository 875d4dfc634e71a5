"""A day that nobody signed in the evening is signed the next morning."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.web.running_pages import HttpManager, RunningPages, branch_with_people
from tests.web.small_day import morning_of


def test_a_day_that_the_clock_closed_is_signed_the_next_morning(tmp_path: Path) -> None:
    zone = ZoneInfo("Asia/Jakarta")
    # The code of the second step is of now, so the day before is yesterday.
    yesterday = datetime.now(UTC).astimezone(zone).date() - timedelta(days=1)
    founded = branch_with_people(tmp_path / "data")
    founded._options = ("--clock-start", f"{yesterday}T08:00:00+07:00")
    with founded:
        morning_of(founded)
    founded._options = ()
    with founded, RunningPages(founded) as pages, HttpManager(pages, "manager-1") as manager:
        manager.sign_in()
        address = f"/report/{yesterday}"
        before = manager.get(address).text
        assert "Belum ditandatangani" in before
        done = manager.post(f"{address}/sign", on=address, note="Dibaca pagi ini")
        assert done.headers["location"].startswith(address)
        after = manager.get(address).text
        assert "Belum ditandatangani" not in after
        assert f'action="{address}/sign"' not in after
    assert founded.rows("SELECT business_date, staff, note FROM day_signature") == [
        (str(yesterday), "manager-1", "Dibaca pagi ini")
    ]
