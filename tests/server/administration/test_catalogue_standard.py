"""The standard of a service: in the catalogue, kept, written out again, told to displays."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assets import asset_path
from db.engine import sqlite_url
from protocol.roles import DeviceRole
from server.administration.catalogue import read_catalogue
from server.administration.catalogue_writing import catalogue_text
from server.administration.loading import load_catalogue
from server.administration.toml_file import FileProblemError
from server.domain.branch_day import BranchDay
from server.greeting import welcome
from server.store import Store

STANDARD = """\
[service.standard]
procedure = { id = "Ambil nomor, tunggu panggilan.", en = "Take a number, wait for the call." }
time = { id = "Sekitar 8 menit" }
cost = { id = "Gratis", en = "Free" }
product = { id = "Kartu JKN" }
complaints = { id = "Care Center 165" }
"""
SERVICE = """\
[[service]]
code = "A"
name = { id = "Pendaftaran", en = "Registration" }
papers = [{ id = "KTP", en = "ID card" }]
"""
NEXT = """
[[service]]
code = "B"
name = { id = "Perubahan data" }
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(sqlite_url(tmp_path / "branch.db")) as store:
        yield store


def written(folder: Path, *parts: str) -> Path:
    path = folder / "catalogue.toml"
    path.write_text("\n".join(parts), "utf-8")
    return path


def load(store: Store, path: Path) -> None:
    load_catalogue(store, read_catalogue(path))


def test_the_six_fields_come_by_data_and_reach_displays_alone(store: Store, tmp_path: Path) -> None:
    load(store, written(tmp_path, SERVICE, STANDARD, NEXT))
    branch = store.load_branch()
    standard = branch.services["A"].standard
    assert standard is not None
    assert standard.cost == {"id": "Gratis", "en": "Free"}
    assert branch.services["B"].standard is None
    day = BranchDay(branch, "2026-11-20")
    told = welcome(day, "display-1", 0, DeviceRole.DISPLAY).services
    assert told[0].standard is not None
    assert told[0].standard.procedure["en"] == "Take a number, wait for the call."
    # Without requirements of its own the papers of the service stand for them.
    assert told[0].standard.requirements == [{"id": "KTP", "en": "ID card"}]
    assert told[1].standard is None
    for role in (DeviceRole.KIOSK, DeviceRole.COUNTER, DeviceRole.SCREENING):
        assert all(one.standard is None for one in welcome(day, "x", 0, role).services)


def test_requirements_of_its_own_stand_before_the_papers(store: Store, tmp_path: Path) -> None:
    own = STANDARD + 'requirements = ["Surat kuasa bermeterai"]\n'
    load(store, written(tmp_path, SERVICE, own))
    day = BranchDay(store.load_branch(), "2026-11-20")
    standard = welcome(day, "display-1", 0, DeviceRole.DISPLAY).services[0].standard
    assert standard is not None
    assert standard.requirements == [{"id": "Surat kuasa bermeterai"}]


def test_what_was_loaded_is_written_out_and_read_back_alike(store: Store, tmp_path: Path) -> None:
    shipped = asset_path("catalogues", "bpjs-kesehatan.toml")
    load(store, shipped)
    again = read_catalogue(written(tmp_path, catalogue_text(store)))
    assert again.services == read_catalogue(shipped).services
    assert all(service.standard is not None for service in again.services or ())


def test_services_that_are_replaced_take_their_standards_along(
    store: Store, tmp_path: Path
) -> None:
    load(store, written(tmp_path, SERVICE, STANDARD))
    load(store, written(tmp_path, "[settings]\n"))
    assert store.load_branch().services["A"].standard is not None
    load(store, written(tmp_path, SERVICE))
    assert store.load_branch().services["A"].standard is None


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (STANDARD.replace('cost = { id = "Gratis", en = "Free" }\n', ""), "cost"),
        (STANDARD.replace("product", "prodct"), "prodct"),
        (STANDARD.replace('{ id = "Sekitar 8 menit" }', '{ en = "8 minutes" }'), "Indonesian"),
        (STANDARD.replace("Kartu JKN", "x" * 301), "301 characters"),
        (STANDARD + 'requirements = "KTP"\n', "is no list"),
        (STANDARD + f"requirements = {['KTP'] * 13}\n", "has 13 entries"),
        ("standard = 3\n", "is no table"),
    ],
)
def test_a_mistake_is_named_by_line_and_key_f39(tmp_path: Path, wrong: str, said: str) -> None:
    path = written(tmp_path, SERVICE, wrong)
    with pytest.raises(FileProblemError) as refused:
        read_catalogue(path)
    assert said in str(refused.value)
    assert f"{path}, line " in str(refused.value)


def test_every_shipped_standard_says_all_six_fields_in_two_languages() -> None:
    services = read_catalogue(asset_path("catalogues", "bpjs-kesehatan.toml")).services
    assert services
    for service in services:
        standard = service.standard
        assert standard is not None, service.code
        assert standard.requirements or service.papers
        for names in (
            *(standard.procedure, standard.time, standard.cost),
            *(standard.product, standard.complaints),
        ):
            assert {"id", "en"} <= set(names), (service.code, names)
        assert standard.cost["id"].startswith("Gratis")
