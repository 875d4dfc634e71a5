"""Icons by name, where the name may come from anybody's catalogue."""

import pytest

from ui.icons import icon_image


def test_an_icon_that_nobody_drew_gives_the_ticket_and_is_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An exception inside a paint event would end the program."""
    icon_image.cache_clear()
    assert icon_image("no-such-icon", 32, "#00613B") == icon_image("ticket", 32, "#00613B")
    assert "no-such-icon" in caplog.text
