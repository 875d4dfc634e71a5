"""What the display program can be told: its own settings, beside those of every program."""

from ui.settings import PATH, POSITIVE, YES_NO, Kind, Option, optional


def _read_counters(text: str) -> frozenset[int]:
    numbers = frozenset(int(number) for number in text.split(","))
    if min(numbers) < 1:
        raise ValueError(text)
    return numbers


COUNTERS = Kind("counter numbers with commas between them (1,2)", _read_counters, (str,))

VOICE = Option("voice", YES_NO, True, "speak the calls; without it they are shown only")
VOICE_COUNTERS = Option(
    "voice-counters",
    optional(COUNTERS),
    None,
    "speak the calls of these counters only; the others are shown",
    metavar="1,2",
)
VOICES = Option(
    "voices", PATH, None, "folder with the branch's own recorded voices", metavar="FOLDER"
)
SELF_TEST = Option(
    "self-test",
    YES_NO,
    True,
    "test the voice each morning at the branch's hour: play a sentence, record it back, keep it",
)
CARD_S = Option(
    "card-s",
    POSITIVE,
    3.0,
    "seconds for which each call keeps the large card at least",
    metavar="SECONDS",
)
CALL_S = Option(
    "call-s",
    POSITIVE,
    60.0,
    "seconds for which a call keeps the whole card where a counter does not say that its visitor "
    "has come; then pictures return. A counter that says so is waited for",
    metavar="SECONDS",
)
MEDIA = Option(
    "media",
    PATH,
    None,
    "folder of pictures (PNG, JPG, WebP, SVG) and videos (MP4, WebM) shown between the calls; "
    "videos want the extra antrean[video]",
    metavar="FOLDER",
)
PICTURE_S = Option(
    "picture-s", POSITIVE, 10.0, "seconds for which each picture is shown", metavar="SECONDS"
)
STANDARDS = Option(
    "standards", YES_NO, True, "show the services' published standards between the calls"
)
PAGE_S = Option("page-s", POSITIVE, 12.0, "seconds for each page of a standard", metavar="SECONDS")
REDUCE_MOTION = Option("reduce-motion", YES_NO, False, "a new call does not pulse")
FAR_SEAT_M = Option(
    "far-seat-m",
    POSITIVE,
    8.0,
    "how far away the last row sits; a board that is not read from there says so",
    metavar="METRES",
)
SHOW_SIZES = Option(
    "show-sizes",
    YES_NO,
    False,
    "say from how far the board on this screen is read, and end",
    flag_only=True,
)
SET_UP = Option(
    "set-up", YES_NO, False, "begin with the page for setting up (F2; Esc ends it)", flag_only=True
)

EVERY = (
    *(VOICE, VOICE_COUNTERS, VOICES, SELF_TEST),
    *(CARD_S, CALL_S, REDUCE_MOTION),
    *(MEDIA, PICTURE_S, STANDARDS, PAGE_S),
    *(FAR_SEAT_M, SHOW_SIZES, SET_UP),
)
"""In the order in which ``--help`` tells them."""
