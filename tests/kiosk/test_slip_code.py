"""The code of a slip: what a scanner types, what a person types, how often it may be wrong."""

import pytest

from kiosk.slip_code import SCAN_GAP_S, CodeInput, CodeTries, is_code

CODE = "480915"
RUBBISH = [
    "4809157",
    "48091",
    "48091A",
    "480 915",
    "4809-15",
    "٤٨٠٩١٥",
    "４８０９１５",
    "4809\x1b@15",
    "\x00480915",
    "480915\t",
    "]Q3480915",
    "https://wa.me/628118165165",
    "\u202e519084",
    "9" * 10_000,
    "=cmd|' /C calc'!A0",
    "3171234567890123",
]


def scan(code: CodeInput, signs: str, *, shown: bool = True, at_s: float = 100.0) -> str | None:
    """Type all of it 5 ms apart, then Enter."""
    for place, sign in enumerate(signs):
        code.type(sign, at_s + place * 0.005, shown=shown)
    return code.enter(at_s + len(signs) * 0.005)


def write(code: CodeInput, signs: str, *, gap_s: float = 0.4, at_s: float = 100.0) -> str | None:
    """A person at a keyboard, then Enter."""
    for place, sign in enumerate(signs):
        code.type(sign, at_s + place * gap_s, shown=True)
    return code.enter(at_s + len(signs) * gap_s)


@pytest.mark.parametrize("shown", [True, False])
def test_a_scan_is_a_code_at_once(shown: bool) -> None:
    assert scan(CodeInput(), CODE, shown=shown) == CODE


@pytest.mark.parametrize("shown", [True, False])
@pytest.mark.parametrize("rubbish", RUBBISH)
def test_a_scan_of_anything_else_opens_nothing_and_leaves_nothing(
    rubbish: str, shown: bool
) -> None:
    """F50: ten thousand signs, control bytes, other alphabets' figures, a NIK, a link."""
    code = CodeInput()
    assert scan(code, rubbish, shown=shown) is None
    # Only a part of a code may be a slow hand's; that is kept where it is seen.
    assert code.digits == (rubbish if shown and rubbish == "48091" else "")
    code.clear()
    assert scan(code, CODE, shown=shown, at_s=200.0) == CODE


@pytest.mark.parametrize("rubbish", ["4809157", "]Q3480915", "12\x1b3456"])
def test_what_was_typed_before_a_scan_of_rubbish_stays(rubbish: str) -> None:
    code = CodeInput()
    code.touch("7")
    code.touch("8")
    assert scan(code, rubbish) is None
    assert code.digits == "78"


def test_a_scan_wins_over_what_stood_in_the_boxes() -> None:
    code = CodeInput()
    for digit in "12345":
        code.touch(digit)
    assert scan(code, CODE) == CODE


def test_a_person_types_at_any_pace_and_may_mend() -> None:
    for gap_s in (0.06, 0.14, 0.3, 5.0):
        assert write(CodeInput(), CODE, gap_s=gap_s) == CODE
    code = CodeInput()
    assert write(code, "4809") is None
    assert code.digits == "4809", "Enter too early takes nothing away"
    code.erase()
    assert write(code, "915", at_s=200.0) == CODE


def test_a_digit_too_many_is_not_taken_and_spoils_nothing() -> None:
    assert write(CodeInput(), CODE + "7") == CODE


def test_two_scans_with_a_pause_are_two() -> None:
    code = CodeInput()
    for place, sign in enumerate("480"):
        code.type(sign, 100.0 + place * 0.005, shown=False)
    assert scan(code, CODE, shown=False, at_s=100.2 + SCAN_GAP_S) == CODE


def test_enter_long_after_a_scan_without_one_means_nothing_where_no_boxes_are_seen() -> None:
    code = CodeInput()
    for place, sign in enumerate(CODE):
        code.type(sign, 100.0 + place * 0.005, shown=False)
    assert code.scans(100.05)
    assert not code.scans(101.0)
    assert code.enter(101.0) is None


def test_an_endless_scan_takes_no_endless_memory() -> None:
    code = CodeInput()
    for place in range(20_000):
        code.type("9", 100.0 + place * 0.001, shown=False)
    assert len(repr(code)) < 400


def test_a_code_is_six_figures_of_ascii() -> None:
    assert is_code(CODE)
    assert not any(is_code(rubbish) for rubbish in RUBBISH)


def test_three_wrong_codes_in_a_short_time_pause_and_then_it_goes_on() -> None:
    tries = CodeTries(tries=3, window_s=120.0, pause_s=30.0)
    for now_s in (0.0, 10.0):
        tries.wrong(now_s)
        assert tries.pause_left_s(now_s) == 0
    tries.wrong(20.0)
    assert tries.pause_left_s(20.0) == 30.0
    assert tries.pause_left_s(50.0) == 0
    tries.wrong(51.0)
    assert tries.pause_left_s(51.0) == 0, "after the pause it is counted anew"


def test_wrong_codes_far_apart_or_with_a_right_one_between_do_not_pause() -> None:
    tries = CodeTries(tries=3, window_s=120.0, pause_s=30.0)
    for now_s in (0.0, 100.0, 200.0, 300.0):
        tries.wrong(now_s)
        assert tries.pause_left_s(now_s) == 0
    tries.right()
    tries.wrong(310.0)
    tries.wrong(320.0)
    assert tries.pause_left_s(320.0) == 0
