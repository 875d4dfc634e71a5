"""A page is read sentence by sentence; what comes later replaces what is being said."""

from collections.abc import Callable

import pytest

from kiosk.reader import MAX_SENTENCES, PageReader
from tests.display.announcing_story import Clock, HandVoice
from voice.port import VoiceHealth, VoiceResult


class Room:
    """A reader, a voice that takes its time, and a clock in the hand."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.voices: list[HandVoice] = []
        self.reader = PageReader(self._make)

    def _make(self) -> HandVoice:
        self.voices.append(HandVoice(self.clock))
        return self.voices[-1]

    @property
    def said(self) -> list[str]:
        return [naming.text for voice in self.voices for naming in voice.namings]

    def after(self, seconds: float, look: Callable[[], None] = lambda: None) -> "Room":
        for _ in range(round(seconds / 0.05)):
            self.clock.elapsed_s += 0.05
            self.reader.tick()
            look()
        return self


@pytest.fixture
def room() -> Room:
    return Room()


def test_nobody_who_wants_no_speech_starts_a_voice(room: Room) -> None:
    room.after(5)
    room.reader.read(["", "•"], "id")
    assert room.voices == []


def test_sentences_are_said_one_after_the_other_without_a_chime(room: Room) -> None:
    room.reader.read(["Perlu layanan apa?", "Pendaftaran"], "id")
    assert room.reader.reading
    room.after(10)
    assert room.said == ["Perlu layanan apa?", "Pendaftaran"]
    assert not any(naming.chime for naming in room.voices[0].namings)
    assert not room.reader.reading


def test_what_comes_later_is_said_at_once(room: Room) -> None:
    room.reader.read(["Sebuah kalimat yang sangat panjang dan lambat sekali", "dua"], "id")
    room.after(0.3)
    room.reader.read(["Informasi"], "id")
    room.after(0.5)
    assert room.said[-1] == "Informasi", "within half a second, not after the long sentence"
    room.after(10)
    assert "dua" not in room.said


def test_again_says_the_same_from_its_beginning(room: Room) -> None:
    room.reader.read(["satu", "dua"], "id")
    room.after(5)
    room.reader.again()
    room.after(5)
    assert room.said == ["satu", "dua", "satu", "dua"]


def test_hushed_it_forgets_what_it_said(room: Room) -> None:
    """Nothing of one visitor is said to the next (law I12)."""
    room.reader.read(["Nomor Anda A012", "dua"], "id")
    room.after(0.2)
    room.reader.hush()
    room.after(5)
    room.reader.again()
    room.after(5)
    assert len(room.said) == 1


def test_a_sentence_that_fails_does_not_stop_the_page(room: Room) -> None:
    """F34: the engine breaks in mid-page; the rest is still said."""
    room.reader.read(["satu"], "id")
    room.after(3)
    room.voices[0].breaks.append(VoiceResult("failed", heard=False, health=VoiceHealth.BROKEN))
    room.reader.read(["dua", "tiga"], "id")
    room.after(5)
    assert room.said == ["satu", "tiga"]


def test_a_page_without_end_is_cut(room: Room) -> None:
    room.reader.read([f"kata {number}" for number in range(500)], "id")
    room.after(200)
    assert len(room.said) == MAX_SENTENCES


def test_closed_it_is_silent_for_good(room: Room) -> None:
    room.reader.read(["satu", "dua"], "id")
    room.after(0.1)
    room.reader.close()
    assert room.voices[0].closed
    room.after(5)
    assert len(room.said) == 1


def test_what_is_added_waits_for_the_end_and_is_said_again_with_the_rest(room: Room) -> None:
    room.reader.read(["Nomor Anda", "Siapkan KTP"], "id")
    room.after(0.2)
    room.reader.add(["Silakan ambil kertas"], "id")
    room.after(20)
    whole = ["Nomor Anda", "Siapkan KTP", "Silakan ambil kertas"]
    assert room.said == whole
    room.reader.again()
    room.after(20)
    assert room.said == whole * 2


def test_never_more_waits_than_a_page_has(room: Room) -> None:
    """I14."""
    for number in range(MAX_SENTENCES * 2):
        room.reader.add([f"kalimat {number}"], "id")
    room.after(600)
    assert len(room.said) <= MAX_SENTENCES + 1
