"""P1, the visitor's phone, in a real browser before real programs (V9, F55)."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from protocol import messages as m
from tests.web.looking import (
    PHONE,
    SMALL_PHONE,
    SPY,
    complaints_of,
    serious_findings,
    small_targets,
    too_wide,
)
from tests.web.visited_hall import VisitedHall, founded_branch, secret_of, visited_hall

SOON_MS = 15_000
"""A change is on the phone within a second; the machine of a test may be busy."""
REVIEW = "https://g.page/r/contoh/review"
LANGUAGES = ("id", "en", "jv", "su")
FIRST_VISIT_BYTES_MOST = 50 * 1024


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VisitedHall]:
    branch = founded_branch(
        tmp_path_factory.mktemp("phone") / "data",
        rating__review_link=REVIEW,
        branch__languages=",".join(LANGUAGES),
    )
    with visited_hall(branch) as running:
        running.open_counter(3, "sari")
        yield running


@pytest.fixture(autouse=True)
def empty_line(hall: VisitedHall) -> None:
    """Each test begins in an empty hall."""
    hall.empty("counter-3")


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, locale="id-ID", has_touch=True)  # type: ignore[arg-type]
    yield context
    context.close()


def opened(hall: VisitedHall, context: BrowserContext, ticket: m.Ticket) -> Page:
    page = context.new_page()
    page.goto(f"{hall.url}/t/{secret_of(ticket)}")
    return page


def view(page: Page, name: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-view", name, timeout=SOON_MS)


def test_a_whole_visit_on_the_phone(hall: VisitedHall, phone: BrowserContext) -> None:
    """From the QR to the review: place, two left, the call, rating, survey (V9, P1, R1)."""
    before, mine = [hall.take() for _ in range(4)], hall.take()
    phone.add_init_script(SPY)
    page = opened(hall, phone, mine)
    said = complaints_of(page)
    view(page, "waiting")
    expect(page.locator("#number")).to_have_text(mine.number)
    expect(page.locator("#head")).to_have_text("4 orang di depan Anda")
    expect(page.locator("#range")).to_have_text(
        re.compile(r"^sekitar \d\d\.\d[05] – \d\d\.\d[05]$")
    )
    expect(page.locator("#papers")).to_contain_text("KTP")
    page.locator("label.switch", has=page.locator("#ring")).tap()
    assert page.evaluate("window.__notes.length") == 2, "a touch on the switch is answered"

    hall.serve("counter-3")
    hall.serve("counter-3")
    view(page, "near")
    expect(page.locator("#last")).to_have_text(f"Terakhir dipanggil: {before[1].number}")
    assert page.evaluate("window.__shaken.length") == 2
    hall.serve("counter-3")
    hall.serve("counter-3")

    assert hall.call_next("counter-3").number == mine.number
    view(page, "called")
    expect(page.locator("#head")).to_have_text("LOKET 3")
    expect(page.get_by_text("sekarang", exact=True)).to_be_visible()
    expect(page.locator("#loud")).to_have_text(f"Nomor {mine.number}, silakan ke loket 3 sekarang.")
    assert page.title().startswith("LOKET 3 sekarang")
    assert page.evaluate("window.__shaken.length") == 3
    notes = page.evaluate("window.__notes.map(one => Math.round(one))")
    assert notes == [660, 554] * 5, "the hall's two notes: switch, two left, and thrice the call"

    hall.start("counter-3", mine)
    view(page, "serving")
    hall.finish("counter-3", mine)
    view(page, "rate")
    expect(page.locator("#review")).to_be_hidden()
    page.get_by_role("button", name="Sangat baik").tap()
    expect(page.locator("#line")).to_have_text("Penilaian Anda sudah kami terima.")
    expect(page.locator("#review-link")).to_have_attribute("href", REVIEW)
    assert hall.branch.rows(f"SELECT score FROM rating WHERE ticket = '{mine.id}'") == [(4,)]

    page.get_by_role("link", name="Isi survei kepuasan").tap()
    for number in range(1, 10):
        page.locator(f"input[name=u{number}][value='3']").check(force=True)
    page.get_by_role("button", name="Kirim jawaban").tap()
    expect(page.get_by_role("heading", name="Terima kasih")).to_be_visible()
    page.get_by_role("link", name="Kembali").tap()
    view(page, "done")
    expect(page.locator("#survey")).to_be_hidden()
    expect(page.locator("#review")).to_be_visible()
    assert said == []
    assert [one["name"] for one in phone.cookies()] == [], "no cookie but the language's"


def test_nothing_rings_before_the_switch_was_touched(
    hall: VisitedHall, phone: BrowserContext
) -> None:
    hall.take()
    mine = hall.take()
    phone.add_init_script(SPY)
    page = opened(hall, phone, mine)
    view(page, "near")
    hall.serve("counter-3")
    hall.call_next("counter-3")
    view(page, "called")
    assert page.evaluate("[window.__shaken.length, window.__notes.length]") == [0, 0]


def test_a_missed_call_says_until_when_and_behind_how_many_one_comes_back(
    hall: VisitedHall, phone: BrowserContext
) -> None:
    """V10: the come-back rule, on the phone."""
    mine = hall.take()
    page = opened(hall, phone, mine)
    hall.call_next("counter-3")
    view(page, "called")
    hall.ask("counter-3", m.RecordNoShow(id=uuid4(), ticket=mine.id))
    view(page, "missed")
    expect(page.locator("#line")).to_have_text(
        re.compile(
            r"Datanglah ke petugas sebelum pukul \d\d\.\d\d\. "
            r"Anda dipanggil lagi sesudah 3 orang\."
        )
    )
    hall.ask("counter-3", m.RequeueTicket(id=uuid4(), ticket=mine.id))
    view(page, "near")


def test_cancelling_wants_a_second_touch_and_gives_the_place_up(
    hall: VisitedHall, phone: BrowserContext
) -> None:
    mine, after = hall.take(), hall.take()
    page = opened(hall, phone, mine)
    page.get_by_role("link", name="Saya batal / pulang").tap()
    page.get_by_role("link", name="Tidak, saya tetap menunggu").tap()
    view(page, "near")
    page.get_by_role("link", name="Saya batal / pulang").tap()
    page.get_by_role("button", name="Ya, batalkan nomor saya").tap()
    view(page, "cancelled")
    assert hall.call_next("counter-3").number == after.number


def test_without_javascript_the_page_loads_itself_again_and_shows_the_call(
    hall: VisitedHall, browser: Browser
) -> None:
    mine = hall.take()
    context = browser.new_context(viewport=PHONE, locale="id-ID", java_script_enabled=False)  # type: ignore[arg-type]
    page = opened(hall, context, mine)
    view(page, "near")
    expect(page.locator("#ring")).to_be_hidden()
    hall.call_next("counter-3")
    expect(page.locator("body")).to_have_attribute("data-view", "called", timeout=30_000)
    expect(page.locator("#head")).to_have_text("LOKET 3")
    hall.start("counter-3", mine)
    hall.finish("counter-3", mine)
    expect(page.locator("body")).to_have_attribute("data-view", "rate", timeout=60_000)
    page.get_by_role("button", name="Kurang baik").click()
    expect(page.locator("#line")).to_have_text("Penilaian Anda sudah kami terima.")
    assert hall.branch.rows(f"SELECT score FROM rating WHERE ticket = '{mine.id}'") == [(2,)]
    context.close()


def test_a_browser_without_streams_asks_every_few_seconds(
    hall: VisitedHall, phone: BrowserContext
) -> None:
    mine = hall.take()
    phone.add_init_script("delete window.EventSource")
    page = opened(hall, phone, mine)
    view(page, "near")
    hall.call_next("counter-3")
    view(page, "called")


def test_the_tickets_language_comes_first_and_can_be_changed(
    hall: VisitedHall, phone: BrowserContext
) -> None:
    mine = hall.take(language="su")
    page = opened(hall, phone, mine)
    expect(page.locator("html")).to_have_attribute("lang", "su")
    page.get_by_role("link", name="English").tap()
    expect(page.locator("#head")).to_have_text("You are next")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert [one["name"] for one in phone.cookies()] == ["lang"]
    hall.call_next("counter-3")
    view(page, "called")
    expect(page.locator("#head")).to_have_text("COUNTER 3")


def test_a_first_visit_loads_no_more_than_fifty_kilobytes(
    hall: VisitedHall, phone: BrowserContext
) -> None:
    """V9: page, look, program and picture, none of it packed."""
    mine = hall.take()
    page = phone.new_page()
    loaded: dict[str, int] = {}
    kinds: set[str] = set()

    def weigh(response: object) -> None:
        kind = response.request.resource_type  # type: ignore[attr-defined]
        if kind != "eventsource":
            assert response.headers.get("content-encoding") is None  # type: ignore[attr-defined]
            loaded[response.url] = len(response.body())  # type: ignore[attr-defined]
            kinds.add(kind)

    page.on("response", weigh)
    page.goto(f"{hall.url}/t/{secret_of(mine)}", wait_until="load")
    view(page, "near")
    page.wait_for_timeout(500)
    assert {"document", "stylesheet", "script"} <= kinds
    assert 10_000 < sum(loaded.values()) <= FIRST_VISIT_BYTES_MOST, loaded
    assert all(address.startswith(hall.url) for address in loaded), "nothing from elsewhere"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_state(
    hall: VisitedHall, browser: Browser, language: str, scheme: str
) -> None:
    """AAA contrast, names and roles; targets of a thumb; no scrolling sideways at 360 px."""
    tickets = [hall.take(language=language) for _ in range(4)]
    mine = tickets[3]
    context = browser.new_context(
        viewport=SMALL_PHONE,  # type: ignore[arg-type]
        color_scheme=scheme,  # type: ignore[arg-type]
        reduced_motion="reduce",
        bypass_csp=True,  # for axe itself, which is put into the page
    )
    page = opened(hall, context, mine)
    found: dict[str, object] = {}

    def look(name: str) -> None:
        view(page, name)
        if (seen := (serious_findings(page), small_targets(page), too_wide(page))) != (
            [],
            [],
            False,
        ):
            found[name] = seen

    look("waiting")
    hall.serve("counter-3")
    look("near")
    hall.serve("counter-3")
    hall.serve("counter-3")
    hall.call_next("counter-3")
    look("called")
    hall.start("counter-3", mine)
    look("serving")
    hall.finish("counter-3", mine)
    look("rate")
    missed = hall.take(language=language)
    page.goto(f"{hall.url}/t/{secret_of(missed)}/cancel")
    found["cancel"] = (serious_findings(page), small_targets(page), too_wide(page))
    page.goto(f"{hall.url}/t/{secret_of(missed)}")
    hall.call_next("counter-3")
    hall.ask("counter-3", m.RecordNoShow(id=uuid4(), ticket=missed.id))
    look("missed")
    page.goto(f"{hall.url}/t/{'x' * 22}")
    found["dead"] = (serious_findings(page), small_targets(page), too_wide(page))
    context.close()
    assert {name: seen for name, seen in found.items() if seen != ([], [], False)} == {}


def test_enlarged_to_two_hundred_percent_nothing_is_cut_off(
    hall: VisitedHall, browser: Browser
) -> None:
    """390 px at 200 % are 195 CSS px, less than any phone has."""
    mine = hall.take()
    context = browser.new_context(viewport={"width": 195, "height": 422}, locale="id-ID")
    page = opened(hall, context, mine)
    view(page, "near")
    assert not too_wide(page)
    hall.call_next("counter-3")
    view(page, "called")
    assert not too_wide(page)
    # Words stay whole: "sekarang" stands on one line.
    heights = page.locator(".now").evaluate(
        "one => [one.clientHeight - parseFloat(getComputedStyle(one).paddingBottom),"
        " parseFloat(getComputedStyle(one).lineHeight)]"
    )
    assert heights[0] < 2 * heights[1], heights
    hall.start("counter-3", mine)
    hall.finish("counter-3", mine)
    view(page, "rate")
    assert (small_targets(page), too_wide(page)) == ([], False)
    context.close()


def test_over_plain_http_no_switch_is_shown_that_needs_https(
    hall: VisitedHall, phone: BrowserContext
) -> None:
    page = opened(hall, phone, hall.take())
    view(page, "near")
    expect(page.locator("#ring")).to_have_count(1)
    expect(page.locator("#awake")).to_have_count(0)
    expect(page.locator("link[rel=manifest]")).to_have_count(0)
    assert page.request.get(f"{hall.url}/t/worker.js").status == 404
