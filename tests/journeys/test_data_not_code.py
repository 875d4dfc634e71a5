"""Data, not code: a catalogue with a new service, and everybody shows it with nothing else changed.

Kiosk, paper, counter, TV, voice and day summary are the shipped programs; only the file is new.
"""

import json
import re
from pathlib import Path

import numpy as np

from assets import asset_path
from tests.journeys.listening import calls_in, sounds_in, voice_of_notes, words_heard, words_of
from tests.journeys.pixels import number_shown
from tests.journeys.screens import Screen, Screens, eventually, sit_down
from tests.paper import decode
from tests.running_branch import RunningBranch
from tests.sound_room import Recording, SoundRoom
from tests.tcp_printer import TcpPrinter
from voice.phrases import clip_script

NEW_SERVICE = """
[[service]]
code = "G"
name = { id = "Klinik Cerdas", en = "Smart clinic" }
description = { id = "Konsultasi kesehatan dari jarak jauh.", en = "Health advice from afar." }
icon = "an-icon-that-nobody-has-drawn-yet"
target_wait_s = 600
target_service_s = 300
papers = [
    { id = "Kartu JKN", en = "JKN card" },
    { id = "Hasil laboratorium terakhir", en = "Latest laboratory results" },
]
"""
CODE, NUMBER = "G", "G001"
PLATE = 0.06
LIKE = ("G001", "C001", "B001", "O001", "G011")


def shipped_with_the_new_service(folder: Path) -> Path:
    file = folder / "catalogue.toml"
    shipped = asset_path("catalogues/bpjs-kesehatan.toml").read_text("utf-8")
    file.write_text(shipped + NEW_SERVICE, "utf-8")
    return file


def test_a_new_service_is_a_matter_of_one_file(
    branch: RunningBranch, tmp_path: Path, our_fonts: None
) -> None:
    branch.command("catalogue", "load", str(shipped_with_the_new_service(tmp_path)))
    voices = voice_of_notes(tmp_path / "voices")
    with branch, SoundRoom() as room, TcpPrinter() as printer, Screens(branch, tmp_path) as screens:
        kiosk, seat = screens.kiosk(printer.url), screens.counter()
        board = screens.display("display-1", "--voices", str(voices), environment=sounds_in(room))
        sit_down(seat, "sari")
        board.wait(name="facts", text="Klinik Cerdas: 0 orang menunggu")
        the_kiosk_gives_it(kiosk, printer)
        board.wait(name="facts", text="Klinik Cerdas: 1 orang menunggu")
        the_counter_sees_it(seat)
        board.wait(name="sound", text="Suara hidup")
        with room.record() as heard:
            seat.key("F2")
            seat.wait(name="my-service", text="Klinik Cerdas")
            board.wait(name="current-number", text=NUMBER)
            picture, box = board.picture(tmp_path / "board.png"), board.box("current-number")
            assert number_shown(picture, box, LIKE, spacing=PLATE) == NUMBER
            board.wait(name="facts", text="Klinik Cerdas: 0 orang menunggu")
            eventually(room.streams, bool, "the call to sound")
            the_visitor_is_served(seat)
            eventually(room.streams, lambda count: not count, "silence")
    the_voice_names_it(heard)
    the_day_counts_it(branch)


def the_kiosk_gives_it(kiosk: Screen, printer: TcpPrinter) -> None:
    kiosk.wait(page="idle")
    kiosk.wait(name="start", enabled=True)
    kiosk.press("start")
    kiosk.wait(page="services")
    kiosk.wait(name="more", enabled=True)  # a seventh tile needs a second sheet
    kiosk.press("more")
    kiosk.press("language-en")
    kiosk.wait(name=f"service-{CODE}", text="Smart clinic")
    kiosk.press("language-id")
    kiosk.wait(name=f"service-{CODE}", text="Klinik Cerdas")
    kiosk.press(f"service-{CODE}")
    kiosk.wait(name="number", text=NUMBER)
    kiosk.wait(name="service", text="Klinik Cerdas")
    paper = decode(printer.wait_for_papers())
    assert paper.biggest.text.strip() == NUMBER
    paper.line("Klinik Cerdas")
    assert "- Kartu JKN\n- Hasil laboratorium terakhir" in paper.text
    kiosk.wait(name="have-ready", text="Kartu JKN, Hasil laboratorium terakhir")


def the_counter_sees_it(seat: Screen) -> None:
    seat.wait(name="waiting-counts", pattern=r"\bG 1\b")
    seat.wait(name="next-ones", text=NUMBER)
    seat.wait(name="next", text=NUMBER)


def the_visitor_is_served(seat: Screen) -> None:
    seat.key("F4")
    seat.wait(name="my-state", text="Dilayani")
    seat.key("F8")
    seat.wait(page="serving-finish")
    seat.key("Return")
    seat.wait(name="remark", text=f"{NUMBER} selesai")


def the_voice_names_it(heard: Recording) -> None:
    """Word by word, the letter among them, out of what was played into the room."""
    assert words_of(NUMBER, 1)[:2] == ["nomor-antrean", "letter-g"]
    assert clip_script("id")["letter-g"] == "ge"
    (call,) = calls_in(heard)
    assert words_heard(heard, call) == words_of(NUMBER, 1)
    assert np.sqrt(np.mean(heard.between(call.start_s, call.end_s) ** 2)) > 0.02


def the_day_counts_it(branch: RunningBranch) -> None:
    figures = json.loads(branch.command("summary", "--json"))["services"][CODE]
    assert (figures["issued"], figures["finished"]) == (1, 1)
    table = branch.command("summary", "--language", "en")
    assert re.search(rf"^{CODE} Smart clinic +1 +1 ", table, re.MULTILINE), table
