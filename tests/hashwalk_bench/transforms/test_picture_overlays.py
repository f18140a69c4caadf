"""Overlays, frames, montages and chains: how much of the source is covered, and where it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from hashwalk_bench.transforms import Subject

Make = Callable[..., Path]
Edited = Callable[..., Image.Image]


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
@pytest.mark.parametrize("name", ["text", "logo", "emoji"])
def test_an_overlay_changes_a_box_of_the_share_and_nothing_else(
    edited: Edited, subject: Subject, name: str, share: float
) -> None:
    """The box around all that changed is the share of the area."""
    rows, columns = np.nonzero(_changed(edited(name, share=share), subject))
    box = (np.ptp(rows) + 1) * (np.ptp(columns) + 1)
    assert box / (80 * 60) == pytest.approx(share, rel=0.15)


def test_a_watermark_reaches_all_quarters_and_can_be_seen_through(
    edited: Edited, subject: Subject
) -> None:
    """A fainter one changes less, as much of the picture as it covers."""
    strong, faint = (edited("watermark", opacity=opacity) for opacity in (0.8, 0.2))
    changed = _changed(strong, subject)
    for rows in (slice(0, 30), slice(30, 60)):
        for columns in (slice(0, 40), slice(40, 80)):
            assert changed[rows, columns].mean() > 0.02
    assert 0 < _difference(faint, subject) < _difference(strong, subject) / 2


def test_a_caption_stands_above_the_whole_picture(edited: Edited, subject: Subject) -> None:
    """15 % of 60 rows are 9, white with black letters."""
    made = edited("caption", share=0.15)
    assert made.size == (80, 69)
    assert made.crop((0, 9, 80, 69)).tobytes() == subject.rgb.tobytes()
    bar = np.asarray(made)[:9]
    assert np.median(bar) == 255
    assert bar.min() < 100


def test_a_screenshot_has_the_picture_between_bars(edited: Edited, subject: Subject) -> None:
    """No pixel of it is lost."""
    made = edited("screenshot")
    above = 80 * 72 // 400
    assert made.width == 80
    assert made.height > 60 + above
    assert made.crop((0, above, 80, above + 60)).tobytes() == subject.rgb.tobytes()


def test_a_collage_has_the_picture_in_one_of_four_fields(edited: Edited, subject: Subject) -> None:
    """The other three are drawn."""
    made = edited("collage")
    small = subject.rgb.resize((40, 30), Image.Resampling.LANCZOS).tobytes()
    boxes = [(x, y, x + 40, y + 30) for x in (0, 40) for y in (0, 30)]
    fields = [made.crop(box).tobytes() == small for box in boxes]
    assert made.size == (80, 60)
    assert sum(fields) == 1


@pytest.mark.parametrize(
    ("keeps", "box"),
    [
        ("left", (0, 0, 40, 60)),
        ("right", (40, 0, 80, 60)),
        ("top", (0, 0, 80, 30)),
        ("bottom", (0, 30, 80, 60)),
    ],
)
def test_half_keeps_one_half_and_replaces_the_other(
    edited: Edited, subject: Subject, keeps: str, box: tuple[int, int, int, int]
) -> None:
    """The other half is another scene."""
    made = edited("half", keeps=keeps)
    assert made.crop(box).tobytes() == subject.rgb.crop(box).tobytes()
    assert _changed(made, subject).mean() == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("share", [0.25, 0.5])
def test_a_background_surrounds_the_picture_made_smaller(
    edited: Edited, subject: Subject, share: float
) -> None:
    """The whole picture is found once, over the share of the area."""
    made = np.asarray(edited("background", share=share))
    size = round(80 * share**0.5), round(60 * share**0.5)
    small = np.asarray(subject.rgb.resize(size, Image.Resampling.LANCZOS))
    found = [
        (left, top)
        for left in range(81 - size[0])
        for top in range(61 - size[1])
        if np.array_equal(made[top : top + size[1], left : left + size[0]], small)
    ]
    assert made.shape == (60, 80, 3)
    assert len(found) == 1


def test_a_messenger_sends_a_smaller_jpeg(make: Make) -> None:
    """The longer side is at most what it allows."""
    with Image.open(make("messaging", side=40, quality=70)) as made:
        assert (made.format, made.size) == ("JPEG", (40, 30))


def test_a_messenger_makes_no_picture_larger(make: Make) -> None:
    """By default it allows 1600 pixels, and writes a JPEG of quality 70."""
    assert make("messaging").read_bytes() == make("jpeg", quality=70).read_bytes()


def test_a_cropped_screenshot_is_a_jpeg_of_less_than_the_screenshot(
    make: Make, edited: Edited
) -> None:
    """10 % at each side are gone."""
    whole = edited("screenshot")
    with Image.open(make("screenshot_cropped", share=0.1)) as made:
        assert made.format == "JPEG"
        assert made.size == (64, whole.height - 2 * round(0.1 * whole.height))


def _changed(made: Image.Image, subject: Subject) -> NDArray[np.uint8]:
    """Return 1 for each pixel that differs from the source's, 0 for the others."""
    return np.any(np.asarray(made) != np.asarray(subject.rgb), axis=2).astype(np.uint8)


def _difference(made: Image.Image, subject: Subject) -> float:
    return float(np.abs(np.asarray(made, int) - np.asarray(subject.rgb, int)).mean())
