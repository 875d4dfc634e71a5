"""Every label of a branch is made, heard, approved; stale approvals are found (field.md 4.10)."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from assets.texts import Texts
from display.pre_rendering import ChildPlaying, ChildRendering
from display.voice_check_model import VoiceCheckModel
from display.voice_check_window import VoiceCheckWindow
from protocol.messages import CounterInfo, DayPart, VoiceRules, Welcome
from tests.display.board_story import welcome
from tests.running_branch import RunningBranch
from tests.sound_room import SoundRoom
from tests.voice.test_sound import tone
from ui.theme import console_theme
from voice.approvals import Approvals, ApprovalsError
from voice.labels import Label
from voice.phrases import clip_script
from voice.pre_render import Prepared
from voice.sound import LOUDNESS_LUFS, read_wav, write_wav

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


class _Rendering:
    """Makes all labels at the next look; ``voice`` is whose they are."""

    def __init__(self, voice: str = "engine:1") -> None:
        self.voice = voice
        self.labels: list[Label] = []
        self.broken: set[str] = set()
        self.begun = 0

    def begin(self, labels: Any) -> None:
        self.labels, self.begun = list(labels), self.begun + 1

    def take(self) -> list[Prepared]:
        made = [
            Prepared(label.key, fault="no voice")
            if label.key in self.broken
            else Prepared(
                label.key, f"/labels/{label.key}.wav", "engine", f"{self.voice}|{label.text}", 2.0
            )
            for label in self.labels
        ]
        self.labels = []
        return made

    over = property(lambda self: not self.labels)

    def close(self) -> None:
        pass


class _Playing:
    def __init__(self) -> None:
        self.sounding: Path | None = None
        self.fault = ""

    def play(self, path: Path) -> None:
        self.sounding = path

    def close(self) -> None:
        self.sounding = None


def branch(
    *, counters: int = 3, voice: VoiceRules | None = None, name: str = "Perubahan data"
) -> Welcome:
    """A branch with two services, A and B, which sounds like others."""
    said = welcome(NOW)
    services = [
        msgspec.structs.replace(said.services[0], letter="A"),
        msgspec.structs.replace(
            said.services[1], letter="B", name={"id": name, "en": "Change of data"}
        ),
    ]
    return msgspec.structs.replace(
        said,
        services=services,
        counters=[CounterInfo(number=number, services=["A"]) for number in range(1, counters + 1)],
        voice=voice,
    )


def checked(
    folder: Path, said: Welcome | None = None, *, rendering: _Rendering | None = None
) -> VoiceCheckModel:
    """The list with every sound made."""
    model = VoiceCheckModel(
        Approvals(folder / "approvals.json"),
        rendering or _Rendering(),
        _Playing(),
        now=lambda: NOW,
    )
    model.checker = "Rina"
    model.on_welcome(said or branch())
    model.tick()
    assert model.over
    return model


def approve_all(model: VoiceCheckModel) -> None:
    for row in model.rows:
        model.approve(row.label.key)


def states(model: VoiceCheckModel) -> dict[str, str | None]:
    return {row.label.key: row.state for row in model.rows}


def test_the_list_holds_every_label_of_the_configuration_in_every_language(tmp_path: Path) -> None:
    keys = set(states(checked(tmp_path, branch(counters=12, voice=VoiceRules(last_call=3)))))
    for code in ("id", "en"):
        assert {f"{code}/letter/{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"} <= keys
        assert {f"{code}/digit/{digit}" for digit in range(10)} <= keys
        assert {f"{code}/counter/{counter}" for counter in range(1, 13)} <= keys
        assert f"{code}/service/B" in keys
        assert f"{code}/service/A" not in keys, "A sounds like no other"
        assert {f"{code}/number/{series}-{series}012" for series in "AB"} <= keys
        names = ("call", "second", "last", "short", "test")
        assert {f"{code}/sentence/{name}" for name in names} <= keys


@pytest.mark.parametrize(("word", "services"), [("always", {"A", "B"}), ("never", set())])
def test_the_service_words_are_those_that_the_branch_has_spoken(
    tmp_path: Path, word: str, services: set[str]
) -> None:
    model = checked(tmp_path, branch(voice=VoiceRules(service_word=word)))
    assert {row.label.key for row in model.rows_of("id", "service")} == {
        f"id/service/{code}" for code in services
    }


def test_an_approval_is_kept_with_who_when_and_what(tmp_path: Path) -> None:
    model = checked(tmp_path)
    assert set(states(model).values()) == {"new"}
    model.approve("id/letter/A")
    kept = json.loads((tmp_path / "approvals.json").read_text())
    assert kept == {
        "id/letter/A": {
            "text": "A",
            "identity": "engine:1|A",
            "by": "Rina",
            "at": "2026-11-21T03:00:00Z",
        }
    }
    assert states(checked(tmp_path))["id/letter/A"] == "approved"
    model.approve("id/letter/A", approved=False)
    assert states(checked(tmp_path))["id/letter/A"] == "new"


def test_all_is_well_only_when_everything_is_approved(tmp_path: Path) -> None:
    model = checked(tmp_path)
    assert not model.all_well
    approve_all(model)
    assert model.all_well
    assert checked(tmp_path).all_well


def test_another_text_another_voice_and_a_new_label_are_found(tmp_path: Path) -> None:
    approve_all(checked(tmp_path))
    renamed = checked(tmp_path, branch(name="Ubah data"))
    assert states(renamed)["id/service/B"] == "stale-text"
    assert states(renamed)["id/number/B-B012"] == "stale-text"
    assert states(renamed)["id/number/A-A012"] == "approved"
    revoiced = checked(tmp_path, rendering=_Rendering("clips:2"))
    assert set(states(revoiced).values()) == {"stale-voice"}
    more = checked(tmp_path, branch(counters=4))
    assert [key for key, state in states(more).items() if state != "approved"] == [
        "id/counter/4",
        "en/counter/4",
    ]
    as_number = checked(tmp_path, branch(voice=VoiceRules(reading="number")))
    assert states(as_number)["id/number/A-A012"] == "stale-text"
    assert not any(model.all_well for model in (renamed, revoiced, more, as_number))
    assert checked(tmp_path, branch(counters=2)).unused == ("en/counter/3", "id/counter/3")


def test_what_has_no_sound_cannot_be_approved(tmp_path: Path) -> None:
    rendering = _Rendering()
    rendering.broken = {"id/letter/A"}
    model = checked(tmp_path, rendering=rendering)
    approve_all(model)
    assert states(model)["id/letter/A"] == "unspoken"
    assert not model.all_well


def test_the_same_configuration_again_makes_nothing_anew(tmp_path: Path) -> None:
    rendering = _Rendering()
    model = checked(tmp_path, rendering=rendering)
    model.on_welcome(
        branch(voice=VoiceRules(day_parts=[DayPart(begins_at="07:00", volume_percent=50)]))
    )
    assert rendering.begun == 1, "the volume is no label"


@pytest.mark.parametrize("content", [b"[]", b'{"\xff": {}}'])
def test_a_file_that_is_not_ours_is_never_overwritten(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "approvals.json").write_bytes(content)
    with pytest.raises(ApprovalsError, match=r"approvals\.json"):
        Approvals(tmp_path / "approvals.json")
    assert (tmp_path / "approvals.json").read_bytes() == content


def test_what_sounds_is_silenced_by_its_own_button(tmp_path: Path) -> None:
    model = checked(tmp_path)
    model.play("id/letter/A")
    (row, other) = model.rows_of("id", "letter")[:2]
    assert (model.is_sounding(row), model.is_sounding(other)) == (True, False)
    model.play("id/letter/B")
    assert (model.is_sounding(row), model.is_sounding(other)) == (False, True)
    model.play("id/letter/B")
    assert not model.is_sounding(other)


# The window.


@pytest.mark.parametrize("language", ["id", "en"])
def test_each_label_has_a_button_to_play_and_one_to_approve(
    qtbot: QtBot, tmp_path: Path, language: str
) -> None:
    model = checked(tmp_path)
    window = VoiceCheckWindow(
        model,
        Texts.load(language, ["voice_tools"], strict=True),
        console_theme(),
        server="ws://x/",
        device="check-1",
    )
    qtbot.addWidget(window)
    window.resize(1100, 720)
    window.show()
    assert window.page_name == "list"
    window.choose(("id", "letter"))
    row = window._rows["id/letter/A"]
    row.play.click()
    assert model.is_sounding(model.rows_of("id", "letter")[0])
    row.approve.click()
    assert states(model)["id/letter/A"] == "approved"
    assert row.state.text() == window._say("voice-check.state.approved")
    at = model.rows_of("id", "letter")[0].approval
    assert at is not None
    assert window._say.day(at.at.astimezone().date(), short=True, year=True) in row.facts.text()
    row.approve.click()
    assert states(model)["id/letter/A"] == "new"


# For real: the shipped voice, a real server, the console's list.


def _wait_until_made(model: VoiceCheckModel) -> None:
    end_s = time.monotonic() + 60
    while not model.over:
        assert time.monotonic() < end_s, model.tally
        model.tick()
        time.sleep(0.02)


def _real(folder: Path, *clips: Path) -> VoiceCheckModel:
    rendering = ChildRendering(folder / "labels", clips, folder / "cache")
    model = VoiceCheckModel(
        Approvals(folder / "approvals.json"), rendering, ChildPlaying(), now=lambda: NOW
    )
    model.on_welcome(branch())
    _wait_until_made(model)
    model.close()
    return model


def test_every_real_label_has_a_sound_at_our_level_and_a_recording_makes_it_stale(
    tmp_path: Path,
) -> None:
    model = _real(tmp_path)
    assert model.tally.unspoken == 0
    for row in model.rows:
        assert row.made is not None
        assert row.made.origin == "engine", row
        sound = read_wav(Path(row.made.path))
        assert sound.length_s == pytest.approx(row.made.length_s, abs=0.01)
        assert sound.lufs == pytest.approx(LOUDNESS_LUFS, abs=1.0), row.label.key
        assert sound.length_s > 0.15
    approve_all(model)
    assert _real(tmp_path).all_well, "the same voice sounds the same"
    own = tmp_path / "own" / "id"
    own.mkdir(parents=True)
    for clip in clip_script("id"):
        write_wav(own / f"{clip}.wav", tone(300, 0.4))
    recorded = _real(tmp_path, tmp_path / "own")
    assert states(recorded)["id/letter/A"] == "stale-voice"
    assert states(recorded)["en/letter/A"] == "approved"
    approve_all(recorded)
    write_wav(own / "satu.wav", tone(500, 0.4))
    changed = [
        key
        for key, state in states(_real(tmp_path, tmp_path / "own")).items()
        if state != "approved"
    ]
    assert "id/digit/1" in changed
    assert "id/counter/1" in changed
    assert "id/digit/2" not in changed


def test_a_label_is_really_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_wav(tmp_path / "label.wav", tone(440, 1.0))
    with SoundRoom() as room:
        for name in ("PULSE_SERVER", "PULSE_COOKIE", "XDG_RUNTIME_DIR"):
            monkeypatch.setenv(name, room.environment[name])
        playing = ChildPlaying()
        with room.record() as heard:
            playing.play(tmp_path / "label.wav")
            end_s = time.monotonic() + 20
            while playing.sounding is not None:
                assert time.monotonic() < end_s
                time.sleep(0.02)
        assert playing.fault == ""
        ((start_s, end_s),) = heard.stretches()
        assert end_s - start_s == pytest.approx(1.0, abs=0.1)
        room.plug_out()
        playing.play(tmp_path / "label.wav")
        end_s = time.monotonic() + 20
        while playing.sounding is not None:
            assert time.monotonic() < end_s
            time.sleep(0.02)
        assert "device" in playing.fault


def test_the_consoles_list_learns_the_branch_from_its_server(tmp_path: Path) -> None:
    made = RunningBranch(tmp_path / "data").add_devices("display", "check-1")
    checks = tmp_path / "checks"
    with made:
        words = [
            *(sys.executable, "-m", "display", "voice-check", "--list"),
            *("--server", made.url, "--device", "check-1", "--token", made.tokens["check-1"]),
            *("--checks", str(checks), "--languages", "id"),
        ]
        done = subprocess.run(words, capture_output=True, text=True, timeout=90, check=False)
        assert done.returncode == 1, done.stderr
        lines = done.stdout.splitlines()
        assert any("id/service/B" in line and "Perubahan data" in line for line in lines)
        assert lines[-1].startswith("0 dari ")
        rina = [*words, "--approve-as", "Rina"]
        done = subprocess.run(rina, capture_output=True, text=True, timeout=90, check=False)
        assert done.returncode == 0, done.stdout[-500:]
        assert "(Rina, " in done.stdout
        done = subprocess.run(words, capture_output=True, text=True, timeout=90, check=False)
        assert done.returncode == 0, done.stdout[-500:]
        made.stop()
        made.configure(voice__reading="number")
        made.start()
        done = subprocess.run(words, capture_output=True, text=True, timeout=90, check=False)
        assert done.returncode == 1
        stale = [line for line in done.stdout.splitlines() if line.startswith("Kata-kata berubah")]
        assert stale
        assert all("/number/" in line or "/sentence/" in line for line in stale)
        refused = [word if word != made.tokens["check-1"] else "wrong" for word in words]
        done = subprocess.run(refused, capture_output=True, text=True, timeout=90, check=False)
        assert done.returncode == 4
        assert "device add" in done.stderr
