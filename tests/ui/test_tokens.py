"""The figures of ux.md 4: contrast, sizes in millimetres, scale of each surface."""

import pytest

from ui.tokens import (
    AAA_TEXT,
    COMPACT,
    CONSOLE,
    CONTROL,
    HIGH_CONTRAST,
    KIOSK,
    KIOSK_DESIGN_MM_PER_PX,
    KIOSK_DESIGN_PX,
    LIGHT,
    NIGHT,
    TV_DARK,
    Colours,
    Role,
    contrast_ratio,
    fitting_scale,
    kiosk_scale,
    mm_per_px,
    mm_per_px_of,
    tv_sizes,
)

SCHEMES = pytest.mark.parametrize(
    "colours",
    [LIGHT, TV_DARK, NIGHT, HIGH_CONTRAST],
    ids=["light", "tv", "night", "high-contrast"],
)


def test_contrast_is_the_formula_of_wcag() -> None:
    assert contrast_ratio("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast_ratio("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)
    assert contrast_ratio("#FFFFFF", "#777777") == contrast_ratio("#777777", "#FFFFFF")


@SCHEMES
def test_every_text_is_aaa(colours: Colours) -> None:
    weak = [
        (pair, round(contrast_ratio(*pair), 2))
        for pair in colours.text_pairs()
        if contrast_ratio(*pair) < AAA_TEXT
    ]
    assert weak == []


@SCHEMES
def test_every_control_is_seen(colours: Colours) -> None:
    weak = [pair for pair in colours.control_pairs() if contrast_ratio(*pair) < CONTROL]
    assert weak == []


@pytest.mark.parametrize(
    ("text", "ground", "ratio"),
    [
        (LIGHT.ink, LIGHT.panel, 16.9),
        (LIGHT.ink_soft, LIGHT.panel, 9.4),
        (LIGHT.on_primary, LIGHT.primary, 7.6),
        (LIGHT.on_info, LIGHT.info, 8.8),
        (LIGHT.on_ok_soft, LIGHT.ok_soft, 8.6),
        (LIGHT.on_called, LIGHT.called, 11.0),
        (LIGHT.on_warning_soft, LIGHT.warning_soft, 9.1),
        (LIGHT.on_error, LIGHT.error, 8.2),
        (LIGHT.on_priority, LIGHT.priority, 9.9),
        (LIGHT.on_disabled, LIGHT.disabled, 8.0),
        (TV_DARK.ink, TV_DARK.window, 18.8),
        (TV_DARK.on_called, TV_DARK.called, 11.9),
        (TV_DARK.ink_soft, TV_DARK.panel, 8.9),
        (NIGHT.ink, NIGHT.window, 15.5),
    ],
)
def test_the_table_of_the_design_holds(text: str, ground: str, ratio: float) -> None:
    assert contrast_ratio(text, ground) == pytest.approx(ratio, abs=0.06)


@pytest.mark.parametrize(
    ("inches", "screen", "scale"),
    [
        (21.5, (1080, 1920), 1.0),
        (21.5, (1920, 1080), 1.0),
        (27, (1080, 1920), 0.80),
        (32, (1080, 1920), 0.67),
        (15.6, (1920, 1080), 1.38),
        (21.5, (2160, 3840), 2.0),
    ],
)
def test_kiosk_sizes_keep_their_millimetres(
    inches: float, screen: tuple[int, int], scale: float
) -> None:
    pitch = mm_per_px_of(inches, *screen)
    sizes = KIOSK.scaled(kiosk_scale(pitch))
    assert kiosk_scale(pitch) == pytest.approx(scale, abs=0.005)
    # 20 mm is where errors stop to fall; 96 px of the design are 23.8 mm, and pixels are whole.
    assert sizes.target * pitch == pytest.approx(23.8, abs=0.2)
    # 0.7 degrees at 600 mm is a capital of 7.3 mm; Inter's capitals are 0.727 em.
    assert sizes.smallest * pitch * 0.727 >= 7.3


@pytest.mark.parametrize(("width_mm", "height_mm"), [(0, 0), (-1, 300), (16, 9), (4000, 2250)])
def test_a_screen_that_lies_about_its_size_is_not_believed(
    width_mm: float, height_mm: float
) -> None:
    assert mm_per_px(1920, 1080, width_mm, height_mm) is None


def test_a_screen_that_speaks_the_truth_is_believed() -> None:
    assert mm_per_px(1920, 1080, 476, 268) == pytest.approx(0.248, abs=0.001)


def test_an_unknown_screen_gets_the_design_size() -> None:
    assert kiosk_scale(None) == 1.0
    assert kiosk_scale(KIOSK_DESIGN_MM_PER_PX) == 1.0


def test_a_page_is_made_smaller_to_fit_a_window() -> None:
    assert fitting_scale(540, 960, KIOSK_DESIGN_PX) == 0.5
    assert fitting_scale(960, 540, KIOSK_DESIGN_PX) == 0.5
    assert fitting_scale(300, 960, KIOSK_DESIGN_PX) == pytest.approx(300 / 1080)


def test_the_tv_grows_with_its_picture_and_turns() -> None:
    assert tv_sizes(1920, 1080).number == 320
    assert tv_sizes(3840, 2160).number == 640
    assert tv_sizes(1280, 720).smallest == 37
    assert tv_sizes(1080, 1920).number == 300
    assert tv_sizes(1080, 1920).tile == 110


def test_no_text_is_larger_than_the_one_above_it() -> None:
    for sizes in (KIOSK, CONSOLE, COMPACT, tv_sizes(1920, 1080), tv_sizes(1080, 1920)):
        steps = [sizes.text(role) for role in Role]
        assert steps == sorted(steps, reverse=True)
        assert sizes.scaled(0.01).border == 1
