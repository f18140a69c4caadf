"""The picture blurred, sharpened, or with noise."""

from __future__ import annotations

import cv2
import numpy as np
from PIL import Image, ImageFilter

from hashwalk_bench.transforms.declaration import number, share, whole
from hashwalk_bench.transforms.picture_edit import picture_edit
from hashwalk_bench.transforms.strips import Floats, by_strips


def blur(picture: Image.Image, sigma: float) -> Image.Image:
    """Return the picture under a Gaussian blur of `sigma` pixels (OpenCV)."""
    return Image.fromarray(cv2.GaussianBlur(np.asarray(picture), (0, 0), sigma))


def median(picture: Image.Image, radius: int) -> Image.Image:
    """Return each value as the median of the square of 2 `radius` + 1 pixels around (OpenCV)."""
    return Image.fromarray(cv2.medianBlur(np.asarray(picture), 2 * radius + 1))


def sharpen(picture: Image.Image, share: float) -> Image.Image:
    """Return the picture after an unsharp mask of radius 2 and the strength `share` (Pillow)."""
    return picture.filter(ImageFilter.UnsharpMask(2, round(100 * share), threshold=0))


def gaussian_noise(picture: Image.Image, sigma: float, random: np.random.Generator) -> Image.Image:
    """Return the picture with Gaussian noise of `sigma` in steps of 255 on each value (numpy)."""

    def add(strip: Floats, _: int) -> Floats:
        return strip + np.float32(sigma) * random.standard_normal(strip.shape, np.float32)

    return by_strips(picture, add)


def salt_and_pepper(picture: Image.Image, share: float, random: np.random.Generator) -> Image.Image:
    """Return the picture with a `share` of its pixels black or white, half of each (numpy)."""

    def strew(strip: Floats, _: int) -> Floats:
        drawn = random.random(strip.shape[:2], np.float32)[..., None]
        return np.where(drawn < share, np.float32(255) * (drawn < share / 2), strip)

    return by_strips(picture, strew)


_BLURRING = "blurring"
_NOISE = "noise"

TRANSFORMS = (
    picture_edit(
        blur,
        family=_BLURRING,
        words="Gaussian blur, sigma {sigma} px",
        takes=(number("sigma", 0.1, 100),),
        library="OpenCV",
    ),
    picture_edit(
        median,
        family=_BLURRING,
        words="median of radius {radius} px",
        takes=(whole("radius", 1, 15),),
        library="OpenCV",
    ),
    picture_edit(
        sharpen,
        family="sharpening",
        words="sharpened by {share}",
        takes=(share("share", 0.01, 5, 1.5),),
    ),
    picture_edit(
        gaussian_noise,
        family=_NOISE,
        words="Gaussian noise, sigma {sigma} of 255",
        takes=(number("sigma", 0.1, 255),),
        library="numpy",
    ),
    picture_edit(
        salt_and_pepper,
        family=_NOISE,
        words="salt and pepper on {share}",
        takes=(share("share", 0.0001, 1),),
        library="numpy",
    ),
)
