"""Settings are data: each has a default that fits, a range that holds, and words."""

from dataclasses import fields
from datetime import date

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
from server.domain.branch import NumberRange, Rules


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
        ("numbering.first", "0"),
        ("numbering.step", "0"),
        ("numbering.shared_letter", "n"),
        ("numbering.range.A", "499-1"),
        ("numbering.range.A", "0-10"),
        ("numbering.range.A", "1-10/0"),
        ("numbering.range.A", "all"),
        ("hours.monday", "12:00-08:00"),
        ("hours.monday", "08:00-12:00,11:00-13:00"),
        ("hours.friday", "pagi"),
        ("hours.breaks", "closed"),
        ("hours.breaks_friday", "noon"),
        ("hours.holidays", "2026-02-30 Libur"),
        ("hours.holidays", "2026-12-25"),
        ("hours.holidays", "25-12-2026 Natal"),
        ("hours.holidays", "2026-12-25 Natal; 2026-12-25 Christmas"),
        ("hours.tickets_before_min", "-1"),
        ("hours.last_ticket_min", "721"),
        ("quota.daily", "0"),
        ("capacity.closing", "perhaps"),
        ("capacity.warn_at", "-1"),
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


# Hours and ranges, the way people write them.


def test_a_branch_without_settings_is_open_at_every_hour() -> None:
    settings = Settings({})
    assert settings.hours() is None
    assert settings.number_ranges() == {}


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        ("hours.monday", " 8.00 - 12.00 , 13:00–15:00 ", "08:00-12:00,13:00-15:00"),
        ("hours.monday", "CLOSED", "closed"),
        ("hours.breaks", "12.00-13.00", "12:00-13:00"),
        ("hours.breaks_friday", "None", "none"),
        ("hours.breaks_friday", "11:30-13:00", "11:30-13:00"),
        (
            "hours.holidays",
            "2026-12-25 Natal|Christmas ;\n2027-01-01  Tahun Baru;",
            "2026-12-25 Natal | Christmas; 2027-01-01 Tahun Baru",
        ),
        ("numbering.range.A", " 1-499 ", "1-499"),
        ("numbering.range.REH", "500-", "500-"),
        ("numbering.range.A", "1-499/2", "1-499/2"),
        ("numbering.range.A", "1-499/1", "1-499"),
        ("numbering.range.A", "", ""),
    ],
)
def test_what_people_write_is_kept_in_one_form(name: str, text: str, kept: str) -> None:
    assert parse(name, text) == kept
    assert parse(name, kept) == kept


@pytest.mark.parametrize("name", ["numbering.range", "numbering.range.a", "numbering.range.A1"])
def test_a_range_belongs_to_a_letter(name: str) -> None:
    with pytest.raises(SettingError, match="there is no such setting"):
        parse(name, "1-9")


def test_every_series_has_a_range_of_its_own_to_set() -> None:
    names = known_names(("id",), ("A", "P"))
    assert [name for name in names if name.startswith("numbering.range")] == [
        "numbering.range.A",
        "numbering.range.P",
    ]


def test_the_week_is_put_together_from_its_days() -> None:
    hours = Settings(
        {
            "hours.monday": "08:00-15:00",
            "hours.sunday": "closed",
            "hours.breaks": "12:00-13:00",
            "hours.breaks_friday": "11:30-13:00",
            "hours.holidays": "2026-12-25 Natal | Christmas",
            "hours.tickets_before_min": "30",
            "hours.last_ticket_min": "15",
        }
    ).hours()
    assert hours is not None
    assert hours.days == (((480, 900),), None, None, None, None, None, ())
    assert hours.breaks == (((720, 780),),) * 4 + (((690, 780),),) + (((720, 780),),) * 2
    assert hours.holidays == {date(2026, 12, 25): {"id": "Natal", "en": "Christmas"}}
    assert (hours.tickets_before_s, hours.last_ticket_s) == (1800, 900)


def test_friday_may_do_without_the_breaks_of_the_other_days() -> None:
    hours = Settings({"hours.breaks": "12:00-13:00", "hours.breaks_friday": "none"}).hours()
    assert hours is not None
    assert [bool(breaks) for breaks in hours.breaks] == [True] * 4 + [False] + [True] * 2


def test_ranges_are_read_per_letter_and_a_letter_that_is_none_counts_as_not_set() -> None:
    stored = {
        "numbering.range.A": "1-499/2",
        "numbering.range.B": "500-",
        "numbering.range.C": "",
        "numbering.range.c": "1-2",
    }
    assert Settings(stored).number_ranges() == {
        "A": NumberRange(1, 499, 2),
        "B": NumberRange(500, None, 1),
    }
