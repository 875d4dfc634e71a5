"""The README's pictures: each shows a screen that exists, and they stay small."""

from tests import screenshots
from tests.counter import gallery
from tests.counter.door import door_gallery
from tests.display import board_pictures
from tests.kiosk import kiosk_pictures

MOST_BYTES = 6_000_000


def test_every_picture_of_the_readme_is_a_state_that_a_screen_can_have() -> None:
    known = {
        f"{language}/{screen}"
        for language in screenshots.LANGUAGES
        for screen in (
            *(
                f"kiosk-{shape}-{state}"
                for shape in screenshots.ON_THE_KIOSK
                for state in kiosk_pictures.STATES
            ),
            *(
                f"display-{shape}-{state}"
                for shape in screenshots.ON_THE_TV
                for state in board_pictures.STATES
            ),
            *(
                f"door-{size}-{state}"
                for size in screenshots.AT_THE_DOOR
                for state in door_gallery.STATES
            ),
            *(f"counter-{state}" for state in (gallery.STATES | gallery.STRIP_STATES)),
        )
    }
    assert set(screenshots.IN_THE_README) - known == set()


def test_the_pictures_are_there_and_no_others_and_stay_small() -> None:
    folder = screenshots.README_PICTURES
    pictures = {
        str(path.relative_to(folder).with_suffix("")): path.stat().st_size
        for path in folder.rglob("*.png")
    }
    assert set(pictures) == set(screenshots.IN_THE_README)
    assert sum(pictures.values()) < MOST_BYTES
