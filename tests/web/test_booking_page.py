"""A place for today from home, before real programs: choosing, booking, coming, giving up."""

import re
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, expect

from protocol import messages as m
from tests.web.looking import PHONE, SMALL_PHONE, serious_findings, small_targets, too_wide
from tests.web.visited_hall import VisitedHall, founded_branch, visited_hall

LANGUAGES = ("id", "en", "jv", "su")
ALL_DAY = {
    "booking__open": "true",
    "booking__from": "00:00",
    "booking__until": "23:59",
    "booking__window_s": "14400",
    "booking__early_s": "14400",
    "booking__late_s": "14400",
}


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VisitedHall]:
    branch = founded_branch(
        tmp_path_factory.mktemp("booking") / "data",
        booking__places__A="3",
        booking__places__B="1",
        branch__languages=",".join(LANGUAGES),
        **ALL_DAY,
    )
    with visited_hall(branch) as running:
        yield running


@pytest.fixture
def visitor(hall: VisitedHall) -> Iterator[httpx.Client]:
    with hall.visitor() as client:
        yield client


def first_window(visitor: httpx.Client, service: str) -> str:
    page = visitor.get(f"/b?service={service}").text
    found = re.search(rf"/b\?service={service}&amp;from=(\d+)", page)
    assert found, page
    return found.group(1)


def confirmed(
    visitor: httpx.Client, service: str = "A", changed: dict[str, str] | None = None
) -> httpx.Response:
    """Book the first window that is free, as the form would."""
    starts = first_window(visitor, service)
    page = visitor.get(f"/b?service={service}&from={starts}").text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    return visitor.post("/b", data=fields | (changed or {}))


def link_of(answer: httpx.Response) -> str:
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_booking_coming_and_the_number_without_javascript(
    hall: VisitedHall, browser: Browser
) -> None:
    context = browser.new_context(viewport=PHONE, locale="id-ID", java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{hall.url}/b")
    page.get_by_role("link", name="Pendaftaran").click()
    page.locator(".choices a").first.click()
    page.get_by_role("button", name="Pesan tempat ini").click()
    expect(page.get_by_role("heading", name="Tempat Anda sudah dipesan")).to_be_visible()
    code = page.locator(".code .number").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{6}", code)
    picture = page.get_by_role("img", name=f"Kode QR pesanan {code}")
    assert (picture.get_attribute("src") or "").startswith("data:image/svg+xml")
    assert page.evaluate("document.images[0].naturalWidth") > 0, "the policy lets it be seen"
    address = page.url
    page.goto(f"{hall.url}/b")
    expect(page.get_by_text("Anda sudah memesan hari ini")).to_be_visible()

    taken = hall.ask("kiosk-1", m.CheckIn(id=uuid4(), code=address))
    assert isinstance(taken.ticket, m.Ticket)
    page.goto(address)
    expect(page.locator(".number")).to_have_text(taken.ticket.number)
    page.get_by_role("link", name="Buka halaman nomor saya").click()
    expect(page.locator("#number")).to_have_text(taken.ticket.number)
    context.close()


def test_one_browser_holds_one_place_and_cancelling_frees_it(visitor: httpx.Client) -> None:
    mine = link_of(confirmed(visitor, "B"))
    page = visitor.get("/b?service=B").text
    assert 'class="full"' in page
    again = confirmed(visitor, "A")
    assert again.status_code == 409
    assert "Anda sudah memesan tempat untuk hari ini" in again.text
    assert visitor.get(f"{mine}/cancel").status_code == 200
    assert visitor.post(f"{mine}/cancel").headers["location"] == mine
    assert "Pesanan ini sudah dibatalkan" in visitor.get(mine).text
    assert 'class="full"' not in visitor.get("/b?service=B").text


def test_the_last_place_is_given_once(hall: VisitedHall) -> None:
    with hall.visitor() as one, hall.visitor() as other:
        starts = first_window(one, "B")
        forms = []
        for client in (one, other):
            page = client.get(f"/b?service=B&from={starts}").text
            forms.append(dict(re.findall(r'name="(\w+)" value="([^"]*)"', page)))
        first, second = one.post("/b", data=forms[0]), other.post("/b", data=forms[1])
        mine = link_of(first)
        assert second.status_code == 409
        assert "baru saja terisi" in second.text
        one.post(f"{mine}/cancel")


@pytest.mark.parametrize(
    "changed",
    [{"mark": ""}, {"mark": "0" * 40}, {"mark": "é"}],
    ids=["no mark", "made up", "no ascii"],
)
def test_a_form_that_is_not_ours_books_nothing(
    visitor: httpx.Client, changed: dict[str, str]
) -> None:
    """CSRF: the mark of the form must be the browser's own."""
    answer = confirmed(visitor, changed=changed)
    assert answer.status_code == 403
    assert "tidak datang dari halaman kami" in answer.text


def test_a_mark_of_another_browser_or_site_books_nothing(hall: VisitedHall) -> None:
    with hall.visitor() as mine, hall.visitor() as other:
        starts = first_window(mine, "A")
        fields = dict(
            re.findall(
                r'name="(\w+)" value="([^"]*)"',
                mine.get(f"/b?service=A&from={starts}").text,
            )
        )
        assert other.post("/b", data=fields).status_code == 403, "no cookie"
        other.get(f"/b?service=A&from={starts}")
        assert other.post("/b", data=fields).status_code == 403, "another's cookie"
        forged = mine.post("/b", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
        assert forged.status_code == 403
        cookie = mine.get(f"/b?service=A&from={starts}").headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()


@pytest.mark.parametrize(
    "changed",
    [{"service": "Z"}, {"from": "0"}, {"from": "x"}, {"from": "9" * 30}, {"service": "'; --"}],
)
def test_a_window_that_does_not_exist_is_refused_kindly(
    visitor: httpx.Client, changed: dict[str, str]
) -> None:
    answer = confirmed(visitor, changed=changed)
    assert answer.status_code == 409
    assert "Traceback" not in answer.text


def test_wrong_links_of_bookings_get_the_kind_page(visitor: httpx.Client) -> None:
    for wrong in ("x" * 22, "x", "%00"):
        answer = visitor.get(f"/b/{wrong}")
        assert answer.status_code == 404
        assert "Halaman ini tidak ada" in answer.text


def test_where_booking_is_off_there_is_no_such_page(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Off by default."""
    branch = founded_branch(tmp_path_factory.mktemp("off") / "data")
    with visited_hall(branch) as hall, hall.visitor() as visitor:
        for path in ("/b", "/b?service=A", f"/b/{'x' * 22}"):
            assert visitor.get(path).status_code == 404
        assert visitor.post("/b", data={"service": "A"}).status_code == 404


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_the_booking_pages(
    hall: VisitedHall, browser: Browser, language: str, scheme: str
) -> None:
    context = browser.new_context(
        viewport=SMALL_PHONE,  # type: ignore[arg-type]
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # for axe itself, which is put into the page
    )
    page = context.new_page()
    found: dict[str, object] = {}

    def look(name: str) -> None:
        seen = (serious_findings(page), small_targets(page), too_wide(page))
        if seen != ([], [], False):
            found[name] = seen

    page.goto(f"{hall.url}/language/{language}?to=/b")
    look("services")
    page.locator(".choices a").first.click()
    look("windows")
    page.locator(".choices a").first.click()
    look("confirm")
    page.locator("button.button").click()
    expect(page.locator(".code .number")).to_be_visible()
    look("booked")
    page.locator("a.quiet").click()
    look("cancel")
    page.locator("button.danger").click()
    look("cancelled")
    context.close()
    assert found == {}


def test_many_bookings_from_one_address_are_slowed_down(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """A script must not take the places of everybody: ten at once, then one a minute."""
    branch = founded_branch(
        tmp_path_factory.mktemp("many") / "data", booking__places__A="50", **ALL_DAY
    )
    with visited_hall(branch) as hall:
        answers = []
        for _ in range(12):
            with hall.pages.client() as fresh:
                answers.append(confirmed(fresh).status_code)
    assert answers == [303] * 10 + [429] * 2
