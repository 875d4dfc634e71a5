"""A manager's day in a real browser: sign-in, live hall, a figure's tickets, deeds, signed report.

One story in order: each test goes on where the one before ended.
"""

import io
import re
import time
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.running_branch import PIN, RunningBranch
from tests.web.running_pages import RunningPages, fresh_code, sound
from tests.web.small_day import Told, in_own_loop, morning_of, take

LIVE_WITHIN_MS = 2000


@pytest.fixture(scope="module")
def told(branch: RunningBranch) -> Told:
    return morning_of(branch)


@pytest.fixture(scope="module")
def complaints() -> list[str]:
    """What the browser had to say of all pages."""
    return []


@pytest.fixture(scope="module")
def window(
    browser: Browser, pages: RunningPages, told: Told, complaints: list[str]
) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="id-ID")
    context.set_default_timeout(15_000)
    yield context
    context.close()


@pytest.fixture(scope="module")
def page(window: BrowserContext, pages: RunningPages, complaints: list[str]) -> Page:
    opened = window.new_page()
    sound(opened, complaints)
    opened.goto(f"{pages.url}/")
    return opened


def serious(page: Page) -> list[tuple[str, str]]:
    """What axe finds that keeps people out."""
    found = Axe().run(page).response["violations"]
    return [
        (one["id"], one["nodes"][0]["html"][:160])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


def issued(branch: RunningBranch) -> str:
    """Somebody takes a number at the kiosk; its ticket."""

    async def at_the_kiosk() -> str:
        async with branch.client("kiosk-1") as kiosk:
            return await take(kiosk, kiosk.welcome.services[0].code)  # type: ignore[union-attr]

    return in_own_loop(at_the_kiosk())


def test_the_manager_signs_in_with_the_keyboard_and_sets_up_the_second_step(page: Page) -> None:
    """PIN, then the key for the phone as picture and letters, then its code; no mouse."""
    assert page.url.endswith("/sign-in")
    assert serious(page) == []
    page.keyboard.type("manager-1")  # the cursor is there already
    page.keyboard.press("Tab")
    page.keyboard.type(PIN)
    page.keyboard.press("Enter")
    expect(page.locator("img.qr")).to_be_visible()
    assert page.locator("img.qr").get_attribute("src", timeout=1000).startswith("data:image/svg")  # type: ignore[union-attr]
    assert page.evaluate("document.querySelector('img.qr').naturalWidth") > 0
    assert serious(page) == []
    secret = page.locator("code.secret").inner_text().replace(" ", "").replace("\n", "")
    assert len(secret) == 32
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.locator("#wrong")).to_be_visible()
    page.keyboard.type(fresh_code(secret))
    page.keyboard.press("Enter")
    page.wait_for_url("**/hall")
    expect(page.locator("h1")).to_be_visible()


def test_a_number_taken_elsewhere_is_seen_within_two_seconds(
    page: Page, branch: RunningBranch, told: Told
) -> None:
    """B1: the hall is live, both what the server sends and what the figures say."""
    waiting = page.locator("#card-waiting .value a")
    arrived = page.locator("#card-arrived .value a")
    expect(arrived).to_contain_text("12")
    before = int(re.findall(r"\d+", waiting.inner_text())[0])
    page.wait_for_timeout(1500)  # the stream is open, and its first second over
    issued(branch)
    begun = time.monotonic()
    expect(waiting).to_contain_text(str(before + 1), timeout=LIVE_WITHIN_MS)
    expect(arrived).to_contain_text("13", timeout=LIVE_WITHIN_MS)
    assert time.monotonic() - begun < LIVE_WITHIN_MS / 1000 + 0.5
    expect(page.locator("#stamp")).to_contain_text("Langsung")


def test_a_figure_opens_its_tickets_and_a_ticket_its_history(page: Page) -> None:
    """B1: every figure is a link, and its list is as long as the figure says."""
    page.click("#card-served .value a")
    page.wait_for_url("**/hall/tickets?figure=finished")
    assert page.locator("tbody tr").count() == 3
    assert serious(page) == []
    page.click("tbody tr:first-child a")
    expect(page.locator("h2", has_text="Mengapa lama")).to_be_visible()
    assert page.locator(".life rect[class^=span-]").count() >= 2
    history = page.locator("ol.history").inner_text()
    assert "diambil" in history
    assert "loket" in history.lower()
    assert serious(page) == []


def test_the_order_changes_after_its_preview(page: Page, pages: RunningPages) -> None:
    """SetDiscipline only after the what-if."""
    page.goto(f"{pages.url}/discipline")
    assert page.locator("form[action='/discipline/set']").count() == 0
    page.check("input[value=ratio]")
    page.click("text=Lihat akibatnya")
    expect(page.locator("h2", has_text="Bila bergiliran")).to_be_visible()
    assert page.locator("section.most tbody tr").count() >= 5
    assert serious(page) == []
    page.click("text=Pakai urutan ini")
    page.wait_for_url("**/hall")
    expect(page.locator(".notice.good")).to_contain_text("bergiliran")
    expect(page.locator("#part-state")).to_contain_text("bergiliran")
    assert serious(page) == []


def test_counters_are_steered_and_a_refusal_says_why(page: Page, pages: RunningPages) -> None:
    """B5: paused, opened, re-skilled; a counter that holds somebody is not closed."""
    page.goto(f"{pages.url}/counters/1")
    page.click("text=Istirahatkan")
    expect(page.locator(".notice.good")).to_contain_text("beristirahat")
    expect(page.locator(".head .chip")).to_contain_text("istirahat")
    page.click("text=Buka loket")
    expect(page.locator(".head .chip")).to_contain_text("buka")
    boxes = page.locator("input[name^=serve-]")
    boxes.first.uncheck()
    page.click("text=Simpan")
    expect(page.locator(".notice.good")).to_contain_text("panggilan berikutnya")
    assert not page.locator("input[name^=serve-]").first.is_checked()
    assert serious(page) == []
    page.goto(f"{pages.url}/counters/2")
    page.click("text=Tutup loket")
    expect(page.locator(".notice.bad")).to_contain_text("masih", ignore_case=True)
    page.goto(f"{pages.url}/counters/5")
    page.click("text=Buka loket")
    expect(page.locator(".notice.bad")).to_be_visible()


def test_a_ticket_is_handed_on_cancelled_and_its_record_put_right(
    page: Page, pages: RunningPages, told: Told
) -> None:
    page.goto(f"{pages.url}/tickets/{told['waiting']}")
    page.click("summary:has-text('Alihkan')")
    page.select_option("#to", index=1)
    page.click("button:has-text('Alihkan')")
    expect(page.locator(".notice.good")).to_contain_text("dialihkan")
    page.click("summary:has-text('Batalkan')")
    page.click("button:has-text('Batalkan')")
    expect(page.locator(".notice.good")).to_contain_text("dibatalkan")
    expect(page.locator(".head .chip")).to_contain_text("batal")
    page.goto(f"{pages.url}/tickets/{told['served']}")
    page.click("summary:has-text('Perbaiki')")
    page.select_option("#value-outcome", "pending")
    page.fill("#reason-outcome", "Salah pilih")
    page.click("button:has-text('Perbaiki Hasil')")
    expect(page.locator(".notice.good")).to_contain_text("diperbaiki")


def test_a_service_rests_and_the_tv_says_why(page: Page, pages: RunningPages) -> None:
    page.goto(f"{pages.url}/services/A")
    page.fill("#reason", "Petugas rapat")
    page.click("text=Hentikan sementara")
    expect(page.locator(".notice.good")).to_be_visible()
    page.click("text=Jalankan lagi")
    expect(page.locator(".notice.good")).to_be_visible()
    page.goto(f"{pages.url}/tv")
    page.fill("#id", "Kantor tutup pukul 15.00 hari ini")
    page.click("text=Tampilkan di TV")
    expect(page.locator("main strong")).to_contain_text("15.00")
    assert serious(page) == []
    page.click("text=Hapus teks ini")
    expect(page.locator(".notice.good")).to_contain_text("dihapus")


def test_the_rest_of_the_pages_keeps_nobody_out_in_either_language(
    page: Page, pages: RunningPages, told: Told
) -> None:
    """axe finds nothing serious; and no page is wider than a phone (360 px)."""
    today = _today(page, pages)
    paths = ["/hall", f"/tickets/{told['waiting']}", "/day", "/report", f"/report/{today}"]
    paths += ["/sessions", "/services/A", "/counters/1", "/discipline?discipline=due-time", "/tv"]
    paths += [f"/months/{today[:7]}", f"/months/{today[:4]}", f"/satisfaction/{today[:4]}"]
    for language in ("id", "en"):
        page.goto(f"{pages.url}/language/{language}?to=/sessions")
        for path in paths:
            page.goto(pages.url + path)
            assert page.locator("html").get_attribute("lang") == language
            assert serious(page) == [], (language, path)
    page.set_viewport_size({"width": 360, "height": 740})
    for path in paths:
        page.goto(pages.url + path)
        too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert too_wide <= 0, path
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{pages.url}/language/id?to=/hall")


def test_the_hall_is_walked_with_the_keyboard_alone(
    page: Page, pages: RunningPages, branch: RunningBranch
) -> None:
    """From the skip link to a figure and its tickets; what comes live does not move the focus."""
    page.goto(f"{pages.url}/hall")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('#card-waiting') !== null"):
            break
    else:
        raise AssertionError("the figure was never reached")
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert ring == "solid"
    before = page.inner_text("#card-waiting .value a")
    issued(branch)
    expect(page.locator("#card-waiting .value a")).not_to_have_text(before, timeout=4000)
    assert page.evaluate("document.activeElement.closest('#card-waiting') !== null")
    page.keyboard.press("Enter")
    page.wait_for_url("**/hall/tickets?figure=waiting")


def test_without_scripts_the_hall_reloads_itself(
    browser: Browser, window: BrowserContext, pages: RunningPages
) -> None:
    """The page is whole without JavaScript, and such a reload keeps nobody signed in."""
    plain = browser.new_context(java_script_enabled=False, storage_state=window.storage_state())
    try:
        shown = plain.new_page()
        shown.goto(f"{pages.url}/hall")
        text = shown.inner_text("main")
        assert "Menunggu" in text
        assert "Per jam" in text
        again = shown.locator("meta[http-equiv=refresh]").first.get_attribute("content")
        assert again == "5;url=/hall?auto=1"
    finally:
        plain.close()


def test_a_lost_link_is_shown_and_comes_back(
    page: Page, pages: RunningPages, branch: RunningBranch
) -> None:
    """Data older than 5 s bears a stamp; what cannot be saved is said to be so."""
    page.goto(f"{pages.url}/hall")
    expect(page.locator("#stamp")).to_contain_text("Langsung")
    branch.kill()
    expect(page.locator("#stamp")).to_have_class(re.compile("lost"), timeout=8000)
    branch.start()
    expect(page.locator("#stamp")).to_contain_text("Langsung", timeout=20_000)
    expect(page.locator("#stamp")).not_to_have_class(re.compile("lost|old"))


def test_the_day_is_closed_signed_and_its_paper_downloaded(
    page: Page, pages: RunningPages, branch: RunningBranch, complaints: list[str]
) -> None:
    """B2: what is open is said first; the page, the paper and the kept file say the same."""
    page.goto(f"{pages.url}/day")
    today = page.locator("input[name=date]").get_attribute("value")
    still = page.inner_text("main")
    assert "menunggu" in still
    assert "Loket 2" in still
    page.fill("#note", "Hari yang ramai")
    page.click("button:has-text('Tutup dan tanda tangani')")
    page.wait_for_url(f"**/report/{today}")
    expect(page.locator(".notice.good")).to_contain_text("ditandatangani")
    report = page.inner_text("main")
    assert "Manager-1" in report
    assert "14" in page.inner_text(".report-headline")
    assert serious(page) == []
    with page.expect_download() as download:
        page.click("a[href$='.pdf']")
    paper = pypdfium2.PdfDocument(download.value.path())
    assert len(paper) == 1
    words = paper[0].get_textpage().get_text_range()
    assert "Manager-1" in words
    proof = branch.rows("SELECT lower(hex(head_hash)) FROM business_day")[0][0]
    assert proof[:12] in words.replace("\r\n", "").replace("\n", "")
    kept = branch.data / "reports" / f"{today}.pdf"
    deadline_s = time.monotonic() + 30
    while not kept.exists() and time.monotonic() < deadline_s:
        page.wait_for_timeout(200)
    assert len(pypdfium2.PdfDocument(io.BytesIO(kept.read_bytes()))) == 1
    page.goto(f"{pages.url}/hall")
    expect(page.locator("text=Hari ini sudah ditutup")).to_be_visible()
    # The server was gone for a while, on purpose; nothing else was amiss on any page.
    assert [one for one in complaints if "Failed to load" not in one] == []


def test_the_day_goes_on_after_all(page: Page, pages: RunningPages, branch: RunningBranch) -> None:
    page.goto(f"{pages.url}/day")
    page.click("summary:has-text('Buka hari ini lagi')")
    page.fill("#reason", "Ditutup terlalu cepat")
    page.click("button:has-text('Buka hari ini lagi')")
    expect(page.locator(".notice.good")).to_contain_text("dibuka lagi")
    assert issued(branch)


def test_signing_out_shows_the_door_again(page: Page, pages: RunningPages) -> None:
    page.goto(f"{pages.url}/hall")
    page.click("text=Keluar")
    page.wait_for_url("**/sign-in")
    page.goto(f"{pages.url}/hall")
    page.wait_for_url("**/sign-in")


def _today(page: Page, pages: RunningPages) -> Any:
    page.goto(f"{pages.url}/day")
    return page.locator("input[name=date]").get_attribute("value")
