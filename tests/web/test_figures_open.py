"""Every figure of the hall and of the report opens its tickets, as many as it says."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from protocol.messages import Accepted, RecordScreening, SignIn
from tests.running_branch import PIN, RunningBranch
from tests.web.running_pages import HttpManager
from tests.web.small_day import Told, in_own_loop, morning_of

SPARED = 3


@pytest.fixture(scope="module")
def told(branch: RunningBranch) -> Told:
    """A morning, and some who needed no number."""
    morning = morning_of(branch, people=17)
    in_own_loop(_spare_visits(branch))
    return morning


async def _spare_visits(branch: RunningBranch) -> None:
    async with branch.client("screening-1") as door:
        seated = await door.ask(SignIn(id=door.new_id(), staff="manager-2", pin=PIN))
        assert isinstance(seated, Accepted), seated
        for _ in range(SPARED):
            done = await door.ask(
                RecordScreening(id=door.new_id(), outcome="solved", reason="information")
            )
            assert isinstance(done, Accepted), done


class _Figures(HTMLParser):
    """The links to lists of tickets, with the text that stands in each."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._to = ""
        self._said = ""
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "a" and (named.get("href") or "").startswith("/hall/tickets?"):
            self._to, self._said = named["href"] or "", ""
        if self._to and tag == "span":
            self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        if self._to and tag == "span":
            self._hidden -= 1
        if tag == "a" and self._to:
            self.found.append((self._to, self._said.strip()))
            self._to = ""

    def handle_data(self, data: str) -> None:
        if self._to and not self._hidden:
            self._said += data


def figures(html: str) -> list[tuple[str, str]]:
    parser = _Figures()
    parser.feed(html)
    return parser.found


def listed(html: str) -> int:
    return int(re.search(r"<strong>(\d+) nomor</strong>", html)[1])  # type: ignore[index]


def test_each_figure_opens_as_many_tickets_as_it_says(manager: HttpManager, told: Told) -> None:
    """B1: the list behind a figure is reckoned by the figure's own condition."""
    today = manager.get("/day").text.split('name="date" value="')[1][:10]
    counted, opened = 0, set()
    for path in ("/hall", f"/report/{today}"):
        found = figures(manager.get(path).text)
        assert len(found) > 20, path
        for to, said in found:
            if to in opened:
                continue
            opened.add(to)
            answer = manager.get(unescape(to))
            assert answer.status_code == 200, (path, to)
            many = said.split(" ")[0]
            if many.isdigit() and "rating-reason" not in to:
                assert listed(answer.text) == int(many), (path, to)
                counted += 1
    assert counted > 25


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("figure=category&code=newborn", "Bayi baru lahir"),
        ("figure=outcome&code=solved", "Selesai"),
        ("figure=priority&code=elderly", "lansia"),
        ("figure=called-in-hour&code=09", "jam 09"),
        ("figure=category&code=of-old-times", "of-old-times"),
    ],
)
def test_a_list_says_in_words_what_it_is_of(manager: HttpManager, asked: str, words: str) -> None:
    """Codes are for programs; one that nobody knows any more is all there is."""
    page = manager.get(f"/hall/tickets?{asked}").text
    assert re.search(rf'<p class="hint">[^<]* · {words}</p>', page)


def test_who_took_no_number_is_not_looked_for_among_the_numbers(
    manager: HttpManager, told: Told
) -> None:
    """B1: more came than took numbers; that figure opens the part of the report that parts it."""
    page = manager.get("/hall").text
    to, shown = re.search(  # type: ignore[union-attr]
        r'id="card-arrived">.*?<a href="([^"]+)">([\d.]+)<', page, re.DOTALL
    ).groups()
    taken = dict(figures(page))["/hall/tickets?figure=issued"]
    assert int(shown) == int(taken.split()[0]) + SPARED
    path, _, part = to.partition("#")
    assert f'id="{part}"' in manager.get(path).text


def test_the_screen_and_the_report_say_the_same(manager: HttpManager, told: Told) -> None:
    """B2: one source; the figures of the hall stand on the report to the last digit."""
    today = manager.get("/day").text.split('name="date" value="')[1][:10]
    hall = {
        to.replace(f"&date={today}", ""): said for to, said in figures(manager.get("/hall").text)
    }
    page = manager.get(f"/report/{today}").text
    report = {unescape(to).replace(f"&date={today}", ""): said for to, said in figures(page)}
    both = [to for to in hall if to in report and hall[to].isdigit() and report[to].isdigit()]
    assert len(both) >= 8
    assert {to: hall[to] for to in both} == {to: report[to] for to in both}
