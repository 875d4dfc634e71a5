"""The form of a ticket: what is read, and what a person is told of a mistake."""

import pytest

from assets.texts import Texts
from protocol.paper_form import (
    BLOCKS,
    DEFAULT_FORM,
    DEFAULT_FORM_TEXT,
    LINES_MAX,
    NEEDED,
    TEXT_LENGTH_MAX,
    Block,
    Fault,
    FormError,
    filled,
    read_form,
)


def faults(text: str) -> list[Fault]:
    with pytest.raises(FormError) as found:
        read_form(text)
    return found.value.faults


def kinds(text: str) -> list[str]:
    return [block.kind for block in read_form(text).blocks]


def test_the_shipped_form_is_what_its_text_says() -> None:
    assert read_form(DEFAULT_FORM_TEXT) == DEFAULT_FORM
    assert {block.kind for block in DEFAULT_FORM.blocks} == BLOCKS.keys() - {"text"}


def test_looks_and_words_are_read() -> None:
    form = read_form(
        "branch LEFT bold\n number right \nspace 2,5\n"
        "text large center plain: Halo {number}: ya\n   en: Hello {number}\n\tjv: Sugeng rawuh\n"
        "# catatan\n\ntext\n id: Terima kasih\n"
    )
    assert form.blocks == (
        Block("branch", "left", None, True),
        Block("number", "right"),
        Block("space", space_mm=2.5),
        Block(
            "text",
            "center",
            (2, 2),
            False,
            words={"id": "Halo {number}: ya", "en": "Hello {number}", "jv": "Sugeng rawuh"},
        ),
        Block("text", words={"id": "Terima kasih"}),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["branch", "number"]),
        ("footer", ["branch", "number", "footer"]),
        ("logo\nfooter", ["logo", "branch", "number", "footer"]),
        ("service\nnumber", ["branch", "service", "number"]),
        ("service\nbranch\nqr", ["service", "branch", "number", "qr"]),
    ],
)
def test_what_no_paper_may_lack_is_put_back(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected
    assert set(NEEDED) <= set(kinds(text))


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("branch\nnumbr", 2, "block"),
        ("qr\n\n# x\nqr", 4, "twice"),
        ("branch crooked", 1, "look"),
        ("number huge", 1, "look"),
        ("branch left right", 1, "look_twice"),
        ("branch bold plain", 1, "look_twice"),
        ("branch tall large", 1, "look_twice"),
        ("qr large", 1, "no_looks"),
        ("rule left", 1, "no_looks"),
        ("branch: Kantor", 1, "no_place_for_words"),
        ("space", 1, "space"),
        ("space 0", 1, "space"),
        ("space 31", 1, "space"),
        ("space two", 1, "space"),
        ("space 2 left", 1, "space"),
        ("text", 1, "no_words"),
        ("text bold:  ", 1, "no_words"),
        ("branch\n en: Welcome", 2, "words_of_nothing"),
        ("text: a\nrule\nen: b", 3, "words_of_nothing"),
        ("text: a\n EN: b", 2, "language"),
        ("text: a\n id: b", 2, "language_twice"),
        ("text: {nomor}", 1, "placeholder"),
        ("text: {}", 1, "placeholder"),
        ("text: {number!r}", 1, "placeholder"),
        ("text: {number.__class__}", 1, "placeholder"),
        ("text: {number", 1, "brace"),
        ("text: number}", 1, "brace"),
        ("text: " + "x" * 201, 1, "words_too_long"),
        ("# " + "x" * TEXT_LENGTH_MAX, 1, "too_long"),
        ("rule\n" * (LINES_MAX + 1), LINES_MAX, "too_long"),
    ],
)
def test_a_mistake_names_its_line_and_its_cure(text: str, line: int, key: str) -> None:
    """In both languages, with every word of the sentence filled in."""
    found = faults(text)
    assert [(fault.line, fault.key) for fault in found] == [(line, key)]
    for language in ("id", "en"):
        texts = Texts.load(language, ["paper"], strict=True)
        sentence = texts(f"form.{key}", line=line, **found[0].facts)
        assert str(line) in sentence
        for name in ("line", "word", "known", "near", "most"):
            assert f"{{{name}}}" not in sentence


def test_all_mistakes_are_told_at_once_in_the_order_of_their_lines() -> None:
    found = faults("text\nbranch: x\nnumbr\ntext: {x}")
    assert [(fault.line, fault.key) for fault in found] == [
        (1, "no_words"),
        (2, "no_place_for_words"),
        (3, "block"),
        (4, "placeholder"),
    ]


def test_a_word_that_begins_like_a_block_is_answered_with_that_block() -> None:
    assert faults("numer")[0].facts["near"] == "number"
    assert "number" in faults("xyz")[0].facts["near"]


def test_words_are_filled_or_not_said_at_all() -> None:
    assert filled("{{A}} {number}", {"number": "A012"}) == "{A} A012"
    assert filled("{people_ahead} orang", {}) is None


def test_no_text_breaks_the_reader() -> None:
    """Any text is either a form or a list of faults."""
    for code in [*range(0x250), 0x2028, 0x200B, 0x202E, 0xFEFF, 0xD800, 0x1F600]:
        for text in (
            f"te{chr(code)}xt: a",
            f"text: a{chr(code)}b",
            f"space {chr(code)}1",
            chr(code),
        ):
            try:
                read_form(text)
            except FormError as error:
                assert error.faults  # noqa: PT017
