"""A counter's computer dies while somebody is served; the person goes on at another desk (F25)."""

from pathlib import Path

from tests.journeys.screens import Screen, Screens, eventually, sit_down, take_number
from tests.running_branch import PIN, RunningBranch


def sign_in(seat: Screen, staff: str) -> None:
    seat.wait(name="sign-in", enabled=True)
    seat.type("staff", staff)
    seat.type("pin", PIN)
    seat.key("Return")


def test_the_ticket_goes_along_and_the_old_desk_asks_who_sits_there(
    branch: RunningBranch, tmp_path: Path
) -> None:
    with branch, Screens(branch, tmp_path) as screens:
        kiosk, old = screens.kiosk("none:"), screens.counter("counter-1")
        sit_down(old, "sari")
        assert take_number(kiosk, "B") == "B001"
        old.wait(name="next", text="B001")
        old.key("F2")
        old.wait(name="my-number", text="B001")
        old.key("F4")
        old.wait(name="my-state", text="Dilayani")
        old.process.kill()
        old.process.wait(10)

        new = screens.counter("counter-2")
        sign_in(new, "sari")
        new.wait(name="my-number", text="B001")
        new.wait(name="my-state", text="Dilayani")
        assert branch.rows("SELECT state, counter, staff FROM ticket") == [("serving", 2, "sari")]

        # The dead computer is started again: nobody sits there, and nothing is held by it.
        again = screens.counter("counter-1")
        again.wait(page="sign-in")
        again.wait(name="sign-in", enabled=True)
        new.key("F8")
        new.wait(page="serving-finish")
        new.key("Return")
        new.wait(name="remark", text="B001 selesai")
        assert branch.rows("SELECT state, counter, staff FROM ticket") == [("finished", 2, "sari")]


def test_whoever_signs_in_elsewhere_leaves_a_living_desk_with_the_reason_said(
    branch: RunningBranch, tmp_path: Path
) -> None:
    with branch, Screens(branch, tmp_path) as screens:
        old, new = screens.counter("counter-1"), screens.counter("counter-2")
        sit_down(old, "sari")
        sign_in(new, "sari")
        old.wait(page="sign-in")
        old.wait(name="sign-in-remark", pattern="^Anda (sudah )?masuk di (loket|tempat) lain")
        new.wait(page="serving")
        # And back again: both return.
        sign_in(old, "sari")
        old.wait(page="serving")
        new.wait(page="sign-in")
        eventually(
            lambda: branch.rows("SELECT count(*) FROM event WHERE type = 'StaffSignedIn'"),
            lambda rows: rows == [(3,)],
            "three times signed in",
        )
