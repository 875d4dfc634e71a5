"""The phone page is open but unguessable, and tells nobody what a wrong link was (F55, I12)."""

import secrets
import statistics
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.web.visited_hall import VisitedHall, founded_branch, secret_of, visited_hall
from web.limits import WrongLinks

GUESSES = 2_000
GUESSES_LONG = 10_000
NAMELESS = ("Sari", "Rina", "Wati", "sari", "rina", "staff")


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VisitedHall]:
    with visited_hall(founded_branch(tmp_path_factory.mktemp("guess") / "data")) as running:
        running.open_counter(3, "sari")
        yield running


def visitor(hall: VisitedHall, address: str) -> httpx.Client:
    """Somebody with an address of their own (all of 127/8 is this machine)."""
    transport = httpx.HTTPTransport(local_address=address)
    return httpx.Client(base_url=hall.url, transport=transport, timeout=20)


def near_misses(link: str) -> list[str]:
    """Guesses that are as good as they get without knowing it."""
    other = "A" if link[-1] != "A" else "B"
    return [link[:-1] + other, link[:-1], link.swapcase(), f"{link}A", link[::-1], link[1:]]


def test_thousands_of_guesses_find_nothing(hall: VisitedHall, long_run: bool) -> None:
    """F55: random links, and near misses of real ones; whatever is asked, no ticket comes."""
    real = [secret_of(hall.take()) for _ in range(20)]
    count = GUESSES_LONG if long_run else GUESSES
    guesses = [guess for link in real for guess in near_misses(link)]
    guesses += [secrets.token_urlsafe(16) for _ in range(count - len(guesses))]
    paths = ("", "/state", "/stream", "/cancel", "/survey", "/app.webmanifest")
    answers = set()
    with visitor(hall, "127.0.0.9") as guesser:
        for number, guess in enumerate(guesses):
            answer = guesser.get(f"/t/{guess}{paths[number % len(paths)]}")
            answers.add(answer.status_code)
            assert not any(link in answer.text for link in real)
    assert answers <= {404, 429}
    assert answers == {404, 429}, "the limit was reached, so it was tried"


def test_beyond_the_limit_a_right_link_is_answered_as_a_wrong_one(hall: VisitedHall) -> None:
    """Same status, same bytes, same headers; and no time that tells them apart."""
    tickets = [secret_of(hall.take()) for _ in range(30)]
    with visitor(hall, "127.0.0.10") as guesser:
        while guesser.get(f"/t/{secrets.token_urlsafe(16)}").status_code == 404:
            pass
        took: dict[bool, list[float]] = {True: [], False: []}
        bodies, heads = set(), set()
        for link in tickets:
            for is_right, asked in ((True, link), (False, secrets.token_urlsafe(16))):
                begun_s = time.perf_counter()
                answer = guesser.get(f"/t/{asked}")
                took[is_right].append(time.perf_counter() - begun_s)
                assert answer.status_code == 429
                bodies.add(answer.content)
                head = dict(answer.headers)
                head.pop("date"), head.pop("retry-after")
                heads.add(tuple(sorted(head.items())))
    assert len(bodies) == len(heads) == 1
    right, wrong = (statistics.median(took[one]) for one in (True, False))
    assert abs(right - wrong) < max(right, wrong) / 2 + 0.002


def test_a_guesser_locks_nobody_out(hall: VisitedHall) -> None:
    """Neither a neighbour behind another address, nor whoever opened their page already."""
    mine, theirs = secret_of(hall.take()), secret_of(hall.take())
    with visitor(hall, "127.0.0.11") as shared, visitor(hall, "127.0.0.12") as other:
        assert shared.get(f"/t/{mine}").status_code == 200
        while shared.get(f"/t/{secrets.token_urlsafe(16)}").status_code == 404:
            pass
        assert shared.get(f"/t/{mine}").status_code == 200
        assert other.get(f"/t/{theirs}").status_code == 200


def test_a_hall_behind_one_address_may_open_many_pages(hall: VisitedHall) -> None:
    links = [secret_of(hall.take()) for _ in range(60)]
    with visitor(hall, "127.0.0.13") as wifi:
        assert {wifi.get(f"/t/{link}").status_code for link in links} == {200}


def test_unknown_malformed_and_dead_links_get_the_same_kind_page(hall: VisitedHall) -> None:
    with visitor(hall, "127.0.0.14") as asker:
        given = [secrets.token_urlsafe(16), "x", "%3Cscript%3E", "a" * 64, "a" * 900, "..%2f..%2f"]
        answers = [asker.get(f"/t/{one}") for one in given]
    assert {answer.status_code for answer in answers[:5]} == {404}
    assert len({answer.content for answer in answers[:5]}) == 1
    assert "Halaman ini tidak ada" in answers[0].text
    assert answers[5].status_code == 404


def test_a_page_holds_no_name_is_never_kept_and_tells_its_address_to_nobody(
    hall: VisitedHall,
) -> None:
    """I12: nothing of a person on the phone page, not even of who serves there."""
    ticket = hall.take()
    with visitor(hall, "127.0.0.15") as asker:
        answer = asker.get(f"/t/{secret_of(ticket)}")
        told = asker.get(f"/t/{secret_of(ticket)}/state")
    for one in (answer, told):
        assert not any(name in one.text for name in NAMELESS)
        assert ticket.id not in one.text
        assert one.headers["cache-control"] == "no-store"
        assert one.headers["referrer-policy"] in ("no-referrer", "same-origin")
        assert "set-cookie" not in one.headers
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert secret_of(ticket) not in hall.pages.said(), "no address in the log"


@pytest.mark.parametrize("deed", ["cancel", "rate", "survey"])
@pytest.mark.parametrize(
    "from_where",
    [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://jahat.example"}, {"Origin": "null"}],
)
def test_another_site_can_do_nothing_in_a_visitors_name(
    hall: VisitedHall, deed: str, from_where: dict[str, str]
) -> None:
    """Forged requests: even one that knows the link is refused when a browser says whence."""
    ticket = hall.take()
    with visitor(hall, "127.0.0.16") as asker:
        answer = asker.post(
            f"/t/{secret_of(ticket)}/{deed}", data={"score": "1"}, headers=from_where
        )
        assert answer.status_code == 403
        assert asker.get(f"/t/{secret_of(ticket)}/state").json()["shown"]["cancel"] is True


def test_a_link_opens_its_own_ticket_and_no_deed_reaches_another(hall: VisitedHall) -> None:
    mine, other = hall.take(), hall.take()
    with visitor(hall, "127.0.0.17") as asker:
        shown = asker.get(f"/t/{secret_of(mine)}/state").json()["shown"]
        assert shown["number"] == mine.number
        asker.post(f"/t/{secret_of(mine)}/cancel", data={"ticket": other.id})
        shown = asker.get(f"/t/{secret_of(mine)}/state").json()["shown"]
        assert shown["view"] == "cancelled"
        shown = asker.get(f"/t/{secret_of(other)}/state").json()["shown"]
        assert shown["view"] in ("waiting", "near")


def test_a_rating_counts_once_and_only_one_to_four(hall: VisitedHall) -> None:
    hall.empty("counter-3")
    ticket = hall.take()
    with visitor(hall, "127.0.0.18") as asker:
        page = f"/t/{secret_of(ticket)}"
        assert asker.post(f"{page}/rate", data={"score": "3"}).status_code == 409, "not served yet"
        hall.serve("counter-3")
        for bad in ("0", "5", "", "33", "-1", "٣"):
            assert asker.post(f"{page}/rate", data={"score": bad}).status_code == 400
        assert asker.post(f"{page}/rate", data={"score": "3"}).status_code == 303
        asker.post(f"{page}/rate", data={"score": "1"})
    assert hall.branch.rows(f"SELECT score FROM rating WHERE ticket = '{ticket.id}'") == [(3,)]


# The limit alone.


def test_wrong_links_run_out_and_come_back_with_time() -> None:
    limit = WrongLinks(per_s=0.5, burst=3)
    for number in range(3):
        assert limit.wait_s("a", f"wrong-{number}", 0.0) == 0
        limit.was_wrong("a", 0.0)
    assert limit.wait_s("a", "wrong", 0.0) == pytest.approx(2.0)
    assert limit.wait_s("b", "wrong", 0.0) == 0
    assert limit.wait_s("a", "wrong", 2.0) == 0
    limit.was_wrong("a", 2.0)
    assert limit.wait_s("a", "wrong", 2.0) > 0


def test_right_links_cost_nothing_and_stay_open() -> None:
    """Also many at once: after a restart a whole hall comes back behind one address."""
    limit = WrongLinks(per_s=0.5, burst=2)
    assert [limit.wait_s("a", f"right-{number}", 0.0) for number in range(50)] == [0] * 50
    for number in range(50):
        limit.was_right("a", f"right-{number}")
    for _ in range(2):
        limit.was_wrong("a", 0.0)
    assert limit.wait_s("a", "wrong", 0.0) > 0
    assert limit.wait_s("a", "right-7", 0.0) == 0, "opened before"
    assert limit.wait_s("b", "right-7", 0.0) == 0, "there it is the first"
