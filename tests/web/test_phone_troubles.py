"""The phone page when something is wrong: server away, day over, hostile names, no network."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.web.looking import PHONE, complaints_of
from tests.web.running_pages import CHROMIUM
from tests.web.visited_hall import VisitedHall, founded_branch, secret_of, visited_hall

SOON_MS = 30_000
HOSTILE = "<script>window.__hit=1</script><img src=x onerror='window.__hit=1'>\"'{{7*7}}"


def test_while_the_server_is_away_the_page_keeps_what_was_last_known(
    tmp_path: Path, browser: Browser
) -> None:
    """Never a 404 for a real ticket; whether a strange link is one, nobody can say then."""
    branch = founded_branch(tmp_path / "data")
    with visited_hall(branch) as hall:
        mine, strange = hall.take(), "x" * 22
        context = browser.new_context(viewport=PHONE, locale="id-ID")  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{hall.url}/t/{secret_of(mine)}")
        expect(page.locator("#away")).to_be_hidden()
        hall.quit()
        branch.kill()
        expect(page.locator("#away")).to_contain_text(
            "Yang tampil adalah keadaan pukul", timeout=SOON_MS
        )
        expect(page.locator("#number")).to_have_text(mine.number)
        again = page.request.get(f"{hall.url}/t/{secret_of(mine)}")
        assert again.status == 200
        assert mine.number in again.text()
        assert "Yang tampil adalah keadaan pukul" in again.text()
        unknown = page.request.get(f"{hall.url}/t/{strange}")
        assert unknown.status == 503
        assert "Antrean belum dapat dihubungi" in unknown.text()
        deed = page.request.post(f"{hall.url}/t/{secret_of(mine)}/rate", form={"score": "4"})
        assert deed.status == 503
        branch.start()
        expect(page.locator("#away")).to_be_hidden(timeout=SOON_MS)
        context.close()


def test_when_the_pages_themselves_are_away_the_phone_says_so(
    tmp_path: Path, browser: Browser
) -> None:
    """No network, or antrean-web gone: what is shown stays, and it says that it is old."""
    with visited_hall(founded_branch(tmp_path / "data")) as hall:
        mine = hall.take()
        context = browser.new_context(viewport=PHONE, locale="id-ID")  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{hall.url}/t/{secret_of(mine)}")
        expect(page.locator("#number")).to_have_text(mine.number)
        hall.pages.__exit__()
        expect(page.locator("#away")).to_have_text(
            "Sambungan terputus. Halaman ini mencoba lagi sendiri.", timeout=SOON_MS
        )
        expect(page.locator("#number")).to_have_text(mine.number)
        context.close()


@pytest.fixture
def hostile_hall(tmp_path: Path) -> Iterator[VisitedHall]:
    branch = founded_branch(tmp_path / "data", branch__name=HOSTILE[:60], booking__open="true")
    with sqlite3.connect(branch.data / "branch.db") as connection:
        name = json.dumps({"id": HOSTILE, "en": HOSTILE})
        connection.execute("UPDATE service SET name = ?", (name,))
        connection.execute("UPDATE service SET papers = ?", (json.dumps([json.loads(name)]),))
    connection.close()
    with visited_hall(branch) as hall:
        yield hall


def test_names_of_a_catalogue_stay_words(hostile_hall: VisitedHall, browser: Browser) -> None:
    """F49: scripts in the names of branch, service and papers are shown, not run."""
    hall = hostile_hall
    mine = hall.take()
    context = browser.new_context(viewport=PHONE, locale="id-ID")  # type: ignore[arg-type]
    page = context.new_page()
    said = complaints_of(page)
    page.goto(f"{hall.url}/t/{secret_of(mine)}")
    expect(page.locator("#service")).to_have_text(HOSTILE)
    device = hall.open_counter(3, "sari")
    hall.call_next(device)
    expect(page.locator("body")).to_have_attribute("data-view", "called", timeout=SOON_MS)
    expect(page.locator("#service")).to_have_text(HOSTILE)
    expect(page.locator("#paper-list li")).to_have_text([HOSTILE])
    assert page.evaluate("window.__hit") is None
    assert said == [], "not even tried"
    page.goto(f"{hall.url}/b")
    assert page.evaluate("window.__hit") is None
    context.close()


def test_over_https_the_page_can_be_kept_stays_awake_and_is_there_offline(
    tmp_path: Path, browser: Browser
) -> None:
    """Over https: manifest, service worker, wake lock; and offline the last state, told as old."""
    branch = founded_branch(tmp_path / "data")
    folder = branch.data / "certificates"
    branch.command("certificate", "127.0.0.1", "--to", str(folder))
    pair = ("--certificate", str(folder / "server.pem"), "--key", str(folder / "server.key"))
    # Workers want a certificate that the browser believes; the branch's own authority is not there.
    believing = browser.browser_type.launch(
        executable_path=CHROMIUM, args=["--no-sandbox", "--ignore-certificate-errors"]
    )
    with visited_hall(branch, *pair) as hall:
        assert hall.url.startswith("https://")
        others, mine = [hall.take() for _ in range(3)], hall.take()
        page = believing.new_context(viewport=PHONE, locale="id-ID").new_page()  # type: ignore[arg-type]
        address = f"{hall.url}/t/{secret_of(mine)}"
        page.goto(address)
        told = page.request.get(f"{address}/app.webmanifest", ignore_https_errors=True).json()
        assert (told["start_url"], told["display"]) == (f"/t/{secret_of(mine)}", "standalone")
        expect(page.locator("#awake-row")).to_be_visible()
        page.locator("#awake").check(force=True)
        page.wait_for_timeout(500)
        expect(page.locator("#awake")).to_be_checked()
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        expect(page.locator("#head")).to_have_text("3 orang di depan Anda")
        device = hall.open_counter(3, "sari")
        assert hall.serve(device).number == others[0].number
        expect(page.locator("#head")).to_have_text("2 orang di depan Anda", timeout=SOON_MS)
        hall.pages.__exit__()
        page.goto(address)
        expect(page.locator("#number")).to_have_text(mine.number)
        expect(page.locator("#away")).to_be_visible(timeout=SOON_MS)
        expect(page.locator("#head")).to_have_text("2 orang di depan Anda")
    believing.close()
