"""The report of a day: per service and counter, promises, corrections, overtakes, signature."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from db.day_account import CounterFigures
from db.engine import sqlite_url
from db.promises import Kept
from db.reports import DaySummary
from protocol.messages import CallNext, IssueTicket, TransferTicket, UndoLast
from server.administration.summary import as_json, as_table, read_summary
from server.domain import calling, closing, correcting, serving
from server.domain.events import TicketIssued
from server.store import Store
from tests.server.lane_story import DESK, LaneStory
from tests.server.stored_day import StoredDay, a_whole_day


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = sqlite_url(tmp_path / "branch.db")
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_database")
    with Store.open(url) as opened:
        yield opened


class ReportedDay(StoredDay):
    """A day whose tickets carry promises, and whose reports are read for people."""

    promised_s: tuple[int, int] | None = None

    def record(self, *events: object, command: object = None) -> None:
        super().record(
            *(
                msgspec.structs.replace(event, promised_s=self.promised_s)
                if isinstance(event, TicketIssued)
                else event
                for event in events
            ),  # type: ignore[arg-type]
            command=command,  # type: ignore[arg-type]
        )

    def hand_on(self, number: int, service: str) -> None:
        desk = self.day.desks[number]
        assert desk.ticket is not None
        to = serving.Destination(service=service)
        self.record(
            *serving.decide_transfer(
                self.day, desk, desk.ticket, to, calling.staff_at(desk), self.now_ms
            )
        )

    def correct(self, ticket: str, field: str, value: str) -> None:
        asked = correcting.Correction(field, value, "Salah pilih", "dewi")
        record = correcting.record_of(self.day, self.day.tickets[ticket])
        self.record(*correcting.decide_correction(self.day, record, asked))

    def told(self, language: str = "id") -> str:
        return "\n".join(as_table(self.store, self.report(), language))

    def report(self) -> DaySummary:
        return read_summary(self.store, self.day.business_date)


def test_every_service_and_counter_adds_up(store: Store) -> None:
    """Law I11, design.md 2: handed on, a ticket counts where it was handed to."""
    story = ReportedDay(store)
    story.open_counter(1)
    story.open_counter(2)
    for _ in range(3):
        story.issue("A")
    story.serve(1)
    story.call(1)
    story.hand_on(1, "B")
    story.nobody_comes(2)
    story.serve(2)
    story.issue("C")
    story.write()
    report = story.report()
    issued = {service: figures.issued for service, figures in report.services.items()}
    assert issued == {"A": 2, "B": 1, "C": 1}
    assert report.counters == {
        1: CounterFigures(received=2, finished=1, handed_on=1),
        2: CounterFigures(received=2, finished=1, no_show=1),
    }
    assert report.adds_up
    assert story.told().count("✓") == len(report.services) + len(report.counters) + 1
    assert "✗" not in story.told()


def test_a_ticket_that_slipped_into_another_service_is_seen(store: Store) -> None:
    story = ReportedDay(store)
    story.issue("A")
    story.issue("B")
    story.write()
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE ticket SET service = 'B' WHERE number = 'A001'")
    report = story.report()
    assert not report.adds_up
    assert story.told("en").splitlines()[-1].startswith("ATTENTION")
    assert story.told().count("✗") == 2


def test_a_ticket_that_slipped_to_another_counter_is_seen(store: Store) -> None:
    story = ReportedDay(store)
    story.open_counter(1)
    story.issue("A")
    story.serve(1)
    story.write()
    assert story.report().adds_up
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE ticket SET counter = 2")
    assert not story.report().adds_up


def test_an_event_that_cannot_be_read_does_not_stop_the_report(store: Store) -> None:
    story = a_whole_day(store)
    with store.database.writing() as connection:
        connection.exec_driver_sql("UPDATE event SET body = '{' WHERE type = 'TicketIssued'")
    assert not story.summary().adds_up


def test_a_transfer_that_was_taken_back_counts_where_it_was(tmp_path: Path) -> None:
    story = LaneStory(tmp_path)
    story.sit_down(1)
    ticket = story.ask(IssueTicket(id=uuid4(), service="A"))["ticket"]["id"]
    story.ask(CallNext(id=uuid4()), DESK)
    to_b = TransferTicket(id=uuid4(), ticket=ticket, service="B", position="last")
    story.ask(to_b, DESK)
    assert list(read_summary(story.store, None).services) == ["B"]
    assert story.ask(UndoLast(id=uuid4()), DESK)["type"] == "Accepted"
    report = read_summary(story.store, None)
    assert {service: one.issued for service, one in report.services.items()} == {"A": 1}
    assert report.adds_up
    story.store.close()


def test_the_promises_that_came_true_are_counted_per_service_and_hour(store: Store) -> None:
    """ "82 % were called within the range": 8 h in Jakarta is 1 h in Greenwich."""
    story = ReportedDay(store)
    story.open_counter(1)
    assert "belum ada nomor dengan perkiraan" in story.told()
    for service, promised_s, waits_s in (
        ("A", (0, 60), 60),
        ("A", (60, 120), 60),
        ("B", (61, 120), 60),
        ("B", (0, 59), 60),
        ("C", None, 60),
    ):
        story.promised_s = promised_s
        story.issue(service)
        story.pass_s(waits_s)
        story.serve(1, 840)
    story.promised_s = (0, 10)
    story.issue("D")  # never called, so nothing can be said of its promise
    story.write()
    promises = story.report().promises
    assert promises.total == Kept(inside=2, early=1, late=1)
    assert promises.services == {"A": Kept(inside=2), "B": Kept(early=1, late=1)}
    assert promises.hours == {8: Kept(inside=2, early=1, late=1)}
    assert promises.total.share(promises.total.inside) == 0.5
    assert Kept().share(0) is None
    assert "50 % dipanggil di dalam rentang, 25 % lebih awal, 25 % terlambat (4" in story.told()
    assert "50 % were called within the range" in story.told("en")


def test_a_promise_is_for_the_first_call_and_the_first_service(store: Store) -> None:
    story = ReportedDay(store)
    story.open_counter(1)
    story.promised_s = (0, 30)
    story.issue("A")
    story.call(1)
    story.hand_on(1, "B")
    story.pass_s(600)
    story.serve(1)
    story.write()
    assert story.report().promises.services == {"A": Kept(inside=1)}


def test_the_newest_version_of_a_record_counts_and_the_corrections_are_told(store: Store) -> None:
    story = ReportedDay(store)
    story.open_counter(1)
    for _ in range(2):
        story.issue("A")
    first, _second = story.serve(1), story.serve(1)
    story.correct(first, "outcome", "pending")
    story.correct(first, "outcome", "referred")
    story.correct(first, "category", "")
    story.correct(first, "education", "care-center,mobile-jkn")
    story.write()
    records = story.report().records
    assert records.outcomes == {"referred": 1, "solved": 1}
    assert records.categories == {"identity": 1}
    assert records.education == {"care-center": 1, "mobile-jkn": 2}
    assert records.corrections == {"category": 1, "education": 1, "outcome": 2}
    told = story.told()
    assert "Hasil layanan: Dirujuk 1, Tuntas 1." in told
    assert "Koreksi: 4 kali (kategori 1, edukasi 1, hasil 2)" in told


def test_who_was_overtaken_most_is_named(store: Store) -> None:
    story = ReportedDay(store)
    story.open_counter(1)
    story.issue("A")
    assert "Tidak ada nomor yang didahului" in story.told()
    for _ in range(2):
        story.pass_s(1)
        story.issue("A", priority="elderly")
    for _ in range(3):
        story.serve(1)
    story.write()
    assert story.report().overtakes_most == ("A001", 2)
    assert "nomor A001, 2 kali" in story.told()


def test_the_signature_under_the_last_close_is_shown(store: Store) -> None:
    story = ReportedDay(store)
    story.issue("A")
    story.write()
    assert "belum ditutup" in story.told()
    assert "ditandatangani" not in story.told()
    story.record(*closing.decide_close(story.day, story.now_ms, "dewi", "Listrik padam"))
    story.write()
    assert "Ditutup dan ditandatangani: dewi, 2026-11-20 08:00." in story.told()
    assert "Catatan: Listrik padam" in story.told()
    story.record(*closing.decide_reopen(story.day, "dewi", "Salah tekan"))
    story.write()
    assert story.report().signature is None
    assert "belum ditutup" in story.told()
    story.pass_s(60)
    story.close()
    story.write()
    assert story.report().signature is None
    assert "belum ditandatangani" in story.told()


def test_the_report_for_programs_holds_the_same(store: Store) -> None:
    report = replace(a_whole_day(store).summary(), overtakes_most=("A001", 3))
    figures = json.loads(as_json(report))
    assert figures["adds_up"] is True
    assert figures["counters"]["1"]["received"] == 2
    assert figures["overtakes_most"] == ["A001", 3]
    assert figures["promises"]["total"] == asdict(report.promises.total)


def test_a_called_ticket_is_open_at_its_counter(store: Store) -> None:
    story = ReportedDay(store)
    story.open_counter(1)
    story.issue("A")
    ticket = story.call(1)
    story.write()
    assert story.report().counters == {1: CounterFigures(received=1, open=1)}
    desk = story.day.desks[1]
    story.record(*calling.decide_no_show(story.day, desk, ticket, story.now_ms))
    story.write()
    assert story.report().counters == {1: CounterFigures(received=1, no_show=1)}
