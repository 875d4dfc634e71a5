"""The place for pictures: everything in turn, and no file that stops it."""

import random

import pytest

from display.media_files import MediaFile, Skipped
from display.playlist import Playlist, Slide
from tests.display.media_story import HandFilm, Place, deck, picture, video

ONE, TWO, THREE = picture("1.png"), picture("2.png"), picture("3.png")


# What comes next.


def turns(playlist: Playlist, count: int) -> list[str]:
    found = []
    for _ in range(count):
        item = playlist.turn()
        if item is None:
            found.append("")
        else:
            found.append(f"{item.sign}{item.page}" if isinstance(item, Slide) else item.name)
    return found


def test_a_standard_stands_between_each_two_pictures_and_shows_all_its_pages() -> None:
    playlist = Playlist()
    playlist.set_files([ONE, TWO])
    playlist.set_decks([deck("A", 2), deck("B")])
    assert turns(playlist, 7) == ["1.png", "A1", "A2", "2.png", "B1", "1.png", "A1"]


def test_pictures_alone_standards_alone_and_nothing_at_all() -> None:
    playlist = Playlist()
    assert not playlist
    assert turns(playlist, 2) == ["", ""]
    playlist.set_decks([deck("A", 2), deck("B")])
    assert turns(playlist, 4) == ["A1", "A2", "B1", "A1"]
    playlist.set_decks([])
    playlist.set_files([ONE, TWO])
    assert turns(playlist, 3) == ["1.png", "2.png", "1.png"]


def test_what_comes_next_stays_next_when_files_come_and_go() -> None:
    playlist = Playlist()
    playlist.set_files([ONE, THREE])
    assert turns(playlist, 1) == ["1.png"]
    playlist.set_files([ONE, TWO, THREE])
    assert turns(playlist, 1) == ["2.png"]
    playlist.set_files([ONE, THREE])  # the one that is shown is taken out
    assert turns(playlist, 2) == ["3.png", "1.png"]
    playlist.set_files([])
    assert turns(playlist, 1) == [""]
    playlist.set_files([TWO])
    assert turns(playlist, 2) == ["2.png", "2.png"]


def test_every_file_has_its_turn_whatever_happens_to_the_others() -> None:
    chance = random.Random(7)
    playlist = Playlist()
    everything = [picture(f"{number:02}.png") for number in range(12)]
    kept = everything[5]
    since = 0
    for _ in range(3000):
        if chance.random() < 0.2:
            some = [one for one in everything if one is kept or chance.random() < 0.6]
            playlist.set_files(some)
        item = playlist.turn()
        since = 0 if item is kept else since + 1
        # Twelve files, and each change may send it a few places on.
        assert since < 60


# What is shown, and for how long.


def test_each_picture_stands_for_its_seconds_and_each_page_for_its_own() -> None:
    place = Place(ONE, TWO, decks=(deck("A", 2),))
    assert place.now == "1.png"
    place.wait(9.8)
    assert place.now == "1.png"
    place.wait(0.4)
    assert place.now == "A1"
    place.wait(11.5)
    assert place.now == "A1"
    place.wait(0.7)
    assert place.now == "A2"
    place.wait(12.2)
    assert place.now == "2.png"


def test_while_the_card_is_whole_nothing_goes_on_and_then_it_does_where_it_was() -> None:
    place = Place(ONE, TWO)
    place.wait(6)
    place.show.run(False)
    place.wait(60)
    assert place.now == "1.png"
    place.show.run(True)
    place.wait(3.5)
    assert place.now == "1.png"
    place.wait(0.7)
    assert place.now == "2.png"


def test_what_is_seen_again_for_a_moment_only_still_stays_long_enough_to_be_read() -> None:
    place = Place(ONE, TWO)
    place.wait(9.9)
    place.show.run(False)
    place.show.run(True)
    place.wait(2.8)
    assert place.now == "1.png"
    place.wait(0.4)
    assert place.now == "2.png"


def test_calls_every_few_seconds_do_not_hold_one_picture_for_ever() -> None:
    place = Place(ONE, TWO, THREE)
    for _ in range(30):
        place.wait(4)
        place.show.run(False)
        place.wait(20)
        place.show.run(True)
    assert set(place.seen) == {"1.png", "2.png", "3.png"}


def test_files_that_are_put_in_or_taken_out_are_noticed_while_it_runs() -> None:
    place = Place(ONE)
    place.stage.folder = (ONE, TWO)
    place.wait(5.1)
    assert place.show.files == (ONE, TWO)
    place.wait(5)
    assert place.now == "2.png"
    place.stage.folder = (ONE,)
    place.wait(5.1)
    assert place.now == "1.png"  # at once: its file is gone
    place.stage.folder = ()
    place.wait(5.1)
    assert place.now == ""
    assert not place.show


def test_the_same_picture_again_is_no_news() -> None:
    place = Place(ONE)
    place.wait(1)
    changes = place.changes
    place.wait(60)
    assert place.changes == changes


# Files that do not do what they should (F56).


def test_a_broken_file_is_left_out_until_it_changes_and_the_next_one_comes_f56() -> None:
    place = Place(ONE, TWO, THREE)
    place.stage.broken = {"2.png"}
    place.wait(60)
    assert "2.png" not in place.seen
    assert place.stage.opened.count("2.png") == 1
    assert place.show.skipped == (Skipped("2.png", "broken"),)
    place.stage.broken = set()
    place.stage.folder = (ONE, picture("2.png", changed_ns=2), THREE)
    place.wait(30)
    assert "2.png" in place.seen
    assert place.show.skipped == ()


def test_nothing_but_broken_files_leaves_the_place_to_the_card_f56() -> None:
    place = Place(ONE, TWO)
    place.stage.broken = {"1.png", "2.png"}
    place.stage.folder = (picture("1.png", changed_ns=9), picture("2.png", changed_ns=9))
    place.wait(30)
    assert not place.show
    assert place.now == ""
    assert len(place.stage.opened) <= 5


def test_a_stage_that_says_nothing_is_not_waited_for_f56() -> None:
    place = Place(picture("0.png"), TWO, on=False)
    place.stage.mute = {"0.png"}
    place.show.run(True)
    place.wait(25)
    assert place.now == "2.png"
    assert place.show.skipped == (Skipped("0.png", "too-slow"),)
    for _, on_opened in place.stage.late:
        on_opened("a picture that comes too late", "")
    assert place.now == "2.png"


def test_what_was_only_too_slow_is_tried_again_after_a_while() -> None:
    """A machine that has just started, a share that slept: no reason for months without it."""
    place = Place(picture("0.png"), TWO, on=False)
    place.stage.mute, place.stage.broken = {"0.png"}, {"2.png"}
    place.show.run(True)
    place.wait(60)
    assert place.stage.opened.count("0.png") == 1
    place.stage.mute = set()
    place.wait(600)
    assert "0.png" in place.seen
    assert place.show.skipped == (Skipped("2.png", "broken"),)
    assert place.stage.opened.count("2.png") == 1


def test_a_folder_that_is_gone_is_told_and_looked_for_again() -> None:
    place = Place(ONE)
    place.stage.folder, place.stage.problem = (), "No such file or directory"
    place.wait(6)
    assert place.show.problem == "No such file or directory"
    place.stage.folder, place.stage.problem = (ONE,), ""
    place.wait(6)
    assert place.show.problem == ""
    assert place.now == "1.png"


# Videos.


def film(place: Place) -> HandFilm:
    return place.stage.films[-1]


def test_a_video_runs_to_its_end_then_the_next_comes() -> None:
    place = Place(video("0.mp4"), ONE)
    for _ in range(40):
        film(place).on_picture(object())
        place.wait(1)
    assert place.now == "0.mp4"
    film(place).on_ended("")
    assert place.now == "1.png"
    place.wait(11)
    assert len(place.stage.films) == 2


def test_a_call_holds_the_video_and_rest_lets_it_go_on() -> None:
    place = Place(video("0.mp4"))
    film(place).on_picture("a frame")
    place.show.run(False)
    place.wait(100)
    place.show.run(True)
    assert film(place).said == ["pause", "resume"]
    place.wait(5)
    assert film(place).said == ["pause", "resume"]


@pytest.mark.parametrize("shown", [0, 3])
def test_a_video_that_stands_still_is_ended_and_left_out_f56(shown: int) -> None:
    place = Place(video("0.mp4"), ONE)
    for _ in range(shown):
        film(place).on_picture(object())
        place.wait(1)
    place.wait(7)
    assert film(place).said[-1] == "stop"
    assert place.now == "1.png"
    assert Skipped("0.mp4", "too-slow") in place.show.skipped


@pytest.mark.parametrize("why", ["broken", "no-video", ""])
def test_a_video_that_breaks_or_shows_nothing_is_left_out_f56(why: str) -> None:
    place = Place(video("0.mp4"), ONE)
    film(place).on_ended(why)
    assert place.now == "1.png"
    assert place.show.skipped == (Skipped("0.mp4", why or "broken"),)
    place.wait(60)
    assert len(place.stage.films) == 1


def test_a_video_of_a_moment_is_not_begun_again_all_the_time() -> None:
    place = Place(video("0.mp4"))
    for _ in range(600):
        if place.stage.films and film(place).said == []:
            film(place).on_picture("the only frame")
            film(place).on_ended("")
            film(place).said.append("ended")
        place.wait(0.1)
    assert len(place.stage.films) <= 7  # one in ten seconds


def test_a_video_that_is_taken_out_stops_at_once() -> None:
    place = Place(video("0.mp4"), ONE)
    film(place).on_picture("a frame")
    place.stage.folder = (ONE,)
    for _ in range(6):
        film(place).on_picture(object())
        place.wait(1)
    assert film(place).said == ["stop"]
    assert place.now == "1.png"


def test_a_frame_of_a_video_that_was_ended_is_not_shown() -> None:
    place = Place(video("0.mp4"), ONE)
    old = film(place)
    place.wait(7)
    assert place.now == "1.png"
    old.on_picture("too late")
    old.on_ended("broken")
    assert place.now == "1.png"


def test_at_its_end_everything_is_closed() -> None:
    place = Place(video("0.mp4"))
    place.show.close()
    assert film(place).said == ["stop"]
    assert place.stage.closed


def test_any_order_of_faults_leaves_the_show_running_f56() -> None:
    for seed in range(60):
        chance = random.Random(seed)
        names = [f"{number}.png" for number in range(5)]
        files: list[MediaFile] = [picture(name) for name in names] + [video("9.mp4")]
        place = Place(*files, picture("always.png"), decks=(deck("A"),))
        for turn in range(120):
            place.stage.broken = {name for name in names if chance.random() < 0.3}
            place.stage.mute = {name for name in names if chance.random() < 0.1}
            place.stage.folder = (
                *(one for one in files if chance.random() < 0.8),
                picture("always.png"),
            )
            if place.stage.films:
                what = chance.randrange(4)
                if what == 0:
                    film(place).on_picture(turn)
                elif what == 1:
                    film(place).on_ended(chance.choice(["", "broken"]))
            if chance.random() < 0.2:
                place.show.run(chance.random() < 0.7)
            place.wait(chance.choice([0.2, 3, 11]))
        place.show.run(True)
        place.stage.mute = set()
        place.seen.clear()
        place.wait(200)
        assert "always.png" in place.seen, seed
        assert "A1" in place.seen, seed
