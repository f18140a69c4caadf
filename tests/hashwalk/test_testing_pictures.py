"""The pictures that the conformance kit makes are the same on every machine."""

import hashlib

import numpy as np
import pytest

from hashwalk.testing import make_image, make_pixels


def test_pictures_are_the_same_for_the_same_arguments_and_others_for_others() -> None:
    assert np.array_equal(make_pixels(40, 30, 1), make_pixels(40, 30, 1))
    assert not np.array_equal(make_pixels(40, 30, 1), make_pixels(40, 30, 2))
    assert hashlib.sha256(make_pixels(40, 30, 7)).hexdigest()[:16] == "6dcada7ecf5a598a"


@pytest.mark.parametrize("mode", ["RGB", "L", "LA", "RGBA", "P", "1", "CMYK"])
def test_pictures_come_in_the_modes_of_decoders(mode: str) -> None:
    image = make_image(mode, 31, 17)
    assert (image.mode, image.size) == (mode, (31, 17))


def test_made_pixels_cannot_be_written_to() -> None:
    with pytest.raises(ValueError, match="read-only"):
        make_pixels(4, 4)[0, 0] = 0
