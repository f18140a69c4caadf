"""PDQ: 256 bits and a quality of a picture, and the hashes of its eight turned and mirrored forms.

Bits and quality are those of the reference, bit for bit, ties included. An estimate decides
them wherever the reference's float32 rounding cannot; elsewhere (a flat picture, a coefficient
next to the median) the reference's additions are repeated in their order.

Source: facebook/ThreatExchange, pdq/cpp/hashing, and PyPI pdqhash, which wraps it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hashwalk.picture import Picture
from hashwalk_formats.pdq_dct import coefficients_in_order, cosines
from hashwalk_formats.pdq_downscale import (
    LumaRule,
    Pixels,
    Plane,
    downscaled,
    downscaled_as_reference,
    luma_rounded_once,
)
from hashwalk_formats.pdq_loops import count_steps, is_halved

BITS = 256
MIN_SIDE = 5
"""Pictures with a shorter side have the hash of zeros and quality 0."""
DIHEDRAL = ("original", "rot90", "rot180", "rot270", "flipx", "flipy", "flip+1", "flip-1")
"""The order of :func:`dihedral_hashes`: turned counter-clockwise by so many degrees, mirrored top
to bottom, left to right, along the main diagonal and along the other one."""

_ODD = np.arange(16) % 2 == 1
_KEPT_WHERE = {
    "i": np.broadcast_to(_ODD[:, None], (16, 16)),
    "j": np.broadcast_to(_ODD[None, :], (16, 16)),
    "i+j": ~(_ODD[:, None] ^ _ODD[None, :]),
    "": np.ones((16, 16), np.bool_),
}
_TURNS = (("", 0), ("j", 1), ("i+j", 0), ("i", 1), ("i", 0), ("j", 0), ("", 1), ("i+j", 1))

_ORDER = np.arange(16)
_CONSTANT_ALONG_AN_AXIS = np.minimum.outer(_ORDER, _ORDER) == 0
_DOUBT = np.where(_CONSTANT_ALONG_AN_AXIS, 0.096, 0.024) / np.sqrt(np.outer(_ORDER + 1, _ORDER + 1))
"""How far the reference's coefficients may be from the estimate, lowest frequencies first.

Its running sums drift; where a pattern repeats, all lines drift alike, which shows in the
coefficients that hardly vary along an axis. Measured on 4,000 photographs, charts and repeated
patterns of up to 24 megapixels and of quality 50 or more: the largest deviation was 0.82 of
this, of the real pictures among them 0.26."""
_LONG_SIDE = 4000
"""Pixels of a side from where on the bounds grow in proportion: the sums along it drift longer. Of
sides from 8,000 to 1,000,000 pixels the largest deviation seen was 0.7 of the bounds so grown."""
_STEP_DOUBT = 0.002
"""The same for the steps that the quality counts; the largest seen was 0.0013."""
_SURE_QUALITY = 50
"""Below, contrast is so low that patterns let the reference's error grow past the bounds."""
_CAUTION = 4
"""How many times the bounds hold below that; of 2,000 such pictures the largest deviation was
1.1 of the bounds."""


@dataclass(frozen=True)
class Estimate:
    """The 16x16 coefficients with a small error, and the range that the quality is in.

    `strain` is by how much longer the picture's sides are than what the bounds were measured on.
    """

    coefficients: Plane
    quality: range
    strain: float = 1.0

    @property
    def doubt(self) -> NDArray[np.float64]:
        """How far the reference's coefficients may be from these."""
        caution = 1 if self.quality[0] >= _SURE_QUALITY else _CAUTION
        return self.strain * caution * _DOUBT

    def is_sure_of(self, *forms: Plane) -> bool:
        """Tell whether the quality is certain, and so are the bits of forms of these."""
        if len(self.quality) != 1:
            return False
        doubt = self.doubt
        return all(is_halved(form, doubt, _lower_median(form)) for form in forms)


@dataclass(frozen=True)
class PdqHash:
    """A PDQ value (32 bytes, most significant bit first) and its quality, 0 to 100."""

    value: bytes
    quality: int


_TOO_SMALL = _BLACK = PdqHash(bytes(BITS // 8), 0)


def pdq_hash(picture: Picture, luma: LumaRule = luma_rounded_once) -> PdqHash:
    """Return the PDQ of a picture; `luma` says which reference to follow on ties."""
    if min(picture.width, picture.height) < MIN_SIDE:
        return _TOO_SMALL
    return _decided(lambda: pdq_pixels(picture), _shared_estimate(picture), luma)


def pdq_hash_of_pixels(pixels: Pixels, luma: LumaRule = luma_rounded_once) -> PdqHash:
    """Return the PDQ of a (height, width, 3) RGB array or a (height, width) grey plane."""
    if min(pixels.shape[:2]) < MIN_SIDE:
        return _TOO_SMALL
    return _decided(lambda: pixels, _estimate(pixels), luma)


def dihedral_hashes(picture: Picture) -> tuple[PdqHash, ...]:
    """Return the PDQ of the picture and of its seven other turned and mirrored forms.

    In the order of DIHEDRAL. They come from the coefficients alone, so they may differ by a few
    bits from the PDQ of a picture whose pixels were turned.
    """
    if min(picture.width, picture.height) < MIN_SIDE:
        return (_TOO_SMALL,) * len(DIHEDRAL)
    estimate = _shared_estimate(picture)
    forms = _forms(estimate.coefficients)
    if estimate.is_sure_of(*forms):
        return tuple(PdqHash(_packed(form), estimate.quality[0]) for form in forms)
    # The reference filters 64x64 pictures too when it is asked for all eight.
    exact = downscaled_as_reference(pdq_pixels(picture), luma_rounded_once, keep_64=False)
    quality = _quality_as_reference(exact)
    return tuple(
        PdqHash(_packed(f), quality) for f in _forms(coefficients_in_order(exact[None])[0])
    )


def pdq_pixels(picture: Picture) -> Pixels:
    """Return what PDQ hashes of a picture: the grey plane of a grey one, else the RGB pixels."""
    return picture.grey if picture.is_grey else picture.rgb


def _shared_estimate(picture: Picture) -> Estimate:
    return picture.shared("pdq.estimate", lambda p: _estimate(p.grey if p.is_grey else p.stored))


def _decided(read: Callable[[], Pixels], estimate: Estimate, luma: LumaRule) -> PdqHash:
    if estimate.is_sure_of(estimate.coefficients):
        return PdqHash(_packed(estimate.coefficients), estimate.quality[0])
    pixels = read()
    if not estimate.coefficients.any() and not pixels.any():
        return _BLACK
    exact = downscaled_as_reference(pixels, luma)
    return PdqHash(_packed(coefficients_in_order(exact[None])[0]), _quality_as_reference(exact))


def _estimate(pixels: Pixels) -> Estimate:
    small = downscaled(pixels)
    columns = cosines()
    coefficients: Plane = np.matmul(columns.T @ small, columns, dtype=np.float32)
    strain = max(1.0, max(pixels.shape[:2]) / _LONG_SIDE)
    quality = _quality_range(small, strain * _STEP_DOUBT)
    if quality[0] < _SURE_QUALITY:
        quality = _quality_range(small, _CAUTION * strain * _STEP_DOUBT)
    return Estimate(coefficients, quality, strain)


def _packed(coefficients: Plane) -> bytes:
    """Return the bits, where a coefficient is above the lower median; the last one leads."""
    bits = coefficients > _lower_median(coefficients)
    return np.packbits(bits.ravel()[::-1]).tobytes()


def _lower_median(coefficients: Plane) -> np.float32:
    middle = BITS // 2 - 1
    return np.float32(np.partition(coefficients, middle, axis=None)[middle])


def _forms(coefficients: Plane) -> list[Plane]:
    """Return the coefficients of the eight forms: signs changed, then rows and columns swapped."""
    signed = [(np.where(_KEPT_WHERE[k], coefficients, -coefficients), t) for k, t in _TURNS]
    return [form.T if transposed else form for form, transposed in signed]


def _quality_range(small: Plane, doubt: float) -> range:
    """Return the qualities that are possible if each step is off by up to `doubt`."""
    counts = np.empty(2, np.int64)
    count_steps(small, doubt, counts)
    return range(_scaled_quality(int(counts[0])), _scaled_quality(int(counts[1])) + 1)


def _quality_as_reference(small: Plane) -> int:
    steps = np.concatenate(_differences(small)) * np.float32(100) / np.float32(255)
    return _scaled_quality(int(np.abs(np.trunc(steps)).sum()))


def _differences(small: Plane) -> tuple[Plane, Plane]:
    """Return the differences of vertical and of horizontal neighbours, each in one row."""
    return (small[:-1] - small[1:]).ravel(), (small[:, :-1] - small[:, 1:]).ravel()


def _scaled_quality(steps: int) -> int:
    return min(steps // 90, 100)
