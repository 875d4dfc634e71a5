"""Around every page: who may see it, what a browser may load, how large, how fast, and escaped."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from starlette.routing import Route

from db.engine import open_database, sqlite_url
from db.ticket_lists import Part
from tests.running_branch import RunningBranch
from tests.web.running_pages import HttpManager, RunningPages, token_of
from tests.web.small_day import Told, morning_of
from web.day_figures import DayFigures
from web.limits import Limit
from web.own_key import unsigned
from web.site import PAGES

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}"
# The first part of every address that asks for no manager.
OPEN_TO_ALL = {"", "sign-in", "second-step", "language", "t", "b", "s"}


@pytest.fixture(scope="module")
def told(branch: RunningBranch) -> Told:
    return morning_of(branch)


def addresses(told: Told, date: str) -> list[str]:
    """Every page of a manager, with something on it."""
    return [
        "/hall",
        "/hall/tickets?figure=issued",
        "/hall/tickets?figure=waiting&service=A",
        f"/tickets/{told['waiting']}",
        f"/tickets/{told['served']}",
        "/counters/1",
        "/services/A",
        "/discipline",
        "/discipline?discipline=ratio&priority=1&regular=2",
        "/tv",
        "/day",
        "/sessions",
        "/report",
        f"/report/{date}",
    ]


@pytest.fixture(scope="module")
def today(told: Told, manager: HttpManager) -> str:
    return manager.get("/day").text.split('name="date" value="')[1][:10]


def manager_routes() -> list[Route]:
    """Those that ask who is there: their endpoint is the guard."""
    return [
        one
        for one in PAGES
        if isinstance(one, Route) and one.endpoint.__qualname__.startswith("for_managers.")
    ]


def test_a_strangers_browser_sees_no_page_of_a_manager(pages: RunningPages) -> None:
    """F47: every route of a manager leads to the sign-in; GET and POST."""
    routes = manager_routes()
    assert len(routes) > 25
    with pages.client() as stranger:
        for route in routes:
            path = re.sub(r"\{(\w+)(:int)?\}", "1", route.path)
            for method in route.methods or ():
                if method == "HEAD":
                    continue
                answer = stranger.request(method, path)
                assert answer.status_code == 303, (method, path)
                assert answer.headers["location"].startswith("/sign-in"), path


def test_only_known_routes_are_open_to_all() -> None:
    """Whoever adds a page without the guard has to say so here."""
    guarded = {one.path for one in manager_routes()}
    bare = {one.path for one in PAGES if isinstance(one, Route)} - guarded
    assert {path.split("/")[1] for path in bare} == OPEN_TO_ALL


def test_every_answer_forbids_what_is_not_ours(
    pages: RunningPages, manager: HttpManager, told: Told, today: str
) -> None:
    """CSP without inline script, no framing, no sniffing, no referrer: on pages, files, errors."""
    found = [*addresses(told, today), f"/report/{today}.pdf", f"/report/{today}.csv"]
    found += [
        "/nowhere",
        "/healthz",
        "/static/pages.css",
        "/sign-in",
        "/tickets/none",
        "/t/unknown",
    ]
    for path in found:
        head = manager.get(path).headers
        policy = head["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "script-src 'self'" in policy, path
        assert "unsafe" not in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert head["x-content-type-options"] == "nosniff", path
        assert head["referrer-policy"] in ("no-referrer", "same-origin"), path


class _Inline(HTMLParser):
    """Gathers what the policy would not run, and all scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "script" and not (named.get("src") or "").startswith("/static/"):
            self.bad.append("script")
        if tag == "style" or "style" in named:
            self.bad.append(f"style at {tag}")
        self.bad += [f"{name} at {tag}" for name in named if name.startswith("on")]
        for name in ("href", "src", "action"):
            if (named.get(name) or "").strip().lower().startswith("javascript"):
                self.bad.append(f"{name} of {tag}")


def inline(html: str) -> list[str]:
    parser = _Inline()
    parser.feed(html)
    return parser.bad


def test_no_page_has_script_or_style_of_its_own_text(
    manager: HttpManager, told: Told, today: str
) -> None:
    for path in addresses(told, today):
        answer = manager.get(path)
        assert answer.status_code == 200, (path, answer.text[:500])
        assert inline(answer.text) == [], path
        assert answer.headers["cache-control"] == "no-store", path


def test_what_people_typed_is_shown_as_text(manager: HttpManager, told: Told) -> None:
    """F49, F50: markup in a text for the TV, a service's pause and a note stays text."""
    assert manager.post("/tv/post", on="/tv", id=EVIL, en=EVIL).status_code == 303
    assert manager.post("/services/B/pause", on="/services/B", reason=EVIL).status_code == 303
    assert (
        manager.post(
            f"/tickets/{told['served']}/correct",
            on=f"/tickets/{told['served']}",
            field="note",
            reason=EVIL[:200],
            **{"value-note": EVIL},
        ).status_code
        == 303
    )
    for path in ("/tv", "/hall", "/services/B", f"/tickets/{told['served']}", "/day"):
        page = manager.get(path).text
        assert inline(page) == [], path
        assert "<script>alert" not in page, path
        assert "49" not in re.findall(r"alert\(2\)&gt;(.{0,12})", page), path
    assert "&lt;script&gt;" in manager.get("/tv").text
    assert manager.post("/services/B/resume", on="/services/B").status_code == 303


@pytest.mark.parametrize(
    "path",
    [
        "/hall/tickets?figure=nothing",
        "/hall/tickets?figure=issued&service=%3Cscript%3E",
        "/hall/tickets?figure=issued&hour=x",
        "/hall/tickets?figure=handed-on",
        "/hall/tickets?figure=issued&date=yesterday",
        "/tickets/..%2f..%2fetc",
        "/tickets/unknown",
        "/counters/77",
        "/services/ZZ",
        "/report/2026-13-01",
        "/report/today.exe",
        "/report/..%2f..%2fweb.key",
        "/language/xx",
        "/static/../web.key",
        "/static/%2e%2e/house.py",
    ],
)
def test_an_address_that_leads_nowhere_says_so(manager: HttpManager, path: str) -> None:
    """F49: paths and codes of an address are checked before anything is asked."""
    answer = manager.get(path)
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_no_address_can_split_a_head(manager: HttpManager) -> None:
    """Header injection: line ends never reach a Location or a cookie."""
    answer = manager.get("/language/en?to=/hall%0d%0aSet-Cookie:%20session=evil")
    assert answer.headers["location"] == "/"
    assert "session=evil" not in str(answer.headers)
    assert manager.get("/language/en?to=//evil.example").headers["location"] == "/"


def test_a_body_that_is_too_large_is_not_read(manager: HttpManager) -> None:
    """F45: 413 by the head, and cut off where the head lied."""
    head = {"Origin": manager.origin, "Sec-Fetch-Site": "same-origin"}
    large = manager.http.post("/tv/post", data={"id": "x" * 70_000}, headers=head)
    assert large.status_code == 413

    def chunks() -> Iterator[bytes]:
        yield b"token="
        for _ in range(80):
            yield b"x" * 1024

    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    lied = manager.http.post("/tv/post", content=chunks(), headers=head | kind)
    assert lied.status_code >= 400


def test_a_file_in_a_form_is_refused(manager: HttpManager) -> None:
    head = {"Origin": manager.origin, "Sec-Fetch-Site": "same-origin"}
    sent = manager.http.post("/tv/post", files={"id": ("a.txt", b"x")}, headers=head)
    assert sent.status_code == 415


def test_one_address_alone_is_slowed_down() -> None:
    limit = Limit(per_s=1.0, burst=3.0)
    assert [limit.take("a", 0.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert limit.take("a", 0.0) == pytest.approx(1.0)
    assert limit.take("b", 0.0) == 0.0
    assert limit.take("a", 1.0) == 0.0


def test_another_branch_in_the_same_database_is_not_read(
    pages: RunningPages, told: Told, today: str
) -> None:
    """No cross-branch reads: the same day asked for another branch has nothing in it."""
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    database = open_database(sqlite_url(pages.branch.data / "branch.db"), read_only=True)
    try:

        def figures(branch: str) -> DayFigures:
            return DayFigures(
                database,
                lambda: branch,
                lambda: ZoneInfo("Asia/Jakarta"),
                lambda: datetime.now(UTC),
            )

        (code,) = {row[0] for row in pages.branch.rows("SELECT branch FROM business_day")}
        assert figures(code).of_day(today).total.tickets.issued == 12
        assert figures(code).ticket(today, told["served"]) is not None
        other = figures("another")
        assert other.of_day(today).total.tickets.issued == 0
        assert other.of_day(today).seal is None
        assert other.tickets(today, "issued", Part()) == []
        assert other.ticket(today, told["served"]) is None
    finally:
        database.close()


def test_marks_of_strange_letters_are_none_of_ours(pages: RunningPages) -> None:
    """F42: whatever letters a cookie, a form or an address brings, it is not signed by us."""
    with pages.client() as stranger:
        assert stranger.get("/s/1-2.%C3%A9").status_code == 404
        for name in ("said", "booker", "booking", "signing-in"):
            cookie = [(b"Cookie", f"{name}=x.é".encode("latin-1"))]
            assert stranger.get("/sign-in", headers=cookie).status_code == 200
            assert stranger.get("/b", headers=cookie).status_code == 404
        head = {"Origin": pages.url, "Sec-Fetch-Site": "same-origin"}
        form = {"token": "1.é", "staff": "manager-1", "word": "111111"}
        assert stranger.post("/sign-in", data=form, headers=head).status_code == 403
    assert unsigned(b"key", "said", "x\ud800.\ud800") is None


def test_no_header_makes_up_another_address(pages: RunningPages) -> None:
    """F52: the limits go by the socket; whoever names another address for each guess waits."""
    # From 127.0.0.1: the one address of which such a header would be believed.
    with pages.client(follow_redirects=False) as stranger:
        token = token_of(stranger.get("/sign-in").text)
        head = {"Origin": pages.url, "Sec-Fetch-Site": "same-origin"}
        form = {"token": token, "staff": "nobody-1", "word": "guessed-12345"}
        said = [
            stranger.post(
                "/sign-in", data=form, headers=head | {"X-Forwarded-For": f"10.0.0.{place}"}
            ).status_code
            for place in range(14)
        ]
    assert said[-1] == 429
