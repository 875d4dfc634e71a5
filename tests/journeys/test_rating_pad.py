"""R1 from the counter's key to the row in the database, with the shipped programs (ux.md V13)."""

import asyncio
import json
from pathlib import Path
from uuid import uuid4

from protocol.messages import Accepted, IssueTicket, Ticket
from tests.journeys.screens import Screen, Screens, eventually, sit_down
from tests.running_branch import RunningBranch

REVIEW = "https://g.page/r/kantor-cabang-contoh/review"
RATINGS = (
    "SELECT ticket.number, rating.score, rating.reasons, rating.device"
    " FROM rating JOIN ticket ON ticket.id = rating.ticket ORDER BY rating.at_ms"
)


def pad_of(screens: Screens) -> Screen:
    return screens.start("kiosk", "rating-1", "--seat", "rating", "--windowed", "960x600+0+0")


def number_for(branch: RunningBranch, language: str = "id") -> str:
    """Somebody takes a number at a kiosk, in a language."""

    async def take() -> str:
        async with branch.client("kiosk-1") as kiosk:
            answer = await kiosk.ask(IssueTicket(id=uuid4(), service="B", language=language))
            assert isinstance(answer, Accepted)
            assert isinstance(answer.ticket, Ticket)
            return answer.ticket.number

    return asyncio.run(take())


def serve(seat: Screen, number: str) -> None:
    """Call, start and finish by keys."""
    seat.wait(name="next", text=number)
    seat.key("F2")
    seat.wait(name="my-number", text=number)
    seat.wait(name="start", enabled=True)
    seat.key("F4")
    seat.wait(name="my-state", text="Dilayani")
    seat.key("F8")
    seat.wait(page="serving-finish")
    seat.press("finish-confirm")
    seat.wait(name="remark", text=f"{number} selesai")


def test_two_of_four_with_reasons_is_written_to_the_ticket(
    branch: RunningBranch, tmp_path: Path
) -> None:
    branch.configure(rating__review_link=REVIEW)
    with branch, Screens(branch, tmp_path) as screens:
        pad, seat = pad_of(screens), screens.counter()
        pad.wait(page="idle")
        sit_down(seat, "sari")
        first, second = number_for(branch), number_for(branch, "en")
        serve(seat, first)

        pad.wait(page="faces")
        pad.wait(name="rating-whose", text=f"{first}, loket 1")
        pad.press("score-2")
        pad.wait(page="reasons")
        pad.press("reason-time")
        pad.press("reason-courtesy")
        pad.press("rating-send")
        pad.wait(page="thanks")
        pad.wait(name="rating-review", text="Boleh dilewati")
        eventually(lambda: branch.rows(RATINGS), bool, "the rating in the database")
        pad.press("rating-finish")
        pad.wait(page="idle")

        # The next visitor took the number in English, and is asked in English.
        serve(seat, second)
        pad.wait(name="rating-question", text="How was the service")
        pad.press("score-4")
        pad.wait(page="thanks")
        rows = eventually(lambda: branch.rows(RATINGS), lambda all_: len(all_) == 2, "both")
    found = [
        (number, score, sorted(json.loads(reasons)), by) for number, score, reasons, by in rows
    ]
    assert found == [
        (first, 2, ["courtesy", "time"], "rating-1"),
        (second, 4, [], "rating-1"),
    ]
    branch.command("verify")


def test_a_rating_while_the_server_is_away_is_written_once(
    branch: RunningBranch, tmp_path: Path
) -> None:
    """F01, I1: the visitor sees thanks at once; the row comes with the server, and comes once."""
    with branch, Screens(branch, tmp_path) as screens:
        pad, seat = pad_of(screens), screens.counter()
        sit_down(seat, "sari")
        number = number_for(branch)
        serve(seat, number)
        pad.wait(page="faces")
        branch.kill()
        pad.wait(page="faces")
        pad.press("score-3")
        pad.wait(page="thanks")
        branch.start()
        rows = eventually(lambda: branch.rows(RATINGS), bool, "the rating after the restart")
        pad.wait(page="idle")
        assert rows == [(number, 3, "[]", "rating-1")]
        log = pad.log.read_text()
    branch.command("verify")
    assert len(branch.rows(RATINGS)) == 1
    assert "was not taken" not in log
