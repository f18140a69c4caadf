"""Copies and encoders: what happens to bytes, quantisation, chroma and tags."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops

from hashwalk_bench.errors import TransformError
from hashwalk_bench.transforms import Call, Medium, Subject, apply, open_subject

Make = Callable[..., Path]
Edited = Callable[..., Image.Image]


def test_a_copy_has_the_bytes_of_the_source(make: Make, source_path: Path) -> None:
    """Nothing is decoded nor encoded."""
    assert make("copy").read_bytes() == source_path.read_bytes()


@pytest.mark.parametrize("container", ["PNG", "BMP", "TIFF"])
def test_a_lossless_file_has_other_bytes_and_the_same_pixels(
    make: Make, subject: Subject, container: str
) -> None:
    """Only the container changes."""
    with Image.open(make("reencode", container=container)) as made:
        assert made.format == container
        assert made.tobytes() == subject.rgb.tobytes()


def test_a_png_keeps_mode_and_alpha_and_drops_metadata(tmp_path: Path) -> None:
    """The pixels as stored stay, of what is beside them nothing does."""
    source = Image.linear_gradient("L").convert("LA")
    source.putalpha(Image.radial_gradient("L"))
    source.save(tmp_path / "alpha.png", dpi=(300, 300))
    subject = open_subject(tmp_path / "alpha.png", Medium.PICTURE)
    call = Call(Medium.PICTURE, "reencode", (("container", "PNG"),))
    with Image.open(apply(call, subject, tmp_path, seed=1).path) as made:
        assert made.mode == "LA"
        assert made.tobytes() == source.tobytes()
        assert "dpi" not in made.info


@pytest.mark.parametrize("quality", [95, 75, 50, 30, 20, 10])
def test_a_jpeg_has_the_quantisation_of_its_quality(
    make: Make, subject: Subject, quality: int
) -> None:
    """The tables are those that libjpeg has for the quality."""
    with Image.open(make("jpeg", quality=quality)) as made:
        assert made.quantization == _tables(subject.rgb, quality)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("chroma", "factors"), [("4:4:4", (1, 1)), ("4:2:0", (2, 2))])
def test_a_jpeg_has_the_chroma_that_is_asked_for(
    make: Make, chroma: str, factors: tuple[int, int]
) -> None:
    """The sampling factors of the luma plane tell it."""
    with Image.open(make("jpeg", quality=75, chroma=chroma)) as made:
        assert made.layer[0][1:3] == factors  # type: ignore[attr-defined]


def test_a_jpeg_twice_is_a_jpeg_of_the_second_quality_with_the_loss_of_both(
    make: Make, subject: Subject
) -> None:
    """It has the tables of the second and not the pixels of a direct one."""
    with Image.open(make("jpeg_twice", first=20, second=80)) as made:
        assert made.quantization == _tables(subject.rgb, 80)  # type: ignore[attr-defined]
        direct = Image.open(make("jpeg", quality=80))
        assert _loss(made.convert("RGB"), subject.rgb) > _loss(direct, subject.rgb)


@pytest.mark.parametrize(("name", "container"), [("webp", "WEBP"), ("avif", "AVIF")])
def test_a_lower_quality_loses_more(
    make: Make, subject: Subject, name: str, container: str
) -> None:
    """Both encoders take the quality, and write their own container."""
    losses = []
    for quality in (80, 30):
        with Image.open(make(name, quality=quality)) as made:
            assert made.format == container
            losses.append(_loss(made.convert("RGB"), subject.rgb))
    assert 0 < losses[0] < losses[1]


def test_a_gif_has_a_palette_of_so_many_colours(make: Make) -> None:
    """No more colours are used than were asked for."""
    with Image.open(make("gif", colours=16)) as made:
        assert made.format == "GIF"
        assert 2 <= len(made.convert("RGB").getcolors() or ()) <= 16


def test_cmyk_is_stored_in_four_channels(make: Make, subject: Subject) -> None:
    """The colours are the source's when they are converted back."""
    with Image.open(make("cmyk")) as made:
        assert made.mode == "CMYK"
        assert _loss(made.convert("RGB"), subject.rgb) < 10


def test_an_exif_orientation_changes_no_stored_pixel(make: Make, subject: Subject) -> None:
    """The tag is there, for viewers to turn the picture."""
    with Image.open(make("exif_orientation", orientation=6)) as made:
        assert made.getexif()[0x0112] == 6
        assert made.tobytes() == subject.rgb.tobytes()


@pytest.mark.parametrize(("onto", "level"), [("white", 255), ("black", 0)])
def test_alpha_is_flattened_on_a_colour(tmp_path: Path, onto: str, level: int) -> None:
    """What is transparent takes the colour, what is opaque stays."""
    source = Image.new("RGBA", (4, 2), (10, 20, 30, 255))
    source.putpixel((0, 0), (10, 20, 30, 0))
    source.save(tmp_path / "alpha.png")
    subject = open_subject(tmp_path / "alpha.png", Medium.PICTURE)
    call = Call(Medium.PICTURE, "flatten", (("onto", onto),))
    with Image.open(apply(call, subject, tmp_path, seed=1).path) as made:
        assert made.getpixel((0, 0)) == (level, level, level)
        assert made.getpixel((1, 0)) == (10, 20, 30)


def test_a_picture_without_alpha_is_cut_out_first(edited: Edited, subject: Subject) -> None:
    """Its corners take the colour, its middle stays."""
    made = edited("flatten", onto="white")
    assert made.getpixel((0, 0)) == (255, 255, 255)
    assert made.getpixel((40, 30)) == subject.rgb.getpixel((40, 30))


def test_an_encoder_that_cannot_take_the_size_is_refused_in_one_line(tmp_path: Path) -> None:
    """WebP ends at 16383 pixels a side."""
    Image.linear_gradient("L").resize((16384, 1)).save(tmp_path / "wide.png")
    subject = open_subject(tmp_path / "wide.png", Medium.PICTURE)
    call = Call(Medium.PICTURE, "webp", (("quality", 80),))
    with pytest.raises(TransformError, match="16384 x 1 pixels is refused") as caught:
        apply(call, subject, tmp_path, seed=1)
    assert len(str(caught.value).splitlines()) == 1


def _tables(picture: Image.Image, quality: int) -> dict[int, list[int]]:
    file = BytesIO()
    picture.save(file, "JPEG", quality=quality)
    tables: dict[int, list[int]] = Image.open(file).quantization  # type: ignore[attr-defined]
    return tables


def _loss(made: Image.Image, source: Image.Image) -> float:
    """Return the mean difference of the values."""
    return float(np.asarray(ImageChops.difference(made, source)).mean())
