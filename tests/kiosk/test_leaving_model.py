"""The way out of a locked kiosk: the held corner, the PIN, and patience against guessing."""

import pytest

from kiosk.exit_pin import ExitPinError, check_setting, hash_pin
from kiosk.leaving_model import LOCKED_S, TRIES, LeavingModel


class Corner:
    """A finger, a pad, and a clock in the hand."""

    def __init__(self, pin: str = "4711") -> None:
        self.now_s = 100.0
        self.left = 0
        self.model = LeavingModel(pin, now_s=lambda: self.now_s, leave=self.leave)

    def leave(self) -> None:
        self.left += 1

    def after(self, seconds: float) -> "Corner":
        self.now_s += seconds
        self.model.tick()
        return self

    def held(self) -> "Corner":
        self.model.hold()
        return self.after(5.1)

    def typed(self, digits: str) -> "Corner":
        for digit in digits:
            self.model.type_digit(digit)
        self.model.confirm()
        return self

    def asks(self) -> bool:
        return self.model.asks


def test_the_pin_is_asked_for_after_five_seconds_on_the_corner() -> None:
    corner = Corner()
    corner.model.hold()
    corner.after(4.9)
    assert not corner.asks()
    corner.after(0.2)
    assert corner.asks()


def test_a_finger_that_was_lifted_begins_anew() -> None:
    corner = Corner()
    corner.model.hold()
    corner.after(4)
    corner.model.let_go()
    corner.model.hold()
    corner.after(4)
    assert not corner.asks()


def test_without_a_pin_there_is_no_way_out() -> None:
    assert not Corner(pin="").held().asks()


@pytest.mark.parametrize("stored", ["4711", hash_pin("4711")])
def test_the_right_pin_leaves_once(stored: str) -> None:
    corner = Corner(stored).held().typed("4711")
    assert corner.left == 1
    assert not corner.asks()
    corner.typed("4711")
    assert corner.left == 1, "a pad that is not shown hears nothing"


def test_a_wrong_pin_is_said_and_forgotten() -> None:
    corner = Corner().held().typed("4712")
    model = corner.model
    assert (corner.left, model.was_wrong, model.digits) == (0, True, "")
    model.type_digit("4")
    assert (model.was_wrong, model.digits) == (False, "4")
    model.clear()
    assert model.digits == ""


def test_guessing_is_stopped_for_a_minute_even_by_going_away_and_coming_back() -> None:
    corner = Corner().held()
    for _ in range(TRIES):
        corner.typed("0000")
    assert corner.model.locked_s == LOCKED_S
    corner.typed("4711")
    corner.model.back()
    corner.held().typed("4711")
    assert corner.left == 0
    corner.after(LOCKED_S).held().typed("4711")
    assert corner.left == 1


def test_nothing_typed_is_no_guess() -> None:
    corner = Corner().held()
    for _ in range(2 * TRIES):
        corner.model.confirm()
    assert corner.model.locked_s == 0


def test_a_pad_that_is_left_alone_goes_away() -> None:
    corner = Corner().held()
    corner.model.type_digit("4")
    corner.after(19).after(2)
    assert not corner.asks()
    assert corner.held().model.digits == ""


@pytest.mark.parametrize("setting", ["12", "abcd", "1234567890123", "scrypt:12:34", "47 11"])
def test_a_setting_that_can_never_match_is_refused_at_the_start(setting: str) -> None:
    with pytest.raises(ExitPinError, match="exit_pin"):
        check_setting(setting)
    check_setting("")
    check_setting("4711")
    check_setting(hash_pin("123456"))


def test_a_pin_that_is_none_is_not_hashed() -> None:
    with pytest.raises(ExitPinError, match="digits"):
        hash_pin("12a4")
