"""Crops, borders, sizes and turns: where the source's pixels are in the variant."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hashwalk_bench.errors import TransformError
from hashwalk_bench.transforms import Subject

Edited = Callable[..., Image.Image]


@pytest.fixture
def pixels(subject: Subject) -> NDArray[np.uint8]:
    """The (60, 80, 3) pixels of the source."""
    return np.asarray(subject.rgb)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2, 0.25])
def test_a_crop_removes_the_share_at_each_side(
    edited: Edited, pixels: NDArray[np.uint8], share: float
) -> None:
    """10 % of 80 x 60 are 8 and 6 pixels."""
    across, down = round(80 * share), round(60 * share)
    made = np.asarray(edited("crop", share=share))
    assert np.array_equal(made, pixels[down : 60 - down, across : 80 - across])


@pytest.mark.parametrize(
    ("sides", "rows", "columns"),
    [
        ("left", slice(0, 60), slice(20, 80)),
        ("bottom", slice(0, 45), slice(0, 80)),
        ("top-right", slice(15, 60), slice(0, 60)),
        ("bottom-left", slice(0, 45), slice(20, 80)),
    ],
)
def test_a_crop_of_some_sides_leaves_the_others(
    edited: Edited, pixels: NDArray[np.uint8], sides: str, rows: slice, columns: slice
) -> None:
    """One side, or the two that meet in a corner."""
    made = np.asarray(edited("crop", share=0.25, sides=sides))
    assert np.array_equal(made, pixels[rows, columns])


@pytest.mark.parametrize(
    ("name", "parameters", "widths"),
    [
        ("border", {"share": 0.0625}, (5, 4)),
        ("border_px", {"pixels": 30}, (30, 30)),
        ("letterbox", {"share": 0.1}, (0, 6)),
        ("pillarbox", {"share": 0.1}, (8, 0)),
    ],
)
def test_a_border_surrounds_the_whole_picture(
    edited: Edited,
    subject: Subject,
    name: str,
    parameters: dict[str, float],
    widths: tuple[int, int],
) -> None:
    """The picture is in the middle, and around it is the colour, or the picture out of focus."""
    across, down = widths
    box = (across, down, across + 80, down + 60)
    for fill in ("black", "white", "blurred"):
        made = edited(name, **parameters, fill=fill)
        assert made.size == (80 + 2 * across, 60 + 2 * down)
        assert made.crop(box).tobytes() == subject.rgb.tobytes()
        made.paste(made.getpixel((0, 0)), box)  # type: ignore[arg-type]
        around = {"black": {(0, 0, 0)}, "white": {(255, 255, 255)}}.get(fill)
        colours = {colour for _, colour in made.getcolors(1 << 16) or ()}
        assert colours == around if around else len(colours) > 20


@pytest.mark.parametrize(
    ("name", "parameters", "size"),
    [
        ("scale", {"factor": 2}, (160, 120)),
        ("scale", {"factor": 0.25}, (20, 15)),
        ("scale_to", {"side": 96}, (96, 72)),
        ("scale_to", {"side": 40}, (40, 30)),
        ("aspect", {"change": 0.1}, (88, 60)),
        ("aspect", {"change": -0.1}, (72, 60)),
        ("square", {}, (60, 60)),
    ],
)
def test_scaling_keeps_the_whole_picture_in_another_size(
    edited: Edited, subject: Subject, name: str, parameters: dict[str, float], size: tuple[int, int]
) -> None:
    """Scaled back to 8 x 6 it is as the source is."""
    made = edited(name, **parameters)
    assert made.size == size
    small = [np.asarray(p.resize((8, 6), Image.Resampling.BOX), int) for p in (made, subject.rgb)]
    assert np.abs(small[0] - small[1]).mean() < 10


@pytest.mark.parametrize(("degrees", "quarters"), [(90, 1), (180, 2), (270, 3)])
def test_a_quarter_turn_moves_pixels_and_changes_none(
    edited: Edited, pixels: NDArray[np.uint8], degrees: int, quarters: int
) -> None:
    """Turns are clockwise."""
    assert np.array_equal(
        np.asarray(edited("rotate", degrees=degrees)), np.rot90(pixels, -quarters)
    )


def test_a_small_turn_keeps_the_picture_in_sight(edited: Edited, subject: Subject) -> None:
    """The canvas grows, its corners are black, and turning back brings the middle back."""
    made = edited("rotate", degrees=10)
    assert (made.width > 80, made.height > 60) == (True, True)
    assert made.getpixel((0, 0)) == (0, 0, 0)
    back = made.rotate(10, Image.Resampling.BICUBIC)
    left, top = (made.width - 80) // 2, (made.height - 60) // 2
    middle = back.crop((left + 20, top + 20, left + 60, top + 40))
    assert _unlike(middle, subject.rgb.crop((20, 20, 60, 40))) < 12


def test_a_turn_within_the_canvas_keeps_the_size(edited: Edited) -> None:
    """The corners of the picture are lost."""
    assert edited("rotate", degrees=15, canvas="kept").size == (80, 60)


def test_a_mirror_swaps_sides(edited: Edited, pixels: NDArray[np.uint8]) -> None:
    """Columns, or rows, come in the opposite order."""
    assert np.array_equal(np.asarray(edited("mirror", swaps="left-right")), pixels[:, ::-1])
    assert np.array_equal(np.asarray(edited("mirror", swaps="top-bottom")), pixels[::-1])


def test_perspective_narrows_the_top_alone(edited: Edited, subject: Subject) -> None:
    """20 % of the width are missing at the top, black, and nothing at the bottom."""
    made = np.asarray(edited("perspective", share=0.2))
    assert made.shape == (60, 80, 3)
    assert not made[0, :7].any()
    assert not made[0, -7:].any()
    assert made[0, 10:70].any(axis=1).mean() > 0.9
    assert np.abs(made[-2, 2:78].astype(int) - np.asarray(subject.rgb)[-2, 2:78]).mean() < 15


def test_a_shear_moves_rows_the_more_the_higher_they_are(
    edited: Edited, pixels: NDArray[np.uint8]
) -> None:
    """At 45° of 60 rows, the top is 60 pixels further to the right than the bottom."""
    made = np.asarray(edited("shear", degrees=45)).astype(int)
    assert made.shape == (60, 140, 3)
    for row in (5, 30, 55):
        found = made[row, 60 - row : 140 - row][2:-2]
        assert np.abs(found - pixels[row, 2:-2]).mean() < 25


def test_a_size_over_the_limit_is_refused_before_it_is_made(edited: Edited) -> None:
    """The message says the size."""
    with pytest.raises(TransformError, match="16384 x 12288 pixels"):
        edited("scale_to", side=16384)


def _unlike(one: Image.Image, other: Image.Image) -> float:
    return float(np.abs(np.asarray(one, int) - np.asarray(other, int)).mean())
