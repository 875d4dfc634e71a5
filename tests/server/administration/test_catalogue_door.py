"""The front door is data: a file brings it whole, and what is wrong in it is named by its line."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assets import asset_path
from db.engine import sqlite_url
from server.administration.catalogue import read_catalogue
from server.administration.catalogue_writing import catalogue_text, save_catalogue
from server.administration.loading import load_catalogue
from server.administration.refusal import RefusedError
from server.administration.toml_file import FileProblemError
from server.domain.door import DoorCatalogue, is_open
from server.store import Store

GOOD = """\
[[service]]
code = "A"
name = { id = "Pendaftaran", en = "Registration" }

[[choice.segment]]
code = "PBPU"
name = "Mandiri"

[[choice.membership]]
code = "arrears"
name = "Tunggakan"

[[choice.category]]
code = "newborn"
name = "Bayi"

[[choice.disturbance]]
code = "app"
name = "Aplikasi"

[[paper]]
code = "kk"
name = { id = "Kartu Keluarga", en = "Family card" }

[[paper]]
code = "book"
name = { id = "Buku tabungan" }

[[channel]]
code = "app"
name = { id = "Aplikasi" }
kind = "app"
link = "https://example.id/app"
hours = { monday = "08:00-15:00" }
needs_app = "app"

[[office]]
code = "dinsos"
name = { id = "Dinas Sosial" }
phone = "(0321) 123-456"
papers = ["kk"]

[[matter]]
code = "newborn"
name = { id = "Bayi baru lahir" }
service = "A"
papers = ["kk"]
papers_by_segment = { PBPU = ["book"] }
channels = ["app"]
offices = ["dinsos"]
category = "newborn"
complaint = true

[[procedure]]
category = "newborn"
text = { id = "Daftarkan." }

[[complaint_level]]
code = "red"
name = { id = "Merah" }
first_response_min = 30
working_days = 1

[[advice]]
code = "28-days"
kind = "newborn"
valid_from = 2020-01-01
source = "Perpres"
weight = "tells"
days = 28
matters = ["newborn"]
channel = "app"
text = { id = "Sampai {until}." }
text_after = { id = "Lewat {until}." }
text_unknown = { id = "Tanyakan tanggal lahir." }

[[decree]]
code = "12/HUK/2026"
name = { id = "SK 12" }
effective_on = 2026-01-19
"""


def at(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    """A moment of the branch's clock."""
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Jakarta"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(sqlite_url(tmp_path / "branch.db")) as store:
        yield store


def written(folder: Path, text: str) -> Path:
    path = folder / "door.toml"
    path.write_text(text, "utf-8")
    return path


def loaded(store: Store, folder: Path, text: str) -> DoorCatalogue:
    load_catalogue(store, read_catalogue(written(folder, text)))
    return store.load_branch().door


def test_the_front_door_comes_by_data_alone(store: Store, tmp_path: Path) -> None:
    said = load_catalogue(store, read_catalogue(written(tmp_path, GOOD)))
    assert said[2:10] == [
        "2 papers",
        "1 matters",
        "1 channels",
        "1 offices",
        "1 procedures",
        "1 complaint levels",
        "1 rules of advice",
        "1 decrees",
    ]
    door = store.load_branch().door
    assert list(door.papers) == ["kk", "book"]
    matter = door.matters["newborn"]
    assert (matter.service, matter.category, matter.complaint) == ("A", "newborn", True)
    assert door.papers_needed("newborn", None) == ("kk",)
    assert door.papers_needed("newborn", "PBPU") == ("kk", "book")
    assert door.papers_needed("newborn", "BP") == ("kk",)
    assert door.papers_needed("unknown", "PBPU") == door.papers_needed(None, None) == ()
    assert door.channels_for("newborn") == ("app",)
    assert door.offices_for("newborn") == ("dinsos",)
    assert door.channels["app"].needs_app == "app"
    assert door.offices["dinsos"].address == {}, "empty: it is the branch's own"
    assert door.procedures["newborn"].text == {"id": "Daftarkan."}
    assert door.complaint_levels["red"].working_days == 1
    assert door.advice["28-days"].valid_from == date(2020, 1, 1)
    assert door.decrees["12/HUK/2026"].effective_on == date(2026, 1, 19)


def test_an_hour_that_is_not_named_is_closed_and_no_hours_are_always(
    store: Store, tmp_path: Path
) -> None:
    text = f'{GOOD}\n[settings]\n"hours.holidays" = "2026-12-21 Libur"\n'
    door = loaded(store, tmp_path, text)
    app, dinsos = door.channels["app"], door.offices["dinsos"]
    assert is_open(app, at(2026, 12, 14, 8, 0))
    assert is_open(app, at(2026, 12, 14, 14, 59))
    assert not is_open(app, at(2026, 12, 14, 15, 0))
    assert not is_open(app, at(2026, 12, 14, 7, 59))
    assert not is_open(app, at(2026, 12, 15, 9, 0)), "no hours on a Tuesday"
    assert not is_open(app, at(2026, 12, 21, 9, 0)), "a holiday of the branch"
    assert is_open(dinsos, at(2026, 12, 21, 3, 0)), "nobody wrote its hours down"


def test_a_section_that_is_left_out_stays(store: Store, tmp_path: Path) -> None:
    before = store.load_branch().door
    own = '[[office]]\ncode = "dinsos"\nname = "Dinsos Kota"\naddress = "Jalan Satu 1"\n'
    others = '[[office]]\ncode = "dukcapil"\nname = "D"\n[[office]]\ncode = "village"\nname = "V"\n'
    door = loaded(store, tmp_path, own + others)
    assert door.offices["dinsos"].address == {"id": "Jalan Satu 1"}
    assert (door.papers, door.matters) == (before.papers, before.matters)
    assert (door.channels, door.advice) == (before.channels, before.advice)


def test_what_stays_must_not_point_at_what_goes(store: Store, tmp_path: Path) -> None:
    only = '[[office]]\ncode = "dinsos"\nname = "Dinsos Kota"\n'
    with pytest.raises(RefusedError, match=r"offices names dukcapil.* no \[\[office\]\] dukcapil"):
        loaded(store, tmp_path, only)
    assert "dukcapil" in store.load_branch().door.offices


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[matter]]\ncode = "x"\nname = "X"\nservice = "Z"\n', "matter x: service names Z"),
        (
            '[[matter]]\ncode = "x"\nname = "X"\nservice = "A"\npapers = ["none"]\n',
            "matter x: papers names none",
        ),
        (
            '[[matter]]\ncode = "x"\nname = "X"\nservice = "A"\ncategory = "none"\n',
            "matter x: category names none",
        ),
        ('[[procedure]]\ncategory = "none"\ntext = "X"\n', "procedure none: category names none"),
    ],
)
def test_a_file_that_leans_on_the_branch_is_held_against_it(
    store: Store, tmp_path: Path, text: str, words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        loaded(store, tmp_path, text)


def test_what_does_not_fit_the_branch_is_named_by_file_and_line(
    store: Store, tmp_path: Path
) -> None:
    """F39: a file of a thousand lines is mended only by whoever is told where."""
    good = '[[matter]]\ncode = "x"\nname = "X"\nservice = "A"\n'
    second = '\n[[matter]]\ncode = "y"\nname = "Y"\nservice = "A"\npapers = ["none"]\n'
    path = written(tmp_path, good + second)
    with pytest.raises(RefusedError) as raised:
        load_catalogue(store, read_catalogue(path))
    assert str(raised.value).startswith(f"{path}, line 10: matter y: papers names none")
    path = written(tmp_path, '# ours\n[[office]]\ncode = "dinsos"\nname = "Dinsos Kota"\n')
    with pytest.raises(RefusedError) as raised:
        load_catalogue(store, read_catalogue(path))
    assert str(raised.value).startswith(f"{path}, line ")
    assert "line 1:" not in str(raised.value), "where the section begins that takes it away"
    path = written(tmp_path, '[[service]]\ncode = "A"\nname = "A"\nletter = "P"\n')
    with pytest.raises(RefusedError) as raised:
        load_catalogue(store, read_catalogue(path))
    assert str(raised.value).startswith(f"{path}, line 4: Service A has the letter P")


def test_a_matter_without_its_service_is_not_offered_and_said_so(
    store: Store, tmp_path: Path
) -> None:
    said = load_catalogue(
        store, read_catalogue(written(tmp_path, '[[service]]\ncode = "A"\nname = "Satu"\n'))
    )
    door = store.load_branch().door
    assert {matter.service for matter in door.matters.values()} == {"A"}
    assert any(one.startswith("warning: matters segment-change, ") for one in said)


LINE_OF = {line: number for number, line in enumerate(GOOD.splitlines(), 1)}


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        # Codes and keys.
        ('code = "kk"', 'code = "k k"', "paper.code"),
        ('code = "kk"', 'code = "book"', "paper.code"),
        ('code = "kk"\n', "", "paper"),
        ('phone = "(0321) 123-456"', 'phones = "1"', "office.phones"),
        ('code = "12/HUK/2026"', 'code = "#12"', "decree.code"),
        # Names and texts.
        ('name = { id = "Aplikasi" }', 'name = { en = "App" }', "channel.name"),
        ('name = { id = "Aplikasi" }', "name = 7", "channel.name"),
        ('text = { id = "Daftarkan." }', "", "procedure.text"),
        ('text = { id = "Daftarkan." }', 'text = { ID = "D" }', "procedure.text"),
        # Forms.
        ('kind = "app"', 'kind = "fax"', "channel.kind"),
        ('kind = "app"\n', "", "channel.kind"),
        ('link = "https://example.id/app"', 'link = "example.id"', "channel.link"),
        ('link = "https://example.id/app"', 'link = "javascript:x"', "channel.link"),
        ('phone = "(0321) 123-456"', 'phone = "\\u001b@"', "office.phone"),
        ('hours = { monday = "08:00-15:00" }', 'hours = "08:00"', "channel.hours"),
        (
            'hours = { monday = "08:00-15:00" }',
            'hours = { monday = "25:00-26:00" }',
            "channel.hours.monday",
        ),
        ('hours = { monday = "08:00-15:00" }', 'hours = { mon = "" }', "channel.hours.mon"),
        ("complaint = true", 'complaint = "yes"', "matter.complaint"),
        ('papers = ["kk"]\npapers_by', 'papers = "kk"\npapers_by', "matter.papers"),
        ('papers = ["kk"]\npapers_by', 'papers = ["kk", "kk"]\npapers_by', "matter.papers"),
        ('{ PBPU = ["book"] }', '["book"]', "matter.papers_by_segment"),
        ("first_response_min = 30", "first_response_min = 0", "complaint_level.first_response_min"),
        ("working_days = 1", "working_days = 1.5", "complaint_level.working_days"),
        ("working_days = 1", "", "complaint_level.working_days"),
        # What points nowhere.
        ('service = "A"', 'service = "Z"', "matter.service"),
        ('papers = ["kk"]\npapers_by', 'papers = ["ktp"]\npapers_by', "matter.papers"),
        ('{ PBPU = ["book"] }', '{ PBPU = ["ktp"] }', "matter.papers_by_segment"),
        ('{ PBPU = ["book"] }', '{ PBI = ["book"] }', "matter.papers_by_segment"),
        ('channels = ["app"]', 'channels = ["vika"]', "matter.channels"),
        ('offices = ["dinsos"]', 'offices = ["lurah"]', "matter.offices"),
        ('category = "newborn"\ncomplaint', 'category = "baby"\ncomplaint', "matter.category"),
        ('phone = "(0321) 123-456"\npapers = ["kk"]', 'papers = ["ktp"]', "office.papers"),
        ('needs_app = "app"', 'needs_app = "wifi"', "channel.needs_app"),
        ('category = "newborn"\ntext', 'category = "baby"\ntext', "procedure.category"),
        ('matters = ["newborn"]', 'matters = ["baby"]', "advice.matters"),
        ('channel = "app"\ntext', 'channel = "vika"\ntext', "advice.channel"),
        # Days.
        ("effective_on = 2026-01-19", "effective_on = 2022-02-30", "effective_on"),
        ("effective_on = 2026-01-19", 'effective_on = "2023-09-31"', "decree.effective_on"),
        ("effective_on = 2026-01-19", 'effective_on = "19-01-2026"', "decree.effective_on"),
        ("effective_on = 2026-01-19", "effective_on = 2026-01-19T08:00:00", "decree.effective_on"),
        ("effective_on = 2026-01-19", "", "decree.effective_on"),
        ("valid_from = 2020-01-01", "valid_from = 2020", "advice.valid_from"),
        ("days = 28", "days = 28\nvalid_until = 2019-12-31", "advice.valid_until"),
        # Advice.
        ('kind = "newborn"', 'kind = "weather"', "advice.kind"),
        ('weight = "tells"', 'weight = "heavy"', "advice.weight"),
        ('source = "Perpres"', 'source = ""', "advice.source"),
        ("days = 28", "days = -1", "advice.days"),
        ("days = 28\n", "", "advice.days"),
        ('matters = ["newborn"]\n', "", "advice.matters"),
        ('text_after = { id = "Lewat {until}." }\n', "", "advice.text_after"),
        ("Sampai {until}.", "Sampai {tanggal}.", "advice.text"),
        ("Sampai {until}.", "Sampai {until.", "advice.text"),
        ("Sampai {until}.", "Ke {office}.", "advice.text"),
        ("Tanyakan tanggal lahir.", "Sampai {until}.", "advice.text_unknown"),
    ],
)
def test_what_is_broken_is_named_by_file_line_key_and_cure(
    tmp_path: Path, old: str, new: str, key: str
) -> None:
    """F39: every kind of break; a missing key is looked for at the line of its table."""
    assert GOOD.count(old) >= 1, "the break breaks nothing"
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(FileProblemError) as problem:
        read_catalogue(path)
    words = str(problem.value)
    place, _, told = words.partition(f", {key}")
    assert place.startswith(f"{path}, line "), words
    broken = path.read_text("utf-8").splitlines()[int(place.rpartition(" ")[2]) - 1]
    section, last = key.split(".")[0], key.split(".")[-1]
    expected = ("[[", f"{last} =", f"{last}=", "hours =", "papers_by_segment =")
    assert broken.startswith(expected), f"{broken!r} is not where {key} stands ({section})"
    assert told.count(". ") >= 1, "what, and then the cure"
    assert words.endswith((".", "…")), words


def test_the_shipped_door_is_whole(store: Store) -> None:
    """Every matter has a name, an icon, papers that exist, and a category with its procedure."""
    door = store.load_branch().door
    categories = {choice.code for choice in store.load_branch().choices["category"]}
    assert set(door.procedures) == categories
    assert {matter.category for matter in door.matters.values()} == categories
    names = [
        *(one.name for one in door.papers.values()),
        *(one.name for one in door.matters.values()),
        *(one.name for one in door.channels.values()),
        *(one.name for one in door.offices.values()),
    ]
    assert all(set(name) == {"id", "en"} for name in names)
    for rule in door.advice.values():
        assert rule.source
        assert set(rule.text) == {"id", "en"}
    assert door.channels["pandawa"].link == "https://wa.me/628118165165"
    assert door.channels["care-center"].link == "tel:165"
    levels = door.complaint_levels.values()
    assert [(one.code, one.working_days) for one in levels] == [
        ("red", 1),
        ("yellow", 5),
        ("green", 10),
    ]
    friday, thursday = at(2026, 11, 20, 11, 0), at(2026, 11, 19, 11, 0)
    assert not is_open(door.offices["dinsos"], friday)
    assert is_open(door.offices["dinsos"], thursday)
    assert not is_open(door.channels["pandawa"], thursday.replace(hour=15))


def test_what_is_uncertain_is_marked_in_the_shipped_file() -> None:
    lines = asset_path("catalogues", "bpjs-kesehatan.toml").read_text("utf-8").splitlines()
    for uncertain in ("working_days = 10", 'code = "dinsos"', "valid_from = 2026-02-01"):
        place = lines.index(uncertain)
        assert any(line.startswith("# [?]") for line in lines[place - 5 : place]), uncertain


def test_a_saved_catalogue_loads_again_and_is_the_same(store: Store, tmp_path: Path) -> None:
    text = GOOD.replace("Kartu Keluarga", 'Kartu \\"KK\\" \\\\ \\u007f é')
    text += '\n[[counter]]\nnumber = 1\nservices = "all"\n'
    load_catalogue(store, read_catalogue(written(tmp_path, text)))
    path = tmp_path / "saved.toml"
    save_catalogue(store, path)
    before = store.load_branch()
    with pytest.raises(RefusedError, match="is there already"):
        save_catalogue(store, path)
    load_catalogue(store, read_catalogue(path))
    assert store.load_branch() == before
    assert catalogue_text(store) == path.read_text("utf-8")


def test_the_shipped_catalogue_survives_being_saved(store: Store, tmp_path: Path) -> None:
    before = store.load_branch()
    path = tmp_path / "saved.toml"
    save_catalogue(store, path)
    load_catalogue(store, read_catalogue(path))
    assert store.load_branch() == before
