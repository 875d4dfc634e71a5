"""Pictures of the pages, of a simulated busy Monday: script/screenshots --pages DIR.

The real programs play the day; at eleven the clock stands still and a browser looks around.
"""

import argparse
import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from random import Random

import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from simulation import demo_headless
from simulation.day import plan_day
from simulation.demo_branch import MANAGER, PASSWORD, DemoBranch, prepare
from simulation.demo_stage import Stage
from tests.web.running_pages import CHROMIUM

MONDAY = date(2026, 11, 16)
VISITORS = 250
BUSY = 1.1
SEED = 7
LOOKS_AT = "11"
PC = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
TABLET = {"width": 1280, "height": 800}


def main(argv: Sequence[str] | None = None) -> int:
    """Play the day and write the pictures; or, within the day, only look around."""
    parser = argparse.ArgumentParser(prog="script/screenshots --pages")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--look", metavar="URL", help="look around in a branch that runs")
    parser.add_argument("--data", type=Path, help="its folder")
    parser.add_argument("--sign", metavar="URL", help="sign the day in a branch that runs")
    arguments = parser.parse_args(argv)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    if arguments.look is not None:
        look_around(arguments.look, arguments.data, arguments.folder)
        return 0
    if arguments.sign is not None:
        sign_the_day(arguments.sign, arguments.folder)
        return 0
    with tempfile.TemporaryDirectory(prefix="antrean-pictures-") as data:
        asyncio.run(play(Path(data), arguments.folder))
        write_report(Path(data), arguments.folder)
    return 0


async def play(data: Path, folder: Path) -> None:
    """The whole day; at one hour the browser comes."""
    random = Random(SEED)
    visits = plan_day(random, VISITORS, busy=BUSY)
    branch = prepare(data, demo_headless.DEVICES, demo_headless.COUNTERS, MONDAY)

    def say(line: str) -> None:
        print(line, flush=True)
        if line.lstrip().startswith(LOOKS_AT):
            # A process of its own: the day stands still while it looks.
            words = [str(folder), "--look", address_of(branch), "--data", str(data)]
            subprocess.run([sys.executable, "-m", "tests.page_pictures", *words], check=True)

    await demo_headless.play_headless(branch, visits, random, say)
    async with Stage(branch, {}) as morning:
        at = branch.opens_at + timedelta(days=1, minutes=-15)
        await morning.start_server("--clock-start", at.isoformat())
        await morning.start_pages()
        words = [str(folder), "--sign", address_of(branch)]
        signing = [sys.executable, "-m", "tests.page_pictures", *words]
        await asyncio.to_thread(subprocess.run, signing, check=True)


def address_of(branch: DemoBranch) -> str:
    """Where the pages are."""
    return f"http://127.0.0.1:{branch.pages_port}"


def look_around(url: str, data: Path, folder: Path) -> None:
    """The manager's pages, and those of visitors who wait, are called, were served."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            manager_pictures(browser, url, data, folder)
            visitor_pictures(browser, url, data, folder)
        finally:
            browser.close()


def manager_pictures(browser: Browser, url: str, data: Path, folder: Path) -> None:
    """From signing in to a ticket's history."""
    page = browser.new_context(viewport=PC, locale="id-ID").new_page()  # type: ignore[arg-type]
    page.goto(f"{url}/sign-in")
    picture(page, folder / "sign-in.png")
    sign_in(page, url)
    page.wait_for_timeout(2500)
    picture(page, folder / "hall.png", whole=True)
    served = ticket_in(data, "finished")
    assert served is not None
    for name, path in {
        "tickets": "/hall/tickets?figure=waiting",
        "ticket": f"/tickets/{served[0]}",
        "sessions": "/sessions",
        "counter": "/counters/1",
        "discipline": "/discipline",
        "months": "/months",
        "satisfaction": "/satisfaction",
    }.items():
        page.goto(f"{url}{path}")
        page.wait_for_timeout(800)
        picture(page, folder / f"{name}.png", whole=True)
    page.goto(f"{url}/hall")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.wait_for_timeout(1500)
    picture(page, folder / "hall-on-a-phone.png", whole=True)


def sign_the_day(url: str, folder: Path) -> None:
    """The next morning the manager signs what the clock has closed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(viewport=PC, locale="id-ID").new_page()  # type: ignore[arg-type]
        sign_in(page, url)
        page.goto(f"{url}/report/{MONDAY}")
        page.click("section form button.main")
        page.wait_for_timeout(800)
        picture(page, folder / "report.png", whole=True)
        browser.close()


def sign_in(page: Page, url: str) -> None:
    """As the demo's manager."""
    page.goto(f"{url}/sign-in")
    page.fill("input[name=staff]", MANAGER[0])
    page.fill("input[name=word]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/hall")


def visitor_pictures(browser: Browser, url: str, data: Path, folder: Path) -> None:
    """A phone with a ticket in each state, booking from home, the survey."""
    page = browser.new_context(viewport=PHONE, locale="id-ID").new_page()  # type: ignore[arg-type]
    for state in ("waiting", "called", "serving", "finished", "no-show"):
        if found := ticket_in(data, state):
            page.goto(f"{url}/t/{found[1]}")
            page.wait_for_timeout(1200)
            picture(page, folder / f"phone-{state}.png")
    page.goto(f"{url}/b")
    page.wait_for_timeout(500)
    picture(page, folder / "booking.png", whole=True)
    if found := ticket_in(data, "finished"):
        page.goto(f"{url}/t/{found[1]}/survey")
        page.wait_for_timeout(500)
        picture(page, folder / "survey.png")


def ticket_in(data: Path, state: str) -> tuple[str, str] | None:
    """Id and link of the newest ticket in a state."""
    with closing(sqlite3.connect(f"file:{data / 'branch.db'}?mode=ro", uri=True)) as database:
        found: tuple[str, str] | None = database.execute(
            "SELECT id, link FROM ticket WHERE state = ? ORDER BY issued_at_ms DESC LIMIT 1",
            (state,),
        ).fetchone()
    return found


def picture(page: Page, file: Path, *, whole: bool = False) -> None:
    """What the browser shows, in few colours; the whole page, or what fits its window."""
    shot = Image.open(BytesIO(page.screenshot(full_page=whole))).convert("RGB")
    shot.quantize(64).save(file, optimize=True)


def write_report(data: Path, folder: Path) -> None:
    """The day's one page, as PDF and as a picture of it."""
    pdf = folder / "report-monday.pdf"
    words = ["report", "--date", str(MONDAY), "--format", "pdf", "--to", str(pdf)]
    subprocess.run(
        [sys.executable, "-m", "server", *words, "--data", str(data)],
        check=True,
        env={key: value for key, value in os.environ.items() if not key.startswith("ANTREAN_")},
    )
    document = pypdfium2.PdfDocument(pdf)
    picture_of_it = document[0].render(scale=150 / 72).to_pil()
    picture_of_it.quantize(32).save(folder / "report-monday.png", optimize=True)
    document.close()


if __name__ == "__main__":
    sys.exit(main())
