"""Settings are data: each has a default that fits, a range that holds, and words."""

from dataclasses import fields

import pytest

from server.config import (
    KEYS,
    ServerSettings,
    SettingError,
    Settings,
    known_names,
    parse,
    written,
)
from server.domain.branch import Rules


@pytest.mark.parametrize("name", known_names())
def test_every_default_can_be_written_and_read_back(name: str) -> None:
    default = Settings({}).get(name)
    assert parse(name, written(default)) == default


@pytest.mark.parametrize("name", KEYS)
def test_every_setting_explains_itself_in_both_languages(name: str) -> None:
    sentence = KEYS[name].sentence
    assert set(sentence) == {"id", "en"}
    assert all(words.endswith(".") and len(words) > 20 for words in sentence.values())


def test_every_rule_of_the_domain_is_a_setting() -> None:
    assert {key.rule for key in KEYS.values() if key.rule} == {one.name for one in fields(Rules)}
    assert Settings({}).rules() == Rules()


def test_every_limit_of_the_server_is_a_setting() -> None:
    limits = {key.limit for key in KEYS.values() if key.limit}
    assert limits == {one.name for one in fields(ServerSettings)}
    assert Settings({}).server() == ServerSettings()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("numbering.width", "2"),
        ("numbering.width", "three"),
        ("numbering.last", "0"),
        ("numbering.priority_letter", "p"),
        ("discipline", "random"),
        ("branch.time_zone", "Asia/Jakarte"),
        ("branch.time_zone", "../etc/passwd"),
        ("branch.languages", "id,id"),
        ("branch.languages", "Indonesian"),
        ("branch.code", ""),
        ("branch.code", "13 01"),
        ("branch.name", ""),
        ("branch.name", "two\nlines"),
        ("day.starts_at", "24:00"),
        ("day.starts_at", "3:00"),
        ("calling.recall_pause_s", "nan"),
        ("calling.recall_pause_s", "-1"),
        ("limits.commands_per_s", "inf"),
        ("limits.connections_per_address", "0"),
        ("network.allow_plain", "perhaps"),
        ("link.base_url", "javascript:alert(1)"),
        ("board.text.id", "x" * 301),
    ],
)
def test_a_value_out_of_range_is_refused_with_key_and_cure(name: str, text: str) -> None:
    with pytest.raises(SettingError, match=f"^{name}: .* It takes "):
        parse(name, text)


@pytest.mark.parametrize("name", ["", "branch", "board.text", "board.text.ID", "limits.comands"])
def test_an_unknown_key_is_refused(name: str) -> None:
    with pytest.raises(SettingError, match="there is no such setting"):
        parse(name, "1")


def test_a_slip_of_the_pen_is_answered_with_the_nearest_keys() -> None:
    with pytest.raises(SettingError, match=r"Did you mean limits\.commands_per_s"):
        parse("limits.command_per_s", "1")


def test_empty_means_no_last_number_and_no_priority_letter() -> None:
    settings = Settings({"numbering.last": "", "numbering.priority_letter": ""})
    assert settings.rules().number_last is None
    assert settings.rules().priority_letter == ""


def test_a_stored_value_that_is_no_good_any_more_counts_as_not_set() -> None:
    """The branch opens all the same, and doctor says so."""
    settings = Settings({"numbering.width": "many", "gone.away": "1", "discipline": "first-come"})
    assert settings.rules() == Rules(discipline="first-come")
    assert len(settings.unusable()) == 2


def test_zero_commands_a_second_lifts_every_limit() -> None:
    assert Settings({"limits.commands_per_s": "0"}).server().limits_lifted
    assert not Settings({}).server().limits_lifted


def test_the_business_day_may_start_at_any_minute() -> None:
    assert Settings({"day.starts_at": "03:30"}).day_starts_minute() == 210


def test_footer_lines_stand_beside_their_translations() -> None:
    settings = Settings({"paper.footer.id": "satu\ndua", "paper.footer.en": "one"})
    assert settings.paper_footer() == ({"id": "satu", "en": "one"}, {"id": "dua"})
