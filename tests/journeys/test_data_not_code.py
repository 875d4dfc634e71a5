"""Data, not code: a catalogue with a new service, and everybody shows it with nothing else changed.

Kiosk, paper, counter, TV, voice and day summary are the shipped programs; only the file is new.
"""

import json
import math
import re
import wave
from array import array
from pathlib import Path

import numpy as np

from assets import asset_path
from display.phrases import PAUSE, Phrase, call_phrases, clip_script
from tests.journeys.listening import calls_in, sounds_in
from tests.journeys.pixels import number_shown
from tests.journeys.screens import Screen, Screens, eventually, sit_down
from tests.paper import decode
from tests.running_branch import RunningBranch
from tests.sound_room import Recording, SoundRoom
from tests.tcp_printer import TcpPrinter

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

# A recorded voice in which every word is a note of its own, so that it can be read back.
NOTE_S = 0.3
LOWEST_HZ, STEP_HZ = 300.0, 30.0
RATE = 22_050


def shipped_with_the_new_service(folder: Path) -> Path:
    file = folder / "catalogue.toml"
    shipped = asset_path("catalogues/bpjs-kesehatan.toml").read_text("utf-8")
    file.write_text(shipped + NEW_SERVICE, "utf-8")
    return file


def note_of_each_word() -> dict[str, float]:
    return {clip: LOWEST_HZ + STEP_HZ * place for place, clip in enumerate(clip_script("id"))}


def voice_of_notes(folder: Path) -> Path:
    """Write a whole recorded voice as a branch may bring one."""
    (folder / "id").mkdir(parents=True)
    for clip, pitch_hz in note_of_each_word().items():
        angle = 2 * math.pi * pitch_hz / RATE
        samples = array(
            "h", (round(12_000 * math.sin(angle * n)) for n in range(int(NOTE_S * RATE)))
        )
        with wave.open(str(folder / "id" / f"{clip}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples.tobytes())
    return folder


def words_heard(heard: Recording, start_s: float) -> list[str]:
    """Read the notes after the chime back as names of clips, with the pauses between groups."""
    notes = note_of_each_word()
    words: list[str] = []
    for group_start_s, group_end_s in heard.stretches(gap_s=0.1):
        if group_start_s < start_s:
            continue
        words += [PAUSE] if words else []
        for place in range(round((group_end_s - group_start_s) / NOTE_S)):
            middle_s = group_start_s + (place + 0.5) * NOTE_S
            pitch_hz = heard.pitch_hz(middle_s - 0.1, middle_s + 0.1)
            nearest = min(notes, key=lambda clip: abs(notes[clip] - pitch_hz))
            assert abs(notes[nearest] - pitch_hz) < STEP_HZ / 4, (pitch_hz, nearest)
            words.append(nearest)
    return words


def the_words_for(number: str) -> Phrase:
    (phrase,) = call_phrases(number, 1, ["id"])
    return phrase


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
    phrase = the_words_for(NUMBER)
    assert phrase.clips[2] == "letter-g"
    assert clip_script("id")["letter-g"] == "ge"
    (call,) = calls_in(heard)
    assert words_heard(heard, call.start_s + 0.9) == list(phrase.clips)
    assert np.sqrt(np.mean(heard.between(call.start_s, call.end_s) ** 2)) > 0.02


def the_day_counts_it(branch: RunningBranch) -> None:
    figures = json.loads(branch.command("summary", "--json"))["services"][CODE]
    assert (figures["issued"], figures["finished"]) == (1, 1)
    table = branch.command("summary", "--language", "en")
    assert re.search(rf"^{CODE} Smart clinic +1 +1 ", table, re.MULTILINE), table
