"""The hashes of OpenCV's module img_hash, with its default parameters.

OpenCV is handed the picture as its own reader would hand it over: 8-bit BGR. For grey pictures
that is the same as handing over the grey plane, except for the colour moments, which need BGR.
The packed value is OpenCV's own row of bytes, which is what others exchange as hexadecimal
digits, although OpenCV puts the first of eight bits into the lowest place.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from hashwalk.distances import Distance, Euclidean, Hamming
from hashwalk.encodings import Base64, Encoding, FloatList, Hex
from hashwalk.errors import UnsupportedError
from hashwalk.format import Format, FormatSpec, Hash, Kind, PictureHasher, Threshold
from hashwalk.picture import Picture

_MOMENTS = 42
_RADIAL_VALUES = 40


@dataclass(frozen=True, slots=True)
class PeakCrossCorrelation(Distance):
    """1 minus the largest correlation of two vectors of bytes, over all cyclic shifts.

    0 to 1; no metric. The sums are exact integers, so that equal values are at 0 and the order
    does not matter. A vector without any variation is at 1 from every other.
    """

    name: str = "peak cross correlation"
    metric: bool = False

    def __call__(self, a: bytes, b: bytes) -> float:
        """Return the distance of two values of equal length."""
        if a == b:
            return 0.0
        one = np.frombuffer(a, np.uint8).astype(np.int64)
        two = np.frombuffer(b, np.uint8).astype(np.int64)
        shifted = np.lib.stride_tricks.sliding_window_view(np.tile(two, 2)[:-1], len(two))
        count = len(one)
        peak = count * int((shifted @ one).max()) - int(one.sum()) * int(two.sum())
        spread = _spread(one) * _spread(two)
        return 1.0 if spread == 0 else min(1.0, max(0.0, 1.0 - peak / math.sqrt(spread)))

    def between(self, a: Sequence[bytes], b: Sequence[bytes]) -> NDArray[np.float64]:
        """Return the same distances of many values at once, by products of matrices."""
        one, two = _rows(a), _rows(b)
        peak = _peak(one.astype(np.float32), two.astype(np.float32)).astype(np.float64)
        above = one.shape[1] * peak - np.outer(one.sum(axis=1), two.sum(axis=1))
        spread = np.outer(_spreads(one), _spreads(two))
        distance = np.clip(1.0 - above / np.sqrt(np.where(spread == 0, 1, spread)), 0, 1)
        distance[spread == 0] = 1
        numbers = {value: number for number, value in enumerate({*a, *b})}
        left, right = (np.array([numbers[v] for v in side], np.int64) for side in (a, b))
        distance[left[:, None] == right] = 0
        return np.asarray(distance, np.float64)


def _spread(values: NDArray[np.int64]) -> int:
    return len(values) * int(values @ values) - int(values.sum()) ** 2


def _rows(values: Sequence[bytes]) -> NDArray[np.float64]:
    joined = np.frombuffer(b"".join(values), np.uint8).astype(np.float64)
    return joined.reshape(len(values), joined.size // max(len(values), 1))


def _spreads(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = rows.shape[1] * (rows**2).sum(axis=1) - rows.sum(axis=1) ** 2
    return found


def _peak(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the greatest product of the rows over all shifts: integers that float32 holds."""
    peak = a @ b.T
    for shift in range(1, a.shape[1]):
        np.maximum(peak, a @ np.roll(b, shift, axis=1).T, out=peak)
    return peak


class OpenCVFormat(Format, PictureHasher):
    """A hash that an algorithm of ``cv2.img_hash`` computes."""

    def __init__(self, spec: FormatSpec, algorithm: Callable[[], Any]) -> None:
        """Take the function that makes a fresh algorithm object; they are not thread-safe."""
        self.spec = spec
        self._algorithm = algorithm

    def hash_picture(self, picture: Picture) -> Hash:
        """Return OpenCV's value; raises UnsupportedError where OpenCV refuses the picture."""
        pixels = picture.shared("opencv.bgr", _bgr)
        try:
            value = self._algorithm().compute(pixels)
        except cv2.error as error:
            if error.code == cv2.Error.StsNoMem:
                raise
            raise UnsupportedError(f"OpenCV refuses the picture: {error.err}") from error
        return Hash.of(self.spec.id, value.astype(value.dtype.newbyteorder("<")).tobytes())


def _bgr(picture: Picture) -> NDArray[np.uint8]:
    return cast("NDArray[np.uint8]", cv2.cvtColor(picture.rgb, cv2.COLOR_RGB2BGR))


def _average() -> Any:  # noqa: ANN401
    return cv2.img_hash.AverageHash.create()


def _dct() -> Any:  # noqa: ANN401
    return cv2.img_hash.PHash.create()


def _block_mean() -> Any:  # noqa: ANN401
    return cv2.img_hash.BlockMeanHash.create(mode=cv2.img_hash.BLOCK_MEAN_HASH_MODE_0)


def _marr_hildreth() -> Any:  # noqa: ANN401
    return cv2.img_hash.MarrHildrethHash.create(alpha=2.0, scale=1.0)


def _radial_variance() -> Any:  # noqa: ANN401
    return cv2.img_hash.RadialVarianceHash.create(sigma=1.0, numOfAngleLine=180)


def _color_moment() -> Any:  # noqa: ANN401
    return cv2.img_hash.ColorMomentHash.create()


def _spec(  # noqa: PLR0913
    format_id: str,
    call: str,
    summary: str,
    *,
    strong: str,
    weak: str,
    bits: int,
    distance: Distance | None = None,
    threshold: Threshold | None = None,
    encodings: tuple[Encoding, ...] = (),
    fidelity: str = "Computed by OpenCV itself, from the 8-bit BGR pixels as stored.",
) -> FormatSpec:
    return FormatSpec(
        id=format_id,
        summary=summary,
        kind=Kind.PICTURE,
        bits=bits,
        distance=distance or Hamming(),
        threshold=threshold,
        licence="Apache-2.0",
        encodings=encodings or (Hex(bits), Base64(bits)),
        interchangeable_with=(f"{call} (opencv-contrib, 4.9 and later)",),
        source="https://docs.opencv.org/4.x/d4/d93/group__img__hash.html",
        fidelity=fidelity,
        strong=strong,
        weak=weak,
        used_by="Users of OpenCV. Nobody is known to exchange lists of it publicly.",
        libraries=("opencv-contrib-python-headless", "Pillow"),
    )


def _very_different_at_10(header: str) -> Threshold:
    return Threshold(9, f"{header}: 10 or more means a very different picture")


AVERAGE = OpenCVFormat(
    _spec(
        "cv-average",
        "cv2.img_hash.AverageHash",
        "OpenCV's average hash: which pixels of the picture shrunk to 8x8 are above their mean.",
        strong="Bears what leaves light and dark places alone. Measured on 88 photographs: JPEG "
        "100 %, half size 99 %, text 100 % within the threshold.",
        weak="Misses crops (24 %), mirrored (5 %) and turned copies (1 %), and confuses 2 of 3,828 "
        "pairs of different photographs.",
        bits=64,
        threshold=_very_different_at_10("opencv_contrib, average_hash.hpp of 2016"),
    ),
    _average,
)

PHASH = OpenCVFormat(
    _spec(
        "cv-phash",
        "cv2.img_hash.PHash",
        "OpenCV's perceptual hash: which of the 8x8 lowest frequencies are above their mean.",
        strong="Bears text and tells photographs apart. Measured on 88 of them: JPEG 100 %, half "
        "size 100 %, text 91 % within the threshold, and none of 3,828 pairs of different ones.",
        weak="Misses crops (17 %), mirrored (1 %) and turned copies (1 %).",
        bits=64,
        threshold=_very_different_at_10("Hacker Factor, Looks Like It, which OpenCV follows"),
    ),
    _dct,
)

BLOCK_MEAN = OpenCVFormat(
    _spec(
        "cv-block-mean",
        "cv2.img_hash.BlockMeanHash (mode 0)",
        "OpenCV's block mean hash: which of 16x16 blocks are brighter than the median block.",
        strong="Bears recompression and scaling. Measured on 88 photographs: JPEG 100 %, half size "
        "100 %, text 78 % within the threshold, and none of 3,828 pairs of different ones.",
        weak="Misses crops (6 %), mirrored (2 %) and turned copies (1 %).",
        bits=256,
        threshold=_very_different_at_10("opencv_contrib, block_mean_hash.hpp of 2016"),
    ),
    _block_mean,
)

MARR_HILDRETH = OpenCVFormat(
    _spec(
        "cv-marr-hildreth",
        "cv2.img_hash.MarrHildrethHash (alpha 2, scale 1)",
        "OpenCV's Marr-Hildreth hash: where edges and corners are, in 576 bits.",
        strong="Measured on 88 photographs, in the median: JPEG changes 4 bits of 576, half size "
        "11, text 15; different photographs are 287 apart.",
        weak="Nobody has published a threshold. A crop changes 165 bits, mirroring 256, turning "
        "279: turned copies look unrelated.",
        bits=576,
    ),
    _marr_hildreth,
)

RADIAL_VARIANCE = OpenCVFormat(
    _spec(
        "cv-radial-variance",
        "cv2.img_hash.RadialVarianceHash (sigma 1, 180 lines)",
        "OpenCV's radial variance hash: 40 frequencies of the variance along lines through "
        "the centre.",
        strong="Bears recompression and scaling. Measured on 88 photographs: JPEG 100 %, half size "
        "99 %, crop 72 % within the threshold.",
        weak="Misses mirrored (2 %) and turned copies (0 %) and half of those with text (51 %), "
        "and confuses 1 of 3,000 pairs of different photographs.",
        bits=8 * _RADIAL_VALUES,
        distance=PeakCrossCorrelation(),
        threshold=Threshold(
            0.1, "pHash, default of ph_compare_images: a peak cross-correlation of 0.90"
        ),
        fidelity=(
            "Computed by OpenCV itself, from the 8-bit BGR pixels as stored. The distance is 1 "
            "minus what OpenCV's compare returns, in exact arithmetic."
        ),
    ),
    _radial_variance,
)

COLOR_MOMENT = OpenCVFormat(
    _spec(
        "cv-color-moment",
        "cv2.img_hash.ColorMomentHash",
        "OpenCV's colour moment hash: 42 invariant moments of the HSV and YCrCb planes.",
        strong="Does not see turning or mirroring. Measured on 88 photographs: turned and mirrored "
        "copies are nearer than any two different photographs.",
        weak="Nobody has published a threshold. JPEG, text and crops move some copies further than "
        "the nearest 1 % of pairs of different photographs are apart.",
        bits=64 * _MOMENTS,
        distance=Euclidean(),
        encodings=(FloatList(_MOMENTS),),
        fidelity=(
            "Computed by OpenCV itself, from the 8-bit BGR pixels as stored. The distance is "
            "what OpenCV's compare returns, divided by its factor of 10,000."
        ),
    ),
    _color_moment,
)
