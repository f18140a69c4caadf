"""Made clips: a camera that drifts over drawn scenes, for hosts of and neighbours to a source."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import cv2
import numpy as np
from numpy.typing import NDArray

from hashwalk_bench.scenes import scene
from hashwalk_bench.transforms.video_reading import Pixels, Timed, planes

Path = NDArray[np.float64]
"""From where to where the camera drifts: shares of its room, across and down."""

_SCENE_SECONDS = 4
_LARGEST_SIDE = 360
"""Scenes are drawn this large at most, and enlarged: a scene costs time by its pixels."""
_ROOM = 1.3
"""How much larger than the picture the scene is that the camera drifts over."""


def made_clip(
    random: np.random.Generator, width: int, height: int, rate: Fraction, seconds: Fraction
) -> Iterator[Timed]:
    """Yield `seconds` of moving scenes, another one every four seconds; chance draws them."""
    seed = int(random.integers(1 << 62))
    return _frames(seed, width, height, rate, seconds)


def _frames(
    seed: int, width: int, height: int, rate: Fraction, seconds: Fraction
) -> Iterator[Timed]:
    a_scene = max(1, round(_SCENE_SECONDS * rate))
    for number in range(round(seconds * rate)):
        which, step = divmod(number, a_scene)
        if step == 0:
            ground, path = _scene([seed, which], width, height)
        pixels = _view(ground, path, step / a_scene, width, height)
        yield Timed(planes(pixels), number / rate, 1 / rate)


def _scene(seed: list[int], width: int, height: int) -> tuple[Pixels, Path]:
    """Return the pixels of a scene, and from where to where the camera drifts, as shares."""
    random = np.random.default_rng(seed)
    scale = min(1.0, _LARGEST_SIDE / max(width, height))
    size = [max(16, round(side * scale * _ROOM)) for side in (width, height)]
    drawn = scene(int(random.integers(1 << 62)), size[0], size[1])
    return np.asarray(drawn, np.uint8), random.random((2, 2))


def _view(ground: Pixels, path: Path, share: float, width: int, height: int) -> Pixels:
    """Return what the camera sees once a `share` of the scene's time is over."""
    across, down = path[0] + (path[1] - path[0]) * share
    scale = min(ground.shape[1] / width, ground.shape[0] / height) / _ROOM
    left = across * (ground.shape[1] - scale * width)
    top = down * (ground.shape[0] - scale * height)
    matrix = np.array([[scale, 0, left], [0, scale, top]])
    seen = cv2.warpAffine(
        ground,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(seen, np.uint8)
