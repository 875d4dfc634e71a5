"""Every text of the counter exists in both languages, and no text is left that nobody says."""

import re
from pathlib import Path

from assets.texts import placeholders, read_words

ROOM = Path(__file__).resolve().parents[2] / "counter"
# Keys whose last part comes from the data of the moment.
MADE = (
    "sign-in.(wrong-pin|locked-out|counter-busy|staff|pin|counter)",
    "signed-out..*",
    "link.(online|connecting|lost|refused)",
    "seat..*",
    "state.(closed|paused|none|loading)(_short)?",
    "timer..*",
    "action..*",
    "tell..*",
    "prospect..*",
    "(help-call|voice|without-paper|rating)..*",
    "finish.(solved|pending|referred)",
    "choose..*",
    "undo..*",
    "transfer..*",
    "numbers..*",
    "discipline..*",
    "why-next.(same|new|was|asking|empty)",
    "line.other_.*",
    "done..*",
    "refused..*",
    "why..*",
    "global..*",
    "identifier..*",
    "screening.(kind_.*|segment|membership|decree_on|born_on|facility_changed_on)",
    "(screening-why|member|priority|device|health|print|day)..*",
    "outcome(-short|-button)?..*",
    "result.(reprint|correct|cancel)",
    "(channel|office).confirm",
    "advice.(blocks|warns|tells)",
    "complaint..*",
    "hall.(show-keys|sign-out)",
    "section..*",
    "door-(top|tell|done)..*",
    "reveal..*",
    "visit.(there|missing)",
)


def words(language: str) -> dict[str, str]:
    """The texts of this room."""
    found = read_words(language, ["counter"])
    return {key.removeprefix("counter."): text for key, text in found.items()}


def test_both_languages_say_the_same_things_with_the_same_facts() -> None:
    indonesian, english = words("id"), words("en")
    assert indonesian.keys() == english.keys()
    for key, text in indonesian.items():
        assert placeholders(text) == placeholders(english[key]), key


def test_no_text_is_left_that_nobody_says() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
    unused = [
        key
        for key in words("id")
        if f'"{key}"' not in code
        and f"'{key}'" not in code
        and not any(re.fullmatch(made, key) for made in MADE)
    ]
    assert unused == []
