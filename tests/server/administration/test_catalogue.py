"""A branch's catalogue is data: a file brings a service, and a mistake is named by its line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assets import asset_path
from db.engine import sqlite_url
from server.administration.catalogue import read_catalogue
from server.administration.loading import load_catalogue
from server.administration.refusal import RefusedError
from server.administration.toml_file import FileProblemError
from server.store import Store
from tests.server.stored_day import StoredDay

GOOD = """\
[settings]
"branch.name" = "Kantor Cabang Uji"
"paper.footer.id" = \"\"\"
Baris satu
Baris dua
\"\"\"

[[service]]
code = "A"
name = { id = "Pendaftaran", en = "Registration" }

[[service]]
code = "REHAB"
letter = "R"
name = { id = "Cicilan", en = "Instalments" }
description = { id = "Cicilan iuran." }
icon = "contribution"
target_wait_s = 900
papers = [{ id = "KTP", en = "ID card" }]

[[counter]]
number = 1
services = "all"

[[counter]]
number = 7
services = ["REHAB"]

[[choice.needs]]
code = "wheelchair"
name = { id = "Kursi roda" }
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(sqlite_url(tmp_path / "branch.db")) as store:
        yield store


def written(folder: Path, text: str) -> Path:
    path = folder / "catalogue.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_new_service_comes_by_data_alone(store: Store, tmp_path: Path) -> None:
    said = load_catalogue(store, read_catalogue(written(tmp_path, GOOD)))
    branch = store.load_branch()
    assert said[:-1] == ["2 services", "2 counters", "1 choices", "2 settings"]
    assert said[-1].startswith("warning: matters segment-change, identity-change, ")
    assert list(branch.door.matters) == ["new-registration", "family-member", "newborn"]
    assert list(branch.services) == ["A", "REHAB"]
    added = branch.services["REHAB"]
    assert (added.letter, added.icon, added.target_wait_s) == ("R", "contribution", 900)
    assert added.papers == ({"id": "KTP", "en": "ID card"},)
    assert branch.counters[1].services == ("A", "REHAB"), "'all' means the new one too"
    assert branch.counters[7].services == ("REHAB",)
    assert branch.name == "Kantor Cabang Uji"
    assert branch.paper_footer[0]["id"] == "Baris satu"
    assert branch.knows("needs", "wheelchair")
    assert not branch.knows("needs", "written"), "the section was replaced"
    story = StoredDay(store)
    story.issue("REHAB")
    assert [ticket.number for ticket in story.day.tickets.values()] == ["R001"]


def test_a_section_that_is_left_out_stays(store: Store, tmp_path: Path) -> None:
    text = '[[counter]]\nnumber = 9\nservices = "all"\n'
    load_catalogue(store, read_catalogue(written(tmp_path, text)))
    branch = store.load_branch()
    assert list(branch.counters) == [9]
    assert len(branch.services) == 6
    assert len(branch.choices) == 15


def test_a_counter_prefers_services_by_level(store: Store, tmp_path: Path) -> None:
    text = GOOD.replace('services = "all"', 'services = "all"\npreference = { REHAB = 2 }')
    load_catalogue(store, read_catalogue(written(tmp_path, text)))
    counters = store.load_branch().counters
    assert counters[1].services == ("A", "REHAB")
    assert (counters[1].preference, counters[7].preference) == ({"REHAB": 2}, {})


def test_the_shipped_catalogues_read_well() -> None:
    bpjs = read_catalogue(asset_path("catalogues", "bpjs-kesehatan.toml"))
    assert bpjs.services is not None
    assert all(set(one.name) == {"id", "en"} for one in bpjs.services)
    assert all(set(one.description) == {"id", "en"} and one.papers for one in bpjs.services)
    assert all(one.icon for one in bpjs.services)
    assert all((one.target_wait_s, one.target_service_s) == (1800, 480) for one in bpjs.services)
    assert bpjs.choices is not None
    assert all(set(one.name) == {"id", "en"} for one in bpjs.choices)


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ('code = "REHAB"', 'code = "RE HAB"', 13, "service.code"),
        ('code = "REHAB"', 'code = "A"', 13, "service.code"),
        ('code = "REHAB"\n', "", 12, "service.code"),
        ('letter = "R"', 'letter = "r"', 14, "service.letter"),
        ('{ id = "Cicilan", en = "Instalments" }', '{ en = "Instalments" }', 15, "service.name"),
        ("target_wait_s = 900", 'target_wait_s = "long"', 18, "service.target_wait_s"),
        ("target_wait_s = 900", "target_wait_seconds = 900", 18, "service.target_wait_seconds"),
        ('papers = [{ id = "KTP"', 'papers = [{ ID = "KTP"', 19, "service.papers"),
        ("target_wait_s = 900", "quota = 0", 18, "service.quota"),
        ("target_wait_s = 900", 'quota = "many"', 18, "service.quota"),
        ("target_wait_s = 900", "quota = true", 18, "service.quota"),
        ("target_wait_s = 900", 'hours = "08:00-12:00"', 18, "service.hours"),
        ("target_wait_s = 900", 'hours = { mon = "closed" }', 18, "service.hours.mon"),
        ("target_wait_s = 900", 'hours = { monday = "noon" }', 18, "service.hours.monday"),
        ("target_wait_s = 900", "hours = { monday = 8 }", 18, "service.hours.monday"),
        ("number = 7", "number = 0", 26, "counter.number"),
        ("number = 7", "number = 1", 26, "counter.number"),
        ('["REHAB"]', '["X"]', 27, "counter.services"),
        ('["REHAB"]', '"some"', 27, "counter.services"),
        ('["REHAB"]', '["REHAB"]\npreference = { A = 2 }', 28, "counter.preference"),
        ('["REHAB"]', '["REHAB"]\npreference = { REHAB = 0 }', 28, "counter.preference"),
        ('["REHAB"]', '["REHAB"]\npreference = 2', 28, "counter.preference"),
        ('services = "all"', 'services = "all"\npreference = { X = 2 }', 24, "counter.preference"),
        ("choice.needs", "choice.wishes", 29, "choice.wishes"),
        ('"branch.name"', '"branch.nam"', 2, "settings.branch.nam"),
        ('"Kantor Cabang Uji"', '""', 2, "settings.branch.name"),
    ],
)
def test_a_mistake_is_named_by_file_line_key_and_cure(
    tmp_path: Path, old: str, new: str, line: int, key: str
) -> None:
    """F39."""
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(FileProblemError) as problem:
        read_catalogue(path)
    words = str(problem.value)
    assert words.startswith(f"{path}, line {line}, {key}: "), words
    assert words.endswith(".")


@pytest.mark.parametrize("text", ["[[service", "a = ", "\udcff", "service = 3", "[service]\na=1"])
def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(FileProblemError, match=str(path)):
        read_catalogue(path)


def test_priority_codes_are_those_of_the_protocol(tmp_path: Path) -> None:
    text = '[[choice.priority]]\ncode = "director"\nname = { id = "Direktur" }\n'
    with pytest.raises(FileProblemError, match="Priority is one of elderly"):
        read_catalogue(written(tmp_path, text))


def test_a_service_with_open_tickets_is_not_taken_away(store: Store, tmp_path: Path) -> None:
    story = StoredDay(store)
    story.issue("B")
    story.write()
    catalogue = read_catalogue(written(tmp_path, GOOD))
    with pytest.raises(RefusedError, match=r"Service B .* 1 of its tickets are still open"):
        load_catalogue(store, catalogue)
    assert len(store.load_branch().services) == 6
    story.close()
    story.write()
    load_catalogue(store, catalogue)
    assert len(store.load_branch().services) == 2


def test_a_counter_in_use_today_is_not_taken_away(store: Store, tmp_path: Path) -> None:
    """The day could not be told again without it."""
    story = StoredDay(store)
    story.open_counter(3)
    story.write()
    with pytest.raises(RefusedError, match="Counter 3"):
        load_catalogue(store, read_catalogue(written(tmp_path, GOOD)))


def test_no_service_takes_the_letter_of_priority_tickets(store: Store, tmp_path: Path) -> None:
    text = GOOD.replace('letter = "R"', 'letter = "P"')
    with pytest.raises(RefusedError, match="letter P of priority"):
        load_catalogue(store, read_catalogue(written(tmp_path, text)))


def test_hours_and_quota_of_a_service_come_by_data_alone(store: Store, tmp_path: Path) -> None:
    own = """quota = 12
hours = { monday = "08.00-10.00", sunday = "closed" }
"""
    text = GOOD.replace("target_wait_s = 900\n", own)
    text = text.replace("[settings]\n", '[settings]\n"hours.tuesday" = "09:00-14:00"\n')
    load_catalogue(store, read_catalogue(written(tmp_path, text)))
    service = store.load_branch().services["REHAB"]
    assert service.quota == 12
    assert service.hours is not None
    assert service.hours.days[0] == ((480, 600),)
    assert service.hours.days[1] == ((540, 840),), "what it does not name is the branch's"
    assert service.hours.days[2] is None
    assert service.hours.days[6] == ()
    plain = store.load_branch().services["A"]
    assert (plain.hours, plain.quota) == (None, None)
    load_catalogue(store, read_catalogue(written(tmp_path, GOOD)))
    again = store.load_branch().services["REHAB"]
    assert (again.hours, again.quota) == (None, None), "the section was replaced"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('"numbering.shared_letter" = "P"', "Choose two letters"),
        ('"numbering.first" = 10\n"numbering.last" = 9', "there is no number"),
    ],
)
def test_settings_that_cannot_stand_together_are_not_loaded(
    store: Store, tmp_path: Path, settings: str, words: str
) -> None:
    text = GOOD.replace("[settings]\n", f"[settings]\n{settings}\n")
    with pytest.raises(RefusedError, match=words):
        load_catalogue(store, read_catalogue(written(tmp_path, text)))
    assert list(store.load_branch().services) == list("ABCDEF")


def test_a_service_that_nobody_serves_is_warned_of(store: Store, tmp_path: Path) -> None:
    text = GOOD.replace('services = "all"', 'services = ["A"]').replace('["REHAB"]', '["A"]')
    said = load_catalogue(store, read_catalogue(written(tmp_path, text)))
    assert said[-1] == "warning: no counter serves REHAB (Cicilan)"
