"""The satisfaction survey on the phone and on the hall's tablet, before real programs."""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from assets.texts import Texts
from protocol import messages as m
from protocol.survey_form import ELEMENTS, IKM, SKM
from tests.web.looking import PHONE, SMALL_PHONE, serious_findings, small_targets, too_wide
from tests.web.running_pages import HttpManager, signed_in_context
from tests.web.visited_hall import VisitedHall, founded_branch, secret_of, visited_hall
from web.survey_form import filled_in, questions
from web.tablets import GOOD_S, Tablets

LANGUAGES = ("id", "en", "jv", "su")
TABLET = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[VisitedHall]:
    branch = founded_branch(
        tmp_path_factory.mktemp("survey") / "data", branch__languages=",".join(LANGUAGES)
    )
    with visited_hall(branch) as running:
        running.open_counter(3, "sari")
        yield running


@pytest.fixture(scope="module")
def manager(hall: VisitedHall) -> Iterator[HttpManager]:
    with HttpManager(hall.pages, "wati") as signed_in:
        yield signed_in.sign_in()


@pytest.fixture
def served(hall: VisitedHall) -> m.Ticket:
    """A ticket whose service is over."""
    ticket = hall.take()
    assert hall.serve("counter-3").number == ticket.number
    return ticket


def answers(hall: VisitedHall) -> list[tuple[object, ...]]:
    return hall.branch.rows(
        "SELECT instrument, answers, service, age, comment, mark FROM survey_answer ORDER BY 1"
    )


def connected(hall: VisitedHall) -> str:
    """A leave for a tablet as the pages themselves sign it."""
    data = hall.branch.data
    tablets = Tablets(data / "web-tablets", (data / "web.key").read_bytes())
    return f"/s/{tablets.new_leave(time.time())}"


# On the phone.


def test_the_questionnaire_on_the_phone_once_and_without_javascript(
    hall: VisitedHall, browser: Browser, served: m.Ticket
) -> None:
    context = browser.new_context(viewport=PHONE, locale="id-ID", java_script_enabled=False)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{hall.url}/t/{secret_of(served)}")
    page.get_by_role("link", name="Isi survei kepuasan").click()
    assert page.locator("fieldset").count() == 10, "nine elements, and about the person"
    page.locator("input[name=u1][value='4']").check(force=True)
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("alert")).to_contain_text("paling sedikit 5 pertanyaan")
    expect(page.locator("input[name=u1][value='4']")).to_be_checked()
    for number, score in ((2, 3), (3, 2), (4, 4), (9, 1)):
        page.locator(f"input[name=u{number}][value='{score}']").check(force=True)
    page.get_by_label("Umur").select_option("26-35")
    page.get_by_label("Saran").fill("Kursinya kurang")
    before = len(answers(hall))
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", name="Terima kasih")).to_be_visible()
    kept = answers(hall)[before:]
    assert [(json.loads(str(row[1])), row[2:5]) for row in kept] == [
        ({"u1": 4, "u2": 3, "u3": 2, "u4": 4, "u9": 1}, ("A", "26-35", "Kursinya kurang"))
    ]
    assert served.id not in str(kept[0]), "nobody finds the visit behind an answer"
    page.goto(f"{hall.url}/t/{secret_of(served)}/survey")
    expect(page.get_by_text("sudah diisi")).to_be_visible()
    context.close()


def test_a_form_that_is_not_the_questionnaires_is_left_out(
    hall: VisitedHall, served: m.Ticket
) -> None:
    fields = {f"u{number}": "9" for number in range(1, 10)} | {"p1": "4", "sex": "Budi"}
    before = answers(hall)
    with hall.pages.client() as visitor:
        sent = visitor.post(f"/t/{secret_of(served)}/survey", data=fields)
    assert sent.status_code == 422
    assert answers(hall) == before


def test_who_waits_is_not_asked(hall: VisitedHall) -> None:
    waiting = hall.take()
    with hall.pages.client() as visitor:
        page = visitor.get(f"/t/{secret_of(waiting)}/survey")
        assert "fieldset" not in page.text
        full = {f"u{number}": "4" for number in range(1, 10)}
        before = answers(hall)
        visitor.post(f"/t/{secret_of(waiting)}/survey", data=full)
        assert answers(hall) == before
    hall.empty("counter-3")


# On the tablet.


def test_a_manager_makes_a_browser_the_tablet_and_is_signed_out_of_it(
    hall: VisitedHall, browser: Browser
) -> None:
    with HttpManager(hall.pages, "agus") as other:
        context = signed_in_context(browser, other.sign_in(), viewport=TABLET)
    page = context.new_page()
    page.goto(f"{hall.url}/survey-tablet")
    page.get_by_role("button", name="Hubungkan tablet ini").click()
    expect(page.get_by_role("button", name="MULAI")).to_be_visible()
    page.goto(f"{hall.url}/hall")
    assert page.url.startswith(f"{hall.url}/sign-in")
    context.close()


def test_nobody_else_makes_a_tablet(hall: VisitedHall) -> None:
    with hall.pages.client() as stranger:
        assert stranger.get("/survey-tablet").headers["location"].startswith("/sign-in")
        assert stranger.post("/survey-tablet/connect").status_code in (303, 403)
        made_up = f"/s/1-{10**10}.{'0' * 40}"
        assert stranger.get(made_up).status_code == 404
        assert stranger.post(made_up, data={"to": "99"}).status_code == 404


def fill(page: Page, score: int, elements: int) -> None:
    """Touch a face on each screen."""
    for number in range(1, elements + 1):
        expect(page.get_by_text(re.compile(rf"^{number} (dari|of|saking|ti) "))).to_be_visible()
        page.locator(".answers button").nth(score - 1).click()


def test_one_question_a_screen_then_thanks_and_back_to_the_start_by_itself(
    hall: VisitedHall, browser: Browser
) -> None:
    leave = connected(hall)
    context = browser.new_context(viewport=TABLET)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{hall.url}{leave}")
    page.get_by_role("button", name="MULAI").click()
    page.get_by_role("button", name="Perubahan data").click()
    page.get_by_role("button", name="Sesuai", exact=True).click()
    page.get_by_role("button", name="Kembali").click()
    expect(page.get_by_text("1 dari 9")).to_be_visible()
    fill(page, 3, 8)
    page.get_by_role("button", name="Lewati").click()
    page.get_by_label("Jenis kelamin").select_option("female")
    before = len(answers(hall))
    page.get_by_role("button", name="Kirim jawaban").click()
    expect(page.get_by_role("heading", name="Terima kasih")).to_be_visible()
    kept = answers(hall)[before:]
    assert [(json.loads(str(row[1])), row[2], row[5]) for row in kept] == [
        ({f"u{number}": 3 for number in range(1, 9)}, "B", "")
    ]
    expect(page.get_by_role("button", name="MULAI")).to_be_visible(timeout=20_000)
    context.close()


def test_whoever_leaves_in_the_middle_leaves_a_fresh_start_behind(
    hall: VisitedHall, browser: Browser
) -> None:
    """45 s without a touch; the clock of the browser is turned, not waited for."""
    leave = connected(hall)
    context = browser.new_context(viewport=TABLET)  # type: ignore[arg-type]
    page = context.new_page()
    page.clock.install()
    page.goto(f"{hall.url}{leave}?lang=su")
    page.locator(".big").click()
    page.get_by_role("button", name="Langkungan").click()
    page.locator(".answers button").first.click()
    page.clock.run_for(44_000)
    expect(page.get_by_text("2 ti 9")).to_be_visible()
    page.clock.run_for(2_000)
    expect(page.get_by_role("button", name="MULAI")).to_be_visible()
    context.close()


def test_the_tablet_works_without_javascript_and_a_double_tap_is_one_answer(
    hall: VisitedHall,
) -> None:
    leave = connected(hall)
    with hall.pages.client() as tablet:
        start = tablet.get(leave)
        fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', start.text))
        page = tablet.post(leave, data=fields)
        assert f'content="45;url={leave}"' in page.text
        full = {f"u{number}": "4" for number in range(1, 10)} | {"to": "11"}
        before = len(answers(hall))
        for _ in range(3):
            assert "Terima kasih" in tablet.post(leave, data=fields | full).text
        assert len(answers(hall)) == before + 1
        few = tablet.post(leave, data={"u1": "4", "to": "11", "form_id": "other"})
        assert "paling sedikit 5" in few.text
        assert len(answers(hall)) == before + 1


def test_taking_the_leave_back_stops_every_tablet(hall: VisitedHall, manager: HttpManager) -> None:
    leave = connected(hall)
    with hall.pages.client() as tablet:
        assert tablet.get(leave).status_code == 200
        manager.post("/survey-tablet/revoke", on="/survey-tablet")
        assert tablet.get(leave).status_code == 404
        assert "belum dihubungkan" in tablet.get(leave).text


def test_a_leave_is_good_for_thirty_days_and_for_its_epoch(tmp_path: Path) -> None:
    tablets = Tablets(tmp_path / "epoch", b"k" * 32)
    leave = tablets.new_leave(1000.0)
    assert tablets.is_good(leave, 1000.0 + GOOD_S - 1)
    assert not tablets.is_good(leave, 1000.0 + GOOD_S)
    assert not tablets.is_good(leave + "0", 1000.0)
    assert not Tablets(tmp_path / "epoch", b"x" * 32).is_good(leave, 1000.0)
    tablets.revoke_all()
    assert not tablets.is_good(leave, 1000.0)
    again = Tablets(tmp_path / "epoch", b"k" * 32)
    assert not again.is_good(leave, 1000.0), "also after a restart"
    assert again.is_good(again.new_leave(1000.0), 1000.0)


# Both questionnaires, in every language; the look.


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("instrument", [SKM, IKM])
def test_every_element_has_its_words(instrument: str, language: str) -> None:
    """PermenPANRB 14/2017 asks nine, KEP/25/2004 fourteen; four different answers each."""
    texts = Texts.load(language, ["phone"], strict=True)
    asked = questions(instrument, texts)
    assert [one.code for one in asked] == list(ELEMENTS[instrument])
    for one in asked:
        assert len({words for _, words in one.choices}) == 4
        assert one.words.endswith("?")


def test_the_wording_is_the_regulations() -> None:
    asked = questions(SKM, Texts.load("id", ["phone"], strict=True))
    assert asked[0].words == (
        "Bagaimana pendapat Saudara tentang kesesuaian persyaratan pelayanan "
        "dengan jenis pelayanannya?"
    )
    assert [words for _, words in asked[3].choices] == [
        "Sangat mahal",
        "Cukup mahal",
        "Murah",
        "Gratis",
    ]


def test_what_the_form_does_not_know_is_left_out() -> None:
    filled = filled_in(SKM, {"u1": "4", "u2": "5", "u3": "٣", "p1": "1", "sex": "male", "age": "x"})
    assert (filled.answers, filled.about) == ({"u1": 4}, {"sex": "male"})


def test_a_branch_that_asks_the_older_questionnaire(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    branch = founded_branch(tmp_path_factory.mktemp("ikm") / "data", survey__instrument="ikm-2004")
    with visited_hall(branch) as hall, hall.pages.client() as visitor:
        device = hall.open_counter(3, "sari")
        ticket = hall.take()
        hall.serve(device)
        page = visitor.get(f"/t/{secret_of(ticket)}/survey").text
        assert page.count('type="radio"') == 14 * 4
        full = {f"p{number}": "3" for number in range(1, 15)}
        sent = visitor.post(f"/t/{secret_of(ticket)}/survey", data=full)
        assert sent.headers["location"].endswith("/survey?done")
        assert [row[0] for row in answers(hall)] == ["ikm-2004"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_the_survey(
    hall: VisitedHall, browser: Browser, language: str, scheme: str
) -> None:
    ticket = hall.take(language=language)
    hall.serve("counter-3")
    leave = connected(hall)
    found: dict[str, object] = {}
    for size in (SMALL_PHONE, TABLET):
        context = browser.new_context(
            viewport=size,  # type: ignore[arg-type]
            color_scheme=scheme,  # type: ignore[arg-type]
            bypass_csp=True,  # for axe itself, which is put into the page
        )
        page = context.new_page()

        def look(name: str, page: Page = page, size: dict[str, int] = size) -> None:
            seen = (serious_findings(page), small_targets(page), too_wide(page))
            if seen != ([], [], False):
                found[f"{name} {size['width']}"] = seen

        page.goto(f"{hall.url}/t/{secret_of(ticket)}/survey")
        look("phone")
        page.goto(f"{hall.url}{leave}?lang={language}")
        look("start")
        page.locator(".big").click()
        look("service")
        page.locator(".answers button").first.click()
        look("question")
        for _ in range(9):
            page.locator(".answers button").first.click()
        look("about")
        page.locator(".bar button.button:not(.quiet)").click()
        look("thanks")
        context.close()
    assert found == {}


def test_a_visitor_reads_the_tablets_page_as_any_other(hall: VisitedHall) -> None:
    """The kind page of a dead tablet says what to do."""
    with hall.pages.client() as stranger:
        answer: httpx.Response = stranger.get("/s/x")
    assert answer.status_code == 404
    assert "kepala kantor" in answer.text
