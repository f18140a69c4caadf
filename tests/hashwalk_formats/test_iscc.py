"""ISCC codes are those of iscc-core and iscc-sdk; without the extra they are still carried."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from hashwalk.errors import HashParseError
from hashwalk.hashing import hash_file
from hashwalk.picture import Picture
from hashwalk.registry import can_compute, get_format, registry
from hashwalk.testing import make_image
from hashwalk_formats import iscc

# What iscc-sdk 0.9.7 (iscc-lib 0.7.0, Pillow 13) computes of the reference pictures.
BY_ISCC_SDK = {
    "chart-1bit.png": "ISCC:EEAYM2NCWZGM5C45",
    "chart-640x480.png": "ISCC:EEAYI2NCWZGN5C45",
    "chart-palette.png": "ISCC:EEAYI2NCSZGN5D45",
    "chart-rotated.png": "ISCC:EEA24YUR7TJWREOJ",
    "flat.png": "ISCC:EEAYAAAAAAAAAAAA",
    "fractal-1600x1004.jpg": "ISCC:EEA7Y4GDJQP44HGB",
    "fractal-16bit.png": "ISCC:EEAYAAAAAAAAAAAA",
    "fractal-3000x2000.jpg": "ISCC:EEAZZPRY4DA4PA6H",
    "fractal-512x321.webp": "ISCC:EEA7Y4GDJQP44HGB",
    "fractal-alpha.png": "ISCC:EEA4IZR3IO6H5REM",
    "fractal-blur.jpg": "ISCC:EEA7Y4GDJQP44HGB",
    "fractal-cmyk.jpg": "ISCC:EEA7Y4GDJQP44HGB",
    "fractal-exif6.jpg": "ISCC:EEA7BIERT7FUW6DU",
    "fractal-grey.png": "ISCC:EEA7Y4GDJQP44HGB",
    "fractal.gif": "ISCC:EEA7Y4GDJQP44HGB",
    "sliver-5x40.png": "ISCC:EEA7Q4WHJUMMOGGH",
    "tiny-42x34.png": "ISCC:EEA7Y4GDJQP44HGB",
}


@pytest.fixture(scope="module")
def iscc_core() -> Any:
    """The reference package."""
    return pytest.importorskip("iscc_core", reason="the extra iscc is not installed")


@pytest.mark.parametrize("name", BY_ISCC_SDK)
def test_reference_pictures_have_the_codes_of_iscc_sdk(
    iscc_core: Any, vectors_folder: Path, name: str
) -> None:
    assert iscc_core
    (found,) = hash_file(vectors_folder / "images" / name, ["iscc-image"]).hashes
    assert get_format("iscc-image").render(found) == BY_ISCC_SDK[name]


@given(value=st.binary(min_size=8, max_size=8))
def test_texts_are_those_of_iscc_core(iscc_core: Any, value: bytes) -> None:
    core = iscc_core
    for offered, subtype in ((iscc.IMAGE, core.ST_CC.IMAGE), (iscc.VIDEO, core.ST_CC.VIDEO)):
        text = "ISCC:" + core.encode_component(core.MT.CONTENT, subtype, core.VS.V0, 64, value)
        assert offered.render_part(value) == text
        assert offered.parse_part(text) == offered.parse_part(text[5:].lower()) == value


@given(seed=st.integers(0, 1 << 30))
def test_grey_pictures_of_32_by_32_have_the_code_of_iscc_core(iscc_core: Any, seed: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (32, 32), np.uint8)
    pixels[0, 0], pixels[0, 31], pixels[31, 0] = 0, 255, 255  # no border to be cut off
    code = iscc.IMAGE.render(_hash(Picture(Image.fromarray(pixels))))
    assert code == iscc_core.gen_image_code_v0(pixels.ravel().tolist())["iscc"]


def _hash(picture: Picture) -> Any:
    assert isinstance(iscc.IMAGE, iscc.IsccImage)
    return iscc.IMAGE.hash_picture(picture)


def test_borders_transparency_and_orientation_make_no_difference(iscc_core: Any) -> None:
    assert iscc_core
    plain = make_image("RGB", 200, 120, seed=3)
    framed = Image.new("RGB", (260, 180), plain.getpixel((0, 0)))
    framed.paste((9, 9, 9), (0, 0, 260, 180))
    framed.paste(plain, (30, 30))
    clear = Image.new("RGBA", (260, 180), (255, 0, 0, 0))
    clear.paste(plain, (30, 30))
    turned = plain.transpose(Image.Transpose.ROTATE_90)
    turned.getexif()[0x0112] = 6
    expected = _hash(Picture(plain)).value
    assert _hash(Picture(framed)).value == expected
    assert _hash(Picture(clear)).value == expected
    assert _hash(Picture(turned)).value == expected


@pytest.mark.parametrize(
    "text",
    [
        "ISCC:EEAZJGZ6DIWZ6NY",
        "ISCC:EEDZJGZ6DIWZ6NYCAXCFOTRCDVM76RYJT3DKZK33AVC5Y6OU22SVAZI",
        "ISCC:EMAZJGZ6DIWZ6NYC",
        "ISCC:AAAZJGZ6DIWZ6NYC",
        "ISCC:EEA1",
        "ISCC:",
        "ISCC:ISCC:EEAZJGZ6DIWZ6NYC",
    ],
)
def test_a_code_of_another_unit_or_length_is_refused(text: str) -> None:
    with pytest.raises(HashParseError, match="not a iscc-image hash") as caught:
        iscc.IMAGE.parse(text, "iscc")
    assert text[5:] == "" or text not in str(caught.value)


def test_the_extra_changes_what_is_computed_only_when_asked_for() -> None:
    """And the video code is carried alone: its frame signatures are not to be had."""
    assert not {"iscc-image", "iscc-video"} & set(registry().default_ids())
    assert not can_compute(iscc.VIDEO)


def test_without_the_extra_the_code_is_carried_and_the_extra_named() -> None:
    program = (
        "import sys; sys.modules['iscc_core'] = None\n"
        "from hashwalk import formats, hash_file, errors\n"
        "from hashwalk.registry import can_compute, registry\n"
        "image = formats()['iscc-image']\n"
        "text = 'ISCC:EEAZJGZ6DIWZ6NYC'\n"
        "assert image.render(image.parse(text)) == text\n"
        "assert not can_compute(image) and registry().problems() == {}\n"
        "try: hash_file('x', ['iscc-image'])\n"
        "except errors.NotComputableError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert "pip install 'hashwalk[iscc]'" in done.stdout
